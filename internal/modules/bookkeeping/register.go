package bookkeeping

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// registerView is what stands over the list of vouchers.
type registerView struct {
	Self, Enter string
	Open        bool // drafts are listed
}

// register lists the vouchers of books: the posted ones by number, or those that wait.
func (s *Bookkeeping) register(r *web.Request) (web.Answer, error) {
	o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	open := r.Field("state") == "open"
	above := registerView{Self: Address(o.Ref()) + "/vouchers", Open: open}
	if r.Can(ledger.MayEnter, o.Place) {
		above.Enter = above.Self + "/new"
	}
	series := make([]web.Option, len(ledger.SeriesAll))
	for i, key := range ledger.SeriesAll {
		series[i] = web.Option{Value: key, Text: r.T("books.series." + key)}
	}
	list := web.List[ledger.Voucher]{Name: "books.register", Columns: registerColumns(r), Above: above,
		AboveView: "bookkeeping/register", Place: o.Place, Trail: trail(r, o),
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "from", Kind: web.TextFilter},
			{Key: "to", Kind: web.TextFilter}, {Key: "series", Kind: web.Choice, Options: series},
			{Key: "least", Kind: web.TextFilter}, {Key: "most", Kind: web.TextFilter},
			{Key: "state", Kind: web.Choice, Options: []web.Option{{Value: "open",
				Text: r.T("books.register.open")}}}}}
	if open && r.Can(ledger.MayCheck, o.Place) {
		list.RowID = func(v ledger.Voucher) string { return rowID(v) }
		list.Bulk = []web.Bulk{{Key: "books.check", Action: above.Self + "/check"},
			{Key: "books.return", Action: above.Self + "/return", Reason: true}}
	}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[ledger.Voucher], error) {
		return s.loadVouchers(ctx, o.Ref(), q)
	}
	return list.Answer(r)
}

// rowID names a draft at the version it was seen at.
func rowID(v ledger.Voucher) string {
	return strconv.FormatInt(v.ID, 10) + "-" + strconv.FormatInt(v.Version, 10)
}

func registerColumns(r *web.Request) []web.Column[ledger.Voucher] {
	text := func(text string) web.Cell { return web.Cell{Text: text} }
	return []web.Column[ledger.Voucher]{
		{Key: "date", Cell: func(v ledger.Voucher) web.Cell { return text(string(v.Date)) }},
		{Key: "word", Cell: func(v ledger.Voucher) web.Cell {
			if v.Number == 0 {
				return web.Cell{Text: r.T("books.number.none"), Href: VoucherAddress(v.Ref())}
			}
			return web.Cell{Text: v.Word(), Href: VoucherAddress(v.Ref())}
		}},
		{Key: "summary", Cell: func(v ledger.Voucher) web.Cell {
			return web.Cell{Text: v.Summary, Href: VoucherAddress(v.Ref())}
		}},
		{Key: "total", Number: true, Cell: func(v ledger.Voucher) web.Cell {
			return web.Cell{Text: v.Total.String(), Value: sheet.Number{Text: v.Total.Plain(),
				Places: money.Places}}
		}},
		{Key: "attachments", Number: true, Cell: func(v ledger.Voucher) web.Cell {
			return web.Cell{Text: strconv.FormatInt(v.Attachments, 10), Value: v.Attachments}
		}},
		{Key: "source", Hidden: true, Cell: func(v ledger.Voucher) web.Cell { return text(v.Source) }},
		{Key: "state", Cell: func(v ledger.Voucher) web.Cell {
			return web.Cell{Text: r.T(stateKey(v)), Status: tone(v)}
		}},
	}
}

// loadVouchers reads a page of the list.
func (s *Bookkeeping) loadVouchers(ctx context.Context, ref ledger.Ref, q web.Query) (
	rows web.Rows[ledger.Voucher], err error) {
	query := ledger.Query{Book: ref, Open: q.Filter["state"] == "open", From: q.Filter["from"],
		To: q.Filter["to"], Series: q.Filter["series"], Text: q.Filter["q"], After: q.After, Limit: q.Limit}
	for _, a := range []struct {
		key  string
		into *money.Fen
	}{{"least", &query.Least}, {"most", &query.Most}} {
		if *a.into, err = amountOf(q.Filter[a.key]); err != nil {
			return rows, err
		}
	}
	err = s.host.Store.View(ctx, func(v *store.View) (err error) {
		rows.Items, rows.Next, err = ledger.Search(v, query)
		return err
	})
	rows.Total.Unknown = true
	return rows, err
}
