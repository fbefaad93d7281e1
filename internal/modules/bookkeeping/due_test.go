package bookkeeping_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/banking"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping"
	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/contracts"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestTheBoardTellsWhatIsDue: what a lessee owes, what falls due within 90 days, what the collective itself
// is to pay, and the bank accounts – of the organisation whose books they are, of no other with the number
// of the books.
func TestTheBoardTellsWhatIsDue(t *testing.T) {
	each(t, func(x *site) {
		ctx := x.t.Context()
		let := func(of registry.Ref, name, kind string, amount money.Fen) {
			_, err := x.Contracts.Enter(ctx, access.Machine, of, contracts.Entry{
				Contract: contracts.Contract{Name: name, Kind: kind, Party: name + "的对方",
					PartyKind: "outsider", Signed: "2024-01-10", Manner: "public_tender", Paper: true},
				Schedule: []schedule.Phase{{From: "2025-01-20", To: "2030-01-19",
					Fee: schedule.Fee{Amount: amount, Every: schedule.HalfYear}}}})
			x.Must(err)
		}
		bank := func(of registry.Ref, number string) {
			_, err := x.Banking.Register(ctx, access.Machine, banking.Registration{Organisation: of,
				Bank: "农商行", Number: number, Since: "2025-01-01"})
			x.Must(err)
		}
		own := registry.Ref{Home: x.books.Home, ID: x.books.Organisation}
		other := x.Owner(otherVillage)
		let(own, "门面", "building_lease", 6_000_00)
		let(other.Ref(), "邻村鱼塘", "water", 4_000_00)
		bank(own, "6222 0000 0000 1234")
		bank(other.Ref(), "6222 0000 0000 5678")
		borrow := func(of registry.Ref, kind commitments.Kind, party string, due period.Date) {
			e := commitments.Entry{Document: "借款合同", Commitment: commitments.Commitment{Kind: kind,
				Party: party, PartyKind: "bank", Purpose: "facilities", Amount: 300_000_00, Rate: 435,
				Day: "2025-03-01", Due: due}}
			if kind == commitments.Lending {
				e.PartyKind, e.Purpose = "outsider", ""
			}
			_, err := x.Commitments.Enter(ctx, access.Machine, of, e)
			x.Must(err)
		}
		borrow(own, commitments.Loan, "甲银行", "2026-01-15")
		borrow(own, commitments.Loan, "远期银行", "2026-02-02") // the 91st day
		borrow(own, commitments.Lending, "乙公司", "2025-10-31")
		borrow(other.Ref(), commitments.Loan, "丙银行", "2025-12-01")
		x.see(x.as("accountant", village), x.address(), 200, "甲银行", "2026-01-15", "乙公司",
			`"status overdue">2025-10-31`, "300,000.00 yuan to repay", "300,000.00 yuan to come back",
			"!远期银行",
			"!丙银行")
		x.see(x.as("accountant", village), x.address(), 200, "门面", "2025-07-20", "2026-01-20", "18,000.00",
			"!2026-07-20", "!邻村鱼塘", "1234", "!5678")
		x.OpenBooks(otherVillage + 1) // so that the next number is not that of the owner
		b := x.OpenBooks(otherVillage)
		if b.ID == b.Organisation {
			x.t.Fatal("the number of the books is that of their owner")
		}
		x.see(x.as("reviewer", township), bookkeeping.Address(b.Ref()), 200, "邻村鱼塘", "5678", "!门面", "!1234")
	})
}

// TestBooksThatEndedAskForNothing: all their months are closed, so nothing is entered; what is due is due to
// the books that run.
func TestBooksThatEndedAskForNothing(t *testing.T) {
	each(t, func(x *site) {
		for month := 1; month <= 3; month++ {
			_, err := x.Ledger.Close(t.Context(), access.Machine, x.books.Ref(), fmt.Sprintf("2025-%02d",
				month))
			x.Must(err)
		}
		accountant := x.as("accountant", village)
		x.see(accountant, x.address(), 200, "/vouchers/new", `id="due"`)
		b, err := store.Read(t.Context(), x.Host.Store, func(v *store.View) (ledger.Book, error) {
			return ledger.Get(v, x.books.Ref())
		})
		x.Must(err)
		_, err = x.Ledger.EndBook(t.Context(), access.Machine, b.Ref(), b.Version, "2025-03-31")
		x.Must(err)
		x.see(accountant, x.address(), 200, "!/vouchers/new", `!id="due"`)
	})
}

// TestAVoucherOnceMore: what was entered before is laid out again on a day of today, from the list and from
// its own page; not what stands in other books.
func TestAVoucherOnceMore(t *testing.T) {
	each(t, func(x *site) {
		d, of := x.enter(rent("save")), x.address()+"/vouchers/new"
		one := fmt.Sprint("?template=voucher/", d.ID)
		accountant := x.as("accountant", village)
		x.see(accountant, of, 200, "!voucher/")
		x.post(x.as("reviewer", township), bookkeeping.VoucherAddress(d.Ref())+"/check", 303, "version",
			version(d))
		x.see(accountant, of, 200, "2025-06-10 收到门面租金 1,200.50")
		x.see(accountant, bookkeeping.VoucherAddress(d.Ref()), 200, of+one)
		x.see(accountant, of+one, 200, `value="收到门面租金"`, "1,200.50", `value="2025-11-03"`,
			`<option value="voucher/`+fmt.Sprint(d.ID)+`" selected`)
		x.see(accountant, of+"?template=voucher/99999", 404)
		x.see(accountant, of+"?template=voucher/x", 404)
		other := x.OpenBooks(otherVillage)
		x.see(x.as("accountant", otherVillage), bookkeeping.Address(other.Ref())+"/vouchers/new"+one, 404)
	})
}

// TestWhatStopsClosingIsLinked: the vouchers that wait, as a list.
func TestWhatStopsClosingIsLinked(t *testing.T) {
	each(t, func(x *site) {
		x.enter(form("save", "2025-01-10", "收到租金", line{"102", "100"}, line{"501", "", "100"}))
		code, body := x.as("reviewer", township).Post(x.address()+"/close",
			url.Values{"month": {"2025-01"}})
		x.holds("close", code, body, http.StatusConflict, []string{"/vouchers?state=open&amp;to=2025-01"})
		x.see(x.as("head", village), x.address()+"/vouchers?state=open&to=2025-01", 200, "收到租金")
	})
}
