package inventory

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
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
	return store.Part{Name: "inventory", Migrations: root}
}

// Stage is where a check stands, as lists and boards count it. It follows the case.
type Stage string

// The stages, in order.
const (
	Counting Stage = "counting"
	OnNotice Stage = "notice"
	AtVote   Stage = "confirmation"
	InReview Stage = "township"
	AtCounty Stage = "county"
	Approved Stage = "approved"
	Locked   Stage = "locked" // accepted by the city: nothing changes any more
	Ended    Stage = "ended"  // withdrawn
)

// Stages lists them for filters and boards.
var Stages = []Stage{Counting, OnNotice, AtVote, InReview, AtCounty, Approved, Locked, Ended}

// Final reports whether rows and findings of a check change no more.
func (s Stage) Final() bool { return s == Approved || s == Locked || s == Ended }

// Sample is whether a check is to be counted again.
type Sample string

// The samples.
const (
	NotDrawn Sample = ""       // the county has not drawn its sample yet
	Drawn    Sample = "drawn"  // it is counted again before approval
	Spared   Sample = "spared" // it is not
	Late     Sample = "late"   // opened after the drawing: it was never concerned
)

// Check is the check of one organisation.
type Check struct {
	Home         int64          `db:"home"`
	ID           int64          `db:"id,key"`
	Version      int64          `db:"version,version"`
	Year         int            `db:"year"`
	Organisation int64          `db:"organisation"`
	Place        int64          `db:"place"`
	Level        division.Level `db:"level"`
	Name         string         `db:"name"`           // of the organisation, as it was
	Reference    period.Date    `db:"reference"`      // day of reference
	Case         int64          `db:"procedure_case"` // of the procedure
	Stage        Stage          `db:"stage"`
	Carried      bool           `db:"carried"` // nothing changed: carried forward from last year
	Sample       Sample         `db:"sample"`
	Recheck      string         `db:"recheck"` // of a sampled one: "", match, differs
	RecheckNote  string         `db:"recheck_note"`
	RecheckBy    int64          `db:"recheck_by"`
	Rows         int64          `db:"rows"`
	Counted      int64          `db:"counted"`
	ApprovedAt   period.Instant `db:"approved"` // 0 not yet
}

// Ref names a check.
type Ref struct{ Home, ID int64 }

// Address is the check's page.
func (r Ref) Address() string { return fmt.Sprintf("/checks/%d/%d", r.Home, r.ID) }

// Address is the check's page.
func (c Check) Address() string { return c.Ref().Address() }

// Ref names the row's check.
func (c Check) Ref() Ref { return Ref{c.Home, c.ID} }

type totalRow struct {
	Home    int64  `db:"home"`
	Year    int    `db:"year,key"`
	Check   int64  `db:"inventory,key"`
	Place   int64  `db:"place"`
	Layout  string `db:"layout"`
	Figures []byte `db:"figures"`
}

type memberRow struct {
	Home    int64  `db:"home"`
	Check   int64  `db:"inventory,key"`
	Number  int64  `db:"number,key"`
	Version int64  `db:"version,version"`
	Role    string `db:"role"`
	Name    []byte `db:"name"` // sealed
}

// Row is a row of a check.
type Row struct {
	Home          int64         `db:"home"`
	Check         int64         `db:"inventory,key"`
	Number        int64         `db:"number,key"`
	Version       int64         `db:"version,version"`
	Form          string        `db:"form"`
	Asset         int64         `db:"asset"` // card; 0: found without one, or a balance
	Name          string        `db:"name"`
	Class         assets.Class  `db:"class"`
	Kind          string        `db:"kind"` // of a fixed asset; class of land
	Title         assets.Title  `db:"title"`
	Quantity      int64         `db:"quantity"` // in hundredths of the unit
	Unit          string        `db:"unit"`
	Book          money.Fen     `db:"book"`
	Counted       money.Fen     `db:"counted"`
	Increases     money.Fen     `db:"increases"`
	Decreases     money.Fen     `db:"decreases"`
	Verified      money.Fen     `db:"verified"`
	Gain          money.Fen     `db:"gain"`
	Loss          money.Fen     `db:"loss"`
	WrittenOff    money.Fen     `db:"written_off"` // accumulated depreciation on the day of reference
	BookArea      area.Area     `db:"book_area"`
	CountedArea   area.Area     `db:"counted_area"`
	AreaIncreases area.Area     `db:"area_increases"`
	AreaDecreases area.Area     `db:"area_decreases"`
	VerifiedArea  area.Area     `db:"verified_area"`
	GainArea      area.Area     `db:"gain_area"`
	LossArea      area.Area     `db:"loss_area"`
	Verdict       count.Verdict `db:"verdict"`
	UseState      string        `db:"use_state"`
	LandUse       string        `db:"land_use"`
	Keeper        string        `db:"keeper"`
	Remark        string        `db:"remark"`
	Detail        string        `db:"detail"` // further columns of the form, as JSON
	Latitude      int64         `db:"latitude"`
	Longitude     int64         `db:"longitude"`
	Photo         int64         `db:"photo"`
	CountedOn     period.Date   `db:"counted_on"` // "" not yet
	CountedBy     int64         `db:"counted_by"`
}

