package accruals

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "accruals", Migrations: root}
}

// Month is the depreciation of a book's month.
type Month struct {
	Home         int64     `db:"home"`
	Book         int64     `db:"book,key"`
	Month        string    `db:"month,key"` // 2025-03
	Version      int64     `db:"version,version"`
	Organisation int64     `db:"organisation"`
	Cards        int64     `db:"cards"`
	Amount       money.Fen `db:"amount"`
	Voucher      int64     `db:"voucher"` // 0: there was nothing to post
}

// Booked is what an approved check changed in the books.
type Booked struct {
	Home         int64       `db:"home"`
	Check        int64       `db:"inventory,key"`
	Version      int64       `db:"version,version"`
	Organisation int64       `db:"organisation"`
	Book         int64       `db:"book"`
	Year         int         `db:"year"`
	Day          period.Date `db:"day"`
	Gain         money.Fen   `db:"gain"`
	Loss         money.Fen   `db:"loss"`
	Claimed      money.Fen   `db:"claimed"`   // from those responsible
	LeftOver     int64       `db:"left_over"` // rows to be entered by hand
	Found        int64       `db:"found"`     // vouchers; 0: nothing to post
	Decided      int64       `db:"decided"`
	Decision     string      `db:"decision"`
	Document     string      `db:"document"`
}

var (
	monthTable  = store.NewTable[Month]("accrual_month")
	bookedTable = store.NewTable[Booked]("accrual_check")
)

func tables() []store.Sealed { return []store.Sealed{monthTable, bookedTable} }

// MonthsOf lists the months of a book that were depreciated.
func MonthsOf(r store.Reader, b ledger.Ref) ([]Month, error) {
	return monthTable.All(r, "WHERE home = ? AND book = ? ORDER BY month", b.Home, b.ID)
}

// BookedOf is what a check changed in the books, if it was booked.
func BookedOf(r store.Reader, ref inventory.Ref) (Booked, bool, error) {
	return bookedTable.First(r, "WHERE home = ? AND inventory = ?", ref.Home, ref.ID)
}
