package editions

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Part is the module's part of the database.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: Name, Migrations: root}
}

type suggestionPartRow struct {
	Suggestion int64  `db:"suggestion,key"`
	Number     int64  `db:"number,key"`
	From       int64  `db:"from_place"`
	To         int64  `db:"to_place"`
	Basis      string `db:"basis"`
	Share      int64  `db:"share"`
}

type planRow struct {
	Edition int64  `db:"edition,key"`
	Number  int64  `db:"number,key"`
	Body    []byte `db:"body"`
}

type findingRow struct {
	Edition  int64  `db:"edition,key"`
	Number   int64  `db:"number,key"`
	Line     int64  `db:"line"`
	Field    string `db:"field"`
	Severity string `db:"severity"`
	Subject  string `db:"subject"`
	Args     string `db:"args"`
	Value    string `db:"value"`
}

var (
	editions        = store.NewTable[Edition]("place_edition")
	suggestions     = store.NewTable[Suggestion]("place_suggestion")
	suggestionParts = store.NewTable[suggestionPartRow]("place_suggestion_part")
	plans           = store.NewTable[planRow]("place_edition_plan").Unsealed()
	findings        = store.NewTable[findingRow]("place_edition_finding").Unsealed()
)

// Tables are all tables of the module.
func Tables() []store.Sealed {
	return []store.Sealed{editions, suggestions, suggestionParts, plans, findings}
}

// codesLater are the codes that places have in states that began after a day.
func codesLater(r store.Reader, on period.Date) ([]laterCode, error) {
	return store.All[laterCode](r, `SELECT place, code FROM place_state WHERE since > ?`, string(on))
}

type laterCode struct {
	Place int64  `db:"place"`
	Code  string `db:"code"`
}
