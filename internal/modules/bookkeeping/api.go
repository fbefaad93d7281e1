package bookkeeping

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (s *Bookkeeping) endpoints(a *api.API) {
	const one, voucher = "/books/{home}/{id}", "/vouchers/{home}/{id}"
	read, enter := web.Permitted(ledger.MayRead), web.Permitted(ledger.MayEnter)
	check := web.Permitted(ledger.MayCheck)
	operation := func(method, path, id, summary string, need web.Access) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: "books",
			Access: need}
	}
	entered := operation(http.MethodPost, one+"/vouchers", "enterVoucher", "Enter a voucher as a draft.",
		enter)
	entered.Status = http.StatusCreated
	reversed := operation(http.MethodPost, voucher+"/reverse", "reverseVoucher",
		"Enter the red-letter voucher that takes a posted one back.", enter)
	reversed.Status = http.StatusCreated
	api.Add(a, operation(http.MethodGet, "/books", "listBooks", "Organisations with their books.", read),
		s.apiList)
	api.Add(a, operation(http.MethodGet, one, "getBooks", "Books with the months closed.", read), s.apiGet)
	api.Add(a, operation(http.MethodGet, one+"/vouchers", "listVouchers",
		"Vouchers of books, posted or waiting.", read), s.apiVouchers)
	api.Add(a, entered, s.apiEnter)
	api.Add(a, operation(http.MethodPost, one+"/vouchers/forecast", "forecastVoucher",
		"What checking a voucher would do; nothing is kept.", enter), s.apiForecast)
	api.Add(a, operation(http.MethodGet, voucher, "getVoucher", "A voucher with its lines.", read),
		s.apiVoucher)
	api.Add(a, operation(http.MethodPost, voucher+"/check", "checkVoucher",
		"Post what another person entered.", check), s.apiCheck)
	api.Add(a, operation(http.MethodPost, voucher+"/return", "returnVoucher",
		"Give a draft back with a reason.", check), s.apiReturn)
	api.Add(a, reversed, s.apiReverse)
	api.Add(a, operation(http.MethodGet, one+"/balances", "listBalances",
		"What stands on the accounts at the end of a day.", read), s.apiBalances)
	api.Add(a, operation(http.MethodGet, one+"/postings", "listPostings", "Posted lines of an account.",
		read),
		s.apiPostings)
	api.Add(a, operation(http.MethodGet, one+"/statements/{key}", "getStatement",
		"A statement over a period.", read), s.apiStatement)
	api.Add(a, operation(http.MethodPost, one+"/close", "closeMonth", "Close the next open month.",
		web.Permitted(ledger.MayClose)), s.apiClose)
	api.Add(a, operation(http.MethodPost, one+"/reopen", "reopenMonth", "Open the last closed month again.",
		web.Permitted(ledger.MayReopen)), s.apiReopen)
}

// BookInput names books. It is exported because embedded fields are filled only so.
type BookInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

func (in BookInput) ref() ledger.Ref { return ledger.Ref(in) }

// VoucherInput names a voucher. It is exported because embedded fields are filled only so.
type VoucherInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

func (in VoucherInput) ref() ledger.VoucherRef { return ledger.VoucherRef(in) }

// bookBody is books as programs see them.
type bookBody struct {
	Home         int64       `json:"home"`
	ID           int64       `json:"id"`
	Version      int64       `json:"version"`
	Organisation int64       `json:"organisation" doc:"Number of the owner within the home."`
	Name         string      `json:"name" doc:"Of the owner."`
	Place        int64       `json:"place"`
	Chart        string      `json:"chart"`
	From         period.Date `json:"from"`
	Until        period.Date `json:"until,omitempty" doc:"First day no longer; absent while they run."`
	Closed       string      `json:"closed,omitempty" doc:"The last closed month."`
}

func bookBodyOf(b ledger.Book, name string) bookBody {
	body := bookBody{b.Home, b.ID, b.Version, b.Organisation, name, b.Place, b.Chart, b.From, b.Until,
		b.Closed}
	if b.Until == period.Open {
		body.Until = ""
	}
	return body
}

type bookOutput struct {
	ETag string `header:"ETag"`
	Body bookBody
}

