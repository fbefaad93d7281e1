package ledger

import (
	"context"
	"encoding/binary"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// RolledUp is the statements of all closed books of a month, added up the tree: of each place a row of
// cells, over its subtree. Books under different charts add up line by line, by the lines' keys.
type RolledUp struct {
	Month     string
	Statement string
	Chart     string   // whose lines they are: that of the latest chart there is
	Lines     []string // keys
	Columns   []string // keys
	// Cells are rows of Width figures, one for each place of the tree: the cells of the lines one after
	// the other, then how many books they are of.
	Cells []int64
	Width int
	tree  *tree.Tree
	Left  int // books whose place is not in the tree, or whose vector fits no chart of the pack
}

// Of is a cell of a place.
func (u *RolledUp) Of(place int64, line, column int) int64 {
	if !u.tree.Has(place) {
		return 0
	}
	return u.Cells[int(u.tree.Find(place))*u.Width+line*len(u.Columns)+column]
}

// Books is how many books a place's cells are of.
func (u *RolledUp) Books(place int64) int64 {
	if !u.tree.Has(place) {
		return 0
	}
	return u.Cells[int(u.tree.Find(place))*u.Width+u.Width-1]
}

// layout is where the cells of a chart's vector go.
type layout struct {
	cells []int // of each cell of the vector, its place in a row; −1: nowhere
}

// RollUp adds the balance sheets of a month up a tree of places: one pass over the vectors of the month.
func (l *Ledger) RollUp(ctx context.Context, t *tree.Tree, month string) (*RolledUp, error) {
	return l.RollUpOf(ctx, t, month, book.BalanceSheet)
}

// RollUpOf is RollUp of the balance sheet or the income statement.
func (l *Ledger) RollUpOf(ctx context.Context, t *tree.Tree, month, statement string) (*RolledUp, error) {
	p, err := period.Parse(month)
	if err != nil || p.Kind() != period.Month {
		return nil, fault.New(fault.Invalid, "ledger.month")
	}
	u, layouts, err := l.layouts(p, statement)
	if err != nil {
		return nil, err
	}
	u.tree, u.Month = t, month
	u.Cells = make([]int64, t.Len()*u.Width)
	return u, l.host.Store.View(ctx, func(v *store.View) error {
		homes, err := homesOf(v)
		if err != nil {
			return err
		}
		for _, home := range homes {
			if err := u.add(v, home, layouts); err != nil {
				return err
			}
		}
		return t.RollUp(u.Cells, u.Width)
	})
}

// homesOf are the counties that keep books.
func homesOf(r store.Reader) ([]int64, error) {
	return store.All[int64](r, "SELECT DISTINCT home FROM ledger_book ORDER BY home")
}

// add puts the vectors of a county into the rows of their places.
func (u *RolledUp) add(v *store.View, home int64, layouts map[string]layout) error {
	for row, err := range sheets.Each(v, "WHERE home = ? AND month = ?", home, u.Month) {
		if err != nil {
			return err
		}
		to, ok := layouts[row.Chart]
		if !ok || !u.tree.Has(row.Place) || !to.add(u.Cells[int(u.tree.Find(row.Place))*u.Width:][:u.Width],
			row.Cells) {
			u.Left++
		}
	}
	return nil
}

// add adds a vector to a row; false: it is not of this layout.
func (o layout) add(row []int64, cells []byte) bool {
	ends := 0
	for _, b := range cells {
		if b < 0x80 {
			ends++
		}
	}
	if ends != len(o.cells) {
		return false
	}
	for _, at := range o.cells {
		value, n := binary.Varint(cells)
		if n <= 0 {
			return false
		}
		if cells = cells[n:]; at >= 0 {
			row[at] += value
		}
	}
	row[len(row)-1]++
	return true
}

// layouts say where each chart's cells go: to the lines and columns of the chart of the month.
func (l *Ledger) layouts(month period.Period, statement string) (*RolledUp, map[string]layout, error) {
	charts := l.Charts()
	chart, ok := charts.On(month.Last())
	if !ok {
		return nil, nil, fault.New(fault.NotFound, "ledger.no_chart", month.String())
	}
	u := &RolledUp{Statement: statement, Chart: chart.Key}
	place := map[[2]string]int{}
	err := eachCell(chart, func(key, line, column string) {
		if key != statement {
			return
		}
		if len(u.Lines) == 0 || u.Lines[len(u.Lines)-1] != line {
			u.Lines = append(u.Lines, line)
		}
		if len(u.Lines) == 1 {
			u.Columns = append(u.Columns, column)
		}
		place[[2]string{line, column}] = len(place)
	})
	if err != nil {
		return nil, nil, err
	}
	u.Width = len(place) + 1
	all := map[string]layout{}
	for _, c := range charts.All() {
		var o layout
		err := eachCell(c, func(key, line, column string) {
			at, ok := place[[2]string{line, column}]
			if !ok || key != statement {
				at = -1
			}
			o.cells = append(o.cells, at)
		})
		if err != nil {
			return nil, nil, err
		}
		all[c.Key] = o
	}
	return u, all, nil
}

// eachCell walks the cells of a chart's vector in their order.
func eachCell(chart *book.Chart, walk func(statement, line, column string)) error {
	for _, key := range sheetStatements {
		s, ok := chart.Statement(key)
		if !ok {
			continue
		}
		empty, err := book.Evaluate(s, book.Figures{})
		if err != nil {
			return err
		}
		for _, line := range empty.Lines {
			for i := range line.Cells {
				walk(key, line.Key, s.Columns[i].Key)
			}
		}
	}
	return nil
}
