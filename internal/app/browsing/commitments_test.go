package browsing_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// TestCommitmentsInTheBrowser enters a loan in a real browser, repays it, matches a transfer and opens every
// page of the register, in both languages, at a desk and on a phone. Pictures of every page are kept.
func TestCommitmentsInTheBrowser(t *testing.T) {
	eachScreen(t, func(t *testing.T, city *apptest.City, _ string, screen func() *apptest.Screen) {
		w := commitmentsWalk{City: city, t: t, s: screen()}
		w.prepare()
		w.enter()
		w.repay()
		w.transfers()
		w.read()
	})
}

// commitmentsWalk is somebody's way through the register of the village 7.
type commitmentsWalk struct {
	*apptest.City
	t   *testing.T
	s   *apptest.Screen
	own registry.Organisation
}

// prepare opens books in which a subsidy and a repayment are booked, and enters what stands.
func (w *commitmentsWalk) prepare() {
	w.t.Helper()
	ctx := w.t.Context()
	w.Clock.Set("2025-12-01")
	w.own = w.Owner(7)
	b := w.OpenBooks(7)
	for _, d := range []ledger.Draft{
		{Date: "2025-06-20", Summary: "收到产业路项目补助", Postings: []book.Posting{{Account: "102",
			Amount: 100_000_00}, {Account: "503", Amount: -100_000_00}}},
		{Date: "2025-11-20", Summary: "归还农商行借款本金", Postings: []book.Posting{{Account: "221",
			Amount: 20_000_00, Dimensions: book.Dimensions{Counterparty: "青石农村商业银行"}},
			{Account: "102", Amount: -20_000_00}}},
	} {
		d.Book = b.Ref()
		w.Must(w.Host.Store.Write(ctx, func(tx *store.Tx) error {
			_, _, err := w.Ledger.PostFor(tx, access.Machine, d)
			return err
		}))
	}
	for _, c := range []commitments.Commitment{
		{Kind: commitments.Guarantee, Party: "江边建材有限公司", PartyKind: "enterprise",
			Creditor: "青石农村商业银行", Amount: 500_000_00, Day: "2025-05-01", Due: "2026-04-30",
			Pledge: "村办公楼及其占用范围内的集体建设用地使用权"},
		{Kind: commitments.Lending, Party: "王某某", PartyKind: "officer", Amount: 20_000_00,
			Day: "2025-04-01", Due: "2025-10-01"},
	} {
		_, err := w.Commitments.Enter(ctx, access.Machine, w.own.Ref(), commitments.Entry{Commitment: c})
		w.Must(err)
	}
	for _, project := range []string{"产业路（一期）", "产业路（二期）"} {
		_, err := w.Commitments.Announce(ctx, access.Machine, w.own.Ref(), commitments.Transfer{
			Document: "东岭财农〔2025〕12号", Kind: "revitalisation", Project: project, Amount: 50_000_00,
			Day: "2025-06-01"})
		w.Must(err)
	}
}

// at signs somebody in.
func (w *commitmentsWalk) at(office string, index int) {
	w.t.Helper()
	w.s.SignOut()
	w.s.SignIn(apptest.Login(office, index))
}

// enter enters a loan without a vote: what is doubtful is asked once.
func (w *commitmentsWalk) enter() {
	w.t.Helper()
	s := w.s
	s.SignIn(apptest.Login("accountant", 7))
	s.Open("/commitments/new?kind=loan")
	shot(s, "commitments-enter")
	s.Fill("party", "青石农村商业银行")
	s.Choose("party_kind", "bank")
	s.Choose("purpose", "facilities")
	s.Fill("amount", "300000")
	s.Fill("rate", "4.35")
	s.Fill("day", "2025-03-01")
	s.Run(chromedp.Click(chromedp.CSS(`main form[method="post"] .actions button.main`), chromedp.NodeVisible),
		chromedp.WaitReady(chromedp.CSS(`input[name="confirm"]`))) // asked again: there was no vote
	shot(s, "commitments-doubt")
	s.Run(chromedp.Click(chromedp.CSS(`input[name="confirm"]`), chromedp.NodeVisible))
	s.Press(`main form[method="post"] .actions button.main`)
	shot(s, "commitments-loan")
}

// repay takes the repayment that the books have: the page offers its voucher.
func (w *commitmentsWalk) repay() {
	w.t.Helper()
	s := w.s
	s.Press(`a[href*="/repay?voucher="]`)
	shot(s, "commitments-repay")
	s.Press(`main form[method="post"] .actions button.main`)
	if !s.Has(`a[href*="/vouchers/"]`) {
		w.t.Error("the repayment does not lead to its voucher")
	}
	shot(s, "commitments-repaid")
}

// transfers matches one by hand with half of a voucher, which the night would not guess.
func (w *commitmentsWalk) transfers() {
	w.t.Helper()
	s := w.s
	s.Open("/transfers")
	shot(s, "transfers")
	s.Press(`main table a[href^="/transfers/"]`)
	shot(s, "transfers-open")
	s.Press(`a[href*="/match?voucher="]`)
	shot(s, "transfers-match")
	s.Press(`main form[method="post"] .actions button.main`)
	shot(s, "transfers-booked")
	if !s.Has(`a[href$="/unmatch"]`) {
		w.t.Error("the transfer is not matched")
	}
}

// read opens the rest.
func (w *commitmentsWalk) read() {
	w.t.Helper()
	s := w.s
	for path, name := range map[string]string{"/commitments": "commitments",
		"/commitments?kind=guarantee": "commitments-guarantees", "/loans/import": "commitments-import",
		registry.Address(w.own.Ref()): "commitments-organisation"} {
		s.Open(path)
		shot(s, name)
	}
	s.Open("/commitments?kind=guarantee")
	s.Press(`main table a[href^="/commitments/"]`)
	shot(s, "commitments-guarantee")
	w.at("county-officer", 1)
	for path, name := range map[string]string{"/transfers/new": "transfers-new",
		"/transfers/import": "transfers-import"} {
		s.Open(path)
		shot(s, name)
	}
}
