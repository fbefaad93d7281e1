package match

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Item is a line of the bank or a posting of the books.
type Item struct {
	ID           string
	Date         period.Date
	Amount       money.Fen // what came into the account; below zero: what left it
	Counterparty string
	Text         string
	References   []string // numbers that name it: of the transaction, a voucher, a contract
}

// Limits bound the search.
type Limits struct {
	Days       int // apart, at most
	Group      int // members of the larger side of a group; below 2: no groups
	Candidates int // among which a group is looked for; 0: 24
	Steps      int // of all searches for groups; 0: 200,000
}

// Reason is why something is proposed.
type Reason string

// The reasons.
const (
	SameAmount       Reason = "amount"       // always
	SameDay          Reason = "day"          //
	NearDay          Reason = "near"         // within the days allowed
	SameReference    Reason = "reference"    //
	SameCounterparty Reason = "counterparty" //
	SameWords        Reason = "words"        // the counterparty is named in the other's text
	Several          Reason = "several"      // a group that adds up
	Ambiguous        Reason = "ambiguous"    // another would do as well
)

// Proposal is lines and postings that are the same money.
type Proposal struct {
	Lines    []string // IDs
	Postings []string
	Amount   money.Fen
	Days     int // apart, at most
	Reasons  []Reason
}

// Propose finds proposals, the surest first.
func Propose(lines, postings []Item, l Limits) []Proposal {
	s := &search{lines: prepare(lines), postings: prepare(postings), limits: l, steps: cmp.Or(l.Steps,
		200_000)}
	if s.limits.Candidates == 0 {
		s.limits.Candidates = 24
	}
	s.usedLines, s.usedPostings = make([]bool, len(lines)), make([]bool, len(postings))
	s.pairs()
	if l.Group >= 2 {
		s.groups(side{s.lines, s.usedLines}, side{s.postings, s.usedPostings}, false)
		s.groups(side{s.postings, s.usedPostings}, side{s.lines, s.usedLines}, true)
	}
	return s.found
}

// prepared is an item with its words made comparable.
type prepared struct {
	Item
	name string
	text string
	refs []string
}

// prepare sorts, so that the order in which items were given changes nothing.
func prepare(items []Item) []prepared {
	all := make([]prepared, len(items))
	for i, item := range items {
		p := prepared{Item: item, name: fold(item.Counterparty), text: fold(item.Text + item.Counterparty)}
		for _, r := range item.References {
			if r = fold(r); len(r) >= 4 {
				p.refs = append(p.refs, r)
			}
		}
		all[i] = p
	}
	slices.SortStableFunc(all, func(a, b prepared) int {
		return cmp.Or(strings.Compare(string(a.Date), string(b.Date)), cmp.Compare(a.Amount, b.Amount),
			strings.Compare(a.ID, b.ID))
	})
	return all
}

func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case unicode.IsSpace(r):
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

type search struct {
	lines, postings         []prepared
	usedLines, usedPostings []bool
	limits                  Limits
	steps                   int
	found                   []Proposal
}

// tie is what connects two items beside amount and day: larger is stronger.
type tie int

const (
	loose tie = iota
	byWords
	byCounterparty
	byReference
)

func tieOf(a, b prepared) tie {
	for _, one := range [][2]prepared{{a, b}, {b, a}} {
		for _, ref := range one[0].refs {
			if slices.Contains(one[1].refs, ref) || strings.Contains(one[1].text, ref) {
				return byReference
			}
		}
	}
	switch {
	case a.name != "" && a.name == b.name:
		return byCounterparty
	case named(a, b) || named(b, a):
		return byWords
	}
	return loose
}

// named reports whether a's counterparty is named in b's text.
func named(a, b prepared) bool {
	return len([]rune(a.name)) >= 2 && strings.Contains(b.text, a.name)
}

func (t tie) reason() Reason {
	return map[tie]Reason{byWords: SameWords, byCounterparty: SameCounterparty,
		byReference: SameReference}[t]
}

// apart is the number of days between two items.
func apart(a, b prepared) int {
	days := a.Date.Until(b.Date)
	if days < 0 {
		return -days
	}
	return days
}

// pair is a candidate of the first pass.
type pair struct {
	line, posting int
	tie           tie
	days          int
}

