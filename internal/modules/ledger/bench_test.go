package ledger

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The sizes: the city's books, and as many of them as are loaded and closed in a run that stays short.
const (
	benchWriters = 64
	benchCity    = 95_000
	benchBooks   = 2_000
	benchYears   = 10
	benchYearly  = 5_000 // vouchers of the long book in a year that is asked for
	benchOther   = 500   // and in each of the others
)

// bareRow is a row without seal, index or event: what everything is measured beside.
type bareRow struct {
	Home   int64  `db:"home"`
	ID     int64  `db:"id,key"`
	Book   int64  `db:"book"`
	Text   string `db:"text"`
	Amount int64  `db:"amount"`
}

var bareTable = store.NewTable[bareRow]("bare").Unsealed()

func benchWorld(b *testing.B) *world {
	b.Helper()
	return benchOn(b, storetest.SQLite(b, parts(), storetest.WithoutReplay))
}

func benchOn(b *testing.B, s *store.Store) *world {
	b.Helper()
	w := newWorld(b, s)
	w.found()
	w.must(w.host.Store.Maintain(w.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TABLE bare (home BIGINT NOT NULL, id BIGINT NOT NULL, book BIGINT NOT NULL,
			text TEXT NOT NULL, amount BIGINT NOT NULL, PRIMARY KEY (home, id))`)
		return err
	}))
	return w
}

// bareBulk is how many plain rows a second are added in bulk.
func (w *world) bareBulk(number int) float64 {
	rows := make([]bareRow, number)
	for i := range rows {
		rows[i] = bareRow{1, int64(i + 1), int64(i % 1000), "经营收入", int64(i)}
	}
	start := time.Now()
	for some := range slices.Chunk(rows, loadPostings) {
		w.must(w.host.Store.Maintain(w.ctx, func(tx *store.Tx) error { return bareTable.Bulk(tx, some) }))
	}
	return float64(number) / time.Since(start).Seconds()
}

// BenchmarkPost: vouchers of two lines, each durable, from 64 writers into 64 books.
func BenchmarkPost(b *testing.B) { postingOn(b, benchWorld(b), "") }

// BenchmarkPostPostgres is the same on PostgreSQL.
func BenchmarkPostPostgres(b *testing.B) {
	postingOn(b, benchOn(b, storetest.Postgres(b, parts(), storetest.WithoutReplay)), "-postgres")
}

func postingOn(b *testing.B, w *world, engine string) {
	b.Helper()
	list := make([]Book, benchWriters)
	for i := range list {
		list[i] = w.bare(int64(1_000 + i))
	}
	bare, err := benchmark.Rate(benchWriters, 2*time.Second, func(worker, n int) error {
		return w.host.Store.Maintain(w.ctx, func(tx *store.Tx) error {
			row := bareRow{int64(worker), int64(n + 1), 1, "经营收入", 1}
			return bareTable.Insert(tx, &row)
		})
	})
	w.must(err)
	rate, err := benchmark.Rate(benchWriters, 3*time.Second, func(worker, n int) error {
		d := rent(list[worker], "2025-03-10", 100)
		if n%2 == 1 {
			d = pay(list[worker], "2025-03-10", 50)
		}
		return w.host.Store.Write(w.ctx, func(tx *store.Tx) error {
			_, _, err := w.PostFor(tx, w.maker(), d)
			return err
		})
	})
	w.must(err)
	benchmark.Report(b, benchmark.Figure{Name: "ledger/post" + engine, Value: rate, Unit: "1/s",
		Baseline: bare,
		Target:   "≥ 3,000/s durable", Against: "one plain row in each of as many durable writes"})
	checked, err := benchmark.Rate(benchWriters, 3*time.Second, func(worker, n int) error {
		v, err := w.Enter(w.ctx, w.maker(), rent(list[worker], "2025-03-10", 100), "")
		if err == nil {
			_, err = w.Check(w.ctx, w.checker(), v.Ref(), v.Version)
		}
		return err
	})
	w.must(err)
	benchmark.Report(b, benchmark.Figure{Name: "ledger/enter-and-check" + engine, Value: checked, Unit: "1/s",
		Baseline: bare,
		Against:  "one plain row in each of as many durable writes"})
}

// benchLoaded are books of a year with twelve vouchers, each of another organisation.
func (w *world) benchLoaded(first, number, vouchers int, closed string) []Loaded {
	list := make([]Loaded, number)
	for i := range list {
		d := Loaded{Organisation: registry.Ref{Home: w.own["天台村"].Home, ID: int64(first + i)},
			Place: w.place["天台村"], Chart: "2024", From: "2025-01-01", Closed: closed,
			Opening: []book.Balance{{Account: "102", Amount: 1_000_000}, {Account: "301",
				Amount: -1_000_000}}}
		for n := range vouchers {
			day := period.NewDate(2025, 1, 5).AddDays(n * 360 / vouchers)
			draft := rent(Book{}, day, money.Fen(1_000+n))
			if n%3 == 1 {
				draft.Postings = []book.Posting{line("513", 300), line("515", 50), line("113", 50, "张三"),
					line("102", -400)}
			}
			d.Vouchers = append(d.Vouchers, LoadedVoucher{Draft: draft, Maker: 7, Checker: 8})
		}
		list[i] = d
	}
	return list
}

// BenchmarkImport: posted vouchers taken over in bulk.
func BenchmarkImport(b *testing.B) {
	w := benchWorld(b)
	list := w.benchLoaded(1_000, 1_000, 60, "")
	number := 0
	for _, d := range list {
		for _, v := range d.Vouchers {
			number += len(v.Postings)
		}
	}
	bare := w.bareBulk(number)
	start := time.Now()
	_, err := w.Load(w.ctx, list, nil)
	w.must(err)
	benchmark.Report(b, benchmark.Figure{Name: "ledger/import",
		Value: float64(number) / time.Since(start).Seconds(),
		Unit:  "1/s", Baseline: bare, Target: "≥ 10,000 postings/s",
		Against: "as many plain rows in bulk, without vouchers, seals, indexes and balances"})
}

// BenchmarkStatements: the three statements of books of ten years, the last of them with 5,000 vouchers.
func BenchmarkStatements(b *testing.B) {
	w := benchWorld(b)
	w.Today = "2034-12-31"
	d := w.benchLoaded(1_000, 1, 12, "2033-12")[0]
	d.Vouchers = nil
	for year := range benchYears {
		number := benchOther
		if year == 1 || year == benchYears-1 {
			number = benchYearly
		}
		for n := range number {
			day := period.NewDate(2025+year, 1, 1).AddDays(n * 364 / number)
			v := rent(Book{}, day, 100)
			if n%3 == 1 {
				v.Postings = []book.Posting{line("113", 100, "户"+strconv.Itoa(n%300)), line("501", -100)}
			}
			d.Vouchers = append(d.Vouchers, LoadedVoucher{Draft: v, Maker: 7, Checker: 8})
		}
	}
	refs, err := w.Load(w.ctx, []Loaded{d}, nil)
	w.must(err)
	keys := []string{book.TrialBalance, book.BalanceSheet, book.IncomeStatement}
	year := func(p string) float64 {
		of, err := period.Parse(p)
		w.must(err)
		var times []time.Duration
		for range 15 {
			start := time.Now()
			w.must(w.host.Store.View(w.ctx, func(v *store.View) error {
				_, err := w.Statements(v, refs[0], keys, of)
				return err
			}))
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		return benchmark.Percentile(times, 95)
	}
	first, last := year("2026-11"), year("2034-11")
	benchmark.Report(b, benchmark.Figure{Name: "ledger/statements", Value: last, Unit: "ms",
		Baseline: first,
		Target:   "≤ 50 ms, independent of closed years",
		Against:  "the same when eight years fewer were closed"})
}

// BenchmarkCloseMonth: a month of many books.
func BenchmarkCloseMonth(b *testing.B) {
	w := benchWorld(b)
	list := w.benchLoaded(1_000, benchBooks, 12, "")
	_, err := w.Load(w.ctx, list, nil)
	w.must(err)
	bare := w.bareBulk(benchBooks * 8)
	for _, month := range []string{"2025-01", "2025-02"} {
		start := time.Now()
		w.must(w.CloseMonth(w.ctx, list[0].Organisation.Home, month, nil))
		if month == "2025-01" {
			continue // the second is the usual one
		}
		rate := benchBooks / time.Since(start).Seconds()
		benchmark.Report(b, benchmark.Figure{Name: "ledger/close-month", Value: rate, Unit: "1/s",
			Baseline: bare / 8,
			Target:   fmt.Sprintf("≥ %d/s: 95,000 books in 120 s", benchCity/120+1),
			Against:  "eight plain rows a book in bulk, nothing read or added up"})
	}
	for month := 3; month < 12; month++ {
		w.must(w.CloseMonth(w.ctx, list[0].Organisation.Home, fmt.Sprintf("2025-%02d", month), nil))
	}
	start := time.Now()
	w.must(w.CloseMonth(w.ctx, list[0].Organisation.Home, "2025-12", nil))
	benchmark.Report(b, benchmark.Figure{Name: "ledger/close-year",
		Value: benchBooks / time.Since(start).Seconds(),
		Unit:  "1/s", Baseline: bare / 8,
		Against: "eight plain rows a book in bulk, nothing read or added up"})
}

// BenchmarkRollUp: the balance sheets of the city's books.
func BenchmarkRollUp(b *testing.B) {
	w := newWorld(b, storetest.SQLite(b, parts(), storetest.WithoutReplay))
	drafts := []territory.Draft{{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"}}
	spread := func(level division.Level, first, above, number int) {
		for n := range number {
			drafts = append(drafts, territory.Draft{Parent: first + n*above/number, Level: level,
				Name: fmt.Sprintf("地%d", n+1)})
		}
	}
	spread(division.County, 0, 1, 37)
	spread(division.Township, 1, 37, 1_031)
	spread(division.Village, 38, 1_031, 9_200)
	spread(division.Group, 1_069, 9_200, benchCity-9_200-1_031)
	ids, err := w.places.Load(w.ctx, "2020-01-01", "test", slices.Clone(drafts))
	w.must(err)
	w.place["天台村"] = ids[len(ids)-1]
	one := w.bare(1)
	p, err := period.Parse("2025-01")
	w.must(err)
	var rows []sheetRow
	for i, d := range drafts {
		if d.Level != division.Province && d.Level != division.County {
			of := one
			of.Home, of.ID, of.Place = w.places.Home(ids[i]), int64(i), ids[i]
			row, _, err := w.sheetOf(of, p, &vector.Year{Opening: []book.Balance{
				{Account: "102", Amount: money.Fen(i * 1_000)}, {Account: "151", Amount: 500_000_000},
				{Account: "301", Amount: -500_000_000 - money.Fen(i*1_000)}}})
			w.must(err)
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b sheetRow) int { return int(a.Home - b.Home) })
	w.must(w.host.Store.Maintain(w.ctx, func(tx *store.Tx) error {
		return sheets.Bulk(tx, rows)
	}))
	w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) error { // a county is known by its books
		for i, row := range rows {
			if i > 0 && rows[i-1].Home == row.Home || row.Home == one.Home {
				continue
			}
			of := one
			of.Home, of.Version = row.Home, 0
			if err := books.Insert(tx, &of); err != nil {
				return err
			}
			if _, err := tx.Record(store.Event{Home: of.Home, Kind: "book.opened"}); err != nil {
				return err
			}
		}
		return nil
	}))
	read := func() time.Duration {
		start := time.Now()
		n := 0
		w.must(w.host.Store.View(w.ctx, func(v *store.View) error {
			for _, err := range sheets.Each(v, "WHERE month = ?", "2025-01") {
				w.must(err)
				n++
			}
			return nil
		}))
		return time.Since(start)
	}
	read()
	bare := read()
	start := time.Now()
	u, err := w.RollUp(w.ctx, w.places.Today(), "2025-01")
	w.must(err)
	took := time.Since(start)
	homes := map[int64]bool{}
	for _, row := range rows {
		homes[row.Home] = true
	}
	if u.Left != 0 || len(homes) != 37 || slices.Max(u.Cells[:u.Width]) < 500_000_000*int64(len(rows)) {
		b.Fatalf("%d are left out, %d counties, the city has %d", u.Left, len(homes), u.Cells[:u.Width])
	}
	benchmark.Report(b, benchmark.Figure{Name: "ledger/roll-up", Value: float64(took.Milliseconds()),
		Unit:     "ms",
		Baseline: float64(bare.Milliseconds()), Target: "≤ 2,000 ms",
		Against: "the vectors read and not added up"})
}
