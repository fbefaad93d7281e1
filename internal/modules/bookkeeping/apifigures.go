package bookkeeping

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// balanceBody is what stands on an account, or on one of its details.
type balanceBody struct {
	Account      string    `json:"account"`
	Counterparty string    `json:"counterparty,omitempty"`
	Amount       money.Fen `json:"amount_fen" doc:"Debit above zero."`
}

func balanceBodies(list []book.Balance) []balanceBody {
	rows := make([]balanceBody, len(list))
	for i, b := range list {
		rows[i] = balanceBody{b.Account, b.Counterparty, b.Amount}
	}
	return rows
}

type balancesOutput struct {
	Body struct {
		On   period.Date   `json:"on"`
		Rows []balanceBody `json:"rows"`
	}
}

func (s *Bookkeeping) apiBalances(ctx context.Context, in *struct {
	BookInput
	On string `query:"on" format:"date" doc:"Today if it is left out."`
}) (*balancesOutput, error) {
	if _, err := s.visible(ctx, in.ref()); err != nil {
		return nil, err
	}
	out := &balancesOutput{}
	if out.Body.On = period.Date(in.On); in.On == "" {
		out.Body.On = s.host.Today()
	}
	list, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]book.Balance, error) {
		return ledger.Balances(v, in.ref(), out.Body.On)
	})
	if err != nil {
		return nil, err
	}
	out.Body.Rows = balanceBodies(list)
	return out, nil
}

// lineBody is a posted line with what its voucher says.
type lineBody struct {
	Voucher int64       `json:"voucher"`
	Line    int         `json:"line"`
	Date    period.Date `json:"date"`
	Word    string      `json:"word"`
	Summary string      `json:"summary"`
	PostingBody
}

func (s *Bookkeeping) apiPostings(ctx context.Context, in *struct {
	BookInput
	api.Paged
	Account      string `query:"account" required:"true" maxLength:"40"`
	From         string `query:"from" format:"date"`
	To           string `query:"to" format:"date"`
	Counterparty string `query:"counterparty" maxLength:"200"`
	Member       string `query:"member" maxLength:"200"`
}) (*api.List[lineBody], error) {
	if _, err := s.visible(ctx, in.ref()); err != nil {
		return nil, err
	}
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	next := ""
	list, err := store.Read(ctx, s.host.Store, func(v *store.View) (list []ledger.PostingLine, err error) {
		list, next, err = ledger.PostingsOf(v, ledger.Lines{Book: in.ref(), Account: in.Account,
			From: period.Date(in.From), To: period.Date(in.To), Counterparty: in.Counterparty,
			Member: in.Member,
			After:  after, Limit: in.Limit})
		return list, err
	})
	if err != nil {
		return nil, err
	}
	var rows []lineBody
	for _, p := range list {
		rows = append(rows, lineBody{p.Voucher, p.Line, p.Date, p.Word(), p.Summary,
			postingBodyOf(p.PostingRow)})
	}
	return api.Listed(in.Paged, rows, next), nil
}

// sheetBody is a statement as programs see it.
type sheetBody struct {
	Key     string          `json:"key"`
	Title   words.Words     `json:"title"`
	Period  string          `json:"period"`
	Columns []words.Words   `json:"columns"`
	Absent  []bool          `json:"absent,omitempty" doc:"Columns of days on which the books did not run."`
	Lines   []sheetLineBody `json:"lines"`
	Basis   string          `json:"basis,omitempty"`
	Mark    string          `json:"mark,omitempty"`
	Checks  []string        `json:"checks,omitempty" doc:"Checks of the statement that do not hold."`
}

type sheetLineBody struct {
	Key      string      `json:"key"`
	Number   string      `json:"number,omitempty"`
	Title    words.Words `json:"title"`
	Cells    []money.Fen `json:"cells_fen,omitempty"`
	Accounts []string    `json:"accounts,omitempty" doc:"Whose postings the line is made of."`
}

type sheetOutput struct{ Body sheetBody }

func (s *Bookkeeping) apiStatement(ctx context.Context, in *struct {
	BookInput
	Key    string `path:"key" maxLength:"60"`
	Period string `query:"period" required:"true" maxLength:"7" doc:"2025-06, 2025Q2 or 2025."`
}) (*sheetOutput, error) {
	if _, err := s.visible(ctx, in.ref()); err != nil {
		return nil, err
	}
	p, err := period.Parse(in.Period)
	if err != nil {
		return nil, fault.New(fault.Invalid, "books.period", in.Period)
	}
	sheet, err := store.Read(ctx, s.host.Store, func(v *store.View) (book.Sheet, error) {
		return s.ledger.Statement(v, in.ref(), in.Key, p)
	})
	if err != nil {
		return nil, err
	}
	out := &sheetOutput{sheetBody{Key: sheet.Key, Title: sheet.Title, Period: p.String(),
		Columns: sheet.Columns, Absent: sheet.Absent, Basis: sheet.Basis, Mark: sheet.Mark}}
	for _, l := range sheet.Lines {
		out.Body.Lines = append(out.Body.Lines, sheetLineBody{l.Key, l.Number, l.Title, l.Cells,
			l.Accounts})
	}
	for _, f := range sheet.Findings {
		out.Body.Checks = append(out.Body.Checks, f.String())
	}
	return out, nil
}

// forecastOutput is what checking a voucher would do.
type forecastOutput struct {
	Body struct {
		Word     string        `json:"word" doc:"The number it would get."`
		Balances []balanceBody `json:"balances" doc:"Of the accounts it touches, afterwards."`
	}
}

func (s *Bookkeeping) apiForecast(ctx context.Context, in *struct {
	BookInput
	Body DraftBody
}) (*forecastOutput, error) {
	f, err := store.Read(ctx, s.host.Store, func(v *store.View) (ledger.Forecast, error) {
		return s.ledger.DryRun(v, access.From(ctx), in.Body.draft(in.ref()))
	})
	if err == nil {
		err = f.Refusal
	}
	if err != nil {
		return nil, err
	}
	out := &forecastOutput{}
	out.Body.Word, out.Body.Balances = f.Word, balanceBodies(f.Balances)
	return out, nil
}

func (s *Bookkeeping) apiClose(ctx context.Context, in *struct {
	BookInput
	Body struct {
		Month string `json:"month" maxLength:"7"`
	}
}) (*bookOutput, error) {
	done, err := s.ledger.Close(ctx, access.From(ctx), in.ref(), in.Body.Month)
	if err != nil {
		return nil, err
	}
	return &bookOutput{api.ETag(done.Book.Version), bookBodyOf(done.Book, "")}, nil
}

func (s *Bookkeeping) apiReopen(ctx context.Context, in *struct {
	BookInput
	Body struct {
		Month    string `json:"month" maxLength:"7"`
		Reason   string `json:"reason" minLength:"1" maxLength:"200"`
		Decision string `json:"decision" minLength:"1" maxLength:"100"`
	}
}) (*bookOutput, error) {
	b, err := s.ledger.Reopen(ctx, access.From(ctx), in.ref(), ledger.Reopening{Month: in.Body.Month,
		Reason: in.Body.Reason, Decision: in.Body.Decision})
	if err != nil {
		return nil, err
	}
	return &bookOutput{api.ETag(b.Version), bookBodyOf(b, "")}, nil
}
