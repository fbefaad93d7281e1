package bookfiles

import (
	"bytes"
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/plaintext"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (s *Bookfiles) endpoints(a *api.API) {
	const one, run = "/books/{home}/{id}", "/conversions/{home}/{id}"
	operation := func(method, path, id, summary string, need access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: "ledger",
			Access: web.Permitted(need)}
	}
	opened := operation(http.MethodPost, one+"/conversion", "openConversion",
		"Begin the conversion of a book to the next chart of accounts.", ledger.MayEnter)
	opened.Status = http.StatusCreated
	api.Add(a, operation(http.MethodGet, one+"/journal", "exportBook",
		"The journal of a book as plain text, for hledger or beancount.", ledger.MayRead), s.apiJournal)
	s.files.Endpoints(a)
	api.Add(a, opened, s.apiOpenRun)
	api.Add(a, operation(http.MethodGet, run, "getConversion",
		"A conversion with its report of differences.",
		ledger.MayRead), s.apiRun)
	api.Add(a, operation(http.MethodPost, run+"/decide", "decideConversion",
		"Say where balances go that substance decides.", ledger.MayEnter), s.apiDecide)
	api.Add(a, operation(http.MethodPost, run+"/submit", "submitConversion", "Hand a conversion in.",
		ledger.MayEnter), s.apiAct(s.Submit))
	api.Add(a, operation(http.MethodPost, run+"/approve", "approveConversion",
		"Approve a conversion that another person prepared.", ledger.MayOpen), s.apiAct(s.Approve))
	api.Add(a, operation(http.MethodPost, run+"/withdraw", "withdrawConversion", "Take a conversion back.",
		ledger.MayEnter), s.apiAct(s.Withdraw))
}

// BookInput names a book. It is exported because embedded fields are filled only so.
type BookInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

func (b BookInput) ref() ledger.Ref { return ledger.Ref{Home: b.Home, ID: b.ID} }

type journalOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *Bookfiles) apiJournal(ctx context.Context, in *struct {
	BookInput
	Year     int    `query:"year" minimum:"0" maximum:"2999" doc:"0: all years."`
	Format   string `query:"format" enum:"hledger,beancount" default:"hledger"`
	Language string `query:"language" enum:"zh,en" default:"zh" doc:"Of the names of accounts."`
}) (*journalOutput, error) {
	var body bytes.Buffer
	err := s.WriteJournal(ctx, access.From(ctx), Export{in.ref(), in.Year, plaintext.Format(in.Format),
		locale.Language(in.Language)}, &body)
	return &journalOutput{"text/plain; charset=utf-8", body.Bytes()}, err
}

// conversionBody is a conversion as programs see it. Amounts are whole fen.
type conversionBody struct {
	Home     int64                `json:"home"`
	ID       int64                `json:"id"`
	Version  int64                `json:"version"`
	Book     int64                `json:"book"`
	NextBook int64                `json:"next_book,omitempty"`
	Chart    string               `json:"chart" doc:"Key of the next chart."`
	Day      string               `json:"day" doc:"First day under it."`
	State    RunState             `json:"state"`
	Ready    bool                 `json:"ready" doc:"It can be handed in and approved."`
	Against  []string             `json:"against" doc:"What stands against it."`
	Lines    []conversionLineBody `json:"differences"`
}

type conversionLineBody struct {
	From       string      `json:"from"`
	FromDetail string      `json:"from_detail,omitempty"`
	To         string      `json:"to"`
	ToDetail   string      `json:"to_detail,omitempty"`
	Amount     money.Fen   `json:"amount_fen"`
	Change     book.Change `json:"change"`
}

type runOutput struct {
	ETag string `header:"ETag"`
	Body conversionBody
}

