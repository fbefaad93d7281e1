package score

import "github.com/terrace-project/terrace/internal/pure/words"

// Scheme is an index as data: what is measured, how it hangs together, and the method of each step. A step
// that is nil is left out.
type Scheme struct {
	Key          string        `yaml:"key,omitempty"`
	Title        words.Words   `yaml:"title,omitempty"`
	Source       string        `yaml:"source,omitempty"`
	Groups       []Label       `yaml:"groups,omitempty"`       // columns of the group of an area
	Denominators []Label       `yaml:"denominators,omitempty"` // columns to divide by
	Indicators   []Indicator   `yaml:"indicators"`
	Aggregates   []Aggregate   `yaml:"aggregates,omitempty"`
	Denominate   bool          `yaml:"denominate,omitempty"`
	Impute       *Impute       `yaml:"impute,omitempty"`
	Screen       *Screen       `yaml:"screen,omitempty"`
	Treat        *Treat        `yaml:"treat,omitempty"`
	Normalise    *Normalise    `yaml:"normalise,omitempty"`
	Weights      []Weighting   `yaml:"weights,omitempty"`   // by level of the children; missing: given
	Aggregate    []Aggregation `yaml:"aggregate,omitempty"` // by level, from 2; the last holds above it
}

// Label names a column that is no indicator.
type Label struct {
	Code string `yaml:"code"`
	Name string `yaml:"name,omitempty"`
	Unit string `yaml:"unit,omitempty"`
}

// GroupTitle is what a scheme calls a column of groups: its name, or its code.
func (s Scheme) GroupTitle(code string) string {
	for _, g := range s.Groups {
		if g.Code == code && g.Name != "" {
			return g.Name
		}
	}
	return code
}

// Direction says which figures are good.
type Direction string

// The directions. An empty one is Benefit.
const (
	Benefit  Direction = "benefit"  // 正向: more is better
	Cost     Direction = "cost"     // 负向: less is better
	Parity   Direction = "parity"   // 趋一: a ratio whose ideal is 1
	Interval Direction = "interval" // 区间: anything inside a span is ideal
)

// Posts are two fixed points of an indicator, in its unit.
type Posts struct {
	Low   float64 `yaml:"low"`
	High  float64 `yaml:"high"`
	Scale float64 `yaml:"scale,omitempty"` // of goalposts: instead of the normalisation's Factor; 0: that
	Free  bool    `yaml:"free,omitempty"`  // of goalposts: what lies outside is not cut
}

// Indicator is a column of figures.
type Indicator struct {
	Code        string     `yaml:"code"`
	Name        string     `yaml:"name,omitempty"`
	Unit        string     `yaml:"unit,omitempty"`
	Parent      string     `yaml:"parent,omitempty"`
	Direction   Direction  `yaml:"direction,omitempty"`
	Weight      *float64   `yaml:"weight,omitempty"` // relative, within the parent; nil is 1
	Denominator string     `yaml:"denominator,omitempty"`
	Target      *float64   `yaml:"target,omitempty"`
	Goalposts   *Posts     `yaml:"goalposts,omitempty"`
	Ideal       *Posts     `yaml:"ideal,omitempty"`     // of Interval
	Impute      *Impute    `yaml:"impute,omitempty"`    // instead of the scheme's
	Treat       *Treat     `yaml:"treat,omitempty"`     // instead of the scheme's
	Normalise   *Normalise `yaml:"normalise,omitempty"` // instead of the scheme's
	// Scales are its own figures of methods; they hold where the scheme names the method without figures.
	// Those of scaled are in the unit of the indicator.
	Scales []Normalise `yaml:"scales,omitempty"`
	// Origin is what its figures were computed from, if told.
	Origin *Origin `yaml:"origin,omitempty"`
}

// Aggregate is made of its children.
type Aggregate struct {
	Code      string       `yaml:"code"`
	Name      string       `yaml:"name,omitempty"`
	Level     int          `yaml:"level,omitempty"` // from 2; 0: one above its highest child
	Parent    string       `yaml:"parent,omitempty"`
	Weight    *float64     `yaml:"weight,omitempty"`
	Weights   *Weighting   `yaml:"weights,omitempty"`   // of its children, instead of their level's
	Aggregate *Aggregation `yaml:"aggregate,omitempty"` // instead of its level's
}

// The ways to fill a missing cell.
const (
	ImputeMean     = "mean"     // of the column, or of the areas of the same Group
	ImputeMedian   = "median"   // likewise
	ImputeRow      = "row"      // mean of the area's other indicators on a scale from 0 to 1, turned back
	ImputePrevious = "previous" // latest earlier figure of the area, at most Years back
	ImputeConstant = "constant" // as previous without a limit; before the first figure, the first
	ImputeLinear   = "linear"   // between the neighbours in time; outside them, the nearest
	ImputeNone     = "none"
)

// Impute fills missing cells.
type Impute struct {
	Method string  `yaml:"method"`
	Group  string  `yaml:"group,omitempty"` // column of groups, of mean and median
	Level  int     `yaml:"level,omitempty"` // of row: only those under the same node of the level; 0: all
	Years  int     `yaml:"years,omitempty"` // of previous; 0: any
	Given  []Given `yaml:"given,omitempty"` // figures of one's own, taken first
}

// Given is a figure put in by hand.
type Given struct {
	Area      string  `yaml:"area"`
	Time      string  `yaml:"time,omitempty"`
	Indicator string  `yaml:"indicator"`
	Value     float64 `yaml:"value"`
	Source    string  `yaml:"source,omitempty"`
}

