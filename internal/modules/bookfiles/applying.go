package bookfiles

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// enterDrafts enters the vouchers of a file. One that is in the book already is left as it is there; one
// that is refused is told of at its row.
func (s *Bookfiles) enterDrafts(ctx context.Context, actor access.Actor, in intake.Intake) error {
	p, err := store.Read(ctx, s.host.Store, func(v *store.View) (*plan, error) {
		p, _, err := s.planOf(v, in)
		return p, err
	})
	if err != nil {
		return err
	}
	list := make([]ledger.ToEnter, len(p.vouchers))
	for i, v := range p.vouchers {
		list[i].Draft = v.draft
		list[i].Draft.Attachments = []string{in.File}
	}
	_, err = s.ledger.EnterMany(ctx, actor, list)
	return err
}

// applyVouchers marks the rows of vouchers that are in the book; of history it posts those whose
// first rows
// are in the portion. A voucher that was refused refuses its rows.
func (s *Bookfiles) applyVouchers(tx *store.Tx, in intake.Intake, rows []intake.Row) error {
	p, b, err := s.planOf(tx, in)
	if err != nil {
		return err
	}
	there, err := present(tx, b, p, rows)
	if err != nil {
		return err
	}
	if isHistory(in) {
		if err := s.takeOver(tx, in, b, p.heads(rows), there); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if v := p.of[row.Line]; v != nil && there[v.draft.Source] == 0 {
			return s.refusal(tx, in, v)
		}
	}
	return nil
}

// present are the sources of the vouchers of some rows that are in the book, each with its voucher.
func present(r store.Reader, b ledger.Book, p *plan, rows []intake.Row) (map[string]int64, error) {
	var sources []string
	var last *planned
	for _, row := range rows {
		if v := p.of[row.Line]; v != nil && v != last {
			sources, last = append(sources, v.draft.Source), v
		}
	}
	return ledger.Taken(r, b.Ref(), sources)
}

// refusal is why a voucher of a file did not enter the book.
func (s *Bookfiles) refusal(r store.Reader, in intake.Intake, v *planned) error {
	dry, err := s.ledger.DryRun(r, access.Machine, v.draft)
	if err != nil {
		return err
	}
	if dry.Refusal != nil {
		return dry.Refusal
	}
	return fault.New(fault.Conflict, "bookfiles.voucher_refused", v.name, v.head)
}

// heads are the vouchers whose first rows are among some.
func (p *plan) heads(rows []intake.Row) []*planned {
	var all []*planned
	for _, row := range rows {
		if v := p.of[row.Line]; v != nil && v.head == row.Line {
			all = append(all, v)
		}
	}
	return all
}

// takeOver posts vouchers of the past. They keep the numbers they had, or none of them is taken.
// What is in
// the book already is left as it is there.
func (s *Bookfiles) takeOver(tx *store.Tx, in intake.Intake, b ledger.Book, heads []*planned,
	there map[string]int64) error {
	var drafts []ledger.Draft
	words := map[string]string{}
	for _, v := range heads {
		if there[v.draft.Source] == 0 {
			d := v.draft
			d.Attachments = []string{in.File}
			drafts = append(drafts, d)
			words[d.Source] = v.word
		}
	}
	if len(drafts) == 0 {
		return nil
	}
	if from, err := begun(tx, b); err != nil {
		return err
	} else if from != "" && slices.ContainsFunc(drafts,
		func(d ledger.Draft) bool { return month(d.Date) >= from }) {
		return fault.New(fault.Conflict, "bookfiles.kept_here_now", from)
	}
	posted, _, err := s.ledger.PostAll(tx, access.Actor{Account: in.Actor}, drafts)
	if err != nil {
		return err
	}
	for _, v := range posted {
		there[v.Source] = v.ID
		if word := words[v.Source]; word != "" && word != v.Word() {
			return fault.New(fault.Conflict, "bookfiles.number_moved", word, v.Word())
		}
	}
	return nil
}

// openingOf reads the file of an intake as opening balances.
func (s *Bookfiles) openingOf(r store.Reader, in intake.Intake) (*openingPlan, ledger.Book, error) {
	b, err := bookOf(r, in)
	if err != nil {
		return nil, b, err
	}
	finder, err := s.finder(b)
	if err != nil {
		return nil, b, err
	}
	reading, err := s.reading(r, in, s.formOf(in.Kind))
	if err != nil {
		return nil, b, err
	}
	p := newOpeningPlan(finder)
	for e, err := range reading.Records(form.Context{On: s.host.Today()}) {
		if err != nil {
			return nil, b, err
		}
		p.add(entry{row: e.Row, record: e.Record, bad: fault.Stops(e.Findings)})
	}
	return p.finish(), b, nil
}

// reading opens the kept file of an intake.
func (s *Bookfiles) reading(r store.Reader, in intake.Intake, d *form.Definition) (*sheet.Reading, error) {
	upload, err := s.files.Content(r, in)
	if err != nil {
		return nil, err
	}
	file, err := sheet.Open(upload, sheet.Limits{})
	if err != nil {
		return nil, err
	}
	return file.Read(sheet.Wanted{Form: d, Sheet: in.Sheet, On: s.host.Today()})
}

// checkOpening tells what is wrong with opening balances.
func (s *Bookfiles) checkOpening(c *intake.Checking) error {
	p, b, err := s.openingOf(c.Reader, c.Intake)
	if err != nil {
		return err
	}
	for _, row := range c.Rows {
		for _, r := range p.remarks[row.Line] {
			c.Tell(row, r.field, r.finding)
		}
		if row.Line != p.first {
			continue
		}
		switch {
		case b.Closed != "":
			c.Tell(row, "", fault.Wrong("bookfiles.opening_closed", b.Closed))
		case b.Opening:
			c.Tell(row, "", fault.Doubt("bookfiles.opening_there"))
		}
	}
	return nil
}

// enterOpening enters the balances of a file, all at once.
func (s *Bookfiles) enterOpening(ctx context.Context, actor access.Actor, in intake.Intake) error {
	var p *openingPlan
	var b ledger.Book
	err := s.host.Store.View(ctx, func(v *store.View) (err error) {
		p, b, err = s.openingOf(v, in)
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.ledger.SetOpening(ctx, actor, b.Ref(), b.Version, p.balances)
	return err
}

// applyOpening marks rows; their balances stand in the book.
func (s *Bookfiles) applyOpening(tx *store.Tx, in intake.Intake, _ []intake.Row) error {
	b, err := bookOf(tx, in)
	if err == nil && !b.Opening {
		err = fault.New(fault.Conflict, "bookfiles.no_opening")
	}
	return err
}
