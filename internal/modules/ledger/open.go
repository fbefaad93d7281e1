package ledger

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Opening asks for books.
type Opening struct {
	Organisation registry.Ref
	Chart        string
	From         period.Date // first day of a month
}

// openedBody is what the event of opened books says.
type openedBody struct {
	Organisation int64       `json:"organisation"`
	Chart        string      `json:"chart"`
	From         period.Date `json:"from"`
	Until        period.Date `json:"until"`
}

// OpenBook opens the books of an organisation under a chart. They end with the chart.
func (l *Ledger) OpenBook(ctx context.Context, actor access.Actor, o Opening) (Book, error) {
	var done Book
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		owner, err := registry.Get(tx, o.Organisation)
		if err != nil {
			return err
		}
		if err := l.host.Access.Require(actor, MayOpen, owner.Place); err != nil {
			return err
		}
		if owner.Status != registry.Active {
			return fault.New(fault.Conflict, "ledger.organisation_ended")
		}
		if done, err = l.newBook(o); err != nil {
			return err
		}
		if err := l.apart(tx, done); err != nil {
			return err
		}
		done.Place = owner.Place
		if done.ID, err = tx.NextID(done.Home, "ledger_book"); err != nil {
			return err
		}
		if err := books.Insert(tx, &done); err != nil {
			return err
		}
		if err := gates.Insert(tx, &gateRow{Home: done.Home, Book: done.ID}); err != nil {
			return err
		}
		if err := l.restate(tx, done, done.From.Year()); err != nil {
			return err
		}
		return recordBook(tx, actor, done, "book.opened")
	})
	return done, err
}

// newBook is the row of opened books, or a refusal of what is asked.
func (l *Ledger) newBook(o Opening) (Book, error) {
	chart, ok := l.Charts().Get(o.Chart)
	switch {
	case !ok:
		return Book{}, fault.New(fault.NotFound, "ledger.no_chart", o.Chart)
	case !o.From.Valid() || o.From.Day() != 1 || !chart.HoldsOn(o.From):
		return Book{}, fault.New(fault.Invalid, "ledger.book_day", string(chart.From), string(chart.Until))
	case record.MonthOf(o.From) > record.MonthOf(l.host.Today()):
		return Book{}, fault.New(fault.Conflict, "ledger.future", record.MonthOf(l.host.Today()))
	}
	until := period.Open
	if chart.Until != period.Open {
		until = chart.Until.AddDays(1)
	}
	return Book{Home: o.Organisation.Home, Organisation: o.Organisation.ID, Chart: o.Chart, From: o.From,
		Until: until}, nil
}

// apart refuses books that run while others of the organisation do.
func (l *Ledger) apart(r store.Reader, b Book) error {
	others, err := BooksOf(r, ownerOf(b))
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.From < b.Until && b.From < other.Until {
			return fault.New(fault.Conflict, "ledger.books_overlap", string(other.From))
		}
	}
	return nil
}

func recordBook(tx *store.Tx, actor access.Actor, b Book, kind string) error {
	_, err := tx.Record(store.Event{Home: b.Home, Kind: kind, Subject: bookSubject(b.ID), Place: b.Place,
		Actor: actor.Account, Body: openedBody{b.Organisation, b.Chart, b.From, b.Until}})
	return err
}

// EndBook ends books with a day, their last: its month and all before it are closed.
func (l *Ledger) EndBook(ctx context.Context, actor access.Actor, ref Ref, version int64,
	last period.Date) (Book, error) {
	var done Book
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := l.bookAt(tx, actor, MayOpen, ref, version)
		if err != nil {
			return err
		}
		if !last.Valid() || last < b.From || last >= b.Until || last.AddDays(1).Day() != 1 {
			return fault.New(fault.Invalid, "ledger.end_day")
		}
		if b.Closed != record.MonthOf(last) {
			return fault.New(fault.Conflict, "ledger.end_open", record.MonthOf(last))
		}
		if v, found, err := vouchers.First(tx,
			"WHERE home = ? AND book = ? AND date > ? ORDER BY date DESC",
			b.Home, b.ID, last); err != nil || found {
			if err == nil {
				err = fault.New(fault.Conflict, "ledger.end_later", string(last), string(v.Date))
			}
			return err
		}
		b.Until = last.AddDays(1)
		if err := books.Update(tx, &b); err != nil {
			return err
		}
		done = b
		return recordBook(tx, actor, b, "book.ended")
	})
	return done, err
}

// bookAt reads a book for a change and keeps everybody else at its gate.
func (l *Ledger) bookAt(tx *store.Tx, actor access.Actor, permit access.Permit, ref Ref,
	version int64) (Book, error) {
	b, err := Get(tx, ref)
	if err != nil {
		return b, err
	}
	if err := l.host.Access.Require(actor, permit, b.Place); err != nil {
		return b, err
	}
	if err := hold(tx, ref); err != nil {
		return b, err
	}
	if b, err = Get(tx, ref); err == nil && b.Version != version {
		err = fault.New(fault.Stale, "store.stale")
	}
	return b, err
}

// SetOpening enters the balances with which books begin, all of them, in place of what was entered
// before; until the first month is closed. They sum to zero.
func (l *Ledger) SetOpening(ctx context.Context, actor access.Actor, ref Ref, version int64,
	balances []book.Balance) (Book, error) {
	var done Book
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := l.bookAt(tx, actor, MayOpen, ref, version)
		if err != nil {
			return err
		}
		if b.Closed != "" {
			return fault.New(fault.Conflict, "ledger.month_closed", b.Closed)
		}
		rows, err := l.openingRows(b, balances)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM ledger_opening WHERE home = ? AND book = ? AND year = ?", b.Home,
			b.ID,
			b.From.Year()); err != nil {
			return err
		}
		if err := openings.Bulk(tx, rows); err != nil {
			return err
		}
		b.Opening, b.OpeningHash = true, record.SealOpening(rows)
		if err := books.Update(tx, &b); err != nil {
			return err
		}
		done = b
		_, err = tx.Record(store.Event{Home: b.Home, Kind: "book.opening_entered",
			Subject: bookSubject(b.ID),
			Place:   b.Place, Actor: actor.Account, Body: hashBody{b.OpeningHash}})
		return err
	})
	return done, err
}

type hashBody struct {
	Hash string `json:"hash"`
}

// openingRows are the balances a book begins with, checked and in order.
func (l *Ledger) openingRows(b Book, balances []book.Balance) ([]record.OpeningRow, error) {
	chart, err := l.chartOf(b)
	if err != nil {
		return nil, err
	}
	return record.CheckOpening(chart, b, balances)
}
