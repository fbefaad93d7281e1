package jobs_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

const benchJobs = 4000

// fill orders many jobs that do nothing, over 37 homes.
func fill(b *testing.B, s *store.Store, service *jobs.Service) {
	b.Helper()
	if err := s.Maintain(b.Context(), func(tx *store.Tx) error {
		for n := range benchJobs {
			if _, err := service.Enqueue(tx, jobs.Order{Home: int64(n % 37), Kind: "nothing"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkJobs measures whole lives: found, claimed, run, finished. The baseline updates the same rows
// twice each, in a transaction each, knowing them beforehand.
func BenchmarkJobs(b *testing.B) {
	open := map[string]func(testing.TB, []store.Part, ...storetest.Option) *store.Store{
		"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
	for engine, open := range open {
		b.Run(engine, func(b *testing.B) {
			s := open(b, parts, storetest.WithoutReplay)
			nothing := jobs.Kind{Key: "nothing", Run: func(context.Context, *jobs.Run) error { return nil }}
			service := jobs.New(s, nothing)
			fill(b, s, service)
			begin := time.Now()
			if err := service.Drain(b.Context()); err != nil {
				b.Fatal(err)
			}
			ours := benchJobs / time.Since(begin).Seconds()
			benchmark.Report(b, benchmark.Figure{Name: "jobs/life-" + engine, Value: ours, Unit: "1/s",
				Baseline: bareUpdates(b, s), Target: "≥ 0.3 ×",
				Against: "two bare updates of each row, a transaction each, one connection"})
		})
	}
}

func bareUpdates(b *testing.B, s *store.Store) float64 {
	b.Helper()
	driver, source := "pgx", s.URL()
	update := `UPDATE job SET state = $1, attempts = attempts + 1 WHERE home = $2 AND id = $3`
	if s.Engine() == "sqlite" {
		driver, update = "sqlite", strings.NewReplacer("$1", "?", "$2", "?", "$3", "?").Replace(update)
		source = "file:" + (&url.URL{Path: store.SQLitePath(s.URL())}).EscapedPath() +
			"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)" +
			"&_txlock=immediate"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	statement, err := db.Prepare(update)
	if err != nil {
		b.Fatal(err)
	}
	defer statement.Close()
	begin := time.Now()
	for n := range benchJobs {
		for _, state := range []string{"running", "done"} {
			if _, err := statement.Exec(state, n%37, 1+n/37); err != nil {
				b.Fatal(fmt.Errorf("job %d: %w", n, err))
			}
		}
	}
	return benchJobs / time.Since(begin).Seconds()
}
