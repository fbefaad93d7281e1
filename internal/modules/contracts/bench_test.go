package contracts

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The register of the benchmark: ten counties of 200 villages with fifty contracts each.
const (
	benchCounties  = 10
	benchVillages  = 200
	benchContracts = 50
)

// benchContract is the nth contract of a village; one in six was never paid.
func benchContract(o registry.Organisation, n int) Loaded {
	seed := uint64(o.ID*benchContracts+int64(n)) * 0x9E3779B97F4A7C15
	begins := period.NewDate(2022+int(seed>>20%3), time.Month(seed>>30%12+1), 1)
	l := Loaded{Entry: Entry{Contract: Contract{Home: o.Home, Organisation: o.ID, Place: o.Place,
		Name: fmt.Sprint("商铺", n), Number: fmt.Sprintf("HT-%d-%d", o.ID, n), Kind: "building_lease",
		Party: fmt.Sprint("租户", seed>>40%5000), PartyKind: "outsider", Signed: begins,
		Manner: "negotiation",
		Paper:  true},
		Schedule: []schedule.Phase{{From: begins, To: begins.AddMonths(72).AddDays(-1),
			Fee: schedule.Fee{Amount: money.Fen(1_000_00 + seed>>12%9_000_00), Every: schedule.Year}}},
		Objects: []Object{{Object: fmt.Sprintf("%d/%d", o.Home, int(o.ID)*100+n)}}}}
	if n%6 != 0 {
		l.Payments = []LoadedPayment{{Day: "2025-12-01", Amount: 60_000_00}}
	}
	return l
}

// benchRegister fills a city with contracts and serves it.
func benchRegister(b *testing.B) *site {
	b.Helper()
	x := &site{}
	x.Site = hosttest.Open(b, storetest.SQLite(b, parts(), storetest.WithoutReplay), x.build)
	x.t, x.ctx, x.place, x.must, x.refused, x.actor = x.T, x.Ctx, x.Place, x.Must, x.Refused, x.Actor
	drafts := []territory.Draft{{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"}}
	var owners []registry.Organisation
	var at []int
	for county := range benchCounties {
		above := len(drafts)
		drafts = append(drafts, territory.Draft{Parent: 0, Level: division.County, Name: fmt.Sprint("区县",
			county),
			Code: fmt.Sprintf("5001%02d000000", county+1)})
		for village := range benchVillages {
			if village%20 == 0 {
				drafts = append(drafts, territory.Draft{Parent: above, Level: division.Township,
					Name: fmt.Sprintf("镇%d-%d", county, village/20),
					Code: fmt.Sprintf("5001%02d%03d000", county+1, 100+village/20)})
			}
			at = append(at, len(drafts))
			drafts = append(drafts, territory.Draft{Parent: above + 1 + village/20*21,
				Level: division.Village,
				Name:  fmt.Sprintf("村%d-%d", county, village),
				Code:  fmt.Sprintf("5001%02d%03d%03d", county+1, 100+village/20, 201+village%20)})
		}
	}
	ids, err := x.Territory.Load(x.ctx, "2020-01-01", "bench", slices.Clone(drafts))
	x.must(err)
	for i, d := range drafts {
		x.place[d.Name] = ids[i]
	}
	for i, n := range at {
		owners = append(owners, registry.Organisation{Place: ids[n], Level: division.Village,
			Name: drafts[n].Name + "股份经济合作社", Code: string(identifier.NewCredit('N',
				identifier.VillageCollective, "500102", fmt.Sprintf("MF%06d", i)))})
	}
	refs, err := x.Registry.Load(x.ctx, owners, nil)
	x.must(err)
	start, number := time.Now(), 0
	for first := 0; first < len(owners); first += benchVillages {
		var all []Loaded
		for i := first; i < first+benchVillages; i++ {
			owners[i].Home, owners[i].ID = refs[i].Home, refs[i].ID
			for n := range benchContracts {
				all = append(all, benchContract(owners[i], n))
			}
		}
		_, err := x.Load(x.ctx, all, nil)
		x.must(err)
		number += len(all)
	}
	b.Logf("%d contracts in %v", number, time.Since(start))
	x.Serve()
	return x
}

// BenchmarkRegister: a register of 100,000 contracts: its lists and its ageing as a browser gets them, and
// the run that enters what falls due in a month.
func BenchmarkRegister(b *testing.B) {
	x := benchRegister(b)
	bare := bareRows(x)
	for name, paths := range map[string][]string{
		"list": {"/contracts", "/contracts?look=overdue", "/contracts?look=due", "/contracts?look=expiring",
			"/contracts?q=HT-77", "/contracts?look=no_decision"},
		"ageing": {"/contracts/ageing", "/contracts/ageing?band=3"}} {
		for _, who := range []string{"city_officer@江城市", "county_officer@区县3", "township_reviewer@镇3-5",
			"village_accountant@村3-50"} {
			var times []time.Duration
			for range 3 {
				for _, path := range paths {
					start := time.Now()
					x.See(who, path).Is(http.StatusOK)
					times = append(times, time.Since(start))
				}
			}
			slices.Sort(times)
			role, _, _ := strings.Cut(who, "@")
			benchmark.Report(b, benchmark.Figure{Name: "contracts/" + name + "/" + role,
				Value: benchmark.Percentile(times, 95), Unit: "ms", Baseline: bare, Target: "≤ 100 ms",
				Against: "50 contracts with their instalments read by key"})
		}
	}
	x.Today = "2026-02-05"
	homes, err := x.homes(x.ctx)
	x.must(err)
	start := time.Now()
	for _, home := range homes {
		x.must(x.Raise(x.ctx, home, nil))
	}
	took := time.Since(start)
	n, err := store.Read(x.ctx, x.Host.Store, func(v *store.View) (int64, error) {
		return store.Count(v,
			"SELECT count(*) FROM contract_due WHERE day >= '2026-01-06' AND day <= '2026-02-05'")
	})
	x.must(err)
	benchmark.Report(b, benchmark.Figure{Name: "contracts/month", Value: float64(n) / took.Seconds(),
		Unit:     "1/s",
		Baseline: bareDues(x, n), Target: "none",
		Against: "the same rows added to a bare table, a transaction a hundred"})
}

// bareRows reads fifty contracts with their instalments by key, in ms.
func bareRows(x *site) float64 {
	x.t.Helper()
	homes, err := x.homes(x.ctx)
	x.must(err)
	start := time.Now()
	x.must(x.Host.Store.View(x.ctx, func(v *store.View) error {
		for id := range int64(50) {
			if _, err := Get(v, Ref{homes[0], id + 1}); err != nil {
				return err
			}
			if _, err := DuesOf(v, Ref{homes[0], id + 1}); err != nil {
				return err
			}
		}
		return nil
	}))
	return time.Since(start).Seconds() * 1000
}

// bareDues adds rows without plan, book, event and history, and gives rows a second.
func bareDues(x *site, n int64) float64 {
	x.t.Helper()
	x.must(x.Host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TABLE bare_due (home BIGINT, contract BIGINT, day TEXT, amount BIGINT)")
		return err
	}))
	start := time.Now()
	for done := int64(0); done < n; done += 100 {
		x.must(x.Host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
			for i := range min(100, n-done) {
				if _, err := tx.Exec("INSERT INTO bare_due VALUES (?, ?, ?, ?)", 1, done+i, "2026-02-01",
					1_000_00); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return float64(n) / time.Since(start).Seconds()
}
