package statement

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// rows are the rows of an example.
func (e Example) table() []Row {
	var all []Row
	for i, text := range e.Rows {
		row := Row{Number: i + 1}
		for column, cell := range strings.Split(text, "|") {
			if strings.TrimSpace(cell) != "" {
				row.Cells = append(row.Cells, Cell{Column: column, Text: cell})
			}
		}
		all = append(all, row)
	}
	return all
}

// String writes a line as examples do: day, amount, balance, who, what for.
func (l Line) String() string {
	words := []string{string(l.Date), l.Amount.Plain()}
	if l.HasBalance {
		words = append(words, l.Balance.Plain())
	}
	for _, text := range []string{l.Counterparty, l.Purpose} {
		if text != "" {
			words = append(words, text)
		}
	}
	return strings.Join(words, " ")
}

// Try tries the examples of a format.
func (f *Format) Try() []Problem {
	var all []Problem
	for _, e := range f.Examples {
		s := Read(f, "", e.table(), Expectation{})
		var lines, keys []string
		for _, l := range s.Lines {
			lines = append(lines, l.String())
		}
		for _, found := range s.Findings {
			if found.Severity != fault.Note {
				keys = append(keys, found.Key)
			}
		}
		if !slices.Equal(lines, e.Expect) {
			all = append(all, Problem{"banking.format.example", e.Name + ": " + strings.Join(lines, "; ")})
		}
		if !slices.Equal(keys, e.Finds) {
			all = append(all, Problem{"banking.format.example", e.Name + ": " + strings.Join(keys, "; ")})
		}
	}
	return all
}
