package inquiry

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/disparity"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// inequality is how unequally a figure is spread over areas, and what of it lies between groups, and between
// town and country.
type inequality struct {
	value, weight, group, side string
	urban, rural               string // income and people, between a comma
	aversion                   string
}

func (u *inequality) declare(flags Flags, text Text) {
	flags.StringVar(&u.value, "value", "", text("rating.flag.value"))
	flags.StringVar(&u.weight, "weight", "", text("rating.flag.weight"))
	flags.StringVar(&u.group, "group", "", text("rating.flag.group"))
	flags.StringVar(&u.side, "side", "", text("rating.flag.side"))
	flags.StringVar(&u.urban, "urban", "", text("rating.flag.urban"))
	flags.StringVar(&u.rural, "rural", "", text("rating.flag.rural"))
	flags.StringVar(&u.aversion, "aversion", "0.5,1,2", text("rating.flag.aversion"))
}

func (u *inequality) columns(read Read) (figures, groups []string, err error) {
	if u.value != "" {
		figures = append(figures, u.value)
	}
	if u.weight != "" {
		figures = append(figures, u.weight)
	}
	figures = append(append(figures, listed(u.urban)...), listed(u.rural)...)
	for _, code := range []string{u.group, u.side} {
		if code != "" {
			groups = append(groups, code)
		}
	}
	return figures, groups, nil
}

// check refuses flags that do not fit each other.
func (u *inequality) check() ([]float64, error) {
	if u.urban+u.rural == "" {
		if u.value == "" {
			return nil, fault.New(fault.Invalid, "rating.relation_columns")
		}
		return numbers("--aversion", u.aversion)
	}
	for _, one := range [][2]string{{"--value", u.value}, {"--weight", u.weight}, {"--side", u.side}} {
		if one[1] != "" {
			return nil, fault.New(fault.Invalid, "rating.relation_sides", one[0])
		}
	}
	for _, one := range [][2]string{{"--urban", u.urban}, {"--rural", u.rural}} {
		if len(listed(one[1])) != 2 {
			return nil, fault.New(fault.Invalid, "rating.relation_side_columns", one[0], one[1])
		}
	}
	return numbers("--aversion", u.aversion)
}

func (u *inequality) compute(parts []part, read Read) ([]Answer, error) {
	aversions, err := u.check()
	if err != nil {
		return nil, err
	}
	f := newFound()
	for _, p := range parts {
		if u.urban != "" {
			err = u.computeSides(f, p, aversions)
		} else {
			err = u.computeOne(f, p, aversions)
		}
		if err != nil {
			return nil, err
		}
	}
	return f.answers(), nil
}

// computeOne measures a column, and splits it by its groups and sides.
func (u *inequality) computeOne(f *found, p part, aversions []float64) error {
	d := disparity.Distribution{Indicator: u.value, Areas: p.keys, Values: p.figures[u.value]}
	if u.weight != "" {
		d.Weights = p.figures[u.weight]
	}
	if err := f.measure(p.time, d, aversions); err != nil {
		return err
	}
	if u.group != "" {
		if err := f.split(p.time, u.group, d, p.groups[u.group]); err != nil {
			return err
		}
	}
	if u.side == "" {
		return nil
	}
	urban, err := sidesOf(p, u.side)
	if err != nil {
		return err
	}
	return f.sides(p.time, d, urban)
}

// urbanWords and ruralWords are how tables tell the sides apart.
var (
	urbanWords = []string{"1", "true", "urban", "城镇", "城市", "城"}
	ruralWords = []string{"0", "false", "rural", "农村", "乡村", "乡"}
)

// sidesOf reads which areas are urban.
func sidesOf(p part, column string) ([]bool, error) {
	urban := make([]bool, len(p.areas))
	for row, said := range p.groups[column] {
		text := strings.ToLower(said)
		if urban[row] = slices.Contains(urbanWords, text); !urban[row] && !slices.Contains(ruralWords,
			text) {
			return nil, fault.New(fault.Invalid, "rating.relation_side", column, p.keys[row], said)
		}
	}
	return urban, nil
}

// computeSides lays the urban and the rural people of every area beside each other, and then all of them
// together.
func (u *inequality) computeSides(f *found, p part, aversions []float64) error {
	all := disparity.Distribution{}
	var urban []bool
	var places, groups []string
	for _, side := range [][]string{listed(u.urban), listed(u.rural)} {
		d := disparity.Distribution{Indicator: side[0], Areas: p.keys, Values: p.figures[side[0]],
			Weights: p.figures[side[1]]}
		if _, err := disparity.Measure(d); err != nil { // names the column at fault
			return err
		}
		all.Indicator = strings.TrimPrefix(all.Indicator+", "+side[0], ", ")
		all.Areas = append(all.Areas, p.keys...)
		all.Values, all.Weights = append(all.Values, d.Values...), append(all.Weights, d.Weights...)
		urban = append(urban, slices.Repeat([]bool{len(urban) == 0}, len(p.areas))...)
		places = append(places, p.areas...)
		if u.group != "" {
			groups = append(groups, p.groups[u.group]...)
		}
	}
	if err := f.counties(p, all); err != nil {
		return err
	}
	if err := f.measure(p.time, all, aversions); err != nil {
		return err
	}
	if err := f.sides(p.time, all, urban); err != nil {
		return err
	}
	if groups != nil {
		if err := f.split(p.time, u.group, all, groups); err != nil {
			return err
		}
	}
	return f.theil(p.time, byArea, all, places)
}

