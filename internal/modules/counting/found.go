package counting

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// firstForm is the form that is offered first for something found.
const firstForm = "fixed"

// finding reads the check and the form in which something found is entered.
func (g *Counting) finding(r *web.Request) (s sheetRow, err error) {
	key := r.Field("form")
	forms := g.inventory.Forms()
	if _, ok := forms.Form(firstForm); key == "" && ok {
		key = firstForm
	}
	if key == "" {
		key = forms.All[0].Key
	}
	s.row = inventory.Row{Form: key, Name: r.Field("name"), Kind: r.Field("kind"), Verdict: count.Gain}
	if s.form, err = g.formOf(s.row); err != nil {
		return s, err
	}
	err = g.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if s.check, err = g.inventory.Readable(v, r); err == nil && !s.form.Cards {
			s.first, err = g.inventory.First(v, s.check)
		}
		return err
	})
	if err == nil && s.check.Stage != inventory.Counting {
		err = fault.New(fault.Conflict, "inventory.not_counting")
	}
	if err == nil {
		err = r.Require(inventory.MayCount, s.check.Place)
	}
	if text := r.Field("book"); err == nil && s.first && text != "" {
		if s.row.Book, err = money.Parse(text); err != nil {
			err = fault.New(fault.Invalid, "counting.book", text)
		}
	}
	return s, err
}

// bookField asks for the book amount of a balance in an organisation's first check.
func bookField(r *web.Request, s sheetRow) *form.FieldView {
	if !s.first {
		return nil
	}
	return &form.FieldView{Name: "book", Label: r.T("inventory.rows.column.book"), Kind: "text",
		Numeric: true,
		Value:   r.Field("book"), Unit: r.T("unit.yuan"), Help: r.T("counting.book.help")}
}

// newPage asks for something found that stands on no row.
func (g *Counting) newPage(r *web.Request) (web.Answer, error) {
	s, err := g.finding(r)
	if err != nil {
		return nil, err
	}
	s.row.Name, s.row.Kind = "", ""
	return g.show(r, s, g.record(r, s), nil, 0), nil
}

// newPosted enters it, with a photo if one was sent.
func (g *Counting) newPosted(r *web.Request) (web.Answer, error) {
	photo, header, err := r.Upload("photo")
	if err != nil {
		return nil, err
	}
	s, err := g.finding(r)
	if err != nil {
		return nil, err
	}
	record, found := g.posted(r, s)
	e, ok, err := g.readEntry(r, s, record, &found)
	if err != nil {
		return nil, err
	}
	var w inventory.Row
	if ok {
		opening(&e, record.Given("counted"), s.row.Book)
		if err = g.keepPhoto(r.Context(), photo, header, &e); err == nil {
			w, err = g.inventory.Add(r.Context(), r.Actor, s.check.Ref(),
				inventory.RowEntry{Form: s.form.Key, Name: s.row.Name, Book: s.row.Book, Entry: e})
		}
	}
	if ok && err == nil {
		return web.Redirect(rowAddress(s.check.Ref(), w.Number) + "?" + web.DoneField + "=counting.found"),
			nil
	}
	if err != nil {
		f := fault.Of(err)
		if !slices.Contains(mendable, f.Code) {
			return nil, err
		}
		found = append(found, beside(r, f))
	}
	return g.show(r, s, record, found, 422), nil
}

// foundKind asks for the kind of something found.
func (g *Counting) foundKind(r *web.Request, f *inventory.Form, value string) *form.FieldView {
	list := kindList(f)
	if list == "" {
		return nil
	}
	v := form.FieldView{Name: "kind", Label: r.T("counting.kind"), Kind: "choice", Value: value,
		Required: true}
	for _, o := range g.inventory.Options(r, list) {
		v.Options = append(v.Options, form.Option{Value: o.Value, Text: o.Text})
	}
	return &v
}

// formOptions are all forms as choices.
func (g *Counting) formOptions(r *web.Request) []web.Option {
	var all []web.Option
	for _, f := range g.inventory.Forms().All {
		all = append(all, web.Option{Value: f.Key, Text: f.Number + " " + f.Title.In(r.Language)})
	}
	return all
}
