package territory

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Record is everything kept about one place.
type Record struct {
	Place   int64
	States  []history.State
	Codes   []CodeSpan // of other schemes
	Events  []Event    // the oldest first
	Parts   map[int64][]restate.Part
	Areas   []Area // it belongs to on the day asked for
	Changed int64  // rises with every change of its rows
}

// Record reads everything kept about a place. One that was never entered is NotFound.
func (s *Service) Record(ctx context.Context, place int64, on period.Date) (Record, error) {
	r := Record{Place: place, Parts: map[int64][]restate.Part{}}
	err := s.host.Store.View(ctx, func(v *store.View) error {
		rows, err := statesOf(v, place)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			r.States = append(r.States, row.state())
			r.Changed += row.Version
		}
		if r.Codes, err = codesOf(v, place); err != nil {
			return err
		}
		if r.Events, err = eventsOf(v, place); err != nil {
			return err
		}
		for _, e := range r.Events {
			parts, err := partsOf(v, e.ID)
			if err != nil {
				return err
			}
			for _, p := range parts {
				r.Parts[e.ID] = append(r.Parts[e.ID], restate.Part{From: p.From, To: p.To, Basis: p.Basis,
					Share: int32(p.Share)})
			}
		}
		r.Areas, err = areasOf(v, place, on)
		return err
	})
	if err == nil && len(r.States) == 0 {
		err = absent("#", on)
	}
	r.Changed += int64(len(r.Events) + len(r.Codes))
	return r, err
}

// At is the state that holds on a day, or the nearest to it: the last before, else the first after.
func (r Record) At(on period.Date) (s history.State, stands bool) {
	s = r.States[0]
	for _, state := range r.States {
		if state.Since <= on {
			s = state
		}
	}
	return s, s.Since <= on && on < s.Until
}
