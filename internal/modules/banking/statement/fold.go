package statement

import (
	"strings"
	"unicode"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// fold makes texts comparable that differ in width, case, blanks and the marks around a heading.
func fold(text string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' || unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, decimal.Normal(text))
	return strings.Trim(plain, "*:'\"`")
}

// withoutUnit takes brackets and what follows a slash off a folded heading: 借方发生额/元(支取).
func withoutUnit(folded string) string {
	for _, brackets := range [][2]string{{"(", ")"}, {"[", "]"}, {"【", "】"}, {"〔", "〕"}} {
		open, closed := brackets[0], brackets[1]
		for {
			from := strings.Index(folded, open)
			if from < 0 {
				break
			}
			length := strings.Index(folded[from:], closed)
			if length < 0 {
				folded = folded[:from]
				break
			}
			folded = folded[:from] + folded[from+length+len(closed):]
		}
	}
	folded, _, _ = strings.Cut(folded, "/")
	return folded
}

// startsWith finds the word that a folded text begins with; "" none.
func startsWith(folded string, words []string) string {
	for _, w := range words {
		if f := fold(w); f != "" && strings.HasPrefix(folded, f) {
			return w
		}
	}
	return ""
}

// isOneOf reports whether a folded text is one of the words.
func isOneOf(folded string, words []string) bool {
	for _, w := range words {
		if fold(w) == folded {
			return true
		}
	}
	return false
}

// digitsOf are the digits of a text, of whatever width.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, decimal.Normal(text))
}
