package grid

import "slices"

// Row is a line of the grid as the page shows it.
type Row struct {
	Row   int // from 1
	Cells []Cell
	More  []Cell // the further dimensions, folded
	Open  bool   // whether they are not
}

// Cell is a field of a line.
type Cell struct {
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

// Rows are the lines of the grid for a page whose texts are given.
func (g *Grid) Rows(text func(key string, args ...any) string) []Row {
	list := make([]Row, len(g.Lines))
	for i := range g.Lines {
		l := &g.Lines[i]
		row := Row{Row: i + 1, Open: l.Dimensions() || l.Wrong() || asksMore(l)}
		for n, name := range order {
			cell := l.cell(text, name)
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
func asksMore(l *Line) bool {
	return slices.ContainsFunc(l.Asks, func(name string) bool { return name != "counterparty" })
}

func (l *Line) cell(text func(key string, args ...any) string, name string) Cell {
	at := slices.Index(ColumnNames, name)
	c := Cell{Name: name, Label: text("books." + name), Value: *l.Columns()[at], Error: l.Beside[name]}
	switch name {
	case "account":
		c.List = "accounts"
	case "debit", "credit":
		if c.Amount = true; l.Side == name {
			c.Hint = "0.00"
		}
	case "counterparty":
		if c.List = "details"; l.AskDetail && c.Value == "" {
			c.Hint = text("books.counterparty.asked")
		}
	}
	if c.Hint == "" && c.Value == "" && slices.Contains(l.Asks, name) {
		c.Hint = text("books.asked")
	}
	return c
}
