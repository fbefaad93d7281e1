package banking

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// TestAStatementIsTakenBack: its lines count no more, what they were matched with is free, and the same file
// can be taken anew; the log and verify agree.
func TestAStatementIsTakenBack(t *testing.T) {
	each(t, func(x *site) {
		b, a := x.Open("天台村", "2024", "2025-01-01"), x.account("天台村")
		x.post(b, booked{"2025-03-03", 100_000, "501", "王某", "收租金"})
		first := x.take(a, "march.csv", march...)
		p := x.proposals(a)
		x.must(x.Confirm(x.ctx, access.Machine, a.Ref(), []Group{{p.Found[0].Lines, p.Found[0].Postings}}))
		back := func(id int64, reason string) error {
			return x.Withdraw(x.ctx, access.Machine, a.Ref(), id, reason)
		}
		x.refused(back(first.ID, " "), "banking.reason")
		x.refused(back(99, "错"), "banking.not_taken")
		longer := x.take(a, "longer.csv", append(march[1:], "2025-04-02,5.00,,800.00,银行,手续费,A4")...)
		x.refused(back(first.ID, "选错文件"), "banking.withdraw_later")
		x.must(back(longer.ID, "选错文件"))
		x.must(back(first.ID, "选错文件"))
		x.refused(back(first.ID, "选错文件"), "banking.not_taken")
		if p := x.proposals(a); len(p.Work.Lines) != 0 || len(p.Work.Matches) != 0 || len(p.Postings) != 1 {
			t.Errorf("after taking back: %+v", p)
		}
		again := x.take(a, "march.csv", march...)
		if again.ID == first.ID || again.Added != 3 || len(x.proposals(a).Found) != 1 {
			t.Errorf("taken anew: %+v", again)
		}
	})
}

// TestWhatRestsOnAStatementKeepsIt: a voucher of its lines, or a month that is closed.
func TestWhatRestsOnAStatementKeepsIt(t *testing.T) {
	each(t, func(x *site) {
		b, a := x.Open("天台村", "2024", "2025-01-01"), x.account("天台村")
		x.post(b, booked{"2025-03-03", 100_000, "501", "王某", "收租金"})
		first := x.take(a, "march.csv", march...)
		p := x.proposals(a)
		var drafted int64
		for _, l := range p.Lines {
			if strings.Contains(l.Text, "利息") {
				v, err := x.Enter(x.ctx, x.actor("village_accountant", "天台村"), a.Ref(), x.number(l))
				x.must(err)
				drafted = v.ID
			}
		}
		back := func() error { return x.Withdraw(x.ctx, access.Machine, a.Ref(), first.ID, "选错文件") }
		x.refused(back(), "banking.withdraw_voucher")
		v, err := store.Read(x.ctx, x.host.Store, func(w *store.View) (ledger.Voucher, error) {
			v, _, err := ledger.VoucherOf(w, ledger.VoucherRef{Home: b.Home, ID: drafted})
			return v, err
		})
		x.must(err)
		x.must(x.ledger.Discard(x.ctx, x.actor("village_accountant", "天台村"), v.Ref(), v.Version))
		x.must(x.Confirm(x.ctx, access.Machine, a.Ref(), []Group{{p.Found[0].Lines, p.Found[0].Postings}}))
		for _, month := range []string{"2025-01", "2025-02", "2025-03"} {
			_, err := x.ledger.Close(x.ctx, access.Machine, b.Ref(), month)
			x.must(err)
		}
		x.refused(back(), "banking.withdraw_closed")
	})
}

// TestLinesOfAnAccount: filters, sorts, sums, pages and files, for those of the place alone.
func TestLinesOfAnAccount(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2025-01-01")
		a := x.account("天台村")
		x.take(a, "march.csv", march...)
		at, accountant := Address(a.Ref())+"/lines", "village_accountant@天台村"
		x.See("village_accountant@小溪村", at).Is(404)
		x.See(accountant, at).Is(200, "租金", "1,005.00", "200.00", "not matched")
		x.See(accountant, at+"?side=out").Is(200, "电费", "!租金")
		x.See(accountant, at+"?q=%E7%A7%9F").Is(200, "租金", "!电费")
		x.See(accountant, at+"?from=2025-03-02&to=2025-03-20").Is(200, "电费", "!租金", "!利息")
		x.See(accountant, at+"?matched=yes").Is(200, "!电费")
		x.See(accountant, at+"?from=2025-02-30").Is(422)
		x.See(accountant, at+"?format=csv&sort=oldest").Is(200, "2025-03-01,1000.00")
		x.See(accountant, at+"?format=xlsx").Is(200, "PK")
		for _, sort := range lineSorts {
			var seen []string
			q := LinesAsked{Sort: sort, Limit: 2}
			for more := true; more; more = q.After != "" {
				found, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (LinesFound, error) {
					return x.LinesOf(v, a, q)
				})
				x.must(err)
				for _, l := range found.Rows {
					seen = append(seen, l.Purpose)
				}
				q.After = found.Next
			}
			want := map[string]string{"newest": "利息 电费 租金", "oldest": "租金 电费 利息",
				"amount": "租金 电费 利息"}[sort]
			if got := strings.Join(seen, " "); got != want {
				t.Errorf("%s: %s", sort, got)
			}
		}
		x.See(accountant, "/api/v1"+at+"?limit=2").Is(200, `"amount_fen":100000`, `"next":`)
	})
}

