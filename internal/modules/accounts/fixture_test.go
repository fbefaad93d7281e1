package accounts_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/terrace-project/terrace/internal/modules/accounts"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/config"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/provider"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// places: 1 a city, 2 and 3 its counties, 5 a village of 2, 7 one of 3; 9 was abolished for 5.
type places struct{}

var parents = map[int64]int64{1: 0, 2: 1, 3: 1, 5: 2, 7: 3}

var levels = map[int64]division.Level{1: division.Prefecture, 2: division.County, 3: division.County,
	5: division.Village, 7: division.Village}

var names = map[int64]string{1: "江城市", 2: "青山区", 3: "白水县", 5: "桃花村", 7: "柳树村", 9: "梨花村"}

func (places) Path(place int64) access.Path {
	if _, known := parents[place]; !known {
		return nil
	}
	var path access.Path
	for p := place; p != 0; p = parents[p] {
		path = append(binary.BigEndian.AppendUint32(nil, uint32(p)), path...)
	}
	return path
}

func (places) Members(int64) []int64 { return []int64{2, 3} }

func (places) Level(place int64) (division.Level, bool) {
	l, known := levels[place]
	return l, known
}

func (places) Name(place int64) string { return names[place] }

func (places) Find(_ context.Context, text string) (int64, error) {
	for id, name := range names {
		if text == name || text == string(rune('0'+id)) {
			return id, nil
		}
	}
	return 0, fault.New(fault.Invalid, "identity.no_place")
}

func (places) Successors(_ context.Context, place int64, _ period.Date) ([]int64, error) {
	return map[int64][]int64{9: {5}}[place], nil
}

func (places) Areas(context.Context, period.Date) ([]identity.Area, error) {
	return []identity.Area{{ID: 1, Name: "两县区"}}, nil
}

var placePart = store.Part{Name: "places", Migrations: fstest.MapFS{"0001_places.sql": {
	Data: []byte(`-- +goose Up
CREATE TABLE place_path (place BIGINT NOT NULL, path BYTEA NOT NULL, PRIMARY KEY (place));`)}}}

// site is the module in a server, on a database of its own.
type site struct {
	t      *testing.T
	host   *manifest.Host
	module manifest.Module
	server *httptest.Server
	clock  *clock
	out    *bytes.Buffer
}

var settings = []config.Setting{{Key: "title", Default: "江城市"}, {Key: "secure", Default: "false"}}

// each runs a test on each engine.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	clock := &clock{now: storetest.Start}
	parts := []store.Part{log.Part(), audit.Part(), identity.Part(), placePart}
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		clock.set(storetest.Start)
		site := &site{t: t, clock: clock, out: &bytes.Buffer{}}
		site.open(s)
		fn(site)
	}, storetest.WithClock(clock.Now))
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) open(database *store.Store) {
	s.t.Helper()
	ring, err := keys.New(storetest.Random(7))
	s.must(err)
	h := &manifest.Host{Store: database, Keys: ring, Access: access.New()}
	s.host = h
	h.Config, err = config.Resolve(settings, config.Inputs{})
	s.must(err)
	h.Today = func() period.Date { return database.Now().Date() }
	h.Open = func(context.Context) (func(), error) { return func() {}, nil }
	signer, err := log.NewSigner("test.example", ring.Log())
	s.must(err)
	h.Log = log.New(database, signer)
	s.module = accounts.New(h).Module()
	h.Dictionary, err = locale.Load(locale.Own, web.Texts, api.Texts, identity.Texts, audit.Texts,
		password.Texts, provider.Texts, s.module.Texts)
	s.must(err)
	h.Console = &cli.Console{Out: s.out, Err: s.out, Dictionary: h.Dictionary, Language: locale.English}
	national, err := pack.NewLibrary(packs.Files).Read("national")
	s.must(err)
	roles, _ := identity.ReadRoles(national)
	h.Access.SetRoles(roles)
	h.Access.SetPlaces(places{})
	database.Seal(slices.Concat(identity.Tables(), audit.Tables())...)
	h.Audit = audit.New(audit.Config{Store: database, Keys: ring, Access: h.Access})
	h.Identity = identity.New(identity.Config{Store: database, Keys: ring, Access: h.Access,
		Audit: h.Audit, Cost: password.Cost{Memory: 64, Time: 1}})
	h.Identity.SetPlaces(places{})
	s.must(database.Maintain(s.t.Context(), func(tx *store.Tx) error {
		for place := range parents {
			if _, err := tx.Exec(`INSERT INTO place_path (place, path) VALUES (?, ?)`, place,
				[]byte(places{}.Path(place))); err != nil {
				return err
			}
		}
		return nil
	}))
	s.serve()
}

