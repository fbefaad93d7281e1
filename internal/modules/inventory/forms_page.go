package inventory

import (
	"encoding/json"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// formsView is the forms of a check, to look at and to print.
type formsView struct {
	Heading   string
	Year      int
	Reference string
	Tables    []web.TableView
	Whole     bool // approved
	Book      string
}

// tablesOf are all forms of a check: the summaries, the balance sheet, and the detail forms with rows.
func (n *Inventory) tablesOf(list []Row) ([]words.Table, error) {
	figures, err := n.total(list)
	if err != nil {
		return nil, err
	}
	tables := n.Summaries(figures)
	for _, f := range n.Forms().All {
		var own []Row
		for _, w := range list {
			if w.Form == f.Key {
				own = append(own, w)
			}
		}
		if len(own) > 0 {
			tables = append(tables, n.detailTable(f, own, false))
		}
	}
	if unsettled := n.unsettledTable(list); len(unsettled.Rows) > 0 {
		tables = append(tables, unsettled)
	}
	return tables, nil
}

// checkForms reads a check with all its tables.
func (n *Inventory) checkForms(r *web.Request) (c Check, tables []words.Table, err error) {
	err = n.host.Store.View(r.Context(), func(v *store.View) error {
		if c, err = n.Readable(v, r); err != nil {
			return err
		}
		list, err := RowsOf(v, c.Ref())
		if err != nil {
			return err
		}
		tables, err = n.tablesOf(list)
		return err
	})
	return c, tables, err
}

func (n *Inventory) formsPage(r *web.Request) (web.Answer, error) {
	c, tables, err := n.checkForms(r)
	if err != nil {
		return nil, err
	}
	view := formsView{Heading: c.Name, Year: c.Year, Reference: string(c.Reference), Book: c.Address() +
		"/forms.xlsx",
		Whole: c.Stage == Approved || c.Stage == Locked}
	for _, t := range tables {
		view.Tables = append(view.Tables, web.TableIn(r.Language, t))
	}
	return web.View("inventory/forms", web.Page{Title: c.Name + " " + yearText(c.Year), Data: view,
		Wide:  true,
		Place: c.Place, Trail: n.Trail(r, c)}), nil
}

func (n *Inventory) formsBook(r *web.Request) (web.Answer, error) {
	c, tables, err := n.checkForms(r)
	if err != nil {
		return nil, err
	}
	return web.Book(r, c.Name+" "+yearText(c.Year), tables)
}

// figuresOf are the amounts of a form in a vector.
func (n *Inventory) figuresOf(f *Form, v []int64) figures {
	at := func(figure int) string { return money.Fen(v[n.Forms().Layout.Form(f.Key, figure)]).String() }
	return figures{at(count.FormBook), at(count.FormVerified), at(count.FormGain), at(count.FormLoss)}
}

func decodeFacts(text string) []string {
	var facts []string
	if err := json.Unmarshal([]byte(text), &facts); err != nil {
		return nil
	}
	return facts
}
