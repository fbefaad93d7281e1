package reporting_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// statistics is the annual form, which asks most when nobody keeps books.
const statistics = "collective-economy"

type world struct {
	*apptest.City
	t    *testing.T
	home int64
}

// open is a city on 12 January 2026 whose first county has ordered the annual statistics of 2025.
func open(t *testing.T, city *apptest.City) world {
	city.Populate()
	city.Clock.Set("2026-01-12")
	w := world{city, t, city.Counties[0]}
	_, err := w.Reporting.Begin(t.Context(), w.As("county-officer", 1), reporting.Order{County: w.home,
		Form: statistics, Period: "2025"})
	w.must(err)
	w.must(w.Host.Jobs.Drain(apptest.Machine(t.Context())))
	return w
}

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w world) refused(err error, key string) {
	w.t.Helper()
	if !fault.HasKey(err, key) {
		w.t.Fatalf("not refused by %s: %v", key, err)
	}
}

func (w world) all() (list []reporting.Report) {
	w.t.Helper()
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) (err error) {
		list, err = w.Reporting.Search(v, reporting.Query{Scope: access.Under(w.Host.Access.Path(w.Top)),
			Limit: 500})
		return err
	}))
	return list
}

func (w world) report(id int64) reporting.Report {
	w.t.Helper()
	p, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (reporting.Report, error) {
		return reporting.Get(v, reporting.Ref{Home: w.home, ID: id})
	})
	w.must(err)
	return p
}

// index is the place of a place in Drafts, at a level or above.
func (w world) index(place int64, level division.Level) int {
	i := slices.Index(w.IDs, place)
	for w.Drafts[i].Level > level {
		i = w.Drafts[i].Parent
	}
	return i
}

func (w world) act(kase int64, actor access.Actor, a flow.Act) error {
	return w.Host.Store.Write(w.t.Context(), func(tx *store.Tx) error {
		_, err := w.Host.Procedures.DoIn(tx, actor, procedure.Ref{Home: w.home, ID: kase}, 0, a)
		return err
	})
}

func amount(n int64) *int64 { return &n }

// figures are what a unit types: 501, 502, costs and the rest.
func figures(revenue int64) map[string]*int64 {
	return map[string]*int64{"operating_revenue": amount(revenue), "investment_income": amount(30_000_00),
		"operating_expenditure": amount(180_000_00), "taxes": amount(6_000_00),
		"admin_expense":  amount(60_000_00),
		"subsidy_income": amount(80_000_00), "to_members": amount(0), "total_assets": amount(900_000_00),
		"total_liabilities": amount(100_000_00), "employed": amount(5), "dividend_households": amount(0)}
}

func (w world) accountant(p reporting.Report) access.Actor {
	return w.As("accountant", w.index(p.Place, division.Village))
}

func (w world) reviewer(p reporting.Report) access.Actor {
	return w.As("reviewer", w.index(p.Place, division.Township))
}

func (w world) submit(p reporting.Report, values map[string]*int64) error {
	w.t.Helper()
	w.must(w.Reporting.Save(w.t.Context(), w.accountant(p), p.Ref(), 0, values))
	return w.act(p.Case, w.accountant(p), flow.Act{Verb: flow.Submit})
}

// approve explains what is warned of and lets the township approve.
func (w world) approve(p reporting.Report) error {
	w.t.Helper()
	found, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]reporting.Finding, error) {
		return reporting.FindingsOf(v, p.Ref())
	})
	w.must(err)
	now := w.report(p.ID)
	for _, f := range found {
		if f.Round == now.Round {
			w.must(w.Reporting.Explain(w.t.Context(), w.accountant(p), p.Ref(), f.Number, "属实"))
		}
	}
	return w.act(now.Case, w.reviewer(p), flow.Act{Verb: flow.Approve})
}

func (w world) sum(place int64) (whole reporting.Sum, parts []reporting.Sum, f *reporting.Form) {
	w.t.Helper()
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) (err error) {
		if f, err = w.Reporting.Form(v, statistics); err != nil {
			return err
		}
		whole, parts, err = w.Reporting.SumsOf(v, f, "2025", place)
		return err
	}))
	return whole, parts, f
}

// compile takes the roll-up of a place to its acceptance.
func (w world) compile(place int64, by, accepts access.Actor) error {
	w.t.Helper()
	if err := w.Reporting.Compile(w.t.Context(), by, statistics, "2025", place); err != nil {
		return err
	}
	one, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (reporting.RollUp, error) {
		one, _, err := reporting.RollUpOf(v, w.home, statistics, "2025", place)
		return one, err
	})
	w.must(err)
	if err := w.act(one.Case, by, flow.Act{Verb: flow.Submit}); err != nil {
		w.must(w.act(one.Case, by, flow.Act{Verb: flow.Withdraw, Reason: "未齐"}))
		return err
	}
	return w.act(one.Case, accepts, flow.Act{Verb: flow.Approve})
}

