package ledger

import (
	"reflect"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// closeUntil closes the months of a book up to one.
func (w *world) closeUntil(ref Ref, month string) {
	w.t.Helper()
	for b := w.book(ref); b.Closed < month; b = w.book(ref) {
		w.close(ref, b.NextMonth().String())
	}
}

func (w *world) statement(ref Ref, key, p string) book.Sheet {
	w.t.Helper()
	of, err := period.Parse(p)
	w.must(err)
	sheet, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (book.Sheet, error) {
		return w.Statement(v, ref, key, of)
	})
	w.must(err)
	if len(sheet.Findings) > 0 {
		w.t.Errorf("%s of %s: %v", key, p, sheet.Findings)
	}
	return sheet
}

// cell is a figure of a statement.
func cell(sheet book.Sheet, line string, column int) money.Fen {
	for _, l := range sheet.Lines {
		if l.Key == line {
			return l.Cells[column]
		}
	}
	return -1
}

// TestMonths: closed in order, without drafts, once over; reopened from the end by a decision.
func TestMonths(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		w.post(rent(b, "2025-01-10", 100))
		v := w.enter(rent(b, "2025-01-20", 100))
		for month, key := range map[string]string{"2025-02": "ledger.earlier_open",
			"2025-01": "ledger.drafts_left",
			"2024-12": "ledger.not_in_book", "2026-01": "ledger.month_runs", "2025": "ledger.month"} {
			_, err := w.Close(w.ctx, w.checker(), b.Ref(), month)
			w.refused(err, key)
		}
		moved, err := w.Amend(w.ctx, w.maker(), v.Ref(), v.Version, rent(b, "2025-02-03", 100))
		w.must(err)
		w.close(b.Ref(), "2025-01")
		_, err = w.Close(w.ctx, w.checker(), b.Ref(), "2025-01")
		w.refused(err, "ledger.month_closed")
		_, err = w.Enter(w.ctx, w.maker(), rent(b, "2025-01-31", 1), "")
		w.refused(err, "ledger.month_closed")
		w.check(moved)
		w.close(b.Ref(), "2025-02")
		q := Reopening{Month: "2025-01", Reason: "漏记", Decision: "联席会议纪要3号"}
		_, err = w.Reopen(w.ctx, w.leader(), b.Ref(), q)
		w.refused(err, "ledger.reopen_last")
		q.Month = "2025-02"
		_, err = w.Reopen(w.ctx, w.leader(), b.Ref(), Reopening{Month: "2025-02", Reason: "漏记"})
		w.refused(err, "ledger.reopen_reason")
		_, err = w.Reopen(w.ctx, w.checker(), b.Ref(), q)
		if err == nil {
			t.Error("reopened without the permit")
		}
		_, err = w.Reopen(w.ctx, w.leader(), b.Ref(), q)
		w.must(err)
		w.post(rent(b, "2025-02-28", 7))
		w.close(b.Ref(), "2025-02")
		acts, err := store.Read(w.ctx, w.host.Store, func(v *store.View) ([]PeriodAct, error) {
			return ActsOf(v, b.Ref(), "2025-02")
		})
		w.must(err)
		if len(acts) != 3 || acts[1].Kind != MonthReopened || acts[1].Decision != q.Decision ||
			acts[0].Hash == acts[2].Hash {
			t.Errorf("the trace is %+v", acts)
		}
	})
}

// yearOf posts the income of the worked example of the domain notes, with something to distribute.
func (w *world) yearOf(b Book) {
	w.t.Helper()
	for _, d := range []Draft{
		draft(b, "2025-02-01", line("102", 42_000_000), line("501", -42_000_000)),
		draft(b, "2025-03-01", line("102", 3_000_000), line("502", -3_000_000)),
		draft(b, "2025-04-01", line("102", 8_000_000), line("503", -8_000_000)),
		draft(b, "2025-04-02", line("102", 500_000), line("504", -500_000)),
		draft(b, "2025-06-01", line("511", 18_000_000), line("512", 600_000), line("102", -18_600_000)),
		draft(b, "2025-07-01", line("513", 6_000_000), line("514", 2_500_000), line("515", 300_000),
			line("102", -8_800_000)),
		draft(b, "2025-12-30", line("322", 1_000_000, "reserve"), line("311", -1_000_000)),
	} {
		w.post(d)
	}
}

