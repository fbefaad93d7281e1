package identity

import (
	"context"
	"time"

	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// refused is the one answer to whoever does not come in.
func (s *Service) refused() error {
	return fault.New(fault.Unauthenticated, "identity.sign_in", s.policy.FailuresMax,
		int(s.policy.LockTime/time.Minute))
}

// take counts a try before it is looked at. It tells whether the try may succeed: not while the
// login is locked, and not if as many tries are already under way.
func (s *Service) take(ctx context.Context, login []byte) (open bool, err error) {
	err = s.store.Maintain(ctx, func(tx *store.Tx) error {
		now := tx.Now()
		stale := now.Add(-s.policy.LockTime)
		// Tries whose end nobody recorded (the machine stopped) are forgotten after a lock's time.
		n, err := tx.Exec(`INSERT INTO sign_in_guard (home, login, tries, last, locked_until)
			VALUES (?, ?, 1, ?, 0)
			ON CONFLICT (home, login) DO UPDATE SET
				tries = CASE WHEN sign_in_guard.locked_until > 0 OR (sign_in_guard.tries >= ?
					AND sign_in_guard.last < ?) THEN 1 ELSE sign_in_guard.tries + 1 END,
				last = excluded.last, locked_until = 0
			WHERE sign_in_guard.locked_until <= ? AND (sign_in_guard.tries < ? OR sign_in_guard.last < ?)`,
			store.City, login, now, s.policy.FailuresMax, stale, now, s.policy.FailuresMax, stale)
		open = n == 1
		return err
	})
	return open, err
}

// settle closes a try: forgiven when it succeeded, undone when it was only half of one, else kept
// and, if it was the last allowed, turned into a lock.
func (s *Service) settle(tx *store.Tx, login []byte, result audit.Result) (locked bool, err error) {
	switch result {
	case audit.Done:
		_, err = tx.Exec(`DELETE FROM sign_in_guard WHERE home = ? AND login = ?`, store.City, login)
	case audit.Half:
		_, err = tx.Exec(`UPDATE sign_in_guard SET tries = tries - 1
			WHERE home = ? AND login = ? AND tries > 0`, store.City, login)
	case audit.Wrong, audit.Unknown, audit.ClosedOut, audit.Expired:
		var n int64
		n, err = tx.Exec(`UPDATE sign_in_guard SET tries = 0, locked_until = ?
			WHERE home = ? AND login = ? AND tries >= ? AND locked_until = 0`,
			tx.Now().Add(s.policy.LockTime), store.City, login, s.policy.FailuresMax)
		locked = n == 1
	}
	return locked, err
}

// LockedUntil is until when a login is locked after failures; 0: it is not.
func (s *Service) LockedUntil(ctx context.Context, a Account) (period.Instant, error) {
	return store.Read(ctx, s.store, func(v *store.View) (period.Instant, error) {
		g, found, err := guards.First(v, "WHERE home = ? AND login = ? AND locked_until > ?", store.City,
			s.audit.LoginHash(a.Login), s.store.Now())
		if !found {
			return 0, err
		}
		return g.LockedUntil, err
	})
}
