package reporting

import (
	"cmp"
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// PublishAccepted publishes what is lacking of counties that the city has accepted: those of before their
// form, or the program, published anything. It answers in how many counties and rounds something was; asked
// again there are none. Sums of places above are added up by the jobs that it orders.
func (g *Reporting) PublishAccepted(ctx context.Context) (counties int, err error) {
	accepted, err := store.Read(ctx, g.host.Store, func(v *store.View) ([]RollUp, error) {
		return rollUps.All(v, "WHERE stage = ? AND level = ? ORDER BY home, id", Accepted, division.County)
	})
	for _, one := range accepted {
		if err != nil {
			return counties, err
		}
		lacking := false
		err = g.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
			lacking, err = g.catchUp(tx, one)
			return err
		})
		if lacking {
			counties++
		}
	}
	return counties, err
}

// catchUp publishes what a county's accepted reports give and nobody has published; it answers whether
// anything was lacking.
func (g *Reporting) catchUp(tx *store.Tx, one RollUp) (bool, error) {
	due, err := g.acceptedIn(tx, Ref{one.Home, one.ID})
	if err != nil || len(due) == 0 {
		return false, err
	}
	for _, d := range acceptedMeasures {
		had, err := g.host.Measures.Own(tx, d.Key)
		if err != nil {
			return false, err
		}
		for _, f := range had {
			if f.Covered > 0 {
				delete(due, figureKey{f.Measure, f.Place, f.Period})
			}
		}
	}
	var lacking []measure.Figure
	for _, f := range due {
		if f.Covered > 0 {
			lacking = append(lacking, f)
		}
	}
	if len(lacking) == 0 {
		return false, nil
	}
	slices.SortFunc(lacking, func(a, b measure.Figure) int {
		return cmp.Or(cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Place, b.Place))
	})
	if err := g.host.Measures.Publish(tx, lacking...); err != nil {
		return false, err
	}
	_, err = g.host.Jobs.Enqueue(tx, jobs.Order{Home: one.Home, Kind: figuresKind, Place: one.Place,
		Subject: subject("roll-up", one.ID), Actor: access.Machine.Account,
		Args: figuresArgs{one.Form, one.Period}})
	return true, err
}
