package editions

import (
	"bytes"
	"compress/gzip"
	"context"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// testToday is the day tests are on.
const testToday period.Date = "2026-01-05"

var parts = []store.Part{territory.Part(), Part()}

// fixture is the editions and a territory on a fresh database.
type fixture struct {
	*Editions
	t     testing.TB
	ctx   context.Context // of the program itself
	today period.Date
}

func newFixture(t testing.TB, s *store.Store) *fixture {
	t.Helper()
	f := &fixture{t: t, today: testToday, ctx: access.With(t.Context(), access.Machine)}
	h := &manifest.Host{Store: s, Access: access.New(), Today: func() period.Date { return f.today }}
	f.Editions = New(h, territory.New(h))
	s.Seal(territory.Tables()...)
	s.Seal(Tables()...)
	if err := f.places.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// each runs fn on both engines; the places are checked afterwards.
func each(t *testing.T, fn func(*fixture)) {
	t.Helper()
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		f := newFixture(t, s)
		fn(f)
		f.verify()
	})
}

// onSQLite is for tests that need one engine only.
func onSQLite(t testing.TB, options ...storetest.Option) *fixture {
	t.Helper()
	return newFixture(t, storetest.SQLite(t, parts, options...))
}

// verify runs the territory's checks and fails on any finding.
func (f *fixture) verify() {
	f.t.Helper()
	f.must(f.places.Settle(f.ctx)) // as a serving program does at midnight
	for _, c := range f.places.Module().Checks {
		if err := c.Run(f.ctx, func(x fault.Finding) { f.t.Errorf("verify: %s", x) }); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// try imports a file.
func (f *fixture) try(on period.Date, name string, body []byte) (Imported, error) {
	f.t.Helper()
	source, err := ReadFile(bytes.NewReader(body))
	if err != nil {
		return Imported{}, err
	}
	return f.Import(f.ctx, Import{Source: source, File: name, Scheme: territory.Statistical, On: on})
}

// take imports a text as the edition of a day.
func (f *fixture) take(on period.Date, text string) Imported {
	f.t.Helper()
	got, err := f.try(on, "test.csv", []byte(text))
	f.must(err)
	return got
}

// code finds a place by its code on a day.
func (f *fixture) code(code string, on period.Date) territory.Place {
	f.t.Helper()
	p, err := f.places.ByCode(f.ctx, territory.Statistical, code, on)
	f.must(err)
	return p
}

// id is the place a code means today.
func (f *fixture) id(code string) int64 { return f.code(code, f.today).ID }

// dump writes the rows that make up the places and what editions left.
func (f *fixture) dump() string {
	f.t.Helper()
	return placetest.Dump(f.t, f.host.Store)
}

// takeFile imports a file of the shared data.
func (f *fixture) takeFile(name string, on period.Date) Imported {
	f.t.Helper()
	got, err := f.try(on, name, placetest.File(f.t, name))
	f.must(err)
	return got
}

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.Bytes()
}
