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

// Units are the county units of the city as of a day, and that day; of a day before the tree
// begins, as of its first.
func (s *Statistics) Units(ctx context.Context, on period.Date) ([]Unit, period.Date, error) {
	city := s.places.City()
	if city == 0 {
		return nil, on, fault.New(fault.Unavailable, "statistics.no_city")
	}
	record, err := s.places.Record(ctx, city, on)
	if err != nil {
		return nil, on, err
	}
	on = max(on, record.States[0].Since)
	t, err := s.places.At(ctx, on)
	if err != nil {
		return nil, on, err
	}
	var all []Unit
	root := t.Find(city)
	for n := root; n != tree.None && n < t.End(root); n++ {
		if t.Level(n) == division.County && t.Kind(n) != division.Grouping {
			code := t.Code(n)
			all = append(all, Unit{t.ID(n), code[:min(len(code), countyDigits)], t.Name(n)})
		}
	}
	return all, on, nil
}

// countyDigits are the digits of a county's code that are not filled up.
const countyDigits = 6
