package accruals

import (
	"context"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// depreciateJob posts the depreciation of a county's books.
const depreciateJob = "accruals.depreciate"

// hoursIntoMonth is when the run of a month begins.
const hoursIntoMonth = 2 * time.Hour

// booksSome is how many books one transaction depreciates.
const booksSome = 20

// homes are the counties that have books.
func (s *Accruals) homes(ctx context.Context) ([]int64, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, "SELECT DISTINCT home FROM ledger_book ORDER BY home")
	})
}

// runDepreciate posts what is due of a county, book by book; Done is the number of the last book. Args are
// none: stopped, it goes on after the last portion.
func (s *Accruals) runDepreciate(ctx context.Context, run *jobs.Run) error {
	for more := true; more; {
		err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			n, last, err := s.some(tx, run.Job.Home, at.Done)
			at.Step, at.Done = "depreciate", last
			more = n > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// DepreciateHome posts what is due of all books of a county, for a command; told is told how many books
// are done.
func (s *Accruals) DepreciateHome(ctx context.Context, home int64, told func(done int)) error {
	done := 0
	for after := int64(0); ; {
		n, last := 0, after
		err := s.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
			n, last, err = s.some(tx, home, after)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		after = last
		if done += n; told != nil {
			told(done)
		}
	}
}

// some posts what is due of the next books after a number. A book that refuses – a closed year, a chart
// without accounts – is passed over: its page says what is due.
func (s *Accruals) some(tx *store.Tx, home, after int64) (n int, last int64, err error) {
	list, err := ledger.InHome(tx, home, after, booksSome)
	if err != nil {
		return 0, after, err
	}
	last = after
	for _, b := range list {
		last = b.ID
		if b.Until <= s.host.Today().AddMonths(-13) {
			continue
		}
		_, err := s.depreciate(tx, access.Machine, b)
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
			return 0, after, err
		}
	}
	return len(list), last, nil
}
