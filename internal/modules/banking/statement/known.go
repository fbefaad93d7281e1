package statement

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Known tells which of a statement's lines are among those an account has already, each of which is
// used once: two equal transactions are two. A line is known by the bank's number of it; where one of
// both has none, by day, amount and balance, and by its text where a balance is missing.
func Known(existing, fresh []Line) []bool {
	p := pool{used: make([]bool, len(existing)), lines: existing, by: map[key][]int{}}
	for i, l := range existing {
		k := key{l.Date, l.Amount}
		p.by[k] = append(p.by[k], i)
	}
	known := make([]bool, len(fresh))
	for _, same := range []func(a, b Line) bool{identical, sameSerial, sameWhole, sameBalance,
		sameText} {
		for i, l := range fresh {
			known[i] = known[i] || p.take(l, same)
		}
	}
	return known
}

type key struct {
	date   period.Date
	amount money.Fen
}

// pool is the lines that can still be recognised.
type pool struct {
	lines []Line
	used  []bool
	by    map[key][]int
}

func (p *pool) take(l Line, same func(a, b Line) bool) bool {
	for _, i := range p.by[key{l.Date, l.Amount}] {
		if !p.used[i] && same(p.lines[i], l) {
			p.used[i] = true
			return true
		}
	}
	return false
}

// identical comes first, so that a file that is sent again is known whole.
func identical(a, b Line) bool { return a.Serial == b.Serial && sameWhole(a, b) }

func sameSerial(a, b Line) bool {
	return a.Serial != "" && a.Serial == b.Serial && sameOrNoBalance(a, b)
}

// sameWhole recognises a line whole. Lines with different numbers are different.
func sameWhole(a, b Line) bool {
	return mayBeSame(a, b) && a.HasBalance == b.HasBalance && a.Balance == b.Balance && Text(a) == Text(b)
}

// sameBalance recognises a line of another file of the same bank, which may word it differently.
func sameBalance(a, b Line) bool {
	return mayBeSame(a, b) && a.HasBalance && b.HasBalance && a.Balance == b.Balance
}

func sameText(a, b Line) bool {
	return mayBeSame(a, b) && (!a.HasBalance || !b.HasBalance) && Text(a) == Text(b)
}

func mayBeSame(a, b Line) bool { return a.Serial == "" || b.Serial == "" || a.Serial == b.Serial }

func sameOrNoBalance(a, b Line) bool {
	return !a.HasBalance || !b.HasBalance || a.Balance == b.Balance
}

// Text is what a line says, folded.
func Text(l Line) string { return strings.Join([]string{fold(l.Counterparty), fold(l.Purpose)}, "|") }
