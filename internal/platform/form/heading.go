package form

import (
	"regexp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Headings are the ways in which the column of a field may be headed: its label in either language, and
// other names that files have for it. All are made comparable by Fold.
func (f *Field) Headings() []string {
	all := slices.Compact([]string{Fold(f.Label.Chinese), Fold(f.Label.English)})
	for _, other := range f.Also {
		all = append(all, Fold(other))
	}
	return all
}

// Finder finds the position of a field by the heading of a column; -1 if there is none. Behind the heading
// may stand its unit in brackets and the star of a required field.
func (d *Definition) Finder() func(text string) int {
	byName := map[string]int{}
	for i := range d.Fields {
		for _, heading := range d.Fields[i].Headings() {
			byName[heading] = i
		}
	}
	return func(text string) int {
		name := strings.Trim(Fold(text), "*:")
		if i, ok := byName[name]; ok {
			return i
		}
		if at := strings.LastIndexByte(name, '('); at > 0 && strings.HasSuffix(name, ")") {
			if i, ok := byName[name[:at]]; ok {
				return i
			}
		}
		return -1
	}
}

// sameUnits are other ways to write a unit, by its English name.
var sameUnits = map[string][]string{"yuan": {"人民币", "人民币元", "rmb", "cny"}, "m²": {"m2", "㎡", "平米"},
	"mu": {"市亩"}, "%": {"百分比", "percent"}}

// OtherUnit is the unit in brackets behind a heading, if it is not the field's: 核实数（万元） over a
// column of yuan would be wrong by four digits, and nobody would notice.
func (f *Field) OtherUnit(heading string) string {
	folded := strings.Trim(Fold(heading), "*:")
	at := strings.LastIndexByte(folded, '(')
	unit := locale.Each(f.UnitIn)
	if at < 0 || unit.English == "" || slices.Contains(f.Headings(), folded) { // brackets of the label itself
		return ""
	}
	inner := strings.TrimSuffix(folded[at+1:], ")")
	first := strings.FieldsFunc(inner, func(r rune) bool { return strings.ContainsRune(",;、:", r) })
	known := append([]string{Fold(unit.Chinese), Fold(unit.English)}, sameUnits[unit.English]...)
	if len(first) == 0 || slices.Contains(known, first[0]) {
		return ""
	}
	return first[0]
}

// unitAbove finds 单位：万元.
var unitAbove = regexp.MustCompile(`单位:?(?:人民币)?([十百千万亿]+元)(?:$|[^\p{Han}])|\(([十百千万亿]+元)\)`)

// UnitAbove is the unit that a line above the headings says amounts are counted in, where it is more than a
// yuan; "" if it says nothing of the kind.
func UnitAbove(text string) string {
	if found := unitAbove.FindStringSubmatch(Fold(text)); found != nil {
		return found[1] + found[2]
	}
	return ""
}

// Identifies reports whether the kind holds codes, whose every digit counts.
func (k Kind) Identifies() bool {
	switch k {
	case Code, CreditCode, ResidentCode, PlaceCode, Choice:
		return true
	}
	return false
}

// Counted reports whether a field holds an amount, which cannot count once for each of several rows.
func (f *Field) Counted() bool { return f.Numeric() && f.Kind != Percent || f.unit().Whole() }

// Listed puts names one after another, each in its quotes.
func Listed(names []locale.Words) locale.Words {
	return locale.Each(func(l locale.Language) string {
		texts := make([]string, len(names))
		for i, name := range names {
			texts[i] = "“" + name.In(l) + "”"
		}
		if l == locale.Chinese {
			return strings.Join(texts, "")
		}
		return strings.Join(texts, ", ")
	})
}

// Choices are what a drop-down of the field offers on a day; none if it is no choice.
func (f *Field) Choices(l locale.Language, day period.Date) []string {
	if f.codes == nil {
		return nil
	}
	var texts []string
	for _, e := range f.codes.On(day) {
		texts = append(texts, e.Words().In(l))
	}
	return texts
}
