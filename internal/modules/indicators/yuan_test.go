package indicators_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/money"
)

const annual = "collective-economy"

// way is a yuan's way from a voucher to the index.
type way struct {
	*apptest.City
	t *testing.T
}

func (w way) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// reports are those of the annual statistics in a county.
func (w way) reports(home int64) (list []reporting.Report) {
	w.t.Helper()
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) (err error) {
		list, err = w.Reporting.Search(v, reporting.Query{Form: annual, Limit: 100,
			Scope: access.Under(w.Host.Access.Path(home))})
		return err
	}))
	return list
}

// index is the place of a place in Drafts, at a level or above.
func (w way) index(place int64, level division.Level) int {
	i := slices.Index(w.IDs, place)
	for w.Drafts[i].Level > level {
		i = w.Drafts[i].Parent
	}
	return i
}

// books gives an organisation books of 2025 with some income of its own.
func (w way) books(p reporting.Report, income money.Fen) {
	w.t.Helper()
	one := ledger.Loaded{Organisation: registry.Ref{Home: p.Home, ID: p.Organisation}, Place: p.Place,
		Chart: "2024", From: "2025-01-01", Closed: "2025-11", Opening: []book.Balance{
			{Account: "102", Amount: 100_000_00}, {Account: "301", Amount: -100_000_00}}}
	one.Vouchers = append(one.Vouchers, ledger.LoadedVoucher{Draft: ledger.Draft{Date: "2025-06-30",
		Summary: "门面租金", Postings: []book.Posting{{Account: "102", Amount: income},
			{Account: "501", Amount: -income}}}})
	_, err := w.Ledger.Load(apptest.Machine(w.t.Context()), []ledger.Loaded{one}, nil)
	w.must(err)
}

// post enters another voucher of income into the books of a unit, and closes December.
func (w way) post(p reporting.Report, income money.Fen) {
	w.t.Helper()
	b, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (ledger.Book, error) {
		b, _, err := ledger.Of(v, registry.Ref{Home: p.Home, ID: p.Organisation}, "2025-12-31")
		return b, err
	})
	w.must(err)
	if income != 0 {
		w.must(w.Host.Store.Write(apptest.Machine(w.t.Context()), func(tx *store.Tx) error {
			_, _, err := w.Ledger.PostFor(tx, access.Machine, ledger.Draft{Book: b.Ref(),
				Date:    "2025-12-20",
				Summary: "补缴租金", Source: "test/1", Postings: []book.Posting{{Account: "102",
					Amount: income},
					{Account: "501", Amount: -income}}})
			return err
		}))
	}
	_, err = w.Ledger.Close(apptest.Machine(w.t.Context()), access.Machine, b.Ref(), "2025-12")
	w.must(err)
}

func (w way) act(home, kase int64, actor access.Actor, a flow.Act) {
	w.t.Helper()
	w.must(w.Host.Store.Write(w.t.Context(), func(tx *store.Tx) error {
		_, err := w.Host.Procedures.DoIn(tx, actor, procedure.Ref{Home: home, ID: kase}, 0, a)
		return err
	}))
}

// approve submits a report, explains what is warned of and lets the township approve.
func (w way) approve(p reporting.Report) {
	w.t.Helper()
	none, few := int64(0), int64(5)
	accountant := w.As("accountant", w.index(p.Place, division.Village))
	w.must(w.Reporting.Save(w.t.Context(), accountant, p.Ref(), 0, map[string]*int64{"employed": &few,
		"dividend_households": &none}))
	w.act(p.Home, p.Case, accountant, flow.Act{Verb: flow.Submit})
	found, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]reporting.Finding, error) {
		return reporting.FindingsOf(v, p.Ref())
	})
	w.must(err)
	for _, f := range found {
		w.must(w.Reporting.Explain(w.t.Context(), accountant, p.Ref(), f.Number, "属实"))
	}
	w.act(p.Home, p.Case, w.As("reviewer", w.index(p.Place, division.Township)),
		flow.Act{Verb: flow.Approve})
}

// sendUp takes the roll-up of a place to its acceptance.
func (w way) sendUp(place int64, by, accepts access.Actor) {
	w.t.Helper()
	w.must(w.Reporting.Compile(w.t.Context(), by, annual, "2025", place))
	one, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (reporting.RollUp, error) {
		one, _, err := reporting.RollUpOf(v, w.Places.Home(place), annual, "2025", place)
		return one, err
	})
	w.must(err)
	w.act(one.Home, one.Case, by, flow.Act{Verb: flow.Submit})
	w.act(one.Home, one.Case, accepts, flow.Act{Verb: flow.Approve})
}

