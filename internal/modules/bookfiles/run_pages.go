package bookfiles

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/cells"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// runView is the page of a conversion.
type runView struct {
	Run
	Address        string
	Files          string // page of the older book
	Next           string // page of the next book; "" not yet
	Organisation   string
	Old, New       string // titles of the charts
	LastDay        string
	StateText      string
	Tone           string
	Rows           []choiceRow
	Blocks, Open   []string
	Ready          bool
	Report         web.TableView
	MayDecide      bool
	MayApprove     bool
	MayCarry       bool
	MayWithdraw    bool
	Decides        bool // there is something to decide
	OldSum, NewSum money.Fen
}

// choiceRow is an older balance with where it may go.
type choiceRow struct {
	Index        int
	Code, Name   string
	Counterparty string
	Amount       money.Fen
	Note         string
	Fixed        string // where it goes by itself; "" somebody decides
	Choices      []choice
}

// choice is an account of the new chart that may take a part.
type choice struct {
	Field, Code, Name string
	Amount            string
	AsksDetail        bool // the new account is kept per counterparty and the old one was not
	Detail            string
}

// runAt reads the run of the address for whoever may read its book.
func (s *Bookfiles) runAt(r *web.Request) (run Run, err error) {
	home, id, err := ids(r)
	if err != nil {
		return run, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if run, err = GetRun(v, RunRef{home, id}); err != nil {
			return err
		}
		return r.Require(ledger.MayRead, run.Place)
	})
	return run, err
}

func (s *Bookfiles) openRunPosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	b, _, err := s.asked(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	to := Next{Chart: r.Field("chart"), Day: period.Date(r.Field("day"))}
	run, err := s.OpenRun(r.Context(), r.Actor, b.Ref(), to)
	if err != nil {
		return nil, err
	}
	return web.Redirect(RunAddress(run.Ref())), nil
}

// prepared reads a run with its owner.
func (s *Bookfiles) prepared(r *web.Request) (p Prepared, o registry.Organisation, err error) {
	run, err := s.runAt(r)
	if err != nil {
		return p, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if p, err = s.Prepare(v, run); err != nil {
			return err
		}
		o, err = registry.Get(v, run.owner())
		return err
	})
	return p, o, err
}

func (s *Bookfiles) runPage(r *web.Request) (web.Answer, error) {
	p, o, err := s.prepared(r)
	if err != nil {
		return nil, err
	}
	v := runView{Run: p.Run, Address: RunAddress(p.Ref()), Files: Address(p.BookRef()),
		Organisation: o.Name,
		Old:          p.Old.Title.In(r.Language), New: p.New.Title.In(r.Language),
		LastDay:   string(p.Day.AddDays(-1)),
		StateText: r.T("bookfiles.run." + string(p.State)), Tone: tones[p.State], Ready: p.Ready(),
		Rows:   p.choices(r.Language),
		Report: web.TableIn(r.Language, s.report(p, o)), OldSum: debits(p.Balances),
		NewSum: debits(p.Result.Balances)}
	v.Decides = slices.ContainsFunc(v.Rows, func(c choiceRow) bool { return len(c.Choices) > 0 })
	enter, open := r.Can(ledger.MayEnter, p.Place), r.Can(ledger.MayOpen, p.Place)
	v.MayDecide = enter && p.State == RunDraft
	v.MayApprove = open && p.State == RunSubmitted && r.Actor.Account != p.Maker
	v.MayCarry = open && p.State == RunApproved
	v.MayWithdraw = enter && (p.State == RunDraft || p.State == RunSubmitted)
	if p.NextBook != 0 {
		v.Next = Address(p.NextRef())
	}
	for _, f := range p.Blocks {
		v.Blocks = append(v.Blocks, s.say(r.Language, f))
	}
	if p.State != RunDone {
		for _, f := range p.Findings {
			v.Open = append(v.Open, s.say(r.Language, f))
		}
	}
	return web.View("bookfiles/conversion", web.Page{Title: r.T("bookfiles.conversion"), Data: v,
		Wide:  true,
		Place: p.Place, Trail: trail(r, p.Book, o)}), nil
}

// say puts a finding into words.
func (s *Bookfiles) say(l locale.Language, f fault.Finding) string {
	return s.host.Dictionary.Text(l, f.Key, f.Args...)
}

// tones are the marks of the states.
var tones = map[RunState]string{RunDraft: "draft", RunSubmitted: "waiting", RunApproved: "waiting",
	RunDone: "done", RunWithdrawn: "stopped"}

func debits(list []book.Balance) (sum money.Fen) {
	for _, b := range list {
		sum += max(b.Amount, 0)
	}
	return sum
}

// choices are the older balances with where they may go and what was decided.
func (p Prepared) choices(l words.Language) []choiceRow {
	var rows []choiceRow
	for i, b := range p.Balances {
		row := p.Rows[b.Account]
		c := choiceRow{Index: i, Code: b.Account, Name: p.Old.Name(b.Account).In(l), Amount: b.Amount,
			Counterparty: p.Old.DetailName(b.Account, b.Counterparty).In(l), Note: row.Note.In(l)}
		if !p.decides(b) {
			a, _ := p.New.Account(row.To[0])
			c.Fixed = cells.LabelOf(l, a)
			rows = append(rows, c)
			continue
		}
		for n, code := range row.To {
			c.Choices = append(c.Choices, p.choice(l, b, partField(i, n), code))
		}
		rows = append(rows, c)
	}
	return rows
}

