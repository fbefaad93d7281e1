package identity_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/provider"
)

// idp is a small OpenID Connect provider.
type idp struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	clock  *clock
	codes  map[string]url.Values // code → what it was asked for with
	claims map[string]any        // of the next token, over the ordinary ones
	down   bool
}

func newIDP(t *testing.T) *idp {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{t: t, key: key, codes: map[string]url.Values{}, claims: map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.describe)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *idp) answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		p.t.Error(err)
	}
}

func (p *idp) describe(w http.ResponseWriter, _ *http.Request) {
	if p.down {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	p.answer(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize",
		"token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"}})
}

var b64 = base64.RawURLEncoding

func (p *idp) keys(w http.ResponseWriter, _ *http.Request) {
	p.answer(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig",
		"kid": "1", "n": b64.EncodeToString(p.key.N.Bytes()),
		"e": b64.EncodeToString(big.NewInt(int64(p.key.E)).Bytes())}}})
}

// authorize is a person agreeing at the provider: it gives the address they are sent back to.
func (p *idp) authorize(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" ||
		q.Get("response_type") != "code" {
		p.t.Errorf("the request to the provider is %v", q)
	}
	code := fmt.Sprint("code", len(p.codes))
	p.codes[code] = q
	return q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	asked, known := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	challenge := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || b64.EncodeToString(challenge[:]) != asked.Get("code_challenge") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	now := p.clock.Now()
	claims := map[string]any{"iss": p.URL, "aud": "terrace", "sub": "s-1", "nonce": asked.Get("nonce"),
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	for k, v := range p.claims {
		claims[k] = v
	}
	p.answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.sign(claims)})
}

func (p *idp) sign(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	text := b64.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + b64.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return text + "." + b64.EncodeToString(signature)
}

const redirect = "http://terrace.example" + identity.ProviderPath

// journey goes to the provider and back; change may spoil the way back.
func (c *city) journey(p *idp, change ...func(*http.Request)) (identity.Signed, string, error) {
	c.t.Helper()
	address, cookie, err := c.BeginProvider(redirect, "/inbox")
	c.must(err)
	r := httptest.NewRequest(http.MethodGet, p.authorize(address), nil)
	r.AddCookie(cookie)
	for _, f := range change {
		f(r)
	}
	return c.FinishProvider(c.t.Context(), identity.Return{Request: r, Redirect: redirect, Client: office})
}

// TestSignInWithAProvider: linked by an administrator or by a verified claim, never silently.
func TestSignInWithAProvider(t *testing.T) {
	p := newIDP(t)
	each(t, func(c *city) {
		p.clock, p.claims = c.clock, map[string]any{"email": "anna@example.org", "email_verified": false}
		anna := c.person("anna@example.org", at("reader", 1))
		_, _, err := c.journey(p)
		c.refused(err, "identity.provider.unlinked") // not verified
		p.claims["email_verified"] = true
		signed, next, err := c.journey(p)
		c.must(err)
		if next != "/inbox" || c.who(signed.Token).Account != anna {
			t.Errorf("signed in as %+v, on to %s", c.who(signed.Token), next)
		}
		p.claims = map[string]any{} // the link stays
		signed, _, err = c.journey(p)
		c.must(err)
		c.enrol(signed.Token)
		signed, _, err = c.journey(p)
		c.must(err)
		if !signed.Waiting || c.who(signed.Token).SignedIn() {
			t.Error("the provider replaces the second factor")
		}
		c.must(c.Lock(t.Context(), access.Machine, anna))
		_, _, err = c.journey(p)
		c.refused(err, "identity.sign_in")
		p.claims = map[string]any{"sub": "s-2", "phone_number": "+86 139-1234-5678",
			"phone_number_verified": true}
		berta := c.person("13912345678")
		signed, _, err = c.journey(p)
		c.must(err)
		if c.who(signed.Token).Account != berta {
			t.Error("a verified phone did not link")
		}
		if n := c.count(`SELECT count(*) FROM account`); n != 2 {
			t.Errorf("%d accounts: somebody was created silently", n)
		}
	}, withProvider(p))
}

