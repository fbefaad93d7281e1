package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The second factor is TOTP (RFC 6238): six digits, SHA-1, steps of 30 seconds, as every
// authenticator app has it. One step before and after is taken, for clocks that are off.
const (
	totpStep      = 30 * time.Second
	totpSecret    = 20 // bytes
	recoveryCodes = 10
)

var totpOptions = totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// Enrolment is a second factor about to be set up.
type Enrolment struct {
	Secret  string // for typing, in groups of four
	URL     string // for the QR code
	Pending string // the secret sealed; the form gives it back
}

// BeginSecond makes a secret. It is kept nowhere until EnableSecond has seen a code made with it.
func (s *Service) BeginSecond(ctx context.Context, actor access.Actor, issuer string) (Enrolment, error) {
	k, err := s.own(ctx, actor)
	if err != nil {
		return Enrolment{}, err
	}
	if k.second {
		return Enrolment{}, fault.New(fault.Conflict, "identity.second.set")
	}
	secret := make([]byte, totpSecret)
	s.store.Random(secret)
	return s.enrolment(k.account, issuer, base32.StdEncoding.EncodeToString(secret))
}

// ResumeSecond shows an enrolment again, after a wrong code.
func (s *Service) ResumeSecond(ctx context.Context, actor access.Actor, issuer, pending string) (Enrolment,
	error) {
	k, err := s.own(ctx, actor)
	if err != nil {
		return Enrolment{}, err
	}
	secret, err := s.openPending(k.account.ID, pending)
	if err != nil {
		return Enrolment{}, err
	}
	return s.enrolment(k.account, issuer, secret)
}

func (s *Service) enrolment(a Account, issuer, secret string) (Enrolment, error) {
	raw, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: a.Login, Secret: raw})
	if err != nil {
		return Enrolment{}, err
	}
	sealed, err := s.keys.Seal(s.store.Randomness(), pendingColumn(a.ID), secret)
	if err != nil {
		return Enrolment{}, err
	}
	var groups []string
	for part := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(part))
	}
	return Enrolment{Secret: strings.Join(groups, " "), URL: key.URL(),
		Pending: base64.RawURLEncoding.EncodeToString(sealed)}, nil
}

func pendingColumn(account int64) string {
	return "account.totp.pending/" + strconv.FormatInt(account, 10)
}

const totpColumn = "account.totp"

func (s *Service) openPending(account int64, pending string) (string, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(pending)
	if err != nil || len(sealed) == 0 {
		return "", fault.New(fault.Invalid, "identity.second.pending").Because(err)
	}
	secret, err := s.keys.Open(pendingColumn(account), sealed)
	if err != nil {
		return "", fault.New(fault.Invalid, "identity.second.pending").Because(err)
	}
	return secret, nil
}

