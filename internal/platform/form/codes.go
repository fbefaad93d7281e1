package form

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// CodeList is a list of codes with their meaning. Entries are dated and may form a tree.
type CodeList struct {
	Key     string       `yaml:"key"`
	Title   locale.Words `yaml:"title,omitempty"`
	Basis   string       `yaml:"basis,omitempty"`
	Mark    Mark         `yaml:"mark,omitempty"`
	Entries []Entry      `yaml:"entries"`

	File string `yaml:"-"`

	index map[string][]int // way of writing → entries
}

// Entry is one code. It holds from From until the day before To.
type Entry struct {
	Code    Scalar      `yaml:"code"`
	Chinese string      `yaml:"zh"`
	English string      `yaml:"en"`
	From    period.Date `yaml:"from,omitempty"`
	To      period.Date `yaml:"to,omitempty"`
	Parent  Scalar      `yaml:"parent,omitempty"`
}

// Words is the meaning of the code.
func (e Entry) Words() locale.Words { return locale.Words{Chinese: e.Chinese, English: e.English} }

// HoldsOn reports whether the entry may be chosen on a day; "" asks for no day.
func (e Entry) HoldsOn(day period.Date) bool {
	return day == "" || (e.From == "" || e.From <= day) && (e.To == "" || day < e.To)
}

// On are the entries that may be chosen on a day.
func (c *CodeList) On(day period.Date) []Entry {
	var all []Entry
	for _, e := range c.Entries {
		if e.HoldsOn(day) {
			all = append(all, e)
		}
	}
	return all
}

// offeredMax is how many choices a finding lists.
const offeredMax = 30

// offered lists the choices of a day for a finding.
func (c *CodeList) offered(day period.Date) locale.Words {
	entries := c.On(day)
	return locale.Each(func(l locale.Language) string {
		var texts []string
		for i, e := range entries {
			if i == offeredMax {
				texts = append(texts, "…")
				break
			}
			texts = append(texts, e.Words().In(l))
		}
		if l == locale.Chinese {
			return strings.Join(texts, "、")
		}
		return strings.Join(texts, ", ")
	})
}

// Entry finds the entry of a code: the one that holds on the day, else any other.
func (c *CodeList) Entry(code string, day period.Date) (Entry, bool) {
	var found Entry
	ok := false
	for _, e := range c.Entries {
		if string(e.Code) != code {
			continue
		}
		if e.HoldsOn(day) {
			return e, true
		}
		found, ok = e, true
	}
	return found, ok
}

// Find reads a choice as people write it: the code, or the meaning in either language. What does not
// hold on the day is not found.
func (c *CodeList) Find(text string, day period.Date) (Entry, bool) {
	for _, i := range c.index[Fold(text)] {
		if c.Entries[i].HoldsOn(day) {
			return c.Entries[i], true
		}
	}
	return Entry{}, false
}

// names are the ways in which the entry can be written, made comparable.
func (e Entry) names() []string {
	all := []string{Fold(string(e.Code)), Fold(e.Chinese), Fold(e.English)}
	slices.Sort(all)
	return slices.Compact(all)
}

// overlaps reports whether there is a day on which both entries hold.
func (e Entry) overlaps(other Entry) bool {
	return (e.To == "" || other.From < e.To) && (other.To == "" || e.From < other.To)
}

// Fold makes texts comparable: full-width characters, spaces and capitals make no difference.
func Fold(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(decimal.Normal(text)), ""))
}
