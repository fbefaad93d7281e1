package territory

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Draft is a place for Load. Parent is the index of an earlier draft, or −1 for Above.
type Draft struct {
	Parent   int
	Above    int64 // a standing place, or 0 for the top
	Level    division.Level
	Kind     division.Kind
	Name     string
	Code     string
	Category division.Category
}

// loadRows is how many places Load adds in one transaction.
const loadRows = 10_000

// Load adds many places that stand from a day on, parents before their children, and returns their
// ids. It is for building a city from data that is right by construction: only the program itself
// may call it. Codes and levels are checked, nothing is compared.
func (s *Service) Load(ctx context.Context, on period.Date, note string, drafts []Draft) ([]int64, error) {
	if !access.From(ctx).Program {
		return nil, fault.New(fault.Forbidden, "access.forbidden")
	}
	if err := (Order{On: on, Note: note}).check(); err != nil {
		return nil, err
	}
	t, err := s.At(ctx, on)
	if err != nil {
		return nil, err
	}
	if err := checkDrafts(t, drafts); err != nil {
		return nil, err
	}
	ids := make([]int64, len(drafts))
	for from := 0; from < len(drafts); from += loadRows {
		to := min(from+loadRows, len(drafts))
		if err := s.loadSome(ctx, loading{on, note, drafts, ids, from, to}); err != nil {
			s.stale.Store(true)
			return nil, err
		}
	}
	s.stale.Store(true)
	return ids, s.Settle(ctx)
}

func checkDrafts(t *tree.Tree, drafts []Draft) error {
	taken := map[string]bool{}
	for n := range tree.Node(t.Len()) {
		taken[t.Code(n)] = true
	}
	for i, d := range drafts {
		if err := CheckName(d.Name); err != nil {
			return err
		}
		if err := checkCode(d.Code, d.Level); err != nil {
			return err
		}
		if d.Code != "" && taken[d.Code] {
			return fault.New(fault.Conflict, "territory.code_taken", d.Code, d.Name, string(t.On()))
		}
		taken[d.Code] = true
		above, name := division.Nation-1, ""
		switch n := t.Find(d.Above); {
		case d.Parent >= i:
			return fault.New(fault.Invalid, "territory.parent.self", d.Name)
		case d.Parent >= 0:
			above, name = drafts[d.Parent].Level, drafts[d.Parent].Name
		case d.Above != 0 && n == tree.None:
			return absent("#", t.On())
		case d.Above != 0:
			above, name = t.Level(n), t.Name(n)
		}
		if above >= d.Level {
			return fault.New(fault.Conflict, "territory.parent.level", name, d.Name)
		}
	}
	return nil
}

// loading is a part of the drafts on its way into the database.
type loading struct {
	on       period.Date
	note     string
	drafts   []Draft
	ids      []int64
	from, to int
}

func (s *Service) loadSome(ctx context.Context, l loading) error {
	var first int64
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := s.Batch(tx)
		if err != nil {
			return err
		}
		if first, err = b.NewPlaces(int64(l.to - l.from)); err != nil {
			return err
		}
		event, err := b.NewEvents(1)
		if err != nil {
			return err
		}
		if err := b.Add(l.places(first, event)); err != nil {
			return err
		}
		if err := b.Tell([]Event{{ID: event, Kind: Establishing, Effective: l.on, Note: l.note,
			Recorded: tx.Now()}}); err != nil {
			return err
		}
		if err := b.Done(); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: store.City, Kind: "place.loaded", Subject: "place/",
			Body: actBody{event, string(l.on), "", l.to - l.from}})
		return err
	})
	for i := l.from; i < l.to; i++ {
		l.ids[i] = first + int64(i-l.from)
	}
	return err
}

func (l loading) places(first, event int64) []Founded {
	all := make([]Founded, 0, l.to-l.from)
	for i := l.from; i < l.to; i++ {
		d := l.drafts[i]
		parent := d.Above
		switch {
		case d.Parent >= l.from:
			parent = first + int64(d.Parent-l.from)
		case d.Parent >= 0:
			parent = l.ids[d.Parent]
		}
		all = append(all, Founded{first + int64(i-l.from), history.State{Since: l.on, Until: period.Open,
			Event: event, Facts: history.Facts{Parent: parent, Level: d.Level, Kind: d.Kind, Name: d.Name,
				Code: d.Code, Category: d.Category}}})
	}
	return all
}
