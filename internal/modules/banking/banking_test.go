package banking

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/terrace-project/terrace/internal/modules/banking/match"
	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/webtest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/packs"
)

const head = "交易日期,借方发生额,贷方发生额,余额,对方户名,摘要,交易流水号"

var march = []string{"户名：天台村股份经济合作联合社", head, "2025-03-01,,1000.00,1000.00,王某,租金,A1",
	"2025-03-05,200.00,,800.00,供电公司,电费,A2", "2025-03-21,,5.00,805.00,,利息,A3"}

// TestSameFileTwice: it changes nothing; a longer file that overlaps brings what is new.
func TestSameFileTwice(t *testing.T) {
	each(t, func(x *site) {
		a := x.account("天台村")
		first := x.take(a, "明细6222000000001234.csv", march...)
		if first.Added != 3 || strings.Contains(first.Name, "0000") {
			t.Errorf("%+v", first)
		}
		if again := x.take(a, "again.csv", march...); again.ID != first.ID {
			t.Errorf("the same file became another statement: %+v", again)
		}
		more := x.take(a, "longer.csv", append(march[1:], "2025-04-02,5.00,,800.00,银行,手续费,A4")...)
		if more.Lines != 4 || more.Added != 1 {
			t.Errorf("%+v", more)
		}
		n, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (int64, error) {
			return store.Count(v, "SELECT count(*) FROM bank_line")
		})
		if err != nil || n != 4 {
			t.Errorf("%d lines, %v", n, err)
		}
		waiting, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (int64, error) {
			return store.Count(v, "SELECT count(*) FROM bank_staged")
		})
		if err != nil || waiting != 0 {
			t.Errorf("%d files still wait, %v", waiting, err)
		}
	})
}

// TestBadFilesChangeNothing: an error stops, a warning wants an explanation, a person's account is
// refused.
func TestBadFilesChangeNothing(t *testing.T) {
	each(t, func(x *site) {
		a := x.account("天台村")
		for _, c := range []struct {
			rows []string
			key  string
			told string
		}{
			{[]string{head, "2025-13-01,,5.00,5.00"}, "banking.errors", "banking.read.date"},
			{[]string{"户名：张三", head, "2025-03-01,,5.00,5.00"}, "banking.errors", "banking.read.personal"},
			{[]string{"账号：99990000", head, "2025-03-01,,5.00,5.00"}, "banking.errors",
				"banking.read.other_account"},
			{[]string{head, "2025-03-01,,5.00,5.00", "2025-03-02,,5.00,11.00"}, "banking.unexplained",
				"banking.read.break"},
		} {
			w, err := x.stage(a, "x.csv", c.rows...)
			x.must(err)
			found := false
			for _, f := range w.Reading.Findings {
				found = found || f.Key == c.told
			}
			if !found {
				t.Errorf("%s is not told: %v", c.told, w.Reading.Findings)
			}
			_, err = x.Take(x.ctx, access.Machine, a.Ref(), w.ID, "")
			x.refused(err, c.key)
		}
		w, err := x.stage(a, "x.csv", head, "2025-03-01,,5.00,5.00", "2025-03-02,,5.00,11.00")
		x.must(err)
		if _, err := x.Take(x.ctx, access.Machine, a.Ref(), w.ID, "银行漏打一笔"); err != nil {
			t.Error(err)
		}
		_, err = x.stage(a, "x.csv", "甲,乙", "1,2")
		x.refused(err, "banking.no_fit")
	})
}

