package assets

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// homeTotal is what a query finds in a home.
type homeTotal struct {
	Home int64 `db:"home"`
	Totals
}

// ofHomes lists cards of whole homes. The totals of their profiles tell how many there are and in which
// homes; then the cards are read in order, or by their profiles where they are few.
func (q Query) ofHomes(r store.Reader) (found Found, err error) {
	matched, err := q.totals(r)
	if err != nil {
		return found, err
	}
	number := int64(0)
	for _, h := range matched {
		number += h.Number
		if q.Text == "" {
			found.Totals.Number += h.Number
			found.Totals.Cost += h.Cost
			found.Totals.Area += h.Area
			found.Known = true
		}
	}
	found.Known = q.Text == ""
	var keys []Key
	switch {
	case number == 0:
	case q.filtered() && number <= int64(work.few):
		keys, err = q.few(r, matched)
	case q.Order == ByNumber:
		keys, err = q.inOrder(r, matched, &found)
	case q.Text != "" && number <= int64(work.text):
		keys, err = q.sortedText(r, matched)
	default:
		keys, err = q.mostValuable(r, &found)
	}
	if err != nil {
		return found, err
	}
	return q.page(r, found, keys)
}

// inHomes restricts a column to the homes in reach.
func inHomes(w *store.Where, column string, reach registry.Reach) {
	if reach.All {
		return
	}
	args := make([]any, len(reach.Homes))
	for i, home := range reach.Homes {
		args[i] = home
	}
	w.And(column+" IN ("+marks(len(args))+")", args...)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// totals are what the profiles of a query add up to, home by home; homes without any are left out.
func (q Query) totals(r store.Reader) ([]homeTotal, error) {
	var w store.Where
	inHomes(&w, "a.home", q.Reach)
	q.filterProfile(&w)
	return store.All[homeTotal](r, `SELECT a.home AS home, CAST(sum(a.number) AS BIGINT) AS number,
		CAST(sum(CASE WHEN a.title = 'clear' AND a.state = 'live' THEN a.cost ELSE 0 END) AS BIGINT) AS cost,
		CAST(sum(CASE WHEN a.title = 'clear' AND a.state = 'live' THEN a.area ELSE 0 END) AS BIGINT) AS area
		FROM asset_total a`+w.SQL()+` GROUP BY a.home HAVING sum(a.number) > 0 ORDER BY a.home`, w.Args()...)
}

// matching are the profiles of a query in a home.
func (q Query) matching(r store.Reader, home int64) ([]int64, error) {
	var w store.Where
	w.And("a.home = ? AND a.number > 0", home)
	q.filterProfile(&w)
	return store.All[int64](r, "SELECT a.profile FROM asset_total a"+w.SQL(), w.Args()...)
}

// few reads all cards of some profiles, home by home, and puts them in order.
func (q Query) few(r store.Reader, matched []homeTotal) ([]Key, error) {
	var keys []Key
	for _, h := range matched {
		if q.Order == ByNumber && (q.After.Begun && h.Home < q.After.Home || len(keys) > q.Limit) {
			continue
		}
		list, err := q.matching(r, h.Home)
		if err != nil {
			return nil, err
		}
		var w store.Where
		w.And("a.home = ?", h.Home)
		if len(list) <= work.profiles {
			args := make([]any, len(list))
			for i, p := range list {
				args[i] = p
			}
			w.And("a.profile IN ("+marks(len(list))+")", args...)
		}
		q.filter(&w)
		q.after(&w)
		more, err := store.All[Key](r, keyColumns+fromCards+w.SQL()+q.sorted(), w.Args(q.Limit+1)...)
		if err != nil {
			return nil, err
		}
		keys = append(keys, more...)
	}
	if q.Order == ByValue {
		slices.SortFunc(keys, compareValues)
	}
	return keys[:min(len(keys), q.Limit+1)], nil
}

// sorted is the order within a home, in words that keep a planner from reading the home in that order:
// it shall begin with the profiles.
func (q Query) sorted() string {
	if q.Order == ByNumber {
		return " ORDER BY a.organisation + 0, a.number LIMIT ?"
	}
	return " ORDER BY a.cost + 0 DESC, a.id LIMIT ?"
}

func compareValues(a, b Key) int {
	return cmp.Or(cmp.Compare(b.Cost, a.Cost), cmp.Compare(a.Home, b.Home), cmp.Compare(a.ID, b.ID))
}

// inOrder goes from home to home in the order of organisations and numbers until there is enough. A
// text is looked for in a bounded number of cards.
func (q Query) inOrder(r store.Reader, matched []homeTotal, found *Found) ([]Key, error) {
	var keys []Key
	looked := 0
	for _, h := range matched {
		if q.After.Begun && h.Home < q.After.Home {
			continue
		}
		if q.Text != "" && looked >= work.text {
			found.Part = true // the homes before this one are done
			found.Next = Key{Home: h.Home, Begun: true}
			return keys, nil
		}
		more, end, err := q.inHome(r, h.Home, len(keys), work.text-looked)
		if err != nil {
			return nil, err
		}
		keys = append(keys, more...)
		if len(keys) > q.Limit {
			return keys, nil
		}
		if end.Begun {
			found.Part, found.Next = true, end
			return keys, nil
		}
		if q.Text == "" {
			continue
		}
		all, err := store.Count(r, "SELECT CAST(sum(number) AS BIGINT) FROM asset_total WHERE home = ?",
			h.Home)
		if err != nil {
			return nil, err
		}
		looked += int(all) // the text is looked for in those the filter leaves out, too
	}
	return keys, nil
}

// inHome reads on in one home. end is where looking for a text in so many cards stopped; not Begun: at the
// home's end.
func (q Query) inHome(r store.Reader, home int64, have, budget int) (keys []Key, end Key, err error) {
	var w store.Where
	w.And("a.home = ?", home)
	if q.After.Begun && q.After.Home == home {
		w.And("(a.organisation, a.number) > (?, ?)", q.After.Organisation, q.After.Number)
	}
	const order = " ORDER BY a.organisation, a.number LIMIT ?"
	if q.Text == "" {
		q.filter(&w)
		keys, err = store.All[Key](r, keyColumns+fromCards+w.SQL()+order, w.Args(q.Limit+1-have)...)
		return keys, end, err
	}
	end, stopped, err := store.First[Key](r, `SELECT a.home AS home, a.organisation AS organisation,
		a.number AS number FROM asset a`+w.SQL()+order+" OFFSET ?", w.Args(1, budget)...)
	if err != nil {
		return nil, end, err
	}
	if stopped {
		end.Begun = true
		w.And("(a.organisation, a.number) <= (?, ?)", end.Organisation, end.Number)
	}
	q.filter(&w)
	keys, err = store.All[Key](r, keyColumns+fromCards+w.SQL()+order, w.Args(q.Limit+1-have)...)
	return keys, end, err
}

// valueColumns are all in the index of values: a filter is answered without reading a card.
const valueColumns = "SELECT a.home AS home, a.cost AS cost, a.id AS id FROM asset a"

// mostValuable goes through the cards by value, those of the profiles asked for.
func (q Query) mostValuable(r store.Reader, found *Found) ([]Key, error) {
	var w store.Where
	inHomes(&w, "+a.home", q.Reach) // the plus keeps a planner from beginning with the homes
	q.after(&w)
	if q.filtered() {
		list, err := q.asked(r)
		if err != nil {
			return nil, err
		}
		w.And("a.profile IN ("+marks(len(list))+")", list...)
		most, err := q.most(r)
		if err != nil {
			return nil, err
		}
		w.And("a.cost <= ?", most)
	}
	if q.Text == "" {
		return store.All[Key](r, valueColumns+w.SQL()+q.ordered(), w.Args(q.Limit+1)...)
	}
	return q.valuableText(r, w, found)
}

// sortedText looks for a text in all cards of some homes, as they lie there, and then puts what it found
// in order: in the order of value every card would be a jump.
func (q Query) sortedText(r store.Reader, matched []homeTotal) ([]Key, error) {
	var keys []Key
	for _, h := range matched {
		var w store.Where
		w.And("a.home = ?", h.Home)
		q.filter(&w)
		q.after(&w)
		more, err := store.All[Key](r, keyColumns+fromCards+w.SQL()+" ORDER BY a.home, a.id", w.Args()...)
		if err != nil {
			return nil, err
		}
		keys = append(keys, more...)
	}
	slices.SortFunc(keys, compareValues)
	return keys[:min(len(keys), q.Limit+1)], nil
}

// most is what no card of the query costs more than: no card costs more than all of its profile in its
// home. So land, which mostly costs nothing, is not looked for among what costs most.
func (q Query) most(r store.Reader) (int64, error) {
	var w store.Where
	inHomes(&w, "a.home", q.Reach)
	q.filterProfile(&w)
	return store.Count(r, "SELECT coalesce(max(a.cost), 0) FROM asset_total a"+w.SQL(), w.Args()...)
}

// asked are the profiles of a query in all homes: at most some thousand.
func (q Query) asked(r store.Reader) ([]any, error) {
	var w store.Where
	inHomes(&w, "a.home", q.Reach)
	q.filterProfile(&w)
	list, err := store.All[int64](r, "SELECT DISTINCT a.profile FROM asset_total a"+w.SQL(), w.Args()...)
	all := make([]any, len(list))
	for i, p := range list {
		all[i] = p
	}
	return all, err
}

// valuableText looks for a text in the next most valuable cards.
func (q Query) valuableText(r store.Reader, w store.Where, found *Found) ([]Key, error) {
	end, stopped, err := store.First[Key](r, valueColumns+w.SQL()+q.ordered()+" OFFSET ?",
		w.Args(1, work.jumps)...)
	if err != nil {
		return nil, err
	}
	if stopped {
		end.Begun = true
		found.Part, found.Next = true, end
		w.And("a.cost >= ? AND (a.cost > ? OR (a.home, a.id) <= (?, ?))", end.Cost, end.Cost, end.Home,
			end.ID)
	}
	q.filter(&w)
	return store.All[Key](r, valueColumns+w.SQL()+q.ordered(), w.Args(q.Limit+1)...)
}
