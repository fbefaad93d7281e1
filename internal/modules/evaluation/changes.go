package evaluation

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/display"
	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// steps are the steps that change cells.
var steps = []string{"denominate", "impute", "screen", "treat", "normalise"}

// changes lists every cell that a step changed, to be filtered and taken away.
func (e *Evaluation) changes(r *web.Request) (web.Answer, error) {
	s, out, err := e.scened(r, changesTab)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for i, code := range out.Areas {
		names[code] = out.Name(i)
	}
	options := func(values []string, text func(string) string) (all []web.Option) {
		for _, value := range values {
			all = append(all, web.Option{Value: value, Text: text(value)})
		}
		return all
	}
	var indicators []string
	for _, n := range out.Nodes {
		if n.Level == 1 {
			indicators = append(indicators, n.Code)
		}
	}
	area := func(code string) string {
		if name := names[code]; name != "" && name != code {
			return name + " " + code
		}
		return code
	}
	indicator := func(code string) string {
		if n := out.Find(code); n >= 0 {
			return title(out.Nodes[n])
		}
		return code
	}
	step := func(key string) string { return r.T("evaluation.step." + key) }
	plain := func(get func(result.Change) string) func(result.Change) web.Cell {
		return func(c result.Change) web.Cell { return web.Cell{Text: get(c)} }
	}
	list := web.List[result.Change]{Name: "evaluation.changed_cells", Place: s.Run.Place,
		Trail: trail(r, s.Run), AboveView: "evaluation/changes", Above: s,
		Filters: []web.Filter{{Key: "area", Kind: web.TextFilter},
			{Key: "indicator", Kind: web.Choice, Options: options(indicators, indicator)},
			{Key: "step", Kind: web.Choice, Options: options(steps, step)}},
		Columns: []web.Column[result.Change]{
			{Key: "area", Cell: plain(func(c result.Change) string { return area(c.Area) })},
			{Key: "time", Cell: plain(func(c result.Change) string { return c.Time })},
			{Key: "indicator", Cell: plain(func(c result.Change) string { return indicator(c.Indicator) })},
			{Key: "step", Cell: plain(func(c result.Change) string { return step(c.Step) })},
			{Key: "from", Number: true, Cell: func(c result.Change) web.Cell { return figureCell(c.From) }},
			{Key: "to", Number: true, Cell: func(c result.Change) web.Cell { return figureCell(c.To) }},
			{Key: "why", Cell: plain(func(c result.Change) string { return why(r, c) })},
		},
		Load: func(_ context.Context, q web.Query) (web.Rows[result.Change], error) {
			return changesFound(out.Changes, q, area)
		}}
	return list.Answer(r)
}

// changesFound are the changes a query asks for; its cursor is how many came before.
func changesFound(all []result.Change, q web.Query, area func(string) string) (web.Rows[result.Change],
	error) {
	var rows web.Rows[result.Change]
	from := 0
	if q.After != "" {
		n, err := strconv.Atoi(q.After)
		if err != nil || n < 0 {
			return rows, fault.New(fault.Invalid, "web.cursor")
		}
		from = n
	}
	asked := strings.ToLower(q.Filter["area"])
	found := slices.DeleteFunc(slices.Clone(all), func(c result.Change) bool {
		return asked != "" && !strings.Contains(strings.ToLower(area(c.Area)), asked) ||
			q.Filter["indicator"] != "" && c.Indicator != q.Filter["indicator"] ||
			q.Filter["step"] != "" && c.Step != q.Filter["step"]
	})
	from = min(from, len(found))
	until := min(from+q.Limit, len(found))
	rows.Items, rows.Total = found[from:until], web.Total{N: int64(len(found))}
	if until < len(found) {
		rows.Next = strconv.Itoa(until)
	}
	return rows, nil
}

// figureCell is a figure as the page shows it, and in full for files.
func figureCell(n result.Number) web.Cell {
	cell := web.Cell{Text: display.Figure(n), Value: ""}
	if value := full(n); value != nil {
		cell.Value = value
	}
	return cell
}

// full is a figure with all its digits; missing is nil.
func full(n result.Number) any {
	x := float64(n)
	if x != x || x-x != 0 {
		return nil
	}
	text := strconv.FormatFloat(x, 'f', -1, 64)
	_, places, _ := strings.Cut(text, ".")
	return sheet.Number{Text: text, Places: len(places)}
}
