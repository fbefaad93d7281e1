package holdings

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/webtest"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The city of the benchmark: 37 counties, 1,031 townships, 9,200 villages with an organisation each, and
// more than a million and a half cards.
const (
	benchCounties  = 37
	benchTownships = 1_031
	benchVillages  = 9_200
	benchCards     = 164 // of an organisation: 1,508,800
)

func benchDrafts() []territory.Draft {
	all := []territory.Draft{{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"}}
	spread := func(level division.Level, first, above, number int, name string) {
		for n := range number {
			all = append(all, territory.Draft{Parent: first + n*above/number, Level: level,
				Name: fmt.Sprintf("%s%d", name, n+1)})
		}
	}
	spread(division.County, 0, 1, benchCounties, "区县")
	spread(division.Township, 1, benchCounties, benchTownships, "镇")
	spread(division.Village, 1+benchCounties, benchTownships, benchVillages, "村")
	return all
}

// benchCard is the nth card of an organisation: what stands on it varies as on real ones, a few rarely.
func benchCard(o registry.Organisation, n int) assets.Asset {
	seed := uint64(o.Place)*1_000_003 + uint64(n)*7_919
	pick := func(list ...string) string {
		seed = seed*6_364_136_223_846_793_005 + 1_442_695_040_888_963_407
		return list[seed>>33%uint64(len(list))]
	}
	a := assets.Asset{Home: o.Home, Organisation: o.ID, Place: o.Place, Form: assets.FormFixed,
		Kind:     pick("house", "building", "machine", "tool", "road", "water", "culture", "electronic"),
		Category: "production",
		Class:    assets.Class(pick("operating", "non_operating")), Title: assets.Clear,
		Origin:   pick("own", "own", "own", "fiscal_subsidy", "fiscal_subsidy", "donation"),
		UseState: pick("self", "self", "self", "leased", "contracted", "idle"), Acquired: "2019-05-20",
		Cost: money.Fen(1_000 + seed>>20%90_000_000)}
	a.Name = pick("办公楼", "文化广场", "抽水泵", "公路", "蓄水池", "农机库房", "电脑") + fmt.Sprint(n)
	if n%3 == 0 {
		a.Form, a.Kind, a.Category, a.Class = assets.FormResource, pick("arable", "forest", "garden",
			"unused"), "land", assets.Resource
		a.Area, a.Cost, a.Parcel = area.Area(10_000+seed>>30%9_000_000), 0, fmt.Sprintf("%d-%05d", o.Place,
			n)
	}
	if seed>>40%2_000 == 0 {
		a.Title = assets.Unsettled
	}
	a.Acquired = period.NewDate(2005+int(seed>>50%20), 5, 20)
	return a
}

func benchCity(b *testing.B) *site {
	b.Helper()
	x := open(b, storetest.SQLite(b, parts(), storetest.WithoutReplay))
	drafts := benchDrafts()
	ids := moduletest.Settle(x.Site, x.gaz, drafts)
	var owners []registry.Organisation
	for i, d := range drafts {
		if d.Level == division.Village {
			owners = append(owners, registry.Organisation{Place: ids[i], Level: d.Level, Name: d.Name +
				"股份经济合作社",
				Code: string(identifier.NewCredit('N', identifier.VillageCollective, "500102",
					fmt.Sprintf("MF%06d", i)))})
		}
	}
	refs, err := x.owners.Load(x.ctx, owners, nil)
	x.must(err)
	start, took := time.Now(), time.Duration(0)
	number := 0
	for first := 0; first < len(owners); first += 250 { // a county at a time
		var cards []assets.Asset
		for i := first; i < min(first+250, len(owners)); i++ {
			owners[i].Home, owners[i].ID = refs[i].Home, refs[i].ID
			for n := range benchCards {
				cards = append(cards, benchCard(owners[i], n))
			}
		}
		begun := time.Now()
		_, err := x.assets.Load(x.ctx, cards, nil)
		x.must(err)
		took += time.Since(begun)
		number += len(cards)
	}
	b.Logf("%d cards in %v (%v with making them)", number, took, time.Since(start))
	bare := bareInsert(x, owners[0])
	benchmark.Report(b, benchmark.Figure{Name: "assets/load", Value: float64(number) / took.Seconds(),
		Unit:     "1/s",
		Baseline: bare, Against: "the same rows added to an empty table without events and seals"})
	return x
}

// bareInsert adds rows of the same shape to a table of their own, without seal, event, total or index, and
// gives rows a second.
func bareInsert(x *site, o registry.Organisation) float64 {
	x.t.Helper()
	bare := store.NewTable[assets.Asset]("asset_bare").Unsealed()
	const rows = 50_000
	some := make([]assets.Asset, rows)
	for i := range some {
		some[i] = benchCard(o, i)
		some[i].ID, some[i].Version = int64(i+1), 1
	}
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("CREATE TABLE asset_bare AS SELECT * FROM asset WHERE 1 = 0"); err != nil {
			return err
		}
		return nil
	}))
	start := time.Now()
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error { return bare.Bulk(tx, some) }))
	return rows / time.Since(start).Seconds()
}

