package linear

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Sense says how a constraint holds.
type Sense int

// The senses.
const (
	AtMost Sense = iota
	Equal
	AtLeast
)

// Constraint is Coefficients·x in a sense to Bound.
type Constraint struct {
	Coefficients []float64
	Sense        Sense
	Bound        float64
}

// Solution is the best x and its objective.
type Solution struct {
	X         []float64
	Objective float64
}

const (
	small      = 1e-11 // what counts as 0 beside figures of size 1
	feasible   = 1e-9
	standstill = 50    // steps without gain after which Bland's rule begins
	stepsMax   = 50000 // beyond any programme met; a bound, not a rule
)

// tableau has basic variables (rows) in terms of those that are 0 (columns): basic = bound − cells·columns.
type tableau struct {
	cells   [][]float64
	bounds  []float64
	basic   []int
	columns []int
	gain    []float64 // of the objective for each column
	value   float64   // of the objective
	barred  int       // variables from this number on are artificial and never come back
}

// Maximise answers the greatest objective·x under the constraints and x ≥ 0.
func Maximise(objective []float64, constraints []Constraint) (Solution, error) {
	t, err := setUp(len(objective), constraints)
	if err != nil {
		return Solution{}, err
	}
	if err := t.begin(); err != nil {
		return Solution{}, err
	}
	t.aim(objective)
	if err := t.climb(); err != nil {
		return Solution{}, err
	}
	s := Solution{X: make([]float64, len(objective))}
	for r, variable := range t.basic {
		if variable < len(objective) {
			s.X[variable] = max(t.bounds[r], 0)
		}
	}
	for i, c := range objective {
		s.Objective += c * s.X[i]
	}
	return s, nil
}

// setUp writes the constraints with bounds of at least 0. Variables are numbered: x, then slacks, then
// artificial ones, which the first phase drives out.
func setUp(variables int, constraints []Constraint) (*tableau, error) {
	surplus := 0
	for _, c := range constraints {
		if len(c.Coefficients) != variables {
			return nil, fault.New(fault.Invalid, "rating.linear_shape", variables, len(c.Coefficients))
		}
		if sense, _ := turned(c); sense == AtLeast {
			surplus++
		}
	}
	t := &tableau{barred: variables + len(constraints)}
	for j := range variables {
		t.columns = append(t.columns, j)
	}
	width := variables + surplus
	for i, c := range constraints {
		sense, sign := turned(c)
		row := make([]float64, width)
		for j, x := range c.Coefficients {
			row[j] = sign * x
		}
		slack := variables + i
		switch sense {
		case AtMost:
			t.basic = append(t.basic, slack)
		case AtLeast:
			row[len(t.columns)] = -1
			t.columns = append(t.columns, slack)
			t.basic = append(t.basic, t.barred+i)
		default:
			t.basic = append(t.basic, t.barred+i)
		}
		t.cells, t.bounds = append(t.cells, row), append(t.bounds, sign*c.Bound)
	}
	return t, nil
}

// turned is the sense of a constraint once its bound is made at least 0, and the sign that makes it so. At
// least 0 is at most 0 the other way round.
func turned(c Constraint) (Sense, float64) {
	switch {
	case c.Sense == AtMost && c.Bound < 0:
		return AtLeast, -1
	case c.Sense == AtLeast && c.Bound <= 0:
		return AtMost, -1
	case c.Bound < 0:
		return c.Sense, -1
	}
	return c.Sense, 1
}

// begin is the first phase: it drives the artificial variables to 0.
func (t *tableau) begin() error {
	t.gain = make([]float64, len(t.columns))
	size, need := 1.0, false
	for r, variable := range t.basic {
		if variable < t.barred {
			continue
		}
		need = true
		size = max(size, t.bounds[r])
		t.value -= t.bounds[r]
		for j, x := range t.cells[r] {
			t.gain[j] += x
		}
	}
	if !need {
		return nil
	}
	if err := t.climb(); err != nil {
		return err
	}
	if t.value < -feasible*size {
		return fault.New(fault.Invalid, "rating.linear_infeasible")
	}
	// An artificial variable that stands at 0 leaves; without a column for it its row says nothing.
	for r := range t.basic {
		if t.basic[r] < t.barred {
			continue
		}
		for j, x := range t.cells[r] {
			if math.Abs(x) > feasible && t.columns[j] < t.barred {
				t.bounds[r] = 0
				t.pivot(r, j)
				break
			}
		}
	}
	return nil
}

