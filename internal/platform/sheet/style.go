package sheet

import (
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/sheet/markup"
)

// style is what a cell's number format says about its number.
type style struct {
	date    bool
	percent bool
	zeros   int // the number is shown with that many digits at least: 000000
}

// readStyles reads the number formats of the cells.
func (b *Book) readStyles() ([]style, error) {
	custom := map[int]string{}
	var styles []style
	inCells := false
	err := b.each("xl/styles.xml", partMax, func(m *markup.Reader, kind markup.Token) error {
		if kind == markup.Text {
			return nil
		}
		switch name := string(m.Name()); {
		case name == "cellXfs":
			inCells = kind == markup.Start
		case kind != markup.Start:
		case name == "numFmt":
			id, _ := m.Attribute("numFmtId")
			code, _ := m.Attribute("formatCode")
			if n, err := strconv.Atoi(id); err == nil {
				custom[n] = code
			}
		case name == "xf" && inCells:
			id, _ := m.Attribute("numFmtId")
			n, _ := strconv.Atoi(id) //nolint:errcheck // 0 is the general format
			styles = append(styles, styleOf(n, custom[n]))
		}
		return nil
	})
	return styles, err
}

// styleOf reads a number format: one of the built-in numbers (ECMA-376 part 1, 18.8.30, and those of
// East Asian Excel), or its code.
func styleOf(id int, code string) style {
	if code != "" {
		return styleOfCode(code)
	}
	switch {
	case id == 9 || id == 10:
		return style{percent: true}
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54,
		id == 57, id == 58:
		return style{date: true}
	}
	return style{}
}

// styleOfCode reads a format's code, without quoted texts, escapes and conditions in brackets.
func styleOfCode(code string) style {
	code, _, _ = strings.Cut(code, ";")
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"', '[':
			end := map[byte]byte{'"': '"', '[': ']'}[code[i]]
			length := strings.IndexByte(code[i+1:], end)
			if length < 0 {
				return style{}
			}
			i += length + 1
		case '\\', '_', '*':
			i++
		default:
			b.WriteByte(code[i])
		}
	}
	plain := strings.ToLower(b.String())
	if plain != "" && strings.Trim(plain, "0") == "" && len(plain) > 1 {
		return style{zeros: len(plain)}
	}
	return style{percent: strings.Contains(plain, "%"),
		date: strings.ContainsAny(plain, "yd") && !strings.Contains(plain, "general")}
}
