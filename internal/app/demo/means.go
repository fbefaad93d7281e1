package demo

import (
	"slices"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/tally"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// bookedYear is the year whose books every collective has.
const bookedYear = checkYear

// accountsOf are the accounts of the forms whose balances stand on no card.
var accountsOf = map[string]struct {
	account string
	detail  bool
	owed    bool // stands on the credit side
}{
	"money":      {account: "102"},
	"receivable": {account: "112", detail: true},
	"payable":    {account: "211", detail: true, owed: true},
	"welfare":    {account: "213", owed: true},
	"special":    {account: "241", owed: true},
}

// closingOf is the balance of a row of the check that stands on no card; false: it has none.
func closingOf(form, name, debtor string, amount money.Fen) (book.Balance, bool) {
	at, known := accountsOf[form]
	if !known || amount == 0 {
		return book.Balance{}, false
	}
	b := book.Balance{Account: at.account, Amount: amount}
	switch {
	case name == "库存现金":
		b.Account = "101"
	case debtor == "member":
		b.Account = "113"
	}
	if at.detail {
		b.Counterparty = name
	}
	if at.owed {
		b.Amount = -amount
	}
	return b, true
}

// sources is what the books of a county's collectives are made up from.
type sources struct {
	chart  *book.Chart
	county int                       // of those that have books, by the order in which they got them
	rows   map[int64][]inventory.Row // of the check of the year, by collective
	// lettings are the cards met on the way that are let under a contract.
	lettings []letting
}

// rowsOf reads what the teams of a county found that stands on no card.
func (c *City) rowsOf(r store.Reader, home int64) (map[int64][]inventory.Row, error) {
	all := map[int64][]inventory.Row{}
	checks, err := inventory.OfYear(r, home, bookedYear)
	if err != nil {
		return nil, err
	}
	for _, check := range checks {
		rows, err := inventory.RowsOf(r, check.Ref())
		if err != nil {
			return nil, err
		}
		all[check.Organisation] = slices.DeleteFunc(rows,
			func(w inventory.Row) bool { return w.Asset != 0 })
	}
	return all, nil
}

// meansOf is what a year of a collective's business is made up from: its cards, and the balances that
// its check found; where it was not counted yet they are made up as a team would enter them.
func (c *City) meansOf(r store.Reader, from *sources, one Collective) (invent.Means, error) {
	m := invent.Means{Level: one.Level, Year: bookedYear}
	for _, w := range from.rows[one.ID] {
		if b, ok := closingOf(w.Form, w.Name, w.Details()["debtor"], w.Book); ok {
			m.Closing = append(m.Closing, b)
		}
	}
	if len(m.Closing) == 0 {
		made := &tally.Tally{Draw: invent.NewDraw(c.Seed, "balances", one.Home<<32|one.ID),
			Level: one.Level}
		made.EnterBalances()
		for _, e := range made.Found {
			if b, ok := closingOf(e.Form, e.Name, e.Detail["debtor"], e.Book); ok {
				m.Closing = append(m.Closing, b)
			}
		}
	}
	cards, err := assets.OfOrganisation(r, one.Home, one.ID, "", cardsRead)
	for _, a := range cards {
		from.addCard(&m, a)
		if signable(a) {
			from.lettings = append(from.lettings, letting{card: a, owner: one,
				draw: invent.NewDraw(c.Seed, "contract", a.Home<<32|a.ID)})
		}
	}
	return m, err
}

// cardsRead is more than a collective of the demo has cards.
const cardsRead = 1000

// addCard adds a card that stood in the books at the end of the year. What is in dispute stands in none.
func (from *sources) addCard(m *invent.Means, a assets.Asset) {
	last := period.NewDate(bookedYear, 12, 31)
	if a.AnnualFee > 0 && a.User != "" && (a.UseState == "leased" || a.UseState == "contracted") {
		m.Lets = append(m.Lets, invent.Let{What: a.Name, Tenant: a.User, Fee: a.AnnualFee})
	}
	at, known := from.chart.AssetAccounts(a.Form, string(a.Class))
	if !known || a.Cost == 0 || a.Title != assets.Clear || a.Acquired > last {
		return
	}
	m.Closing = append(m.Closing, book.Balance{Account: at.Cost, Amount: a.Cost})
	before := a.Accumulated(period.NewDate(bookedYear-1, 12, 31))
	if a.Acquired.Valid() && a.Acquired.Year() == bookedYear {
		before = 0
		p := book.Posting{Account: at.Cost, Amount: a.Cost}
		p.Asset = registry.Ref(a.Ref()).String()
		m.Bought = append(m.Bought, p)
	}
	if at.Accumulated == "" {
		return
	}
	m.Closing = append(m.Closing, book.Balance{Account: at.Accumulated, Amount: -a.Accumulated(last)})
	for month := 1; month <= 12; month++ {
		now := a.Accumulated(period.NewDate(bookedYear, 1, 1).AddMonths(month).AddDays(-1))
		m.Wear = append(m.Wear, invent.Wear{Month: month, Expense: at.Expense, Accumulated: at.Accumulated,
			Amount: now - before})
		before = now
	}
}
