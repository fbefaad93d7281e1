// Package record is what the ledger keeps: books, vouchers, postings, periods and holds as rows, drafts
// as they are entered, and the hashes that prove them. It does no I/O.
package record

import (
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Ref names a book.
type Ref struct{ Home, ID int64 }

// String writes it as addresses and commands do: 500102/37.
func (r Ref) String() string { return pair(r.Home, r.ID) }

// ParseRef reads what String writes.
func ParseRef(text string) (Ref, bool) {
	home, id, ok := parsePair(text)
	return Ref{home, id}, ok
}

// VoucherRef names a voucher.
type VoucherRef struct{ Home, ID int64 }

// String writes it as addresses and commands do.
func (r VoucherRef) String() string { return pair(r.Home, r.ID) }

// ParseVoucherRef reads what String writes.
func ParseVoucherRef(text string) (VoucherRef, bool) {
	home, id, ok := parsePair(text)
	return VoucherRef{home, id}, ok
}

func pair(home, id int64) string {
	return strconv.FormatInt(home, 10) + "/" + strconv.FormatInt(id, 10)
}

func parsePair(text string) (home, id int64, ok bool) {
	first, second, found := strings.Cut(strings.TrimSpace(text), "/")
	home, wrongHome := strconv.ParseInt(first, 10, 64)
	id, wrongID := strconv.ParseInt(second, 10, 64)
	return home, id, found && wrongHome == nil && wrongID == nil && home >= 0 && id > 0
}

// Book is the books of an organisation under one chart of accounts.
type Book struct {
	Home         int64       `db:"home"`
	ID           int64       `db:"id,key"`
	Version      int64       `db:"version,version"`
	Organisation int64       `db:"organisation"`
	Place        int64       `db:"place"`
	Chart        string      `db:"chart"`       // key of a chart of the pack
	From         period.Date `db:"begins"`      // first day
	Until        period.Date `db:"ends"`        // first day no longer; Open while it runs
	Closed       string      `db:"closed"`      // last closed month: 2025-06; "" none
	YearClosed   int         `db:"year_closed"` // last year whose result was carried over; 0 none
	Opening      bool        `db:"opening"`     // opening balances were entered
	OpeningHash  string      `db:"opening_hash"`
}

// Ref names the row's book.
func (b Book) Ref() Ref { return Ref{b.Home, b.ID} }

// Status is where a voucher stands.
type Status string

// The statuses.
const (
	Drafted  Status = "draft"
	Returned Status = "returned" // by the checker, with a reason: a draft again
	Posted   Status = "posted"   // numbered; changes no more
)

// The series of vouchers: general, receipt, payment, transfer.
const (
	General  = "记"
	Receipt  = "收"
	Payment  = "付"
	Transfer = "转"
)

// SeriesAll lists the series in the order of a register.
var SeriesAll = []string{General, Receipt, Payment, Transfer}

// Voucher is a bookkeeping voucher (记账凭证).
type Voucher struct {
	Home        int64          `db:"home"`
	ID          int64          `db:"id,key"`
	Version     int64          `db:"version,version"`
	Book        int64          `db:"book"`
	Series      string         `db:"series"`
	Date        period.Date    `db:"date"`   // accounting date
	Month       string         `db:"month"`  // 2025-03
	Number      int64          `db:"number"` // gapless per book, month and series; 0 while a draft
	Status      Status         `db:"status"`
	Summary     string         `db:"summary"`
	Total       money.Fen      `db:"total"`  // of the debits
	Hash        string         `db:"hash"`   // over everything that was posted; "" while a draft
	Source      string         `db:"source"` // what made it: contract/12/2025-07; "" by hand. Once in a book
	Maker       int64          `db:"maker"`
	Checker     int64          `db:"checker"` // 0: not yet, or posted by the program
	Entered     period.Instant `db:"entered"`
	PostedAt    period.Instant `db:"posted"`
	Reverses    int64          `db:"reverses"`    // the voucher that this one takes back in red
	ReversedBy  int64          `db:"reversed_by"` // the posted voucher that took this one back
	Reason      string         `db:"reason"`      // why it was returned, or why it reverses
	Attachments int64          `db:"attachments"`
	Files       string         `db:"files"`   // SHA-256 of the attachments, parted by blanks
	Content     string         `db:"content"` // the postings of a draft, as JSON
}

// Ref names the row's voucher.
func (v Voucher) Ref() VoucherRef { return VoucherRef{v.Home, v.ID} }

// BookRef names the book it is in.
func (v Voucher) BookRef() Ref { return Ref{v.Home, v.Book} }

// FileHashes lists the SHA-256 of the attachments.
func (v Voucher) FileHashes() []string { return strings.Fields(v.Files) }

// Word is the voucher's number as it is printed: 记-12; "" while a draft.
func (v Voucher) Word() string {
	if v.Number == 0 {
		return ""
	}
	return v.Series + "-" + strconv.FormatInt(v.Number, 10)
}

// PostingRow is a line of a voucher.
type PostingRow struct {
	Home         int64       `db:"home"`
	Voucher      int64       `db:"voucher,key"`
	Line         int         `db:"line,key"`
	Book         int64       `db:"book"`
	Date         period.Date `db:"date"`
	Account      string      `db:"account"`
	Amount       money.Fen   `db:"amount"` // debit above zero
	Red          bool        `db:"red"`    // stands on the other side in red: a reversal
	Counterparty string      `db:"counterparty"`
	Member       string      `db:"member"`
	Asset        string      `db:"asset"` // home/id of a card
	Project      string      `db:"project"`
	Fund         string      `db:"fund"`
	Note         string      `db:"note"`
	Detailed     bool        `db:"detailed"` // counts under its counterparty
	Closing      bool        `db:"closing"`  // of a voucher that closes a year
	Posted       bool        // false: of a draft
}

// OpeningRow is what stood on an account when a year began.
type OpeningRow struct {
	Home         int64     `db:"home"`
	Book         int64     `db:"book,key"`
	Year         int       `db:"year,key"`
	Account      string    `db:"account,key"`
	Counterparty string    `db:"counterparty,key"`
	Amount       money.Fen `db:"amount"`
}

// PeriodAct is something done to a month of a book.
type PeriodAct struct {
	Home     int64          `db:"home"`
	Book     int64          `db:"book,key"`
	Month    string         `db:"month,key"`
	Act      int64          `db:"act,key"` // from 1
	Kind     string         `db:"kind"`    // closed, reopened
	At       period.Instant `db:"at"`
	Actor    int64          `db:"actor"`
	Hash     string         `db:"hash"` // over the month's vouchers as they were then
	Reason   string         `db:"reason"`
	Decision string         `db:"decision"`
}

// What is done to a month.
const (
	MonthClosed   = "closed"
	MonthReopened = "reopened"
)

// HoldState is what became of money that was set aside.
type HoldState string

// The states of a hold; all but Reserved are final.
const (
	Reserved HoldState = "reserved"
	Paid     HoldState = "posted"
	Released HoldState = "released"
	Expired  HoldState = "expired"
)

// Hold is money of an account set aside for a draft, so that nothing else can spend it.
type Hold struct {
	Home    int64          `db:"home"`
	ID      int64          `db:"id,key"`
	Version int64          `db:"version,version"`
	Book    int64          `db:"book"`
	Voucher int64          `db:"voucher"`
	Account string         `db:"account"`
	Amount  money.Fen      `db:"amount"` // above zero: what the draft takes off the account
	State   HoldState      `db:"state"`
	Expires period.Date    `db:"expires"` // last day it holds
	Actor   int64          `db:"actor"`
	At      period.Instant `db:"at"`
}

// BaseYear is the year from whose opening rows today's balances are counted.
func (b Book) BaseYear() int { return max(b.YearClosed+1, b.From.Year()) }

// NextMonth is the month of a book that is closed next.
func (b Book) NextMonth() period.Period {
	if p, err := period.Parse(b.Closed); err == nil {
		return p.Next()
	}
	return period.Containing(b.From, period.Month)
}

// MonthsClosed is how many months of a book are closed: all up to the last one.
func (b Book) MonthsClosed() int {
	last, err := period.Parse(b.Closed)
	if err != nil {
		return 0
	}
	first := period.Containing(b.From, period.Month)
	return (last.Year()-first.Year())*12 + int(last.First().Month()) - int(first.First().Month()) + 1
}

// Fits refuses a day outside the book, in a closed month or beyond the running one.
func (b Book) Fits(day, today period.Date) error {
	switch {
	case !day.Valid():
		return fault.New(fault.Invalid, "ledger.day")
	case day < b.From || day >= b.Until:
		return fault.New(fault.Conflict, "ledger.not_in_book", string(b.From), string(b.Until))
	case MonthOf(day) <= b.Closed:
		return fault.New(fault.Conflict, "ledger.month_closed", MonthOf(day))
	case MonthOf(day) > MonthOf(today):
		return fault.New(fault.Conflict, "ledger.future", MonthOf(today))
	}
	return nil
}

// Closable refuses to close a month that is not the next one, or in which drafts are left.
func (b Book) Closable(month period.Period, drafts int64) error {
	next := b.NextMonth()
	switch {
	case month.Last() < b.From || month.First() >= b.Until:
		return fault.New(fault.Conflict, "ledger.not_in_book", string(b.From), string(b.Until))
	case month.String() <= b.Closed:
		return fault.New(fault.Conflict, "ledger.month_closed", month.String())
	case next.String() != month.String():
		return fault.New(fault.Conflict, "ledger.earlier_open", next.String())
	case drafts > 0:
		return fault.New(fault.Conflict, "ledger.drafts_left", drafts)
	}
	return nil
}

// Detail is the counterparty under which a line counts; "" on accounts that are not kept so.
func (p PostingRow) Detail() string {
	if p.Detailed {
		return p.Counterparty
	}
	return ""
}
