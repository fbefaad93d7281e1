package relation

import (
	"math"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Form names a formula of the coupling degree.
type Form string

// The forms; the empty one is Geometric.
const (
	Geometric Form = "geometric"
	Power     Form = "power" // with the exponent K
	Wang      Form = "wang"  // the modified form
)

// Zero says what coupling is where every system is 0.
type Zero string

// The rules; the empty one is ZeroNone.
const (
	ZeroNone    Zero = "zero"    // C = 0 and D = 0
	ZeroMissing Zero = "missing" // C and D are missing
)

// Choice is how coupling is computed.
type Choice struct {
	Form    Form
	K       float64   // exponent of Power, above 0
	Weights []float64 // of the systems in T, relative; nil: equal
	Zero    Zero
}

// Coordination is the answer for one area.
type Coordination struct {
	Coupling     float64 // C
	Level        float64 // T
	Coordination float64 // D
	Grade        int     // 1 extreme imbalance … 10 quality coordination; 0 where D is missing
	Type         Type    // only of two systems
}

// Type says which of two systems lags.
type Type string

// The types, of U1 (urban) and U2 (rural).
const (
	Synchronous Type = "synchronous"
	RuralLags   Type = "rural_lags" // U1 − U2 > .1
	UrbanLags   Type = "urban_lags" // U1 − U2 < −.1
)

// lagOver is the difference of two systems from which one lags; slack keeps decimals such as .6 − .5 from it.
const lagOver, slack = 0.1, 1e-12

// Couple answers coupling and coordination of the systems of one area.
func Couple(u []float64, c Choice) (Coordination, error) {
	systems := make([]string, len(u))
	for i := range u {
		systems[i] = "U" + strconv.Itoa(i+1)
	}
	shares, err := c.check(systems)
	if err != nil {
		return Coordination{}, err
	}
	return c.couple(u, shares, systems, "")
}

// CoupleAll answers coupling and coordination of every area; the columns are the systems.
func CoupleAll(systems frame.Frame, c Choice) ([]Coordination, error) {
	shares, err := c.check(systems.Columns)
	if err != nil {
		return nil, err
	}
	all := make([]Coordination, len(systems.Areas))
	for a, area := range systems.Areas {
		if all[a], err = c.couple(systems.Row(a), shares, systems.Columns, area); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// check refuses a choice that is none, and answers the shares of the systems.
func (c Choice) check(systems []string) ([]float64, error) {
	if len(systems) < 2 {
		return nil, fault.New(fault.Invalid, "rating.relation_systems", len(systems))
	}
	switch {
	case c.Form != "" && c.Form != Geometric && c.Form != Power && c.Form != Wang:
		return nil, fault.New(fault.Invalid, "rating.relation_form", string(c.Form))
	case c.Zero != "" && c.Zero != ZeroNone && c.Zero != ZeroMissing:
		return nil, fault.New(fault.Invalid, "rating.relation_form", string(c.Zero))
	case c.Form == Power && (!(c.K > 0) || math.IsInf(c.K, 0)):
		return nil, fault.New(fault.Invalid, "rating.relation_power", c.K)
	}
	if c.Weights == nil {
		shares := make([]float64, len(systems))
		for i := range shares {
			shares[i] = 1 / float64(len(systems))
		}
		return shares, nil
	}
	return sharesOf(c.Weights, systems)
}

// sharesOf divides weights by their sum.
func sharesOf(weights []float64, names []string) ([]float64, error) {
	if len(weights) != len(names) {
		return nil, fault.New(fault.Invalid, "rating.relation_weights", len(names), len(weights))
	}
	sum := 0.0
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fault.New(fault.Invalid, "rating.relation_weight", names[i])
		}
		sum += w
	}
	if sum == 0 {
		return nil, fault.New(fault.Invalid, "rating.relation_weight", names[0])
	}
	shares := make([]float64, len(weights))
	for i, w := range weights {
		shares[i] = w / sum
	}
	return shares, nil
}

// couple computes one area.
func (c Choice) couple(u, shares []float64, systems []string, area string) (Coordination, error) {
	r, largest := Coordination{}, 0.0
	for i, x := range u {
		if !(x >= 0 && x <= 1) {
			return r, fault.New(fault.Invalid, "rating.relation_outside", systems[i], area, x)
		}
		r.Level += shares[i] * x
		largest = max(largest, x)
	}
	r.Level = min(r.Level, 1)
	if len(u) == 2 {
		r.Type = typeOf(u[0], u[1])
	}
	if largest == 0 && c.Zero == ZeroMissing {
		r.Coupling, r.Coordination = math.NaN(), math.NaN()
		return r, nil
	}
	if largest > 0 {
		r.Coupling = c.coupling(u, largest)
	}
	r.Coordination = math.Sqrt(r.Coupling * r.Level)
	r.Grade = Grade(r.Coordination)
	return r, nil
}

// coupling is C of systems of which the largest is above 0. Systems are taken relative to the largest, which
// changes nothing and keeps small ones from running out.
func (c Choice) coupling(u []float64, largest float64) float64 {
	n := float64(len(u))
	sum, product, apart := 0.0, 1.0, 0.0
	for i, x := range u {
		sum += x / largest
		product *= x / largest
		for _, y := range u[:i] {
			apart += math.Abs(x - y)
		}
	}
	mean := sum / n
	switch c.Form {
	case Power:
		return min(math.Pow(product/math.Pow(mean, n), c.K), 1)
	case Wang:
		return math.Sqrt(max(1-apart/(n*(n-1)/2), 0) * math.Pow(product, 1/(n-1)))
	}
	return min(math.Pow(product, 1/n)/mean, 1)
}

// Grade is the level of coordination of D, 1 to 10; 0 where D is missing.
func Grade(d float64) int {
	if math.IsNaN(d) {
		return 0
	}
	grade := 1
	for bound := 1; bound < 10; bound++ {
		if d >= float64(bound)/10 {
			grade = bound + 1
		}
	}
	return grade
}

func typeOf(urban, rural float64) Type {
	switch difference := urban - rural; {
	case difference > lagOver+slack:
		return RuralLags
	case difference < -lagOver-slack:
		return UrbanLags
	}
	return Synchronous
}
