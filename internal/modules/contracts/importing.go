package contracts

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// intakeKind is what package intake knows a file of contracts as; importJob applies one in the background.
const (
	intakeKind = "contracts.contract"
	importJob  = "contracts.import"
)

// kind is a file of contracts: every row a new contract of the organisation the intake is about.
func (s *Contracts) kind(c *codes) intake.Kind {
	return intake.Kind{Key: intakeKind, Form: c.form, Permit: Change, Wanted: s.wanted,
		Context: func(context.Context, intake.Intake) (form.Context, error) {
			return form.Context{On: s.host.Today()}, nil
		},
		Check: s.checkRows, Apply: s.applyRow}
}

// aboutOrganisation is the subject of an intake; organisationOf reads it.
func aboutOrganisation(o registry.Organisation) string {
	return "organisation/" + strconv.FormatInt(o.ID, 10)
}

func organisationOf(r store.Reader, in intake.Intake) (registry.Organisation, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(in.Subject, "organisation/"), 10, 64)
	if err != nil {
		return registry.Organisation{}, err // the subject is ours
	}
	return registry.Get(r, registry.Ref{Home: in.Home, ID: id})
}

// wanted refuses a template that was made for another organisation.
func (s *Contracts) wanted(ctx context.Context, in intake.Intake) (sheet.Wanted, error) {
	o, err := store.Read(ctx, s.host.Store, func(v *store.View) (registry.Organisation, error) {
		return organisationOf(v, in)
	})
	return sheet.Wanted{Organisation: o.Ref().String(), OrganisationName: o.Name, On: s.host.Today()}, err
}

// checkRows holds rows against the checks of a contract, the contracts there are, and one another.
func (s *Contracts) checkRows(c *intake.Checking) error {
	o, err := organisationOf(c.Reader, c.Intake)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for _, r := range c.Rows {
		e, found := entryOf(r.Record)
		for _, f := range append(found, s.Check(&e)...) {
			if r.Record.Given(f.Column) || r.Record.Plain(f.Column) == "" {
				field := f.Column
				f.Column = ""
				c.Tell(r, field, f)
			}
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

// applyRow enters the contract of a row. The permit was asked when the intake was ordered.
func (s *Contracts) applyRow(tx *store.Tx, in intake.Intake, r intake.Row) error {
	o, err := organisationOf(tx, in)
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

// book is the workbook of an organisation's contracts, empty.
func (s *Contracts) book(l locale.Language, o registry.Organisation) sheet.Template {
	return sheet.Template{Form: s.codes.Load().form, Language: l, Dictionary: s.host.Dictionary,
		Organisation: o.Ref().String(), OrganisationName: o.Name, On: s.host.Today()}
}

// importArgs is what the job of an import is told.
type importArgs struct {
	Home        int64  `json:"home"`
	Intake      int64  `json:"intake"`
	Explanation string `json:"explanation"`
}

// runImport applies an intake in the background, in the name of whoever asked.
func (s *Contracts) runImport(ctx context.Context, run *jobs.Run) error {
	var args importArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	actor, err := store.Read(ctx, s.host.Store, func(v *store.View) (access.Actor, error) {
		return s.host.Identity.Person(v, run.Job.Actor, s.host.Today())
	})
	if err != nil {
		return err
	}
	_, err = s.host.Intake.Apply(ctx, intake.Order{Actor: actor, Home: args.Home, ID: args.Intake,
		Explanation: args.Explanation, Progress: func(done, total int64) error {
			return run.Tell(ctx, jobs.Progress{Step: "apply", Done: done, Total: total})
		}})
	return err
}
