package bookfiles

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/cells"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// How a file of vouchers takes effect. The manner is the end of the intake's kind.
const (
	asDrafts  = ""         // drafts of whoever sent it; another person checks them
	asHistory = "/history" // taken over as it is, for months before the books were kept here
)

// voucherForm is the key of the form, and begins the keys of its variants; openingForm that of
// balances.
const (
	voucherForm = "bookfiles.voucher"
	openingForm = "bookfiles.opening"
)

// register makes the kinds of files known to the intake.
func (s *Bookfiles) register() error {
	for _, d := range s.forms {
		for manner, permit := range map[string]access.Permit{asDrafts: ledger.MayEnter,
			asHistory: ledger.MayOpen} {
			if err := s.host.Intake.Register(intake.Kind{Key: d.Key + manner, Form: d, Permit: permit,
				Wanted: s.files.Wanted, Context: s.files.Context, Check: s.checkVouchers,
				Before: s.before, ApplyAll: s.applyVouchers}); err != nil {
				return err
			}
		}
	}
	for _, d := range s.openings {
		if err := s.host.Intake.Register(intake.Kind{Key: d.Key, Form: d, Permit: ledger.MayOpen,
			Wanted: s.files.Wanted, Context: s.files.Context, Check: s.checkOpening, Before: s.before,
			ApplyAll: s.applyOpening}); err != nil {
			return err
		}
	}
	return nil
}

// about is the subject of the intakes of a book; bookOf reads it.
func about(b ledger.Book) string { return "book/" + strconv.FormatInt(b.ID, 10) }

func bookOf(r store.Reader, in intake.Intake) (ledger.Book, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(in.Subject, "book/"), 10, 64)
	if err != nil {
		return ledger.Book{}, err // the subject is ours
	}
	return ledger.Get(r, ledger.Ref{Home: in.Home, ID: id})
}

// The ways to send a file.
const (
	wayVouchers = "vouchers"
	wayHistory  = "history"
	wayOpening  = "opening"
)

// imports declares the files of books.
func (s *Bookfiles) imports() *intakepage.Files {
	return &intakepage.Files{Host: s.host, Name: "BookImport", Tag: "ledger", Texts: "bookfiles",
		Job: "bookfiles.import", Permit: ledger.MayRead, At: "/book-imports/{home}/{id}",
		From: "/books/{home}/{id}/imports", Flag: "book",
		Ways: []string{wayVouchers, wayHistory, wayOpening}, KindOf: s.kindOf, Frame: s.frame,
		Ours: func(kind string) bool {
			return s.formOf(kind).Key == trimHistory(kind)
		},
		About: func(r store.Reader, in intake.Intake) (intakepage.Subject, error) {
			b, err := bookOf(r, in)
			if err != nil {
				return intakepage.Subject{}, err
			}
			return subjectOf(r, b)
		},
		Chosen: func(r *web.Request) (intakepage.Subject, error) {
			b, o, err := s.asked(r, ledger.MayRead)
			return subject(b, o), err
		},
		Of: func(ctx context.Context, actor access.Actor, home, id int64) (intakepage.Subject, error) {
			return store.Read(ctx, s.host.Store, func(v *store.View) (intakepage.Subject, error) {
				b, o, err := s.bookFor(v, actor, ledger.Ref{Home: home, ID: id}, ledger.MayRead)
				return subject(b, o), err
			})
		},
		Named: func(ctx context.Context, text string) (intakepage.Subject, error) {
			b, err := s.named(ctx, text)
			if err != nil {
				return intakepage.Subject{}, err
			}
			return store.Read(ctx, s.host.Store, func(v *store.View) (intakepage.Subject, error) {
				return subjectOf(v, b)
			})
		},
		Template: func(r store.Reader, l locale.Language, of intakepage.Subject,
			way string) (intakepage.Workbook, error) {
			ref, _ := ledger.ParseRef(of.Ref)
			b, err := ledger.Get(r, ref)
			if err != nil {
				return nil, err
			}
			return s.template(r, l, b, way == wayOpening)
		},
		Keep: &intakepage.Keeping{Event: "bookfile.sent", Subject: keptAs,
			Body: func(in intake.Intake) any { return sentBody{in.ID, in.Kind, in.File} }}}
}

