package statement

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// order puts the lines oldest first. Files run either way, and lines of one day may stand in another
// order than the bank booked them: the balances tell.
func (r *reader) order() {
	lines := r.out.Lines
	if len(lines) < 2 {
		return
	}
	reversed := slices.Clone(lines)
	slices.Reverse(reversed)
	if descends(lines) && (!descends(reversed) || breaks(reversed) < breaks(lines)) {
		lines = reversed
	}
	if !slices.IsSortedFunc(lines, byDate) {
		r.tell(fault.Told("banking.read.unsorted"), 0, r.out.Head.letter(Date))
		slices.SortStableFunc(lines, byDate)
	}
	r.out.Lines = chain(lines, r.out.Opening)
}

func byDate(a, b Line) int { return strings.Compare(string(a.Date), string(b.Date)) }

// descends reports whether days never rise.
func descends(lines []Line) bool {
	return slices.IsSortedFunc(lines, func(a, b Line) int { return byDate(b, a) })
}

// turnOutflows reads a column of outflows that are all written with a minus as what left the account, if
// the balances say so, or if there are none: then somebody must confirm it.
func (r *reader) turnOutflows() {
	lines := r.out.Lines
	if r.plus || len(r.minus) == 0 {
		return
	}
	turned := slices.Clone(lines)
	balances := true
	for i, l := range lines {
		if r.minus[l.Row] {
			turned[i].Amount = -l.Amount
		}
		balances = balances && l.HasBalance
	}
	letter := r.out.Head.letter(Outflow)
	switch {
	case !balances || len(lines) < 2:
		r.tell(fault.Doubt("banking.read.outflow_doubt"), r.out.Head.Row, letter)
	case fewest(turned) >= fewest(lines):
		return // they are reversals
	default:
		r.tell(fault.Told("banking.read.outflow_minus"), r.out.Head.Row, letter)
	}
	r.out.Lines = turned
}

// fewest counts the breaks in the better of both directions.
func fewest(lines []Line) int {
	reversed := slices.Clone(lines)
	slices.Reverse(reversed)
	return min(breaks(lines), breaks(reversed))
}

// leaveRepeated leaves out lines that the file has twice: with the same number of the bank, or alike in
// everything where the balance says that the second moved nothing. Two equal payments are two lines; where
// nothing tells, both are read and the second is named.
func (r *reader) leaveRepeated() {
	type whole struct {
		date, text, serial string
		amount, balance    money.Fen
		there              bool
	}
	before := map[whole]Line{}
	var kept []Line
	last := Line{Balance: r.out.Opening.Amount, HasBalance: r.out.Opening.There}
	for _, l := range r.out.Lines {
		k := whole{string(l.Date), Text(l), l.Serial, l.Amount, l.Balance, l.HasBalance}
		first, seen := before[k]
		switch {
		case seen && (l.Serial != "" || l.HasBalance && !follows(last, l)):
			r.tell(fault.Doubt("banking.read.repeated", first.Row), l.Row, "")
			continue
		case seen && !l.HasBalance:
			r.tell(fault.Told("banking.read.alike", first.Row), l.Row, "")
		case !seen:
			before[k] = l
		}
		kept, last = append(kept, l), l
	}
	r.out.Lines = kept
}

// breaks counts where a balance does not follow from the one before.
func breaks(lines []Line) int {
	n := 0
	for i := 1; i < len(lines); i++ {
		if !follows(lines[i-1], lines[i]) {
			n++
		}
	}
	return n
}

// follows reports whether a line's balance is the one before and its amount; true where a balance is
// missing.
func follows(before, l Line) bool {
	if !before.HasBalance || !l.HasBalance {
		return true
	}
	sum, err := before.Balance.Add(l.Amount)
	return err == nil && sum == l.Balance
}

// chainMax is how many lines of one day are put into the order of their balances.
const chainMax = 200

// chain orders the lines of each day so that each balance follows from the one before, if one order
// does.
func chain(lines []Line, opening Figure) []Line {
	ordered := make([]Line, 0, len(lines))
	before := Line{Balance: opening.Amount, HasBalance: opening.There}
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].Date == lines[0].Date {
			n++
		}
		day := lines[:n]
		lines = lines[n:]
		if breaks(append([]Line{before}, day...)) > 0 && n <= chainMax {
			day = chainDay(before, day)
		}
		ordered = append(ordered, day...)
		before = ordered[len(ordered)-1]
	}
	return ordered
}

// chainDay takes the next line that follows, again and again; where none does the file's order stays.
func chainDay(before Line, day []Line) []Line {
	rest, ordered := slices.Clone(day), make([]Line, 0, len(day))
	for len(rest) > 0 {
		at := slices.IndexFunc(rest, func(l Line) bool { return l.HasBalance && follows(before, l) })
		if at < 0 {
			return day
		}
		before = rest[at]
		ordered = append(ordered, before)
		rest = slices.Delete(rest, at, at+1)
	}
	return ordered
}

// prove holds the running balance, the balances at both ends and the totals against the lines.
func (r *reader) prove() {
	letter := r.out.Head.letter(BalanceColumn)
	before := Line{Balance: r.out.Opening.Amount, HasBalance: r.out.Opening.There}
	in, out, known := money.Fen(0), money.Fen(0), before.HasBalance
	for _, l := range r.out.Lines {
		if !follows(before, l) {
			due, _ := before.Balance.Add(l.Amount) //nolint:errcheck // shown only
			r.tell(fault.Doubt("banking.read.break", due.String(), l.Balance.String()), l.Row, letter)
		}
		if l.HasBalance || !before.HasBalance {
			before = l
		} else if sum, err := before.Balance.Add(l.Amount); err == nil {
			before = Line{Balance: sum, HasBalance: known || before.HasBalance}
		}
		if l.Amount > 0 {
			in += l.Amount
		} else {
			out -= l.Amount
		}
	}
	if c := r.out.Closing; c.There && before.HasBalance && before.Balance != c.Amount {
		r.tell(fault.Doubt("banking.read.closing", c.Amount.String(), before.Balance.String()), c.Row, "")
	}
	r.proveTotals(in, out)
}

// proveTotals compares the last row of totals, which adds all lines up.
func (r *reader) proveTotals(in, out money.Fen) {
	if len(r.totals) == 0 {
		return
	}
	row := r.totals[len(r.totals)-1]
	for _, one := range []struct {
		part Part
		sum  money.Fen
	}{{Inflow, in}, {Outflow, out}} {
		c, there := r.cell(row, one.part)
		if !there {
			continue
		}
		stated, _, is, err := r.format.money(c.Text, c.Number)
		if is && err == nil && stated != one.sum {
			r.tell(fault.Doubt("banking.read.total_differs", stated.String(), one.sum.String()), row.Number,
				r.out.Head.letter(one.part))
		}
	}
}

// Gap is where an account's lines do not follow one another.
type Gap struct {
	Line     Line
	Before   Line
	Index    int // of the line among all
	Expected money.Fen
}

// Gaps finds where the balances of an account's lines, oldest first, break: lines are missing there.
func Gaps(lines []Line) []Gap {
	var all []Gap
	for i := 1; i < len(lines); i++ {
		if !follows(lines[i-1], lines[i]) {
			due, _ := lines[i-1].Balance.Add(lines[i].Amount) //nolint:errcheck // shown only
			all = append(all, Gap{lines[i], lines[i-1], i, due})
		}
	}
	return all
}
