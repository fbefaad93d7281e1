// Package months lists the months of books with what may be done to each: the first open one that is over is
// closed next, the last closed one may be reopened. It does no I/O.
//
// Example: books from 2025-01, closed through 2025-02, on 2025-04-03: 2025-04 is open, 2025-03 is due and
// may be closed, 2025-02 is closed and may be reopened, 2025-01 is closed.
package months

import "github.com/terrace-project/terrace/internal/pure/period"

// shown is how many months are listed, the latest first.
const shown = 18

// Month is a month of books.
type Month struct {
	Month      string
	Closed     bool
	MayClose   bool   // the first open month
	MayReopen  bool   // the last closed one
	Tone, Word string // the mark of its state, and the key of its word
}

// Books are the days of books that their months follow from.
type Books struct {
	From   period.Date // their first day
	Open   period.Date // the first that may be booked
	Closed string      // the last closed month; "" none
}

// Until are the months until a day; one that is over today and not closed is due.
func (b Books) Until(on, today period.Date) []Month {
	var list []Month
	next := period.Containing(b.Open, period.Month).String()
	month := period.Containing(on, period.Month)
	for ; month.Last() >= b.From && len(list) < shown; month = month.Previous() {
		text := month.String()
		one := Month{Month: text, Closed: text <= b.Closed, MayClose: text == next,
			MayReopen: text == b.Closed, Tone: "waiting", Word: "books.month.open"}
		if month.Last() < today {
			one.Tone, one.Word = "due", "books.month.due"
		}
		if one.Closed {
			one.Tone, one.Word = "done", "books.month.closed"
		}
		list = append(list, one)
	}
	return list
}
