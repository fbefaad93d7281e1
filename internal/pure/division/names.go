package division

import "strings"

// groupings are the names of nodes without a government behind them, as the statistics office writes
// them. They hold the codes 01, 02 and 90 of their level together and are skipped in a trail.
var groupings = []string{"市辖区", "县", "市", "市辖县", "省直辖县级行政区划", "自治区直辖县级行政区划",
	"省直辖县级行政单位", "自治区直辖县级行政单位", "省直辖行政单位"}

// IsGrouping reports whether a name at a level marks a node without a government: 市辖区, 县 …
// Only prefecture and county nodes can be one.
func IsGrouping(name string, l Level) bool {
	if l != Prefecture && l != County {
		return false
	}
	for _, g := range groupings {
		if name == g {
			return true
		}
	}
	return false
}

// nameKinds are the endings that tell the kind of a province, prefecture or county, longest first.
var nameKinds = map[Level][]struct {
	ending string
	kind   Kind
}{
	Province: {{"特别行政区", SpecialRegion}, {"自治区", AutonomousRegion}, {"市", Municipality},
		{"省", PlainProvince}},
	Prefecture: {{"自治州", PrefectureOther}, {"地区", PrefectureOther}, {"盟", PrefectureOther},
		{"市", PrefectureCity}},
	County: {{"自治县", AutonomousCounty}, {"自治旗", AutonomousCounty}, {"旗", PlainCounty},
		{"林区", District}, {"区", District}, {"县", PlainCounty}, {"市", CountyLevelCity}},
	Township: {{"街道办事处", Subdistrict}, {"街道", Subdistrict}, {"镇", Town}, {"乡", RuralTownship}},
	Village: {{"居民委员会", ResidentCommittee}, {"居委会", ResidentCommittee},
		{"社区", ResidentCommittee}, {"村民委员会", VillageCommittee}, {"村委会", VillageCommittee},
		{"村", VillageCommittee}},
	Group: {{"", VillagerGroup}},
}

// KindByName tells the kind from the ending of an official name. It is the better source for
// provinces to counties, whose digits lie; for townships and villages KindOf is.
func KindByName(name string, l Level) Kind {
	if l == Nation {
		return CountryOfProvinces
	}
	if IsGrouping(name, l) {
		return Grouping
	}
	for _, e := range nameKinds[l] {
		if strings.HasSuffix(name, e.ending) {
			return e.kind
		}
	}
	return KindUnknown
}

// KindFrom tells the kind from what is known best at the level: the digits of a township or village,
// else the name.
func KindFrom(code, name string, l Level) Kind {
	if k := KindOf(code, l); k != KindUnknown {
		return k
	}
	return KindByName(name, l)
}

// Kinds lists the kinds a place of a level may have.
func Kinds(l Level) []Kind {
	switch l {
	case Nation:
		return []Kind{CountryOfProvinces}
	case Province:
		return []Kind{PlainProvince, Municipality, AutonomousRegion, SpecialRegion}
	case Prefecture:
		return []Kind{PrefectureCity, PrefectureOther, Grouping}
	case County:
		return []Kind{District, PlainCounty, AutonomousCounty, CountyLevelCity, StatisticalUnit, Grouping}
	case Township:
		return []Kind{Subdistrict, Town, RuralTownship, TownshipLike}
	case Village:
		return []Kind{VillageCommittee, ResidentCommittee, VillageLike, ResidentLike}
	case Group:
		return []Kind{VillagerGroup}
	}
	return nil
}

// SignificantDigits is how many digits of a code say something at a level: 6 at County.
func SignificantDigits(l Level) int {
	if l < Nation || l > Group {
		return 0
	}
	return widths[l]
}
