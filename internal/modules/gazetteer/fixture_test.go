package gazetteer

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/editions"
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

var parts = []store.Part{territory.Part(), editions.Part()}

// fixture is a gazetteer and a territory on a fresh database.
type fixture struct {
	*Gazetteer
	lists *editions.Editions
	t     testing.TB
	ctx   context.Context // of the program itself
	today period.Date
}

func newFixture(t testing.TB, s *store.Store) *fixture {
	t.Helper()
	f := &fixture{t: t, today: testToday, ctx: access.With(t.Context(), access.Machine)}
	h := &manifest.Host{Store: s, Access: access.New(), Today: func() period.Date { return f.today }}
	f.Gazetteer = New(h, territory.New(h))
	f.lists = editions.New(h, f.places)
	s.Seal(territory.Tables()...)
	s.Seal(editions.Tables()...)
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

// take imports a text as the edition of a day.
func (f *fixture) take(on period.Date, text string) editions.Imported {
	f.t.Helper()
	return f.takeBody("test.csv", on, []byte(text))
}

func (f *fixture) takeBody(name string, on period.Date, body []byte) editions.Imported {
	f.t.Helper()
	source, err := editions.ReadFile(bytes.NewReader(body))
	f.must(err)
	got, err := f.lists.Import(f.ctx, editions.Import{Source: source, File: name,
		Scheme: territory.Statistical,
		On:     on})
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

// dump writes the rows that make up the places and what editions left, without versions and times.
func (f *fixture) dump() string {
	f.t.Helper()
	var b strings.Builder
	for _, query := range []string{
		`SELECT place, since, until, parent, level, kind, name, code, category, event FROM place_state
			ORDER BY place, since`,
		`SELECT id, kind, place, effective, note, edition FROM place_event ORDER BY id`,
		`SELECT event, number, from_place, to_place, basis, share FROM place_event_part
			ORDER BY event, number`,
		`SELECT id, state, event FROM place_suggestion ORDER BY id`,
		`SELECT id, label, since, until FROM place_area ORDER BY id`,
		`SELECT place, path, home, level FROM place_path ORDER BY path`,
	} {
		f.must(f.host.Store.View(f.ctx, func(v *store.View) error {
			for row, err := range store.Each[dumped](v, query) {
				if err != nil {
					return err
				}
				fmt.Fprintf(&b, "%+v\n", row)
			}
			return nil
		}))
	}
	return b.String()
}

// dumped has every column of the dump.
type dumped struct {
	Place     int64  `db:"place"`
	Since     string `db:"since"`
	Until     string `db:"until"`
	Parent    int64  `db:"parent"`
	Level     int64  `db:"level"`
	Kind      string `db:"kind"`
	Name      string `db:"name"`
	Code      string `db:"code"`
	Category  int64  `db:"category"`
	Event     int64  `db:"event"`
	ID        int64  `db:"id"`
	Effective string `db:"effective"`
	Note      string `db:"note"`
	Edition   int64  `db:"edition"`
	Number    int64  `db:"number"`
	From      int64  `db:"from_place"`
	To        int64  `db:"to_place"`
	Basis     string `db:"basis"`
	Share     int64  `db:"share"`
	State     string `db:"state"`
	Label     string `db:"label"`
	Path      []byte `db:"path"`
	Home      int64  `db:"home,plain"`
}

// shared opens a file of the shared data folder, or skips.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "places", name)
	body, err := os.ReadFile(path)
	if err != nil {
		t.Skip("needs ../shared/data/places beside the repository")
	}
	return body
}

// takeFile imports a file of the shared data.
func (f *fixture) takeFile(name string, on period.Date) editions.Imported {
	f.t.Helper()
	return f.takeBody(name, on, shared(f.t, name))
}

const sample = `code,name,level,parent,ur_code
500000000000,重庆市,1,100000000000,
500100000000,市辖区,2,500000000000,
500200000000,县,2,500000000000,
500102000000,涪陵区,3,500100000000,
500102001000,敦仁街道办事处,4,500102000000,
500102001001,兴华居委会,5,500102001000,111
500102103000,白涛镇,4,500102000000,
500102103201,天台村委会,5,500102103000,220
500102103202,小溪村委会,5,500102103000,220
500102103203,龙泉村委会,5,500102103000,220
500102103204,凤山村委会,5,500102103000,220
500228000000,梁平县,3,500200000000,
500228101000,云龙镇,4,500228000000,
500228101201,三清村委会,5,500228101000,220
500228101202,太阳村委会,5,500228101000,220
`

// recoded is the sample four years later: a county has become a district under another grouping and
// code, two villages have merged, spellings have changed.
var recoded = strings.NewReplacer("500228", "500155", "梁平县", "梁平区", "3,500200000000",
	"3,500100000000", "500200000000,县,2,500000000000,\n", "", "敦仁街道办事处", "敦仁街道", "村委会", "村村民委员会",
	"500102103203,龙泉村委会,5,500102103000,220\n500102103204,凤山村委会,5,500102103000,220\n",
	"500102103205,龙凤村村民委员会,5,500102103000,220\n").Replace(sample)
