package intake

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Check finds everything that is wrong: in each row by the form, by the module, and across rows.
// Nothing changes. A checked intake may be checked again, for the module's data may have changed.
func (s *Service) Check(ctx context.Context, a access.Actor, home, id int64) (Intake, error) {
	in, k, err := s.open(ctx, a, home, id)
	if err != nil {
		return in, err
	}
	if in.State != Staged && in.State != Checked {
		return in, fault.New(fault.Conflict, "intake.state")
	}
	if err := k.current(in); err != nil {
		return in, err
	}
	c, err := k.context(ctx, in)
	if err != nil {
		return in, err
	}
	checker := &checker{Service: s, kind: k, context: c, keep: len(k.Form.CrossChecks) > 0, check: k.Check}
	if k.Checks != nil {
		checker.check = k.Checks()
	}
	if in, err = checker.rewind(ctx, in); err != nil {
		return in, err
	}
	for {
		more, err := checker.portion(ctx, &in)
		if err != nil {
			return in, err
		}
		if !more {
			return checker.across(ctx, in)
		}
	}
}

// checker checks one intake once.
type checker struct {
	*Service
	kind    Kind
	context form.Context
	check   func(*Checking) error // the module's; nil: it has none
	keep    bool                  // all records are needed for the cross-checks
	records []form.Record
	lines   []int // of the records
}

// rewind begins at the first row.
func (c *checker) rewind(ctx context.Context, in Intake) (Intake, error) {
	return c.move(ctx, in, "rewind", in.State, func(_ *store.Tx, now *Intake) error {
		now.State, now.Line = Staged, 0
		return nil
	})
}

// portion checks the next rows and keeps what was found in place of what was found before.
func (c *checker) portion(ctx context.Context, in *Intake) (more bool, err error) {
	var found []fault.Finding
	var checked []Row
	err = c.store.View(ctx, func(v *store.View) error {
		staged, err := portion(v, *in, "", c.sizes.check)
		if err != nil {
			return err
		}
		checked, found, err = c.examine(v, *in, staged)
		return err
	})
	if err != nil || len(checked) == 0 {
		return false, err
	}
	if c.keep {
		for _, r := range checked {
			c.records, c.lines = append(c.records, r.Record), append(c.lines, r.Line)
		}
	}
	return true, c.write(ctx, in, checked, found)
}

// examine asks the form and the module.
func (c *checker) examine(v *store.View, in Intake, staged []stagedRow) ([]Row, []fault.Finding, error) {
	var found []fault.Finding
	checked := make([]Row, len(staged))
	for i, r := range staged {
		row, all, err := c.parse(c.kind, r, c.context)
		if err != nil {
			return nil, nil, err
		}
		checked[i] = row
		for _, f := range all {
			found = append(found, c.place(in, f, row.Line))
		}
	}
	if c.check == nil || len(staged) == 0 {
		return checked, found, nil
	}
	err := c.check(&Checking{Reader: v, Intake: in, Rows: checked,
		tell: func(line int, f form.Finding) { found = append(found, c.place(in, f, line)) }})
	return checked, found, err
}

// place gives a finding its row and the column of the file in which the field stands.
func (c *checker) place(in Intake, f form.Finding, line int) fault.Finding {
	return f.At(in.Sheet, line, column(in, c.kind, f.Fields))
}

func column(in Intake, k Kind, fields []string) string {
	letters := strings.Split(in.Columns, ",")
	if len(fields) == 0 {
		return ""
	}
	if i := k.Form.Position(fields[0]); i >= 0 && i < len(letters) {
		return letters[i]
	}
	return ""
}

func (c *checker) write(ctx context.Context, in *Intake, checked []Row, found []fault.Finding) error {
	kept, err := keepAll(*in, phaseRow, found)
	if err != nil {
		return err
	}
	from, to := in.Line+1, int64(checked[len(checked)-1].Line)
	*in, err = c.move(ctx, *in, "check", Staged, func(tx *store.Tx, now *Intake) error {
		now.Line = to
		if err := forget(tx, *now, phaseRow, from, to); err != nil {
			return err
		}
		if err := findings.Bulk(tx, kept); err != nil {
			return err
		}
		if err := setRows(tx, *now, rowReady, from, to); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE intake_row SET state = ?
			WHERE home = ? AND intake = ? AND line BETWEEN ? AND ? AND EXISTS (
				SELECT 1 FROM intake_finding f WHERE f.home = intake_row.home
					AND f.intake = intake_row.intake AND f.line = intake_row.line AND f.severity = 0
					AND f.phase IN (?, ?))`,
			rowWrong, now.Home, now.ID, from, to, phaseFile, phaseRow)
		if err != nil {
			return err
		}
		return c.name(tx, *now, checked)
	})
	return err
}

// name gives the rows the operations that their kind names.
func (c *checker) name(tx *store.Tx, in Intake, checked []Row) error {
	if c.kind.Operation == nil {
		return nil
	}
	for _, row := range checked {
		if _, err := tx.Exec(`UPDATE intake_row SET operation = ? WHERE home = ? AND intake = ? AND line = ?`,
			in.Kind+" "+c.kind.Operation(in, row), in.Home, in.ID, row.Line); err != nil {
			return err
		}
	}
	return nil
}

// across asks the cross-checks and ends as Checked.
func (c *checker) across(ctx context.Context, in Intake) (Intake, error) {
	found, err := c.cross(ctx, in)
	if err != nil {
		return in, err
	}
	kept, err := keepAll(in, phaseCross, found)
	if err != nil {
		return in, err
	}
	return c.move(ctx, in, "checked", Staged, func(tx *store.Tx, now *Intake) error {
		now.State, now.Line = Checked, 0
		if err := forget(tx, *now, phaseCross, 0, lineMax); err != nil {
			return err
		}
		if err := findings.Bulk(tx, kept); err != nil {
			return err
		}
		return count(tx, now)
	})
}

func (c *checker) cross(ctx context.Context, in Intake) ([]fault.Finding, error) {
	if !c.keep {
		return nil, nil
	}
	var others map[string][]form.Record
	if c.kind.Others != nil {
		var err error
		if others, err = c.kind.Others(ctx, in); err != nil {
			return nil, err
		}
	}
	var found []fault.Finding
	for _, f := range c.kind.Form.CrossCheck(c.records, others, c.context) {
		line := 0
		if f.Record >= 0 {
			line = c.lines[f.Record]
		}
		found = append(found, c.place(in, f, line))
	}
	return found, nil
}
