package bookkeeping_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// village is the place of the books under test; its township and county stand before it in Drafts.
const village, otherVillage, township, county = 7, 8, 3, 1

// site is a city with the books of a village.
type site struct {
	*apptest.City
	t     *testing.T
	books ledger.Book
	who   map[string]*apptest.Session
}

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		x := &site{City: city.Populate(), t: t, who: map[string]*apptest.Session{}}
		x.books = x.OpenBooks(village)
		fn(x)
		x.Proven()
	})
}

// as is somebody of an office, signed in, who reads English.
func (x *site) as(office string, index int) *apptest.Session {
	x.t.Helper()
	login := apptest.Login(office, index)
	if x.who[login] == nil {
		x.who[login] = x.SignIn(login)
		x.who[login].Post("/taste", url.Values{"language": {"en"}, "back": {"/"}})
	}
	return x.who[login]
}

// see reads a page; texts are in it, those with "!" before them are not.
func (x *site) see(s *apptest.Session, path string, status int, texts ...string) string {
	x.t.Helper()
	code, body := s.Get(path)
	x.holds(path, code, body, status, texts)
	return body
}

func (x *site) holds(what string, code int, body string, status int, texts []string) {
	x.t.Helper()
	if _, main, found := strings.Cut(body, `id="main"`); found {
		body = main
	}
	if code != status {
		x.t.Errorf("%s answers %d, want %d:\n%.1500s", what, code, status, body)
	}
	for _, text := range texts {
		gone, absent := strings.CutPrefix(text, "!")
		if strings.Contains(body, gone) == absent {
			x.t.Errorf("%s: %q\n%.2500s", what, text, body)
		}
	}
}

// line is account, debit, credit and counterparty of a line of the grid.
type line [4]string

// form is a voucher as the page posts it.
func form(act, date, summary string, lines ...line) url.Values {
	v := url.Values{"act": {act}, "date": {date}, "series": {"记"}, "summary": {summary}}
	for _, l := range lines {
		for i, name := range []string{"account", "debit", "credit", "counterparty"} {
			v.Add(name, l[i])
		}
		for _, name := range []string{"note", "member", "asset", "project", "fund"} {
			v.Add(name, "")
		}
	}
	return v
}

// rent came into the bank.
func rent(act string) url.Values {
	return form(act, "2025-06-10", "收到门面租金", line{"102", "1,200.50"}, line{"经营收入", "", "1200.50"},
		line{})
}

func (x *site) address() string { return bookkeeping.Address(x.books.Ref()) }

// enter posts a voucher's page and gives the draft that came of it.
func (x *site) enter(values url.Values) ledger.Voucher {
	x.t.Helper()
	code, body := x.as("accountant", village).Post(x.address()+"/vouchers/new", values)
	if code != http.StatusSeeOther {
		x.t.Fatalf("the voucher was not taken: %d\n%.3000s", code, body)
	}
	return x.drafts()[0]
}

func (x *site) drafts() []ledger.Voucher {
	x.t.Helper()
	list, err := store.Read(x.t.Context(), x.Host.Store, func(v *store.View) ([]ledger.Voucher, error) {
		list, _, err := ledger.Search(v, ledger.Query{Book: x.books.Ref(), Open: true, Limit: 100})
		return list, err
	})
	x.Must(err)
	return list
}

func (x *site) get(ref ledger.VoucherRef) ledger.Voucher {
	x.t.Helper()
	v, err := store.Read(x.t.Context(), x.Host.Store, func(w *store.View) (ledger.Voucher, error) {
		v, _, err := ledger.VoucherOf(w, ref)
		return v, err
	})
	x.Must(err)
	return v
}

// post sends a form and demands a status.
func (x *site) post(s *apptest.Session, path string, status int, fields ...string) string {
	x.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	code, body := s.Post(path, values)
	x.holds(path, code, body, status, nil)
	return body
}

func version(v ledger.Voucher) string { return fmt.Sprint(v.Version) }