// pairs is the first pass: all pairs of one amount within the days, the strongest ties and the nearest
// days first.
func (s *search) pairs() {
	byAmount := map[money.Fen][]int{}
	for i, p := range s.postings {
		byAmount[p.Amount] = append(byAmount[p.Amount], i)
	}
	var all []pair
	for i, l := range s.lines {
		for _, j := range byAmount[l.Amount] {
			if days := apart(l, s.postings[j]); l.Amount != 0 && days <= s.limits.Days {
				all = append(all, pair{i, j, tieOf(l, s.postings[j]), days})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.tie, a.tie), cmp.Compare(a.days, b.days), cmp.Compare(a.line, b.line),
			cmp.Compare(a.posting, b.posting))
	})
	rivals := map[[3]int]int{} // how many pairs of one tie and distance a line or posting is in
	for _, p := range all {
		rivals[[3]int{p.line, int(p.tie), p.days}]++
		rivals[[3]int{-1 - p.posting, int(p.tie), p.days}]++
	}
	for _, p := range all {
		if s.usedLines[p.line] || s.usedPostings[p.posting] {
			continue
		}
		s.usedLines[p.line], s.usedPostings[p.posting] = true, true
		reasons := s.reasons(p.tie, p.days)
		if rivals[[3]int{p.line, int(p.tie), p.days}] > 1 ||
			rivals[[3]int{-1 - p.posting, int(p.tie), p.days}] > 1 {
			reasons = append(reasons, Ambiguous)
		}
		s.found = append(s.found, Proposal{Lines: []string{s.lines[p.line].ID},
			Postings: []string{s.postings[p.posting].ID}, Amount: s.lines[p.line].Amount, Days: p.days,
			Reasons: reasons})
	}
}

func (s *search) reasons(t tie, days int) []Reason {
	reasons := []Reason{SameAmount, NearDay}
	if days == 0 {
		reasons[1] = SameDay
	}
	if t != loose {
		reasons = append(reasons, t.reason())
	}
	return reasons
}

// side is one side of the account.
type side struct {
	items []prepared
	used  []bool
}

// groups looks for several items of one side that add up to one of the other.
func (s *search) groups(single, many side, turned bool) {
	for i, one := range single.items {
		if single.used[i] || one.Amount == 0 {
			continue
		}
		members, tied := s.group(one, many)
		if members == nil {
			continue
		}
		single.used[i] = true
		p := Proposal{Amount: one.Amount, Reasons: []Reason{Several, SameAmount}}
		var ids []string
		for _, m := range members {
			many.used[m] = true
			ids = append(ids, many.items[m].ID)
			p.Days = max(p.Days, apart(one, many.items[m]))
		}
		if tied {
			p.Reasons = append(p.Reasons, SameWords)
		}
		p.Lines, p.Postings = []string{one.ID}, ids
		if turned {
			p.Lines, p.Postings = ids, []string{one.ID}
		}
		s.found = append(s.found, p)
	}
}

// group is the only group that adds up to an item: among those tied to it by words first, then among
// all.
func (s *search) group(one prepared, many side) (members []int, tied bool) {
	var bound, all []int
	for i, m := range many.items {
		if many.used[i] || (m.Amount > 0) != (one.Amount > 0) || apart(one, m) > s.limits.Days ||
			size(m.Amount) >= size(one.Amount) {
			continue
		}
		all = append(all, i)
		if tieOf(one, m) > loose {
			bound = append(bound, i)
		}
	}
	for _, candidates := range [][]int{bound, all} {
		if len(candidates) < 2 || len(candidates) > s.limits.Candidates {
			continue
		}
		w := &sums{items: many.items, candidates: candidates, group: s.limits.Group, search: s}
		w.largestFirst()
		w.walk(0, size(one.Amount), nil)
		switch {
		case len(w.found) == 1 && !w.broken:
			slices.Sort(w.found[0])
			return w.found[0], len(candidates) == len(bound) && len(bound) > 0
		case len(w.found) > 1:
			return nil, false
		}
	}
	return nil, false
}

func size(f money.Fen) money.Fen { return max(f, -f) }

// sums walks through the groups of candidates that can add up.
type sums struct {
	*search
	items      []prepared
	candidates []int
	left       []money.Fen // what the candidates from here on add up to
	group      int
	found      [][]int
	broken     bool // the steps were used up before the end
}

func (w *sums) largestFirst() {
	slices.SortStableFunc(w.candidates, func(a, b int) int {
		return cmp.Compare(size(w.items[b].Amount), size(w.items[a].Amount))
	})
	w.left = make([]money.Fen, len(w.candidates)+1)
	for i := len(w.candidates) - 1; i >= 0; i-- {
		sum, err := w.left[i+1].Add(size(w.items[w.candidates[i]].Amount))
		if err != nil {
			sum = w.left[i+1] // amounts as large as the range of numbers are no group's
		}
		w.left[i] = sum
	}
}

// walk stops at the second group: then nobody can say which is meant.
func (w *sums) walk(from int, rest money.Fen, chosen []int) {
	if rest == 0 && len(chosen) >= 2 {
		w.found = append(w.found, slices.Clone(chosen))
		return
	}
	if w.steps--; w.steps <= 0 {
		w.broken = true
		return
	}
	for i := from; i < len(w.candidates) && len(chosen) < w.group && len(w.found) < 2; i++ {
		if w.left[i] < rest {
			return
		}
		if amount := size(w.items[w.candidates[i]].Amount); amount <= rest {
			w.walk(i+1, rest-amount, append(chosen, w.candidates[i]))
		}
	}
}
