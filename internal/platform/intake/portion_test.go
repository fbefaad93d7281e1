package intake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestAPortionAtOnce: a kind that takes whole portions gets each row once, and one that is refused
// does not take the others of its portion with it.
func TestAPortionAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		largest := 0
		kind := intake.Kind{Key: "pump.portions", Form: pumpDefinition(t), Permit: "pump.change",
			ApplyAll: func(tx *store.Tx, in intake.Intake, rows []intake.Row) error {
				largest = max(largest, len(rows))
				for _, row := range rows {
					if err := w.apply(tx, in, row); err != nil {
						return err
					}
				}
				return nil
			}}
		if err := w.Register(kind); err != nil {
			t.Fatal(err)
		}
		w.refuse = func(row intake.Row) error {
			if row.Record.Text("name") == "泵3" {
				return fault.New(fault.Conflict, "intake.absent")
			}
			return nil
		}
		r := request(list(7))
		r.Kind = kind.Key
		in, _, err := w.Stage(t.Context(), r)
		if err == nil {
			in, err = w.Check(t.Context(), officer, in.Home, in.ID)
		}
		if err == nil {
			in, err = w.Apply(t.Context(), intake.Order{Actor: officer, Home: in.Home, ID: in.ID})
		}
		if err != nil || in.State != intake.Done || in.Applied != 6 || in.Failed != 1 || largest != 2 {
			t.Fatalf("%v: %+v, the largest portion had %d rows", err, in, largest)
		}
		names, err := store.Read(t.Context(), w.store, func(v *store.View) ([]string, error) {
			return store.All[string](v, "SELECT name FROM pump WHERE home = ? ORDER BY id", in.Home)
		})
		if want := []string{"泵0", "泵1", "泵2", "泵4", "泵5", "泵6"}; err != nil || !slices.Equal(names, want) {
			t.Errorf("%v, %v", names, err)
		}
		kind.Key, kind.Apply = "pump.both", w.apply
		if err := w.Register(kind); err == nil {
			t.Error("a kind with two ways to apply is registered")
		}
	})
}

// TestACheckRemembersTheWholeFile: what a module holds rows against may stand in an earlier portion; a file
// that is looked through again is looked through afresh.
func TestACheckRemembersTheWholeFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kind := intake.Kind{Key: "pump.once", Form: pumpDefinition(t), Permit: "pump.change", Apply: w.apply,
			Checks: func() func(*intake.Checking) error {
				seen := map[string]int{}
				return func(c *intake.Checking) error {
					for _, row := range c.Rows {
						name := row.Record.Text("name")
						if first := seen[name]; first != 0 {
							c.Tell(row, "name", fault.Doubt("intake.absent", first))
						}
						seen[name] = row.Line
					}
					return nil
				}
			}}
		if err := w.Register(kind); err != nil {
			t.Fatal(err)
		}
		r := request("name,amount,phone\n甲,1,\n乙,1,\n丙,1,\n丁,1,\n戊,1,\n甲,1,\n")
		r.Kind = kind.Key
		in, _, err := w.Stage(t.Context(), r)
		for range 2 { // portions of three rows
			if err == nil {
				in, err = w.Check(t.Context(), officer, in.Home, in.ID)
			}
			var told []string
			for f, wrong := range w.All(t.Context(), officer, in, intake.Filter{Severity: fault.Warning}) {
				if wrong != nil {
					t.Fatal(wrong)
				}
				if f.Key == "intake.absent" {
					told = append(told, f.String())
				}
			}
			if err != nil || len(told) != 1 || !strings.Contains(told[0], "2") {
				t.Fatalf("%v: %v", err, told)
			}
		}
	})
}
