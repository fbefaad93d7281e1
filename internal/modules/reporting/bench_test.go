package reporting_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// benchReports is how many approved reports are added up: those of a large city's organisations.
const benchReports = 30_000

// BenchmarkRollUp adds up the approved reports of a city – every cell with its parts and coverage, for the
// city and each county – beside a bare SELECT sum() over the same figures in plain columns, which gives one
// row of sums and nothing else.
func BenchmarkRollUp(b *testing.B) {
	city := apptest.Open(b, b.TempDir()+"/terrace.db").Populate()
	f, err := store.Read(b.Context(), city.Host.Store, func(v *store.View) (*reporting.Form, error) {
		return city.Reporting.Form(v, statistics)
	})
	if err != nil {
		b.Fatal(err)
	}
	row := make(form.Row, len(f.Cells))
	for i, c := range f.Cells {
		if !c.Computed() {
			row[i] = form.Value{Known: true, Amount: int64(1_000_00 + i)}
		}
	}
	if err := f.Compute(row); err != nil {
		b.Fatal(err)
	}
	groups := city.IDs[len(city.IDs)-16:]
	figures := f.Of(row).Encode()
	err = city.Host.Store.Maintain(b.Context(), func(tx *store.Tx) error {
		for n := range benchReports {
			place := groups[n%len(groups)]
			if _, err := tx.Exec(`INSERT INTO report_total (home, report, form, period, place, layout,
				figures) VALUES (?, ?, ?, ?, ?, ?, ?)`, city.Places.Home(place), n+1, f.Key, "2025", place,
				reporting.LayoutKey(f), figures); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	bare := bareSums(b, len(f.Cells))
	var took, against time.Duration
	for b.Loop() {
		start := time.Now()
		err := city.Host.Store.View(b.Context(), func(v *store.View) error {
			whole, _, err := city.Reporting.SumsOf(v, f, "2025", city.Top)
			if err == nil && whole.Total.Rows != benchReports {
				err = fmt.Errorf("%d rows were added", whole.Total.Rows)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		took = time.Since(start)
		against = bare()
	}
	benchmark.Report(b, benchmark.Figure{Name: "reporting/roll-up",
		Value: float64(took.Microseconds()) / 1000,
		Unit:  "ms", Baseline: float64(against.Microseconds()) / 1000,
		Ratio:  float64(took) / float64(against),
		Target: "30,000 reports in a second", Against: "SELECT sum() over plain columns in bare SQLite"})
}

// bareSums makes the same figures as plain columns and gives the query that adds them.
func bareSums(b *testing.B, cells int) func() time.Duration {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+b.TempDir()+"/bare.db?_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	columns, sums, holes := make([]string, cells), make([]string, cells), make([]string, cells)
	for i := range cells {
		columns[i], sums[i], holes[i] = fmt.Sprintf("c%d", i), fmt.Sprintf("sum(c%d)", i),
			fmt.Sprint(1_000_00+i)
	}
	if _, err := db.Exec("CREATE TABLE t (" + strings.Join(columns, " BIGINT, ") + " BIGINT)"); err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		WHERE i < ?) SELECT `+strings.Join(holes, ", ")+" FROM n", benchReports); err != nil {
		b.Fatal(err)
	}
	return func() time.Duration {
		start := time.Now()
		rows, err := db.Query("SELECT " + strings.Join(sums, ", ") + " FROM t")
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		if !rows.Next() {
			b.Fatal("there are no sums")
		}
		return time.Since(start)
	}
}
