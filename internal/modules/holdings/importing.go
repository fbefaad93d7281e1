package holdings

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/assets"
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

// intakeKind is what package intake knows a file of cards as; importJob applies one in the background.
const (
	intakeKind = "assets.card"
	importJob  = "assets.import"
)

// kind is a file of cards: every row a new card of the organisation the intake is about.
func (s *Holdings) kind(c *assets.Codes) intake.Kind {
	return intake.Kind{Key: intakeKind, Form: c.Card(), Permit: assets.Change, Wanted: s.wanted,
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
func (s *Holdings) wanted(ctx context.Context, in intake.Intake) (sheet.Wanted, error) {
	o, err := store.Read(ctx, s.host.Store, func(v *store.View) (registry.Organisation, error) {
		return organisationOf(v, in)
	})
	return sheet.Wanted{Organisation: o.Ref().String(), OrganisationName: o.Name, On: s.host.Today()}, err
}

// checkRows holds rows against the checks of a card, the cards there are, and one another.
func (s *Holdings) checkRows(c *intake.Checking) error {
	o, err := organisationOf(c.Reader, c.Intake)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for _, r := range c.Rows {
		a, findings := s.cardOf(r, o)
		findings = append(findings, s.assets.Check(&a)...)
		twins, err := s.assets.Twins(c.Reader, access.Actor{}, a)
		if err != nil {
			return err
		}
		for _, f := range append(findings, twins...) {
			if r.Record.Given(f.Column) || r.Record.Plain(f.Column) == "" {
				field := f.Column
				f.Column = ""
				c.Tell(r, field, f)
			}
		}
		if a.Number == "" {
			continue
		}
		if first := seen[a.Number]; first != 0 {
			c.Tell(r, "number", fault.Wrong("assets.number_twice", first).Saw(a.Number))
		}
		seen[a.Number] = r.Line
		if err := assets.Free(c.Reader, &a); err != nil {
			f := fault.Of(err)
			if len(f.Findings) == 0 {
				return err
			}
			c.Tell(r, "number", f.Findings[0])
		}
	}
	return nil
}

// cardOf reads a row as a card of an organisation, its depreciation filled in.
func (s *Holdings) cardOf(r intake.Row, o registry.Organisation) (assets.Asset, []fault.Finding) {
	a, findings := assetOf(r.Record)
	a.Home, a.Organisation, a.Place = o.Home, o.ID, o.Place
	s.assets.Fill(&a)
	return a, findings
}

// applyRow enters the card of a row. The permit was asked when the intake was ordered.
func (s *Holdings) applyRow(tx *store.Tx, in intake.Intake, r intake.Row) error {
	o, err := organisationOf(tx, in)
	if err != nil {
		return err
	}
	if o.Status != registry.Active {
		return fault.New(fault.Conflict, "assets.owner_ended", o.Name)
	}
	a, findings := assetOf(r.Record)
	if fault.Stops(findings) {
		return fault.New(fault.Invalid, "assets.invalid").With(findings)
	}
	_, err = s.assets.EnterFor(tx, access.Actor{Account: in.Actor}, o, assets.Acquisition{Card: a,
		Document: r.Record.Text("document")})
	return err
}

// template is the workbook of an organisation's cards, empty.
func (s *Holdings) book(l locale.Language, o registry.Organisation) sheet.Template {
	return sheet.Template{Form: s.assets.Codes().Card(), Language: l, Dictionary: s.host.Dictionary,
		Organisation: o.Ref().String(), OrganisationName: o.Name, On: s.host.Today()}
}

// importArgs is what the job of an import is told.
type importArgs struct {
	Home        int64  `json:"home"`
	Intake      int64  `json:"intake"`
	Explanation string `json:"explanation"`
}

// runImport applies an intake in the background, in the name of whoever asked.
func (s *Holdings) runImport(ctx context.Context, run *jobs.Run) error {
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
