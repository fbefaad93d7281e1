package history

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Row is a state of a place.
type Row struct {
	Place int64
	State
}

// Verify proves histories again, which are in the order of places and days: states of a place do not
// overlap; what a state hangs under stands all the while and is of a higher level; a code means one
// place at a time; and each state began by an act that is known.
func Verify(rows []Row, acts map[int64]bool) []fault.Finding {
	v := verifier{rows: rows, first: map[int64]int{}}
	for i, r := range rows {
		if _, ok := v.first[r.Place]; !ok {
			v.first[r.Place] = i
		}
		if !acts[r.Event] {
			v.add(fault.Wrong("territory.verify.event", r.Place, string(r.Since), r.Event))
		}
		if r.Since >= r.Until || i > 0 && rows[i-1].Place == r.Place && r.Since < rows[i-1].Until {
			v.add(fault.Wrong("territory.verify.overlap", r.Place, r.Name, string(r.Since)))
		}
	}
	for _, r := range rows {
		v.parent(r)
	}
	v.codes()
	return v.findings
}

type verifier struct {
	rows     []Row
	first    map[int64]int // place → its first row
	findings []fault.Finding
}

func (v *verifier) add(f fault.Finding) { v.findings = append(v.findings, f) }

// parent follows what a state hangs under through all its days.
func (v *verifier) parent(r Row) {
	if r.Parent == 0 {
		return
	}
	at, ok := v.first[r.Parent]
	from := r.Since
	for ; ok && at < len(v.rows) && v.rows[at].Place == r.Parent && from < r.Until; at++ {
		p := v.rows[at]
		if p.Until <= from {
			continue
		}
		if p.Since > from {
			break
		}
		if p.Level >= r.Level {
			v.add(fault.Wrong("territory.verify.level", r.Place, r.Name, p.Name, string(from)))
			return
		}
		from = p.Until
	}
	if from < r.Until {
		v.add(fault.Wrong("territory.verify.parent", r.Place, r.Name, r.Parent, string(from)))
	}
}

// codes finds codes that two places have on one day.
func (v *verifier) codes() {
	coded := slices.DeleteFunc(slices.Clone(v.rows), func(r Row) bool { return r.Code == "" })
	slices.SortFunc(coded, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Since, b.Since))
	})
	for i := 1; i < len(coded); i++ {
		a, b := coded[i-1], coded[i]
		if a.Code == b.Code && a.Place != b.Place && b.Since < a.Until {
			v.add(fault.Wrong("territory.verify.code", b.Code, a.Name, b.Name, string(b.Since)))
		}
	}
}
