package identity_test

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
)

// TestAdministratorsNeedTwoFactors: without a second one they reach only the page to set it up.
func TestAdministratorsNeedTwoFactors(t *testing.T) {
	each(t, func(c *city) {
		c.person("root", at("system_administrator", 0))
		token := c.in("root", passwordOf("root"))
		_, err := c.Authenticate(request("/users", token))
		c.refused(err, "identity.second_due")
		for _, path := range []string{identity.SecondPath, "/sign-out", "/taste"} {
			a, err := c.Authenticate(request(path, token))
			c.must(err)
			if !a.SignedIn() || len(a.Posts) > 0 {
				t.Errorf("%s is reached as %+v", path, a)
			}
		}
		c.enrol(token)
		if a := c.who(token); !c.access.CanSomewhere(a, identity.Change) {
			t.Error("after setting up the second factor the session is still half")
		}
		signed, err := c.SignIn(t.Context(), identity.Attempt{Login: "root", Password: passwordOf("root"),
			Client: office})
		c.must(err)
		if !signed.Waiting || c.who(signed.Token).SignedIn() {
			t.Error("the password alone lets an administrator in")
		}
	})
}

// TestOtherRolesMayNeedTwoFactors: as the policy names them.
func TestOtherRolesMayNeedTwoFactors(t *testing.T) {
	policy := identity.DefaultPolicy()
	policy.SecondFactor = []string{"county_leader"}
	each(t, func(c *city) {
		c.person("lee", at("county_leader", 2))
		c.person("ann", at("reader", 2))
		_, err := c.Authenticate(request("/", c.in("lee", passwordOf("lee"))))
		c.refused(err, "identity.second_due")
		_, err = c.Authenticate(request("/", c.in("ann", passwordOf("ann"))))
		c.must(err)
	}, func(config *identity.Config) { config.Policy = policy })
}

// TestACodeIsUsedOnce, one step early or late is taken, two are not, and the session's token is new.
func TestACodeIsUsedOnce(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		secret, _ := c.enrol(c.in("anna", passwordOf("anna")))
		half := func() string { return c.in("anna", passwordOf("anna")) }
		step := func(token, code string) (identity.Signed, error) {
			return c.SecondStep(t.Context(), token, code, office)
		}
		_, err := step(half(), c.code(secret))
		c.refused(err, "identity.second.code") // setting up has used it
		c.clock.pass(2 * time.Minute)
		code, waiting := c.code(secret), half()
		signed, err := step(waiting, code)
		c.must(err)
		if signed.Token == waiting || !c.who(signed.Token).SignedIn() || c.who(waiting).SignedIn() {
			t.Error("the session did not change its token")
		}
		_, err = step(waiting, code)
		c.refused(err, "identity.second.late")
		_, err = step(half(), code)
		c.refused(err, "identity.second.code")
		c.clock.pass(2 * time.Minute)
		for off, want := range map[time.Duration]string{-61 * time.Second: "identity.second.code",
			61 * time.Second: "identity.second.code"} {
			stray, _ := totp.GenerateCode(secret, c.clock.Now().Add(off))
			_, err = step(half(), stray)
			c.refused(err, want)
		}
		early, _ := totp.GenerateCode(secret, c.clock.Now().Add(-30*time.Second))
		_, err = step(half(), early)
		c.must(err)
		late, _ := totp.GenerateCode(secret, c.clock.Now().Add(30*time.Second))
		_, err = step(half(), late)
		c.must(err)
		_, err = step(half(), early)
		c.refused(err, "identity.second.code") // a later one was used
	})
}

