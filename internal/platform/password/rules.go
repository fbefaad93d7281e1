package password

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Max is the number of bytes of the longest password that is looked at.
const Max = 256

//go:embed data/common.txt
var commonText string

// common are passwords that everybody tries first, in small letters. They are compared without
// regard to capitals.
var common = commonSet(commonText)

func commonSet(text string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			set[line] = true
		}
	}
	return set
}

// Rules is what a new password must meet.
type Rules struct {
	LengthMin  int // characters
	ClassesMin int // of: small letters, capitals, digits, others
}

// Check lists everything wrong with a new password, not only the first.
func (p Rules) Check(login, password string) []fault.Finding {
	password = norm.NFKC.String(password)
	small := strings.ToLower(password)
	var wrong []fault.Finding
	if n := utf8.RuneCountInString(password); n < p.LengthMin {
		wrong = append(wrong, fault.Wrong("password.short", p.LengthMin, n))
	}
	if len(password) > Max {
		wrong = append(wrong, fault.Wrong("password.long", Max))
	}
	if classes(password) < p.ClassesMin {
		wrong = append(wrong, fault.Wrong("password.classes", p.ClassesMin))
	}
	if login != "" && strings.Contains(small, login) {
		wrong = append(wrong, fault.Wrong("password.login"))
	}
	if common[small] || repeats(small) {
		wrong = append(wrong, fault.Wrong("password.common"))
	}
	return wrong
}

// classes counts which of small letters, capitals, digits and others occur. A Chinese character is
// of the others.
func classes(password string) int {
	var small, capital, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			small = 1
		case unicode.IsUpper(r):
			capital = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return small + capital + digit + other
}

// repeats reports whether a password is one short piece over and over: "Ab1Ab1Ab1Ab1".
func repeats(small string) bool {
	for size := 1; size <= 4 && 3*size <= len(small); size++ {
		if strings.Repeat(small[:size], len(small)/size+1)[:len(small)] == small {
			return true
		}
	}
	return false
}

// oneTimeAlphabets have no characters that are taken for one another on paper.
var oneTimeAlphabets = [3]string{"abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"}

// OneTime makes a password of twelve characters in groups, such as hK7m-wQ3p-tB9r: 53 bits,
// of which nobody may try more than a few, with all classes.
func OneTime(random func([]byte)) string {
	var b strings.Builder
	for i := range 12 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		alphabet := oneTimeAlphabets[0] + oneTimeAlphabets[1] + oneTimeAlphabets[2]
		if i%4 < 3 {
			alphabet = oneTimeAlphabets[i%4] // each group has one of each class
		}
		b.WriteByte(Pick(random, alphabet))
	}
	return b.String()
}

// Pick draws a character without favouring any.
func Pick(random func([]byte), alphabet string) byte {
	limit := 256 - 256%len(alphabet)
	for b := make([]byte, 1); ; {
		if random(b); int(b[0]) < limit {
			return alphabet[int(b[0])%len(alphabet)]
		}
	}
}
