package gazetteer

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// readPack reads the places of a pack of the program.
func readPack(t *testing.T, key string) Pack {
	t.Helper()
	p, err := pack.NewLibrary(packs.Files).Read(key)
	if err != nil {
		t.Fatal(err)
	}
	read, findings := ReadPack(p)
	if fault.Stops(findings) {
		t.Fatal(findings)
	}
	return read
}

// TestLiangjiang is the worked case of territory.md 2, over the real edition of 2020: 38 before, 37
// after, 31 + 11 in Liangjiang, 6 + 11 in Beibei.
func TestLiangjiang(t *testing.T) {
	placetest.File(t, "chongqing_2020.csv")
	each(t, func(f *fixture) {
		f.takeFile("chongqing_2020.csv", "2020-06-30")
		applied, err := f.ApplyPack(f.ctx, readPack(t, "chongqing"))
		f.must(err)
		if applied.Places != 2 || applied.Acts != 7 || len(applied.Skipped) != 0 {
			t.Errorf("%+v", applied)
		}
		f.checkLiangjiang()
		again, err := f.ApplyPack(f.ctx, readPack(t, "chongqing"))
		f.must(err)
		if again.Places+again.Acts+again.Areas != 0 {
			t.Errorf("applied again: %+v", again)
		}
		f.today = "2026-01-25"
		f.verify()
		f.checkAreas()
	})
}

func (f *fixture) checkLiangjiang() {
	f.t.Helper()
	before, err := f.places.At(f.ctx, "2026-01-24")
	f.must(err)
	after, err := f.places.At(f.ctx, "2026-01-25")
	f.must(err)
	if got := countiesOf(before); got != (counties{26, 8, 4}) {
		f.t.Errorf("before: %+v", got)
	}
	if got := countiesOf(after); got != (counties{25, 8, 4}) {
		f.t.Errorf("after: %+v", got)
	}
	beibei := f.code("500109", "2026-01-25").ID
	liangjiang, err := f.places.Resolve(f.ctx, "两江新区", "2026-01-25")
	f.must(err)
	if s, m := townships(after, liangjiang.ID); s != 31 || m != 11 || liangjiang.Code != "" {
		f.t.Errorf("Liangjiang: %d + %d, code %q", s, m, liangjiang.Code)
	}
	if s, m := townships(after, beibei); s != 6 || m != 11 {
		f.t.Errorf("Beibei: %d + %d", s, m)
	}
	if s, m := townships(before, beibei); s != 9 || m != 8 {
		f.t.Errorf("Beibei before: %d + %d", s, m)
	}
	f.checkSuccession(liangjiang.ID, beibei)
	moved, err := f.places.Rehomed(f.ctx, "2026-01-24", "2026-01-25")
	f.must(err)
	towns := 0
	for _, m := range moved {
		if after.Level(after.Find(m.Place)) == division.Township {
			towns++
		}
	}
	if towns != 42+5 {
		f.t.Errorf("%d townships have another home, want 47", towns)
	}
}

// checkSuccession: Jiangbei passes whole to Liangjiang, Yubei in part to Beibei, and figures with them.
func (f *fixture) checkSuccession(liangjiang, beibei int64) {
	f.t.Helper()
	jiangbei, yubei := f.code("500105", "2026-01-24").ID, f.code("500112", "2026-01-24").ID
	got, err := f.places.Successors(f.ctx, jiangbei, "2026-01-25")
	f.must(err)
	if len(got) != 1 || got[0].Place != liangjiang || got[0].Share != 10000 {
		f.t.Errorf("Jiangbei passes to %+v", got)
	}
	got, err = f.places.Successors(f.ctx, yubei, "2026-01-25")
	f.must(err)
	if len(got) != 2 || got[0].Place != liangjiang || got[1].Place != beibei ||
		got[0].Share+got[1].Share != 10000 {
		f.t.Errorf("Yubei passes to %+v", got)
	}
	figures := map[int64][]int64{jiangbei: {1000}, yubei: {2000}, beibei: {500}}
	restated, err := f.places.Restate(f.ctx, "2025-12-31", "2026-12-31", "villages", figures)
	f.must(err)
	sum := int64(0)
	for _, row := range restated.Figures {
		sum += row[0]
	}
	if sum != 3500 || restated.Figures[jiangbei] != nil || len(restated.Gaps) != 0 ||
		restated.Figures[liangjiang][0] < 2500 {
		f.t.Errorf("restated %+v", restated)
	}
	published, err := f.places.Restate(f.ctx, "2025-12-31", "2025-12-31", "villages", figures)
	f.must(err)
	if published.Figures[jiangbei][0] != 1000 {
		f.t.Errorf("as published %+v", published)
	}
}

// checkAreas: 21 county units in the metropolitan zone before, 20 after; a member outside the city.
func (f *fixture) checkAreas() {
	f.t.Helper()
	list, err := f.places.Areas(f.ctx, "2026-01-25")
	f.must(err)
	for _, a := range list {
		_, before, err := f.places.Area(f.ctx, a.ID, "2026-01-24")
		f.must(err)
		_, after, err := f.places.Area(f.ctx, a.ID, "2026-01-25")
		f.must(err)
		want, known := map[string][2]int{"one-zone": {21, 20}, "central-urban": {9, 8}, "north-east": {11,
			11},
			"wan-da-kai": {3, 3}, "wansheng": {10, 10}}[a.Label]
		if known && (len(before) != want[0] || len(after) != want[1]) {
			f.t.Errorf("%s has %d members, then %d; want %v", a.Name(locale.English), len(before),
				len(after),
				want)
		}
		if got := len(f.places.Members(a.ID)); got != len(after) {
			f.t.Errorf("access sees %d members of %s, want %d", got, a.Label, len(after))
		}
	}
	if len(list) != 19 {
		f.t.Errorf("%d areas in force, want 19", len(list))
	}
}

type counties struct{ districts, counties, autonomous int }

func countiesOf(t *tree.Tree) (c counties) {
	for n := range tree.Node(t.Len()) {
		if t.Level(n) != division.County {
			continue
		}
		switch t.Kind(n) {
		case division.District:
			c.districts++
		case division.PlainCounty:
			c.counties++
		case division.AutonomousCounty:
			c.autonomous++
		}
	}
	return c
}

func townships(t *tree.Tree, county int64) (subdistricts, towns int) {
	for c := range t.Children(t.Find(county)) {
		switch t.Kind(c) {
		case division.Subdistrict:
			subdistricts++
		case division.Town:
			towns++
		}
	}
	return subdistricts, towns
}

// TestPackAlone: without any edition a pack gives the county units, and its acts those it names.
func TestPackAlone(t *testing.T) {
	for key, want := range map[string]struct{ places, before, after int }{
		"chongqing": {41 + 2 + 10, 38, 37}, "ezhou": {5, 3, 3},
	} {
		f := onSQLite(t)
		applied, err := f.ApplyPack(f.ctx, readPack(t, key))
		f.must(err)
		if applied.Places != want.places {
			t.Errorf("%s: %d places, want %d (%v)", key, applied.Places, want.places, applied.Skipped)
		}
		for on, count := range map[period.Date]int{"2025-12-31": want.before, "2026-02-01": want.after} {
			tr, err := f.places.At(f.ctx, on)
			f.must(err)
			if c := countiesOf(tr); c.districts+c.counties+c.autonomous != count {
				t.Errorf("%s on %s: %+v", key, on, c)
			}
		}
		f.verify()
	}
}
