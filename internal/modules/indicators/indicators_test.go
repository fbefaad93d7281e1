package indicators

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
	"github.com/terrace-project/terrace/packs"
)

type site struct {
	*Indicators
	*hosttest.Site
	places      *territory.Service
	figures     *statistics.Statistics
	evaluations *evaluation.Evaluation
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	if h.Packs != nil {
		h.Packs = read("chongqing")
	}
	x.places = territory.New(h)
	x.figures = statistics.New(h, x.places)
	x.evaluations = evaluation.New(h, x.places)
	x.Indicators = New(h, x.figures, x.evaluations)
	return []manifest.Module{x.places.Module(), rating.New(h).Module(), x.figures.Module(),
		x.evaluations.Module(),
		x.Indicators.Module(), books}
}

func read(name string) *pack.Pack {
	p, err := pack.NewLibrary(packs.Files).Read(name)
	if err != nil {
		panic(err)
	}
	return p
}

func open(t *testing.T, s *store.Store) *site {
	x := &site{}
	x.Site = hosttest.Open(t, s, x.build)
	x.Accounts = map[string]int64{"city_analyst": 11, "city_leader": 12, "city_officer": 13}
	return x
}

// take takes a file in.
func (x *site) take(u sheet.Upload, mapping string) {
	x.T.Helper()
	_, err := x.figures.Import(x.Ctx, x.Actor("city_officer", "江城市"), statistics.Order{File: u,
		Mapping: mapping})
	x.Must(err)
}

// TestThePacksAreWhole: 36 indicators and those beside them; two families apart in both packs.
func TestThePacksAreWhole(t *testing.T) {
	for _, name := range []string{"national", "chongqing", "ezhou"} {
		l, found := ReadLibrary(read(name))
		if len(found) > 0 || len(l.Indicators) != 46 {
			t.Errorf("%s: %d indicators, %v", name, len(l.Indicators), found)
		}
		if want := map[string]int{"national": 0, "chongqing": 2, "ezhou": 2}[name]; len(l.Schemes) != want {
			t.Errorf("%s has %d schemes", name, len(l.Schemes))
		}
	}
}

// TestFamiliesAreNeverMixed: what is wrong with a scheme is found.
func TestFamiliesAreNeverMixed(t *testing.T) {
	l, _ := ReadLibrary(read("chongqing"))
	figures, _ := statistics.ReadLibrary(read("chongqing"))
	good := Scheme{Key: "x", Title: words.Plain("x"), Family: Gap, Basis: "x", Mark: "config",
		Breaks:     Refuse,
		Indicators: []Item{{Code: "I1", Parent: "I"}}, Aggregates: []score.Aggregate{{Code: "I"}}}
	if found := l.check(good, figures); len(found) != 0 {
		t.Fatal(found)
	}
	for want, change := range map[string]func(*Scheme){
		"family":    func(s *Scheme) { s.Indicators = append(s.Indicators, Item{Code: "P1", Parent: "I"}) },
		"indicator": func(s *Scheme) { s.Indicators = append(s.Indicators, Item{Code: "I1", Parent: "I"}) },
		"parent":    func(s *Scheme) { s.Indicators = []Item{{Code: "I1", Parent: "J"}} },
		"breaks":    func(s *Scheme) { s.Breaks = Declared },
		"series":    func(s *Scheme) { s.Indicators = []Item{{Code: "I1", Parent: "I", Series: "none"}} },
		"scheme":    func(s *Scheme) { s.Title = words.Words{} },
	} {
		bad := good
		change(&bad)
		if found := l.check(bad, figures); len(found) != 1 || found[0].Key != "indicators.check."+want {
			t.Errorf("%s: %v", want, found)
		}
	}
}

