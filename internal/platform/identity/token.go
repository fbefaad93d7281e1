package identity

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// tokenPrefix marks an API token, so that one that leaks is recognised.
const tokenPrefix = "terrace_"

// tokensMax is how many API tokens one person may have at a time.
const tokensMax = 20

// NewToken is an API token that a person asks for.
type NewToken struct {
	Name    string
	Permits []access.Permit
	Until   period.Date // the first day it no longer holds
}

// Token is one of a person's API tokens.
type Token struct {
	ID      int64          `db:"id"`
	Name    string         `db:"name"`
	Permits string         `db:"permits"` // separated by spaces
	Created period.Instant `db:"created"`
	Until   period.Date    `db:"until"`
	Used    period.Instant `db:"used"` // to the minute; 0: never
}

// Grantable lists the permits that the actor can give to an API token: those of their posts, but
// none that comes with an administrator's role.
func (s *Service) Grantable(actor access.Actor) []access.Permit {
	var all []access.Permit
	for _, p := range s.ordinary(actor.Posts) {
		role, _ := s.access.Role(p.Role)
		all = append(all, role.Permits...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ordinary leaves out posts in administrators' roles.
func (s *Service) ordinary(held []access.Post) []access.Post {
	var kept []access.Post
	for _, p := range held {
		if role, known := s.access.Role(p.Role); known && role.Administrator == "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// CreateToken makes an API token and returns it; only its hash is kept.
func (s *Service) CreateToken(ctx context.Context, actor access.Actor, n NewToken) (string, error) {
	if actor.Session == 0 {
		return "", fault.New(fault.Forbidden, "identity.not_by_token")
	}
	n.Name = strings.TrimSpace(n.Name)
	if size := utf8.RuneCountInString(n.Name); size == 0 || size > NameMax {
		return "", fault.New(fault.Invalid, "identity.token.name", NameMax)
	}
	today := s.today()
	if !n.Until.Valid() || n.Until <= today || n.Until > today.AddDays(s.policy.TokenDaysMax) {
		return "", fault.New(fault.Invalid, "identity.token.until", s.policy.TokenDaysMax)
	}
	grantable := s.Grantable(actor)
	var permits []string
	for _, p := range n.Permits {
		if !slices.Contains(grantable, p) {
			return "", fault.New(fault.Forbidden, "identity.token.permit", string(p))
		}
		permits = append(permits, string(p))
	}
	if len(permits) == 0 {
		return "", fault.New(fault.Invalid, "identity.token.empty")
	}
	secret := tokenPrefix + s.newToken()
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		return addToken(tx, actor, tokenRow{Account: actor.Account, Name: n.Name, Hash: tokenHash(secret),
			Permits: strings.Join(permits, " "), Until: n.Until})
	})
	return secret, err
}

type tokenBody struct {
	Token   int64       `json:"token"`
	Permits string      `json:"permits"`
	Until   period.Date `json:"until"`
}

func addToken(tx *store.Tx, actor access.Actor, row tokenRow) error {
	n, err := store.Count(tx, `SELECT count(*) FROM api_token WHERE home = ? AND account = ? AND revoked = 0
		AND until > ?`, store.City, row.Account, tx.Now().Date())
	if err != nil {
		return err
	}
	if n >= tokensMax {
		return fault.New(fault.Conflict, "identity.token.many", tokensMax)
	}
	if row.ID, err = tx.NextID(store.City, "api_token"); err != nil {
		return err
	}
	row.Created = tx.Now()
	if err := recordToken(tx, actor.Account, row, "token.created"); err != nil {
		return err
	}
	return tokens.Insert(tx, &row)
}

func recordToken(tx *store.Tx, actor int64, row tokenRow, kind string) error {
	_, err := tx.Record(store.Event{Kind: kind, Subject: "account/" + strconv.FormatInt(row.Account, 10),
		Actor: actor, Body: tokenBody{row.ID, row.Permits, row.Until}})
	return err
}

// RevokeToken ends one of the actor's own API tokens.
func (s *Service) RevokeToken(ctx context.Context, actor access.Actor, id int64) error {
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		row, found, err := tokens.First(tx, `WHERE home = ? AND id = ? AND account = ? AND revoked = 0`,
			store.City, id, actor.Account)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "identity.no_token")
		}
		return revoke(tx, actor.Account, row)
	})
	s.cache.forget(actor.Account)
	return err
}

