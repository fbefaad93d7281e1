package contracts

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Reprice gives a running contract another fee from a day on (permit contracts.change, with a document).
// What the days before it cost stays; an instalment that the day divides is divided exactly.
func (s *Contracts) Reprice(ctx context.Context, actor access.Actor, q Act, from period.Date,
	fee schedule.Fee) (Contract, error) {
	return s.reschedule(ctx, actor, q, "repriced", func(c *Contract) ([]schedule.Phase, error) {
		phases := c.Phases()
		last := &phases[len(phases)-1]
		if from <= last.From || from > last.To {
			return nil, fault.New(fault.Invalid, "contracts.reprice_day", string(last.From),
				string(last.To))
		}
		last.Cut = from.AddDays(-1)
		return append(phases, schedule.Phase{From: from, To: last.To, Fee: fee}), nil
	})
}

// Extend lets a running contract go on to a later day, under a fee of its own (permit contracts.change,
// with a document).
func (s *Contracts) Extend(ctx context.Context, actor access.Actor, q Act, to period.Date,
	fee schedule.Fee) (Contract, error) {
	return s.reschedule(ctx, actor, q, "extended", func(c *Contract) ([]schedule.Phase, error) {
		if to <= c.Ends {
			return nil, fault.New(fault.Invalid, "contracts.extend_day", string(c.Ends))
		}
		phases := append(c.Phases(), schedule.Phase{From: c.Ends.AddDays(1), To: to, Fee: fee})
		c.State = InForce // one that had expired goes on
		return phases, nil
	})
}

// Terminate ends a running contract before its term (permit contracts.change, with a document): it holds
// through the day of the act. What is due for later days is no longer due.
func (s *Contracts) Terminate(ctx context.Context, actor access.Actor, q Act) (Contract, error) {
	return s.reschedule(ctx, actor, q, "terminated", func(c *Contract) ([]schedule.Phase, error) {
		if q.On < c.Begins || q.On >= c.Ends {
			return nil, fault.New(fault.Invalid, "contracts.terminate_day", string(c.Begins),
				string(c.Ends))
		}
		phases := slices.DeleteFunc(c.Phases(), func(p schedule.Phase) bool { return p.From > q.On })
		phases[len(phases)-1].Cut = q.On
		c.State, c.Ended = Terminated, q.On
		return phases, nil
	})
}

// reschedule does an act that changes the schedule of a running contract, and lets its instalments
// follow.
func (s *Contracts) reschedule(ctx context.Context, actor access.Actor, q Act, kind string,
	change func(*Contract) ([]schedule.Phase, error)) (Contract, error) {
	return s.act(ctx, actor, Change, q, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		if err := q.proved(); err != nil {
			return "", 0, err
		}
		if !c.State.Running() {
			return "", 0, fault.New(fault.Conflict, "contracts.state", string(c.State))
		}
		before := c.Total
		phases, err := change(c)
		if err != nil {
			return "", 0, err
		}
		if err := c.settle(phases); err != nil {
			return "", 0, fault.New(fault.Invalid, "contracts.invalid").With([]fault.Finding{
				fault.Wrong("contracts.schedule").At("", 0, "amount")})
		}
		list, err := ObjectsOf(tx, c.Ref())
		if err != nil {
			return "", 0, err
		}
		if err := putObjects(tx, *c, list); err != nil {
			return "", 0, err
		}
		if err := s.raise(tx, actor, c, s.host.Today()); err != nil {
			return "", 0, err
		}
		if !c.State.Running() {
			c.NextDue = period.Open
		}
		return kind, c.Total - before, nil
	})
}

// Return records that what was let came back at or after the end of the term (permit contracts.change).
func (s *Contracts) Return(ctx context.Context, actor access.Actor, q Act) (Contract, error) {
	return s.act(ctx, actor, Change, q, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		if !c.State.Running() {
			return "", 0, fault.New(fault.Conflict, "contracts.state", string(c.State))
		}
		if q.On < c.Ends {
			return "", 0, fault.New(fault.Invalid, "contracts.return_day", string(c.Ends))
		}
		if err := s.raise(tx, actor, c, s.host.Today()); err != nil {
			return "", 0, err
		}
		c.State, c.Ended, c.NextDue = Ended, q.On, period.Open
		list, err := ObjectsOf(tx, c.Ref())
		if err != nil {
			return "", 0, err
		}
		return "returned", 0, putObjects(tx, *c, list)
	})
}

// Attach puts a file on a contract (permit contracts.change).
func (s *Contracts) Attach(ctx context.Context, actor access.Actor, q Act, blob files.Blob) (Contract,
	error) {
	return s.act(ctx, actor, Change, q, func(tx *store.Tx, c *Contract) (string, money.Fen, error) {
		c.Attachments++
		_, err := s.host.Files.Attach(tx, blob, files.Belongs{Home: c.Home, Subject: Subject(c.ID),
			Place: c.Place, Purpose: "contract", Actor: actor.Account})
		return "attached", 0, err
	})
}
