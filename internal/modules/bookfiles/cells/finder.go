package cells

import (
	"slices"
	"strings"
	"unicode"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Finder finds the account that a cell means: by its code, its name in either language, its
// pinyin, or
// code and name together, with a detail behind them: 101, 库存现金, kcxj, 101 库存现金, 113-王五.
type Finder struct {
	Chart   *book.Chart
	byName  map[string][]int // folded name, and code with name
	bySound map[string][]int // pinyin, whole and initials
}

// NewFinder makes a finder. spell gives a name's pinyin and its initials.
func NewFinder(chart *book.Chart, spell func(string) (full, initials string)) *Finder {
	f := &Finder{Chart: chart, byName: map[string][]int{}, bySound: map[string][]int{}}
	add := func(to map[string][]int, key string, i int) {
		if key != "" && !slices.Contains(to[key], i) {
			to[key] = append(to[key], i)
		}
	}
	for i, a := range chart.Accounts {
		for _, name := range []string{a.Name.Chinese, a.Name.English} {
			add(f.byName, PlainName(name), i)
			add(f.byName, PlainName(a.Code+name), i)
		}
		full, initials := spell(a.Name.Chinese)
		add(f.bySound, full, i)
		add(f.bySound, initials, i)
	}
	return f
}

// PlainName makes names comparable: brackets, blanks, hyphens and width make no difference.
func PlainName(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.ToLower(decimal.Normal(text)))
}

// separators stand between an account and its detail.
const separators = " -—–_/\\:|·>"

// Found is what a cell means.
type Found struct {
	Account book.Account
	Detail  string         // what stands behind the account: a counterparty
	Told    *fault.Finding // what is wrong, or to be told of how it was read
}

func wrong(key string, args ...any) Found {
	f := fault.Wrong(key, args...)
	return Found{Told: &f}
}

// Find reads a cell, or two: one with the code and one with the name.
func (f *Finder) Find(text, name string) Found {
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
func (f *Finder) both(text, name string) Found {
	a := f.one(text)
	if a.Account.Code == "" {
		return a
	}
	if f.named(a.Account, name) {
		return a
	}
	for _, cut := range cuts(name) {
		if f.named(a.Account, name[:cut]) {
			a.Detail = strings.Trim(name[cut:], separators)
			return a
		}
	}
	if b := f.one(name); b.Account.Code == a.Account.Code {
		if a.Detail == "" {
			a.Detail = b.Detail
		}
		return a
	}
	return wrong("bookfiles.code_and_name", a.Account.Code, a.Account.Name, name)
}

func (f *Finder) named(a book.Account, name string) bool {
	plain := PlainName(name)
	return plain == PlainName(a.Name.Chinese) || plain == PlainName(a.Name.English) ||
		plain == PlainName(a.Code+a.Name.Chinese)
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

func (f *Finder) one(text string) Found {
	if a, ok := f.exactly(text); ok {
		return a
	}
	for _, cut := range slices.Backward(cuts(text)) { // the longest account that is one
		a, ok := f.exactly(text[:cut])
		if !ok || a.Account.Code == "" {
			continue
		}
		rest := strings.Trim(text[cut:], separators)
		if other, known := f.exactly(rest); known && other.Account.Code != a.Account.Code &&
			a.Account.Code == strings.TrimSpace(text[:cut]) {
			return wrong("bookfiles.code_and_name", a.Account.Code, a.Account.Name, rest)
		}
		if !a.Account.PerDetail() {
			return wrong("bookfiles.no_detail", a.Account.Name, rest)
		}
		a.Detail = rest
		return a
	}
	return f.unknown(text)
}

// exactly finds what is an account and nothing else. What is ambiguous is found, with a finding.
func (f *Finder) exactly(text string) (Found, bool) {
	text = strings.TrimSpace(text)
	if a, ok := f.Chart.Account(text); ok {
		return f.bookable(a), true
	}
	if list := f.byName[PlainName(text)]; len(list) > 0 {
		return f.only(text, list, false)
	}
	if strings.IndexFunc(text, func(r rune) bool {
		return r > unicode.MaxASCII ||
			unicode.IsDigit(r)
	}) < 0 {
		if list := f.bySound[PlainName(text)]; len(list) > 0 {
			return f.only(text, list, true)
		}
	}
	return Found{}, false
}

// only takes the one account of a list that may be booked; several are a question.
func (f *Finder) only(text string, list []int, sound bool) (Found, bool) {
	if len(list) > 1 {
		var bookable []int
		for _, i := range list {
			if f.Chart.Bookable(f.Chart.Accounts[i].Code) {
				bookable = append(bookable, i)
			}
		}
		if len(bookable) != 1 {
			return wrong("bookfiles.ambiguous_account", text, f.list(list)), true
		}
		list = bookable
	}
	a := f.bookable(f.Chart.Accounts[list[0]])
	if sound && a.Told == nil {
		told := fault.Told("bookfiles.read_as", text, a.Account.Code, a.Account.Name)
		a.Told = &told
	}
	return a, true
}

// bookable refuses an account that only adds up others.
func (f *Finder) bookable(a book.Account) Found {
	if f.Chart.Bookable(a.Code) {
		return Found{Account: a}
	}
	var below []int
	for i, other := range f.Chart.Accounts {
		if other.Parent == a.Code {
			below = append(below, i)
		}
	}
	return wrong("bookfiles.parent_account", a.Code, a.Name, f.list(below))
}

// unknown names accounts that may have been meant.
func (f *Finder) unknown(text string) Found {
	plain := PlainName(text)
	var like []int
	for i, a := range f.Chart.Accounts {
		if len(like) == likeMax || plain == "" {
			break
		}
		if name := PlainName(a.Name.Chinese); strings.Contains(name, plain) || strings.Contains(plain,
			name) ||
			strings.HasPrefix(a.Code, plain) || len(a.Code) > 1 && strings.HasPrefix(plain, a.Code) {
			like = append(like, i)
		}
	}
	if len(like) == 0 {
		return wrong("bookfiles.unknown_account", text, f.Chart.Title)
	}
	return wrong("bookfiles.unknown_account_like", text, f.Chart.Title, f.list(like))
}

// likeMax is how many accounts are named in place of one that is not known.
const likeMax = 5

func (f *Finder) list(all []int) words.Words {
	return words.Each(func(l words.Language) string {
		texts := make([]string, 0, len(all))
		for _, i := range all {
			a := f.Chart.Accounts[i]
			texts = append(texts, a.Code+" "+a.Name.In(l))
		}
		if l == words.Chinese {
			return strings.Join(texts, "、")
		}
		return strings.Join(texts, ", ")
	})
}

// LabelOf is how an account stands in drop-downs and templates.
func LabelOf(l words.Language, a book.Account) string { return a.Code + " " + a.Name.In(l) }

// Parent finds an account that only adds up others: its row is a sum.
func (f *Finder) Parent(text string) (book.Account, bool) {
	for _, a := range f.Chart.Accounts {
		if plain := PlainName(text); !f.Chart.Bookable(a.Code) && (plain == PlainName(a.Code) ||
			plain == PlainName(a.Code+a.Name.Chinese) || plain == PlainName(a.Code+a.Name.English)) {
			return a, true
		}
	}
	return book.Account{}, false
}

// Above are an account and those it is part of.
func (f *Finder) Above(code string) []string {
	all := []string{code}
	for range len(f.Chart.Accounts) {
		a, _ := f.Chart.Account(code)
		if a.Parent == "" {
			break
		}
		code = a.Parent
		all = append(all, code)
	}
	return all
}
