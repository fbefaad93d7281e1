package form

import "slices"

// Table is counts to be published: a row for each part and their total, and what else ties columns
// together.
type Table struct {
	Parts [][]int64 // a row for each part, a column for each count; none below 0
	Total []int64   // of each column
	// Relations are sums that hold in every row: for each column a coefficient, and all of it is 0.
	Relations [][]int64
	// Open marks columns that are no secret, such as how many units reported: they are always shown.
	Open []bool
	// Secret marks columns whose total a table above hides, in which all of this one is a part: it is
	// hidden here as well, however large, and must not be computed either.
	Secret []bool
}

// Hidden says which counts are not shown: for each part, and last for the total.
type Hidden [][]bool

func (t Table) open(column int) bool { return column < len(t.Open) && t.Open[column] }

func (t Table) secret(p spot) bool {
	return p.row == len(t.Parts) && p.column < len(t.Secret) && t.Secret[p.column] && !t.open(p.column)
}

// spot is a place in a table: the last row is the total.
type spot struct{ row, column int }

// coefficientMax bounds what the proof computes with; beyond it more is suppressed instead.
const coefficientMax = 1 << 20

// Suppress hides every count from 1 up to, not including, the threshold, and as many others as it takes
// that none of them can be computed back from what is shown, from the sums of the columns and from the
// relations, by somebody who knows that counts are whole and not negative. It hides the smallest others
// first and totals last. Secret totals are protected in the same way. whole is false if even then something
// could be: nothing must be published.
func Suppress(t Table, threshold int64) (hidden Hidden, whole bool) {
	s := &suppression{t: t}
	s.hidden = make(Hidden, len(t.Parts)+1)
	for r := range s.hidden {
		s.hidden[r] = make([]bool, len(t.Total))
		for c := range t.Total {
			p := spot{r, c}
			if n := s.at(p); n > 0 && n < threshold && !t.open(c) || t.secret(p) {
				s.hidden[r][c] = true
				s.small = append(s.small, p)
			}
		}
	}
	for {
		bare, found := s.bare()
		if !found {
			return s.hidden, true
		}
		next, found := s.next(bare)
		if !found {
			return s.hidden, false
		}
		s.hidden[next.row][next.column] = true
	}
}

type suppression struct {
	t      Table
	hidden Hidden
	small  []spot // and secret ones
}

func (s *suppression) at(p spot) int64 {
	if p.row == len(s.t.Parts) {
		return s.t.Total[p.column]
	}
	return s.t.Parts[p.row][p.column]
}

// equations are what ties counts together: columns and relations, as coefficients of spots.
func (s *suppression) equations() (all []map[spot]int64) {
	total := len(s.t.Parts)
	for c := range s.t.Total {
		one := map[spot]int64{{total, c}: -1}
		for r := range s.t.Parts {
			one[spot{r, c}] = 1
		}
		all = append(all, one)
	}
	for _, relation := range s.t.Relations {
		for r := range total + 1 {
			one := map[spot]int64{}
			for c, k := range relation {
				if k != 0 {
					one[spot{r, c}] = k
				}
			}
			all = append(all, one)
		}
	}
	return all
}

// bare finds a small count for which no other table can be shown that agrees with what is published.
func (s *suppression) bare() (spot, bool) {
	var unknown []spot
	index := map[spot]int{}
	for r := range s.hidden {
		for c, is := range s.hidden[r] {
			if is {
				index[spot{r, c}] = len(unknown)
				unknown = append(unknown, spot{r, c})
			}
		}
	}
	var rows [][]int64
	for _, equation := range s.equations() {
		row := make([]int64, len(unknown))
		any := false
		for p, k := range equation {
			if i, is := index[p]; is {
				row[i], any = k, true
			}
		}
		if any {
			rows = append(rows, row)
		}
	}
	free := s.covered(unknown, rows)
	for _, p := range s.small {
		if !free[index[p]] {
			return p, true
		}
	}
	return spot{}, false
}

// covered tells for which unknowns another solution differs: a step along one direction of the null
// space, forward or back, leaves every count whole and not negative.
func (s *suppression) covered(unknown []spot, rows [][]int64) []bool {
	covered := make([]bool, len(unknown))
	pivots, ok := eliminate(rows, len(unknown))
	if !ok {
		return covered
	}
	for f := range unknown {
		if slices.Contains(pivots, f) {
			continue
		}
		step, ok := direction(rows, pivots, f, len(unknown))
		if !ok || !s.possible(unknown, step, 1) && !s.possible(unknown, step, -1) {
			continue
		}
		for i, k := range step {
			covered[i] = covered[i] || k != 0
		}
	}
	return covered
}

func (s *suppression) possible(unknown []spot, step []int64, sign int64) bool {
	for i, k := range step {
		if s.at(unknown[i])+sign*k < 0 {
			return false
		}
	}
	return true
}

