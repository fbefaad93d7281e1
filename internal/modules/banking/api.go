package banking

import (
	"bytes"
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/banking/match"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (s *Banking) endpoints(a *api.API) {
	const one = "/bank-accounts/{home}/{id}"
	operation := func(method, path, id, summary string, permit access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Tag: "banking", Summary: summary,
			Access: web.Permitted(permit)}
	}
	made := operation(http.MethodPost, "/bank-accounts", "registerBankAccount",
		"Enter a bank account of an organisation.", MayMatch)
	made.Status = http.StatusCreated
	api.Add(a, operation(http.MethodGet, "/bank-accounts", "listBankAccounts",
		"Bank accounts of your places.",
		MayRead), s.apiList)
	api.Add(a, made, s.apiRegister)
	api.Add(a, operation(http.MethodPost, one+"/statements", "takeBankStatement",
		"Read a file as a statement and take it; with check only read it.", MayMatch), s.apiTake)
	api.Add(a, operation(http.MethodGet, one+"/lines", "listBankLines", "Lines of an account.", MayRead),
		s.apiLines)
	api.Add(a, operation(http.MethodPost, one+"/taken/{statement}/withdraw", "withdrawBankStatement",
		"Take a statement back that was taken by mistake.", MayMatch), s.apiWithdraw)
	drafted := operation(http.MethodPost, one+"/lines/{line}/draft", "draftVoucherFromLine",
		"Make the draft of a voucher from a line; another person checks it.", MayMatch)
	drafted.Status = http.StatusCreated
	api.Add(a, drafted, s.apiDraft)
	api.Add(a, operation(http.MethodGet, one+"/proposals", "proposeBankMatches",
		"What could be the same money, and what is left on both sides.", MayRead), s.apiPropose)
	api.Add(a, operation(http.MethodPost, one+"/matches", "confirmBankMatches",
		"Confirm what is the same money.", MayMatch), s.apiConfirm)
	api.Add(a, operation(http.MethodGet, one+"/reconciliation", "reconcileBankAccount",
		"The reconciliation of a day.", MayRead), s.apiReconcile)
	api.Add(a, operation(http.MethodPost, one+"/assertions", "assertBankBalance",
		"Keep the reconciliation of a day.", MayMatch), s.apiAssert)
}

// body is the row as programs see it.
func (a accountBody) body() accountBody {
	if a.Ended == period.Open {
		a.Ended = ""
	}
	return a
}

func (s *Banking) apiList(ctx context.Context, in *struct {
	api.Paged
	Organisation string `query:"organisation" maxLength:"100" doc:"home/id, or part of the name."`
}) (*api.List[accountBody], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	page, err := s.load(ctx, s.host.Access.Scope(access.From(ctx), MayRead), web.Query{Limit: in.Limit,
		After: after, Filter: map[string]string{"organisation": in.Organisation}})
	if err != nil {
		return nil, err
	}
	var rows []accountBody
	for _, a := range page.Items {
		rows = append(rows, a.body())
	}
	return api.Listed(in.Paged, rows, page.Next), nil
}

// AccountInput names an account. It is exported because embedded fields are filled only so.
type AccountInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

func (i AccountInput) ref() Ref { return Ref(i) }

type accountOutput struct{ Body accountBody }

func (s *Banking) apiRegister(ctx context.Context, in *struct {
	Body struct {
		Organisation string      `json:"organisation" maxLength:"40" doc:"home/id"`
		Bank         string      `json:"bank" maxLength:"100"`
		Number       string      `json:"number" maxLength:"40" doc:"Whole; its last four digits are kept."`
		Holder       string      `json:"holder,omitempty" maxLength:"200"`
		Format       string      `json:"format,omitempty" maxLength:"40"`
		Account      string      `json:"account,omitempty" maxLength:"20" doc:"Of the chart."`
		Detail       string      `json:"detail,omitempty" maxLength:"100"`
		Since        period.Date `json:"since" maxLength:"10"`
		Opening      money.Fen   `json:"opening_fen,omitempty"`
	}
}) (*accountOutput, error) {
	b := in.Body
	owner, ok := registry.ParseRef(b.Organisation)
	if !ok {
		return nil, fault.New(fault.Invalid, "banking.which_organisation")
	}
	a, err := s.Register(ctx, access.From(ctx), Registration{Organisation: owner, Bank: b.Bank,
		Number: b.Number, Holder: b.Holder, Format: b.Format, Account: b.Account, Detail: b.Detail,
		Since:   b.Since,
		Opening: b.Opening})
	if err != nil {
		return nil, err
	}
	row := accountBody{Home: a.Home, ID: a.ID, Organisation: a.Organisation, Bank: a.Bank, Tail: a.Tail}
	return &accountOutput{row}, nil
}

