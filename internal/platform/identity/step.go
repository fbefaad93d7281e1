package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// SecondStep checks the second factor of a session that waits for it: six digits, or a recovery
// code. The session then gets a new token. Wrong codes count as wrong passwords do.
func (s *Service) SecondStep(ctx context.Context, token, code string, c audit.Client) (Signed, error) {
	row, k, err := s.waiting(ctx, token)
	if err != nil {
		return Signed{}, err
	}
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
	t := try{login: s.audit.LoginHash(k.account.Login), account: k.account, client: c.Tidy(),
		method: audit.BySecond,
		result: audit.Wrong}
	if !sixDigits.MatchString(code) {
		t.method = audit.ByRecovery
	}
	open, err := s.take(ctx, t.login)
	if err != nil {
		return Signed{}, err
	}
	fresh := s.newToken()
	var result audit.Result
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		t := t // the closure may run again
		if !open || k.account.State != Active {
			t.result = audit.LockedOut
		} else if err := s.useCode(tx, &k, code); err == nil {
			t.result = audit.Done
		} else if !fault.HasKey(err, "identity.second.code") {
			return err
		}
		result = t.result
		return s.finishStep(tx, t, row, stepEnd{k, fresh})
	})
	switch {
	case err != nil:
		return Signed{}, err
	case result == audit.Done:
		s.cache.forget(k.account.ID)
		return Signed{Account: k.account, Token: fresh}, nil
	case result == audit.LockedOut:
		return Signed{}, s.refused()
	}
	return Signed{}, fault.New(fault.Unauthenticated, "identity.second.code")
}

// waiting is the session of a token that waits for its second factor.
func (s *Service) waiting(ctx context.Context, token string) (sessionRow, knownAccount, error) {
	var k knownAccount
	row, err := store.Read(ctx, s.store, func(v *store.View) (sessionRow, error) {
		row, found, err := sessions.First(v, `WHERE home = ? AND token = ? AND waiting = ? AND expires > ?`,
			store.City, tokenHash(token), true, s.store.Now())
		if err == nil && (!found || token == "") {
			err = fault.New(fault.Unauthenticated, "identity.second.late")
		}
		if err != nil {
			return row, err
		}
		a, _, err := accounts.First(v, "WHERE id = ?", row.Account)
		if err != nil {
			return row, err
		}
		k, err = s.withSecret(v, a)
		return row, err
	})
	return row, k, err
}

// useCode checks a code and takes it out of use.
func (s *Service) useCode(tx *store.Tx, k *knownAccount, code string) error {
	if sixDigits.MatchString(code) {
		secret, err := s.keys.Open(totpColumn, k.secret.TOTP)
		if err != nil {
			return err
		}
		step := matchTOTP(secret, code, tx.Now())
		if step == 0 {
			return fault.New(fault.Invalid, "identity.second.code")
		}
		return s.useStep(tx, k.account.ID, step)
	}
	left := lines(k.secret.Recovery)
	at := slices.Index(left, s.recoveryHash(k.account.ID, code))
	if !recoveryForm.MatchString(code) || at < 0 {
		return fault.New(fault.Invalid, "identity.second.code")
	}
	secret := k.secret
	secret.Recovery = strings.Join(slices.Delete(left, at, at+1), "\n")
	if err := recordAccount(tx, noActor, &k.account, accountEvent{Kind: "second.recovered",
		Body: recoveredBody{len(left) - 1}}); err != nil {
		return err
	}
	return secrets.Update(tx, &secret)
}

type recoveredBody struct {
	Left int `json:"left"`
}

type stepEnd struct {
	known knownAccount
	token string
}

// finishStep records the try and turns the waiting session into a whole one.
func (s *Service) finishStep(tx *store.Tx, t try, row sessionRow, end stepEnd) error {
	locked, err := s.settle(tx, t.login, t.result)
	if err != nil {
		return err
	}
	if err := s.note(tx, t); err != nil {
		return err
	}
	if locked {
		if err := recordAccount(tx, noActor, &end.known.account, accountEvent{Kind: "account.locked",
			Body: lockedBody{"failures"}}); err != nil {
			return err
		}
	}
	if locked || t.result != audit.Wrong {
		if err := sessions.Delete(tx, &row); err != nil {
			return err
		}
	}
	if t.result != audit.Done {
		return nil
	}
	if row.Method == audit.ByPassword {
		if err := s.expire(tx, end.known); err != nil {
			return err
		}
	}
	now := tx.Now()
	row.Token, row.Waiting, row.Factors = tokenHash(end.token), false, 2
	row.Created, row.Seen, row.Expires = now, now, now.Add(s.policy.SessionTime)
	return s.enter(tx, row)
}

// WaitingFor is who is about to enter their second factor, for the page that asks for it.
func (s *Service) WaitingFor(ctx context.Context, token string) (Account, error) {
	_, k, err := s.waiting(ctx, token)
	return k.account, err
}
