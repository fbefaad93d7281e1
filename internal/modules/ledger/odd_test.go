package ledger

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/packs"
)

// TestAnotherChart: a pack with a chart of other codes is all it takes to keep books under it: converted
// into from the chart before, filled from its templates, warned by its limit, closed, stated and shown to
// the public.
func TestAnotherChart(t *testing.T) {
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.found()
		read, err := pack.NewLibrary(packs.Files).Read("testdata/odd")
		w.must(err)
		w.host.Packs = read
		w.must(w.start(w.ctx)) // as the program does with the pack it is given
		w.Today = "2027-01-05"
		b := w.converted()
		w.refusedLike(rent2(b, "1001.100", 1), "book.account_unknown")
		w.refusedLike(rent2(b, "1001", 1), "book.account_parent")
		chart, _ := w.Charts().Get("odd")
		e, findings := chart.Fill("rent_received", book.Filling{Date: "2026-02-03",
			Amounts: map[string]money.Fen{"amount": 40_000}, Accounts: map[int]string{0: "1001.10"}})
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		w.post(Draft{Book: b.Ref(), Series: Receipt, Date: e.Date, Summary: e.Summary,
			Postings: e.Postings})
		w.post(draft(b, "2026-03-01", line("X.200", 25_000), line("1001.10", -25_000)))
		w.post(draft(b, "2026-03-02", line("0101.1", 9_000), line("L9", -9_000, "木工")))
		w.refusedLike(draft(b, "2026-03-03", line("X.200", 1), line("1001.1", -1)), "book.overdraft")
		over := draft(b, "2026-03-03", line("1001.1", 500_001), line("E1", -500_001))
		foretold, err := store.Read(w.ctx, s, func(v *store.View) (Forecast, error) {
			return w.DryRun(v, w.maker(), over)
		})
		w.must(err)
		if len(foretold.Warnings) != 1 || foretold.Warnings[0].Key != "book.limit" ||
			foretold.Refusal != nil {
			t.Errorf("above the limit: %+v", foretold)
		}
		sheet := w.statement(b.Ref(), book.BalanceSheet, "2026-03")
		for line, want := range map[string]money.Fen{"money": 75_000, "fixed": 9_000,
			"total_assets":      84_000,
			"total_liabilities": 9_000, "total_equity": 75_000} {
			if got := cell(sheet, line, 0); got != want {
				t.Errorf("%s is %d, want %d", line, got, want)
			}
		}
		if got := cell(w.statement(b.Ref(), book.PublicSheet, "2026-02"), "received", 0); got != 40_000 {
			t.Errorf("the public sees %d", got)
		}
		w.closeUntil(b.Ref(), "2026-12")
		if got := w.on(b.Ref(), "E4.10", "2026-12-31"); got != -35_000 || w.on(b.Ref(), "R.100",
			"2026-12-31") != 0 {
			t.Errorf("not distributed: %d", got)
		}
		income := w.statement(b.Ref(), book.IncomeStatement, "2026-12")
		if got := cell(income, "operating_income", 1); got != 15_000 {
			t.Errorf("the closed year says %d", got)
		}
		rolled, err := w.RollUp(w.ctx, w.places.Today(), "2026-12")
		w.must(err)
		if rolled.Chart != "odd" || rolled.Books(w.place["江城市"]) != 1 || rolled.Left != 0 {
			t.Errorf("rolled up %+v", rolled)
		}
		w.Verify()
	})
}

// rent2 is rent on an account of the chart.
func rent2(b Book, account string, amount money.Fen) Draft {
	return draft(b, "2026-02-01", line(account, amount), line("R.100", -amount))
}

// refusedLike checks that a draft is refused, when it is entered or foretold, with a finding of a key.
func (w *world) refusedLike(d Draft, key string) {
	w.t.Helper()
	foretold, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Forecast, error) {
		return w.DryRun(v, w.maker(), d)
	})
	w.must(err)
	if foretold.Refusal == nil || !slices.ContainsFunc(fault.Of(foretold.Refusal).Findings,
		func(f fault.Finding) bool { return f.Key == key }) {
		w.t.Errorf("%v: got %v, want %s", d.Postings, foretold.Refusal, key)
	}
}

