package statement

import (
	"strconv"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// defaultDates are the patterns of a format that names none: those that cannot be mistaken.
var defaultDates = []string{"yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日"}

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
