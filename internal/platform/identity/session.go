package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// CookieName is the cookie that holds a session's token.
const CookieName = "session"

const (
	tokenSize  = 32              // random bytes of a token
	secondTime = 5 * time.Minute // to enter the second factor
	seenEvery  = time.Minute     // how often a session's last use is written
)

var tokenEncoding = base64.RawURLEncoding

// newToken is 32 random bytes as text.
func (s *Service) newToken() string {
	b := make([]byte, tokenSize)
	s.store.Random(b)
	return tokenEncoding.EncodeToString(b)
}

// tokenHash is what the database keeps of a token. 32 random bytes need no slow hash.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Cookie is the session's cookie. It lasts as long as the browser is open; the session's end is the
// server's business.
func (s *Service) Cookie(token string) *http.Cookie {
	return &http.Cookie{Name: CookieName, Value: token, Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode}
}

// NoCookie takes the session's cookie away.
func (s *Service) NoCookie() *http.Cookie {
	c := s.Cookie("")
	c.MaxAge = -1
	return c
}

// TokenOf is the session token a request carries, or "".
func TokenOf(r *http.Request) string {
	c, err := r.Cookie(CookieName)
	if err != nil || len(c.Value) != tokenEncoding.EncodedLen(tokenSize) {
		return ""
	}
	return c.Value
}

func (s *Service) addSession(tx *store.Tx, row sessionRow) error {
	id, err := tx.NextID(store.City, "session")
	if err != nil {
		return err
	}
	row.ID = id
	return sessions.Insert(tx, &row)
}

// endSessions ends an account's sessions but one (0: all).
func endSessions(tx *store.Tx, account, but int64) error {
	_, err := tx.Exec(`DELETE FROM session WHERE home = ? AND account = ? AND id <> ?`, store.City, account,
		but)
	return err
}

func endToken(tx *store.Tx, token string) error {
	if token == "" {
		return nil
	}
	_, err := tx.Exec(`DELETE FROM session WHERE home = ? AND token = ?`, store.City, tokenHash(token))
	return err
}

// SignOut ends the session of a token. Signing out twice is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	err := s.store.Maintain(ctx, func(tx *store.Tx) error { return endToken(tx, token) })
	s.cache.forgetToken(token)
	return err
}

// Session is one of a person's sign-ins that has not ended.
type Session struct {
	ID      int64          `db:"id"`
	Method  audit.Method   `db:"method"`
	Factors int8           `db:"factors"`
	Created period.Instant `db:"created"`
	Seen    period.Instant `db:"seen"` // to the minute
	Expires period.Instant `db:"expires"`
	Address string         `db:"address"`
	Agent   string         `db:"agent"`
}

// Sessions lists the actor's own sessions, newest first.
func (s *Service) Sessions(ctx context.Context, actor access.Actor) ([]Session, error) {
	return s.sessionsOf(ctx, actor.Account)
}

func (s *Service) sessionsOf(ctx context.Context, account int64) ([]Session, error) {
	now := s.store.Now()
	return store.Read(ctx, s.store, func(v *store.View) ([]Session, error) {
		return store.All[Session](v, `SELECT id, method, factors, created, seen, expires, address, agent
			FROM session WHERE home = ? AND account = ? AND waiting = ? AND expires > ? AND seen > ?
			ORDER BY id DESC LIMIT 200`, store.City, account, false, now, now.Add(-s.policy.IdleTime))
	})
}

// EndSession ends one of the actor's own sessions.
func (s *Service) EndSession(ctx context.Context, actor access.Actor, id int64) error {
	err := s.store.Maintain(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`DELETE FROM session WHERE home = ? AND id = ? AND account = ?`, store.City, id,
			actor.Account)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "identity.no_session")
		}
		return err
	})
	s.cache.forget(actor.Account)
	return err
}

// EndOtherSessions ends all of the actor's own sessions but the one they act in.
func (s *Service) EndOtherSessions(ctx context.Context, actor access.Actor) error {
	err := s.store.Maintain(ctx, func(tx *store.Tx) error {
		return endSessions(tx, actor.Account, actor.Session)
	})
	s.cache.forget(actor.Account)
	return err
}

// Tidy removes sessions that have run out and counts of tries that lie a day back. It is run every
// few minutes and may be run by several servers.
func (s *Service) Tidy(ctx context.Context) error {
	return s.store.Maintain(ctx, func(tx *store.Tx) error {
		now := tx.Now()
		if _, err := tx.Exec(`DELETE FROM session WHERE home = ? AND (expires <= ? OR seen <= ?)`,
			store.City, now, now.Add(-s.policy.IdleTime)); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM sign_in_guard WHERE home = ? AND locked_until <= ? AND last < ?`,
			store.City, now, now.Add(-day))
		return err
	})
}
