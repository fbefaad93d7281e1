package campaign_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// county is a county being checked.
type county struct {
	apptest.County
	t *testing.T
}

func open(t *testing.T, city *apptest.City) county { return county{apptest.OpenCounty(t, city), t} }

// all takes every check of the county to its approval.
func (c county) all() {
	c.t.Helper()
	for _, k := range c.Checks() {
		c.Submit(k)
	}
	c.Pass("2026-01-05")
	drawn, err := c.Campaigns.DrawSample(c.t.Context(), c.As("county-auditor", 1), c.Home, c.Year)
	c.Must(err)
	if drawn != 1 { // a tenth of twelve
		c.t.Fatalf("%d were drawn", drawn)
	}
	for _, k := range c.Checks() {
		c.Confirm(k)
		c.Explain(k)
		c.Approve(k)
	}
}

// TestACheckThroughFourLevels is the whole job: opened by the county, counted, on notice, confirmed,
// reviewed, approved, rolled up, accepted, locked, corrected in the year after.
func TestACheckThroughFourLevels(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		c := open(t, city)
		officer := c.As("county-officer", 1)
		c.Refused(c.Campaigns.BeginRollUp(t.Context(), c.As("county-officer", 2), c.Home, c.Year),
			"access.outside")
		c.all()
		c.Must(c.Campaigns.BeginRollUp(t.Context(), officer, c.Home, c.Year))
		c.rollUp(officer, flow.Submit)
		c.rollUp(c.As("city-leader", 0), flow.Approve)
		for _, k := range c.Checks() {
			if k.Stage != inventory.Locked {
				t.Errorf("%s is %s", k.Name, k.Stage)
			}
		}
		c.sums()
		c.correct(officer)
		c.verify()
	})
}

func (c county) rollUp(actor access.Actor, verb flow.Verb) {
	c.t.Helper()
	file, found, err := storeFile(c)
	c.Must(err)
	if !found {
		c.t.Fatal("there is no roll-up")
	}
	_, err = c.Host.Procedures.Do(c.t.Context(), actor, procedure.Ref{Home: file.Home, ID: file.ID},
		file.Version, flow.Act{Verb: verb})
	c.Must(err)
}

func storeFile(c county) (file procedure.File, found bool, err error) {
	err = c.Host.Store.View(c.t.Context(), func(v *store.View) error {
		file, found, err = c.Host.Procedures.BySubject(v, c.Home, "annual-roll-up", "campaign/2025")
		return err
	})
	return file, found, err
}

// sums: the county equals its townships, and these their villages, exactly and of all organisations.
func (c county) sums() {
	c.t.Helper()
	c.Must(c.Host.Store.View(c.t.Context(), func(v *store.View) error {
		whole, parts, err := c.Inventory.SumsOf(v, c.Home, c.Year)
		if err != nil {
			return err
		}
		sum := make([]int64, len(whole.Figures))
		for _, p := range parts {
			if err := count.Add(sum, p.Figures); err != nil {
				return err
			}
		}
		if !slices.Equal(sum, whole.Figures) || whole.Approved != 12 || whole.Of != 12 || len(parts) != 2 {
			c.t.Errorf("the townships give %v, the county has %v of %d/%d", sum, whole.Figures,
				whole.Approved, whole.Of)
		}
		if h := c.Inventory.HeadlineOf(whole.Figures); h.Verified != 12*730_000_00 ||
			h.Operating != 12*250_000_00 {
			c.t.Errorf("the county has %+v", h)
		}
		return nil
	}))
}

