package returns_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

const asking = `key: census-%[1]d
version: 1
title: {zh: "普查表%[1]d", en: "Census %[1]d"}
purpose: {zh: 掌握情况, en: What there is}
owner: {zh: 区县农业农村部门, en: County agriculture office}
basis: 县农发〔2026〕%[1]d号
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
  - {key: things, element: census.things_%[1]d, title: {zh: 数量, en: Things}, kind: count,
     nature: stock, tag: asked, seconds: 60, min: 0}
`

// TestAVillageIsNotAskedTooOften: the fifth form with something to type opens in no village this month, is
// told as held, and opens when the month is over; one that asks nothing opens all the same.
func TestAVillageIsNotAskedTooOften(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		o := &office{city, t, open(t, city)} // the annual statistics are the month's first ask
		officer, leader := o.As("county-officer", 1), o.As("county-leader", 1)
		var last reporting.Round
		for n := 1; n <= 4; n++ {
			p, err := o.Reporting.Propose(t.Context(), officer, o.Counties[0], fmt.Sprintf(asking, n))
			o.must(err)
			o.must(o.Host.Store.Write(t.Context(), func(tx *store.Tx) error {
				ref := procedure.Ref{Home: p.Home, ID: p.Case}
				if _, err := o.Host.Procedures.DoIn(tx, officer, ref, 0,
					flow.Act{Verb: flow.Submit}); err != nil {
					return err
				}
				_, err := o.Host.Procedures.DoIn(tx, leader, ref, 0, flow.Act{Verb: flow.Approve})
				return err
			}))
			last, err = o.Reporting.Begin(t.Context(), officer, reporting.Order{County: o.Counties[0],
				Form: p.Name, Period: "2025"})
			o.must(err)
			o.must(o.Host.Jobs.Drain(apptest.Machine(t.Context())))
		}
		o.holds(last, 0, 4)
		session := o.SignIn(apptest.Login("county-officer", 1))
		_, board := session.Get(fmt.Sprintf("/reports/board?form=census-4&period=2025&place=%d",
			o.Counties[0]))
		if !strings.Contains(board, "4 个单位本月填报已满") {
			t.Errorf("the board does not tell of it: %.900s", board)
		}
		_, asks := session.Get(fmt.Sprintf("/reports/asks?month=2026-01&place=%d", o.Counties[0]))
		if strings.Count(asks, `class="status due"`) != 4 {
			t.Errorf("four villages have had their number: %.900s", asks)
		}
		_, err := o.Reporting.Begin(t.Context(), officer, reporting.Order{County: o.Counties[0],
			Form: "receipts-payments", Period: "2025-12"})
		o.must(err)
		o.must(o.Host.Jobs.Drain(apptest.Machine(t.Context())))
		ref := reporting.Ref{Home: last.Home, ID: last.ID}
		o.must(o.Reporting.More(t.Context(), officer, ref))
		o.must(o.Host.Jobs.Drain(apptest.Machine(t.Context())))
		o.holds(last, 0, 4)
		o.Clock.Set("2026-02-02")
		o.must(o.Reporting.More(t.Context(), officer, ref))
		o.must(o.Host.Jobs.Drain(apptest.Machine(t.Context())))
		o.holds(last, 4, 0)
		o.Proven()
	})
}

// holds demands how many reports a round has opened, and how many units it holds.
func (o *office) holds(round reporting.Round, units, held int64) {
	o.t.Helper()
	now, err := store.Read(o.t.Context(), o.Host.Store, func(v *store.View) (reporting.Round, error) {
		return reporting.RoundOf(v, reporting.Ref{Home: round.Home, ID: round.ID})
	})
	o.must(err)
	if now.Units != units || now.Held != held || now.State != reporting.Open {
		o.t.Errorf("%d opened and %d held, not %d and %d; %s", now.Units, now.Held, units, held, now.State)
	}
}