// TestReconciliationStory: a month of an account from the file to the assertion, with a draft for what the
// books lack.
func TestReconciliationStory(t *testing.T) {
	each(t, func(x *site) {
		b, a := x.Open("天台村", "2024", "2025-01-01"), x.account("天台村")
		x.post(b, booked{"2025-03-03", 100_000, "501", "王某", "收租金"})
		x.post(b, booked{"2025-03-30", -30_000, "513", "", "办公用品"})
		x.post(b, booked{"2025-03-04", -20_000, "513", "供电公司", "付电费"})
		x.take(a, "march.csv", march...)
		p := x.proposals(a)
		if len(p.Found) != 2 || len(p.Lines) != 1 || len(p.Postings) != 1 {
			t.Fatalf("%+v, left %v %v", p.Found, p.Lines, p.Postings)
		}
		var groups []Group
		for _, f := range p.Found {
			groups = append(groups, Group{f.Lines, f.Postings})
		}
		x.must(x.Confirm(x.ctx, access.Machine, a.Ref(), groups))
		x.refused(x.Confirm(x.ctx, access.Machine, a.Ref(), groups[:1]), "banking.matched_already")
		r := x.reconciled(a)
		if !r.Agrees() || r.BankBalance != 80_500 || r.BooksBalance != 50_000 || r.BankAdjusted != 50_500 ||
			len(r.BankReceived) != 1 || len(r.BooksPaid) != 1 {
			t.Errorf("%+v", r)
		}
		row, err := x.Assert(x.ctx, access.Machine, a.Ref(), "2025-03-31", "")
		if err != nil || row.Difference != 0 || row.Unreached != 2 {
			t.Errorf("%+v %v", row, err)
		}
		x.draft(a, p.Lines[0])
		x.moved = true // the draft that is posted below lies before the assertion
	})
}

// draft makes the voucher of a line, posts it, and matches both.
func (x *site) draft(a Account, line match.Item) {
	x.t.Helper()
	accountant := x.actor("village_accountant", "天台村")
	v, err := x.Enter(x.ctx, accountant, a.Ref(), x.number(line))
	x.must(err)
	if v.Total != 500 || !strings.Contains(v.Summary, "利息") {
		x.t.Errorf("%+v", v)
	}
	_, err = x.Enter(x.ctx, accountant, a.Ref(), x.number(line))
	x.refused(err, "ledger.source_taken")
	head := x.actor("village_head", "天台村")
	head.Account = 8
	_, err = x.ledger.Check(x.ctx, head, v.Ref(), v.Version)
	x.must(err)
	p := x.proposals(a)
	if len(p.Found) != 1 || p.Found[0].Lines[0] != line.ID {
		x.t.Fatalf("the voucher does not match its line: %+v", p)
	}
	x.must(x.Confirm(x.ctx, accountant, a.Ref(), []Group{{p.Found[0].Lines, p.Found[0].Postings}}))
	if r := x.reconciled(a); !r.Agrees() || len(r.BankReceived) != 0 {
		x.t.Errorf("%+v", r)
	}
}

func (x *site) number(i match.Item) (n int64) {
	_, err := fmt.Sscanf(i.ID, "l%d", &n)
	x.must(err)
	return n
}

func (x *site) proposals(a Account) Proposals {
	x.t.Helper()
	p, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Proposals, error) {
		return x.Propose(v, access.Machine, a.Ref(), "2025-12-31")
	})
	x.must(err)
	return p
}

func (x *site) reconciled(a Account) match.Reconciliation {
	x.t.Helper()
	r, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (match.Reconciliation, error) {
		r, _, err := x.Reconcile(v, access.Machine, a.Ref(), "2025-03-31")
		return r, err
	})
	x.must(err)
	return r
}

// TestMatchesHoldTheirSums: unequal sides, strangers' lines and what is not posted are refused; a match
// that was undone can be confirmed anew; an assertion that does not agree needs a word.
func TestMatchesHoldTheirSums(t *testing.T) {
	each(t, func(x *site) {
		b, a := x.Open("天台村", "2024", "2025-01-01"), x.account("天台村")
		x.post(b, booked{"2025-03-03", 100_000, "501", "王某", "收租金"})
		x.take(a, "march.csv", march...)
		p := x.proposals(a)
		good := Group{p.Found[0].Lines, p.Found[0].Postings}
		confirm := func(g Group) error { return x.Confirm(x.ctx, access.Machine, a.Ref(), []Group{g}) }
		x.refused(confirm(Group{[]string{p.Lines[0].ID}, good.Postings}), "banking.sums_differ")
		x.refused(confirm(Group{[]string{"l99999"}, good.Postings}), "banking.member")
		x.refused(confirm(Group{good.Lines, []string{"p1.x"}}), "banking.member")
		x.refused(confirm(Group{good.Lines, nil}), "banking.members")
		x.refused(confirm(Group{append(good.Lines, good.Lines...), good.Postings}),
			"banking.matched_already")
		x.must(confirm(good))
		held := x.proposals(a).Work.Matches
		x.refused(x.Undo(x.ctx, access.Machine, a.Ref(), held[0].ID, " "), "banking.reason")
		x.must(x.Undo(x.ctx, access.Machine, a.Ref(), held[0].ID, "选错"))
		x.refused(x.Undo(x.ctx, access.Machine, a.Ref(), held[0].ID, "选错"), "banking.not_matched")
		x.must(confirm(good))
		x.post(b, booked{"2025-02-03", 7, "501", "",
			"前期"}) // moves both sides: under way, so it agrees still
		if _, err := x.Assert(x.ctx, access.Machine, a.Ref(), "2025-03-31", ""); err != nil {
			t.Error(err)
		}
		_, err := x.Assert(x.ctx, access.Machine, a.Ref(), "2026-03-31", "")
		x.refused(err, "banking.day")
	})
}

