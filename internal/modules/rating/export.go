package rating

import (
	"html/template"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Computed is a scheme with what it came to, to be written as a report or a workbook.
type Computed struct {
	Scheme  score.Scheme
	Outcome *score.Outcome
}

// WriteReport writes the page that terrace rating run writes as report.html. text is the dictionary in the
// language.
func WriteReport(to io.Writer, c Computed, language locale.Language,
	text func(key string, args ...any) string) error {
	page, err := template.New("report.html").Funcs(template.FuncMap{"t": text}).ParseFS(views,
		"views/report.html")
	if err != nil {
		return err
	}
	return page.Execute(to, reportOf(&task{source: source{scheme: c.Scheme}, outcome: c.Outcome}, language,
		text))
}

// WriteWorkbook writes the workbook that terrace rating run writes as index.xlsx. One that is too large is
// refused.
func WriteWorkbook(to io.Writer, c Computed, _ locale.Language,
	text func(key string, args ...any) string) error {
	_, nodes := scored(c.Outcome)
	if cells := len(nodes) * len(c.Outcome.Areas); cells > workbookCellsMax {
		return fault.New(fault.TooLarge, "rating.workbook_too_large", cells, workbookCellsMax)
	}
	w := workbook{file: excelize.NewFile(), o: c.Outcome, panel: panel(c.Outcome), scheme: c.Scheme,
		nodes: nodes, column: map[int]string{}, name: text}
	defer w.file.Close()
	first := 2 // column of the first node, from 0
	if w.panel {
		first = 3
	}
	for k, n := range nodes {
		w.column[n] = sheet.ColumnName(first + k)
	}
	if err := w.write(); err != nil {
		return err
	}
	return pack(to, w.file)
}