// correct enters an adjustment of what is locked; it opens the year after.
func (c county) correct(officer access.Actor) {
	c.t.Helper()
	k := c.Checks()[0]
	a := inventory.Adjustment{Home: k.Home, Check: k.ID, Row: 1, Amount: 1000_00, Reason: "漏记",
		Document: "渝农〔2026〕1号"}
	c.Must(c.Inventory.Adjust(c.t.Context(), officer, a))
	card, err := store.Read(c.t.Context(), c.Host.Store, func(v *store.View) (assets.Asset, error) {
		cards, err := assets.OfOrganisation(v, k.Home, k.Organisation, "", 1)
		return cards[0], err
	})
	c.Must(err)
	if card.Cost != 251_000_00 {
		c.t.Errorf("the card has %v", card.Cost)
	}
}

// verify runs every check of the modules concerned.
func (c county) verify() {
	c.t.Helper()
	for _, m := range c.Modules() {
		for _, check := range m.Checks {
			c.Must(check.Run(c.t.Context(), func(f fault.Finding) {
				c.t.Errorf("%s: %s %v", check.Name,
					f.Key, f.Args)
			}))
		}
	}
}

// TestGuards: what holds a check back, each by its rule.
func TestGuards(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		c := open(t, city)
		k := c.Checks()[0]
		accountant := c.As("accountant", c.Village(k))
		submit := func() error { return c.Do(c.Check(k.ID), accountant, flow.Act{Verb: flow.Submit}) }
		c.Refused(submit(), "inventory.team_small")
		c.Must(c.Inventory.SetTeam(t.Context(), accountant, k.Ref(), apptest.Team))
		c.Refused(submit(), "inventory.uncounted")
		booked := inventory.Entry{Verdict: count.Match, Counted: 250_000_00, UseState: "self"}
		_, err := c.Inventory.Count(t.Context(), accountant, k.Ref(), 1, booked)
		c.Must(err)
		less := booked
		less.Counted = 200_000_00
		_, err = c.Inventory.Count(t.Context(), accountant, k.Ref(), 1, less)
		c.Refused(err, "inventory.verdict_fits")
		_, err = c.Inventory.Count(t.Context(), c.As("accountant", c.Drafts[c.Village(k)].Parent+1+8),
			k.Ref(), 1, booked)
		if fault.Of(err).Code != fault.NotFound && fault.Of(err).Code != fault.Forbidden {
			t.Errorf("the neighbour's accountant: %v", err)
		}
		c.Must(c.Inventory.CarryForward(t.Context(), accountant, k.Ref(), c.Check(k.ID).Version))
		c.Must(submit())
		_, err = c.Inventory.Count(t.Context(), accountant, k.Ref(), 1, booked)
		c.Refused(err, "inventory.not_counting")
		c.Refused(c.Campaigns.BeginRollUp(t.Context(), accountant, c.Home, 2025), "access.forbidden")
	})
}

// TestEvidence: a counted house without photo and position does not pass; an unchanged one carried
// forward does (TestACheckThroughFourLevels).
func TestEvidence(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		c := open(t, city)
		k := c.Checks()[0]
		accountant := c.As("accountant", c.Village(k))
		c.Must(c.Inventory.SetTeam(t.Context(), accountant, k.Ref(), apptest.Team))
		for number, e := range []inventory.Entry{{Counted: 250_000_00, UseState: "self"},
			{Counted: 480_000_00, UseState: "self"},
			{CountedArea: 66_667_00, UseState: "contracted", LandUse: "contracted"}, {CountedArea: 2_000_00,
				UseState: "self"}} {
			e.Verdict = count.Match
			_, err := c.Inventory.Count(t.Context(), accountant, k.Ref(), int64(number+1), e)
			c.Must(err)
		}
		err := c.Do(c.Check(k.ID), accountant, flow.Act{Verb: flow.Submit})
		c.Refused(err, "inventory.evidence")
		if args := fault.Of(err).Args; len(args) != 1 || args[0] != int64(4) {
			t.Errorf("it names %v", args)
		}
		// What differs needs them even where the rest is carried forward.
		k = c.Checks()[1]
		accountant = c.As("accountant", c.Village(k))
		c.Must(c.Inventory.SetTeam(t.Context(), accountant, k.Ref(), apptest.Team))
		_, err = c.Inventory.Count(t.Context(), accountant, k.Ref(), 1,
			inventory.Entry{Verdict: count.Misused, Counted: 250_000_00, UseState: "occupied"})
		c.Must(err)
		c.Must(c.Inventory.CarryForward(t.Context(), accountant, k.Ref(), c.Check(k.ID).Version))
		c.Refused(c.Do(c.Check(k.ID), accountant, flow.Act{Verb: flow.Submit}), "inventory.evidence")
	})
}

