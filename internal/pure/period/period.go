package period

import (
	"fmt"
	"strconv"
	"time"
)

// Kind is the length of a period.
type Kind byte

// The kinds of period.
const (
	Year    Kind = 'Y'
	Half    Kind = 'H'
	Quarter Kind = 'Q'
	Month   Kind = 'M'
)

var monthsOf = map[Kind]int{Year: 12, Half: 6, Quarter: 3, Month: 1}

// Period is a reporting period. The zero value is no period.
type Period struct {
	year  int
	kind  Kind
	index int // 0-based within the year
}

// New makes the index-th (from 1) period of its kind in the year.
func New(year int, kind Kind, index int) (Period, error) {
	months, ok := monthsOf[kind]
	if !ok || year < 1900 || year > 2999 || index < 1 || index > 12/months {
		return Period{}, fmt.Errorf("period: there is no %d%c%d", year, kind, index)
	}
	return Period{year, kind, index - 1}, nil
}

// OfYear is the whole year.
func OfYear(year int) Period { return Period{year: year, kind: Year} }

// Parse reads 2026, 2026H1, 2026Q3 or 2026-11.
func Parse(text string) (Period, error) {
	fail := fmt.Errorf("period: %q is not a period like 2026, 2026H1, 2026Q3 or 2026-11", text)
	if len(text) < 4 {
		return Period{}, fail
	}
	year, err := strconv.Atoi(text[:4])
	if err != nil || text[0] == '+' || text[0] == '-' {
		return Period{}, fail
	}
	kind, index := Year, 1
	switch rest := text[4:]; {
	case rest == "":
	case len(rest) == 2 && (rest[0] == 'H' || rest[0] == 'Q') && rest[1] >= '1' && rest[1] <= '4':
		kind, index = Kind(rest[0]), int(rest[1]-'0')
	case len(rest) == 3 && rest[0] == '-' && isDigit(rest[1]) && isDigit(rest[2]):
		kind, index = Month, int(rest[1]-'0')*10+int(rest[2]-'0')
	default:
		return Period{}, fail
	}
	p, err := New(year, kind, index)
	if err != nil {
		return Period{}, fail
	}
	return p, nil
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// Containing is the period of the kind in which the day lies.
func Containing(d Date, kind Kind) Period {
	return Period{d.Year(), kind, (int(d.Month()) - 1) / monthsOf[kind]}
}

// Year is the calendar year of the period.
func (p Period) Year() int { return p.year }

// Kind is the period's length.
func (p Period) Kind() Kind { return p.kind }

// First is the first day.
func (p Period) First() Date {
	return NewDate(p.year, time.Month(p.index*monthsOf[p.kind]+1), 1)
}

// Last is the last day.
func (p Period) Last() Date { return p.Next().First().AddDays(-1) }

// Span is the half-open stretch of days.
func (p Period) Span() Span { return Span{p.First(), p.Next().First()} }

// Next is the following period of the same kind.
func (p Period) Next() Period { return p.shift(1) }

// Previous is the one before.
func (p Period) Previous() Period { return p.shift(-1) }

func (p Period) shift(by int) Period {
	perYear := 12 / monthsOf[p.kind]
	n := p.year*perYear + p.index + by
	return Period{n / perYear, p.kind, n % perYear}
}

// SamePeriodLastYear is what year-on-year figures compare with.
func (p Period) SamePeriodLastYear() Period { return Period{p.year - 1, p.kind, p.index} }

// String writes 2026, 2026H1, 2026Q3 or 2026-11. It sorts within a kind.
func (p Period) String() string {
	switch p.kind {
	case Year:
		return fmt.Sprintf("%04d", p.year)
	case Month:
		return fmt.Sprintf("%04d-%02d", p.year, p.index+1)
	case Half, Quarter:
		return fmt.Sprintf("%04d%c%d", p.year, p.kind, p.index+1)
	}
	return ""
}
