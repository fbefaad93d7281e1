package statement

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// defaultDates are the patterns of a format that names none: those that cannot be mistaken.
var defaultDates = []string{"yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日"}

// oddDates are patterns that can be mistaken for one another. One of them is used only if it alone reads
// the whole column.
var oddDates = []string{"yy-M-d", "yy/M/d", "yy.M.d", "yyMMdd", "yy年M月d日", "d/M/yyyy", "M/d/yyyy",
	"d-M-yyyy",
	"M-d-yyyy", "d.M.yyyy", "M.d.yyyy", "d/M/yy", "M/d/yy", "d-M-yy", "M-d-yy", "ddMMyyyy", "d-MMM-yyyy",
	"d MMM yyyy", "d-MMM-yy", "d MMM yy"}

// oldestYears is how many years back a statement reaches where nothing else tells days apart.
const oldestYears = 15

// pieces of a pattern, the longer first.
var pieces = []string{"yyyy", "MMM", "MM", "dd", "yy", "M", "d"}

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// cutPattern divides a pattern into pieces and letters.
func cutPattern(pattern string) []string {
	var cut []string
	for pattern != "" {
		found := ""
		for _, p := range pieces {
			if strings.HasPrefix(pattern, p) {
				found = p
				break
			}
		}
		if found == "" {
			r := []rune(pattern)
			found = string(r[0])
		}
		cut, pattern = append(cut, found), pattern[len(found):]
	}
	return cut
}

// validPattern reports whether a pattern has year, month and day once each.
func validPattern(pattern string) bool {
	counts := [3]int{}
	for _, p := range cutPattern(pattern) {
		switch p {
		case "yyyy", "yy":
			counts[0]++
		case "MMM", "MM", "M":
			counts[1]++
		case "dd", "d":
			counts[2]++
		}
	}
	return counts == [3]int{1, 1, 1}
}

// day reads a day in one of the format's patterns; a time of day may follow it.
func (f *Format) day(text string) (period.Date, bool) {
	patterns := f.Dates
	if len(patterns) == 0 {
		patterns = defaultDates
	}
	plain := strings.TrimSpace(decimal.Normal(text))
	for _, pattern := range patterns {
		if d, rest, ok := readDay(plain, pattern); ok && isTime(rest, pattern) {
			return d, true
		}
	}
	return "", false
}

// serialDay is the day that five digits mean where a program wrote days as numbers: 45717 is 2025-03-01.
// "": they are none.
func serialDay(text string) period.Date {
	text = strings.TrimSpace(decimal.Normal(text))
	if n, rest, ok := number(text, 5, 5); ok && rest == "" && n > 30_000 && n < 80_000 {
		return period.Date("1899-12-30").AddDays(n)
	}
	return ""
}

// wholeDay finds days in what stands above a table: 2025-03-01 至 2025年3月31日.
var wholeDay = regexp.MustCompile(`20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|20\d{6}`)

// span is the first and last day that the rows above the table name; "" if they name none.
func span(rows []Row) (first, last period.Date) {
	var texts []string
	for _, row := range rows {
		for _, c := range row.Cells {
			texts = append(texts, wholeDay.FindAllString(decimal.Normal(c.Text), -1)...)
		}
	}
	for _, text := range texts {
		d, ok := (&Format{}).day(text)
		if !ok {
			if d, _, ok = readDay(text, "yyyy年M月d"); !ok {
				continue
			}
		}
		if first == "" || d < first {
			first = d
		}
		last = max(last, d)
	}
	return first, last
}

