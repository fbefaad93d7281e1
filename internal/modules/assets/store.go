package assets

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
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
	return store.Part{Name: "assets", Migrations: root, AppendOnly: []string{"asset_link", "asset_change"}}
}

// Class is how an asset counts.
type Class string

// The classes.
const (
	Operating    Class = "operating"     // 经营性
	NonOperating Class = "non_operating" // 非经营性
	Resource     Class = "resource"      // 资源性
)

// State is whether a card is live.
type State string

// The states; all but Live are final.
const (
	Live        State = "live"
	Disposed    State = "disposed"
	Transferred State = "transferred"
	StateSplit  State = "split"
)

// Title is whether it is settled whose the asset is.
type Title string

// The titles.
const (
	Clear     Title = "clear"
	Unsettled Title = "unsettled" // 待界定: out of the totals
)

// Asset is a card.
type Asset struct {
	Home         int64               `db:"home"`
	ID           int64               `db:"id,key"`
	Version      int64               `db:"version,version"`
	Organisation int64               `db:"organisation"`
	Place        int64               `db:"place"`
	Number       string              `db:"number"` // of the card, unique within the organisation
	Name         string              `db:"name"`
	Form         string              `db:"form"`     // the form of the annual check it is counted on
	Category     string              `db:"category"` // Art. 36
	Kind         string              `db:"kind"`     // house, machine, road …; a class of land
	Class        Class               `db:"class"`
	Origin       string              `db:"origin"` // own, fiscal_subsidy, donation …
	Title        Title               `db:"title"`
	Certificate  string              `db:"certificate"`
	Parcel       string              `db:"parcel"`
	Custodian    string              `db:"custodian"`
	Location     string              `db:"location"`
	Latitude     int64               `db:"latitude"` // micro-degrees; 0 and 0: none
	Longitude    int64               `db:"longitude"`
	Acquired     period.Date         `db:"acquired"` // "" unknown
	Quantity     int64               `db:"quantity"` // in hundredths of the unit
	Unit         string              `db:"unit"`
	Area         area.Area           `db:"area"`
	FloorArea    area.Area           `db:"floor_area"`
	Boundary     string              `db:"boundary"` // 四至
	Cost         money.Fen           `db:"cost"`
	Salvage      money.Fen           `db:"salvage"`
	Method       depreciation.Method `db:"method"`
	Months       int                 `db:"months"`
	InUse        period.Date         `db:"in_use"`
	Base         money.Fen           `db:"base"` // written off before InUse
	Work         int64               `db:"work"` // hundredths of a unit of work
	WorkDone     int64               `db:"work_done"`
	UseState     string              `db:"use_state"` // self, contracted, leased, lent, idle, occupied
	LandUse      string              `db:"land_use"`  // contracted, retained, disputed; "" no land
	User         string              `db:"user_name"` // who uses it, if not the organisation
	Contract     string              `db:"contract"`
	TermFrom     period.Date         `db:"term_from"`
	TermTo       period.Date         `db:"term_to"`
	AnnualFee    money.Fen           `db:"annual_fee"`
	Arrears      money.Fen           `db:"arrears"`
	State        State               `db:"state"`
	Ended        period.Date         `db:"ended"` // Open while live
	Note         string              `db:"note"`
	Profile      int64               `db:"profile"` // see profileOf; set by what writes the card
}

// Ref names a card.
type Ref struct{ Home, ID int64 }

// Ref names the row's card.
func (a Asset) Ref() Ref { return Ref{a.Home, a.ID} }

// Plan is the card's depreciation.
func (a Asset) Plan() depreciation.Plan {
	p := depreciation.Plan{Method: a.Method, Cost: a.Cost, Salvage: a.Salvage, Months: a.Months,
		Since: a.InUse,
		Base:  a.Base, Work: a.Work}
	if a.Ended != period.Open {
		p.Ended = a.Ended
	}
	return p
}

// Accumulated is what has been written off by the end of a day's month.
func (a Asset) Accumulated(day period.Date) money.Fen {
	if a.Method == depreciation.Units {
		return a.Plan().AccumulatedWork(a.WorkDone)
	}
	return a.Plan().Accumulated(day)
}

// Book is the net amount on a day: what the annual check compares with.
func (a Asset) Book(day period.Date) money.Fen { return a.Cost - a.Accumulated(day) }

// Link is where a card came from.
type Link struct {
	Home       int64       `db:"home"`
	ID         int64       `db:"id,key"`
	Kind       State       `db:"kind"` // split, transferred
	SourceHome int64       `db:"source_home"`
	Source     int64       `db:"source"`
	TargetHome int64       `db:"target_home"`
	Target     int64       `db:"target"`
	Happened   period.Date `db:"happened"`
	Document   string      `db:"document"`
}

// ChangeRow is a line of a card's history.
type ChangeRow struct {
	Home     int64          `db:"home"`
	Asset    int64          `db:"asset,key"`
	Number   int64          `db:"number,key"`
	Kind     string         `db:"kind"` // acquired, amended, revalued, disposed …
	Happened period.Date    `db:"happened"`
	At       period.Instant `db:"at"`
	Actor    int64          `db:"actor"`
	Amount   money.Fen      `db:"amount"` // what it was about, if an amount
	Document string         `db:"document"`
	Reason   string         `db:"reason"`
	Detail   string         `db:"detail"`   // manner of disposal, state of use, …: a code
	Decision string         `db:"decision"` // reference of the collective's decision
	Event    int64          `db:"event"`
}

var (
	assetTable  = store.NewTable[Asset]("asset")
	linkTable   = store.NewTable[Link]("asset_link")
	changeTable = store.NewTable[ChangeRow]("asset_change")
)

func tables() []store.Sealed { return []store.Sealed{assetTable, linkTable, changeTable, totalTable} }

// Get reads a card.
func Get(r store.Reader, ref Ref) (Asset, error) {
	a, found, err := assetTable.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "assets.no_asset")
	}
	return a, err
}

// LinksOf lists what a card came from and what became of it, as its home keeps it.
func LinksOf(r store.Reader, ref Ref) ([]Link, error) {
	return linkTable.All(r, `WHERE home = ?
		AND (source_home = ? AND source = ? OR target_home = ? AND target = ?) ORDER BY happened, id`,
		ref.Home, ref.Home, ref.ID, ref.Home, ref.ID)
}

// numbered finds a card of an organisation by its number.
func numbered(r store.Reader, home, organisation int64, number string) (Asset, bool, error) {
	return assetTable.First(r, "WHERE home = ? AND organisation = ? AND number = ?", home, organisation,
		number)
}

// OfOrganisation lists the live cards of an organisation by number of card: a page for work through
// all of them, beginning after a number.
func OfOrganisation(r store.Reader, home, organisation int64, after string, limit int) ([]Asset, error) {
	return assetTable.All(r,
		`WHERE home = ? AND organisation = ? AND number > ? AND state = ? ORDER BY number LIMIT ?`,
		home, organisation, after, Live, limit)
}
