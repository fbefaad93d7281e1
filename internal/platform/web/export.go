package web

import (
	"encoding/json"
	"io"
	"iter"
	"log/slog"
	"mime"
	"net/http"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/sheet"
)

var formatKinds = map[string]string{
	"csv":  "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"json": "application/json; charset=utf-8",
}

// export answers with all rows of the filter as a file. Nothing is cut: a file that could not be
// finished says so in its last line, and the connection is broken off so that it is not taken for
// whole.
//
// The first page is read before anything is sent: a refusal is still an answer of its own.
func (l List[T]) export(r *Request, q Query, columns []Column[T], format string) (Answer, error) {
	q.After, q.Limit = "", exportRows
	first, err := l.Load(r.Context(), q)
	if err != nil {
		return nil, err
	}
	title := l.Title
	if title == "" {
		title = r.T(l.Name + ".title")
	}
	return exportAnswer{
		format: format,
		name:   title,
		produce: func(w io.Writer, r *Request) error {
			table := sheet.Table{Title: title, Rows: l.cells(r, q, first, columns)}
			for _, c := range columns {
				table.Heading = append(table.Heading, l.heading(r, c))
			}
			switch format {
			case "csv":
				_, err := sheet.WriteCSV(w, table)
				return err
			case "xlsx":
				_, err := sheet.WriteXLSX(w, table)
				return err
			}
			keys := make([]string, len(columns))
			for i, c := range columns {
				keys[i] = c.Key
			}
			return writeJSONRows(w, keys, table.Rows)
		},
	}, nil
}

// cells streams the rows of all pages, of which the first has been read.
func (l List[T]) cells(r *Request, q Query, rows Rows[T], columns []Column[T]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for {
			for _, item := range rows.Items {
				values := make([]any, len(columns))
				for i, c := range columns {
					cell := c.Cell(item)
					if values[i] = cell.Value; cell.Value == nil {
						values[i] = cell.Text
					}
				}
				if !yield(values, nil) {
					return
				}
			}
			if rows.Next == "" {
				return
			}
			q.After = rows.Next
			var err error
			if rows, err = l.Load(r.Context(), q); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// writeJSONRows writes {"rows":[…],"count":n}; the count at the end tells a whole file.
func writeJSONRows(w io.Writer, keys []string, rows iter.Seq2[[]any, error]) error {
	encoder := json.NewEncoder(w)
	if _, err := io.WriteString(w, `{"rows":[`); err != nil {
		return err
	}
	n := 0
	for values, err := range rows {
		if err != nil {
			return err
		}
		row := make(map[string]any, len(keys))
		for i, k := range keys {
			row[k] = values[i]
			if number, ok := values[i].(sheet.Number); ok {
				row[k] = number.Text
			}
		}
		if n > 0 {
			if _, err := io.WriteString(w, ","); err != nil {
				return err
			}
		}
		if err := encoder.Encode(row); err != nil {
			return err
		}
		n++
	}
	_, err := io.WriteString(w, `],"count":`+strconv.Itoa(n)+"}\n")
	return err
}

type exportAnswer struct {
	format  string
	name    string
	produce func(w io.Writer, r *Request) error
}

func (a exportAnswer) write(_ *Server, w http.ResponseWriter, r *Request) error {
	h := w.Header()
	h.Set("Content-Type", formatKinds[a.format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment",
		map[string]string{"filename": a.name + " " + string(r.Today()) + "." + a.format}))
	h.Set("Cache-Control", "private, no-store")
	if err := a.produce(w, r); err != nil {
		slog.Error("web: an export was broken off", append(marks(r.Context()), "cause", err)...)
		panic(http.ErrAbortHandler) // the head has gone out: break off rather than end short
	}
	return nil
}
