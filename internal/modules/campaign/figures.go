package campaign

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// figuresKind is the job that publishes a county's figures: every night while its checks go on, and
// once more when the city has locked them.
const figuresKind = "campaign.figures"

// The measures of the annual check. Each organisation reports at its own place; a place above has the
// sum of what lies in it, with how many of how many reported.
const (
	assetsMeasure    = "inventory.assets"
	operatingMeasure = "inventory.operating_assets"
	idleMeasure      = "inventory.idle_assets"
	landMeasure      = "inventory.resource_area"
)

var measures = []measure.Definition{
	amount(assetsMeasure, locale.Words{Chinese: "集体资产核实数", English: "Collective assets, verified"},
		measure.More),
	amount(operatingMeasure, locale.Words{Chinese: "经营性资产核实数", English: "Operating assets, verified"},
		measure.More),
	amount(idleMeasure, locale.Words{Chinese: "闲置资产核实数", English: "Idle assets, verified"}, measure.Less),
	{Key: landMeasure, Title: locale.Words{Chinese: "资源性资产核实面积", English: "Resources, verified area"},
		Unit: locale.Words{Chinese: "平方米", English: "m²"}, Nature: measure.Stock,
		Direction: measure.Neither,
		Missing:   measure.Partial, Source: "inventory", Basis: basis, Mark: pack.Verified, Decimals: 2},
}

const basis = "农经发〔2017〕11号"

func amount(key string, title locale.Words, good measure.Direction) measure.Definition {
	return measure.Definition{Key: key, Title: title, Unit: locale.Words{Chinese: "元", English: "yuan"},
		Nature: measure.Stock, Direction: good, Missing: measure.Partial, Source: "inventory", Basis: basis,
		Mark: pack.Verified, Decimals: 2}
}

// homes are the counties with a campaign that is not locked: their figures still move.
func (m *Campaigns) homes(ctx context.Context) ([]int64, error) {
	return store.Read(ctx, m.host.Store, func(v *store.View) ([]int64, error) {
		all, err := campaigns.All(v, "WHERE state <> ? ORDER BY home, year", Locked)
		var homes []int64
		for _, c := range all {
			if len(homes) == 0 || homes[len(homes)-1] != c.Home {
				homes = append(homes, c.Home)
			}
		}
		return homes, err
	})
}

// figuresJob publishes the figures of a county: those of one year if it was ordered so, else of all
// that are not locked. A portion is a year.
func (m *Campaigns) figuresJob(ctx context.Context, run *jobs.Run) error {
	var args openArgs
	if run.Job.Args != "null" {
		if err := run.Args(&args); err != nil {
			return err
		}
	}
	all, err := store.Read(ctx, m.host.Store, func(v *store.View) ([]Campaign, error) {
		if args.Year != 0 {
			return campaigns.All(v, "WHERE home = ? AND year = ?", run.Job.Home, args.Year)
		}
		return campaigns.All(v, "WHERE home = ? AND state <> ? ORDER BY year", run.Job.Home, Locked)
	})
	if err != nil {
		return err
	}
	for _, c := range all {
		err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			n, err := m.publish(tx, c)
			at.Step, at.Done = strconv.Itoa(c.Year), at.Done+int64(n)
			return err
		})
		if err == nil {
			err = m.rollUpFigures(ctx, c.Year)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// publish writes the figures of every place of a county at which an organisation has a check.
func (m *Campaigns) publish(tx *store.Tx, c Campaign) (int, error) {
	p := period.OfYear(c.Year)
	sums, err := m.inventory.ByPlace(tx, c.Home, c.Year)
	if err != nil {
		return 0, err
	}
	for _, s := range sums {
		t := m.inventory.HeadlineOf(s.Figures)
		figure := func(key string, value int64) measure.Figure {
			return measure.Figure{Home: c.Home, Measure: key, Place: s.Place, Period: p.String(),
				Numerator: value,
				Covered:   s.Approved, Expected: s.Of, Source: subject(c.Year)}
		}
		err := m.host.Measures.Publish(tx, figure(assetsMeasure, t.Verified), figure(operatingMeasure,
			t.Operating),
			figure(idleMeasure, t.Idle), figure(landMeasure, t.Land))
		if err != nil {
			return 0, err
		}
	}
	return len(sums), nil
}

func (m *Campaigns) rollUpFigures(ctx context.Context, year int) error {
	today := today{m.places.Today()}
	for _, d := range measures {
		if _, err := m.host.Measures.RollUp(ctx, today, d.Key, period.OfYear(year)); err != nil {
			return err
		}
	}
	return nil
}

// today is the tree of places as the roll-up of measures asks for it.
type today struct{ *tree.Tree }

func (t today) Place(n int) int64 { return t.ID(tree.Node(n)) }
func (t today) Parent(n int) int  { return int(t.Tree.Parent(tree.Node(n))) }
func (t today) Home(n int) int64  { return t.HomeOf(t.Place(n)) }

// Publish writes the figures of a campaign at once: for the command and for data that is loaded.
func (m *Campaigns) Publish(ctx context.Context, home int64, year int) error {
	err := m.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := Get(tx, home, year)
		if err != nil {
			return err
		}
		_, err = m.publish(tx, c)
		return err
	})
	if err != nil {
		return err
	}
	return m.rollUpFigures(ctx, year)
}
