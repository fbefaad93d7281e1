package reporting

import (
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Statements is what this module needs of whoever keeps the books.
type Statements interface {
	// Lines are the cells of a statement of an organisation for a period, by line and in the order of
	// its columns; false if there is none: no books, a month that is not closed, no such statement.
	Lines(r store.Reader, organisation registry.Ref, statement string, p period.Period) (map[string][]int64,
		bool, error)
}

// Origin is where a value of a report came from.
type Origin string

// The origins. Unanswered is a cell that a source should have answered and did not: it is asked.
const (
	Answered   Origin = "answered"
	Computed   Origin = "computed"
	Typed      Origin = "typed"
	Blank      Origin = "blank"
	Unanswered Origin = "unanswered"
)

// Filled is a report with its values as they are now.
type Filled struct {
	Report
	Form    *Form
	Row     form.Row
	Origins []Origin
}

// Asks reports whether somebody may type the cell of a report that is being filled.
func (f Filled) Asks(i int) bool {
	return f.Origins[i] == Typed || f.Origins[i] == Blank || f.Origins[i] == Unanswered
}

// Burden is what the report asks as things are: cells whose source does not answer among them.
func (f Filled) Burden() form.Burden {
	b := form.Burden{Cells: len(f.Form.Cells)}
	for i, c := range f.Form.Cells {
		if f.Asks(i) {
			b.Asked++
			b.Seconds += c.Seconds
		}
	}
	return b
}

// Fill gives a report its values: frozen ones as they were submitted, else what the sources say now and
// what was typed.
func (g *Reporting) Fill(r store.Reader, p Report) (f Filled, err error) {
	f.Report = p
	if f.Form, err = g.Form(r, p.Form); err != nil {
		return f, err
	}
	d := f.Form.Definition
	typed := decodeAmounts(p.Typed)
	f.Origins = make([]Origin, len(d.Cells))
	if p.Stage != Filling && p.Cells != "" {
		f.Row, err = rowOf(d, p.Cells)
		for i, c := range d.Cells {
			_, was := typed[c.Key]
			f.Origins[i] = originOf(c, f.Row[i], was)
		}
		return f, err
	}
	if f.Row, err = g.drawn(r, f.Form, p); err != nil {
		return f, err
	}
	for i, c := range d.Cells {
		amount, was := typed[c.Key]
		switch {
		case c.Computed():
			f.Origins[i] = Computed
		case f.Row[i].Known:
			f.Origins[i] = Answered
		case was:
			f.Row[i], f.Origins[i] = form.Value{Known: true, Amount: amount}, Typed
		case c.Tag == form.Asked:
			f.Origins[i] = Blank
		default:
			f.Origins[i] = Unanswered
		}
	}
	return f, d.Compute(f.Row)
}

func originOf(c form.Cell, v form.Value, typed bool) Origin {
	switch {
	case c.Computed():
		return Computed
	case typed:
		return Typed
	case v.Known:
		return Answered
	case c.Tag == form.Asked:
		return Blank
	}
	return Unanswered
}

// drawn is what the sources of a form say of a unit.
func (g *Reporting) drawn(r store.Reader, f *Form, p Report) (form.Row, error) {
	row := make(form.Row, len(f.Cells))
	at, err := period.Parse(p.Period)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, c := range f.Cells {
		if c.Measure != "" && g.Answers(c) {
			keys = append(keys, c.Measure)
		}
	}
	periods := append([]period.Period{at}, months(at)...)
	var figures measure.Table
	if len(keys) > 0 {
		figures, err = g.host.Measures.ReadOwn(r, measure.Ask{Measures: keys, Places: []int64{p.Place},
			Periods: periods})
		if err != nil {
			return nil, err
		}
	}
	sheets := map[string]map[string][]int64{}
	var organisation registry.Organisation
	if p.Organisation != 0 {
		if organisation, err = registry.Get(r, registry.Ref{Home: p.Home, ID: p.Organisation}); err != nil {
			return nil, err
		}
	}
	for i, c := range f.Cells {
		switch {
		case c.Measure != "" && g.Answers(c):
			row[i], err = fromMeasure(c, figures, p.Place, at)
		case c.Statement != "" && g.statements != nil && p.Organisation != 0:
			row[i], err = g.fromStatement(r, c, p, at, sheets)
		case c.Register != "" && p.Organisation != 0:
			var amount int64
			amount, row[i].Known = registered(c.Register, organisation)
			row[i].Amount = amount
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}

// months are those of a longer period.
func months(p period.Period) (all []period.Period) {
	if p.Kind() == period.Month {
		return nil
	}
	for m := period.Containing(p.First(), period.Month); m.First() <= p.Last(); m = m.Next() {
		all = append(all, m)
	}
	return all
}

// fromMeasure takes the figure of the period, or joins those of its months if all of them are there. A
// figure of other decimals than the cell has is brought to the cell's, if that loses nothing.
func fromMeasure(c form.Cell, figures measure.Table, place int64, at period.Period) (form.Value, error) {
	v := figures.Value(c.Measure, place, at)
	if !v.Known {
		var sums []measure.Sum
		for _, m := range months(at) {
			one := figures.Value(c.Measure, place, m)
			if !one.Known || one.Definition.Ratio() {
				return form.Value{}, nil
			}
			sums = append(sums, one.Sum)
			v.Definition = one.Definition
		}
		if len(sums) == 0 {
			return form.Value{}, nil
		}
		joined, err := measure.OverTime(v.Definition.Nature, sums)
		if err != nil {
			return form.Value{}, err
		}
		v.Amount = joined.Numerator
	}
	have, want := v.Definition.Decimals, c.Kind.Decimals()
	for ; have < want; have++ {
		more, fits := decimal.MulDiv(v.Amount, 10, 1, decimal.Down)
		if !fits {
			return form.Value{}, form.ErrRange
		}
		v.Amount = more
	}
	if have > want {
		return form.Value{}, nil // it would have to be rounded: the unit is asked instead
	}
	return form.Value{Known: true, Amount: v.Amount}, nil
}

func (g *Reporting) fromStatement(r store.Reader, c form.Cell, p Report, at period.Period,
	sheets map[string]map[string][]int64) (form.Value, error) {
	lines, read := sheets[c.Statement]
	if !read {
		var found bool
		var err error
		lines, found, err = g.statements.Lines(r, registry.Ref{Home: p.Home, ID: p.Organisation},
			c.Statement, at)
		if err != nil {
			return form.Value{}, err
		}
		if !found {
			lines = nil
		}
		sheets[c.Statement] = lines
	}
	columns, ok := lines[c.Line]
	if !ok || c.Column >= len(columns) {
		return form.Value{}, nil
	}
	return form.Value{Known: true, Amount: columns[c.Column]}, nil
}

// registered is what the register knows of an organisation; false if it does not keep that.
func registered(what string, o registry.Organisation) (int64, bool) {
	switch what {
	case "members":
		return o.Members, true
	case "representatives":
		return o.Representatives, true
	case "survey_area":
		return int64(o.SurveyArea), true
	}
	return 0, false
}
