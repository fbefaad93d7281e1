package identity

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// LiveSessions counts the sessions that are signed in now, for the operator's metrics.
func (s *Service) LiveSessions(ctx context.Context) (int64, error) {
	now := s.store.Now()
	return store.Read(ctx, s.store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM session
			WHERE home = ? AND waiting = ? AND expires > ? AND seen > ?`,
			store.City, false, now, now.Add(-s.policy.IdleTime))
	})
}