// Amount and Land are the row's quantities.
func (w Row) Amount() count.Quantity {
	return count.Quantity{Book: int64(w.Book), Counted: int64(w.Counted), Increases: int64(w.Increases),
		Decreases: int64(w.Decreases)}
}

// Land is the row's area as a quantity.
func (w Row) Land() count.Quantity {
	return count.Quantity{Book: int64(w.BookArea), Counted: int64(w.CountedArea),
		Increases: int64(w.AreaIncreases),
		Decreases: int64(w.AreaDecreases)}
}

// Finding is what a cross-check found.
type Finding struct {
	Home        int64          `db:"home"`
	Check       int64          `db:"inventory,key"`
	Number      int64          `db:"number,key"`
	Version     int64          `db:"version,version"`
	Round       int            `db:"round"`
	Rule        string         `db:"rule"`
	Severity    fault.Severity `db:"severity"`
	Row         int64          `db:"row"`
	Facts       string         `db:"facts"` // arguments of the text, as JSON
	Explanation string         `db:"explanation"`
	Explained   int64          `db:"explained"` // by whom; 0 not yet
}

// Adjustment corrects, in a later year, what was locked.
type Adjustment struct {
	Home         int64          `db:"home"`
	ID           int64          `db:"id,key"`
	Version      int64          `db:"version,version"`
	Year         int            `db:"year"` // in which it takes effect
	Organisation int64          `db:"organisation"`
	Check        int64          `db:"inventory"` // the locked one
	Row          int64          `db:"row"`
	Asset        int64          `db:"asset"`
	Form         string         `db:"form"`
	Name         string         `db:"name"`
	Amount       money.Fen      `db:"amount"` // to add
	Area         area.Area      `db:"area"`
	Reason       string         `db:"reason"`
	Document     string         `db:"document"`
	Entered      period.Instant `db:"entered"`
}

var (
	checks      = store.NewTable[Check]("inventory_check")
	totals      = store.NewTable[totalRow]("inventory_total").Unsealed()
	members     = store.NewTable[memberRow]("inventory_member")
	rows        = store.NewTable[Row]("inventory_row")
	findings    = store.NewTable[Finding]("inventory_finding")
	adjustments = store.NewTable[Adjustment]("inventory_adjustment")
)

func tables() []store.Sealed {
	return []store.Sealed{checks, totals, members, rows, findings, adjustments}
}

func getCheck(r store.Reader, ref Ref) (Check, error) {
	c, found, err := checks.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "inventory.no_check")
	}
	return c, err
}

// RowsOf lists the rows of a check.
func RowsOf(r store.Reader, ref Ref) ([]Row, error) {
	return rows.All(r, "WHERE home = ? AND inventory = ? ORDER BY number", ref.Home, ref.ID)
}

func getRow(r store.Reader, ref Ref, number int64) (Row, error) {
	w, found, err := rows.First(r, "WHERE home = ? AND inventory = ? AND number = ?", ref.Home, ref.ID,
		number)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "inventory.no_row")
	}
	return w, err
}

// FindingsOf lists what the cross-checks found, in all rounds.
func FindingsOf(r store.Reader, ref Ref) ([]Finding, error) {
	return findings.All(r, "WHERE home = ? AND inventory = ? ORDER BY number", ref.Home, ref.ID)
}

// previous finds the organisation's approved check of the year before.
func previous(r store.Reader, c Check) (Check, bool, error) {
	return checks.First(r, "WHERE home = ? AND year = ? AND organisation = ? AND stage IN (?, ?)",
		c.Home, c.Year-1, c.Organisation, Approved, Locked)
}
