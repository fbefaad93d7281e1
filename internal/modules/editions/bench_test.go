package editions

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/period"
)

const nationalFile = "national_2016_5level_urcode.csv.gz"

// bareInsert adds the rows of a file to one table, with nothing but database/sql.
func bareInsert(b *testing.B, body []byte) time.Duration {
	b.Helper()
	raw, err := ReadFile(bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader([]byte(raw.Text))).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+b.TempDir()+"/bare.db?_pragma=journal_mode(WAL)"+
		"&_pragma=synchronous(FULL)&_pragma=cache_size(-32768)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE place (code TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
		level SMALLINT NOT NULL, parent TEXT NOT NULL, category SMALLINT NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	start := time.Now()
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	insert, err := tx.Prepare(`INSERT INTO place VALUES (?, ?, ?, ?, ?)`)
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range rows[1:] {
		level, _ := strconv.Atoi(r[2])
		category, _ := strconv.Atoi(r[4])
		if _, err := insert.Exec(r[0], r[1], level, r[3], category); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func benchShared(b *testing.B, name string) []byte {
	b.Helper()
	return placetest.File(b, name)
}

// laterNational is the edition a year later: every 50th village renamed, every 70th gone, every
// committee spelled otherwise.
func laterNational(b *testing.B, body []byte) []byte {
	b.Helper()
	raw, err := ReadFile(bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	villages := 0
	for line := range strings.Lines(raw.Text) {
		fields := strings.SplitN(line, ",", 4)
		if fields[2] == "5" {
			villages++
			switch {
			case villages%70 == 0:
				continue
			case villages%50 == 0:
				line = strings.Replace(line, fields[1], "新"+fields[1], 1)
			default:
				line = strings.Replace(line, "村委会,", "村村民委员会,", 1)
			}
		}
		out.WriteString(line)
	}
	return out.Bytes()
}

// timed imports a file and tells how long that took.
func timed(b *testing.B, f *fixture, body []byte, on string) (Imported, time.Duration) {
	b.Helper()
	runtime.GC()
	start := time.Now()
	got, err := f.try(period.Date(on), "bench.csv", body)
	if err != nil {
		b.Fatal(err)
	}
	return got, time.Since(start)
}

func BenchmarkTerritory(b *testing.B) {
	body := benchShared(b, nationalFile)
	bare := bareInsert(b, body)
	f := onSQLite(b, storetest.WithoutReplay)
	got, took := timed(b, f, body, "2016-07-31")
	if got.Counts.Added != 713035 {
		b.Fatal(got.Counts)
	}
	if again := bareInsert(b, body); again < bare {
		bare = again
	}
	b.Run("import", func(b *testing.B) {
		benchmark.Report(b, benchmark.Figure{Name: "territory/import", Value: took.Seconds(), Unit: "s",
			Baseline: bare.Seconds(), Target: "≤ 3 ×",
			Against: "713,035 rows into one table in one transaction, database/sql, synchronous=FULL"})
	})
	b.Run("compare", func(b *testing.B) {
		_, compared := timed(b, f, laterNational(b, body), "2017-10-31")
		benchmark.Report(b, benchmark.Figure{Name: "territory/compare", Value: compared.Seconds(),
			Unit:     "s",
			Baseline: took.Seconds(), Target: "≤ 2 ×",
			Against: "the first import; every 50th village renamed, every 70th gone, the others respelled"})
	})
	b.Run("today", func(b *testing.B) { benchToday(b, f) })
	b.Run("search", func(b *testing.B) { benchSearch(b, f) })
	f.verify()
}

// benchToday measures reading today's tree anew, and what it keeps in memory.
func benchToday(b *testing.B, f *fixture) {
	f.places.Today()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	fresh := territory.New(f.host)
	start := time.Now()
	if err := fresh.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	if fresh.Today().Len() == 0 {
		b.Fatal("no places stand today")
	}
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	benchmark.Report(b, benchmark.Figure{Name: "territory/today", Value: took.Seconds(), Unit: "s",
		Target: "< 1.5 s, < 250 MB", Against: "none"})
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	runtime.KeepAlive(fresh)
}

// benchSearch types 2,000 queries drawn from the places themselves.
func benchSearch(b *testing.B, f *fixture) {
	t := f.places.Today()
	f.places.Search("a", 1) // makes the finder
	random := rand.New(rand.NewPCG(1, 2))
	var times []time.Duration
	for range 2000 {
		n := tree.Node(random.IntN(t.Len()))
		name := []rune(t.Name(n))
		full, initials := pinyin.Spell(t.Name(n))
		query := []string{string(name[:min(len(name), 1+random.IntN(4))]), full[:min(len(full),
			1+random.IntN(12))],
			initials, t.Code(n)[:2+random.IntN(11)]}[random.IntN(4)]
		start := time.Now()
		found := f.places.Search(query, territory.FoundMax)
		times = append(times, time.Since(start))
		if len(found) == 0 {
			b.Fatalf("%q finds nothing", query)
		}
	}
	slices.Sort(times)
	benchmark.Report(b, benchmark.Figure{Name: "territory/search", Value: benchmark.Percentile(times, 95),
		Unit: "ms", Baseline: 20, Target: "p95 ≤ 20 ms", Against: "the target"})
}
