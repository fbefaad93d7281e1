package ledger

import (
	"context"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// world is the books of a small city.
type world struct {
	*Ledger
	*hosttest.Site
	t       testing.TB
	ctx     context.Context // of the program itself
	places  *territory.Service
	owners  *registry.Registry
	place   map[string]int64
	own     map[string]registry.Organisation // by the name of the place
	must    func(error)
	refused func(err error, key string)
}

func (w *world) build(h *manifest.Host) []manifest.Module {
	w.places = territory.New(h)
	w.owners = registry.New(h, w.places)
	w.Ledger = New(h, w.places)
	return []manifest.Module{w.places.Module(), w.owners.Module(), w.Ledger.Module()}
}

func parts() []store.Part { return hosttest.Parts((&world{}).build) }

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*world)) {
	t.Helper()
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.found()
		fn(w)
		w.Verify()
	})
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	w := &world{}
	w.Site = hosttest.Open(t, s, w.build)
	w.t, w.ctx, w.place, w.must, w.refused = w.T, w.Ctx, w.Place, w.Must, w.Refused
	return w
}

// found takes the small city in, with organisations in its villages.
func (w *world) found() {
	w.t.Helper()
	moduletest.Settle(w.Site, w.places, moduletest.Places)
	w.own = moduletest.Owners(w.Site, func(place int64, name, code string) (registry.Organisation, error) {
		return w.owners.Create(w.ctx, access.Machine, registry.Organisation{Place: place,
			Level: division.Village, Name: name, Members: 300, Code: code})
	})
}

// findings are what the module's checks say.
func (w *world) findings() []string {
	w.t.Helper()
	var all []string
	for _, c := range w.Module().Checks {
		w.must(c.Run(w.ctx, func(f fault.Finding) { all = append(all, f.Key) }))
	}
	return all
}

// actor holds a role at a place.
func (w *world) actor(account int64, role, place string) access.Actor {
	return access.Actor{Account: account, Posts: []access.Post{{ID: account, Role: role,
		Place: w.place[place]}}}
}

// The people of the village and the township above it.
func (w *world) maker() access.Actor   { return w.actor(7, "village_accountant", "天台村") }
func (w *world) checker() access.Actor { return w.actor(8, "delegated_bookkeeper", "白涛镇") }
func (w *world) leader() access.Actor  { return w.actor(9, "township_leader", "白涛镇") }

// open opens books from the beginning of 2025.
func (w *world) open(village string) Book {
	w.t.Helper()
	b, err := w.OpenBook(w.ctx, access.Machine, Opening{w.own[village].Ref(), "2024", "2025-01-01"})
	w.must(err)
	return b
}

func line(account string, amount money.Fen, counterparty ...string) book.Posting {
	p := book.Posting{Account: account, Amount: amount}
	if len(counterparty) > 0 {
		p.Counterparty = counterparty[0]
	}
	return p
}

// draft is a voucher of two lines and more.
func draft(b Book, day period.Date, lines ...book.Posting) Draft {
	return Draft{Book: b.Ref(), Date: day, Summary: "测试业务", Postings: lines}
}

// rent is the village's rent, received at the bank.
func rent(b Book, day period.Date, amount money.Fen) Draft {
	return draft(b, day, line("102", amount), line("501", -amount))
}

// pay pays an expense from the bank.
func pay(b Book, day period.Date, amount money.Fen) Draft {
	return draft(b, day, line("513", amount), line("102", -amount))
}

func (w *world) enter(d Draft) Voucher {
	w.t.Helper()
	v, err := w.Enter(w.ctx, w.maker(), d, "")
	w.must(err)
	return v
}

func (w *world) check(v Voucher) Voucher {
	w.t.Helper()
	v, err := w.Check(w.ctx, w.checker(), v.Ref(), v.Version)
	w.must(err)
	return v
}

func (w *world) post(d Draft) Voucher {
	w.t.Helper()
	return w.check(w.enter(d))
}

func (w *world) book(ref Ref) Book {
	w.t.Helper()
	b, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (Book, error) { return Get(v, ref) })
	w.must(err)
	return b
}

func (w *world) voucher(ref VoucherRef) (Voucher, []PostingRow) {
	w.t.Helper()
	var lines []PostingRow
	v, err := store.Read(w.ctx, w.host.Store, func(v *store.View) (one Voucher, err error) {
		one, lines, err = VoucherOf(v, ref)
		return one, err
	})
	w.must(err)
	return v, lines
}

func (w *world) balances(ref Ref, on period.Date) []book.Balance {
	w.t.Helper()
	list, err := store.Read(w.ctx, w.host.Store, func(v *store.View) ([]book.Balance, error) {
		return Balances(v, ref, on)
	})
	w.must(err)
	return list
}

// on is what stands on an account.
func (w *world) on(ref Ref, account string, day period.Date) money.Fen {
	w.t.Helper()
	var sum money.Fen
	for _, b := range w.balances(ref, day) {
		if b.Account == account {
			sum += b.Amount
		}
	}
	return sum
}

func (w *world) close(ref Ref, month string) Closed {
	w.t.Helper()
	c, err := w.Close(w.ctx, w.checker(), ref, month)
	w.must(err)
	return c
}
