package identity_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// TestOutsidersLearnNothing: whatever is wrong, the answer and the work are the same.
func TestOutsidersLearnNothing(t *testing.T) {
	each(t, func(c *city) {
		c.person("right", at("reader", 1))
		closed, locked := c.person("closed"), c.person("locked")
		c.must(c.Close(t.Context(), access.Machine, closed))
		c.must(c.Lock(t.Context(), access.Machine, locked))
		answers := map[string]bool{}
		for _, try := range []struct{ name, login, password string }{
			{"unknown", "nobody.at.all", passwordOf("n")},
			{"wrong password", "right", "something else 1A"},
			{"no password", "right", ""},
			{"closed", "closed", passwordOf("closed")},
			{"locked", "locked", passwordOf("locked")},
			{"locked and wrong", "locked", "x"},
			{"no login", "", ""},
			{"a very long login", strings.Repeat("x", 5000), strings.Repeat("y", 5000)},
			{"no text at all", "\xff\x00", "\xfe"},
		} {
			before := c.Work()
			_, err := c.SignIn(t.Context(), identity.Attempt{Login: try.login, Password: try.password,
				Client: office})
			c.refused(err, "identity.sign_in")
			if work := c.Work() - before; work != 1 {
				t.Errorf("%s: %d hashes were computed, want 1", try.name, work)
			}
			answers[fmt.Sprint(err)] = true
		}
		if len(answers) != 1 {
			t.Errorf("the answers differ: %v", answers)
		}
		before := c.Work()
		c.in(" RIGHT ", passwordOf("right"))
		if work := c.Work() - before; work != 1 {
			t.Errorf("the right password: %d hashes", work)
		}
	})
}

// TestFiveFailuresLock: known and unknown logins alike, for half an hour, and only that login.
func TestFiveFailuresLock(t *testing.T) {
	each(t, func(c *city) {
		id := c.person("anna")
		c.person("berta")
		for range 5 {
			_, err := c.SignIn(t.Context(), identity.Attempt{Login: "anna", Password: "x", Client: office})
			c.refused(err, "identity.sign_in")
		}
		try := func() error {
			_, err := c.SignIn(t.Context(), identity.Attempt{Login: "anna", Password: passwordOf("anna"),
				Client: office})
			return err
		}
		c.refused(try(), "identity.sign_in")
		account, err := c.Account(t.Context(), access.Machine, id)
		c.must(err)
		if until, err := c.LockedUntil(t.Context(), account); err != nil || until == 0 {
			t.Errorf("locked until %v, %v", until, err)
		}
		c.in("berta", passwordOf("berta"))
		c.clock.pass(29 * time.Minute)
		c.refused(try(), "identity.sign_in") // and this does not prolong the lock
		c.clock.pass(time.Minute)
		c.must(try())
		for range 4 {
			c.fail("anna")
		}
		c.must(try()) // a success forgives
		for range 4 {
			c.fail("anna")
		}
		c.must(try())
		if n := c.events("account.locked"); n != 1 {
			t.Errorf("%d locks were recorded, want 1", n)
		}
	})
}

func TestUnlockingForgivesFailures(t *testing.T) {
	each(t, func(c *city) {
		id := c.person("anna")
		for range 5 {
			c.fail("anna")
		}
		c.must(c.Unlock(t.Context(), access.Machine, id))
		c.in("anna", passwordOf("anna"))
	})
}

// TestManyTriesAtOnceAreStillFive: guesses sent side by side do not slip through before the count.
func TestManyTriesAtOnceAreStillFive(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		var running sync.WaitGroup
		for i := range 40 {
			running.Go(func() {
				c.SignIn(t.Context(), identity.Attempt{Login: "anna", //nolint:errcheck // refused
					Password: fmt.Sprint("guess ", i),
					Client:   audit.Client{Address: fmt.Sprint("10.0.0.", i)}})
			})
		}
		running.Wait()
		if n := c.results("wrong"); n != 5 {
			t.Errorf("%d of 40 guesses were looked at, want 5", n)
		}
		if n := c.results("locked"); n != 35 {
			t.Errorf("%d of 40 guesses were turned away, want 35", n)
		}
	})
}