// EnableSecond sets the second factor and returns recovery codes, which are shown once. The session
// in use counts as one with two factors from now on; the others end.
func (s *Service) EnableSecond(ctx context.Context, actor access.Actor, pending, code string) ([]string,
	error) {
	k, err := s.own(ctx, actor)
	if err != nil {
		return nil, err
	}
	if k.second {
		return nil, fault.New(fault.Conflict, "identity.second.set")
	}
	secret, err := s.openPending(k.account.ID, pending)
	if err != nil {
		return nil, err
	}
	step := matchTOTP(secret, code, s.store.Now())
	if step == 0 {
		return nil, fault.New(fault.Invalid, "identity.second.code")
	}
	codes, hashes := s.newRecovery(k.account.ID)
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		sealed, err := s.keys.Seal(tx.Randomness(), totpColumn, secret)
		if err != nil {
			return err
		}
		row := k.secret
		row.TOTP, row.TOTPSince, row.Recovery = sealed, tx.Now(), hashes
		if err := startSteps(tx, k.account.ID, step); err != nil {
			return err
		}
		if err := recordAccount(tx, actor, &k.account, accountEvent{Kind: "second.set"}); err != nil {
			return err
		}
		if err := secrets.Update(tx, &row); err != nil {
			return err
		}
		if err := endSessions(tx, k.account.ID, actor.Session); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE session SET factors = 2 WHERE home = ? AND id = ?`, store.City,
			actor.Session)
		return err
	})
	s.cache.forget(actor.Account)
	return codes, err
}

// matchTOTP finds the step whose code this is; 0: none.
func matchTOTP(secret, code string, now period.Instant) int64 {
	matched := int64(0)
	for _, off := range []time.Duration{0, -totpStep, totpStep} {
		at := now.Add(off).Time()
		want, err := totp.GenerateCodeCustom(secret, at, totpOptions)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && matched == 0 {
			matched = at.Unix() / int64(totpStep/time.Second)
		}
	}
	return matched
}

// useStep takes a step's code out of use, with all before it. It fails with identity.second.code if
// that has happened already.
func (s *Service) useStep(tx *store.Tx, account, step int64) error {
	n, err := tx.Exec(`INSERT INTO account_use (home, account, signed_in, totp_step)
		VALUES (?, ?, 0, ?)
		ON CONFLICT (home, account) DO UPDATE SET totp_step = excluded.totp_step
		WHERE account_use.totp_step < excluded.totp_step`, store.City, account, step)
	if err == nil && n == 0 {
		err = fault.New(fault.Invalid, "identity.second.code")
	}
	return err
}

// startSteps begins the count of used steps anew: a new secret's codes are other codes.
func startSteps(tx *store.Tx, account, step int64) error {
	_, err := tx.Exec(`INSERT INTO account_use (home, account, signed_in, totp_step)
		VALUES (?, ?, 0, ?)
		ON CONFLICT (home, account) DO UPDATE SET totp_step = excluded.totp_step`, store.City, account, step)
	return err
}

const recoveryAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"

var (
	sixDigits    = regexp.MustCompile(`^[0-9]{6}$`)
	recoveryForm = regexp.MustCompile(`^[2-9a-z]{10}$`)
)

// newRecovery makes recovery codes (50 bits each) and the text that is kept of them.
func (s *Service) newRecovery(account int64) (codes []string, hashes string) {
	var kept []string
	for range recoveryCodes {
		var b strings.Builder
		for range 10 {
			b.WriteByte(password.Pick(s.store.Random, recoveryAlphabet))
		}
		code := b.String()
		codes = append(codes, code[:5]+"-"+code[5:])
		kept = append(kept, s.recoveryHash(account, code))
	}
	return codes, strings.Join(kept, "\n")
}

func (s *Service) recoveryHash(account int64, code string) string {
	return hex.EncodeToString(s.keys.Find("account.recovery/"+strconv.FormatInt(account, 10), code))
}

// ClearSecond takes one's own second factor away: with the password, in a session that has used it.
func (s *Service) ClearSecond(ctx context.Context, actor access.Actor, password string,
	c audit.Client) error {
	k, err := s.own(ctx, actor)
	if err != nil {
		return err
	}
	if !k.second {
		return fault.New(fault.Conflict, "identity.second.none")
	}
	if err := s.confirm(ctx, k, password, c); err != nil {
		return err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := clearSecond(tx, actor, &k.account, k.secret); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE session SET factors = 1 WHERE home = ? AND account = ?`, store.City,
			actor.Account)
		return err
	})
	s.cache.forget(actor.Account)
	return err
}

func clearSecond(tx *store.Tx, actor access.Actor, a *Account, secret secretRow) error {
	secret.TOTP, secret.TOTPSince, secret.Recovery = []byte{}, 0, ""
	if err := recordAccount(tx, actor, a, accountEvent{Kind: "second.cleared"}); err != nil {
		return err
	}
	return secrets.Update(tx, &secret)
}

// ResetSecond takes away the second factor of somebody who has lost it. Their sessions end. An
// administrator's is reset on the server only; see invariant 7.
func (s *Service) ResetSecond(ctx context.Context, actor access.Actor, id int64) error {
	if err := notOneself(actor, id); err != nil {
		return err
	}
	return s.changeAccount(ctx, actor, id, func(tx *store.Tx, a *Account) error {
		secret, err := s.resettable(tx, actor, a)
		if err != nil {
			return err
		}
		if secret.TOTPSince == 0 {
			return fault.New(fault.Conflict, "identity.second.none")
		}
		if err := endSessions(tx, id, 0); err != nil {
			return err
		}
		return clearSecond(tx, actor, a, secret)
	})
}

// Second tells whether the actor has a second factor, and whether their posts need one.
func (s *Service) Second(ctx context.Context, actor access.Actor) (set, needed bool, err error) {
	k, err := s.own(ctx, actor)
	if err != nil {
		return false, false, err
	}
	held, err := s.PostsOf(ctx, actor.Account, s.today())
	for _, p := range held {
		role, _ := s.access.Role(p.Role)
		needed = needed || s.policy.needsSecond(role)
	}
	return k.second, needed, err
}
