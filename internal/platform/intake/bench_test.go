package intake_test

import (
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

const benchRows = 5_000

// BenchmarkApply measures applying rows that are checked already, against the same rows written into
// the module's table by the same store in transactions of the same size.
func BenchmarkApply(b *testing.B) {
	for engine, open := range map[string]func(testing.TB, []store.Part, ...storetest.Option) *store.Store{
		"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			w := newWorld(b, open(b, parts, storetest.WithoutReplay))
			w.SetPortions(500, 500, 100)
			in, _, err := w.Stage(b.Context(), request(list(benchRows)))
			if err == nil {
				in, err = w.Check(b.Context(), officer, in.Home, in.ID)
			}
			if err != nil {
				b.Fatal(err)
			}
			start := time.Now()
			in, err = w.Apply(b.Context(), intake.Order{Actor: officer, Home: in.Home, ID: in.ID,
				Explanation: "x"})
			if err != nil || in.Applied != benchRows {
				b.Fatal(in, err)
			}
			ours := float64(benchRows) / time.Since(start).Seconds()
			benchmark.Report(b, benchmark.Figure{Name: "intake/apply-" + engine, Value: ours, Unit: "1/s",
				Baseline: bare(b, open(b, parts, storetest.WithoutReplay)),
				Against:  "the same rows into the module's tables, 100 a transaction with one event"})
		})
	}
}

func bare(b *testing.B, s *store.Store) float64 {
	b.Helper()
	s.Seal(pumps)
	start := time.Now()
	for first := 0; first < benchRows; first += 100 {
		err := s.Write(b.Context(), func(tx *store.Tx) error {
			for i := first; i < first+100; i++ {
				if _, err := tx.Exec(`INSERT INTO pump_sum (home, name, n) VALUES (?, 'amount', ?)
					ON CONFLICT (home, name) DO UPDATE SET n = pump_sum.n + excluded.n`, 1, i); err != nil {
					return err
				}
				p := pump{Home: 1, ID: int64(i + 1), Name: "泵", Amount: int64(i)}
				if err := pumps.Insert(tx, &p); err != nil {
					return err
				}
			}
			_, err := tx.Record(store.Event{Home: 1, Kind: "pump.added", Subject: "pump"})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return float64(benchRows) / time.Since(start).Seconds()
}
