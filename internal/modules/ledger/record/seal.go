package record

import (
	"cmp"
	"slices"
	"strconv"
)

// SealedVoucher is what the hash of a month says of a voucher.
type SealedVoucher struct {
	Book   int64  `db:"book"`
	Series string `db:"series"`
	Number int64  `db:"number"`
	Hash   string `db:"hash"`
}

// SealMonth is the hash over a month's vouchers in the order of series and number.
func SealMonth(list []SealedVoucher) string {
	slices.SortFunc(list, func(a, b SealedVoucher) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.Number, b.Number))
	})
	b := make([]byte, 0, 64*len(list))
	for _, v := range list {
		b = strconv.AppendInt(append(append(b, v.Series...), '-'), v.Number, 10)
		b = append(append(append(b, ' '), v.Hash...), '\n')
	}
	return HashText(b)
}

// SealOf is the hash over those of some vouchers that are of a month.
func SealOf(month string, vouchers []*Voucher) string {
	var list []SealedVoucher
	for _, v := range vouchers {
		if v.Month == month {
			list = append(list, SealedVoucher{Book: v.Book, Series: v.Series, Number: v.Number,
				Hash: v.Hash})
		}
	}
	return SealMonth(list)
}

// SealOpening proves the balances a book began with: rows in the order of accounts and details.
func SealOpening(rows []OpeningRow) string {
	rows = slices.SortedFunc(slices.Values(rows), func(a, b OpeningRow) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Counterparty, b.Counterparty))
	})
	b := make([]byte, 0, 32*len(rows))
	for _, row := range rows {
		for _, field := range [...]string{row.Account, row.Counterparty,
			strconv.FormatInt(int64(row.Amount), 10)} {
			b = append(strconv.AppendInt(b, int64(len(field)), 10), ':')
			b = append(b, field...)
		}
	}
	return HashText(b)
}

// Broken finds what cannot be of a voucher with its posted lines.
func Broken(v *Voucher, lines []PostingRow) (keys []string) {
	if v.Status != Posted {
		if v.Number != 0 || len(lines) > 0 || v.Content == "" {
			keys = append(keys, "ledger.check.draft")
		}
		return keys
	}
	var sum, debits int64
	for i, p := range lines {
		sum += int64(p.Amount)
		if (p.Amount > 0) != p.Red {
			debits += int64(p.Amount)
		}
		if p.Book != v.Book || p.Date != v.Date || p.Line != i+1 {
			keys = append(keys, "ledger.check.mixed")
		}
	}
	if sum != 0 || len(lines) == 0 || debits != int64(v.Total) {
		keys = append(keys, "ledger.check.sum")
	}
	if v.Hash != Seal(v, lines) {
		keys = append(keys, "ledger.check.hash")
	}
	if v.Number < 1 || v.Month != MonthOf(v.Date) || v.Content != "" {
		keys = append(keys, "ledger.check.posted")
	}
	if v.Checker != 0 && v.Checker == v.Maker {
		keys = append(keys, "ledger.check.person")
	}
	return keys
}
