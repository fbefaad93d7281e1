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
