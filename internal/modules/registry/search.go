package registry

import (
	"cmp"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// Query asks for organisations, in the order of home and number.
type Query struct {
	Reach  Reach
	Level  division.Level // 0: any
	Status Status
	Acting bool   // only bodies acting in an organisation's place
	Text   string // part of the name or code
	After  Ref
	Limit  int
	Count  bool // count up to CountMax too
}

// CountMax is where counting stops.
const CountMax = 10_000

// Found is a page of organisations.
type Found struct {
	Rows   []Organisation
	Next   Ref   // where the next page begins after; the zero Ref: this is the last
	Number int64 // of all, if it was asked for; CountMax + 1: more than are counted
}

type refRow struct {
	Home int64 `db:"home"`
	ID   int64 `db:"id"`
}

const (
	listAll  = "SELECT o.home AS home, o.id AS id FROM organisation o"
	listHome = listAll + " WHERE o.home = ? AND o.id > ?"
	// CROSS JOIN keeps SQLite from beginning with the organisations.
	listBelow = "SELECT o.home AS home, o.id AS id FROM place_path p CROSS JOIN organisation o"
)

// Search reads one page. What it costs does not depend on how rare the answers are: the list's index
// holds everything that is asked for.
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
	found.Rows = make([]Organisation, 0, len(keys))
	for _, k := range keys {
		o, err := Get(r, Ref(k))
		if err != nil {
			return found, err
		}
		found.Rows = append(found.Rows, o)
	}
	return found, nil
}

// keys lists what is found by home and number.
func (q Query) keys(r store.Reader, limit int) ([]refRow, error) {
	switch {
	case q.Reach.All:
		var w store.Where
		w.And("(o.home, o.id) > (?, ?)", q.After.Home, q.After.ID)
		q.filter(&w)
		return store.All[refRow](r, listAll+w.SQL()+" ORDER BY o.home, o.id LIMIT ?", w.Args(limit)...)
	case q.Reach.Within():
		return q.inHomes(r, limit)
	case q.Reach.Narrow():
		var w store.Where
		inside, args := q.Reach.Below.SQL("p.path")
		w.And(inside, args...)
		w.And("o.place = p.place")
		w.And("(o.home, o.id) > (?, ?)", q.After.Home, q.After.ID)
		q.filter(&w)
		return store.All[refRow](r, listBelow+w.SQL()+" ORDER BY o.home, o.id LIMIT ?", w.Args(limit)...)
	}
	return nil, nil
}

// inHomes goes from home to home until there is enough.
func (q Query) inHomes(r store.Reader, limit int) ([]refRow, error) {
	var keys []refRow
	for _, home := range q.Reach.Homes {
		after := int64(0)
		switch cmp.Compare(home, q.After.Home) {
		case -1:
			continue
		case 0:
			after = q.After.ID
		}
		var w store.Where
		q.filter(&w)
		more, err := store.All[refRow](r, listHome+and(w)+" ORDER BY o.id LIMIT ?",
			append([]any{home, after}, w.Args(limit-len(keys))...)...)
		if err != nil {
			return nil, err
		}
		if keys = append(keys, more...); len(keys) >= limit {
			break
		}
	}
	return keys, nil
}

// and continues a condition that has begun.
func and(w store.Where) string {
	text := w.SQL()
	if text == "" {
		return ""
	}
	return " AND " + text[len(" WHERE "):]
}

func (q Query) filter(w *store.Where) {
	if q.Level != 0 {
		w.And("o.level = ?", q.Level)
	}
	if q.Status != "" {
		w.And("o.status = ?", q.Status)
	}
	if q.Acting {
		w.And("o.acting = ?", true)
	}
	if q.Text != "" {
		like := store.Like(q.Text)
		w.And(`(lower(o.name) LIKE ? ESCAPE '\' OR lower(o.code) LIKE ? ESCAPE '\')`, like, like)
	}
}
