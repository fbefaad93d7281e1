package rating

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/rating/audit"
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
	case x == 0:
		return "0" // also of a cost that is turned
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// panel says that an outcome has several times.
func panel(o *score.Outcome) bool {
	return o.Times != nil && slices.ContainsFunc(o.Times, func(t string) bool { return t != o.Times[0] })
}

// figures writes columns by area, each a node, row by row: append adds the text of a cell.
func (f folder) figures(name string, o *score.Outcome, nodes []int,
	appended func(to []byte, node, row int) []byte) error {
	file, err := os.Create(filepath.Join(f.path, name))
	if err != nil {
		return fault.New(fault.Invalid, "rating.folder", f.path).Because(err)
	}
	w, several := bufio.NewWriterSize(file, writeBuffer), panel(o)
	line := append([]byte(nil), "uCode"...)
	if several {
		line = append(line, ",Time"...)
	}
	for _, n := range nodes {
		line = appendText(append(line, ','), o.Nodes[n].Code)
	}
	_, err = w.Write(append(line, '\n'))
	for row := 0; row < len(o.Areas) && err == nil; row++ {
		line = appendText(line[:0], o.Areas[row])
		if several {
			line = appendText(append(line, ','), o.Times[row])
		}
		for _, n := range nodes {
			line = appended(append(line, ','), n, row)
		}
		_, err = w.Write(append(line, '\n'))
	}
	if err = errors.Join(err, w.Flush(), file.Close()); err != nil {
		return fault.New(fault.Invalid, "rating.folder", f.path).Because(err)
	}
	return nil
}

// writeBuffer is how much of a table is written at once, in bytes.
const writeBuffer = 1 << 18

// appendText adds a text to a line of CSV, in quotes where it needs them.
func appendText(to []byte, text string) []byte {
	if !strings.ContainsAny(text, ",\"\r\n") && strings.TrimSpace(text) == text {
		return append(to, text...)
	}
	return append(append(append(to, '"'), strings.ReplaceAll(text, `"`, `""`)...), '"')
}

// appendCell adds a figure as cell writes it.
func appendCell(to []byte, x float64) []byte {
	if x != x || x == 0 || math.IsInf(x, 0) {
		return append(to, cell(x)...)
	}
	return strconv.AppendFloat(to, x, 'g', -1, 64)
}

// scored are the nodes that have scores: indicators, and aggregates with a method, those of a level in the
// order of their codes.
func scored(o *score.Outcome) (indicators, all []int) {
	for n := range o.Nodes {
		switch {
		case n < o.Indicators:
			indicators, all = append(indicators, n), append(all, n)
		case o.Rules[n].Method != "":
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all[len(indicators):], func(a, b int) int {
		return cmp.Or(o.Nodes[a].Level-o.Nodes[b].Level, cmp.Compare(o.Nodes[a].Code, o.Nodes[b].Code))
	})
	return indicators, all
}

// results writes all tables of a run, and the scheme as it was run.
func (f folder) results(t *task, spreads []audit.Spread, statistics bool) error {
	if err := f.write(t.outcome); err != nil {
		return err
	}
	if err := f.scheme(t.scheme); err != nil {
		return err
	}
	if statistics {
		if err := f.statistics(t.outcome); err != nil {
			return err
		}
	}
	if spreads == nil {
		return nil
	}
	return f.spreads(t.outcome, spreads)
}

// write writes the tables of a run, several at once.
func (f folder) write(o *score.Outcome) error {
	indicators, all := scored(o)
	figuresOf := func(columns [][]float64) func(to []byte, node, row int) []byte {
		return func(to []byte, node, row int) []byte { return appendCell(to, columns[node][row]) }
	}
	tables := []func() error{
		func() error { return f.figures("prepared.csv", o, indicators, figuresOf(o.Prepared)) },
		func() error { return f.figures("treated.csv", o, indicators, figuresOf(o.Treated)) },
		func() error { return f.figures("normalised.csv", o, indicators, figuresOf(o.Scores)) },
		func() error { return f.figures("scores.csv", o, all, figuresOf(o.Scores)) },
		func() error {
			return f.figures("ranks.csv", o, all, func(to []byte, node, row int) []byte {
				return append(to, rankCell(o.Ranks[node][row])...)
			})
		},
		func() error { return f.weights(o) },
		func() error { return f.changes(o) },
	}
	errs := make([]error, len(tables))
	var written sync.WaitGroup
	for i, write := range tables {
		written.Go(func() { errs[i] = write() })
	}
	written.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
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
