package modules

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// statements lends the books to the regular reports: what a report draws comes from closed months only.
type statements struct{ *ledger.Ledger }

// Lines are the cells of a statement by line. Lines that a chart repeats for each account go by the
// account's code.
func (s statements) Lines(r store.Reader, organisation registry.Ref, statement string,
	p period.Period) (map[string][]int64, bool, error) {
	book, found, err := ledger.Of(r, organisation, p.Last())
	if err != nil || !found || book.Closed < period.Containing(p.Last(), period.Month).String() {
		return nil, false, err
	}
	sheet, err := s.Statement(r, ledger.Ref{Home: book.Home, ID: book.ID}, statement, p)
	if fault.HasKey(err, "ledger.no_statement") {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	lines := make(map[string][]int64, len(sheet.Lines))
	for _, line := range sheet.Lines {
		key := line.Key
		if _, code, repeated := strings.Cut(key, "/"); repeated {
			key = code
		}
		cells := make([]int64, len(line.Cells))
		for i, cell := range line.Cells {
			cells[i] = int64(cell)
		}
		lines[key] = cells
	}
	return lines, true, nil
}
