package bookfiles

import (
	"cmp"
	"maps"
	"slices"

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
	wrong    bool
}

// totalRow is a row that adds up: of an account with details, or of a parent.
type totalRow struct {
	row    int
	amount money.Fen
}

func newOpeningPlan(f *cells.Finder) *openingPlan {
	return &openingPlan{finder: f, remarks: map[int][]remark{}, rows: map[book.Balance]int{},
		totals: map[string]totalRow{}}
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
	amount, ok := p.amount(e)
	text := e.record.Text("account")
	if !ok || text == "" {
		return
	}
	a, parent := p.finder.Parent(text)
	if parent {
		if amount != 0 {
			p.total(e.row, a, amount)
		}
		return
	}
	f := p.finder.Find(text, "")
	if f.Told != nil {
		p.tell(e.row, "account", f.Told.Saw(text))
		if f.Told.Severity == fault.Error {
			return
		}
	}
	who := (&planner{}).detail(e, f)
	if amount == 0 {
		return
	}
	if f.Account.PerDetail() && who == "" {
		p.total(e.row, f.Account, amount)
		return
	}
	p.balance(e.row, f.Account, who, amount)
}

func (p *openingPlan) amount(e entry) (money.Fen, bool) {
	reader := &planner{plan: &plan{remarks: p.remarks}}
	debit, ok1 := reader.read(e, "debit")
	credit, ok2 := reader.read(e, "credit")
	if !ok1 || !ok2 {
		p.wrong = true
		return 0, false
	}
	if debit != 0 && credit != 0 {
		p.tell(e.row, "credit", fault.Wrong("bookfiles.both_sides"))
		return 0, false
	}
	return debit - credit, true
}

func (p *openingPlan) total(row int, a book.Account, amount money.Fen) {
	if before, twice := p.totals[a.Code]; twice {
		p.tell(row, "account", fault.Wrong("bookfiles.balance_twice", a.Code, a.Name, "", before.row))
		return
	}
	p.totals[a.Code] = totalRow{row, amount}
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
	sums := map[string]money.Fen{}
	var all money.Fen
	for _, b := range p.balances {
		for _, code := range p.finder.Above(b.Account) {
			sums[code] += b.Amount // at most a file of at most AmountMax
		}
		all += b.Amount
	}
	for _, code := range slices.Sorted(maps.Keys(p.totals)) {
		t := p.totals[code]
		a, _ := p.finder.Chart.Account(code)
		if sums[code] != t.amount {
			p.tell(t.row, "debit", fault.Wrong("bookfiles.details_differ", a.Code, a.Name, t.amount,
				sums[code],
				t.amount-sums[code]))
		}
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
