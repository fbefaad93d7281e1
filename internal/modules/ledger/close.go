package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/query"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/ledger/refusal"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// What is done to a month.
const (
	MonthClosed   = record.MonthClosed
	MonthReopened = record.MonthReopened
)

// Closed is what became of one book when a month was closed.
type Closed struct {
	Book     Book
	Err      error           // nil: the month is closed
	Findings []fault.Finding // what should be put right: balances that should be gone at a year's end
}

// Close closes the next open month of a book; December closes the year with it. No draft of the month
// may be left, and the month is over.
func (l *Ledger) Close(ctx context.Context, actor access.Actor, ref Ref, month string) (Closed, error) {
	var done Closed
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := Get(tx, ref)
		if err != nil {
			return err
		}
		if err := l.host.Access.Require(actor, MayClose, b.Place); err != nil {
			return err
		}
		c, err := l.closing(actor, ref.Home, month)
		if err != nil {
			return err
		}
		all, err := c.close(tx, []int64{ref.ID})
		if err != nil {
			return err
		}
		if done = all[0]; done.Err != nil {
			return done.Err
		}
		return l.orderFigures(tx, ref.Home, c.month.Year())
	})
	return done, err
}

// CloseYear closes the last month of a year: income and expense go into the result, the result into its
// distribution, and the balances become the opening rows of the next year.
func (l *Ledger) CloseYear(ctx context.Context, actor access.Actor, ref Ref, year int) (Closed, error) {
	return l.Close(ctx, actor, ref, strconv.Itoa(year)+december)
}

const december = "-12"

// closing is a month being closed in some books of a home.
type closing struct {
	l     *Ledger
	actor access.Actor
	home  int64
	month period.Period
}

func (l *Ledger) closing(actor access.Actor, home int64, month string) (*closing, error) {
	p, err := period.Parse(month)
	if err != nil || p.Kind() != period.Month {
		return nil, fault.New(fault.Invalid, "ledger.month")
	}
	if p.Last() > l.host.Today() {
		return nil, fault.New(fault.Conflict, "ledger.month_runs", month)
	}
	return &closing{l, actor, home, p}, nil
}

type bookCount struct {
	Book   int64 `db:"book"`
	Number int64 `db:"number"`
}

// counts reads a number for each of some books.
func (c *closing) counts(r store.Reader, text, rest string, ids []int64, more ...any) (map[int64]int64,
	error) {
	in, args := query.Among("book", ids)
	rows, err := store.All[bookCount](r, text+" WHERE home = ? AND "+in+rest+" GROUP BY book",
		slices.Concat([]any{c.home}, args, more)...)
	all := map[int64]int64{}
	for _, row := range rows {
		all[row.Book] = row.Number
	}
	return all, err
}

// close closes the month in books of the home, whose gates it keeps. It says of each what became of it;
// an error is a fault of the machine. Nothing is recorded if no book could be closed.
func (c *closing) close(tx *store.Tx, ids []int64) ([]Closed, error) {
	in, args := query.Among("book", ids)
	if _, err := tx.Exec("UPDATE ledger_gate SET posted = posted + 1 WHERE home = ? AND "+in,
		slices.Concat([]any{c.home}, args)...); err != nil {
		return nil, err
	}
	in, args = query.Among("id", ids)
	list, err := books.All(tx, "WHERE home = ? AND "+in+" ORDER BY id", slices.Concat([]any{c.home},
		args)...)
	if err != nil {
		return nil, err
	}
	drafts, err := c.counts(tx, "SELECT book, count(*) AS number FROM ledger_voucher",
		" AND date <= ? AND status <> 'posted'", ids, string(c.month.Last()))
	if err != nil {
		return nil, err
	}
	all := make([]Closed, len(list))
	var open []*Closed
	for i, b := range list {
		all[i] = Closed{Book: b, Err: b.Closable(c.month, drafts[b.ID])}
		if all[i].Err == nil {
			open = append(open, &all[i])
		}
	}
	if len(open) > 0 && c.month.Last() == period.OfYear(c.month.Year()).Last() {
		if open, err = c.closeYears(tx, open); err != nil {
			return nil, err
		}
	}
	if len(open) == 0 {
		return all, nil
	}
	return all, c.seal(tx, open)
}