// learnDays looks for the one pattern that reads every day of a column which the format does not read.
// Which of day and month comes first is told by a day above twelve, by the days the file says it is of, or
// not at all: then the first such cell has a finding.
func (r *reader) learnDays(rows []Row) {
	head := r.out.Head
	var texts []string
	first := 0
	for _, row := range rows[head.position+1:] {
		c, there := r.cell(row, Date)
		plain := strings.TrimSpace(decimal.Normal(c.Text))
		if _, read := r.dayOf(c); !there || read || c.Number || plain == "" || plain[0] < '0' ||
			plain[0] > '9' {
			continue
		}
		if texts = append(texts, plain); first == 0 {
			first = row.Number
		}
	}
	if len(texts) == 0 {
		return
	}
	from, until := span(rows[:head.position+1])
	if until == from { // one day is that of printing
		from, until = "", ""
	}
	if from == "" && r.want.Today != "" {
		from, until = r.want.Today.AddMonths(-12*oldestYears), r.want.Today
	}
	found := map[string]string{} // the days a pattern gives: the pattern
	for _, pattern := range oddDates {
		days, ok := daysOf(texts, pattern, from, until)
		if ok && found[days] == "" {
			found[days] = pattern
		}
	}
	switch len(found) {
	case 0:
	case 1:
		for _, r.odd = range found {
			r.tell(fault.Told("banking.read.date_pattern", r.odd).Saw(texts[0]), first, head.letter(Date))
		}
	default:
		r.tell(fault.Wrong("banking.read.date_order").Saw(texts[0]), first, head.letter(Date))
	}
}

// daysOf reads texts by a pattern. False: one of them it does not read, or one lies outside the days.
func daysOf(texts []string, pattern string, from, until period.Date) (string, bool) {
	var all strings.Builder
	for _, text := range texts {
		d, rest, ok := readDay(text, pattern)
		if !ok || !isTime(rest, pattern) || from != "" && (d < from || d > until) {
			return "", false
		}
		all.WriteString(string(d))
	}
	return all.String(), true
}

// isTime reports whether what follows a day can be the time of day.
func isTime(rest, pattern string) bool {
	if rest == "" {
		return true
	}
	first := rest[0]
	digits := strings.Trim(rest, "0123456789") == ""
	if first >= '0' && first <= '9' && (!digits || !strings.HasSuffix(pattern, "dd") || len(rest) < 4) {
		return false
	}
	return strings.Trim(rest, " \tT:.-+Z0123456789时分秒AMPamp上下午") == ""
}

// readDay reads a day at the beginning of a text.
func readDay(text, pattern string) (d period.Date, rest string, ok bool) {
	year, month, day := 0, 0, 0
	for _, p := range cutPattern(pattern) {
		n := 0
		switch p {
		case "yyyy":
			n, text, ok = number(text, 4, 4)
			year = n
		case "yy":
			n, text, ok = number(text, 2, 2)
			year = 2000 + n
		case "MM", "dd":
			n, text, ok = number(text, 2, 2)
		case "M", "d":
			n, text, ok = number(text, 1, 2)
		case "MMM":
			n, text, ok = monthName(text)
		default:
			text, ok = strings.CutPrefix(strings.TrimLeft(text, " "), strings.TrimLeft(p, " "))
		}
		if !ok {
			return "", "", false
		}
		switch p[0] {
		case 'M':
			month = n
		case 'd':
			day = n
		}
	}
	d = period.NewDate(year, time.Month(month), day)
	if month < 1 || month > 12 || d.Day() != day || d.Month() != time.Month(month) || year < 1980 ||
		year > 2200 {
		return "", "", false
	}
	return d, text, true
}

// number reads from least to most digits.
func number(text string, least, most int) (n int, rest string, ok bool) {
	length := 0
	for length < len(text) && length < most && text[length] >= '0' && text[length] <= '9' {
		length++
	}
	if length < least {
		return 0, text, false
	}
	n, err := strconv.Atoi(text[:length])
	return n, text[length:], err == nil
}

func monthName(text string) (n int, rest string, ok bool) {
	lower := strings.ToLower(text)
	for i, m := range months {
		if strings.HasPrefix(lower, m) {
			end := len(m)
			for end < len(lower) && lower[end] >= 'a' && lower[end] <= 'z' {
				end++
			}
			return i + 1, text[end:], true
		}
	}
	return 0, text, false
}