// TestYear: the result goes into what is not distributed, statements still say what was earned, the next
// year opens with the balances, and no balance reads the closed year.
func TestYear(t *testing.T) {
	each(t, func(w *world) {
		b := w.open("天台村")
		b, err := w.SetOpening(w.ctx, w.checker(), b.Ref(), b.Version, []book.Balance{
			{Account: "101", Amount: 100}, {Account: "301", Amount: -100}})
		w.must(err)
		w.yearOf(b)
		w.Today = "2026-02-10"
		w.post(rent(b, "2026-01-15", 11))
		before := w.balances(b.Ref(), "2026-01-31")
		w.closeUntil(b.Ref(), "2025-11")
		done, err := w.CloseYear(w.ctx, w.checker(), b.Ref(), 2025)
		w.must(err)
		if done.Book.YearClosed != 2025 || done.Book.Closed != "2025-12" {
			t.Errorf("closed as %+v", done.Book)
		}
		income := w.statement(b.Ref(), book.IncomeStatement, "2025")
		if got := []money.Fen{cell(income, "operating_income", 1), cell(income, "total_income", 1),
			cell(income, "closing_undistributed", 1)}; !reflect.DeepEqual(got, []money.Fen{20_400_000,
			26_100_000, 25_100_000}) {
			t.Errorf("income %v", got)
		}
		if got := w.on(b.Ref(), "322", "2025-12-31"); got != -25_100_000 {
			t.Errorf("undistributed %v", got)
		}
		if w.on(b.Ref(), "501", "2025-12-31") != 0 || w.on(b.Ref(), "321", "2025-12-31") != 0 {
			t.Error("the year is not carried over")
		}
		sheet := w.statement(b.Ref(), book.BalanceSheet, "2026-01")
		if cell(sheet, "total_assets", 0) != 26_100_111 || cell(sheet, "undistributed", 1) != 25_100_000 {
			t.Errorf("balance sheet %v and %v", cell(sheet, "total_assets", 0), cell(sheet, "undistributed",
				1))
		}
		after := w.balances(b.Ref(), "2026-01-31")
		storetest.Tamper(t, w.host.Store, "DELETE FROM ledger_turnover WHERE year = 2025")
		if got := w.balances(b.Ref(), "2026-01-31"); !reflect.DeepEqual(got, after) {
			t.Error("balances of 2026 read the closed year")
		}
		if got := w.findings(); len(got) == 0 {
			t.Error("verify does not miss the turnovers")
		}
		w.rebuild()
		_, err = w.Reopen(w.ctx, w.leader(), b.Ref(), Reopening{Month: "2025-12", Reason: "漏记",
			Decision: "3号"})
		w.must(err)
		reopened := w.balances(b.Ref(), "2026-01-31")
		if !reflect.DeepEqual(reopened, after) || reflect.DeepEqual(reopened, before) {
			t.Error("reopening changed the balances")
		}
		w.post(rent(b, "2025-12-31", 1_000))
		w.closeUntil(b.Ref(), "2025-12")
		if got := w.on(b.Ref(), "322", "2025-12-31"); got != -25_101_000 {
			t.Errorf("undistributed after closing again: %v", got)
		}
		w.closeUntil(b.Ref(), "2026-01")
	})
}

// rebuild makes the turnovers anew from the postings.
func (w *world) rebuild() {
	w.t.Helper()
	storetest.Tamper(w.t, w.host.Store, "DELETE FROM ledger_turnover")
	storetest.Tamper(w.t, w.host.Store, `INSERT INTO ledger_turnover SELECT home, book,
		CAST(substr(date, 1, 4) AS BIGINT), account, substr(date, 1, 7),
		CASE WHEN detailed THEN counterparty ELSE '' END, closing,
		sum(CASE WHEN (amount > 0) <> red THEN amount ELSE 0 END),
		sum(CASE WHEN (amount > 0) <> red THEN 0 ELSE -amount END) FROM ledger_posting
		GROUP BY home, book, substr(date, 1, 4), account, substr(date, 1, 7),
		CASE WHEN detailed THEN counterparty ELSE '' END, closing`)
}