// seal writes down that the month is closed: what its vouchers were, and what the statements say.
func (c *closing) seal(tx *store.Tx, open []*Closed) error {
	list := make([]Book, len(open))
	ids := make([]int64, len(open))
	for i, o := range open {
		list[i], ids[i] = o.Book, o.Book.ID
	}
	acts, err := c.counts(tx, "SELECT book, max(act) AS number FROM ledger_period", " AND month = ?", ids,
		c.month.String())
	if err != nil {
		return err
	}
	seals, err := monthSeals(tx, c.home, c.month.String(), ids)
	if err != nil {
		return err
	}
	moved, err := yearsOf(tx, c.home, c.month.Year(), list)
	if err != nil {
		return err
	}
	out := closedRows{}
	for i := range list {
		act := PeriodAct{Home: c.home, Book: list[i].ID, Month: c.month.String(), Act: acts[list[i].ID] + 1,
			Kind: MonthClosed, At: tx.Now(), Actor: c.actor.Account, Hash: seals[list[i].ID]}
		if err := c.l.closedBook(&out, &list[i], c.month, act, moved[list[i].ID]); err != nil {
			return err
		}
	}
	if err := books.BulkUpdate(tx, list); err != nil {
		return err
	}
	for i, o := range open {
		o.Book = list[i]
	}
	if err := c.l.saveClosed(tx, out); err != nil {
		return err
	}
	e := store.Event{Home: c.home, Kind: "book.month_closed", Subject: bookSubject(list[0].ID),
		Actor: c.actor.Account, Body: monthBody{c.month.String(), len(list)}}
	if len(list) == 1 {
		e.Place = list[0].Place
	}
	_, err = tx.Record(e)
	return err
}

type monthBody struct {
	Month string `json:"month"`
	Books int    `json:"books"`
}

// closedRows are the rows that say that months are closed.
type closedRows struct {
	acts     []PeriodAct
	sheets   []sheetRow
	openings []record.OpeningRow
	figures  []measure.Figure
}

// closedBook notes on a book that a month is closed, and adds the rows that say so.
func (l *Ledger) closedBook(out *closedRows, b *Book, month period.Period, act PeriodAct,
	m *vector.Year) error {
	out.acts = append(out.acts, act)
	b.Closed = month.String()
	sheet, figures, err := l.sheetOf(*b, month, m)
	if err != nil {
		return err
	}
	out.sheets, out.figures = append(out.sheets, sheet), append(out.figures, figures...)
	if strings.HasSuffix(b.Closed, december) {
		b.YearClosed = month.Year()
		after, err := m.Balances(month.String())
		if err != nil {
			return err
		}
		out.openings = append(out.openings, record.OpeningOf(*b, month.Year()+1, after)...)
		if b.Until > month.Next().First() {
			out.figures = append(out.figures, l.expected(*b, month.Year()+1)...)
		}
	}
	return nil
}

func (l *Ledger) saveClosed(tx *store.Tx, out closedRows) error {
	if err := periods.Bulk(tx, out.acts); err != nil {
		return err
	}
	if err := sheets.Bulk(tx, out.sheets); err != nil {
		return err
	}
	if err := openings.Bulk(tx, out.openings); err != nil {
		return err
	}
	if l.host.Measures == nil { // a program without the whole machinery: tests
		return nil
	}
	return l.host.Measures.Publish(tx, out.figures...)
}

// closeYears posts the vouchers that close the year, and gives the books in which that could be done.
func (c *closing) closeYears(tx *store.Tx, open []*Closed) ([]*Closed, error) {
	list := make([]Book, len(open))
	ids := make([]int64, len(open))
	for i, o := range open {
		list[i], ids[i] = o.Book, o.Book.ID
	}
	moved, err := yearsOf(tx, c.home, c.month.Year(), list)
	if err != nil {
		return nil, err
	}
	acts, err := c.counts(tx, "SELECT book, max(act) AS number FROM ledger_period", " AND month = ?", ids,
		c.month.String())
	if err != nil {
		return nil, err
	}
	kept := open[:0:0]
	for _, o := range open {
		chart, err := c.l.chartOf(o.Book)
		if err != nil {
			return nil, err
		}
		balances, err := moved[o.Book.ID].Balances(c.month.String())
		if err != nil {
			return nil, err
		}
		drafts, findings, err := record.YearEnd(chart, o.Book, c.month, acts[o.Book.ID]+1, balances)
		o.Findings = findings
		if err != nil {
			if o.Err = err; !refusal.Is(err) {
				return nil, err
			}
			continue
		}
		if err := c.postYear(tx, o.Book.Ref(), drafts); err != nil {
			return nil, err
		}
		kept = append(kept, o)
	}
	return kept, nil
}