// TestAccounts: one number once, several accounts told apart, none in another's name, no number kept.
func TestAccounts(t *testing.T) {
	each(t, func(x *site) {
		a := x.account("天台村")
		if a.Tail != "1234" || a.Masked() != "农商行 **** 1234" {
			t.Errorf("%+v", a)
		}
		other := Registration{Organisation: a.Owner(), Bank: "农行", Number: "6228000000005678",
			Since:  "2025-01-01",
			Detail: "农行 5678"}
		_, err := x.Register(x.ctx, access.Machine, other)
		x.refused(err, "banking.detail_needed")
		other.Number = "6222000000001234"
		_, err = x.Register(x.ctx, access.Machine, other)
		x.refused(err, "banking.account_there")
		other.Number, other.Holder = "6228000000005678", "张三"
		_, err = x.Register(x.ctx, access.Machine, other)
		x.refused(err, "banking.holder")
		other.Number = "12x4"
		_, err = x.Register(x.ctx, access.Machine, other)
		x.refused(err, "banking.account")
		x.must(x.End(x.ctx, access.Machine, a.Ref(), a.Version, "2025-06-30"))
		w, err := x.stage(a, "late.csv", head, "2025-07-01,,5.00,5.00")
		x.must(err)
		_, err = x.Take(x.ctx, access.Machine, a.Ref(), w.ID, "")
		x.refused(err, "banking.ended")
	})
}

// TestVerifyNames: what somebody changes behind the program is named.
func TestVerifyNames(t *testing.T) {
	each(t, func(x *site) {
		a := x.account("天台村")
		x.take(a, "march.csv", march...)
		x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec("INSERT INTO bank_matched (home, member, match) VALUES (?, 'l1', 9)", a.Home)
			return err
		}))
		var found []string
		x.must(x.checkAll(x.ctx, func(f fault.Finding) { found = append(found, f.Key) }))
		if strings.Join(found, " ") != "banking.verify.member" {
			t.Error(found)
		}
		x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec("DELETE FROM bank_matched")
			return err
		}))
	})
}

