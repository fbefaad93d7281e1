package identity

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Paths that a person is sent to before anything else, and those they may reach meanwhile.
const (
	PasswordPath = "/account/password"
	SecondPath   = "/account/second-factor"
	apiRoot      = "/api/"
)

var freePaths = []string{"/sign-in", "/sign-out", "/taste", "/healthz", "/readyz"}

// Detours are where a page sends a person instead of showing them these refusals (web.Config).
func Detours() map[string]string {
	return map[string]string{"identity.must_change": PasswordPath, "identity.second_due": SecondPath}
}

// noActor is nobody.
var noActor access.Actor

// Authenticate finds out who asks: the person of a session's cookie or, under /api/, of a bearer
// token. Without either, or with a cookie that has run out, it is nobody. A person who must do
// something first gets the fault identity.must_change or identity.second_due everywhere but there.
func (s *Service) Authenticate(r *http.Request) (access.Actor, error) {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok &&
		strings.HasPrefix(r.URL.Path, apiRoot) {
		return s.byToken(r.Context(), bearer)
	}
	token := TokenOf(r)
	if token == "" {
		return noActor, nil
	}
	k, err := s.lookUp(r.Context(), "c"+token, func(v *store.View) (known, error) {
		return s.loadSession(v, token)
	})
	now := s.store.Now()
	if err != nil || k.id == 0 || k.expires <= now || k.seen.Add(s.policy.IdleTime) <= now {
		return noActor, err
	}
	if k.seen.Add(seenEvery) <= now {
		s.touch(r.Context(), "c"+token, k)
	}
	return s.standing(k, r.URL.Path)
}

// known is who a token stands for, as it is cached.
type known struct {
	actor      access.Actor
	id         int64 // of the session or API token; 0: there is none
	seen       period.Instant
	expires    period.Instant
	mustChange bool
	secondDue  bool
	loaded     period.Instant
}

// standing is the actor, or what they must do first. On the way to that they hold no posts.
func (s *Service) standing(k known, path string) (access.Actor, error) {
	var due *fault.Fault
	var to string
	switch {
	case k.mustChange:
		due, to = fault.New(fault.Forbidden, "identity.must_change", int(s.policy.AgeMax/day)), PasswordPath
	case k.secondDue:
		due, to = fault.New(fault.Forbidden, "identity.second_due"), SecondPath
	default:
		return k.actor, nil
	}
	a := k.actor
	a.Posts = nil
	if path == to || strings.HasPrefix(path, to+"/") || slices.Contains(freePaths, path) {
		return a, nil
	}
	return noActor, due
}

// sessionPost is a session with one of the posts in force; a person without posts has one row.
type sessionPost struct {
	Session    int64          `db:"session"`
	Seen       period.Instant `db:"seen"`
	Expires    period.Instant `db:"expires"`
	Method     audit.Method   `db:"method"`
	Factors    int8           `db:"factors"`
	Account    int64          `db:"account"`
	Login      string         `db:"login"`
	Name       string         `db:"name"`
	MustChange bool           `db:"must_change"`
	Post       int64          `db:"post"`
	Role       string         `db:"role"`
	Place      int64          `db:"place"`
	Area       int64          `db:"area"`
}

func (s *Service) loadSession(v *store.View, token string) (known, error) {
	today := s.today()
	rows, err := store.All[sessionPost](v, `SELECT s.id AS session, s.seen, s.expires, s.method, s.factors,
			a.id AS account, a.login, a.name, a.must_change, COALESCE(p.id, 0) AS post,
			COALESCE(p.role, '') AS role, COALESCE(p.place, 0) AS place, COALESCE(p.area, 0) AS area
		FROM session s JOIN account a ON a.id = s.account
		LEFT JOIN post p ON p.account = a.id AND p.state = ? AND p.since <= ? AND p.until > ?
		WHERE s.home = ? AND s.token = ? AND s.waiting = ? AND a.state = ?`,
		Approved, today, today, store.City, tokenHash(token), false, Active)
	if err != nil || len(rows) == 0 {
		return known{}, err
	}
	// Sorted here: an ORDER BY makes SQLite walk all posts in that order instead of the person's.
	slices.SortFunc(rows, func(a, b sessionPost) int { return cmp.Compare(a.Post, b.Post) })
	first := rows[0]
	k := known{id: first.Session, seen: first.Seen, expires: first.Expires,
		mustChange: first.MustChange && first.Method == audit.ByPassword,
		actor: access.Actor{Account: first.Account, Login: first.Login, Name: first.Name,
			Session: first.Session}}
	for _, r := range rows {
		if r.Post == 0 {
			continue
		}
		k.actor.Posts = append(k.actor.Posts, access.Post{ID: r.Post, Role: r.Role, Place: r.Place,
			Area: r.Area})
		role, _ := s.access.Role(r.Role)
		k.secondDue = k.secondDue || first.Factors < 2 && s.policy.needsSecond(role)
	}
	return k, nil
}

// touch writes when the session was last used. A failure is no reason to refuse the request.
func (s *Service) touch(ctx context.Context, key string, k known) {
	now := s.store.Now()
	err := s.store.Maintain(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE session SET seen = ? WHERE home = ? AND id = ? AND seen < ?`, now,
			store.City, k.id, now)
		return err
	})
	if err != nil {
		slog.Warn("identity: the use of a session was not written", "cause", err)
		return
	}
	s.cache.seen(key, now)
}

// CacheTime is how long a process may act on what it has read about a session.
const CacheTime = 3 * time.Second

// lookUp answers from the cache or by load.
func (s *Service) lookUp(ctx context.Context, key string, load func(*store.View) (known, error)) (known,
	error) {
	k, ok := s.cache.get(key, s.store.Now())
	if ok {
		return k, nil
	}
	generation := s.cache.current()
	k, err := store.Read(ctx, s.store, load)
	if err == nil && k.id != 0 {
		k.loaded = s.store.Now()
		s.cache.put(key, k, generation)
	}
	return k, err
}
