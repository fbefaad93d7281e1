package supervision_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/supervision"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// town is a city whose rules are asked.
type town struct {
	*apptest.City
	t    *testing.T
	home int64
	shed assets.Ref // a card of the village with index 7
	of   registry.Ref
}

// village is the index in Drafts of the village whose shed is let: 1 city, 2 counties, 4 townships before it.
const village, township = 7, 3

func each(t *testing.T, fn func(*town)) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) { populated(t, city, fn) })
}

func populated(t *testing.T, city *apptest.City, fn func(*town)) {
	x := &town{City: city.Populate(), t: t}
	x.home = x.Counties[0]
	x.of = x.at(village)
	x.shed = assets.Ref{Home: x.home, ID: x.card("001")}
	fn(x)
	x.Proven()
}

// at is the organisation of a place by its index in Drafts.
func (x *town) at(index int) (of registry.Ref) {
	x.t.Helper()
	x.read(func(v *store.View) error {
		o, _, err := registry.At(v, x.IDs[index])
		of = o.Ref()
		return err
	})
	return of
}

func (x *town) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(fault.Of(err).Key, err)
	}
}

func (x *town) read(fn func(*store.View) error) {
	x.t.Helper()
	x.must(x.Host.Store.View(x.t.Context(), fn))
}

func (x *town) card(number string) (id int64) {
	x.t.Helper()
	x.read(func(v *store.View) (err error) {
		id, err = store.Count(v, `SELECT id FROM asset WHERE home = ? AND organisation = ? AND number = ?`,
			x.of.Home,
			x.of.ID, number)
		return err
	})
	return id
}

// let lets the shed under a contract (none: "") until a day.
func (x *town) let(state, contract string, until period.Date) {
	x.t.Helper()
	x.read(func(v *store.View) error {
		version, err := store.Count(v, `SELECT version FROM asset WHERE home = ? AND id = ?`, x.shed.Home,
			x.shed.ID)
		if err != nil {
			return err
		}
		use := assets.Use{Act: assets.Act{Ref: x.shed, Version: version, On: x.Clock.Today(),
			Document: "决议", Reason: "出租"},
			State: state, User: "某商行", Contract: contract, AnnualFee: 100_000}
		if state == "self" {
			use = assets.Use{Act: use.Act, State: state}
		} else if until != "" {
			use.From, use.To = "2024-01-01", until
		}
		_, err = x.Assets.ChangeUse(apptest.Machine(x.t.Context()), x.As("accountant", village), use)
		return err
	})
}

func (x *town) run() supervision.Tally {
	x.t.Helper()
	tally, err := x.Supervision.RunCounty(x.t.Context(), x.home)
	x.must(err)
	return tally
}

func (x *town) ran(want supervision.Tally) {
	x.t.Helper()
	if got := x.run(); got != want {
		x.t.Fatalf("the run did %+v, want %+v", got, want)
	}
}

// only is the single finding there is.
func (x *town) only() (f supervision.Finding) {
	x.t.Helper()
	x.read(func(v *store.View) error {
		list, err := supervision.Search(v, supervision.Query{Scope: x.Host.Access.Subtree(x.home),
			Limit: 10})
		if err == nil && len(list) != 1 {
			x.t.Fatalf("%d findings", len(list))
		}
		f = list[0]
		return err
	})
	return f
}

func (x *town) do(office string, index int, verb flow.Verb) error {
	f := x.only()
	_, err := x.Host.Procedures.Do(x.t.Context(), x.As(office, index), procedure.Ref{Home: f.Home,
		ID: f.Case}, 0,
		flow.Act{Verb: verb, Reason: "复核"})
	return err
}

func (x *town) colour() (s rule.Severity) {
	x.t.Helper()
	x.read(func(v *store.View) (err error) {
		s, _, err = supervision.ColourOf(v, x.of.Home, x.of.ID)
		return err
	})
	return s
}

func (x *town) answer(office string, index int, a supervision.Answering) error {
	f := x.only()
	return x.Supervision.Answer(x.t.Context(), x.As(office, index), f.Ref(), f.Version, a)
}

func (x *town) refused(err error, key string) {
	x.t.Helper()
	if !fault.HasKey(err, key) {
		x.t.Errorf("got %v, want %s", err, key)
	}
}

var rectified = supervision.Answering{Outcome: supervision.Rectified, Answer: "已补签合同", Evidence: "合同 H-9"}