// accepted takes the approved reports of a county through townships and county to the city.
func (w way) accepted(county int) {
	w.t.Helper()
	leader := w.As("county-leader", county)
	for _, place := range w.Places.Children(w.IDs[county]) {
		w.sendUp(place, w.As("leader", slices.Index(w.IDs, place)), leader)
	}
	w.sendUp(w.IDs[county], w.As("county-officer", county), w.As("city-leader", 0))
	w.must(w.Host.Jobs.Drain(apptest.Machine(w.t.Context())))
}

// evaluated computes the level index of 2025: the run, its figures of a county by column, and the scores of
// both counties.
func (w way) evaluated(county int) (run evaluation.Run, figures map[string]string, scores [2]float64) {
	w.t.Helper()
	runs, err := w.Indicators.FromPack(w.t.Context(), w.As("city-analyst", 0), evaluation.PackOrder{
		Scheme: "chongqing_level", From: 2025, To: 2025, Seed: 1})
	w.must(err)
	run, figures = runs[0], map[string]string{}
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) error {
		text, err := evaluation.FiguresText(v, run.Ref())
		if err != nil {
			return err
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			return err
		}
		for i, heading := range rows[0] {
			figures[heading] = rows[county][i]
		}
		if text, err = evaluation.ResultText(v, run.Ref()); err != nil {
			return err
		}
		out, err := result.Read(text)
		if err == nil {
			top := out.Nodes[out.Top()].Scores
			scores = [2]float64{float64(top[0]), float64(top[1])}
		}
		return err
	}))
	return run, figures, scores
}

// TestAYuanMovesTheIndex: a voucher of income is posted and its December closed: nothing moves. The report is
// approved by the township: nothing moves. The city accepts the county: C4 and C5 of the county change, and
// with them the index; and the run is proved to the bit.
func TestAYuanMovesTheIndex(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		city.Populate()
		city.Clock.Set("2026-01-12")
		w := way{city, t}
		for i, county := range w.Counties {
			for series, text := range map[string][2]string{"urbanisation": {"55", "50"},
				"gdp_per_head": {"80000", "60000"}, "rural_income": {"25000", "24000"}} {
				_, err := w.Statistics.Enter(t.Context(), w.As("city-officer", 0), statistics.Entry{
					Series: series, Place: county, Year: 2025, Text: text[i]})
				w.must(err)
			}
			officer := w.As("county-officer", 1+i)
			_, err := w.Reporting.Begin(t.Context(), officer, reporting.Order{County: county, Form: annual,
				Period: "2025"})
			w.must(err)
		}
		w.must(w.Host.Jobs.Drain(apptest.Machine(t.Context())))
		// Of four villages each, the first county's have 80,000 and the second's 120,000.
		for i, county := range w.Counties {
			for _, p := range w.reports(county) {
				w.books(p, []money.Fen{80_000_00, 120_000_00}[i])
			}
		}
		_, figures, before := w.evaluated(1)
		if figures["C4"] != "" || before[0] <= before[1] {
			t.Fatalf("%v, %v: nothing is accepted yet", figures, before)
		}
		second := w.reports(w.Counties[1])
		for _, p := range second {
			w.post(p, 0)
			w.approve(p)
		}
		w.accepted(2)
		first := w.reports(w.Counties[0])
		for i, p := range first {
			income := money.Fen(0)
			if i == slices.IndexFunc(first, func(p reporting.Report) bool {
				return p.Level == division.Village
			}) {
				income = 60_000_00
			}
			w.post(p, income)
			w.approve(p)
		}
		_, figures, between := w.evaluated(1)
		if figures["C4"] != "" || figures["C4.expected"] != "4" || figures["C4.reported"] != "0" {
			t.Fatalf("approved by townships alone: %v", figures)
		}
		w.accepted(1)
		run, figures, after := w.evaluated(1)
		// (3 × 80,000 + 140,000) ÷ 4 = 95,000; three of four are below 100,000. Groups are not counted.
		for column, want := range map[string]string{"C4": "9.50", "C4.numerator": "380000.00",
			"C4.denominator": "4", "C4.reported": "4", "C5": "75.00", "C5.numerator": "3"} {
			if figures[column] != want {
				t.Errorf("%s is %q, not %q", column, figures[column], want)
			}
		}
		if after == between || after[0] >= between[0] {
			t.Errorf("the index has not moved: %v, then %v", between, after)
		}
		if !strings.Contains(run.Source, "units 2") || !strings.Contains(run.Source, "reports 8") {
			t.Error(run.Source)
		}
		w.must(w.Host.Store.View(t.Context(), func(v *store.View) error {
			found, err := evaluation.Proof(v, run)
			if len(found) > 0 {
				t.Error(found)
			}
			return err
		}))
		_, err := w.Evaluation.Publish(t.Context(), w.As("city-leader", 0), run.Ref(), run.Version)
		w.must(err)
		w.Proven()
	})
}
