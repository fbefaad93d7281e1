package territory

import (
	"bytes"
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// place_path shows today's tree. An act settles the rows it moves in its own transaction; after an
// edition, at midnight and at the start showTree compares all rows with the tree.

// pathsAtOnce is how many rows showTree writes in one transaction.
const pathsAtOnce = 5000

const upsertPath = `INSERT INTO place_path (place, path, home, level) VALUES (?, ?, ?, ?)
	ON CONFLICT (place) DO UPDATE SET path = excluded.path, home = excluded.home, level = excluded.level`

// showTree makes place_path show a tree that holds for a count of changes.
func (s *Service) showTree(ctx context.Context, t *tree.Tree, changes int64) error {
	wanted := t.Positions()
	var edits []pathRow // Path nil: to be removed
	count := 0
	err := s.host.Store.View(ctx, func(v *store.View) error {
		for row, err := range store.Each[pathRow](v, `SELECT place, path, home, level FROM place_path`) {
			if err != nil {
				return err
			}
			count++
			n := t.Find(row.Place)
			switch {
			case n == tree.None:
				edits = append(edits, pathRow{Place: row.Place})
			case bytes.Equal(wanted[n].Path, row.Path) && wanted[n].Home == row.Home &&
				wanted[n].Level == row.Level:
				wanted[n].Place = 0 // it stands as it should
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, w := range wanted {
		if w.Place != 0 {
			edits = append(edits, pathRow(w))
		}
	}
	for some := range slices.Chunk(edits, pathsAtOnce) {
		if err := s.host.Store.Maintain(ctx, func(tx *store.Tx) error {
			if count == 0 {
				return paths.Bulk(tx, slices.Clone(some))
			}
			return writePaths(tx, some)
		}); err != nil {
			return err
		}
	}
	return s.host.Store.Maintain(ctx, func(tx *store.Tx) error {
		state, err := readTreeState(tx)
		if err != nil || state.Changes != changes {
			return err // somebody changed more meanwhile; the next look goes on from there
		}
		return show(tx, changes, t.On())
	})
}

func writePaths(tx *store.Tx, rows []pathRow) error {
	for _, r := range rows {
		var err error
		if r.Path == nil {
			_, err = tx.Exec(`DELETE FROM place_path WHERE place = ?`, r.Place)
		} else {
			_, err = tx.Exec(upsertPath, r.Place, r.Path, r.Home, int64(r.Level))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settler moves rows of place_path within an act's transaction.
type settler struct {
	tx      *store.Tx
	now     map[int64]*history.Facts // places whose position today may have changed; nil: gone
	settled map[int64]bool
}

// settlePaths brings the rows of the places that an act changed, and of what lies in them, up to
// date, if place_path showed today's tree before the act.
func (a *amendment) settlePaths(today period.Date) error {
	if a.state.Shown != a.state.Changes-1 || a.state.ShownOn != today {
		return nil // it is behind anyway: load will compare all rows
	}
	s := settler{a.tx, map[int64]*history.Facts{}, map[int64]bool{}}
	for _, place := range a.touched {
		before, stood := history.At(a.before[place], today)
		now, stands := history.At(a.after[place], today)
		switch {
		case stood && !stands:
			s.now[place] = nil
		case stands && (!stood || before.Parent != now.Parent || before.Level != now.Level):
			s.now[place] = &now.Facts
		}
	}
	for _, place := range a.touched {
		if err := s.settle(place); err != nil {
			return err
		}
	}
	for place, facts := range s.now {
		if facts == nil {
			if _, err := a.tx.Exec(`DELETE FROM place_path WHERE place = ?`, place); err != nil {
				return err
			}
		}
	}
	return show(a.tx, a.state.Changes, today)
}

// settle puts a place where it belongs, after what it hangs under.
func (s *settler) settle(place int64) error {
	facts := s.now[place]
	if facts == nil || s.settled[place] {
		return nil
	}
	s.settled[place] = true
	var above *tree.Position
	if facts.Parent != 0 {
		if err := s.settle(facts.Parent); err != nil {
			return err
		}
		row, err := paths.Get(s.tx, facts.Parent)
		if err != nil {
			return err
		}
		above = (*tree.Position)(&row)
	}
	old, stood, err := paths.First(s.tx, "WHERE place = ?", place)
	if err != nil {
		return err
	}
	rows := []pathRow{pathRow(tree.Below(place, facts.Level, above))}
	if stood {
		below, err := pathsUnder(s.tx, old.Path, tree.PathEnd(old.Path))
		if err != nil {
			return err
		}
		rows = moved(rows[0], below)
	}
	return writePaths(s.tx, rows)
}

// moved are the rows of a subtree with its top in a new position. below are its rows as they were,
// the top first.
func moved(top pathRow, below []pathRow) []pathRow {
	rows := []pathRow{top}
	at := map[int64]int{top.Place: 0}
	for _, r := range below {
		if r.Place == top.Place {
			continue
		}
		above := tree.Position(rows[at[tree.ParentIn(r.Path)]])
		at[r.Place] = len(rows)
		rows = append(rows, pathRow(tree.Below(r.Place, r.Level, &above)))
	}
	return rows
}
