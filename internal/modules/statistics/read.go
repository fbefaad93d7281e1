package statistics

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Ask says which figures are wanted.
type Ask struct {
	Series []string
	Places []int64 // empty: all there are
	Codes  map[int64]string
	// From and To bound the years, both included; 0: any.
	From, To int
}

// Table is figures that were read, with what follows from them.
type Table struct {
	book    series.Book
	figures map[cell]Figure
	codes   map[int64]string
}

// Read reads series, with all that derived ones are made of.
func (s *Statistics) Read(r store.Reader, ask Ask) (Table, error) {
	l := s.library()
	t := Table{book: l.Book, figures: map[cell]Figure{}, codes: ask.Codes}
	done := map[string]bool{}
	for _, key := range ask.Series {
		if _, known := l.Book[key]; !known {
			return t, fault.New(fault.NotFound, "statistics.no_series", key)
		}
		for _, leaf := range l.Book.Leaves(key) {
			if done[leaf] {
				continue
			}
			done[leaf] = true
			if err := latest(r, leaf, t.figures); err != nil {
				return t, err
			}
		}
	}
	return t, nil
}

// Figure is the last revision of an own figure; false if there is none, or it was taken back.
func (t Table) Figure(key string, place int64, year int) (Figure, bool) {
	f, found := t.figures[cell{key, place, int64(year)}]
	return f, found && f.Known
}

// Value is a series at a place in a year.
func (t Table) Value(key string, place int64, year int) series.Value {
	return t.book.Value(key, t.codes[place], year, func(leaf string, of int) (int64, bool) {
		f, found := t.Figure(leaf, place, of)
		return f.Amount, found
	})
}

// Places are the places with any figure of a series or of its parts, by number.
func (t Table) Places(key string) []int64 {
	leaves := t.book.Leaves(key)
	var all []int64
	for c, f := range t.figures {
		if f.Known && slices.Contains(leaves, c.series) && !slices.Contains(all, c.place) {
			all = append(all, c.place)
		}
	}
	slices.Sort(all)
	return all
}

// Years are the first and the last year with any figure of a series or of its parts; 0, 0: there is none.
func (t Table) Years(key string) (first, last int) {
	leaves := t.book.Leaves(key)
	for c, f := range t.figures {
		if !f.Known || !slices.Contains(leaves, c.series) {
			continue
		}
		if first == 0 || int(c.year) < first {
			first = int(c.year)
		}
		last = max(last, int(c.year))
	}
	return first, last
}

// Last is the last year in which a series has a value at a place; 0: none.
func (t Table) Last(key string, place int64) int {
	first, last := t.Years(key)
	for year := last; year >= first && year > 0; year-- {
		if t.Value(key, place, year).Known {
			return year
		}
	}
	return 0
}

// Any tells whether a series has a value anywhere: of a derived one, that all its parts meet at some place.
func (t Table) Any(key string) bool {
	first, last := t.Years(key)
	for _, place := range t.Places(key) {
		for year := first; year <= last; year++ {
			if t.Value(key, place, year).Known {
				return true
			}
		}
	}
	return false
}
