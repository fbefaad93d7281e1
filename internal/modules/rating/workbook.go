package rating

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// workbookCellsMax bounds a workbook; larger runs have their tables as CSV alone.
const workbookCellsMax = 500_000

// A cell holds formulas of this length, and their functions this many arguments.
const (
	formulaMax   = 8_000
	argumentsMax = 250
)

// The sheets of the workbook, by the keys of their names; formulas name them.
const (
	sheetRanks   = "rating.table.ranks"
	sheetScores  = "rating.table.scores"
	sheetFigures = "rating.table.figures"
	sheetWeights = "rating.table.weights"
	sheetChanges = "rating.table.changes"
)

// workbook is a run as a workbook: what can be shown as a formula is one, beside its value. Figures are those
// after treatment, from which everything else follows.
type workbook struct {
	file   *excelize.File
	o      *score.Outcome
	panel  bool
	scheme score.Scheme
	nodes  []int // with scores, in the order of columns
	column map[int]string
	name   func(key string, args ...any) string // of a sheet, by its key
}

// workbook writes the run as index.xlsx; it answers whether it did.
func (f folder) workbook(t *task, name func(key string, args ...any) string) (bool, error) {
	o := t.outcome
	_, nodes := scored(o)
	if len(nodes)*len(o.Areas) > workbookCellsMax {
		return false, nil
	}
	w := workbook{file: excelize.NewFile(), o: o, panel: panel(o), scheme: t.scheme, nodes: nodes,
		column: map[int]string{},
		name:   name}
	defer w.file.Close()
	first := 2 // column of the first node, from 0
	if w.panel {
		first = 3
	}
	for k, n := range nodes {
		w.column[n] = sheet.ColumnName(first + k)
	}
	err := w.write()
	var packed bytes.Buffer
	if err == nil {
		err = pack(&packed, w.file)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(f.path, "index.xlsx"), packed.Bytes(), 0o644)
	}
	if err != nil {
		return false, fault.New(fault.Invalid, "rating.folder", f.path).Because(err)
	}
	return true, nil
}

