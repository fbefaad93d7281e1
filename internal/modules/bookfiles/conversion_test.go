package bookfiles

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// oldBook is a book of 2023 under the older chart, closed up to a month; some accounts have to be
// decided about.
func (x *site) oldBook(village, closed string) ledger.Book {
	x.t.Helper()
	refs, err := x.ledger.Load(x.ctx, []ledger.Loaded{{Organisation: x.own[village].Ref(),
		Place: x.own[village].Place, Chart: "2004", From: "2023-01-01", Closed: closed,
		Opening: []book.Balance{
			{Account: "101", Amount: 100_000}, {Account: "113", Counterparty: "王五", Amount: 20_000},
			{Account: "113", Counterparty: "李四", Amount: -5_000}, {Account: "131", Amount: 300_000},
			{Account: "154", Amount: 40_000}, {Account: "212", Amount: -15_000},
			{Account: "202", Counterparty: "供销社", Amount: -40_000}, {Account: "301", Amount: -400_000}}}},
		nil)
	x.must(err)
	return x.book(refs[0])
}

func (x *site) book(ref ledger.Ref) (b ledger.Book) {
	x.t.Helper()
	x.must(x.host.Store.View(x.ctx, func(v *store.View) (err error) {
		b, err = ledger.Get(v, ref)
		return err
	}))
	return b
}

func (x *site) run(ref RunRef) (run Run) {
	x.t.Helper()
	x.must(x.host.Store.View(x.ctx, func(v *store.View) (err error) {
		run, err = GetRun(v, ref)
		return err
	}))
	return run
}

// decisions are those that the older book asks for.
func decisions() []book.Decided {
	return []book.Decided{
		{Account: "131", Parts: []book.Balance{{Account: "131", Amount: 100_000}, {Account: "132",
			Amount: 200_000}}},
		{Account: "212", Parts: []book.Balance{{Account: "311", Amount: -15_000}}}}
}

func TestAConversionIsPreparedByOneAndApprovedByAnother(t *testing.T) {
	each(t, func(x *site) {
		old := x.oldBook("天台村", "2023-12")
		maker, checker := x.actor("delegated_bookkeeper", "白涛镇"), x.actor("township_reviewer", "白涛镇")
		run, err := x.OpenRun(x.ctx, maker, old.Ref(), Next{})
		x.must(err)
		_, err = x.OpenRun(x.ctx, maker, old.Ref(), Next{})
		x.refused(err, "bookfiles.run_there")
		_, err = x.Submit(x.ctx, maker, run)
		x.refused(err, "bookfiles.not_ready") // nothing was decided
		short := decisions()
		short[0].Parts = short[0].Parts[:1]
		_, err = x.Decide(x.ctx, maker, run, short)
		x.refused(err, "bookfiles.decisions")
		run, err = x.Decide(x.ctx, maker, run, decisions())
		x.must(err)
		_, err = x.Approve(x.ctx, checker, run)
		x.refused(err, "bookfiles.run_state") // it was not handed in
		run, err = x.Submit(x.ctx, maker, run)
		x.must(err)
		_, err = x.Approve(x.ctx, maker, run)
		x.refused(err, "bookfiles.same_person")
		_, err = x.Approve(x.ctx, access.Machine, run)
		x.refused(err, "bookfiles.needs_person")
		_, err = x.Approve(x.ctx, x.actor("village_accountant", "天台村"), run)
		if err == nil {
			t.Error("a village accountant approved a conversion")
		}
		run, err = x.ReturnRun(x.ctx, checker, run, "请说明牲畜的划分")
		x.must(err)
		run, err = x.Submit(x.ctx, maker, run)
		x.must(err)
		run, err = x.Approve(x.ctx, checker, run)
		x.must(err)
		next := x.book(run.NextRef())
		if run.State != RunDone || next.Chart != "2024" || next.From != "2024-01-01" || !next.Opening {
			t.Errorf("%s, the next book is %+v", run.State, next)
		}
		if ended := x.book(old.Ref()); ended.Until != "2024-01-01" {
			t.Errorf("the older book ends %s", ended.Until)
		}
		want := map[string]money.Fen{"101": 100_000, "113王五": 20_000, "113李四": -5_000, "131": 100_000,
			"132": 200_000, "153": 40_000, "211供销社": -40_000, "301": -400_000, "311": -15_000}
		if got := x.Balances(next); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("opened with %v, want %v", got, want)
		}
	})
}

