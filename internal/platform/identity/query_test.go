package identity_test

import (
	"fmt"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/mask"
)

func (c *city) colleagues(permit access.Permit, place int64) ([]access.Actor, error) {
	return store.Read(c.t.Context(), c.store, func(v *store.View) ([]access.Actor, error) {
		return c.Colleagues(v, permit, place, "2026-01-05")
	})
}

// TestListOfAccounts: each filter, both orders, page by page without loss or repetition.
func TestListOfAccounts(t *testing.T) {
	each(t, func(c *city) {
		for i := range 7 {
			c.person(fmt.Sprintf("user_%d", i), at("village_accountant", 5+int64(i%3)))
		}
		locked := c.person("userx1", at("reader", 1))
		c.must(c.Lock(t.Context(), access.Machine, locked))
		c.in("user_3", passwordOf("user_3"))
		for name, want := range map[string]int{"text": 1, "underscore": 7, "name": 8, "state": 1, "role": 7,
			"place": 3, "above": 5, "phone": 8, "none": 0} {
			q := map[string]identity.AccountQuery{"text": {Text: "USER_4"}, "underscore": {Text: "r_"},
				"name": {Text: "name OF"}, "state": {State: identity.Locked},
				"role":  {Role: "village_accountant"},
				"place": {Place: 5}, "above": {Place: 4, Role: "village_accountant"},
				"phone": {Phone: "138 0000 0000"}, "none": {Phone: "13800000001"}}[name]
			q.Limit = 50
			list, total, err := c.Accounts(t.Context(), access.Machine, q)
			c.must(err)
			if len(list) != want || total != int64(want) {
				t.Errorf("%s finds %d (%d), want %d", name, len(list), total, want)
			}
		}
		for _, newest := range []bool{false, true} {
			seen, after := map[string]bool{}, ""
			for {
				list, total, err := c.Accounts(t.Context(), access.Machine,
					identity.AccountQuery{Newest: newest, After: after, Limit: 3})
				c.must(err)
				if total != 8 {
					t.Fatalf("the total of a page is %d", total)
				}
				for _, a := range list {
					if seen[a.Login] {
						t.Errorf("%s stands on two pages", a.Login)
					}
					seen[a.Login] = true
					if after = a.Login; newest {
						after = fmt.Sprint(a.ID)
					}
					if (a.SignedIn != 0) != (a.Login == "user_3") {
						t.Errorf("%s signed in at %v", a.Login, a.SignedIn)
					}
				}
				if len(list) < 3 {
					break
				}
			}
			if len(seen) != 8 {
				t.Errorf("the pages hold %d accounts, want 8", len(seen))
			}
		}
	})
}

// TestPhonesAreSealed: opened by the service, masked for showing, changed and kept.
func TestPhonesAreSealed(t *testing.T) {
	each(t, func(c *city) {
		made, _, err := c.Create(t.Context(), access.Machine, identity.Entry{Login: "anna", Name: "安  娜",
			Phone: "139-8765 4321"})
		c.must(err)
		phone, err := c.Phone(made)
		c.must(err)
		if phone != "13987654321" || mask.Phone(phone) != "139****4321" || made.Name != "安 娜" {
			t.Errorf("kept as %q, %q", phone, made.Name)
		}
		change := identity.Amendment{ID: made.ID, Version: made.Version,
			Entry: identity.Entry{Name: "安娜", Place: 5}, NoPhone: true}
		c.must(c.Amend(t.Context(), access.Machine, change))
		c.refused(c.Amend(t.Context(), access.Machine, change), "store.stale")
		after, err := c.Account(t.Context(), access.Machine, made.ID)
		c.must(err)
		if phone, err = c.Phone(after); phone != "13987654321" || after.Place != 5 {
			t.Errorf("after a change: %q, %v, %+v", phone, err, after)
		}
		change.Version, change.NoPhone, change.Name = after.Version, false, ""
		c.refused(c.Amend(t.Context(), access.Machine, change), "identity.entry")
	})
}
