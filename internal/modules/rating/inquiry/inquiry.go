package inquiry

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// kind is one relation between the figures of areas.
type kind interface {
	declare(flags Flags, text Text)
	columns(read Read) (figures, groups []string, err error) // that it reads
	compute(parts []part, read Read) ([]Answer, error)
}

// Text answers a text in the language of whoever reads.
type Text = func(key string, args ...any) string

// Flags takes the flags of a command.
type Flags interface {
	StringVar(to *string, name, value, usage string)
	BoolVar(to *bool, name string, value bool, usage string)
	IntVar(to *int, name string, value int, usage string)
	Uint64Var(to *uint64, name string, value uint64, usage string)
	Float64Var(to *float64, name string, value float64, usage string)
}

// Read reads a table from a file by its name, or refuses to.
type Read func(file string) (score.Sheet, error)

// Inquiry is one kind of relation with its flags.
type Inquiry struct {
	Name string
	Out  string // the folder for tables, empty: none
	JSON bool   // for programs

	kind     kind
	from, to string
	present  bool
}

// All are the kinds of relations, each with flags of its own.
func All() []*Inquiry {
	return []*Inquiry{{Name: "disparity", kind: &inequality{}}, {Name: "convergence", kind: &convergence{}},
		{Name: "coupling", kind: &coupling{}}, {Name: "obstacle", kind: &obstacles{}},
		{Name: "contrast", kind: &contrast{}}, {Name: "moran", kind: &pattern{}}}
}

// Declare adds the flags of the inquiry to a command.
func (q *Inquiry) Declare(flags Flags, text Text) {
	q.kind.declare(flags, text)
	flags.StringVar(&q.from, "from", "", text("rating.flag.from"))
	flags.StringVar(&q.to, "to", "", text("rating.flag.to"))
	flags.BoolVar(&q.present, "present", false, text("rating.flag.present"))
	flags.StringVar(&q.Out, "out", "", text("rating.flag.out"))
	flags.BoolVar(&q.JSON, "json", false, text("rating.flag.json"))
}

// Answers reads a file and computes the relation. Convergence keeps only areas that have every time.
func (q *Inquiry) Answers(file string, read Read) ([]Answer, error) {
	figures, groups, err := q.kind.columns(read)
	if err != nil {
		return nil, err
	}
	if len(figures) == 0 || slices.Contains(figures, "") {
		return nil, fault.New(fault.Invalid, "rating.relation_columns")
	}
	table, err := read.columns(file, figures, groups)
	if err != nil {
		return nil, err
	}
	parts, err := partsOf(table, q.from, q.to)
	if err != nil {
		return nil, err
	}
	var left Answer
	if q.present {
		_, always := q.kind.(*convergence)
		if parts, left = presentOf(parts, figures, always); len(parts) == 0 {
			return nil, fault.New(fault.Invalid, "rating.relation_no_rows", file)
		}
	}
	answers, err := q.kind.compute(parts, read)
	if err == nil && len(left.Rows) > 0 {
		answers = append(answers, left)
	}
	return answers, err
}

// columns reads some columns of a file of figures, and others as texts; the areas stand in the column that
// a run takes them from too.
func (read Read) columns(file string, figures, groups []string) (score.Table, error) {
	data, err := read(file)
	if err != nil {
		return score.Table{}, err
	}
	var wanted score.Scheme
	for _, code := range figures {
		wanted.Indicators = append(wanted.Indicators, score.Indicator{Code: code})
	}
	for _, code := range groups {
		wanted.Groups = append(wanted.Groups, score.Label{Code: code})
	}
	table, _, err := score.ReadData(data, wanted)
	for _, code := range groups {
		if err == nil && table.Groups[code] == nil {
			err = fault.New(fault.Invalid, "rating.column_unknown", code)
		}
	}
	return table, err
}

// part are the rows of one time. A key names an area, and its time where there are several.
type part struct {
	time        string
	areas, keys []string
	figures     map[string][]float64
	groups      map[string][]string
}

