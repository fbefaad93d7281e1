package territory

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Abolition is the act of abolishing a place. What lies in it must have moved before.
type Abolition struct {
	Order
	Place      int64
	Successors []Succession // or None
	None       bool         // it is stated that nothing succeeds it
}

// Succession says which share of an abolished place passes to another.
type Succession struct {
	To    int64
	Basis string // restate.All for the only successor; area, population, households, villages …
	Share int32  // 0.0001
}

// BasisNone marks a place that nothing succeeds.
const BasisNone = "none"

// Abolish ends a place. Abolishing needs successors or the explicit statement that there are none:
// history that leads nowhere by oversight cannot be restated.
func (s *Service) Abolish(ctx context.Context, b Abolition) error {
	if b.None == (len(b.Successors) > 0) {
		return fault.New(fault.Invalid, "territory.abolish.successors")
	}
	places := []int64{}
	for _, n := range b.Successors {
		places = append(places, n.To)
	}
	_, err := s.act(ctx, b.Order, deed{kind: Abolishing, place: b.Place, places: places,
		do: func(a *amendment) error {
			if _, err := a.now(b.Place); err != nil {
				return err
			}
			if b.None {
				a.pass(b.Place, 0, BasisNone, restate.Whole)
			}
			for _, n := range b.Successors {
				if err := checkBasis(n.Basis); err != nil {
					return err
				}
				a.pass(b.Place, n.To, n.Basis, n.Share)
			}
			return a.end(b.Place)
		}})
	return err
}

// Bases are the bases a share can be stated on.
var Bases = []string{restate.All, "area", "population", "households", edition.BasisVillages,
	edition.BasisEqual}

func checkBasis(basis string) error {
	for _, b := range Bases {
		if b == basis {
			return nil
		}
	}
	return fault.New(fault.Invalid, "territory.share.basis", basis)
}
