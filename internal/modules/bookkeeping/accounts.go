package bookkeeping

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
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
		list = append(list, accountView{accountText(chart, a.Code, l), other + " " + initials + " " + full,
			a.PerDetail()})
	}
	return list
}

// accountText is an account as a field holds it: its code and its name.
func accountText(chart *book.Chart, code string, l locale.Language) string {
	if code == "" {
		return ""
	}
	if _, known := chart.Account(code); !known {
		return code
	}
	return code + " " + chart.Name(code).In(l)
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

// detailOf reads which counterparty somebody means. Of an account with named details it is a detail's code,
// which may be given by its name in either language.
func detailOf(chart *book.Chart, account, text string) string {
	a, _ := chart.Account(account)
	for _, d := range a.Details {
		if text == d.Name.Chinese || strings.EqualFold(text, d.Name.English) || strings.EqualFold(text,
			d.Code) {
			return d.Code
		}
	}
	return text
}

// expanded are the bookable accounts behind codes, each once, in the order of the chart; unknown codes are
// left out.
func expanded(chart *book.Chart, codes []string) []string {
	chosen := map[string]bool{}
	for _, code := range codes {
		for _, leaf := range chart.Leaves(strings.TrimSpace(code)) {
			chosen[leaf] = true
		}
	}
	var list []string
	for _, a := range chart.Accounts {
		if chosen[a.Code] {
			list = append(list, a.Code)
		}
	}
	return list
}
