package banking

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// makeForm makes the form of an account; the dictionary is read by now.
func (s *Banking) makeForm() (err error) {
	list := form.CodeList{Key: "bank_format", Title: s.host.Dictionary.Words("banking.enter.format"),
		Mark: form.Config}
	for _, f := range s.formats {
		list.Entries = append(list.Entries, form.Entry{Code: form.Scalar(f.Key), Chinese: f.Title.Chinese,
			English: f.Title.English})
	}
	s.enter, err = formpage.Define(s.host.Dictionary, "banking.enter", []form.CodeList{list},
		form.Field{Key: "organisation", Kind: form.Text, Required: true, MaxLength: 100},
		form.Field{Key: "bank", Kind: form.Text, Required: true, MaxLength: bankMax},
		form.Field{Key: "number", Kind: form.Text, Required: true, MaxLength: 40, DataClass: "S3"},
		form.Field{Key: "holder", Kind: form.Text, MaxLength: 200},
		form.Field{Key: "since", Kind: form.Date, Required: true},
		form.Field{Key: "opening", Kind: form.Money},
		form.Field{Key: "format", Kind: form.Choice, Codes: "bank_format"},
		form.Field{Key: "account", Kind: form.Text, MaxLength: 20},
		form.Field{Key: "detail", Kind: form.Text, MaxLength: detailMax})
	return err
}

func (s *Banking) accountPage(r *web.Request) formpage.Page {
	return formpage.Page{Title: r.T("banking.enter"), Lead: r.T("banking.enter.lead"),
		Button: r.T("banking.enter.button"), Action: "/bank-accounts/new", Back: "/bank-accounts",
		Trail: []web.Crumb{{Text: r.T("banking.menu"), Href: "/bank-accounts"}}}
}

func (s *Banking) askAccount(r *web.Request) (web.Answer, error) {
	given := map[string]string{"organisation": r.Field("organisation"),
		"since": string(period.NewDate(r.Today().Year(), 1, 1))}
	cells := make([]string, len(s.enter.Fields))
	for i, f := range s.enter.Fields {
		cells[i] = given[f.Key]
	}
	record, _ := s.enter.Parse(cells, form.Context{})
	return s.accountPage(r).Of(record, nil).Answer(r, s.host.Dictionary)
}

func (s *Banking) takeAccount(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, s.enter, "")
	page := s.accountPage(r)
	if fault.Stops(found) {
		return page.Of(record, found).Answer(r, s.host.Dictionary)
	}
	a, err := s.registerFrom(r, record)
	if err != nil {
		return page.Of(record, nil).After(err).Answer(r, s.host.Dictionary)
	}
	return done(Address(a.Ref()), "banking.registered"), nil
}

func (s *Banking) registerFrom(r *web.Request, record form.Record) (Account, error) {
	o, err := s.organisation(r.Context(), r.Actor, record.Text("organisation"))
	if err != nil {
		return Account{}, err
	}
	return s.Register(r.Context(), r.Actor, Registration{Organisation: o.Ref(), Bank: record.Text("bank"),
		Number: record.Text("number"), Holder: record.Text("holder"), Format: record.Text("format"),
		Account: record.Text("account"), Detail: record.Text("detail"),
		Since: record.Date("since"), Opening: record.Money("opening")})
}

// showView is the page of an account.
type showView struct {
	Account
	Self       string
	Owner      registry.Organisation
	Statements []Taken
	Assertions []Assertion
	Gaps       []gapView
	Withdrawn  []withdrawnView
	Lines      int
	Unmatched  [2]int // of the bank, of the books
	Formats    []*statement.Format
	Named      string // columns that somebody named for it
	NamedWords string // and what they are
	Deposits   string // the account of the chart today, in words
	MayMatch   bool
}

// gapView is a break in the balances: within a statement, between two, or after the opening balance.
type gapView struct {
	statement.Gap
	Before, After string // statements; "" the opening balance of the account
}

// withdrawnView is a statement that was taken back.
type withdrawnView struct {
	Taken
	Withdrawal Withdrawal
}

// gapViews names the statements between which the balances of a work break.
func gapViews(w Work, names map[int64]string) []gapView {
	var all []gapView
	for _, g := range w.Gaps {
		v := gapView{Gap: g, After: names[w.Lines[g.Index-1].Statement]}
		if g.Index > 1 {
			v.Before = names[w.Lines[g.Index-2].Statement]
		}
		all = append(all, v)
	}
	return all
}

// readWithdrawn fills in the statements that were taken back, the latest first.
func (v *showView) readWithdrawn(w *store.View) error {
	back, err := WithdrawalsOf(w, v.Ref())
	if err != nil || len(back) == 0 {
		return err
	}
	v.Withdrawn = nil
	all, err := taken.All(w, "WHERE home = ? AND account = ? ORDER BY id DESC", v.Home, v.ID)
	for _, t := range all {
		if b, there := back[t.ID]; there {
			v.Withdrawn = append(v.Withdrawn, withdrawnView{t, b})
		}
	}
	return err
}