// eliminate brings whole-number equations into reduced form; pivots[n] is the leading unknown of row n.
func eliminate(rows [][]int64, width int) (pivots []int, ok bool) {
	at := 0
	for column := 0; column < width && at < len(rows); column++ {
		lead := slices.IndexFunc(rows[at:], func(row []int64) bool { return row[column] != 0 })
		if lead < 0 {
			continue
		}
		rows[at], rows[at+lead] = rows[at+lead], rows[at]
		for r := range rows {
			if r != at && rows[r][column] != 0 && !clear(rows[r], rows[at], column) {
				return nil, false
			}
		}
		pivots = append(pivots, column)
		at++
	}
	return pivots, true
}

// clear takes a multiple of one row from another so that a column of it becomes 0.
func clear(row, by []int64, column int) bool {
	a, b := by[column], row[column]
	var common int64
	for i := range row {
		row[i] = row[i]*a - by[i]*b
		common = gcd(common, row[i])
	}
	for i := range row {
		if common > 1 {
			row[i] /= common
		}
		if row[i] > coefficientMax || row[i] < -coefficientMax {
			return false
		}
	}
	return true
}

// direction is the solution of the equations with nothing on the right in which one free unknown moves
// and the other free ones stand, in the smallest whole numbers.
func direction(rows [][]int64, pivots []int, free, width int) ([]int64, bool) {
	scale := int64(1)
	for n, p := range pivots {
		if rows[n][free] == 0 {
			continue
		}
		lead := abs(rows[n][p]) / gcd(rows[n][p], rows[n][free])
		if scale = scale / gcd(scale, lead) * lead; scale > coefficientMax {
			return nil, false
		}
	}
	step := make([]int64, width)
	step[free] = scale
	for n, p := range pivots {
		step[p] = -scale * rows[n][free] / rows[n][p]
	}
	return step, true
}

func abs(n int64) int64 { return max(n, -n) }

func gcd(a, b int64) int64 {
	a, b = abs(a), abs(b)
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// next chooses what to hide for the sake of a bare count: a shown one out of the equations that speak of
// it, or of anything hidden, or at last any.
func (s *suppression) next(bare spot) (spot, bool) {
	var near, far, any []spot
	for _, equation := range s.equations() {
		_, own := equation[bare]
		touched := false
		for p := range equation {
			touched = touched || s.hidden[p.row][p.column]
		}
		for p := range equation {
			switch {
			case s.hidden[p.row][p.column], s.t.open(p.column):
			case own:
				near = append(near, p)
			case touched:
				far = append(far, p)
			default:
				any = append(any, p)
			}
		}
	}
	for _, list := range [][]spot{near, far, any} {
		if len(list) > 0 {
			slices.SortFunc(list, s.dearer)
			return list[0], true
		}
	}
	return spot{}, false
}

// dearer orders what could be hidden: parts before totals, what is something before nothing, the small
// before the large, and at last by place so that the choice is always the same.
func (s *suppression) dearer(a, b spot) int {
	rank := func(p spot) [5]int64 {
		var key [5]int64
		if p.row == len(s.t.Parts) {
			key[0] = 1
		}
		if s.at(p) == 0 {
			key[1] = 1
		}
		key[2], key[3], key[4] = s.at(p), int64(p.row), int64(p.column)
		return key
	}
	x, y := rank(a), rank(b)
	return slices.Compare(x[:], y[:])
}

// Relations are the sums that tie the chosen cells of a form together in every row: each computed cell
// that is a sum of chosen ones, and the bands of a cell against the number of units, if that is
// chosen too (units is its place among the chosen, -1: it is not; a chosen cell below 0 is none).
func (d Definition) Relations(chosen []int, units int) (all [][]int64) {
	where := func(name string) int { return slices.Index(chosen, d.Index(name)) }
	for at, i := range chosen {
		if i < 0 {
			continue // not a cell
		}
		relation := make([]int64, len(chosen))
		relation[at] = -1
		whole := len(d.Cells[i].Terms) > 0
		for _, text := range d.Cells[i].Terms {
			sign, name := term(text)
			part := where(name)
			if whole = whole && part >= 0; !whole {
				break
			}
			relation[part] += sign
		}
		if whole {
			all = append(all, relation)
		}
	}
	if units < 0 {
		return all
	}
	bands := map[string][]int64{}
	for at, i := range chosen {
		if i < 0 {
			continue
		}
		if b := d.Cells[i].Band; b != nil {
			if bands[b.Of] == nil {
				bands[b.Of] = make([]int64, len(chosen))
				bands[b.Of][units] = -1
			}
			bands[b.Of][at]++
		}
	}
	for _, i := range chosen {
		if i < 0 {
			continue
		}
		if b := d.Cells[i].Band; b != nil && bands[b.Of] != nil {
			all = append(all, bands[b.Of])
			delete(bands, b.Of)
		}
	}
	return all
}
