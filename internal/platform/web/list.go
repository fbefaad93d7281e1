package web

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// List is a table of things that a person filters, sorts, counts and takes away. One Load serves
// the page, the pieces htmx asks for, CSV, XLSX and JSON.
type List[T any] struct {
	Name    string // dictionary prefix: NAME.title, NAME.column.KEY, NAME.filter.KEY, NAME.sort.KEY
	Columns []Column[T]
	Filters []Filter
	Sorts   []string // keys; the first is the default
	Load    func(ctx context.Context, q Query) (Rows[T], error)
	// RowID, with Bulk, puts a box before each row for deciding on many at once.
	RowID func(T) string
	Bulk  []Bulk
	Place int64
	Trail []Crumb
	Above any // data for the view named in AboveView, shown over the table
	// AboveView is a view "module/name" rendered over the table.
	AboveView string
	Title     string // instead of NAME.title
}

// Column is one column. Its heading is the dictionary entry NAME.column.KEY.
type Column[T any] struct {
	Key    string
	Cell   func(T) Cell
	Number bool   // right-aligned
	Hidden bool   // shown only if asked for
	Title  string // empty: the text of the list's column
}

// heading is what stands over a column.
func (l List[T]) heading(r *Request, c Column[T]) string {
	if c.Title != "" {
		return c.Title
	}
	return r.T(l.Name + ".column." + c.Key)
}

// Cell is one cell. Value is what goes into files: text, int64 or sheet.Number; nil takes Text.
type Cell struct {
	Text   string
	Href   string
	Status string // a status mark around the text
	Value  any
}

// Whole reports whether the text is a date, a time or a number, which are not broken into lines.
func (c Cell) Whole() bool {
	return c.Text != "" && strings.Trim(c.Text, "0123456789-:.,/ ") == ""
}

// Filter is one control of the filter bar. Its label is NAME.filter.KEY.
type Filter struct {
	Key     string
	Kind    FilterKind
	Options []Option // of a Choice
}

// FilterKind is the kind of control.
type FilterKind string

// The kinds.
const (
	TextFilter  FilterKind = "text"
	Choice      FilterKind = "choice"
	DateFilter  FilterKind = "date"
	PlaceFilter FilterKind = "place"
)

// Option is one choice; Text is shown as it is.
type Option struct{ Value, Text string }

// Query is what a list is asked for.
type Query struct {
	Filter map[string]string // set filters only
	Sort   string
	After  string // the cursor a former page ended at; "" is the beginning
	Limit  int
}

// Rows is one page of a list.
type Rows[T any] struct {
	Items []T
	Next  string // cursor of the next page; "" if this is the last
	Total Total
	Sums  []Sum
}

// Total is how many rows there are; AtLeast marks a count that stopped at a limit.
type Total struct {
	N       int64
	AtLeast bool
	Unknown bool
}

// Sum is a total over all rows of the filter, not only this page.
type Sum struct{ Label, Text string }

// Bulk is an act on many chosen rows: a form with the field "reason" that posts the row ids.
type Bulk struct {
	Key    string // dictionary key of the button
	Action string // address
	Reason bool   // asks for a reason
}

// Sizes of pages.
const (
	pageRows   = 50
	exportRows = 2000 // rows a Load when exporting
	RowsMax    = 500  // what a client may ask for at once
)

// Answer serves the list in the form the address asks for: format=csv, xlsx or json, else a page.
func (l List[T]) Answer(r *Request) (Answer, error) {
	q, err := l.query(r)
	if err != nil {
		return nil, err
	}
	columns := l.chosen(r.URL.Query().Get("columns"))
	switch format := r.URL.Query().Get("format"); format {
	case "":
		return l.page(r, q, columns)
	case "csv", "xlsx", "json":
		return l.export(r, q, columns, format)
	default:
		return nil, fault.New(fault.Unsupported, "web.format", format)
	}
}

func (l List[T]) query(r *Request) (Query, error) {
	values := r.URL.Query()
	q := Query{Filter: map[string]string{}, Limit: pageRows}
	for _, f := range l.Filters {
		v := strings.TrimSpace(values.Get(f.Key))
		if v == "" {
			continue
		}
		if f.Kind == Choice && !slices.ContainsFunc(f.Options,
			func(o Option) bool { return o.Value == v }) {
			return q, fault.New(fault.Invalid, "web.filter_value", v, r.T(l.Name+".filter."+f.Key))
		}
		q.Filter[f.Key] = v
	}
	q.Sort = values.Get("sort")
	if len(l.Sorts) > 0 && q.Sort == "" {
		q.Sort = l.Sorts[0]
	}
	if q.Sort != "" && !slices.Contains(l.Sorts, q.Sort) {
		return q, fault.New(fault.Invalid, "web.sort_key", q.Sort)
	}
	after, err := DecodeCursor(values.Get("after"))
	q.After = after
	return q, err
}

