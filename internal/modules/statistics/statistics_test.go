package statistics

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/packs"
)

// site is statistics over a small city whose pack is Chongqing's, with a server.
type site struct {
	*Statistics
	*hosttest.Site
	places *territory.Service
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	if h.Packs != nil {
		h.Packs = chongqing()
	}
	x.places = territory.New(h)
	x.Statistics = New(h, x.places)
	return []manifest.Module{x.places.Module(), x.Statistics.Module()}
}

func chongqing() *pack.Pack {
	p, err := pack.NewLibrary(packs.Files).Read("chongqing")
	if err != nil {
		panic(err)
	}
	return p
}

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := &site{}
		x.Site = hosttest.Open(t, s, x.build)
		drafts := slices.Clone(moduletest.Places)
		for i := range drafts {
			if drafts[i].Level == division.County {
				drafts[i].Kind = division.District
			}
		}
		moduletest.Settle(x.Site, x.places, drafts)
		x.Serve()
		fn(x)
		x.Verify()
	})
}

const officer = "city_officer"

// taken takes a text in by a mapping of the pack.
func (x *site) taken(text, mapping, reason string) Outcome {
	x.T.Helper()
	out, err := x.Import(x.Ctx, x.Actor(officer, "江城市"), Order{File: uploadOf("f.csv",
		strings.NewReader(text),
		int64(len(text))), Mapping: mapping, Reason: reason})
	x.Must(err)
	return out
}

func keys(found []fault.Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Key)
	}
	return strings.Join(all, " ")
}

// provinceText has incomes of the city around the break of 2014; parts of incomes are made up.
var provinceText = strings.Join([]string{"adcode,province,year,pop_10k,urbanization_pct,urban_income," +
	parts("urban") +
	",rural_income," + parts("rural"),
	"500000,重庆,2013,2970.00,58.34,25216.13,1,1,1,1,8331.97,1,1,1,1",
	"500000,重庆,2014,2991.40,59.60,25147.20,1,1,1,1,9489.80,1,1,1,1",
	"500000,重庆,2015,3016.55,60.94,27238.80,1,1,1,1,10504.70,1,1,1,1",
	"510000,四川,2015,8204.00,47.69,26205.30,1,1,1,1,10247.40,1,1,1,1",
	""}, "\n")

func parts(side string) string {
	return strings.ReplaceAll("X_wage,X_business,X_property,X_transfer", "X", side)
}

// value reads one value.
func (x *site) value(key, place string, year int) series.Value {
	x.T.Helper()
	v, err := store.Read(x.Ctx, x.Host.Store, func(v *store.View) (series.Value, error) {
		t, err := x.Read(v, Ask{Series: []string{key}})
		return t.Value(key, x.Place[place], year), err
	})
	x.Must(err)
	return v
}

// TestAFileTwiceAndCorrected: what is outside is left, the same file changes nothing, another
// figure needs a reason and becomes the next revision.
func TestAFileTwiceAndCorrected(t *testing.T) {
	each(t, func(x *site) {
		out := x.taken(provinceText, "provinces", "")
		if out.Import.Added != 36 || out.Outside != 1 || len(out.Findings) != 0 {
			t.Fatalf("%+v", out)
		}
		if v := x.value("income_ratio", "江城市", 2014); v.Amount != 2650 {
			t.Errorf("ratio %+v", v)
		}
		if v := x.value("rural_income_growth", "江城市", 2014); v.Why != series.AtBreak {
			t.Errorf("growth across the break: %+v", v)
		}
		if out := x.taken(provinceText, "provinces", "年鉴更正表"); out.Import.Added+out.Import.Revised != 0 ||
			out.Same != 36 || out.Import.ID != 0 {
			t.Errorf("taken twice: %+v", out)
		}
		other := strings.Replace(provinceText, "10504.70", "10505.00", 1)
		if out := x.taken(other, "provinces", ""); keys(out.Findings) != "statistics.cell.differs" ||
			out.Import.Revised != 0 {
			t.Errorf("corrected without a reason: %+v", out)
		}
		if out := x.taken(other, "provinces", "年鉴更正表"); out.Import.Revised != 1 || out.Import.Added != 0 {
			t.Errorf("not corrected: %+v", out)
		}
		all, err := store.Read(x.Ctx, x.Host.Store, func(v *store.View) ([]Figure, error) {
			return Revisions(v, "rural_income", x.Place["江城市"], 2015)
		})
		x.Must(err)
		if len(all) != 2 || all[0].Amount != 1050470 || all[1].Amount != 1050500 ||
			all[1].Reason != "年鉴更正表" {
			t.Errorf("%+v", all)
		}
	})
}

