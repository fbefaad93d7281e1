package contracts

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// raiseJob brings a county's contracts up to the day.
const raiseJob = "contracts.raise"

// raiseSome is how many contracts one transaction brings up to the day.
const raiseSome = 100

// homes are the counties with contracts.
func (s *Contracts) homes(ctx context.Context) ([]int64, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, "SELECT DISTINCT home FROM contract ORDER BY home")
	})
}

// runRaise is the nightly run of a county.
func (s *Contracts) runRaise(ctx context.Context, run *jobs.Run) error {
	for more := true; more; {
		err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			n, err := s.raiseDue(tx, run.Job.Home)
			at.Step, at.Done = "raise", at.Done+int64(n)
			more = n > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Raise brings a county's contracts up to the day, for a command; told is told how many are done.
func (s *Contracts) Raise(ctx context.Context, home int64, told func(done int)) error {
	for done := 0; ; {
		n := 0
		err := s.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = s.raiseDue(tx, home)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		if done += n; told != nil {
			told(done)
		}
	}
}

// raiseDue brings the next contracts up to the day on which something falls due or a term has passed.
// None is left when it answers 0, for each moves on.
func (s *Contracts) raiseDue(tx *store.Tx, home int64) (int, error) {
	today := s.host.Today()
	list, err := contractTable.All(tx, `WHERE home = ? AND next_due <= ? AND next_due < '9999-12-31'
		ORDER BY next_due, id LIMIT ?`, home, today, raiseSome)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		list, err = contractTable.All(tx,
			"WHERE home = ? AND state = ? AND ends < ? ORDER BY ends, id LIMIT ?",
			home, InForce, today, raiseSome)
	}
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		if err := s.bringUp(tx, c, today); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// bringUp enters what has fallen due under a contract, and notes that its term has passed.
func (s *Contracts) bringUp(tx *store.Tx, c Contract, today period.Date) error {
	kind, amount := "raised", money.Fen(0)
	if c.State.Running() {
		if err := s.raise(tx, access.Machine, &c, today); err != nil {
			return err
		}
	} else {
		c.NextDue = period.Open
	}
	if c.State == InForce && c.Ends < today {
		kind, c.State = "expired", ExpiredInUse
		list, err := ObjectsOf(tx, c.Ref())
		if err != nil {
			return err
		}
		if err := putObjects(tx, c, list); err != nil {
			return err
		}
	}
	if err := contractTable.Update(tx, &c); err != nil {
		return err
	}
	return note(tx, access.Machine, c, ChangeRow{Kind: kind, Happened: today, Amount: amount})
}
