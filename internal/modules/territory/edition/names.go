package edition

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// Name is an official name taken apart: the proper name, and which class of body carries it.
// 高笋塘街道办事处 and 高笋塘街道 are both {高笋塘 street}.
type Name struct {
	Base  string
	Class string
}

// ending is an official suffix and the class it marks; longer ones stand before shorter ones.
type ending struct{ text, class string }

var endings = map[division.Level][]ending{
	division.County: {{"自治县", "county"}, {"自治旗", "county"}, {"新区", "district"}, {"林区", "district"},
		{"县", "county"}, {"区", "district"}, {"市", "city"}, {"旗", "county"}},
	division.Township: {{"街道办事处", "street"}, {"街道办", "street"}, {"地区办事处", "street"},
		{"办事处", "street"}, {"街道", "street"}, {"镇人民政府", "town"}, {"镇", "town"},
		{"乡人民政府", "township"}, {"民族乡", "township"}, {"自治乡", "township"}, {"乡", "township"},
		{"人民政府", ""}},
	division.Village: {
		{"社区居民委员会", "residents"}, {"社区居民委会", "residents"}, {"社区居委会", "residents"},
		{"社区居委", "residents"}, {"社区委员会", "residents"}, {"居民委员会", "residents"},
		{"居民委会", "residents"}, {"居委会", "residents"}, {"居委", "residents"}, {"社区", "residents"},
		{"嘎查村民委员会", "village"}, {"嘎查村委会", "village"}, {"嘎查委员会", "village"},
		{"嘎查村", "village"}, {"嘎查", "village"}, {"牧民委员会", "village"}, {"牧业委员会", "village"},
		{"牧委会", "village"}, {"村民委员会", "village"}, {"村民委会", "village"}, {"民委员会", "village"},
		{"村委员会", "village"}, {"村委会", "village"}, {"村委", "village"}, {"村", "village"}},
}

// peoples that names of autonomous counties and townships carry behind the proper name.
var peoples = []string{"土家族", "苗族", "仡佬族", "布依族", "侗族", "彝族", "白族", "傣族", "壮族", "瑶族", "回族",
	"藏族", "蒙古族", "满族", "朝鲜族", "锡伯族", "维吾尔族", "哈萨克族", "柯尔克孜族", "塔吉克族", "达斡尔族",
	"鄂温克族", "鄂伦春族", "羌族", "水族", "黎族", "畲族", "哈尼族", "拉祜族", "佤族", "傈僳族", "景颇族", "纳西族",
	"普米族", "独龙族", "怒族", "布朗族", "毛南族", "仫佬族", "东乡族", "保安族", "撒拉族", "裕固族", "土族", "各族"}

// Fold brings a name to one way of writing: full width to half, no spaces, one kind of middle dot.
func Fold(name string) string {
	plain := true
	for _, r := range name {
		if r < 0x3400 || r > 0x9fff {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.In(r, unicode.Cf):
			return -1
		case strings.ContainsRune(".．·•・‧", r):
			return '·'
		}
		return r
	}, strings.ToUpper(decimal.Normal(name)))
}

// ParseName takes a name apart. above is the name of the place it hangs under, which some editions
// put in front: 梁平县梁山街道办事处 in 梁平县 is {梁山 street}.
func ParseName(name string, l division.Level, above string) Name {
	name = Fold(name)
	if rest, ok := strings.CutPrefix(name, above); ok && above != "" {
		if n := parseEnding(rest, l); utf8.RuneCountInString(n.Base) >= 2 {
			return n
		}
	}
	return parseEnding(name, l)
}

func parseEnding(name string, l division.Level) Name {
	for _, e := range endings[l] {
		base, ok := strings.CutSuffix(name, e.text)
		if !ok || base == "" {
			continue
		}
		switch {
		case l == division.Village && e.class == "village":
			base = trimAll(base, "村")
		case l == division.County || l == division.Township && e.class == "township":
			base = withoutPeoples(base)
		}
		return Name{base, e.class}
	}
	return Name{name, ""}
}

// trimAll takes a suffix off as often as something is left: 双村村民委员会 may be 双村 + 村民委员会 or
// 双 + 村村民委员会, and editions write both.
func trimAll(base, suffix string) string {
	for {
		rest, ok := strings.CutSuffix(base, suffix)
		if !ok || rest == "" {
			return base
		}
		base = rest
	}
}

func withoutPeoples(base string) string {
	for {
		shorter := base
		for _, p := range peoples {
			if rest, ok := strings.CutSuffix(shorter, p); ok && rest != "" {
				shorter = rest
			}
		}
		if shorter == base {
			return base
		}
		base = shorter
	}
}

// SameName reports whether two names of a level differ in nothing but official suffix, width and
// characters that could not be read.
func SameName(a, b string, l division.Level, aboveA, aboveB string) bool {
	if a == b {
		return true
	}
	if l <= division.County || l == division.Group {
		return alike(Fold(a), Fold(b))
	}
	x, y := ParseName(a, l, aboveA), ParseName(b, l, aboveB)
	return x.Class == y.Class && alike(x.Base, y.Base)
}

// unreadable reports whether a character stands for one that could not be written: the replacement
// character, '?', private use, boxes, control characters.
func unreadable(r rune) bool {
	switch {
	case r == utf8.RuneError, r == '?', r == '？', r == '□', r == '■', r == '〓', r == '\ufffe':
		return true
	case unicode.Is(unicode.Co, r), unicode.Is(unicode.Cc, r):
		return true
	}
	return false
}

// Unreadable reports whether a name holds a character that could not be written.
func Unreadable(name string) bool { return strings.ContainsFunc(name, unreadable) }

const unreadableRun = 2 // characters a run of unreadable ones may stand for at most, beyond its length

// alike compares two texts in which unreadable characters match any.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if n := runsOf(a) + runsOf(b); n == 0 || n > runsMax {
		return false
	}
	return alikeRunes([]rune(a), []rune(b))
}

// runsMax bounds the work of comparing: a name with more gaps than that says nothing.
const runsMax = 4

// runsOf counts the runs of unreadable characters.
func runsOf(name string) (runs int) {
	before := false
	for _, r := range name {
		now := unreadable(r)
		if now && !before {
			runs++
		}
		before = now
	}
	return runs
}

func alikeRunes(a, b []rune) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] && !unreadable(a[0]) {
		a, b = a[1:], b[1:]
	}
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	if !unreadable(a[0]) {
		a, b = b, a
	}
	run := 0
	for run < len(a) && unreadable(a[run]) {
		run++
	}
	if run == 0 {
		return false
	}
	for taken := 1; taken <= min(len(b), run+unreadableRun); taken++ {
		if alikeRunes(a[run:], b[taken:]) {
			return true
		}
	}
	return false
}