// TestEntering: the grid is read as it was typed, refused with everything that is wrong beside its fields,
// looked ahead without keeping anything, and kept once.
func TestEntering(t *testing.T) {
	each(t, func(x *site) {
		accountant, page := x.as("accountant", village), x.address()+"/vouchers/new"
		x.see(accountant, page, 200, `name="key"`, "102 Bank deposits", "yhck",
			"Rent or contract fee received")
		x.see(accountant, page+"?template=rent_received", 200, "收到租金、承包金", "501 Operating revenue", "0.00")
		x.see(accountant, page+"?template=none", 404)
		try := func(values url.Values, status int, texts ...string) {
			t.Helper()
			code, body := accountant.Post(page, values)
			x.holds(values.Get("act"), code, body, status, texts)
		}
		try(rent("more"), 200, `value="1,200.50"`, `aria-label="Account 7"`)
		try(rent("preview"), 200, "记-1", "Dr 1,200.50", "Cr 1,200.50")
		if len(x.drafts()) != 0 {
			t.Fatal("a look ahead kept something")
		}
		try(form("save", "2025-06-10", "x", line{"102", "1.005"}, line{"501", "", "abc"}), 422,
			"Line 1: At most two decimal places", "Line 2: This is not an amount", `id="debit-1-error"`,
			`id="credit-2-error"`)
		try(form("save", "", "x", line{"102", "1", "1"}, line{"501", "", "0"}), 422, "Give the day",
			"not both", "The amount is zero")
		try(form("save", "2025-06-10", "", line{"nonsense", "1"}, line{"501", "", "2"}), 422,
			`id="account-1-error"`)
		try(form("save", "2025-06-10", "x", line{"112", "1"}, line{"501", "", "1"}), 422,
			`id="counterparty-1-error"`)
		try(form("save", "2025-06-10", "x", line{"102", "", "5"}, line{"513", "5"}), 303)
		spent := x.drafts()[0]
		x.see(accountant, bookkeeping.VoucherAddress(spent.Ref()), 200, "It cannot be posted now")
		keyed := rent("save")
		keyed.Set("key", "page/1")
		try(keyed, 303)
		try(keyed, 303) // sent twice by an impatient finger
		if n := len(x.drafts()); n != 2 {
			t.Errorf("%d drafts, want 2", n)
		}
		keyed.Set("summary", "另一笔")
		try(keyed, 409, "errors")
		next := rent("next")
		code, _ := accountant.Post(page, next)
		if code != 303 || len(x.drafts()) != 3 {
			t.Errorf("save and next answers %d", code)
		}
		for _, who := range []struct {
			office string
			index  int
			status int
		}{{"head", village, 403}, {"accountant", otherVillage, 404}} {
			x.see(x.as(who.office, who.index), page, who.status)
		}
		x.see(x.Nobody(), page, 401)
	})
}

