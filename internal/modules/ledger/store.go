package ledger

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "ledger", Migrations: root, AppendOnly: []string{"ledger_period"}}
}

// What the ledger keeps is declared in package record.
type (
	Ref        = record.Ref
	VoucherRef = record.VoucherRef
	Book       = record.Book
	Status     = record.Status
	Voucher    = record.Voucher
	PostingRow = record.PostingRow
	PeriodAct  = record.PeriodAct
	HoldState  = record.HoldState
	Hold       = record.Hold
	Draft      = record.Draft
)

// The statuses, series, states of a hold, and limits.
const (
	Drafted  = record.Drafted
	Returned = record.Returned
	Posted   = record.Posted

	General  = record.General
	Receipt  = record.Receipt
	Payment  = record.Payment
	Transfer = record.Transfer

	Reserved = record.Reserved
	Paid     = record.Paid
	Released = record.Released
	Expired  = record.Expired

	AmountMax = record.AmountMax
	SourceMax = record.SourceMax
	ReasonMax = record.ReasonMax
	FilesMax  = record.FilesMax
)

// SeriesAll lists the series in the order of a register.
var SeriesAll = record.SeriesAll

// ParseRef reads what Ref.String writes.
func ParseRef(text string) (Ref, bool) { return record.ParseRef(text) }

// ParseVoucherRef reads what VoucherRef.String writes.
func ParseVoucherRef(text string) (VoucherRef, bool) { return record.ParseVoucherRef(text) }

// ownerOf names the organisation whose books they are.
func ownerOf(b Book) registry.Ref { return registry.Ref{Home: b.Home, ID: b.Organisation} }

type (
	gateRow     = record.Gate
	numberRow   = record.Number
	turnoverRow = record.Turnover
	sheetRow    = record.Sheet
)

var (
	books     = store.NewTable[Book]("ledger_book")
	gates     = store.NewTable[gateRow]("ledger_gate").Unsealed()
	numbers   = store.NewTable[numberRow]("ledger_number").Unsealed()
	vouchers  = store.NewTable[Voucher]("ledger_voucher")
	postings  = store.NewTable[PostingRow]("ledger_posting").Unsealed()
	openings  = store.NewTable[record.OpeningRow]("ledger_opening").Unsealed()
	turnovers = store.NewTable[turnoverRow]("ledger_turnover").Unsealed()
	periods   = store.NewTable[PeriodAct]("ledger_period")
	holds     = store.NewTable[Hold]("ledger_hold")
	keptKeys  = store.NewTable[record.Key]("ledger_key").Unsealed()
	sheets    = store.NewTable[sheetRow]("ledger_sheet").Unsealed()
)

func tables() []store.Sealed {
	return []store.Sealed{books, gates, numbers, vouchers, postings, openings, turnovers, periods, holds,
		keptKeys, sheets}
}

// Get reads a book.
func Get(r store.Reader, ref Ref) (Book, error) {
	b, found, err := books.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "ledger.no_book")
	}
	return b, err
}

// Of finds the book of an organisation that runs on a day.
func Of(r store.Reader, organisation registry.Ref, on period.Date) (Book, bool, error) {
	return books.First(r, `WHERE home = ? AND organisation = ? AND begins <= ? AND ends > ?`,
		organisation.Home, organisation.ID, on, on)
}

// BooksOf lists the books of an organisation, the latest first.
func BooksOf(r store.Reader, organisation registry.Ref) ([]Book, error) {
	return books.All(r, "WHERE home = ? AND organisation = ? ORDER BY begins DESC", organisation.Home,
		organisation.ID)
}

// InHome lists the books of a county by number: a page for work through all of them.
func InHome(r store.Reader, home, after int64, limit int) ([]Book, error) {
	return books.All(r, "WHERE home = ? AND id > ? ORDER BY id LIMIT ?", home, after, limit)
}
