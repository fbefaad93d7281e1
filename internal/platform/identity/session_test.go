package identity_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestSessionsEnd: after half an hour without use, and after twelve hours whatever happens.
func TestSessionsEnd(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna", at("reader", 1))
		token := c.in("anna", passwordOf("anna"))
		for range 25 { // used every 29 minutes
			if c.clock.pass(28 * time.Minute); !c.who(token).SignedIn() {
				t.Fatal("a session in use ended")
			}
		}
		if c.clock.pass(28 * time.Minute); c.who(token).SignedIn() {
			t.Error("a session outlived twelve hours")
		}
		token = c.in("anna", passwordOf("anna"))
		if c.clock.pass(31 * time.Minute); c.who(token).SignedIn() {
			t.Error("a session outlived half an hour of silence")
		}
		c.must(c.Tidy(t.Context()))
		if n := c.count(`SELECT count(*) FROM session`); n != 0 {
			t.Errorf("%d ended sessions are kept", n)
		}
	})
}

func (c *city) count(sql string, args ...any) int64 {
	c.t.Helper()
	n, err := store.Read(c.t.Context(), c.store, func(v *store.View) (int64, error) {
		return store.Count(v, sql, args...)
	})
	c.must(err)
	return n
}

// TestUseIsWrittenOnceAMinute: a hundred requests within a minute write nothing.
func TestUseIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		token := c.in("anna", passwordOf("anna"))
		seen := c.count(`SELECT seen FROM session`)
		for range 100 {
			c.who(token)
			c.clock.pass(300 * time.Millisecond)
		}
		if now := c.count(`SELECT seen FROM session`); now != seen {
			t.Error("use was written within a minute")
		}
		c.clock.pass(time.Minute)
		c.who(token)
		if now := c.count(`SELECT seen FROM session`); now <= seen {
			t.Error("use was not written after a minute")
		}
	})
}

// TestSessionsSurviveARestart: another service on the same database knows them, and learns within
// CacheTime that one has ended.
func TestSessionsSurviveARestart(t *testing.T) {
	each(t, func(c *city) {
		id := c.person("anna", at("reader", 1))
		token := c.in("anna", passwordOf("anna"))
		other := identity.New(c.config())
		a, err := other.Authenticate(request("/", token))
		c.must(err)
		if a.Account != id || len(a.Posts) != 1 {
			t.Errorf("after a restart the session is %+v", a)
		}
		c.must(c.SignOut(t.Context(), token))
		if c.who(token).SignedIn() {
			t.Error("the session did not end at once in its own process")
		}
		c.clock.pass(identity.CacheTime)
		if a, err := other.Authenticate(request("/", token)); err != nil || a.SignedIn() {
			t.Errorf("the other process still knows %+v (%v)", a, err)
		}
		c.must(c.SignOut(t.Context(), token)) // twice is no error
	})
}

// TestOwnSessions: listed, ended one by one or all others, and never somebody else's.
func TestOwnSessions(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		c.person("berta")
		first, second, third := c.in("anna", passwordOf("anna")), c.in("anna", passwordOf("anna")),
			c.in("anna", passwordOf("anna"))
		stranger := c.who(c.in("berta", passwordOf("berta")))
		me := c.who(third)
		list, err := c.Sessions(t.Context(), me)
		c.must(err)
		if len(list) != 3 || list[0].ID != me.Session || list[0].Address != office.Address {
			t.Fatalf("the sessions are %+v", list)
		}
		c.refused(c.EndSession(t.Context(), stranger, list[2].ID), "identity.no_session")
		c.must(c.EndSession(t.Context(), me, list[2].ID))
		if c.who(first).SignedIn() || !c.who(second).SignedIn() {
			t.Error("another session ended than the one meant")
		}
		c.must(c.EndOtherSessions(t.Context(), me))
		if c.who(second).SignedIn() || !c.who(third).SignedIn() {
			t.Error("not all others ended, or this one did")
		}
	})
}

// TestOneSessionOnly: with the policy's option a new sign-in ends the older ones; signing in again
// from the same browser ends its session in any case.
func TestOneSessionOnly(t *testing.T) {
	policy := identity.DefaultPolicy()
	policy.OneSession = true
	each(t, func(c *city) {
		c.person("anna")
		first := c.in("anna", passwordOf("anna"))
		second := c.in("anna", passwordOf("anna"))
		if c.who(first).SignedIn() || !c.who(second).SignedIn() {
			t.Error("two sessions at once, or none")
		}
	}, func(config *identity.Config) { config.Policy = policy })
	each(t, func(c *city) {
		c.person("anna")
		first := c.in("anna", passwordOf("anna"))
		_, err := c.SignIn(t.Context(), identity.Attempt{Login: "anna", Password: passwordOf("anna"),
			Client: office, Before: first})
		c.must(err)
		if c.who(first).SignedIn() {
			t.Error("the browser's former session goes on")
		}
	})
}

