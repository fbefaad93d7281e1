package assets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// crowd loads cards of every sort into the three villages and returns them as they stand.
func (w *world) crowd(n int) []Asset {
	w.t.Helper()
	var cards []Asset
	villages := []string{"天台村", "小溪村", "三清村"}
	for i := range n {
		a := w.pump(villages[i%3])
		if i%4 == 0 {
			a = w.pond(villages[i%3])
		}
		a.Place = w.place[villages[i%3]]
		a.Name = fmt.Sprintf("%s%d号", a.Name, i%17)
		a.Cost = money.Fen(i * i % 23 * 1000) // many of the same cost
		a.UseState = []string{"self", "idle", "leased"}[i%5%3]
		a.Certificate = []string{"", fmt.Sprintf("C%d", i)}[i%2]
		if i%11 == 0 {
			a.Title = Unsettled
		}
		cards = append(cards, a)
	}
	told := 0
	ids, err := w.Load(w.ctx, cards, func(done int) { told = done })
	w.must(err)
	if told != n || len(ids) != n {
		w.t.Fatalf("%d ids, told of %d", len(ids), told)
	}
	for i, id := range ids {
		cards[i] = w.get(Ref{cards[i].Home, id})
	}
	return cards
}

// TestSearchAgreesWithAPlainScan: every reach, filter and order gives, page by page, exactly the cards a
// plain pass over all of them gives, in its order, with its totals.
func TestSearchAgreesWithAPlainScan(t *testing.T) {
	usual := work
	t.Cleanup(func() { work = usual })
	each(t, func(w *world) {
		cards := w.crowd(120)
		scopes := map[string]access.Scope{}
		for _, place := range []string{"江城市", "青山区", "白涛镇", "小溪村", "三清村"} {
			scopes[place] = w.host.Access.Subtree(w.place[place])
		}
		rapid.Check(w.t.(*testing.T), func(r *rapid.T) {
			work = limits{rapid.SampledFrom([]int{0, 30, 4000}).Draw(r, "few"),
				rapid.SampledFrom([]int{1, 900}).Draw(r, "profiles"), rapid.IntRange(1, 200).Draw(r,
					"text"),
				rapid.IntRange(1, 60).Draw(r, "jumps")}
			place := rapid.SampledFrom([]string{"江城市", "青山区", "白涛镇", "小溪村", "三清村", ""}).Draw(r, "place")
			q := Query{Order: rapid.SampledFrom([]Order{ByNumber, ByValue}).Draw(r, "order"), Count: true,
				Limit:    rapid.IntRange(1, 50).Draw(r, "limit"),
				Class:    rapid.SampledFrom([]Class{"", "", Resource, Operating}).Draw(r, "class"),
				UseState: rapid.SampledFrom([]string{"", "", "idle", "lent"}).Draw(r, "use"),
				Title:    rapid.SampledFrom([]Title{"", "", Unsettled}).Draw(r, "title"),
				Text:     rapid.SampledFrom([]string{"", "", "泵1", "c3", "%"}).Draw(r, "text")}
			q.Reach = registry.Reach{All: true}
			if place != "" {
				q.Reach = registry.ReachOf(w.places, scopes[place])
			}
			var want []Asset
			for _, a := range cards {
				if (place == "" || scopes[place].Contains(w.host.Access.Path(a.Place))) && fits(a, q) {
					want = append(want, a)
				}
			}
			slices.SortFunc(want, func(a, b Asset) int {
				if q.Order == ByValue {
					return cmp.Or(cmp.Compare(b.Cost, a.Cost), cmp.Compare(a.Home, b.Home),
						cmp.Compare(a.ID, b.ID))
				}
				return cmp.Or(cmp.Compare(a.Home, b.Home), cmp.Compare(a.Organisation, b.Organisation),
					strings.Compare(a.Number, b.Number))
			})
			w.readAll(r, q, want)
		})
	})
}

