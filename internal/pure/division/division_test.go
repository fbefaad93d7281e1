package division_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/pure/division"
)

func TestLevelAndKindFromDigits(t *testing.T) {
	for code, want := range map[string]struct {
		level division.Level
		kind  division.Kind
	}{
		"100000000000":   {division.Nation, ""},
		"500000000000":   {division.Province, ""},
		"500100000000":   {division.Prefecture, ""},
		"500102000000":   {division.County, ""},
		"420704108000":   {division.Township, division.Town},
		"420703400000":   {division.Township, division.TownshipLike},
		"500102001000":   {division.Township, division.Subdistrict},
		"500102200000":   {division.Township, division.RuralTownship},
		"440983102201":   {division.Village, division.VillageCommittee},
		"110101001001":   {division.Village, division.ResidentCommittee},
		"440983102598":   {division.Village, division.VillageLike},
		"50010210320003": {division.Group, division.VillagerGroup},
	} {
		level, err := division.LevelOf(code)
		if err != nil || level != want.level || division.KindOf(code, level) != want.kind {
			t.Errorf("%s: %s %q, %v; want %+v", code, level, division.KindOf(code, level), err, want)
		}
	}
	for _, bad := range []string{"", "5001", "50010200000A", "5001020000000"} {
		if l, err := division.LevelOf(bad); err == nil {
			t.Errorf("%q taken as %s", bad, l)
		}
	}
}

func TestCategoryIsNotTheCommittee(t *testing.T) {
	if !division.MainUrban.Urban() || division.VillageCategory.Urban() || division.Category(100).Valid() {
		t.Error("categories misjudged")
	}
}

func TestLevelsReadAndWrite(t *testing.T) {
	for l := division.Nation; l <= division.Group; l++ {
		if back, err := division.ParseLevel(l.String()); err != nil || back != l {
			t.Errorf("%s reads back as %s, %v", l, back, err)
		}
	}
	if division.Trim("500102103203", division.Township) != "500102103" ||
		division.Pad("500102") != "500102000000" {
		t.Error("Trim or Pad misjudges")
	}
}

// TestKindByName: endings tell what digits do not, and a node without a government is told apart.
func TestKindByName(t *testing.T) {
	for name, want := range map[string]struct {
		level division.Level
		kind  division.Kind
	}{
		"重庆市": {division.Province, division.Municipality}, "鄂州市": {division.Prefecture,
			division.PrefectureCity},
		"恩施土家族苗族自治州": {division.Prefecture, division.PrefectureOther},
		"市辖区":        {division.Prefecture, division.Grouping}, "县": {division.Prefecture,
			division.Grouping},
		"省直辖县级行政区划": {division.Prefecture, division.Grouping},
		"万州区":       {division.County, division.District}, "忠县": {division.County, division.PlainCounty},
		"石柱土家族自治县": {division.County, division.AutonomousCounty},
		"仙桃市":      {division.County, division.CountyLevelCity},
		"神农架林区":    {division.County, division.District}, "中山": {division.County, division.KindUnknown},
		"长港镇": {division.Township, division.Town}, "县区直属镇": {division.Township, division.Town},
	} {
		if got := division.KindByName(name, want.level); got != want.kind {
			t.Errorf("%s at %s is %q, want %q", name, want.level, got, want.kind)
		}
	}
	if got := division.KindFrom("441900003000", "东城街道", division.Township); got != division.Subdistrict {
		t.Errorf("a town directly under a city is %q", got)
	}
	for l := division.Nation; l <= division.Group; l++ {
		if len(division.Kinds(l)) == 0 {
			t.Errorf("no kinds at %s", l)
		}
	}
}
