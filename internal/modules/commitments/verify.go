package commitments

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// checkAll proves the invariants of the register again, home by home.
func (s *Commitments) checkAll(ctx context.Context, report func(fault.Finding)) error {
	homes, err := s.homes(ctx)
	if err != nil {
		return err
	}
	return s.host.Store.View(ctx, func(v *store.View) error {
		for _, home := range homes {
			p := proof{s, v, home, report, map[takenKey][]taken{}}
			if err := p.commitments(); err != nil {
				return err
			}
			if err := p.transfers(); err != nil {
				return err
			}
			if err := p.vouchers(); err != nil {
				return err
			}
		}
		return nil
	})
}

// takenKey names what is taken of: a voucher, on the accounts of a role.
type takenKey struct {
	voucher int64
	role    string
}

// taken is what one row takes of a voucher, and the day it has from it.
type taken struct {
	ref          Ref
	organisation int64
	amount       money.Fen
	day          period.Date
}

// proof proves the register of a home, and collects on its way what is taken of vouchers.
type proof struct {
	s      *Commitments
	r      store.Reader
	home   int64
	report func(fault.Finding)
	taken  map[takenKey][]taken
}

// commitments proves that what is settled is the sum of the repayments, and the state follows from it.
func (p *proof) commitments() error {
	rows, err := repaymentTable.All(p.r, "WHERE home = ? ORDER BY commitment, id", p.home)
	if err != nil {
		return err
	}
	repaid := map[int64][]Repayment{}
	for _, row := range rows {
		repaid[row.Commitment] = append(repaid[row.Commitment], row)
	}
	for c, err := range commitmentTable.Each(p.r, "WHERE home = ? ORDER BY id", p.home) {
		if err != nil {
			return err
		}
		p.commitment(c, repaid[c.ID])
		delete(repaid, c.ID)
	}
	for id := range repaid {
		p.report(fault.Wrong("commitments.verify.orphan", Ref{p.home, id}.String()))
	}
	return nil
}

func (p *proof) commitment(c Commitment, list []Repayment) {
	ref := refOf(c)
	var sum money.Fen
	for _, row := range list {
		sum += row.Amount
		if row.Amount <= 0 || (row.Voucher != 0) != (row.Manner == record.Booked) {
			p.report(fault.Wrong("commitments.verify.repayment", ref.String(), row.ID))
		}
		if row.Voucher != 0 {
			key := takenKey{row.Voucher, roleOf[c.Kind]}
			p.taken[key] = append(p.taken[key], taken{ref, c.Organisation, row.Amount, row.Day})
		}
	}
	if sum != c.Settled || c.Settled > c.Amount || c.Kind == Guarantee && len(list) > 0 {
		p.report(fault.Wrong("commitments.verify.settled", ref.String(), c.Settled.String(), sum.String()))
	}
	again := c
	again.Settled = sum
	again.Balance(list)
	if c.State != again.State || c.Ended != again.Ended ||
		(c.State == Standing) != (c.Ended == period.Open) {
		p.report(fault.Wrong("commitments.verify.state", ref.String()))
	}
}

// transfers proves that a transfer is booked exactly when it names a voucher.
func (p *proof) transfers() error {
	for t, err := range transferTable.Each(p.r, "WHERE home = ? ORDER BY id", p.home) {
		if err != nil {
			return err
		}
		booked := t.Course == Matched
		if booked != (t.Voucher != 0) || booked != (t.Booked != "") || booked != (t.Manner != "") ||
			booked && t.Booked < t.Day {
			p.report(fault.Wrong("commitments.verify.course", refOfTransfer(t).String()))
		}
		if booked {
			key := takenKey{t.Voucher, roleTransfer}
			p.taken[key] = append(p.taken[key], taken{refOfTransfer(t), t.Organisation, t.Amount, t.Booked})
		}
	}
	return nil
}

// vouchers proves that what is kept as taken of a voucher is what rows take, and not more than it moved.
func (p *proof) vouchers() error {
	rows, err := takenTable.All(p.r, "WHERE home = ? ORDER BY voucher, role", p.home)
	if err != nil {
		return err
	}
	for _, row := range rows {
		key := takenKey{row.Voucher, row.Role}
		var sum money.Fen
		for _, one := range p.taken[key] {
			sum += one.amount
		}
		if sum != row.Amount {
			p.report(fault.Wrong("commitments.verify.taken", row.Voucher, row.Amount.String(),
				sum.String()))
		}
		if sum > 0 {
			if err := p.voucher(key, max(sum, row.Amount)); err != nil {
				return err
			}
		}
		delete(p.taken, key)
	}
	var left []int64 // taken and kept nowhere
	for key := range p.taken {
		left = append(left, key.voucher)
	}
	slices.Sort(left)
	for _, voucher := range left {
		p.report(fault.Wrong("commitments.verify.taken", voucher, money.Fen(0).String(), "?"))
	}
	return nil
}

// voucher proves what rows take of one voucher: it is of their organisation, has their day, and moved
// as much.
func (p *proof) voucher(key takenKey, amount money.Fen) error {
	all := p.taken[key]
	moved, day, err := p.s.offered(p.r, ledger.VoucherRef{Home: p.home, ID: key.voucher},
		claim{owner: registry.Ref{Home: p.home, ID: all[0].organisation}, role: key.role})
	switch {
	case fault.Is(err, fault.Conflict): // often reversed: the nightly run undoes what rests on it
		p.report(fault.Doubt("commitments.verify.voucher", all[0].ref.String(), key.voucher))
		return nil
	case err != nil:
		return err
	}
	if amount > moved {
		p.report(fault.Wrong("commitments.verify.moved", key.voucher, amount.String(), moved.String()))
	}
	for _, one := range all {
		if one.organisation != all[0].organisation {
			p.report(fault.Wrong("commitments.verify.voucher", one.ref.String(), key.voucher))
		}
		if one.day != day {
			p.report(fault.Wrong("commitments.verify.day", one.ref.String(), string(one.day), string(day)))
		}
	}
	return nil
}
