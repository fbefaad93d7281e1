package policy

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/webtest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
	"github.com/terrace-project/terrace/packs"
)

type site struct {
	*Policy
	*hosttest.Site
	places  *territory.Service
	figures *statistics.Statistics
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	if h.Packs != nil {
		p, err := pack.NewLibrary(packs.Files).Read("chongqing")
		if err != nil {
			panic(err)
		}
		h.Packs = p
	}
	x.places = territory.New(h)
	x.figures = statistics.New(h, x.places)
	x.Policy = New(h, x.figures)
	return []manifest.Module{x.places.Module(), rating.New(h).Module(), x.figures.Module(),
		x.Policy.Module()}
}

func each(t *testing.T, fn func(*site)) {
	t.Helper()
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := &site{}
		x.Site = hosttest.Open(t, s, x.build)
		moduletest.Settle(x.Site, x.places, moduletest.Places)
		x.Serve()
		fn(x)
		x.Verify()
	})
}

// enter keeps a figure.
func (x *site) enter(key, place string, year int, value float64) {
	x.T.Helper()
	_, err := x.figures.Enter(x.Ctx, x.Actor("city_officer", "江城市"), statistics.Entry{Series: key,
		Place: x.Place[place], Year: year, Text: strconv.FormatFloat(value, 'f', 2, 64)})
	x.Must(err)
}

// take takes the shared series of provinces in.
func (x *site) take() {
	x.T.Helper()
	file, err := os.Open(provinces)
	if err != nil {
		x.T.Fatalf("the shared series is not there: %v", err)
	}
	defer file.Close()
	info, err := file.Stat()
	x.Must(err)
	_, err = x.figures.Import(x.Ctx, x.Actor("city_officer", "江城市"), statistics.Order{Mapping: "provinces",
		File: sheet.Upload{Name: "provinces.csv", Content: file, Size: info.Size()}})
	x.Must(err)
}

// provinces is the shared series.
var provinces = filepath.Join("..", "..", "..", "..", "shared", "data", "statistics",
	"provinces_income_2000_2019_sourced.csv")

// target is the study of the pack's only target.
func (x *site) target() *Study {
	x.T.Helper()
	s, err := x.study(x.Ctx, "income_ratio_2027")
	x.Must(err)
	return s
}