// choice is what was decided of a balance for an account.
func (p Prepared) choice(l words.Language, b book.Balance, field, code string) choice {
	a, _ := p.New.Account(code)
	one := choice{Field: field, Code: code, Name: a.Name.In(l),
		AsksDetail: a.PerDetail() && b.Counterparty == ""}
	for _, d := range p.Decisions {
		for _, part := range d.Parts {
			if d.Account == b.Account && d.Counterparty == b.Counterparty && part.Account == code {
				one.Amount, one.Detail = part.Amount.Plain(), part.Counterparty
			}
		}
	}
	return one
}

func partField(balance, choice int) string {
	return "part." + strconv.Itoa(balance) + "." + strconv.Itoa(choice)
}

// decided reads the decisions of the posted form.
func (p Prepared) decided(r *web.Request) ([]book.Decided, error) {
	var all []book.Decided
	for i, b := range p.Balances {
		if !p.decides(b) {
			continue
		}
		d := book.Decided{Account: b.Account, Counterparty: b.Counterparty}
		for n, code := range p.Rows[b.Account].To {
			field := partField(i, n)
			amount, problem := cells.Amount(r.Field(field))
			if problem != "" {
				return nil, fault.New(fault.Invalid, "bookfiles.part", r.Field(field))
			}
			if amount == 0 {
				continue
			}
			part := book.Balance{Account: code, Counterparty: b.Counterparty, Amount: amount}
			if detail := oneLine(r.Field("detail." + field)); b.Counterparty == "" && detail != "" {
				part.Counterparty = detail
			}
			d.Parts = append(d.Parts, part)
		}
		if len(d.Parts) > 0 {
			all = append(all, d)
		}
	}
	return all, nil
}

// runPosted takes a conversion a step on.
func (s *Bookfiles) runPosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	p, _, err := s.prepared(r)
	if err != nil {
		return nil, err
	}
	seen := p.Run
	if seen.Version, err = r.Number("version"); err != nil {
		return nil, err
	}
	act := r.Field("act")
	switch act {
	case "decide":
		var decided []book.Decided
		if decided, err = p.decided(r); err == nil {
			_, err = s.Decide(r.Context(), r.Actor, seen, decided)
		}
	case "submit":
		_, err = s.Submit(r.Context(), r.Actor, seen)
	case "approve":
		_, err = s.Approve(r.Context(), r.Actor, seen)
	case "carry":
		_, err = s.Carry(r.Context(), r.Actor, seen)
	case "return":
		_, err = s.ReturnRun(r.Context(), r.Actor, seen, r.Field("reason"))
	case "withdraw":
		_, err = s.Withdraw(r.Context(), r.Actor, seen)
	default:
		err = fault.New(fault.Invalid, "web.form")
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect(RunAddress(seen.Ref()) + "?" + web.DoneField + "=bookfiles.done." + act), nil
}

// runBook answers with the report of differences as a workbook.
func (s *Bookfiles) runBook(r *web.Request) (web.Answer, error) {
	p, o, err := s.prepared(r)
	if err != nil {
		return nil, err
	}
	return web.Book(r, o.Name+" "+r.T("bookfiles.report"), []words.Table{s.report(p, o)})
}

// report is where each older balance went.
func (s *Bookfiles) report(p Prepared, o registry.Organisation) words.Table {
	text := func(key string, args ...any) words.Words {
		return words.Each(func(l words.Language) string { return s.host.Dictionary.Text(l, key, args...) })
	}
	t := words.Table{Title: text("bookfiles.report"),
		Note:   text("bookfiles.report.note", o.Name, p.Old.Title, p.New.Title, string(p.Day.AddDays(-1))),
		Number: []bool{false, false, true, false, false, true, false, false}}
	for _, column := range []string{"from", "from_detail", "from_amount", "to", "to_detail", "to_amount",
		"change",
		"remark"} {
		t.Heading = append(t.Heading, text("bookfiles.report."+column))
	}
	var before, after money.Fen
	for _, d := range p.Result.Differences {
		t.Rows = append(t.Rows, []words.Words{
			account(p.Old, d.From.Account), p.Old.DetailName(d.From.Account, d.From.Counterparty),
			words.Plain(d.From.Amount.String()), account(p.New, d.To.Account),
			p.New.DetailName(d.To.Account, d.To.Counterparty), words.Plain(d.To.Amount.String()),
			text("bookfiles.change." + string(d.Change)), d.Note})
		before, after = before+max(d.From.Amount, 0), after+max(d.To.Amount, 0)
	}
	t.Bold = append(t.Bold, len(t.Rows))
	none := words.Plain("")
	t.Rows = append(t.Rows, []words.Words{text("bookfiles.report.total"), none,
		words.Plain(before.String()), none,
		none, words.Plain(after.String()), none, none})
	return t
}

func account(c *book.Chart, code string) words.Words {
	return words.Each(func(l words.Language) string {
		return strings.TrimSpace(code + " " + c.Name(code).In(l))
	})
}
