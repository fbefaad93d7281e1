package holdings

import (
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// intakeKind is what package intake knows a file of cards as.
const intakeKind = "assets.card"

// imports declares the files of cards: every row a new card of the organisation a file is sent for.
func (s *Holdings) imports() *intakepage.Files {
	return s.chooser.FilesFor("/assets", "/assets", intakepage.Files{Name: "AssetImport", Texts: "assets",
		Job: "assets.import", Permit: assets.Change, At: "/asset-imports/{home}/{id}",
		From:   "/organisations/{home}/{id}/asset-imports",
		Ours:   func(kind string) bool { return kind == intakeKind },
		KindOf: func(string, sheet.Upload) (string, error) { return intakeKind, nil },
		Template: func(_ store.Reader, l locale.Language, o intakepage.Subject,
			_ string) (intakepage.Workbook, error) {
			return s.files.Sheet(s.assets.Codes().Card(), l, o), nil
		}})
}

// kind is how such a file is taken in.
func (s *Holdings) kind(c *assets.Codes) intake.Kind {
	return intake.Kind{Key: intakeKind, Form: c.Card(), Permit: assets.Change, Wanted: s.files.Wanted,
		Context: s.files.Context, Apply: s.applyRow, Checks: func() func(*intake.Checking) error {
			seen := map[string]int{} // numbers of the whole file, and the line of each
			return func(k *intake.Checking) error { return s.checkRows(k, seen) }
		}}
}

// checkRows holds rows against the checks of a card, the cards there are, and the numbers that rows above
// have.
func (s *Holdings) checkRows(c *intake.Checking, seen map[string]int) error {
	o, err := registry.OfIntake(c.Reader, c.Intake)
	if err != nil {
		return err
	}
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
	o, err := registry.OfIntake(tx, in)
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