// TestVoucherLife walks a voucher from draft to reversal, with everybody who may and may not.
func TestVoucherLife(t *testing.T) {
	each(t, func(x *site) {
		accountant, head, reviewer := x.as("accountant", village), x.as("head", village),
			x.as("reviewer", township)
		v := x.enter(rent("save"))
		at := bookkeeping.VoucherAddress(v.Ref())
		x.see(accountant, at, 200, "waiting", "/edit", "!/check", "收到门面租金", "1,200.50")
		x.see(head, at, 200, "/check", "!/edit", "Dr 1,200.50")
		x.see(x.as("accountant", otherVillage), at, 404)
		x.post(accountant, at+"/check", 403, "version", version(v))
		x.post(head, at+"/return", 422, "version", version(v), "reason", " ")
		x.post(head, at+"/return", 303, "version", version(v), "reason", "附件缺失")
		v = x.get(v.Ref())
		x.see(accountant, at, 200, "附件缺失", "returned", "!/check")
		x.post(head, at+"/check", 409, "version", version(v))
		x.see(accountant, at+"/edit", 200, `value="1200.50"`, "102 Bank deposits")
		changed := rent("save")
		changed.Set("version", version(v))
		changed.Set("summary", "收到门面租金（六月）")
		if code, body := accountant.Post(at+"/edit", changed); code != 303 {
			t.Fatalf("amending answers %d\n%.2000s", code, body)
		}
		if code, _ := accountant.Post(at+"/edit", changed); code != 412 {
			t.Errorf("amending what was changed meanwhile answers %d", code)
		}
		x.attach(at)
		v = x.get(v.Ref())
		if len(v.FileHashes()) != 1 || v.Summary != "收到门面租金（六月）" {
			t.Errorf("the draft is %+v", v)
		}
		photo := regexp.MustCompile(`/files/\d+/\d+/thumbnail`).FindString(x.see(head, at, 200,
			"thumbnail"))
		x.see(head, photo, 200)
		x.see(x.as("accountant", otherVillage), photo, 404)
		x.post(head, at+"/check", 303, "version", version(v))
		v = x.get(v.Ref())
		if v.Status != ledger.Posted || v.Number != 1 {
			t.Fatalf("checked it is %+v", v)
		}
		x.see(accountant, at, 200, "posted", "2025-06 记-1", "!/edit", "/reverse")
		x.post(accountant, at+"/discard", 409, "version", version(v))
		x.post(accountant, at+"/reverse", 422, "on", "2025-06-30", "reason", "")
		x.post(accountant, at+"/reverse", 303, "on", "2025-06-30", "reason", "金额有误")
		red := x.drafts()[0]
		x.see(reviewer, bookkeeping.VoucherAddress(red.Ref()), 200, "-1,200.50", "金额有误", "记-1")
		x.post(reviewer, bookkeeping.VoucherAddress(red.Ref())+"/check", 303, "version", version(red))
		x.see(accountant, at, 200, "reversed", "记-2")
		x.post(accountant, at+"/reverse", 409, "on", "2025-06-30", "reason", "again")
		gone := x.enter(rent("save"))
		x.post(head, bookkeeping.VoucherAddress(gone.Ref())+"/discard", 403, "version", version(gone))
		x.post(accountant, bookkeeping.VoucherAddress(gone.Ref())+"/discard", 303, "version", version(gone))
		x.see(accountant, bookkeeping.VoucherAddress(gone.Ref()), 404)
	})
}

// attach puts a photo on a draft, and is refused with what is none.
func (x *site) attach(at string) {
	x.t.Helper()
	var photo bytes.Buffer
	x.Must(png.Encode(&photo, image.NewGray(image.Rect(0, 0, 20, 20))))
	v := x.drafts()[0]
	accountant := x.as("accountant", village)
	for _, one := range []struct {
		who     *apptest.Session
		content []byte
		status  int
	}{{accountant, []byte("MZ no picture"), 415}, {x.as("head", village), photo.Bytes(), 403},
		{accountant, photo.Bytes(), 303}} {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		x.Must(m.WriteField("version", version(v)))
		part, err := m.CreateFormFile("file", "收据.png")
		x.Must(err)
		_, err = part.Write(one.content)
		x.Must(err)
		x.Must(m.Close())
		r, err := http.NewRequest(http.MethodPost, one.who.Base()+at+"/files", &body)
		x.Must(err)
		r.Header.Set("Content-Type", m.FormDataContentType())
		r.Header.Set("Origin", one.who.Base())
		code, text := one.who.Do(r)
		x.holds("attaching", code, text, one.status, nil)
	}
}

// TestMany: a list is decided on one by one; what cannot be is named with its reason.
func TestMany(t *testing.T) {
	each(t, func(x *site) {
		head := x.as("head", village)
		spent := x.enter(form("save", "2025-06-11", "办公费", line{"513", "9999"}, line{"102", "", "9999"}))
		good := x.enter(form("save", "2025-06-12", "租金", line{"102", "100"}, line{"501", "", "100"}))
		back := x.enter(form("save", "2025-06-13", "租金二", line{"102", "200"}, line{"501", "", "200"}))
		row := func(v ledger.Voucher) string { return fmt.Sprint(v.ID, "-", v.Version) }
		x.see(head, x.address(), 200, row(good), "/vouchers/check", "办公费")
		x.see(head, x.address()+"/vouchers?state=open", 200, row(back), "租金二")
		x.post(head, x.address()+"/vouchers/check", 422)
		body := x.post(head, x.address()+"/vouchers/check", 200, "row", row(spent), "row", row(good))
		x.holds("many", 200, body, 200, []string{"1 done", "办公费"})
		x.post(head, x.address()+"/vouchers/return", 303, "row", row(back), "reason-"+fmt.Sprint(back.ID),
			"金额不符", "row", row(spent), "reason", "超支")
		if a, b := x.get(back.Ref()), x.get(spent.Ref()); a.Reason != "金额不符" || b.Reason != "超支" {
			t.Errorf("returned for %q and %q", a.Reason, b.Reason)
		}
		if v := x.get(good.Ref()); v.Status != ledger.Posted {
			t.Errorf("the good one is %s", v.Status)
		}
		x.post(x.as("accountant", village), x.address()+"/vouchers/check", 403, "row", row(back))
		x.post(x.as("head", otherVillage), x.address()+"/vouchers/check", 404, "row", row(back))
	})
}