// TestAReportUpTheTree is the whole way: opened, filled, refused, submitted, explained, approved, rolled up
// by townships and county, accepted, locked; the bands, both incomes and the ratio come out right.
func TestAReportUpTheTree(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		list := w.all()
		if len(list) != 12 || list[0].Due != "2026-02-28" || list[0].Asked == 0 {
			t.Fatalf("%d reports: %+v", len(list), list)
		}
		one := list[0]
		wrong := figures(420_000_00)
		wrong["employed"] = amount(500) // more than its 120 members
		w.refused(w.submit(one, wrong), "reporting.unsound")
		w.refused(w.Reporting.Save(t.Context(), w.accountant(one), one.Ref(), 0,
			map[string]*int64{"members": amount(7)}), "reporting.not_asked")
		for _, p := range list {
			revenue := int64(420_000_00)
			if p.Level == division.Group {
				revenue = 250_000_00
			}
			w.must(w.submit(p, figures(revenue)))
		}
		w.refused(w.Reporting.Save(t.Context(), w.accountant(one), one.Ref(), 0, figures(1)),
			"reporting.not_filling")
		w.refused(w.act(one.Case, w.accountant(one), flow.Act{Verb: flow.Approve}), "access.forbidden")
		w.returned(one)
		for _, p := range list[1:] {
			w.must(w.approve(p))
		}
		w.upward(one)
		w.checked(list)
	})
}

// returned sends one back: it is in no sum until it is approved again.
func (w world) returned(p reporting.Report) {
	w.t.Helper()
	w.must(w.act(p.Case, w.reviewer(p), flow.Act{Verb: flow.Return, To: "filling", Reason: "核对"}))
	if now := w.report(p.ID); now.Stage != reporting.Filling || now.Round != 2 || now.Cells != "" {
		w.t.Fatalf("%+v", now)
	}
	if whole, _, _ := w.sum(w.home); whole.Approved != 0 || whole.Of != 12 || whole.Total.Rows != 0 {
		w.t.Fatalf("nothing is approved yet: %+v", whole)
	}
}

func (w world) upward(missing reporting.Report) {
	w.t.Helper()
	officer, leader := w.As("county-officer", 1), w.As("county-leader", 1)
	township := w.index(missing.Place, division.Township)
	by := w.As("leader", township)
	w.refused(w.compile(w.IDs[township], by, leader), "reporting.children")
	w.must(w.submit(missing, figures(420_000_00)))
	w.must(w.approve(missing))
	w.refused(w.compile(w.home, officer, w.As("city-leader", 0)), "reporting.townships")
	w.must(w.compile(w.IDs[township], by, leader))
	w.refused(w.Reporting.Reopen(w.t.Context(), w.reviewer(missing), missing.Ref(), "更正"),
		"reporting.rolled_up")
	for _, child := range w.Places.Children(w.home) {
		if i := slices.Index(w.IDs, child); i != township {
			w.must(w.compile(child, w.As("leader", i), leader))
		}
	}
	w.must(w.compile(w.home, officer, w.As("city-leader", 0)))
	w.must(w.Host.Jobs.Drain(apptest.Machine(w.t.Context())))
}

func (w world) checked(list []reporting.Report) {
	w.t.Helper()
	whole, parts, f := w.sum(w.home)
	value := func(key string) int64 { return whole.Total.Cells[f.Index(key)].Amount }
	// Four villages have 450,000 gross and 204,000 net, eight groups 280,000 and 34,000.
	for key, want := range map[string]int64{"gross_operating_income": 4*450_000_00 + 8*280_000_00,
		"net_operating_income": 4*204_000_00 + 8*34_000_00, "gross_to_500k": 12, "net_to_500k": 4,
		"net_under_50k": 8, "members": 12 * 120, "net_none": 0} {
		if value(key) != want {
			w.t.Errorf("%s is %d, not %d", key, value(key), want)
		}
	}
	if i := f.Index("gross_per_member"); f.Text(i, whole.Total.Value(i)) != "2,805.56" {
		w.t.Errorf("a member has %s", f.Text(i, whole.Total.Value(i)))
	}
	if whole.Approved != 12 || len(parts) != 2 || parts[0].Total.Rows+parts[1].Total.Rows != 12 {
		w.t.Errorf("%+v", whole)
	}
	for _, p := range list {
		if now := w.report(p.ID); now.Stage != reporting.Locked || now.Late(w.Clock.Today()) {
			w.t.Errorf("%s is %s", now.Name, now.Stage)
		}
	}
	w.refused(w.Reporting.Reopen(w.t.Context(), w.reviewer(list[0]), list[0].Ref(), "更正"),
		"reporting.not_approved")
	w.Proven()
}