// subject is a book as whose files are taken in.
func subject(b ledger.Book, o registry.Organisation) intakepage.Subject {
	return intakepage.Subject{Home: b.Home, Place: b.Place, Key: about(b), Ref: b.Ref().String(),
		Name: o.Name}
}

func subjectOf(r store.Reader, b ledger.Book) (intakepage.Subject, error) {
	o, err := registry.Get(r, ownerOf(b))
	return subject(b, o), err
}

// kindOf is the kind of a file that is sent in a way: that of the form that fits best.
func (s *Bookfiles) kindOf(way string, u sheet.Upload) (string, error) {
	manner, forms := asDrafts, s.forms
	switch way {
	case wayOpening:
		forms = s.openings
	case wayHistory:
		manner = asHistory
	case wayVouchers:
	default:
		return "", fault.New(fault.Invalid, "bookfiles.way", way)
	}
	d, err := s.fitting(u, forms)
	if err != nil {
		return "", err
	}
	return d.Key + manner, nil
}

// before lets a file take effect where the ledger has transactions of its own: drafts and opening balances
// come first, each once however often this runs, and then the rows are marked one portion after another
// with what became of them. History is posted in the transaction of its rows.
func (s *Bookfiles) before(ctx context.Context, actor access.Actor, in intake.Intake) error {
	switch {
	case isOpening(in):
		return s.enterOpening(ctx, actor, in)
	case !isHistory(in):
		return s.enterDrafts(ctx, actor, in)
	}
	return nil
}

// fitting is the form whose headings fit a file best. A template is of the form it was made for, or of
// none: then the first refuses it by name.
func (s *Bookfiles) fitting(u sheet.Upload, forms []*form.Definition) (*form.Definition, error) {
	best, most := forms[0], math.MinInt
	for _, d := range forms {
		b, err := sheet.Open(u, sheet.Limits{})
		if err != nil {
			return nil, err
		}
		if meta, ok, err := b.Meta(); err != nil || ok && meta.Form == d.Key {
			return d, err
		}
		reading, err := b.Read(sheet.Wanted{Form: d, On: s.host.Today()})
		if err != nil {
			continue // it does not fit, or is refused later with the reason
		}
		if n := fit(reading); n > most {
			best, most = d, n
		}
	}
	return best, nil
}

// fit says how well a form fits a file: first come columns that are not read wrongly, then the number of
// those that are read, then how few are left over.
func fit(reading *sheet.Reading) int {
	n := 100 * len(reading.Columns)
	for _, f := range reading.Findings {
		switch {
		case f.Severity == fault.Error:
			n -= 10_000
		case f.Key == "sheet.extra":
			n--
		}
	}
	return n
}

// keptAs is the subject under which the file of an intake is kept: its vouchers rest on it, and checking and
// applying read it again.
func keptAs(in intake.Intake) string { return "bookfile/" + strconv.FormatInt(in.ID, 10) }

type sentBody struct {
	Intake int64  `json:"intake"`
	Kind   string `json:"kind"`
	File   string `json:"file"`
}

// planKey names the plan of an intake; a changed book or chart makes another.
type planKey struct {
	home, intake int64
	file, chart  string
	book         int64
}

// plansMax is how many plans are remembered: an intake asks for its own again with each portion.
const plansMax = 4