var benchFilters = []url.Values{{}, {"sort": {"value"}}, {"class": {"operating"}}, {"class": {"resource"},
	"sort": {"value"}},
	{"kind": {"tool"}, "sort": {"value"}}, {"use": {"idle"}, "form": {"fixed"}}, {"title": {"unsettled"}},
	{"title": {"unsettled"}, "use": {"idle"}, "sort": {"value"}}, {"origin": {"donation"}, "kind": {"road"},
		"use": {"leased"}},
	{"state": {"disposed"}}, {"q": {"广场12"}}, {"q": {"没有的"}}, {"q": {"没有的"}, "sort": {"value"}},
	{"place": {"镇500"}},
	{"place": {"区县20"}, "sort": {"value"}}, {"organisation": {"村4500"}}}

// BenchmarkList: any page of the list, as the browser gets it, for readers of four heights.
func BenchmarkList(b *testing.B) {
	x := benchCity(b)
	x.Serve()
	for _, who := range []string{"city_officer@江城市", "county_officer@区县19", "township_reviewer@镇505",
		"village_accountant@村4500"} {
		var times []time.Duration
		for _, f := range benchFilters {
			var own []time.Duration
			for range 5 {
				own = append(own, x.timePages(b, who, f)...)
			}
			slices.Sort(own)
			if os.Getenv("VERBOSE") != "" {
				fmt.Fprintf(os.Stderr, "%s %s: median %.1f max %.1f ms\n", who, f.Encode(),
					benchmark.Percentile(own, 50),
					benchmark.Percentile(own, 99))
			}
			times = append(times, own...)
		}
		slices.Sort(times)
		base := bareRead(x)
		role, _, _ := strings.Cut(who, "@")
		benchmark.Report(b, benchmark.Figure{Name: "assets/list/" + role, Value: benchmark.Percentile(times,
			95), Unit: "ms",
			Baseline: benchmark.Percentile(base, 95), Target: "p95 ≤ 100 ms",
			Against: "p95 of 50 cards read by key, no filter, sum or page"})
	}
}

var nextPage = regexp.MustCompile(`<a href="([^"]+)" rel="next"`)

// timePages asks for the first page and the two after it. What the reader may not see is no page.
func (x *site) timePages(b *testing.B, who string, filter url.Values) []time.Duration {
	b.Helper()
	role, place, _ := strings.Cut(who, "@")
	var times []time.Duration
	for address := "/assets?" + filter.Encode(); address != "" && len(times) < 3; {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
		webtest.Claim(r, role+"@"+place)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		start := time.Now()
		x.Handler.ServeHTTP(w, r)
		times = append(times, time.Since(start))
		if w.Code != http.StatusOK && w.Code != http.StatusNotFound {
			b.Fatalf("%s %s answered %d:\n%s", who, address, w.Code, w.Body)
		}
		address = ""
		if next := nextPage.FindStringSubmatch(w.Body.String()); next != nil {
			address = html.UnescapeString(next[1])
		}
	}
	return times
}

// bareRead reads pages of cards by their key and nothing else.
func bareRead(x *site) []time.Duration {
	var times []time.Duration
	home := x.gaz.Home(x.place["区县19"])
	for n := range 60 {
		start := time.Now()
		_, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]assets.Asset, error) {
			return store.All[assets.Asset](v,
				"SELECT * FROM asset WHERE home = ? AND id > ? ORDER BY id LIMIT 50", home, n*50)
		})
		x.must(err)
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times
}
