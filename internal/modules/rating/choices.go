package rating

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// choices are the steps as the command line says them. They stand over the scheme's.
type choices struct {
	flags                                     *pflag.FlagSet
	denominate                                bool
	impute, screen, treat, normalise, weights string
	aggregate                                 string
	threshold                                 float64
}

// declare adds the flags to a command.
func (c *choices) declare(flags *pflag.FlagSet, text func(key string, args ...any) string) {
	c.flags = flags
	flags.BoolVar(&c.denominate, "denominate", false, text("rating.flag.denominate"))
	flags.StringVar(&c.impute, "impute", "", text("rating.flag.impute"))
	flags.StringVar(&c.screen, "screen", "", text("rating.flag.screen"))
	flags.StringVar(&c.treat, "treat", "", text("rating.flag.treat"))
	flags.StringVar(&c.normalise, "normalise", "", text("rating.flag.normalise"))
	flags.StringVar(&c.weights, "weights", "", text("rating.flag.weights"))
	flags.StringVar(&c.aggregate, "aggregate", "", text("rating.flag.aggregate"))
	flags.Float64Var(&c.threshold, "threshold", 0, text("rating.flag.threshold"))
}

// apply puts what was said over the steps of a scheme.
func (c *choices) apply(s *score.Scheme) error {
	if c.flags.Changed("denominate") {
		s.Denominate = c.denominate
	}
	for _, step := range []struct {
		flag, said string
		take       func(w *words, s *score.Scheme)
	}{
		{"impute", c.impute, takeImpute}, {"screen", c.screen, takeScreen}, {"treat", c.treat, takeTreat},
		{"normalise", c.normalise, takeNormalise}, {"weights", c.weights, takeWeights},
		{"aggregate", c.aggregate, takeAggregate},
	} {
		if !c.flags.Changed(step.flag) {
			continue
		}
		w := &words{flag: step.flag, said: step.said}
		if step.take(w, s); w.wrong {
			return fault.New(fault.Invalid, "rating.flag_unreadable", "--"+step.flag, step.said)
		}
	}
	if c.flags.Changed("threshold") {
		if !(c.threshold >= 0 && c.threshold <= 1) {
			return fault.New(fault.Invalid, "rating.flag_unreadable", "--threshold", c.threshold)
		}
		s.Aggregate = slices.Clone(s.Aggregate)
		for i := range s.Aggregate {
			s.Aggregate[i].Threshold = c.threshold
		}
	}
	return nil
}

// words reads what one flag says: parts between commas, each a name with figures behind colons.
type words struct {
	flag, said string
	wrong      bool
}

// word is a part of it: minmax:0:100.
type word struct {
	name    string
	figures []string
	of      *words
}

func (w *words) parts() (parts []word) {
	for _, part := range strings.Split(w.said, ",") {
		cells := strings.Split(strings.TrimSpace(part), ":")
		parts = append(parts, word{cells[0], cells[1:], w})
	}
	return parts
}

// number is the figure at a place, or what holds without it.
func (p word) number(at int, otherwise float64) float64 {
	if at >= len(p.figures) {
		return otherwise
	}
	x, err := strconv.ParseFloat(p.figures[at], 64)
	if err != nil || x != x {
		p.of.wrong = true
	}
	return x
}

func (p word) text(at int) string {
	if at >= len(p.figures) {
		return ""
	}
	return p.figures[at]
}

// most refuses more figures than a method takes.
func (p word) most(n int) {
	if len(p.figures) > n {
		p.of.wrong = true
	}
}

// known finds a name, also as the reference package writes it (i_mean, n_minmax, a_amean).
func (p word) known(prefix string, names ...string) string {
	name := strings.TrimPrefix(p.name, prefix)
	if !slices.Contains(names, name) {
		p.of.wrong = true
	}
	return name
}

// takeImpute reads mean, median:GROUP, row:LEVEL, previous:YEARS, constant, linear.
func takeImpute(w *words, s *score.Scheme) {
	parts := w.parts()
	p := parts[0]
	p.most(1)
	p.name = strings.TrimSuffix(strings.TrimPrefix(p.name, "i_"), "_grp")
	if p.name == "latest" {
		p.name = score.ImputePrevious
	}
	rule := score.Impute{Method: p.known("", score.ImputeMean, score.ImputeMedian, score.ImputeRow,
		score.ImputePrevious, score.ImputeConstant, score.ImputeLinear, score.ImputeNone)}
	switch rule.Method {
	case score.ImputeMean, score.ImputeMedian:
		rule.Group = p.text(0)
	case score.ImputeRow:
		rule.Level = int(p.number(0, 0))
	case score.ImputePrevious:
		rule.Years = int(p.number(0, 0))
	default:
		p.most(0)
	}
	w.wrong = w.wrong || len(parts) > 1
	named := func(l score.Label) bool { return l.Code == rule.Group }
	if rule.Group != "" && !slices.ContainsFunc(s.Groups, named) {
		s.Groups = append(slices.Clone(s.Groups), score.Label{Code: rule.Group})
	}
	s.Impute = &rule
	if rule.Method == score.ImputeNone {
		s.Impute = nil
	}
}

// takeScreen reads 0.9, or >0.9 for more than that; none.
func takeScreen(w *words, s *score.Scheme) {
	if w.said == "none" {
		s.Screen = nil
		return
	}
	text, strict := strings.CutPrefix(w.said, ">")
	x, err := strconv.ParseFloat(text, 64)
	w.wrong = err != nil || !(x >= 0 && x <= 1)
	s.Screen = &score.Screen{Availability: x, Strict: strict}
}

