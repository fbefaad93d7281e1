package statement

import (
	"path"
	"strings"
	"unicode"
)

// What is kept of a file's name: so many characters, and of a number longer than a day so many last digits.
const (
	fileNameMax = 200
	dayMax      = 8
	tailKept    = 4
)

// MaskedName is a file's name with long numbers masked: banks put the account number into it.
func MaskedName(name string) string {
	runes := []rune(path.Base(strings.ReplaceAll(name, `\`, "/")))
	for i := 0; i < len(runes); {
		n := 0
		for i+n < len(runes) && unicode.IsDigit(runes[i+n]) {
			n++
		}
		for k := i; n > dayMax && k < i+n-tailKept; k++ {
			runes[k] = '*'
		}
		i += max(n, 1)
	}
	return string(runes[:min(len(runes), fileNameMax)])
}

// Named are the columns that a person named, as the key of a format has them, in words.
func Named(key string, part func(Part) string) (columns string, from string) {
	list, from, _ := strings.Cut(strings.TrimPrefix(key, ByColumnsPrefix), ";from=")
	var said []string
	for _, one := range strings.Split(list, ",") {
		p, letter, _ := strings.Cut(one, "=")
		said = append(said, part(Part(p))+" "+letter)
	}
	return strings.Join(said, ", "), from
}
