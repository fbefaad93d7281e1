package score

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// IndicatorsMax bounds a scheme.
const IndicatorsMax = 2_000

var (
	directions  = []Direction{"", Benefit, Cost, Parity, Interval}
	imputations = []string{ImputeMean, ImputeMedian, ImputeRow, ImputePrevious, ImputeConstant,
		ImputeLinear,
		ImputeNone}
	treatments     = []string{"", Winsorise, LogCT, LogCTPlus, LogCTOrigin, BoxCox, NoTreatment}
	normalisations = []string{MinMax, ZScore, Scaled, Ranked, RankedAverage, Borda, PercentRank,
		DistanceMax,
		DistanceRef, DistanceTarget, FractionMax, Goalposts, NotNormalised}
	aggregations = []string{Arithmetic, Geometric, Harmonic, Generalised, Median, Total}
	weightings   = []string{GivenWeights, EqualWeights}
)

// Check refuses a scheme that is none, with one finding for each thing wrong, each naming its code.
func (s Scheme) Check(m Methods) error {
	_, err := s.tree(m)
	return err
}

// tree checks the scheme and builds its hierarchy.
func (s Scheme) tree(m Methods) (tree, error) {
	t, findings := grow(s)
	c := checker{methods: m, levels: len(t.levels) + 1, findings: findings}
	if t.nodes == nil {
		c.levels = math.MaxInt // the hierarchy is none: what is wrong with it is told already
	}
	if len(s.Indicators) > IndicatorsMax {
		c.wrong("rating.scheme_too_large", len(s.Indicators), IndicatorsMax)
	}
	c.steps(s)
	for _, i := range s.Indicators {
		c.indicator(i, s)
	}
	for _, a := range s.Aggregates {
		if a.Aggregate != nil {
			c.aggregation(a.Code, *a.Aggregate)
		}
		if a.Weights != nil {
			c.weighting(a.Code, *a.Weights)
		}
	}
	if fault.Stops(c.findings) {
		return tree{}, fault.New(fault.Invalid, "rating.scheme", len(c.findings)).With(c.findings)
	}
	return t, t.fits(s, m)
}

type checker struct {
	methods  Methods
	levels   int // of the hierarchy
	findings []fault.Finding
}

func (c *checker) wrong(key string, args ...any) {
	c.findings = append(c.findings, fault.Wrong(key, args...))
}

// steps checks what holds for the whole scheme; its code is its key, if it has one.
func (c *checker) steps(s Scheme) {
	s.Key = cmp.Or(s.Key, "scheme")
	c.impute(s.Key, s.Impute)
	c.treat(s.Key, s.Treat)
	c.normalise(s.Key, s.Normalise)
	if s.Screen != nil {
		c.share(s.Key, "availability", s.Screen.Availability)
		c.share(s.Key, "non_zero", s.Screen.NonZero)
	}
	for _, w := range s.Weights {
		c.weighting(s.Key, w)
	}
	for _, a := range s.Aggregate {
		c.aggregation(s.Key, a)
	}
}

func (c *checker) method(code, step, method string, known bool) {
	if !known {
		c.wrong("rating.scheme_method_unknown", code, step, method)
	}
}

func (c *checker) share(code, name string, x float64) {
	if !(x >= 0 && x <= 1) {
		c.wrong("rating.scheme_share", code, name, x)
	}
}

// finite refuses a parameter that is no number or infinite: what is computed with it would be missing.
func (c *checker) finite(code, name string, x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		c.wrong("rating.scheme_infinite", code, name, x)
	}
}

func (c *checker) impute(code string, i *Impute) {
	if i == nil {
		return
	}
	c.method(code, "impute", i.Method, slices.Contains(imputations, i.Method))
	if i.Level < 0 || i.Level == 1 || i.Level > c.levels {
		c.wrong("rating.scheme_impute_level", code, i.Level, c.levels)
	}
	for _, g := range i.Given {
		c.finite(code, "given "+g.Area+" "+g.Indicator, g.Value)
	}
}