// TestPages: an outsider finds nothing, a reader may not change, the accountant goes from the file to the
// reconciliation.
func TestPages(t *testing.T) {
	each(t, func(x *site) {
		b, a := x.Open("天台村", "2024", "2025-01-01"), x.account("天台村")
		x.post(b, booked{"2025-03-03", 100_000, "501", "王某", "收租金"})
		at, accountant := Address(a.Ref()), "village_accountant@天台村"
		for _, path := range []string{at, at + "/matching", at + "/reconciliation?on=2025-03-31"} {
			x.See("", path).Is(401, "!农商行")
			x.See("village_accountant@小溪村", path).Is(404, "!农商行")
			x.See("village_head@天台村", path).Is(200, "农商行", "!6222")
		}
		x.See("village_accountant@小溪村", "/bank-accounts").Is(200, "!农商行")
		x.See(accountant, "/bank-accounts").Is(200, "农商行 **** 1234", "天台村股份经济合作联合社")
		x.See(accountant, "/bank-accounts?organisation=%E5%A4%A9%E5%8F%B0").Is(200, "农商行")
		x.See(accountant, "/bank-accounts/new").Is(200, "the account of bank deposits of the books")
		x.See("village_head@天台村", "/bank-accounts/new").Is(403)
		w, err := x.stage(a, "march.csv", append([]string{"合计,2,3"}, march...)...)
		x.must(err)
		staged := stagedAddress(a.Ref(), w.ID)
		x.See(accountant, staged).Is(200, "租金", "Take it", "By its headings")
		x.See("village_head@天台村", staged).Is(403)
		x.Post(accountant, staged+"/take").Is(303)
		x.See(accountant, at).Is(200, "march.csv")
		p := x.proposals(a)
		x.See(accountant, at+"/matching").Is(200, "same counterparty", "利息")
		x.Post("village_head@天台村", at+"/matching", "proposal",
			p.Found[0].Lines[0]+"/"+p.Found[0].Postings[0]).
			Is(403)
		x.Post(accountant, at+"/matching", "line", p.Lines[0].ID).Is(422,
			"A match has from two to 100 members",
			`value="`+p.Lines[0].ID+`" checked`)
		x.Post(accountant, at+"/matching", "proposal",
			p.Found[0].Lines[0]+"/"+p.Found[0].Postings[0]).Is(303)
		x.See(accountant, at+"/reconciliation?on=2025-03-31").Is(200, "The adjusted balances agree",
			"805.00")
		x.See(accountant, at+"/reconciliation?on=2025-03-31&format=xlsx").Is(200, "PK")
		x.Post(accountant, at+"/reconciliation", "on", "2025-03-31").Is(303)
		x.See(accountant, at).Is(200, "2025-03-31")
		x.See(accountant, "/api/v1/bank-accounts").Is(200, `"tail":"1234"`)
		x.See(accountant, "/api/v1"+at+"/reconciliation?on=2025-03-31").Is(200, `"difference_fen":0`)
		x.See(accountant, "/api/v1"+at+"/proposals").Is(200, `"lines":[{`)
	})
}

