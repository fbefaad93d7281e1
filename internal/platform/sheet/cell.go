package sheet

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// cellKind is what a cell holds.
type cellKind byte

const (
	textCell   cellKind = iota
	numberCell          // text is the number as the file holds it: 1234.5, 5.0E+17
	flagCell            // text is 1 or 0
	dayCell             // text is an ISO date and time
	errorCell           // text is the error: #REF!
)

// cell is one cell that is not empty.
type cell struct {
	column  int // from 0
	kind    cellKind
	text    string
	style   style
	pending bool // a formula whose result the file does not hold
}

// row is one row of a sheet. Its cells are valid until the next row is read.
type row struct {
	number int // from 1
	hidden bool
	cells  []cell // ascending
}

// at finds the cell of a column.
func (r row) at(column int) (cell, bool) {
	for _, c := range r.cells {
		if c.column == column {
			return c, true
		}
	}
	return cell{}, false
}

// blank reports whether nothing is written in the row.
func (r row) blank() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c.text) != "" || c.pending {
			return false
		}
	}
	return true
}

// dateSystem is how a workbook counts days.
type dateSystem struct{ from1904 bool }

// serialMax is 2999-12-31 in the older system.
const serialMax = 401_768

// day turns a serial number into a day. The 1900 system has a 29 February 1900 that never was, as
// Lotus 1-2-3 had: numbers up to 60 are one day off. The time of day is dropped.
func (d dateSystem) day(serial float64) (period.Date, bool) {
	if serial < 1 || serial >= serialMax {
		return "", false
	}
	days := int(serial)
	switch {
	case d.from1904:
		return period.Date("1904-01-01").AddDays(days), true
	case days == 60:
		return "", false
	case days < 60:
		return period.Date("1899-12-31").AddDays(days), true
	}
	return period.Date("1899-12-30").AddDays(days), true
}

// serial is the number of a day in the 1900 system, for writing; 0 for days before March 1900.
func serial(d period.Date) int {
	n := period.Date("1899-12-30").Until(d)
	if n <= 60 {
		return 0
	}
	return n
}

// significant is the number of digits a workbook keeps of a number.
const significant = 15

// plainNumber writes a number as people see it in full: 5.0E+2 is 500. A workbook holds binary
// floating point; what it shows are fifteen digits, and so 0.30000000000000004 is 0.3. exact is
// false for a whole number of more digits, whose last are lost.
func plainNumber(raw string) (text string, exact bool) {
	whole, fraction, _ := strings.Cut(strings.TrimLeft(raw, "-0"), ".")
	digits := len(whole) + len(strings.TrimRight(fraction, "0"))
	if digits <= significant && strings.Trim(raw, "0123456789.-") == "" {
		return raw, true
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || f > 1e30 || f < -1e30 {
		return raw, false
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', significant-1, 64), 64)
	if err != nil {
		return raw, false
	}
	text = strconv.FormatFloat(rounded, 'f', -1, 64)
	whole, _, _ = strings.Cut(strings.TrimPrefix(text, "-"), ".")
	return text, len(whole) <= significant
}

// problem is what is wrong with a cell before anybody looks at its field.
type problem string

const (
	noProblem    problem = ""
	errorValue   problem = "error"
	noValue      problem = "no_value"
	digitsLost   problem = "digits"
	yearOnly     problem = "year"
	exponentText problem = "exponent"
)

// textFor writes a cell as the text that a field of the kind reads.
func (b *Book) textFor(c cell, kind form.Kind) (string, problem) {
	switch {
	case c.kind == errorCell:
		return "", errorValue
	case c.pending:
		return "", noValue
	case c.kind == dayCell:
		day, _, _ := strings.Cut(c.text, "T")
		return day, noProblem
	case c.kind == numberCell:
		return b.numberFor(c, kind)
	case c.kind == flagCell && kind != form.Flag: // a ticked box is neither an amount nor a name
		return flagWords[c.text], noProblem
	case c.kind == textCell && kind.Identifies() && hasExponent(c.text):
		return c.text, exponentText
	}
	return c.text, noProblem
}

// flagWords are what a spreadsheet program shows for a cell that is true or false.
var flagWords = map[string]string{"1": "TRUE", "0": "FALSE"}

// visible takes out characters without width, as web pages and chat programs leave them in texts: nobody
// can see why 3,000.00 would be no number.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

// hasExponent recognises a number that a spreadsheet program has shortened: 5.00102E+17.
func hasExponent(text string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(strings.TrimSpace(text)), "E+")
	return found && exponent != "" && strings.Trim(exponent, "0123456789") == "" && mantissa != "" &&
		strings.Trim(mantissa, "0123456789.") == ""
}

// numberFor writes a number for a field: a day for a date, digits for a code, decimals for numbers.
func (b *Book) numberFor(c cell, kind form.Kind) (string, problem) {
	text, exact := plainNumber(c.text)
	numeric := false
	switch kind {
	case form.Date:
		return b.dayFor(c, text)
	case form.Percent:
		if c.style.percent {
			return timesHundred(text), noProblem
		}
		numeric = true
	case form.Integer, form.Money, form.AreaMu, form.AreaM2, form.Quantity, form.Flag:
		numeric = true
	}
	switch {
	case !numeric && c.style.date:
		return b.dayFor(c, text)
	case !exact:
		return text, digitsLost
	case numeric:
		return text, noProblem
	case len(text) < c.style.zeros && strings.Trim(text, "0123456789") == "":
		return strings.Repeat("0", c.style.zeros-len(text)) + text, noProblem
	}
	return text, noProblem
}

// dayFor reads a day from a number: a serial, or 20191231 typed as a number. A bare year is not a day.
func (b *Book) dayFor(c cell, text string) (string, problem) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text, noProblem
	}
	if !c.style.date && f >= 1900 && f < 3000 {
		return text, yearOnly
	}
	if day, ok := b.date.day(f); ok {
		return string(day), noProblem
	}
	return text, noProblem
}

// timesHundred moves the decimal point: a cell formatted as a percentage holds 0.125 for 12.5%.
func timesHundred(text string) string {
	whole, fraction, _ := strings.Cut(text, ".")
	fraction += "00"
	return strings.TrimSuffix(whole+fraction[:2]+"."+fraction[2:], ".")
}

// letters is the name of a column: 0 is A, 26 is AA.
func letters(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// columnOf reads the column of a cell's address: C12 is 2. -1 if it is none.
func columnOf(address string) int {
	column := 0
	for i := range len(address) {
		c := address[i]
		if c >= '0' && c <= '9' {
			break
		}
		if c < 'A' || c > 'Z' || i > 2 {
			return -1
		}
		column = column*26 + int(c-'A') + 1
	}
	return column - 1
}
