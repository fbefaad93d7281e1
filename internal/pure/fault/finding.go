package fault

import (
	"fmt"
	"strings"
)

// Severity says whether a finding stops the whole or only warns.
type Severity string

// The severities, worst first.
const (
	Error   Severity = "error"   // nothing is taken while it stands
	Warning Severity = "warning" // taken, with an explanation asked
	Note    Severity = "note"    // told, nothing asked
)

// Finding is one thing wrong at one place of a file, a form or the database. Its text is in the
// dictionary under Key. Row counts from 1 as a spreadsheet shows it; 0 means no single row.
type Finding struct {
	Severity Severity `json:"severity"`
	Key      string   `json:"key"`
	Args     []any    `json:"args,omitempty"`
	Sheet    string   `json:"sheet,omitempty"`
	Row      int      `json:"row,omitempty"`
	Column   string   `json:"column,omitempty"` // heading or letter of the column, or the field's name
	Value    string   `json:"value,omitempty"`  // what stood there, cut to 80 characters
}

// At gives the finding its place in a file.
func (f Finding) At(sheet string, row int, column string) Finding {
	f.Sheet, f.Row, f.Column = sheet, row, column
	return f
}

// ValueMax is the number of characters of a wrong value that a finding repeats.
const ValueMax = 80

// Saw adds the offending value, cut to ValueMax characters.
func (f Finding) Saw(value string) Finding {
	runes := []rune(value)
	if len(runes) > ValueMax {
		runes = append(runes[:ValueMax-1], '…')
	}
	f.Value = string(runes)
	return f
}

// Wrong makes a finding that stops the whole.
func Wrong(key string, args ...any) Finding {
	return Finding{Severity: Error, Key: key, Args: args}
}

// Doubt makes a finding that warns.
func Doubt(key string, args ...any) Finding {
	return Finding{Severity: Warning, Key: key, Args: args}
}

// Told makes a finding that only informs.
func Told(key string, args ...any) Finding {
	return Finding{Severity: Note, Key: key, Args: args}
}

// String is for logs and tests.
func (f Finding) String() string {
	var b strings.Builder
	if f.Sheet != "" {
		b.WriteString(f.Sheet + "!")
	}
	if f.Column != "" || f.Row > 0 {
		fmt.Fprintf(&b, "%s:%d ", f.Column, f.Row)
	}
	fmt.Fprintf(&b, "%s %s", f.Severity, f.Key)
	if len(f.Args) > 0 {
		fmt.Fprintf(&b, " %v", f.Args)
	}
	return b.String()
}

// Stops reports whether any finding is an error.
func Stops(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity == Error {
			return true
		}
	}
	return false
}
