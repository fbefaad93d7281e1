package accounts_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
)

// TestTheFirstDay: a new user signs in with the one-time password, can do nothing before changing
// it, and is then where they wanted to go.
func TestTheFirstDay(t *testing.T) {
	each(t, func(s *site) {
		_, oneTime, err := s.host.Identity.Create(t.Context(), access.Machine,
			identity.Entry{Login: "anna", Name: "安娜"})
		s.must(err)
		b := s.browser()
		p := b.get("/account")
		if !strings.HasPrefix(p.path, "/sign-in?next=%2Faccount") {
			t.Errorf("nobody is sent to %s", p.path)
		}
		p = b.post("/sign-in", "login", "anna", "password", "wrong")
		p.expect(t, http.StatusUnauthorized, "The login or the password is wrong")
		if p.has("wrong\"") || !p.has(`value="anna"`) {
			t.Error("the form gives the password back, or forgets the login")
		}
		p = b.post("/sign-in", "login", "anna", "password", oneTime, "next", "/account")
		if p.path != identity.PasswordPath {
			t.Fatalf("with a one-time password one gets to %s", p.path)
		}
		p.expect(t, http.StatusOK, "set a password of your own")
		if p = b.get("/account"); p.path != identity.PasswordPath {
			t.Errorf("before the change one gets to %s", p.path)
		}
		p = b.post("/account/sessions/end-others")
		p.expect(t, http.StatusForbidden, "Change your password first")
		p.expect(t, http.StatusForbidden, `href="`+identity.PasswordPath+`">To that page`)
		b.post(identity.PasswordPath, "old", oneTime, "new", "short", "again", "short").expect(t,
			http.StatusUnprocessableEntity, "at least 10 characters; this has 5")
		b.post(identity.PasswordPath, "old", oneTime, "new", "Plum trees 44", "again", "Plum trees 45").
			expect(t, http.StatusUnprocessableEntity, "The two new passwords differ")
		p = b.post(identity.PasswordPath, "old", oneTime, "new", "Plum trees 44 in rows", "again",
			"Plum trees 44 in rows")
		p.expect(t, http.StatusOK, "The password is changed")
		p.expect(t, http.StatusOK, "No posts yet")
		p = b.post("/sign-out")
		p.expect(t, http.StatusOK, "You have signed out")
		if p = b.get("/account"); !strings.HasPrefix(p.path, "/sign-in") {
			t.Errorf("after signing out one gets to %s", p.path)
		}
	})
}

// TestNextLeadsNowhereElse: after signing in one stays on this site.
func TestNextLeadsNowhereElse(t *testing.T) {
	each(t, func(s *site) {
		s.person("anna")
		for next, want := range map[string]string{"/account?done=x": "/account?done=x", "": "/",
			"https://elsewhere.example/": "/", "//elsewhere.example/": "/", `/\elsewhere.example`: "/",
			"javascript:alert(1)": "/"} {
			b := s.browser()
			b.client.CheckRedirect = func(*http.Request,
				[]*http.Request) error {
				return http.ErrUseLastResponse
			}
			p := b.post("/sign-in", "login", "anna", "password", passwordOf("anna"), "next", next)
			if to := p.header.Get("Location"); p.status != http.StatusSeeOther || to != want {
				t.Errorf("next=%q leads to %q (%d)", next, to, p.status)
			}
		}
	})
}

// TestTheCookie is out of scripts' and other sites' reach, and a POST from another site is refused.
func TestTheCookie(t *testing.T) {
	each(t, func(s *site) {
		s.person("anna")
		b := s.browser()
		b.client.CheckRedirect = func(*http.Request,
			[]*http.Request) error {
			return http.ErrUseLastResponse
		}
		p := b.post("/sign-in", "login", "anna", "password", passwordOf("anna"))
		cookie := p.header.Get("Set-Cookie")
		for _, part := range []string{"session=", "HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("the cookie is %q, without %q", cookie, part)
			}
		}
		if strings.Contains(cookie, "Max-Age") || strings.Contains(cookie, "Secure") {
			t.Errorf("the cookie is %q", cookie)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.URL+"/sign-out", nil)
		s.must(err)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		b.do(r).expect(t, http.StatusForbidden, "sent from another site")
		if p := b.get("/account"); p.status != http.StatusOK {
			t.Error("another site signed somebody out")
		}
	})
}

// TestASessionThatRanOut is told on the page where one signs in again.
func TestASessionThatRanOut(t *testing.T) {
	each(t, func(s *site) {
		s.person("anna")
		b := s.in("anna")
		s.clock.set(s.clock.Now().Add(31 * time.Minute))
		b.get("/account").expect(t, http.StatusOK, "Your sign-in has ended")
		if b.get("/sign-in").has("Your sign-in has ended") {
			t.Error("it is told twice")
		}
	})
}