// partsOf parts a table by time, from one time to another; both may be open.
func partsOf(t score.Table, from, to string) ([]part, error) {
	if t.Times == nil {
		if from != "" || to != "" {
			return nil, fault.New(fault.Invalid, "rating.relation_no_time")
		}
		t.Times = make([]string, len(t.Areas))
	}
	rows, times := map[string][]int{}, []string(nil)
	for row, time := range t.Times {
		if from != "" && later(from, time) > 0 || to != "" && later(time, to) > 0 {
			continue
		}
		if rows[time] == nil {
			times = append(times, time)
		}
		rows[time] = append(rows[time], row)
	}
	if len(times) == 0 {
		return nil, fault.New(fault.Invalid, "rating.relation_no_rows", from+"–"+to)
	}
	slices.SortFunc(times, later)
	parts := make([]part, len(times))
	for i, time := range times {
		parts[i] = taken(t, time, len(times) > 1, rows[time])
	}
	return parts, nil
}

// later orders times: as numbers if both are, else as texts.
func later(a, b string) int {
	x, wrong := strconv.ParseFloat(a, 64)
	y, wrongToo := strconv.ParseFloat(b, 64)
	if wrong != nil || wrongToo != nil {
		return strings.Compare(a, b)
	}
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func taken(t score.Table, time string, several bool, rows []int) part {
	p := part{time: time, figures: map[string][]float64{}, groups: map[string][]string{}}
	for _, row := range rows {
		key := t.Areas[row]
		p.areas = append(p.areas, key)
		if several {
			key += " " + time
		}
		p.keys = append(p.keys, key)
		for c, code := range t.Columns {
			if len(p.figures[code]) < len(p.areas) { // a column may be asked for twice
				p.figures[code] = append(p.figures[code], t.Values[c][row])
			}
		}
		for code, group := range t.Groups {
			p.groups[code] = append(p.groups[code], group[row])
		}
	}
	return p
}

// without is a part without the areas that are refused.
func (p part) without(refused func(row int) bool) part {
	q := part{time: p.time, figures: map[string][]float64{}, groups: map[string][]string{}}
	for row := range p.areas {
		if refused(row) {
			continue
		}
		q.areas, q.keys = append(q.areas, p.areas[row]), append(q.keys, p.keys[row])
		for code, column := range p.figures {
			q.figures[code] = append(q.figures[code], column[row])
		}
		for code, group := range p.groups {
			q.groups[code] = append(q.groups[code], group[row])
		}
	}
	return q
}

// presentOf leaves out the areas that lack one of the figures, from every time if it is always that they must
// have them, and answers what was left out.
func presentOf(parts []part, figures []string, always bool) ([]part, Answer) {
	left, complete := Answer{Name: "left_out", Columns: []string{"area", "time"}}, map[string]int{}
	lacks := func(p part, row int) bool {
		return slices.ContainsFunc(figures,
			func(code string) bool { return math.IsNaN(p.figures[code][row]) })
	}
	for _, p := range parts {
		for row, area := range p.areas {
			if !lacks(p, row) {
				complete[area]++
			}
		}
	}
	var kept []part
	for _, p := range parts {
		q := p.without(func(row int) bool {
			out := lacks(p, row) || always && complete[p.areas[row]] < len(parts)
			if out {
				left.Rows = append(left.Rows, []any{p.areas[row], p.time})
			}
			return out
		})
		if len(q.areas) > 0 {
			kept = append(kept, q)
		}
	}
	return kept, left
}

// Answer is a table of what was found: in full for files and programs, rounded for people.
type Answer struct {
	Name    string   // of its file and of its heading
	About   []any    // of the heading
	Columns []string // codes; behind OwnColumn the code is one of the data
	Rows    [][]any  // string, Coded, int or float64
}

// Coded is a cell that people read in their language and programs as a code.
type Coded string

// OwnColumn marks a column that has its name from the data.
const OwnColumn = "="

// numbers reads figures between commas; nothing is nil.
func numbers(flag, said string) (read []float64, err error) {
	if said == "" {
		return nil, nil
	}
	for _, text := range strings.Split(said, ",") {
		x, wrong := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if wrong != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fault.New(fault.Invalid, "rating.flag_unreadable", flag, said)
		}
		read = append(read, x)
	}
	return read, nil
}

// listed are the names between commas; nothing is nil.
func listed(said string) (names []string) {
	if said == "" {
		return nil
	}
	for _, name := range strings.Split(said, ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return names
}

// plain is a figure in a refusal.
func plain(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
