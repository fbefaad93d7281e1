package bookfiles

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/cells"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
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
	importJob   = "bookfiles.import"
)

// fileMax is how many bytes a file may have.
const fileMax = 32 << 20

// register makes the kinds of files known to the intake.
func (s *Bookfiles) register() error {
	for _, d := range s.forms {
		for manner, permit := range map[string]access.Permit{asDrafts: ledger.MayEnter,
			asHistory: ledger.MayOpen} {
			if err := s.host.Intake.Register(intake.Kind{Key: d.Key + manner, Form: d, Permit: permit,
				Wanted: s.wanted, Context: s.context, Check: s.checkVouchers,
				ApplyAll: s.applyVouchers}); err != nil {
				return err
			}
		}
	}
	return s.host.Intake.Register(intake.Kind{Key: openingForm, Form: s.opening, Permit: ledger.MayOpen,
		Wanted: s.wanted, Context: s.context, Check: s.checkOpening, ApplyAll: s.applyOpening})
}

func (s *Bookfiles) context(context.Context, intake.Intake) (form.Context, error) {
	return form.Context{On: s.host.Today()}, nil
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

// wanted refuses a template that was made for another book.
func (s *Bookfiles) wanted(ctx context.Context, in intake.Intake) (sheet.Wanted, error) {
	var w sheet.Wanted
	err := s.host.Store.View(ctx, func(v *store.View) error {
		b, err := bookOf(v, in)
		if err != nil {
			return err
		}
		o, err := registry.Get(v, ownerOf(b))
		w = sheet.Wanted{Organisation: b.Ref().String(), OrganisationName: o.Name, On: s.host.Today()}
		return err
	})
	return w, err
}

// sending is a file on its way into a book.
type sending struct {
	actor  access.Actor
	book   ledger.Book
	upload sheet.Upload
	kind   string // "": the form of vouchers that fits best
	manner string
}

// send stages a file, keeps it, and checks it. Nothing of the books changes yet.
func (s *Bookfiles) send(ctx context.Context, f sending) (intake.Intake, error) {
	if f.kind == "" {
		d, err := s.fitting(f.upload)
		if err != nil {
			return intake.Intake{}, err
		}
		f.kind = d.Key + f.manner
	}
	in, _, err := s.host.Intake.Stage(ctx, intake.Request{Actor: f.actor, Kind: f.kind, Home: f.book.Home,
		Subject: about(f.book), Place: f.book.Place, Upload: f.upload})
	if err != nil {
		return in, err
	}
	if err := s.keep(ctx, f, in); err != nil {
		return in, err
	}
	if in.State == intake.Staged || in.State == intake.Checked {
		in, err = s.host.Intake.Check(ctx, f.actor, in.Home, in.ID)
	}
	return in, err
}

// fitting is the form of vouchers whose headings fit a file best.
func (s *Bookfiles) fitting(u sheet.Upload) (*form.Definition, error) {
	best, most := s.forms[0], 0
	for _, d := range s.forms {
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
		if n := len(reading.Columns); n > most {
			best, most = d, n
		}
	}
	return best, nil
}

// keptAs is the subject under which the file of an intake is kept.
func keptAs(in intake.Intake) string { return "bookfile/" + strconv.FormatInt(in.ID, 10) }

// keep keeps the file: its vouchers rest on it, and checking and applying read it again.
func (s *Bookfiles) keep(ctx context.Context, f sending, in intake.Intake) error {
	known, err := store.Read(ctx, s.host.Store, func(v *store.View) (bool, error) {
		_, found, err := keptFile(v, in)
		return found, err
	})
	if err != nil || known {
		return err
	}
	blob, err := s.host.Files.Put(ctx, f.upload.Name, io.NewSectionReader(f.upload.Content, 0,
		f.upload.Size))
	if err != nil {
		return err
	}
	return s.host.Store.Write(ctx, func(tx *store.Tx) error {
		if _, found, err := keptFile(tx, in); err != nil || found {
			return err
		}
		_, err := s.host.Files.Attach(tx, blob, files.Belongs{Home: in.Home, Subject: keptAs(in),
			Place: in.Place, Purpose: "sheet", Actor: f.actor.Account})
		if err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: in.Home, Kind: "bookfile.sent", Subject: in.Subject,
			Place: in.Place, Actor: f.actor.Account, Body: sentBody{in.ID, in.Kind, blob.Hash}})
		return err
	})
}

type sentBody struct {
	Intake int64  `json:"intake"`
	Kind   string `json:"kind"`
	File   string `json:"file"`
}

func keptFile(r store.Reader, in intake.Intake) (files.File, bool, error) {
	all, err := files.Of(r, in.Home, keptAs(in))
	at := slices.IndexFunc(all, func(f files.File) bool { return f.Hash == in.File })
	if err != nil || at < 0 {
		return files.File{}, false, err
	}
	return all[at], true, nil
}

// content reads the file of an intake.
func (s *Bookfiles) content(r store.Reader, in intake.Intake) (sheet.Upload, error) {
	f, found, err := keptFile(r, in)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "files.absent")
	}
	if err != nil {
		return sheet.Upload{}, err
	}
	body, err := s.host.Files.Open(f)
	if err != nil {
		return sheet.Upload{}, err
	}
	defer body.Close()
	bytesOf, err := io.ReadAll(io.LimitReader(body, fileMax+1))
	return sheet.Upload{Name: in.Name, Content: bytes.NewReader(bytesOf), Size: int64(len(bytesOf))}, err
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
	reading, err := s.reading(r, in, s.formOf(in))
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

func (s *Bookfiles) formOf(in intake.Intake) *form.Definition {
	key := trimHistory(in.Kind)
	for _, d := range s.forms {
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
		if isHistory(c.Intake) {
			known.history(v, func(field string, f fault.Finding) { c.Tell(row, field, f) })
		}
		known.twins(v, func(field string, f fault.Finding) { c.Tell(row, field, f) })
	}
	return nil
}

// dayFindings are what is wrong with the day of a voucher.
func (s *Bookfiles) dayFindings(b ledger.Book, v *planned) []fault.Finding {
	day := v.draft.Date
	switch {
	case day < b.From || day >= b.Until:
		return []fault.Finding{fault.Wrong("bookfiles.outside", v.name, string(b.From),
			string(lastDay(b))).Saw(string(day))}
	case month(day) <= b.Closed:
		return []fault.Finding{fault.Wrong("bookfiles.closed", v.name, month(day)).Saw(string(day))}
	case month(day) > month(s.host.Today()):
		return []fault.Finding{fault.Wrong("bookfiles.future", v.name).Saw(string(day))}
	}
	return nil
}

// importArgs is what the job of an import is told.
type importArgs struct {
	Home        int64  `json:"home"`
	Intake      int64  `json:"intake"`
	Explanation string `json:"explanation"`
}

// runImport applies an intake in the background, in the name of whoever asked.
func (s *Bookfiles) runImport(ctx context.Context, run *jobs.Run) error {
	var args importArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	actor, err := store.Read(ctx, s.host.Store, func(v *store.View) (access.Actor, error) {
		return s.host.Identity.Person(v, run.Job.Actor, s.host.Today())
	})
	if err != nil {
		return err
	}
	_, err = s.apply(ctx, intake.Order{Actor: actor, Home: args.Home, ID: args.Intake,
		Explanation: args.Explanation, Progress: func(done, total int64) error {
			return run.Tell(ctx, jobs.Progress{Step: "apply", Done: done, Total: total})
		}})
	return err
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
