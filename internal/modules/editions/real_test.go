package editions

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestNationalEdition: 713,035 rows come in without a loss, and what is odd about them is named.
func TestNationalEdition(t *testing.T) {
	body := placetest.File(t, "national_2016_5level_urcode.csv.gz")
	if testing.Short() {
		t.Skip("a national edition takes some seconds; run without -short")
	}
	f := onSQLite(t, storetest.WithoutReplay)
	got, err := f.try("2016-07-31", nationalFile, body)
	f.must(err)
	if got.Counts.Added != 713035 || got.Counts.Refused != 0 || f.places.Today().Len() != 713035 {
		t.Fatalf("%+v, %d places", got.Counts, f.places.Today().Len())
	}
	keys := map[string]int{}
	rows := map[int]bool{}
	for _, finding := range got.Findings {
		keys[strings.TrimPrefix(finding.Key, "territory.anomaly.")]++
		rows[finding.Row] = true
	}
	// Two names with '?', two with characters of private use; a town whose code is a village's.
	if keys["name_unreadable"] != 4 || keys["level_digits"] != 1 || keys["name_placeholder"] != 1765 ||
		len(keys) != 3 || !rows[554285] || !rows[579349] || !rows[706539] {
		t.Errorf("anomalies %v", keys)
	}
	for code, want := range map[string]struct {
		name string
		kind division.Kind
		home string
	}{
		"500102": {"涪陵区", division.District, "500102"}, "429004": {"仙桃市", division.CountyLevelCity,
			"429004"},
		"419001": {"济源市", division.CountyLevelCity, "419001"}, "441900": {"东莞市", division.PrefectureCity,
			""},
		"653130103001": {"三岔口镇", division.Town, "653130"}, "500240": {"石柱土家族自治县",
			division.AutonomousCounty, "500240"},
	} {
		p := f.code(code, "2016-07-31")
		home := ""
		if h := f.places.Home(p.ID); h != 0 {
			home = division.Trim(f.places.Today().Code(f.places.Today().Find(h)), division.County)
		}
		if p.Name != want.name || p.Kind != want.kind || home != want.home {
			t.Errorf("%s is %+v at home in %s", code, p, home)
		}
	}
	if widest := widestChildren(f.places.Today()); widest > 250 {
		t.Errorf("a place has %d children", widest)
	}
	f.checkOneProvinceMore()
	f.verify()
}

func widestChildren(t *tree.Tree) int {
	widest := 0
	for n := range tree.Node(t.Len()) {
		widest = max(widest, t.ChildCount(n))
	}
	return widest
}

// checkOneProvinceMore: the later edition of one province leaves the others alone.
func (f *fixture) checkOneProvinceMore() {
	f.t.Helper()
	got := f.takeFile("ezhou_2020.csv", "2020-06-30")
	if c := got.Counts; c.Added != 12 || c.Removed != 25 || f.places.Today().Len() != 713035+12-25 {
		f.t.Errorf("Ezhou within the nation: %+v, %d places", c, f.places.Today().Len())
	}
}

// TestEditionsOfFourYears compares the editions of 2016 and 2020 and looks every township name up on
// both days.
func TestEditionsOfFourYears(t *testing.T) {
	towns := placetest.File(t, "towns_cq_ez_2016_2020.csv")
	each(t, func(f *fixture) {
		f.takeFile("ezhou_2016.csv", "2016-07-31")
		f.takeFile("chongqing_2016.csv", "2016-07-31")
		ez := f.takeFile("ezhou_2020.csv", "2020-06-30").Counts
		cq := f.takeFile("chongqing_2020.csv", "2020-06-30").Counts
		if ez.Added != 12 || ez.Removed != 25 || ez.Renamed != 10 || ez.Transferred != 19 {
			t.Errorf("Ezhou: %+v", ez)
		}
		if cq.Rows != 12294 || cq.Added-cq.Removed != 12294-12204 || cq.Along < 600 ||
			cq.Respelled < 9000 ||
			cq.Renamed > 500 {
			t.Errorf("Chongqing: %+v", cq)
		}
		f.checkTowns(towns, map[string]period.Date{"2016-07-31": "2016-07-31", "2020-06-30": "2020-06-30"})
		f.checkCounties()
	})
}

// checkTowns looks up every name of the table on its day, and that nothing else stands.
func (f *fixture) checkTowns(table []byte, days map[string]period.Date) {
	f.t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	f.must(err)
	for column, heading := range rows[0] {
		on, asked := days[heading]
		if !asked {
			continue
		}
		t, err := f.places.At(f.ctx, on)
		f.must(err)
		count := 0
		for n := range tree.Node(t.Len()) {
			if t.Level(n) == division.Township {
				count++
			}
		}
		for _, row := range rows[1:] {
			if row[column] == "" {
				continue
			}
			count--
			if p := f.code(row[0], on); !p.Stands || p.Name != row[column] {
				f.t.Errorf("%s on %s is %q, want %q", row[0], on, p.Name, row[column])
			}
		}
		if count != 0 {
			f.t.Errorf("on %s %d townships too many", on, count)
		}
	}
}

// checkCounties: the two counties that became districts kept their identity and their old codes.
func (f *fixture) checkCounties() {
	f.t.Helper()
	for old, now := range map[string]string{"500228": "500155", "500232": "500156"} {
		before, after := f.code(old, "2016-07-31"), f.code(now, "2020-06-30")
		if before.ID != after.ID || before.Kind != division.PlainCounty || after.Kind != division.District {
			f.t.Errorf("%s is %+v, %s is %+v", old, before, now, after)
		}
		if last := f.code(old, ""); last.ID != after.ID {
			f.t.Errorf("%s resolves to %+v", old, last)
		}
	}
}
