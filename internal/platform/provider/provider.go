package provider

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Config names the provider; without an issuer there is none.
type Config struct {
	Issuer string
	Client string
	Secret string
	Keys   *keys.Ring
	Random io.Reader
	Now    func() period.Instant
}

const (
	sealColumn = "provider.journey"
	patience   = 10 * time.Second // for a request to the provider
	secretSize = 32               // random bytes of state, nonce and verifier
)

// JourneyTime is how long somebody may take between leaving for the provider and coming back.
const JourneyTime = 10 * time.Minute

// Client talks to the provider. It asks for its description when it is first needed: a provider
// that is down must not keep the program from starting.
type Client struct {
	config Config
	http   *http.Client
	mu     sync.Mutex
	found  *oidc.Provider
}

// New makes a client; nothing is asked yet.
func New(c Config) *Client { return &Client{config: c, http: &http.Client{Timeout: patience}} }

// Configured reports whether there is a provider.
func (c *Client) Configured() bool { return c.config.Issuer != "" }

// Subject names a person of the provider; the issuer is part of it.
func (c *Client) Subject(of string) string { return c.config.Issuer + " " + of }

func (c *Client) discover() (*oidc.Provider, error) {
	if !c.Configured() {
		return nil, fault.New(fault.NotFound, "provider.none")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found != nil {
		return c.found, nil
	}
	// The context is kept for fetching keys later: it must outlive the request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.Background(), c.http), c.config.Issuer)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "provider.down").Because(err)
	}
	c.found = found
	return found, nil
}

func (c *Client) exchange(found *oidc.Provider, redirect string) oauth2.Config {
	return oauth2.Config{ClientID: c.config.Client, ClientSecret: c.config.Secret, RedirectURL: redirect,
		Endpoint: found.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile", "email", "phone"}}
}

// journey is what the browser carries, sealed, while its person is at the provider.
type journey struct {
	State    string         `json:"state"`
	Nonce    string         `json:"nonce"`
	Verifier string         `json:"verifier"`
	Next     string         `json:"next"`
	Until    period.Instant `json:"until"`
}

// Begin gives the address at the provider and what the browser is to carry there and back, sealed.
// redirect is the full address to come back to, next where to go in the end.
func (c *Client) Begin(redirect, next string) (address, carried string, err error) {
	found, err := c.discover()
	if err != nil {
		return "", "", err
	}
	var secrets [3]string
	for i := range secrets {
		if secrets[i], err = c.secret(); err != nil {
			return "", "", err
		}
	}
	j := journey{State: secrets[0], Nonce: secrets[1], Verifier: secrets[2], Next: next,
		Until: c.config.Now().Add(JourneyTime)}
	text, err := json.Marshal(j)
	if err != nil {
		return "", "", err
	}
	sealed, err := c.config.Keys.Seal(c.config.Random, sealColumn, string(text))
	if err != nil {
		return "", "", err
	}
	exchange := c.exchange(found, redirect)
	address = exchange.AuthCodeURL(j.State, oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier))
	return address, base64.RawURLEncoding.EncodeToString(sealed), nil
}

func (c *Client) secret() (string, error) {
	b := make([]byte, secretSize)
	_, err := io.ReadFull(c.config.Random, b)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// Return is somebody coming back.
type Return struct {
	Query    url.Values // as the provider sent them
	Carried  string     // what Begin gave
	Redirect string     // as given to Begin
}

// Finish checks what the provider says. It also returns where to go.
func (c *Client) Finish(ctx context.Context, r Return) (Claims, string, error) {
	j, err := c.open(r)
	if err != nil {
		return Claims{}, "", err
	}
	claims, err := c.claims(ctx, r, j)
	return claims, j.Next, err
}

func badJourney(cause error) error {
	return fault.New(fault.Invalid, "provider.journey").Because(cause)
}

func (c *Client) open(r Return) (journey, error) {
	var j journey
	sealed, err := base64.RawURLEncoding.DecodeString(r.Carried)
	if err != nil || len(sealed) == 0 {
		return j, badJourney(err)
	}
	text, err := c.config.Keys.Open(sealColumn, sealed)
	if err != nil {
		return j, badJourney(err)
	}
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return j, badJourney(err)
	}
	if !same(r.Query.Get("state"), j.State) || j.Until < c.config.Now() {
		return j, badJourney(nil)
	}
	return j, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Claims are what we read of an ID token.
type Claims struct {
	Subject       string `json:"-"` // with the issuer
	Email         string `json:"email"`
	EmailVerified bool   `json:"email_verified"`
	Phone         string `json:"phone_number"`
	PhoneVerified bool   `json:"phone_number_verified"`
}

func unconfirmed(cause error) error {
	return fault.New(fault.Unauthenticated, "provider.refused").Because(cause)
}

// claims changes the code for an ID token and checks it: signature, issuer, audience, expiry, nonce.
func (c *Client) claims(ctx context.Context, r Return, j journey) (Claims, error) {
	var claims Claims
	found, err := c.discover()
	if err != nil {
		return claims, err
	}
	code := r.Query.Get("code")
	if code == "" {
		return claims, unconfirmed(nil)
	}
	ctx = oidc.ClientContext(ctx, c.http)
	exchange := c.exchange(found, r.Redirect)
	answer, err := exchange.Exchange(ctx, code, oauth2.VerifierOption(j.Verifier))
	if err != nil {
		return claims, unconfirmed(err)
	}
	raw, _ := answer.Extra("id_token").(string)
	verifier := found.Verifier(&oidc.Config{ClientID: c.config.Client,
		Now: func() time.Time { return c.config.Now().Time() }})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return claims, unconfirmed(err)
	}
	if !same(token.Nonce, j.Nonce) {
		return claims, badJourney(nil)
	}
	if err := token.Claims(&claims); err != nil {
		return claims, unconfirmed(err)
	}
	claims.Subject = c.Subject(token.Subject)
	return claims, nil
}

// Verified are the addresses and numbers that the provider vouches for, in small letters and
// without the marks and the country code of a phone.
func (c Claims) Verified() []string {
	var all []string
	if c.EmailVerified && c.Email != "" {
		all = append(all, strings.ToLower(c.Email))
	}
	if c.PhoneVerified && c.Phone != "" {
		all = append(all, strings.TrimPrefix(phoneMarks.Replace(c.Phone), "+86"))
	}
	return all
}

var phoneMarks = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "")
