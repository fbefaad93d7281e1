package log

import (
	"context"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Backlog is what waits to be put into the trees.
type Backlog struct {
	Events int64          `db:"events"`
	Oldest period.Instant `db:"oldest"` // when the oldest happened; 0: nothing waits
}

// Behind is for how long the oldest event has been waiting.
func (b Backlog) Behind(now period.Instant) time.Duration {
	if b.Events == 0 || now < b.Oldest {
		return 0
	}
	return time.Duration(now-b.Oldest) * time.Microsecond
}

// Backlog counts the events that wait. A few hundred at most wait for long enough to be counted here.
func (l *Log) Backlog(ctx context.Context) (Backlog, error) {
	return store.Read(ctx, l.store, func(v *store.View) (Backlog, error) {
		b, _, err := store.First[Backlog](v, `SELECT count(*) AS events, COALESCE(min(e.at), 0) AS oldest
			FROM event_pending p JOIN event e ON e.home = p.home AND e.id = p.event`)
		return b, err
	})
}