// year fills the books with a little of everything and closes them to May.
func (x *site) year() {
	x.t.Helper()
	b, err := store.Read(x.t.Context(), x.Host.Store, func(v *store.View) (ledger.Book, error) {
		return ledger.Get(v, x.books.Ref())
	})
	x.Must(err)
	_, err = x.Ledger.SetOpening(x.t.Context(), access.Machine, b.Ref(), b.Version, []book.Balance{
		{Account: "102", Amount: 50_000_00}, {Account: "112", Counterparty: "王某", Amount: 3_000_00},
		{Account: "113", Counterparty: "一组", Amount: 800_00}, {Account: "113", Counterparty: "二组",
			Amount: -500_00}, {Account: "301", Amount: -53_300_00}})
	x.Must(err)
	entries := []struct {
		date     period.Date
		account  string
		detail   string
		income   string
		incoming money.Fen
	}{{"2025-03-05", "102", "", "501", 1_200_00}, {"2025-04-07", "112", "李某", "501", 2_400_00},
		{"2025-05-20", "102", "", "503", 10_000_00}, {"2025-06-03", "102", "", "501", 600_00}}
	for _, e := range entries {
		x.Must(x.Host.Store.Write(x.t.Context(), func(tx *store.Tx) error {
			_, _, err := x.Ledger.PostFor(tx, access.Machine, ledger.Draft{Book: x.books.Ref(),
				Date:    e.date,
				Summary: "收入 " + string(e.date), Postings: []book.Posting{{Account: e.account,
					Amount:     e.incoming,
					Dimensions: book.Dimensions{Counterparty: e.detail}}, {Account: e.income,
					Amount: -e.incoming}}})
			return err
		}))
	}
	reviewer := x.as("reviewer", township)
	for _, month := range []string{"2025-01", "2025-02", "2025-03", "2025-04", "2025-05"} {
		x.post(reviewer, x.address()+"/close", 303, "month", month)
	}
}

// TestBoardAndStatements: figures tie out from the screen over the statements to each posting, and back.
func TestBoardAndStatements(t *testing.T) {
	each(t, func(x *site) {
		x.year()
		accountant := x.as("accountant", village)
		x.see(accountant, x.address(), 200, "61,800.00", "王某", "3,000.00", "一组", "二组", "6,200.00",
			"500.00", "2025-05", "closed", "!/close", "Up to 1 year")
		x.see(x.as("reviewer", township), x.address(), 200, "/close", "!/reopen")
		x.see(x.as("county-officer", county), x.address(), 200, "/reopen")
		x.see(x.as("accountant", otherVillage), x.address(), 404)
		x.see(accountant, "/books", 200, "上湾村", "!下湾村")
		x.see(x.as("reviewer", township), "/books?q="+url.QueryEscape("上湾村"), 200, "Closing is late",
			"No books")
		x.see(x.as("reviewer", township), "/books?format=csv", 200, "2025-05")
		links := regexp.MustCompile(`href="(/books/[^"]*/postings\?[^"]*)"`)
		for _, key := range book.StandardStatements {
			page := x.see(accountant, x.address()+"/statements/"+key+"?period=2025-05", 200, "/postings?",
				"!no such")
			for i, m := range links.FindAllStringSubmatch(page, -1) {
				if i%17 == 0 {
					x.see(accountant, strings.ReplaceAll(m[1], "&amp;", "&"), 200)
				}
			}
			x.see(accountant, x.address()+"/statements/"+key+"?period=2025&format=csv", 200)
			x.see(accountant, x.address()+"/statements/"+key+"?period=2025Q1&format=xlsx", 200)
		}
		x.see(accountant, x.address()+"/statements/balance_sheet?period=2025-05", 200, "61,200.00")
		x.see(accountant, x.address()+"/statements/none", 404)
		x.see(accountant, x.address()+"/statements/income?period=x", 422)
		detail := x.see(accountant, x.address()+"/postings?account=112&from=2025-01-01&to=2025-06-30", 200,
			"李某", "王某", "2,400.00", "5,400.00", "3,000.00")
		if !strings.Contains(detail, "/vouchers/") {
			t.Error("a posting does not open its voucher")
		}
		x.see(accountant, x.address()+"/postings?account=112&counterparty="+url.QueryEscape("李某"), 200,
			"2,400.00", "!5,400.00")
		x.see(accountant, x.address()+"/postings?account=999", 404)
		x.see(accountant, x.address()+"/postings?from=2025-06-01&to=2025-05-01", 422)
		x.see(accountant, x.address()+"/postings?account=112&format=csv", 200, "2400.00")
		x.see(accountant, fmt.Sprint("/places/", x.IDs[village]), 200, "61,800.00")
	})
}

