package registry

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// TestSearch: whoever asks for whatever gets exactly what a plain look at all rows gives, page by page,
// each once, and the number of them.
func TestSearch(t *testing.T) {
	each(t, func(x *site) {
		all := x.crowd()
		readers := []access.Actor{access.Machine, x.actor("city_officer", "江城市"), x.officer(),
			x.actor("county_officer", "白水区"), x.actor("township_reviewer", "白涛镇"),
			x.actor("village_accountant", "天台村"), {Account: 8}}
		both := x.officer()
		both.Posts = append(both.Posts, x.actor("township_reviewer", "云龙镇").Posts...)
		readers = append(readers, both)
		rapid.Check(t, func(r *rapid.T) {
			actor := rapid.SampledFrom(readers).Draw(r, "reader")
			scope := x.host.Access.Scope(actor, Read)
			if name := rapid.SampledFrom([]string{"", "", "青山区", "白涛镇", "天台村"}).Draw(r, "in"); name != "" {
				scope = scope.Within(x.host.Access.Path(x.place[name]))
			}
			q := Query{Reach: ReachOf(x.places, scope), Limit: rapid.IntRange(1, 7).Draw(r, "limit"),
				Level:  rapid.SampledFrom([]division.Level{0, 4, 5, 6}).Draw(r, "level"),
				Status: rapid.SampledFrom([]Status{"", Active, Merged}).Draw(r, "status"),
				Acting: rapid.Bool().Draw(r, "acting"),
				Text:   rapid.SampledFrom([]string{"", "村", "一组", "n2", "%", "无此"}).Draw(r, "text")}
			var want []Ref
			for _, o := range all {
				if q.fits(o) && scope.Contains(x.host.Access.Path(o.Place)) {
					want = append(want, o.Ref())
				}
			}
			got, number := x.pages(r, q)
			if !slices.Equal(got, want) || number != int64(len(want)) {
				r.Fatalf("got %d %v\nwant %v", number, got, want)
			}
		})
	})
}

// crowd enters an organisation at nearly every place and gives all in the order of lists.
func (x *site) crowd() []Organisation {
	x.t.Helper()
	more := []territory.Draft{{Parent: -1, Above: x.place["白涛镇"], Level: division.Village, Name: "凤山村",
		Code: "500102103204"}}
	for n := range 12 {
		more = append(more, territory.Draft{Parent: 0, Level: division.Group, Name: fmt.Sprintf("凤山村%d组",
			n+1),
			Code: fmt.Sprintf("500102103204%02d", n+1)})
	}
	x.city(more)
	var all []Organisation
	names := []string{"白涛镇", "天台村", "小溪村", "龙泉村", "天台村一组", "天台村二组", "云龙镇", "三清村", "凤山村"}
	for n := range 12 {
		names = append(names, fmt.Sprintf("凤山村%d组", n+1))
	}
	for n, name := range names {
		o := x.entry(name, name+"经济合作社", "")
		if o.Code = credit(o.Level, n+1); n%3 == 2 {
			o.Code, o.Acting, o.ActingBody = "", true, "村民委员会"
		}
		all = append(all, o)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	refs, err := x.Load(x.ctx, all, nil)
	x.must(err)
	into, from := refOfPlace(x, all, refs, "天台村一组"), refOfPlace(x, all, refs, "天台村二组")
	x.must(x.Merge(x.ctx, x.officer(), into, []int64{from.ID}, approval))
	for i, ref := range refs {
		all[i] = x.get(ref)
	}
	slices.SortFunc(all, func(a, b Organisation) int {
		return cmp.Or(cmp.Compare(a.Home, b.Home), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func refOfPlace(x *site, all []Organisation, refs []Ref, name string) Ref {
	return refs[slices.IndexFunc(all, func(o Organisation) bool { return o.Place == x.place[name] })]
}

// fits is the plain reading of a query's filters.
func (q Query) fits(o Organisation) bool {
	text := strings.ToLower(q.Text)
	return (q.Level == 0 || o.Level == q.Level) && (q.Status == "" || o.Status == q.Status) &&
		(!q.Acting || o.Acting) &&
		(strings.Contains(strings.ToLower(o.Name), text) || strings.Contains(strings.ToLower(o.Code), text))
}

// pages reads a query to its end.
func (x *site) pages(r *rapid.T, q Query) (refs []Ref, number int64) {
	q.After, q.Count = Ref{-1, 0}, true
	for {
		found, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Found, error) {
			return Search(v,
				q)
		})
		if err != nil {
			r.Fatal(err)
		}
		if q.Count {
			number = found.Number
		}
		if len(found.Rows) > q.Limit {
			r.Fatalf("%d rows on a page of %d", len(found.Rows), q.Limit)
		}
		for _, o := range found.Rows {
			refs = append(refs, o.Ref())
		}
		if found.Next == (Ref{}) {
			return refs, number
		}
		q.After, q.Count = found.Next, false
	}
}

// TestCursor: what a page ends at is read as it was written; anything else is refused.
func TestCursor(t *testing.T) {
	at, total, err := parseCursor(cursor(Ref{500102, 7}, 12))
	if err != nil || at != (Ref{500102, 7}) || total != 12 {
		t.Errorf("%v %d %v", at, total, err)
	}
	for _, wrong := range []string{"1", "1 2", "a b c"} {
		if _, _, err := parseCursor(wrong); err == nil {
			t.Errorf("%q is no cursor", wrong)
		}
	}
}