type takenOutput struct {
	Body struct {
		Taken    bool            `json:"taken"`
		Format   string          `json:"format"`
		Lines    int             `json:"lines"`
		New      int             `json:"new"`
		Findings []fault.Finding `json:"findings"`
	}
}

func (s *Banking) apiTake(ctx context.Context, in *struct {
	AccountInput
	Check bool `query:"check" doc:"Only read it."`
	Body  struct {
		Name        string `json:"name" maxLength:"200"`
		Content     []byte `json:"content" doc:"The file, in base64."`
		Format      string `json:"format,omitempty" maxLength:"40" doc:"Guessed if not said."`
		Explanation string `json:"explanation,omitempty" maxLength:"500" doc:"Of the warnings."`
	}
}) (*takenOutput, error) {
	actor, b := access.From(ctx), in.Body
	w, err := s.Stage(ctx, actor, in.ref(), sheet.Upload{Name: b.Name, Content: bytes.NewReader(b.Content),
		Size: int64(len(b.Content))}, b.Format)
	if err != nil {
		return nil, err
	}
	out := &takenOutput{}
	out.Body.Format, out.Body.Lines, out.Body.New = w.Reading.Format, len(w.Reading.Lines), w.Fresh
	out.Body.Findings = s.Told(w.Reading)
	if in.Check {
		return out, s.Cancel(ctx, actor, in.ref(), w.ID)
	}
	if _, err := s.Take(ctx, actor, in.ref(), w.ID, b.Explanation); err != nil {
		return nil, err
	}
	out.Body.Taken = true
	return out, nil
}

// itemBody is a line or a posting.
type itemBody struct {
	ID           string      `json:"id"`
	Date         period.Date `json:"date"`
	Amount       money.Fen   `json:"amount_fen" doc:"What came in; below zero: what left."`
	Counterparty string      `json:"counterparty,omitempty"`
	Text         string      `json:"text,omitempty"`
}

func itemBodies(items []match.Item) []itemBody {
	all := []itemBody{}
	for _, i := range items {
		all = append(all, itemBody{i.ID, i.Date, i.Amount, i.Counterparty, i.Text})
	}
	return all
}

type groupBody struct {
	Lines    []string       `json:"lines" maxItems:"100"`
	Postings []string       `json:"postings" maxItems:"100"`
	Reasons  []match.Reason `json:"reasons,omitempty"`
}

type proposalsOutput struct {
	Body struct {
		Proposals []groupBody `json:"proposals"`
		Lines     []itemBody  `json:"lines" doc:"Of the bank, in no proposal."`
		Postings  []itemBody  `json:"postings" doc:"Of the books, in no proposal."`
	}
}

func (s *Banking) apiPropose(ctx context.Context, in *struct {
	AccountInput
	On period.Date `query:"on" maxLength:"10" doc:"Up to a day; today if not said."`
}) (*proposalsOutput, error) {
	if in.On == "" {
		in.On = s.host.Today()
	}
	p, err := store.Read(ctx, s.host.Store, func(v *store.View) (Proposals, error) {
		return s.Propose(v, access.From(ctx), in.ref(), in.On)
	})
	if err != nil {
		return nil, err
	}
	out := &proposalsOutput{}
	out.Body.Proposals = []groupBody{}
	for _, f := range p.Found {
		out.Body.Proposals = append(out.Body.Proposals, groupBody{f.Lines, f.Postings, f.Reasons})
	}
	out.Body.Lines, out.Body.Postings = itemBodies(p.Lines), itemBodies(p.Postings)
	return out, nil
}

type confirmedOutput struct {
	Body struct {
		Matches int `json:"matches"`
	}
}

func (s *Banking) apiConfirm(ctx context.Context, in *struct {
	AccountInput
	Body struct {
		Matches []groupBody `json:"matches" maxItems:"1000"`
	}
}) (*confirmedOutput, error) {
	var groups []Group
	for _, g := range in.Body.Matches {
		groups = append(groups, Group{g.Lines, g.Postings})
	}
	out := &confirmedOutput{}
	out.Body.Matches = len(groups)
	return out, s.Confirm(ctx, access.From(ctx), in.ref(), groups)
}

