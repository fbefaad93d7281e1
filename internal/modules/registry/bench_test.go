package registry

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/webtest"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// The city of the benchmarks: 37 counties, 1,031 townships, 9,200 villages and 85,000 groups, each
// township, village and group with an organisation.
const (
	benchCounties  = 37
	benchTownships = 1_031
	benchVillages  = 9_200
	benchGroups    = 85_000
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
	spread(division.Group, 1+benchCounties+benchTownships, benchVillages, benchGroups, "组")
	return all
}

// benchCity builds the city and gives the time the organisations took.
func benchCity(b *testing.B) (x *site, took time.Duration, number int) {
	b.Helper()
	x = open(b, storetest.SQLite(b, parts(), storetest.WithoutReplay))
	drafts := benchDrafts()
	ids := x.city(drafts)
	var all []Organisation
	for i, d := range drafts {
		if typeDigits[d.Level] == 0 {
			continue
		}
		all = append(all, Organisation{Place: ids[i], Level: d.Level, Name: d.Name + "股份经济合作社",
			Code: credit(d.Level, i), Members: int64(50 + i%900)})
		if i%50 == 0 {
			last := &all[len(all)-1]
			last.Code, last.Acting, last.ActingBody = "", true, "村民委员会"
		}
	}
	start := time.Now()
	_, err := x.Load(x.ctx, all, nil)
	x.must(err)
	return x, time.Since(start), len(all)
}

// BenchmarkList: any page of the list, as the browser gets it, for readers of four heights.
func BenchmarkList(b *testing.B) {
	x, took, number := benchCity(b)
	x.Serve()
	bare := bareInsert(x, number)
	benchmark.Report(b, benchmark.Figure{Name: "registry/load", Value: float64(number) / took.Seconds(),
		Unit: "1/s", Baseline: float64(number) / bare.Seconds(),
		Against: "the same rows added without events and seals"})
	filters := []url.Values{{}, {"level": {"village"}}, {"acting": {"1"}}, {"q": {"组123"}},
		{"q": {"n2500102mf00"}},
		{"status": {"merged"}}, {"level": {"township"}, "q": {"镇7"}}, {"place": {"镇500"}},
		{"place": {"区县20"}}}
	for _, who := range []string{"city_officer@江城市", "county_officer@区县20", "township_reviewer@镇500",
		"village_accountant@村4500"} {
		var times []time.Duration
		for range 4 {
			for _, f := range filters {
				times = append(times, x.timePages(b, who, f)...)
			}
		}
		slices.Sort(times)
		base := bareRead(x)
		benchmark.Report(b, benchmark.Figure{Name: "registry/list/" + who[:len(who)-len(placeOf(who))-1],
			Value: benchmark.Percentile(times, 95), Unit: "ms", Baseline: benchmark.Percentile(base, 95),
			Target: "p95 ≤ 100 ms", Against: "p95 of 50 rows read by key, no filter, count or page"})
	}
}

func placeOf(who string) string {
	for i := range who {
		if who[i] == '@' {
			return who[i+1:]
		}
	}
	return ""
}

// timePages asks for the first page and the one after it.
func (x *site) timePages(b *testing.B, who string, filter url.Values) []time.Duration {
	b.Helper()
	var times []time.Duration
	address := "/organisations?" + filter.Encode()
	for range 2 {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
		webtest.Claim(r, who)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		start := time.Now()
		x.Handler.ServeHTTP(w, r)
		times = append(times, time.Since(start))
		if w.Code != http.StatusOK {
			b.Fatalf("%s %s answered %d:\n%s", who, address, w.Code, w.Body)
		}
		next := nextPage.FindStringSubmatch(w.Body.String())
		if next == nil {
			break
		}
		address = html.UnescapeString(next[1])
	}
	return times
}

var nextPage = regexp.MustCompile(`<a href="([^"]+)" rel="next">`)

// bareRead times what nobody can do without: fifty rows by their key.
func bareRead(x *site) []time.Duration {
	var times []time.Duration
	for n := range 100 {
		start := time.Now()
		x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
			_, err := organisations.All(v, "WHERE home = ? AND id > ? ORDER BY id LIMIT 50", x.places.Home(
				x.place["区县20"]), int64(n))
			return err
		}))
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times
}

// bareInsert times the rows alone, into a table without indexes but its key.
func bareInsert(x *site, number int) time.Duration {
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TABLE bare (home BIGINT NOT NULL, id BIGINT NOT NULL, place BIGINT NOT NULL,
			level SMALLINT NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, members BIGINT NOT NULL,
			PRIMARY KEY (home, id))`)
		return err
	}))
	rows := make([]bareRow, number)
	for i := range rows {
		rows[i] = bareRow{int64(i % benchCounties), int64(i + 1), int64(i), 6, fmt.Sprintf("组%d股份经济合作社", i),
			credit(division.Group, i), 500}
	}
	start := time.Now()
	for some := range slices.Chunk(rows, loadOrganisations) {
		x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error { return bareTable.Bulk(tx, some) }))
	}
	return time.Since(start)
}

type bareRow struct {
	Home    int64  `db:"home"`
	ID      int64  `db:"id,key"`
	Place   int64  `db:"place"`
	Level   int64  `db:"level"`
	Name    string `db:"name"`
	Code    string `db:"code"`
	Members int64  `db:"members"`
}

var bareTable = store.NewTable[bareRow]("bare").Unsealed()

// BenchmarkLoadOfficers: five people for each of twenty thousand organisations, sealed.
func BenchmarkLoadOfficers(b *testing.B) {
	x, _, _ := benchCity(b)
	var all []Appointment
	x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
		some, err := organisations.All(v, "ORDER BY home, id LIMIT 20000")
		for i, o := range some {
			for n, office := range []Office{Chair, Council, Supervisor, Accountant, Cashier} {
				all = append(all, Appointment{Organisation: o.Ref(), Office: office, Since: "2024-01-01",
					Name: fmt.Sprintf("某%d号%d", i, n), Phone: "13812345678"})
			}
		}
		return err
	}))
	start := time.Now()
	_, err := x.LoadOfficers(access.With(b.Context(), access.Machine), all, nil)
	x.must(err)
	rate := float64(len(all)) / time.Since(start).Seconds()
	base := bareInsert(x, len(all))
	benchmark.Report(b, benchmark.Figure{Name: "registry/load-officers", Value: rate, Unit: "1/s",
		Baseline: float64(len(all)) / base.Seconds(),
		Against:  "as many plain rows, nothing encrypted or sealed"})
}
