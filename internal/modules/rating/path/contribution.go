package path

import (
	"math"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// County is one place's people and yearly income a head, urban and rural. Units are the caller's, the
// same for all.
type County struct {
	Code                     string
	UrbanPeople, UrbanIncome float64
	RuralPeople, RuralIncome float64
}

// City is what counties add up to.
type City struct {
	Urban, Rural             float64 // income a head
	Ratio                    float64
	UrbanPeople, RuralPeople float64
}

// CityOf adds counties up: incomes a head weighted by people of that side, and their ratio.
func CityOf(counties []County) (City, error) {
	var c City
	seen := map[string]bool{}
	for _, k := range counties {
		if seen[k.Code] {
			return c, fault.New(fault.Invalid, "rating.contribution_twice", k.Code)
		}
		seen[k.Code] = true
		for i, x := range [4]float64{k.UrbanPeople, k.UrbanIncome, k.RuralPeople, k.RuralIncome} {
			people := k.UrbanPeople
			if i >= 2 {
				people = k.RuralPeople
			}
			if !(x >= 0) || math.IsInf(x, 0) || i%2 == 1 && x == 0 && people > 0 {
				name := [4]string{"urban people", "urban income", "rural people", "rural income"}[i]
				return c, fault.New(fault.Invalid, "rating.contribution_cell", k.Code, name, x)
			}
		}
		c.UrbanPeople += k.UrbanPeople
		c.RuralPeople += k.RuralPeople
		c.Urban += k.UrbanPeople * k.UrbanIncome
		c.Rural += k.RuralPeople * k.RuralIncome
	}
	if c.UrbanPeople == 0 || c.RuralPeople == 0 {
		return c, fault.New(fault.Invalid, "rating.contribution_nobody", len(counties))
	}
	c.Urban /= c.UrbanPeople
	c.Rural /= c.RuralPeople
	c.Ratio = c.Urban / c.Rural
	return c, nil
}

// Part is a county's part of the city's gap.
type Part struct {
	Code  string
	Ratio float64 // the county's own ratio; NaN where it has but one side
	Own   float64 // from its own gap: r_c·y_c^r/Y_r·(R_c − 1)
	Mix   float64 // from where people live: (u_c − r_c)(y_c^u − Y_u)/Y_r
	Sum   float64
}

// Level splits the city's ratio: the parts add up to Ratio − 1. A county without townspeople has no income of
// theirs; the city's stands in, so that it has no part in the mix.
func Level(counties []County) (City, []Part, error) {
	city, err := CityOf(counties)
	if err != nil {
		return city, nil, err
	}
	parts := make([]Part, len(counties))
	for i, k := range counties {
		u, r, urban := k.UrbanPeople/city.UrbanPeople, k.RuralPeople/city.RuralPeople, k.UrbanIncome
		if k.UrbanPeople == 0 {
			urban = city.Urban
		}
		p := Part{Code: k.Code, Ratio: math.NaN()}
		if k.UrbanPeople > 0 && k.RuralPeople > 0 {
			p.Ratio = k.UrbanIncome / k.RuralIncome
		}
		if k.RuralPeople > 0 {
			p.Own = r * (urban - k.RuralIncome) / city.Rural
		}
		p.Mix = (u - r) * (urban - city.Urban) / city.Rural
		p.Sum = p.Own + p.Mix
		parts[i] = p
	}
	return city, parts, nil
}

// Effect is how a county moved the city's ratio between two years; negative brought it down.
type Effect struct {
	Code                     string
	UrbanIncome, UrbanPeople float64 // by its urban income, by its share of the city's townspeople
	RuralIncome, RuralPeople float64
	Sum                      float64
}

// Change splits the change of the city's ratio between two years: the effects add up to after − before. Both
// years have the same counties; the answer is in the order of before.
func Change(before, after []County) (first, last City, effects []Effect, err error) {
	if first, err = CityOf(before); err != nil {
		return first, last, nil, err
	}
	if last, err = CityOf(after); err != nil {
		return first, last, nil, err
	}
	later := make(map[string]County, len(after))
	for _, k := range after {
		later[k.Code] = k
	}
	for _, k := range before {
		if _, there := later[k.Code]; !there {
			return first, last, nil, fault.New(fault.Invalid, "rating.contribution_areas", k.Code)
		}
		delete(later, k.Code)
	}
	for _, k := range after {
		if _, left := later[k.Code]; left {
			return first, last, nil, fault.New(fault.Invalid, "rating.contribution_areas", k.Code)
		}
		later[k.Code] = k
	}
	ratio := logarithmicMean(last.Ratio, first.Ratio)
	for _, k := range before {
		l, e := later[k.Code], Effect{Code: k.Code}
		e.UrbanIncome, e.UrbanPeople = divisia(
			side{k.UrbanPeople / first.UrbanPeople, k.UrbanIncome, first.Urban},
			side{l.UrbanPeople / last.UrbanPeople, l.UrbanIncome, last.Urban}, ratio)
		e.RuralIncome, e.RuralPeople = divisia(
			side{k.RuralPeople / first.RuralPeople, k.RuralIncome, first.Rural},
			side{l.RuralPeople / last.RuralPeople, l.RuralIncome, last.Rural}, -ratio)
		e.Sum = e.UrbanIncome + e.UrbanPeople + e.RuralIncome + e.RuralPeople
		effects = append(effects, e)
	}
	return first, last, effects, nil
}

// side is one side of a county in one year: its share of people, its income, and the city's income.
type side struct{ share, income, city float64 }

// divisia are the effects of income and of people on a city's income, times scale.
func divisia(before, after side, scale float64) (income, people float64) {
	v0, v1 := before.share*before.income, after.share*after.income
	whole := logarithmicMean(after.city, before.city)
	if v0 == 0 || v1 == 0 {
		return 0, scale * (v1 - v0) / whole // L(v1,v0)·ln(v1/v0) is v1 − v0
	}
	weight := scale * logarithmicMean(v1, v0) / whole
	return weight * math.Log(after.income/before.income), weight * math.Log(after.share/before.share)
}

// logarithmicMean is L(a,b) = (a−b)/ln(a/b), a where they are equal; both above 0.
func logarithmicMean(a, b float64) float64 {
	x := (a - b) / b
	// Without the quotient of two small numbers: b·x/ln(1+x) = b(1 + x/2 − x²/12 + …).
	if math.Abs(x) < 1e-5 {
		return b * (1 + x/2 - x*x/12 + x*x*x/24)
	}
	return (a - b) / math.Log(a/b)
}
