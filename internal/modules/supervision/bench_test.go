package supervision_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/supervision"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// The city of the benchmark: 37 counties, 1,031 townships, 9,200 villages and 85,000 groups, with a
// collective at each place from the township down, and sixteen cards, a contract and a book a collective. go
// test -short takes a tenth of it.
var benchCounts = []struct {
	level  division.Level
	number int
	name   string
}{{division.County, 37, "区县"}, {division.Township, 1_031, "镇"}, {division.Village, 9_200, "村"},
	{division.Group, 85_000, "组"}}

const cardsEach = 16

func benchDrafts() []territory.Draft {
	all := []territory.Draft{{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"}}
	first, above := 0, 1
	for _, c := range benchCounts {
		number := c.number
		if testing.Short() {
			number = max(number/10, 4)
		}
		begins := len(all)
		for n := range number {
			all = append(all, territory.Draft{Parent: first + n*above/number, Level: c.level,
				Name: fmt.Sprintf("%s%d", c.name, n+1)})
		}
		first, above = begins, number
	}
	return all
}

// cards are those of every collective: in five thousand one is let without a contract, and as many are
// let beyond their term.
const cards = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
	INSERT INTO asset SELECT o.home, (o.id - 1) * ? + n.i, 1, o.id, o.place, 'Z' || n.i, '资产' || n.i, 'fixed',
	'', 'house', 'operating', 'own', 'clear', '', '', '', '', 0, 0, '2015-06-01', 100, '幢', 0, 0, '',
	20000000, 0, 'none', 0, '', 0, 0, 0, CASE WHEN (o.id * 16 + n.i) % 2500 IN (0, 1) THEN 'leased'
	ELSE 'self' END, '',
	CASE WHEN (o.id * 16 + n.i) % 2500 IN (0, 1) THEN '某商行' ELSE '' END,
	CASE WHEN (o.id * 16 + n.i) % 2500 = 1 THEN 'H-1' ELSE '' END, '',
	CASE WHEN (o.id * 16 + n.i) % 2500 = 1 THEN '2024-12-31' ELSE '' END, 0, 0, 'live', '9999-12-31', '', 1
	FROM organisation o, n ORDER BY 1, 2`

// signed are contracts: one a collective, every tenth let by a card that it names, all in force,
// decided and paid but one in five thousand that is signed before it was decided.
const signed = `INSERT INTO contract SELECT o.home, o.id, 1, o.id, o.place, 'H-' || o.id, '门面',
	'building_lease',
	'某商行' || o.id % 977, 'outsider', '', FALSE, '2023-01-01', '2027-12-31', '2022-12-20', 100000,
	'shop', '[]',
	2000000 + o.id % 50 * 1000, 10000000, 100000 + o.id % 50 * 1000, 1, 'market', 'CQ-1', '决议1号',
	'representatives',
	CASE o.id % 2500 WHEN 7 THEN '2023-02-01' ELSE '2022-12-01' END, TRUE, 8000, '镇批1号', '2022-12-10', '',
	FALSE, TRUE, 1, 'in_force', '9999-12-31', '2023-01-01', '9999-12-31', 0, '' FROM organisation o`

const signedAbout = `INSERT INTO contract_object SELECT c.home, c.id, 1, 1,
	c.home || '/' || (c.id * 16), 10000,
	c.begins, c.ends, TRUE FROM contract c`

// officers are two a collective; their names are hashes of nothing.
const officers = `INSERT INTO officer SELECT o.home, o.id * 2 + n.i, 1, o.id, n.office, CAST('' AS BLOB),
	CAST('n' || o.home || '-' || o.id || n.office AS BLOB), CAST('' AS BLOB), '2020-01-01', '9999-12-31'
	FROM organisation o, (SELECT 0 AS i, 'chair' AS office UNION ALL SELECT 1, 'accountant') n`

// books are one a collective, closed to September 2025, with opening balances,
// nine months of turnovers on ten
// accounts and eight vouchers in three months; in one of 2,500 debts are more than six tenths.
const books = `INSERT INTO ledger_book SELECT o.home, o.id, 1, o.id, o.place, '2024', '2025-01-01',
	'9999-12-31',
	'2025-09', 0, TRUE, '' FROM organisation o`

const openings = `INSERT INTO ledger_opening SELECT b.home, b.id, 2025, a.account, a.detail, a.amount
	FROM ledger_book b, (SELECT '101' AS account, '' AS detail, 100000 AS amount UNION ALL
	SELECT '102', '', 9000000 UNION ALL SELECT '112', '某商行', 300000 UNION ALL SELECT '151', '', 60000000
	UNION ALL SELECT '152', '', -20000000 UNION ALL SELECT '211', '某建筑队', -400000 UNION ALL
	SELECT '301', '', -40000000 UNION ALL SELECT '311', '', -8000000 UNION ALL
	SELECT '322', 'undistributed', -1000000) a`

const turnovers = `INSERT INTO ledger_turnover SELECT b.home, b.id, 2025, a.account,
	'2025-0' || m.i, '', FALSE,
	a.debit, a.credit FROM ledger_book b, (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3
	UNION ALL SELECT 4
	UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) m,
	(SELECT '102' AS account, 100000 AS debit, 90000 AS credit UNION ALL SELECT '501', 0, 100000 UNION ALL
	SELECT '513', 40000, 0 UNION ALL SELECT '511', 50000, 0 UNION ALL SELECT '152', 0, 30000 UNION ALL
	SELECT '514', 30000, 0) a`

const debts = `INSERT INTO ledger_turnover SELECT b.home, b.id, 2025, '201', '2025-09', '某银行',
	FALSE, 0, 90000000
	FROM ledger_book b WHERE b.id % 2500 = 11`

const vouchers = `INSERT INTO ledger_voucher SELECT b.home, b.id * 8 + n.i, 1, b.id, '记',
	'2025-10-0' || (n.i + 1),
	'2025-10', n.i + 1, 'posted', CASE n.i WHEN 3 THEN '接待用餐' ELSE '办公费' END, 20000, '', '', 0, 0, 0,
	0, 0, 0, '', 0,
	'', '' FROM ledger_book b, (SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2
	UNION ALL SELECT 3 UNION ALL
	SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) n`

const postings = `INSERT INTO ledger_posting SELECT v.home, v.id, n.i, v.book, v.date,
	CASE n.i WHEN 1 THEN '513' ELSE '102' END, CASE n.i WHEN 1 THEN 20000 ELSE -20000 END, FALSE,
	CASE n.i WHEN 1 THEN '某商店' || v.id % 31 ELSE '' END, '', '', '', '', '', FALSE, FALSE
	FROM ledger_voucher v, (SELECT 1 AS i UNION ALL SELECT 2) n`

const collectives = `INSERT INTO organisation SELECT p.home,
	row_number() OVER (PARTITION BY p.home ORDER BY p.place), 1, p.place, p.level, '集体' || p.place,
	'', TRUE, '村民委员会', 'active', '2020-06-01', '9999-12-31', 100, 30, 0, ''
	FROM place_path p WHERE p.level >= 4`

// benchCity is the city, with its cards as they would stand, written past the program: there is no event a
// card.
func benchCity(b *testing.B) (*apptest.City, int64) {
	b.Helper()
	file := filepath.Join(b.TempDir(), "terrace.db")
	city := apptest.Open(b, file)
	ctx := apptest.Machine(b.Context())
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err := city.Places.Load(ctx, "2020-01-01", "bench", benchDrafts())
	must(err)
	must(city.Places.Start(ctx))
	must(city.Places.Settle(ctx))
	bare, err := store.Open(ctx, store.Config{URL: "sqlite:" + file, Clock: time.Now,
		Random: storetest.Random(3)})
	must(err)
	var number int64
	must(bare.Maintain(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(collectives); err != nil {
			return err
		}
		for _, text := range []string{signed, signedAbout, officers, books, openings, turnovers, debts,
			vouchers,
			postings} {
			if _, err := tx.Exec(text); err != nil {
				return err
			}
		}
		number, err = tx.Exec(cards, cardsEach, cardsEach)
		return err
	}))
	must(bare.Close())
	return city, number
}

// BenchmarkRun asks all rules of every collective of a city: the first run, which raises what is wrong; the
// night's, which finds nothing new; and one after something happened at a hundred places.
func BenchmarkRun(b *testing.B) {
	city, number := benchCity(b)
	ctx := apptest.Machine(b.Context())
	homes, err := store.Read(ctx, city.Host.Store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, `SELECT DISTINCT home FROM organisation`)
	})
	if err != nil {
		b.Fatal(err)
	}
	timed := func(run func(home int64) (supervision.Tally, error)) (time.Duration, int64) {
		b.Helper()
		start, hits := time.Now(), int64(0)
		for _, home := range homes {
			tally, err := run(home)
			if err != nil {
				b.Fatal(err)
			}
			hits += tally.Hits
		}
		return time.Since(start), hits
	}
	whole := func(home int64) (supervision.Tally, error) { return city.Supervision.RunCounty(ctx, home) }
	first, hits := timed(whole)
	night, _ := timed(whole)
	// Two cards, both let for nothing as well, and of every 16 times 2,500 cards a contract and a book.
	if want := number/2500*4 + number/cardsEach/2500*2; hits < want*9/10 || hits > want*11/10+200 {
		b.Fatalf("%d hits on %d cards", hits, number)
	}
	bare := time.Now()
	err = city.Host.Store.View(ctx, func(v *store.View) error {
		_, err := store.Count(v, `SELECT count(*) FROM asset
			WHERE use_state <> '' AND term_to < 'x' AND cost >= 0`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	scan := time.Since(bare)
	b.Logf("%d cards, %d hits", number, hits)
	report := func(name string, took time.Duration, target string) {
		benchmark.Report(b, benchmark.Figure{Name: "supervision/" + name, Value: took.Seconds(), Unit: "s",
			Baseline: scan.Seconds(), Target: target, Against: "one bare scan of the cards"})
	}
	report("run/first", first, "≤ 60 s")
	report("run/night", night, "≤ 60 s")
	happen(b, city, homes)
	since := func(home int64) (supervision.Tally, error) { return city.Supervision.RunDirty(ctx, home) }
	after, _ := timed(since)
	report("incremental", after, "≤ 5 s")
}

// happen records something at a hundred villages of the city.
func happen(b *testing.B, city *apptest.City, homes []int64) {
	b.Helper()
	for i := range 100 {
		err := city.Host.Store.Write(b.Context(), func(tx *store.Tx) error {
			home := homes[i%len(homes)]
			place, err := store.Count(tx, `SELECT place FROM organisation WHERE home = ? AND level = 5
				ORDER BY id LIMIT 1 OFFSET ?`, home, i/len(homes))
			if err != nil {
				return err
			}
			_, err = tx.Record(store.Event{Home: home, Kind: "asset.used", Subject: "asset/1",
				Place: place})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
