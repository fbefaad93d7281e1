package assets

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Order is the order of a list.
type Order string

// The orders.
const (
	ByNumber Order = "number" // home, organisation, number of the card
	ByValue  Order = "value"  // the most valuable first
)

// Query asks for cards.
type Query struct {
	Reach        registry.Reach
	Organisation registry.Ref // ID 0: any
	Form         string
	Kind         string
	Class        Class
	Origin       string
	Title        Title
	UseState     string
	State        State
	Text         string // part of name, number, certificate or parcel
	Order        Order
	After        Key
	Limit        int
	Count        bool // count and add up too
}

// Key is where a page ended: what either order goes by.
type Key struct {
	Home         int64     `db:"home"`
	Organisation int64     `db:"organisation"`
	Number       string    `db:"number"`
	Cost         money.Fen `db:"cost"`
	ID           int64     `db:"id"`
	Begun        bool      `db:"-"` // false: from the beginning
}

// Totals are of everything a query finds, not only of its page. Cost and Area leave out what is
// unsettled or ended (invariant 6).
type Totals struct {
	Number int64     `db:"number"`
	Cost   money.Fen `db:"cost"`
	Area   area.Area `db:"area"`
}

// Found is a page of cards.
type Found struct {
	Rows   []Asset
	Next   Key  // where the next page begins; not Begun: this is the last
	Part   bool // only a part was looked through: Next goes on
	Totals Totals
	Known  bool // the totals are of everything; else nobody counted
}

// limits bound the work of one page. A filter that finds few cards is answered by their profiles; one
// that finds many by going through the cards in order. A text can be on any card: it is looked for in so
// many cards at a time, and the page says how to go on: fewer where the order jumps from card to card.
type limits struct{ few, profiles, text, jumps int }

// work is a variable only for tests, which make it small.
var work = limits{few: 4000, profiles: 900, text: 45_000, jumps: 4000}

// Search reads one page.
func Search(r store.Reader, q Query) (Found, error) {
	if q.Order != ByValue {
		q.Order = ByNumber
	}
	switch {
	case q.Organisation.ID != 0:
		return q.ofOrganisation(r)
	case q.Reach.Narrow():
		return q.below(r)
	case q.Reach.All || q.Reach.Within():
		return q.ofHomes(r)
	}
	return Found{Known: true}, nil
}

// filter adds the conditions on a card a.
func (q Query) filter(w *store.Where) {
	q.filterProfile(w)
	if q.Text != "" {
		like := store.Like(q.Text)
		w.And(`(lower(a.name) LIKE ? ESCAPE '\' OR lower(a.number) LIKE ? ESCAPE '\'
			OR lower(a.certificate) LIKE ? ESCAPE '\' OR lower(a.parcel) LIKE ? ESCAPE '\')`,
			like, like, like, like)
	}
}

// filterProfile adds the conditions that a profile answers, on a card or a total a.
func (q Query) filterProfile(w *store.Where) {
	if q.Form != "" {
		w.And("a.form = ?", q.Form)
	}
	if q.Kind != "" {
		w.And("a.kind = ?", q.Kind)
	}
	if q.Class != "" {
		w.And("a.class = ?", q.Class)
	}
	if q.Origin != "" {
		w.And("a.origin = ?", q.Origin)
	}
	if q.Title != "" {
		w.And("a.title = ?", q.Title)
	}
	if q.UseState != "" {
		w.And("a.use_state = ?", q.UseState)
	}
	if q.State != "" {
		w.And("a.state = ?", q.State)
	}
}

// filtered reports whether anything a profile answers is asked.
func (q Query) filtered() bool {
	return q.Form+q.Kind+string(q.Class)+q.Origin+string(q.Title)+q.UseState+string(q.State) != ""
}

// after adds the condition that a card comes behind the page before.
func (q Query) after(w *store.Where) {
	switch k := q.After; {
	case !k.Begun:
	case q.Order == ByNumber:
		w.And("(a.home, a.organisation, a.number) > (?, ?, ?)", k.Home, k.Organisation, k.Number)
	default:
		w.And("a.cost <= ? AND (a.cost < ? OR (a.home, a.id) > (?, ?))", k.Cost, k.Cost, k.Home, k.ID)
	}
}

func (q Query) ordered() string {
	if q.Order == ByNumber {
		return " ORDER BY a.home, a.organisation, a.number LIMIT ?"
	}
	return " ORDER BY a.cost DESC, a.home, a.id LIMIT ?"
}

const (
	keyColumns = `SELECT a.home AS home, a.organisation AS organisation, a.number AS number, a.cost AS cost,
		a.id AS id`
	fromCards = " FROM asset a"
	// CROSS JOIN keeps SQLite from beginning with the cards.
	fromPlaces = " FROM place_path p CROSS JOIN asset a"
	sumColumns = `SELECT count(*) AS number,
		CAST(coalesce(sum(CASE WHEN a.title = 'clear' AND a.state = 'live' THEN a.cost END), 0)
			AS BIGINT) AS cost,
		CAST(coalesce(sum(CASE WHEN a.title = 'clear' AND a.state = 'live' THEN a.area END), 0)
			AS BIGINT) AS area`
)

// ofOrganisation lists the cards of one organisation, if it lies in reach: the caller has seen to it.
func (q Query) ofOrganisation(r store.Reader) (Found, error) {
	var w store.Where
	w.And("a.home = ? AND a.organisation = ?", q.Organisation.Home, q.Organisation.ID)
	return q.plainly(r, fromCards, w)
}

// below lists the cards at places that must be asked one by one: those of townships and villages.
func (q Query) below(r store.Reader) (Found, error) {
	var w store.Where
	inside, args := q.Reach.Below.SQL("p.path")
	w.And(inside, args...)
	w.And("a.place = p.place")
	return q.plainly(r, fromPlaces, w)
}

// plainly counts and reads what is bounded by nature.
func (q Query) plainly(r store.Reader, from string, w store.Where) (found Found, err error) {
	q.filter(&w)
	if q.Count {
		if found.Totals, _, err = store.First[Totals](r, sumColumns+from+w.SQL(), w.Args()...); err != nil {
			return found, err
		}
		found.Known = true
	}
	q.after(&w)
	// The sum keeps PostgreSQL from walking all cards in this order until it has met a page of those few.
	ordered := strings.Replace(q.ordered(), " a.home,", " a.home + 0,", 1)
	keys, err := store.All[Key](r, keyColumns+from+w.SQL()+ordered, w.Args(q.Limit+1)...)
	if err != nil {
		return found, err
	}
	return q.page(r, found, keys)
}

// page reads the cards of the keys, of which there is one more than the page holds if it is not the
// last.
func (q Query) page(r store.Reader, found Found, keys []Key) (Found, error) {
	if len(keys) > q.Limit {
		keys = keys[:q.Limit]
		found.Next = keys[q.Limit-1]
		found.Next.Begun = true
		found.Part = false
	}
	found.Rows = make([]Asset, 0, len(keys))
	for _, k := range keys {
		a, err := Get(r, Ref{k.Home, k.ID})
		if err != nil {
			return found, err
		}
		found.Rows = append(found.Rows, a)
	}
	return found, nil
}
