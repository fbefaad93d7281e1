package browsing_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// TestReportsInTheBrowser orders the annual statistics, fills one in by hand, reviews several at once,
// follows them on the boards and proposes a form, in a real browser, in both languages, at a desk and on a
// phone.
func TestReportsInTheBrowser(t *testing.T) {
	eachScreen(t, func(t *testing.T, city *apptest.City, _ string, screen func() *apptest.Screen) {
		city.Clock.Set("2026-01-12")
		w := reportsWalk{city, t, screen(), nil}
		w.order()
		w.fill()
		w.review()
		w.follow()
		w.propose()
	})
}

// reportsWalk is people's way through the annual statistics of the first county.
type reportsWalk struct {
	*apptest.City
	t    *testing.T
	s    *apptest.Screen
	list []reporting.Report
}

func (w *reportsWalk) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// at signs somebody in.
func (w *reportsWalk) at(office string, index int) {
	w.t.Helper()
	w.s.SignOut()
	w.s.SignIn(apptest.Login(office, index))
}

func (w *reportsWalk) shot(name string) { w.t.Helper(); shot(w.s, name) }

// order is the county officer's calendar: a form is ordered with one press.
func (w *reportsWalk) order() {
	w.t.Helper()
	w.at("county-officer", 1)
	w.s.Open("/reports/calendar")
	w.shot("01-calendar")
	w.s.Press(`form:has(input[value="collective-economy"]):not(:has(input[name="emergency"])) button`)
	w.must(w.Host.Jobs.Drain(apptest.Machine(w.t.Context())))
	w.s.Open("/reports/calendar")
	w.shot("02-ordered")
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) (err error) {
		w.list, err = w.Reporting.Search(v, reporting.Query{Limit: 50,
			Scope: access.Under(w.Host.Access.Path(w.Counties[0]))})
		return err
	}))
	if len(w.list) != 12 {
		w.t.Fatalf("%d reports", len(w.list))
	}
}

// index is where the village or township of a report stands among the places.
func (w *reportsWalk) index(p reporting.Report, level division.Level) int {
	for i, id := range w.IDs {
		if id == p.Place {
			for w.Drafts[i].Level > level {
				i = w.Drafts[i].Parent
			}
			return i
		}
	}
	w.t.Fatalf("%d is no place", p.Place)
	return 0
}

// typed are the values of a sound report, by field.
var typed = map[string]string{"operating_revenue": "420,000.00", "investment_income": "30,000",
	"operating_expenditure": "180000", "taxes": "6000", "admin_expense": "60000", "subsidy_income": "80000",
	"to_members": "0", "total_assets": "900000", "total_liabilities": "100000", "dividend_households": "0"}

// fill is the village accountant's: what waits, a report with a mistake, the mistake named, and submitted.
func (w *reportsWalk) fill() {
	w.t.Helper()
	s, p := w.s, w.list[0]
	w.at("accountant", w.index(p, division.Village))
	s.Open("/reports/calendar")
	w.shot("10-what-waits")
	s.Press(fmt.Sprintf(`main a[href="%s"]`, p.Address()))
	w.shot("11-empty")
	for name, value := range typed {
		s.Fill(name, value)
	}
	s.Fill("employed", "500")
	s.Press(`form button.main`)
	s.Sees("500", "120")
	w.shot("12-a-mistake")
	if !s.Has(`button[name="verb"][value="submit"][disabled]`) {
		w.t.Error("a report with a mistake can be submitted")
	}
	s.Fill("employed", "5")
	s.Press(`form button.main`)
	w.shot("13-sound")
	s.Press(`button[name="verb"][value="submit"]`)
	w.shot("14-submitted")
}

