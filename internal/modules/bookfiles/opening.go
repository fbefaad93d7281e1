package bookfiles

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/cells"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// openingPlan is a file of opening balances.
type openingPlan struct {
	balances []book.Balance
	first    int // row that carries them into the book; 0: the file has none
	remarks  map[int][]remark
	finder   *cells.Finder
	rows     map[book.Balance]int // row of an account and detail, the amount left out
	totals   map[string]totalRow  // rows of accounts that add up others
	reader   *planner             // reads amounts
	signed   bool                 // it was told how a balance without a side is read
	wrong    bool
}

// totalRow is a row that adds up: of an account with details, or of a parent. Where it has both sides, they
// are kept apart, as balances with several parties are.
type totalRow struct {
	row           int
	debit, credit money.Fen
}

func newOpeningPlan(f *cells.Finder) *openingPlan {
	p := &openingPlan{finder: f, remarks: map[int][]remark{}, rows: map[book.Balance]int{},
		totals: map[string]totalRow{}}
	p.reader = &planner{plan: &plan{remarks: p.remarks}}
	return p
}

func (p *openingPlan) tell(row int, field string, f fault.Finding) {
	p.remarks[row] = append(p.remarks[row], remark{field, f})
	p.wrong = p.wrong || f.Severity == fault.Error
}

// add takes the next row.
func (p *openingPlan) add(e entry) {
	if p.first == 0 {
		p.first = e.row
	}
	p.wrong = p.wrong || e.bad
	if isSum(e.record) {
		p.tell(e.row, "", fault.Told("bookfiles.sum_row"))
		return
	}
	debit, credit, ok := p.sides(e)
	text, name := e.record.Text("account"), e.record.Text("account_name")
	if !ok || text == "" && name == "" && debit == 0 && credit == 0 {
		return
	}
	for _, one := range []string{text, strings.TrimSpace(text + " " + name)} {
		if a, parent := p.finder.Parent(one); parent && one != "" {
			p.total(e.row, a, debit, credit)
			return
		}
	}
	f := p.finder.Find(text, name)
	if f.Told != nil {
		field := "account"
		if text == "" {
			field = "account_name"
		}
		p.tell(e.row, field, f.Told.Saw(strings.TrimSpace(text+" "+name)))
		if f.Told.Severity == fault.Error {
			return
		}
	}
	p.take(e, f, debit, credit)
}

// take takes the balance of an account that was found, or of one of its details.
func (p *openingPlan) take(e entry, f cells.Found, debit, credit money.Fen) {
	who := p.reader.detail(e, f)
	switch {
	case f.Account.PerDetail() && who == "":
		p.total(e.row, f.Account, debit, credit)
	case debit != 0 && credit != 0:
		p.tell(e.row, "credit", fault.Wrong("bookfiles.both_sides"))
	case debit-credit != 0:
		p.balance(e.row, f.Account, who, debit-credit)
	}
}

// sides reads the balance of a row. Where there is neither a side nor a column for it, what is above zero
// is a debit: the whole file sums to zero then, or is refused.
func (p *openingPlan) sides(e entry) (debit, credit money.Fen, ok bool) {
	if amount, _ := cells.Amount(e.record.Plain("amount")); amount != 0 && !e.record.Given("side") {
		if !p.signed {
			p.signed = true
			p.tell(e.row, "amount", fault.Doubt("bookfiles.signed_balance"))
		}
		if amount < 0 {
			return 0, -amount, true
		}
		return amount, 0, true
	}
	debit, credit, ok = p.reader.sidesOf(e)
	p.wrong = p.wrong || !ok
	return debit, credit, ok
}

func (p *openingPlan) total(row int, a book.Account, debit, credit money.Fen) {
	if debit == 0 && credit == 0 {
		return
	}
	if before, twice := p.totals[a.Code]; twice {
		p.tell(row, "account", fault.Wrong("bookfiles.balance_twice", a.Code, a.Name, "", before.row))
		return
	}
	p.totals[a.Code] = totalRow{row, debit, credit}
}

func (p *openingPlan) balance(row int, a book.Account, who string, amount money.Fen) {
	b := book.Balance{Account: a.Code, Counterparty: who}
	if before, twice := p.rows[b]; twice {
		p.tell(row, "account", fault.Wrong("bookfiles.balance_twice", a.Code, a.Name, who, before))
		return
	}
	if a.Class == book.Income || a.Class == book.Expense {
		p.tell(row, "account", fault.Doubt("bookfiles.balance_of_year", a.Code, a.Name))
	}
	if (amount > 0) != (a.Side == book.Debit) && !a.Detail {
		p.tell(row, "account", fault.Doubt("bookfiles.other_side", a.Code, a.Name))
	}
	p.rows[b] = row
	b.Amount = amount
	p.balances = append(p.balances, b)
}

// finish holds totals against their details, and the whole against zero.
func (p *openingPlan) finish() *openingPlan {
	debits, credits := map[string]money.Fen{}, map[string]money.Fen{}
	var all money.Fen
	for _, b := range p.balances {
		for _, code := range p.finder.Above(b.Account) {
			debits[code] += max(b.Amount, 0) // at most a file of at most AmountMax
			credits[code] -= min(b.Amount, 0)
		}
		all += b.Amount
	}
	for _, code := range slices.Sorted(maps.Keys(p.totals)) {
		p.holdTotal(code, debits[code], credits[code])
	}
	if len(p.balances) == 0 && !p.wrong {
		p.tell(p.first, "debit", fault.Wrong("bookfiles.no_balances"))
	}
	if all != 0 && !p.wrong {
		debit, credit := money.Fen(0), money.Fen(0)
		for _, b := range p.balances {
			debit, credit = debit+max(b.Amount, 0), credit-min(b.Amount, 0)
		}
		p.tell(p.first, "debit", fault.Wrong("bookfiles.opening_unbalanced", debit, credit, all))
	}
	slices.SortFunc(p.balances, func(a, b book.Balance) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Counterparty, b.Counterparty))
	})
	return p
}

// holdTotal holds the row of an account against its details.
func (p *openingPlan) holdTotal(code string, debit, credit money.Fen) {
	t := p.totals[code]
	a, _ := p.finder.Chart.Account(code)
	if said, is := t.debit-t.credit, debit-credit; said != is {
		p.tell(t.row, "debit", fault.Wrong("bookfiles.details_differ", a.Code, a.Name, said, is, said-is))
		return
	}
	if t.debit != 0 && t.credit != 0 && t.debit != debit {
		p.tell(t.row, "debit", fault.Wrong("bookfiles.details_differ", a.Code, a.Name, t.debit, debit,
			t.debit-debit))
	}
}
