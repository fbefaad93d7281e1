package bookfiles

import (
	"slices"
	"strings"
	"unicode"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// finder finds the account that a cell means: by its code, its name in either language, its pinyin, or
// code and name together, with a detail behind them: 101, 库存现金, kcxj, 101 库存现金, 113-王五.
type finder struct {
	chart   *book.Chart
	byName  map[string][]int // folded name, and code with name
	bySound map[string][]int // pinyin, whole and initials
}

func newFinder(chart *book.Chart) *finder {
	f := &finder{chart: chart, byName: map[string][]int{}, bySound: map[string][]int{}}
	add := func(to map[string][]int, key string, i int) {
		if key != "" && !slices.Contains(to[key], i) {
			to[key] = append(to[key], i)
		}
	}
	for i, a := range chart.Accounts {
		for _, name := range []string{a.Name.Chinese, a.Name.English} {
			add(f.byName, plainName(name), i)
			add(f.byName, plainName(a.Code+name), i)
		}
		full, initials := pinyin.Spell(a.Name.Chinese)
		add(f.bySound, full, i)
		add(f.bySound, initials, i)
	}
	return f
}

// plainName makes names comparable: brackets, blanks, hyphens and width make no difference.
func plainName(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, form.Fold(text))
}

// separators stand between an account and its detail.
const separators = " -—–_/\\:|·>"

// found is what a cell means.
type found struct {
	account book.Account
	detail  string         // what stands behind the account: a counterparty
	told    *fault.Finding // what is wrong, or to be told of how it was read
}

func wrong(key string, args ...any) found {
	f := fault.Wrong(key, args...)
	return found{told: &f}
}

// find reads a cell, or two: one with the code and one with the name.
func (f *finder) find(text, name string) found {
	switch text, name = decimal.Normal(text), decimal.Normal(name); {
	case text == "" && name == "":
		return wrong("bookfiles.no_account")
	case text == "":
		return f.one(name)
	case name == "":
		return f.one(text)
	default:
		return f.both(text, name)
	}
}

// both holds code and name against each other: charts give one number to different accounts.
func (f *finder) both(text, name string) found {
	a := f.one(text)
	if a.account.Code == "" {
		return a
	}
	if f.named(a.account, name) {
		return a
	}
	for _, cut := range cuts(name) {
		if f.named(a.account, name[:cut]) {
			a.detail = strings.Trim(name[cut:], separators)
			return a
		}
	}
	if b := f.one(name); b.account.Code == a.account.Code {
		if a.detail == "" {
			a.detail = b.detail
		}
		return a
	}
	return wrong("bookfiles.code_and_name", a.account.Code, a.account.Name, name)
}

func (f *finder) named(a book.Account, name string) bool {
	plain := plainName(name)
	return plain == plainName(a.Name.Chinese) || plain == plainName(a.Name.English) ||
		plain == plainName(a.Code+a.Name.Chinese)
}

// cuts are the places at which a text may end an account and begin a detail.
func cuts(text string) []int {
	var all []int
	for i, r := range text {
		if i > 0 && strings.ContainsRune(separators, r) {
			all = append(all, i)
		}
	}
	return all
}

func (f *finder) one(text string) found {
	if a, ok := f.exactly(text); ok {
		return a
	}
	for _, cut := range slices.Backward(cuts(text)) { // the longest account that is one
		a, ok := f.exactly(text[:cut])
		if !ok || a.account.Code == "" {
			continue
		}
		rest := strings.Trim(text[cut:], separators)
		if other, known := f.exactly(rest); known && other.account.Code != a.account.Code &&
			a.account.Code == strings.TrimSpace(text[:cut]) {
			return wrong("bookfiles.code_and_name", a.account.Code, a.account.Name, rest)
		}
		if !a.account.PerDetail() {
			return wrong("bookfiles.no_detail", a.account.Name, rest)
		}
		a.detail = rest
		return a
	}
	return f.unknown(text)
}

// exactly finds what is an account and nothing else. What is ambiguous is found, with a finding.
func (f *finder) exactly(text string) (found, bool) {
	text = strings.TrimSpace(text)
	if a, ok := f.chart.Account(text); ok {
		return f.bookable(a), true
	}
	if list := f.byName[plainName(text)]; len(list) > 0 {
		return f.only(text, list, false)
	}
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsDigit(r) }) < 0 {
		if list := f.bySound[plainName(text)]; len(list) > 0 {
			return f.only(text, list, true)
		}
	}
	return found{}, false
}

// only takes the one account of a list that may be booked; several are a question.
func (f *finder) only(text string, list []int, sound bool) (found, bool) {
	if len(list) > 1 {
		var bookable []int
		for _, i := range list {
			if f.chart.Bookable(f.chart.Accounts[i].Code) {
				bookable = append(bookable, i)
			}
		}
		if len(bookable) != 1 {
			return wrong("bookfiles.ambiguous_account", text, f.list(list)), true
		}
		list = bookable
	}
	a := f.bookable(f.chart.Accounts[list[0]])
	if sound && a.told == nil {
		told := fault.Told("bookfiles.read_as", text, a.account.Code, a.account.Name)
		a.told = &told
	}
	return a, true
}

// bookable refuses an account that only adds up others.
func (f *finder) bookable(a book.Account) found {
	if f.chart.Bookable(a.Code) {
		return found{account: a}
	}
	var below []int
	for i, other := range f.chart.Accounts {
		if other.Parent == a.Code {
			below = append(below, i)
		}
	}
	return wrong("bookfiles.parent_account", a.Code, a.Name, f.list(below))
}

// unknown names accounts that may have been meant.
func (f *finder) unknown(text string) found {
	plain := plainName(text)
	var like []int
	for i, a := range f.chart.Accounts {
		if len(like) == likeMax || plain == "" {
			break
		}
		if name := plainName(a.Name.Chinese); strings.Contains(name, plain) || strings.Contains(plain, name) ||
			strings.HasPrefix(a.Code, plain) || strings.HasPrefix(plain, a.Code) {
			like = append(like, i)
		}
	}
	if len(like) == 0 {
		return wrong("bookfiles.unknown_account", text, f.chart.Title)
	}
	return wrong("bookfiles.unknown_account_like", text, f.chart.Title, f.list(like))
}

// likeMax is how many accounts are named in place of one that is not known.
const likeMax = 5

func (f *finder) list(all []int) words.Words {
	return words.Each(func(l words.Language) string {
		texts := make([]string, 0, len(all))
		for _, i := range all {
			a := f.chart.Accounts[i]
			texts = append(texts, a.Code+" "+a.Name.In(l))
		}
		if l == words.Chinese {
			return strings.Join(texts, "、")
		}
		return strings.Join(texts, ", ")
	})
}

// labelOf is how an account stands in drop-downs and templates.
func labelOf(l words.Language, a book.Account) string { return a.Code + " " + a.Name.In(l) }