func withProvider(p *idp) func(*identity.Config) {
	return func(c *identity.Config) {
		c.Provider = provider.Config{Issuer: p.URL, Client: "terrace", Secret: "secret"}
	}
}

// TestAdministratorsAreLinkedByHand, a subject belongs to one account, and links are taken away.
func TestAdministratorsAreLinkedByHand(t *testing.T) {
	p := newIDP(t)
	each(t, func(c *city) {
		p.clock, p.claims = c.clock, map[string]any{"email": "root@example.org", "email_verified": true}
		root := c.person("root@example.org", at("system_administrator", 0))
		anna := c.person("anna")
		_, _, err := c.journey(p)
		c.refused(err, "identity.provider.unlinked")
		c.must(c.Link(t.Context(), c.as(root), anna, "s-1"))
		c.refused(c.Link(t.Context(), access.Machine, root, "s-1"), "identity.provider.taken")
		signed, _, err := c.journey(p)
		c.must(err)
		if c.who(signed.Token).Account != anna {
			t.Error("the link leads elsewhere")
		}
		c.must(c.Link(t.Context(), c.as(root), anna, ""))
		c.must(c.Link(t.Context(), access.Machine, root, "s-1"))
		signed, _, err = c.journey(p)
		c.must(err)
		_, err = c.Authenticate(request("/users", signed.Token))
		c.refused(err, "identity.second_due")
	}, withProvider(p))
}

// TestForgedJourneys: another state, another browser, too late, another audience, nonce, issuer,
// signature or time: none gets in.
func TestForgedJourneys(t *testing.T) {
	p := newIDP(t)
	each(t, func(c *city) {
		p.clock, p.claims = c.clock, map[string]any{"email": "anna@example.org", "email_verified": true}
		c.person("anna@example.org")
		for name, change := range map[string]func(*http.Request){
			"another state":   func(r *http.Request) { r.URL.RawQuery = "state=x&code=code0" },
			"no cookie":       func(r *http.Request) { r.Header.Del("Cookie") },
			"a forged cookie": func(r *http.Request) { r.Header.Set("Cookie", "provider=AAAA") },
			"too late":        func(*http.Request) { c.clock.pass(11 * time.Minute) },
		} {
			_, _, err := c.journey(p, change)
			if c.refused(err, "provider.journey"); t.Failed() {
				t.Fatal(name)
			}
		}
		for name, claims := range map[string]map[string]any{
			"audience": {"aud": "other"}, "issuer": {"iss": "https://elsewhere.example"},
			"time": {"exp": c.clock.Now().Add(-time.Hour).Unix()},
		} {
			p.claims = claims
			_, _, err := c.journey(p)
			if c.refused(err, "provider.refused"); t.Failed() {
				t.Fatal(name)
			}
		}
		p.claims = map[string]any{"nonce": "another"}
		_, _, err := c.journey(p)
		c.refused(err, "provider.journey")
		p.claims = map[string]any{}
		_, _, err = c.journey(p, func(r *http.Request) {
			q := r.URL.Query()
			q.Set("code", "stolen")
			r.URL.RawQuery = q.Encode()
		})
		c.refused(err, "provider.refused")
	}, withProvider(p))
}

// TestAProviderThatIsDown refuses, and is found again when it is back.
func TestAProviderThatIsDown(t *testing.T) {
	p := newIDP(t)
	each(t, func(c *city) {
		p.clock, p.down = c.clock, true
		_, _, err := c.BeginProvider(redirect, "/")
		c.refused(err, "provider.down")
		p.down = false
		_, _, err = c.BeginProvider(redirect, "/")
		c.must(err)
	}, withProvider(p))
	each(t, func(c *city) {
		_, _, err := c.BeginProvider(redirect, "/")
		c.refused(err, "provider.none")
	})
}