// TestMonthsAndPublic: a month is closed in order, opened again by a decision; the public sees what was
// published and nothing else.
func TestMonthsAndPublic(t *testing.T) {
	each(t, func(x *site) {
		x.year()
		reviewer, officer := x.as("reviewer", township), x.as("county-officer", county)
		public := fmt.Sprintf("/public/books/%d/%d?period=", x.books.Home, x.books.ID)
		nobody := x.Nobody()
		nobody.Post("/taste", url.Values{"language": {"en"}, "back": {"/"}})
		publish := func(month string, status int) {
			t.Helper()
			x.post(x.as("head", village), x.address()+"/publish", status, "statement", book.PublicSheet,
				"period",
				month)
		}
		x.see(nobody, public+"2025-05", 404)
		x.see(nobody, "/public/books", 200, "!上湾村")
		publish("2025-06", 409)
		x.post(x.as("head", village), x.address()+"/publish", 422, "statement", book.TrialBalance, "period",
			"2025-05")
		x.post(x.as("accountant", village), x.address()+"/publish", 403, "statement", book.PublicSheet,
			"period",
			"2025-05")
		publish("2025-05", 303)
		x.see(nobody, public+"2025-05", 200, "61,200.00", "SHA-256", "!/postings", "!王某")
		x.see(nobody, "/public/books", 200, "上湾村", "2025-05")
		x.see(nobody, "/public/books?q="+url.QueryEscape("上湾"), 200, "上湾村", "2025-05")
		x.see(nobody, "/public/books?q="+url.QueryEscape("下湾"), 200, "!上湾村")
		x.see(nobody, public+"2025-04", 404)
		x.post(reviewer, x.address()+"/reopen", 403, "month", "2025-05", "reason", "a", "decision", "b")
		x.post(officer, x.address()+"/reopen", 422, "month", "2025-05", "reason", "", "decision", "b")
		x.post(officer, x.address()+"/reopen", 409, "month", "2025-04", "reason", "a", "decision", "b")
		x.post(officer, x.address()+"/reopen", 303, "month", "2025-05", "reason", "漏记", "decision", "决议1号")
		x.see(nobody, public+"2025-05", 404, "is being corrected")
		v := x.enter(form("save", "2025-05-30", "漏记利息", line{"102", "7.77"}, line{"504", "", "7.77"}))
		x.post(reviewer, x.address()+"/close", 409, "month", "2025-05") // a draft is left
		x.post(reviewer, bookkeeping.VoucherAddress(v.Ref())+"/check", 303, "version", version(v))
		x.post(reviewer, x.address()+"/close", 422, "month", "2025")
		x.post(reviewer, x.address()+"/close", 303, "month", "2025-05")
		x.see(nobody, public+"2025-05", 404, "is being corrected")
		x.see(reviewer, x.address()+"/statements/"+book.PublicSheet+"?period=2025-05", 200,
			"The figures have changed")
		publish("2025-05", 303)
		x.see(nobody, public+"2025-05", 200, "61,207.77")
		x.post(x.as("head", village), x.address()+"/withdraw", 303, "statement", book.PublicSheet, "period",
			"2025-05")
		x.see(nobody, public+"2025-05", 404)
		x.post(x.as("head", village), x.address()+"/withdraw", 404, "statement", book.PublicSheet, "period",
			"2025-05")
	})
}
