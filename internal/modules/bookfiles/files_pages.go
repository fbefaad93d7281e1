package bookfiles

import (
	"bytes"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/plaintext"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// filesView is the page of a book's files: what comes in, what goes out, the next chart.
type filesView struct {
	Book         ledger.Book
	Organisation registry.Organisation
	Address      string
	Chart        string
	Ways         []wayView
	Earlier      []intakepage.Earlier
	Years        []int
	Formats      []plaintext.Format
	Next         []Way  // charts that can follow
	Run          string // address of the conversion; "" none was opened
	RunState     string
	MayEnter     bool
}

// wayView is a way to send a file.
type wayView struct {
	Title, Lead string
	Way         intakepage.Way
}

func (s *Bookfiles) filesPage(r *web.Request) (web.Answer, error) {
	b, o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	v := filesView{Book: b, Organisation: o, Address: Address(b.Ref()), Chart: b.Chart,
		Formats: plaintext.Formats, MayEnter: r.Can(ledger.MayEnter, b.Place)}
	if chart, err := s.chartOf(b); err == nil {
		v.Chart = chart.Title.In(r.Language)
	}
	way := func(key, template string) {
		v.Ways = append(v.Ways, wayView{r.T("bookfiles.way." + key), r.T("bookfiles.way." + key + ".lead"),
			intakepage.Way{Key: key, Action: v.Address + "/import",
				Template: v.Address + "/template?kind=" + template}})
	}
	if v.MayEnter {
		way(wayVouchers, wayVouchers)
	}
	if r.Can(ledger.MayOpen, b.Place) {
		way(wayOpening, wayOpening)
		way(wayHistory, wayVouchers)
	}
	for year := min(lastDay(b), r.Today()).Year(); year >= b.From.Year(); year-- {
		v.Years = append(v.Years, year)
	}
	if err := s.fillNext(r, &v); err != nil {
		return nil, err
	}
	if v.Earlier, err = s.files.Earlier(r, subject(b, o)); err != nil {
		return nil, err
	}
	return web.View("bookfiles/files", web.Page{Title: r.T("bookfiles.title"), Place: b.Place, Data: v,
		Trail: trail(r, b, o)[:1]}), nil
}

// fillNext tells of the charts that can follow and of the conversion to one.
func (s *Bookfiles) fillNext(r *web.Request, v *filesView) error {
	v.Next = s.Ways(v.Book)
	return s.host.Store.View(r.Context(), func(w *store.View) error {
		run, found, err := RunOf(w, v.Book.Ref())
		if found {
			v.Run, v.RunState = RunAddress(run.Ref()), string(run.State)
		}
		return err
	})
}

// templatePage answers with the file to fill in.
func (s *Bookfiles) templatePage(r *web.Request) (web.Answer, error) {
	b, o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	t, err := store.Read(r.Context(), s.host.Store, func(v *store.View) (blank, error) {
		return s.template(v, r.Language, b, r.Field("kind") == wayOpening)
	})
	if err != nil {
		return nil, err
	}
	return intakepage.Blank(o.Name+" "+t.Form.Title.In(r.Language), r.Field("format"), t)
}

// journalPage answers with the journal of a year as plain text.
func (s *Bookfiles) journalPage(r *web.Request) (web.Answer, error) {
	b, o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	year, err := r.Number("year")
	if err != nil {
		return nil, err
	}
	format := plaintext.Format(r.Field("format"))
	var body bytes.Buffer
	if err := s.WriteJournal(r.Context(), r.Actor, Export{b.Ref(), int(year), format, r.Language},
		&body); err != nil {
		return nil, err
	}
	return web.File(journalName(o, int(year), format), "text/plain; charset=utf-8", &body), nil
}

func journalName(o registry.Organisation, year int, format plaintext.Format) string {
	name := o.Name
	if year != 0 {
		name += " " + strconv.Itoa(year)
	}
	return name + format.Ending()
}

// frame is what the page of a file says around it.
func (s *Bookfiles) frame(r *web.Request, in intake.Intake, of intakepage.Subject) (f intakepage.Frame,
	err error) {
	what := wayVouchers
	switch {
	case isOpening(in):
		what = wayOpening
	case isHistory(in):
		what = wayHistory
	}
	b, err := store.Read(r.Context(), s.host.Store, func(v *store.View) (ledger.Book, error) {
		return bookOf(v, in)
	})
	return intakepage.Frame{About: of.Name, Apply: r.T("bookfiles.apply." + what),
		Trail: []web.Crumb{{Text: of.Name, Href: registry.Address(ownerOf(b))},
			{Text: r.T("bookfiles.title"), Href: Address(b.Ref())}},
		Links: []intakepage.Link{{Text: r.T("bookfiles.back"), Href: Address(b.Ref())}}}, err
}
