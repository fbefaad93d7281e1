package statement

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// account draws the lines of an account with running balances; many are alike.
func account(t *rapid.T) []Line {
	var all []Line
	balance, day := money.Fen(0), period.Date("2025-03-01")
	balances, serials := rapid.Bool().Draw(t, "balances"), rapid.Bool().Draw(t, "serials")
	for i := range rapid.IntRange(0, 12).Draw(t, "n") {
		amount := money.Fen(rapid.SampledFrom([]int64{100, -100, 200}).Draw(t, "amount"))
		day = day.AddDays(rapid.IntRange(0, 1).Draw(t, "days"))
		balance += amount
		l := Line{Date: day, Amount: amount, Purpose: rapid.SampledFrom([]string{"租金", "电费"}).Draw(t,
			"text")}
		if balances {
			l.Balance, l.HasBalance = balance, true
		}
		if serials {
			l.Serial = fmt.Sprintf("S%d", i)
		}
		all = append(all, l)
	}
	return all
}

// add takes what is new.
func add(existing, fresh []Line) []Line {
	known := Known(existing, fresh)
	for i, l := range fresh {
		if !known[i] {
			existing = append(existing, l)
		}
	}
	return existing
}

// TestOverlaps: however an account is cut into files that overlap by whole days, each line comes in once,
// and every file again changes nothing.
func TestOverlaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := account(t)
		cut := func(name string) period.Date {
			return period.Date("2025-03-01").AddDays(rapid.IntRange(0, 12).Draw(t, name))
		}
		from, until := cut("from"), cut("until")
		var first, second []Line
		for _, l := range all {
			if l.Date <= until {
				first = append(first, l)
			}
			if l.Date >= from || l.Date > until {
				second = append(second, l)
			}
		}
		var got []Line
		for _, file := range [][]Line{first, second, first, all, second} {
			got = add(got, file)
		}
		count := func(lines []Line) map[string]int {
			n := map[string]int{}
			for _, l := range lines {
				n[l.String()+l.Serial]++
			}
			return n
		}
		if a, b := count(all), count(got); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("got %v, want %v", b, a)
		}
	})
}

// TestOtherExport: the same lines from another export of the bank, without numbers and with other
// words, are known by their balances.
func TestOtherExport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := account(t)
		if len(all) == 0 || !all[0].HasBalance {
			return
		}
		other := slices.Clone(all)
		for i := range other {
			other[i].Serial, other[i].Purpose = "", "other words"
		}
		if got := add(slices.Clone(all), other); len(got) != len(all) {
			t.Fatalf("%d of %d are taken for new", len(got)-len(all), len(all))
		}
	})
}

func TestDifferentNumbersAreDifferent(t *testing.T) {
	a := Line{Date: "2025-03-01", Amount: 100, Serial: "A"}
	b := a
	b.Serial = "B"
	if Known([]Line{a}, []Line{b})[0] {
		t.Error("two transactions of the bank became one")
	}
	if !Known([]Line{a}, []Line{{Date: "2025-03-01", Amount: 100}})[0] {
		t.Error("the same text without a number is not known")
	}
}