func (s *Bookfiles) runOutput(ctx context.Context, ref RunRef) (*runOutput, error) {
	p, err := store.Read(ctx, s.host.Store, func(v *store.View) (Prepared, error) {
		run, err := GetRun(v, ref)
		if err == nil {
			err = s.host.Access.Require(access.From(ctx), ledger.MayRead, run.Place)
		}
		if err != nil {
			return Prepared{}, err
		}
		return s.Prepare(v, run)
	})
	if err != nil {
		return nil, err
	}
	out := &runOutput{ETag: api.ETag(p.Version), Body: conversionBody{Home: p.Home, ID: p.ID,
		Version: p.Version,
		Book:    p.Run.Book, NextBook: p.NextBook, Chart: p.Chart, Day: string(p.Day), State: p.State,
		Ready: p.Ready(), Against: []string{}, Lines: []conversionLineBody{}}}
	for _, f := range append(p.Blocks, p.Findings...) {
		out.Body.Against = append(out.Body.Against, s.say(locale.English, f))
	}
	for _, d := range p.Result.Differences {
		out.Body.Lines = append(out.Body.Lines, conversionLineBody{d.From.Account, d.From.Counterparty,
			d.To.Account, d.To.Counterparty, d.To.Amount, d.Change})
	}
	return out, nil
}

func (s *Bookfiles) apiOpenRun(ctx context.Context, in *struct {
	BookInput
	Chart string `query:"chart" maxLength:"20" doc:"Key of the next chart, if there are several."`
	Day   string `query:"day" maxLength:"10" doc:"First day under it, of a month; the first there can be."`
}) (*runOutput, error) {
	run, err := s.OpenRun(ctx, access.From(ctx), in.ref(), Next{in.Chart, period.Date(in.Day)})
	if err != nil {
		return nil, err
	}
	return s.runOutput(ctx, run.Ref())
}

func (s *Bookfiles) apiRun(ctx context.Context, in *BookInput) (*runOutput, error) {
	return s.runOutput(ctx, RunRef{in.Home, in.ID})
}

// conversionDecision says where an older balance goes.
type conversionDecision struct {
	Account      string           `json:"account" maxLength:"20"`
	Counterparty string           `json:"counterparty,omitempty" maxLength:"100"`
	Parts        []conversionPart `json:"parts" minItems:"1" maxItems:"50"`
}

type conversionPart struct {
	Account string    `json:"account" maxLength:"20"`
	Detail  string    `json:"detail,omitempty" maxLength:"100"`
	Amount  money.Fen `json:"amount_fen" doc:"Debit above zero."`
}

func (s *Bookfiles) apiDecide(ctx context.Context, in *struct {
	BookInput
	api.Matching
	Body struct {
		Decisions []conversionDecision `json:"decisions" maxItems:"2000"`
	}
}) (*runOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	var all []book.Decided
	for _, d := range in.Body.Decisions {
		one := book.Decided{Account: d.Account, Counterparty: d.Counterparty}
		for _, part := range d.Parts {
			one.Parts = append(one.Parts, book.Balance{Account: part.Account, Counterparty: part.Detail,
				Amount: part.Amount})
		}
		all = append(all, one)
	}
	if _, err := s.Decide(ctx, access.From(ctx), Run{Home: in.Home, ID: in.ID, Version: version},
		all); err != nil {
		return nil, err
	}
	return s.runOutput(ctx, RunRef{in.Home, in.ID})
}

// runActInput is an act on a conversion.
type runActInput struct {
	BookInput
	api.Matching
}

// apiAct makes an operation of an act that needs nothing but the version.
func (s *Bookfiles) apiAct(act func(context.Context, access.Actor, Run) (Run,
	error)) func(context.Context, *runActInput) (*runOutput, error) {
	return func(ctx context.Context, in *runActInput) (*runOutput, error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		run, err := act(ctx, access.From(ctx), Run{Home: in.Home, ID: in.ID, Version: version})
		if err != nil {
			return nil, err
		}
		return s.runOutput(ctx, run.Ref())
	}
}
