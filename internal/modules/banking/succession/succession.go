// Package succession follows an account of the chart through the charts that the books of an organisation
// were kept under. It does no I/O.
//
// A bank account is registered under the chart of its day: its deposits stand on 102, say. Once the
// books went to another chart by a conversion, what stood on 102 stands on the account that the
// conversion names, and so do the postings of the bank account from then on; those before stay where they
// were. The same holds backwards, for books older than the registration.
//
// # Invariants
//
//  1. Under the chart under which it was said an account is what was said.
//  2. Under another it is the one account that the conversion between both names; where that names
//     several or none, the chart's own for deposits at banks (its role bank), if that is among them; else
//     the same code if it can be booked there; else none.
//  3. Only accounts that can be booked come out.
//
// # Example
//
// Registered under 2024 on 102; the conversion to the next chart says 102 → 1002.00. The codes of the books
// 2004, 2024 and the next are 102, 102 and 1002.00.
package succession

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
)

// bank is the role of a chart's account for deposits.
const bank = "bank"

// Codes are the codes of an account under charts that followed each other, the oldest first, if it is code
// under the chart at a place of the list; "" where there is none.
func Codes(charts []*book.Chart, at int, code string) []string {
	codes := make([]string, len(charts))
	codes[at] = code
	for i := at + 1; i < len(charts); i++ {
		codes[i] = next(charts[i-1], charts[i], codes[i-1])
	}
	for i := at - 1; i >= 0; i-- {
		codes[i] = before(charts[i], charts[i+1], codes[i+1])
	}
	return codes
}

// next is the account under the newer chart.
func next(older, newer *book.Chart, code string) string {
	if older.Key == newer.Key {
		return code
	}
	var found []string
	if v, there := newer.ConversionFrom(older.Key); there {
		for _, row := range v.Rows {
			if row.Account == code {
				found = row.To
			}
		}
	}
	return chosen(newer, found, code)
}

// before is the account under the older chart.
func before(older, newer *book.Chart, code string) string {
	if older.Key == newer.Key {
		return code
	}
	var found []string
	if v, there := newer.ConversionFrom(older.Key); there {
		for _, row := range v.Rows {
			if slices.Contains(row.To, code) {
				found = append(found, row.Account)
			}
		}
	}
	return chosen(older, found, code)
}

// chosen is one of the accounts that a conversion names, or what stands for it.
func chosen(chart *book.Chart, found []string, code string) string {
	found = slices.DeleteFunc(slices.Clone(found), func(code string) bool { return !chart.Bookable(code) })
	role := chart.Roles[bank]
	switch {
	case len(found) == 1:
		return found[0]
	case chart.Bookable(role) && (len(found) == 0 || slices.Contains(found, role)):
		return role
	case chart.Bookable(code):
		return code
	}
	return ""
}
