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
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

func (s *Bookfiles) endpoints(a *api.API) {
	const one, taken, run = "/books/{home}/{id}", "/book-imports/{home}/{id}", "/conversions/{home}/{id}"
	operation := func(method, path, id, summary string, need access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: "ledger",
			Access: web.Permitted(need)}
	}
	sent := operation(http.MethodPost, one+"/imports", "importIntoBook",
		"Stage and check a file of vouchers or opening balances.", ledger.MayRead)
	sent.BodyMax, sent.Status = fileMax, http.StatusCreated
	opened := operation(http.MethodPost, one+"/conversion", "openConversion",
		"Begin the conversion of a book to the next chart of accounts.", ledger.MayEnter)
	opened.Status = http.StatusCreated
	api.Add(a, operation(http.MethodGet, one+"/journal", "exportBook",
		"The journal of a book as plain text, for hledger or beancount.", ledger.MayRead), s.apiJournal)
	api.Add(a, sent, s.apiImport)
	api.Add(a, operation(http.MethodGet, taken, "getBookImport",
		"A file that was sent, with what was found.",
		ledger.MayRead), s.apiTaken)
	api.Add(a, operation(http.MethodPost, taken+"/apply", "applyBookImport", "Let a file take effect.",
		ledger.MayRead), s.apiApply)
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

// bookImportBody is a file that was sent, as programs see it.
type bookImportBody struct {
	Home     int64             `json:"home"`
	ID       int64             `json:"id"`
	Name     string            `json:"name"`
	State    intake.State      `json:"state"`
	Rows     int64             `json:"rows"`
	Applied  int64             `json:"applied"`
	Repeated int64             `json:"repeated"`
	Failed   int64             `json:"failed"`
	Errors   int64             `json:"errors"`
	Warnings int64             `json:"warnings"`
	Findings []bookFindingBody `json:"findings"`
	More     bool              `json:"more" doc:"There are further findings."`
}

type bookFindingBody struct {
	Severity fault.Severity `json:"severity"`
	Key      string         `json:"key"`
	Text     string         `json:"text"`
	Sheet    string         `json:"sheet,omitempty"`
	Row      int            `json:"row,omitempty"`
	Column   string         `json:"column,omitempty"`
	Value    string         `json:"value,omitempty"`
}

type importOutput struct{ Body bookImportBody }

// foundMax is how many findings one answer holds.
const foundMax = 500

func (s *Bookfiles) importOutput(ctx context.Context, in intake.Intake) (*importOutput, error) {
	out := &importOutput{bookImportBody{Home: in.Home, ID: in.ID, Name: in.Name, State: in.State,
		Rows:    in.Rows,
		Applied: in.Applied, Repeated: in.Repeated, Failed: in.Failed, Errors: in.Errors,
		Warnings: in.Warnings, Findings: []bookFindingBody{}}}
	list, next, err := s.host.Intake.Findings(ctx, access.From(ctx), in, intake.Filter{Limit: foundMax})
	for _, f := range list {
		out.Body.Findings = append(out.Body.Findings, bookFindingBody{f.Severity, f.Key,
			s.host.Dictionary.Text(locale.English, f.Key, f.Args...), f.Sheet, f.Row, f.Column, f.Value})
	}
	out.Body.More = next != ""
	return out, err
}

func (s *Bookfiles) apiImport(ctx context.Context, in *struct {
	BookInput
	Body struct {
		Name string `json:"name" maxLength:"200" doc:"Of the file, with its ending."`
		Kind string `json:"kind" enum:"vouchers,history,opening"`
		File []byte `json:"file" doc:"The file in base64: XLSX or CSV."`
	}
}) (*importOutput, error) {
	f, err := wayOf(in.Body.Kind)
	if err != nil {
		return nil, err
	}
	f.actor = access.From(ctx)
	err = s.host.Store.View(ctx, func(v *store.View) error {
		f.book, _, err = s.bookFor(v, f.actor, in.ref(), ledger.MayRead)
		return err
	})
	if err != nil {
		return nil, err
	}
	f.upload = sheet.Upload{Name: in.Body.Name, Content: bytes.NewReader(in.Body.File),
		Size: int64(len(in.Body.File))}
	taken, err := s.send(ctx, f)
	if err != nil {
		return nil, err
	}
	return s.importOutput(ctx, taken)
}

func (s *Bookfiles) taking(ctx context.Context, in BookInput) (intake.Intake, error) {
	taken, err := s.host.Intake.Get(ctx, access.From(ctx), in.Home, in.ID)
	if err == nil && !s.ours(taken) {
		err = fault.New(fault.NotFound, "intake.absent")
	}
	return taken, err
}

func (s *Bookfiles) apiTaken(ctx context.Context, in *BookInput) (*importOutput, error) {
	taken, err := s.taking(ctx, *in)
	if err != nil {
		return nil, err
	}
	return s.importOutput(ctx, taken)
}

func (s *Bookfiles) apiApply(ctx context.Context, in *struct {
	BookInput
	Body struct {
		Explanation string `json:"explanation,omitempty" maxLength:"500" doc:"Of the warnings."`
	}
}) (*importOutput, error) {
	taken, err := s.taking(ctx, in.BookInput)
	if err != nil {
		return nil, err
	}
	taken, err = s.apply(ctx, intake.Order{Actor: access.From(ctx), Home: taken.Home, ID: taken.ID,
		Explanation: in.Body.Explanation})
	if err != nil {
		return nil, err
	}
	return s.importOutput(ctx, taken)
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

func (s *Bookfiles) apiOpenRun(ctx context.Context, in *BookInput) (*runOutput, error) {
	run, err := s.OpenRun(ctx, access.From(ctx), in.ref())
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
