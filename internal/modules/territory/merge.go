package territory

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// NewPlace describes a place that a merge or split establishes. Level and parent are those of the
// places it comes from.
type NewPlace struct {
	Name     string
	Kind     division.Kind
	Code     string
	Category division.Category
}

// Merge is the act of merging places into one, which is one of them, another that stands, or new.
type Merge struct {
	Order
	From []int64
	Into int64 // 0: New
	New  NewPlace
}

// Merge merges places. What lies in them moves along; their figures pass on whole. It returns the
// place they merged into.
//
// Merging places merges nothing else: the collectives of the villages stay what they are
// (territory.md 2; their merging needs a procedure of its own).
func (s *Service) Merge(ctx context.Context, m Merge) (into int64, err error) {
	from := slices.DeleteFunc(slices.Clone(m.From), func(p int64) bool { return p == m.Into })
	if len(from) == 0 || m.Into == 0 && len(from) < 2 || repeated(m.From) {
		return 0, fault.New(fault.Invalid, "territory.merge.places")
	}
	_, err = s.act(ctx, m.Order, deed{kind: Merging, place: m.Into, places: from,
		do: func(a *amendment) error {
			if into, err = a.target(m.Into, from[0], m.New); err != nil {
				return err
			}
			a.subject = into
			return a.merge(from, into)
		}})
	return into, err
}

func repeated(places []int64) bool {
	sorted := slices.Clone(places)
	slices.Sort(sorted)
	return len(slices.Compact(sorted)) < len(places)
}

// target is the standing place, or a new one beside another.
func (a *amendment) target(place, beside int64, n NewPlace) (int64, error) {
	if place != 0 {
		_, err := a.now(place)
		return place, err
	}
	f, err := a.now(beside)
	if err != nil {
		return 0, err
	}
	f.Name, f.Code, f.Category = n.Name, division.Widen(n.Code, f.Level), n.Category
	if n.Kind != "" {
		f.Kind = n.Kind
	}
	if err := a.fits(f); err != nil {
		return 0, err
	}
	return a.begin(f)
}

func (a *amendment) merge(from []int64, into int64) error {
	target, err := a.now(into)
	if err != nil {
		return err
	}
	for _, place := range from {
		f, err := a.now(place)
		if err != nil {
			return err
		}
		if f.Level != target.Level {
			return fault.New(fault.Conflict, "territory.merge.level", f.Name, target.Name)
		}
		for _, child := range a.children(place) {
			if child == into {
				continue
			}
			if err := a.change(child, func(f *history.Facts) { f.Parent = into }); err != nil {
				return err
			}
		}
		a.pass(place, into, restate.All, restate.Whole)
		if err := a.end(place); err != nil {
			return err
		}
	}
	return nil
}
