package inventory

import (
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// RowEntry is what was found of one row among many: of the row with a number or, with number 0, of
// something that stands on no row.
type RowEntry struct {
	Number int64
	Form   string // of something found; a row keeps its own
	Name   string
	// Book is what the books say of a balance that stands on no row yet: only on a form without cards,
	// and only in the organisation's first check. Afterwards the books open with what was verified.
	Book money.Fen
	Entry
}

// Judge is the row as an entry would make it, or the refusal. Nothing is written.
func (n *Inventory) Judge(w Row, e Entry, by int64, today period.Date) (Row, error) {
	err := n.enter(&w, e, by, today)
	return w, err
}

// SetRows takes many entries over in one transaction, with one event for all of them. A row that an
// entry would leave as it is stays as it is, with who counted it. A row that somebody changed since
// its entry's version is refused as a conflict, and with it all. The caller has asked for permission.
func (n *Inventory) SetRows(tx *store.Tx, by int64, ref Ref, entries []RowEntry) error {
	c, err := getCheck(tx, ref)
	if err != nil {
		return err
	}
	if c, _, err = n.open(tx, c); err != nil {
		return err
	}
	before := c
	body := manyBody{}
	for _, e := range entries {
		if e.Number == 0 {
			err = n.addOne(tx, &c, e, by)
			body.Found++
		} else {
			err = n.setOne(tx, &c, e, by, &body)
		}
		if err != nil {
			return err
		}
	}
	if body == (manyBody{}) {
		return nil // as it was
	}
	if c != before {
		if err := checks.Update(tx, &c); err != nil {
			return err
		}
	}
	_, err = tx.Record(store.Event{Home: c.Home, Kind: "rows.counted", Subject: checkSubject(c.ID),
		Place: c.Place,
		Actor: by, Body: body})
	return err
}

type manyBody struct {
	Counted int64 `json:"counted"`
	Found   int64 `json:"found"`
}

// setOne takes one entry over into its row.
func (n *Inventory) setOne(tx *store.Tx, c *Check, e RowEntry, by int64, body *manyBody) error {
	w, err := getRow(tx, c.Ref(), e.Number)
	if err != nil {
		return err
	}
	if e.Version != 0 && e.Version != w.Version {
		return fault.New(fault.Conflict, "inventory.counted_since", w.Number, w.Name)
	}
	after, err := n.Judge(w, e.Entry, by, tx.Now().Date())
	if err != nil || e.Photo == nil && w.Same(after, e.Entry) {
		return err
	}
	if err := n.attach(tx, access.Actor{Account: by}, *c, &after, e.Entry); err != nil {
		return err
	}
	if w.Verdict == count.Uncounted {
		c.Counted++
	}
	body.Counted++
	return rows.Update(tx, &after)
}

// addOne enters something found.
func (n *Inventory) addOne(tx *store.Tx, c *Check, e RowEntry, by int64) error {
	if err := n.addable(tx, *c, e); err != nil {
		return err
	}
	w, err := n.Judge(foundRow(*c, e), e.Entry, by, tx.Now().Date())
	if err != nil {
		return err
	}
	if err := n.attach(tx, access.Actor{Account: by}, *c, &w, e.Entry); err != nil {
		return err
	}
	c.Rows, c.Counted, c.Carried = c.Rows+1, c.Counted+1, false
	return rows.Insert(tx, &w)
}

// Addable refuses what cannot become a row of a check. Nothing is written.
func (n *Inventory) Addable(r store.Reader, ref Ref, e RowEntry) error {
	c, err := getCheck(r, ref)
	if err != nil {
		return err
	}
	return n.addable(r, c, e)
}

// addable refuses what cannot become a row.
func (n *Inventory) addable(r store.Reader, c Check, e RowEntry) error {
	if _, ok := n.Forms().Form(e.Form); !ok {
		return fault.New(fault.Invalid, "inventory.no_form", e.Form)
	}
	if e.Name == "" || utf8.RuneCountInString(e.Name) > nameMax {
		return fault.New(fault.Invalid, "inventory.name", nameMax)
	}
	if c.Rows >= cardsMax {
		return fault.New(fault.TooLarge, "inventory.rows", cardsMax)
	}
	if e.Book == 0 {
		return nil
	}
	first, err := n.First(r, c)
	if err == nil && (!first || n.carded(e.Form)) {
		err = fault.New(fault.Invalid, "inventory.book_given")
	}
	return err
}

// First reports whether a check is the organisation's first: then the book amounts of forms without
// cards are entered with their rows.
func (n *Inventory) First(r store.Reader, c Check) (bool, error) {
	_, found, err := previous(r, c)
	return !found, err
}

// foundRow is the row of something that stood on none, before it is counted. What was found has no
// book amount.
func foundRow(c Check, e RowEntry) Row {
	return Row{Home: c.Home, Check: c.ID, Number: c.Rows + 1, Form: e.Form, Name: e.Name,
		Title: assets.Clear,
		Book:  e.Book}
}

// Same reports whether an entry left a row as it was, whoever counted it and, unless the entry says
// when, whenever.
func (w Row) Same(after Row, e Entry) bool {
	after.CountedBy = w.CountedBy
	if e.On == "" {
		after.CountedOn = w.CountedOn
	}
	return w == after
}
