package identity_test

import (
	"context"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/pquerna/otp/totp"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
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

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A small city: 1 the city, 2 and 3 its counties, 4 a township of 2, 5 and 6 villages of 4, 7 a
// village of 3; 9 was a village and is abolished, 5 and 6 follow it. Area 1 is the counties.
type places struct{}

var parents = map[int64]int64{1: 0, 2: 1, 3: 1, 4: 2, 5: 4, 6: 4, 7: 3}

var levels = map[int64]division.Level{1: division.Prefecture, 2: division.County, 3: division.County,
	4: division.Township, 5: division.Village, 6: division.Village, 7: division.Village}

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

func (places) Members(area int64) []int64 { return map[int64][]int64{1: {2, 3}}[area] }

func (places) Level(place int64) (division.Level, bool) {
	l, known := levels[place]
	return l, known
}

func (places) Name(place int64) string { return "place" + string(rune('0'+place)) }

func (places) Find(context.Context, string) (int64, error) { return 5, nil }

func (places) Successors(_ context.Context, place int64, _ period.Date) ([]int64, error) {
	return map[int64][]int64{9: {5, 6}}[place], nil
}

func (places) Areas(context.Context, period.Date) ([]identity.Area, error) {
	return []identity.Area{{ID: 1, Name: "the counties"}}, nil
}

var placePart = store.Part{Name: "places", Migrations: fstest.MapFS{"0001_places.sql": {
	Data: []byte(`-- +goose Up
CREATE TABLE place_path (place BIGINT NOT NULL, path BYTEA NOT NULL, PRIMARY KEY (place));`)}}}

// city is an installation under test.
type city struct {
	*identity.Service
	audit  *audit.Service
	t      *testing.T
	store  *store.Store
	access *access.Service
	keys   *keys.Ring
	clock  *clock
}

// nationalRoles are the roles of the national pack.
func nationalRoles(t testing.TB) []access.Role {
	t.Helper()
	text, err := os.ReadFile("../../../packs/national/roles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Roles []access.Role `yaml:"roles"`
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return file.Roles
}

// cheap is a password hash that costs nothing, for tests.
var cheap = password.Cost{Memory: 64, Time: 1}

// each runs a test on a city of its own on each engine.
func each(t *testing.T, fn func(*city), change ...func(*identity.Config)) {
	t.Helper()
	roles := nationalRoles(t)
	clock := &clock{now: storetest.Start}
	parts := []store.Part{log.Part(), audit.Part(), identity.Part(), placePart}
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		clock.set(storetest.Start)
		ring, err := keys.New(storetest.Random(7))
		if err != nil {
			t.Fatal(err)
		}
		s.Seal(tables()...)
		c := &city{t: t, store: s, access: access.New(), keys: ring, clock: clock}
		c.access.SetRoles(roles)
		c.access.SetPlaces(places{})
		c.audit = audit.New(audit.Config{Store: s, Keys: ring, Access: c.access})
		config := c.config()
		for _, f := range change {
			f(&config)
		}
		c.Service = identity.New(config)
		c.SetPlaces(places{})
		c.fillPaths()
		fn(c)
		c.verify()
	}, storetest.WithClock(clock.Now))
}

// tables are those of the package and of the record it writes.
func tables() []store.Sealed { return slices.Concat(identity.Tables(), audit.Tables()) }

// config is what the service of the city is made from.
func (c *city) config() identity.Config {
	return identity.Config{Store: c.store, Keys: c.keys, Access: c.access, Audit: c.audit, Cost: cheap}
}

func (c *city) fillPaths() {
	c.t.Helper()
	c.must(c.store.Maintain(c.t.Context(), func(tx *store.Tx) error {
		for place := range parents {
			if _, err := tx.Exec(`INSERT INTO place_path (place, path) VALUES (?, ?)`, place,
				[]byte(places{}.Path(place))); err != nil {
				return err
			}
		}
		return nil
	}))
}

// verify proves at the end of every test that the log agrees with every row and that the package's
// own invariants hold.
func (c *city) verify() {
	c.t.Helper()
	if c.t.Failed() {
		return
	}
	signer, err := log.NewSigner("test.example", c.keys.Log())
	c.must(err)
	l := log.New(c.store, signer)
	c.must(l.Sequence(c.t.Context()))
	report, err := l.Verify(c.t.Context(), tables(), nil)
	c.must(err)
	add := func(f fault.Finding) { report.Findings = append(report.Findings, f) }
	c.must(c.CheckPosts(c.t.Context(), add))
	c.must(c.audit.Check(c.t.Context(), add))
	for _, f := range report.Findings {
		c.t.Errorf("verify: %s", f)
	}
}

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// refused checks that an error is the refusal of a key.
func (c *city) refused(err error, key string) {
	c.t.Helper()
	if !fault.HasKey(err, key) {
		c.t.Errorf("got %v, want the refusal %s", err, key)
	}
}

// person makes an account with a password of its own.
func (c *city) person(login string, held ...identity.Proposal) int64 {
	c.t.Helper()
	for i := range held {
		held[i].Since = "2026-01-01"
	}
	ids, err := c.Load(c.t.Context(), []identity.Loaded{{Entry: identity.Entry{Login: login,
		Name: "Name of " + login, Phone: "13800000000"}, Password: passwordOf(login), Posts: held}})
	c.must(err)
	return ids[0]
}

func passwordOf(login string) string { return "Rain on 7 terraces, " + login[:1] }

func at(role string, place int64) identity.Proposal {
	return identity.Proposal{Role: role, Place: place}
}

// in signs somebody in with a password and returns the token.
func (c *city) in(login, password string) string {
	c.t.Helper()
	signed, err := c.SignIn(c.t.Context(), identity.Attempt{Login: login, Password: password,
		Client: office})
	c.must(err)
	return signed.Token
}

var office = audit.Client{Address: "198.51.100.7", Agent: "Test"}

// request is a request with a session's cookie.
func request(path, token string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if token != "" {
		r.AddCookie(&http.Cookie{Name: identity.CookieName, Value: token})
	}
	return r
}

// who authenticates a token; nobody is account 0.
func (c *city) who(token string) access.Actor {
	c.t.Helper()
	a, err := c.Authenticate(request("/somewhere", token))
	c.must(err)
	return a
}

// as is an actor with their posts of today.
func (c *city) as(account int64) access.Actor {
	c.t.Helper()
	a, err := c.Actor(c.t.Context(), account)
	c.must(err)
	return a
}

// enrol sets up a second factor for the person of a session and returns the secret.
func (c *city) enrol(token string) (secret string, recovery []string) {
	c.t.Helper()
	actor, err := c.Authenticate(request(identity.SecondPath, token))
	c.must(err)
	e, err := c.BeginSecond(c.t.Context(), actor, "Terrace")
	c.must(err)
	secret = plainSecret(e.Secret)
	recovery, err = c.EnableSecond(c.t.Context(), actor, e.Pending, c.code(secret))
	c.must(err)
	return secret, recovery
}

func plainSecret(shown string) string {
	var b []byte
	for i := range len(shown) {
		if shown[i] != ' ' {
			b = append(b, shown[i])
		}
	}
	return string(b)
}

// code is what an authenticator app shows now.
func (c *city) code(secret string) string {
	c.t.Helper()
	code, err := totp.GenerateCode(secret, c.clock.Now())
	c.must(err)
	return code
}
