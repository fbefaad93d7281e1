// Package finder finds places by name, code, full pinyin and initials, at national size within a key
// press, by looking through contiguous text.
//
// An index was not needed: a national name list is 13 MB, and searching that for a few characters
// takes milliseconds. What an index would make hard stays simple: a match anywhere inside a name.
//
// # Invariants
//
//  1. A hit is an entry one of whose four texts contains the query. None is missed, none is there
//     twice.
//  2. Hits are ranked: the whole text equals the query, then begins with it, then contains it; within
//     a rank by level (a county before a village), then in the order of the tree.
//  3. Words before the last narrow the search to what lies within places whose names contain them:
//     "涪陵 新村" finds the 新村 of 涪陵.
package finder

import (
	"slices"
	"strings"
	"unicode"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// Entry is one place to be found.
type Entry struct {
	Level    division.Level
	From, To int32  // its subtree as an interval of nodes; From is the place itself
	Name     string // lower case
	Code     string
	Pinyin   string // "chongqing"
	Initials string // "cq"
}

// Finder is a searchable list. It never changes and is safe for concurrent use.
type Finder struct {
	levels           []division.Level
	from, to         []int32
	names, codes     column
	pinyin, initials column
}

// QueryMax is the number of characters of a query that are looked at.
const QueryMax = 40

// New makes a finder of entries. They are put in the order of levels; within a level they keep
// theirs.
func New(entries []Entry) *Finder {
	order := make([]int32, len(entries))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return int(entries[a].Level) - int(entries[b].Level)
	})
	f := &Finder{levels: make([]division.Level, len(order)), from: make([]int32, len(order)),
		to: make([]int32, len(order))}
	for at, i := range order {
		f.levels[at], f.from[at], f.to[at] = entries[i].Level, entries[i].From, entries[i].To
	}
	f.names = newColumn(entries, order, func(e *Entry) string { return e.Name })
	f.codes = newColumn(entries, order, func(e *Entry) string { return e.Code })
	f.pinyin = newColumn(entries, order, func(e *Entry) string { return e.Pinyin })
	f.initials = newColumn(entries, order, func(e *Entry) string { return e.Initials })
	return f
}

// Find gives the nodes (Entry.From) of at most limit places, best first.
func (f *Finder) Find(query string, limit int) []int32 {
	words := wordsOf(query)
	if len(words) == 0 || limit <= 0 {
		return nil
	}
	var within []span
	for _, w := range words[:len(words)-1] {
		if within = f.spans(w, within); len(within) == 0 {
			return nil
		}
	}
	best := f.search(words[len(words)-1], limit, within)
	nodes := make([]int32, len(best))
	for i, at := range best {
		nodes[i] = f.from[at]
	}
	return nodes
}

func wordsOf(query string) []string {
	query = strings.ToLower(decimal.Normal(query))
	if runes := []rune(query); len(runes) > QueryMax {
		query = string(runes[:QueryMax])
	}
	return strings.Fields(strings.ReplaceAll(query, "\n", " "))
}

// span is an interval of nodes.
type span struct{ from, to int32 }

const spansMax = 500 // so many places may narrow a search

// spans are the subtrees of the places a word finds, above the villages.
func (f *Finder) spans(word string, within []span) []span {
	var found []span
	for _, at := range f.search(word, spansMax, within) {
		if f.levels[at] < division.Village {
			found = append(found, span{f.from[at], f.to[at]})
		}
	}
	return found
}

// search looks in the texts that can hold the word.
func (f *Finder) search(word string, limit int, within []span) []int32 {
	r := results{finder: f, within: within, limit: limit, seen: map[int32]bool{}}
	digits, letters := true, true
	for _, c := range word {
		digits = digits && c >= '0' && c <= '9'
		letters = letters && c < unicode.MaxASCII && unicode.IsLetter(c)
	}
	switch {
	case digits:
		r.look(f.codes, word)
		r.look(f.names, word)
	case letters:
		r.look(f.pinyin, word)
		r.look(f.initials, word)
	default:
		r.look(f.names, word)
	}
	return r.best()
}

// column is one text of every entry, each followed by a line break.
type column struct {
	all     string
	offsets []uint32 // where the text of an entry begins
}

func newColumn(entries []Entry, order []int32, text func(*Entry) string) column {
	size := 1
	for i := range entries {
		size += len(text(&entries[i])) + 1
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteByte('\n')
	offsets := make([]uint32, len(order))
	for at, i := range order {
		offsets[at] = uint32(b.Len())
		b.WriteString(text(&entries[i]))
		b.WriteByte('\n')
	}
	return column{b.String(), offsets}
}

// entry is which entry's text lies at a position.
func (c column) entry(position int) int {
	at, exact := slices.BinarySearch(c.offsets, uint32(position))
	if exact {
		return at
	}
	return at - 1
}

// The ranks of a hit.
const (
	whole = iota
	prefix
	inside
	ranks
)

// results collects the best hits of each rank.
type results struct {
	finder *Finder
	within []span
	limit  int
	seen   map[int32]bool
	hits   [ranks][]int32
}

// look collects the hits of a word in a column. Entries stand in the order of levels, so the first
// hits of a rank are its best.
func (r *results) look(c column, word string) {
	var counts [ranks]int
	for position := 0; counts[whole] < r.limit; {
		step := strings.Index(c.all[position:], word)
		if step < 0 {
			return
		}
		at := position + step
		end := at + len(word)
		rank := inside
		if c.all[at-1] == '\n' {
			rank = prefix
			if c.all[end] == '\n' {
				rank = whole
			}
		}
		if counts[rank] < r.limit {
			if entry := int32(c.entry(at)); r.take(entry, rank) {
				counts[rank]++
			}
		}
		position = end + strings.IndexByte(c.all[end:], '\n')
	}
}

// take adds a hit unless it is outside of where the search is held to.
func (r *results) take(entry int32, rank int) bool {
	node := r.finder.from[entry]
	if r.within != nil && !slices.ContainsFunc(r.within,
		func(s span) bool { return node > s.from && node < s.to }) {
		return false
	}
	r.hits[rank] = append(r.hits[rank], entry)
	return true
}

// best are the hits in the order of rank and level, each once.
func (r *results) best() []int32 {
	var all []int32
	for rank := range r.hits {
		slices.Sort(r.hits[rank])
		for _, entry := range r.hits[rank] {
			if len(all) == r.limit {
				return all
			}
			if !r.seen[entry] {
				r.seen[entry] = true
				all = append(all, entry)
			}
		}
	}
	return all
}