// TestAPostTakesEffectAtOnce in the process where it was approved, and an ended one stops at once.
func TestAPostTakesEffectAtOnce(t *testing.T) {
	each(t, func(c *city) {
		id := c.person("anna")
		token := c.in("anna", passwordOf("anna"))
		if c.access.CanSomewhere(c.who(token), "assets.read") {
			t.Fatal("somebody without posts may read")
		}
		p := at("reader", 5)
		p.Account, p.Since = id, "2026-01-01"
		post, err := c.Propose(t.Context(), access.Machine, p)
		c.must(err)
		if !c.access.Can(c.who(token), "assets.read", 5) {
			t.Error("the post does not hold yet")
		}
		c.must(c.EndPost(t.Context(), access.Machine, identity.Decision{Post: post.ID,
			Reason: "moved away"}))
		if c.access.CanSomewhere(c.who(token), "assets.read") {
			t.Error("the ended post still holds")
		}
	})
}

// TestPasswordRules: everything wrong at once, the last five refused, the sixth free again, and
// other browsers signed out.
func TestPasswordRules(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		token := c.in("anna", passwordOf("anna"))
		other := c.in("anna", passwordOf("anna"))
		change := func(old, password string) error {
			fresh, err := c.ChangePassword(t.Context(), c.who(token), identity.PasswordChange{Old: old,
				New: password, Client: office})
			if err == nil {
				token = fresh
			}
			return err
		}
		err := change(passwordOf("anna"), "anna")
		if f := fault.Of(err); len(f.Findings) != 3 {
			t.Errorf("findings: %v", f.Findings)
		}
		c.refused(change("not this", "Plum trees 44 in rows"), "identity.password.old")
		c.refused(change(passwordOf("anna"), passwordOf("anna")), "identity.password")
		old := passwordOf("anna")
		for i := range 6 {
			next := fmt.Sprintf("Plum trees %d in rows", i)
			c.must(change(old, next))
			old = next
			if i < 5 {
				c.refused(change(old, passwordOf("anna")), "identity.password")
			}
		}
		if c.who(other).SignedIn() {
			t.Error("another browser stayed signed in")
		}
		c.must(change(old, passwordOf("anna")))
		c.clock.pass(91 * 24 * time.Hour)
		token = c.in("anna", passwordOf("anna"))
		_, err = c.Authenticate(request("/inbox", token))
		c.refused(err, "identity.must_change")
	})
}

// TestWrongOldPasswordsLock: an open session is no way to find the password out.
func TestWrongOldPasswordsLock(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		me := c.who(c.in("anna", passwordOf("anna")))
		for range 5 {
			_, err := c.ChangePassword(t.Context(), me, identity.PasswordChange{Old: "x",
				New: "Plum trees 44 in rows", Client: office})
			c.refused(err, "identity.password.old")
		}
		_, err := c.ChangePassword(t.Context(), me, identity.PasswordChange{Old: passwordOf("anna"),
			New: "Plum trees 44 in rows", Client: office})
		c.refused(err, "identity.password.old")
	})
}

// TestAStolenDatabaseOpensNothing: no secret that lets somebody in, and no phone, stands in any table.
func TestAStolenDatabaseOpensNothing(t *testing.T) {
	each(t, func(c *city) {
		admin := c.person("root", at("system_administrator", 0))
		_, oneTime, err := c.Create(t.Context(), access.Machine, identity.Entry{Login: "anna", Name: "安娜",
			Phone: "13987654321"})
		c.must(err)
		token := c.in("root", passwordOf("root"))
		totpSecret, recovery := c.enrol(token)
		reader := c.person("berta", at("reader", 1))
		api, err := c.CreateToken(t.Context(), c.who(c.in("berta", passwordOf("berta"))),
			identity.NewToken{Name: "script", Permits: []access.Permit{"assets.read"}, Until: "2026-02-01"})
		c.must(err)
		_, err = c.SignIn(t.Context(), identity.Attempt{Login: "MyPassword!1 typed in the wrong field",
			Client: office})
		c.refused(err, "identity.sign_in")
		dump := c.dump()
		for what, secret := range map[string]string{"a password": passwordOf("root"), "a session": token,
			"a one-time password": oneTime, "a second factor": totpSecret, "an API token": api,
			"a phone": "13987654321", "what was typed as login": "mypassword!1 typed",
			"a recovery code": strings.ReplaceAll(recovery[0], "-", "")} {
			raw, _ := base64.RawURLEncoding.DecodeString(secret)
			for _, form := range [][]byte{[]byte(secret), []byte(hex.EncodeToString(raw)), raw} {
				if len(form) > 6 && bytes.Contains(dump, form) {
					t.Errorf("%s stands in the database", what)
				}
			}
		}
		for _, event := range c.bodies() {
			if strings.Contains(event, "安娜") || strings.Contains(event, "anna") {
				t.Errorf("an event has personal data: %s", event)
			}
		}
		if admin == reader {
			t.Error("two people share an account")
		}
	})
}

// dump is all rows of all tables of the package.
func (c *city) dump() []byte {
	c.t.Helper()
	var b bytes.Buffer
	for _, table := range tables() {
		c.must(table.Rows(context.Background(), c.store, store.City, func(_ string, values []any) error {
			for _, v := range values {
				if raw, ok := v.([]byte); ok {
					b.Write(raw)
					continue
				}
				fmt.Fprintln(&b, v)
			}
			return nil
		}))
	}
	if b.Len() < 1000 {
		c.t.Fatal("the tables are empty: the test does not see them")
	}
	return b.Bytes()
}

func (c *city) bodies() []string {
	c.t.Helper()
	all, err := store.Read(c.t.Context(), c.store, func(v *store.View) ([]string, error) {
		return store.All[string](v, `SELECT body FROM event`)
	})
	c.must(err)
	return all
}