// TestGainAndLossReachTheCards: what the check verified is what next year opens with.
func TestGainAndLossReachTheCards(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		c := open(t, city)
		k := c.Checks()[0]
		accountant := c.As("accountant", c.Village(k))
		c.Must(c.Inventory.SetTeam(t.Context(), accountant, k.Ref(), apptest.Team))
		here := inventory.Entry{Latitude: 29_562849, Longitude: 106_551643}
		gone, found := here, here
		gone.Verdict, gone.Counted, gone.UseState = count.Loss, 0, "self"
		_, err := c.Inventory.Count(t.Context(), accountant, k.Ref(), 1, gone)
		c.Must(err)
		found.Photo = c.Photo()
		found.Verdict, found.Counted, found.UseState, found.Class, found.Kind = count.Gain, 9_000_00,
			"idle", assets.Operating, "tool"
		_, err = c.Inventory.Add(t.Context(), accountant, k.Ref(),
			inventory.RowEntry{Form: "fixed", Name: "抽水机", Entry: found})
		c.Must(err)
		c.Must(c.Inventory.CarryForward(t.Context(), accountant, k.Ref(), c.Check(k.ID).Version))
		c.Must(c.Do(c.Check(k.ID), accountant, flow.Act{Verb: flow.Submit}))
		c.Must(c.Do(c.Check(k.ID), accountant, flow.Act{Verb: flow.Post}))
		c.Pass("2026-01-05")
		_, err = c.Campaigns.DrawSample(t.Context(), c.As("county-auditor", 1), c.Home, c.Year)
		c.Must(err)
		c.Confirm(k)
		if rules := c.Explain(k); !slices.Contains(rules, "balance") {
			t.Errorf("the cross-checks found %v", rules)
		}
		c.Approve(k)
		cards, err := store.Read(t.Context(), c.Host.Store, func(v *store.View) ([]assets.Asset, error) {
			return assets.OfOrganisation(v, k.Home, k.Organisation, "", 10)
		})
		c.Must(err)
		var names []string
		for _, a := range cards {
			names = append(names, a.Name)
		}
		if got := strings.Join(names, " "); got != "村道 河坝田 水塘 抽水机" {
			t.Errorf("the organisation has %s", got)
		}
		c.verify()
	})
}

// TestAlteredByHand: what somebody changes in the database behind the program's back is named by verify,
// with table and row.
func TestAlteredByHand(t *testing.T) {
	for name, statement := range map[string]string{
		"inventory_row":   "UPDATE inventory_row SET verified = verified + 100 WHERE number = 1",
		"inventory_check": "UPDATE inventory_check SET counted = 0",
		"asset":           "UPDATE asset SET cost = cost + 1 WHERE number = '001'",
		"campaign":        "UPDATE campaign SET sample_share = 1",
		"organisation":    "UPDATE organisation SET members = members + 1",
	} {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, city *apptest.City) {
				c := open(t, city)
				c.Submit(c.Checks()[0])
				c.Proven()
				storetest.Tamper(t, c.Host.Store, statement)
				report, err := c.Verify(t.Context(), func(int, int) {})
				c.Must(err)
				named := slices.ContainsFunc(report.Findings, func(f fault.Finding) bool {
					return strings.Contains(fmt.Sprint(f.Args...)+f.Sheet, name)
				})
				if !named {
					t.Errorf("verify finds %v", report.Findings)
				}
			})
		})
	}
}
