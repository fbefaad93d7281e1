package territory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

var order = Order{On: "2024-01-01", Document: "渝府〔2023〕1号"}

func sampled(f *fixture) *fixture {
	f.take("2016-07-31", placetest.Sample)
	return f
}

// on is the place of an old code, by name and code, on a day.
func (f *fixture) shown(code string, on period.Date) string {
	f.t.Helper()
	t, err := f.At(f.ctx, on)
	f.must(err)
	n := t.Find(f.code(code, "2016-07-31").ID)
	if n == tree.None {
		return "gone"
	}
	return TrailText(t, n) + " " + t.Code(n)
}

func TestEachKindOfAct(t *testing.T) {
	each(t, func(f *fixture) {
		sampled(f)
		id := func(code string) int64 { return f.code(code, "2016-07-31").ID }
		f.must(f.Rename(f.ctx, Rename{order, id("500102103201"), "新天台村委会"}))
		f.must(f.Retype(f.ctx, Retype{Order: order, Place: id("500102103"), Kind: division.Subdistrict,
			Name: "白涛街道", Code: "500102004"}))
		f.must(f.Recode(f.ctx, Recode{Order: Order{On: "2024-02-01"}, Place: id("500102103"),
			Code: "500102005", Descendants: true}))
		f.must(f.Transfer(f.ctx, Transfer{Order: order, Places: []int64{id("500102103204")},
			Parent: id("500228101")}))
		merged, err := f.Merge(f.ctx, Merge{Order: Order{On: "2024-03-01"}, New: NewPlace{Name: "双河村委会"},
			From: []int64{id("500102103202"), id("500102103203")}})
		f.must(err)
		pieces, err := f.Split(f.ctx, Split{Order: Order{On: "2024-04-01"}, From: id("500228101201"),
			Into: []Piece{{Place: id("500228101201"), Shares: map[string]int32{"area": 6000}},
				{New: NewPlace{Name: "新三清村委会", Code: "500228101210"},
					Shares: map[string]int32{"area": 4000}}}})
		f.must(err)
		f.must(f.MoveBoundary(f.ctx, Boundary{Order: Order{On: "2024-05-01"}, From: id("500102001001"),
			To: merged, Shares: map[string]int32{"population": 1500}}))
		f.must(f.Abolish(f.ctx, Abolition{Order: Order{On: "2024-06-01"}, Place: pieces[1],
			Successors: []Succession{{pieces[0], restate.All, restate.Whole}}}))
		for _, c := range []struct {
			code string
			on   period.Date
			want string
		}{
			{"500102103201", "2023-12-31", "重庆市 / 涪陵区 / 白涛镇 / 天台村委会 500102103201"},
			{"500102103201", "2024-01-01", "重庆市 / 涪陵区 / 白涛街道 / 新天台村委会 500102103201"},
			{"500102103", "2024-02-01", "重庆市 / 涪陵区 / 白涛街道 500102005000"},
			{"500102103204", "2024-02-01", "重庆市 / 梁平县 / 云龙镇 / 凤山村委会 500102103204"},
			{"500102103203", "2024-02-29", "重庆市 / 涪陵区 / 白涛街道 / 龙泉村委会 500102103203"},
			{"500102103203", "2024-03-01", "gone"},
		} {
			if got := f.shown(c.code, c.on); got != c.want {
				f.t.Errorf("%s on %s: %s, want %s", c.code, c.on, got, c.want)
			}
		}
		if f.Home(id("500102103204")) != id("500228") || f.Name(merged) != "双河村委会" {
			f.t.Errorf("the village is at home in %d; the new one is %q", f.Home(id("500102103204")),
				f.Name(merged))
		}
		got, err := f.Successors(f.ctx, pieces[1], f.today)
		f.must(err)
		if len(got) != 1 || got[0].Place != pieces[0] {
			f.t.Errorf("succession %+v", got)
		}
	})
}

