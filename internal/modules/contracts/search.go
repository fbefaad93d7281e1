package contracts

import (
	_ "embed" // the SQL of the summary

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Look is what a list looks for beside its plain filters.
type Look string

// The looks.
const (
	Overdue    Look = "overdue"     // something is owed from before today
	DueSoon    Look = "due"         // something falls due within a month
	Expiring   Look = "expiring"    // its term ends within three months, or has ended
	NoDecision Look = "no_decision" // no valid vote dated before it was signed
)

// Looks lists them for filters.
var Looks = []Look{Overdue, DueSoon, Expiring, NoDecision}

// Days of the looks.
const (
	soonDays     = 30
	expiringDays = 90
)

// Query asks for contracts, in the order of home and number.
type Query struct {
	Reach        registry.Reach
	Organisation registry.Ref // ID 0: any
	Kind         string
	State        State
	Look         Look
	Text         string // part of the number, the name or the counterparty
	Object       string
	Today        period.Date
	After        Ref
	Limit        int
	Count        bool // count up to CountMax too
}

// CountMax is where counting stops.
const CountMax = 10_000

// Found is a page of contracts.
type Found struct {
	Rows   []Contract
	Next   Ref // the zero Ref: this is the last
	Number int64
}

type refRow struct {
	Home int64 `db:"home"`
	ID   int64 `db:"id"`
}

// Search reads one page.
func Search(r store.Reader, q Query) (Found, error) {
	limit := q.Limit + 1
	if q.Count {
		limit = max(limit, CountMax+1)
	}
	keys, err := q.keys(r, limit)
	if err != nil {
		return Found{}, err
	}
	found := Found{Number: int64(min(len(keys), CountMax+1))}
	if len(keys) > q.Limit {
		keys = keys[:q.Limit]
		found.Next = Ref(keys[len(keys)-1])
	}
	for _, k := range keys {
		c, err := Get(r, Ref(k))
		if err != nil {
			return found, err
		}
		found.Rows = append(found.Rows, c)
	}
	return found, nil
}

// keys lists what is found, county by county where whole counties are asked for.
func (q Query) keys(r store.Reader, limit int) ([]refRow, error) {
	const all = "SELECT c.home AS home, c.id AS id FROM contract c"
	var w store.Where
	from := all
	switch {
	case q.Organisation.ID != 0:
		w.And("c.home = ? AND c.organisation = ?", q.Organisation.Home, q.Organisation.ID)
	case q.Reach.All:
	case q.Reach.Within():
		return q.inHomes(r, limit)
	case q.Reach.Narrow():
		inside, args := q.Reach.Below.SQL("p.path")
		w.And(inside, args...)
		w.And("c.place = p.place")
		from = "SELECT c.home AS home, c.id AS id FROM place_path p CROSS JOIN contract c"
	default:
		return nil, nil
	}
	w.And("(c.home, c.id) > (?, ?)", q.After.Home, q.After.ID)
	q.filter(&w)
	return store.All[refRow](r, from+w.SQL()+" ORDER BY c.home, c.id LIMIT ?", w.Args(limit)...)
}

// inHomes goes from home to home until there is enough.
func (q Query) inHomes(r store.Reader, limit int) ([]refRow, error) {
	var keys []refRow
	for _, home := range q.Reach.Homes {
		if home < q.After.Home || len(keys) >= limit {
			continue
		}
		var w store.Where
		w.And("c.home = ?", home)
		if home == q.After.Home {
			w.And("c.id > ?", q.After.ID)
		}
		q.filter(&w)
		more, err := store.All[refRow](r, "SELECT c.home AS home, c.id AS id FROM contract c"+w.SQL()+
			" ORDER BY c.id LIMIT ?", w.Args(limit-len(keys))...)
		if err != nil {
			return nil, err
		}
		keys = append(keys, more...)
	}
	return keys, nil
}

func (q Query) filter(w *store.Where) {
	if q.Kind != "" {
		w.And("c.kind = ?", q.Kind)
	}
	if q.State != "" {
		w.And("c.state = ?", q.State)
	}
	if q.Object != "" {
		w.And(`EXISTS (SELECT 1 FROM contract_object o WHERE o.home = c.home AND o.contract = c.id
			AND o.object = ?)`, q.Object)
	}
	if q.Text != "" {
		like := store.Like(q.Text)
		w.And(`(lower(c.name) LIKE ? ESCAPE '\' OR lower(c.number) LIKE ? ESCAPE '\'
			OR lower(c.party) LIKE ? ESCAPE '\')`, like, like, like)
	}
	switch q.Look {
	case Overdue:
		w.And(`EXISTS (SELECT 1 FROM contract_unpaid d WHERE d.home = c.home AND d.contract = c.id
			AND d.day < ? AND NOT d.paying)`, q.Today)
	case DueSoon:
		w.And("c.next_due <= ?", q.Today.AddDays(soonDays))
	case Expiring:
		w.And("c.state IN ('in_force', 'expired_in_use') AND c.ends <= ?", q.Today.AddDays(expiringDays))
	case NoDecision:
		w.And(`c.state <> 'draft' AND (c.decision = '' OR NOT c.decision_valid OR c.decided = ''
			OR c.decided > c.signed)`)
	}
}

// Summary is what an organisation, or everything below a place, has in contracts.
type Summary struct {
	Running  int64     `db:"running"`
	Expired  int64     `db:"expired"`
	Yearly   money.Fen `db:"yearly"`
	Overdue  money.Fen `db:"overdue"`
	Debtors  int64     `db:"debtors"`
	Upcoming int64     `db:"upcoming"`
}

//go:embed summary.sql
var summaryText string

// SummaryOf adds up the contracts of an organisation.
func SummaryOf(r store.Reader, o registry.Ref, today period.Date) (Summary, error) {
	sum, _, err := store.First[Summary](r, summaryText, today.AddDays(soonDays), o.Home, o.ID, today,
		o.Home, o.ID, today, o.Home, o.ID)
	return sum, err
}
