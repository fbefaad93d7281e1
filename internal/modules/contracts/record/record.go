// Package record is the rows beside a contract: what it is about, its instalments, payments, what was
// given up, and its history; and how payments settle instalments.
package record

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/contracts/object"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
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

// DepositKind is what happened with a deposit.
type DepositKind string

// The kinds.
const (
	DepositReceived DepositKind = "received"
	DepositRefunded DepositKind = "refunded"
	DepositKept     DepositKind = "kept"
)

// Deposit is a movement of the deposit of a contract.
type Deposit struct {
	Home     int64       `db:"home"`
	ID       int64       `db:"id,key"`
	Version  int64       `db:"version,version"`
	Contract int64       `db:"contract"`
	Day      period.Date `db:"day"`
	Kind     DepositKind `db:"kind"`
	Amount   money.Fen   `db:"amount"`
	Manner   string      `db:"manner"`  // role of the account on the other side; "" before books
	Voucher  int64       `db:"voucher"` // 0: the organisation has no books
	Document string      `db:"document"`
	Note     string      `db:"note"`
}

// Held is what movements leave of a deposit.
func Held(moves []Deposit) money.Fen {
	held := money.Fen(0)
	for _, m := range moves {
		if m.Kind == DepositReceived {
			held += m.Amount
		} else {
			held -= m.Amount
		}
	}
	return held
}

// Follow are the instalments that have fallen due from a day to another, as the plan has them, in the order
// of their days. One that is no longer in the plan stays with nothing due. blank names the contract.
func Follow(blank DueRow, plan []schedule.Due, rows []DueRow, from, today period.Date) []DueRow {
	byNumber := map[int64]DueRow{}
	for _, row := range rows {
		if row.Number > 0 {
			row.Amount = 0
		}
		byNumber[row.Number] = row
	}
	for i, d := range plan {
		if d.Day > today || d.Day < from || d.Amount == 0 {
			continue
		}
		number := int64(i + 1)
		row, known := byNumber[number]
		if !known {
			row = blank
			row.Number = number
		}
		row.Begins, row.Ends, row.Day, row.Amount = d.From, d.To, d.Day, d.Amount
		byNumber[number] = row
	}
	list := make([]DueRow, 0, len(byNumber))
	for _, row := range byNumber {
		row.Written = min(row.Written, row.Amount)
		list = append(list, row)
	}
	slices.SortFunc(list, ByAge)
	return list
}

// Keeps reports whether an instalment is as the plan has it: what was owed at take-over and what is no longer
// due are in no plan.
func (d DueRow) Keeps(plan []schedule.Due) bool {
	if d.Written < 0 || d.Open() < 0 {
		return false
	}
	return d.Number == 0 || d.Amount == 0 || int(d.Number) <= len(plan) &&
		plan[d.Number-1] == schedule.Due{From: d.Begins, To: d.Ends, Day: d.Day, Amount: d.Amount}
}

// ReadObjects reads what a form says a contract is about (package object). False: it cannot be read.
func ReadObjects(text string) ([]Object, bool) {
	parts, readable := object.Read(text)
	var list []Object
	for _, p := range parts {
		list = append(list, Object{Object: p.Object, Share: p.Share})
	}
	return list, readable
}

func partsOf(list []Object) []object.Part {
	parts := make([]object.Part, len(list))
	for i, o := range list {
		parts[i] = object.Part{Object: o.Object, Share: o.Share}
	}
	return parts
}

// WriteObjects is what ReadObjects reads.
func WriteObjects(list []Object) string { return object.Write(partsOf(list)) }

// Fits normalises what a contract is about and reports whether it can be so.
func Fits(list []Object) bool {
	for i := range list {
		o := &list[i]
		if o.Object = strings.TrimSpace(o.Object); o.Share == 0 {
			o.Share = object.Whole
		}
	}
	return object.Fits(partsOf(list))
}

// Said is what the voucher of an instalment says. Books are kept in Chinese.
func (d DueRow) Said(name, number string, owing bool) string {
	what := "应收款"
	if owing {
		what = "应付款"
	}
	return Clip(name + " 合同" + number + what + "（" + string(d.Begins) + "至" + string(d.Ends) + "）")
}

// Clip keeps a summary within what a voucher takes.
func Clip(text string) string {
	if r := []rune(text); len(r) > book.SummaryMax {
		return string(r[:book.SummaryMax])
	}
	return text
}

// Prove finds what is wrong with the instalments of a contract: they are those of its plan, what was given
// up of them sums to the list of it, and what was received settles the oldest first.
func Prove(rows []DueRow, plan []schedule.Due, received, written money.Fen, ref string) []fault.Finding {
	var found []fault.Finding
	var off money.Fen
	for _, row := range rows {
		if off += row.Written; !row.Keeps(plan) {
			found = append(found, fault.Wrong("contracts.verify.due", ref, row.Number))
		}
	}
	if off != written {
		found = append(found, fault.Wrong("contracts.verify.written", ref, off.String(), written.String()))
	}
	again := slices.Clone(rows)
	Spread(again, received)
	if !slices.Equal(again, rows) {
		found = append(found, fault.Wrong("contracts.verify.paid", ref))
	}
	return found
}

// Before is what was owed when claims began to be kept here.
func Before(blank DueRow, owed money.Fen, begins, from period.Date) DueRow {
	blank.Begins, blank.Ends, blank.Day, blank.Amount = begins, from.AddDays(-1), from.AddDays(-1), owed
	return blank
}

// TakenOver are instalments as they stand in books that were kept before: booked is the voucher of one, 0
// none; without it all are in opening balances. What was owed before them comes first, if anything was.
func TakenOver(rows []DueRow, plan []schedule.Due, booked func(schedule.Due) int64,
	before DueRow) []DueRow {
	if before.Amount > 0 {
		rows = append([]DueRow{before}, rows...)
	}
	for i := range rows {
		row := &rows[i]
		row.Version, row.Booked = 1, row.Amount
		if booked == nil || row.Number == 0 {
			continue
		}
		if row.Voucher = booked(plan[row.Number-1]); row.Voucher == 0 {
			row.Booked = 0
		} else {
			row.Bookings = 1
		}
	}
	return rows
}

// Instalment is what is due of an instalment, or will be.
type Instalment struct {
	Day  period.Date
	Open money.Fen
	Late bool // the day has passed
}

// Outstanding are the instalments of which something is open, and of a contract whose next falls due on a day
// those to come up to another. A schedule that cannot be has none to come.
func Outstanding(rows []DueRow, phases []schedule.Phase, next, today, until period.Date) []Instalment {
	var list []Instalment
	for _, d := range rows {
		if d.Open() > 0 {
			list = append(list, Instalment{d.Day, d.Open(), d.Day < today})
		}
	}
	plan, err := schedule.Plan(phases)
	if err != nil || next > until {
		return list
	}
	for _, d := range schedule.Ahead(plan, max(today, next.AddDays(-1)), until) {
		list = append(list, Instalment{Day: d.Day, Open: d.Amount})
	}
	return list
}

// Payment is a payment of the past.
type Payment struct {
	Day     period.Date
	Amount  money.Fen
	Voucher int64
}
