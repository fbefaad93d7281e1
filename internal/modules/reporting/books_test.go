package reporting_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// business is the year of the domain's test vector, in yuan: account and amount, debit above zero.
var business = []struct {
	account string
	amount  money.Fen
}{{"501", -420_000_00}, {"502", -30_000_00}, {"503", -80_000_00}, {"504", -5_000_00}, {"511", 180_000_00},
	{"512", 6_000_00}, {"513", 60_000_00}, {"514", 25_000_00}, {"515", 3_000_00}}

// keepBooks gives an organisation the year's books, closed up to December.
func (w world) keepBooks(p reporting.Report) {
	w.t.Helper()
	one := ledger.Loaded{Organisation: registry.Ref{Home: p.Home, ID: p.Organisation}, Place: p.Place,
		Chart: "2024", From: "2025-01-01", Closed: "2025-12", Opening: []book.Balance{
			{Account: "102", Amount: 100_000_00}, {Account: "301", Amount: -100_000_00}}}
	for _, b := range business {
		one.Vouchers = append(one.Vouchers, ledger.LoadedVoucher{Draft: ledger.Draft{Date: "2025-06-30",
			Summary: "test " + b.account, Postings: []book.Posting{{Account: b.account, Amount: b.amount},
				{Account: "102", Amount: -b.amount}}}})
	}
	_, err := w.Ledger.Load(access.With(w.t.Context(), access.Machine), []ledger.Loaded{one}, nil)
	w.must(err)
}

// TestDrawnFromTheBooks is the worked example: what the books know is answered, both incomes come out
// right, little is asked; and every cell that the shipped forms draw from a statement is in one.
func TestDrawnFromTheBooks(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		w := open(t, city)
		p := w.all()[0]
		w.keepBooks(p)
		f, err := store.Read(t.Context(), w.Host.Store, func(v *store.View) (reporting.Filled, error) {
			return w.Reporting.Fill(v, w.report(p.ID))
		})
		w.must(err)
		for key, want := range map[string]int64{"gross_operating_income": 450_000_00,
			"net_operating_income": 204_000_00, "subsidy_income": 80_000_00, "total_assets": 361_000_00,
			"gross_to_500k": 1, "net_to_500k": 1, "net_none": 0} {
			if v := f.Row[f.Form.Index(key)]; !v.Known || v.Amount != want {
				t.Errorf("%s is %+v, not %d", key, v, want)
			}
		}
		// Asked: two that are tagged so, and two of the annual check, of which there is none.
		if b := f.Burden(); b.Asked != 4 || b.Cells != 29 {
			t.Errorf("%+v", b)
		}
		if b := w.Reporting.BurdenOf(f.Form); b.Asked != 2 || b.PerMille() != 69 || b.Minutes() != 2 {
			t.Errorf("by design %+v", b)
		}
		w.everyCell(p)
	})
}

func (w world) everyCell(p reporting.Report) {
	w.t.Helper()
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) error {
		all, err := w.Reporting.Forms(v)
		for _, form := range all {
			at := period.Containing("2025-12-31", form.Frequency()).String()
			one := p
			one.Form, one.Period, one.Typed, one.Cells, one.Stage = form.Key, at, "{}", "",
				reporting.Filling
			f, err := w.Reporting.Fill(v, one)
			if err != nil {
				return err
			}
			found, err := w.Reporting.Validate(v, f)
			if err != nil {
				return err
			}
			for i, c := range form.Cells {
				if c.Statement != "" && !f.Row[i].Known {
					w.t.Errorf("%s: %s is in no statement", form.Key, c.Key)
				}
			}
			for _, one := range found {
				if one.Layer == "cross" {
					w.t.Errorf("%s: %s does not hold for sound books: %v", form.Key, one.Rule, one.Facts)
				}
			}
		}
		return err
	}))
}
