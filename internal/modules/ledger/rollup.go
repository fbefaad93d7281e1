package ledger

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
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
	Chart     string // whose lines they are: that of the latest chart there is
	vector.Plan
	Cells []int64 // a row for each place of the tree
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
	chart, ok := l.Charts().On(p.Last())
	if !ok {
		return nil, fault.New(fault.NotFound, "ledger.no_chart", month)
	}
	plan, err := vector.PlanOf(chart, l.Charts().All(), statement)
	if err != nil {
		return nil, err
	}
	u := &RolledUp{Month: month, Statement: statement, Chart: chart.Key, Plan: plan, tree: t}
	u.Cells = make([]int64, t.Len()*u.Width)
	return u, l.host.Store.View(ctx, func(v *store.View) error {
		homes, err := homesOf(v)
		if err != nil {
			return err
		}
		for _, home := range homes {
			if err := u.add(v, home); err != nil {
				return err
			}
		}
		return t.RollUp(u.Cells, u.Width)
	})
}

// add puts the vectors of a county into the rows of their places.
func (u *RolledUp) add(v *store.View, home int64) error {
	for row, err := range sheets.Each(v, "WHERE home = ? AND month = ?", home, u.Month) {
		if err != nil {
			return err
		}
		to, ok := u.Layouts[row.Chart]
		if !ok || !u.tree.Has(row.Place) || !to.Add(u.Cells[int(u.tree.Find(row.Place))*u.Width:][:u.Width],
			row.Cells) {
			u.Left++
		}
	}
	return nil
}
