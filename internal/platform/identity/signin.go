package identity

import (
	"context"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// valid drops bytes that are no UTF-8, which PostgreSQL would refuse.
func valid(text string) string { return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "") }

// Attempt is somebody trying to sign in with a password.
type Attempt struct {
	Login    string
	Password string
	Client   audit.Client
	Before   string // the token of the session the browser had before, which ends
}

// Signed is the outcome of a successful step.
type Signed struct {
	Account Account
	Token   string // for the cookie
	Waiting bool   // for the second factor
}

// SignIn checks a password. The answer to every failure is the same; see invariant 3.
func (s *Service) SignIn(ctx context.Context, a Attempt) (Signed, error) {
	a.Client = a.Client.Tidy()
	login := strings.ToLower(strings.TrimSpace(valid(a.Login)))
	if len(login) > 200 || len(a.Password) > password.Max {
		login, a.Password = valid(login[:min(len(login), 200)]), ""
	}
	try := try{login: s.audit.LoginHash(login), client: a.Client, method: audit.ByPassword,
		before: a.Before}
	failures, err := s.audit.Failures(ctx, a.Client, s.store.Now().Add(-s.policy.AddressTime),
		s.policy.AddressFailuresMax)
	if err != nil {
		return Signed{}, err
	}
	if failures >= s.policy.AddressFailuresMax {
		return Signed{}, s.tooMany(ctx, try)
	}
	open, err := s.take(ctx, try.login)
	if err != nil {
		return Signed{}, err
	}
	known, err := s.known(ctx, login)
	if err != nil {
		return Signed{}, err
	}
	right, err := s.hasher.Verify(ctx, known.secret.Password, a.Password)
	if err != nil {
		return Signed{}, err
	}
	try.account = known.account
	try.result = s.judge(known, open, right)
	return s.finish(ctx, try, known)
}

// try is one attempt on its way into the records.
type try struct {
	login   []byte
	account Account
	client  audit.Client
	method  audit.Method
	result  audit.Result
	before  string
}

// tooMany refuses an address. It says so: the address is the asker's own.
func (s *Service) tooMany(ctx context.Context, t try) error {
	t.result = audit.TooMany
	if err := s.store.Maintain(ctx, func(tx *store.Tx) error { return s.note(tx, t) }); err != nil {
		return err
	}
	return fault.New(fault.Limited, "identity.address", int(s.policy.AddressTime/time.Minute))
}

// knownAccount is an account with its secrets and roles, or what stands in for one that is not.
type knownAccount struct {
	account Account
	secret  secretRow
	second  bool // has a second factor
}

func (s *Service) known(ctx context.Context, login string) (knownAccount, error) {
	return store.Read(ctx, s.store, func(v *store.View) (knownAccount, error) {
		a, _, err := accounts.First(v, "WHERE login = ?", login)
		if err != nil {
			return knownAccount{}, err
		}
		return s.withSecret(v, a) // of account 0 too: the same two reads for a login nobody has
	})
}

func (s *Service) withSecret(r store.Reader, a Account) (knownAccount, error) {
	secret, found, err := secrets.First(r, "WHERE home = ? AND account = ?", store.City, a.ID)
	if !found {
		secret.Password = s.hasher.Nobody()
	}
	return knownAccount{a, secret, secret.TOTPSince != 0}, err
}

// judge decides what a try was.
func (s *Service) judge(k knownAccount, open, right bool) audit.Result {
	switch {
	case !open || k.account.State == Locked:
		return audit.LockedOut
	case k.account.ID == 0:
		return audit.Unknown
	case k.account.State == Closed:
		return audit.ClosedOut
	case !right:
		return audit.Wrong
	case k.secret.OneTimeUntil != 0 && k.secret.OneTimeUntil < s.store.Now():
		return audit.Expired
	case k.second:
		return audit.Half
	}
	return audit.Done
}

// finish records the try and, if it succeeded, opens the session.
func (s *Service) finish(ctx context.Context, t try, k knownAccount) (Signed, error) {
	token := s.newToken()
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		locked, err := s.settle(tx, t.login, t.result)
		if err != nil {
			return err
		}
		if locked && k.account.ID != 0 {
			if err := recordAccount(tx, access.Actor{}, &k.account, accountEvent{Kind: "account.locked",
				Body: lockedBody{"failures"}}); err != nil {
				return err
			}
		}
		if err := s.note(tx, t); err != nil {
			return err
		}
		if t.result != audit.Done && t.result != audit.Half {
			return nil
		}
		return s.open(tx, t, k, token)
	})
	switch {
	case err != nil:
		return Signed{}, err
	case t.result != audit.Done && t.result != audit.Half:
		return Signed{}, s.refused()
	}
	s.cache.forget(k.account.ID)
	return Signed{Account: k.account, Token: token, Waiting: t.result == audit.Half}, nil
}

type lockedBody struct {
	By string `json:"by"`
}

// open adds the session, and asks for a new password if the old one has been in use too long.
func (s *Service) open(tx *store.Tx, t try, k knownAccount, token string) error {
	if err := endToken(tx, t.before); err != nil {
		return err
	}
	now := tx.Now()
	row := sessionRow{Token: tokenHash(token), Account: k.account.ID, Method: t.method, Factors: 1,
		Waiting: t.result == audit.Half, Created: now, Seen: now, Expires: now.Add(s.policy.SessionTime),
		Address: t.client.Address, Agent: t.client.Agent}
	if row.Waiting {
		row.Expires = now.Add(secondTime)
		return s.addSession(tx, row)
	}
	if t.method == audit.ByPassword {
		if err := s.expire(tx, k); err != nil {
			return err
		}
	}
	return s.enter(tx, row)
}

// enter opens a whole session.
func (s *Service) enter(tx *store.Tx, row sessionRow) error {
	if s.policy.OneSession {
		if err := endSessions(tx, row.Account, 0); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`INSERT INTO account_use (home, account, signed_in, totp_step)
		VALUES (?, ?, ?, 0)
		ON CONFLICT (home, account) DO UPDATE SET signed_in = excluded.signed_in`,
		store.City, row.Account, tx.Now()); err != nil {
		return err
	}
	return s.addSession(tx, row)
}

// expire makes a person change a password that is older than the policy allows.
func (s *Service) expire(tx *store.Tx, k knownAccount) error {
	if k.account.MustChange || k.secret.Changed.Add(s.policy.AgeMax) > tx.Now() {
		return nil
	}
	a := k.account
	a.MustChange = true
	if err := recordAccount(tx, access.Actor{}, &a, accountEvent{Kind: "password.expired"}); err != nil {
		return err
	}
	return accounts.Update(tx, &a)
}

// note adds the try to the record of sign-ins.
func (s *Service) note(tx *store.Tx, t try) error {
	return s.audit.Note(tx, audit.Attempt{Account: t.account.ID, Place: t.account.Place, Login: t.login,
		Client: t.client, Method: t.method, Result: t.result})
}