// found are the tables of a disparity.
type found struct{ tables map[string]*Answer }

// spreads are the tables in their order.
var spreads = []Answer{
	{Name: "urban_rural", Columns: []string{"area", "time", "urban", "rural", "ratio", "urban_people",
		"theil"}},
	{Name: "disparity", Columns: []string{"time", "areas", "mean", "least", "most", "theil_t", "theil_l",
		"ge2",
		"gini", "gini_corrected", "hoover", "variation", "variation_n1"}},
	{Name: "atkinson", Columns: []string{"time", "aversion", "atkinson"}},
	{Name: "theil", Columns: []string{"time", "by", "measure", "total", "within", "between",
		"between_share"}},
	{Name: "theil_groups", Columns: []string{"time", "by", "measure", "group", "areas", "people", "value",
		"mean",
		"theil", "within"}},
	{Name: "dagum", Columns: []string{"time", "by", "gini", "within", "between", "overlap"}},
	{Name: "dagum_groups", Columns: []string{"time", "by", "group", "areas", "people", "value", "mean",
		"gini"}},
	{Name: "dagum_pairs", Columns: []string{"time", "by", "first", "second", "gini", "distance", "between",
		"overlap"}},
	{Name: "sundrum", Columns: []string{"time", "gini", "urban", "rural", "between", "residual",
		"urban_gini", "rural_gini", "urban_people", "rural_people"}},
}

func newFound() *found {
	f := &found{tables: map[string]*Answer{}}
	for _, a := range spreads {
		f.tables[a.Name] = &Answer{Name: a.Name, Columns: a.Columns}
	}
	return f
}

func (f *found) add(table string, cells ...any) {
	f.tables[table].Rows = append(f.tables[table].Rows, cells)
}

// answers are the tables that have rows.
func (f *found) answers() (all []Answer) {
	for _, a := range spreads {
		if t := f.tables[a.Name]; len(t.Rows) > 0 {
			all = append(all, *t)
		}
	}
	return all
}

func (f *found) measure(time string, d disparity.Distribution, aversions []float64) error {
	m, err := disparity.Measure(d)
	if err != nil {
		return err
	}
	f.add("disparity", time, m.Areas, m.Mean, m.Least, m.Most, m.TheilT, m.TheilL, m.Entropy2, m.Gini,
		m.GiniCorrected, m.Hoover, m.Variation, m.VariationN1)
	for _, aversion := range aversions {
		x, err := disparity.Atkinson(d, aversion)
		if err != nil {
			return err
		}
		f.add("atkinson", time, aversion, x)
	}
	return nil
}

// counties are ratio and Theil's T of the two sides of every area; the distribution has all urban sides, then
// all rural ones.
func (f *found) counties(p part, all disparity.Distribution) error {
	n := len(p.areas)
	for i, area := range p.areas {
		town := disparity.Side{People: all.Weights[i], Income: all.Values[i]}
		country := disparity.Side{People: all.Weights[n+i], Income: all.Values[n+i]}
		theil, err := disparity.UrbanRural(p.keys[i], town, country)
		if err != nil {
			return err
		}
		f.add("urban_rural", area, p.time, town.Income, country.Income, town.Income/country.Income,
			town.People/(town.People+country.People), theil)
	}
	return nil
}

// The splits that are by no column of the data.
const (
	byArea = Coded("by_area")
	bySide = Coded("by_side")
)

// split splits by groups, after Theil and after Dagum.
func (f *found) split(time, by string, d disparity.Distribution, groups []string) error {
	if err := f.theil(time, by, d, groups); err != nil {
		return err
	}
	g, err := disparity.SplitDagum(d, groups)
	if err != nil {
		return err
	}
	f.add("dagum", time, by, g.Gini, g.Within, g.Between, g.Overlap)
	for _, x := range g.Groups {
		f.add("dagum_groups", time, by, x.Name, x.Areas, x.People, x.Value, x.Mean, x.Gini)
	}
	for _, x := range g.Pairs {
		f.add("dagum_pairs", time, by, x.First, x.Second, x.Gini, x.Distance, x.Between, x.Overlap)
	}
	return nil
}

// theil splits both measures of Theil. L of a distribution with a zero is infinite and has no parts.
func (f *found) theil(time string, by any, d disparity.Distribution, groups []string) error {
	t, err := disparity.SplitT(d, groups)
	if err != nil {
		return err
	}
	f.decomposition(time, by, "T", t)
	l, err := disparity.SplitL(d, groups)
	if fault.HasKey(err, "rating.disparity_zero") {
		l, err = disparity.Decomposition{Total: math.Inf(1), Within: math.NaN(), Between: math.NaN()}, nil
	}
	if err != nil {
		return err
	}
	f.decomposition(time, by, "L", l)
	return nil
}

