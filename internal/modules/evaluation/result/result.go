// Package result is what a run of an index answers, as text that is the same for the same run: a published
// one is compared by its hash. It is computed here from a scheme, its figures and a seed alone.
//
// # Invariants
//
//  1. Compute answers the same bytes for the same scheme, table and options, with any number of processors.
//  2. Every number is written with the fewest digits that read back as the same float64; missing is null.
//  3. Spreads and influences are of the last time of a panel, whose areas rank among themselves.
package result

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/audit"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Number is a figure of a result; NaN is missing and written null.
type Number float64

// MarshalJSON writes the shortest text that reads back as the number.
func (n Number) MarshalJSON() ([]byte, error) {
	switch {
	case n != n:
		return []byte("null"), nil
	case math.IsInf(float64(n), 0): // a distance to a reference that is the least figure
		return strconv.AppendQuote(nil, strconv.FormatFloat(float64(n), 'g', -1, 64)), nil
	}
	return strconv.AppendFloat(nil, float64(n), 'g', -1, 64), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Number) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		*n = Number(math.NaN())
		return nil
	}
	x, err := strconv.ParseFloat(string(bytes.Trim(text, `"`)), 64)
	*n = Number(x)
	return err
}

// Node is an indicator or an aggregate with its weights.
type Node struct {
	Code      string `json:"code"`
	Name      string `json:"name,omitempty"`
	Level     int    `json:"level"`
	Parent    int    `json:"parent"` // -1 at the top
	Weight    Number `json:"weight"`
	Effective Number `json:"effective"`
	// Columns by area: the figure before treatment and after, of indicators; score (of indicators the
	// normalised figure) and rank of all.
	Prepared []Number `json:"prepared,omitempty"`
	Treated  []Number `json:"treated,omitempty"`
	Scores   []Number `json:"scores"`
	Ranks    []int    `json:"ranks"` // 0: no score
}

// Change is a cell that a step changed.
type Change struct {
	Area      string `json:"area"`
	Time      string `json:"time,omitempty"`
	Indicator string `json:"indicator,omitempty"`
	Step      string `json:"step"`
	From      Number `json:"from"`
	To        Number `json:"to"`
	Why       string `json:"why"`
	About     string `json:"about,omitempty"`
}

// Spread is how the rank of an area moves over other choices.
type Spread struct {
	Row    int    `json:"row"` // of the result
	Mean   Number `json:"mean"`
	Median Number `json:"median"`
	Low    Number `json:"low"` // 5 per cent
	High   Number `json:"high"`
	Best   int    `json:"best"`
	Worst  int    `json:"worst"`
}

// Result is a whole run.
type Result struct {
	Areas   []string            `json:"areas"` // by row
	Names   []string            `json:"names,omitempty"`
	Times   []string            `json:"times,omitempty"`
	Groups  map[string][]string `json:"groups,omitempty"`
	Nodes   []Node              `json:"nodes"` // indicators first, the top last
	Changes []Change            `json:"changes,omitempty"`
	Dropped []string            `json:"dropped,omitempty"` // areas that were screened out
	Inputs  []string            `json:"inputs,omitempty"`  // choices that were varied
	Runs    int                 `json:"runs,omitempty"`
	Spreads []Spread            `json:"spreads,omitempty"`
	// Notes tell how weights came about. They are of the computation, no part of the text: of a result that
	// was read there are none.
	Notes []fault.Finding `json:"-"`
}

// Options are what a result depends on besides scheme and figures.
type Options struct {
	Seed         uint64
	Replications int // of the uncertainty analysis; 0: none
	Methods      score.Methods
	Progress     func(done, of int)
}

// Compute runs a scheme on figures.
func Compute(s score.Scheme, t score.Table, o Options) (Result, error) {
	plan, err := score.Compile(s, t, o.Methods)
	if err != nil {
		return Result{}, err
	}
	outcome, err := plan.Run()
	if err == nil {
		err = outcome.Scored()
	}
	if err != nil {
		return Result{}, err
	}
	r := told(outcome)
	r.Notes = outcome.Notes
	if o.Replications > 0 && outcome.Top() >= 0 {
		err = r.spread(plan, outcome, s, o)
	}
	return r, err
}

// told writes an outcome down.
func told(o *score.Outcome) Result {
	r := Result{Areas: o.Areas, Names: o.Names, Times: o.Times, Groups: o.Groups}
	for i, n := range o.Nodes {
		node := Node{Code: n.Code, Name: n.Name, Level: n.Level, Parent: n.Parent,
			Weight: Number(o.Weights[i]), Effective: Number(o.Effective[i]), Scores: numbers(o.Scores[i]),
			Ranks: o.Ranks[i]}
		if i < o.Indicators {
			node.Prepared, node.Treated = numbers(o.Prepared[i]), numbers(o.Treated[i])
		}
		r.Nodes = append(r.Nodes, node)
	}
	for _, c := range o.Changes {
		r.Changes = append(r.Changes, Change{c.Area, c.Time, c.Indicator, string(c.Step), Number(c.From),
			Number(c.To), c.Why, c.About})
	}
	for _, s := range o.Screened {
		if !s.Included {
			r.Dropped = append(r.Dropped, s.Area)
		}
	}
	return r
}