func TestAConversionWaitsForTheBooks(t *testing.T) {
	each(t, func(x *site) {
		old := x.oldBook("天台村", "2023-10")
		maker := x.actor("delegated_bookkeeper", "白涛镇")
		_, err := x.ledger.Enter(x.ctx, maker, ledger.Draft{Book: old.Ref(), Date: "2023-12-30",
			Summary:  "租金",
			Postings: []book.Posting{{Account: "101", Amount: 700}, {Account: "501", Amount: -700}}}, "")
		x.must(err)
		run, err := x.OpenRun(x.ctx, maker, old.Ref(), Next{})
		x.must(err)
		run, err = x.Decide(x.ctx, maker, run, decisions())
		x.must(err)
		_, err = x.Submit(x.ctx, maker, run)
		x.refused(err, "bookfiles.not_ready")
		p := x.See("delegated_bookkeeper@白涛镇", RunAddress(run.Ref()))
		p.Is(http.StatusOK, "Months up to 2023-12 are not closed (closed: 2023-10)",
			"1 vouchers are not posted")
		_, err = x.OpenRun(x.ctx, maker, x.Open("小溪村", "2024", "2025-01-01").Ref(), Next{})
		x.refused(err, "bookfiles.no_conversion")
		_, err = x.Withdraw(x.ctx, maker, run)
		x.must(err)
		if _, err = x.OpenRun(x.ctx, maker, old.Ref(), Next{}); err != nil {
			t.Errorf("after it was withdrawn: %v", err)
		}
	})
}

// TestAnApprovedConversionGoesOn stops between approval and opening, at every step, and goes on.
func TestAnApprovedConversionGoesOn(t *testing.T) {
	each(t, func(x *site) {
		maker, checker := x.actor("delegated_bookkeeper", "白涛镇"), x.actor("township_reviewer", "白涛镇")
		for i, village := range []string{"天台村", "小溪村"} {
			old := x.oldBook(village, "2023-12")
			run, err := x.OpenRun(x.ctx, maker, old.Ref(), Next{})
			x.must(err)
			run, err = x.Decide(x.ctx, maker, run, decisions())
			x.must(err)
			run, err = x.Submit(x.ctx, maker, run)
			x.must(err)
			x.must(x.host.Store.Write(x.ctx, func(tx *store.Tx) error { // as Approve leaves it before Carry
				now := run
				now.State, now.Checker, now.Approved = RunApproved, checker.Account, tx.Now()
				if err := runs.Update(tx, &now); err != nil {
					return err
				}
				return now.record(tx, checker, "approved")
			}))
			if i == 1 {
				_, err = x.ledger.OpenBook(x.ctx, checker, ledger.Opening{Organisation: ownerOf(old),
					Chart: "2024",
					From:  "2024-01-01"})
				x.must(err)
			}
			run, err = x.Carry(x.ctx, checker, x.run(run.Ref()))
			x.must(err)
			if b := x.Balances(x.book(run.NextRef())); run.State != RunDone || b["153"] != 40_000 {
				t.Errorf("%s: %s, %v", village, run.State, b)
			}
			_, err = x.Carry(x.ctx, checker, run)
			x.refused(err, "bookfiles.run_state")
		}
	})
}

func TestVerifyNamesAConversionThatNoLongerTies(t *testing.T) {
	each(t, func(x *site) {
		maker, checker := x.actor("delegated_bookkeeper", "白涛镇"), x.actor("township_reviewer", "白涛镇")
		run, err := x.OpenRun(x.ctx, maker, x.oldBook("天台村", "2023-12").Ref(), Next{})
		x.must(err)
		run, err = x.Decide(x.ctx, maker, run, decisions())
		x.must(err)
		run, err = x.Submit(x.ctx, maker, run)
		x.must(err)
		run, err = x.Approve(x.ctx, checker, run)
		x.must(err)
		next := x.book(run.NextRef())
		sound, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]book.Balance, error) {
			return ledger.Balances(v, next.Ref(), "2023-12-31")
		})
		x.must(err)
		moved := append([]book.Balance{}, sound...)
		moved[0].Amount, moved[len(moved)-1].Amount = moved[0].Amount+100, moved[len(moved)-1].Amount-100
		next, err = x.ledger.SetOpening(x.ctx, checker, next.Ref(), next.Version, moved)
		x.must(err)
		if found := x.checkedRuns(); found != "bookfiles.check.opening" {
			t.Errorf("found %q", found)
		}
		_, err = x.ledger.SetOpening(x.ctx, checker, next.Ref(), next.Version, sound)
		x.must(err)
		if found := x.checkedRuns(); found != "" {
			t.Errorf("found %q", found)
		}
	})
}

