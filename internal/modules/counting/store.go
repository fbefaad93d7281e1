package counting

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// rows are read here; only package inventory changes them.
var rows = store.NewTable[inventory.Row]("inventory_row")

// rowQuery narrows the rows of a check.
type rowQuery struct {
	check   inventory.Ref
	form    string
	verdict string   // a verdict, open or bare
	asked   []string // forms that ask for photo and position
	after   int64
	limit   int
}

// What the filter by verdict offers beside the verdicts.
const (
	openRows = "open" // without a verdict
	bareRows = "bare" // without the photo or the position that the form asks for
)

func (q rowQuery) where() (string, []any) {
	where, args := "WHERE home = ? AND inventory = ?", []any{q.check.Home, q.check.ID}
	add := func(text string, values ...any) { where, args = where+" AND "+text, append(args, values...) }
	if q.form != "" {
		add("form = ?", q.form)
	}
	switch q.verdict {
	case "":
	case openRows:
		add("verdict = ''")
	case bareRows:
		if len(q.asked) == 0 {
			add("1 = 0")
			break
		}
		add("verdict <> ? AND verdict <> '' AND (photo = 0 OR latitude = 0 AND longitude = 0)", count.Loss)
		values := make([]any, len(q.asked))
		for i, key := range q.asked {
			values[i] = key
		}
		add("form IN (?"+strings.Repeat(", ?", len(values)-1)+")", values...)
	default:
		add("verdict = ?", q.verdict)
	}
	return where, args
}

// search reads a page of rows in the order of their numbers.
func (q rowQuery) search(r store.Reader) ([]inventory.Row, error) {
	where, args := q.where()
	return rows.All(r, where+" AND number > ? ORDER BY number LIMIT ?", append(args, q.after, q.limit)...)
}

// count counts them all.
func (q rowQuery) count(r store.Reader) (int64, error) {
	where, args := q.where()
	return store.Count(r, "SELECT count(*) FROM inventory_row "+where, args...)
}

// rowsMax is above the number of rows a check can have.
const rowsMax = 1 << 20

func getRow(r store.Reader, ref inventory.Ref, number int64) (inventory.Row, error) {
	w, found, err := rows.First(r, "WHERE home = ? AND inventory = ? AND number = ?", ref.Home, ref.ID,
		number)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "inventory.no_row")
	}
	return w, err
}

// named finds a row of a form by its name, to tell that something found may stand there already.
func named(r store.Reader, ref inventory.Ref, form, name string) (inventory.Row, bool, error) {
	return rows.First(r,
		"WHERE home = ? AND inventory = ? AND form = ? AND name = ? ORDER BY number LIMIT 1",
		ref.Home, ref.ID, form, name)
}

// next is where the phone goes after a row: to the next without a verdict or, if there is none, to the
// next that lacks photo or position; from the end it begins again.
func next(r store.Reader, ref inventory.Ref, asked []string, after int64) (w inventory.Row, found bool,
	err error) {
	for _, verdict := range []string{openRows, bareRows} {
		for _, from := range []int64{after, 0} {
			q := rowQuery{check: ref, verdict: verdict, asked: asked, after: from, limit: 1}
			list, err := q.search(r)
			if err != nil || len(list) > 0 {
				return first(list), len(list) > 0, err
			}
		}
	}
	return w, false, nil
}

func first(list []inventory.Row) (w inventory.Row) {
	if len(list) > 0 {
		w = list[0]
	}
	return w
}