func (s *Bookkeeping) apiList(ctx context.Context, in *struct {
	api.Paged
	Place string `query:"place" maxLength:"100"`
	Level string `query:"level" maxLength:"20"`
	Text  string `query:"q" maxLength:"100"`
}) (*api.List[bookBody], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	scope := s.host.Access.Scope(access.From(ctx), ledger.MayRead)
	filter := map[string]string{"place": in.Place, "level": in.Level, "q": in.Text}
	rows, err := s.load(ctx, scope, s.host.Today(), web.Query{Filter: filter, After: after,
		Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	var list []bookBody
	for _, o := range rows.Items {
		if o.Has {
			list = append(list, bookBodyOf(o.Book, o.Name))
		}
	}
	return api.Listed(in.Paged, list, rows.Next), nil
}

// visible reads books for a program's actor.
func (s *Bookkeeping) visible(ctx context.Context, ref ledger.Ref) (opened, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) (opened, error) {
		return s.openedIn(v, access.From(ctx), ledger.MayRead, ref)
	})
}

func (s *Bookkeeping) apiGet(ctx context.Context, in *BookInput) (*bookOutput, error) {
	o, err := s.visible(ctx, in.ref())
	if err != nil {
		return nil, err
	}
	return &bookOutput{api.ETag(o.Version), bookBodyOf(o.Book, o.Owner.Name)}, nil
}

// PostingBody is a line of a voucher as programs see it.
type PostingBody struct {
	Account      string    `json:"account" maxLength:"40"`
	Amount       money.Fen `json:"amount_fen" doc:"Debit above zero, credit below."`
	Red          bool      `json:"red,omitempty" doc:"Lessens the other side: a red-letter line."`
	Counterparty string    `json:"counterparty,omitempty" maxLength:"200"`
	Member       string    `json:"member,omitempty" maxLength:"200"`
	Asset        string    `json:"asset,omitempty" maxLength:"200"`
	Project      string    `json:"project,omitempty" maxLength:"200"`
	Fund         string    `json:"fund,omitempty" maxLength:"200"`
	Note         string    `json:"note,omitempty" maxLength:"200"`
}

func (b PostingBody) posting() book.Posting {
	return book.Posting{Account: b.Account, Amount: b.Amount, Red: b.Red, Note: b.Note,
		Dimensions: book.Dimensions{Counterparty: b.Counterparty, Member: b.Member, Asset: b.Asset,
			Project: b.Project, Fund: b.Fund}}
}

func postingBodyOf(p ledger.PostingRow) PostingBody {
	return PostingBody{p.Account, p.Amount, p.Red, p.Counterparty, p.Member, p.Asset, p.Project, p.Fund,
		p.Note}
}

// voucherBody is a voucher as programs see it.
type voucherBody struct {
	Home        int64         `json:"home"`
	ID          int64         `json:"id"`
	Version     int64         `json:"version"`
	Book        int64         `json:"book"`
	Series      string        `json:"series"`
	Date        period.Date   `json:"date"`
	Month       string        `json:"month"`
	Number      int64         `json:"number,omitempty" doc:"Gapless in book, month and series."`
	Status      ledger.Status `json:"status"`
	Summary     string        `json:"summary"`
	Total       money.Fen     `json:"total_fen"`
	Hash        string        `json:"hash,omitempty"`
	Source      string        `json:"source,omitempty"`
	Maker       int64         `json:"maker"`
	Checker     int64         `json:"checker,omitempty"`
	Entered     string        `json:"entered"`
	Posted      string        `json:"posted,omitempty"`
	Reverses    int64         `json:"reverses,omitempty"`
	ReversedBy  int64         `json:"reversed_by,omitempty"`
	Reason      string        `json:"reason,omitempty"`
	Attachments []string      `json:"attachments,omitempty" doc:"SHA-256."`
	Postings    []PostingBody `json:"postings,omitempty"`
}

func voucherBodyOf(v ledger.Voucher, rows []ledger.PostingRow) voucherBody {
	b := voucherBody{Home: v.Home, ID: v.ID, Version: v.Version, Book: v.Book, Series: v.Series,
		Date:  v.Date,
		Month: v.Month, Number: v.Number, Status: v.Status, Summary: v.Summary, Total: v.Total,
		Hash:   v.Hash,
		Source: v.Source, Maker: v.Maker, Checker: v.Checker, Entered: v.Entered.String(),
		Reverses: v.Reverses, ReversedBy: v.ReversedBy, Reason: v.Reason, Attachments: v.FileHashes()}
	if v.PostedAt != 0 {
		b.Posted = v.PostedAt.String()
	}
	for _, p := range rows {
		b.Postings = append(b.Postings, postingBodyOf(p))
	}
	return b
}

