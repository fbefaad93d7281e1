package operations_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/terrace-project/terrace/internal/modules/operations"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/archive"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// texts are the words of the kinds of job that these tests have.
var texts = fstest.MapFS{"texts/t.csv": {Data: []byte("key,zh,en\njob.count,清点入库,Count in\n")}}

var parts = []store.Part{log.Part(), jobs.Part(), files.Part(), measure.Part(), archive.OwnPart(),
	{Name: "place", Migrations: fstest.MapFS{"0001_place.sql": {Data: []byte(`-- +goose Up
CREATE TABLE place_path (place BIGINT NOT NULL, path BYTEA NOT NULL, PRIMARY KEY (place));
`)}}}}

type places struct{}

func (places) Path(place int64) access.Path {
	if place < 1 || place > 2 {
		return nil
	}
	return access.Path{0, 0, 0, byte(place)}
}
func (places) Members(int64) []int64 { return nil }

// people are whom the tests sign in as, by the header X-As.
var people = map[string]access.Actor{
	"admin":     {Account: 1, Name: "系统管理员", Posts: []access.Post{{Role: "system"}}},
	"officer":   {Account: 2, Name: "区县经办", Posts: []access.Post{{Role: "officer", Place: 1}}},
	"neighbour": {Account: 3, Name: "邻县经办", Posts: []access.Post{{Role: "officer", Place: 2}}},
	"owner":     {Account: 9, Name: "村会计"},
}

// site is the module behind a web server.
type site struct {
	host    *manifest.Host
	handler http.Handler
	now     func() time.Time
}

func newSite(t testing.TB, s *store.Store) *site {
	t.Helper()
	now := storetest.Start
	clock := func() time.Time { return now }
	h := &manifest.Host{Store: s, Access: access.New(),
		Today: func() period.Date { return period.At(clock()).Date() }}
	h.Access.SetPlaces(places{})
	h.Access.SetRoles([]access.Role{
		{Key: "system", Administrator: "system",
			Permits: []access.Permit{operations.Read, jobs.ReadPermit, jobs.ManagePermit}},
		{Key: "officer", Permits: []access.Permit{jobs.ReadPermit}}})
	ring, err := keys.New(storetest.Random(1))
	must(t, err)
	signer, err := log.NewSigner("terrace.test", ring.Log())
	must(t, err)
	h.Log = log.New(s, signer)
	h.Jobs = jobs.New(s, jobs.Kind{Key: "count", Run: func(ctx context.Context, run *jobs.Run) error {
		return run.Tell(ctx, jobs.Progress{Done: 10, Total: 10})
	}}, jobs.Kind{Key: "jobs.broken", AttemptsMax: 1, Run: func(context.Context, *jobs.Run) error {
		return fault.New(fault.Invalid, "web.date", "2026-02-30")
	}})
	h.Files, err = files.New(files.Config{Folder: filepath.Join(t.TempDir(), "files"), Store: s,
		Keys: ring})
	must(t, err)
	h.Packs, err = pack.NewLibrary(packs.Files).Read("chongqing")
	must(t, err)
	module := operations.New(h).Module()
	h.Dictionary, err = locale.Load(locale.Own, web.Texts, api.Texts, pack.Texts, jobs.Texts, files.Texts,
		measure.Texts, archive.Texts, module.Texts, texts)
	must(t, err)
	h.Web = web.New(web.Config{Dictionary: h.Dictionary, Access: h.Access, Clock: clock, Title: "重庆市",
		Authenticate: func(r *http.Request) (access.Actor, error) {
			return people[r.Header.Get("X-As")],
				nil
		}})
	h.API = api.New("test", h.Dictionary, h.Access)
	h.Web.AddViews(module.Name, module.Views)
	h.Web.AddMenu(module.Menu...)
	h.Web.Handle(module.Pages...)
	module.Endpoints(h.API)
	h.Web.Mount(api.Root, h.API.Handler(), h.API.Refuse)
	site := &site{host: h, now: clock}
	site.handler, err = h.Web.Handler()
	must(t, err)
	return site
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *site) ask(method, path, as string) (int, string) {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("X-As", as)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", "en")
	if strings.HasPrefix(path, "/api") {
		r.Header.Set("Accept", "application/json")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (s *site) order(t testing.TB, o jobs.Order) string {
	t.Helper()
	var id int64
	must(t, s.host.Store.Maintain(t.Context(), func(tx *store.Tx) (err error) {
		id, err = s.host.Jobs.Enqueue(tx, o)
		return err
	}))
	return "/jobs/" + strconv.FormatInt(o.Home, 10) + "/" + strconv.FormatInt(id, 10)
}

func each(t *testing.T, fn func(*testing.T, *site)) {
	t.Helper()
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		must(t, s.Maintain(t.Context(), func(tx *store.Tx) error {
			for place := range int64(2) {
				if _, err := tx.Exec(`INSERT INTO place_path (place, path) VALUES (?, ?)`, place+1,
					[]byte(places{}.Path(place+1))); err != nil {
					return err
				}
			}
			return nil
		}))
		s.Seal(slices.Concat(files.Tables(), archive.Tables())...)
		fn(t, newSite(t, s))
	})
}