// TestDescendantsFollowARecode: the digits of the county change in all codes below.
func TestDescendantsFollowARecode(t *testing.T) {
	f := sampled(onSQLite(t))
	f.must(f.Recode(f.ctx, Recode{Order: order, Place: f.id("500228"), Code: "500155", Descendants: true}))
	if got := f.shown("500228101202", "2024-01-01"); got != "重庆市 / 梁平县 / 云龙镇 / 太阳村委会 500155101202" {
		t.Error(got)
	}
	f.verify()
}

// TestThreeVillagesMerge is lesson 1: 30 + 12 + 5 are 47 restated, and what was published stays.
func TestThreeVillagesMerge(t *testing.T) {
	each(t, func(f *fixture) {
		sampled(f)
		a, b, c := f.id("500102103201"), f.id("500102103202"), f.id("500102103203")
		merged, err := f.Merge(f.ctx, Merge{Order: Order{On: "2025-03-01", Document: "涪府发〔2025〕3号"},
			From: []int64{a, b, c}, New: NewPlace{Name: "三合村委会", Code: "500102103210"}})
		f.must(err)
		figures := map[int64][]int64{a: {30}, b: {12}, c: {5}}
		restated, err := f.Restate(f.ctx, "2024-12-31", "2025-12-31", "households", figures)
		f.must(err)
		if len(restated.Figures) != 1 || restated.Figures[merged][0] != 47 {
			f.t.Errorf("restated %+v", restated)
		}
		last, err := f.At(f.ctx, "2024-12-31")
		f.must(err)
		if !last.Has(a) || last.Has(merged) || f.Today().Has(a) || !f.Today().Has(merged) {
			f.t.Error("last year's tree has changed")
		}
	})
}