func (f *found) decomposition(time string, by any, measure string, d disparity.Decomposition) {
	f.add("theil", time, by, measure, d.Total, d.Within, d.Between, d.Between/d.Total)
	if by == byArea {
		return // the table of areas has them
	}
	for _, g := range d.Groups {
		var name any = g.Name
		if by == bySide {
			name = Coded(g.Name)
		}
		f.add("theil_groups", time, by, measure, name, g.Areas, g.People, g.Value, g.Mean, g.Theil,
			g.Within)
	}
}

// sides splits into urban and rural, after Theil and after Sundrum.
func (f *found) sides(time string, d disparity.Distribution, urban []bool) error {
	s, err := disparity.SplitSundrum(d, urban)
	if err != nil {
		return err
	}
	f.add("sundrum", time, s.Gini, s.Urban, s.Rural, s.Between, s.Residual, s.UrbanGini, s.RuralGini,
		s.UrbanPeople, s.RuralPeople)
	names := make([]string, len(urban))
	for i, is := range urban {
		if names[i] = "rural"; is {
			names[i] = "urban"
		}
	}
	return f.theil(time, bySide, d, names)
}

// convergence is whether areas come nearer to each other: the spread of every time, and the growth from the
// first to the last beside where it began.
type convergence struct{ value string }

func (k *convergence) declare(flags Flags, text Text) {
	flags.StringVar(&k.value, "value", "", text("rating.flag.value"))
}

func (k *convergence) columns(read Read) (figures, groups []string, err error) {
	return []string{k.value}, nil, nil
}

func (k *convergence) compute(parts []part, read Read) ([]Answer, error) {
	if len(parts) < 2 {
		return nil, fault.New(fault.Invalid, "rating.relation_one_time", k.value)
	}
	if err := k.balanced(parts); err != nil {
		return nil, err
	}
	sigma := Answer{Name: "sigma", Columns: []string{"time", "areas", "variation", "log_spread"}}
	for _, p := range parts {
		s, err := disparity.SigmaOf(k.of(p, p.areas))
		if err != nil {
			return nil, err
		}
		sigma.Rows = append(sigma.Rows, []any{p.time, len(p.areas), s.Variation, s.LogSpread})
	}
	beta, growth, err := k.beta(parts[0], parts[len(parts)-1])
	return []Answer{sigma, beta, growth}, err
}

// of is the distribution of a part, in an order of areas.
func (k *convergence) of(p part, areas []string) disparity.Distribution {
	at := make(map[string]int, len(p.areas))
	for row, area := range p.areas {
		at[area] = row
	}
	d := disparity.Distribution{Indicator: k.value}
	for _, area := range areas {
		d.Areas = append(d.Areas, p.keys[at[area]])
		d.Values = append(d.Values, p.figures[k.value][at[area]])
	}
	return d
}

// balanced refuses an area that is not there at every time: another set of areas has another spread.
func (k *convergence) balanced(parts []part) error {
	times := map[string]int{}
	for _, p := range parts {
		for _, area := range p.areas {
			times[area]++
		}
	}
	for _, p := range parts {
		for _, area := range p.areas {
			if times[area] < len(parts) {
				return fault.New(fault.Invalid, "rating.relation_area_times", k.value, area, times[area],
					len(parts))
			}
		}
	}
	return nil
}

func (k *convergence) beta(first, last part) (beta, growth Answer, err error) {
	var moments [2]float64
	for i, time := range []string{first.time, last.time} {
		if moments[i], err = strconv.ParseFloat(time, 64); err != nil {
			return beta, growth, fault.New(fault.Invalid, "rating.relation_year", time)
		}
	}
	d, end := k.of(first, first.areas), k.of(last, first.areas)
	b, err := disparity.BetaOf(d, end.Values, moments[1]-moments[0])
	if err != nil {
		return beta, growth, err
	}
	beta = Answer{Name: "beta", Columns: []string{"from", "to", "areas", "slope", "slope_se", "t", "p",
		"intercept", "intercept_se", "r2", "speed", "speed_se", "half_life"},
		Rows: [][]any{{first.time, last.time, b.Areas, b.Slope, b.SlopeSE, b.T, b.P, b.Intercept,
			b.InterceptSE,
			b.R2, b.Speed, b.SpeedSE, b.HalfLife}}}
	growth = Answer{Name: "growth", Columns: []string{"area", "first_figure", "last_figure", "growth",
		"fit",
		"fit_residual"}}
	for i, area := range first.areas {
		growth.Rows = append(growth.Rows, []any{area, d.Values[i], end.Values[i],
			math.Log(end.Values[i]/d.Values[i]) / b.Years, b.Fit[i], b.Residual[i]})
	}
	slices.SortStableFunc(growth.Rows, func(a, b []any) int {
		return cmp.Compare(b[3].(float64),
			a[3].(float64))
	})
	return beta, growth, nil
}
