package identity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func bearer(path, token string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// TestTokensDoWhatTheyWereGiven and nothing else: not the person's other permits, never an
// administrator's acts, no pages, nothing about the account itself.
func TestTokensDoWhatTheyWereGiven(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna", at("system_administrator", 0), at("county_officer", 2))
		session := c.in("anna", passwordOf("anna"))
		c.enrol(session)
		me := c.who(session)
		n := identity.NewToken{Name: "nightly", Permits: []access.Permit{"assets.read", "registry.read"},
			Until: "2026-03-01"}
		token, err := c.CreateToken(t.Context(), me, n)
		c.must(err)
		a, err := c.Authenticate(bearer("/api/v1/me", token))
		c.must(err)
		if !c.access.Can(a, "assets.read", 5) || c.access.Can(a, "assets.read", 7) {
			t.Error("the token does not reach what its person reaches")
		}
		for _, permit := range []access.Permit{"inventory.approve", identity.Change, identity.Read} {
			if c.access.CanSomewhere(a, permit) {
				t.Errorf("the token may do %s", permit)
			}
		}
		if a, err := c.Authenticate(bearer("/account", token)); err != nil || a.SignedIn() {
			t.Errorf("the token opens pages: %+v, %v", a, err)
		}
		_, err = c.CreateToken(t.Context(), a, n)
		c.refused(err, "identity.not_by_token")
		_, err = c.ChangePassword(t.Context(), a, identity.PasswordChange{Old: passwordOf("anna"),
			New: "Plum trees 44 in rows"})
		c.refused(err, "identity.not_by_token")
		n.Permits = []access.Permit{identity.Change}
		_, err = c.CreateToken(t.Context(), me, n)
		c.refused(err, "identity.token.permit")
	})
}

// TestTokensEnd when they run out or are revoked, when the post behind them ends, when the password
// is reset and when the account is locked.
func TestTokensEnd(t *testing.T) {
	each(t, func(c *city) {
		id := c.person("anna", at("county_officer", 2))
		me := c.who(c.in("anna", passwordOf("anna")))
		n := identity.NewToken{Name: "nightly", Permits: []access.Permit{"assets.read"},
			Until: "2026-01-10"}
		make := func() string {
			token, err := c.CreateToken(t.Context(), me, n)
			c.must(err)
			return token
		}
		holds := func(token string) bool {
			a, err := c.Authenticate(bearer("/api/v1/me", token))
			if err != nil {
				c.refused(err, "identity.token.unknown")
			}
			return c.access.CanSomewhere(a, "assets.read")
		}
		one, two := make(), make()
		list, err := c.Tokens(t.Context(), me)
		c.must(err)
		if len(list) != 2 || !holds(one) || !holds(two) {
			t.Fatalf("tokens: %+v", list)
		}
		stranger := c.as(c.person("berta"))
		c.refused(c.RevokeToken(t.Context(), stranger, list[1].ID), "identity.no_token")
		c.must(c.RevokeToken(t.Context(), me, list[1].ID))
		if holds(one) || !holds(two) {
			t.Error("another token was revoked than the one meant, or not at once")
		}
		c.must(c.Lock(t.Context(), access.Machine, id))
		if holds(two) {
			t.Error("the token of a locked account holds")
		}
		c.must(c.Unlock(t.Context(), access.Machine, id))
		c.clock.pass(5 * 24 * time.Hour)
		if holds(two) {
			t.Error("the token outlived its day")
		}
		n.Until = "2026-02-01"
		three := make()
		held, err := c.PostsOf(t.Context(), id, "2026-01-10")
		c.must(err)
		c.must(c.EndPost(t.Context(), access.Machine, identity.Decision{Post: held[0].ID, Reason: "moved"}))
		if holds(three) {
			t.Error("the token does more than its person")
		}
		_, err = c.ResetPassword(t.Context(), access.Machine, id)
		c.must(err)
		if left, err := c.Tokens(t.Context(), me); err != nil || len(left) != 0 {
			t.Errorf("after a reset there are %v, %v", left, err)
		}
		for _, bad := range []string{"", "terrace_", "x", three + "x"} {
			_, err := c.Authenticate(bearer("/api/v1/me", bad))
			c.refused(err, "identity.token.unknown")
		}
	})
}

func TestWhatATokenMustSay(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna", at("county_officer", 2))
		me := c.who(c.in("anna", passwordOf("anna")))
		read := []access.Permit{"assets.read"}
		for key, n := range map[string]identity.NewToken{
			"identity.token.name":  {Permits: read, Until: "2026-02-01"},
			"identity.token.until": {Name: "x", Permits: read, Until: "2026-01-05"},
			"identity.token.empty": {Name: "x", Until: "2026-02-01"},
		} {
			_, err := c.CreateToken(t.Context(), me, n)
			c.refused(err, key)
		}
		n := identity.NewToken{Name: "x", Permits: read, Until: "2028-01-01"}
		_, err := c.CreateToken(t.Context(), me, n)
		c.refused(err, "identity.token.until")
		n.Until = "2026-02-01"
		for range 20 {
			_, err := c.CreateToken(t.Context(), me, n)
			c.must(err)
		}
		_, err = c.CreateToken(t.Context(), me, n)
		c.refused(err, "identity.token.many")
	})
}

// TestDirectory: people with their posts of a day, and colleagues with a permit at one place.
func TestDirectory(t *testing.T) {
	each(t, func(c *city) {
		anna := c.person("anna", at("village_accountant", 5), at("village_head", 5))
		berta := c.person("berta", at("village_supervisor", 5))
		gone := c.person("gone", at("village_accountant", 5))
		c.must(c.Lock(t.Context(), access.Machine, gone))
		c.person("above", at("township_reviewer", 4))
		for permit, want := range map[access.Permit][]int64{"": {anna, berta}, "inventory.count": {anna},
			"inventory.review": nil} {
			found, err := c.colleagues(permit, 5)
			c.must(err)
			var ids []int64
			for _, a := range found {
				ids = append(ids, a.Account)
			}
			if fmt.Sprint(ids) != fmt.Sprint(want) {
				t.Errorf("colleagues with %q: %v, want %v", permit, ids, want)
			}
		}
		if a := c.as(anna); len(a.Posts) != 2 || a.Name != "Name of anna" {
			t.Errorf("anna is %+v", a)
		}
		if a := c.as(gone); len(a.Posts) != 0 {
			t.Errorf("a locked person holds %+v", a.Posts)
		}
		_, err := c.Actor(t.Context(), 999)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody: %v", err)
		}
	})
}
