package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

const (
	benchClients = 64
	benchTime    = 3 * time.Second
)

// benchRate measures small writes, each a note and its event, by 64 clients.
func benchRate(b *testing.B, s *store.Store, homes int64) float64 {
	b.Helper()
	s.Seal(notes)
	var n atomic.Int64
	rate, err := benchmark.Rate(benchClients, benchTime, func(worker, _ int) error {
		_, err := add(b.Context(), s, int64(worker)%homes, "note "+strconv.FormatInt(n.Add(1), 10))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return rate
}

// bareRate does the same statements, a transaction each, with nothing but database/sql.
func bareRate(b *testing.B, homes int64) float64 {
	b.Helper()
	file := b.TempDir() + "/bare.db"
	s, err := store.Open(b.Context(), store.Config{URL: file})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Migrate(b.Context(), append([]store.Part{store.Own()}, parts...)); err != nil {
		b.Fatal(err)
	}
	s.Close()
	db, err := sql.Open("sqlite", "file:"+file+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var n atomic.Int64
	rate, err := benchmark.Rate(benchClients, benchTime, func(worker, _ int) error {
		id, home := n.Add(1), int64(worker)%homes
		return bareWrite(b.Context(), db, home, id)
	})
	if err != nil {
		b.Fatal(err)
	}
	return rate
}

func bareWrite(ctx context.Context, db *sql.DB, home, id int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`INSERT INTO note (home, id, version, body, done, due, level, raw)
		VALUES (?, ?, 1, ?, true, '2026-02-28', 5, ?)`,
		home, id, fmt.Sprint("note ", id), []byte{0, 1}); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO event (home, id, at, actor, place, kind, subject, body, rows, salt)
		VALUES (?, ?, 1, 0, 0, 'note.added', 'note/1', '{}', ?, ?)`,
		home, id, make([]byte, 26), make([]byte, 16)); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO event_pending (home, event) VALUES (?, ?)`, home, id); err != nil {
		return err
	}
	return tx.Commit()
}

func BenchmarkStore(b *testing.B) {
	for _, homes := range []int64{1, 37} {
		b.Run(fmt.Sprintf("group-commit-%d-homes", homes), func(b *testing.B) {
			bare := bareRate(b, homes)
			ours := benchRate(b, storetest.SQLite(b, parts, storetest.WithoutReplay), homes)
			benchmark.Report(b, benchmark.Figure{Name: fmt.Sprintf("store/group-commit-%d-homes", homes),
				Value: ours, Unit: "1/s", Baseline: bare, Target: "≥ 8 × and ≥ 8,000/s",
				Against: "the same rows, a transaction each, database/sql, synchronous=FULL"})
		})
	}
	b.Run("postgres", func(b *testing.B) {
		bench := pgbench(b)
		ours := benchRate(b, storetest.Postgres(b, parts, storetest.WithoutReplay), 37)
		benchmark.Report(b, benchmark.Figure{Name: "store/postgres", Value: ours, Unit: "1/s",
			Baseline: bench, Target: "≥ 0.7 ×", Against: "pgbench -N, 64 clients"})
	})
}

// pgbench runs PostgreSQL's own benchmark on the same server.
func pgbench(b *testing.B) float64 {
	b.Helper()
	path := pgbenchPath()
	url := storetest.PostgresURL(b)
	if path == "" {
		b.Skip("needs pgbench of PostgreSQL's server package")
	}
	if out, err := exec.Command(path, "-q", "-i", "-s", "10", url).CombinedOutput(); err != nil {
		b.Fatalf("pgbench -i: %v\n%s", err, out)
	}
	out, err := exec.Command(path, "-N", "-c", "64", "-j", "2", "-T",
		strconv.Itoa(int(benchTime.Seconds())), url).CombinedOutput()
	if err != nil {
		b.Fatalf("pgbench: %v\n%s", err, out)
	}
	found := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	if found == nil {
		b.Fatalf("pgbench printed no rate:\n%s", out)
	}
	rate, _ := strconv.ParseFloat(string(found[1]), 64)
	return rate
}

var pgbenchPath = sync.OnceValue(func() string {
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path
	}
	const debian = "/usr/lib/postgresql/15/bin/pgbench"
	if _, err := os.Stat(debian); err == nil {
		return debian
	}
	return ""
})
