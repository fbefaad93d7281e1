package counting

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// sheetSubject is the subject of sheets that were sent: sheet/12 for those of check 12.
const sheetSubject = "sheet"

func subjectOf(ref inventory.Ref) string { return sheetSubject + "/" + strconv.FormatInt(ref.ID, 10) }

// checkOf finds the check that an intake is about.
func checkOf(in intake.Intake) (inventory.Ref, error) {
	_, text, _ := strings.Cut(in.Subject, "/")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return inventory.Ref{}, fault.New(fault.NotFound, "inventory.no_check")
	}
	return inventory.Ref{Home: in.Home, ID: id}, nil
}

// kind is how a counting sheet is taken in.
func (g *Counting) kind(d *form.Definition) intake.Kind {
	only := ""
	for _, f := range g.inventory.Forms().All {
		if f.Sheet() == d {
			only = f.Key
		}
	}
	k := &sheetKind{g, only}
	return intake.Kind{Key: d.Key, Form: d, Permit: inventory.MayCount, Wanted: k.wanted,
		Context: func(context.Context, intake.Intake) (form.Context,
			error) {
			return g.context(g.host.Today()), nil
		},
		Check: k.check, Before: k.before, ApplyAll: k.apply}
}

// sheetKind takes in the sheet of all forms or of one only.
type sheetKind struct {
	*Counting
	only string
}

// wanted: a sheet is of its check and year.
func (k *sheetKind) wanted(ctx context.Context, in intake.Intake) (sheet.Wanted, error) {
	ref, err := checkOf(in)
	if err != nil {
		return sheet.Wanted{}, err
	}
	c, err := store.Read(ctx, k.host.Store, func(v *store.View) (inventory.Check, error) {
		return k.inventory.See(ctx, v, ref)
	})
	return sheet.Wanted{Organisation: reference(c), OrganisationName: c.Name, Period: strconv.Itoa(c.Year),
		On: k.host.Today()}, err
}

// matched is a row of a sheet beside the row of the check that it speaks of.
type matched struct {
	before inventory.Row // its number is 0 for something found
	after  inventory.Row
	entry  inventory.RowEntry
	blank  bool // nothing was counted
	since  bool // it was counted after the sheet was made, and otherwise
}

// match finds what a row of a sheet speaks of, and what it would become.
func (k *sheetKind) match(r store.Reader, ref inventory.Ref, in intake.Row, by int64) (m matched,
	err error) {
	version, err := k.find(r, ref, in, &m)
	if err != nil || m.blank {
		return m, err
	}
	f, err := k.formOf(m.before)
	if err != nil {
		return m, err
	}
	if k.only != "" && f.Key != k.only {
		return m, fault.New(fault.Invalid, "counting.other_form", m.before.Name, f.Title)
	}
	e, err := k.entryOf(in.Record, m.before, f)
	if err != nil {
		return m, err
	}
	if in.Ref == "" && m.before.Number != 0 {
		keep(&e, m.before)
	}
	m.entry = inventory.RowEntry{Number: m.before.Number, Form: f.Key, Name: m.before.Name, Entry: e}
	if m.before.Number == 0 {
		m.entry.Book = m.before.Book
		if err := k.inventory.Addable(r, ref, m.entry); err != nil {
			return m, err
		}
	}
	if m.after, err = k.inventory.Judge(m.before, e, by, k.host.Today()); err != nil {
		return m, err
	}
	m.since = version != 0 && version != m.before.Version && !m.before.Same(m.after, e)
	return m, nil
}

// find finds the row that a row of a sheet speaks of: by its reference, by number and name, or none.
func (k *sheetKind) find(r store.Reader, ref inventory.Ref, in intake.Row, m *matched) (version int64,
	err error) {
	record := in.Record
	number, name := record.Int("number"), record.Text("name")
	if in.Ref != "" {
		var ok bool
		if number, version, ok = parseRef(in.Ref); !ok {
			return 0, fault.New(fault.Invalid, "counting.no_such_row", in.Ref, name)
		}
	}
	m.blank = record.Text("verdict") == ""
	if number == 0 {
		m.before = inventory.Row{Home: ref.Home, Check: ref.ID, Form: record.Text("form"), Name: name,
			Book: record.Money("book")}
		if k.only != "" {
			m.before.Form = k.only
		}
		if m.blank {
			err = fault.New(fault.Invalid, "counting.no_verdict", name)
		}
		return 0, err
	}
	m.before, err = getRow(r, ref, number)
	if fault.Is(err, fault.NotFound) || err == nil && form.Fold(m.before.Name) != form.Fold(name) {
		err = fault.New(fault.Invalid, "counting.no_such_row", number, name)
	}
	return version, err
}

