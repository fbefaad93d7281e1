package ledger

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// world is the books of a small city.
type world struct {
	*Ledger
	t      testing.TB
	ctx    context.Context // of the program itself
	places *territory.Service
	owners *registry.Registry
	place  map[string]int64
	own    map[string]registry.Organisation // by the name of the place
	table  []store.Sealed
	today  period.Date
}

// drafts are the places of the small city.
var drafts = []territory.Draft{
	{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"},
	{Parent: 0, Level: division.County, Name: "青山区", Code: "500102000000"},
	{Parent: 1, Level: division.Township, Name: "白涛镇", Code: "500102103000"},
	{Parent: 2, Level: division.Village, Name: "天台村", Code: "500102103201"},
	{Parent: 2, Level: division.Village, Name: "小溪村", Code: "500102103202"},
	{Parent: 0, Level: division.County, Name: "白水区", Code: "500155000000"},
	{Parent: 5, Level: division.Township, Name: "云龙镇", Code: "500155101000"},
	{Parent: 6, Level: division.Village, Name: "三清村", Code: "500155101201"},
}

func parts() []store.Part {
	h := &manifest.Host{}
	list := []store.Part{log.Part(), audit.Part(), jobs.Part(), files.Part(), measure.Part(),
		territory.Part(), part()}
	owners := registry.New(h, nil).Module().Part
	owners.Name = "registry"
	return append(list, owners)
}

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*world)) {
	t.Helper()
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.found()
		fn(w)
		w.verify()
	})
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	w := &world{t: t, ctx: access.With(t.Context(), access.Machine), place: map[string]int64{},
		own: map[string]registry.Organisation{}, today: "2026-01-05"}
	ring, err := ringOf()
	w.must(err)
	h := &manifest.Host{Store: s, Keys: ring, Access: access.New(),
		Today: func() period.Date { return w.today }}
	h.Packs, err = pack.NewLibrary(packs.Files).Read("national")
	w.must(err)
	h.Measures, err = measure.New(s, measures()...)
	w.must(err)
	roles, _ := identity.ReadRoles(h.Packs)
	h.Access.SetRoles(roles)
	w.places = territory.New(h)
	w.owners = registry.New(h, w.places)
	w.Ledger = New(h, w.places)
	h.Jobs = jobs.New(s, w.jobKinds()...)
	h.Files, err = files.New(files.Config{Folder: t.TempDir(), Store: s, Keys: ring})
	w.must(err)
	w.table = slices.Concat(files.Tables(), territory.Tables(), w.owners.Module().Tables, tables())
	s.Seal(w.table...)
	w.must(w.places.Start(t.Context()))
	w.must(w.Module().Start(t.Context()))
	signer, err := log.NewSigner("test.example", ring.Log())
	w.must(err)
	h.Log = log.New(s, signer)
	return w
}

func ringOf() (*keys.Ring, error) { return keys.New(storetest.Random(7)) }

// found takes the small city in, with an organisation in each village.
func (w *world) found() {
	w.t.Helper()
	ids, err := w.places.Load(w.ctx, "2020-01-01", "test", slices.Clone(drafts))
	w.must(err)
	for i, d := range drafts {
		w.place[d.Name] = ids[i]
		if d.Level != division.Village {
			continue
		}
		o := registry.Organisation{Place: ids[i], Level: d.Level, Name: d.Name + "股份经济合作联合社", Members: 300,
			Code: string(identifier.NewCredit('N', identifier.VillageCollective, "500102",
				fmt.Sprintf("MF%06d", i)))}
		w.own[d.Name], err = w.owners.Create(w.ctx, access.Machine, o)
		w.must(err)
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		if f := fault.Of(err); len(f.Findings) > 0 {
			w.t.Fatalf("%v: %v", err, f.Findings)
		}
		w.t.Fatal(err)
	}
}

// refused checks that an act was refused for a reason.
func (w *world) refused(err error, key string) {
	w.t.Helper()
	if !fault.HasKey(err, key) {
		w.t.Errorf("got %v, want the refusal %s", err, key)
	}
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

func (w *world) verify() {
	w.t.Helper()
	for _, f := range w.findings() {
		w.t.Errorf("verify: %s", f)
	}
	w.must(w.host.Log.Sequence(w.ctx))
	report, err := w.host.Log.Verify(w.ctx, w.table, func(int, int) {})
	w.must(err)
	for _, f := range report.Findings {
		w.t.Errorf("log: %s", f)
	}
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
