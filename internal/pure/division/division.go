package division

import (
	"fmt"
	"strings"
)

// Level is the height of a place in the administrative tree, counted as the statistics office does.
type Level int8

// The levels. A functional zone is not a level: it is an area (module territory).
const (
	Nation Level = iota
	Province
	Prefecture
	County
	Township
	Village
	Group
)

var levelNames = [...]string{"nation", "province", "prefecture", "county", "township", "village", "group"}

// String gives the identifier used in code, files and dictionary keys.
func (l Level) String() string {
	if l < Nation || l > Group {
		return fmt.Sprintf("level%d", int8(l))
	}
	return levelNames[l]
}

// ParseLevel reads an identifier.
func ParseLevel(text string) (Level, error) {
	for i, name := range levelNames {
		if name == text {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("division: %q is not a level", text)
}

// MarshalText and UnmarshalText use the identifier.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads an identifier.
func (l *Level) UnmarshalText(text []byte) error {
	v, err := ParseLevel(string(text))
	*l = v
	return err
}

// CodeDigits is the length of a full statistical code of a village or anything above it.
const CodeDigits = 12

// GroupDigits is the length of a villager group's code: village and two digits (GB/T 35958-2018,
// layout unverified).
const GroupDigits = 14

// widths are the significant digits of each level's code.
var widths = [...]int{Nation: 0, Province: 2, Prefecture: 4, County: 6, Township: 9, Village: 12, Group: 14}

// Pad brings a short code (6 or 9 digits, as people write them) to its full length with zeros.
func Pad(code string) string {
	if len(code) >= CodeDigits {
		return code
	}
	return code + strings.Repeat("0", CodeDigits-len(code))
}

// Trim gives the significant digits of a full code at a level: 500102000000 at County is 500102.
func Trim(code string, l Level) string {
	if l < Nation || l > Group || len(code) < widths[l] {
		return code
	}
	return code[:widths[l]]
}

// Widen brings a code as people write it at a level to its full length: 500102 at County is
// 500102000000. Anything else comes back as it is.
func Widen(code string, l Level) string {
	code = strings.TrimSpace(code)
	if code != "" && len(code) == SignificantDigits(l) {
		return Pad(code)
	}
	return code
}

// FullCode reads a code of any usual length, in digits; false if it is none.
func FullCode(code string) (string, bool) {
	code = strings.TrimSpace(code)
	if !allDigits(code) || code[0] == '0' {
		return "", false
	}
	switch len(code) {
	case 2, 4, 6, 9:
		return Pad(code), true
	case CodeDigits, GroupDigits, GroupDigits + 1:
		return code, true
	}
	return "", false
}

// LevelOf reads the level from the zeros of a full code. It is what the digits claim, no more:
// a file that states a level is believed over this.
func LevelOf(code string) (Level, error) {
	if len(code) == GroupDigits && allDigits(code) {
		return Group, nil
	}
	if len(code) != CodeDigits || !allDigits(code) {
		return 0, fmt.Errorf("division: %q is not a code of %d or %d digits", code, CodeDigits, GroupDigits)
	}
	for l := Province; l <= Village; l++ {
		if strings.Trim(code[widths[l]:], "0") == "" {
			if code == "100000000000" {
				return Nation, nil
			}
			return l, nil
		}
	}
	return Village, nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Kind is what a place is, beside its level.
type Kind string

// The kinds this package can tell from digits, and those only a source can.
const (
	KindUnknown        Kind = ""
	Subdistrict        Kind = "subdistrict"        // 街道
	Town               Kind = "town"               // 镇
	RuralTownship      Kind = "township"           // 乡、民族乡
	TownshipLike       Kind = "township_like"      // development zones, farms
	ResidentCommittee  Kind = "resident_committee" // 居民委员会
	VillageCommittee   Kind = "village_committee"  // 村民委员会
	ResidentLike       Kind = "resident_like"      // (unverified)
	VillageLike        Kind = "village_like"       // (unverified)
	District           Kind = "district"           // 区
	PlainCounty        Kind = "county"             // 县
	AutonomousCounty   Kind = "autonomous_county"  // 自治县
	CountyLevelCity    Kind = "county_city"        // 县级市
	StatisticalUnit    Kind = "statistical_unit"   // reports like a county, is no division
	Grouping           Kind = "grouping"           // 市辖区, 县, 省直辖县级: no government behind it
	Municipality       Kind = "municipality"       // 直辖市
	PlainProvince      Kind = "province"           // 省
	AutonomousRegion   Kind = "autonomous_region"  // 自治区
	SpecialRegion      Kind = "special_region"     // 特别行政区
	PrefectureCity     Kind = "prefecture_city"    // 地级市
	PrefectureOther    Kind = "prefecture"         // 地区、盟、自治州
	VillagerGroup      Kind = "villager_group"     // 村民小组
	CountryOfProvinces Kind = "nation"
)

// KindOf tells the kind of a township or village from the digits of its full code (GB/T 10114
// classes; village classes by the statistics office). Other levels give KindUnknown.
func KindOf(code string, l Level) Kind {
	switch {
	case l == Township && len(code) >= widths[Township]:
		return townshipKind(code[6:9])
	case l == Village && len(code) >= widths[Village]:
		return villageKind(code[9:12])
	case l == Group:
		return VillagerGroup
	}
	return KindUnknown
}

func townshipKind(digits string) Kind {
	switch {
	case digits >= "001" && digits <= "099":
		return Subdistrict
	case digits >= "100" && digits <= "199":
		return Town
	case digits >= "200" && digits <= "399":
		return RuralTownship
	case digits >= "400" && digits <= "599":
		return TownshipLike
	}
	return KindUnknown
}

func villageKind(digits string) Kind {
	switch {
	case digits >= "001" && digits <= "199":
		return ResidentCommittee
	case digits >= "200" && digits <= "399":
		return VillageCommittee
	case digits >= "400" && digits <= "499":
		return ResidentLike
	case digits >= "500" && digits <= "599":
		return VillageLike
	}
	return KindUnknown
}

// Category is the urban-rural class of a village-level unit (城乡分类代码), revised each year. It is
// statistical and independent of the committee's kind. 0 means none stated.
type Category int16

// The categories, and the parents they roll up to.
const (
	MainUrban       Category = 111 // 主城区
	UrbanFringe     Category = 112 // 城乡结合区
	TownCentre      Category = 121 // 镇中心区
	TownFringe      Category = 122 // 镇乡结合区
	SpecialArea     Category = 123 // 特殊区域
	TownshipCentre  Category = 210 // 乡中心区
	VillageCategory Category = 220 // 村庄
)

// Valid reports whether c is one of the seven classes.
func (c Category) Valid() bool {
	switch c {
	case MainUrban, UrbanFringe, TownCentre, TownFringe, SpecialArea, TownshipCentre, VillageCategory:
		return true
	}
	return false
}

// Urban reports whether the class counts as urban (1xx).
func (c Category) Urban() bool { return c >= 100 && c < 200 }