func (s *Banking) show(r *web.Request) (web.Answer, error) {
	a, o, err := s.asked(r, MayRead)
	if err != nil {
		return nil, err
	}
	v := showView{Account: a, Self: Address(a.Ref()), Owner: o, Formats: s.formats,
		MayMatch: r.Can(MayMatch, a.Place)}
	if strings.HasPrefix(a.Format, statement.ByColumnsPrefix) {
		v.Named, v.NamedWords = a.Format, named(r, a.Format)
	}
	err = s.host.Store.View(r.Context(), func(w *store.View) error {
		if v.Statements, err = StatementsOf(w, a.Ref()); err != nil {
			return err
		}
		if v.Assertions, err = AssertionsOf(w, a.Ref()); err != nil {
			return err
		}
		if v.Deposits, err = s.depositsIn(w, a, r.Today(), r.Language); err != nil {
			return err
		}
		work, err := s.work(w, a, r.Today())
		if err != nil {
			return err
		}
		bank, books := work.unmatched()
		names := map[int64]string{}
		for _, t := range v.Statements {
			names[t.ID] = t.Name
		}
		v.Lines, v.Gaps, v.Unmatched = len(work.Lines), gapViews(work, names), [2]int{len(bank), len(books)}
		return v.readWithdrawn(w)
	})
	if err != nil {
		return nil, err
	}
	return web.View("banking/account", web.Page{Title: a.Masked(), Place: a.Place, Data: v,
		Trail: trail(r, a, o)[:2]}), nil
}

// named are columns that somebody named, in words.
func named(r *web.Request, format string) string {
	columns, from := statement.Named(format, func(p statement.Part) string {
		return r.T("banking.part." + string(p))
	})
	return r.T("banking.columns.named", columns, from)
}

func (s *Banking) end(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	a, _, err := s.asked(r, MayMatch)
	if err != nil {
		return nil, err
	}
	on, err := r.Date("on")
	if err == nil {
		err = s.End(r.Context(), r.Actor, a.Ref(), a.Version, on)
	}
	if err != nil {
		return nil, err
	}
	return done(Address(a.Ref()), "banking.ended"), nil
}

// upload reads a posted file; nothing of the account changes yet.
func (s *Banking) upload(r *web.Request) (web.Answer, error) {
	file, header, err := r.RequireUpload("file")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	u := sheet.Upload{Name: header.Filename, Content: file, Size: header.Size}
	w, err := s.Stage(r.Context(), r.Actor, ref, u, formatOf(r))
	if err != nil {
		return s.unread(r, u, err)
	}
	return web.Redirect(stagedAddress(ref, w.ID)), nil
}

func stagedAddress(ref Ref, id int64) string {
	return Address(ref) + "/staged/" + strconv.FormatInt(id, 10)
}

// stagedView is the page of a file that waits.
type stagedView struct {
	Staged
	Self, Back string
	Upload     showView // to read the file otherwise
	FormatName string
	Findings   []findingView
	Lines      []statement.Line // the first of them
	More       int
	MoreFound  int // findings that are not shown
	Stops      bool
	Explain    bool
}

// findingView is a finding in words.
type findingView struct{ Tone, Severity, Place, Text string }

var tones = map[fault.Severity]string{fault.Error: "overdue", fault.Warning: "due", fault.Note: "done"}

func (s *Banking) findingViews(r *web.Request, list []fault.Finding) []findingView {
	var all []findingView
	for _, f := range list {
		text := s.host.Dictionary.Text(r.Language, f.Key, f.Args...)
		if f.Value != "" {
			text += " " + r.T("banking.saw", f.Value)
		}
		all = append(all, findingView{tones[f.Severity], r.T("banking.severity." + string(f.Severity)),
			strings.TrimSpace(s.host.Dictionary.Place(r.Language, f)), text})
	}
	return all
}

// findingsShown is how many findings the page shows, the gravest first.
const findingsShown = 200

var gravity = map[fault.Severity]int{fault.Error: 0, fault.Warning: 1, fault.Note: 2}

// linesShown is how many lines of a file the page shows.
const linesShown = 50

func (s *Banking) stagedPage(r *web.Request) (web.Answer, error) {
	a, o, err := s.asked(r, MayMatch)
	if err != nil {
		return nil, err
	}
	id, err := r.ID("staged")
	if err != nil {
		return nil, err
	}
	w, err := s.StagedOf(r.Context(), r.Actor, a.Ref(), id)
	if err != nil {
		return nil, err
	}
	findings := s.Told(w.Reading)
	v := stagedView{Staged: w, Self: stagedAddress(a.Ref(), id), Back: Address(a.Ref()),
		Upload: showView{Account: a, Self: Address(a.Ref()), Formats: s.formats},
		Stops:  w.Reading.Stops(), Explain: w.Reading.Warnings() > 0, Lines: w.Reading.Lines}
	slices.SortStableFunc(findings, func(a, b fault.Finding) int {
		return gravity[a.Severity] - gravity[b.Severity]
	})
	if len(findings) > findingsShown {
		findings, v.MoreFound = findings[:findingsShown], len(findings)-findingsShown
	}
	v.Findings = s.findingViews(r, findings)
	if len(v.Lines) > linesShown {
		v.Lines, v.More = v.Lines[:linesShown], len(w.Reading.Lines)-linesShown
	}
	if v.FormatName = w.Reading.Format; !strings.HasPrefix(v.FormatName, statement.ByColumnsPrefix) {
		if f, err := s.format(w.Reading.Format); err == nil {
			v.FormatName = f.Title.In(r.Language)
		}
	} else {
		v.FormatName = named(r, v.FormatName)
	}
	return web.View("banking/staged", web.Page{Title: r.T("banking.staged"), Place: a.Place, Data: v,
		Wide:  true,
		Trail: trail(r, a, o)}), nil
}

func (s *Banking) takeStaged(r *web.Request) (web.Answer, error) {
	ref, id, err := posted(r, "staged")
	if err == nil {
		_, err = s.Take(r.Context(), r.Actor, ref, id, r.Field("explanation"))
	}
	if err != nil {
		return nil, err
	}
	return done(Address(ref), "banking.taken"), nil
}

func (s *Banking) cancelStaged(r *web.Request) (web.Answer, error) {
	ref, id, err := posted(r, "staged")
	if err == nil {
		err = s.Cancel(r.Context(), r.Actor, ref, id)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect(Address(ref)), nil
}