// takeTreat reads FIRST,SECOND with combine and always; winsorise alone is the default rule.
func takeTreat(w *words, s *score.Scheme) {
	if w.said == "none" {
		s.Treat = nil
		return
	}
	var rule score.Treat
	for i, p := range w.parts() {
		switch {
		case p.name == "combine" && i > 0:
			rule.Combine = true
			p.most(0)
			continue
		case p.name == "always" && i > 0:
			rule.Always = true
			p.most(0)
			continue
		}
		name := p.known("", score.Winsorise, score.LogCT, score.LogCTPlus, score.LogCTOrigin, score.BoxCox,
			score.NoTreatment)
		switch name {
		case score.Winsorise:
			p.most(1)
			rule.WinMax = int(p.number(0, 0))
		case score.BoxCox:
			p.most(1)
			rule.Lambda = p.number(0, 0)
		default:
			p.most(0)
		}
		switch {
		case i == 0:
			rule.First = name
		case rule.Second == "":
			rule.Second = name
		default:
			w.wrong = true
		}
	}
	if rule.First != score.Winsorise && rule.Second == "" {
		rule.Second = score.NoTreatment
	}
	s.Treat = &rule
}

// takeNormalise reads a method with its figures, then one (a column without spread is the best) and time
// (each time of a panel by itself).
func takeNormalise(w *words, s *score.Scheme) {
	parts := w.parts()
	p := parts[0]
	if place, numbered := strings.CutPrefix(p.name, score.DistanceRef+"_"); numbered &&
		len(p.figures) == 0 {
		p.name, p.figures = score.DistanceRef, []string{place} // dist2ref_1
	}
	n := score.Normalise{Method: p.known("n_", score.MinMax, score.ZScore, score.Scaled, score.Ranked,
		score.RankedAverage, score.Borda, score.PercentRank, score.DistanceMax, score.DistanceRef,
		score.DistanceTarget, score.FractionMax, score.Goalposts, score.NotNormalised)}
	switch n.Method {
	case score.MinMax:
		p.most(2)
		n.Low, n.High = p.number(0, 0), p.number(1, 100)
		w.wrong = w.wrong || !(n.Low < n.High)
	case score.ZScore:
		p.most(2)
		n.Mean, n.Deviation = p.number(0, 0), p.number(1, 1)
	case score.Scaled:
		p.most(3)
		n.Low, n.High, n.Factor = p.number(0, 0), p.number(1, 100), p.number(2, 100)
		w.wrong = w.wrong || !(n.Low < n.High)
	case score.DistanceRef:
		p.most(2)
		n.Reference, n.Cap = p.text(0), p.text(1) == "cap"
		if n.Reference == "" {
			n.Reference = "1" // the first of the sorted codes, as the reference package has it
		}
	case score.DistanceTarget:
		p.most(1)
		n.Cap = p.text(0) == "cap"
		w.wrong = w.wrong || len(p.figures) == 1 && !n.Cap
	case score.Goalposts:
		p.most(2)
		n.Factor, n.Free = p.number(0, 1), p.text(1) == "free"
	default:
		p.most(0)
	}
	for _, more := range parts[1:] {
		switch more.name {
		case score.ConstantBest:
			n.Constant = score.ConstantBest
		case score.ByTime:
			n.By = score.ByTime
		default:
			w.wrong = true
		}
	}
	s.Normalise = &n
	if n.Method == score.NotNormalised {
		s.Normalise = nil
	}
}

// weightNames are other names of weights: the reference package's, and those of its comparisons.
var weightNames = map[string]string{"original": score.GivenWeights, "entropy_mm": "entropy",
	"entropy_mm_shift": "entropy_shift"}

// takeWeights reads a method a level, from the indicators up. equal alone holds for all levels, any other
// for the indicators, the levels above keeping given weights.
func takeWeights(w *words, s *score.Scheme) {
	s.Weights = nil
	for _, p := range w.parts() {
		p.most(1)
		name := p.name
		if other, known := weightNames[name]; known {
			name = other
		}
		if weighers[name] == nil && name != score.EqualWeights && name != score.GivenWeights {
			w.wrong = true
		}
		w.wrong = w.wrong || p.text(0) != "" && p.text(0) != "whole"
		s.Weights = append(s.Weights, score.Weighting{Method: name, Whole: p.text(0) == "whole"})
	}
	if len(s.Weights) == 1 && s.Weights[0].Method == score.EqualWeights {
		for range depth(s) - 1 {
			s.Weights = append(s.Weights, s.Weights[0])
		}
	}
}

// depth is the number of levels of aggregates above the indicators.
func depth(s *score.Scheme) int {
	parents, deepest := map[string]string{}, 1
	for _, a := range s.Aggregates {
		parents[a.Code] = a.Parent
	}
	for _, i := range s.Indicators {
		n := 0
		for code := i.Parent; code != "" && n < len(s.Aggregates); code = parents[code] {
			n++
		}
		deepest = max(deepest, n)
	}
	return deepest
}

// takeAggregate reads a method a level, from level 2 up; the last holds above.
func takeAggregate(w *words, s *score.Scheme) {
	s.Aggregate = nil
	if w.said == "none" {
		return
	}
	for _, p := range w.parts() {
		name := strings.TrimPrefix(p.name, "a_")
		a := score.Aggregation{Method: name}
		if name == score.Generalised {
			p.most(1)
			a.Power = p.number(0, 1)
		} else {
			p.most(0)
			if combiners[name] == nil {
				p.known("a_", score.Arithmetic, score.Geometric, score.Harmonic, score.Median, score.Total)
			}
		}
		s.Aggregate = append(s.Aggregate, a)
	}
}
