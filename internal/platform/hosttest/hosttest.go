// Package hosttest opens a host with modules for tests, as the program does: keys, roles and parameters of
// the national pack, dictionary, tables, services and log, on a database of the test's own.
//
//	storetest.Each(t, hosttest.Parts(build), func(t *testing.T, s *store.Store) {
//		x := hosttest.Open(t, s, build)
//		x.Serve()
//		… x.See("village_accountant@天台村", "/assets").Is(200) …
//		x.Verify()
//	})
//
// build makes the modules; it is called before anything is open, like modules.All. Nothing of this is in
// the program. Who asks a page says so with the request (webtest), and is believed.
package hosttest

import (
	"context"
	"io/fs"
	"slices"
	"sync"
	"testing"

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
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// Day is the day tests begin on.
const Day period.Date = "2026-01-05"

// Build makes the modules under test.
type Build func(h *manifest.Host) []manifest.Module

// Site is a host with modules, open.
type Site struct {
	T       testing.TB
	Ctx     context.Context // of the program itself
	Host    *manifest.Host
	Modules []manifest.Module
	Today   period.Date
	Place   map[string]int64 // by name
	// Accounts are the numbers of the people who hold a role; 7 for any other role.
	Accounts map[string]int64
	// Expected are keys of findings that a test makes on purpose: Verify passes over them.
	Expected []string
	Served
}

// Parts are the pieces with tables of a host with modules.
func Parts(build Build) []store.Part {
	all := []store.Part{log.Part(), audit.Part(), files.Part(), jobs.Part(), intake.Part(), identity.Part(),
		measure.Part()}
	for _, m := range build(&manifest.Host{}) {
		if m.Part.Migrations != nil {
			m.Part.Name = m.Name
			all = append(all, m.Part)
		}
	}
	return all
}

// national is the pack of all tests, read once, and ring the keys of all tests.
var national = sync.OnceValues(func() (*pack.Pack, error) {
	return pack.NewLibrary(packs.Files).Read("national")
})

// Open makes the modules and opens the host on a store that has their Parts.
func Open(t testing.TB, s *store.Store, build Build) *Site {
	t.Helper()
	x := &Site{T: t, Ctx: access.With(t.Context(), access.Machine), Today: Day, Place: map[string]int64{}}
	ring, err := keys.New(storetest.Random(7))
	x.Must(err)
	h := &manifest.Host{Store: s, Keys: ring, Access: access.New(),
		Today: func() period.Date { return x.Today },
		Open:  func(context.Context) (func(), error) { return func() {}, nil }}
	x.Host = h
	h.Packs, err = national()
	x.Must(err)
	roles, findings := identity.ReadRoles(h.Packs)
	if fault.Stops(findings) {
		t.Fatal(findings)
	}
	h.Access.SetRoles(roles)
	x.Modules = build(h)
	h.Dictionary, err = locale.Load(x.texts()...)
	x.Must(err)
	s.Seal(x.tables()...)
	x.machinery()
	signer, err := log.NewSigner("test.example", ring.Log())
	x.Must(err)
	h.Log = log.New(s, signer)
	for _, m := range x.Modules {
		if m.Start != nil {
			x.Must(m.Start(t.Context()))
		}
	}
	return x
}

func (x *Site) texts() []fs.FS {
	all := []fs.FS{locale.Own, web.Texts, api.Texts, audit.Texts, form.Texts, intake.Texts, sheet.Texts,
		files.Texts, jobs.Texts, identity.Texts, measure.Texts}
	for _, m := range x.Modules {
		if m.Texts != nil {
			all = append(all, m.Texts)
		}
	}
	return all
}

func (x *Site) tables() []store.Sealed {
	all := slices.Concat(audit.Tables(), files.Tables(), jobs.Tables(), intake.Tables(), identity.Tables(),
		measure.Tables())
	for _, m := range x.Modules {
		all = append(all, m.Tables...)
	}
	return all
}

// machinery opens what stands on the store.
func (x *Site) machinery() {
	x.T.Helper()
	h := x.Host
	var kinds []jobs.Kind
	var definitions []measure.Definition
	for _, m := range x.Modules {
		kinds, definitions = append(kinds, m.JobKinds...), append(definitions, m.Measures...)
	}
	var err error
	h.Audit = audit.New(audit.Config{Store: h.Store, Keys: h.Keys, Access: h.Access})
	h.Measures, err = measure.New(h.Store, definitions...)
	x.Must(err)
	h.Files, err = files.New(files.Config{Folder: x.T.TempDir(), Store: h.Store, Keys: h.Keys})
	x.Must(err)
	h.Intake = intake.New(h.Store, h.Access, h.Keys)
	h.Identity = identity.New(identity.Config{Store: h.Store, Access: h.Access, Keys: h.Keys, Audit: h.Audit})
	h.Jobs = jobs.New(h.Store, kinds...)
}

// Must ends the test on an error.
func (x *Site) Must(err error) {
	x.T.Helper()
	if err == nil {
		return
	}
	if f := fault.Of(err); len(f.Findings) > 0 {
		x.T.Fatalf("%v: %v", err, f.Findings)
	}
	x.T.Fatal(err)
}

// Refused checks that an act was refused for a reason.
func (x *Site) Refused(err error, key string) {
	x.T.Helper()
	if !fault.HasKey(err, key) {
		x.T.Errorf("got %v, want the refusal %s", err, key)
	}
}

// Actor holds a role at a place.
func (x *Site) Actor(role, place string) access.Actor {
	x.T.Helper()
	id, ok := x.Place[place]
	if !ok {
		x.T.Fatalf("no place %s", place)
	}
	account := x.Accounts[role]
	if account == 0 {
		account = 7
	}
	return access.Actor{Account: account, Name: role, Session: 9, Posts: []access.Post{{ID: 1, Role: role,
		Place: id}}}
}

// Findings are what the checks of the modules say.
func (x *Site) Findings() []fault.Finding {
	x.T.Helper()
	var all []fault.Finding
	for _, m := range x.Modules {
		for _, c := range m.Checks {
			x.Must(c.Run(x.Ctx, func(f fault.Finding) { all = append(all, f) }))
		}
	}
	return all
}

// Verify proves every invariant of the modules again, and every row against the log.
func (x *Site) Verify() {
	x.T.Helper()
	for _, f := range x.Findings() {
		if !slices.Contains(x.Expected, f.Key) {
			x.T.Errorf("verify: %s", f)
		}
	}
	x.Must(x.Host.Log.Sequence(x.Ctx))
	report, err := x.Host.Log.Verify(x.Ctx, x.tables(), func(int, int) {})
	x.Must(err)
	for _, f := range report.Findings {
		x.T.Errorf("log: %s", f)
	}
}
