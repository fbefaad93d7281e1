package ledger

import (
	"reflect"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestLoad: what is loaded is as if it had been entered, checked and closed.
func TestLoad(t *testing.T) {
	each(t, func(w *world) {
		begins := []book.Balance{{Account: "101", Amount: 100}, {Account: "301", Amount: -100}}
		by := w.open("小溪村")
		by, err := w.SetOpening(w.ctx, w.checker(), by.Ref(), by.Version, begins)
		w.must(err)
		own := w.own["天台村"]
		d := Loaded{Organisation: own.Ref(), Place: own.Place, Chart: "2024", From: "2025-01-01",
			Opening: begins,
			Closed:  "2025-12"}
		for _, v := range []Draft{rent(by, "2025-02-01", 9_000), pay(by, "2025-03-05", 500), rent(by,
			"2025-03-06", 70),
			draft(by, "2025-12-30", line("322", 300, "reserve"), line("311", -300)), rent(by, "2026-01-02",
				5)} {
			d.Vouchers = append(d.Vouchers, LoadedVoucher{Draft: v, Maker: 7, Checker: 8})
			entered, err := w.Enter(w.ctx, w.actor(7, "delegated_bookkeeper", "白涛镇"), v, "")
			w.must(err)
			w.check(entered)
		}
		refs, err := w.Load(w.ctx, []Loaded{d}, nil)
		w.must(err)
		w.closeUntil(by.Ref(), "2025-12")
		for _, day := range []period.Date{"2025-01-01", "2025-03-05", "2025-12-31", "2026-01-05"} {
			a, b := w.balances(refs[0], day), w.balances(by.Ref(), day)
			if !reflect.DeepEqual(a, b) || len(a) == 0 {
				t.Errorf("on %s loaded %v, entered %v", day, a, b)
			}
		}
		a, b := w.book(refs[0]), w.book(by.Ref())
		if a.Closed != b.Closed || a.YearClosed != b.YearClosed {
			t.Errorf("loaded %+v, entered %+v", a, b)
		}
		w.must(w.host.Store.View(w.ctx, func(v *store.View) error {
			for _, home := range []int64{a.Home} {
				rows, err := sheets.All(v, "WHERE home = ? ORDER BY month, book", home)
				if err != nil || len(rows) != 24 {
					t.Errorf("%d vectors: %v", len(rows), err)
				}
				for i := 0; i+1 < len(rows); i += 2 {
					if string(rows[i].Cells) != string(rows[i+1].Cells) {
						t.Errorf("statements of %s differ", rows[i].Month)
					}
				}
			}
			return nil
		}))
		first := w.enter(Draft{Book: refs[0], Date: "2026-01-03", Summary: "接续", Postings: rent(by, "",
			1).Postings})
		if v := w.check(first); v.Number != 2 {
			t.Errorf("numbers go on with %d", v.Number)
		}
		_, err = w.Load(w.ctx, []Loaded{d}, nil)
		w.refused(err, "ledger.books_overlap")
	})
}
