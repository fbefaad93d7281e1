package identity

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// PasswordChange is a person giving themselves a new password.
type PasswordChange struct {
	Old, New string
	Client   audit.Client
}

// ChangePassword sets a new password. All sessions of the person end; the browser in use gets a
// new one, whose token is returned.
func (s *Service) ChangePassword(ctx context.Context, actor access.Actor, c PasswordChange) (string,
	error) {
	k, err := s.own(ctx, actor)
	if err != nil {
		return "", err
	}
	if wrong := s.policy.CheckPassword(k.account.Login, c.New); len(wrong) > 0 {
		return "", fault.New(fault.Invalid, "identity.password").With(wrong)
	}
	if err := s.confirm(ctx, k, c.Old, c.Client); err != nil {
		return "", err
	}
	if err := s.notFormer(ctx, k.secret, c.New); err != nil {
		return "", err
	}
	hash, err := s.hasher.Hash(ctx, c.New)
	if err != nil {
		return "", err
	}
	token := s.newToken()
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		return s.savePassword(tx, actor, k, newSecret{hash, token})
	})
	s.cache.forget(actor.Account)
	return token, err
}

// own is the actor's own account with its secrets. An API token has no business with them.
func (s *Service) own(ctx context.Context, actor access.Actor) (knownAccount, error) {
	if actor.Session == 0 {
		return knownAccount{}, fault.New(fault.Forbidden, "identity.not_by_token")
	}
	return store.Read(ctx, s.store, func(v *store.View) (knownAccount, error) {
		a, found, err := accounts.First(v, "WHERE id = ?", actor.Account)
		if err == nil && !found {
			err = noAccount()
		}
		if err != nil {
			return knownAccount{}, err
		}
		return s.withSecret(v, a)
	})
}

// confirm asks a signed-in person for their password again. Failures count as at the door: a
// session left open must not serve to find the password out.
func (s *Service) confirm(ctx context.Context, k knownAccount, entered string, c audit.Client) error {
	t := try{login: s.audit.LoginHash(k.account.Login), account: k.account, client: c.Tidy(),
		method: audit.ByPassword,
		result: audit.Wrong}
	open, err := s.take(ctx, t.login)
	if err != nil {
		return err
	}
	right := false
	if len(entered) <= password.Max {
		if right, err = s.hasher.Verify(ctx, k.secret.Password, entered); err != nil {
			return err
		}
	}
	if right && open {
		t.result = audit.Half // the try is undone; whoever fails at the door is not forgiven by it
		return s.store.Maintain(ctx, func(tx *store.Tx) error {
			_, err := s.settle(tx, t.login, t.result)
			return err
		})
	}
	if !open {
		t.result = audit.LockedOut
	}
	if _, err := s.finish(ctx, t, k); !fault.HasKey(err, "identity.sign_in") {
		return err
	}
	return fault.New(fault.Invalid, "identity.password.old")
}

// notFormer refuses the present password and the last ones before it.
func (s *Service) notFormer(ctx context.Context, secret secretRow, fresh string) error {
	for _, hash := range append([]string{secret.Password}, lines(secret.Former)...) {
		same, err := s.hasher.Verify(ctx, hash, fresh)
		if err != nil {
			return err
		}
		if same {
			return fault.New(fault.Invalid, "identity.password").With([]fault.Finding{
				fault.Wrong("password.former", s.policy.FormerMax)})
		}
	}
	return nil
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// former is the list of earlier passwords with the present one put before it.
func (s *Service) former(secret secretRow) string {
	all := append([]string{secret.Password}, lines(secret.Former)...)
	return strings.Join(all[:min(len(all), s.policy.FormerMax)], "\n")
}

type newSecret struct{ hash, token string }

func (s *Service) savePassword(tx *store.Tx, actor access.Actor, k knownAccount, n newSecret) error {
	now, secret, a := tx.Now(), k.secret, k.account
	current, found, err := sessions.First(tx, "WHERE home = ? AND id = ?", store.City, actor.Session)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.Unauthenticated, "access.sign_in")
	}
	secret.Former, secret.Password = s.former(secret), n.hash
	secret.Changed, secret.OneTimeUntil = now, 0
	a.MustChange = false
	if err := recordAccount(tx, actor, &a, accountEvent{Kind: "password.changed"}); err != nil {
		return err
	}
	if err := secrets.Update(tx, &secret); err != nil {
		return err
	}
	if err := accounts.Update(tx, &a); err != nil {
		return err
	}
	if err := endSessions(tx, a.ID, 0); err != nil {
		return err
	}
	current.Token, current.Created, current.Seen = tokenHash(n.token), now, now
	current.Expires = now.Add(s.policy.SessionTime)
	return s.addSession(tx, current)
}

// ResetPassword gives an account a one-time password, which is shown once. Sessions and tokens end.
// An administrator's is reset on the server only; see invariant 7.
func (s *Service) ResetPassword(ctx context.Context, actor access.Actor, id int64) (string, error) {
	if err := notOneself(actor, id); err != nil {
		return "", err
	}
	oneTime, hash, err := s.newOneTime(ctx)
	if err != nil {
		return "", err
	}
	err = s.changeAccount(ctx, actor, id, func(tx *store.Tx, a *Account) error {
		secret, err := s.resettable(tx, actor, a)
		if err != nil {
			return err
		}
		secret.Former, secret.Password = s.former(secret), hash
		secret.Changed, secret.OneTimeUntil = tx.Now(), tx.Now().Add(s.policy.OneTimeTime)
		a.MustChange = true
		if err := recordAccount(tx, actor, a, accountEvent{Kind: "password.reset"}); err != nil {
			return err
		}
		if err := revokeAll(tx, id); err != nil {
			return err
		}
		if err := endSessions(tx, id, 0); err != nil {
			return err
		}
		return secrets.Update(tx, &secret)
	})
	return oneTime, err
}

// resettable is the secrets of an account whose secrets the actor may reset.
func (s *Service) resettable(tx *store.Tx, actor access.Actor, a *Account) (secretRow, error) {
	if a.State == Closed {
		return secretRow{}, fault.New(fault.Conflict, "identity.closed")
	}
	if !actor.Program {
		held, err := posts.All(tx, "WHERE account = ? AND state <> ? AND until > ?", a.ID, Refused,
			tx.Now().Date())
		if err != nil {
			return secretRow{}, err
		}
		for _, p := range held {
			if role, _ := s.access.Role(p.Role); role.Administrator != "" {
				return secretRow{}, fault.New(fault.Forbidden, "identity.on_the_server")
			}
		}
	}
	return secrets.Get(tx, store.City, a.ID)
}
