package bookfiles

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/plaintext"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

const openingHead = "会计科目,明细（往来单位或个人）,借方余额,贷方余额,备注\n"

// opened is a book with opening balances.
func (x *site) opened(village string) ledger.Book {
	x.t.Helper()
	b := x.Open(village, "2024", "2025-01-01")
	in, found := x.sendAs(b, "opening", "期初.csv", []byte(openingHead+
		"101 库存现金,,1200.00,,\n102,,\"50,000.00\",,\n113,,300.00,,\n113 内部往来,王五,800,,\n113,李四,,500,\n"+
		"151,,9000,,\n资本,,,60000.00,\n322,未分配收益,,500.00,\n501,,0,,\n合计,,61000,61000,\n"))
	if in.Errors != 0 || found != "" {
		x.t.Fatalf("found %s", found)
	}
	if done := x.take(in); done.State != intake.Done || done.Failed != 0 {
		x.t.Fatalf("%s, %d failed", done.State, done.Failed)
	}
	var fresh ledger.Book
	x.must(x.host.Store.View(x.ctx, func(v *store.View) (err error) {
		fresh, err = ledger.Get(v, b.Ref())
		return err
	}))
	return fresh
}

func TestOpeningBalancesTie(t *testing.T) {
	each(t, func(x *site) {
		b := x.opened("天台村")
		if !b.Opening {
			t.Error("the book has no opening balances")
		}
		want := map[string]money.Fen{"101": 120_000, "102": 5_000_000, "113王五": 80_000, "113李四": -50_000,
			"151": 900_000, "301": -6_000_000, "322undistributed": -50_000}
		if got := x.Balances(b); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("opened with %v, want %v", got, want)
		}
		for _, c := range []struct{ rows, want string }{
			{"101,,100,,\n301,,,99,\n", "opening_unbalanced@2C opening_there@2"},
			{"113,,100,,\n113,王五,60,,\n113,李四,50,,\n301,,,110,\n", "opening_there@2 details_differ@2C"},
			{"113,,100,,\n301,,,100,\n", "opening_there@2 details_differ@2C"},
			{"101,,100,,\n101,,5,,\n301,,,100,\n", "opening_there@2 balance_twice@3A"},
			{"101,,100,100,\n301,,,100,\n", "both_sides@2D opening_there@2"},
			{"109,,100,,\n301,,,100,\n", "unknown_account@2A opening_there@2"},
			{"101,,一,,\n301,,,100,\n", "no_number@2C opening_there@2"},
			{"501,,,100,\n101,,100,,\n", "balance_of_year@2A opening_there@2"},
			{"101,,,100,\n301,,100,,\n", "other_side@2A opening_there@2 other_side@3A"},
		} {
			_, found := x.sendAs(b, "opening", "a.csv", []byte(openingHead+c.rows))
			if strings.Join(sorted(found), " ") != strings.Join(sorted(c.want), " ") {
				t.Errorf("%s\nfound %s\nwant  %s", c.rows, found, c.want)
			}
		}
		if got := x.Balances(b); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("files with faults changed the balances to %v", got)
		}
	})
}

func sorted(text string) []string {
	all := strings.Fields(text)
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			if all[j] < all[i] {
				all[i], all[j] = all[j], all[i]
			}
		}
	}
	return all
}

const history = head +
	"2025-01-05,记-1,收鱼塘租金,101,3000,,,,,,,\n,,,113-王五,,3000,,,,,,\n" +
	"2025-01-06,记-2,存入银行; date:2020-01-01,102,1000,,,,,,,\"a:b, [2025-09-09]\"\n,,,101,,1000,,,,,,\n" +
	"2025-02-01,记-1,买水泵,151,500,,,,水利项目,,,\n,,,102,,500,,,,,,\n" +
	"2025-02-02,付-1,更正 (红字),101,,-20,,,,,,\n,,,501,-20,,,,,,,\n"

