package inquiry

import (
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/relation"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// framed is the frame of some columns of a part, divided by the full score. A column asked for twice is
// refused.
func framed(p part, columns []string, full float64) (frame.Frame, error) {
	f := frame.Sized(p.keys, columns)
	for c, code := range columns {
		for row, x := range p.figures[code] {
			f.Values[c][row] = x / full
		}
	}
	return f, f.Check()
}

// fullScore is the flag of the figure that is 1.
func fullScore(flags Flags, to *float64, text Text) {
	flags.Float64Var(to, "full", 1, text("rating.flag.full"))
}

func checkFull(full float64) error {
	if !(full > 0) || math.IsInf(full, 0) {
		return fault.New(fault.Invalid, "rating.flag_unreadable", "--full", plain(full))
	}
	return nil
}

// coupling is how far systems of an area keep step.
type coupling struct {
	systems, weights string
	form, zero       string
	modified         bool
	k, full          float64
}

func (k *coupling) declare(flags Flags, text Text) {
	flags.StringVar(&k.systems, "systems", "", text("rating.flag.systems"))
	flags.StringVar(&k.weights, "weights", "", text("rating.flag.system_weights"))
	flags.StringVar(&k.form, "form", string(relation.Geometric), text("rating.flag.form"))
	flags.BoolVar(&k.modified, "modified", false, text("rating.flag.modified"))
	flags.Float64Var(&k.k, "power", 0, text("rating.flag.power"))
	flags.StringVar(&k.zero, "zero", string(relation.ZeroNone), text("rating.flag.zero"))
	fullScore(flags, &k.full, text)
}

func (k *coupling) columns(read Read) (figures, groups []string, err error) {
	return listed(k.systems), nil, nil
}

func (k *coupling) compute(parts []part, read Read) ([]Answer, error) {
	systems := listed(k.systems)
	c := relation.Choice{Form: relation.Form(k.form), K: k.k, Zero: relation.Zero(k.zero)}
	if c.Form == "" {
		c.Form = relation.Geometric
	}
	if k.modified {
		if c.Form != relation.Geometric {
			return nil, fault.New(fault.Invalid, "rating.flag_unreadable", "--form", k.form+" --modified")
		}
		c.Form = relation.Wang
	}
	var err error
	if c.Weights, err = numbers("--weights", k.weights); err != nil {
		return nil, err
	}
	if err := checkFull(k.full); err != nil {
		return nil, err
	}
	a := Answer{Name: "coupling_" + string(c.Form), About: []any{len(systems), plain(c.K)},
		Columns: []string{"area", "time"}}
	for _, code := range systems {
		a.Columns = append(a.Columns, OwnColumn+code)
	}
	a.Columns = append(a.Columns, "coupling", "level", "coordination", "grade", "grade_name", "type")
	for _, p := range parts {
		f, err := framed(p, systems, k.full)
		if err != nil {
			return nil, err
		}
		all, err := relation.CoupleAll(f, c)
		if err != nil {
			return nil, err
		}
		for row, x := range all {
			a.Rows = append(a.Rows, coupled(p, f, row, x))
		}
	}
	return []Answer{a}, nil
}

// coupled is a row of the table of coupling.
func coupled(p part, f frame.Frame, row int, x relation.Coordination) []any {
	cells := []any{p.areas[row], p.time}
	for c := range f.Columns {
		cells = append(cells, f.Values[c][row])
	}
	return append(cells, x.Coupling, x.Level, x.Coordination, x.Grade, Coded(grades[x.Grade]),
		Coded(x.Type))
}

// grades are the names of the levels of coordination; 0 is none.
var grades = [11]string{"", "extreme_imbalance", "severe_imbalance", "moderate_imbalance", "mild_imbalance",
	"near_imbalance", "barely_coordinated", "primary_coordination", "intermediate_coordination",
	"good_coordination", "quality_coordination"}

// obstacles are which indicators hold an area back.
type obstacles struct {
	indicators, weights, dimensions, run string
	full                                 float64
	largest                              int
}

func (o *obstacles) declare(flags Flags, text Text) {
	flags.StringVar(&o.indicators, "columns", "", text("rating.flag.columns"))
	flags.StringVar(&o.weights, "weights", "", text("rating.flag.obstacle_weights"))
	flags.StringVar(&o.dimensions, "dimensions", "", text("rating.flag.dimensions"))
	flags.StringVar(&o.run, "run", "", text("rating.flag.run"))
	flags.IntVar(&o.largest, "largest", 3, text("rating.flag.largest"))
	fullScore(flags, &o.full, text)
}

func (o *obstacles) columns(read Read) (figures, groups []string, err error) {
	figures = listed(o.indicators)
	if figures != nil || o.run == "" {
		return figures, nil, nil
	}
	table, err := o.readRun(read)
	if err != nil {
		return nil, nil, err
	}
	for row, code := range table.Areas {
		if table.Values[0][row] == 1 {
			figures = append(figures, code)
		}
	}
	o.indicators = strings.Join(figures, ",")
	return figures, nil, nil
}

// readRun reads the weights of a run: level and effective weight, and the parent, of every node.
func (o *obstacles) readRun(read Read) (score.Table, error) {
	return read.columns(filepath.Join(o.run, "weights.csv"), []string{"Level", "EffWeight"},
		[]string{"Parent"})
}

// weighed are the weights of the columns on the index, and their dimensions if they have any: those said, or
// those of a run.
func (o *obstacles) weighed(columns []string, read Read) (weights []float64, dimensions []string,
	err error) {
	dimensions = listed(o.dimensions)
	if o.run == "" {
		if weights, err = numbers("--weights", o.weights); err == nil && weights == nil {
			weights = slices.Repeat([]float64{1}, len(columns))
		}
		return weights, dimensions, err
	}
	if o.weights != "" {
		return nil, nil, fault.New(fault.Invalid, "rating.flag_unreadable", "--weights", o.weights+" --run")
	}
	table, err := o.readRun(read)
	if err != nil {
		return nil, nil, err
	}
	own := dimensions == nil
	for _, code := range columns {
		at := slices.Index(table.Areas, code)
		if at < 0 {
			return nil, nil, fault.New(fault.Invalid, "rating.column_unknown", code)
		}
		weights = append(weights, table.Values[1][at])
		if own {
			dimensions = append(dimensions, table.Groups["Parent"][at])
		}
	}
	return weights, dimensions, nil
}

func (o *obstacles) compute(parts []part, read Read) ([]Answer, error) {
	columns := listed(o.indicators)
	weights, dimensions, err := o.weighed(columns, read)
	if err != nil {
		return nil, err
	}
	if err := checkFull(o.full); err != nil {
		return nil, err
	}
	largest := Answer{Name: "largest_obstacles", Columns: []string{"area", "time", "place", "indicator",
		"degree"}}
	var degrees, sums Answer
	for _, p := range parts {
		z, err := framed(p, columns, o.full)
		if err != nil {
			return nil, err
		}
		found, err := relation.Obstacles(z, weights)
		if err != nil {
			return nil, err
		}
		degrees = degrees.with("obstacles", p, found)
		for row, area := range p.areas {
			for i, x := range relation.Largest(found, row, o.largest) {
				largest.Rows = append(largest.Rows, []any{area, p.time, i + 1, x.Code, x.Degree})
			}
		}
		if dimensions == nil {
			continue
		}
		if found, err = relation.ByDimension(found, dimensions); err != nil {
			return nil, err
		}
		sums = sums.with("obstacle_dimensions", p, found)
	}
	if dimensions == nil {
		return []Answer{degrees, largest}, nil
	}
	return []Answer{degrees, sums, largest}, nil
}

// with adds a frame of a part, column by column.
func (a Answer) with(name string, p part, f frame.Frame) Answer {
	if a.Name == "" {
		a.Name, a.Columns = name, []string{"area", "time"}
		for _, code := range f.Columns {
			a.Columns = append(a.Columns, OwnColumn+code)
		}
	}
	for row, area := range p.areas {
		cells := []any{area, p.time}
		for _, x := range f.Row(row) {
			cells = append(cells, x)
		}
		a.Rows = append(a.Rows, cells)
	}
	return a
}

// contrast is how far agriculture stands behind the rest of the economy.
type contrast struct{ primaryValue, otherValue, primaryLabour, otherLabour string }

func (k *contrast) declare(flags Flags, text Text) {
	flags.StringVar(&k.primaryValue, "primary-value", "", text("rating.flag.primary_value"))
	flags.StringVar(&k.otherValue, "other-value", "", text("rating.flag.other_value"))
	flags.StringVar(&k.primaryLabour, "primary-labour", "", text("rating.flag.primary_labour"))
	flags.StringVar(&k.otherLabour, "other-labour", "", text("rating.flag.other_labour"))
}

func (k *contrast) columns(read Read) (figures, groups []string, err error) {
	for _, said := range []string{k.primaryValue, k.otherValue, k.primaryLabour, k.otherLabour} {
		if said == "" {
			return nil, nil, nil
		}
		figures = append(figures, listed(said)...)
	}
	return figures, nil, nil
}

func (k *contrast) compute(parts []part, read Read) ([]Answer, error) {
	a := Answer{Name: "contrast", Columns: []string{"area", "time", "binary_contrast", "dual_contrast"}}
	for _, p := range parts {
		for row, area := range p.areas {
			s, err := k.sectors(p, row)
			if err != nil {
				return nil, err
			}
			binary, err := relation.Contrast(p.keys[row], s)
			if err != nil {
				return nil, err
			}
			dual, err := relation.DualContrast(p.keys[row], s)
			if err != nil {
				return nil, err
			}
			a.Rows = append(a.Rows, []any{area, p.time, binary, dual})
		}
	}
	return []Answer{a}, nil
}

// sectors adds up the columns of an area. What the contrast cannot take is refused with its columns.
func (k *contrast) sectors(p part, row int) (s relation.Sectors, err error) {
	for i, one := range []struct {
		said string
		to   *float64
	}{{k.primaryValue, &s.PrimaryValue}, {k.otherValue, &s.OtherValue}, {k.primaryLabour, &s.PrimaryLabour},
		{k.otherLabour, &s.OtherLabour}} {
		for _, code := range listed(one.said) {
			x := p.figures[code][row]
			if !(x >= 0) {
				return s, fault.New(fault.Invalid, "rating.relation_sector", p.keys[row], code,
					plain(x))
			}
			*one.to += x
		}
		if *one.to == 0 && i > 0 {
			return s, fault.New(fault.Invalid, "rating.relation_sector", p.keys[row], one.said, "0")
		}
	}
	return s, nil
}