func TestPagesOfABooksFiles(t *testing.T) {
	each(t, func(x *site) {
		const maker, checker = "delegated_bookkeeper@白涛镇", "township_reviewer@白涛镇"
		old := x.oldBook("天台村", "2023-12")
		files := Address(old.Ref())
		x.See(maker, files).Is(http.StatusOK, "Import vouchers", "Import opening balances",
			"Take over vouchers")
		x.See("village_accountant@天台村", files).Is(http.StatusOK, "Import vouchers", "!Take over")
		x.See("village_accountant@小溪村", files).Is(http.StatusNotFound)
		x.See(maker, files+"/template?kind=opening").Is(http.StatusOK)
		x.See(maker, files+"/template?kind=vouchers&format=csv").Is(http.StatusOK, "Debit (yuan)")
		x.See(maker, files+"/journal?format=hledger&year=2023").Is(http.StatusOK, "decimal-mark .")
		x.See(maker, files+"/journal?format=pdf").Is(http.StatusUnsupportedMediaType)
		p := x.Post(maker, files+"/conversion").Is(http.StatusSeeOther)
		at := p.Header.Get("Location")
		x.See(maker, at).Is(http.StatusOK, "212 Welfare payable", "Hand in")
		run := x.run(RunRef{old.Home, idAtEnd(at)})
		x.Post(maker, at, "act", "decide", "version", whole(run.Version), "part.3.0", "1000", "part.3.1",
			"2000.00").Is(http.StatusSeeOther)
		run = x.run(run.Ref())
		if d, err := run.decisions(); err != nil || len(d) != 1 || len(d[0].Parts) != 2 {
			t.Fatalf("decided %v %v", d, err)
		}
		x.must(func() error {
			_, err := x.Decide(x.ctx, x.actor("delegated_bookkeeper", "白涛镇"), run, decisions())
			return err
		}())
		run = x.run(run.Ref())
		x.Post(maker, at, "act", "submit", "version", whole(run.Version)).Is(http.StatusSeeOther)
		x.See(maker, at).Is(http.StatusOK, "!Approve and open")
		x.See(checker, at).Is(http.StatusOK, "Approve and open")
		run = x.run(run.Ref())
		x.Post(checker, at, "act", "approve", "version", whole(run.Version)).Is(http.StatusSeeOther)
		x.See(maker, at).Is(http.StatusOK, "The next book", "by decision", "renumbered")
		report := x.See(maker, at+"/report").Is(http.StatusOK)
		file, err := excelize.OpenReader(bytes.NewReader([]byte(report.Body)))
		x.must(err)
		defer file.Close()
		rows, err := file.GetRows(file.GetSheetName(0))
		x.must(err)
		if text := fmt.Sprint(rows); !strings.Contains(text, "153") || !strings.Contains(text, "4,600.00") {
			t.Errorf("the report reads %s", text)
		}
	})
}

func idAtEnd(address string) (id int64) {
	fmt.Sscan(address[strings.LastIndexByte(address, '/')+1:],
		&id) //nolint:errcheck // 0 is found to be no run
	return id
}

// checkedRuns are the findings of the checks of conversions.
func (x *site) checkedRuns() string {
	x.t.Helper()
	var all []string
	x.must(x.checkRuns(x.ctx, func(f fault.Finding) { all = append(all, f.Key) }))
	return strings.Join(all, " ")
}

