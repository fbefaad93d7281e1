package territory

import (
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Batch changes many places within another part's transaction: editions and loads. What it is given
// is not checked again; whoever uses it has compared it with the tree, and verify proves it.
type Batch struct {
	tx    *store.Tx
	today period.Date
	state treeState
	shown bool // place_path shows today's tree, as far as this batch knows
	above map[int64]*tree.Position
	next  []stateRow // states that rewritten histories have more than before
}

// Batch begins one. It is the first thing in its transaction, and Done the last.
func (s *Service) Batch(tx *store.Tx) (*Batch, error) {
	state, err := touch(tx)
	b := &Batch{tx: tx, today: s.host.Today(), state: state, above: map[int64]*tree.Position{}}
	b.shown = state.Shown == state.Changes-1 && state.ShownOn == b.today
	return b, err
}

// Done ends a batch: if no place has moved, or all that moved has been shown, so place_path says.
func (b *Batch) Done() error {
	if err := states.Bulk(b.tx, b.next); err != nil {
		return err
	}
	if b.shown {
		return show(b.tx, b.state.Changes, b.today)
	}
	return nil
}

// NewPlaces reserves ids for so many places and returns the first.
func (b *Batch) NewPlaces(count int64) (int64, error) {
	return b.tx.NextIDs(store.City, "place", count)
}

// NewEvents reserves ids for so many events and returns the first.
func (b *Batch) NewEvents(count int64) (int64, error) {
	return b.tx.NextIDs(store.City, "place_event", count)
}

// Founded is a new place with the state it begins with.
type Founded struct {
	ID int64
	history.State
}

// Add adds new places, parents before their children, and their positions of today with them.
func (b *Batch) Add(places []Founded) error {
	rows := make([]stateRow, len(places))
	var positions []pathRow
	for i, p := range places {
		rows[i] = rowOf(p.ID, p.State, 0)
		if !b.shown || p.Since > b.today || p.Until <= b.today {
			continue
		}
		at, err := b.position(p)
		if err != nil {
			return err
		}
		positions = append(positions, pathRow(at))
	}
	if err := states.Bulk(b.tx, rows); err != nil || !b.shown {
		return err
	}
	return paths.Bulk(b.tx, positions)
}

// position finds where a new place is, and remembers it for what lies in it.
func (b *Batch) position(p Founded) (tree.Position, error) {
	above := b.above[p.Parent]
	if above == nil && p.Parent != 0 {
		row, found, err := paths.First(b.tx, "WHERE place = ?", p.Parent)
		if err != nil {
			return tree.Position{}, err
		}
		if found {
			above = (*tree.Position)(&row)
			b.above[p.Parent] = above
		}
	}
	at := tree.Below(p.ID, p.Level, above)
	b.above[p.ID] = &at
	return at, nil
}

// History is the states of a place as they stand, for Rewrite.
type History struct {
	Place  int64
	States []history.State
	rows   []stateRow
}

// Histories reads the states of places.
func (b *Batch) Histories(places []int64) (map[int64]History, error) {
	rows, err := statesOfMany(b.tx, places)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]History, len(rows))
	for place, list := range rows {
		all[place] = historyOf(place, list)
	}
	return all, nil
}

func historyOf(place int64, rows []stateRow) History {
	h := History{Place: place, States: make([]history.State, len(rows)), rows: rows}
	for i, r := range rows {
		h.States[i] = r.state()
	}
	return h
}

// Rewrite turns the history of a place into another. place_path is behind then, and load makes it
// show the tree again.
func (b *Batch) Rewrite(h History, next []history.State) error {
	b.shown = false
	added, err := rewrite(b.tx, h, next)
	b.next = append(b.next, added...)
	return err
}

// rewrite ends, changes and drops the rows of a place that differ in another history, and gives back
// those to be added.
func rewrite(tx *store.Tx, h History, next []history.State) (added []stateRow, err error) {
	versions := map[period.Date]int64{}
	for _, r := range h.rows {
		versions[r.Since] = r.Version
	}
	edit := history.Difference(h.States, next)
	for _, s := range edit.Drop {
		row := rowOf(h.Place, s, versions[s.Since])
		if err := states.Delete(tx, &row); err != nil {
			return nil, err
		}
	}
	for _, s := range edit.Change {
		row := rowOf(h.Place, s, versions[s.Since])
		if err := states.Update(tx, &row); err != nil {
			return nil, err
		}
	}
	for _, s := range edit.Add {
		added = append(added, rowOf(h.Place, s, 0))
	}
	return added, nil
}

// Tell writes events.
func (b *Batch) Tell(list []Event) error { return events.Bulk(b.tx, list) }

// Share writes the shares of an event, in order.
func (b *Batch) Share(event int64, parts []restate.Part) error {
	for i, p := range parts {
		if err := eventParts.Insert(b.tx, &partRow{Event: event, Number: int64(i + 1), From: p.From,
			To: p.To, Basis: p.Basis, Share: int64(p.Share)}); err != nil {
			return err
		}
	}
	return nil
}