func TestHistoryKeepsItsNumbersAndEndsWhereTheBooksBegin(t *testing.T) {
	each(t, func(x *site) {
		b := x.opened("天台村")
		in, found := x.sendAs(b, "history", "历史.csv", []byte(history))
		if in.Errors != 0 {
			t.Fatalf("found %s", found)
		}
		if done := x.take(in); done.Failed != 0 || done.State != intake.Done {
			t.Fatalf("%d failed, %s", done.Failed, done.State)
		}
		var words []string
		for _, v := range x.search(ledger.Query{Book: b.Ref()}) {
			words = append(words, v.Month+" "+v.Word())
		}
		if got := strings.Join(words, ", "); got != "2025-02 记-1, 2025-02 付-1, 2025-01 记-2, 2025-01 记-1" {
			t.Errorf("posted %s", got)
		}
		_, found = x.sendAs(b, "history", "b.csv",
			[]byte(head+"2025-03-05,记-2,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n"))
		if found != "gap@2B" {
			t.Errorf("a gap in the numbers: %s", found)
		}
		_, found = x.sendAs(b, "history", "c.csv",
			[]byte(head+"2026-01-02,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n"))
		if found != "not_past@2A" {
			t.Errorf("this month is no history: %s", found)
		}
		x.post(b, "2025-03-01")
		_, found = x.sendAs(b, "history", "d.csv",
			[]byte(head+"2025-04-05,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n"))
		if found != "kept_here@2A" {
			t.Errorf("the books are kept here by now: %s", found)
		}
		_, err := x.sendFor(x.actor("village_accountant", "天台村"), b, wayHistory,
			uploaded("e.csv", []byte(history)))
		if err == nil {
			t.Error("a village accountant took history over")
		}
	})
}

// post lets one person enter and another check a voucher of one yuan.
func (x *site) post(b ledger.Book, day period.Date) {
	x.t.Helper()
	v, err := x.ledger.Enter(x.ctx, x.actor("village_accountant", "天台村"), ledger.Draft{Book: b.Ref(),
		Date:    day,
		Summary: "试", Postings: []book.Posting{{Account: "101", Amount: 100}, {Account: "102",
			Amount: -100}}}, "")
	x.must(err)
	_, err = x.ledger.Check(x.ctx, x.actor("township_reviewer", "白涛镇"), v.Ref(), v.Version)
	x.must(err)
}

// TestHledgerComputesOurTrialBalance lets Debian's hledger read an exported book: every account and
// detail has what our own trial balance says, and there are no others.
func TestHledgerComputesOurTrialBalance(t *testing.T) {
	program := os.Getenv("TERRACE_TEST_HLEDGER")
	if program == "" {
		t.Skip("set TERRACE_TEST_HLEDGER to hledger to run this test")
	}
	each(t, func(x *site) {
		b := x.opened("天台村")
		in, _ := x.sendAs(b, "history", "历史.csv", []byte(history))
		x.take(in)
		x.post(b, "2025-06-30")
		for _, year := range []int{0, 2025} {
			var body, again bytes.Buffer
			e := Export{Book: b.Ref(), Year: year, Format: plaintext.Hledger, Language: "zh"}
			x.must(x.WriteJournal(x.ctx, access.Machine, e, &body))
			x.must(x.WriteJournal(x.ctx, access.Machine, e, &again))
			if body.String() != again.String() {
				t.Error("two exports of the same books differ")
			}
			name := filepath.Join(t.TempDir(), "book.journal")
			x.must(os.WriteFile(name, body.Bytes(), 0o600))
			if got, want := hledgerBalance(x, program, name),
				x.trial(b); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("hledger computes %v, the books say %v\n%s", got, want, body.String())
			}
		}
		x.must(x.WriteJournal(x.ctx, access.Machine, Export{Book: b.Ref(), Format: plaintext.Beancount,
			Language: "en"}, &bytes.Buffer{}))
		err := x.WriteJournal(x.ctx, access.Machine, Export{Book: b.Ref(), Format: "gnucash"},
			&bytes.Buffer{})
		x.refused(err, "bookfiles.format")
		err = x.WriteJournal(x.ctx, access.Machine, Export{Book: b.Ref(), Year: 2019,
			Format: plaintext.Hledger},
			&bytes.Buffer{})
		x.refused(err, "bookfiles.no_year")
	})
}

// trial is our trial balance, by code and detail as hledger's accounts name them.
func (x *site) trial(b ledger.Book) map[string]string {
	x.t.Helper()
	all := map[string]string{}
	chart, err := x.chartOf(b)
	x.must(err)
	x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
		list, err := ledger.Balances(v, b.Ref(), x.Today)
		for _, one := range list {
			key := one.Account
			if one.Counterparty != "" {
				key += "/" + chart.DetailName(one.Account, one.Counterparty).Chinese
			}
			all[key] = one.Amount.Plain() + " CNY"
		}
		return err
	}))
	return all
}

// hledgerBalance is the trial balance that hledger computes.
func hledgerBalance(x *site, program, journal string) map[string]string {
	x.t.Helper()
	out, err := exec.Command(program, "-f", journal, "balance", "--flat", "-N", "-O", "csv").Output()
	x.must(err)
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	x.must(err)
	all := map[string]string{}
	for _, row := range rows[1:] {
		parts := strings.Split(row[0], ":")
		code, _, _ := strings.Cut(parts[1], " ")
		if len(parts) > 2 {
			code += "/" + parts[2]
		}
		all[code] = row[1]
	}
	return all
}