// reader is banking without a database: reading files needs none.
func reader(t *testing.T) *Banking {
	t.Helper()
	national, err := pack.NewLibrary(packs.Files).Read("national")
	if err != nil {
		t.Fatal(err)
	}
	words, err := locale.Load(texts)
	if err != nil {
		t.Fatal(err)
	}
	s := &Banking{host: &manifest.Host{Dictionary: words}}
	if err := s.readPack(national); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestShippedFormats: the formats of the pack are whole, and their examples come out.
func TestShippedFormats(t *testing.T) {
	national, err := pack.NewLibrary(packs.Files).Read("national")
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range sections() {
		findings := section.Check(national)
		if section.Test != nil {
			findings = append(findings, section.Test(national)...)
		}
		for _, f := range findings {
			t.Error(f)
		}
	}
	if s := reader(t); len(s.formats) < 6 || len(s.templates) < 10 {
		t.Errorf("%d formats, %d templates", len(s.formats), len(s.templates))
	}
}

// TestUnseenBank: a file in the pack is enough for a bank nobody has seen.
func TestUnseenBank(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mycity")
	write := func(name, text string) {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("pack.yaml", "key: mycity\nparent: national\ntitle: {zh: 某市, en: A city}\nversion: \"1\"\n")
	write("banks/river.yaml", `key: river
title: {zh: 江河银行, en: River bank}
bank: {zh: 江河银行, en: River bank}
mark: unverified
columns: {date: [Buchungstag], amount: [Betrag], balance: [Saldo], purpose: [Verwendungszweck]}
dates: [dd.MM.yyyy]
decimal: ","
amounts: inverted
`)
	own, err := pack.NewLibrary(packs.Files).Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	s := reader(t)
	if err := s.readPack(own); err != nil {
		t.Fatal(err)
	}
	text := "Buchungstag;Verwendungszweck;Betrag;Saldo\n01.03.2025;Miete;-1.234,50;1.234,50\n"
	r, err := s.Read(sheet.Upload{Name: "u.csv", Content: strings.NewReader(text), Size: int64(len(text))},
		"",
		statement.Expectation{})
	if err != nil || r.Format != "river" || !r.Guessed || len(r.Lines) != 1 ||
		r.Lines[0].String() != "2025-03-01 1234.50 1234.50 Miete" {
		t.Errorf("%+v %v", r, err)
	}
}

// TestFiles: GB18030 and workbooks with merged heads, days as numbers and merged days.
func TestFiles(t *testing.T) {
	s := reader(t)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(strings.Join(march, "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Read(sheet.Upload{Name: "gb.csv", Content: strings.NewReader(gb), Size: int64(len(gb))}, "",
		statement.Expectation{})
	if err != nil || len(r.Lines) != 3 || r.Lines[0].Counterparty != "王某" || r.Stops() {
		t.Errorf("%+v %v", r, err)
	}
	f := excelize.NewFile()
	set := func(cell string, value any) {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for cell, value := range map[string]any{"A1": "天台村账户明细", "A2": "交易日期", "B2": "发生额", "D2": "余额",
		"E2": "摘要",
		"B3": "借方", "C3": "贷方", "A4": 45717, "C4": 1234.5, "D4": 1234.5, "E4": "租金", "B5": 0.1,
		"D5": 1234.4,
		"A6": "合计", "B6": 0.1, "C6": 1234.5} {
		set(cell, value)
	}
	for _, area := range [][2]string{{"A1", "E1"}, {"A2", "A3"}, {"B2", "C2"}, {"D2", "D3"}, {"A4", "A5"}} {
		if err := f.MergeCell("Sheet1", area[0], area[1]); err != nil {
			t.Fatal(err)
		}
	}
	var body bytes.Buffer
	if err := f.Write(&body); err != nil {
		t.Fatal(err)
	}
	r, err = s.Read(sheet.Upload{Name: "x.xlsx", Content: bytes.NewReader(body.Bytes()),
		Size: int64(body.Len())}, "",
		statement.Expectation{})
	if err != nil || r.Stops() || len(r.Lines) != 2 || r.Lines[1].String() != "2025-03-01 -0.10 1234.40" {
		t.Errorf("%+v %v", r, err)
	}
}

// TestInterface: a program enters an account, tries a file, takes it, and gets the findings as data.
func TestInterface(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2025-01-01")
		accountant := "village_accountant@天台村"
		send := func(path, body string) webtest.Page {
			return x.Ask(accountant, "POST", "/api/v1"+path, strings.NewReader(body),
				"Content-Type", "application/json", "Accept", "application/json")
		}
		owner := x.own["天台村"].Ref()
		send("/bank-accounts", `{"organisation":"`+owner.String()+`","bank":"农商行","number":"6222000000001234",
			"since":"2025-01-01","opening_fen":100}`).Is(201, `"tail":"1234"`, "!6222")
		send("/bank-accounts", `{"organisation":"`+x.own["小溪村"].Ref().String()+`","bank":"农商行",
			"number":"6222000000001235","since":"2025-01-01"}`).Is(404)
		list, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]Account, error) {
			return AccountsOf(v, owner)
		})
		x.must(err)
		at := Address(list[0].Ref())
		content := base64.StdEncoding.EncodeToString([]byte(strings.Join(march, "\n")))
		body := `{"name":"march.csv","content":"` + content + `"}`
		send(at+"/statements?check=true", body).Is(200, `"taken":false`, `"new":3`, `"banking.guessed"`)
		send(at+"/statements", body).Is(200, `"taken":true`, `"new":3`)
		send(at+"/statements", body).Is(200, `"taken":true`, `"new":0`)
		// 1.00 is missing before the first line.
		send(at+"/assertions", `{"on":"2025-03-31"}`).Is(409, "gaps in the statements")
		send(at+"/assertions", `{"on":"2025-03-31","explanation":"账面尚未记"}`).Is(200, `"unreached":3`)
	})
}

// TestTheAccountOfTheChart: a bank account stands on what the chart names as bank, whatever its code.
func TestTheAccountOfTheChart(t *testing.T) {
	each(t, func(x *site) {
		read, err := pack.NewLibrary(packs.Files).Read("../ledger/testdata/odd")
		x.must(err)
		x.host.Packs = read
		x.must(x.ledger.Module().Start(x.ctx)) // as the program does with the pack it is given
		x.Today = "2026-02-01"
		_, err = x.ledger.OpenBook(x.ctx, access.Machine, ledger.Opening{Organisation: x.own["小溪村"].Ref(),
			Chart: "odd", From: "2026-01-01"})
		x.must(err)
		if a := x.account("小溪村"); a.Account != "1002.00" {
			t.Errorf("it stands on %s", a.Account)
		}
	})
}
