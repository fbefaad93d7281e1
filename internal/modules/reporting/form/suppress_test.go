package form_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
)

// intruder knows what is published, that counts are whole and not negative, and every sum. It tries all
// tables there can be.
type intruder struct {
	t         form.Table
	hidden    form.Hidden
	threshold int64
	guess     [][]int64
	seen      map[[2]int]map[int64]bool // values each hidden spot can have
	most      int64
}

func (in *intruder) at(r, c int) int64 {
	if r == len(in.t.Parts) {
		return in.t.Total[c]
	}
	return in.t.Parts[r][c]
}

func (in *intruder) fits(r int) bool {
	for _, relation := range in.t.Relations {
		var sum int64
		for c, k := range relation {
			sum += k * in.guess[r][c]
		}
		if sum != 0 {
			return false
		}
	}
	return true
}

// try fills the table spot by spot; the total row follows from the parts.
func (in *intruder) try(r, c int) {
	if r == len(in.t.Parts) {
		in.close()
		return
	}
	nr, nc := r, c+1
	last := nc == len(in.t.Total)
	if last {
		nr, nc = r+1, 0
	}
	from, to := in.at(r, c), in.at(r, c)
	if in.hidden[r][c] {
		from, to = 0, in.most
	}
	for v := from; v <= to; v++ {
		in.guess[r][c] = v
		if !last || in.fits(r) {
			in.try(nr, nc)
		}
	}
}

func (in *intruder) close() {
	total := len(in.t.Parts)
	for c := range in.t.Total {
		var sum int64
		for r := range total {
			sum += in.guess[r][c]
		}
		if !in.hidden[total][c] && sum != in.t.Total[c] {
			return
		}
		in.guess[total][c] = sum
	}
	if !in.fits(total) {
		return
	}
	for r := range in.guess {
		for c, v := range in.guess[r] {
			if in.hidden[r][c] {
				if in.seen[[2]int{r, c}] == nil {
					in.seen[[2]int{r, c}] = map[int64]bool{}
				}
				in.seen[[2]int{r, c}][v] = true
			}
		}
	}
}

// TestNothingCanBeComputedBack: however the table is made, every small count that was hidden could be
// something else for all that an intruder can find out by trying everything.
func TestNothingCanBeComputedBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		parts, columns := rapid.IntRange(1, 3).Draw(rt, "parts"), rapid.IntRange(1, 2).Draw(rt, "columns")
		related := rapid.Bool().Draw(rt, "related")
		width := columns
		if related {
			width++ // the last is the sum of the others
		}
		table := form.Table{Total: make([]int64, width)}
		for range parts {
			row := make([]int64, width)
			for c := range columns {
				row[c] = rapid.SampledFrom([]int64{0, 0, 1, 2, 3, 4}).Draw(rt, "count")
				if related {
					row[columns] += row[c]
				}
			}
			for c, v := range row {
				table.Total[c] += v
			}
			table.Parts = append(table.Parts, row)
		}
		if related {
			relation := make([]int64, width)
			for c := range columns {
				relation[c] = 1
			}
			relation[columns] = -1
			table.Relations = [][]int64{relation}
		}
		for range width {
			table.Secret = append(table.Secret, rapid.IntRange(0, 3).Draw(rt, "secret") == 0)
		}
		hidden, whole := form.Suppress(table, 3)
		if !whole {
			return // nothing is published
		}
		in := &intruder{t: table, hidden: hidden, threshold: 3, seen: map[[2]int]map[int64]bool{}, most: 9}
		for range parts + 1 {
			in.guess = append(in.guess, make([]int64, width))
		}
		in.try(0, 0)
		for r := range hidden {
			for c, is := range hidden[r] {
				small := in.at(r, c) > 0 && in.at(r, c) < 3 || r == parts && table.Secret[c]
				if small && !is {
					rt.Fatalf("%d at %d,%d is shown: %+v", in.at(r, c), r, c, table)
				}
				if small && len(in.seen[[2]int{r, c}]) < 2 {
					rt.Fatalf("%d at %d,%d can be computed back: %+v %v", in.at(r, c), r, c, table, hidden)
				}
			}
		}
	})
}

// TestSuppressHidesLittle: one small count among large ones takes one more; none takes none.
func TestSuppressHidesLittle(t *testing.T) {
	hidden, whole := form.Suppress(form.Table{Parts: [][]int64{{2}, {10}, {7}, {0}}, Total: []int64{19}}, 3)
	if !whole || !hidden[0][0] || hidden[1][0] || !hidden[2][0] || hidden[3][0] || hidden[4][0] {
		t.Errorf("%v %v", hidden, whole)
	}
	hidden, whole = form.Suppress(form.Table{Parts: [][]int64{{3}, {0}}, Total: []int64{3}}, 3)
	if !whole || hidden[0][0] || hidden[1][0] || hidden[2][0] {
		t.Errorf("%v %v", hidden, whole)
	}
}
