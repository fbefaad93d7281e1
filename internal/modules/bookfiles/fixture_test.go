package bookfiles

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/platform/webtest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// today is the day tests are on.
const today period.Date = "2026-01-05"

// site is the files of books over a small city, with a server.
type site struct {
	*Bookfiles
	t      testing.TB
	ctx    context.Context // of the program itself
	gaz    *territory.Service
	owners *registry.Registry
	place  map[string]int64 // by name
	today  period.Date
	own    map[string]registry.Organisation
	parts  []manifest.Module
	*webtest.Client
	handler http.Handler
}

// drafts are the places of the small city.
var drafts = []territory.Draft{
	{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"},
	{Parent: 0, Level: division.County, Name: "青山区", Code: "500102000000"},
	{Parent: 1, Level: division.Township, Name: "白涛镇", Code: "500102103000"},
	{Parent: 2, Level: division.Village, Name: "天台村", Code: "500102103201"},
	{Parent: 2, Level: division.Village, Name: "小溪村", Code: "500102103202"},
	{Parent: 2, Level: division.Village, Name: "龙泉村", Code: "500102103203"},
	{Parent: 3, Level: division.Group, Name: "天台村一组", Code: "50010210320101"},
	{Parent: 3, Level: division.Group, Name: "天台村二组", Code: "50010210320102"},
	{Parent: 0, Level: division.County, Name: "白水区", Code: "500155000000"},
	{Parent: 8, Level: division.Township, Name: "云龙镇", Code: "500155101000"},
	{Parent: 9, Level: division.Village, Name: "三清村", Code: "500155101201"},
}

// parts are the pieces with tables under test.
func parts() []store.Part {
	h := &manifest.Host{}
	all := []store.Part{log.Part(), audit.Part(), files.Part(), jobs.Part(), intake.Part(), identity.Part(),
		territory.Part()}
	for _, m := range []manifest.Module{registry.New(h, nil).Module(), ledger.New(h, nil).Module(), New(h,
		nil).Module()} {
		m.Part.Name = m.Name
		all = append(all, m.Part)
	}
	return all
}

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		x := build(t, s)
		fn(x)
		x.verify()
	})
}

func open(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := &site{t: t, ctx: access.With(t.Context(), access.Machine), place: map[string]int64{}, today: today,
		own: map[string]registry.Organisation{}}
	ring, err := keys.New(storetest.Random(7))
	x.must(err)
	h := &manifest.Host{Store: s, Keys: ring, Access: access.New(),
		Today: func() period.Date { return x.today }}
	h.Packs, err = pack.NewLibrary(packs.Files).Read("national")
	x.must(err)
	roles, findings := identity.ReadRoles(h.Packs)
	if fault.Stops(findings) {
		t.Fatal(findings)
	}
	h.Access.SetRoles(roles)
	x.gaz = territory.New(h)
	x.owners = registry.New(h, x.gaz)
	books := ledger.New(h, x.gaz)
	x.Bookfiles = New(h, books)
	x.parts = []manifest.Module{x.owners.Module(), books.Module(), x.Module()}
	h.Dictionary, err = locale.Load(locale.Own, web.Texts, api.Texts, audit.Texts, form.Texts, intake.Texts,
		sheet.Texts, files.Texts, jobs.Texts, identity.Texts, territory.Texts, x.parts[0].Texts,
		x.parts[1].Texts,
		x.parts[2].Texts)
	x.must(err)
	s.Seal(x.tables()...)
	h.Audit = audit.New(audit.Config{Store: s, Keys: ring, Access: h.Access})
	x.machinery(s, ring)
	x.must(x.gaz.Start(t.Context()))
	for _, m := range x.parts {
		x.must(m.Start(t.Context()))
	}
	signer, err := log.NewSigner("test.example", ring.Log())
	x.must(err)
	h.Log = log.New(s, signer)
	return x
}

func (x *site) tables() []store.Sealed {
	return slices.Concat(audit.Tables(), files.Tables(), jobs.Tables(), intake.Tables(), identity.Tables(),
		territory.Tables(), x.parts[0].Tables, x.parts[1].Tables, x.parts[2].Tables)
}

// build takes the small city in and serves it.
func build(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := open(t, s)
	x.city(drafts)
	for i, place := range []string{"天台村", "小溪村", "三清村"} {
		x.own[place] = x.enterOwner(place, i+1)
	}
	x.serve()
	return x
}

func (x *site) city(drafts []territory.Draft) []int64 {
	x.t.Helper()
	ids, err := x.gaz.Load(x.ctx, "2020-01-01", "test", slices.Clone(drafts))
	x.must(err)
	for i, d := range drafts {
		x.place[d.Name] = ids[i]
	}
	return ids
}