// chosen are the columns to show: those asked for, or all that are not hidden.
func (l List[T]) chosen(asked string) []Column[T] {
	var columns []Column[T]
	keys := strings.Split(asked, ",")
	for _, c := range l.Columns {
		if asked == "" && !c.Hidden || slices.Contains(keys, c.Key) {
			columns = append(columns, c)
		}
	}
	if len(columns) == 0 {
		return l.Columns
	}
	return columns
}

// EncodeCursor hides the key a page ended at, so that nobody builds one by hand.
func EncodeCursor(key string) string {
	if key == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(key))
}

// DecodeCursor reads a cursor.
func DecodeCursor(cursor string) (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(key) > 512 {
		return "", fault.New(fault.Invalid, "web.cursor")
	}
	return string(key), nil
}

// KeyCursor is the cursor of a list in the order of home and number.
func KeyCursor(home, id int64) string { return fmt.Sprint(home, " ", id) }

// ParseKeyCursor reads a KeyCursor; "" is before everything.
func ParseKeyCursor(text string) (home, id int64, err error) {
	if text == "" {
		return -1, 0, nil
	}
	if n, err := fmt.Sscan(text, &home, &id); n != 2 || err != nil {
		return 0, 0, fault.New(fault.Invalid, "web.cursor")
	}
	return home, id, nil
}

// listView is what the template of a list is filled with.
type listView struct {
	Title     string
	Filters   []filterView
	Columns   []columnView
	Rows      []rowView
	Total     Total
	Sums      []Sum
	Sorts     []Option
	Sort      string
	Next      string // address of the next page
	First     string // address of the first page, if this is another
	Exports   []Option
	Bulk      []Bulk
	Filtered  bool
	Above     any
	AllFields []columnView
	Here      string
}

type filterView struct {
	Filter
	Label, Value string
}

type columnView struct {
	Key, Heading  string
	Number, Shown bool
}

type rowView struct {
	ID    string
	Cells []Cell
}

func (l List[T]) page(r *Request, q Query, columns []Column[T]) (Answer, error) {
	rows, err := l.Load(r.Context(), q)
	if err != nil {
		return nil, err
	}
	v := listView{Title: l.Title, Total: rows.Total, Sums: rows.Sums, Sort: q.Sort, Bulk: l.Bulk,
		Filtered: len(q.Filter) > 0, Here: r.URL.RequestURI()}
	if v.Title == "" {
		v.Title = r.T(l.Name + ".title")
	}
	if l.AboveView != "" {
		if v.Above, err = r.Piece(l.AboveView, l.Above); err != nil {
			return nil, err
		}
	}
	l.describe(r, q, columns, &v)
	for _, item := range rows.Items {
		row := rowView{Cells: make([]Cell, len(columns))}
		if l.RowID != nil {
			row.ID = l.RowID(item)
		}
		for i, c := range columns {
			row.Cells[i] = c.Cell(item)
		}
		v.Rows = append(v.Rows, row)
	}
	if rows.Next != "" {
		v.Next = with(r.URL, "after", EncodeCursor(rows.Next))
	}
	if q.After != "" {
		v.First = with(r.URL, "after", "")
	}
	return View("web/list", Page{Title: v.Title, Data: v, Wide: true, Place: l.Place, Trail: l.Trail}), nil
}

// describe fills in what stands around the rows: filters, headings, sorts and exports.
func (l List[T]) describe(r *Request, q Query, columns []Column[T], v *listView) {
	for _, f := range l.Filters {
		v.Filters = append(v.Filters, filterView{f, r.T(l.Name + ".filter." + f.Key), q.Filter[f.Key]})
	}
	for _, c := range columns {
		v.Columns = append(v.Columns, columnView{c.Key, l.heading(r, c), c.Number, true})
	}
	for _, c := range l.Columns {
		shown := slices.ContainsFunc(columns, func(o Column[T]) bool { return o.Key == c.Key })
		v.AllFields = append(
			v.AllFields,
			columnView{c.Key, l.heading(r, c), c.Number, shown},
		)
	}
	if len(l.Sorts) > 1 {
		for _, s := range l.Sorts {
			v.Sorts = append(v.Sorts, Option{s, r.T(l.Name + ".sort." + s)})
		}
	}
	for _, format := range []string{"xlsx", "csv", "json"} {
		address := with(r.URL, "format", format)
		v.Exports = append(v.Exports, Option{address, strings.ToUpper(format)})
	}
}

// with is the address with one field set, or taken away if the value is empty.
func with(u *url.URL, field, value string) string {
	values := u.Query()
	values.Del("after")
	values.Del(field)
	if value != "" {
		values.Set(field, value)
	}
	if len(values) == 0 {
		return u.Path
	}
	return u.Path + "?" + values.Encode()
}
