package territory

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Successor is a place to which an abolished one passed, with the way of the largest share.
type Successor struct {
	Place int64
	Name  string
	Basis string
	Share int32 // 0.0001 of the abolished place
	Event int64 // the act that named it
}

// Successors are the places standing on a day to which a place that stands no longer passed, through
// as many acts as there were. A place that stands succeeds itself; one that passed to nothing, or
// whose succession nobody has entered, has none. A post at an abolished place is offered to an
// administrator for these (territory.md 2.5).
func (s *Service) Successors(ctx context.Context, place int64, on period.Date) ([]Successor, error) {
	last, err := s.Place(ctx, place, on)
	switch {
	case err != nil:
		return nil, err
	case last.Stands:
		return []Successor{{Place: place, Name: last.Name, Basis: restate.All, Share: restate.Whole}}, nil
	case last.Since > on:
		return nil, nil // it is yet to be established
	}
	parts, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]datedPart, error) {
		return partsBetween(v, last.Until.AddDays(-1), on)
	})
	if err != nil {
		return nil, err
	}
	var all []Successor
	for _, h := range restate.Heirs(actsOf(parts), place) {
		heir, err := s.Place(ctx, h.Place, on)
		if err != nil {
			return nil, err
		}
		if heir.Stands {
			all = append(all, Successor{h.Place, heir.Name, h.Basis, h.Share, h.Act})
		}
	}
	return all, nil
}

// actsOf groups parts by their events.
func actsOf(parts []datedPart) []restate.Act {
	var acts []restate.Act
	for _, p := range parts {
		if len(acts) == 0 || acts[len(acts)-1].ID != p.Event {
			acts = append(acts, restate.Act{ID: p.Event, On: p.Effective})
		}
		a := &acts[len(acts)-1]
		a.Parts = append(a.Parts, restate.Part{From: p.From, To: p.To, Basis: p.Basis,
			Share: int32(p.Share)})
	}
	return acts
}

// Restated are figures mapped onto the tree of another day.
type Restated struct {
	Figures map[int64][]int64
	Gaps    []restate.Gap // what could not be passed on: no share on the basis was stated
}

// Restate maps figures that places had on one day onto the tree of a later one, on a basis. Reports
// as published do not need it: they use At.
func (s *Service) Restate(ctx context.Context, from, to period.Date, basis string,
	figures map[int64][]int64) (Restated, error) {
	if err := checkBasis(basis); err != nil {
		return Restated{}, err
	}
	if !from.Valid() || !to.Valid() || to < from {
		return Restated{}, fault.New(fault.Invalid, "territory.restate.days", string(from), string(to))
	}
	parts, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]datedPart, error) {
		return partsBetween(v, from, to)
	})
	if err != nil {
		return Restated{}, err
	}
	var r Restated
	r.Figures, r.Gaps = restate.Map(actsOf(parts), from, to, basis, figures)
	return r, nil
}

// Rehoming is a place whose home is another than it was.
type Rehoming struct {
	Place    int64
	From, To int64 // homes: counties, or 0
}

// Rehomed are the places that stand on both days and changed their home between them: rows of other
// modules about them lie under the old home until the moving command has been run.
func (s *Service) Rehomed(ctx context.Context, from, to period.Date) ([]Rehoming, error) {
	before, err := s.At(ctx, from)
	if err != nil {
		return nil, err
	}
	after, err := s.At(ctx, to)
	if err != nil {
		return nil, err
	}
	var all []Rehoming
	for n := range tree.Node(after.Len()) {
		id := after.ID(n)
		if !before.Has(id) {
			continue
		}
		if old, now := before.HomeOf(id), after.HomeOf(id); old != now {
			all = append(all, Rehoming{id, old, now})
		}
	}
	return all, nil
}
