package score

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// span are the rows of one time: from, and up to but not with to.
type span struct {
	time     string
	from, to int
}

// Screened says of an area how much of it is known, and whether it stays.
type Screened struct {
	Area, Time    string
	Missing, Zero int
	Availability  float64 // share of indicators that are there
	NonZero       float64 // share of those there that are not 0; NaN where none is
	Included      bool
}

// preparation is the data on its way from the table to the plan. Rows are sorted by time.
type preparation struct {
	scheme   Scheme
	tree     tree
	areas    []string
	names    []string
	times    []string
	groups   map[string][]string
	columns  [][]float64 // by indicator
	extra    map[string][]float64
	spans    []span
	changes  []Change
	screened []Screened
}

// prepare takes the columns of the scheme from the table and denominates, imputes and screens them.
func prepare(s Scheme, t tree, table Table) (*preparation, error) {
	p := &preparation{scheme: s, tree: t, groups: map[string][]string{}, extra: map[string][]float64{}}
	if err := p.take(table); err != nil {
		return nil, err
	}
	p.denominate()
	if err := p.impute(); err != nil {
		return nil, err
	}
	if err := p.screen(); err != nil {
		return nil, err
	}
	return p, nil
}

// take copies what the scheme names, rows sorted by time.
func (p *preparation) take(table Table) error {
	if err := table.Check(); err != nil {
		return err
	}
	order := byTime(table)
	p.areas = chosen(table.Areas, order)
	p.names, p.times = chosen(table.Names, order), chosen(table.Times, order)
	for group, of := range table.Groups {
		p.groups[group] = chosen(of, order)
	}
	p.divide()
	at := map[string]int{}
	for c, code := range table.Columns {
		at[code] = c
	}
	var findings []fault.Finding
	column := func(code, user string) []float64 {
		c, there := at[code]
		if !there {
			findings = append(findings, fault.Wrong("rating.data_column_lacking", code, user))
			return nil
		}
		out := make([]float64, len(order))
		for i, row := range order {
			out[i] = table.Values[c][row]
		}
		return out
	}
	for _, i := range p.scheme.Indicators {
		p.columns = append(p.columns, column(i.Code, i.Code))
		if d := i.Denominator; p.scheme.Denominate && d != "" && p.extra[d] == nil {
			p.extra[d] = column(d, i.Code)
		}
	}
	if len(findings) > 0 {
		return fault.New(fault.Invalid, "rating.data_columns", len(findings)).With(findings)
	}
	return nil
}

// Check refuses a table whose parts do not fit each other, or in which an area stands twice at a time.
func (t Table) Check() error {
	return frame.Frame{Areas: keysOf(t.Areas, t.Times), Columns: t.Columns, Values: t.Values}.Check()
}

// Sorted is the table with its rows in the order of the areas' codes, so that a run does not depend on how a
// file happens to be ordered.
func (t Table) Sorted() Table {
	order := make([]int, len(t.Areas))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.Areas[a], t.Areas[b]) })
	sorted := Table{Areas: chosen(t.Areas, order), Names: chosen(t.Names, order),
		Times: chosen(t.Times, order), Columns: t.Columns, Groups: make(map[string][]string, len(t.Groups))}
	for _, column := range t.Values {
		sorted.Values = append(sorted.Values, chosen(column, order))
	}
	for group, of := range t.Groups {
		sorted.Groups[group] = chosen(of, order)
	}
	return sorted
}

// byTime is the order of rows by time, rows of one time staying as they are.
func byTime(t Table) []int {
	order := make([]int, len(t.Areas))
	for i := range order {
		order[i] = i
	}
	if t.Times != nil {
		slices.SortStableFunc(order, func(a, b int) int { return earlier(t.Times[a], t.Times[b]) })
	}
	return order
}

// earlier compares times as numbers if both are, else as texts.
func earlier(a, b string) int {
	x, wrongX := strconv.ParseFloat(a, 64)
	y, wrongY := strconv.ParseFloat(b, 64)
	if wrongX == nil && wrongY == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a, b)
}

// chosen picks cells in an order; nil stays nil.
func chosen[T any](from []T, order []int) []T {
	if from == nil {
		return nil
	}
	out := make([]T, len(order))
	for i, row := range order {
		out[i] = from[row]
	}
	return out
}

// divide finds the spans of rows of one time.
func (p *preparation) divide() {
	p.spans = nil
	for from := 0; from < len(p.areas); {
		to := from + 1
		for to < len(p.areas) && p.time(to) == p.time(from) {
			to++
		}
		p.spans = append(p.spans, span{p.time(from), from, to})
		from = to
	}
}

func (p *preparation) time(row int) string {
	if p.times == nil {
		return ""
	}
	return p.times[row]
}

// set changes a cell and keeps the change.
func (p *preparation) set(step Step, indicator, row int, to float64, why [2]string) {
	cell := &p.columns[indicator][row]
	if *cell == to || *cell != *cell && to != to {
		return
	}
	p.changes = append(p.changes, Change{Area: p.areas[row], Time: p.time(row),
		Indicator: p.scheme.Indicators[indicator].Code, Step: step, From: *cell, To: to, Why: why[0],
		About: why[1]})
	*cell = to
}

// denominate divides the indicators that have a denominator.
func (p *preparation) denominate() {
	if !p.scheme.Denominate {
		return
	}
	for c, i := range p.scheme.Indicators {
		by := p.extra[i.Denominator]
		if by == nil {
			continue
		}
		for row, d := range by {
			switch {
			case d != d:
				p.set(Denominating, c, row, frame.Missing(), [2]string{"denominator_missing",
					i.Denominator})
			case d == 0:
				p.set(Denominating, c, row, frame.Missing(), [2]string{"denominator_zero", i.Denominator})
			default:
				p.set(Denominating, c, row, p.columns[c][row]/d, [2]string{"divided", i.Denominator})
			}
		}
	}
}

// screen drops areas of which too little is known.
func (p *preparation) screen() error {
	rule := p.scheme.Screen
	if rule == nil {
		return nil
	}
	var kept []int
	for row := range p.areas {
		s := Screened{Area: p.areas[row], Time: p.time(row)}
		for _, column := range p.columns {
			switch x := column[row]; {
			case x != x:
				s.Missing++
			case x == 0:
				s.Zero++
			}
		}
		there := len(p.columns) - s.Missing
		s.Availability = float64(there) / float64(len(p.columns))
		s.NonZero = float64(there-s.Zero) / float64(there)
		s.Included = (s.Availability > rule.Availability || !rule.Strict &&
			s.Availability == rule.Availability) &&
			!(rule.NonZero > 0 && s.NonZero < rule.NonZero)
		p.screened = append(p.screened, s)
		if s.Included {
			kept = append(kept, row)
			continue
		}
		p.changes = append(p.changes, Change{Area: s.Area, Time: s.Time, Step: Screening,
			From: s.Availability,
			To:   math.NaN(), Why: "dropped"})
	}
	if len(kept) == 0 {
		return fault.New(fault.Invalid, "rating.screen_empty", rule.Availability)
	}
	p.areas, p.names, p.times = chosen(p.areas, kept), chosen(p.names, kept), chosen(p.times, kept)
	for group, of := range p.groups {
		p.groups[group] = chosen(of, kept)
	}
	for c := range p.columns {
		p.columns[c] = chosen(p.columns[c], kept)
	}
	p.divide()
	return nil
}
