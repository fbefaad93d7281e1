package campaign_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
)

// TestPages: every page of a campaign opens for those it is for, in both languages, and for nobody else.
func TestPages(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		c := open(t, city)
		campaign := fmt.Sprintf("/inventory/%d/2025", c.Home)
		pages := []string{"/inventory", "/inventory/summary", "/inventory?year=2025&place=" +
			fmt.Sprint(c.Home),
			"/inventory/summary?format=xlsx", campaign, fmt.Sprintf("/inventory/open?place=%d", c.Home)}
		officer, neighbour, nobody := c.SignIn(apptest.Login("county-officer", 1)),
			c.SignIn(apptest.Login("county-officer", 2)), c.Nobody()
		for _, page := range pages {
			code, body := officer.Get(page)
			if code != http.StatusOK || strings.Contains(body, "campaign.") {
				t.Errorf("%s: %d\n%.500s", page, code, body)
			}
			if code, _ := nobody.Get(page); code != http.StatusUnauthorized {
				t.Errorf("nobody gets %d at %s", code, page)
			}
		}
		for _, page := range pages[4:] {
			if code, _ := neighbour.Get(page); code != http.StatusNotFound {
				t.Errorf("the neighbour gets %d at %s", code, page)
			}
		}
	})
}

// TestTheMapHasEveryCounty: the city's board colours each county where it lies.
func TestTheMapHasEveryCounty(t *testing.T) {
	c := open(t, apptest.Open(t, t.TempDir()+"/terrace.db"))
	officer := c.As("county-officer", 2)
	_, err := c.Campaigns.Begin(t.Context(), officer, c.Counties[1], 2025, "")
	c.Must(err)
	_, err = c.Campaigns.OpenChecks(t.Context(), officer, c.Counties[1], 2025, nil)
	c.Must(err)
	_, body := c.SignIn(apptest.Login("city-officer", 0)).Get("/inventory")
	for _, county := range c.Counties {
		if !strings.Contains(body, `class="tile`) || strings.Count(body, c.Places.Name(county)) < 3 {
			t.Errorf("%s is not on the map", c.Places.Name(county))
		}
	}
}
