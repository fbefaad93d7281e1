package procedure

import (
	"context"
	"log/slog"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// tickTime is how often the program looks for notices that ran out and steps that are overdue.
const tickTime = time.Minute

// tickCases is how many cases a reading takes at a time.
const tickCases = 500

// Run ticks until ctx ends.
func (e *Engine) Run(ctx context.Context) {
	ticker := time.NewTicker(tickTime)
	defer ticker.Stop()
	for {
		if _, err := e.Tick(ctx); err != nil && ctx.Err() == nil {
			slog.Error("procedure: the clock could not be read", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Tick closes notices that ran their time and escalates steps that stay overdue. It returns how
// many cases it moved. A case that fails is logged and left; the others go on.
func (e *Engine) Tick(ctx context.Context) (moved int, err error) {
	on := e.store.Now().Date()
	closed, err := e.sweep(ctx, "c.status = ? AND c.notice_ends < ?", on, func(f File) (flow.Verb, bool) {
		return flow.Close, f.Case.Closable(on)
	})
	if err != nil {
		return closed, err
	}
	raised, err := e.sweep(ctx, "c.status = ? AND c.due < ? AND c.raised_place = 0", on,
		func(f File) (flow.Verb, bool) {
			return flow.Escalate, e.escalates(f, on)
		})
	return closed + raised, err
}

// escalates reports whether a step has been overdue for as long as its definition waits.
func (e *Engine) escalates(f File, on period.Date) bool {
	rule := f.Case.Step().Escalate
	return rule.WorkingDays > 0 && !f.Case.Raised && f.Case.Overdue(on) &&
		e.calendar().WorkingDaysBetween(f.Case.Due, on) >= rule.WorkingDays
}

// sweep does a verb to all running cases a condition on the date finds and judge confirms.
func (e *Engine) sweep(ctx context.Context, where string, on period.Date,
	judge func(File) (flow.Verb, bool)) (moved int, err error) {
	after := Ref{-1, 0}
	for {
		files, err := store.Read(ctx, e.store, func(v *store.View) ([]File, error) {
			rows, err := store.All[Row](v, "SELECT "+caseColumns+" FROM procedure_case c WHERE "+where+
				" AND (c.home > ? OR c.home = ? AND c.id > ?) ORDER BY c.home, c.id LIMIT ?",
				string(flow.Running), on, after.Home, after.Home, after.ID, tickCases)
			return e.foldAll(v, rows, err)
		})
		if err != nil || len(files) == 0 {
			return moved, err
		}
		for _, f := range files {
			after = f.Ref()
			verb, due := judge(f)
			if !due {
				continue
			}
			_, err := e.Do(ctx, access.Machine, f.Ref(), f.Version, flow.Act{Verb: verb})
			switch {
			case err == nil:
				moved++
			case ctx.Err() != nil:
				return moved, ctx.Err()
			case !fault.Is(err, fault.Stale):
				slog.Error("procedure: the program could not act", "home", f.Home, "case", f.ID,
					"verb", verb, "cause", err)
			}
		}
	}
}

func (e *Engine) foldAll(v *store.View, rows []Row, err error) ([]File, error) {
	var files []File
	for _, row := range rows {
		f, foldErr := e.fold(v, row)
		if foldErr != nil {
			slog.Error("procedure: a case cannot be read", "cause", foldErr)
			f = File{Row: row} // judged not due, and passed over
			f.Case.Route = []flow.Step{{}}
		}
		files = append(files, f)
	}
	return files, err
}

// Check proves that every case row is what its acts give, and that whoever is asked to sign is in
// the table. It reads one home at a time.
func (e *Engine) Check(ctx context.Context, report func(fault.Finding)) error {
	after := Ref{-1, 0}
	for {
		n := 0
		err := e.store.View(ctx, func(v *store.View) error {
			rows, err := cases.All(v, "WHERE home > ? OR home = ? AND id > ? ORDER BY home, id LIMIT ?",
				after.Home, after.Home, after.ID, tickCases)
			if err != nil {
				return err
			}
			n = len(rows)
			for _, row := range rows {
				after = row.Ref()
				if err := e.checkCase(v, row, report); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (e *Engine) checkCase(v *store.View, row Row, report func(fault.Finding)) error {
	f, err := e.fold(v, row)
	if err != nil {
		report(fault.Wrong("procedure.check.acts", row.Home, row.ID))
		return nil
	}
	want := row
	// Places move; where the task lies today is not a fact of the acts.
	summary(&want, f.Case, row.TaskPlace)
	if want != row || row.Version != int64(f.Case.Version) {
		report(fault.Wrong("procedure.check.case", row.Home, row.ID))
	}
	asked, err := store.All[int64](v, `SELECT account FROM procedure_signer WHERE home = ? AND kase = ?`,
		row.Home, row.ID)
	if err != nil {
		return err
	}
	missing := 0
	for _, who := range f.Case.Asked {
		if !contains(f.Case.Signed, who) && !f.Case.Status.Final() {
			missing++
			if !contains(asked, who) {
				report(fault.Wrong("procedure.check.signer", row.Home, row.ID))
			}
		}
	}
	if missing != len(asked) {
		report(fault.Wrong("procedure.check.signer", row.Home, row.ID))
	}
	return nil
}