type reconciliationOutput struct {
	Body struct {
		On            period.Date `json:"on"`
		BankBalance   money.Fen   `json:"bank_balance_fen"`
		BooksBalance  money.Fen   `json:"books_balance_fen"`
		BankReceived  []itemBody  `json:"bank_received"`
		BankPaid      []itemBody  `json:"bank_paid"`
		BooksReceived []itemBody  `json:"books_received"`
		BooksPaid     []itemBody  `json:"books_paid"`
		BankAdjusted  money.Fen   `json:"bank_adjusted_fen"`
		BooksAdjusted money.Fen   `json:"books_adjusted_fen"`
		Difference    money.Fen   `json:"difference_fen"`
	}
}

func (s *Banking) apiReconcile(ctx context.Context, in *struct {
	AccountInput
	On period.Date `query:"on" required:"true" maxLength:"10"`
}) (*reconciliationOutput, error) {
	r, err := store.Read(ctx, s.host.Store, func(v *store.View) (match.Reconciliation, error) {
		r, _, err := s.Reconcile(v, access.From(ctx), in.ref(), in.On)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	out := &reconciliationOutput{}
	b := &out.Body
	b.On, b.BankBalance, b.BooksBalance = r.On, r.BankBalance, r.BooksBalance
	b.BankReceived, b.BankPaid = itemBodies(r.BankReceived), itemBodies(r.BankPaid)
	b.BooksReceived, b.BooksPaid = itemBodies(r.BooksReceived), itemBodies(r.BooksPaid)
	b.BankAdjusted, b.BooksAdjusted, b.Difference = r.BankAdjusted, r.BooksAdjusted, r.Difference
	return out, nil
}

type assertionOutput struct {
	Body struct {
		Difference money.Fen `json:"difference_fen"`
		Unreached  int64     `json:"unreached" doc:"Items under way."`
	}
}

func (s *Banking) apiAssert(ctx context.Context, in *struct {
	AccountInput
	Body struct {
		On          period.Date `json:"on" maxLength:"10"`
		Explanation string      `json:"explanation,omitempty" maxLength:"500"`
	}
}) (*assertionOutput, error) {
	row, err := s.Assert(ctx, access.From(ctx), in.ref(), in.Body.On, in.Body.Explanation)
	out := &assertionOutput{}
	out.Body.Difference, out.Body.Unreached = row.Difference, row.Unreached
	return out, err
}

func (s *Banking) apiLines(ctx context.Context, in *struct {
	AccountInput
	api.Paged
	From    period.Date `query:"from" maxLength:"10"`
	To      period.Date `query:"to" maxLength:"10"`
	Side    string      `query:"side" enum:"in,out"`
	Matched string      `query:"matched" enum:"yes,no"`
	Text    string      `query:"text" maxLength:"100"`
}) (*api.List[lineBody], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	a, err := s.accountFor(ctx, MayRead, in.ref())
	if err != nil {
		return nil, err
	}
	found, err := store.Read(ctx, s.host.Store, func(v *store.View) (LinesFound, error) {
		return s.LinesOf(v, a, LinesAsked{From: in.From, To: in.To, Side: in.Side, Matched: in.Matched,
			Text: in.Text, Sort: "oldest", After: after, Limit: in.Limit})
	})
	if err != nil {
		return nil, err
	}
	rows := []lineBody{}
	for _, l := range found.Rows {
		rows = append(rows, l.body())
	}
	return api.Listed(in.Paged, rows, found.Next), nil
}

func (s *Banking) apiWithdraw(ctx context.Context, in *struct {
	AccountInput
	Statement int64 `path:"statement" minimum:"1"`
	Body      struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*struct{}, error) {
	return nil, s.Withdraw(ctx, access.From(ctx), in.ref(), in.Statement, in.Body.Reason)
}

type draftedOutput struct {
	Body struct {
		Home    int64       `json:"home"`
		ID      int64       `json:"id" doc:"Of the voucher."`
		Version int64       `json:"version"`
		Date    period.Date `json:"date"`
		Summary string      `json:"summary"`
		Total   money.Fen   `json:"total_fen"`
	}
}

func (s *Banking) apiDraft(ctx context.Context, in *struct {
	AccountInput
	Line int64 `path:"line" minimum:"1" doc:"Number of the line, without its letter."`
}) (*draftedOutput, error) {
	v, err := s.Enter(ctx, access.From(ctx), in.ref(), in.Line)
	if err != nil {
		return nil, err
	}
	out := &draftedOutput{}
	b := &out.Body
	b.Home, b.ID, b.Version, b.Date, b.Summary, b.Total = v.Home, v.ID, v.Version, v.Date, v.Summary,
		v.Total
	return out, nil
}