// TestOnlyApprovedReportsAdd: an approved report that is opened again leaves the sum, and verify names a
// total that somebody changed.
func TestOnlyApprovedReportsAdd(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		p := w.all()[0]
		w.must(w.submit(p, figures(420_000_00)))
		w.must(w.approve(p))
		if whole, _, _ := w.sum(w.home); whole.Total.Rows != 1 {
			t.Fatalf("%+v", whole)
		}
		w.must(w.Reporting.Reopen(t.Context(), w.reviewer(p), p.Ref(), "更正"))
		if whole, _, _ := w.sum(w.home); whole.Total.Rows != 0 || whole.Approved != 0 {
			t.Fatalf("it still counts: %+v", whole)
		}
		w.must(w.submit(w.report(p.ID), figures(500_000_00)))
		w.must(w.approve(w.report(p.ID)))
		w.Proven()
		storetest.Tamper(t, w.Host.Store, "UPDATE report_total SET place = place + 1")
		report, err := w.Verify(t.Context(), func(int, int) {})
		w.must(err)
		if !slices.ContainsFunc(report.Findings,
			func(f fault.Finding) bool { return f.Key == "reporting.verify.total" }) {
			t.Errorf("verify finds %v", report.Findings)
		}
	})
}

// TestGuards: notice, days off, the number of asks, emergencies, exceptions and locking days.
func TestGuards(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		officer, leader := w.As("county-officer", 1), w.As("county-leader", 1)
		order := func(form, at string) error {
			_, err := w.Reporting.Begin(t.Context(), officer, reporting.Order{County: w.home, Form: form,
				Period: at})
			return err
		}
		w.refused(order(statistics, "2025"), "reporting.round_exists")
		w.refused(order(statistics, "2026"), "reporting.too_early")
		w.refused(order(statistics, "2024"), "reporting.too_late")
		w.refused(order(statistics, "2025-01"), "reporting.period")
		w.refused(order("nothing", "2025"), "reporting.no_form")
		_, err := w.Reporting.Begin(t.Context(), w.As("county-officer", 2), reporting.Order{County: w.home,
			Form: statistics, Period: "2025"})
		if fault.Of(err).Code != fault.NotFound {
			t.Errorf("the neighbour: %v", err)
		}
		hurry := reporting.Order{County: w.home, Form: "receipts-payments", Period: "2025-12",
			Emergency: true,
			Reason:    "上级急查", Due: "2026-01-13", Approver: officer.Account}
		_, err = w.Reporting.Begin(t.Context(), officer, hurry)
		w.refused(err, "reporting.approver")
		hurry.Approver = leader.Account
		round, err := w.Reporting.Begin(t.Context(), officer, hurry)
		w.must(err)
		w.must(w.Host.Jobs.Drain(apptest.Machine(t.Context())))
		if len(w.all()) != 12 {
			t.Error("an emergency opened without its approver")
		}
		ref := reporting.Ref{Home: round.Home, ID: round.ID}
		if err := w.Reporting.Approve(t.Context(), officer, ref); fault.Of(err).Code != fault.Forbidden {
			t.Errorf("%v", err)
		}
		w.must(w.Reporting.Approve(t.Context(), leader, ref))
		w.must(w.Host.Jobs.Drain(apptest.Machine(t.Context())))
		if len(w.all()) != 24 {
			t.Errorf("%d reports", len(w.all()))
		}
		w.exceptions(officer)
	})
}

// exceptions: another day for one unit, and one that need not report.
func (w world) exceptions(officer access.Actor) {
	w.t.Helper()
	list := w.all()
	w.must(w.Reporting.Except(w.t.Context(), officer, list[0].Ref(), reporting.Exception{Due: "2026-04-30",
		Locks: "2026-05-31", Reason: "洪灾"}))
	w.must(w.Reporting.Except(w.t.Context(), officer, list[1].Ref(), reporting.Exception{Excused: true,
		Reason: "正在合并"}))
	w.refused(w.Reporting.Except(w.t.Context(), officer, list[2].Ref(),
		reporting.Exception{Due: "2027-01-01",
			Reason: "晚了"}), "reporting.dates")
	w.Clock.Set("2026-04-10")
	w.must(w.Reporting.Save(w.t.Context(), w.accountant(list[0]), list[0].Ref(), 0, figures(1)))
	w.refused(w.Reporting.Save(w.t.Context(), w.accountant(list[2]), list[2].Ref(), 0, figures(1)),
		"reporting.locked")
	whole, _, _ := w.sum(w.home)
	if whole.Of != 11 || whole.Late != 10 {
		w.t.Errorf("%d are due, %d late", whole.Of, whole.Late)
	}
	w.Proven()
}

