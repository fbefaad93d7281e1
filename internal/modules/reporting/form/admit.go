package form

import (
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/fraction"
)

// Holder is something that already holds elements: a form that lives, or a part of the program.
type Holder struct {
	Name     string
	Form     bool // another form: compared as a whole
	Elements []string
}

// Similar compares two sets of elements: how many they share, and how many there are in either.
func Similar(a, b []string) (common, union int) {
	union = len(b)
	for _, e := range a {
		if slices.Contains(b, e) {
			common++
		} else {
			union++
		}
	}
	return common, union
}

// Admission is what a new form is held against.
type Admission struct {
	Similarity fraction.Fraction // Jaccard from which a form is a near-duplicate of another
	Held       fraction.Fraction // share of elements already held from which it asks what is known
	YearsMax   int               // from its first day to its sunset
}

// Check refuses a form that lacks what admission asks, nearly repeats another, or asks what is held
// already, and names what holds it.
func (a Admission) Check(d Definition, holders []Holder) []fault.Finding {
	found := a.formal(d)
	elements := d.Elements()
	if len(elements) == 0 {
		return append(found, fault.Wrong("reporting.admit.no_elements"))
	}
	held := map[string]bool{}
	for _, h := range holders {
		common, union := Similar(elements, h.Elements)
		if h.Form && reaches(common, union, a.Similarity) {
			found = append(found, fault.Wrong("reporting.admit.similar", h.Name, common, union))
		}
		for _, e := range h.Elements {
			held[e] = true
		}
	}
	known := 0
	for _, e := range elements {
		if held[e] {
			known++
		}
	}
	if reaches(known, len(elements), a.Held) {
		found = append(found, fault.Wrong("reporting.admit.held", known, len(elements)))
		for _, e := range elements {
			if name := holderOf(e, holders); name != "" {
				found = append(found, fault.Told("reporting.admit.holder", e, name))
			}
		}
	}
	return found
}

// holderOf names what holds an element: rather what keeps it at its source than a form that repeats it.
func holderOf(element string, holders []Holder) string {
	for _, forms := range []bool{false, true} {
		for _, h := range holders {
			if h.Form == forms && slices.Contains(h.Elements, element) {
				return h.Name
			}
		}
	}
	return ""
}

// formal: basis, purpose, owner, frequency and sunset.
func (a Admission) formal(d Definition) (found []fault.Finding) {
	for _, one := range []struct {
		lacks bool
		what  string
	}{{d.Basis == "", "basis"}, {!d.Purpose.Whole(), "purpose"}, {!d.Owner.Whole(), "owner"},
		{d.Frequency() == 0, "every"}, {!d.From.Valid(), "from"}, {!d.Sunset.Valid(), "sunset"}} {
		if one.lacks {
			found = append(found, fault.Wrong("reporting.admit.lacks", one.what))
		}
	}
	if len(found) == 0 && (d.Sunset <= d.From || d.Sunset > d.From.AddMonths(12*a.YearsMax)) {
		found = append(found, fault.Wrong("reporting.admit.sunset", a.YearsMax))
	}
	return found
}

// reaches reports whether part of whole is at least a share, exactly. Nothing of nothing is not.
func reaches(part, whole int, share fraction.Fraction) bool {
	return part > 0 && int64(part)*share.Denominator >= int64(whole)*share.Numerator
}
