package bookkeeping

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// rowView is a line of the grid as the page shows it.
type rowView struct {
	Row   int // from 1
	Cells []cellView
	More  []cellView // the further dimensions, folded
	Open  bool       // whether they are not
}

// cellView is a field of a line.
type cellView struct {
	Name, Label, Value string
	Row                int
	Amount             bool
	List               string // of suggestions
	Hint               string // in the empty field
	Error              string
}

// order is how the fields of a line stand on the page.
var order = []string{"account", "debit", "credit", "counterparty", "note", "member", "asset", "project",
	"fund"}

// cellsShown is how many of them stand in the row; the others are folded away.
const cellsShown = 5

// rowsOf are the lines of the grid for the page.
func rowsOf(r *web.Request, g *grid.Grid) []rowView {
	list := make([]rowView, len(g.Lines))
	for i := range g.Lines {
		l := &g.Lines[i]
		row := rowView{Row: i + 1, Open: l.Dimensions() || l.Wrong() || asksMore(l)}
		for n, name := range order {
			cell := cellOf(r, l, name)
			cell.Row = i + 1
			if n < cellsShown {
				row.Cells = append(row.Cells, cell)
			} else {
				row.More = append(row.More, cell)
			}
		}
		list[i] = row
	}
	return list
}

// asksMore reports whether a template asks for a dimension that is folded away.
func asksMore(l *grid.Line) bool {
	return slices.ContainsFunc(l.Asks, func(name string) bool { return name != "counterparty" })
}

func cellOf(r *web.Request, l *grid.Line, name string) cellView {
	at := slices.Index(grid.ColumnNames, name)
	c := cellView{Name: name, Label: r.T("books." + name), Value: *l.Columns()[at], Error: l.Beside[name]}
	switch name {
	case "account":
		c.List = "accounts"
	case "debit", "credit":
		if c.Amount = true; l.Side == name {
			c.Hint = "0.00"
		}
	case "counterparty":
		if c.List = "details"; l.AskDetail && c.Value == "" {
			c.Hint = r.T("books.counterparty.asked")
		}
	}
	if c.Hint == "" && c.Value == "" && slices.Contains(l.Asks, name) {
		c.Hint = r.T("books.asked")
	}
	return c
}
