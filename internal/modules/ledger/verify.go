package ledger

import (
	"bytes"
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// checks prove the invariants again over the whole database.
func (l *Ledger) checks() []manifest.Check {
	return []manifest.Check{
		{Name: "ledger.check_vouchers", Run: l.checkVouchers},
		{Name: "ledger.check_numbers", Run: l.checkNumbers},
		{Name: "ledger.check_balances", Run: l.checkBalances},
		{Name: "ledger.check_reversals", Run: l.checkReversals},
		{Name: "ledger.check_periods", Run: l.checkPeriods},
	}
}

// verified is how many vouchers, or books, are held against their rows at a time.
const verified = 1000

// checkVouchers proves that every posted voucher sums to zero, that its hash is that of its postings,
// that they are in its book on its day, and that another person checked it.
func (l *Ledger) checkVouchers(ctx context.Context, report func(fault.Finding)) error {
	return l.host.Store.View(ctx, func(v *store.View) error {
		homes, err := store.All[int64](v, "SELECT DISTINCT home FROM ledger_voucher ORDER BY home")
		if err != nil {
			return err
		}
		for _, home := range homes {
			for after := int64(0); ; {
				list, err := vouchers.All(v, "WHERE home = ? AND id > ? ORDER BY id LIMIT ?", home, after,
					verified)
				if err != nil {
					return err
				}
				if len(list) == 0 {
					break
				}
				if err := checkSome(v, list, report); err != nil {
					return err
				}
				after = list[len(list)-1].ID
			}
		}
		return orphans(v, report)
	})
}

func checkSome(v *store.View, list []Voucher, report func(fault.Finding)) error {
	lines, err := postings.All(v, "WHERE home = ? AND voucher >= ? AND voucher <= ? ORDER BY voucher, line",
		list[0].Home, list[0].ID, list[len(list)-1].ID)
	if err != nil {
		return err
	}
	for i := range list {
		n := 0
		for n < len(lines) && lines[n].Voucher == list[i].ID {
			n++
		}
		for _, key := range record.Broken(&list[i], lines[:n]) {
			report(fault.Wrong(key, list[i].Home, list[i].ID))
		}
		lines = lines[n:]
	}
	return nil
}

// place names something of a book in a finding.
type place struct {
	Home int64  `db:"home"`
	Book int64  `db:"book"`
	What string `db:"what"`
}

// tellEach reports every row of a query under a key.
func tellEach(v *store.View, report func(fault.Finding), key, text string) error {
	for row, err := range store.Each[place](v, text) {
		if err != nil {
			return err
		}
		report(fault.Finding{Severity: fault.Error, Key: key, Args: []any{row.Home, row.Book, row.What}})
	}
	return nil
}

// orphans finds lines without a voucher and vouchers without a book, or outside its days.
func orphans(v *store.View, report func(fault.Finding)) error {
	if err := tellEach(v, report, "ledger.check.orphan", `SELECT p.home AS home, p.book AS book,
		p.date AS what FROM ledger_posting p
		LEFT JOIN ledger_voucher v ON v.home = p.home AND v.id = p.voucher WHERE v.id IS NULL`); err != nil {
		return err
	}
	return tellEach(v, report, "ledger.check.orphan", `SELECT v.home AS home, v.book AS book, v.date AS what
		FROM ledger_voucher v LEFT JOIN ledger_book b ON b.home = v.home AND b.id = v.book
			AND b.begins <= v.date AND b.ends > v.date WHERE b.id IS NULL`)
}

// checkNumbers proves that the numbers of every book, month and series are 1 to the last one given.
func (l *Ledger) checkNumbers(ctx context.Context, report func(fault.Finding)) error {
	return l.host.Store.View(ctx, func(v *store.View) error {
		if err := tellEach(v, report, "ledger.check.number", `SELECT home, book, month AS what
			FROM ledger_voucher WHERE number > 0 GROUP BY home, book, month, series
			HAVING count(*) <> max(number) OR min(number) <> 1`); err != nil {
			return err
		}
		return tellEach(v, report, "ledger.check.number", `SELECT home, book, month AS what FROM (
			SELECT home, book, month, series, last FROM ledger_number UNION ALL
			SELECT home, book, month, series, -max(number) FROM ledger_voucher WHERE number > 0
				GROUP BY home, book, month, series) both_sides
			GROUP BY home, book, month, series HAVING sum(last) <> 0`)
	})
}

// checkBalances proves that turnovers are the sums of the postings, the first opening what was entered,
// and every later one what the year before ended with.
func (l *Ledger) checkBalances(ctx context.Context, report func(fault.Finding)) error {
	return l.host.Store.View(ctx, func(v *store.View) error {
		if err := tellEach(v, report, "ledger.check.turnover", turnoversDiffer); err != nil {
			return err
		}
		if err := tellEach(v, report, "ledger.check.opening", openingsDiffer); err != nil {
			return err
		}
		homes, err := homesOf(v)
		if err != nil {
			return err
		}
		for _, home := range homes {
			if err := checkOpenings(v, home, report); err != nil {
				return err
			}
		}
		return nil
	})
}

const turnoversDiffer = `SELECT home, book, account AS what FROM (
	SELECT home, book, account, month, counterparty, closing, debit, credit FROM ledger_turnover
	UNION ALL
	SELECT home, book, account, substr(date, 1, 7), CASE WHEN detailed THEN counterparty ELSE '' END, closing,
		CASE WHEN (amount > 0) <> red THEN -amount ELSE 0 END,
		CASE WHEN (amount > 0) <> red THEN 0 ELSE amount END FROM ledger_posting) both_sides
	GROUP BY home, book, account, month, counterparty, closing HAVING sum(debit) <> 0 OR sum(credit) <> 0`

const openingsDiffer = `SELECT home, book, account AS what FROM (
	SELECT o.home AS home, o.book AS book, o.year AS year, o.account AS account,
		o.counterparty AS counterparty, o.amount AS amount
		FROM ledger_opening o JOIN ledger_book b ON b.home = o.home AND b.id = o.book
		WHERE o.year > CAST(substr(b.begins, 1, 4) AS BIGINT)
	UNION ALL
	SELECT o.home, o.book, o.year + 1, o.account, o.counterparty, -o.amount
		FROM ledger_opening o JOIN ledger_book b ON b.home = o.home AND b.id = o.book
		WHERE o.year <= b.year_closed
	UNION ALL
	SELECT t.home, t.book, t.year + 1, t.account, t.counterparty, t.credit - t.debit
		FROM ledger_turnover t JOIN ledger_book b ON b.home = t.home AND b.id = t.book
		WHERE t.year <= b.year_closed) both_sides
	GROUP BY home, book, year, account, counterparty HAVING sum(amount) <> 0`

// checkOpenings holds what was entered as the first opening against the hash the book keeps of it.
func checkOpenings(v *store.View, home int64, report func(fault.Finding)) error {
	for after := int64(0); ; {
		list, err := InHome(v, home, after, verified)
		if err != nil || len(list) == 0 {
			return err
		}
		last := list[len(list)-1].ID
		rows, err := openings.All(v, "WHERE home = ? AND book > ? AND book <= ?", home, after, last)
		if err != nil {
			return err
		}
		first := map[int64][]record.OpeningRow{}
		begins := map[int64]int{}
		for _, b := range list {
			begins[b.ID] = b.From.Year()
		}
		for _, row := range rows {
			if row.Year == begins[row.Book] {
				first[row.Book] = append(first[row.Book], row)
			}
		}
		for _, b := range list {
			if b.Opening && record.SealOpening(first[b.ID]) != b.OpeningHash || !b.Opening &&
				len(first[b.ID]) > 0 {
				report(fault.Wrong("ledger.check.opening", b.Home, b.ID, string(b.From)))
			}
		}
		after = last
	}
}

// checkReversals proves that what is reversed is so once, and line by line.
func (l *Ledger) checkReversals(ctx context.Context, report func(fault.Finding)) error {
	return l.host.Store.View(ctx, func(v *store.View) error {
		if err := tellEach(v, report, "ledger.check.reversal", `SELECT r.home AS home, r.book AS book,
			r.month AS what FROM ledger_voucher r
			LEFT JOIN ledger_voucher o ON o.home = r.home AND o.id = r.reverses AND o.book = r.book
			WHERE r.reverses <> 0 AND r.number > 0 AND (o.id IS NULL OR o.reversed_by <> r.id)`); err != nil {
			return err
		}
		if err := tellEach(v, report, "ledger.check.reversal", `SELECT o.home AS home, o.book AS book,
			o.month AS what FROM ledger_voucher o
			LEFT JOIN ledger_voucher r ON r.home = o.home AND r.id = o.reversed_by AND r.number > 0
			WHERE o.reversed_by <> 0 AND (r.id IS NULL OR r.reverses <> o.id)`); err != nil {
			return err
		}
		return tellEach(v, report, "ledger.check.reversal", `SELECT o.home AS home, o.book AS book,
			o.month AS what FROM ledger_voucher o
			JOIN ledger_posting a ON a.home = o.home AND a.voucher = o.id
			LEFT JOIN ledger_posting b ON b.home = o.home AND b.voucher = o.reversed_by AND b.line = a.line
				AND b.account = a.account AND b.amount = -a.amount AND b.red <> a.red
				AND b.counterparty = a.counterparty
			WHERE o.reversed_by <> 0 AND b.line IS NULL`)
	})
}

// checkPeriods proves that closed months are as they were when they were closed, in their vouchers and, of
// the last one, in its statements.
func (l *Ledger) checkPeriods(ctx context.Context, report func(fault.Finding)) error {
	return l.host.Store.View(ctx, func(v *store.View) error {
		homes, err := homesOf(v)
		if err != nil {
			return err
		}
		for _, home := range homes {
			if err := l.checkHome(v, home, report); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *Ledger) checkHome(v *store.View, home int64, report func(fault.Finding)) error {
	for after := int64(0); ; {
		list, err := InHome(v, home, after, verified)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		byID := map[int64]Book{}
		ids := make([]int64, len(list))
		for i, b := range list {
			ids[i], byID[b.ID] = b.ID, b
		}
		in, args := among("book", ids)
		acts, err := periods.All(v, "WHERE home = ? AND "+in+" ORDER BY month, book, act",
			slices.Concat([]any{home}, args)...)
		if err != nil {
			return err
		}
		if err := checkActs(v, byID, acts, report); err != nil {
			return err
		}
		if err := l.checkSheets(v, list, report); err != nil {
			return err
		}
	}
}

// checkActs holds what was done to months against what the books say and the vouchers are. The acts come
// by month.
func checkActs(v *store.View, all map[int64]Book, acts []PeriodAct, report func(fault.Finding)) error {
	closed := map[int64]int{}
	for len(acts) > 0 {
		n := 1
		for n < len(acts) && acts[n].Month == acts[0].Month {
			n++
		}
		last := map[int64]PeriodAct{}
		for _, a := range acts[:n] {
			last[a.Book] = a
		}
		var ids []int64
		for id, a := range last {
			b := all[id]
			if (a.Kind == MonthClosed) != (a.Month <= b.Closed) {
				report(fault.Wrong("ledger.check.period", b.Home, b.ID, a.Month))
			}
			if a.Kind == MonthClosed {
				ids = append(ids, id)
				closed[id]++
			}
		}
		slices.Sort(ids)
		if len(ids) > 0 {
			seals, err := monthSeals(v, acts[0].Home, acts[0].Month, ids)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if seals[id] != last[id].Hash {
					report(fault.Wrong("ledger.check.period", acts[0].Home, id, acts[0].Month))
				}
			}
		}
		acts = acts[n:]
	}
	for id, b := range all {
		if closed[id] != b.MonthsClosed() {
			report(fault.Wrong("ledger.check.period", b.Home, id, b.Closed))
		}
	}
	return nil
}

// checkSheets evaluates the statements of each book's last closed month again.
func (l *Ledger) checkSheets(v *store.View, list []Book, report func(fault.Finding)) error {
	byMonth := map[string][]Book{}
	for _, b := range list {
		if b.Closed != "" {
			byMonth[b.Closed] = append(byMonth[b.Closed], b)
		}
	}
	for month, some := range byMonth {
		p, err := period.Parse(month)
		if err != nil {
			return err
		}
		c := &closing{l: l, home: some[0].Home, month: p}
		moved, err := c.movements(v, some)
		if err != nil {
			return err
		}
		ids := make([]int64, len(some))
		for i, b := range some {
			ids[i] = b.ID
		}
		in, args := among("book", ids)
		kept, err := sheets.All(v, "WHERE home = ? AND month = ? AND "+in,
			slices.Concat([]any{c.home, month}, args)...)
		if err != nil {
			return err
		}
		cells := map[int64][]byte{}
		for _, row := range kept {
			cells[row.Book] = row.Cells
		}
		for _, b := range some {
			sheet, _, err := l.sheetOf(b, p, moved[b.ID])
			if err != nil {
				return err
			}
			if !bytes.Equal(sheet.Cells, cells[b.ID]) {
				report(fault.Wrong("ledger.check.sheet", b.Home, b.ID, month))
			}
		}
	}
	return nil
}
