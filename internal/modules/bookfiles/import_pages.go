package bookfiles

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/plaintext"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

const (
	xlsxKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvKind  = "text/csv; charset=utf-8"
)

// filesView is the page of a book's files: what comes in, what goes out, the next chart.
type filesView struct {
	Book         ledger.Book
	Organisation registry.Organisation
	Address      string
	Chart        string
	Ways         []wayView
	Earlier      []earlierView
	Years        []int
	Formats      []plaintext.Format
	Next         string // title of the chart that follows; "" there is none
	NextDay      string
	Run          string // address of the conversion; "" none was opened
	RunState     string
	MayEnter     bool
}

// wayView is a way to send a file.
type wayView struct{ Key, Title, Lead, Template string }

type earlierView struct{ Name, Address, State, At string }

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
		v.Ways = append(v.Ways, wayView{key, r.T("bookfiles.way." + key), r.T("bookfiles.way." + key +
			".lead"),
			v.Address + "/template?kind=" + template})
	}
	if v.MayEnter {
		way("vouchers", "vouchers")
	}
	if r.Can(ledger.MayOpen, b.Place) {
		way("opening", "opening")
		way("history", "vouchers")
	}
	for year := min(lastDay(b), r.Today()).Year(); year >= b.From.Year(); year-- {
		v.Years = append(v.Years, year)
	}
	if err := s.fillNext(r, &v); err != nil {
		return nil, err
	}
	list, err := s.host.Intake.Of(r.Context(), r.Actor, b.Home, about(b))
	if err != nil {
		return nil, err
	}
	for _, in := range list {
		if s.ours(in) {
			v.Earlier = append(v.Earlier, earlierView{in.Name, intakeAddress(in), string(in.State),
				in.Created.String()})
		}
	}
	return web.View("bookfiles/files", web.Page{Title: r.T("bookfiles.title"), Place: b.Place, Data: v,
		Trail: trail(r, b, o)[:1]}), nil
}

// fillNext tells of the chart that follows and of the conversion to it.
func (s *Bookfiles) fillNext(r *web.Request, v *filesView) error {
	chart, conversion, ok := s.next(v.Book)
	if !ok || conversion.On > v.Book.Until {
		return nil
	}
	v.Next, v.NextDay = chart.Title.In(r.Language), string(conversion.On)
	return s.host.Store.View(r.Context(), func(w *store.View) error {
		run, found, err := RunOf(w, v.Book.Ref())
		if found {
			v.Run, v.RunState = RunAddress(run.Ref()), string(run.State)
		}
		return err
	})
}

func intakeAddress(in intake.Intake) string {
	return fmt.Sprintf("/book-imports/%d/%d", in.Home, in.ID)
}

// ours reports whether an intake is of this module.
func (s *Bookfiles) ours(in intake.Intake) bool {
	return in.Kind == openingForm || s.formOf(in).Key == trimHistory(in.Kind)
}

// templatePage answers with the file to fill in.
func (s *Bookfiles) templatePage(r *web.Request) (web.Answer, error) {
	b, o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	opening := r.Field("kind") == "opening"
	t, err := store.Read(r.Context(), s.host.Store, func(v *store.View) (blank, error) {
		return s.template(v, r.Language, b, opening)
	})
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	name, kind, write := o.Name+" "+t.Form.Title.In(r.Language)+".xlsx", xlsxKind, t.WriteXLSX
	if r.Field("format") == "csv" {
		name, kind, write = o.Name+" "+t.Form.Title.In(r.Language)+".csv", csvKind, t.WriteCSV
	}
	if _, err := write(&body); err != nil {
		return nil, err
	}
	return web.File(name, kind, &body), nil
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

// upload stages and checks a file; nothing of the books changes yet.
func (s *Bookfiles) upload(r *web.Request) (web.Answer, error) {
	file, header, err := r.Upload("file")
	if err != nil {
		return nil, err
	}
	if file == nil {
		return nil, fault.New(fault.Invalid, "bookfiles.no_file")
	}
	defer file.Close()
	b, _, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	f, err := wayOf(r.Field("kind"))
	if err != nil {
		return nil, err
	}
	f.actor, f.book = r.Actor, b
	f.upload = sheet.Upload{Name: header.Filename, Content: file, Size: header.Size}
	in, err := s.send(r.Context(), f)
	if err != nil {
		return nil, err
	}
	return web.Redirect(intakeAddress(in)), nil
}

// wayOf reads how a file is to take effect: vouchers, history, opening.
func wayOf(text string) (sending, error) {
	switch text {
	case "vouchers":
		return sending{manner: asDrafts}, nil
	case "history":
		return sending{manner: asHistory}, nil
	case "opening":
		return sending{kind: openingForm}, nil
	}
	return sending{}, fault.New(fault.Invalid, "bookfiles.way", text)
}

// taken is the intake of the address.
func (s *Bookfiles) taken(r *web.Request) (in intake.Intake, b ledger.Book, o registry.Organisation,
	err error) {
	home, id, err := ids(r)
	if err != nil {
		return in, b, o, err
	}
	in, err = s.host.Intake.Get(r.Context(), r.Actor, home, id)
	if err == nil && !s.ours(in) {
		err = fault.New(fault.NotFound, "web.no_page")
	}
	if err != nil {
		return in, b, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if b, err = bookOf(v, in); err != nil {
			return err
		}
		o, err = registry.Get(v, ownerOf(b))
		return err
	})
	return in, b, o, err
}

