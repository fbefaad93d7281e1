package plaintext

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// beancount writes a journal for beancount (2 and 3).
type beancount struct {
	*printer
	journal Journal
	names   map[string]account
}

// beancountRoots are the five roots there are.
var beancountRoots = map[book.Class]string{book.Asset: "Assets", book.Liability: "Liabilities",
	book.Equity: "Equity", book.Cost: "Assets", book.Income: "Income", book.Expense: "Expenses"}

// beancountName is an account's name: beancount takes letters, digits and hyphens.
func beancountName(l words.Language, a book.Account) string {
	parts := strings.FieldsFunc(a.Code+" "+a.Name.In(l), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	name := strings.Join(parts, "-")
	if name == "" || !unicode.IsDigit([]rune(name)[0]) {
		name = "0-" + name
	}
	return beancountRoots[a.Class] + ":" + name
}

// quoted is a string of beancount.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLine(text)) + `"`
}

func (b *beancount) write() {
	j := b.journal
	b.line("option %s %s", quoted("title"), quoted(j.Organisation))
	b.line("option %s %s", quoted("operating_currency"), quoted(Currency))
	b.line("; %s", oneLine(j.Chart))
	b.line("; %s - %s", j.From, j.To)
	b.line("")
	for _, a := range j.Accounts {
		b.open(b.names[a.Code])
	}
	known := maps.Clone(b.names)
	list := opening(j)
	b.opening(list)
	if j.Vouchers != nil {
		for v, err := range j.Vouchers {
			if err != nil {
				b.fail(err)
			} else {
				b.voucher(v)
			}
			if b.err != nil {
				return
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(b.names)) { // directives may come in any order
		if _, there := known[code]; !there {
			b.open(b.names[code])
		}
	}
}

func (b *beancount) open(a account) { b.line("%s open %s %s", b.journal.From, a.name, Currency) }

func (b *beancount) opening(list []book.Balance) {
	if len(list) == 0 {
		return
	}
	if err := tied(openingWord.English, balanceAmounts(list)); err != nil {
		b.fail(err)
		return
	}
	b.line("")
	b.line("%s * %s", b.journal.From, quoted(openingWord.In(b.journal.Language)))
	b.fact("  ", fact{"number", openingCode.In(b.journal.Language)})
	for _, one := range list {
		b.posting(book.Posting{Account: one.Account, Amount: one.Amount,
			Dimensions: book.Dimensions{Counterparty: one.Counterparty}})
	}
}

func (b *beancount) voucher(v Voucher) {
	if err := tied(v.Number+" "+string(v.Date), amountsOf(v.Postings)); err != nil {
		b.fail(err)
		return
	}
	b.line("")
	b.line("%s * %s", v.Date, quoted(v.Summary))
	for _, f := range given([]fact{{"number", v.Number}, {"source", v.Source}, {"reverses", v.Reverses}}) {
		b.fact("  ", f)
	}
	for _, p := range v.Postings {
		b.posting(p)
	}
}

func (b *beancount) posting(p book.Posting) {
	b.line("  %s  %s %s", of(b.names, p.Account, beancountName).name, p.Amount.Plain(), Currency)
	for _, f := range append(facts(p, true), given([]fact{{"note", p.Note}})...) {
		b.fact("    ", f)
	}
}

func (b *beancount) fact(indent string, f fact) { b.line("%s%s: %s", indent, f.name, quoted(f.value)) }
