package bookkeeping_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping"
	"github.com/terrace-project/terrace/internal/platform/access"
)

// TestTheTownshipSeesWhatWaitsToBeChecked: drafts of other people, by books, on the list of books and on the
// first page; nothing of other townships, for those who do not check, and once they are checked.
func TestTheTownshipSeesWhatWaitsToBeChecked(t *testing.T) {
	each(t, func(x *site) {
		reviewer, head := x.as("reviewer", township), x.as("head", village)
		x.see(reviewer, "/books", 200, "!Vouchers that wait for you")
		d := x.enter(rent("save"))
		x.enter(form("save", "2025-06-11", "收租金", line{"102", "80"}, line{"501", "", "80"}))
		board := x.address() + "#drafts"
		for _, s := range []*apptest.Session{reviewer, head} {
			x.see(s, "/books", 200, "Vouchers that wait for you to check: 2", board, "1,280.50")
			x.see(s, "/", 200, "Vouchers that wait for you to check: 2", board)
		}
		x.see(x.as("accountant", village), "/books", 200, "!Vouchers that wait for you", `">2</a>`)
		x.see(x.as("accountant", village), "/", 200, "!Vouchers that wait for you")
		x.see(x.as("county-officer", county), "/books", 200, "!Vouchers that wait for you")
		x.see(x.as("reviewer", township+1), "/books", 200, "!Vouchers that wait for you", "!"+board)
		x.post(head, bookkeeping.VoucherAddress(d.Ref())+"/check", 303, "version", version(d))
		x.see(reviewer, "/books", 200, "Vouchers that wait for you to check: 1")
	})
}

// TestARefusedVoucherSaysWhere: a day in a closed month stands at the day, an account that would be overdrawn
// at its line; what was typed is kept. On the voucher and in a list of many the account is named too.
func TestARefusedVoucherSaysWhere(t *testing.T) {
	each(t, func(x *site) {
		_, err := x.Ledger.Close(t.Context(), access.Machine, x.books.Ref(), "2025-01")
		x.Must(err)
		accountant, of := x.as("accountant", village), x.address()+"/vouchers/new"
		code, body := accountant.Post(of, form("save", "2025-01-20", "付保洁费", line{"514", "90"},
			line{"101", "", "90"}))
		x.holds("closed", code, body, http.StatusConflict, []string{`value="付保洁费"`, `value="90"`,
			`<p class="error">The month 2025-01 is closed.</p>`})
		pay := func(act string) (int, string) {
			return accountant.Post(of, form(act, "2025-02-20", "付保洁费", line{"514", "90"},
				line{"101", "", "90"}))
		}
		code, body = pay("preview")
		x.holds("overdrawn", code, body, http.StatusConflict, []string{`id="credit-2-error"`,
			"101 Cash on hand would be overdrawn: -90.00", "!debit-1-error"})
		code, body = pay("save")
		x.holds("save", code, body, http.StatusSeeOther, nil)
		d := x.drafts()[0]
		head := x.as("head", village)
		x.see(head, bookkeeping.VoucherAddress(d.Ref()), 200, "101 Cash on hand would be overdrawn: -90.00")
		code, body = head.Post(x.address()+"/vouchers/check", map[string][]string{"row": {fmt.Sprint(d.ID,
			"-", d.Version)}})
		x.holds("many", code, body, 200, []string{"101 Cash on hand would be overdrawn"})
	})
}
