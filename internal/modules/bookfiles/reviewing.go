package bookfiles

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// change moves a run one step on: from one of some states, at the version it was seen.
func (s *Bookfiles) change(ctx context.Context, actor access.Actor, seen Run, what string,
	fn func(tx *store.Tx, run *Run) error) (Run, error) {
	permit, from := steps[what].permit, steps[what].from
	var done Run
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		run, err := GetRun(tx, seen.Ref())
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, permit, run.Place); err != nil {
			return err
		}
		switch {
		case !slices.Contains(from, run.State):
			return fault.New(fault.Conflict, "bookfiles.run_state")
		case run.Version != seen.Version:
			return fault.New(fault.Stale, "store.stale")
		}
		if err := fn(tx, &run); err != nil {
			return err
		}
		if err := runs.Update(tx, &run); err != nil {
			return err
		}
		done = run
		return run.record(tx, actor, what)
	})
	return done, err
}

// step is who may take a run on, and from where.
type step struct {
	permit access.Permit
	from   []RunState
}

var steps = map[string]step{
	"decided":   {ledger.MayEnter, []RunState{RunDraft}},
	"submitted": {ledger.MayEnter, []RunState{RunDraft}},
	"withdrawn": {ledger.MayEnter, []RunState{RunDraft, RunSubmitted}},
	"returned":  {ledger.MayOpen, []RunState{RunSubmitted}},
	"approved":  {ledger.MayOpen, []RunState{RunSubmitted}},
	"done":      {ledger.MayOpen, []RunState{RunApproved}},
}

// Decide keeps where balances go that somebody has to decide about. Whoever decides becomes the
// maker.
func (s *Bookfiles) Decide(ctx context.Context, actor access.Actor, seen Run,
	decided []book.Decided) (Run, error) {
	return s.change(ctx, actor, seen, "decided", func(tx *store.Tx, run *Run) error {
		kept := slices.DeleteFunc(slices.Clone(decided),
			func(d book.Decided) bool { return len(d.Parts) == 0 })
		text, err := json.Marshal(kept)
		if err != nil {
			return err
		}
		if len(kept) == 0 {
			text = []byte("[]")
		}
		trial := *run
		trial.Decided = string(text)
		p, err := s.Prepare(tx, trial)
		if err != nil {
			return err
		}
		var wrong []fault.Finding
		for _, f := range p.Findings {
			if f.Severity == fault.Error && !stillOpen(f.Key) {
				wrong = append(wrong, f)
			}
		}
		if len(wrong) > 0 {
			return fault.New(fault.Invalid, "bookfiles.decisions").With(wrong)
		}
		run.Decided, run.Maker = string(text), actor.Account
		return nil
	})
}

// stillOpen are findings that further decisions will answer.
func stillOpen(key string) bool {
	return key == "book.conversion_undecided" || key == "book.conversion_misses" ||
		key == "book.conversion_nobody"
}

// Submit hands a run in for another person to approve.
func (s *Bookfiles) Submit(ctx context.Context, actor access.Actor, seen Run) (Run, error) {
	return s.change(ctx, actor, seen, "submitted", func(tx *store.Tx, run *Run) error {
		p, err := s.ready(tx, *run)
		if err != nil {
			return err
		}
		run.State, run.Hash, run.Reason = RunSubmitted, hashOf(p.Balances), ""
		run.Maker, run.Submitted = actor.Account, tx.Now()
		return nil
	})
}

// ready computes a run and refuses it with everything that stands against it.
func (s *Bookfiles) ready(r store.Reader, run Run) (Prepared, error) {
	p, err := s.Prepare(r, run)
	if err == nil && !p.Ready() {
		err = fault.New(fault.Conflict, "bookfiles.not_ready").With(slices.Concat(p.Blocks, p.Findings))
	}
	return p, err
}

// ReturnRun gives a run back with a reason.
func (s *Bookfiles) ReturnRun(ctx context.Context, actor access.Actor, seen Run, reason string) (Run,
	error) {
	reason, err := given(reason)
	if err != nil {
		return Run{}, err
	}
	return s.change(ctx, actor, seen, "returned", func(_ *store.Tx, run *Run) error {
		if err := another(actor, *run); err != nil {
			return err
		}
		run.State, run.Reason = RunDraft, reason
		return nil
	})
}

// Withdraw takes a run back; another may be opened.
func (s *Bookfiles) Withdraw(ctx context.Context, actor access.Actor, seen Run) (Run, error) {
	return s.change(ctx, actor, seen, "withdrawn", func(_ *store.Tx, run *Run) error {
		run.State = RunWithdrawn
		return nil
	})
}

// another refuses the maker as checker, and the program: approving needs a person.
func another(actor access.Actor, run Run) error {
	switch actor.Account {
	case 0:
		return fault.New(fault.Forbidden, "bookfiles.needs_person")
	case run.Maker:
		return fault.New(fault.Forbidden, "bookfiles.same_person")
	}
	return nil
}

// Approve decides a conversion by another person than its maker, and opens the next book.
func (s *Bookfiles) Approve(ctx context.Context, actor access.Actor, seen Run) (Run, error) {
	run, err := s.change(ctx, actor, seen, "approved", func(tx *store.Tx, run *Run) error {
		if err := another(actor, *run); err != nil {
			return err
		}
		p, err := s.ready(tx, *run)
		if err != nil {
			return err
		}
		if hashOf(p.Balances) != run.Hash {
			return fault.New(fault.Conflict, "bookfiles.moved")
		}
		run.State, run.Checker, run.Approved = RunApproved, actor.Account, tx.Now()
		return nil
	})
	if err != nil {
		return run, err
	}
	return s.Carry(ctx, actor, run)
}

// Carry carries an approved conversion out: the older book ends, the next opens with the balances.
// Stopped
// half-way it goes on where it stopped: each step finds what was done.
func (s *Bookfiles) Carry(ctx context.Context, actor access.Actor, seen Run) (Run, error) {
	var p Prepared
	var next ledger.Book
	var there bool
	err := s.host.Store.View(ctx, func(v *store.View) (err error) {
		if p, err = s.Prepare(v, seen); err != nil {
			return err
		}
		next, there, err = ledger.Of(v, seen.owner(), seen.Day)
		return err
	})
	if err != nil {
		return seen, err
	}
	if seen.State != RunApproved {
		return seen, fault.New(fault.Conflict, "bookfiles.run_state")
	}
	if hashOf(p.Balances) != seen.Hash || fault.Stops(p.Findings) {
		return seen, fault.New(fault.Conflict, "bookfiles.moved")
	}
	if p.Book.Until > seen.Day {
		if _, err := s.ledger.EndBook(ctx, actor, p.Book.Ref(), p.Book.Version,
			seen.Day.AddDays(-1)); err != nil {
			return seen, err
		}
		there = false
	}
	if !there || next.ID == p.Book.ID {
		if next, err = s.ledger.OpenBook(ctx, actor, ledger.Opening{Organisation: seen.owner(),
			Chart: seen.Chart, From: seen.Day}); err != nil {
			return seen, err
		}
	}
	if next, err = s.ledger.SetOpening(ctx, actor, next.Ref(), next.Version,
		p.Result.Balances); err != nil {
		return seen, err
	}
	return s.change(ctx, actor, seen, "done", func(_ *store.Tx, run *Run) error {
		run.State, run.NextBook = RunDone, next.ID
		return nil
	})
}

func sumOf(balances []book.Balance) money.Fen {
	var sum money.Fen
	for _, b := range balances {
		sum += b.Amount // what a book holds sums to zero
	}
	return sum
}
