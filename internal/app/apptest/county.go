package apptest

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// County is a city whose first county is being checked.
type County struct {
	*City
	Home int64
	Year int
}

// OpenCounty populates a city and opens the check of its first county.
func OpenCounty(t testing.TB, city *City) County {
	t.Helper()
	city.Populate()
	city.Clock.Set("2025-12-01")
	c := County{city, city.Counties[0], 2025}
	_, err := c.Campaigns.Begin(t.Context(), c.As("county-officer", 1), c.Home, c.Year, "")
	c.Must(err)
	n, err := c.Campaigns.OpenChecks(t.Context(), c.As("county-officer", 1), c.Home, c.Year, nil)
	c.Must(err)
	if n != 12 { // 4 villages and 8 groups
		t.Fatalf("%d checks were opened", n)
	}
	return c
}

// Must stops the test at an error.
func (c County) Must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(fault.Of(err).Key, err)
	}
}

// Refused demands that err is a refusal by a rule.
func (c County) Refused(err error, key string) {
	c.t.Helper()
	if err == nil || fault.Of(err).Key != key {
		c.t.Fatalf("it should be refused by %s: %v", key, err)
	}
}

// Checks lists the checks of the county, by number.
func (c County) Checks() []inventory.Check {
	c.t.Helper()
	all, err := store.Read(c.t.Context(), c.Host.Store, func(v *store.View) ([]inventory.Check, error) {
		return inventory.OfYear(v, c.Home, c.Year)
	})
	c.Must(err)
	return all
}

// Check reads a check by its number.
func (c County) Check(id int64) inventory.Check {
	c.t.Helper()
	for _, k := range c.Checks() {
		if k.ID == id {
			return k
		}
	}
	c.t.Fatalf("there is no check %d", id)
	return inventory.Check{}
}

// Index is where a place stands in Drafts.
func (c County) Index(place int64) int { return slices.Index(c.IDs, place) }

// Village is the index of the village a check lies in.
func (c County) Village(k inventory.Check) int {
	i := c.Index(k.Place)
	if c.Drafts[i].Level == division.Group {
		return c.Drafts[i].Parent
	}
	return i
}

// Do acts on the case of a check.
func (c County) Do(k inventory.Check, actor access.Actor, a flow.Act) error {
	ref := procedure.Ref{Home: k.Home, ID: k.Case}
	file, err := store.Read(c.t.Context(), c.Host.Store, func(v *store.View) (procedure.File, error) {
		return c.Host.Procedures.Load(v, ref)
	})
	if err != nil {
		return err
	}
	_, err = c.Host.Procedures.Do(c.t.Context(), actor, ref, file.Version, a)
	return err
}

// Team is a team as large as the pack asks.
var Team = []inventory.Member{{Role: "cadre", Name: "甲某"}, {Role: "accountant", Name: "乙某"},
	{Role: "supervisor", Name: "丙某"}, {Role: "member", Name: "丁某"}, {Role: "member", Name: "戊某"}}

// Submit counts everything as booked and hands it in.
func (c County) Submit(k inventory.Check) {
	c.t.Helper()
	accountant := c.As("accountant", c.Village(k))
	c.Must(c.Inventory.SetTeam(c.t.Context(), accountant, k.Ref(), Team))
	c.Must(c.Inventory.CarryForward(c.t.Context(), accountant, k.Ref(), c.Check(k.ID).Version))
	c.Must(c.Do(c.Check(k.ID), accountant, flow.Act{Verb: flow.Submit}))
	c.Must(c.Do(c.Check(k.ID), accountant, flow.Act{Verb: flow.Post}))
}

// Confirm ends the notice and lets the members vote.
func (c County) Confirm(k inventory.Check) {
	c.t.Helper()
	head := c.As("head", c.Village(k))
	record := decision.Record{Body: decision.Representatives, CalledOn: c.Clock.Today().AddDays(-7),
		HeldOn:   c.Clock.Today(),
		Eligible: 30, OnSite: 25, Yes: 24, No: 1}
	c.Must(c.Do(k, head, flow.Act{Verb: flow.Decide, Record: &record}))
}

// Approve takes a check through all levels to its approval. The sample must have been drawn.
func (c County) Approve(k inventory.Check) {
	c.t.Helper()
	township := c.Drafts[c.Village(k)].Parent
	c.Must(c.Do(k, c.As("reviewer", township), flow.Act{Verb: flow.Approve}))
	if c.Check(k.ID).Sample == inventory.Drawn {
		c.Refused(c.Do(k, c.As("county-leader", 1), flow.Act{Verb: flow.Approve}),
			"inventory.not_rechecked")
		c.Must(c.Inventory.Recheck(c.t.Context(), c.As("county-auditor", 1), k.Ref(), "match", "同账面"))
	}
	c.Must(c.Do(k, c.As("county-leader", 1), flow.Act{Verb: flow.Approve}))
}

// Pass moves the clock to a day and lets the program do what falls due.
func (c County) Pass(day period.Date) {
	c.t.Helper()
	c.Clock.Set(day)
	_, err := c.Host.Procedures.Tick(c.t.Context())
	c.Must(err)
}

// Explain answers every finding of a check.
func (c County) Explain(k inventory.Check) []string {
	c.t.Helper()
	found, err := store.Read(c.t.Context(), c.Host.Store, func(v *store.View) ([]inventory.Finding, error) {
		return inventory.FindingsOf(v, k.Ref())
	})
	c.Must(err)
	var rules []string
	for _, f := range found {
		rules = append(rules, f.Rule)
		c.Must(c.Inventory.Explain(c.t.Context(), c.As("accountant", c.Village(k)), k.Ref(), f.Number,
			"年初已核对"))
	}
	return rules
}

// Photo is a picture that has been put on disk, as evidence for a row.
func (c County) Photo() *files.Blob {
	c.t.Helper()
	var picture bytes.Buffer
	c.Must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))))
	blob, err := c.Host.Files.Put(c.t.Context(), "photo.png", &picture)
	c.Must(err)
	return &blob
}
