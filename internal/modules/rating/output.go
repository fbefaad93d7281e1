package rating

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// folder is where a run writes.
type folder struct{ path string }

// newFolder makes the folder if it is not there.
func newFolder(path string) (folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return folder{}, fault.New(fault.Invalid, "rating.folder", path).Because(err)
	}
	return folder{path}, nil
}

// table writes rows under a heading.
func (f folder) table(name string, heading []string, rows [][]string) error {
	file, err := os.Create(filepath.Join(f.path, name))
	if err != nil {
		return fault.New(fault.Invalid, "rating.folder", f.path).Because(err)
	}
	w := csv.NewWriter(file)
	if err = w.Write(heading); err == nil {
		err = w.WriteAll(rows)
	}
	if later := file.Close(); err == nil {
		err = later
	}
	if err != nil {
		return fault.New(fault.Invalid, "rating.folder", f.path).Because(err)
	}
	return nil
}

// cell writes a figure in full; a missing one is empty, an infinite one as the reference package writes it.
func cell(x float64) string {
	switch {
	case x != x:
		return ""
	case math.IsInf(x, 1):
		return "Inf"
	case math.IsInf(x, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// panel says that an outcome has several times.
func panel(o *score.Outcome) bool {
	return o.Times != nil && slices.ContainsFunc(o.Times, func(t string) bool { return t != o.Times[0] })
}

// figures writes columns by area, each a node.
func (f folder) figures(name string, o *score.Outcome, nodes []int, cellOf func(node,
	row int) string) error {
	heading := []string{"uCode"}
	if panel(o) {
		heading = append(heading, "Time")
	}
	for _, n := range nodes {
		heading = append(heading, o.Nodes[n].Code)
	}
	rows := make([][]string, len(o.Areas))
	for row, area := range o.Areas {
		rows[row] = append(rows[row], area)
		if panel(o) {
			rows[row] = append(rows[row], o.Times[row])
		}
		for _, n := range nodes {
			rows[row] = append(rows[row], cellOf(n, row))
		}
	}
	return f.table(name, heading, rows)
}

// scored are the nodes that have scores: indicators, and aggregates with a method.
func scored(o *score.Outcome) (indicators, all []int) {
	for n := range o.Nodes {
		switch {
		case n < o.Indicators:
			indicators, all = append(indicators, n), append(all, n)
		case o.Rules[n].Method != "":
			all = append(all, n)
		}
	}
	return indicators, all
}

// write writes the tables of a run.
func (f folder) write(o *score.Outcome) error {
	indicators, all := scored(o)
	for _, t := range []struct {
		name   string
		nodes  []int
		cellOf func(node, row int) string
	}{
		{"prepared.csv", indicators, func(n, row int) string { return cell(o.Prepared[n][row]) }},
		{"treated.csv", indicators, func(n, row int) string { return cell(o.Treated[n][row]) }},
		{"normalised.csv", indicators, func(n, row int) string { return cell(o.Scores[n][row]) }},
		{"scores.csv", all, func(n, row int) string { return cell(o.Scores[n][row]) }},
		{"ranks.csv", all, func(n, row int) string { return rankCell(o.Ranks[n][row]) }},
	} {
		if err := f.figures(t.name, o, t.nodes, t.cellOf); err != nil {
			return err
		}
	}
	if err := f.weights(o); err != nil {
		return err
	}
	return f.changes(o)
}

func rankCell(rank int) string {
	if rank == 0 {
		return ""
	}
	return strconv.Itoa(rank)
}

func (f folder) weights(o *score.Outcome) error {
	var rows [][]string
	for n, node := range o.Nodes {
		parent := ""
		if node.Parent >= 0 {
			parent = o.Nodes[node.Parent].Code
		}
		rows = append(rows, []string{node.Code, strconv.Itoa(node.Level), parent, cell(o.Weights[n]),
			cell(o.Effective[n])})
	}
	return f.table("weights.csv", []string{"iCode", "Level", "Parent", "Weight", "EffWeight"}, rows)
}

func (f folder) changes(o *score.Outcome) error {
	var rows [][]string
	for _, c := range o.Changes {
		rows = append(rows, []string{c.Area, c.Time, c.Indicator, string(c.Step), cell(c.From), cell(c.To),
			c.Why,
			c.About})
	}
	return f.table("changes.csv", []string{"uCode", "Time", "iCode", "step", "from", "to", "why", "about"},
		rows)
}

// schemeText is a scheme as YAML.
func schemeText(s score.Scheme) ([]byte, error) {
	return yaml.MarshalWithOptions(s, yaml.IndentSequence(true))
}

// scheme writes the scheme as it was run.
func (f folder) scheme(s score.Scheme) error {
	text, err := schemeText(s)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(f.path, "scheme.yaml"), text, 0o644); err != nil {
		return fault.New(fault.Invalid, "rating.folder", f.path).Because(err)
	}
	return nil
}
