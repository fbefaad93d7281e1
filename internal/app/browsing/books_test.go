package browsing_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestBooksInTheBrowser enters, returns, amends, checks and reverses a voucher in a real browser and opens
// every statement, in both languages, at a desk and on a phone. Pictures of every page are kept.
func TestBooksInTheBrowser(t *testing.T) {
	eachScreen(t, func(t *testing.T, city *apptest.City, _ string, screen func() *apptest.Screen) {
		w := booksWalk{city, t, screen(), ledger.Book{}}
		w.books = w.prepare(7)
		w.enter()
		w.decide()
		w.reverse()
		w.read()
		w.public()
	})
}

// booksWalk is somebody's way through the books of the village 7.
type booksWalk struct {
	*apptest.City
	t     *testing.T
	s     *apptest.Screen
	books ledger.Book
}

// prepare opens the books of a place and fills them with half a year.
func (w *booksWalk) prepare(index int) ledger.Book {
	w.t.Helper()
	b := w.OpenBooks(index)
	b, err := w.Ledger.SetOpening(w.t.Context(), access.Machine, b.Ref(), b.Version, []book.Balance{
		{Account: "101", Amount: 2_318_60}, {Account: "102", Amount: 586_204_17},
		{Account: "112", Counterparty: "青石镇养殖专业合作社", Amount: 36_000_00},
		{Account: "113", Counterparty: "上湾村一组", Amount: 8_400_00},
		{Account: "113", Counterparty: "王某某", Amount: -1_250_00}, {Account: "151", Amount: 2_730_000_00},
		{Account: "211", Counterparty: "重庆某建筑工程有限公司", Amount: -48_000_00},
		{Account: "301", Amount: -3_000_000_00}, {Account: "311", Amount: -313_672_77}})
	w.Must(err)
	for month := 1; month <= 10; month++ {
		w.month(b.Ref(), month)
		_, err := w.Ledger.Close(w.t.Context(), access.Machine, b.Ref(), fmt.Sprintf("2025-%02d", month))
		w.Must(err)
	}
	return b
}

// month posts what happens in a village every month.
func (w *booksWalk) month(ref ledger.Ref, month int) {
	w.t.Helper()
	line := func(account, detail string, amount money.Fen) book.Posting {
		return book.Posting{Account: account, Amount: amount,
			Dimensions: book.Dimensions{Counterparty: detail}}
	}
	amount := money.Fen(month) * 137_31
	for i, e := range []struct {
		summary  string
		postings []book.Posting
	}{
		{"收到门面租金", []book.Posting{line("102", "", 4_200_00), line("501", "", -4_200_00)}},
		{"确认应收鱼塘承包费", []book.Posting{line("112", "李某某", 1_800_00+amount),
			line("501", "", -1_800_00-amount)}},
		{"支付办公费", []book.Posting{line("513", "", 612_45), line("102", "", -612_45)}},
		{"支付保洁人员劳务费", []book.Posting{line("514", "", 1_500_00), line("102", "", -1_500_00)}},
	} {
		d := ledger.Draft{Book: ref, Date: period.NewDate(2025, 1, 5+i*6).AddMonths(month - 1),
			Summary: e.summary, Postings: e.postings}
		w.Must(w.Host.Store.Write(w.t.Context(), func(tx *store.Tx) error {
			_, _, err := w.Ledger.PostFor(tx, access.Machine, d)
			return err
		}))
	}
}

// at signs somebody in.
func (w *booksWalk) at(office string, index int) {
	w.t.Helper()
	w.s.SignOut()
	w.s.SignIn(apptest.Login(office, index))
}

// shot keeps a picture of a page that fits the screen.
func (w *booksWalk) shot(name string) { w.t.Helper(); shot(w.s, name) }

// cell types, key by key, into a field of a line of the grid.
func (w *booksWalk) cell(row int, name, value string) {
	w.t.Helper()
	at := chromedp.CSS(fmt.Sprintf(`.voucher-grid tbody tr:nth-child(%d) [name="%s"]`, row, name))
	w.s.Run(chromedp.Click(at), chromedp.SendKeys(at, value))
}

