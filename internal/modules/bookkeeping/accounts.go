package bookkeeping

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// accountView is an account that a line may name: what is put into the field, and what the browser looks
// through besides while somebody types.
type accountView struct {
	Value  string // 101 库存现金
	Find   string // its other name and its pinyin
	Detail bool   // asks for a counterparty
}

// accountsOf are the bookable accounts of a chart, in its order.
func accountsOf(chart *book.Chart, l locale.Language) []accountView {
	var list []accountView
	for _, a := range chart.Accounts {
		if !chart.Bookable(a.Code) {
			continue
		}
		full, initials := pinyin.Spell(a.Name.Chinese)
		other := a.Name.English
		if l == locale.English {
			other = a.Name.Chinese
		}
		list = append(list, accountView{grid.AccountText(chart, a.Code, l), other + " " + initials + " " +
			full,
			a.PerDetail()})
	}
	return list
}

// accountCode reads which account somebody means: its code, with or without the name behind it, its name in
// either language, or pinyin or a part of a name that only one account has. What means none
// or several is given back as it is: the check of the voucher then says so.
func accountCode(chart *book.Chart, text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	if code, _, _ := strings.Cut(text, " "); chart.Bookable(code) {
		return code
	}
	lower := strings.ToLower(text)
	var begin, within []string
	for _, a := range chart.Accounts {
		if !chart.Bookable(a.Code) {
			continue
		}
		full, initials := pinyin.Spell(a.Name.Chinese)
		english := strings.ToLower(a.Name.English)
		switch {
		case lower == a.Name.Chinese || lower == english || lower == initials || lower == full:
			return a.Code
		case strings.HasPrefix(initials, lower) || strings.HasPrefix(full, lower) ||
			strings.HasPrefix(a.Code, lower):
			begin = append(begin, a.Code)
		case strings.Contains(a.Name.Chinese, text) || strings.Contains(english, lower):
			within = append(within, a.Code)
		}
	}
	switch {
	case len(begin) == 1:
		return begin[0]
	case len(begin) == 0 && len(within) == 1:
		return within[0]
	}
	return text
}

// amountOf reads an amount of a filter; empty is 0.
func amountOf(text string) (money.Fen, error) {
	if text == "" {
		return 0, nil
	}
	amount, err := money.Parse(text)
	if err != nil {
		return 0, fault.New(fault.Invalid, "books.amount_filter", text).Because(err)
	}
	return amount, nil
}
