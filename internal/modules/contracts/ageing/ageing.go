// Package ageing builds the statements that add up what is owed under contracts, contract by contract and by
// age: up to a year, two, three, and longer. It knows no database.
//
// # Invariants
//
//  1. The bands of a row sum to what is owed, those of all rows to the sums.
//  2. Pages follow one another by what is owed, the most first, and miss nothing.
package ageing

import (
	"cmp"
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// rowsText adds up what is open, by age: the bounds are three days, each but the first and last named twice.
const rowsText = `SELECT d.home AS home, d.contract AS contract,
	CAST(sum(d.owed) AS BIGINT) AS owed, min(d.day) AS since,
	CAST(sum(CASE WHEN d.day > ? THEN d.owed ELSE 0 END) AS BIGINT) AS first,
	CAST(sum(CASE WHEN d.day <= ? AND d.day > ? THEN d.owed ELSE 0 END) AS BIGINT) AS second,
	CAST(sum(CASE WHEN d.day <= ? AND d.day > ? THEN d.owed ELSE 0 END) AS BIGINT) AS third,
	CAST(sum(CASE WHEN d.day <= ? THEN d.owed ELSE 0 END) AS BIGINT) AS older`

// Query asks for what is owed. Where and Args are the terms that say whose, beginning with AND or empty; From
// is what they look at, contract_unpaid d among it.
type Query struct {
	From  string // "": contract_unpaid d
	Where string
	Args  []any
	Owing bool // what the collectives owe instead of what they are owed
	Band  schedule.Band
	Today period.Date
	After string // Cursor of the last row of the page before
	Limit int
}

// Row is what is owed under one contract.
type Row struct {
	Home     int64       `db:"home" json:"home"`
	Contract int64       `db:"contract" json:"id"`
	Owed     money.Fen   `db:"owed" json:"owed"`
	Since    period.Date `db:"since" json:"since"`
	Sums
}

// Sums is what is owed by its age.
type Sums struct {
	First  money.Fen `db:"first" json:"up_to_1_year"`
	Second money.Fen `db:"second" json:"from_1_to_2_years"`
	Third  money.Fen `db:"third" json:"from_2_to_3_years"`
	Older  money.Fen `db:"older" json:"over_3_years"`
}

// Bands are the sums by band.
func (s Sums) Bands() (b [schedule.Bands]money.Fen) {
	b[schedule.FirstYear], b[schedule.SecondYear], b[schedule.ThirdYear], b[schedule.Older] = s.First,
		s.Second,
		s.Third, s.Older
	return b
}

// Counted is a row with what all rows of its query come to.
type Counted struct {
	Row
	Number int64     `db:"number"`
	All    money.Fen `db:"all_owed"`
	One    money.Fen `db:"all_first"`
	Two    money.Fen `db:"all_second"`
	Three  money.Fen `db:"all_third"`
	More   money.Fen `db:"all_older"`
}

// Total is what all rows of a query come to.
type Total struct {
	Number int64
	Owed   money.Fen
	Sums
}

// Total is what the row says of all of them.
func (c Counted) Total() Total { return Total{c.Number, c.All, Sums{c.One, c.Two, c.Three, c.More}} }

// Cursor is where a page ends.
func (r Row) Cursor() string { return fmt.Sprint(int64(r.Owed), " ", r.Home, " ", r.Contract) }

func (q Query) inner() (text string, args []any) {
	one, two, three := q.Today.AddMonths(-12), q.Today.AddMonths(-24), q.Today.AddMonths(-36)
	text = rowsText + " FROM " + cmp.Or(q.From, "contract_unpaid d") +
		" WHERE d.paying = ? AND d.day < ?" + q.Where + " GROUP BY d.home, d.contract"
	return text, append([]any{one, one, two, two, three, three, q.Owing, q.Today}, q.Args...)
}

// of is the condition that something of the band is owed.
func (q Query) of() string {
	switch q.Band {
	case schedule.FirstYear:
		return "first > 0"
	case schedule.SecondYear:
		return "second > 0"
	case schedule.ThirdYear:
		return "third > 0"
	case schedule.Older:
		return "older > 0"
	}
	return "owed > 0"
}

// Page is the statement of the next Limit rows and one more, each with what all come to. False: nobody wrote
// such a cursor.
func (q Query) Page() (text string, args []any, ok bool) {
	const columns = "owed, since, first, second, third, older"
	inner, args := q.inner()
	text = "SELECT home, contract, " + columns + `, number, all_owed, all_first, all_second, all_third,
		all_older FROM (SELECT home, contract, ` + columns + ", count(*) OVER () AS number"
	for _, column := range []string{"owed", "first", "second", "third", "older"} {
		text += ", CAST(sum(" + column + ") OVER () AS BIGINT) AS all_" + column
	}
	text += " FROM (" + inner + ") b WHERE " + q.of() + ") a"
	if q.After != "" {
		var owed, home, id int64
		if n, err := fmt.Sscan(q.After, &owed, &home, &id); n != 3 || err != nil {
			return "", nil, false
		}
		text += " WHERE owed < ? OR owed = ? AND (home, contract) > (?, ?)"
		args = append(args, owed, owed, home, id)
	}
	return text + " ORDER BY owed DESC, home, contract LIMIT ?", append(args, q.Limit+1), true
}
