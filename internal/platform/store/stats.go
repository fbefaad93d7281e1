package store

import (
	"context"
	"sync/atomic"
)

// Stats are counts since the store was opened, for the operator's metrics.
type Stats struct {
	Writes       int64 // closures that were committed
	Failures     int64 // closures that were refused
	Transactions int64 // that carried them: on SQLite one a group
	Retries      int64 // runs of a closure again, after a conflict or with its neighbours
}

// counters are Stats being counted.
type counters struct{ writes, failures, transactions, retries atomic.Int64 }

// Stats reads the counts.
func (s *Store) Stats() Stats {
	return Stats{s.counts.writes.Load(), s.counts.failures.Load(), s.counts.transactions.Load(),
		s.counts.retries.Load()}
}

// SchemaVersions are the steps that the schema of each part has taken, by the part's name. A part without
// tables yet has taken none.
func (s *Store) SchemaVersions(ctx context.Context, parts []Part) (map[string]int64, error) {
	versions := map[string]int64{}
	err := s.View(ctx, func(v *View) error {
		for _, p := range parts {
			n, err := Count(v, "SELECT max(version_id) FROM schema_"+p.Name)
			if err != nil {
				return err
			}
			versions[p.Name] = n
		}
		return nil
	})
	return versions, err
}

// Ping asks the database for an answer.
func (s *Store) Ping(ctx context.Context) error {
	return s.View(ctx, func(v *View) error {
		_, err := Count(v, "SELECT 1")
		return err
	})
}
