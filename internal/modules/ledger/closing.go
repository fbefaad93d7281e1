package ledger

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// closeKind is the job that closes a month of all books of a county.
const closeKind = "ledger.close"

// expireKind is the nightly job that marks what was set aside until a day that has passed.
const expireKind = "ledger.expire"

// closedAtOnce is how many books one transaction closes.
const closedAtOnce = 300

// closeArgs are what is ordered.
type closeArgs struct {
	Month string `json:"month"`
}

func (l *Ledger) jobKinds() []jobs.Kind {
	return []jobs.Kind{{Key: closeKind, Run: l.closeJob}, {Key: figuresKind, Run: l.figuresJob},
		{Key: expireKind, Run: func(ctx context.Context, run *jobs.Run) error {
			_, err := l.Expire(ctx, run.Job.Home)
			return err
		}, Schedule: &jobs.Schedule{Slot: jobs.Nightly(0, 20), Homes: l.homes}}}
}

// homes are the counties that keep books.
func (l *Ledger) homes(ctx context.Context) ([]int64, error) {
	return store.Read(ctx, l.host.Store, func(v *store.View) ([]int64, error) { return homesOf(v) })
}

// OrderClose orders the job that closes a month of all books of a county.
func (l *Ledger) OrderClose(ctx context.Context, actor access.Actor, home int64, month string) error {
	if err := l.host.Access.Require(actor, MayClose, home); err != nil {
		return err
	}
	if _, err := l.closing(actor, home, month); err != nil {
		return err
	}
	return l.host.Store.Maintain(ctx, func(tx *store.Tx) error {
		_, err := l.host.Jobs.Enqueue(tx, jobs.Order{Home: home, Kind: closeKind, Subject: "month/" + month,
			Place: home, Actor: actor.Account, Args: closeArgs{month}})
		return err
	})
}

// closeJob closes portion by portion; a book that cannot be closed is passed over, and Unclosed names it.
func (l *Ledger) closeJob(ctx context.Context, run *jobs.Run) error {
	var args closeArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	c, err := l.closing(access.Actor{Account: run.Job.Actor, Program: true}, run.Job.Home, args.Month)
	if err != nil {
		return err
	}
	total, err := l.countOpen(ctx, c)
	if err != nil {
		return err
	}
	for {
		n := 0
		err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			after, err := strconv.ParseInt(at.Step, 10, 64)
			if err != nil {
				after = 0
			}
			last, closed, err := c.portion(tx, after)
			if n = closed; err != nil {
				return err
			}
			at.Step, at.Done = strconv.FormatInt(last, 10), at.Done+int64(closed)
			at.Total = max(total, at.Done)
			return nil
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return l.RollUpFigures(ctx, c.month.Year())
		}
	}
}

func (l *Ledger) countOpen(ctx context.Context, c *closing) (int64, error) {
	return store.Read(ctx, l.host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, "SELECT count(*) FROM ledger_book WHERE home = ? AND closed = ?", c.home,
			c.before())
	})
}

// before is what books have closed last whose turn it is.
func (c *closing) before() string { return c.month.Previous().String() }

// portion closes the next books after a number whose turn it is: those that closed the month before, and
// those that begin with the month. It says how many it looked at, and the last.
func (c *closing) portion(tx *store.Tx, after int64) (last int64, n int, err error) {
	ids, err := store.All[int64](tx, `SELECT id FROM ledger_book WHERE home = ? AND id > ?
		AND (closed = ? OR closed = '' AND begins >= ? AND begins <= ?) ORDER BY id LIMIT ?`, c.home, after,
		c.before(), c.month.First(), c.month.Last(), closedAtOnce)
	if err != nil || len(ids) == 0 {
		return after, 0, err
	}
	_, err = c.close(tx, ids)
	return ids[len(ids)-1], len(ids), err
}

// CloseMonth closes a month of all books of a county whose turn it is, a few hundred a transaction: begun
// again, it goes on with those that are left. progress, unless nil, is told how many were looked at. Books
// that cannot be closed are passed over; Unclosed names them. Only the program itself may.
func (l *Ledger) CloseMonth(ctx context.Context, home int64, month string, progress func(done int)) error {
	actor := access.From(ctx)
	if !actor.Program {
		return fault.New(fault.Forbidden, "access.forbidden")
	}
	c, err := l.closing(actor, home, month)
	if err != nil {
		return err
	}
	var after int64
	for done := 0; ; {
		var last int64
		var n int
		err := l.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
			last, n, err = c.portion(tx, after)
			return err
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		if after, done = last, done+n; progress != nil {
			progress(done)
		}
	}
}

// Unclosed lists the books of a county that run in a month and have not closed it: a page beginning
// after a number.
func Unclosed(r store.Reader, home int64, month period.Period, after int64, limit int) ([]Book, error) {
	return books.All(r, `WHERE home = ? AND id > ? AND closed < ? AND begins <= ? AND ends > ?
		ORDER BY id LIMIT ?`, home, after, month.String(), month.Last(), month.First(), limit)
}
