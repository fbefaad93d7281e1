package indicators

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

const (
	netIncome = "reporting.village_net_income"
	villages  = "reporting.villages"
	weak      = "reporting.villages_below_100k"
	unsigned  = "test.unsigned" // what nobody has approved
)

// books stands for the modules whose measures the indicators of the pack are drawn from.
var books = manifest.Module{Name: "books", Measures: []measure.Definition{
	approved(netIncome, 2), approved(villages, 0), approved(weak, 0), {Key: unsigned,
		Title: words.Plain(unsigned), Nature: measure.Flow, Direction: measure.More,
		Missing: measure.Void, Source: "test", Basis: "b", Mark: pack.Config}}}

func approved(key string, decimals int) measure.Definition {
	return measure.Definition{Key: key, Title: words.Plain(key), Nature: measure.Flow,
		Direction: measure.More, Missing: measure.Void, Source: "test", Basis: "b", Mark: pack.Config,
		Decimals: decimals, Approved: true, Page: measure.Page{Address: "/below/{place}/{period}",
			Permit: measure.ReadPermit}}
}

// publish publishes the annual figures of a village: fen, and whether it counts as weak.
func (x *site) publish(village, year string, fen, below int64, accepted bool) {
	x.T.Helper()
	come := int64(0)
	if accepted {
		come = 1
	}
	x.Must(x.Host.Store.Maintain(x.Ctx, func(tx *store.Tx) error {
		for key, n := range map[string]int64{netIncome: fen, villages: 1, weak: below} {
			err := x.Host.Measures.Publish(tx, measure.Figure{Home: x.places.Home(x.Place[village]),
				Measure: key, Place: x.Place[village], Period: year, Numerator: n * come, Covered: come,
				Expected: 1, Source: "test"})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// drawnSite is a city with urbanisation of two districts from statistics, and the figures of four villages.
func drawnSite(t *testing.T, s *store.Store) *site {
	x := open(t, s)
	moduletest.Settle(x.Site, x.places, moduletest.Places)
	for i, place := range []string{"青山区", "白水区"} {
		for _, year := range []int{2024, 2025} {
			_, err := x.figures.Enter(x.Ctx, x.Actor("city_officer", "江城市"), statistics.Entry{
				Series: "urbanisation", Place: x.Place[place], Year: year, Text: []string{"61.5", "48"}[i]})
			x.Must(err)
		}
	}
	x.publish("天台村", "2025", 204_000_00, 0, true)
	x.publish("小溪村", "2025", 34_000_00, 1, true)
	x.publish("龙泉村", "2025", -1_000_00, 1, true)
	x.publish("三清村", "2025", 120_000_00, 0, true)
	return x
}

// sheet is the figures that a run keeps: a map a row, by its columns.
func (x *site) sheetOf(run evaluation.Run) (rows []map[string]string) {
	x.T.Helper()
	text, err := store.Read(x.Ctx, x.Host.Store, func(v *store.View) (string, error) {
		return evaluation.FiguresText(v, run.Ref())
	})
	x.Must(err)
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	x.Must(err)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, heading := range lines[0] {
			row[heading] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// levelOf computes the level index of some years.
func (x *site) levelOf(from, to int) []evaluation.Run {
	x.T.Helper()
	runs, err := x.FromPack(x.Ctx, x.Actor("city_analyst", "江城市"), evaluation.PackOrder{
		Scheme: "chongqing_level", From: from, To: to})
	x.Must(err)
	return runs
}

// TestDrawnFromMeasures: C4 and C5 are computed from what was accepted; a district with a gap has none; the
// parts stand beside the figures, and the run names source, day and version.
func TestDrawnFromMeasures(t *testing.T) {
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := drawnSite(t, s)
		x.Serve()
		run := x.levelOf(2025, 2025)[0]
		rows := x.sheetOf(run)
		for column, want := range map[string]string{"P1": "61.50", "C4": "7.90",
			"C4.numerator":   "237000.00",
			"C4.denominator": "3", "C4.reported": "3", "C4.expected": "3", "C5": "66.67",
			"C5.numerator": "2"} {
			if rows[0][column] != want {
				t.Errorf("%s of the first district is %q, not %q", column, rows[0][column], want)
			}
		}
		if rows[1]["C4"] != "12.00" || rows[1]["C5"] != "0.00" {
			t.Errorf("%v", rows[1])
		}
		for _, part := range []string{"C4 C5", "units 2", "reports 4", "version ", string(x.Host.Today())} {
			if !strings.Contains(run.Source, part) {
				t.Errorf("%q is not in %s", part, run.Source)
			}
		}
		x.publish("龙泉村", "2025", 0, 0, false) // taken back
		for i, village := range []string{"天台村", "小溪村", "龙泉村", "三清村"} {
			x.publish(village, "2024", int64(i+1)*80_000_00, 0, true)
		}
		again := x.levelOf(2024, 2025)[0]
		rows = slices.DeleteFunc(x.sheetOf(again),
			func(r map[string]string) bool { return r["Time"] != "2025" })
		if rows[0]["C4"] != "" || rows[0]["C4.numerator"] != "" || rows[0]["C4.reported"] != "2" ||
			rows[0]["C4.expected"] != "3" || rows[1]["C4"] != "12.00" {
			t.Errorf("with a gap: %v", rows)
		}
		if !strings.Contains(again.Source, "units 2") || again.FiguresHash == run.FiguresHash {
			t.Errorf("%s", again.Source)
		}
		const by = "city_analyst@江城市"
		x.See(by, "/evaluations/indicators/C4").Is(200, "12.00", "not accepted by the city yet",
			"reporting.village_net_income", "/below/")
		x.See(by, "/evaluations/indicators/P1").Is(200, "/statistics/urbanisation")
		x.See(by, "/evaluations/indicators/F1").Is(200, "There is no source yet")
		x.See(by, "/evaluations/indicators/none").Is(404)
		x.See(by, "/evaluations/pack").Is(200, "C4 Collective operating income per village")
		x.See(by, "/evaluations/indicators?held=yes").Is(200, "own approved figures")
		x.See(by, "/api/v1/indicators/C5/2025").Is(200, `"value":"0.00"`, `"denominator":"1"`,
			`"expected":3`)
		x.See(by, "/api/v1/indicators").Is(200, `"numerator":"reporting.villages_below_100k"`)
		x.See(by, "/api/v1/indicators/P1/2025").Is(404)
		x.Verify()
	})
}

// TestYearsWithoutFigures: an indicator that has figures in none of the years is named as not held, and does
// not keep the others from being computed.
func TestYearsWithoutFigures(t *testing.T) {
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := drawnSite(t, s)
		run := x.levelOf(2024, 2024)[0]
		if !strings.Contains(run.Source, "C4 C5") || strings.Contains(run.Source, "own approved") {
			t.Error(run.Source)
		}
		both := x.levelOf(2024, 2025)[0]
		rows := x.sheetOf(both)
		i := slices.IndexFunc(rows, func(r map[string]string) bool { return r["Time"] == "2024" })
		if rows[i]["C4"] != "" || rows[i]["C4.expected"] != "" || rows[i]["P1"] == "" {
			t.Errorf("%v", rows[i])
		}
		x.Verify()
	})
}

// TestVerifyFollowsTheParts: a run whose figure is not the quotient of its parts, or leaves reports out, is
// named.
func TestVerifyFollowsTheParts(t *testing.T) {
	o := score.Origin{Numerator: "a", Denominator: "b", Over: 10_000, Places: []int{2, 0, 2}}
	good := map[string]string{"C4": "7.90", "C4.numerator": "237000.00", "C4.denominator": "3",
		"C4.reported": "3", "C4.expected": "3"}
	for name, change := range map[string]func(map[string]string, *score.Origin){
		"":            func(map[string]string, *score.Origin) {},
		"figure":      func(m map[string]string, _ *score.Origin) { m["C4"] = "7.91" },
		"numerator":   func(m map[string]string, _ *score.Origin) { m["C4.numerator"] = "237200.00" },
		"denominator": func(m map[string]string, _ *score.Origin) { m["C4.denominator"] = "0" },
		"coverage":    func(m map[string]string, _ *score.Origin) { m["C4.reported"] = "2" },
		"no parts":    func(m map[string]string, _ *score.Origin) { m["C4.numerator"] = "" },
		"no figure":   func(m map[string]string, _ *score.Origin) { m["C4"] = "" },
		"scale":       func(_ map[string]string, o *score.Origin) { o.Over = 1000 },
		"places":      func(_ map[string]string, o *score.Origin) { o.Places = nil },
	} {
		cells, origin := map[string]string{}, o
		for k, v := range good {
			cells[k] = v
		}
		change(cells, &origin)
		if got := follows(origin, "C4", func(c string) string { return cells[c] }); got != (name == "") {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestWhatMayBeDrawn: a pack that names two sources, a measure nobody declares, one nobody approved, or does
// not say what is counted, does not start.
func TestWhatMayBeDrawn(t *testing.T) {
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := open(t, s)
		for want, change := range map[string]func(*Drawn){
			"":           func(*Drawn) {},
			"measure":    func(d *Drawn) { d.Denominator = "none" },
			"unapproved": func(d *Drawn) { d.Numerator = unsigned },
		} {
			l, _ := ReadLibrary(x.Host.Packs)
			i := slices.IndexFunc(l.Indicators, func(one Indicator) bool { return one.Key == "C4" })
			change(l.Indicators[i].Measures)
			found := x.checkMeasures(l)
			if want == "" && len(found) == 0 {
				continue
			}
			if len(found) != 1 || found[0].Key != "indicators.check."+want || !fault.Stops(found) {
				t.Errorf("%s: %v", want, found)
			}
		}
	})
	good := Drawn{Numerator: "a", Denominator: "b", Reading: words.Plain("x"), Basis: "x",
		Mark: pack.Config}
	for _, change := range []func(*Drawn){func(d *Drawn) { d.Denominator = "a" },
		func(d *Drawn) { d.Reading = words.Words{} }, func(d *Drawn) { d.Basis = "" },
		func(d *Drawn) { d.Mark = "sure" }, func(d *Drawn) { d.Over = -1 }} {
		bad := good
		if change(&bad); bad.whole() || !good.whole() {
			t.Errorf("%+v is taken for whole", bad)
		}
	}
}