// readAll reads page after page and compares with what is wanted.
func (w *world) readAll(r *rapid.T, q Query, want []Asset) {
	var got []Asset
	for pages := 0; ; pages++ {
		found, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Found, error) {
			return Search(v,
				q)
		})
		if err != nil {
			r.Fatal(err)
		}
		if pages == 0 && found.Known && found.Totals != totalsOf(want) {
			r.Fatalf("totals %+v, want %+v", found.Totals, totalsOf(want))
		}
		if pages == 0 && q.Text == "" && !found.Known {
			r.Fatal("nobody counted")
		}
		if len(found.Rows) > q.Limit || !found.Part && found.Next.Begun && len(found.Rows) < q.Limit {
			r.Fatalf("a page of %d rows, limit %d", len(found.Rows), q.Limit)
		}
		got = append(got, found.Rows...)
		if !found.Next.Begun {
			break
		}
		if q.After = found.Next; pages > 500 {
			r.Fatal("the pages have no end")
		}
	}
	if !slices.Equal(got, want) {
		r.Fatalf("got %d cards, want %d:\n%v\n%v", len(got), len(want), names(got), names(want))
	}
}

func names(list []Asset) (all []string) {
	for _, a := range list {
		all = append(all, fmt.Sprint(a.Home, "/", a.Organisation, "/", a.Number, " ", a.Cost))
	}
	return all
}

func totalsOf(list []Asset) Totals {
	t := Totals{Number: int64(len(list))}
	for _, a := range list {
		if a.Title == Clear && a.State == Live {
			t.Cost, t.Area = t.Cost+a.Cost, t.Area+area.Area(a.Area)
		}
	}
	return t
}

// fits is the filter in plain words.
func fits(a Asset, q Query) bool {
	if q.Class != "" && a.Class != q.Class || q.UseState != "" && a.UseState != q.UseState ||
		q.Title != "" && a.Title != q.Title {
		return false
	}
	for _, text := range []string{a.Name, a.Number, a.Certificate, a.Parcel} {
		if strings.Contains(strings.ToLower(text), q.Text) {
			return true
		}
	}
	return false
}

// TestLoad: only the program loads; a wrong card is refused; totals and the log hold (verify).
func TestLoad(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.Load(access.With(t.Context(), w.accountant()), []Asset{w.pump("天台村")}, nil)
		w.refused(err, "access.forbidden", "")
		bad := w.pond("天台村")
		bad.Area = 0
		bad.Place = w.place["天台村"]
		_, err = w.Load(w.ctx, []Asset{bad}, nil)
		w.refused(err, "assets.invalid", "area")
		cards := w.crowd(30)
		if h := w.history(cards[3].Ref()); len(h) != 0 {
			t.Errorf("a loaded card has the history %+v", h)
		}
		a, err := w.Amend(w.ctx, w.keeper(), now(cards[3]), cards[3].Description())
		w.must(err)
		if h := w.history(a.Ref()); len(h) != 1 || h[0].Number != 2 {
			t.Errorf("after a change the history is %+v", h)
		}
		if !fault.Is(func() error {
			_, err := w.SetTitle(w.ctx, w.keeper(), now(a),
				a.Title)
			return err
		}(), fault.Invalid) {
			t.Error("a title is set to what it is")
		}
		before := totalsIn(w, a.Home)
		a, err = w.SetTitle(w.ctx, w.keeper(), now(a), map[Title]Title{Clear: Unsettled,
			Unsettled: Clear}[a.Title])
		w.must(err)
		if after := totalsIn(w, a.Home); after.Number != before.Number || after.Cost == before.Cost &&
			a.Cost != 0 {
			t.Errorf("totals were %+v, are %+v", before, after)
		}
	})
}

func totalsIn(w *world, home int64) Totals {
	w.t.Helper()
	found, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Found, error) {
		return Search(v, Query{Reach: registry.Reach{Homes: []int64{home}}, Limit: 1, Count: true})
	})
	w.must(err)
	return found.Totals
}
