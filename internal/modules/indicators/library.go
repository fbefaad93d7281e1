package indicators

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// packFiles are the indicator systems of a pack.
const packFiles = "evaluations/*.yaml"

// The families of indicators.
const (
	Level = "level"
	Gap   = "gap"
)

// What a scheme does with years across a break.
const (
	Refuse   = "refuse"
	Split    = "split"
	Declared = "declared"
)

// Indicator is a line of the table of indicators.
type Indicator struct {
	Key         string          `yaml:"key"`
	Title       words.Words     `yaml:"title"`
	Dimension   string          `yaml:"dimension"`
	Family      string          `yaml:"family"`
	Unit        words.Words     `yaml:"unit"`
	Direction   score.Direction `yaml:"direction"`
	Formula     words.Words     `yaml:"formula"`
	Numerator   string          `yaml:"numerator"` // source of the numerator, or of the figure itself
	Denominator string          `yaml:"denominator,omitempty"`
	Period      string          `yaml:"period"`
	Scope       string          `yaml:"scope"`
	Decimals    int             `yaml:"decimals"`
	Missing     words.Words     `yaml:"missing"`
	Revision    words.Words     `yaml:"revision"`
	Department  words.Words     `yaml:"department"`
	Series      string          `yaml:"series,omitempty"`   // of published statistics
	Measures    *Drawn          `yaml:"measures,omitempty"` // of the program itself; neither: not held yet
	Basis       string          `yaml:"basis"`
	Mark        string          `yaml:"mark"`
}

// Scheme is an index of the pack.
type Scheme struct {
	Key        string              `yaml:"key"`
	Title      words.Words         `yaml:"title"`
	Family     string              `yaml:"family"`
	Indicators []Item              `yaml:"indicators"`
	Aggregates []score.Aggregate   `yaml:"aggregates"`
	Impute     *score.Impute       `yaml:"impute,omitempty"`
	Screen     *score.Screen       `yaml:"screen,omitempty"`
	Treat      *score.Treat        `yaml:"treat,omitempty"`
	Normalise  *score.Normalise    `yaml:"normalise,omitempty"`
	Weights    []score.Weighting   `yaml:"weights,omitempty"`
	Aggregate  []score.Aggregation `yaml:"aggregate,omitempty"`
	Breaks     string              `yaml:"breaks"`            // refuse, split, declared
	Reading    words.Words         `yaml:"reading,omitempty"` // of declared breaks: how they are to be read
	Basis      string              `yaml:"basis"`
	Mark       string              `yaml:"mark"`
}

// Item is an indicator in a scheme.
type Item struct {
	Code      string       `yaml:"code"`
	Parent    string       `yaml:"parent"`
	Weight    *float64     `yaml:"weight,omitempty"`
	Goalposts *score.Posts `yaml:"goalposts,omitempty"`
	Series    string       `yaml:"series,omitempty"` // instead of the table's
}

// Library is the indicator systems of a pack.
type Library struct {
	Indicators []Indicator
	Schemes    []Scheme
}

// Indicator finds an indicator.
func (l *Library) Indicator(key string) (Indicator, bool) {
	i := slices.IndexFunc(l.Indicators, func(one Indicator) bool { return one.Key == key })
	if i < 0 {
		return Indicator{}, false
	}
	return l.Indicators[i], true
}

// Scheme finds a scheme.
func (l *Library) Scheme(key string) (Scheme, error) {
	for _, s := range l.Schemes {
		if s.Key == key {
			return s, nil
		}
	}
	return Scheme{}, fault.New(fault.NotFound, "indicators.no_scheme", key)
}

// source is what an item draws its figures from: a series, or measures; neither: they are not held.
func (l *Library) source(item Item) (key string, drawn *Drawn) {
	if item.Series != "" {
		return item.Series, nil
	}
	one, _ := l.Indicator(item.Code)
	return one.Series, one.Measures
}

// Bound reports whether an indicator names where its figures are.
func (one Indicator) Bound() bool { return one.Series != "" || one.Measures != nil }

func section() pack.Section {
	return pack.Section{Path: packFiles, Check: func(p *pack.Pack) []fault.Finding {
		_, found := ReadLibrary(p)
		return found
	}}
}

// ReadLibrary reads the indicator systems of a pack, and says what is wrong with them.
func ReadLibrary(p *pack.Pack) (*Library, []fault.Finding) {
	l := &Library{}
	figures, found := statistics.ReadLibrary(p)
	if fault.Stops(found) {
		return l, nil // its own section tells
	}
	found = nil
	for _, e := range p.Entries(packFiles, "indicators") {
		var one Indicator
		if err := e.Decode(&one); err != nil {
			found = append(found, e.Problem(err))
			continue
		}
		if !one.whole() {
			found = append(found, e.At(fault.Wrong("indicators.check.incomplete", one.Key)))
		}
		if _, held := figures.Book[one.Series]; one.Series != "" && !held {
			found = append(found, e.At(fault.Wrong("indicators.check.series", one.Key, one.Series)))
		}
		if one.Measures != nil && one.Series != "" {
			found = append(found, e.At(fault.Wrong("indicators.check.two_sources", one.Key)))
		}
		l.Indicators = append(l.Indicators, one)
	}
	for _, e := range p.Entries(packFiles, "schemes") {
		var s Scheme
		if err := e.Decode(&s); err != nil {
			found = append(found, e.Problem(err))
			continue
		}
		for _, wrong := range l.check(s, figures) {
			found = append(found, e.At(wrong))
		}
		l.Schemes = append(l.Schemes, s)
	}
	return l, found
}

// whole tells whether everything that an indicator must say is said.
func (one Indicator) whole() bool {
	for _, w := range []words.Words{one.Title, one.Unit, one.Formula, one.Missing, one.Revision,
		one.Department} {
		if !w.Whole() {
			return false
		}
	}
	if one.Measures != nil && !one.Measures.whole() {
		return false
	}
	family := one.Family == Level || one.Family == Gap
	return family && one.Direction != "" && one.Numerator != "" && one.Period != "" && one.Scope != "" &&
		one.Basis != "" && one.Mark != "" && one.Dimension != ""
}

// check says what is wrong with a scheme: a stranger, a mixture of families, a break nobody answers for.
func (l *Library) check(s Scheme, figures *statistics.Library) []fault.Finding {
	var found []fault.Finding
	wrong := func(what string, args ...any) {
		found = append(found, fault.Wrong("indicators.check."+what, append([]any{s.Key}, args...)...))
	}
	if !s.Title.Whole() || s.Basis == "" || s.Mark == "" || len(s.Indicators) == 0 ||
		len(s.Aggregates) == 0 {
		wrong("scheme")
	}
	if s.Breaks != Refuse && s.Breaks != Split && (s.Breaks != Declared || !s.Reading.Whole()) {
		wrong("breaks")
	}
	seen := map[string]bool{}
	for _, item := range s.Indicators {
		one, known := l.Indicator(item.Code)
		switch {
		case !known || seen[item.Code]:
			wrong("indicator", item.Code)
		case one.Family != s.Family:
			wrong("family", item.Code)
		case !slices.ContainsFunc(s.Aggregates,
			func(a score.Aggregate) bool { return a.Code == item.Parent }):
			wrong("parent", item.Code, item.Parent)
		}
		if _, held := figures.Book[item.Series]; item.Series != "" && !held {
			wrong("series", item.Series)
		}
		seen[item.Code] = true
	}
	return found
}
