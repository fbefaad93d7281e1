package inquiry

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/space"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// pattern is whether like figures lie beside each other.
type pattern struct {
	value, pairs, x, y string
	metric, islands    string
	nearest            int
	within             float64
	plain              bool // not row-standardised
	permutations       int
	seed               uint64
}

// What is done with areas that have no neighbours.
const (
	islandsRefused = "refuse"
	islandsJoined  = "join"
	islandsKept    = "keep"
)

func (k *pattern) declare(flags Flags, text Text) {
	flags.StringVar(&k.value, "value", "", text("rating.flag.value"))
	flags.StringVar(&k.pairs, "pairs", "", text("rating.flag.pairs"))
	flags.StringVar(&k.x, "x", "", text("rating.flag.x"))
	flags.StringVar(&k.y, "y", "", text("rating.flag.y"))
	flags.IntVar(&k.nearest, "nearest", 0, text("rating.flag.nearest"))
	flags.Float64Var(&k.within, "within", 0, text("rating.flag.within"))
	flags.StringVar(&k.metric, "metric", string(space.Sphere), text("rating.flag.metric"))
	flags.StringVar(&k.islands, "islands", islandsRefused, text("rating.flag.islands"))
	flags.BoolVar(&k.plain, "plain", false, text("rating.flag.plain"))
	flags.IntVar(&k.permutations, "permutations", 999, text("rating.flag.permutations"))
	flags.Uint64Var(&k.seed, "seed", 1, text("rating.flag.seed"))
}

func (k *pattern) columns(read Read) (figures, groups []string, err error) {
	figures = []string{k.value}
	for _, code := range []string{k.x, k.y} {
		if code != "" {
			figures = append(figures, code)
		}
	}
	return figures, nil, nil
}

// check refuses flags that make no matrix, or two.
func (k *pattern) check() error {
	ways := 0
	for _, said := range []bool{k.pairs != "", k.nearest != 0, k.within != 0} {
		if said {
			ways++
		}
	}
	if ways != 1 {
		return fault.New(fault.Invalid, "rating.relation_matrix", ways)
	}
	switch k.islands {
	case islandsRefused, islandsKept, islandsJoined:
	default:
		return fault.New(fault.Invalid, "rating.flag_unreadable", "--islands", k.islands)
	}
	if (k.pairs == "" || k.islands == islandsJoined) && (k.x == "" || k.y == "") {
		return fault.New(fault.Invalid, "rating.relation_points")
	}
	return nil
}

func (k *pattern) compute(parts []part, read Read) ([]Answer, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	var pairs []space.Pair
	if k.pairs != "" {
		var err error
		if pairs, err = read.pairs(k.pairs); err != nil {
			return nil, err
		}
	}
	global := Answer{Name: "moran", About: []any{k.permutations, k.seed}, Columns: []string{"time", "areas",
		"moran", "expectation", "p", "permuted_mean", "permuted_sd", "islands"}}
	local := Answer{Name: "moran_local", Columns: []string{"area", "time", "figure", "moran", "expectation",
		"p",
		"q", "lag", "kind"}}
	test := space.Test{Permutations: k.permutations, Seed: k.seed, KeepIslands: k.islands == islandsKept}
	for _, p := range parts {
		m, err := k.matrix(p, pairs)
		if err != nil {
			return nil, err
		}
		figures := space.Figures{Indicator: k.value, Areas: p.keys, Values: p.figures[k.value]}
		g, err := space.Moran(figures, m, test)
		if err != nil {
			return nil, err
		}
		global.Rows = append(global.Rows, []any{p.time, g.Areas, g.I, g.Expectation, g.P, g.Mean, g.SD,
			strings.Join(g.Islands, " ")})
		each, err := space.MoranLocal(figures, m, test)
		if err != nil {
			return nil, err
		}
		for row, x := range each {
			local.Rows = append(local.Rows, []any{p.areas[row], p.time, figures.Values[row], x.I,
				x.Expectation,
				x.P, x.Q, x.Lag, Coded(x.Kind)})
		}
	}
	return []Answer{global, local}, nil
}

// matrix is the matrix of the areas of a part, under their keys.
func (k *pattern) matrix(p part, pairs []space.Pair) (m space.Matrix, err error) {
	var points []space.Point
	if k.x != "" && k.y != "" {
		for row := range p.areas {
			points = append(points, space.Point{X: p.figures[k.x][row], Y: p.figures[k.y][row]})
		}
	}
	metric := space.Metric(k.metric)
	switch {
	case k.pairs != "":
		m, err = space.Contiguity(p.areas, pairs)
	case k.nearest != 0:
		m, err = space.Nearest(p.areas, points, metric, k.nearest)
	default:
		m, err = space.Within(p.areas, points, metric, k.within)
	}
	if err == nil && k.islands == islandsJoined {
		m, err = m.JoinIslands(points, metric, 1)
	}
	if err != nil {
		return m, err
	}
	if !k.plain {
		m = m.RowStandardised()
	}
	m.Areas = p.keys
	return m, nil
}

// pairs reads pairs of neighbours: a heading, and the codes of two areas in the first two columns.
func (read Read) pairs(file string) ([]space.Pair, error) {
	s, err := read(file)
	if err != nil {
		return nil, err
	}
	var pairs []space.Pair
	var findings []fault.Finding
	for i, row := range s.Rows {
		if i == 0 || strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		row = append(row, "", "")
		pair := space.Pair{First: strings.TrimSpace(row[0]), Second: strings.TrimSpace(row[1])}
		if pair.First == "" || pair.Second == "" {
			findings = append(findings, fault.Wrong("rating.sheet_area_empty").At(s.Name, i+1, ""))
		}
		pairs = append(pairs, pair)
	}
	if len(findings) > 0 {
		return nil, fault.New(fault.Invalid, "rating.sheet", s.Name, len(findings)).With(findings)
	}
	return pairs, nil
}
