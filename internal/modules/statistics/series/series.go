package series

import (
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The formulas of derived series. Without one a series has figures of its own.
const (
	Ratio      = "ratio"
	Growth     = "growth"
	Sum        = "sum"
	Difference = "difference"
	Contrast   = "contrast"
)

// The directions: which figures are good.
const (
	More    = "more"
	Less    = "less"
	Parity  = "parity" // a ratio whose ideal is 1
	Neither = "neither"
)

// The marks of how far something can be relied on, as in packs.
const (
	Verified   = "verified"
	Unverified = "unverified"
	Config     = "config"
)

// The limits of a definition.
const (
	DecimalsMax = 6
	YearMin     = 1949
	YearMax     = 2100
)

// Break is a year from which a series is another: definition, survey, prices, area.
type Break struct {
	From   int         `yaml:"from"` // the first year of the new definition
	Title  words.Words `yaml:"title"`
	Places []string    `yaml:"places,omitempty"` // codes of the places concerned; empty: all
	Basis  string      `yaml:"basis"`
	Mark   string      `yaml:"mark"`
}

// concerns tells whether a break is one of a place with a code.
func (b Break) concerns(code string) bool {
	return len(b.Places) == 0 || slices.ContainsFunc(b.Places, func(c string) bool {
		return len(code) >= len(c) && code[:len(c)] == c
	})
}

// Definition is a series.
type Definition struct {
	Key       string      `yaml:"key"`
	Title     words.Words `yaml:"title"`
	Unit      words.Words `yaml:"unit"`
	Decimals  int         `yaml:"decimals"`
	Direction string      `yaml:"direction"`
	Formula   string      `yaml:"formula,omitempty"` // empty: it has figures of its own
	Of        []string    `yaml:"of,omitempty"`      // series a derived one follows from
	Scale     int64       `yaml:"scale,omitempty"`   // of a ratio; 0: 1
	Jump      int64       `yaml:"jump,omitempty"`    // so many times the year before is doubted
	Breaks    []Break     `yaml:"breaks,omitempty"`
	Basis     string      `yaml:"basis"`
	Mark      string      `yaml:"mark"`
}

// Derived tells whether the series follows from others.
func (d Definition) Derived() bool { return d.Formula != "" }

// parts are how many series a formula takes: from, to.
var parts = map[string][2]int{Ratio: {2, 2}, Growth: {1, 1}, Sum: {2, 20}, Difference: {2, 20},
	Contrast: {4, 4}}

// Check says what is wrong with a definition by itself.
func (d Definition) Check() []fault.Finding {
	var found []fault.Finding
	wrong := func(what string) { found = append(found, fault.Wrong("statistics.check."+what, d.Key)) }
	if !d.Title.Whole() || !d.Unit.Whole() {
		wrong("words")
	}
	if d.Decimals < 0 || d.Decimals > DecimalsMax {
		wrong("decimals")
	}
	if !slices.Contains([]string{More, Less, Parity, Neither}, d.Direction) {
		wrong("direction")
	}
	if d.Basis == "" || !marked(d.Mark) {
		wrong("basis")
	}
	if size, known := parts[d.Formula]; d.Derived() && (!known || len(d.Of) < size[0] ||
		len(d.Of) > size[1]) ||
		!d.Derived() && len(d.Of) > 0 || d.Scale < 0 || d.Jump < 0 {
		wrong("formula")
	}
	for _, b := range d.Breaks {
		if b.From < YearMin || b.From > YearMax || !b.Title.Whole() || b.Basis == "" || !marked(b.Mark) {
			wrong("break")
		}
	}
	return found
}

func marked(mark string) bool { return mark == Verified || mark == Unverified || mark == Config }

// Book is series by key.
type Book map[string]Definition

// Check says what is wrong with the series together: parts nobody declares, and circles.
func (b Book) Check() []fault.Finding {
	var found []fault.Finding
	for _, key := range b.Keys() {
		for _, part := range b[key].Of {
			if _, known := b[part]; !known {
				found = append(found, fault.Wrong("statistics.check.part", key, part))
			}
		}
		if b.reaches(key, key, map[string]bool{}) {
			found = append(found, fault.Wrong("statistics.check.circle", key))
		}
	}
	return found
}

// Keys are the keys in order.
func (b Book) Keys() []string {
	all := make([]string, 0, len(b))
	for key := range b {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

func (b Book) reaches(from, aim string, seen map[string]bool) bool {
	for _, part := range b[from].Of {
		if part == aim {
			return true
		}
		if !seen[part] {
			seen[part] = true
			if b.reaches(part, aim, seen) {
				return true
			}
		}
	}
	return false
}

// Leaves are the series with own figures that a series is made of: itself, if it has figures.
func (b Book) Leaves(key string) []string {
	d, known := b[key]
	if !known || !d.Derived() {
		return []string{key}
	}
	var all []string
	for _, part := range d.Of {
		for _, leaf := range b.Leaves(part) {
			if !slices.Contains(all, leaf) {
				all = append(all, leaf)
			}
		}
	}
	return all
}

// Breaks are the breaks of a series at a place with a code, its own and those of what it follows from,
// the earliest first, each once. An empty code asks for those of all places.
func (b Book) Breaks(key, code string) []Break {
	d := b[key]
	var all []Break
	for _, one := range d.Breaks {
		if code == "" && len(one.Places) == 0 || code != "" && one.concerns(code) {
			all = append(all, one)
		}
	}
	for _, part := range d.Of {
		for _, one := range b.Breaks(part, code) {
			if !slices.ContainsFunc(all, func(o Break) bool {
				return o.From == one.From &&
					o.Title == one.Title
			}) {
				all = append(all, one)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y Break) int { return x.From - y.From })
	return all
}

// Within are the breaks that part a span of years: after its first, up to its last.
func Within(breaks []Break, from, to int) []Break {
	var all []Break
	for _, b := range breaks {
		if b.From > from && b.From <= to {
			all = append(all, b)
		}
	}
	return all
}