// TestSecondFactorPages: set up with a code, asked for at the next sign-in, replaced by a recovery
// code, taken away with the password.
func TestSecondFactorPages(t *testing.T) {
	each(t, func(s *site) {
		s.person("root", at("system_administrator", 0))
		b := s.browser()
		p := b.post("/sign-in", "login", "root", "password", passwordOf("root"), "next", "/users")
		if p.path != identity.SecondPath {
			t.Fatalf("an administrator without a second factor gets to %s", p.path)
		}
		p.expect(t, http.StatusOK, "Your post needs a second factor")
		p.expect(t, http.StatusOK, `<svg class="qr" role="img"`)
		secret := found(t, p, `class="key">([^<]+)<`)
		p = b.post(identity.SecondPath, "pending", found(t, p, `name="pending" value="([^"]+)"`), "code",
			"12345")
		p.expect(t, http.StatusUnprocessableEntity, "The code is wrong")
		if found(t, p, `class="key">([^<]+)<`) != secret {
			t.Error("after a wrong code the secret is another")
		}
		p = b.enrol(p)
		p.expect(t, http.StatusOK, "Recovery codes")
		recovery := found(t, p, `<code>([^<]+)</code>`)
		if p.header.Get("Cache-Control") != "no-store" {
			t.Error("the page with the codes may be stored")
		}
		b.get("/users").expect(t, http.StatusOK, "New user")
		again := s.browser()
		again.secret = b.secret
		p = again.post("/sign-in", "login", "root", "password", passwordOf("root"), "next", "/users")
		p.expect(t, http.StatusOK, "enter the six digits")
		if !strings.HasPrefix(p.path, "/sign-in/second") {
			t.Errorf("after the password one gets to %s", p.path)
		}
		if q := again.get("/users"); !strings.HasPrefix(q.path, "/sign-in?") {
			t.Errorf("with the password alone one gets to %s", q.path)
		}
		p = again.post("/sign-in", "login", "root", "password", passwordOf("root"), "next", "/users")
		again.post("/sign-in/second", "code", "000000", "next", "/users").expect(t, http.StatusUnauthorized,
			"The code is wrong")
		p = again.post("/sign-in/second", "code", recovery, "next", "/users")
		if p.path != "/users" || p.status != http.StatusOK {
			t.Errorf("with a recovery code one gets to %s (%d)", p.path, p.status)
		}
		again.post("/sign-in/second", "code", recovery).expect(t, http.StatusUnauthorized, "has passed")
		b.post(identity.SecondPath+"/clear", "password", "wrong").expect(t, http.StatusUnprocessableEntity,
			"The present password is wrong")
		if p = b.post(identity.SecondPath+"/clear", "password",
			passwordOf("root")); p.path != identity.SecondPath {
			t.Errorf("having taken it away, an administrator gets to %s", p.path)
		}
	})
}

// TestTaste: language and type are kept in cookies, for anybody, and lead back to this site.
func TestTaste(t *testing.T) {
	each(t, func(s *site) {
		b := s.browser()
		b.get("/sign-in").expect(t, http.StatusOK, "Sign in")
		p := b.post("/taste", "language", "zh", "back", "/sign-in?next=%2Fusers")
		p.expect(t, http.StatusOK, "登录名")
		if p.path != "/sign-in?next=%2Fusers" {
			t.Errorf("back at %s", p.path)
		}
		b.post("/taste", "elder", "1", "back", "/sign-in").expect(t, http.StatusOK, `class="elder"`)
		if p = b.post("/taste", "elder", "0", "back", "/sign-in"); p.has(`class="elder"`) {
			t.Error("large type does not end")
		}
		b.post("/taste", "language", "klingon", "back", "/sign-in").expect(t, http.StatusOK, "登录名")
		b.client.CheckRedirect = func(*http.Request,
			[]*http.Request) error {
			return http.ErrUseLastResponse
		}
		if p = b.post("/taste", "back", "https://elsewhere.example/"); p.header.Get("Location") != "/" {
			t.Errorf("taste leads to %s", p.header.Get("Location"))
		}
	})
}

// TestOwnPage: sessions and tokens, ended and revoked; nothing of anybody else.
func TestOwnPage(t *testing.T) {
	each(t, func(s *site) {
		s.person("anna", at("county_officer", 2))
		s.person("berta")
		other, b := s.in("anna"), s.in("anna")
		p := b.get("/account")
		p.expect(t, http.StatusOK, "138****5678")
		p.expect(t, http.StatusOK, "County officer")
		id := found(t, p, `/account/sessions/(\d+)/end"`)
		stranger := s.in("berta")
		stranger.post("/account/sessions/"+id+"/end").expect(t, http.StatusNotFound, "no such sign-in")
		b.post("/account/sessions/"+id+"/end").expect(t, http.StatusOK, "Signed out there")
		if p := other.get("/account"); !strings.HasPrefix(p.path, "/sign-in") {
			t.Error("the other session goes on")
		}
		p = b.post("/account/tokens", "name", "nightly", "last", "2026-02-01", "permit", "assets.read")
		token := found(t, p, `<code>(terrace_[^<]+)</code>`)
		p = b.get("/account")
		if p.has(token) || !p.has("nightly") {
			t.Error("the token is shown again, or not listed")
		}
		tokenID := found(t, p, `/account/tokens/(\d+)/revoke"`)
		stranger.post("/account/tokens/"+tokenID+"/revoke").expect(t, http.StatusNotFound, "no such token")
		b.post("/account/tokens", "name", "x", "last", "2026-02-01", "permit", "accounts.change").expect(t,
			http.StatusForbidden, "cannot be given to a token")
		b.post("/account/tokens/"+tokenID+"/revoke").expect(t, http.StatusOK, "The token is revoked")
		if p := b.get("/users"); p.status != http.StatusForbidden || p.has("/users/new") {
			t.Errorf("an ordinary user opens the list of users: %d", p.status)
		}
	})
}