// TestTriesWithoutAnEndAreForgotten: a machine that stopped between counting and deciding does not
// lock anybody out for good.
func TestTriesWithoutAnEndAreForgotten(t *testing.T) {
	each(t, func(c *city) {
		id := c.person("anna")
		account, err := c.Account(t.Context(), access.Machine, id)
		c.must(err)
		c.must(c.store.Maintain(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO sign_in_guard (home, login, tries, last, locked_until)
				VALUES (0, ?, 5, ?, 0)`, c.keys.Find("sign_in.login", account.Login), tx.Now())
			return err
		}))
		attempt := identity.Attempt{Login: "anna", Password: passwordOf("anna"), Client: office}
		_, err = c.SignIn(t.Context(), attempt)
		c.refused(err, "identity.sign_in")
		c.clock.pass(31 * time.Minute)
		_, err = c.SignIn(t.Context(), attempt)
		c.must(err)
	})
}

// TestOneAddressCannotTryManyLogins: thirty failures from an address, whatever the logins, and for
// IPv6 from its network.
func TestOneAddressCannotTryManyLogins(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		try := func(login, address string) error {
			_, err := c.SignIn(t.Context(), identity.Attempt{Login: login, Password: passwordOf(login),
				Client: audit.Client{Address: address}})
			return err
		}
		for i := range 30 {
			c.refused(try(fmt.Sprint("guess", i), fmt.Sprintf("2001:db8::%x", i)), "identity.sign_in")
		}
		c.refused(try("anna", "2001:db8::ffff"), "identity.address")
		c.must(try("anna", "2001:db8:0:1::1"))
		c.clock.pass(16 * time.Minute)
		c.must(try("anna", "2001:db8::ffff"))
	})
}

func TestAccountsLockedByAnAdministratorAreOutAtOnce(t *testing.T) {
	each(t, func(c *city) {
		id := c.person("anna", at("reader", 1))
		token := c.in("anna", passwordOf("anna"))
		if c.who(token).Account != id {
			t.Fatal("the session does not hold")
		}
		c.must(c.Lock(t.Context(), access.Machine, id))
		if a := c.who(token); a.SignedIn() {
			t.Error("a locked account is still in")
		}
		c.refused(c.Lock(t.Context(), access.Machine, id), "identity.already_locked")
		c.must(c.Unlock(t.Context(), access.Machine, id))
		if a := c.who(token); a.SignedIn() {
			t.Error("unlocking brought an old session back")
		}
		token = c.in("anna", passwordOf("anna"))
		c.must(c.Close(t.Context(), access.Machine, id))
		if a := c.who(token); a.SignedIn() {
			t.Error("a closed account is still in")
		}
		c.refused(c.Unlock(t.Context(), access.Machine, id), "identity.closed")
		if held, err := c.PostsOf(t.Context(), id, "2026-01-05"); err != nil || len(held) != 0 {
			t.Errorf("a closed account holds %v, %v", held, err)
		}
		_, _, err := c.Create(t.Context(), access.Machine, identity.Entry{Login: "Anna", Name: "Another"})
		c.refused(err, "identity.login_taken")
	})
}

// TestOneTimePasswords: shown once, changed first, and worth nothing after three days.
func TestOneTimePasswords(t *testing.T) {
	each(t, func(c *city) {
		_, oneTime, err := c.Create(t.Context(), access.Machine, identity.Entry{Login: "anna", Name: "安娜"})
		c.must(err)
		token := c.in("anna", oneTime)
		_, err = c.Authenticate(request("/inbox", token))
		c.refused(err, "identity.must_change")
		_, err = c.Authenticate(request("/api/v1/me", token))
		c.refused(err, "identity.must_change")
		actor, err := c.Authenticate(request(identity.PasswordPath, token))
		c.must(err)
		if !actor.SignedIn() || len(actor.Posts) > 0 {
			t.Errorf("on the way to a new password: %+v", actor)
		}
		fresh, err := c.ChangePassword(t.Context(), actor, identity.PasswordChange{Old: oneTime,
			New: "Plum trees 44 in rows", Client: office})
		c.must(err)
		if c.who(token).SignedIn() {
			t.Error("the session from before the change still holds")
		}
		if !c.who(fresh).SignedIn() {
			t.Error("the browser that changed the password is out")
		}
		_, late, err := c.Create(t.Context(), access.Machine, identity.Entry{Login: "late", Name: "晚"})
		c.must(err)
		c.clock.pass(72*time.Hour + time.Minute)
		_, err = c.SignIn(t.Context(), identity.Attempt{Login: "late", Password: late, Client: office})
		c.refused(err, "identity.sign_in")
		if n := c.results("expired"); n != 1 {
			t.Errorf("%d tries with an expired password are recorded, want 1", n)
		}
	})
}

// fail tries a wrong password.
func (c *city) fail(login string) {
	c.t.Helper()
	_, err := c.SignIn(c.t.Context(), identity.Attempt{Login: login, Password: "x", Client: office})
	c.refused(err, "identity.sign_in")
}

// events counts the events of a kind.
func (c *city) events(kind string) int64 {
	c.t.Helper()
	n, err := store.Read(c.t.Context(), c.store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM event WHERE kind = ?`, kind)
	})
	c.must(err)
	return n
}

// results counts the attempts with a result.
func (c *city) results(result string) int64 {
	c.t.Helper()
	n, err := store.Read(c.t.Context(), c.store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM sign_in WHERE result = ?`, result)
	})
	c.must(err)
	return n
}
