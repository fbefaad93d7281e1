package rating

import (
	"math"
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
	aggregate, threshold                      string
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
	flags.StringVar(&c.threshold, "threshold", "", text("rating.flag.threshold"))
}

// apply puts what was said over the steps of a scheme.
func (c *choices) apply(s *score.Scheme) error {
	if c.flags.Changed("denominate") {
		s.Denominate = c.denominate
		if c.denominate && !slices.ContainsFunc(s.Indicators,
			func(i score.Indicator) bool { return i.Denominator != "" }) {
			return fault.New(fault.Invalid, "rating.denominate_nothing")
		}
	}
	for _, step := range []struct {
		flag, said string
		take       func(w *words, s *score.Scheme)
	}{
		{"impute", c.impute, takeImpute}, {"screen", c.screen, takeScreen}, {"treat", c.treat, takeTreat},
		{"normalise", c.normalise, takeNormalise}, {"weights", c.weights, takeWeights},
		{"aggregate", c.aggregate, takeAggregate}, {"threshold", c.threshold, takeThreshold},
	} {
		if !c.flags.Changed(step.flag) {
			continue
		}
		w := &words{flag: step.flag, said: step.said}
		if step.take(w, s); w.wrong {
			return w.refusal()
		}
	}
	return nil
}

// words reads what one flag says: parts between commas, each a name with figures behind colons.
type words struct {
	flag, said string
	wrong      bool
	why        *fault.Fault // instead of that it cannot be read
}

// refusal says what is wrong with the words.
func (w *words) refusal() error {
	if w.why != nil {
		return w.why
	}
	return fault.New(fault.Invalid, "rating.flag_unreadable", "--"+w.flag, w.said)
}

// share is a figure from 0 to 1.
func (w *words) share(text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		w.wrong = true
	case !(x >= 0 && x <= 1):
		w.wrong, w.why = true, fault.New(fault.Invalid, "rating.flag_share", "--"+w.flag, text)
	}
	return x
}

// levels refuses more methods than there are levels to be made.
func (w *words) levels(said int, s *score.Scheme) {
	if most := depth(s); said > most && !w.wrong {
		w.wrong, w.why = true, fault.New(fault.Invalid, "rating.flag_levels", "--"+w.flag, said, most)
	}
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
	if err != nil || x != x || math.IsInf(x, 0) {
		p.of.wrong = true
	}
	return x
}

// count is number of whole things, at least none.
func (p word) count(at, otherwise int) int {
	x := p.number(at, float64(otherwise))
	if x < 0 || x != math.Trunc(x) || x > math.MaxInt32 {
		p.of.wrong = true
		return 0
	}
	return int(x)
}

