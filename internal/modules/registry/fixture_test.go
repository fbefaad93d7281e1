package registry

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/platform/webtest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// today is the day tests are on.
const today period.Date = "2026-01-05"

// site is the registry over a small city, with a server.
type site struct {
	*Registry
	t      testing.TB
	ctx    context.Context // of the program itself
	places *territory.Service
	place  map[string]int64 // by name
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

func parts() []store.Part {
	return []store.Part{log.Part(), audit.Part(), territory.Part(), part()}
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
	x := &site{t: t, ctx: access.With(t.Context(), access.Machine), place: map[string]int64{}}
	ring, err := keys.New(storetest.Random(7))
	x.must(err)
	h := &manifest.Host{Store: s, Keys: ring, Access: access.New(),
		Today: func() period.Date { return today }}
	national, err := pack.NewLibrary(packs.Files).Read("national")
	x.must(err)
	roles, findings := identity.ReadRoles(national)
	if fault.Stops(findings) {
		t.Fatal(findings)
	}
	h.Access.SetRoles(roles)
	x.places = territory.New(h)
	x.Registry = New(h, x.places)
	module := x.Module()
	h.Dictionary, err = locale.Load(locale.Own, web.Texts, api.Texts, audit.Texts, form.Texts,
		territory.Texts, module.Texts)
	x.must(err)
	s.Seal(slices.Concat(audit.Tables(), territory.Tables(), tables())...)
	h.Audit = audit.New(audit.Config{Store: s, Keys: ring, Access: h.Access})
	x.must(x.places.Start(t.Context()))
	x.must(module.Start(t.Context()))
	signer, err := log.NewSigner("test.example", ring.Log())
	x.must(err)
	h.Log = log.New(s, signer)
	return x
}

// build takes the small city in and serves it.
func build(t testing.TB, s *store.Store) *site {
	t.Helper()
	x := open(t, s)
	x.city(drafts)
	x.serve()
	return x
}

func (x *site) city(drafts []territory.Draft) []int64 {
	x.t.Helper()
	ids, err := x.places.Load(x.ctx, "2020-01-01", "test", slices.Clone(drafts))
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

// refused checks that an act was refused for a reason.
func (x *site) refused(err error, key string) {
	x.t.Helper()
	if !fault.HasKey(err, key) {
		x.t.Errorf("got %v, want the refusal %s", err, key)
	}
}

// findings are what the module's check and the log's say.
func (x *site) findings() []string {
	x.t.Helper()
	var all []string
	x.must(x.checkAll(x.ctx, func(f fault.Finding) { all = append(all, f.String()) }))
	return all
}

func (x *site) verify() {
	x.t.Helper()
	for _, f := range x.findings() {
		x.t.Errorf("verify: %s", f)
	}
	x.must(x.host.Log.Sequence(x.ctx))
	all := slices.Concat(audit.Tables(), territory.Tables(), tables())
	report, err := x.host.Log.Verify(x.ctx, all, func(int, int) {})
	x.must(err)
	for _, f := range report.Findings {
		x.t.Errorf("log: %s", f)
	}
}

// actor holds a role at a place.
func (x *site) actor(role, place string) access.Actor {
	id, ok := x.place[place]
	if !ok {
		x.t.Fatalf("no place %s", place)
	}
	return access.Actor{Account: 7, Name: role, Session: 9, Posts: []access.Post{{ID: 1, Role: role,
		Place: id}}}
}

// officer is the county officer of most tests.
func (x *site) officer() access.Actor { return x.actor("county_officer", "青山区") }

// entry is an organisation as a form would give it.
func (x *site) entry(place, name, code string) Organisation {
	id := x.place[place]
	return Organisation{Place: id, Level: x.places.Level(id), Name: name, Code: code, Members: 300}
}

// enter creates an organisation at a place with the nth code of its level.
func (x *site) enter(place string, n int) Organisation {
	x.t.Helper()
	o := x.entry(place, place+"股份经济合作联合社", "")
	o.Code = credit(o.Level, n)
	made, err := x.Create(x.ctx, access.Machine, o)
	x.must(err)
	return made
}

// get reads an organisation.
func (x *site) get(ref Ref) Organisation {
	x.t.Helper()
	o, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (Organisation, error) {
		return Get(v,
			ref)
	})
	x.must(err)
	return o
}

// credit makes the nth code of a level. Codes of tests are nobody's.
func credit(l division.Level, n int) string {
	return string(identifier.NewCredit('N', typeDigits[l], "500102", fmt.Sprintf("MF%06d", n)))
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
	module := x.Module()
	h.Web.AddViews("registry", module.Views)
	h.Web.AddMenu(module.Menu...)
	h.Web.AddCards(module.Cards...)
	h.Web.Handle(module.Pages...)
	h.Web.Handle(web.Route{Pattern: "GET /test/place/{id}", Access: web.Public(),
		Handle: func(r *web.Request) (web.Answer, error) {
			id, _ := r.ID("id")
			cards, err := r.Cards("place", web.CardSubject{ID: id, Place: id, On: today})
			return web.Text(fmt.Sprint(cards)), err
		}})
	module.Endpoints(h.API)
	h.Web.Mount(api.Root, h.API.Handler(), h.API.Refuse)
	var err error
	x.handler, err = h.Web.Handler()
	x.must(err)
	server := httptest.NewServer(x.handler)
	x.t.Cleanup(server.Close)
	x.Client = webtest.New(x.t, server.URL).Following()
}