// aim writes the objective in terms of the columns.
func (t *tableau) aim(objective []float64) {
	t.gain, t.value = make([]float64, len(t.columns)), 0
	for j, variable := range t.columns {
		if variable < len(objective) {
			t.gain[j] += objective[variable]
		}
	}
	for r, variable := range t.basic {
		if variable >= len(objective) || objective[variable] == 0 {
			continue
		}
		t.value += objective[variable] * t.bounds[r]
		for j, x := range t.cells[r] {
			t.gain[j] -= objective[variable] * x
		}
	}
}

// climb exchanges variables until no column gains.
func (t *tableau) climb() error {
	still := 0
	for range stepsMax {
		j := t.entering(still > standstill)
		if j < 0 {
			return nil
		}
		r := t.leaving(j)
		if r < 0 {
			return fault.New(fault.Invalid, "rating.linear_unbounded")
		}
		before := t.value
		if t.pivot(r, j); t.value > before+small {
			still = 0
		} else {
			still++
		}
	}
	return fault.New(fault.Invalid, "rating.linear_steps", stepsMax)
}

// entering is the column that gains most, or by Bland's rule the first variable that gains; -1 at the end.
func (t *tableau) entering(bland bool) int {
	best := -1
	for j, g := range t.gain {
		if g <= small || t.columns[j] >= t.barred {
			continue
		}
		if best < 0 || bland && t.columns[j] < t.columns[best] ||
			!bland && (g > t.gain[best] || g == t.gain[best] && t.columns[j] < t.columns[best]) {
			best = j
		}
	}
	return best
}

// leaving is the row that limits a column most; of equal ones that of the first variable, artificial ones
// before all.
func (t *tableau) leaving(j int) int {
	best, least := -1, math.Inf(1)
	for r := range t.cells {
		x := t.cells[r][j]
		if x <= small {
			continue
		}
		ratio := max(t.bounds[r], 0) / x
		if ratio < least || ratio == least && t.before(t.basic[r], t.basic[best]) {
			best, least = r, ratio
		}
	}
	return best
}

func (t *tableau) before(a, b int) bool {
	if (a >= t.barred) != (b >= t.barred) {
		return a >= t.barred
	}
	return a < b
}

// pivot exchanges the basic variable of row r with that of column s.
func (t *tableau) pivot(r, s int) {
	row := t.cells[r]
	p := row[s]
	for j := range row {
		row[j] /= p
	}
	row[s] = 1 / p
	t.bounds[r] /= p
	for i, other := range t.cells {
		if i != r && other[s] != 0 {
			t.bounds[i] = clean(t.bounds[i] - other[s]*t.bounds[r])
			exchange(other, row, s)
		}
	}
	t.value += t.gain[s] * t.bounds[r]
	exchange(t.gain, row, s)
	t.basic[r], t.columns[s] = t.columns[s], t.basic[r]
}

// exchange takes a multiple of the pivot's row from another.
func exchange(other, row []float64, s int) {
	factor := other[s]
	for j := range other {
		if j != s {
			other[j] -= factor * row[j]
		}
	}
	other[s] = -factor * row[s]
}

// clean keeps a bound that rounding pushed below 0 at 0.
func clean(x float64) float64 {
	if x < 0 && x > -small {
		return 0
	}
	return x
}

// Minimise answers the least objective·x under the constraints and x ≥ 0.
func Minimise(objective []float64, constraints []Constraint) (Solution, error) {
	negative := slices.Clone(objective)
	for i := range negative {
		negative[i] = -negative[i]
	}
	s, err := Maximise(negative, constraints)
	s.Objective = -s.Objective
	return s, err
}