func (c *checker) treat(code string, t *Treat) {
	if t == nil {
		return
	}
	for _, name := range []string{t.First, t.Second} {
		c.method(code, "treat", name, slices.Contains(treatments, name))
	}
	if t.WinMax < 0 || t.Skewness < 0 || math.IsNaN(t.Lambda) {
		c.wrong("rating.scheme_treatment", code)
	}
	c.finite(code, "skewness", t.Skewness)
	c.finite(code, "kurtosis", t.Kurtosis)
	if math.IsInf(t.Lambda, 0) {
		c.finite(code, "lambda", t.Lambda)
	}
}

func (c *checker) normalise(code string, n *Normalise) {
	if n == nil {
		return
	}
	c.method(code, "normalise", n.Method, slices.Contains(normalisations, n.Method))
	c.finite(code, "low", n.Low)
	c.finite(code, "high", n.High)
	c.finite(code, "mean", n.Mean)
	c.finite(code, "deviation", n.Deviation)
	c.finite(code, "factor", n.Factor)
	if n.Low > n.High || n.Low == n.High && n.Low != 0 {
		c.wrong("rating.scheme_posts", code, n.Low, n.High)
	}
	if n.Deviation < 0 || n.Factor < 0 {
		c.wrong("rating.scheme_scale", code)
	}
	if n.Method == DistanceRef && n.Reference == "" {
		c.wrong("rating.scheme_reference", code)
	}
	for _, word := range [][2]string{{n.Constant, ConstantBest}, {n.By, ByTime}} {
		if word[0] != "" && word[0] != word[1] && word[0] != ConstantMissing && word[0] != ByAll {
			c.method(code, "normalise", word[0], false)
		}
	}
}

func (c *checker) weighting(code string, w Weighting) {
	for _, part := range w.Of {
		c.weighting(code, part)
	}
	c.method(code, "weights", w.Method,
		slices.Contains(weightings, w.Method) || c.methods.Weigh[w.Method] != nil)
	c.unasked(code, w.Method, slices.Contains(weightings, w.Method), w.Parameters)
}

// unasked refuses parameters of a method that has none.
func (c *checker) unasked(code, method string, ours bool, parameters map[string]float64) {
	if !ours {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		c.wrong("rating.scheme_parameters", code, method, name)
	}
}

func (c *checker) aggregation(code string, a Aggregation) {
	c.method(code, "aggregate", a.Method,
		slices.Contains(aggregations, a.Method) || c.methods.Combine[a.Method] != nil)
	c.share(code, "threshold", a.Threshold)
	c.finite(code, "power", a.Power)
	c.unasked(code, a.Method, slices.Contains(aggregations, a.Method), a.Parameters)
}

// indicator checks the methods of one indicator, and that they have what they need.
func (c *checker) indicator(i Indicator, s Scheme) {
	c.method(i.Code, "direction", string(i.Direction), slices.Contains(directions, i.Direction))
	c.impute(i.Code, i.Impute)
	c.treat(i.Code, i.Treat)
	c.normalise(i.Code, i.Normalise)
	for k := range i.Scales {
		c.normalise(i.Code, &i.Scales[k])
	}
	if i.Target != nil {
		c.finite(i.Code, "target", *i.Target)
	}
	for _, p := range []*Posts{i.Goalposts, i.Ideal} {
		if p != nil {
			c.finite(i.Code, "low", p.Low)
			c.finite(i.Code, "high", p.High)
			c.finite(i.Code, "scale", p.Scale)
		}
		if p != nil && !(p.Low < p.High || p == i.Ideal && p.Low == p.High) {
			c.wrong("rating.scheme_posts", i.Code, p.Low, p.High)
		}
	}
	n := i.Normalise
	if n == nil {
		n = s.Normalise
	}
	switch {
	case n != nil && n.Method == Goalposts && i.Goalposts == nil:
		c.wrong("rating.scheme_goalposts_lacking", i.Code)
	case n != nil && n.Method == DistanceTarget && i.Target == nil:
		c.wrong("rating.scheme_target_lacking", i.Code)
	case i.Direction == Interval && i.Ideal == nil:
		c.wrong("rating.scheme_ideal_lacking", i.Code)
	}
}
