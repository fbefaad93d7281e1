package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Order is what Apply is asked for.
type Order struct {
	Actor       access.Actor
	Home, ID    int64
	Explanation string // of the warnings; asked if there are any
	// Progress is told after each portion; nil: nobody. An error stops the intake, to go on later.
	Progress func(done, total int64) error
}

// Apply makes the rows take effect, portion by portion. Stopped at any point it goes on there when it
// is asked again; done, it does nothing.
func (s *Service) Apply(ctx context.Context, o Order) (Intake, error) {
	in, k, err := s.open(ctx, o.Actor, o.Home, o.ID)
	if err != nil || in.State == Done {
		return in, err
	}
	if err := Releasable(in, o.Explanation); err != nil {
		return in, err
	}
	c, err := k.context(ctx, in)
	if err != nil {
		return in, err
	}
	if k.Before != nil {
		if err := k.Before(ctx, o.Actor, in); err != nil {
			return in, err
		}
	}
	if in.State != Applying {
		if in, err = s.release(ctx, k, in, o); err != nil {
			return in, err
		}
	}
	run := &run{Service: s, kind: k, context: c, order: o}
	most := s.applied(k)
	size := most
	for {
		before := in.Line
		more, err := run.portion(ctx, &in, size)
		switch {
		case err == nil && !more:
			return run.finish(ctx, in)
		case err == nil:
			size = min(2*size, most)
		case aboutRow(err) && size > 1 && in.Line == before:
			size /= 2 // find the row
			continue
		default:
			return in, err
		}
		if o.Progress != nil {
			if err := o.Progress(in.Applied+in.Repeated+in.Failed, in.Rows); err != nil {
				return in, err
			}
		}
	}
}

// Releasable tells what stands against letting a file take effect: errors, warnings that nobody explained,
// a state from which it does not start. Nothing stands against one that has begun or is done.
func Releasable(in Intake, explanation string) error {
	switch {
	case in.State == Applying, in.State == Done:
		return nil
	case in.State != Checked:
		return fault.New(fault.Conflict, "intake.state")
	case in.Errors > 0:
		return fault.New(fault.Invalid, "intake.errors", in.Errors)
	case in.Warnings > 0 && strings.TrimSpace(explanation) == "":
		return fault.New(fault.Invalid, "intake.unexplained", in.Warnings)
	}
	return nil
}

// release opens the gate: nothing passes with an error, or with a warning nobody explained.
func (s *Service) release(ctx context.Context, k Kind, in Intake, o Order) (Intake, error) {
	return s.move(ctx, in, "release", Checked, func(_ *store.Tx, now *Intake) error {
		if err := Releasable(*now, o.Explanation); err != nil {
			return err
		}
		now.State, now.Line, now.Explanation = Applying, 0, strings.TrimSpace(o.Explanation)
		return k.current(*now)
	})
}

// run applies one intake.
type run struct {
	*Service
	kind    Kind
	context form.Context
	order   Order
}

// aboutRow reports whether an error is the module's refusal of a row and not of the machine.
func aboutRow(err error) bool {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return false
	}
	switch f.Code {
	case fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict, fault.TooLarge, fault.Unsupported:
		return true
	}
	return false
}

// portion applies the next rows in one transaction with their progress. If a portion is refused it is
// tried in halves; a row that is refused alone is marked failed.
func (r *run) portion(ctx context.Context, in *Intake, size int) (more bool, err error) {
	if err := r.step("before apply"); err != nil {
		return false, err
	}
	var after Intake
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		now, waiting, err := r.take(tx, *in, size)
		if err != nil {
			return err
		}
		after = now
		if more = len(waiting) > 0; !more {
			return nil
		}
		if err := r.all(tx, &now, waiting); err != nil {
			return err
		}
		after = now
		return r.step("within apply")
	})
	if err != nil && size == 1 && aboutRow(err) {
		return true, r.fail(ctx, in, err)
	}
	if err != nil {
		return false, err
	}
	*in = after
	return more, r.step("after apply")
}

// take reads the intake again and the next rows.
func (r *run) take(tx *store.Tx, in Intake, size int) (Intake, []stagedRow, error) {
	now, err := get(tx, in.Home, in.ID)
	if err != nil {
		return now, nil, err
	}
	if now.State != Applying || now.Line != in.Line {
		return now, nil, errMoved
	}
	waiting, err := portion(tx, now, rowReady, size)
	return now, waiting, err
}

