package pairing

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func TestTheExampleOfThePackageComment(t *testing.T) {
	claims := []Item{{1, 100, "2025-05-01"}, {2, 100, "2025-06-01"}}
	offers := []Item{{7, 100, "2025-05-20"}, {8, 90, "2025-06-02"}}
	if got := Match(claims, offers); !slices.Equal(got, []Pair{{1, 7}}) {
		t.Errorf("got %v", got)
	}
	// A voucher from before the payment books nothing of it; of two the earlier claim takes the earlier.
	offers = []Item{{9, 100, "2025-07-01"}, {8, 100, "2025-06-30"}, {7, 100, "2025-04-30"}}
	if got := Match(claims, offers); !slices.Equal(got, []Pair{{1, 8}, {2, 9}}) {
		t.Errorf("got %v", got)
	}
}

func TestPairsHoldTheInvariants(t *testing.T) {
	items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Item {
		return Item{Amount: money.Fen(rapid.IntRange(1, 3).Draw(t, "amount")),
			Day: period.Date("2025-05-01").AddDays(rapid.IntRange(0, 6).Draw(t, "day"))}
	}), 0, 7)
	rapid.Check(t, func(t *rapid.T) {
		claims, offers := numbered(items.Draw(t, "claims")), numbered(items.Draw(t, "offers"))
		pairs := Match(claims, offers)
		usedClaims, usedOffers := map[int64]bool{}, map[int64]bool{}
		for _, p := range pairs {
			c, o := claims[p.Claim], offers[p.Offer]
			if c.Amount != o.Amount || o.Day < c.Day || usedClaims[p.Claim] || usedOffers[p.Offer] {
				t.Fatalf("%v pairs %v with %v", pairs, c, o)
			}
			usedClaims[p.Claim], usedOffers[p.Offer] = true, true
		}
		if most := largest(claims, offers); len(pairs) != most {
			t.Fatalf("%d pairs of %v and %v, %d are possible", len(pairs), claims, offers, most)
		}
		slices.Reverse(claims)
		slices.Reverse(offers)
		if again := Match(claims, offers); !slices.Equal(again, pairs) {
			t.Fatalf("in another order %v instead of %v", again, pairs)
		}
	})
}

func numbered(list []Item) []Item {
	for i := range list {
		list[i].ID = int64(i)
	}
	return list
}

// largest is the most pairs there can be, found by trying everything.
func largest(claims, offers []Item) int {
	if len(claims) == 0 {
		return 0
	}
	best := largest(claims[1:], offers)
	for i, o := range offers {
		if o.Amount == claims[0].Amount && o.Day >= claims[0].Day {
			rest := slices.Concat(offers[:i], offers[i+1:])
			best = max(best, 1+largest(claims[1:], rest))
		}
	}
	return best
}