// TestLifeOfAFinding: hit, answered, verified by another, closed; let alone while it cools down, opened
// again afterwards; gone is told; the colour follows.
func TestLifeOfAFinding(t *testing.T) {
	each(t, func(x *town) {
		x.ran(supervision.Tally{})
		x.let("leased", "", "")
		x.ran(supervision.Tally{Hits: 1, Raised: 1})
		x.ran(supervision.Tally{Hits: 1})
		f := x.only()
		if f.Rule != "A06-card" || f.Organisation != x.of.ID || x.colour() != rule.Yellow ||
			!strings.Contains(f.TextZh, "某商行") || !strings.Contains(f.TextEn, "no contract") {
			t := x.t
			t.Errorf("%+v, colour %s", f, x.colour())
		}
		x.refused(x.answer("reviewer", township, supervision.Answering{Outcome: supervision.Rectified,
			Answer: "好了"}),
			"supervision.evidence_missing")
		x.refused(x.do("reviewer", township, flow.Submit), "supervision.unanswered")
		x.must(x.answer("reviewer", township, rectified))
		x.refused(x.answer("reviewer", township, rectified), "supervision.not_answering")
		if err := x.do("reviewer", township, flow.Approve); err == nil {
			x.t.Error("the township verified its own answer")
		}
		x.must(x.do("county-auditor", 1, flow.Approve))
		if f := x.only(); f.State != supervision.Closed || f.Outcome != supervision.Rectified ||
			x.colour() != "" {
			x.t.Errorf("%+v, colour %q", f, x.colour())
		}
		x.page("county-officer", 1, ruleOf, "100%")
		x.page("county-officer", 1, "/supervision", "monthly")
		x.Clock.Set(x.Clock.Today().AddDays(89))
		x.ran(supervision.Tally{Hits: 1})
		x.Clock.Set(x.Clock.Today().AddDays(1))
		x.ran(supervision.Tally{Hits: 1, Reopened: 1})
		if f := x.only(); f.State != supervision.Open || f.Times != 2 || f.Answer != "" {
			x.t.Errorf("opened again as %+v", f)
		}
		x.let("self", "", "")
		x.ran(supervision.Tally{Gone: 1})
		x.ran(supervision.Tally{})
		if f := x.only(); f.Gone != x.Clock.Today() || f.State != supervision.Open {
			x.t.Errorf("gone as %+v", f)
		}
		x.must(x.answer("reviewer", township, supervision.Answering{Outcome: supervision.Explained,
			Answer: "已收回"}))
		x.must(x.do("county-officer", 1, flow.Approve))
		x.read(func(v *store.View) error {
			for outcome, want := range map[supervision.Outcome]int64{supervision.Rectified: 1,
				supervision.Explained: 1} {
				n, err := store.Count(v, `SELECT count(*) FROM finding_end WHERE rule = 'A06-card'
					AND rule_version = 1 AND outcome = ?`, outcome)
				if err != nil || n != want {
					x.t.Errorf("%d ends %s (%v)", n, outcome, err)
				}
			}
			return nil
		})
	})
}

const ruleOf = "/supervision/rules/A06-card"

// page demands that a page opens for an office and has one of some texts.
func (x *town) page(office string, index int, address string, texts ...string) {
	x.t.Helper()
	code, body := x.SignIn(apptest.Login(office, index)).Get(address)
	found := len(texts) == 0
	for _, text := range texts {
		found = found || strings.Contains(body, text)
	}
	if code != http.StatusOK || !found || strings.Contains(body, "supervision.") &&
		!strings.Contains(body, `param(&#34;supervision.`) && !strings.Contains(body,
		`<code>supervision.`) {
		x.t.Errorf("%s: %d\n%.2000s", address, code, body)
	}
}

// TestHandedOn: what the verifier refuses goes to discipline inspection and is never opened again.
func TestHandedOn(t *testing.T) {
	each(t, func(x *town) {
		x.let("leased", "", "")
		x.run()
		x.must(x.answer("leader", township, rectified))
		x.must(x.do("county-leader", 1, flow.Refuse))
		if f := x.only(); f.State != supervision.Transferred || f.Outcome != supervision.HandedOn {
			x.t.Errorf("%+v", f)
		}
		x.Clock.Set(x.Clock.Today().AddDays(400))
		x.ran(supervision.Tally{Hits: 1})
	})
}

// TestDirtyOnes: the incremental run asks where something happened, and agrees with a whole one.
func TestDirtyOnes(t *testing.T) {
	each(t, func(x *town) {
		x.run()
		tally, err := x.Supervision.RunDirty(x.t.Context(), x.home)
		x.must(err)
		if tally != (supervision.Tally{}) {
			x.t.Errorf("nothing happened: %+v", tally)
		}
		x.let("leased", "H-1", "2025-10-31")
		tally, err = x.Supervision.RunDirty(x.t.Context(), x.home)
		x.must(err)
		if tally != (supervision.Tally{Hits: 1, Raised: 1}) || x.only().Rule != "A05-card" {
			x.t.Errorf("%+v", tally)
		}
		x.ran(supervision.Tally{Hits: 1})
	})
}

// TestDryRun: what a condition would hit stands beside the version in force; nothing is saved.
func TestDryRun(t *testing.T) {
	each(t, func(x *town) {
		x.let("leased", "", "")
		try := func(trial supervision.Trial) supervision.Forecast {
			x.t.Helper()
			trial.Rule, trial.Home, trial.On = "A06-card", x.home, x.Clock.Today()
			f, err := x.Supervision.Try(x.t.Context(), trial)
			x.must(err)
			return f
		}
		f := try(supervision.Trial{Version: 1})
		if f.Now != 1 || f.Then != 1 || f.Both != 1 || f.NowIs != 1 || !f.Pushed {
			x.t.Errorf("%+v", f)
		}
		f = try(supervision.Trial{When: `use_state == "self" && form == "fixed"`})
		if f.Now != 1 || f.Then != 23 || f.Both != 0 || len(f.Dropped) != 1 || len(f.Added) != 20 ||
			f.Added[0].Address == "" || f.Dropped[0].Text.Chinese == "" {
			x.t.Errorf("%+v", f)
		}
		f = try(supervision.Trial{When: `cost / area > 1`})
		if f.Failed != 24 {
			x.t.Errorf("division by zero on %d cards", f.Failed)
		}
		_, err := x.Supervision.Try(x.t.Context(), supervision.Trial{Rule: "A06-card", Home: x.home,
			On: x.Clock.Today(), When: "costs > 1"})
		x.refused(err, "rule.compile")
		x.read(func(v *store.View) error {
			n, err := store.Count(v, `SELECT count(*) FROM finding`)
			if n != 0 {
				x.t.Errorf("a dry run left %d findings", n)
			}
			return err
		})
		x.page("county-officer", 1, ruleOf+"?home="+strings.TrimSpace(itoa(x.home))+"&version=1", "试算命中 1")
	})
}
