package commitments

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Look is what a list looks for beside its plain filters.
type Look string

// The looks.
const (
	Unvoted  Look = "unvoted"  // a loan that stands without a valid vote
	Improper Look = "improper" // a loan for what none may be taken for
	Related  Look = "related"  // with an officer or a near relative
	Overdue  Look = "overdue"  // due and not settled
)

// Looks lists them for filters.
var Looks = []Look{Unvoted, Improper, Related, Overdue}

// sorting is an order of a list. Rows of one value follow home and number.
type sorting struct {
	column  string
	down    bool
	numeric bool
}

// sortings of commitments and of transfers, by key; the first of the keys is the usual one.
var (
	sortings = map[string]sorting{"newest": {"day", true, false}, "amount": {"amount", true, true},
		"due": {"due", false, false}}
	sortKeys         = []string{"newest", "amount", "due"}
	transferSortings = map[string]sorting{"newest": {"day", true, false}, "oldest": {"day", false, false},
		"amount": {"amount", true, true}}
	transferSortKeys = []string{"newest", "oldest", "amount"}
)

// page is which part of a list is asked for, and how far the reader reaches.
type page struct {
	Reach        registry.Reach
	Organisation registry.Ref // ID 0: any
	Sort         string
	After        string // Next of the page before
	Limit        int
	Count        bool // count up to CountMax too
	Uncounted    bool // nobody will know how many there are
}

// CountMax is where counting stops.
const CountMax = 10_000

// Query asks for commitments.
type Query struct {
	page
	Kind  Kind
	State State
	Look  Look
	Text  string // part of the number, a name or the note
	Today period.Date
}

// TransferQuery asks for transfers.
type TransferQuery struct {
	page
	Kind   string
	Course Course
	Late   bool   // announced and not booked within the days allowed
	Text   string // part of the document or the project
	Before period.Date
}

// Found is a page of a list.
type Found[T any] struct {
	Rows   []T
	Next   string // "": this is the last
	Number int64
}

// Search reads one page of commitments.
func Search(r store.Reader, q Query) (Found[Commitment], error) {
	var w store.Where
	if q.Kind != "" {
		w.And("c.kind = ?", q.Kind)
	}
	if q.State != "" {
		w.And("c.state = ?", q.State)
	}
	if q.Text != "" {
		like := store.Like(q.Text)
		w.And(`(lower(c.number) LIKE ? ESCAPE '\' OR lower(c.party) LIKE ? ESCAPE '\'
			OR lower(c.creditor) LIKE ? ESCAPE '\' OR lower(c.note) LIKE ? ESCAPE '\')`,
			like, like, like, like)
	}
	switch q.Look {
	case Unvoted:
		w.And(`c.kind = 'loan' AND c.state = 'standing'
			AND NOT (c.decision_valid AND c.decided <> '' AND c.decided <= c.day)`)
	case Improper:
		w.And(`c.kind = 'loan' AND c.state = 'standing'
			AND c.purpose IN ('dividends', 'public_works', 'government')`)
	case Related:
		w.And("c.related AND c.state = 'standing'")
	case Overdue:
		w.And("c.state = 'standing' AND c.due < ?", q.Today)
	}
	return find(r, q.page, list[Commitment]{commitmentTable, sortings, func(c Commitment) (Ref, string) {
		return refOf(c), map[string]string{"newest": string(c.Day), "due": string(c.Due),
			"amount": strconv.FormatInt(int64(c.Amount), 10)}[q.Sort]
	}}, w)
}

// SearchTransfers reads one page of transfers.
func SearchTransfers(r store.Reader, q TransferQuery) (Found[Transfer], error) {
	var w store.Where
	if q.Kind != "" {
		w.And("c.kind = ?", q.Kind)
	}
	if q.Course != "" {
		w.And("c.course = ?", q.Course)
	}
	if q.Late {
		w.And("c.course = 'announced' AND c.day < ?", q.Before)
	}
	if q.Text != "" {
		like := store.Like(q.Text)
		w.And(`(lower(c.document) LIKE ? ESCAPE '\' OR lower(c.project) LIKE ? ESCAPE '\')`, like, like)
	}
	return find(r, q.page, list[Transfer]{transferTable, transferSortings, func(t Transfer) (Ref, string) {
		if q.Sort == "amount" {
			return refOfTransfer(t), strconv.FormatInt(int64(t.Amount), 10)
		}
		return refOfTransfer(t), string(t.Day)
	}}, w)
}