// converted keeps a year under the chart of the pack below and opens the next under the other.
func (w *world) converted() Book {
	w.t.Helper()
	old := w.open("天台村")
	w.post(rent(old, "2025-03-01", 20_000))
	w.post(draft(old, "2025-03-02", line("101", 40_000), line("301", -40_000)))
	w.closeUntil(old.Ref(), "2025-12")
	from, _ := w.Charts().Get("2024")
	to, _ := w.Charts().Get("odd")
	done, findings := to.Convert(from, w.balances(old.Ref(), "2025-12-31"), nil)
	if fault.Stops(findings) {
		w.t.Fatal(findings)
	}
	_, err := w.EndBook(w.ctx, w.actor(9, "county_officer", "青山区"), old.Ref(), w.book(old.Ref()).Version,
		"2025-12-31")
	w.must(err)
	officer := w.actor(9, "county_officer", "青山区")
	b, err := w.OpenBook(w.ctx, officer, Opening{w.own["天台村"].Ref(), "odd", "2026-01-01"})
	w.must(err)
	b, err = w.SetOpening(w.ctx, officer, b.Ref(), b.Version, done.Balances)
	w.must(err)
	if got := [3]money.Fen{w.on(b.Ref(), "1001.10", "2026-01-01"), w.on(b.Ref(), "1002.00", "2026-01-01"),
		w.on(b.Ref(), "E4.10", "2026-01-01")}; got != [3]money.Fen{40_000, 20_000, -20_000} {
		w.t.Fatalf("the next book opens with %v", got)
	}
	return b
}

// TestPackTest: terrace pack test tries the examples of charts, and names what is wrong with a chart
// where it stands: a limit that is no parameter, a class that is none, a title without English, a code
// that is none.
func TestPackTest(t *testing.T) {
	text, err := os.ReadFile("testdata/odd/charts/odd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile("testdata/odd/pack.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want, place string }{
		"as it is":     {"", "", "", ""},
		"example":      {"amount: 130.10", "amount: 130.11", "book.example", "examples/a-year"},
		"limit":        {"ledger.cash_limit", "ledger.cash_most", "book.limit_unknown", "accounts/1001"},
		"another kind": {"ledger.cash_limit", "loan.early_fee", "book.limit_unknown", "accounts/1001"},
		"class":        {"class: income", "class: revenue", "book.class", "accounts/R.100"},
		"title": {"title: {zh: 收到租金, en: Rent received}", "title: {zh: 收到租金}",
			"book.name_missing", "templates/rent_received"},
		"name": {"name: {zh: 股金, en: Shares}", "name: {zh: 股金}", "book.name_missing",
			"accounts/E1"},
		"code":          {"code: E1,", "code: 股金,", "book.code", "accounts/11"},
		"zeros of code": {"bank: 1002.00", "bank: 1002.0", "book.account_unknown", "roles/bank"},
	} {
		changed := strings.Replace(string(text), c.old, c.new, 1)
		root := t.TempDir()
		for path, body := range map[string]string{"pack.yaml": string(manifest),
			"charts/odd.yaml": changed} {
			if err := os.MkdirAll(filepath.Join(root, filepath.Dir(path)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, path), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		read, err := pack.NewLibrary(packs.Files).Read(root)
		if err != nil {
			t.Fatal(err)
		}
		findings, _ := read.Test(append(sections(), pack.Own()...))
		var told []string
		for _, f := range findings {
			if f.Severity == fault.Error {
				told = append(told, f.Key+" "+f.Column)
			}
		}
		slices.Sort(told)
		if told = slices.Compact(told); c.want == "" && len(told) > 0 ||
			c.want != "" && !slices.Contains(told, c.want+" "+c.place) {
			t.Errorf("%s: %v, want %s at %s", name, told, c.want, c.place)
		}
	}
}
