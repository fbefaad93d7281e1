// Package record is the rows beside a contract: what it is about, its instalments, payments, what was
// given up, and its history; and how payments settle instalments.
package record

import (
	"cmp"

	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Object is a thing a contract is about.
type Object struct {
	Home     int64       `db:"home"`
	Contract int64       `db:"contract,key"`
	Number   int64       `db:"number,key"`
	Version  int64       `db:"version,version"`
	Object   string      `db:"object"` // home/id of a card, or the code of a parcel
	Share    int64       `db:"share"`  // of it, hundredths of a percent
	Begins   period.Date `db:"begins"`
	Ends     period.Date `db:"ends"`
	Live     bool        `db:"live"`
}

// DueRow is an instalment that has fallen due.
type DueRow struct {
	Home         int64       `db:"home"`
	Contract     int64       `db:"contract,key"`
	Number       int64       `db:"number,key"` // the place in the schedule; 0: what was owed at take-over
	Version      int64       `db:"version,version"`
	Organisation int64       `db:"organisation"`
	Begins       period.Date `db:"begins"`
	Ends         period.Date `db:"ends"`
	Day          period.Date `db:"day"`
	Amount       money.Fen   `db:"amount"`
	Booked       money.Fen   `db:"booked"`   // of the amount, posted in the books
	Bookings     int64       `db:"bookings"` // vouchers there have been
	Voucher      int64       `db:"voucher"`  // the last
	Paid         money.Fen   `db:"paid"`
	Written      money.Fen   `db:"written"` // off
}

// Open is what is still owed.
func (d DueRow) Open() money.Fen { return d.Amount - d.Paid - d.Written }

// Receipt is a payment.
type Receipt struct {
	Home     int64       `db:"home"`
	ID       int64       `db:"id,key"`
	Version  int64       `db:"version,version"`
	Contract int64       `db:"contract"`
	Day      period.Date `db:"day"`
	Amount   money.Fen   `db:"amount"`
	Manner   string      `db:"manner"`  // role of the account: bank, cash; matched; "" before books
	Voucher  int64       `db:"voucher"` // 0: the organisation has no books
	Line     int         `db:"line"`    // of a posting it was matched to
	Document string      `db:"document"`
	Note     string      `db:"note"`
}

// WriteOff is an instalment given up: off the books, and still claimable.
type WriteOff struct {
	Home     int64       `db:"home"`
	ID       int64       `db:"id,key"`
	Version  int64       `db:"version,version"`
	Contract int64       `db:"contract"`
	Due      int64       `db:"due"`
	Day      period.Date `db:"day"`
	Amount   money.Fen   `db:"amount"`
	Evidence string      `db:"evidence"`
	Decision string      `db:"decision"`
	Approval string      `db:"approval"`
	Voucher  int64       `db:"voucher"`
}

// ChangeRow is a line of a contract's history.
type ChangeRow struct {
	Home     int64          `db:"home"`
	Contract int64          `db:"contract,key"`
	Number   int64          `db:"number,key"`
	Kind     string         `db:"kind"`
	Happened period.Date    `db:"happened"`
	At       period.Instant `db:"at"`
	Actor    int64          `db:"actor"`
	Amount   money.Fen      `db:"amount"`
	Document string         `db:"document"`
	Reason   string         `db:"reason"`
	Event    int64          `db:"event"`
}

// ByAge orders instalments: the oldest first.
func ByAge(a, b DueRow) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Number, b.Number))
}

// Spread settles instalments, which are in the order of their age, with what was paid.
func Spread(rows []DueRow, received money.Fen) {
	claims := make([]money.Fen, len(rows))
	for i, row := range rows {
		claims[i] = row.Amount - row.Written
	}
	settled, _ := schedule.Settle(claims, received)
	for i := range rows {
		rows[i].Paid = settled[i]
	}
}

// Arrears are what was owed under a contract on a day.
type Arrears struct {
	Open  money.Fen
	Since period.Date // the oldest open due day; "" none
}

// ArrearsOf adds up what is owed from before a day.
func ArrearsOf(rows []DueRow, today period.Date) Arrears {
	var a Arrears
	for _, row := range rows {
		if row.Open() > 0 && row.Day < today {
			a.Open += row.Open()
			if a.Since == "" || row.Day < a.Since {
				a.Since = row.Day
			}
		}
	}
	return a
}