// TestGapsAreNamed: between two statements, within one, and after the balance the account was entered with.
func TestGapsAreNamed(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2025-01-01")
		a := x.account("天台村")
		x.take(a, "三月.csv", march...)
		x.take(a, "五月.csv", head, "2025-05-01,,95.00,950.00,李某,租金,B1")
		x.See("village_accountant@天台村", Address(a.Ref())).Is(200, "三月.csv", "五月.csv", "2025-03-21",
			"do not join",
			"900.00", "950.00")
	})
}

// TestAFileThatNobodyKnows is shown with its first rows; with the columns named it is read, and the next file
// of the account is read the same way.
func TestAFileThatNobodyKnows(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2025-01-01")
		a := x.account("天台村")
		accountant, at := "village_accountant@天台村", Address(a.Ref())
		const unknown = "发生日,减,增,剩\n2025-03-01,,1000,1000\n2025-03-02,50,,950\n"
		send := func(text string, fields ...string) (string, string) {
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			for i := 0; i+1 < len(fields); i += 2 {
				x.must(w.WriteField(fields[i], fields[i+1]))
			}
			part, err := w.CreateFormFile("file", "未知.csv")
			x.must(err)
			_, err = part.Write([]byte(text))
			x.must(err)
			x.must(w.Close())
			return body.String(), w.FormDataContentType()
		}
		post := func(text string, fields ...string) (string, string) { return send(text, fields...) }
		body, kind := post(unknown)
		x.Ask(accountant, "POST", at+"/statements", strings.NewReader(body), "Content-Type", kind).Is(422,
			"Row 1 looks like the headings", "发生日", "1000", `name="column-date"`, "column “B”",
			"column “D”")
		body, kind = post("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600))
		x.Ask(accountant, "POST", at+"/statements", strings.NewReader(body), "Content-Type", kind).Is(415,
			"an old document", "!column-date")
		body, kind = post(unknown, "column-date", "A", "column-outflow", "B", "column-inflow", "C",
			"column-balance", "D", "from", "2")
		x.Ask(accountant, "POST", at+"/statements", strings.NewReader(body), "Content-Type", kind).Is(303)
		n, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (int64, error) {
			return store.Count(v, "SELECT max(id) FROM bank_staged")
		})
		x.must(err)
		x.See(accountant, stagedAddress(a.Ref(), n)).Is(200, "1,000.00", "-50.00")
		x.Post(accountant, stagedAddress(a.Ref(), n)+"/take").Is(303)
		x.See(accountant, at).Is(200, "date=A,inflow=C,outflow=B,balance=D;from=2")
		w, err := x.stage(a, "next.csv", "发生日,减,增,剩", "2025-03-03,,50,1000")
		if err != nil || len(w.Reading.Lines) != 1 {
			t.Errorf("the next file is not read the same way: %v", err)
		}
	})
}

// TestDraftsOverTheInterface: a program makes the draft of a voucher from a line, once, and takes a statement
// back.
func TestDraftsOverTheInterface(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2025-01-01")
		a := x.account("天台村")
		first := x.take(a, "march.csv", march...)
		accountant, at := "village_accountant@天台村", "/api/v1"+Address(a.Ref())
		send := func(path, body string, status int, words ...string) {
			x.Ask(accountant, "POST", at+path, strings.NewReader(body), "Content-Type", "application/json",
				"Accept", "application/json").Is(status, words...)
		}
		p := x.proposals(a)
		path := fmt.Sprintf("/lines/%d/draft", x.number(p.Lines[0]))
		send(path, "", 201, `"total_fen":100000`)
		send(path, "", 409)
		send(fmt.Sprintf("/taken/%d/withdraw", first.ID), `{"reason":"错"}`, 409, "voucher")
		second := x.take(a, "april.csv", head, "2025-04-01,,5.00,810.00,,利息,A9")
		send(fmt.Sprintf("/taken/%d/withdraw", second.ID), `{"reason":""}`, 422)
		send(fmt.Sprintf("/taken/%d/withdraw", second.ID), `{"reason":"错"}`, 204)
	})
}