// TestRowsThatCannotBePlaced: abolished, unknown, without code, misnamed, malformed: each is named
// with its row and the rest is taken. A place that was recoded is the same place.
func TestRowsThatCannotBePlaced(t *testing.T) {
	each(t, func(x *site) {
		x.Must(x.places.Recode(x.Ctx, territory.Recode{Order: territory.Order{On: "2021-03-01", Note: "升格"},
			Place: x.Place["白水区"], Code: "500156000000"}))
		text := "adcode,county,province,city,pop,male,female,urban,rural,family_households," +
			"family_household_pop,age_0_14,age_15_59,age_60p,age_65p" + `
500102,青山区,,,1000,,,600,400,300,,100,,200,150
500155,白水区,,,500,,,100,400,NA,,1.5,,x,80
500177,无名区,,,1,,,1,1,1,,1,,1,1
420704,鄂城区,,,1,,,1,1,1,,1,,1,1
,小计,,,1,,,1,1,1,,1,,1,1
50010,错,,,1,,,1,1,1,,1,,1,1
500102,青山县,,,1001,,,600,400,300,,100,,200,150
`
		out := x.taken(text, "census-2020", "")
		want := "statistics.cell.precise statistics.cell.number statistics.place.unknown " +
			"statistics.place.code statistics.place.name statistics.cell.twice statistics.place.none"
		if keys(out.Findings) != want || out.Outside != 1 || out.Import.Added != 7+4 {
			t.Errorf("%s\n%+v", keys(out.Findings), out)
		}
		if f := out.Findings[0]; f.Row != 3 || f.Column != "age_0_14" {
			t.Errorf("%+v", f)
		}
		if v := x.value("census_urbanisation", "青山区", 2020); v.Amount != 6000 {
			t.Errorf("%+v", v)
		}
		if v := x.value("census_population", "白水区", 2020); v.Amount != 500 {
			t.Errorf("%+v", v)
		}
	})
}

// TestAbolishedIsNotGuessed: a code of a county that passed to another is named with its successor.
func TestAbolishedIsNotGuessed(t *testing.T) {
	each(t, func(x *site) {
		_, err := x.places.Merge(x.Ctx, territory.Merge{Order: territory.Order{On: "2022-01-01",
			Note: "合并"},
			From: []int64{x.Place["白水区"]}, Into: x.Place["青山区"]})
		x.Must(err)
		text := strings.NewReplacer("500000", "500155", "重庆", "白水区", "2015,", "2023,").Replace(provinceText)
		out := x.taken(text, "provinces", "")
		if keys(out.Findings) != "statistics.place.gone" || out.Findings[0].Row != 4 {
			t.Fatalf("%v", out.Findings)
		}
		if said := out.Findings[0].String(); !strings.Contains(said, "青山区") {
			t.Errorf("the successor is not named: %s", said)
		}
		if out.Import.Added != 24 { // 2013 and 2014: the tree begins later, and is asked for its first day
			t.Errorf("%+v", out.Import)
		}
	})
}

// TestEnteredAndTakenBack: by hand, with reasons, at the revision that was seen.
func TestEnteredAndTakenBack(t *testing.T) {
	each(t, func(x *site) {
		by := x.Actor(officer, "江城市")
		e := Entry{Series: "urban_income", Place: x.Place["青山区"], Year: 2020, Text: "40000.5"}
		_, err := x.Enter(x.Ctx, x.Actor("county_officer", "青山区"), e)
		if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
			t.Errorf("a county entered: %v", err)
		}
		_, err = x.Enter(x.Ctx, by, e)
		x.Must(err)
		for _, c := range []struct {
			change func(*Entry)
			key    string
		}{
			{func(e *Entry) {}, "statistics.same"},
			{func(e *Entry) { e.Text = "40001" }, "statistics.reason"},
			{func(e *Entry) { e.Text = "1.234"; e.Reason = "更正年鉴数" }, "statistics.number"},
			{func(e *Entry) { e.Series = "income_ratio" }, "statistics.derived"},
			{func(e *Entry) { e.Series = "nothing" }, "statistics.no_series"},
			{func(e *Entry) { e.Year = 1900 }, "statistics.year"},
			{func(e *Entry) { e.Year = 2019; e.Text = "" }, "statistics.no_figure"},
			{func(e *Entry) { e.Text = "5"; e.Reason = "更正年鉴数"; e.Revision = 3 }, "store.stale"},
		} {
			one := e
			c.change(&one)
			_, err := x.Enter(x.Ctx, by, one)
			x.Refused(err, c.key)
		}
		e.Text, e.Reason, e.Revision = "", "误录为他区数", 1
		_, err = x.Enter(x.Ctx, by, e)
		x.Must(err)
		if v := x.value("urban_income", "青山区", 2020); v.Known {
			t.Errorf("taken back, and still %+v", v)
		}
	})
}

