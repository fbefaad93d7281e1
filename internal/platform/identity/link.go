package identity

import (
	"context"
	"net/http"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/provider"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// subjectMax is the number of bytes of a provider's subject (OpenID Connect Core 1.0, §2).
const subjectMax = 255

type linkBody struct {
	By string `json:"by"` // administrator, claim
}

// Link says which person of the provider an account belongs to; "" takes the link away.
func (s *Service) Link(ctx context.Context, actor access.Actor, id int64, subject string) error {
	subject = strings.TrimSpace(subject)
	if len(subject) > subjectMax || subject != valid(subject) {
		return fault.New(fault.Invalid, "identity.provider.subject", subjectMax)
	}
	kind := "account.unlinked"
	if subject != "" {
		kind, subject = "account.linked", s.provider.Subject(subject)
	}
	err := s.changeAccount(ctx, actor, id, func(tx *store.Tx, a *Account) error {
		if _, err := s.resettable(tx, actor, a); err != nil { // a link lets somebody in, as a password does
			return err
		}
		a.Subject = subject
		return recordAccount(tx, actor, a, accountEvent{Kind: kind, Body: linkBody{"administrator"},
			Personal: map[string]string{"subject": subject}})
	})
	if fault.HasKey(err, "store.duplicate") {
		err = fault.New(fault.Conflict, "identity.provider.taken").Because(err)
	}
	return err
}

// ProviderPath is where the provider sends people back to.
const ProviderPath = "/sign-in/provider"

const providerCookie = "provider"

// HasProvider reports whether people can sign in with a provider.
func (s *Service) HasProvider() bool { return s.provider.Configured() }

// BeginProvider gives the address at the provider and the cookie to carry there. redirect is the
// full address of ProviderPath, next where to go in the end.
func (s *Service) BeginProvider(redirect, next string) (string, *http.Cookie, error) {
	address, carried, err := s.provider.Begin(redirect, next)
	return address, s.providerCookie(carried), err
}

func (s *Service) providerCookie(value string) *http.Cookie {
	c := &http.Cookie{Name: providerCookie, Value: value, Path: ProviderPath, HttpOnly: true,
		Secure: s.secure, SameSite: http.SameSiteLaxMode, MaxAge: int(provider.JourneyTime.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// NoJourney takes the cookie of a journey away.
func (s *Service) NoJourney() *http.Cookie { return s.providerCookie("") }

// Return is somebody coming back from the provider.
type Return struct {
	Request  *http.Request
	Redirect string // as given to BeginProvider
	Client   audit.Client
	Before   string // the token of the session the browser had before, which ends
}

// FinishProvider checks what the provider says and opens a session. It also returns where to go.
func (s *Service) FinishProvider(ctx context.Context, r Return) (Signed, string, error) {
	back := provider.Return{Query: r.Request.URL.Query(), Redirect: r.Redirect}
	if c, err := r.Request.Cookie(providerCookie); err == nil {
		back.Carried = c.Value
	}
	claims, next, err := s.provider.Finish(ctx, back)
	if err != nil {
		return Signed{}, "", err
	}
	signed, err := s.enterBy(ctx, claims, r)
	return signed, next, err
}

// enterBy opens a session for the account of a provider's person.
func (s *Service) enterBy(ctx context.Context, c provider.Claims, r Return) (Signed, error) {
	k, err := s.linked(ctx, c)
	if err != nil {
		return Signed{}, err
	}
	t := try{login: s.audit.LoginHash(k.account.Login), account: k.account, client: r.Client.Tidy(),
		method: audit.ByProvider, before: r.Before, result: audit.Done}
	until, err := s.LockedUntil(ctx, k.account)
	switch {
	case err != nil:
		return Signed{}, err
	case k.account.ID == 0:
		t.result, t.login = audit.Unlinked, s.audit.LoginHash(c.Subject)
	case k.account.State == Locked || until != 0:
		t.result = audit.LockedOut
	case k.account.State == Closed:
		t.result = audit.ClosedOut
	case k.second:
		t.result = audit.Half
	}
	signed, err := s.finish(ctx, t, k)
	if t.result == audit.Unlinked && fault.HasKey(err, "identity.sign_in") {
		err = fault.New(fault.Unauthenticated, "identity.provider.unlinked")
	}
	return signed, err
}

// linked is the account of a provider's person, linked now if a verified claim is its login.
func (s *Service) linked(ctx context.Context, c provider.Claims) (knownAccount, error) {
	var k knownAccount
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		k = knownAccount{}
		a, found, err := accounts.First(tx, "WHERE subject = ?", c.Subject)
		if err == nil && !found {
			a, found, err = s.claimed(tx, c)
		}
		if err != nil || !found {
			return err
		}
		k, err = s.withSecret(tx, a)
		return err
	})
	s.cache.forget(k.account.ID)
	return k, err
}

// claimed links the account whose login a verified claim is. An administrator's account is linked
// by another administrator only.
func (s *Service) claimed(tx *store.Tx, c provider.Claims) (Account, bool, error) {
	for _, login := range c.Verified() {
		a, found, err := accounts.First(tx, "WHERE login = ? AND subject = '' AND state = ?", login, Active)
		if err != nil {
			return a, false, err
		}
		if !found {
			continue
		}
		if _, err := s.resettable(tx, noActor, &a); fault.HasKey(err, "identity.on_the_server") {
			continue
		} else if err != nil {
			return a, false, err
		}
		a.Subject = c.Subject
		if err := recordAccount(tx, noActor, &a, accountEvent{Kind: "account.linked",
			Body: linkBody{"claim"}, Personal: map[string]string{"subject": c.Subject}}); err != nil {
			return a, false, err
		}
		err = accounts.Update(tx, &a)
		return a, true, err
	}
	return Account{}, false, nil
}