// run runs a command and gives what it printed.
func (x *site) run(args ...string) (out string, err error) {
	var printed bytes.Buffer
	x.Host.Console = &cli.Console{Out: &printed, Err: &printed, Dictionary: x.Host.Dictionary,
		Language: locale.English}
	root := &cobra.Command{Use: "terrace", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(x.commands()...)
	root.SetArgs(args)
	err = root.ExecuteContext(x.Ctx)
	return printed.String(), err
}

// TestThePathTo23: from the published series of Chongqing: the path of 2.3 by 2027 begins at
// 2.507, uses no figure before the break of 2014, is not judged by its own baseline, and everybody who may
// read it reads the same.
func TestThePathTo23(t *testing.T) {
	each(t, func(x *site) {
		x.take()
		s := x.target()
		if len(s.Years) != 6 || s.Years[0] != 2014 || s.Last != 2019 || len(s.Path) != 9 {
			t.Fatalf("%v, %+v", s.Years, s.Path)
		}
		if now, known := s.now(); known {
			t.Errorf("the baseline is judged: %+v", now)
		}
		const by = "city_leader@江城市"
		x.See(by, "/targets").Is(200, "2.507 (2019)", "2.3", "no figure after the baseline yet")
		page := x.See(by, "/targets/income_ratio_2027")
		page.Is(200, "From 2014", "6.14%", "-1.07%", "-1.10% a year", "Simple trend", "80% interval",
			"2.306 (simple trend) or 2.385 (damped trend) in 2027", "missed either way", "2.254–2.358",
			"2.293–2.480", "8.74%", "rural = 1")
		x.See(by, "/targets/none").Is(404, "none")
		x.See("village_accountant@天台村", "/targets").Is(403)
	})
}

// TestHomeLeadsToTheTarget: the city's own page says in words where it stands; a county's says what it does
// to the ratio; a village's says nothing.
func TestHomeLeadsToTheTarget(t *testing.T) {
	each(t, func(x *site) {
		x.take()
		x.grow(map[int]float64{2015: 1, 2019: 1.4})
		card := func(place string) webtest.Page {
			return x.See("city_leader@江城市", "/test/place/"+strconv.FormatInt(x.Place[place], 10))
		}
		card("江城市").Is(200, "/targets/income_ratio_2027", "missed either way")
		card("青山区").Is(200, "/targets/income_ratio_2027", "From 2015 to 2019 this place moved")
		if text := card("天台村").Body; strings.Contains(text, "targets") {
			t.Error(text)
		}
	})
}

// TestNothingWithoutABaseline: no figure of the baseline year, no path and no light; each part that is not
// there says why, by which rule, and what to do.
func TestNothingWithoutABaseline(t *testing.T) {
	each(t, func(x *site) {
		x.enter("urban_income", "江城市", 2018, 30000)
		x.enter("rural_income", "江城市", 2018, 12000)
		x.See("city_leader@江城市", "/targets/income_ratio_2027").Is(200,
			"no figure of the baseline year 2019", "not one typed beside it", "Take that year",
			"Growth of both incomes from 2017 to 2018", "People and incomes of the counties are not there",
			"since its definition last changed")
		x.See("city_leader@江城市", "/targets").Is(200, "no figure after the baseline yet")
		for _, year := range []int{2013, 2019} { // one before the break
			x.enter("urban_income", "江城市", year, 30000)
			x.enter("rural_income", "江城市", year, 12000)
		}
		target := (*x.targets.Load())[0]
		target.From = 2013
		s, err := x.Study(x.Ctx, target)
		x.Must(err)
		if !s.refused("policy.baseline_parted") || len(s.Path) > 0 {
			t.Errorf("a path runs across the break: %+v", s.Path)
		}
		target.Place = "500999"
		if s, err = x.Study(x.Ctx, target); err != nil || !s.refused("policy.no_place") || s.PlaceID != 0 ||
			len(s.Actual) > 0 {
			t.Errorf("a county that is not there has %+v, %v", s, err)
		}
	})
}

func (s *Study) refused(key string) bool {
	return slices.ContainsFunc(s.Refused, func(f *fault.Fault) bool { return f.Key == key })
}

// people and incomes of two counties: urban, then rural.
var counties = map[string][4]float64{"青山区": {60, 30000, 40, 12000}, "白水区": {20, 26000, 80, 9000}}

// grow keeps figures of the counties in some years, each with its factor of urban growth.
func (x *site) grow(years map[int]float64) {
	x.T.Helper()
	for year, growth := range years {
		for place, c := range counties {
			x.enter("urban_population", place, year, c[0]*(1+(growth-1)/4))
			x.enter("urban_income", place, year, c[1]*growth)
			x.enter("rural_population", place, year, c[2])
			x.enter("rural_income", place, year, c[3]*growth*growth)
		}
	}
}

// TestWhoMovesIt: parts of the counties add up to the ratio less 1, their effects to the change of the ratio
// they make together, within one definition of all four figures.
func TestWhoMovesIt(t *testing.T) {
	each(t, func(x *site) {
		x.grow(map[int]float64{2012: .7, 2015: 1, 2019: 1.4})
		s := x.target()
		m := s.Moving
		if m == nil || m.Since != 2015 || m.Till != 2019 || len(m.Counties) != 2 {
			t.Fatalf("%+v", m)
		}
		// 2015: towns (60·30000 + 20·26000)/80 = 29000, country (40·12000 + 80·9000)/120 = 10000
		moved, gap := 0.0, 0.0
		for _, c := range m.Counties {
			moved += c.Effect.Sum
			gap += c.Sum
		}
		if math.Abs(m.Before.Ratio-2.9) > 1e-12 || math.Abs(moved-(m.Now.Ratio-2.9)) > 1e-12 ||
			moved >= 0 ||
			math.Abs(gap-(m.Now.Ratio-1)) > 1e-12 {
			t.Errorf("moved %v from %v to %v; gap %v", moved, m.Before.Ratio, m.Now.Ratio, gap)
		}
		// Both grow alike and nobody moves between them: 2.9·1.4/1.4² = 2.0714, less by .8286.
		x.See("city_leader@江城市", "/targets/income_ratio_2027").Is(200, "Who moves it", "白水区",
			"from 2.900 in 2015 to 2.071 in 2019", "-0.8286", "1.0714")
	})
}

// TestContributionsKeepWithinBreaks: where people are counted anew, or a single county was divided, the years
// before are not compared; of one year alone there is a level and no change.
func TestContributionsKeepWithinBreaks(t *testing.T) {
	each(t, func(x *site) {
		broken := func(key string, b series.Break) {
			book := x.figures.Book()
			d := book[key]
			old := d
			d.Breaks = append(slices.Clone(d.Breaks), b)
			book[key] = d
			t.Cleanup(func() { book[key] = old })
		}
		x.grow(map[int]float64{2015: 1, 2016: 1.1, 2018: 1.2, 2019: 1.4})
		broken("rural_population", series.Break{From: 2016, Title: words.Plain("普查")})
		if m := x.target().Moving; m == nil || m.Since != 2016 {
			t.Errorf("across a break of people: %+v", m)
		}
		_, codes, err := x.figures.Named(x.Ctx, []int64{x.Place["白水区"]})
		x.Must(err)
		broken("urban_income", series.Break{From: 2017, Title: words.Plain("分设"),
			Places: []string{codes[x.Place["白水区"]][:6]}})
		if m := x.target().Moving; m == nil || m.Since != 2018 {
			t.Errorf("across a break of one county: %+v", m)
		}
		broken("rural_income", series.Break{From: 2019, Title: words.Plain("口径")})
		s := x.target()
		if m := s.Moving; m == nil || m.Since != 0 || m.Till != 2019 || !s.refused("policy.one_year") {
			t.Errorf("of one year: %+v", m)
		}
		x.See("city_leader@江城市", "/targets/income_ratio_2027").Is(200, "there of 2019 alone",
			"Part in the ratio less 1")
	})
}

// TestTargetsOfThePack: what is not whole, unknown or twice is found when the pack is read.
func TestTargetsOfThePack(t *testing.T) {
	good := Target{Key: "a", Title: words.Plain("x"), Series: "income_ratio", From: 2019, To: 2027,
		Aim:   "2.3",
		Shape: path.Geometric, Document: words.Plain("x"), Basis: "x", Mark: series.Config}
	if !good.whole() {
		t.Error("a whole target is none")
	}
	for name, change := range map[string]func(*Target){
		"key":      func(g *Target) { g.Key = "A b" },
		"title":    func(g *Target) { g.Title.English = "" },
		"aim":      func(g *Target) { g.Aim = "two" },
		"no aim":   func(g *Target) { g.Aim = "NaN" },
		"zero":     func(g *Target) { g.Aim = "0" },
		"years":    func(g *Target) { g.To = 2019 },
		"century":  func(g *Target) { g.From = 19 },
		"shape":    func(g *Target) { g.Shape = "curve" },
		"better":   func(g *Target) { g.Better = "best" },
		"mark":     func(g *Target) { g.Mark = "sure" },
		"document": func(g *Target) { g.Document = words.Words{} },
	} {
		bad := good
		if change(&bad); bad.whole() {
			t.Errorf("%s: %+v is whole", name, bad)
		}
	}
}