// planOf reads the file of an intake as vouchers.
func (s *Bookfiles) planOf(r store.Reader, in intake.Intake) (*plan, ledger.Book, error) {
	b, err := bookOf(r, in)
	if err != nil {
		return nil, b, err
	}
	key := planKey{in.Home, in.ID, in.File, b.Chart, b.Version}
	s.mu.Lock()
	known := s.plans[key]
	s.mu.Unlock()
	if known != nil {
		return known, b, nil
	}
	made, err := s.makePlan(r, in, b)
	if err != nil {
		return nil, b, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.plans) >= plansMax {
		clear(s.plans)
	}
	s.plans[key] = made
	return made, b, nil
}

func (s *Bookfiles) makePlan(r store.Reader, in intake.Intake, b ledger.Book) (*plan, error) {
	finder, err := s.finder(b)
	if err != nil {
		return nil, err
	}
	reading, err := s.reading(r, in, s.formOf(in.Kind))
	if err != nil {
		return nil, err
	}
	p := newPlanner(finder, b, in.File)
	for e, err := range reading.Records(form.Context{On: s.host.Today()}) {
		if err != nil {
			return nil, err
		}
		p.add(entry{row: e.Row, record: e.Record, bad: fault.Stops(e.Findings)})
	}
	return p.finish(), nil
}

func (s *Bookfiles) formOf(kind string) *form.Definition {
	key := trimHistory(kind)
	for _, d := range slices.Concat(s.forms, s.openings) {
		if d.Key == key {
			return d
		}
	}
	return s.forms[0]
}

// finder is the finder of a book's chart.
func (s *Bookfiles) finder(b ledger.Book) (*cells.Finder, error) {
	chart, ok := s.ledger.Charts().Get(b.Chart)
	if !ok {
		return nil, fault.New(fault.Conflict, "bookfiles.no_chart", b.Chart)
	}
	return cells.NewFinder(chart, pinyin.Spell), nil
}

// checkVouchers holds a portion against the book, and tells what is wrong with its vouchers.
func (s *Bookfiles) checkVouchers(c *intake.Checking) error {
	p, b, err := s.planOf(c.Reader, c.Intake)
	if err != nil {
		return err
	}
	known, err := s.known(c.Reader, b, p, c.Rows)
	if err != nil {
		return err
	}
	for _, row := range c.Rows {
		for _, r := range p.remarks[row.Line] {
			c.Tell(row, r.field, r.finding)
		}
		v := p.of[row.Line]
		if v == nil || v.head != row.Line || v.draft.Date == "" {
			continue
		}
		for _, f := range s.dayFindings(b, v) {
			c.Tell(row, "date", f)
		}
		tell := func(field string, f fault.Finding) { c.Tell(row, field, f) }
		if isHistory(c.Intake) {
			known.history(v, tell)
		} else {
			known.missing(v, tell)
		}
		known.twins(v, tell)
	}
	return nil
}

// dayFindings are what is wrong with the day of a voucher.
func (s *Bookfiles) dayFindings(b ledger.Book, v *planned) []fault.Finding {
	day := v.draft.Date
	switch {
	case day < b.From || day >= b.Until:
		var until any = string(lastDay(b))
		if b.Until == period.Open {
			until = locale.Word("bookfiles.open_end")
		}
		return []fault.Finding{fault.Wrong("bookfiles.outside", v.name, string(b.From), until).
			Saw(string(day))}
	case month(day) <= b.Closed:
		return []fault.Finding{fault.Wrong("bookfiles.closed", v.name, month(day)).Saw(string(day))}
	case month(day) > month(s.host.Today()):
		return []fault.Finding{fault.Wrong("bookfiles.future", v.name).Saw(string(day))}
	}
	return nil
}

// chartOf is the chart of a book.
func (s *Bookfiles) chartOf(b ledger.Book) (*book.Chart, error) {
	f, err := s.finder(b)
	if err != nil {
		return nil, err
	}
	return f.Chart, nil
}

// ownerOf names the organisation whose books they are.
func ownerOf(b ledger.Book) registry.Ref { return registry.Ref{Home: b.Home, ID: b.Organisation} }
