package gazetteer

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/packs"
)

// site is the gazetteer behind a web server, with its commands.
type site struct {
	*fixture
	handler http.Handler
	out     bytes.Buffer
	people  map[string]access.Actor // by the header X-As
}

// eachSite runs fn on both engines, with the sample's two editions taken over.
func eachSite(t *testing.T, fn func(*testing.T, *site)) {
	t.Helper()
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		w := newSite(t, s)
		w.take("2016-07-31", placetest.Sample)
		w.take("2020-06-30", placetest.Recoded)
		w.appoint()
		fn(t, w)
		w.verify()
	})
}

// newSite puts a server around a fixture.
func newSite(t testing.TB, s *store.Store) *site {
	t.Helper()
	w := &site{fixture: newFixture(t, s), people: map[string]access.Actor{}}
	w.fixture.t = t
	h := w.host
	var err error
	h.Packs, err = pack.NewLibrary(packs.Files).Read("chongqing")
	w.must(err)
	h.Access.SetRoles([]access.Role{
		{Key: "officer", Permits: []access.Permit{territory.PermitRead, territory.PermitChange,
			territory.PermitImport}},
		{Key: "reader", Permits: []access.Permit{territory.PermitRead}}})
	module, lists := w.Module(), w.lists.Module()
	h.Dictionary, err = locale.Load(locale.Own, web.Texts, api.Texts, pack.Texts, territory.Texts,
		module.Texts, lists.Texts)
	w.must(err)
	h.Console = &cli.Console{Out: &w.out, Err: io.Discard, Dictionary: h.Dictionary,
		Language: locale.English}
	h.Open = func(context.Context) (func(), error) { return func() {}, nil }
	h.Web = web.New(web.Config{Dictionary: h.Dictionary, Access: h.Access, Title: "重庆市",
		Clock: func() time.Time { return w.today.Start().Time().Add(9 * time.Hour) },
		Authenticate: func(r *http.Request) (access.Actor, error) {
			as := r.Header.Get("X-As")
			if c, err := r.Cookie("as"); err == nil {
				as = c.Value
			}
			return w.people[as], nil
		}})
	h.API = api.New("test", h.Dictionary, h.Access)
	for _, m := range []manifest.Module{module, lists} {
		h.Web.AddViews(m.Name, m.Views)
		h.Web.AddMenu(m.Menu...)
		h.Web.Handle(m.Pages...)
		m.Endpoints(h.API)
	}
	h.Web.Mount(api.Root, h.API.Handler(), h.API.Refuse)
	w.handler, err = h.Web.Handler()
	w.must(err)
	return w
}

// appoint lets people work: at the city, at the district that lies beside Liangping, and as readers.
func (w *site) appoint() {
	post := func(role string, place int64) []access.Post {
		return []access.Post{{Role: role,
			Place: place}}
	}
	w.people["city"] = access.Actor{Account: 1, Name: "市级经办", Posts: post("officer", w.id("500000"))}
	w.people["fuling"] = access.Actor{Account: 2, Name: "涪陵经办", Posts: post("officer", w.id("500102"))}
	w.people["reader"] = access.Actor{Account: 3, Name: "村会计", Posts: post("reader", w.id("500102103201"))}
	w.people["idle"] = access.Actor{Account: 4, Name: "无岗位"}
}

// page is an answer.
type page struct {
	status int
	body   string
	header http.Header
}

func (w *site) do(as string, r *http.Request) page {
	w.t.Helper()
	r.Header.Set("X-As", as)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "text/html")
	}
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", "en")
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return page{answer.Code, answer.Body.String(), answer.Header()}
}

func (w *site) get(as, path string) page {
	w.t.Helper()
	return w.do(as, httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form; fields are name, value, name, value …
func (w *site) post(as, path string, fields ...string) page {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(as, r)
}

// send sends JSON to the API.
func (w *site) send(as, path, tag string, body any) page {
	w.t.Helper()
	text, err := json.Marshal(body)
	w.must(err)
	r := httptest.NewRequest(http.MethodPost, api.Root+"v1"+path, bytes.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if tag != "" {
		r.Header.Set("If-Match", tag)
	}
	return w.do(as, r)
}

// ask reads from the API.
func (w *site) ask(as, path string, into any) page {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, api.Root+"v1"+path, nil)
	r.Header.Set("Accept", "application/json")
	p := w.do(as, r)
	if into != nil && p.status == http.StatusOK {
		w.must(json.Unmarshal([]byte(p.body), into))
	}
	return p
}

// run runs a command and returns what it printed.
func (w *site) run(args ...string) (string, error) {
	w.t.Helper()
	w.out.Reset()
	command := w.Module().Commands()[0]
	command.SilenceUsage, command.SilenceErrors = true, true
	command.SetArgs(args)
	err := command.ExecuteContext(w.t.Context())
	return w.out.String(), err
}
