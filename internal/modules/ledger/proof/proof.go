// Package proof is what would have to be found in the rows of the ledger if a promise of it were broken: the
// questions whose every answer is a finding, and the comparisons for which rows are read. It does no I/O.
package proof

import (
	"maps"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Report is told what is wrong.
type Report func(fault.Finding)

// Question is SQL whose rows (home, book, what) are each a finding.
type Question struct{ Key, Text string }

// Orphans are lines without a voucher, and vouchers without a book or outside its days.
var Orphans = []Question{{"ledger.check.orphan", `SELECT p.home AS home, p.book AS book, p.date AS what
	FROM ledger_posting p
	LEFT JOIN ledger_voucher v ON v.home = p.home AND v.id = p.voucher WHERE v.id IS NULL`},
	{"ledger.check.orphan", `SELECT v.home AS home, v.book AS book, v.date AS what
	FROM ledger_voucher v LEFT JOIN ledger_book b ON b.home = v.home AND b.id = v.book
		AND b.begins <= v.date AND b.ends > v.date WHERE b.id IS NULL`}}

// Numbers are those of a book, month and series that are not 1 to the last one given.
var Numbers = []Question{{"ledger.check.number", `SELECT home, book, month AS what
	FROM ledger_voucher WHERE number > 0 GROUP BY home, book, month, series
	HAVING count(*) <> max(number) OR min(number) <> 1`},
	{"ledger.check.number", `SELECT home, book, month AS what FROM (
	SELECT home, book, month, series, last FROM ledger_number UNION ALL
	SELECT home, book, month, series, -max(number) FROM ledger_voucher WHERE number > 0
		GROUP BY home, book, month, series) both_sides
	GROUP BY home, book, month, series HAVING sum(last) <> 0`}}

// Balances are turnovers that are not the sums of their postings, and openings that are not what the year
// before ended with.
var Balances = []Question{{"ledger.check.turnover", `SELECT home, book, account AS what FROM (
	SELECT home, book, account, month, counterparty, closing, debit, credit FROM ledger_turnover
	UNION ALL
	SELECT home, book, account, substr(date, 1, 7), CASE WHEN detailed THEN counterparty ELSE '' END, closing,
		CASE WHEN (amount > 0) <> red THEN -amount ELSE 0 END,
		CASE WHEN (amount > 0) <> red THEN 0 ELSE amount END FROM ledger_posting) both_sides
	GROUP BY home, book, account, month, counterparty, closing HAVING sum(debit) <> 0 OR sum(credit) <> 0`},
	{"ledger.check.opening", `SELECT home, book, account AS what FROM (
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
	GROUP BY home, book, year, account, counterparty HAVING sum(amount) <> 0`}}

// Reversals are such as are not once, or not line by line.
var Reversals = []Question{{"ledger.check.reversal", `SELECT r.home AS home, r.book AS book, r.month AS what
	FROM ledger_voucher r
	LEFT JOIN ledger_voucher o ON o.home = r.home AND o.id = r.reverses AND o.book = r.book
	WHERE r.reverses <> 0 AND r.number > 0 AND (o.id IS NULL OR o.reversed_by <> r.id)`},
	{"ledger.check.reversal", `SELECT o.home AS home, o.book AS book, o.month AS what FROM ledger_voucher o
	LEFT JOIN ledger_voucher r ON r.home = o.home AND r.id = o.reversed_by AND r.number > 0
	WHERE o.reversed_by <> 0 AND (r.id IS NULL OR r.reverses <> o.id)`},
	{"ledger.check.reversal", `SELECT o.home AS home, o.book AS book, o.month AS what FROM ledger_voucher o
	JOIN ledger_posting a ON a.home = o.home AND a.voucher = o.id
	LEFT JOIN ledger_posting b ON b.home = o.home AND b.voucher = o.reversed_by AND b.line = a.line
		AND b.account = a.account AND b.amount = -a.amount AND b.red <> a.red
		AND b.counterparty = a.counterparty
	WHERE o.reversed_by <> 0 AND b.line IS NULL`}}

// Lines holds vouchers against the posted lines of all of them; both come by the vouchers' ids.
func Lines(list []record.Voucher, lines []record.PostingRow, report Report) {
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
}

// Hashes are the attachments of vouchers, each once.
func Hashes(list []record.Voucher) []string {
	var hashes []string
	for i := range list {
		hashes = append(hashes, list[i].FileHashes()...)
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// Attached tells of vouchers with an attachment that is not kept.
func Attached(list []record.Voucher, kept map[string]bool, report Report) {
	for i := range list {
		if slices.ContainsFunc(list[i].FileHashes(), func(hash string) bool { return !kept[hash] }) {
			report(fault.Wrong("ledger.check.file", list[i].Home, list[i].ID))
		}
	}
}

// Openings holds the balances that books began with against the hashes they keep of them. Rows of other
// years and books are passed over.
func Openings(list []record.Book, rows []record.OpeningRow, report Report) {
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
}

// Seals gives the hashes over the vouchers of a month in some books.
type Seals func(month string, books []int64) (map[int64]string, error)

// Acts holds what was done to months against what the books of a home say and the vouchers are. The acts
// come by month, book and act.
func Acts(list []record.Book, acts []record.PeriodAct, seals Seals, report Report) error {
	closed := map[int64]int{}
	all := map[int64]record.Book{}
	for _, b := range list {
		all[b.ID] = b
	}
	for len(acts) > 0 {
		n := 1
		for n < len(acts) && acts[n].Month == acts[0].Month {
			n++
		}
		last := map[int64]record.PeriodAct{}
		for _, a := range acts[:n] {
			last[a.Book] = a
		}
		var ids []int64
		for _, id := range slices.Sorted(maps.Keys(last)) {
			a, b := last[id], all[id]
			if (a.Kind == record.MonthClosed) != (a.Month <= b.Closed) {
				report(fault.Wrong("ledger.check.period", b.Home, b.ID, a.Month))
			}
			if a.Kind == record.MonthClosed {
				ids = append(ids, id)
				closed[id]++
			}
		}
		if err := sealed(ids, last, seals, report); err != nil {
			return err
		}
		acts = acts[n:]
	}
	for _, b := range list {
		if id := b.ID; closed[id] != b.MonthsClosed() {
			report(fault.Wrong("ledger.check.period", b.Home, id, b.Closed))
		}
	}
	return nil
}

// sealed holds a closed month of some books against its hash.
func sealed(ids []int64, last map[int64]record.PeriodAct, seals Seals, report Report) error {
	if len(ids) == 0 {
		return nil
	}
	now, err := seals(last[ids[0]].Month, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if now[id] != last[id].Hash {
			report(fault.Wrong("ledger.check.period", last[id].Home, id, last[id].Month))
		}
	}
	return nil
}
