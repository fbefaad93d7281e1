package territory

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Transfer is the act of moving whole places under another parent.
type Transfer struct {
	Order
	Places []int64
	Parent int64
	Codes  map[int64]string // new codes, of those that get one with the move
}

// Transfer moves whole places. Figures kept at what they left (a county's own totals) pass on in the
// share of villages that moved. A transfer across counties changes the home of what moves: Rehomed
// tells which rows of other modules lie under an old home.
func (s *Service) Transfer(ctx context.Context, t Transfer) error {
	if len(t.Places) == 0 || repeated(t.Places) || slices.Contains(t.Places, t.Parent) {
		return fault.New(fault.Invalid, "territory.transfer.places")
	}
	if err := s.topOnlyByProgram(ctx, t.Parent); err != nil {
		return err
	}
	_, err := s.act(ctx, t.Order, deed{kind: Transferring, place: t.Places[0],
		places: append(slices.Clone(t.Places), t.Parent), do: func(a *amendment) error {
			if len(t.Places) > 1 {
				a.subject = t.Parent
			}
			a.shareMoved(t.Places, t.Parent)
			for _, place := range t.Places {
				if err := a.transfer(place, t); err != nil {
					return err
				}
			}
			return nil
		}})
	return err
}

func (a *amendment) transfer(place int64, t Transfer) error {
	f, err := a.now(place)
	if err != nil {
		return err
	}
	if f.Parent == t.Parent {
		return fault.New(fault.Conflict, "territory.same", f.Name)
	}
	f.Parent = t.Parent
	if code, ok := t.Codes[place]; ok {
		f.Code = division.Widen(code, f.Level)
	}
	if err := a.fits(f); err != nil {
		return err
	}
	return a.change(place, func(old *history.Facts) { *old = f })
}

// move is from which government to which of the same level something goes.
type move struct{ from, to int64 }

// shareMoved notes which share of the villages of each place left behind goes where.
func (a *amendment) shareMoved(places []int64, parent int64) {
	moved := map[move]int64{}
	var order []move
	for _, place := range places {
		count := a.villages(place)
		n := a.tree.Find(place)
		if count == 0 || n == tree.None {
			continue
		}
		for _, m := range a.moves(a.tree.Parent(n), a.tree.Find(parent), parent) {
			if moved[m] == 0 {
				order = append(order, m)
			}
			moved[m] += count
		}
	}
	for i, m := range order {
		if slices.ContainsFunc(order[:i], func(o move) bool { return o.from == m.from }) {
			continue // a place sends to one of its level only: all go to one parent
		}
		rest := a.villages(m.from) - moved[m]
		shares := edition.Shares([]int64{moved[m], rest})
		a.pass(m.from, m.to, edition.BasisVillages, shares[0])
		if shares[1] > 0 {
			a.pass(m.from, m.from, edition.BasisVillages, shares[1])
		}
	}
}

// moves pairs the governments that are left with those of their level that are joined. The new
// parent may itself begin in this act and not be in the tree yet.
func (a *amendment) moves(from, to tree.Node, parent int64) []move {
	joined := map[division.Level]int64{}
	if to == tree.None {
		if f, err := a.now(parent); err == nil && f.Kind != division.Grouping {
			joined[f.Level] = parent
			to = a.tree.Find(f.Parent)
		}
	}
	for ; to != tree.None; to = a.tree.Parent(to) {
		if a.tree.Kind(to) != division.Grouping {
			joined[a.tree.Level(to)] = a.tree.ID(to)
		}
	}
	var all []move
	for ; from != tree.None; from = a.tree.Parent(from) {
		id := a.tree.ID(from)
		if to, ok := joined[a.tree.Level(from)]; ok && to != id && a.tree.Kind(from) != division.Grouping {
			all = append(all, move{id, to})
		}
	}
	return all
}
