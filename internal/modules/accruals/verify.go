package accruals

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// checkAll proves that what is noted of months and checks is what the books have, and that no check left
// anything pending at the end of its year.
func (s *Accruals) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return s.host.Store.View(ctx, func(v *store.View) error {
		homes, err := store.All[int64](v, "SELECT DISTINCT home FROM accrual_month ORDER BY home")
		if err != nil {
			return err
		}
		for _, home := range homes {
			if err := checkMonths(v, home, report); err != nil {
				return err
			}
		}
		booked, err := bookedTable.All(v, "ORDER BY home, inventory")
		if err != nil {
			return err
		}
		for _, row := range booked {
			if err := s.checkBooked(v, row, report); err != nil {
				return err
			}
		}
		return nil
	})
}

type noted struct {
	Book    int64     `db:"book"`
	Month   string    `db:"month"`
	Amount  money.Fen `db:"amount"`
	Voucher money.Fen `db:"total"`
}

// checkMonths proves that the voucher of each month sums to its depreciation.
func checkMonths(v *store.View, home int64, report func(fault.Finding)) error {
	list, err := store.All[noted](v, `SELECT m.book AS book, m.month AS month, m.amount AS amount,
		coalesce(w.total, 0) AS total FROM accrual_month m
		LEFT JOIN ledger_voucher w ON w.home = m.home AND w.id = m.voucher AND w.book = m.book
			AND w.status = 'posted' AND w.source = 'depreciation/' || m.month
		WHERE m.home = ? AND m.amount <> coalesce(w.total, 0) ORDER BY m.book, m.month`, home)
	for _, one := range list {
		report(fault.Wrong("accruals.verify.month", fmt.Sprint(home, "/", one.Book), one.Month,
			one.Amount.String(), one.Voucher.String()))
	}
	return err
}

// checkBooked proves that nothing is left pending at the end of the year in which a check was booked.
func (s *Accruals) checkBooked(v *store.View, row Booked, report func(fault.Finding)) error {
	b, err := ledger.Get(v, ledger.Ref{Home: row.Home, ID: row.Book})
	if err != nil {
		return err
	}
	chart, known := s.books.Charts().Get(b.Chart)
	end := period.OfYear(row.Day.Year()).Last()
	if !known || end > s.host.Today() {
		return nil
	}
	pending, has := chart.Role(rolePending)
	if !has {
		return nil
	}
	balances, err := ledger.Balances(v, b.Ref(), end)
	for _, one := range balances {
		if one.Account == pending.Code && one.Amount != 0 {
			report(fault.Wrong("accruals.verify.pending", b.Ref().String(), string(end),
				one.Amount.String()))
		}
	}
	return err
}