func (s *site) serve() {
	s.t.Helper()
	h := s.host
	h.Web = web.New(web.Config{Dictionary: h.Dictionary, Access: h.Access, Clock: s.clock.Now, Title: "江城市",
		Authenticate: h.Identity.Authenticate, Detours: identity.Detours()})
	h.API = api.New("test", h.Dictionary, h.Access)
	h.Web.AddViews("accounts", s.module.Views)
	h.Web.AddMenu(s.module.Menu...)
	h.Web.Handle(s.module.Pages...)
	s.module.Endpoints(h.API)
	h.Web.Mount(api.Root, h.API.Handler(), h.API.Refuse)
	handler, err := h.Web.Handler()
	s.must(err)
	s.server = httptest.NewServer(handler)
	s.t.Cleanup(s.server.Close)
}

// person loads an account with posts.
func (s *site) person(login string, held ...identity.Proposal) int64 {
	s.t.Helper()
	for i := range held {
		held[i].Since = "2026-01-01"
	}
	ids, err := s.host.Identity.Load(s.t.Context(), []identity.Loaded{{Entry: identity.Entry{Login: login,
		Name: "某" + login, Phone: "13812345678"}, Password: passwordOf(login), Posts: held}})
	s.must(err)
	return ids[0]
}

func passwordOf(login string) string { return "Rain on 7 terraces, " + login[:1] }

func at(role string, place int64) identity.Proposal {
	return identity.Proposal{Role: role, Place: place}
}

// browser is somebody at the site.
type browser struct {
	s      *site
	client *http.Client
	secret string // of the second factor
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	s.must(err)
	return &browser{s: s, client: &http.Client{Jar: jar}}
}

// page is an answer.
type page struct {
	status int
	path   string // with the query
	body   string
	header http.Header
}

func (b *browser) do(r *http.Request) page {
	b.s.t.Helper()
	r.Header.Set("Accept", "text/html")
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", "en")
	}
	answer, err := b.client.Do(r)
	b.s.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	b.s.must(err)
	return page{answer.StatusCode, answer.Request.URL.RequestURI(), string(body), answer.Header}
}

func (b *browser) get(path string) page {
	b.s.t.Helper()
	r, err := http.NewRequestWithContext(b.s.t.Context(), http.MethodGet, b.s.server.URL+path, nil)
	b.s.must(err)
	return b.do(r)
}

// post sends a form; fields are name, value, name, value …
func (b *browser) post(path string, fields ...string) page {
	b.s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := http.NewRequestWithContext(b.s.t.Context(), http.MethodPost, b.s.server.URL+path,
		strings.NewReader(form.Encode()))
	b.s.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// in signs a person in; administrators set up their second factor on the way.
func (s *site) in(login string) *browser {
	s.t.Helper()
	b := s.browser()
	p := b.post("/sign-in", "login", login, "password", passwordOf(login), "next", "/account")
	if strings.HasPrefix(p.path, identity.SecondPath) {
		b.enrol(p)
		p = b.get("/account")
	}
	if p.path != "/account" || p.status != http.StatusOK {
		s.t.Fatalf("%s arrived at %s (%d)", login, p.path, p.status)
	}
	return b
}

// enrol sets up the second factor on its page and returns the page with the recovery codes.
func (b *browser) enrol(p page) page {
	b.s.t.Helper()
	b.secret = strings.ReplaceAll(found(b.s.t, p, `class="key">([^<]+)<`), " ", "")
	return b.post(identity.SecondPath, "pending", found(b.s.t, p, `name="pending" value="([^"]+)"`), "code",
		b.code())
}

func (b *browser) code() string {
	code, err := totp.GenerateCode(b.secret, b.s.clock.Now())
	b.s.must(err)
	return code
}

// found is the first group of a pattern in a page.
func found(t *testing.T, p page, pattern string) string {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(p.body)
	if match == nil {
		t.Fatalf("%s (%d) has no %s:\n%s", p.path, p.status, pattern, p.body)
	}
	return match[1]
}

func (p page) has(text string) bool { return strings.Contains(p.body, text) }

// expect checks status and a piece of text.
func (p page) expect(t *testing.T, status int, text string) {
	t.Helper()
	if p.status != status || !p.has(text) {
		t.Errorf("%s answered %d, want %d with %q:\n%s", p.path, p.status, status, text, p.body)
	}
}
