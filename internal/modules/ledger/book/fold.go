package book

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/money"
)

// Fold adds postings up to balances and turnovers. Its answers are sorted by the order of the chart and
// then by counterparty, and leave out what is zero.
type Fold struct {
	chart    *Chart
	balances map[standing]money.Fen
	moved    map[moving]*Turnover
}

// moving is a detail of an account, apart for entries that close.
type moving struct {
	standing
	closing bool
}

// NewFold makes an empty fold for books under a chart.
func NewFold(c *Chart) *Fold {
	return &Fold{chart: c, balances: map[standing]money.Fen{}, moved: map[moving]*Turnover{}}
}

// Open adds a balance that stood before.
func (f *Fold) Open(b Balance) error {
	at, err := f.chart.standing(b.Account, b.Counterparty)
	if err != nil {
		return err
	}
	return f.add(at, b.Amount)
}

// Add adds the postings of one voucher. After an error the fold is not to be used any more.
func (f *Fold) Add(postings []Posting) error {
	closing := f.chart.IsClosing(postings)
	for _, p := range postings {
		at, err := f.chart.standing(p.Account, p.Counterparty)
		if err != nil {
			return err
		}
		if err := f.add(at, p.Amount); err != nil {
			return err
		}
		if err := f.turn(moving{at, closing}, p.turnover()); err != nil {
			return err
		}
	}
	return nil
}

// Move adds turnovers that were added up before.
func (f *Fold) Move(t Turnover) error {
	at, err := f.chart.standing(t.Account, t.Counterparty)
	if err != nil {
		return err
	}
	net := minus(t.Credit)
	net.add(t.Debit)
	amount, err := net.fen()
	if err != nil {
		return err
	}
	if err := f.add(at, amount); err != nil {
		return err
	}
	return f.turn(moving{at, t.Closing}, t)
}

// turnover is what a posting moves: a red line lessens the side other than that of its sign.
func (p Posting) turnover() Turnover {
	t := Turnover{Account: p.Account, Counterparty: p.Counterparty}
	if (p.Amount > 0) != p.Red {
		t.Debit = p.Amount
	} else {
		t.Credit = -p.Amount
	}
	return t
}

func (f *Fold) add(at standing, amount money.Fen) error {
	sum, err := f.balances[at].Add(amount)
	if err != nil {
		return fmt.Errorf("account %s: %w", f.chart.Accounts[at.account].Code, err)
	}
	f.balances[at] = sum
	return nil
}

func (f *Fold) turn(at moving, t Turnover) (err error) {
	sum := f.moved[at]
	if sum == nil {
		sum = &Turnover{Account: f.chart.Accounts[at.account].Code, Counterparty: at.detail,
			Closing: at.closing}
		f.moved[at] = sum
	}
	if sum.Debit, err = sum.Debit.Add(t.Debit); err != nil {
		return err
	}
	sum.Credit, err = sum.Credit.Add(t.Credit)
	return err
}

// Balances are what stands on every account and detail.
func (f *Fold) Balances() []Balance {
	balances := make([]Balance, 0, len(f.balances))
	for at, amount := range f.balances {
		if amount != 0 {
			b := Balance{Account: f.chart.Accounts[at.account].Code, Counterparty: at.detail,
				Amount: amount}
			balances = append(balances, b)
		}
	}
	slices.SortFunc(balances, func(a, b Balance) int {
		return cmp.Or(f.chart.at[a.Account]-f.chart.at[b.Account], cmp.Compare(a.Counterparty,
			b.Counterparty))
	})
	return balances
}

// Turnovers are what moved on every account and detail since the fold was made.
func (f *Fold) Turnovers() []Turnover {
	turnovers := make([]Turnover, 0, len(f.moved))
	for _, t := range f.moved {
		if t.Debit != 0 || t.Credit != 0 {
			turnovers = append(turnovers, *t)
		}
	}
	slices.SortFunc(turnovers, func(a, b Turnover) int {
		if n := cmp.Or(f.chart.at[a.Account]-f.chart.at[b.Account],
			cmp.Compare(a.Counterparty, b.Counterparty)); n != 0 {
			return n
		}
		return cmp.Compare(order(a.Closing), order(b.Closing))
	})
	return turnovers
}

func order(b bool) int {
	if b {
		return 1
	}
	return 0
}
