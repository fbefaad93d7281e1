package statistics

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Unit is a county unit of the city in an edition of the tree.
type Unit struct {
	Place int64
	Code  string // six digits
	Name  string
}

// City is the place of the city; 0: it is not entered.
func (s *Statistics) City() int64 { return s.places.City() }

// Edition is the places of a day with the county units of the city; it is a tree as sums of measures ask
// for it (measure.Tree).
type Edition struct {
	On    period.Date // of a day before the tree begins, its first
	Units []Unit
	tree  *tree.Tree
}

// Len, Place, Parent and Home number the places in pre-order.
func (e Edition) Len() int          { return e.tree.Len() }
func (e Edition) Place(n int) int64 { return e.tree.ID(tree.Node(n)) }
func (e Edition) Parent(n int) int  { return int(e.tree.Parent(tree.Node(n))) }
func (e Edition) Home(n int) int64  { return e.tree.HomeOf(e.Place(n)) }

// Edition is the places as of a day.
func (s *Statistics) Edition(ctx context.Context, on period.Date) (Edition, error) {
	e := Edition{On: on}
	city := s.places.City()
	if city == 0 {
		return e, fault.New(fault.Unavailable, "statistics.no_city")
	}
	record, err := s.places.Record(ctx, city, on)
	if err != nil {
		return e, err
	}
	e.On = max(on, record.States[0].Since)
	if e.tree, err = s.places.At(ctx, e.On); err != nil {
		return e, err
	}
	t, root := e.tree, e.tree.Find(city)
	for n := root; n != tree.None && n < t.End(root); n++ {
		if t.Level(n) == division.County && t.Kind(n) != division.Grouping {
			code := t.Code(n)
			e.Units = append(e.Units, Unit{t.ID(n), code[:min(len(code), countyDigits)], t.Name(n)})
		}
	}
	return e, nil
}

// Units are the county units of the city as of a day, and that day; of a day before the tree
// begins, as of its first.
func (s *Statistics) Units(ctx context.Context, on period.Date) ([]Unit, period.Date, error) {
	e, err := s.Edition(ctx, on)
	return e.Units, e.On, err
}

// countyDigits are the digits of a county's code that are not filled up.
const countyDigits = 6