// intakeView is the page of a file being taken in.
type intakeView struct {
	intake.View
	Self, List string
	What       string // what applying does
}

func (s *Bookfiles) intakePage(r *web.Request) (web.Answer, error) {
	in, b, o, err := s.taken(r)
	if err != nil {
		return nil, err
	}
	viewer := intake.Viewer{Dictionary: s.host.Dictionary, Language: r.Language, Address: intakeAddress(in),
		Marked: true}
	filter := intake.Filter{Severity: fault.Severity(r.Field("severity")), After: r.Field("after")}
	if format := r.Field("format"); format != "" {
		return s.findingsFile(r, in, viewer, filter)
	}
	shown, err := s.host.Intake.View(r.Context(), r.Actor, in, viewer, filter)
	if err != nil {
		return nil, err
	}
	what := "vouchers"
	switch {
	case in.Kind == openingForm:
		what = "opening"
	case isHistory(in):
		what = "history"
	}
	v := intakeView{shown, intakeAddress(in), Address(b.Ref()), r.T("bookfiles.apply." + what)}
	page := web.Page{Title: in.Name, Place: in.Place, Data: v, Trail: trail(r, b, o)}
	if shown.Running || in.State == intake.Checked && r.Field(web.DoneField) != "" {
		page.Fresh = 2
	}
	return web.View("bookfiles/intake", page), nil
}

// findingsFile answers with what was found, as a list or in the cells of a copy of the file.
func (s *Bookfiles) findingsFile(r *web.Request, in intake.Intake, v intake.Viewer,
	f intake.Filter) (web.Answer, error) {
	table := s.host.Intake.Table(r.Context(), r.Actor, in, v, f)
	var body bytes.Buffer
	var err error
	switch r.Field("format") {
	case "csv":
		if _, err = sheet.WriteCSV(&body, table); err == nil {
			return web.File(in.Name+".csv", csvKind, &body), nil
		}
	case "xlsx":
		if _, err = sheet.WriteXLSX(&body, table); err == nil {
			return web.File(in.Name+".xlsx", xlsxKind, &body), nil
		}
	case "marked":
		if err = s.mark(r, in, &body); err == nil {
			return web.File(r.T("bookfiles.marked", in.Name)+".xlsx", xlsxKind, &body), nil
		}
	default:
		err = fault.New(fault.Unsupported, "web.format", r.Field("format"))
	}
	return nil, err
}

// mark writes a copy of a file with what was found in its cells.
func (s *Bookfiles) mark(r *web.Request, in intake.Intake, w io.Writer) error {
	upload, err := store.Read(r.Context(), s.host.Store, func(v *store.View) (sheet.Upload, error) {
		return s.content(v, in)
	})
	if err != nil {
		return err
	}
	marking := sheet.Marking{Dictionary: s.host.Dictionary, Language: r.Language}
	for found, err := range s.host.Intake.All(r.Context(), r.Actor, in, intake.Filter{}) {
		if err != nil {
			return err
		}
		marking.Findings = append(marking.Findings, found)
	}
	return marking.Write(w, upload)
}

// intakePosted goes on with a file: looks again, takes it over, or lets it go.
func (s *Bookfiles) intakePosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	in, _, _, err := s.taken(r)
	if err != nil {
		return nil, err
	}
	done := ""
	switch r.Field("act") {
	case "check":
		_, err = s.host.Intake.Check(r.Context(), r.Actor, in.Home, in.ID)
	case "apply":
		done, err = "?"+web.DoneField+"=bookfiles.ordered", s.order(r, in)
	case "cancel":
		_, err = s.host.Intake.Cancel(r.Context(), r.Actor, in.Home, in.ID)
	default:
		err = fault.New(fault.Invalid, "web.form")
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect(intakeAddress(in) + done), nil
}

// order lets a file take effect in the background.
func (s *Bookfiles) order(r *web.Request, in intake.Intake) error {
	explanation := r.Field("explanation")
	if err := releasable(in, explanation); err != nil {
		return err
	}
	return s.host.Store.Maintain(r.Context(), func(tx *store.Tx) error {
		_, err := s.host.Jobs.Enqueue(tx, jobs.Order{Home: in.Home, Kind: importJob, Place: in.Place,
			Subject: "intake/" + whole(in.ID), Actor: r.Actor.Account,
			Args: importArgs{in.Home, in.ID, explanation}})
		return err
	})
}