// TestPages: list, series with chart and break, figure with parts, correction and import by a form.
func TestPages(t *testing.T) {
	each(t, func(x *site) {
		x.taken(provinceText, "provinces", "")
		const analyst, by = "city_analyst@江城市", "city_officer@江城市"
		x.See(analyst, "/statistics").Is(200, "Urban-rural income ratio", "2013–2015", "no figures yet",
			"2014")
		x.See(analyst, "/statistics?held=yes&q=ratio").Is(200, "Urban-rural income ratio")
		x.See(analyst, "/statistics/income_ratio").Is(200, "2.650", "25,147.20", "From 2014",
			`class="break"`, "Rural net income becomes disposable income")
		x.See(analyst, "/statistics/rural_income_growth?sort=year&from=2014").Is(200, "break of definition",
			"10.69")
		x.See(analyst, "/statistics/income_ratio?format=csv").Is(200, "2.650", "9489.80")
		x.See(analyst, "/statistics/nothing").Is(404)
		at := cell{"income_ratio", x.Place["江城市"], 2014}.address()
		x.See(analyst, at).Is(200, "9,489.80", "Disposable income per urban resident")
		own := cell{"rural_income", x.Place["江城市"], 2015}.address()
		x.See(analyst, own).Is(200, "10,504.70", "f.csv")
		x.Post(analyst, own, "text", "1", "seen", "1", "reason", "年鉴更正表").Is(403)
		x.Post(by, own, "text", "10505", "seen", "1", "reason", "错").Is(422)
		x.Post(by, own, "text", "10505", "seen", "1", "reason", "年鉴更正表").Is(303)
		x.See(by, own).Is(200, "10,505.00", "年鉴更正表", "entered by hand")
		x.See(by, "/statistics/import").Is(200, "Chongqing county panel", "f.csv")
		x.See("village_accountant@天台村", "/statistics").Is(403)
	})
}

// TestTheSharedPanel reads the county panel of Chongqing as it is: every figure of its 37
// districts, on the tree of the pack, and the faults that are in it.
func TestTheSharedPanel(t *testing.T) {
	name := filepath.Join("..", "..", "..", "..", "shared", "data", "statistics",
		"chongqing_county_panel_2005_2017.csv")
	file, err := os.Open(name)
	if err != nil {
		t.Fatalf("the shared panel is not there: %v", err)
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := &site{}
		x.Site = hosttest.Open(t, s, x.build)
		x.districts()
		order := Order{File: uploadOf(name, file, size), Mapping: "chongqing-panel"}
		out, err := x.Import(x.Ctx, x.Actor(officer, "重庆市"), order)
		x.Must(err)
		if out.Rows != 481 || out.Import.Added != 18_463 || fault.Stops(out.Findings) {
			t.Errorf("%d rows, %+v, %s", out.Rows, out.Import, keys(out.Findings))
		}
		if n := strings.Count(keys(out.Findings), "statistics.cell.jump"); n < 20 || n > 200 {
			t.Errorf("%d jumps", n)
		}
		if v := x.value("income_ratio", "大足区", 2017); v.Amount < 2000 || v.Amount > 2600 {
			t.Errorf("%+v", v)
		}
		if v := x.value("land_quota_area", "大足区", 2005); !v.Known || v.Amount != 0 {
			t.Errorf("%+v", v)
		}
		x.Verify()
	})
}

// districts settles the county units of the pack.
func (x *site) districts() {
	x.T.Helper()
	type place struct {
		Key, Name, Code, Level, Kind, Parent, Since string
	}
	all, found := pack.Decode[place](x.Host.Packs, "places/counties.yaml", "places")
	if fault.Stops(found) {
		x.T.Fatal(found)
	}
	drafts := []territory.Draft{{Parent: -1, Level: division.Province, Name: "重庆市", Code: "500000000000"}}
	for _, p := range all {
		if p.Level == "county" && strings.HasPrefix(p.Code, "50") {
			drafts = append(drafts, territory.Draft{Parent: 0, Level: division.County, Name: p.Name,
				Code: p.Code + "000000"})
		}
	}
	ids, err := x.places.Load(x.Ctx, "2017-01-01", "test", drafts)
	x.Must(err)
	for i, d := range drafts {
		x.Place[d.Name] = ids[i]
	}
}
