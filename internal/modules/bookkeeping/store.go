package bookkeeping

import (
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/ledger"
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
	return store.Part{Name: "bookkeeping", Migrations: root}
}

// Publication is a statement that was shown to the public.
type Publication struct {
	Home      int64          `db:"home"`
	ID        int64          `db:"id,key"`
	Version   int64          `db:"version,version"`
	Book      int64          `db:"book"`
	Place     int64          `db:"place"`
	Statement string         `db:"statement"` // key of the statement
	Period    string         `db:"period"`    // 2025-06
	Hash      string         `db:"hash"`      // over the figures as they were published
	Actor     int64          `db:"actor"`
	At        period.Instant `db:"at"`
	Withdrawn period.Instant `db:"withdrawn"` // 0: it stands
}

// BookRef names the books it is of.
func (p Publication) BookRef() ledger.Ref { return ledger.Ref{Home: p.Home, ID: p.Book} }

var publications = store.NewTable[Publication]("ledger_publication")

func tables() []store.Sealed { return []store.Sealed{publications} }

// publicationOf finds what was published of a statement and period.
func publicationOf(r store.Reader, ref ledger.Ref, key, month string) (Publication, bool, error) {
	return publications.First(r, "WHERE home = ? AND book = ? AND statement = ? AND period = ?", ref.Home,
		ref.ID, key, month)
}

// publishedOf lists what of a book stands published, the latest period first.
func publishedOf(r store.Reader, ref ledger.Ref, limit int) ([]Publication, error) {
	return publications.All(r, `WHERE home = ? AND book = ? AND withdrawn = 0
		ORDER BY period DESC, id DESC LIMIT ?`, ref.Home, ref.ID, limit)
}

// publishedBefore lists what stands published in all books, or in those whose owner's name has a text in it,
// the latest act first.
func publishedBefore(r store.Reader, last Publication, owner string, limit int) ([]Publication, error) {
	of, args := "", []any{last.At, last.Home, last.ID}
	if owner != "" {
		of = ` AND (home, book) IN (SELECT b.home, b.id FROM organisation o
			JOIN ledger_book b ON b.home = o.home AND b.organisation = o.id
			WHERE lower(o.name) LIKE ? ESCAPE '\')`
		args = append(args, store.Like(owner))
	}
	return publications.All(r, `WHERE withdrawn = 0 AND (at, home, id) < (?, ?, ?)`+of+`
		ORDER BY at DESC, home DESC, id DESC LIMIT ?`, append(args, limit)...)
}