// TestCloseAll: all books of a county, begun again where it stopped; what cannot be closed is named.
func TestCloseAll(t *testing.T) {
	each(t, func(w *world) {
		a, b, c := w.open("天台村"), w.open("小溪村"), w.open("三清村")
		w.post(rent(a, "2025-01-10", 100))
		waiting, err := w.Enter(w.ctx, w.actor(7, "delegated_bookkeeper", "白涛镇"), rent(b, "2025-01-10", 1),
			"")
		w.must(err)
		w.must(w.CloseMonth(w.ctx, a.Home, "2025-01", nil))
		left, err := store.Read(w.ctx, w.host.Store, func(v *store.View) ([]Book, error) {
			p, _ := period.Parse("2025-01")
			return Unclosed(v, a.Home, p, 0, 10)
		})
		w.must(err)
		if len(left) != 1 || left[0].ID != b.ID || w.book(c.Ref()).Closed != "" {
			t.Errorf("left are %v", left)
		}
		w.must(w.Discard(w.ctx, w.actor(7, "delegated_bookkeeper", "白涛镇"), waiting.Ref(), waiting.Version))
		w.must(w.OrderClose(w.ctx, w.actor(9, "county_officer", "青山区"), a.Home, "2025-01"))
		w.must(w.host.Jobs.Drain(w.ctx))
		if w.book(b.Ref()).Closed != "2025-01" {
			t.Error("the job left the book open")
		}
		for month := period.Containing("2025-02-01",
			period.Month); month.Year() == 2025; month = month.Next() {
			w.must(w.CloseMonth(w.ctx, a.Home, month.String(), nil))
		}
		if got := w.book(a.Ref()); got.YearClosed != 2025 || w.on(a.Ref(), "322", "2026-01-01") != -100 {
			t.Errorf("the year is closed as %+v", got)
		}
		rolled, err := w.RollUp(w.ctx, w.places.Today(), "2025-12")
		w.must(err)
		assets := -1
		for i, key := range rolled.Lines {
			if key == "total_assets" {
				assets = i
			}
		}
		city := w.place["江城市"]
		if rolled.Books(city) != 2 || rolled.Of(city, assets, 0) != 100 || rolled.Left != 0 {
			t.Errorf("%d books with assets of %d", rolled.Books(city), rolled.Of(city, assets, 0))
		}
		w.must(w.RollUpFigures(w.ctx, 2025))
	})
}

// TestTampering: what is changed behind the program's back is named.
func TestTampering(t *testing.T) {
	for _, c := range []struct{ sql, key string }{
		{"UPDATE ledger_posting SET amount = amount * 2", "ledger.check.hash"},
		{"UPDATE ledger_posting SET amount = amount + 1 WHERE line = 1", "ledger.check.sum"},
		{"UPDATE ledger_posting SET counterparty = 'x'", "ledger.check.hash"},
		{"UPDATE ledger_posting SET book = 99", "ledger.check.mixed"},
		{"DELETE FROM ledger_voucher WHERE number = 1", "ledger.check.number"},
		{"UPDATE ledger_number SET last = last + 1", "ledger.check.number"},
		{"UPDATE ledger_turnover SET debit = debit + 1", "ledger.check.turnover"},
		{"UPDATE ledger_opening SET amount = amount + 1", "ledger.check.opening"},
		{"UPDATE ledger_voucher SET reversed_by = 7 WHERE number = 2", "ledger.check.reversal"},
		{"UPDATE ledger_voucher SET checker = maker", "ledger.check.person"},
		{"UPDATE ledger_book SET closed = '2025-03'", "ledger.check.period"},
		{"DELETE FROM ledger_voucher WHERE number = 2", "ledger.check.period"},
		{"UPDATE ledger_sheet SET cells = ''", "ledger.check.sheet"},
	} {
		t.Run(c.key, func(t *testing.T) {
			s := storetest.SQLite(t, parts())
			w := newWorld(t, s)
			w.found()
			b := w.open("天台村")
			b, err := w.SetOpening(w.ctx, w.checker(), b.Ref(), b.Version, []book.Balance{
				{Account: "101", Amount: 100}, {Account: "301", Amount: -100}})
			w.must(err)
			w.post(rent(b, "2025-01-10", 100))
			w.post(rent(b, "2025-01-11", 100))
			w.close(b.Ref(), "2025-01")
			w.Verify()
			storetest.Tamper(t, s, c.sql)
			found := false
			for _, key := range w.findings() {
				found = found || key == c.key
			}
			if !found {
				t.Errorf("%s is not found after %s: %v", c.key, c.sql, w.findings())
			}
		})
	}
}