func TestActsThatAreRefused(t *testing.T) {
	f := sampled(onSQLite(t))
	town, county, village, group := f.id("500102103"), f.id("500102"), f.id("500102103201"), f.id("5001")
	before := f.dump()
	long := Order{On: "2024-01-01", Document: strings.Repeat("号", 101)}
	for name, c := range map[string]struct {
		do  func(ctx context.Context) error
		key string
	}{
		"no date": {func(ctx context.Context) error { return f.Rename(ctx, Rename{Order{}, town, "新镇"}) },
			"territory.act.date"},
		"a document without end": {func(ctx context.Context) error {
			return f.Rename(ctx, Rename{long, town,
				"新镇"})
		},
			"territory.act.document"},
		"before it stood": {func(ctx context.Context) error {
			return f.Rename(ctx, Rename{Order{On: "2010-01-01"}, town, "新镇"})
		}, "territory.not_standing"},
		"the same name": {func(ctx context.Context) error {
			return f.Rename(ctx, Rename{order, town,
				"白涛镇"})
		},
			"territory.same"},
		"no name": {func(ctx context.Context) error {
			return f.Rename(ctx, Rename{order, town,
				" "})
		}, "territory.name"},
		"a name of no use": {func(ctx context.Context) error {
			return f.Rename(ctx, Rename{order, town,
				"白?镇"})
		}, "territory.name_unreadable"},
		"a kind of another level": {func(ctx context.Context) error {
			return f.Retype(ctx, Retype{Order: order, Place: town, Kind: division.District})
		}, "territory.kind"},
		"a code that is taken": {func(ctx context.Context) error {
			return f.Recode(ctx, Recode{Order: order, Place: town, Code: "500102001"})
		}, "territory.code_taken"},
		"no code": {func(ctx context.Context) error {
			return f.Recode(ctx, Recode{Order: order, Place: town, Code: "5001x"})
		}, "territory.code"},
		"a code of a scheme unknown": {func(ctx context.Context) error {
			return f.Recode(ctx, Recode{Order: order, Place: town, Scheme: "post", Code: "400000"})
		}, "territory.code_elsewhere"},
		"into itself": {func(ctx context.Context) error {
			return f.Transfer(ctx, Transfer{Order: order, Places: []int64{town}, Parent: town})
		}, "territory.transfer.places"},
		"below itself": {func(ctx context.Context) error {
			return f.Transfer(ctx, Transfer{Order: order, Places: []int64{town}, Parent: village})
		}, "territory.parent.level"},
		"a level skipped": {func(ctx context.Context) error {
			return f.Transfer(ctx, Transfer{Order: order, Places: []int64{village}, Parent: county})
		}, "territory.parent.skips"},
		"where it is": {func(ctx context.Context) error {
			return f.Transfer(ctx, Transfer{Order: order, Places: []int64{town}, Parent: county})
		}, "territory.same"},
		"abolished without a word": {func(ctx context.Context) error {
			return f.Abolish(ctx, Abolition{Order: order, Place: village})
		}, "territory.abolish.successors"},
		"abolished over its villages": {func(ctx context.Context) error {
			return f.Abolish(ctx, Abolition{Order: order, Place: town, None: true})
		}, "territory.held"},
		"shares short of the whole": {func(ctx context.Context) error {
			return f.Abolish(ctx, Abolition{Order: order, Place: village,
				Successors: []Succession{{f.id("500102103202"), "area", 9999}}})
		}, "territory.share.sum"},
		"a basis unheard of": {func(ctx context.Context) error {
			return f.Abolish(ctx, Abolition{Order: order, Place: village,
				Successors: []Succession{{f.id("500102103202"), "rainfall", 10000}}})
		}, "territory.share.basis"},
		"succeeded by what is not there": {func(ctx context.Context) error {
			return f.Abolish(ctx, Abolition{Order: order, Place: village,
				Successors: []Succession{{99999, restate.All, 10000}}})
		}, "territory.not_standing"},
		"merged with nothing": {func(ctx context.Context) error {
			_, err := f.Merge(ctx, Merge{Order: order, From: []int64{village}})
			return err
		}, "territory.merge.places"},
		"merged across levels": {func(ctx context.Context) error {
			_, err := f.Merge(ctx, Merge{Order: order, From: []int64{village}, Into: town})
			return err
		}, "territory.merge.level"},
		"split into one": {func(ctx context.Context) error {
			_, err := f.Split(ctx, Split{Order: order, From: village, Into: []Piece{{Place: village}}})
			return err
		}, "territory.split.pieces"},
		"split with villages left over": {func(ctx context.Context) error {
			_, err := f.Split(ctx, Split{Order: order, From: town, Into: []Piece{
				{New: NewPlace{Name: "甲镇"}, Children: []int64{village}}, {New: NewPlace{Name: "乙镇"}}}})
			return err
		}, "territory.split.left"},
		"split with a stranger's village": {func(ctx context.Context) error {
			_, err := f.Split(ctx, Split{Order: order, From: town, Into: []Piece{{Place: town},
				{New: NewPlace{Name: "乙镇"}, Children: []int64{f.id("500228101201")}}}})
			return err
		}, "territory.split.child"},
		"a boundary without a share": {func(ctx context.Context) error {
			return f.MoveBoundary(ctx, Boundary{Order: order, From: village, To: town})
		}, "territory.boundary"},
		"under a village": {func(ctx context.Context) error {
			_, err := f.Establish(ctx, Establishment{Order: order, Parent: village,
				Level: division.Township,
				Kind:  division.Town, Name: "新镇"})
			return err
		}, "territory.parent.level"},
		"at the top, by a person": {func(context.Context) error {
			_, err := f.Establish(f.t.Context(), Establishment{Order: order, Level: division.Province,
				Kind: division.PlainProvince, Name: "新省"})
			return err
		}, "territory.parent.none"},
		"by nobody": {func(context.Context) error {
			return f.Rename(f.t.Context(), Rename{order, town, "新镇"})
		}, "access.sign_in"},
		"a grouping renamed into nothing": {func(ctx context.Context) error {
			return f.Rename(ctx, Rename{order, group, "\t"})
		}, "territory.name"},
	} {
		if err := c.do(f.ctx); !fault.HasKey(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
		if after := f.dump(); after != before {
			t.Fatalf("%s changed something", name)
		}
	}
}

// TestAnOfficerActsWhereTheirPostReaches and nowhere else.
func TestAnOfficerActsWhereTheirPostReaches(t *testing.T) {
	f := sampled(onSQLite(t))
	f.host.Access.SetRoles([]access.Role{{Key: "officer", Permits: []access.Permit{PermitChange}}})
	ctx := access.With(t.Context(), access.Actor{Account: 7, Posts: []access.Post{{Role: "officer",
		Place: f.id("500102")}}})
	f.must(f.Rename(ctx, Rename{order, f.id("500102103"), "白涛新镇"}))
	if err := f.Rename(ctx, Rename{order, f.id("500228101"), "云龙新镇"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a neighbour's town: %v", err)
	}
	err := f.Transfer(ctx, Transfer{Order: order, Places: []int64{f.id("500102103204")},
		Parent: f.id("500228101")})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a village given away: %v", err)
	}
	f.must(f.Abolish(ctx, Abolition{Order: order, Place: f.id("500102103204"), None: true}))
	gone := f.code("500102103204", "").ID
	if err := f.Rename(ctx, Rename{Order{On: "2020-01-01"}, gone, "凤山新村委会"}); err != nil {
		t.Errorf("a place that stands no longer, by whoever looks after the place above it: %v", err)
	}
	err = f.host.Store.View(t.Context(), func(v *store.View) error {
		list, err := events.All(v, "WHERE kind = ?", string(Renaming))
		if len(list) != 2 || list[0].Actor != 7 {
			t.Errorf("events %+v", list)
		}
		return err
	})
	f.must(err)
}

// TestCodesOfOtherSchemes run beside the statistical ones.
func TestCodesOfOtherSchemes(t *testing.T) {
	each(t, func(f *fixture) {
		sampled(f)
		a, b := f.id("500102103201"), f.id("500102103202")
		set := func(place int64, on period.Date, code string) error {
			return f.Recode(f.ctx, Recode{Order: Order{On: on}, Place: place, Scheme: Agriculture,
				Code: code})
		}
		f.must(set(a, "2018-01-01", "50010210320100"))
		f.must(set(a, "2022-01-01", "50010210320199"))
		if err := set(b, "2023-01-01", "50010210320199"); !fault.HasKey(err, "territory.code_taken") {
			f.t.Errorf("a code twice: %v", err)
		}
		f.must(set(b, "2022-06-01", "50010210320100")) // free again by then
		for on, want := range map[period.Date]int64{"2019-01-01": a, "2023-01-01": b} {
			got, err := f.ByCode(f.ctx, Agriculture, "50010210320100", on)
			if err != nil || got.ID != want {
				f.t.Errorf("on %s it means %d, %v; want %d", on, got.ID, err, want)
			}
		}
	})
}

// TestVerifyNamesWhatWasAltered behind the program's back.
func TestVerifyNamesWhatWasAltered(t *testing.T) {
	for statement, want := range map[string]string{
		`UPDATE place_state SET until = '2015-01-01' 
			WHERE code = '500102103201'`: "overlap",
		`UPDATE place_state SET parent = 999 
			WHERE code = '500102103201'`: "parent",
		`UPDATE place_state SET code = '500102103201' 
			WHERE code = '500102103202'`: "code",
		`UPDATE place_state SET level = 5 
			WHERE code = '500102103000'`: "level",
		`UPDATE place_state SET event = 77 
			WHERE code = '500102103201'`: "event",
		`UPDATE place_path SET home = 1 WHERE place = 4`:                 "path",
		`DELETE FROM place_path WHERE place = 4`:                         "paths",
		`INSERT INTO place_event_part VALUES (1, 1, 4, 5, 'area', 9000)`: "share",
		`UPDATE place_state SET parent = 1, level = 0 
			WHERE code = '500000000000' AND level = 1`: "level",
		`INSERT INTO place_state 
			VALUES (4, '2019-01-01', '2020-01-01', 1, 2, 3, '', 'x', '', 0, 1)`: "overlap",
	} {
		f := sampled(onSQLite(t))
		f.Today()
		storetest.Tamper(t, f.host.Store, statement)
		var keys []string
		for _, finding := range f.findings() {
			keys = append(keys, strings.TrimPrefix(finding.Key, "territory.verify."))
		}
		if !slices.Contains(keys, want) {
			t.Errorf("%s: found %v, want %s", statement, keys, want)
		}
	}
}

// TestHistoriesAtRandom: whatever acts are entered in whatever order of days, places stay a tree on
// every day, codes mean one place, place_path shows today, and a roll-up over any tree sums all.
func TestHistoriesAtRandom(t *testing.T) {
	tried, done := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		f := onSQLite(t, storetest.WithoutReplay)
		defer f.host.Store.Close()
		sampled(f)
		for i := range rapid.IntRange(1, 12).Draw(r, "acts") {
			if tried++; f.actAtRandom(r, i) == nil {
				done++
			}
			for _, finding := range f.findings() {
				r.Fatalf("after act %d: %s", i, finding)
			}
		}
		for _, on := range []period.Date{"2016-07-31", "2020-01-01", "2025-06-01", testToday} {
			tr, err := f.At(f.ctx, on)
			if err != nil {
				r.Fatal(err)
			}
			figures := make([]int64, tr.Len())
			for n := range figures {
				figures[n] = 1
			}
			if err := tr.RollUp(figures, 1); err != nil {
				r.Fatal(err)
			}
			sum := int64(0)
			for root := range tr.Children(tree.None) {
				sum += figures[root]
			}
			if sum != int64(tr.Len()) {
				r.Fatalf("on %s %d of %d places are summed", on, sum, tr.Len())
			}
			inverse(r, f, tr)
		}
	})
	if done*10 < tried {
		t.Errorf("only %d of %d acts were accepted: the test tries the wrong ones", done, tried)
	}
}

