package evaluation

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The kinds of files.
const (
	kindCSV  = "text/csv; charset=utf-8"
	kindXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	kindHTML = "text/html; charset=utf-8"
)

// rankingTable is every row of a result with the score and the rank of every node, in full precision: the
// best of each time first.
func rankingTable(r *web.Request, run Run, out result.Result) sheet.Table {
	t := sheet.Table{Title: run.Title, Heading: []string{r.T("evaluation.code"), r.T("evaluation.area")},
		Notes: []string{r.T("evaluation.result_hash") + " " + run.ResultHash}}
	if out.Times != nil {
		t.Heading = append(t.Heading, r.T("evaluation.time"))
	}
	for i := out.Top(); i >= 0; i-- {
		name := out.Nodes[i].Code
		if out.Nodes[i].Name != "" {
			name = out.Nodes[i].Name + " " + name
		}
		t.Heading = append(t.Heading, name+" "+r.T("evaluation.score"), name+" "+r.T("evaluation.rank"))
	}
	t.Rows = func(yield func([]any, error) bool) {
		for _, row := range inOrder(out) {
			cells := []any{out.Areas[row], out.Name(row)}
			if out.Times != nil {
				cells = append(cells, out.Times[row])
			}
			for i := out.Top(); i >= 0; i-- {
				value, rank := full(out.Nodes[i].Scores[row]), any("")
				if value == nil {
					value = ""
				}
				if out.Nodes[i].Ranks[row] > 0 {
					rank = int64(out.Nodes[i].Ranks[row])
				}
				cells = append(cells, value, rank)
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
	return t
}

// inOrder are all rows: by time, then by rank; areas without a rank last.
func inOrder(out result.Result) (rows []int) {
	periods := out.Periods()
	if periods == nil {
		periods = []string{""}
	}
	for _, time := range periods {
		best := ranked(out, out.Top(), time)
		rows = append(rows, best...)
		for _, row := range out.Rows(time) {
			if !slices.Contains(best, row) {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// export gives away a run as a file: its ranking as CSV or a workbook, or all of it as the report and the
// workbook with formulas that terrace rating run writes.
func (e *Evaluation) export(r *web.Request) (web.Answer, error) {
	run, out, err := e.outcome(r)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("evaluation-%d-", run.ID)
	var body bytes.Buffer
	switch r.PathValue("form") {
	case "ranking.csv":
		_, err = sheet.WriteCSV(&body, rankingTable(r, run, out))
		return web.File(name+"ranking.csv", kindCSV, &body), err
	case "ranking.xlsx":
		_, err = sheet.WriteXLSX(&body, rankingTable(r, run, out))
		return web.File(name+"ranking.xlsx", kindXLSX, &body), err
	case "report.html":
		err = e.rated(r, run, &body, rating.WriteReport)
		return web.File(name+"report.html", kindHTML, &body), err
	case "index.xlsx":
		err = e.rated(r, run, &body, rating.WriteWorkbook)
		return web.File(name+"index.xlsx", kindXLSX, &body), err
	}
	return nil, fault.New(fault.NotFound, "evaluation.absent")
}

// rated computes a run again for a writer of module rating, which writes what a command writes.
func (e *Evaluation) rated(r *web.Request, run Run, to io.Writer,
	write func(io.Writer, rating.Computed, locale.Language, func(key string,
		args ...any) string) error) error {
	scheme, table, err := e.madeOf(r, run)
	if err != nil {
		return err
	}
	plan, err := score.Compile(scheme, table, rating.Methods())
	if err != nil {
		return err
	}
	outcome, err := plan.Run()
	if err != nil {
		return err
	}
	if scheme.Title.In(r.Language) == "" {
		scheme.Title = words.Plain(run.Title)
	}
	return write(to, rating.Computed{Scheme: scheme, Outcome: outcome}, r.Language, r.T)
}
