package campaign

import (
	"embed"
	"fmt"
	"io/fs"

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
	return store.Part{Name: "campaign", Migrations: root}
}

// State is where a campaign stands.
type State string

// The states, in order.
const (
	Opening   State = "opening"   // its checks are being opened
	Open      State = "open"      // organisations count
	Compiling State = "compiling" // the county's figures are on their way to the city
	Locked    State = "locked"    // the city has accepted them
)

// Campaign is a county's check of one year.
type Campaign struct {
	Home        int64       `db:"home"` // the county
	Year        int         `db:"year,key"`
	Version     int64       `db:"version,version"`
	Place       int64       `db:"place"`
	Reference   period.Date `db:"reference"` // day of reference
	Opened      period.Date `db:"opened"`
	Opener      int64       `db:"opener"` // account
	State       State       `db:"state"`
	Case        int64       `db:"procedure_case"` // of the roll-up; 0 not begun
	SampleShare int64       `db:"sample_share"`   // in 0.0001
	SampleSeed  string      `db:"sample_seed"`    // hexadecimal; "" not drawn
	Sampled     period.Date `db:"sampled"`        // "" not drawn
	Note        string      `db:"note"`
}

// Address is the campaign's page.
func (c Campaign) Address() string { return address(c.Home, c.Year) }

func address(home int64, year int) string { return fmt.Sprintf("/inventory/%d/%d", home, year) }

var campaigns = store.NewTable[Campaign]("campaign")

func tables() []store.Sealed { return []store.Sealed{campaigns} }

// Get reads a county's campaign of a year.
func Get(r store.Reader, home int64, year int) (Campaign, error) {
	c, found, err := campaigns.First(r, "WHERE home = ? AND year = ?", home, year)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "campaign.none", year)
	}
	return c, err
}

// missing counts the active organisations of a county that have no check of a year.
func missing(r store.Reader, home int64, year int) (int64, error) {
	return store.Count(r, `SELECT count(*) FROM organisation o WHERE o.home = ? AND o.status = 'active'
		AND NOT EXISTS (SELECT 1 FROM inventory_check c
		WHERE c.home = o.home AND c.year = ? AND c.organisation = o.id)`,
		home, year)
}

// years lists the years there are campaigns of, the latest first.
func years(r store.Reader) ([]int, error) {
	type row struct {
		Year int `db:"year"`
	}
	list, err := store.All[row](r, `SELECT DISTINCT year FROM campaign ORDER BY year DESC`)
	all := make([]int, len(list))
	for i, y := range list {
		all[i] = y.Year
	}
	return all, err
}