const proposal = `key: orchards
version: 1
title: {zh: 果园情况表, en: Orchards}
purpose: {zh: 掌握果园面积, en: How much is orchard}
owner: {zh: 区县农业农村部门, en: County agriculture office}
basis: 县农发〔2026〕1号
mark: config
every: year
unit: place
levels: [village]
from: 2026-01-01
sunset: 2028-01-01
procedure: report-year
opens: {working_days: 5}
due: {day: "02-28", year: 1}
locks: {day: "03-31", year: 1}
cells:
  - {key: orchard, element: orchard.area, title: {zh: 果园面积, en: Orchards}, kind: area,
     nature: stock, tag: asked, seconds: 60, min: 0}
  - {key: trees, element: orchard.trees, title: {zh: 株数, en: Trees}, kind: count,
     nature: stock, tag: asked, seconds: 60, min: 0}
rules:
  - {key: both, expr: (orchard > 0) == (trees > 0), cells: [orchard, trees],
     text: {zh: 面积与株数应同时有数, en: neither without the other}}
`

// TestAdmission: a near-duplicate and what is held are refused by name; a new form is admitted by another
// person, opens for places, and stops by itself.
func TestAdmission(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		officer, leader := w.As("county-officer", 1), w.As("county-leader", 1)
		held := strings.NewReplacer("orchard.area", "income.operating_revenue", "orchard.trees",
			"registry.members").
			Replace(proposal)
		_, err := w.Reporting.Propose(t.Context(), officer, w.home, held)
		w.refused(err, "reporting.admit_refused")
		if found := fault.Of(err).Findings; !slices.ContainsFunc(found, func(f fault.Finding) bool {
			return f.Key == "reporting.admit.holder" && strings.Contains(f.String(),
				"Books of the collective")
		}) {
			t.Errorf("what holds it is not named: %v", found)
		}
		_, err = w.Reporting.Propose(t.Context(), officer, w.home, strings.Replace(proposal,
			"sunset: 2028-01-01", "", 1))
		w.refused(err, "reporting.admit_refused")
		p, err := w.Reporting.Propose(t.Context(), officer, w.home, proposal)
		w.must(err)
		order := reporting.Order{County: w.home, Form: "orchards", Period: "2025"}
		_, err = w.Reporting.Begin(t.Context(), officer, order)
		w.refused(err, "reporting.no_form")
		w.must(w.act(p.Case, officer, flow.Act{Verb: flow.Submit}))
		w.must(w.act(p.Case, leader, flow.Act{Verb: flow.Approve}))
		_, err = w.Reporting.Begin(t.Context(), officer, order)
		w.must(err)
		w.must(w.Host.Jobs.Drain(apptest.Machine(t.Context())))
		if n := len(w.all()); n != 16 {
			t.Errorf("%d reports with those of four villages", n)
		}
		w.Clock.Set("2028-01-11")
		order.Period = "2027"
		_, err = w.Reporting.Begin(t.Context(), officer, order)
		w.refused(err, "reporting.form_ended")
		w.Proven()
	})
}

// TestTheNextPeriodOpensByItself: what a county has begun goes on, and looks back.
func TestTheNextPeriodOpensByItself(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		p := w.all()[0]
		w.must(w.submit(p, figures(420_000_00)))
		w.must(w.approve(p))
		w.Clock.Set("2027-01-11")
		w.must(w.Reporting.Next(t.Context(), w.home))
		w.must(w.Host.Jobs.Drain(apptest.Machine(t.Context())))
		list := slices.DeleteFunc(w.all(), func(one reporting.Report) bool { return one.Period != "2026" })
		if len(list) != 12 {
			t.Fatalf("%d reports of 2026", len(list))
		}
		i := slices.IndexFunc(list,
			func(one reporting.Report) bool { return one.Organisation == p.Organisation })
		values := figures(420_000_00)
		values["total_assets"] = amount(100_00)
		w.must(w.submit(list[i], values))
		found, err := store.Read(t.Context(), w.Host.Store, func(v *store.View) ([]reporting.Finding,
			error) {
			return reporting.FindingsOf(v, list[i].Ref())
		})
		w.must(err)
		if len(found) != 1 || found[0].Rule != "assets-halved-or-doubled" ||
			found[0].Severity != fault.Warning {
			t.Errorf("%+v", found)
		}
		w.refused(w.act(list[i].Case, w.reviewer(p), flow.Act{Verb: flow.Approve}), "reporting.unexplained")
	})
}
