package statistics

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

func part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "statistics", Migrations: root}
}

// Figure is a revision of a series at a place in a year.
type Figure struct {
	Home     int64          `db:"home"`
	Series   string         `db:"series,key"`
	Place    int64          `db:"place,key"`
	Year     int64          `db:"year,key"`
	Revision int64          `db:"revision,key"`
	Version  int64          `db:"version,version"`
	Known    bool           `db:"known"` // false: the figure was taken back
	Amount   int64          `db:"amount"`
	Import   int64          `db:"import"` // 0: entered by hand
	Reason   string         `db:"reason"`
	Author   int64          `db:"author"`
	At       period.Instant `db:"at"`
}

// Import is a file that was taken in.
type Import struct {
	Home     int64          `db:"home"`
	ID       int64          `db:"id,key"`
	Version  int64          `db:"version,version"`
	Name     string         `db:"name"`
	Hash     string         `db:"hash"` // SHA-256
	Mapping  string         `db:"mapping"`
	Added    int64          `db:"added"`
	Revised  int64          `db:"revised"`
	Findings int64          `db:"findings"`
	Reason   string         `db:"reason"`
	Author   int64          `db:"author"`
	At       period.Instant `db:"at"`
}

var (
	figures = store.NewTable[Figure]("statistic_figure")
	imports = store.NewTable[Import]("statistic_import")
)

func tables() []store.Sealed { return []store.Sealed{figures, imports} }

// cell names a figure whatever its revision.
type cell struct {
	series string
	place  int64
	year   int64
}

func (f Figure) cell() cell { return cell{f.Series, f.Place, f.Year} }

// address is the page of a figure.
func (c cell) address() string { return fmt.Sprintf("/statistics/%s/%d/%d", c.series, c.place, c.year) }

// latest reads the last revision of every figure of a series, those that were taken back too.
func latest(r store.Reader, series string, into map[cell]Figure) error {
	for f, err := range figures.Each(r, "WHERE home = ? AND series = ? ORDER BY place, year, revision",
		store.City, series) {
		if err != nil {
			return err
		}
		into[f.cell()] = f
	}
	return nil
}

// Revisions are the versions of a figure, the oldest first.
func Revisions(r store.Reader, series string, place, year int64) ([]Figure, error) {
	return figures.All(r, "WHERE home = ? AND series = ? AND place = ? AND year = ? ORDER BY revision",
		store.City, series, place, year)
}

// Imports are the files that were taken in, the newest first.
func Imports(r store.Reader, limit int) ([]Import, error) {
	return imports.All(r, "WHERE home = ? ORDER BY id DESC LIMIT ?", store.City, limit)
}
