package contracts

import (
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// intakeKind is what package intake knows a file of contracts as.
const intakeKind = "contracts.contract"

// imports declares the files of contracts: every row a new contract of the organisation a file is sent for.
func (s *Contracts) imports() *intakepage.Files {
	return s.chooser.FilesFor("/contracts", "/contracts", intakepage.Files{Name: "ContractImport",
		Texts: "contracts", Job: "contracts.import", Permit: Change, At: "/contract-imports/{home}/{id}",
		From:   "/organisations/{home}/{id}/contract-imports",
		Ours:   func(kind string) bool { return kind == intakeKind },
		KindOf: func(string, sheet.Upload) (string, error) { return intakeKind, nil },
		Template: func(_ store.Reader, l locale.Language, o intakepage.Subject,
			_ string) (intakepage.Workbook, error) {
			return s.files.Sheet(s.codes.Load().form, l, o), nil
		}})
}

// kind is how such a file is taken in.
func (s *Contracts) kind(c *codes) intake.Kind {
	return intake.Kind{Key: intakeKind, Form: c.form, Permit: Change, Wanted: s.files.Wanted,
		Context: s.files.Context, Apply: s.applyRow, Checks: func() func(*intake.Checking) error {
			seen := map[string]int{} // numbers of the whole file, and the line of each
			return func(k *intake.Checking) error { return s.checkRows(k, seen) }
		}}
}

// checkRows holds rows against the checks of a contract, the contracts there are, and the numbers that rows
// above have.
func (s *Contracts) checkRows(c *intake.Checking, seen map[string]int) error {
	o, err := registry.OfIntake(c.Reader, c.Intake)
	if err != nil {
		return err
	}
	needed := map[string]bool{} // blank, the form tells them
	for _, f := range s.codes.Load().form.Fields {
		needed[f.Key] = f.Required
	}
	for _, r := range c.Rows {
		e, found := entryOf(r.Record)
		for _, f := range append(found, s.Check(&e)...) {
			if toldByForm(r.Record, f, needed[f.Column]) {
				continue
			}
			field := f.Column
			f.Column = ""
			if f.Value == "" && field != "party" && field != "party_code" { // no finding says who that is
				f = f.Saw(r.Record.Plain(field))
			}
			c.Tell(r, field, f)
		}
		if e.Number == "" {
			continue
		}
		if first := seen[e.Number]; first != 0 {
			c.Tell(r, "number", fault.Wrong("contracts.number_twice", first).Saw(e.Number))
		}
		seen[e.Number] = r.Line
		other, taken, err := numbered(c.Reader, o.Home, o.ID, e.Number)
		if err != nil {
			return err
		}
		if taken {
			c.Tell(r, "number", fault.Wrong("contracts.number_taken", other.Name).Saw(e.Number))
		}
	}
	return nil
}

// toldByForm reports whether a finding only follows from what the form found: its field could not be read, or
// the schedule lacks what it is made of.
func toldByForm(r form.Record, f fault.Finding, needed bool) bool {
	if f.Key == "contracts.schedule" {
		for _, field := range []string{"begins", "ends", "amount", "every"} {
			if !r.Given(field) {
				return true
			}
		}
	}
	return !r.Given(f.Column) && (needed || r.Plain(f.Column) != "")
}

// applyRow enters the contract of a row. The permit was asked when the intake was ordered.
func (s *Contracts) applyRow(tx *store.Tx, in intake.Intake, r intake.Row) error {
	o, err := registry.OfIntake(tx, in)
	if err != nil {
		return err
	}
	e, found := entryOf(r.Record)
	if fault.Stops(found) {
		return fault.New(fault.Invalid, "contracts.invalid").With(found)
	}
	_, err = s.enterFor(tx, access.Actor{Account: in.Actor}, o, e)
	return err
}
