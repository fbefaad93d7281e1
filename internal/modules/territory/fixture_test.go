package territory

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// testToday is the day tests are on.
const testToday period.Date = "2026-01-05"

// fixture is a service on a fresh database.
type fixture struct {
	*Service
	t     testing.TB
	ctx   context.Context // of the program itself
	today period.Date
}

func newFixture(t testing.TB, s *store.Store) *fixture {
	t.Helper()
	f := &fixture{t: t, today: testToday, ctx: access.With(t.Context(), access.Machine)}
	f.Service = New(&manifest.Host{Store: s, Access: access.New(), Today: func() period.Date {
		return f.today
	}})
	s.Seal(Tables()...)
	if err := f.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// each runs fn on both engines; the database is checked afterwards.
func each(t *testing.T, fn func(*fixture)) {
	t.Helper()
	storetest.Each(t, []store.Part{Part()}, func(t *testing.T, s *store.Store) {
		f := newFixture(t, s)
		fn(f)
		f.verify()
	})
}

// onSQLite is for tests that need one engine only.
func onSQLite(t testing.TB, options ...storetest.Option) *fixture {
	t.Helper()
	return newFixture(t, storetest.SQLite(t, []store.Part{Part()}, options...))
}

// verify runs the module's checks and fails on any finding.
func (f *fixture) verify() {
	f.t.Helper()
	for _, finding := range f.findings() {
		f.t.Errorf("verify: %s", finding)
	}
}

func (f *fixture) findings() []fault.Finding {
	f.t.Helper()
	var all []fault.Finding
	for _, c := range f.checks() {
		if err := c.Run(f.ctx, func(x fault.Finding) { all = append(all, x) }); err != nil {
			f.t.Fatal(err)
		}
	}
	return all
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// take enters the rows of a text as they stand from a day on.
func (f *fixture) take(on period.Date, text string) {
	f.t.Helper()
	file, err := edition.Parse(text, nil)
	f.must(err)
	drafts := make([]Draft, len(file.Rows))
	for i, r := range file.Rows {
		drafts[i] = Draft{Parent: int(r.Parent), Level: r.Level, Kind: r.Kind, Name: r.Name,
			Code: edition.CodeText(r.Code), Category: r.Category}
	}
	_, err = f.Load(f.ctx, on, "test", drafts)
	f.must(err)
}

// code finds a place by its code on a day.
func (f *fixture) code(code string, on period.Date) Place {
	f.t.Helper()
	p, err := f.ByCode(f.ctx, Statistical, code, on)
	f.must(err)
	return p
}

// id is the place a code means today.
func (f *fixture) id(code string) int64 { return f.code(code, f.today).ID }

// dump writes the rows that make up the places, without versions and times.
func (f *fixture) dump() string {
	f.t.Helper()
	var b strings.Builder
	f.must(f.host.Store.View(f.ctx, func(v *store.View) error {
		list, err := states.All(v, "ORDER BY place, since")
		if err != nil {
			return err
		}
		for _, r := range list {
			r.Version = 0
			fmt.Fprintf(&b, "%+v\n", r)
		}
		acts, err := events.All(v, "ORDER BY id")
		if err != nil {
			return err
		}
		for _, e := range acts {
			e.Recorded = 0
			fmt.Fprintf(&b, "%+v\n", e)
		}
		shown, err := paths.All(v, "ORDER BY path")
		fmt.Fprintf(&b, "%v\n", shown)
		return err
	}))
	return b.String()
}