// submitted lets the other accountants file theirs.
func (w *reportsWalk) submitted(p reporting.Report) {
	w.t.Helper()
	values := map[string]*int64{}
	for name, amount := range map[string]int64{"operating_revenue": 420_000_00,
		"investment_income":     30_000_00,
		"operating_expenditure": 180_000_00, "taxes": 6_000_00, "admin_expense": 60_000_00,
		"subsidy_income": 80_000_00, "to_members": 0, "total_assets": 900_000_00,
		"total_liabilities": 100_000_00, "employed": p.ID % 4, "dividend_households": 0} {
		values[name] = &amount
	}
	by := w.As("accountant", w.index(p, division.Village))
	w.must(w.Reporting.Save(w.t.Context(), by, p.Ref(), 0, values))
	_, err := w.Host.Procedures.Do(w.t.Context(), by, procedure.Ref{Home: p.Home, ID: p.Case}, 0,
		flow.Act{Verb: flow.Submit})
	w.must(err)
}

// review is the township reviewer's: one sent back with a reason, the others approved at once.
func (w *reportsWalk) review() {
	w.t.Helper()
	for _, p := range w.list[1:] {
		w.submitted(p)
	}
	s, p := w.s, w.list[0]
	w.at("reviewer", w.index(p, division.Township))
	s.Open("/inbox")
	w.shot("20-inbox")
	s.Open(p.Address())
	w.shot("21-to-review")
	s.Unfold("#return-reason")
	s.FillAt("#return-reason", "请核对就业成员数")
	s.Press(`form:has(#return-reason) button.danger`)
	w.shot("22-returned")
	s.Open("/inbox")
	for _, box := range []int{1, 2} {
		s.Run(chromedp.Click(chromedp.CSS(fmt.Sprintf(`tbody tr:nth-child(%d) input[name="row"]`, box))))
	}
	s.Press(`.deciding button`)
	w.shot("23-approved")
	w.at("accountant", w.index(p, division.Village))
	s.Open(p.Address())
	w.shot("24-back-at-the-village")
}

// follow is the county officer's board and list, and the analyst's sums and tables.
func (w *reportsWalk) follow() {
	w.t.Helper()
	s := w.s
	scene := fmt.Sprintf("?form=collective-economy&period=2025&place=%d", w.Counties[0])
	w.at("county-officer", 1)
	for i, page := range []string{"/reports/board" + scene, "/reports?stage=review", "/reports/asks",
		"/reports/forms/collective-economy"} {
		s.Open(page)
		w.shot(fmt.Sprintf("3%d-officer", i))
	}
	s.Open(w.list[0].Address())
	s.Unfold("#x-reason")
	s.FillAt("#x-due", "2026-04-30")
	s.FillAt("#x-locks", "2026-05-31")
	s.FillAt("#x-reason", "洪灾")
	s.Press(`form[action$="/except"] button`)
	s.Sees("2026-04-30", "洪灾")
	w.shot("35-excepted")
	w.at("city-analyst", 0)
	for i, page := range []string{"/reports/sums" + scene, "/reports/published" + scene, "/figures"} {
		s.Open(page)
		w.shot(fmt.Sprintf("4%d-analyst", i))
	}
}

// wanted is a form that asks one thing.
const wanted = `key: orchards
version: 1
title: {zh: 果园情况表, en: Orchards}
purpose: {zh: 掌握果园株数, en: How many trees there are}
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
  - {key: trees, element: %s, title: {zh: 株数, en: Trees}, kind: count, nature: stock,
     tag: asked, seconds: 60, min: 0}
`

// propose is a form that asks what the books hold, refused with everything that speaks against it, and one
// that is new.
func (w *reportsWalk) propose() {
	w.t.Helper()
	s := w.s
	w.at("county-officer", 1)
	s.Open("/reports/forms")
	w.shot("50-forms")
	s.Unfold("#definition")
	s.FillAt("#definition", fmt.Sprintf(wanted, "income.operating_revenue"))
	s.Run(chromedp.Click(chromedp.CSS(`form:has(#definition) button`)),
		chromedp.WaitVisible(chromedp.CSS(".errors")))
	w.shot("51-refused")
	s.FillAt("#definition", fmt.Sprintf(wanted, "orchard.trees"))
	s.Press(`form:has(#definition) button`)
	w.shot("52-proposed")
	s.Press(`button[name="verb"][value="submit"]`)
	w.at("county-leader", 1)
	s.Open("/inbox")
	w.shot("53-leader")
	s.Press(`main a[href^="/report-proposals/"]`)
	s.Press(`button[name="verb"][value="approve"]`)
	w.shot("54-admitted")
}
