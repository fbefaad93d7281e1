package identity

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Amendment changes what is known of a person. Version is the version it was read at.
type Amendment struct {
	ID      int64
	Version int64
	Entry        // Login is not changed
	NoPhone bool // keep the phone as it is
}

// Amend changes name, phone, place and language.
func (s *Service) Amend(ctx context.Context, actor access.Actor, change Amendment) error {
	return s.changeAccount(ctx, actor, change.ID, func(tx *store.Tx, a *Account) error {
		if a.State == Closed {
			return fault.New(fault.Conflict, "identity.closed")
		}
		change.Login = a.Login
		entry, wrong := change.tidy()
		if len(wrong) > 0 {
			return fault.New(fault.Invalid, "identity.entry").With(wrong)
		}
		if err := s.access.Require(actor, Change, entry.Place); err != nil {
			return err
		}
		if change.Version != 0 {
			a.Version = change.Version
		}
		a.Name, a.Place, a.Language = entry.Name, entry.Place, entry.Language
		if !change.NoPhone {
			if err := s.sealPhone(a, entry.Phone); err != nil {
				return err
			}
		}
		return recordAccount(tx, actor, a, accountEvent{Kind: "account.changed",
			Personal: entry.personal()})
	})
}

// changeAccount reads an account that the actor may change, lets fn change it and writes it.
func (s *Service) changeAccount(ctx context.Context, actor access.Actor, id int64,
	fn func(*store.Tx, *Account) error) error {
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.readable(tx, actor, Change, id)
		if err != nil {
			return err
		}
		if err := fn(tx, &a); err != nil {
			return err
		}
		return accounts.Update(tx, &a)
	})
	s.cache.forget(id)
	return err
}

type accountEvent struct {
	Kind     string
	Body     any
	Personal map[string]string
}

func recordAccount(tx *store.Tx, actor access.Actor, a *Account, e accountEvent) error {
	_, err := tx.Record(store.Event{Kind: e.Kind, Subject: subjectOf(a.ID), Place: a.Place,
		Actor: actor.Account, Body: e.Body, Personal: e.Personal})
	return err
}

// reasonMax is the number of characters of a reason.
const reasonMax = 500

// checkReason tidies a reason and refuses an empty one.
func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 2 || n > reasonMax {
		return "", fault.New(fault.Invalid, "identity.reason", reasonMax)
	}
	return reason, nil
}

// notOneself refuses what nobody may do to their own account.
func notOneself(actor access.Actor, id int64) error {
	if actor.Account == id {
		return fault.New(fault.Conflict, "identity.not_oneself")
	}
	return nil
}

// Lock keeps a person out until somebody unlocks the account. Their sessions end at once.
func (s *Service) Lock(ctx context.Context, actor access.Actor, id int64) error {
	return s.setState(ctx, actor, id, stateChange{Active, Locked, "account.locked"})
}

// Unlock lets a person in again, also after failures.
func (s *Service) Unlock(ctx context.Context, actor access.Actor, id int64) error {
	return s.changeAccount(ctx, actor, id, func(tx *store.Tx, a *Account) error {
		if a.State == Closed {
			return fault.New(fault.Conflict, "identity.closed")
		}
		a.State = Active
		if _, err := tx.Exec(`DELETE FROM sign_in_guard WHERE home = ? AND login = ?`, store.City,
			s.audit.LoginHash(a.Login)); err != nil {
			return err
		}
		return recordAccount(tx, actor, a, accountEvent{Kind: "account.unlocked"})
	})
}

// Close ends an account for good, and with it its posts, sessions and tokens.
func (s *Service) Close(ctx context.Context, actor access.Actor, id int64) error {
	return s.setState(ctx, actor, id, stateChange{"", Closed, "account.closed"})
}

// stateChange is a step from a state ("" any) to another.
type stateChange struct {
	from, to State
	kind     string
}

func (s *Service) setState(ctx context.Context, actor access.Actor, id int64, c stateChange) error {
	if err := notOneself(actor, id); err != nil {
		return err
	}
	return s.changeAccount(ctx, actor, id, func(tx *store.Tx, a *Account) error {
		switch {
		case a.State == Closed:
			return fault.New(fault.Conflict, "identity.closed")
		case c.from != "" && a.State != c.from:
			return fault.New(fault.Conflict, "identity.already_locked")
		}
		a.State = c.to
		if c.to == Closed {
			if err := s.endAll(tx, actor, a); err != nil {
				return err
			}
		}
		if err := endSessions(tx, id, 0); err != nil {
			return err
		}
		return recordAccount(tx, actor, a, accountEvent{Kind: c.kind})
	})
}

// endAll ends the posts and revokes the tokens of an account that is being closed.
func (s *Service) endAll(tx *store.Tx, actor access.Actor, a *Account) error {
	today := tx.Now().Date()
	held, err := posts.All(tx, "WHERE account = ? AND state <> ? AND until > ? ORDER BY id", a.ID, Refused,
		today)
	if err != nil {
		return err
	}
	for _, p := range held {
		closePost(&p, actor, tx)
		if err := posts.Update(tx, &p); err != nil {
			return err
		}
	}
	return revokeAll(tx, a.ID)
}
