package cells

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// currencies are signs that say no more than the unit does.
var currencies = strings.NewReplacer("¥", "", "￥", "", "CNY", "", "RMB", "", "人民币", "")

// Amount reads an amount as cashbooks write it. Red ink is a minus sign, brackets, or the word
// 红字;
// a lone dash is nothing. problem is "" or what is wrong.
func Amount(text string) (amount money.Fen, problem string) {
	s := currencies.Replace(text)
	s = strings.TrimSpace(strings.TrimSuffix(decimal.Normal(s), "元"))
	if s == "" || strings.Trim(s, "-—") == "" {
		return 0, ""
	}
	red := false
	for _, word := range []string{"红字", "红"} {
		if rest, cut := strings.CutPrefix(s, word); cut {
			s, red = strings.TrimSpace(rest), true
			break
		}
	}
	if inner, cut := strings.CutPrefix(s, "("); cut && strings.HasSuffix(inner, ")") {
		s, red = strings.TrimSuffix(inner, ")"), true
	}
	if before, cut := strings.CutSuffix(s, "-"); cut {
		s, red = before, true
	}
	if red && strings.ContainsAny(s, "+-()") {
		return 0, "number" // red twice: nobody knows what is meant
	}
	n, err := decimal.Parse(s, money.Places)
	switch err {
	case nil:
	case decimal.ErrPrecise:
		return 0, "places"
	case decimal.ErrRange:
		return 0, "range"
	default:
		return 0, "number"
	}
	if red {
		n = -n
	}
	return money.Fen(n), ""
}
