package banking

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/webtest"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// odd opens books under 2024 and goes on under a chart with other codes, as a conversion does; a bank
// account is registered before.
func (x *site) odd() (older, newer ledger.Book, a Account) {
	x.t.Helper()
	read, err := pack.NewLibrary(packs.Files).Read("../ledger/testdata/odd")
	x.must(err)
	x.host.Packs = read
	x.must(x.ledger.Module().Start(x.ctx)) // as the program does with the pack it is given
	x.Today = "2026-03-01"
	older, a = x.Open("天台村", "2024", "2025-01-01"), x.account("天台村")
	x.post(older, booked{"2025-12-03", 1_000_00, "301", "", "成员入股"})
	for month := 1; month <= 12; month++ {
		_, err := x.ledger.Close(x.ctx, access.Machine, older.Ref(), fmt.Sprintf("2025-%02d", month))
		x.must(err)
	}
	older = x.book(older.Ref())
	older, err = x.ledger.EndBook(x.ctx, access.Machine, older.Ref(), older.Version, "2025-12-31")
	x.must(err)
	newer, err = x.ledger.OpenBook(x.ctx, access.Machine, ledger.Opening{
		Organisation: x.own["天台村"].Ref(), Chart: "odd", From: "2026-01-01"})
	x.must(err)
	newer, err = x.ledger.SetOpening(x.ctx, access.Machine, newer.Ref(), newer.Version, []book.Balance{
		{Account: "1002.00", Amount: 1_000_00}, {Account: "E1", Amount: -1_000_00}})
	x.must(err)
	return older, newer, a
}

// book reads a book as it stands.
func (x *site) book(ref ledger.Ref) ledger.Book {
	x.t.Helper()
	b, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (ledger.Book, error) {
		return ledger.Get(v, ref)
	})
	x.must(err)
	return b
}

// TestABankAccountFollowsItsBooks: after a conversion the postings, the balance and the drafts of a bank
// account are those of the account that the conversion leads to; before it they stay where they were.
func TestABankAccountFollowsItsBooks(t *testing.T) {
	each(t, func(x *site) {
		_, newer, a := x.odd()
		x.must(x.host.Store.Write(x.ctx, func(tx *store.Tx) error {
			_, _, err := x.ledger.PostFor(tx, access.Machine, ledger.Draft{Book: newer.Ref(),
				Date:    "2026-02-10",
				Summary: "收租金", Postings: []book.Posting{{Account: "1002.00", Amount: 250_00},
					{Account: "R.100", Amount: -250_00}}})
			return err
		}))
		x.take(a, "both.csv", head, "2025-12-03,,1000.00,1000.00,,成员入股,B1",
			"2026-02-10,,250.00,1250.00,,收租金,B2", "2026-02-20,3.00,,1247.00,,手续费,B3")
		p, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Proposals, error) {
			return x.Propose(v, access.Machine, a.Ref(), "2026-03-01")
		})
		x.must(err)
		if len(p.Found) != 2 || len(p.Postings) != 0 || len(p.Lines) != 1 {
			x.t.Fatalf("found %v, left %v %v", p.Found, p.Lines, p.Postings)
		}
		for _, f := range p.Found {
			x.must(x.Confirm(x.ctx, access.Machine, a.Ref(), []Group{{f.Lines, f.Postings}}))
		}
		x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
			for on, want := range map[period.Date]money.Fen{"2025-12-31": 1_000_00,
				"2026-02-28": 1_250_00} {
				if got, err := x.booksBalance(v, a, on); err != nil || got != want {
					t.Errorf("on %s the books say %v, want %v: %v", on, got, want, err)
				}
			}
			return nil
		}))
		x.See("village_accountant@天台村", Address(a.Ref())).Is(200, "1002.00 Rural bank")
	})
}

// TestAWrongRegistrationIsToldAtItsField: the number, the account of the chart, the name, the detail.
func TestAWrongRegistrationIsToldAtItsField(t *testing.T) {
	each(t, func(x *site) {
		x.Open("天台村", "2024", "2025-01-01")
		owner, accountant := x.own["天台村"].Ref().String(), "village_accountant@天台村"
		right := map[string]string{"organisation": owner, "bank": "农商行", "number": "6222 0000 0000 1234",
			"since": "2025-01-01"}
		register := func(changed ...string) []string {
			fields := maps.Clone(right)
			for i := 0; i < len(changed); i += 2 {
				fields[changed[i]] = changed[i+1]
			}
			var list []string
			for _, key := range slices.Sorted(maps.Keys(fields)) {
				list = append(list, key, fields[key])
			}
			return list
		}
		for _, c := range []struct {
			says   string
			fields []string
		}{
			{"8 to 32 digits, and is not", register("number", "12")},
			{"has no such account", register("account", "9999")},
			{"The name of the organisation; blank", register("holder", "张三")},
		} {
			x.Post(accountant, "/bank-accounts/new", c.fields...).Is(422, c.says, `aria-invalid="true"`,
				"农商行")
		}
		x.Post(accountant, "/bank-accounts/new", register()...).Is(303)
		x.Post(accountant, "/bank-accounts/new", register()...).Is(409, "and is not entered yet",
			`aria-invalid="true"`)
		x.Post(accountant, "/bank-accounts/new", register("number", "6222 0000 0000 9999")...).Is(409,
			"Give a detail that is not", `aria-invalid="true"`)
	})
}

// TestTheSameFileIsNotTakenTwiceByHand: the page of a file that was taken leads to its lines and offers
// nothing to confirm; a file that was read wrongly can be read otherwise at once.
func TestTheSameFileIsNotTakenTwiceByHand(t *testing.T) {
	each(t, func(x *site) {
		a, accountant := x.account("天台村"), "village_accountant@天台村"
		send := func(name, text string, fields ...string) webtest.Page {
			return x.Upload(accountant, Address(a.Ref())+"/statements", name, []byte(text), fields...)
		}
		text := strings.Join(march, "\n")
		first := send("march.csv", text).Is(303).Header.Get("Location")
		x.Post(accountant, first+"/take").Is(303)
		again := send("march.csv", text).Is(303).Header.Get("Location")
		x.See(accountant, again).Is(200, "See its lines", "Back to the account", "!/take\"")
		send("march.csv", text, "format", "columns:").Is(422, "2025-03-05", `name="column-date"`,
			"!role=\"alert\"")
		send("march.csv", text, "column-amount", "C").Is(422, "Not every column that is needed", "!from=")
		wrong := send("other.csv", "何时,何事,多少\n2025-03-01,租金,5.00\n", "column-date", "C", "column-amount",
			"B",
			"from", "2").Is(303).Header.Get("Location")
		x.See(accountant, wrong).Is(200, "Let me name the columns",
			`action="`+Address(a.Ref())+`/statements"`,
			"Columns as named: Date C, Amount B, from row 2")
	})
}