func revoke(tx *store.Tx, actor int64, row tokenRow) error {
	row.Revoked = tx.Now()
	if err := recordToken(tx, actor, row, "token.revoked"); err != nil {
		return err
	}
	return tokens.Update(tx, &row)
}

// revokeAll revokes all tokens of an account.
func revokeAll(tx *store.Tx, account int64) error {
	rows, err := tokens.All(tx, "WHERE home = ? AND account = ? AND revoked = 0 ORDER BY id", store.City,
		account)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := revoke(tx, 0, row); err != nil {
			return err
		}
	}
	return nil
}

// Tokens lists the actor's own API tokens that still hold, newest first.
func (s *Service) Tokens(ctx context.Context, actor access.Actor) ([]Token, error) {
	return store.Read(ctx, s.store, func(v *store.View) ([]Token, error) {
		return store.All[Token](v, `SELECT t.id, t.name, t.permits, t.created, t.until,
			COALESCE(u.at, 0) AS used
			FROM api_token t LEFT JOIN api_token_use u ON u.home = t.home AND u.token = t.id
			WHERE t.home = ? AND t.account = ? AND t.revoked = 0 AND t.until > ? ORDER BY t.id DESC`,
			store.City, actor.Account, s.today())
	})
}

// byToken is the person of a bearer token, with the posts and permits it was given.
func (s *Service) byToken(ctx context.Context, bearer string) (access.Actor, error) {
	bearer = strings.TrimSpace(bearer)
	k, err := s.lookUp(ctx, "b"+bearer, func(v *store.View) (known, error) {
		return s.loadToken(v, bearer)
	})
	if err != nil {
		return noActor, err
	}
	now := s.store.Now()
	if k.id == 0 || k.expires <= now {
		return noActor, fault.New(fault.Unauthenticated, "identity.token.unknown")
	}
	if k.seen.Add(seenEvery) <= now {
		s.touchToken(ctx, "b"+bearer, k)
	}
	return k.actor, nil
}

func (s *Service) loadToken(v *store.View, bearer string) (known, error) {
	row, found, err := tokens.First(v, "WHERE home = ? AND hash = ? AND revoked = 0 AND until > ?",
		store.City, tokenHash(bearer), s.today())
	if err != nil || !found {
		return known{}, err
	}
	a, found, err := accounts.First(v, "WHERE id = ? AND state = ?", row.Account, Active)
	if err != nil || !found || a.MustChange {
		return known{}, err
	}
	today := s.today()
	held, err := posts.All(v, `WHERE account = ? AND state = ? AND since <= ? AND until > ? ORDER BY id`,
		a.ID, Approved, today, today)
	if err != nil {
		return known{}, err
	}
	k := known{id: row.ID, expires: row.Until.Start(), actor: access.Actor{Account: a.ID, Login: a.Login,
		Name: a.Name, Token: row.ID, Only: []access.Permit{}}}
	for _, p := range held {
		k.actor.Posts = append(k.actor.Posts, p.access())
	}
	k.actor.Posts = s.ordinary(k.actor.Posts)
	for permit := range strings.FieldsSeq(row.Permits) {
		k.actor.Only = append(k.actor.Only, access.Permit(permit))
	}
	return k, nil
}

// access is the post as package access knows it.
func (p Post) access() access.Post {
	return access.Post{ID: p.ID, Role: p.Role, Place: p.Place, Area: p.Area}
}

func (s *Service) touchToken(ctx context.Context, key string, k known) {
	now := s.store.Now()
	err := s.store.Maintain(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO api_token_use (home, token, at) VALUES (?, ?, ?)
			ON CONFLICT (home, token) DO UPDATE SET at = excluded.at`, store.City, k.id, now)
		return err
	})
	if err != nil {
		slog.Warn("identity: the use of a token was not written", "cause", err)
		return
	}
	s.cache.seen(key, now)
}
