// Package pairing matches announced amounts with the vouchers that booked them.
//
// Only what an amount tells beyond doubt is matched: a voucher that offers exactly the amount, on the
// day of the announcement or later. Of several claims to the same amount the earlier takes the earlier
// voucher, so that each is as young as it can be. A voucher that booked two transfers in one sum, or
// one in two vouchers, is left to people.
//
// # Invariants
//
//  1. A pair has the same amount, and the offer is not before the claim.
//  2. No claim and no offer is in two pairs.
//  3. No more pairs are possible: for each amount the number of pairs is the largest there is.
//  4. The result does not depend on the order of the arguments.
//
// Worked example: 100 announced on 1 May and on 1 June, vouchers over 100 on 20 May, and over 90 on 2
// June: the first is booked on 20 May, the second is open.
package pairing

import (
	"cmp"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Item is a claim or an offer: its number, amount and day.
type Item struct {
	ID     int64
	Amount money.Fen
	Day    period.Date
}

// Pair names a claim and the offer that answers it.
type Pair struct{ Claim, Offer int64 }

// Match pairs claims with offers. Claims of one amount are served in the order of their days; the
// youngest offers are not wasted on old claims, for each takes the earliest that fits.
func Match(claims, offers []Item) []Pair {
	claims, offers = sorted(claims), sorted(offers)
	var pairs []Pair
	taken := make([]bool, len(offers))
	for _, c := range claims {
		for i, o := range offers {
			if taken[i] || o.Amount != c.Amount || o.Day < c.Day {
				continue
			}
			taken[i] = true
			pairs = append(pairs, Pair{c.ID, o.ID})
			break
		}
	}
	return pairs
}

// sorted is a copy in the order of day and number.
func sorted(list []Item) []Item {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID))
	})
	return list
}
