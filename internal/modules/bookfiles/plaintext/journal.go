package plaintext

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Currency is the commodity of every amount.
const Currency = "CNY"

// Journal is what is written: the books of an organisation from a day to a day.
type Journal struct {
	Language     words.Language
	Organisation string
	Chart        string // title of the chart of accounts
	From, To     period.Date
	Accounts     []book.Account // in the order of the chart
	Opening      []book.Balance // on the morning of From
	Vouchers     iter.Seq2[Voucher, error]
}

// Voucher is a voucher as a journal shows it.
type Voucher struct {
	Date     period.Date
	Number   string // 记-12
	Summary  string
	Source   string // what made it; "" by hand
	Reverses string // number of the voucher it takes back
	Postings []book.Posting
}

// Format is a format of plain-text accounting.
type Format string

// The formats.
const (
	Hledger   Format = "hledger"
	Beancount Format = "beancount"
)

// Formats lists them for pages and commands.
var Formats = []Format{Hledger, Beancount}

// Ending is how names of files of the format end.
func (f Format) Ending() string {
	if f == Beancount {
		return ".beancount"
	}
	return ".journal"
}

// Write writes a journal in a format.
func (f Format) Write(w io.Writer, j Journal) error {
	out := &printer{w: w}
	switch f {
	case Hledger:
		(&hledger{printer: out, journal: j, names: namesOf(j, hledgerName)}).write()
	case Beancount:
		(&beancount{printer: out, journal: j, names: namesOf(j, beancountName)}).write()
	default:
		return fmt.Errorf("plaintext: no format %q", f)
	}
	return out.err
}

// printer keeps the first error, so that writers read like what they write.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// account is an account of the chart with the name it has in the format.
type account struct {
	book.Account
	name string
}

func namesOf(j Journal, name func(words.Language, book.Account) string) map[string]account {
	all := make(map[string]account, len(j.Accounts))
	for _, a := range j.Accounts {
		all[a.Code] = account{a, name(j.Language, a)}
	}
	return all
}

// of finds an account. One that no chart knows is written by its code: it stands in the books.
func of(names map[string]account, code string, name func(words.Language, book.Account) string) account {
	a, ok := names[code]
	if !ok {
		a.Account = book.Account{Code: code, Class: book.Asset}
		a.name = name(words.Chinese, a.Account)
		names[code] = a
	}
	return a
}

// opening are the balances in the order of the chart, then of their details.
func opening(j Journal) []book.Balance {
	order := map[string]int{}
	for i, a := range j.Accounts {
		order[a.Code] = i + 1
	}
	all := slices.Clone(j.Opening)
	slices.SortStableFunc(all, func(a, b book.Balance) int {
		if order[a.Account] != order[b.Account] {
			return order[a.Account] - order[b.Account]
		}
		if c := strings.Compare(a.Account, b.Account); c != 0 {
			return c
		}
		return strings.Compare(a.Counterparty, b.Counterparty)
	})
	return slices.DeleteFunc(all, func(b book.Balance) bool { return b.Amount == 0 })
}

// tied refuses what does not sum to zero.
func tied(what string, amounts iter.Seq[money.Fen]) error {
	var sum money.Fen
	for a := range amounts {
		var err error
		if sum, err = sum.Add(a); err != nil {
			return fmt.Errorf("plaintext: %s: %w", what, err)
		}
	}
	if sum != 0 {
		return fmt.Errorf("plaintext: %s does not sum to zero: %s", what, sum.Plain())
	}
	return nil
}

func amountsOf(list []book.Posting) iter.Seq[money.Fen] {
	return func(yield func(money.Fen) bool) {
		for _, p := range list {
			if !yield(p.Amount) {
				return
			}
		}
	}
}

func balanceAmounts(list []book.Balance) iter.Seq[money.Fen] {
	return func(yield func(money.Fen) bool) {
		for _, b := range list {
			if !yield(b.Amount) {
				return
			}
		}
	}
}

// oneLine makes a text one line: control characters and runs of blanks become a single blank.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "�")), " ")
}

// fact is a named value of a voucher or a posting.
type fact struct{ name, value string }

func facts(p book.Posting, counterparty bool) []fact {
	all := []fact{{"member", p.Member}, {"asset", p.Asset}, {"project", p.Project}, {"fund", p.Fund}}
	if counterparty {
		all = append([]fact{{"counterparty", p.Counterparty}}, all...)
	}
	return given(all)
}

func given(all []fact) []fact {
	return slices.DeleteFunc(all, func(f fact) bool { return oneLine(f.value) == "" })
}

// The words of a journal in both languages.
var (
	openingWord = words.Words{Chinese: "期初余额", English: "Opening balances"}
	openingCode = words.Words{Chinese: "期初", English: "opening"}
	classWords  = map[book.Class]words.Words{
		book.Asset:     {Chinese: "资产", English: "Assets"},
		book.Liability: {Chinese: "负债", English: "Liabilities"},
		book.Equity:    {Chinese: "所有者权益", English: "Equity"},
		book.Cost:      {Chinese: "成本", English: "Costs"},
		book.Income:    {Chinese: "收入", English: "Income"},
		book.Expense:   {Chinese: "费用", English: "Expenses"},
	}
)