// TestWrongCodesLock: knowing the password, one has five guesses at the code, not five for each
// time the password is entered.
func TestWrongCodesLock(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		secret, recovery := c.enrol(c.in("anna", passwordOf("anna")))
		for range 5 {
			_, err := c.SecondStep(t.Context(), c.in("anna", passwordOf("anna")), "000000", office)
			c.refused(err, "identity.second.code")
		}
		_, err := c.SignIn(t.Context(), identity.Attempt{Login: "anna", Password: passwordOf("anna"),
			Client: office})
		c.refused(err, "identity.sign_in")
		c.clock.pass(31 * time.Minute)
		token := c.in("anna", passwordOf("anna"))
		if c.clock.pass(6 * time.Minute); c.who(token).SignedIn() {
			t.Error("a waiting session lets somebody in")
		}
		_, err = c.SecondStep(t.Context(), token, c.code(secret), office)
		c.refused(err, "identity.second.late")
		_, err = c.SecondStep(t.Context(), "", c.code(secret), office)
		c.refused(err, "identity.second.late")
		_, err = c.SecondStep(t.Context(), c.in("anna", passwordOf("anna")), recovery[3], office)
		c.must(err)
		_, err = c.SecondStep(t.Context(), c.in("anna", passwordOf("anna")), recovery[3], office)
		c.refused(err, "identity.second.code") // a recovery code serves once, too
		if n := c.events("second.recovered"); n != 1 {
			t.Errorf("%d uses of recovery codes are recorded, want 1", n)
		}
	})
}

// TestTheSecondFactorIsTakenAway by its person with the password, by an administrator for an
// ordinary person, and for an administrator on the server only.
func TestTheSecondFactorIsTakenAway(t *testing.T) {
	each(t, func(c *city) {
		root := c.person("root", at("system_administrator", 0))
		other := c.person("security", at("security_administrator", 0))
		anna := c.person("anna")
		token := c.in("anna", passwordOf("anna"))
		c.enrol(token)
		me := c.who(token)
		_, err := c.BeginSecond(t.Context(), me, "Terrace")
		c.refused(err, "identity.second.set")
		c.refused(c.ClearSecond(t.Context(), me, "x", office), "identity.password.old")
		c.must(c.ClearSecond(t.Context(), me, passwordOf("anna"), office))
		c.refused(c.ClearSecond(t.Context(), me, passwordOf("anna"), office), "identity.second.none")
		c.enrol(token)
		c.must(c.ResetSecond(t.Context(), c.as(root), anna))
		if c.who(token).SignedIn() {
			t.Error("the session outlived the reset")
		}
		c.enrol(c.in("security", passwordOf("security")))
		c.refused(c.ResetSecond(t.Context(), c.as(root), other), "identity.on_the_server")
		_, err = c.ResetPassword(t.Context(), c.as(root), other)
		c.refused(err, "identity.on_the_server")
		c.refused(c.Link(t.Context(), c.as(root), other, "somebody"), "identity.on_the_server")
		c.must(c.ResetSecond(t.Context(), access.Machine, other))
		_, err = c.ResetPassword(t.Context(), access.Machine, other)
		c.must(err)
	})
}

// TestPendingSecretsAreOnesOwn: a secret begun for one person cannot be confirmed by another.
func TestPendingSecretsAreOnesOwn(t *testing.T) {
	each(t, func(c *city) {
		c.person("anna")
		c.person("berta")
		anna, berta := c.who(c.in("anna", passwordOf("anna"))), c.who(c.in("berta", passwordOf("berta")))
		e, err := c.BeginSecond(t.Context(), anna, "Terrace")
		c.must(err)
		_, err = c.EnableSecond(t.Context(), berta, e.Pending, c.code(plainSecret(e.Secret)))
		c.refused(err, "identity.second.pending")
		_, err = c.EnableSecond(t.Context(), anna, "AAAA", "123456")
		c.refused(err, "identity.second.pending")
		_, err = c.EnableSecond(t.Context(), anna, e.Pending, "12345")
		c.refused(err, "identity.second.code")
		again, err := c.ResumeSecond(t.Context(), anna, "Terrace", e.Pending)
		c.must(err)
		if again.Secret != e.Secret {
			t.Error("after a wrong code the secret is another")
		}
	})
}