// TestBreaksPartARun: across the break of 2014 there are two runs; a scheme that refuses names the
// break; one that declares it carries the words. The first year of each side has no growth, and is
// screened out.
func TestBreaksPartARun(t *testing.T) {
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := open(t, s)
		moduletest.Settle(x.Site, x.places, moduletest.Places)
		x.Serve()
		for year := 2012; year <= 2015; year++ {
			for i, place := range []string{"青山区", "白水区"} {
				for key, text := range map[string]string{"urban_income": "25000", "rural_income": "10000"} {
					if i == 1 {
						text = text[:1] + "9" + text[2:]
					}
					_, err := x.figures.Enter(x.Ctx, x.Actor("city_officer", "江城市"),
						statistics.Entry{Series: key,
							Place: x.Place[place], Year: year, Text: text})
					x.Must(err)
				}
			}
		}
		analyst := x.Actor("city_analyst", "江城市")
		runs, err := x.FromPack(x.Ctx, analyst, evaluation.PackOrder{Scheme: "chongqing_gap", From: 2012,
			To: 2015})
		x.Must(err)
		if len(runs) != 2 || runs[0].Times != "2013" || runs[1].Times != "2015" {
			t.Fatalf("%+v", runs)
		}
		if !strings.Contains(runs[0].Source, "P3 C3 I2 I3") || runs[0].Edition == "" || runs[0].Areas != 2 {
			t.Errorf("%+v", runs[0])
		}
		l := x.library()
		l.Schemes[1].Breaks = Refuse
		_, err = x.FromPack(x.Ctx, analyst, evaluation.PackOrder{Scheme: "chongqing_gap", From: 2013,
			To: 2014})
		x.Refused(err, "indicators.break")
		l.Schemes[1].Breaks, l.Schemes[1].Reading = Declared, words.Plain("只看名次")
		runs, err = x.FromPack(x.Ctx, analyst, evaluation.PackOrder{Scheme: "chongqing_gap", From: 2012,
			To: 2015})
		x.Must(err)
		if len(runs) != 1 || !strings.Contains(runs[0].Source, "只看名次") {
			t.Errorf("%+v", runs)
		}
		_, err = x.FromPack(x.Ctx, analyst, evaluation.PackOrder{Scheme: "none", From: 2013, To: 2014})
		x.Refused(err, "indicators.no_scheme")
		_, err = x.FromPack(x.Ctx, analyst, evaluation.PackOrder{Scheme: "chongqing_gap", From: 2015,
			To: 2014})
		x.Refused(err, "indicators.span")
		if _, err = x.FromPack(x.Ctx, x.Actor("county_officer", "青山区"),
			evaluation.PackOrder{Scheme: "chongqing_gap",
				From: 2014, To: 2014}); fault.Of(err) == nil {
			t.Error("a county computed the city's index")
		}
		const by = "city_analyst@江城市"
		x.See(by, "/evaluations/pack").Is(200, "Chongqing integration index: gap",
			"Urban-rural income ratio", "2014")
		x.See(by, "/evaluations/indicators?held=no").Is(200, "Rural tap water", "not yet held")
		x.Post(by, "/evaluations/pack", "scheme", "chongqing_gap", "years", "x").Is(422)
		x.Post(by, "/evaluations/pack", "scheme", "chongqing_gap", "years", "2014-2015", "seed", "1",
			"replications", "0").Is(303)
		x.Verify()
	})
}

// TestThePanelMakesBothIndices: from the shared panel, all 37 districts, both families, over the
// years since the break.
func TestThePanelMakesBothIndices(t *testing.T) {
	name := filepath.Join("..", "..", "..", "..", "shared", "data", "statistics",
		"chongqing_county_panel_2005_2017.csv")
	file, err := os.Open(name)
	if err != nil {
		t.Fatalf("the shared panel is not there: %v", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := open(t, s)
		type place struct{ Key, Name, Code, Level, Kind, Parent, Since string }
		all, _ := pack.Decode[place](x.Host.Packs, "places/counties.yaml", "places")
		drafts := []territory.Draft{{Parent: -1, Level: division.Province, Name: "江城市",
			Code: "500000000000"}}
		for _, p := range all {
			if p.Level == "county" && strings.HasPrefix(p.Code, "50") {
				drafts = append(drafts, territory.Draft{Parent: 0, Level: division.County, Name: p.Name,
					Code: p.Code + "000000"})
			}
		}
		moduletest.Settle(x.Site, x.places, drafts)
		x.take(sheet.Upload{Name: "panel.csv", Content: file, Size: info.Size()}, "chongqing-panel")
		for scheme, years := range map[string]int{"chongqing_level": 4, "chongqing_gap": 3} {
			runs, err := x.FromPack(x.Ctx, x.Actor("city_analyst", "江城市"),
				evaluation.PackOrder{Scheme: scheme,
					From: 2013, To: 2017})
			x.Must(err)
			if len(runs) != 2 || runs[1].Areas != 37 || len(runs[1].Periods()) != years {
				t.Errorf("%s: %+v", scheme, runs)
			}
			if !strings.Contains(runs[1].Source, "without figures: 1") {
				t.Errorf("Yuzhong is not counted: %s", runs[1].Source)
			}
		}
		x.Verify()
	})
}