// keep leaves as it is what a sheet that is no template of ours may not have asked.
func keep(e *inventory.Entry, w inventory.Row) {
	for _, one := range []struct {
		given *string
		kept  string
	}{{&e.UseState, w.UseState}, {&e.LandUse, w.LandUse}, {&e.Keeper, w.Keeper}, {&e.Remark, w.Remark}} {
		if *one.given == "" {
			*one.given = one.kept
		}
	}
	for key, value := range w.Details() {
		if e.Detail != nil && e.Detail[key] == "" {
			e.Detail[key] = value
		}
	}
}

// check holds a portion of a sheet against the rows of its check.
func (k *sheetKind) check(c *intake.Checking) error {
	ref, err := checkOf(c.Intake)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, row := range c.Rows {
		m, err := k.match(c.Reader, ref, row, c.Intake.Actor)
		if err != nil {
			f := fault.Of(err)
			if f.Code != fault.Invalid {
				return err
			}
			c.Tell(row, fieldOf(f), fault.Wrong(f.Key, f.Args...))
			continue
		}
		if m.blank {
			continue
		}
		if err := k.doubt(c, row, m, ref, seen); err != nil {
			return err
		}
	}
	return nil
}

// doubt warns of what may be overwritten, entered twice, or meant for another row.
func (k *sheetKind) doubt(c *intake.Checking, row intake.Row, m matched, ref inventory.Ref,
	seen map[string]bool) error {
	w := m.before
	if w.Number != 0 {
		key := strconv.FormatInt(w.Number, 10)
		if seen[key] {
			c.Tell(row, "number", fault.Wrong("counting.row_twice", w.Number))
		}
		seen[key] = true
		if m.since {
			c.Tell(row, "verdict", fault.Doubt("inventory.counted_since", w.Number, w.Name))
		}
		return nil
	}
	key := w.Form + " " + form.Fold(w.Name)
	if seen[key] {
		c.Tell(row, "name", fault.Doubt("counting.found_twice", w.Name))
	}
	seen[key] = true
	other, found, err := named(c.Reader, ref, w.Form, w.Name)
	if found {
		c.Tell(row, "name", fault.Doubt("counting.duplicate", w.Name, other.Number))
	}
	return err
}

// before refuses a sheet whose check is not being counted any more.
func (k *sheetKind) before(ctx context.Context, a access.Actor, in intake.Intake) error {
	ref, err := checkOf(in)
	if err != nil {
		return err
	}
	return k.host.Store.View(ctx, func(v *store.View) error {
		c, err := k.inventory.See(access.With(ctx, a), v, ref)
		if err == nil && c.Stage != inventory.Counting {
			err = fault.New(fault.Conflict, "inventory.not_counting")
		}
		return err
	})
}

// apply takes a portion of a sheet over. What was counted since the check of the sheet is refused,
// unless the warnings were explained.
func (k *sheetKind) apply(tx *store.Tx, in intake.Intake, portion []intake.Row) error {
	ref, err := checkOf(in)
	if err != nil {
		return err
	}
	var entries []inventory.RowEntry
	for _, row := range portion {
		m, err := k.match(tx, ref, row, in.Actor)
		if err != nil {
			return err
		}
		if m.since && in.Explanation == "" {
			return fault.New(fault.Conflict, "inventory.counted_since", m.before.Number, m.before.Name)
		}
		if !m.blank && (m.entry.Number == 0 || !m.before.Same(m.after, m.entry.Entry)) {
			entries = append(entries, m.entry)
		}
	}
	return k.inventory.SetRows(tx, in.Actor, ref, entries)
}

// kindOfFile tells by what a file says of itself which sheet it is; one that says nothing is taken as
// the sheet of all forms.
func (g *Counting) kindOfFile(u sheet.Upload) (string, error) {
	book, err := sheet.Open(u, sheet.Limits{})
	if err != nil {
		return "", err
	}
	meta, _, err := book.Meta()
	return g.sheetKey(meta.Form), err
}

// sheetKey is the key of a sheet, that of all forms for any other text.
func (g *Counting) sheetKey(key string) string {
	for _, f := range g.inventory.Forms().All {
		if f.Sheet().Key == key {
			return key
		}
	}
	return g.inventory.Forms().Sheet().Key
}

// actorMay reports whether somebody may count in a check.
func (g *Counting) actorMay(a access.Actor, c inventory.Check) bool {
	return c.Stage == inventory.Counting && g.host.Access.Can(a, inventory.MayCount, c.Place)
}
