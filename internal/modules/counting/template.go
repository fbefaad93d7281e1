package counting

import (
	"iter"
	"path"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// sheetOf finds the counting sheet of a form, or that of all forms for "".
func (g *Counting) sheetOf(key string) (*form.Definition, error) {
	forms := g.inventory.Forms()
	if key == "" {
		return forms.Sheet(), nil
	}
	f, ok := forms.Form(key)
	if !ok {
		return nil, fault.New(fault.NotFound, "inventory.no_form", key)
	}
	return f.Sheet(), nil
}

// template answers with the counting sheet of a check: its rows so far, locked where the ledger speaks.
func (g *Counting) template(r *web.Request) (web.Answer, error) {
	d, err := g.sheetOf(r.Field("form"))
	if err != nil {
		return nil, err
	}
	var c inventory.Check
	list, err := store.Read(r.Context(), g.host.Store, func(v *store.View) ([]inventory.Row, error) {
		var err error
		if c, err = g.inventory.Readable(v, r); err != nil {
			return nil, err
		}
		return rowQuery{check: c.Ref(), form: r.Field("form"), limit: rowsMax}.search(v)
	})
	if err != nil {
		return nil, err
	}
	t := sheet.Template{Form: d, Language: r.Language, Dictionary: g.host.Dictionary,
		Organisation:     reference(c),
		OrganisationName: c.Name, Period: strconv.Itoa(c.Year), On: r.Today(), Rows: g.prefilled(r, d,
			list)}
	return intakepage.Blank(c.Name+" "+t.Period+" "+d.Title.In(r.Language),
		strings.TrimPrefix(path.Ext(r.URL.Path), "."), t)
}

// reference is how a sheet names its check.
func reference(c inventory.Check) string {
	return strconv.FormatInt(c.Home, 10) + "/" + strconv.FormatInt(c.ID, 10)
}

func (g *Counting) prefilled(r *web.Request, d *form.Definition,
	list []inventory.Row) iter.Seq2[sheet.Prefilled, error] {
	return func(yield func(sheet.Prefilled, error) bool) {
		for _, w := range list {
			if !yield(sheet.Prefilled{Ref: rowRef(w), Cells: g.cells(d, w, r.Language)}, nil) {
				return
			}
		}
	}
}

// rowRef names a row in a sheet, with the version it was written with.
func rowRef(w inventory.Row) string {
	return strconv.FormatInt(w.Number, 10) + "." + strconv.FormatInt(w.Version, 10)
}

// parseRef reads a rowRef.
func parseRef(text string) (number, version int64, ok bool) {
	first, second, found := strings.Cut(text, ".")
	number, err := strconv.ParseInt(first, 10, 64)
	if err != nil || !found {
		return 0, 0, false
	}
	version, err = strconv.ParseInt(second, 10, 64)
	return number, version, err == nil
}