// inverse: every code of a tree leads back to its place on that day.
func inverse(r *rapid.T, f *fixture, tr *tree.Tree) {
	for n := range tree.Node(tr.Len()) {
		if code := tr.Code(n); code != "" {
			if p, err := f.ByCode(f.ctx, Statistical, code, tr.On()); err != nil || p.ID != tr.ID(n) {
				r.Fatalf("on %s %s means %d, not %d (%v)", tr.On(), code, p.ID, tr.ID(n), err)
			}
		}
	}
}

func (f *fixture) actAtRandom(r *rapid.T, i int) error {
	on := rapid.SampledFrom([]period.Date{"2017-01-01", "2019-01-01", "2021-01-01", "2025-01-01",
		"2026-01-05", "2027-01-01"}).Draw(r, "on")
	t, err := f.At(f.ctx, on)
	if err != nil {
		return err
	}
	pick := func(label string) int64 {
		return t.ID(tree.Node(rapid.IntRange(0, t.Len()-1).Draw(r, label)))
	}
	o, place, other := Order{On: on}, pick("place"), pick("other")
	name := fmt.Sprint("新", i, "村委会")
	switch rapid.IntRange(0, 7).Draw(r, "kind") {
	case 0:
		return f.Rename(f.ctx, Rename{o, place, name})
	case 1:
		return f.Recode(f.ctx, Recode{Order: o, Place: place, Descendants: rapid.Bool().Draw(r, "below"),
			Code: fmt.Sprint(rapid.IntRange(500102, 500104).Draw(r, "code"))})
	case 2:
		return f.Transfer(f.ctx, Transfer{Order: o, Places: []int64{place}, Parent: other})
	case 3:
		_, err = f.Merge(f.ctx, Merge{Order: o, From: []int64{place, other}, New: NewPlace{Name: name}})
		return err
	case 4:
		_, err = f.Split(f.ctx, Split{Order: o, From: place, Into: []Piece{
			{Place: place, Shares: map[string]int32{"area": 7000}},
			{New: NewPlace{Name: name}, Shares: map[string]int32{"area": 3000}}}})
		return err
	case 5:
		return f.Abolish(f.ctx, Abolition{Order: o, Place: place, None: true})
	case 6:
		n := t.Find(place)
		level := min(t.Level(n)+1, division.Group)
		_, err = f.Establish(f.ctx, Establishment{Order: o, Parent: place, Level: level,
			Kind: division.Kinds(level)[0], Name: name})
		return err
	}
	_, err = f.Merge(f.ctx, Merge{Order: o, From: []int64{place}, Into: other})
	return err
}
