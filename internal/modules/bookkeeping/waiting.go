package bookkeeping

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// waitingShown is how many books with drafts are listed.
const waitingShown = 20

// waitingBook is books in which drafts wait for somebody.
type waitingBook struct {
	Home   int64          `db:"home"`
	ID     int64          `db:"id"`
	Owner  string         `db:"owner"`
	Drafts int64          `db:"drafts"`
	Total  money.Fen      `db:"total"`
	Since  period.Instant `db:"since"` // the first was entered
}

// Address is where they are checked.
func (b waitingBook) Address() string { return Address(ledger.Ref{Home: b.Home, ID: b.ID}) + "#drafts" }

// waitingView is what waits for somebody to check, over many books.
type waitingView struct {
	Books  []waitingBook // the longest waiting first
	More   bool
	Drafts int64 // in those listed
	Days   int   // that the first has waited
}

// waitingFor reads the drafts of other people in the places where somebody checks, by books. Who checks
// everywhere is answered with none: nobody works through a city's drafts.
func (s *Bookkeeping) waitingFor(r *web.Request, scope access.Scope) (*waitingView, error) {
	reach := registry.ReachOf(s.places, scope)
	var w store.Where
	from := "ledger_book b"
	switch {
	case reach.All || !reach.Within() && !reach.Narrow():
		return nil, nil
	case reach.Narrow():
		inside, args := reach.Below.SQL("p.path")
		w.And("b.place = p.place AND "+inside, args...)
		from = "place_path p CROSS JOIN " + from
	default:
		homes := make([]any, len(reach.Homes))
		for i, home := range reach.Homes {
			homes[i] = home
		}
		w.And("b.home IN (?"+strings.Repeat(", ?", len(homes)-1)+")", homes...)
	}
	w.And("v.home = b.home AND v.book = b.id AND v.status <> 'posted' AND v.status = ? AND v.maker <> ?",
		ledger.Drafted, r.Actor.Account)
	w.And("o.home = b.home AND o.id = b.organisation")
	books, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]waitingBook, error) {
		return store.All[waitingBook](v, `SELECT b.home AS home, b.id AS id, o.name AS owner,
			count(*) AS drafts, CAST(sum(v.total) AS BIGINT) AS total, min(v.entered) AS since
			FROM `+from+` CROSS JOIN ledger_voucher v CROSS JOIN organisation o`+w.SQL()+`
			GROUP BY b.home, b.id, o.name ORDER BY min(v.entered), b.home, b.id LIMIT ?`,
			w.Args(waitingShown+1)...)
	})
	if err != nil || len(books) == 0 {
		return nil, err
	}
	v := &waitingView{Books: books[:min(len(books), waitingShown)], More: len(books) > waitingShown,
		Days: books[0].Since.Date().Until(r.Today())}
	for _, b := range v.Books {
		v.Drafts += b.Drafts
	}
	return v, nil
}

// waitingCard is what waits below a place, on somebody's first page.
func (s *Bookkeeping) waitingCard(r *web.Request, on web.CardSubject) (any, error) {
	v, err := s.waitingFor(r, r.Scope(ledger.MayCheck).Within(s.host.Access.Path(on.ID)))
	if v == nil || err != nil {
		return nil, err
	}
	return v, nil
}
