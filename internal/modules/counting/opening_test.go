package counting_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
)

// TestOpeningBalances: in its first check an organisation enters what its books say of money and debts;
// what has a card takes its book amount from there.
func TestOpeningBalances(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		c := apptest.OpenCounty(t, city)
		k := c.Checks()[0]
		s := c.SignIn(apptest.Login("accountant", c.Village(k)))
		cash := url.Values{"form": {"money"}, "name": {"库存现金"}, "book": {"1,250.50"}, "verdict": {"gain"}}
		if code, body := s.Post(k.Address()+"/rows", cash); code != 303 {
			t.Fatalf("the balance is answered with %d\n%s", code, body)
		}
		if _, body := s.Get(k.Address() + "/rows?form=money"); !strings.Contains(body, "1,250.50") {
			t.Errorf("the rows do not have the balance:\n%s", body)
		}
		actor := c.As("accountant", c.Village(k))
		more, err := c.Inventory.Add(t.Context(), actor, k.Ref(), inventory.RowEntry{Form: "payable",
			Name: "应付电费", Book: 300_00,
			Entry: inventory.Entry{Verdict: count.Match, Counted: 300_00}})
		c.Must(err)
		if more.Gain != 0 || more.Verified != 300_00 {
			t.Errorf("the debt is %+v", more)
		}
		_, err = c.Inventory.Add(t.Context(), actor, k.Ref(), inventory.RowEntry{Form: "fixed", Name: "抽水机",
			Book: 300_00,
			Entry: inventory.Entry{Verdict: count.Match, Counted: 300_00, Class: "operating",
				Kind: "machine"}})
		c.Refused(err, "inventory.book_given")
	})
}
