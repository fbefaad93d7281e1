package territory

import (
	"context"
	"slices"

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
	edits edits   // what rewritten histories come to
	gone  []int64 // places that stand no more today, what lies in them first
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
	if err := b.edits.write(b.tx); err != nil {
		return err
	}
	for _, place := range b.gone {
		if err := b.leave(place); err != nil {
			return err
		}
	}
	if b.shown {
		return show(b.tx, b.state.Changes, b.today)
	}
	return nil
}

// leave takes a place that is gone off place_path. What still lies in it would have to move up: that
// is left to showTree.
func (b *Batch) leave(place int64) error {
	if !b.shown {
		return nil
	}
	row, found, err := paths.First(b.tx, "WHERE place = ?", place)
	if err != nil || !found {
		return err
	}
	_, held, err := store.First[int64](b.tx,
		`SELECT place FROM place_path WHERE path > ? AND path < ? LIMIT 1`,
		row.Path, tree.PathEnd(row.Path))
	if err != nil {
		return err
	}
	if held {
		b.shown = false
		return nil
	}
	return writePaths(b.tx, []pathRow{{Place: place}})
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
	return histories(b.tx, places)
}

func histories(r store.Reader, places []int64) (map[int64]History, error) {
	rows, err := statesOfMany(r, places)
	if err != nil {
		return nil, err
	}
	all, list := make(map[int64]History, len(rows)), make([]history.State, len(rows))
	for begin := 0; begin < len(rows); {
		end := begin
		for ; end < len(rows) && rows[end].Place == rows[begin].Place; end++ {
			list[end] = rows[end].state()
		}
		all[rows[begin].Place] = History{rows[begin].Place, slices.Clip(list[begin:end]), rows[begin:end]}
		begin = end
	}
	return all, nil
}

// Ahead is histories that were read before the batch that needs them has begun.
type Ahead struct {
	Histories map[int64]History
	changes   int64
}

// ReadAhead reads the states of places for a batch to come.
func (s *Service) ReadAhead(ctx context.Context, places []int64) (a Ahead, err error) {
	err = s.host.Store.View(ctx, func(v *store.View) error {
		state, err := readTreeState(v)
		if err == nil {
			a.changes = state.Changes
			a.Histories, err = histories(v, places)
		}
		return err
	})
	return a, err
}

// Change is the number of the batch among all changes of the places.
func (b *Batch) Change() int64 { return b.state.Changes }

// Holds reports whether histories read ahead are as they were: nobody has changed a place since they
// were read but, if anybody, the caller in the change own, which was about other places.
func (b *Batch) Holds(a Ahead, own int64) bool {
	last := b.state.Changes - 1
	return a.changes == last || a.changes == last-1 && own == last
}

func historyOf(place int64, rows []stateRow) History {
	h := History{Place: place, States: make([]history.State, len(rows)), rows: rows}
	for i, r := range rows {
		h.States[i] = r.state()
	}
	return h
}

// Rewrite turns the history of a place into another. If that moves it in today's tree, place_path is
// behind, and Settle makes it show the tree again.
func (b *Batch) Rewrite(h History, next []history.State) {
	before, stood := history.At(h.States, b.today)
	now, stands := history.At(next, b.today)
	switch {
	case stood && stands && before.Parent == now.Parent && before.Level == now.Level:
	case stood && !stands:
		b.gone = append(b.gone, h.Place)
	case stood || stands:
		b.shown = false
	}
	b.edits.add(h, next)
}

// edits are rows of histories to be dropped, changed, ended and added.
type edits struct{ drop, change, end, fresh []stateRow }

// add finds the rows of a place that differ in another history.
func (e *edits) add(h History, next []history.State) {
	edit := history.Difference(h.States, next)
	for _, s := range edit.Drop {
		e.drop = append(e.drop, rowOf(h.Place, s, h.row(s.Since).Version))
	}
	for _, s := range edit.Change {
		was := h.row(s.Since)
		row := rowOf(h.Place, s, was.Version)
		if was.Until = s.Until; was == row {
			e.end = append(e.end, row)
		} else {
			e.change = append(e.change, row)
		}
	}
	for _, s := range edit.Add {
		e.fresh = append(e.fresh, rowOf(h.Place, s, 0))
	}
}

// write makes the edits.
func (e *edits) write(tx *store.Tx) error {
	for i := range e.drop {
		if err := states.Delete(tx, &e.drop[i]); err != nil {
			return err
		}
	}
	if err := states.BulkUpdate(tx, e.change); err != nil {
		return err
	}
	if err := stateEnds.BulkUpdate(tx, e.end); err != nil {
		return err
	}
	return states.Bulk(tx, e.fresh)
}

// row is the row of the state that began on a day.
func (h History) row(since period.Date) stateRow {
	for _, r := range h.rows {
		if r.Since == since {
			return r
		}
	}
	return stateRow{}
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
