package policy

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
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

// TestThePathTo23: from the published series of Chongqing: the path of 2.3 by 2027 begins at
// 2.507, uses no figure before the break of 2014, and asks of rural incomes what was counted by hand.
func TestThePathTo23(t *testing.T) {
	name := filepath.Join("..", "..", "..", "..", "shared", "data", "statistics",
		"provinces_income_2000_2019_sourced.csv")
	file, err := os.Open(name)
	if err != nil {
		t.Fatalf("the shared series is not there: %v", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(x *site) {
		_, err := x.figures.Import(x.Ctx, x.Actor("city_officer", "江城市"),
			statistics.Order{Mapping: "provinces",
				File: sheet.Upload{Name: "provinces.csv", Content: file, Size: info.Size()}})
		x.Must(err)
		s, err := x.Study(x.Ctx, (*x.targets.Load())[0])
		x.Must(err)
		if len(s.Years) != 6 || s.Years[0] != 2014 || s.Last != 2019 || len(s.Path) != 9 {
			t.Fatalf("%v, %+v", s.Years, s.Path)
		}
		// k = (2.3/2.507)^(1/8) = .98929; 1.05/k − 1 = 6.14 %
		if math.Abs(s.Path[0].Required-2.507) > 1e-9 || math.Abs(s.Step-.98929) > 1e-5 ||
			math.Abs(s.Path[8].Required-2.3) > 1e-12 {
			t.Errorf("the path runs %+v", s.Path)
		}
		found := false
		for _, need := range s.Needs {
			if need.Urban == .05 {
				found = math.Abs(need.Rural-.0614) < 5e-5
			}
		}
		if !found {
			t.Errorf("needs %+v", s.Needs)
		}
		if len(s.Forecasts) != 2 || s.Forecasts[0].Since != 2014 || len(s.Forecasts[0].Years) != 8 {
			t.Errorf("forecasts %+v, %v", s.Forecasts, s.Refused)
		}
		if now, known := s.lightNow(); !known || now.Year != 2019 || now.Light != "green" {
			t.Errorf("light %+v", now)
		}
		const by = "city_leader@江城市"
		x.See(by, "/targets").Is(200, "2.507 (2019)", "2.3", "on the path")
		x.See(by, "/targets/income_ratio_2027").Is(200, "From 2014", "6.14%", "Simple trend",
			"Damped trend", "2.300")
		x.See(by, "/targets/none").Is(404)
		x.See("village_accountant@天台村", "/targets").Is(403)
	})
}

// TestNothingWithoutABaseline: no figure of the baseline year, no path and no light; and the page
// says so.
func TestNothingWithoutABaseline(t *testing.T) {
	each(t, func(x *site) {
		x.enter("urban_income", "江城市", 2018, 30000)
		x.enter("rural_income", "江城市", 2018, 12000)
		x.See("city_leader@江城市", "/targets/income_ratio_2027").Is(200,
			"no figure of the baseline year 2019")
		x.See("city_leader@江城市", "/targets").Is(200, "no figure on the path yet")
	})
}

// TestWhoMovesIt: effects of the counties add up to the change of the ratio they make together,
// within one definition.
func TestWhoMovesIt(t *testing.T) {
	each(t, func(x *site) {
		for year, growth := range map[int]float64{2012: .7, 2015: 1, 2019: 1.4} {
			for place, c := range map[string][4]float64{"青山区": {60, 30000, 40, 12000}, "白水区": {20, 26000,
				80, 9000}} {
				x.enter("urban_population", place, year, c[0]*(1+(growth-1)/4))
				x.enter("urban_income", place, year, c[1]*growth)
				x.enter("rural_population", place, year, c[2])
				x.enter("rural_income", place, year, c[3]*growth*growth)
			}
		}
		s, err := x.Study(x.Ctx, (*x.targets.Load())[0])
		x.Must(err)
		if s.Since != 2015 || s.Till != 2019 || len(s.Counties) != 2 {
			t.Fatalf("%d–%d: %+v", s.Since, s.Till, s.Counties)
		}
		// 2015: towns (60·30000 + 20·26000)/80 = 29000, country (40·12000 + 80·9000)/120 = 10000
		moved := 0.0
		for _, c := range s.Counties {
			moved += c.Effect.Sum
		}
		if math.Abs(moved-(s.CityNow.Ratio-2.9)) > 1e-9 || moved >= 0 {
			t.Errorf("moved %v to %v", moved, s.CityNow.Ratio)
		}
		x.See("city_leader@江城市", "/targets/income_ratio_2027").Is(200, "Who moves it", "白水区")
	})
}