// all applies the rows whose operation has not taken effect before, and notes the progress. Where two
// intakes claim one operation at once, the key of its table lets one through; the other's portion is
// then tried in halves and finds it repeated.
func (r *run) all(tx *store.Tx, in *Intake, waiting []stagedRow) error {
	from, to := waiting[0].Line, waiting[len(waiting)-1].Line
	before, err := effective(tx, *in, from, to)
	if err != nil {
		return err
	}
	claims := make([]operation, 0, len(waiting))
	ready := make([]Row, 0, len(waiting))
	for _, staged := range waiting {
		if before[staged.Operation] {
			continue
		}
		row, found, err := r.parse(r.kind, staged, r.context)
		if err != nil {
			return err
		}
		if fault.Stops(form.Plainly(found)) {
			return fmt.Errorf("intake: row %d is ready and cannot be read", row.Line) // the form changed
		}
		ready = append(ready, row)
		claims = append(claims, operation{in.Home, staged.Operation, in.ID, staged.Line})
	}
	if err := r.kind.apply(tx, *in, ready); err != nil {
		return err
	}
	if err := operations.Bulk(tx, claims); err != nil {
		return err
	}
	return r.advance(tx, in, waiting, before)
}

// advance notes the progress and records the portion.
func (r *run) advance(tx *store.Tx, in *Intake, waiting []stagedRow, before map[string]bool) error {
	from, to := waiting[0].Line, waiting[len(waiting)-1].Line
	if err := endRows(tx, *in, rowApplied, from, to); err != nil {
		return err
	}
	for _, staged := range waiting {
		if !before[staged.Operation] {
			in.Applied++
			continue
		}
		in.Repeated++
		if err := setRows(tx, *in, rowRepeated, staged.Line, staged.Line); err != nil {
			return err
		}
	}
	in.Line = to
	if err := save(tx, in); err != nil {
		return err
	}
	return r.record(tx, *in, "intake.applied", map[string]any{"kind": in.Kind, "subject": in.Subject,
		"file": in.File, "from": from, "to": to})
}

func (s *Service) recordAs(tx *store.Tx, a access.Actor, in Intake, kind string, body any) error {
	_, err := tx.Record(store.Event{Home: in.Home, Kind: kind, Subject: fmt.Sprint("intake/", in.ID),
		Place: in.Place, Actor: a.Account, Body: body})
	return err
}

func (r *run) record(tx *store.Tx, in Intake, kind string, body any) error {
	return r.recordAs(tx, r.order.Actor, in, kind, body)
}

// fail marks the next row as refused by the module, with the reason.
func (r *run) fail(ctx context.Context, in *Intake, cause error) error {
	f := fault.Of(cause)
	var err error
	*in, err = r.move(ctx, *in, "fail", Applying, func(tx *store.Tx, now *Intake) error {
		waiting, err := portion(tx, *now, rowReady, 1)
		if err != nil || len(waiting) == 0 {
			return err
		}
		line := waiting[0].Line
		found := fault.Finding{Severity: fault.Error, Key: f.Key, Args: f.Args}.At(now.Sheet, int(line), "")
		kept, err := keep(*now, phaseApply, 1, found)
		if err != nil {
			return err
		}
		now.Failed++
		now.Errors++
		now.Line = line
		if err := findings.Insert(tx, &kept); err != nil {
			return err
		}
		return endRows(tx, *now, rowFailed, line, line)
	})
	return err
}

// finish ends the intake, once.
func (r *run) finish(ctx context.Context, in Intake) (Intake, error) {
	if err := r.step("before finish"); err != nil {
		return in, err
	}
	var ended Intake
	err := r.store.Write(ctx, func(tx *store.Tx) error {
		now, err := get(tx, in.Home, in.ID)
		if ended = now; err != nil || now.State == Done {
			return err
		}
		if now.State != Applying {
			return errMoved
		}
		if sum := now.Applied + now.Repeated + now.Failed; sum != now.Rows {
			return fmt.Errorf("intake: %d rows, but %d were applied, repeated or failed", now.Rows, sum)
		}
		now.State = Done
		if err := save(tx, &now); err != nil {
			return err
		}
		if r.kind.Finish != nil {
			if err := r.kind.Finish(tx, now); err != nil {
				return err
			}
		}
		ended = now
		return r.record(tx, now, "intake.done", map[string]any{"kind": now.Kind, "subject": now.Subject,
			"file": now.File, "rows": now.Rows, "applied": now.Applied, "repeated": now.Repeated,
			"failed": now.Failed})
	})
	if err != nil {
		return in, err
	}
	return ended, r.step("after finish")
}

// Cancel ends an intake. What was applied stays: then it is cut, and says so.
func (s *Service) Cancel(ctx context.Context, a access.Actor, home, id int64) (Intake, error) {
	in, _, err := s.open(ctx, a, home, id)
	if err != nil {
		return in, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		now, err := get(tx, home, id)
		if err != nil {
			return err
		}
		if now.State.Over() {
			return fault.New(fault.Conflict, "intake.state")
		}
		now.State = Cancelled
		if now.Applied > 0 {
			now.State = Cut
		}
		if err := wipe(tx, now); err != nil {
			return err
		}
		if err := save(tx, &now); err != nil {
			return err
		}
		in = now
		return s.recordAs(tx, a, now, "intake.cancelled", map[string]any{"kind": now.Kind,
			"subject": now.Subject, "file": now.File, "rows": now.Rows, "applied": now.Applied})
	})
	return in, err
}