// pack writes a workbook with its parts in the order of their names, since the library writes its sheets in
// any order and the same run has to give the same bytes.
func pack(to io.Writer, book *excelize.File) error {
	var written bytes.Buffer
	if err := book.Write(&written); err != nil {
		return err
	}
	from, err := zip.NewReader(bytes.NewReader(written.Bytes()), int64(written.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(from.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	packed := zip.NewWriter(to)
	for _, part := range from.File {
		if err := packed.Copy(part); err != nil {
			return err
		}
	}
	return packed.Close()
}

// write makes the sheets.
func (w workbook) write() error {
	if err := w.file.SetSheetName("Sheet1", w.name(sheetRanks)); err != nil {
		return err
	}
	indicators, _ := scored(w.o)
	if err := w.grid(sheetRanks, w.nodes, w.rank); err != nil {
		return err
	}
	if err := w.grid(sheetScores, w.nodes, w.score); err != nil {
		return err
	}
	if err := w.grid(sheetFigures, indicators, w.figure); err != nil {
		return err
	}
	if err := w.weights(); err != nil {
		return err
	}
	return w.changes()
}

// grid writes a sheet with a row an area and a column a node.
func (w workbook) grid(name string, nodes []int, cellOf func(node, row int) any) error {
	return w.rows(name, func(yield func([]any) error) error {
		heading := []any{"uCode", "uName"}
		if w.panel {
			heading = append(heading, "Time")
		}
		for _, n := range nodes {
			heading = append(heading, w.o.Nodes[n].Code)
		}
		if err := yield(heading); err != nil {
			return err
		}
		for row, area := range w.o.Areas {
			cells := []any{area, nameOf(w.o, row)}
			if w.panel {
				cells = append(cells, w.o.Times[row])
			}
			for _, n := range nodes {
				cells = append(cells, cellOf(n, row))
			}
			if err := yield(cells); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows streams a sheet; its first row and columns stay in sight.
func (w workbook) rows(key string, fill func(yield func([]any) error) error) error {
	name := w.name(key)
	if key != sheetRanks {
		if _, err := w.file.NewSheet(name); err != nil {
			return err
		}
	}
	stream, err := w.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2",
		ActivePane: "bottomRight"}); err != nil {
		return err
	}
	line := 0
	if err := fill(func(cells []any) error {
		line++
		return stream.SetRow("A"+strconv.Itoa(line), cells)
	}); err != nil {
		return err
	}
	return stream.Flush()
}

// plain is a figure as a cell; missing is empty.
func plain(x float64) any {
	switch text := cell(x); {
	case text == "":
		return nil
	case strings.HasSuffix(text, "Inf"):
		return text
	}
	return x
}

// with is a figure with the formula that gives it.
func with(formula string, x float64) any {
	if value := plain(x); value != x || formula == "" || len(formula) > formulaMax {
		return value
	}
	return excelize.Cell{Formula: formula, Value: x}
}

func (w workbook) figure(node, row int) any { return plain(w.o.Treated[node][row]) }

// at is the address of a node in a row of a sheet; whole that of its column.
func (w workbook) at(key string, node, row int) string {
	return w.quoted(key) + w.column[node] + strconv.Itoa(row+2)
}

// quoted is a sheet as formulas name it.
func (w workbook) quoted(key string) string { return "'" + w.name(key) + "'!" }

func (w workbook) whole(key string, node int) string {
	c := w.column[node]
	return w.quoted(key) + c + "$2:" + c + "$" + strconv.Itoa(len(w.o.Areas)+1)
}

// score is a normalised figure or a mean with its formula.
func (w workbook) score(node, row int) any {
	x := w.o.Scores[node][row]
	if node < w.o.Indicators {
		return with(w.normalisation(node, row), x)
	}
	return with(w.mean(node, row), x)
}

// normalisation is the formula of minmax and zscore over all rows. A column without spread has none: it would
// divide by 0 where the figure is what the scheme puts for it.
func (w workbook) normalisation(node, row int) string {
	i := w.scheme.Indicators[node]
	n := i.Normalisation(w.scheme.Normalise)
	if n == nil || n.By == score.ByTime || i.Direction != "" && i.Direction != score.Benefit &&
		i.Direction != score.Cost {
		return ""
	}
	if low, high := statistic.Extremes(w.o.Treated[node]); low == high {
		return ""
	}
	x, all := w.at(sheetFigures, node, row), w.whole(sheetFigures, node)
	least, largest := "MIN("+all+")", "MAX("+all+")"
	switch n.Method {
	case score.MinMax:
		from, to, above := n.Low, n.High, x+"-"+least
		if from == 0 && to == 0 {
			to = 100
		}
		if i.Direction == score.Cost {
			above = largest + "-" + x
		}
		return "(" + above + ")/(" + largest + "-" + least + ")*" + cell(to-from) + "+(" + cell(from) + ")"
	case score.ZScore:
		deviation := n.Deviation
		if deviation == 0 {
			deviation = 1
		}
		if i.Direction == score.Cost {
			deviation = -deviation
		}
		return "(" + x + "-AVERAGE(" + all + "))/STDEV(" + all + ")*(" + cell(deviation) + ")+(" +
			cell(n.Mean) + ")"
	}
	return ""
}

// mean is the formula of an arithmetic, geometric or harmonic mean or a sum, of the children that are there.
func (w workbook) mean(node, row int) string {
	var above, below []string
	for _, child := range w.o.Nodes[node].Children {
		if x := w.o.Scores[child][row]; x != x {
			continue
		}
		x, weight := w.column[child]+strconv.Itoa(row+2), w.quoted(sheetWeights)+"$D$"+strconv.Itoa(child+2)
		below = append(below, weight)
		switch w.o.Rules[node].Method {
		case score.Arithmetic, score.Total:
			above = append(above, weight+"*"+x)
		case score.Geometric:
			above = append(above, weight+"*LN("+x+")")
		case score.Harmonic:
			above = append(above, weight+"/"+x)
		default:
			return ""
		}
	}
	if len(above) > argumentsMax {
		return ""
	}
	sum, weights := "SUM("+strings.Join(above, ",")+")", "SUM("+strings.Join(below, ",")+")"
	switch w.o.Rules[node].Method {
	case score.Total:
		return sum
	case score.Geometric:
		return "EXP(" + sum + "/" + weights + ")"
	case score.Harmonic:
		return weights + "/" + sum
	}
	return sum + "/" + weights
}

// rank is the rank with its formula; in a panel, where each time is ranked by itself, the figure alone.
func (w workbook) rank(node, row int) any {
	r := w.o.Ranks[node][row]
	if r == 0 {
		return nil
	}
	if w.panel {
		return r
	}
	return excelize.Cell{Value: r,
		Formula: "RANK(" + w.at(sheetScores, node, row) + "," + w.whole(sheetScores, node) + ")"}
}

func (w workbook) weights() error {
	return w.rows(sheetWeights, func(yield func([]any) error) error {
		if err := yield([]any{"iCode", "Level", "Parent", "Weight", "EffWeight", "iName"}); err != nil {
			return err
		}
		for n, node := range w.o.Nodes {
			parent := ""
			if node.Parent >= 0 {
				parent = w.o.Nodes[node.Parent].Code
			}
			if err := yield([]any{node.Code, node.Level, parent, plain(w.o.Weights[n]),
				plain(w.o.Effective[n]),
				node.Name}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w workbook) changes() error {
	return w.rows(sheetChanges, func(yield func([]any) error) error {
		if err := yield([]any{"uCode", "Time", "iCode", "step", "from", "to", "why", "about"}); err != nil {
			return err
		}
		for _, c := range w.o.Changes[:min(len(w.o.Changes), workbookCellsMax)] {
			if err := yield([]any{c.Area, c.Time, c.Indicator, string(c.Step), plain(c.From), plain(c.To),
				c.Why,
				c.About}); err != nil {
				return err
			}
		}
		return nil
	})
}