func (x *site) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *site) verify() {
	x.t.Helper()
	for _, m := range x.parts {
		for _, c := range m.Checks {
			x.must(c.Run(x.ctx, func(f fault.Finding) { x.t.Errorf("verify: %s", f) }))
		}
	}
	x.must(x.host.Log.Sequence(x.ctx))
	report, err := x.host.Log.Verify(x.ctx, x.tables(), func(int, int) {})
	x.must(err)
	for _, f := range report.Findings {
		x.t.Errorf("log: %s", f)
	}
}

// accounts are the people: one for each role.
var accounts = map[string]int64{"delegated_bookkeeper": 7, "township_reviewer": 8, "village_accountant": 9,
	"village_head": 10, "county_officer": 11}

// actor holds a role at a place.
func (x *site) actor(role, place string) access.Actor {
	id, ok := x.place[place]
	if !ok {
		x.t.Fatalf("no place %s", place)
	}
	return access.Actor{Account: accounts[role], Name: role, Session: 9, Posts: []access.Post{{ID: 1,
		Role:  role,
		Place: id}}}
}

// enterOwner creates an organisation at a place with the nth code of a village.
func (x *site) enterOwner(place string, n int) registry.Organisation {
	x.t.Helper()
	o, err := x.owners.Create(x.ctx, access.Machine, registry.Organisation{Place: x.place[place],
		Level: division.Village, Name: place + "股份经济合作联合社", Members: 300,
		Code: string(identifier.NewCredit('N', identifier.VillageCollective, "500102", fmt.Sprintf("MF%06d",
			n)))})
	x.must(err)
	return o
}

// openBook opens the books of a village under a chart from a day.
func (x *site) openBook(village, chart string, from period.Date) ledger.Book {
	x.t.Helper()
	b, err := x.ledger.OpenBook(x.ctx, access.Machine, ledger.Opening{Organisation: x.own[village].Ref(),
		Chart: chart, From: from})
	x.must(err)
	return b
}

// balances are what stands on the accounts of a book, by account and counterparty.
func (x *site) balances(b ledger.Book) map[string]money.Fen {
	x.t.Helper()
	all := map[string]money.Fen{}
	x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
		list, err := ledger.Balances(v, b.Ref(), x.today)
		for _, one := range list {
			all[one.Account+one.Counterparty] += one.Amount
		}
		return err
	}))
	for key, amount := range all {
		if amount == 0 {
			delete(all, key)
		}
	}
	return all
}

// refused checks that an act was refused for a reason.
func (x *site) refused(err error, key string) {
	x.t.Helper()
	if !fault.HasKey(err, key) {
		x.t.Errorf("got %v, want the refusal %s", err, key)
	}
}

func (x *site) serve() {
	x.t.Helper()
	h, now := x.host, storetest.Start
	h.Web = web.New(web.Config{Dictionary: h.Dictionary, Access: h.Access, Title: "江城市",
		Clock: func() time.Time { now = now.Add(50 * time.Millisecond); return now },
		Authenticate: func(r *http.Request) (access.Actor, error) {
			role, place, somebody, err := webtest.Claimed(r)
			if !somebody || err != nil {
				return access.Actor{}, err
			}
			return x.actor(role, place), nil
		}})
	h.API = api.New("test", h.Dictionary, h.Access)
	h.Web.Handle(h.Files.Routes()...)
	for _, m := range x.parts {
		if m.Views != nil {
			h.Web.AddViews(m.Name, m.Views)
		}
		h.Web.AddMenu(m.Menu...)
		h.Web.AddCards(m.Cards...)
		h.Web.Handle(m.Pages...)
		if m.Endpoints != nil {
			m.Endpoints(h.API)
		}
	}
	h.Web.Mount(api.Root, h.API.Handler(), h.API.Refuse)
	var err error
	x.handler, err = h.Web.Handler()
	x.must(err)
	server := httptest.NewServer(x.handler)
	x.t.Cleanup(server.Close)
	x.Client = webtest.New(x.t, server.URL)
}

// machinery opens what files, jobs and intakes need.
func (x *site) machinery(s *store.Store, ring *keys.Ring) {
	x.t.Helper()
	h := x.host
	var err error
	h.Files, err = files.New(files.Config{Folder: x.t.TempDir(), Store: s, Keys: ring})
	x.must(err)
	h.Intake = intake.New(s, h.Access, ring)
	h.Identity = identity.New(identity.Config{Store: s, Access: h.Access, Keys: ring, Audit: h.Audit})
	h.Jobs = jobs.New(s, x.parts[2].JobKinds...)
}