// TestAConversionLeavesNoVoucherBehind: of two charts one is chosen; a day with vouchers posted after it is
// refused, by the conversion and by the ledger, and a later one carries everything over.
func TestAConversionLeavesNoVoucherBehind(t *testing.T) {
	each(t, func(x *site) {
		read, err := pack.NewLibrary(packs.Files).Read("testdata/charts")
		x.must(err)
		x.host.Packs = read
		x.must(x.books.Module().Start(x.ctx)) // as the program does with the pack it is given
		maker := x.actor("delegated_bookkeeper", "白涛镇")
		checker := x.actor("township_reviewer", "白涛镇")
		refs, err := x.ledger.Load(x.ctx, []ledger.Loaded{{Organisation: x.own["天台村"].Ref(),
			Place: x.own["天台村"].Place, Chart: "2024", From: "2025-01-01", Closed: "2025-01",
			Opening: []book.Balance{{Account: "101", Amount: 500}, {Account: "301", Amount: -500}},
			Vouchers: []ledger.LoadedVoucher{{Draft: ledger.Draft{Date: "2025-03-07", Summary: "租金",
				Postings: []book.Posting{{Account: "101", Amount: 70},
					{Account: "501", Amount: -70}}}}}}}, nil)
		x.must(err)
		old := x.book(refs[0])
		x.See("delegated_bookkeeper@白涛镇", Address(old.Ref())).Is(http.StatusOK, "→ North, from 2025-02-01",
			"→ South, from 2025-02-01")
		_, err = x.OpenRun(x.ctx, maker, old.Ref(), Next{})
		x.refused(err, "bookfiles.which_chart")
		for _, day := range []period.Date{"2025-01-01", "2025-03-15", "never"} {
			_, err = x.OpenRun(x.ctx, maker, old.Ref(), Next{"south", day})
			x.refused(err, "bookfiles.run_day")
		}
		run, err := x.OpenRun(x.ctx, maker, old.Ref(), Next{Chart: "south"})
		x.must(err)
		if run.Day != "2025-02-01" {
			t.Errorf("from %s", run.Day)
		}
		_, err = x.Submit(x.ctx, maker, run)
		x.refused(err, "bookfiles.not_ready")
		x.See("delegated_bookkeeper@白涛镇", RunAddress(run.Ref())).Is(http.StatusOK,
			"vouchers posted on or after 2025-02-01 (the last of 2025-03-07)")
		_, err = x.ledger.EndBook(x.ctx, checker, old.Ref(), old.Version, "2025-01-31")
		x.refused(err, "ledger.end_later")
		_, err = x.Withdraw(x.ctx, maker, run)
		x.must(err)
		for _, month := range []string{"2025-02", "2025-03"} {
			_, err = x.ledger.Close(x.ctx, maker, old.Ref(), month)
			x.must(err)
		}
		run, err = x.OpenRun(x.ctx, maker, old.Ref(), Next{Chart: "south"})
		x.must(err)
		if run.Day != "2025-04-01" {
			t.Errorf("after March is closed it is from %s", run.Day)
		}
		run, err = x.Submit(x.ctx, maker, run)
		x.must(err)
		run, err = x.Approve(x.ctx, checker, run)
		x.must(err)
		want := map[string]money.Fen{"S-1": 570, "S-2": -500, "S-5": -70}
		if got := x.Balances(x.book(run.NextRef())); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("opened with %v, want %v", got, want)
		}
		for month := 4; month <= 12; month++ {
			_, err = x.ledger.Close(x.ctx, maker, run.NextRef(), fmt.Sprintf("2025-%02d", month))
			x.must(err)
		}
		want = map[string]money.Fen{"S-1": 570, "S-2": -500, "S-4": -70}
		if got := x.Balances(x.book(run.NextRef())); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("after the year %v, want %v", got, want)
		}
	})
}

// TestLaterBooksStandInTheWay: books that begin after the day of a conversion would overlap with the next
// book; that is told before somebody approves.
func TestLaterBooksStandInTheWay(t *testing.T) {
	each(t, func(x *site) {
		old := x.Open("天台村", "2004", "2023-01-01")
		run, err := x.OpenRun(x.ctx, access.Machine, old.Ref(), Next{})
		x.must(err)
		told := func() bool {
			p, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Prepared, error) {
				return x.Prepare(v, run)
			})
			x.must(err)
			return slices.ContainsFunc(p.Blocks, func(f fault.Finding) bool {
				return f.Key == "bookfiles.block.next" && f.Args[0] == "2025-01-01"
			})
		}
		if told() {
			t.Error("books that are not there are told of")
		}
		x.Open("天台村", "2024", "2025-01-01")
		if !told() {
			t.Error("books from 2025 on are not told of")
		}
	})
}