// Screen drops areas of which too little is known.
type Screen struct {
	Availability float64 `yaml:"availability"`       // least share of indicators that are there, from 0 to 1
	Strict       bool    `yaml:"strict,omitempty"`   // more than that share, not at least
	NonZero      float64 `yaml:"non_zero,omitempty"` // least share of those there that are not 0; 0: any
}

// The treatments.
const (
	Winsorise   = "winsorise"
	LogCT       = "log_CT"      // ln(x − min + 0.01·(max − min))
	LogCTPlus   = "log_CT_plus" // log_CT; with negative skewness −ln(max + 0.01·(max − min) − x)
	LogCTOrigin = "log_CT_orig" // ln(x − min + 1)
	BoxCox      = "boxcox"      // x ← x − min + 1, then (x^λ − 1)/λ, or ln x
	NoTreatment = "none"
)

// Treat tames outliers. Zeros stand for the default rule: winsorise up to 5 cells, then log_CT, skewness 2,
// kurtosis 3.5.
type Treat struct {
	First    string  `yaml:"first,omitempty"`
	Second   string  `yaml:"second,omitempty"`
	WinMax   int     `yaml:"winmax,omitempty"`   // cells
	Lambda   float64 `yaml:"lambda,omitempty"`   // of boxcox
	Skewness float64 `yaml:"skewness,omitempty"` // limit of the test
	Kurtosis float64 `yaml:"kurtosis,omitempty"` // limit of the test
	Combine  bool    `yaml:"combine,omitempty"`  // the second works on what the first made
	Always   bool    `yaml:"always,omitempty"`   // First whatever the test says, and nothing else
}

// The normalisations, of the oriented figure x.
const (
	MinMax         = "minmax"       // (x−min)/(max−min)·(High−Low)+Low
	ZScore         = "zscore"       // (x−mean)/sd·Deviation+Mean
	Scaled         = "scaled"       // (x−Low)/(High−Low)·Factor
	Ranked         = "rank"         // ascending, ties share the least
	RankedAverage  = "rank_avgties" // ascending, ties share the mean
	Borda          = "borda"        // rank − 1
	PercentRank    = "prank"        // (rank−1)/(n−1)
	DistanceMax    = "dist2max"     // 1−(max−x)/(max−min)
	DistanceRef    = "dist2ref"     // 1−(ref−x)/(ref−min)
	DistanceTarget = "dist2targ"    // (x−min)/(target−min), up to 1 if Cap
	FractionMax    = "fracmax"      // x/max
	Goalposts      = "goalposts"    // (x−low)/(high−low) of the indicator's posts, within [0,1], ·Factor
	NotNormalised  = "none"         // the figure itself, not oriented
)

// What a column without spread becomes, and which times of a panel are normalised together.
const (
	ConstantMissing = "missing" // the default
	ConstantBest    = "one"     // the best there is: High of minmax, Mean of zscore, else 1
	ByAll           = "all"     // all area-times together: the default
	ByTime          = "time"    // each time by itself, so that times do not compare
)

// Normalise puts indicators on one scale.
type Normalise struct {
	Method    string  `yaml:"method"`
	Low       float64 `yaml:"low,omitempty"`       // of minmax, scaled; both 0: 0 to 100
	High      float64 `yaml:"high,omitempty"`      //
	Mean      float64 `yaml:"mean,omitempty"`      // of zscore
	Deviation float64 `yaml:"deviation,omitempty"` // of zscore; 0: 1
	Factor    float64 `yaml:"factor,omitempty"`    // of scaled (0: 100) and goalposts (0: 1)
	Reference string  `yaml:"reference,omitempty"` // area of dist2ref: its code, or its place in sorted codes
	Cap       bool    `yaml:"cap,omitempty"`       // dist2targ and dist2ref stop at 1
	Free      bool    `yaml:"free,omitempty"`      // goalposts do not cut what lies outside
	Constant  string  `yaml:"constant,omitempty"`  // a column without spread: missing (default) or one
	By        string  `yaml:"by,omitempty"`        // of a panel: all (default) or time
}

// The methods of weights that need no other package. Others come by name with Methods.Weigh.
const (
	GivenWeights = "given" // as the nodes say
	EqualWeights = "equal"
)

// Weighting is how the weights of the children of a node come about.
type Weighting struct {
	Method string `yaml:"method"`
	// Whole weighs all nodes of the level together instead of those of each parent.
	Whole      bool               `yaml:"whole,omitempty"`
	Parameters map[string]float64 `yaml:"parameters,omitempty"`
	Compared   `yaml:",inline"`
	Combined   `yaml:",inline"`
}

// The aggregations that need no other package. Others come by name with Methods.Combine.
const (
	Arithmetic  = "amean"   // Σwx/Σw
	Geometric   = "gmean"   // exp(Σw·ln x/Σw), x > 0
	Harmonic    = "hmean"   // Σw/Σ(w/x), x > 0
	Generalised = "genmean" // (Σwx^Power/Σw)^(1/Power); missing if any child is
	Median      = "median"  // of the children with a weight
	Total       = "sum"     // Σwx
)

// Aggregation makes a node of its children.
type Aggregation struct {
	Method     string             `yaml:"method"`
	Power      float64            `yaml:"power,omitempty"`     // of genmean; 0 is the geometric mean
	Threshold  float64            `yaml:"threshold,omitempty"` // least share of children there, from 0 to 1
	Parameters map[string]float64 `yaml:"parameters,omitempty"`
}

// Table is what a scheme is run on: figures by column, and what is known of each row.
type Table struct {
	Areas   []string // code of the area of each row
	Names   []string // nil, or by row
	Times   []string // nil, or by row: then each time is a part of a panel
	Columns []string
	Values  [][]float64         // by column, then by row; missing is NaN
	Groups  map[string][]string // by column of groups, then by row; empty is no group
}