func (w *booksWalk) enter() {
	s := w.s
	w.at("accountant", 7)
	s.Open("/books")
	w.shot("01-list")
	s.Open(bookkeeping.Address(w.books.Ref()))
	w.shot("02-board")
	s.Open(bookkeeping.Address(w.books.Ref()) + "/vouchers/new?template=rent_received")
	w.shot("03-template")
	s.Open(bookkeeping.Address(w.books.Ref()) + "/vouchers/new")
	s.Fill("summary", "收到仓库租金")
	// By the keyboard alone: pinyin, Enter to the next field, "=" for what is missing.
	w.cell(1, "account", "yhck\r")
	w.cell(1, "debit", "3600.55")
	w.cell(2, "account", "501\r")
	w.cell(2, "credit", "=")
	w.shot("04-entry")
	if got := s.Text(`[data-sum="credit"]`); got != "3,600.55" {
		w.t.Errorf("the sum of the credits shows %s", got)
	}
	s.Press(`button[value="preview"]`)
	s.Sees("3,600.55")
	w.shot("05-preview")
	s.Press(`[data-save]`)
	w.shot("06-draft")
	s.Open(bookkeeping.Address(w.books.Ref()) + "/vouchers/new")
	s.Fill("summary", "错误示例")
	w.cell(1, "account", "112")
	w.cell(1, "debit", "12.345")
	w.cell(2, "account", "501")
	w.cell(2, "credit", "10")
	s.Run(chromedp.Click(chromedp.CSS(`[data-save]`)), chromedp.WaitVisible(chromedp.CSS(".errors")))
	w.shot("07-mend")
}

// draft is the address of the draft that waits.
func (w *booksWalk) draft() string {
	w.t.Helper()
	list, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]ledger.Voucher, error) {
		list, _, err := ledger.Search(v, ledger.Query{Book: w.books.Ref(), Open: true, Limit: 10})
		return list, err
	})
	w.Must(err)
	if len(list) != 1 {
		w.t.Fatalf("%d drafts wait", len(list))
	}
	return bookkeeping.VoucherAddress(list[0].Ref())
}

func (w *booksWalk) decide() {
	s, at := w.s, w.draft()
	w.at("head", 7)
	s.Open(bookkeeping.Address(w.books.Ref()))
	w.shot("10-board-of-checker")
	s.Open(at)
	w.shot("11-to-check")
	s.Unfold(`#return-reason`)
	s.FillAt("#return-reason", "请附收款收据")
	s.Press(`form[action$="/return"] button`)
	w.shot("12-returned")
	w.at("accountant", 7)
	s.Open(at)
	w.shot("13-returned-to-maker")
	s.Press(`a[href$="/edit"]`)
	w.shot("14-amend")
	s.Fill("summary", "收到仓库租金（附收据）")
	s.Press(`[data-save]`)
	w.at("head", 7)
	s.Open(at)
	s.Press(`form[action$="/check"] button.main`)
	w.shot("15-posted")
}

func (w *booksWalk) reverse() {
	s := w.s
	w.at("accountant", 7)
	s.Open(bookkeeping.Address(w.books.Ref()) + "/vouchers")
	w.shot("20-register")
	s.Press(`table.list a[href^="/vouchers/"]`)
	s.Unfold("#reverse-reason")
	s.FillAt("#reverse-reason", "金额有误，重新录入")
	w.shot("21-reverse")
	s.Press(`form[action$="/reverse"] button`)
	w.shot("22-red-letter")
	at := w.draft()
	w.at("head", 7)
	s.Open(bookkeeping.Address(w.books.Ref()))
	s.Run(chromedp.Click(chromedp.CSS(`#drafts input[name="row"]`)))
	s.Press(`#drafts button.main`)
	w.shot("23-checked")
	s.Open(at)
	w.shot("24-reversal-posted")
}

func (w *booksWalk) read() {
	s := w.s
	w.at("reviewer", 3)
	base := bookkeeping.Address(w.books.Ref())
	for i, key := range book.StandardStatements {
		s.Open(base + "/statements/" + key + "?period=2025-10")
		w.shot(fmt.Sprintf("3%d-%s", i, key))
	}
	s.Press(`.statement td a`)
	w.shot("36-cell")
	s.Open(base + "/postings?account=112&from=2025-01-01&to=2025-10-31")
	w.shot("37-postings")
	s.Open(base + "/postings")
	w.shot("38-accounts")
	s.Open(fmt.Sprint("/places/", w.IDs[7]))
	w.shot("39-place")
}

func (w *booksWalk) public() {
	s := w.s
	w.at("head", 7)
	s.Open(bookkeeping.Address(w.books.Ref()) + "/statements/" + book.PublicSheet + "?period=2025-10")
	s.Press(`form[action$="/publish"] button`)
	w.shot("40-published")
	s.SignOut()
	s.Open("/public/books")
	w.shot("41-public-list")
	s.Press(`table a[href^="/public/books/"]`)
	w.shot("42-public-sheet")
}