// TestWhoSeesAJob on its page, in the list, as a file and over the API, and who may stop it.
func TestWhoSeesAJob(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		path := s.order(t, jobs.Order{Home: 7, Kind: "count", Subject: "import/12", Place: 1, Actor: 9})
		for who, want := range map[string]struct{ sees, stops bool }{"admin": {true, true},
			"officer":   {true, false},
			"neighbour": {}, "owner": {true, true}, "": {}} {
			code, body := s.ask("GET", path, who)
			if (code == 200) != want.sees || strings.Contains(body, "import/12") != want.sees {
				t.Errorf("%q: the page answers %d", who, code)
			}
			if offered := strings.Contains(body, path+"/stop"); offered != want.stops {
				t.Errorf("%q is offered to stop it: %v", who, offered)
			}
			for _, list := range []string{"/jobs", "/jobs?columns=kind,subject&format=csv",
				"/jobs?format=json",
				"/api/v1/jobs", "/api/v1" + path} {
				_, body := s.ask("GET", list, who)
				if strings.Contains(body, path) != want.sees && strings.Contains(body,
					"import/12") != want.sees &&
					strings.Contains(body, "Count in") != (want.sees || list == "/jobs") {
					t.Errorf("%q in %s: %s", who, list, body)
				}
			}
			for _, stop := range []string{path + "/stop", "/api/v1" + path + "/stop"} {
				if want.stops {
					continue
				}
				if code, _ := s.ask("POST", stop, who); code < 400 && who != "" {
					t.Errorf("%q stopped it through %s: %d", who, stop, code)
				}
			}
		}
		if _, body := s.ask("GET", path, "owner"); !strings.Contains(body, "waiting") {
			t.Error("somebody who may not has stopped it")
		}
		if code, _ := s.ask("POST", path+"/stop", "owner"); code != http.StatusSeeOther {
			t.Errorf("the owner's stop answers %d", code)
		}
		if _, body := s.ask("GET", path, "owner"); !strings.Contains(body, "stopped") ||
			strings.Contains(body, "http-equiv=\"refresh\"") {
			t.Error("the page of a stopped job goes on loading itself, or does not say that it stopped")
		}
	})
}

func TestTheListIsOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		mine := s.order(t, jobs.Order{Home: 7, Kind: "count", Place: 1, Actor: 9})
		others := s.order(t, jobs.Order{Home: 7, Kind: "count", Place: 2, Actor: 3})
		program := s.order(t, jobs.Order{Home: 0, Kind: "count"})
		for who, want := range map[string][]string{"owner": {mine}, "officer": {mine},
			"neighbour": {others},
			"admin":     {mine, others, program}} {
			code, body := s.ask("GET", "/jobs", who)
			for _, path := range []string{mine, others, program} {
				if strings.Contains(body, `href="`+path+`"`) != slices.Contains(want, path) {
					t.Errorf("%s sees %s: %d", who, path, code)
				}
			}
			if !strings.Contains(body, fmt.Sprintf("%d in all", len(want))) &&
				!(len(want) == 1 && strings.Contains(body, "in all")) {
				t.Errorf("%s: the count is wrong", who)
			}
		}
		if code, body := s.ask("GET", "/jobs?state=done", "owner"); code != 200 || strings.Contains(body,
			mine) {
			t.Errorf("filtered: %d", code)
		}
	})
}

// TestAPageOfSomethingRunning has a bar, a rate and the time left, and loads itself again.
func TestAPageOfSomethingRunning(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		path := s.order(t, jobs.Order{Home: 7, Kind: "count", Place: 1, Actor: 9})
		begun := period.At(s.now()).Add(-10 * time.Second)
		must(t, s.host.Store.Maintain(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE job SET state = 'running', done = 2500, total = 10000, begun = ?,
				begun_done = 500, lease_until = ? WHERE home = 7`, begun, begun.Add(time.Hour))
			return err
		}))
		_, body := s.ask("GET", path, "owner")
		for _, want := range []string{`<progress id="progress" max="100" value="25">`,
			"2,500 / 10,000 (25 %)",
			"200.0 a second", "38 s", `<meta http-equiv="refresh" content="3">`, "running"} {
			if !strings.Contains(body, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})
}

func TestARefusalIsShownInWords(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		path := s.order(t, jobs.Order{Home: 7, Kind: "jobs.broken", Place: 1, Actor: 9})
		must(t, s.host.Jobs.Drain(t.Context()))
		if _, body := s.ask("GET", path, "owner"); !strings.Contains(body, "“2026-02-30” is not a date.") ||
			!strings.Contains(body, "Correct the date and send again.") {
			t.Errorf("the refusal is not told:\n%s", body)
		}
	})
}

func TestTheStateOfTheInstallation(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for _, path := range []string{"/operations", "/operations/pack"} {
			for who, want := range map[string]int{"admin": 200, "officer": 403, "owner": 403, "": 303} {
				if code, _ := s.ask("GET", path, who); code != want {
					t.Errorf("%s for %q: %d, want %d", path, who, code, want)
				}
			}
		}
		if _, body := s.ask("GET", "/operations", "admin"); !strings.Contains(body, "never backed up") {
			t.Error("a missing backup is not told")
		}
		must(t, archive.Record(t.Context(), s.host.Store, "/backups/city.terrace",
			archive.Written{Size: 12345, Hash: strings.Repeat("ab", 32)}))
		_, body := s.ask("GET", "/operations", "admin")
		if !strings.Contains(body, "city.terrace") || strings.Contains(body, "/backups") ||
			!strings.Contains(body, "12,345") {
			t.Errorf("the backup is not told:\n%s", body)
		}
		_, body = s.ask("GET", "/operations/pack?mark=unverified", "admin")
		if !strings.Contains(body, "(unverified)") || !strings.Contains(body, "Life of machines") ||
			strings.Contains(body, "Reference day") {
			t.Error("the unverified parameters are not listed alone")
		}
	})
}