// above is number of what must be above 0.
func (p word) above(at int, otherwise float64) float64 {
	x := p.number(at, otherwise)
	if at < len(p.figures) && !(x > 0) {
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
		w.wrong = w.wrong || len(p.figures) > 0 && rule.Group == ""
	case score.ImputeRow:
		rule.Level = p.count(0, 0)
	case score.ImputePrevious:
		rule.Years = p.count(0, 0)
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

// takeScreen reads 0.9, or >0.9 for more than that, and behind a colon the least share of the figures there
// that are not 0; none.
func takeScreen(w *words, s *score.Scheme) {
	if w.said == "none" {
		s.Screen = nil
		return
	}
	text, strict := strings.CutPrefix(w.said, ">")
	there, other, both := strings.Cut(text, ":")
	s.Screen = &score.Screen{Availability: w.share(there), Strict: strict}
	if both {
		s.Screen.NonZero = w.share(other)
	}
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
			takeWinsorise(p, &rule)
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
	switch {
	case rule.First == score.Winsorise && w.parts()[0].text(0) == "0":
		rule.First = score.NoTreatment // no cell may move: a column that fails goes to the second at once
	case rule.First != score.Winsorise && rule.Second == "":
		rule.Second = score.NoTreatment
	}
	s.Treat = &rule
}

// takeWinsorise reads the most cells to move, and the limits of skewness and kurtosis of the test.
func takeWinsorise(p word, rule *score.Treat) {
	p.most(3)
	rule.WinMax = p.count(0, 0)
	rule.Skewness, rule.Kurtosis = p.above(1, 0), p.above(2, 0)
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
	case score.MinMax, score.ZScore, score.Scaled:
		takeScale(p, &n)
	case score.DistanceRef:
		p.most(2)
		n.Reference, n.Cap = p.text(0), p.text(1) == "cap"
		w.wrong = w.wrong || len(p.figures) == 2 && !n.Cap
		if n.Reference == "" {
			n.Reference = "1" // the first of the sorted codes, as the reference package has it
		}
	case score.DistanceTarget:
		p.most(1)
		n.Cap = p.text(0) == "cap"
		w.wrong = w.wrong || len(p.figures) == 1 && !n.Cap
	case score.Goalposts:
		p.most(2)
		n.Factor, n.Free = p.above(0, 1), p.text(1) == "free"
		w.wrong = w.wrong || len(p.figures) == 2 && !n.Free
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

// takeScale reads the figures of minmax, zscore and scaled. Without figures the indicators' own hold, or
// those that are usual.
func takeScale(p word, n *score.Normalise) {
	if len(p.figures) == 0 {
		return
	}
	switch n.Method {
	case score.ZScore:
		p.most(2)
		n.Mean, n.Deviation = p.number(0, 0), p.above(1, 1)
		return
	case score.Scaled:
		p.most(3)
		n.Factor = p.above(2, 100)
	default:
		p.most(2)
	}
	n.Low, n.High = p.number(0, 0), p.number(1, 100)
	p.of.wrong = p.of.wrong || !(n.Low < n.High)
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
	w.levels(len(s.Weights), s)
	if len(s.Weights) == 1 && s.Weights[0].Method == score.EqualWeights {
		for range depth(s) - 1 {
			s.Weights = append(s.Weights, s.Weights[0])
		}
	}
}

// heightsOf are the levels of the aggregates that have indicators below: 2 just above these.
func heightsOf(s *score.Scheme) map[string]int {
	parents, heights := map[string]string{}, map[string]int{}
	for _, a := range s.Aggregates {
		parents[a.Code] = a.Parent
	}
	for _, i := range s.Indicators {
		height := 1
		for code := i.Parent; code != "" && height <= len(s.Aggregates); code = parents[code] {
			height++
			heights[code] = max(heights[code], height)
		}
	}
	return heights
}

// depth is the number of levels of aggregates above the indicators, at least 1.
func depth(s *score.Scheme) int {
	deepest := 1
	for _, height := range heightsOf(s) {
		deepest = max(deepest, height-1)
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
	w.levels(len(s.Aggregate), s)
}

// takeThreshold reads a share for all levels, or one a level from 2 up, the last holding above. It holds for
// nodes with a method of their own too.
func takeThreshold(w *words, s *score.Scheme) {
	var shares []float64
	for _, text := range strings.Split(w.said, ",") {
		shares = append(shares, w.share(strings.TrimSpace(text)))
	}
	w.levels(len(shares), s)
	at := func(level int) float64 { return shares[min(max(level, 0), len(shares)-1)] }
	s.Aggregate = slices.Clone(s.Aggregate)
	for len(s.Aggregate) > 0 && len(s.Aggregate) < len(shares) {
		s.Aggregate = append(s.Aggregate, s.Aggregate[len(s.Aggregate)-1])
	}
	for i := range s.Aggregate {
		s.Aggregate[i].Threshold = at(i)
	}
	heights := heightsOf(s)
	s.Aggregates = slices.Clone(s.Aggregates)
	for i, node := range s.Aggregates {
		if node.Aggregate != nil {
			own := *node.Aggregate
			own.Threshold = at(heights[node.Code] - 2)
			s.Aggregates[i].Aggregate = &own
		}
	}
}