type voucherOutput struct {
	ETag string `header:"ETag"`
	Body voucherBody
}

func voucherOutputOf(v ledger.Voucher, rows []ledger.PostingRow) *voucherOutput {
	return &voucherOutput{api.ETag(v.Version), voucherBodyOf(v, rows)}
}

func (s *Bookkeeping) apiVouchers(ctx context.Context, in *struct {
	BookInput
	api.Paged
	Open   bool      `query:"open" doc:"Drafts and returned ones instead of posted ones."`
	From   string    `query:"from" maxLength:"7" doc:"Month."`
	To     string    `query:"to" maxLength:"7" doc:"Month."`
	Series string    `query:"series" maxLength:"10"`
	Text   string    `query:"q" maxLength:"100"`
	Least  money.Fen `query:"least_fen"`
	Most   money.Fen `query:"most_fen"`
}) (*api.List[voucherBody], error) {
	if _, err := s.visible(ctx, in.ref()); err != nil {
		return nil, err
	}
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	next := ""
	list, err := store.Read(ctx, s.host.Store, func(v *store.View) (list []ledger.Voucher, err error) {
		list, next, err = ledger.Search(v, ledger.Query{Book: in.ref(), Open: in.Open, From: in.From,
			To:     in.To,
			Series: in.Series, Text: in.Text, Least: in.Least, Most: in.Most, After: after,
			Limit: in.Limit})
		return list, err
	})
	if err != nil {
		return nil, err
	}
	var rows []voucherBody
	for _, v := range list {
		rows = append(rows, voucherBodyOf(v, nil))
	}
	return api.Listed(in.Paged, rows, next), nil
}

// DraftBody is a voucher as a program enters it.
type DraftBody struct {
	Series   string        `json:"series,omitempty" maxLength:"10" doc:"记 (default), 收, 付 or 转."`
	Date     string        `json:"date" format:"date" doc:"Accounting date."`
	Summary  string        `json:"summary" maxLength:"200"`
	Source   string        `json:"source,omitempty" maxLength:"100" doc:"What it comes from; once in a book."`
	Postings []PostingBody `json:"postings" minItems:"1" maxItems:"500"`
}

func (b DraftBody) draft(ref ledger.Ref) ledger.Draft {
	d := ledger.Draft{Book: ref, Series: b.Series, Date: period.Date(b.Date), Summary: b.Summary,
		Source: b.Source}
	for _, p := range b.Postings {
		d.Postings = append(d.Postings, p.posting())
	}
	return d
}

func (s *Bookkeeping) apiEnter(ctx context.Context, in *struct {
	BookInput
	Key  string `header:"Idempotency-Key" maxLength:"100" doc:"The same key and body get the same answer."`
	Body DraftBody
}) (*voucherOutput, error) {
	v, err := s.ledger.Enter(ctx, access.From(ctx), in.Body.draft(in.ref()), in.Key)
	if err != nil {
		return nil, err
	}
	return voucherOutputOf(v, nil), nil
}

func (s *Bookkeeping) apiVoucher(ctx context.Context, in *VoucherInput) (*voucherOutput, error) {
	q, err := store.Read(ctx, s.host.Store, func(v *store.View) (askedVoucher, error) {
		return s.voucherIn(v, access.From(ctx), ledger.MayRead, in.ref())
	})
	if err != nil {
		return nil, err
	}
	return voucherOutputOf(q.Voucher, q.rows), nil
}

func (s *Bookkeeping) apiCheck(ctx context.Context, in *struct {
	VoucherInput
	api.Matching
}) (*voucherOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	v, err := s.ledger.Check(ctx, access.From(ctx), in.ref(), version)
	if err != nil {
		return nil, err
	}
	return voucherOutputOf(v, nil), nil
}

func (s *Bookkeeping) apiReturn(ctx context.Context, in *struct {
	VoucherInput
	api.Matching
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}) (*voucherOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	v, err := s.ledger.Return(ctx, access.From(ctx), in.ref(), version, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return voucherOutputOf(v, nil), nil
}

func (s *Bookkeeping) apiReverse(ctx context.Context, in *struct {
	VoucherInput
	Body struct {
		On     string `json:"on" format:"date"`
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}) (*voucherOutput, error) {
	v, err := s.ledger.Reverse(ctx, access.From(ctx), in.ref(), period.Date(in.Body.On), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return voucherOutputOf(v, nil), nil
}
