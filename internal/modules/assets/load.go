package assets

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// loadRows is how many cards Load enters with one event.
const loadRows = 5000

// loadedBody is what the event of a portion says.
type loadedBody struct {
	From  int64 `json:"from"`
	To    int64 `json:"to"`
	Cards int   `json:"cards"`
}

// Load enters many cards at once, for a city that takes over its books or builds a demonstration.
// Cards need Home, Organisation, Place and what a card says of itself; an empty Number becomes one of
// the id. Each is checked for itself as Acquire does, against nothing else. They are entered in
// portions of one home, an event a portion; a loaded card has no line of history of its own: its first
// event is the portion's. What a portion entered stays if a later one is refused. progress, unless nil,
// is told after each portion how many are done. The ids come in the order of the cards.
//
// Only the program itself may load. Give a county's cards at a time: all are held in memory.
func (s *Assets) Load(ctx context.Context, cards []Asset, progress func(done int)) ([]int64, error) {
	if !access.From(ctx).Program {
		return nil, fault.New(fault.Forbidden, "access.forbidden")
	}
	order := make([]int, len(cards))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cards[a].Home, cards[b].Home) })
	ids := make([]int64, len(cards))
	for first := 0; first < len(order); {
		end := first
		for end < len(order) && end-first < loadRows && cards[order[end]].Home == cards[order[first]].Home {
			end++
		}
		if err := s.loadPortion(ctx, cards, order[first:end], ids); err != nil {
			return ids[:0], err
		}
		if first = end; progress != nil {
			progress(first)
		}
	}
	return ids, nil
}

// loadPortion enters cards of one home and notes their ids.
func (s *Assets) loadPortion(ctx context.Context, cards []Asset, which []int, ids []int64) error {
	rows := make([]Asset, len(which))
	for i, n := range which {
		rows[i] = cards[n]
		rows[i].Version, rows[i].State, rows[i].Ended = 0, Live, period.Open
		if rows[i].Organisation == 0 || rows[i].Place == 0 {
			return fmt.Errorf("assets: the card %q to be loaded has no owner or no place", rows[i].Name)
		}
		if findings := s.Check(&rows[i]); fault.Stops(findings) {
			return fault.New(fault.Invalid, "assets.invalid").With(findings)
		}
		rows[i].Profile = profileOf(&rows[i])
	}
	home := rows[0].Home
	return s.host.Store.Write(ctx, func(tx *store.Tx) error {
		first, err := tx.NextIDs(home, "asset", int64(len(rows)))
		if err != nil {
			return err
		}
		portion := slices.Clone(rows)
		totals := map[int64]totalRow{}
		for i := range portion {
			a := &portion[i]
			a.ID = first + int64(i)
			if a.Number == "" {
				a.Number = numberOf(a.ID)
			}
			ids[which[i]] = a.ID
			t := totalOf(a)
			if sum, ok := totals[a.Profile]; ok {
				t.Number, t.Cost, t.Area = sum.Number+1, sum.Cost+t.Cost, sum.Area+t.Area
			}
			totals[a.Profile] = t
		}
		if err := assetTable.Bulk(tx, portion); err != nil {
			return err
		}
		if err := addAll(tx, totals); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: home, Kind: "asset.loaded", Subject: Subject(first),
			Body: loadedBody{first, first + int64(len(rows)) - 1, len(rows)}})
		return err
	})
}

// addAll adds totals in one order, so that two writers do not wait for each other in a circle.
func addAll(tx *store.Tx, totals map[int64]totalRow) error {
	profiles := make([]int64, 0, len(totals))
	for profile := range totals {
		profiles = append(profiles, profile)
	}
	slices.Sort(profiles)
	for _, profile := range profiles {
		if err := totals[profile].add(tx); err != nil {
			return err
		}
	}
	return nil
}