// postYear posts the vouchers that close a year. The gate is kept already.
func (c *closing) postYear(tx *store.Tx, ref Ref, drafts []Draft) error {
	if len(drafts) == 0 {
		return nil
	}
	list := make([]Voucher, len(drafts))
	p, err := c.l.addAll(tx, drafts, list)
	if err != nil || p == nil {
		return err
	}
	first, err := tx.NextIDs(ref.Home, "ledger_voucher", int64(len(p.vouchers)))
	if err != nil {
		return err
	}
	p.identify(first, c.actor.Account, tx)
	return p.write(tx)
}

// Reopen opens the last closed month of a book again, by a decision and with a reason. Reopening a
// December takes back that the year was closed; its closing vouchers stay, and closing it again adds what
// is new. The statements kept of the month are withdrawn, and the measures of its year say again what they
// said before it was closed.
func (l *Ledger) Reopen(ctx context.Context, actor access.Actor, ref Ref, q Reopening) (Book, error) {
	q.Reason, q.Decision = strings.TrimSpace(q.Reason), strings.TrimSpace(q.Decision)
	if q.Reason == "" || q.Decision == "" || record.TooLong(q.Reason, ReasonMax) ||
		record.TooLong(q.Decision,
			ReasonMax) {
		return Book{}, fault.New(fault.Invalid, "ledger.reopen_reason", ReasonMax)
	}
	var done Book
	err := l.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := Get(tx, ref)
		if err != nil {
			return err
		}
		if err := l.host.Access.Require(actor, MayReopen, b.Place); err != nil {
			return err
		}
		if err := hold(tx, ref); err != nil {
			return err
		}
		if b, err = Get(tx, ref); err != nil {
			return err
		}
		if b.Closed == "" || b.Closed != q.Month {
			return fault.New(fault.Conflict, "ledger.reopen_last", b.Closed)
		}
		if err := l.reopen(tx, actor, &b, q); err != nil {
			return err
		}
		done = b
		_, err = tx.Record(store.Event{Home: b.Home, Kind: "book.month_reopened",
			Subject: bookSubject(b.ID),
			Place:   b.Place, Actor: actor.Account, Body: monthBody{q.Month, 1}})
		return err
	})
	return done, err
}

// Reopening is why a month is opened again.
type Reopening struct {
	Month    string
	Reason   string
	Decision string // reference of the decision
}

func (l *Ledger) reopen(tx *store.Tx, actor access.Actor, b *Book, q Reopening) error {
	month, err := period.Parse(q.Month)
	if err != nil {
		return err
	}
	acts, err := ActsOf(tx, b.Ref(), q.Month)
	if err != nil {
		return err
	}
	if b.Closed = month.Previous().String(); b.Closed < record.MonthOf(b.From) {
		b.Closed = ""
	}
	if strings.HasSuffix(q.Month, december) {
		if b.YearClosed = month.Year() - 1; b.YearClosed < b.From.Year() {
			b.YearClosed = 0
		}
		if _, err := tx.Exec("DELETE FROM ledger_opening WHERE home = ? AND book = ? AND year = ?", b.Home,
			b.ID,
			month.Year()+1); err != nil {
			return err
		}
	}
	if _, err := tx.Exec("DELETE FROM ledger_sheet WHERE home = ? AND month = ? AND book = ?", b.Home,
		q.Month,
		b.ID); err != nil {
		return err
	}
	act := PeriodAct{Home: b.Home, Book: b.ID, Month: q.Month, Act: int64(len(acts)) + 1,
		Kind: MonthReopened,
		At:   tx.Now(), Actor: actor.Account, Reason: q.Reason, Decision: q.Decision}
	if err := periods.Insert(tx, &act); err != nil {
		return err
	}
	if err := l.restate(tx, *b, month.Year()); err != nil {
		return err
	}
	return books.Update(tx, b)
}

// ActsOf lists what was done to a month of a book.
func ActsOf(r store.Reader, ref Ref, month string) ([]PeriodAct, error) {
	return periods.All(r, "WHERE home = ? AND book = ? AND month = ? ORDER BY act", ref.Home, ref.ID, month)
}
