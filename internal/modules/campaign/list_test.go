package campaign_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// TestTheListOfChecks: each filter finds what it should, for readers of whole counties, who are answered by
// home, and for one of a township, who is answered by places.
func TestTheListOfChecks(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		city.Clock.Set("2025-12-20") // passwords made on that day hold until March
		c := open(t, city)
		for _, k := range c.Checks() {
			c.Submit(k)
		}
		c.Pass("2026-01-05")
		one := c.Checks()[0]
		c.Confirm(one)
		township := c.Drafts[c.Village(one)].Parent
		c.Must(c.Do(one, c.As("reviewer", township), flow.Act{Verb: flow.Return, To: "counting",
			Reason: "缺证"}))
		c.Clock.Set("2026-03-02") // what was to be voted on by now is late
		for _, who := range []string{"city-officer-0", "county-officer-1", "reviewer-3"} {
			s := c.SignIn(who)
			for filter, want := range map[string]string{"": "12", "?year=2025": "12", "?year=2024": "0",
				"?returned=1":         "1",
				"?stage=confirmation": "11", "?late=1": "12", "?late=1&returned=1": "1",
				"?stage=approved":            "0",
				"?returned=1&stage=counting": "1", "?late=1&stage=confirmation": "11"} {
				if who == "reviewer-3" {
					want = map[string]string{"12": "6", "11": "5"}[want] + strings.Trim(want, "12")
					if strings.HasSuffix(filter, "returned=1") || strings.HasPrefix(filter, "?returned=1") {
						want = "1"
					}
				}
				code, body := s.Get("/checks" + filter)
				if got := strings.Count(body, `<a href="/checks/`); code != http.StatusOK ||
					want != text(got) {
					t.Errorf("%s sees %d checks at %q (%d), not %s", who, got, filter, code, want)
				}
			}
		}
	})
}

func text(n int) string { return strconv.Itoa(n) }
