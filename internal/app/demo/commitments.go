package demo

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// commitmentsEvery is of how many villages one has each of what is made up here; in a whole city of ten times
// as many, so that it is built in time.
const commitmentsEvery = 16

// subsidyAccount is the account on which the books of the demo have subsidies.
const subsidyAccount = "503"

// register is what the collectives of a county owe, lend and were promised, with what is planted in it.
type register struct {
	*City
	commitments.Loaded
	faults []registered
}

// registered is a fault in the register: the number of a commitment, or of a transfer behind them.
type registered struct {
	rule     string
	one      Collective
	at       int
	transfer bool
	facts    []any
}

// commit fills the registers of loans, guarantees and transfers of all counties.
func (c *City) commit(ctx context.Context) error {
	village := 0
	for _, list := range c.byHome() {
		r := &register{City: c, Loaded: commitments.Loaded{Home: list[0].Home}}
		err := c.Host.Store.View(ctx, func(v *store.View) error {
			r.Commitments, r.Transfers, r.faults = nil, nil, nil
			for i, one := range list {
				if err := r.fill(v, one, village+i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := r.load(ctx); err != nil {
			return err
		}
		village += len(list)
	}
	return c.Modules.Commitments.RollUp(ctx)
}

// byHome are the collectives of villages, those of a county together.
func (c *City) byHome() (all [][]Collective) {
	at := map[int64]int{}
	for _, one := range c.Ledger {
		if one.Level != division.Village {
			continue
		}
		if _, known := at[one.Home]; !known {
			at[one.Home] = len(all)
			all = append(all, nil)
		}
		all[at[one.Home]] = append(all[at[one.Home]], one)
	}
	return all
}

// fill makes up what a village has. number is its number among all villages.
func (r *register) fill(v store.Reader, one Collective, number int) error {
	every := commitmentsEvery
	if !r.Scale.Even {
		every *= 10
	}
	d := invent.NewDraw(r.Seed, "commitments", one.Home<<32|one.ID)
	switch number % every {
	case 0, 8:
		r.add("", one, r.loan(d))
	case 1:
		e := r.loan(d)
		e.Decision, e.DecisionBody, e.Decided, e.DecisionValid = "", "", "", false
		r.add("loan_unvoted", one, e)
	case 3:
		e := r.loan(d)
		e.Purpose = "dividends"
		r.add("loan_dividends", one, e)
	case 5:
		r.add("guarantee_given", one, r.guarantee(d))
	case 7:
		r.add("lent_officer", one, r.lending(d))
	case 2, 10:
		return r.booked(v, one)
	case 9:
		r.announce("subsidy_unbooked", one, commitments.Transfer{Document: "财农〔2025〕61号",
			Kind: "revitalisation", Project: "产业配套项目", Amount: yuan(d, 40_000, 300_000) + 37,
			Day: "2025-09-18"})
	}
	return nil
}

// yuan is a round amount.
func yuan(d *invent.Draw, low, high int64) money.Fen {
	return money.Fen(invent.Round(d.Between(low, high), 100) * 100)
}

// loan is a loan as it should be: voted before it was taken, for a productive purpose.
func (r *register) loan(d *invent.Draw) commitments.Entry {
	day := period.Date("2025-02-10").AddDays(int(d.Between(0, 200)))
	return commitments.Entry{Commitment: commitments.Commitment{Kind: commitments.Loan,
		Party: "农村商业银行", PartyKind: "bank", Purpose: "facilities", Amount: yuan(d, 50_000, 400_000),
		Rate: d.Between(345, 480), Day: day, Due: day.AddMonths(36),
		Decision:     fmt.Sprintf("成员代表大会决议〔2025〕%d号", d.Between(1, 30)),
		DecisionBody: "representatives", Decided: day.AddDays(-15), DecisionValid: true}}
}

func (r *register) guarantee(d *invent.Draw) commitments.Entry {
	return commitments.Entry{Commitment: commitments.Commitment{Kind: commitments.Guarantee,
		Party: "顺达建材有限公司", PartyKind: "enterprise", Creditor: "农村商业银行",
		Amount: yuan(d, 200_000, 900_000), Day: period.Date("2025-04-01").AddDays(int(d.Between(0, 90))),
		Pledge: "村集体仓库"}}
}

func (r *register) lending(d *invent.Draw) commitments.Entry {
	return commitments.Entry{Commitment: commitments.Commitment{Kind: commitments.Lending,
		Party: invent.NewPerson(d).Name, PartyKind: "officer", Related: true,
		Amount: yuan(d, 5_000, 40_000), Day: period.Date("2025-05-01").AddDays(int(d.Between(0, 90)))}}
}

// booked announces what the books of a village have as subsidies, some days before each was booked.
func (r *register) booked(v store.Reader, one Collective) error {
	books, err := ledger.BooksOf(v, one.Ref)
	if err != nil || len(books) == 0 {
		return err
	}
	lines, _, err := ledger.PostingsOf(v, ledger.Lines{Book: books[0].Ref(), Account: subsidyAccount,
		Limit: 4})
	for i, l := range lines {
		if l.Amount < 0 && l.Date > "2025-01-20" {
			r.announce("", one, commitments.Transfer{Document: fmt.Sprintf("财农〔2025〕%d号", 10+i),
				Kind: "collective_economy", Amount: -l.Amount, Day: l.Date.AddDays(-6)})
		}
	}
	return err
}

// add enters a commitment; a rule names what is wrong with it.
func (r *register) add(rule string, one Collective, e commitments.Entry) {
	e.Organisation, e.Place = one.ID, one.Place
	e.Number = fmt.Sprintf("DM-%d", len(r.Commitments)+1)
	if rule != "" {
		r.faults = append(r.faults, registered{rule: rule, one: one, at: len(r.Commitments),
			facts: []any{e.Party, e.Amount.String(), string(e.Day)}})
	}
	r.Commitments = append(r.Commitments, e)
}

// announce enters a transfer; a rule names what is wrong with it.
func (r *register) announce(rule string, one Collective, t commitments.Transfer) {
	t.Organisation, t.Place = one.ID, one.Place
	if rule != "" {
		r.faults = append(r.faults, registered{rule: rule, one: one, at: len(r.Transfers), transfer: true,
			facts: []any{t.Document, t.Amount.String(), string(t.Day)}})
	}
	r.Transfers = append(r.Transfers, t)
}

// load enters the register, matches it as the night would, and writes down what is planted.
func (r *register) load(ctx context.Context) error {
	ids, err := r.Modules.Commitments.Load(ctx, r.Loaded)
	if err != nil {
		return err
	}
	if _, err := r.Modules.Commitments.MatchAll(ctx, r.Home); err != nil {
		return err
	}
	return r.Host.Store.View(ctx, func(v *store.View) error {
		for _, f := range r.faults {
			page := "/commitments/%d/%d"
			if f.transfer {
				page, f.at = "/transfers/%d/%d", f.at+len(r.Commitments)
			}
			err := r.answerOf(v, f.rule, f.one, fmt.Sprintf(page, r.Home, ids[f.at]), f.facts...)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
