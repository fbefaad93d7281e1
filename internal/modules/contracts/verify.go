package contracts

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/contracts/ageing"
	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// proveSome is how many contracts are proved at a time.
const proveSome = 2000

// checkAll proves the invariants of all contracts again.
func (s *Contracts) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return s.host.Store.View(ctx, func(v *store.View) error {
		received, err := sums(v, ageing.Received)
		if err != nil {
			return err
		}
		written, err := sums(v, ageing.Written)
		if err != nil {
			return err
		}
		strays, err := sums(v, ageing.Strays)
		if err != nil {
			return err
		}
		for ref := range strays {
			report(fault.Wrong("contracts.verify.unpaid", ref.String()))
		}
		homes, err := store.All[int64](v, "SELECT DISTINCT home FROM contract ORDER BY home")
		if err != nil {
			return err
		}
		for _, home := range homes {
			for after := int64(0); ; {
				list, err := contractTable.All(v, "WHERE home = ? AND id > ? ORDER BY id LIMIT ?", home,
					after, proveSome)
				if err != nil {
					return err
				}
				if len(list) == 0 {
					break
				}
				last := list[len(list)-1].ID
				dues, err := duesBetween(v, home, after, last)
				if err != nil {
					return err
				}
				if err := s.proveDeposits(v, home, after, last, report); err != nil {
					return err
				}
				for _, c := range list {
					p := proof{s, c, dues[c.ID], report}
					p.row(received[c.Ref()])
					p.dues(written[c.Ref()])
				}
				after = last
			}
		}
		return nil
	})
}

// proveDeposits proves that no contract after one up to another gave more of its deposit away than it had.
func (s *Contracts) proveDeposits(v *store.View, home, after, last int64,
	report func(fault.Finding)) error {
	moves, err := depositTable.All(v,
		"WHERE home = ? AND contract > ? AND contract <= ? ORDER BY contract, id",
		home, after, last)
	if err != nil {
		return err
	}
	held, told := map[int64]money.Fen{}, map[int64]bool{}
	for _, m := range moves {
		if held[m.Contract] += record.Held([]Deposit{m}); held[m.Contract] < 0 && !told[m.Contract] {
			told[m.Contract] = true
			report(fault.Wrong("contracts.verify.deposit", Ref{home, m.Contract}.String()))
		}
	}
	return nil
}

// duesBetween are the instalments of contracts after one up to another, by contract.
func duesBetween(r store.Reader, home, after, last int64) (map[int64][]DueRow, error) {
	list, err := dueTable.All(r, `WHERE home = ? AND contract > ? AND contract <= ?
		ORDER BY contract, day, number`, home, after, last)
	all := map[int64][]DueRow{}
	for _, row := range list {
		all[row.Contract] = append(all[row.Contract], row)
	}
	return all, err
}

// sums are the amounts of a statement by contract.
func sums(r store.Reader, text string) (map[Ref]money.Fen, error) {
	list, err := store.All[ageing.Sum](r, text)
	all := map[Ref]money.Fen{}
	for _, one := range list {
		all[Ref{one.Home, one.Contract}] = one.Amount
	}
	return all, err
}

// proof proves one contract.
type proof struct {
	s      *Contracts
	c      Contract
	rows   []DueRow
	report func(fault.Finding)
}

// row proves that what is computed on the row is what its terms and payments say.
func (p proof) row(received money.Fen) {
	again := p.c
	if phases := p.c.Phases(); len(phases) == 0 || again.settle(phases) != nil {
		p.report(fault.Wrong("contracts.verify.terms", p.c.Ref().String()))
		return
	}
	if again != p.c {
		p.report(fault.Wrong("contracts.verify.row", p.c.Ref().String()))
	}
	if received != p.c.Received {
		p.report(fault.Wrong("contracts.verify.received", p.c.Ref().String(), p.c.Received.String(),
			received.String()))
	}
}

// dues proves that the instalments are those of the schedule and are settled oldest first.
func (p proof) dues(written money.Fen) {
	plan, err := schedule.Plan(p.c.Phases())
	if err != nil {
		return // told already
	}
	for _, f := range record.Prove(p.rows, plan, p.c.Received, written, p.c.Ref().String()) {
		p.report(f)
	}
	for _, row := range p.rows {
		if row.Amount != row.Booked && p.bookable(row) {
			p.report(fault.Doubt("contracts.verify.unbooked", p.c.Ref().String(), row.Number))
		}
	}
}

// bookable reports whether an instalment that is not booked should be: contracts of its kind are.
func (p proof) bookable(row DueRow) bool {
	return p.s.codes.Load().kinds[p.c.Kind].Booked() && row.Bookings > 0
}