// list is a table that is listed: its orders, and where a row stands in one.
type list[T any] struct {
	table *store.Table[T]
	sorts map[string]sorting
	at    func(T) (Ref, string)
}

// find reads one page of a list. Whole counties are asked one by one, each in the order of the list, which
// an index of its own holds; what they answer is then put into one order.
func find[T any](r store.Reader, p page, l list[T], w store.Where) (found Found[T], err error) {
	from := " FROM " + l.table.Name() + " c"
	switch {
	case p.Organisation.ID != 0:
		w.And("c.home = ? AND c.organisation = ?", p.Organisation.Home, p.Organisation.ID)
	case p.Reach.All:
	case p.Reach.Within():
		for _, home := range p.Reach.Homes {
			here := w
			here.And("c.home = ?", home)
			if err := l.some(r, p, from, here, &found); err != nil {
				return found, err
			}
		}
		return l.cut(p, found), nil
	case p.Reach.Narrow():
		inside, args := p.Reach.Below.SQL("p.path")
		w.And(inside, args...)
		w.And("c.place = p.place")
		from = " FROM place_path p CROSS JOIN " + l.table.Name() + " c"
	default:
		return found, nil
	}
	err = l.some(r, p, from, w, &found)
	return l.cut(p, found), err
}

// some adds the first rows of a condition, and counts them on.
func (l list[T]) some(r store.Reader, p page, from string, w store.Where, found *Found[T]) error {
	if p.Count && found.Number <= CountMax {
		number, err := store.Count(r, "SELECT count(*) FROM (SELECT 1"+from+w.SQL()+" LIMIT ?) n",
			w.Args(CountMax+1-found.Number)...)
		if err != nil {
			return err
		}
		found.Number += number
	}
	order, err := p.order(l.sorts[p.Sort], &w)
	if err != nil {
		return err
	}
	rows, err := store.All[T](r, "SELECT c."+strings.Join(l.table.Columns(), ", c.")+from+w.SQL()+order,
		w.Args(p.Limit+1)...)
	if found.Rows = append(found.Rows, rows...); err != nil || len(found.Rows) == len(rows) {
		return err
	}
	slices.SortFunc(found.Rows, func(a, b T) int { return l.compare(p, a, b) })
	found.Rows = found.Rows[:min(len(found.Rows), p.Limit+1)]
	return nil
}

// compare orders two rows as order does.
func (l list[T]) compare(p page, a, b T) int {
	x, first := l.at(a)
	y, second := l.at(b)
	by := cmp.Compare(first, second)
	if sort := l.sorts[p.Sort]; sort.numeric { // a shorter number is smaller
		by = cmp.Or(cmp.Compare(len(first), len(second)), by)
	}
	by = cmp.Or(by, cmp.Compare(x.Home, y.Home), cmp.Compare(x.ID, y.ID))
	if l.sorts[p.Sort].down {
		return -by
	}
	return by
}

// cut keeps a page and says where the next begins.
func (l list[T]) cut(p page, found Found[T]) Found[T] {
	if len(found.Rows) > p.Limit {
		found.Rows = found.Rows[:p.Limit]
		ref, value := l.at(found.Rows[p.Limit-1])
		found.Next = fmt.Sprint(value, " ", ref.Home, " ", ref.ID)
	}
	return found
}

// order begins behind the page before and gives the order.
func (p page) order(s sorting, w *store.Where) (string, error) {
	compare, way := ">", ""
	if s.down {
		compare, way = "<", " DESC"
	}
	if p.After != "" {
		parts := strings.Fields(p.After)
		if len(parts) != 3 {
			return "", fault.New(fault.Invalid, "web.cursor")
		}
		args := []any{parts[0]}
		for _, text := range parts[1:] {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return "", fault.New(fault.Invalid, "web.cursor")
			}
			args = append(args, n)
		}
		if s.numeric {
			n, err := strconv.ParseInt(parts[0], 10, 64)
			if err != nil {
				return "", fault.New(fault.Invalid, "web.cursor")
			}
			args[0] = n
		}
		w.And("(c."+s.column+", c.home, c.id) "+compare+" (?, ?, ?)", args...)
	}
	return " ORDER BY c." + s.column + way + ", c.home" + way + ", c.id" + way + " LIMIT ?", nil
}
