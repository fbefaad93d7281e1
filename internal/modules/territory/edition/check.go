package edition

import (
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// nation is the code of the country.
const nation = 100000000000

// checker settles levels and parents once all rows are read.
type checker struct {
	*reader
	standing Standing
	asked    int64 // the code that was looked for last: siblings stand together and ask for one parent
	at       int32 // its row; NoRow: the file does not hold it
}

// row is the row with a code, if the file holds one.
func (k *checker) row(code int64) (row int32, held bool) {
	if code != k.asked || code == 0 {
		if row, held = k.byCode[code]; !held {
			row = NoRow
		}
		k.asked, k.at = code, row
	}
	return k.at, k.at != NoRow
}

// columns says what whole columns lack, once, at the row of the headings.
func (k *checker) columns() {
	line := k.reader.columns.row
	if k.reader.columns.level < 0 {
		k.add(fault.Told("territory.anomaly.column_level"), line, "level", "")
	}
	if k.reader.columns.parent < 0 {
		k.add(fault.Told("territory.anomaly.column_parent"), line, "parent", "")
	}
	stated, contradicting := 0, 0
	for i := range k.drafts {
		if d := &k.drafts[i]; d.stated != unset {
			stated++
			if d.stated != d.digits {
				contradicting++
			}
		}
	}
	if contradicting*2 <= stated {
		return
	}
	k.add(fault.Doubt("territory.anomaly.column_levels_foreign", contradicting, stated), line, "level", "")
	for i := range k.drafts {
		k.drafts[i].stated = unset
	}
}

// levels settles each row's level: what it states, unless nothing of that level could hang where it
// hangs and the digits say something that could.
func (k *checker) levels() {
	for i := range k.drafts {
		d := &k.drafts[i]
		d.Level = d.digits
		if d.stated != unset {
			d.Level = d.stated
		}
	}
	for i := range k.drafts {
		d := &k.drafts[i]
		if d.stated == unset || d.stated == d.digits {
			continue
		}
		above, ok := k.claim(d.parent)
		if ok && d.stated <= above && d.digits > above {
			d.Level = d.digits
			k.add(fault.Doubt("territory.anomaly.level_parent", levelKey(d.stated), levelKey(d.digits)),
				int(d.Line), "level", CodeText(d.Code)+" "+d.Name)
			continue
		}
		k.add(fault.Doubt("territory.anomaly.level_digits", levelKey(d.stated), levelKey(d.digits)),
			int(d.Line), "level", CodeText(d.Code)+" "+d.Name)
	}
}

// claim is the level of a place by its code, in the file or standing.
func (k *checker) claim(code int64) (division.Level, bool) {
	if i, ok := k.row(code); ok {
		return k.drafts[i].Level, true
	}
	return k.standing(code)
}

// parents settles where each row hangs.
func (k *checker) parents() {
	for i := range k.drafts {
		k.hang(int32(i))
	}
	for range 3 { // hanging by digits cannot close a circle, but may uncover a further stated one
		lost := tree.Circles(k.above(), k.order())
		if len(lost) == 0 {
			break
		}
		for _, i := range lost {
			d := &k.drafts[i]
			k.byDigits(int32(i), fault.Doubt("territory.anomaly.parent_circle"), CodeText(d.parent))
		}
	}
	for _, i := range tree.Circles(k.above(), k.order()) {
		d := &k.drafts[i]
		d.refused, d.Parent = true, NoRow
		k.refuse(fault.Wrong("territory.anomaly.parent_circle_left"), int(d.Line), "parent",
			CodeText(d.parent))
	}
	k.adopt()
}

func (k *checker) above() []tree.Node {
	parents := make([]tree.Node, len(k.drafts))
	for i := range k.drafts {
		parents[i] = tree.Node(k.drafts[i].Parent)
	}
	return parents
}

// hang puts a row under its stated parent, or under the nearest place above that its digits name.
func (k *checker) hang(i int32) {
	d := &k.drafts[i]
	stated := CodeText(d.parent)
	switch level, known := k.claim(d.parent); {
	case d.parent == 0 && d.Level <= division.Province:
		k.rest(d)
	case d.parent == 0 && k.reader.columns.parent < 0:
		k.byDigits(i, fault.Finding{}, "")
	case d.parent == 0:
		k.byDigits(i, fault.Told("territory.anomaly.parent_derived"), "")
	case d.parent == d.Code:
		k.byDigits(i, fault.Doubt("territory.anomaly.parent_self"), stated)
	case !known && d.Level <= division.Province:
		k.rest(d)
	case !known:
		k.byDigits(i, fault.Doubt("territory.anomaly.parent_missing", stated), stated)
	case level >= d.Level:
		k.byDigits(i, fault.Doubt("territory.anomaly.parent_level", levelKey(level), levelKey(d.Level)),
			stated)
	default:
		k.under(d, d.parent)
		k.oddities(d, level)
	}
}

// rest leaves a province or nation at the top, or under what stands there already.
func (k *checker) rest(d *draft) {
	if level, ok := k.claim(nation); ok && d.Code != nation && level < d.Level {
		k.under(d, nation)
	}
}

// under hangs a row under a place of the file or, outside it, of the standing tree.
func (k *checker) under(d *draft, code int64) {
	if i, ok := k.row(code); ok {
		d.Parent, d.Outside = i, 0
		return
	}
	d.Parent, d.Outside = NoRow, code
}

// oddities notes what is unusual about a parent that is taken as stated.
func (k *checker) oddities(d *draft, level division.Level) {
	if d.Level-level > 1 {
		k.add(fault.Told("territory.anomaly.parent_skips", levelKey(level), levelKey(d.Level)), int(d.Line),
			"parent", CodeText(d.parent))
	}
	if level == division.Nation {
		return
	}
	digits := division.SignificantDigits(level)
	if shorten(d.Code, digits) != shorten(d.parent, digits) {
		k.add(fault.Told("territory.anomaly.parent_digits", CodeText(d.Code)), int(d.Line), "parent",
			CodeText(d.parent))
	}
}

// shorten cuts a full code to its first digits.
func shorten(code int64, digits int) int64 {
	limit := int64(1)
	for range digits {
		limit *= 10
	}
	for code >= limit {
		code /= 10
	}
	return code
}

// byDigits hangs a row under the nearest place above that its digits name. The finding, if it has a
// key, is completed with what was found.
func (k *checker) byDigits(i int32, f fault.Finding, saw string) {
	d := &k.drafts[i]
	code, ok := k.nearest(d)
	if ok {
		k.under(d, code)
		if f.Key != "" {
			f.Args = append(f.Args, k.called(code))
			k.add(f, int(d.Line), "parent", saw)
		}
		return
	}
	d.Parent, d.Outside = NoRow, 0
	if d.Level <= division.County {
		if saw != "" || d.Level > division.Province {
			k.add(fault.Doubt("territory.anomaly.parent_top", CodeText(d.Code)), int(d.Line), "parent", saw)
		}
		return
	}
	d.refused = true
	k.refuse(fault.Wrong("territory.anomaly.parent_none", CodeText(d.Code)), int(d.Line), "parent", saw)
}

// nearest is the nearest place above a row that its digits name and that is of a higher level.
func (k *checker) nearest(d *draft) (int64, bool) {
	for l := min(d.Level, division.Group) - 1; l >= division.Province; l-- {
		code := shorten(d.Code, division.SignificantDigits(l))
		for code < 100_000_000_000 {
			code *= 10
		}
		if level, ok := k.claim(code); ok && code != d.Code && level < d.Level {
			return code, true
		}
	}
	level, ok := k.claim(nation)
	return nation, ok && d.Level == division.Province && level < d.Level && d.Code != nation
}

// called is how a finding names a place.
func (k *checker) called(code int64) string {
	if i, ok := k.row(code); ok {
		return CodeText(code) + " " + k.drafts[i].Name
	}
	return CodeText(code)
}

// adopt hangs the children of refused rows under what the refused ones hung under.
func (k *checker) adopt() {
	for again := true; again; {
		again = false
		for i := range k.drafts {
			d := &k.drafts[i]
			if d.refused || d.Parent == NoRow || !k.drafts[d.Parent].refused {
				continue
			}
			again = true
			above := &k.drafts[d.Parent]
			d.Parent, d.Outside = above.Parent, above.Outside
			f := fault.Doubt("territory.anomaly.parent_refused", above.Line)
			if d.Parent == NoRow && d.Outside == 0 && d.Level > division.County {
				d.refused = true
				k.refuse(fault.Wrong("territory.anomaly.parent_none", CodeText(d.Code)), int(d.Line),
					"parent", CodeText(above.Code))
				continue
			}
			k.add(f, int(d.Line), "parent", CodeText(above.Code))
		}
	}
}