func numbers(x []float64) []Number {
	out := make([]Number, len(x))
	for i, v := range x {
		out[i] = Number(v)
	}
	return out
}

// weightShare is by how much the uncertainty analysis moves weights: a quarter up and down.
const weightShare = 0.25

// noisyMax is up to how many weights each get a number of their own; of more, only the upper ones do.
const noisyMax = 100

// spread asks how ranks of the last time move when weights, normalisation and treatment are others.
func (r *Result) spread(plan *score.Plan, o *score.Outcome, s score.Scheme, options Options) error {
	rows := r.Rows(r.LastTime())
	if len(rows) < 2 {
		return nil
	}
	choices := choicesOf(o, s)
	nominal := make([]float64, len(rows))
	for i, row := range rows {
		nominal[i] = o.Scores[o.Top()][row]
	}
	model := audit.Of(plan, o.Top(), choices).Only(rows)
	found, err := audit.Uncertainty(model, nominal, audit.Options{Seed: options.Seed,
		Runs: options.Replications, Progress: options.Progress})
	if err != nil {
		return err
	}
	r.Runs = found.Runs
	for _, c := range choices {
		r.Inputs = append(r.Inputs, c.Name)
	}
	for i, a := range found.Areas {
		r.Spreads = append(r.Spreads, Spread{rows[i], Number(a.Mean), Number(a.Median), Number(a.Low),
			Number(a.High), a.Best, a.Worst})
	}
	return nil
}

// choicesOf are what an audit of a scheme varies: weights by a quarter, the limit of treatment, and whether
// figures or their ranks are taken.
func choicesOf(o *score.Outcome, s score.Scheme) []audit.Choice {
	choices := []audit.Choice{audit.NoiseOn("weights", o.Weights, noisy(o), weightShare)}
	if s.Treat != nil {
		choices = append(choices, audit.WinMaxes("winmax", 1, 3, 5))
	}
	if n := s.Normalise; n != nil && (n.Method == score.MinMax || n.Method == score.ZScore) {
		choices = append(choices, audit.Normalisations("normalise", *n,
			score.Normalise{Method: score.Ranked, Constant: n.Constant, By: n.By}))
	}
	return choices
}

// noisy are the nodes whose weight is moved: all but the top, or the aggregates alone where they are many.
func noisy(o *score.Outcome) []int {
	var all, upper []int
	for i, n := range o.Nodes {
		if n.Parent < 0 {
			continue
		}
		all = append(all, i)
		if i >= o.Indicators {
			upper = append(upper, i)
		}
	}
	if len(all) <= noisyMax || len(upper) == 0 {
		return all[:min(len(all), noisyMax)]
	}
	return upper[:min(len(upper), noisyMax)]
}

// Periods are the times of a panel, in order; nil without.
func (r Result) Periods() []string {
	return slices.Compact(slices.Sorted(slices.Values(r.Times)))
}

// LastTime is the last time of a panel; empty without.
func (r Result) LastTime() string {
	if all := r.Periods(); len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}

// Rows are the rows of a time; all of them without times.
func (r Result) Rows(time string) []int {
	var rows []int
	for i := range r.Areas {
		if r.Times == nil || r.Times[i] == time {
			rows = append(rows, i)
		}
	}
	return rows
}

// Row is where an area stands at a time, or -1.
func (r Result) Row(area, time string) int {
	for i, code := range r.Areas {
		if code == area && (r.Times == nil || r.Times[i] == time) {
			return i
		}
	}
	return -1
}

// Top is the node of the highest level.
func (r Result) Top() int { return len(r.Nodes) - 1 }

// Find is the place of a code among the nodes, or -1.
func (r Result) Find(code string) int {
	return slices.IndexFunc(r.Nodes, func(n Node) bool { return n.Code == code })
}

// Children are the nodes right under one.
func (r Result) Children(node int) []int {
	var all []int
	for i, n := range r.Nodes {
		if n.Parent == node {
			all = append(all, i)
		}
	}
	return all
}

// Name is what an area is called: its name, or its code.
func (r Result) Name(row int) string {
	if r.Names != nil && r.Names[row] != "" {
		return r.Names[row]
	}
	return r.Areas[row]
}

// Near tells whether two results have the same areas, nodes, and scores but for a relative difference.
func (r Result) Near(other Result, most float64) bool {
	if len(r.Nodes) != len(other.Nodes) || len(r.Areas) != len(other.Areas) {
		return false
	}
	for n := range r.Nodes {
		for i, x := range r.Nodes[n].Scores {
			if !near(x, other.Nodes[n].Scores[i], most) {
				return false
			}
		}
	}
	return true
}

// near tells whether two numbers are both missing, or differ by no more than a share of the first (of 1, if
// that is less).
func near(x, y Number, most float64) bool {
	if x != x || y != y {
		return x != x && y != y
	}
	return math.Abs(float64(x-y)) <= most*max(1, math.Abs(float64(x)))
}

// Text writes the result; Read reads it back.
func (r Result) Text() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}

// Read reads a result that Text wrote.
func Read(text string) (Result, error) {
	var r Result
	err := json.Unmarshal([]byte(text), &r)
	return r, err
}
