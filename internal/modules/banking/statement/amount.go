package statement

import (
	"errors"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// errAmount says that a text is no amount.
var errAmount = errors.New("statement: not an amount")

// side is what an amount says of its direction by a word of its own: 贷 1,234.50, 12.00 DR.
type side int

const (
	silent side = iota
	inward
	outward
)

// nothings are the ways an empty amount is written.
var nothings = []string{"", "-", "--", "---", "—", "——", "–", "/", "无", "n/a"}

// money reads an amount: with currency signs, 元, separators, a minus in front or behind, brackets for
// negative amounts, or a word for its direction. there is false for what says that there is none.
func (f *Format) money(text string, number bool) (amount money.Fen, s side, there bool, err error) {
	plain := fold(text)
	for _, none := range nothings {
		if plain == none {
			return 0, silent, false, nil
		}
	}
	plain, s = f.direction(plain)
	plain, negative, ok := unsigned(plain)
	if !ok {
		return 0, s, false, errAmount
	}
	if !number {
		if plain, ok = f.separators(plain); !ok {
			return 0, s, false, errAmount
		}
	}
	amount, err = f.inUnit(plain)
	if negative {
		amount = -amount
	}
	return amount, s, err == nil, err
}

// direction takes the word for a direction off an amount.
func (f *Format) direction(plain string) (string, side) {
	for _, choice := range []struct {
		side  side
		words []string
	}{{inward, append([]string{"cr"}, f.In...)}, {outward, append([]string{"dr"}, f.Out...)}} {
		for _, w := range choice.words {
			w = fold(w)
			if w == "" || w == "+" || w == "-" || strings.Trim(w, "0123456789") == "" {
				continue
			}
			if rest, found := strings.CutPrefix(plain, w); found && rest != "" {
				return strings.TrimPrefix(rest, ":"), choice.side
			}
			if rest, found := strings.CutSuffix(plain, w); found && rest != "" {
				return rest, choice.side
			}
		}
	}
	return plain, silent
}

// currencies are signs and words beside an amount that change nothing.
var currencies = []string{"人民币", "rmb", "cny", "￥", "¥", "\u00a5", "元", "圆", "yuan"}

// unsigned takes signs, brackets and currencies off an amount. Two signs are none.
func unsigned(plain string) (rest string, negative, ok bool) {
	signs := 0
	plain = strings.NewReplacer("−", "-", "—", "-", "–", "-", "﹣", "-").Replace(plain)
	for changed := true; changed; {
		before := plain
		for _, c := range currencies {
			plain = strings.TrimSuffix(strings.TrimPrefix(plain, c), c)
		}
		if inner, found := strings.CutPrefix(plain, "("); found && strings.HasSuffix(inner, ")") {
			plain, negative, signs = strings.TrimSuffix(inner, ")"), true, signs+1
		}
		for _, cut := range []func(string, string) (string, bool){strings.CutPrefix, strings.CutSuffix} {
			if inner, found := cut(plain, "-"); found {
				plain, negative, signs = inner, true, signs+1
			} else if inner, found := cut(plain, "+"); found {
				plain, signs = inner, signs+1
			}
		}
		changed = plain != before
	}
	return plain, negative, signs <= 1 && plain != ""
}

// separators turns the format's separators into those of decimal.
func (f *Format) separators(plain string) (string, bool) {
	point, group := fold(f.decimal()), f.thousands()
	if strings.TrimSpace(group) == "" {
		group = "" // blanks are gone by now
	}
	whole, fraction, dotted := strings.Cut(plain, point)
	if group != "" {
		parts := strings.Split(whole, group)
		for i, p := range parts[1:] {
			if len(p) != 3 || i == 0 && (parts[0] == "" || len(parts[0]) > 3) {
				return "", false
			}
		}
		whole = strings.Join(parts, "")
	}
	if strings.Trim(whole+fraction, "0123456789") != "" {
		return "", false
	}
	if dotted {
		whole += "." + fraction
	}
	return whole, true
}

// inUnit reads a plain number of the format's unit as fen.
func (f *Format) inUnit(plain string) (money.Fen, error) {
	places := money.Places
	switch f.Unit {
	case "fen":
		places = 0
	case "ten_thousand":
		places = money.Places + 4
	}
	n, err := decimal.Parse(plain, places)
	return money.Fen(n), err
}
