package finder_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/territory/finder"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// entries are a city, two counties, and what lies in them; nodes count in pre-order.
var entries = []finder.Entry{
	{Level: division.Province, From: 0, To: 8, Name: "重庆市", Code: "500000000000", Pinyin: "chongqingshi",
		Initials: "cqs"},
	{Level: division.County, From: 1, To: 5, Name: "涪陵区", Code: "500102000000", Pinyin: "fulingqu",
		Initials: "flq"},
	{Level: division.Township, From: 2, To: 5, Name: "新村镇", Code: "500102101000", Pinyin: "xincunzhen",
		Initials: "xcz"},
	{Level: division.Village, From: 3, To: 4, Name: "新村", Code: "500102101201", Pinyin: "xincun",
		Initials: "xc"},
	{Level: division.Village, From: 4, To: 5, Name: "大新村", Code: "500102101202", Pinyin: "daxincun",
		Initials: "dxc"},
	{Level: division.County, From: 5, To: 8, Name: "梁平区", Code: "500155000000", Pinyin: "liangpingqu",
		Initials: "lpq"},
	{Level: division.Township, From: 6, To: 8, Name: "云龙镇", Code: "500155103000", Pinyin: "yunlongzhen",
		Initials: "ylz"},
	{Level: division.Village, From: 7, To: 8, Name: "新村", Code: "500155103201", Pinyin: "xincun",
		Initials: "xc"},
}

func TestRanks(t *testing.T) {
	f := finder.New(entries)
	for query, want := range map[string][]int32{
		"新村":      {3, 7, 2, 4}, // equal, begun, contained
		"XinCun":  {3, 7, 2, 4},
		"xc":      {3, 7, 2, 4},
		"涪陵 新村":   {3, 2, 4},
		"lp xc":   {7},
		"500102":  {1, 2, 3, 4},
		"５００１５５":  {5, 6, 7},
		"区":       {1, 5},
		"没有":      nil,
		"没有 新村":   nil,
		"":        nil,
		"  ":      nil,
		"新村\n大新村": {4}, // two words
	} {
		if got := f.Find(query, 20); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	if got := f.Find("新村", 2); !slices.Equal(got, []int32{3, 7}) {
		t.Errorf("the best two: %v", got)
	}
	if got := finder.New(nil).Find("新村", 20); len(got) != 0 {
		t.Errorf("nothing has %v", got)
	}
}

// TestFindsWhatPlainSearchFinds: no hit is missed and none is there twice, whatever the names.
func TestFindsWhatPlainSearchFinds(t *testing.T) {
	letter := rapid.SampledFrom([]rune("新村大a"))
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.StringOfN(letter, 1, 4, -1), 0, 30).Draw(t, "names")
		all := make([]finder.Entry, len(names))
		for i, name := range names {
			all[i] = finder.Entry{Level: division.Level(rapid.IntRange(3, 5).Draw(t, "level")),
				From: int32(i),
				To:   int32(i + 1), Name: name, Code: "5", Pinyin: name, Initials: name}
		}
		query := rapid.StringOfN(letter, 1, 2, -1).Draw(t, "query")
		got := finder.New(all).Find(query, len(all)+1)
		var want []int32
		for i, name := range names {
			if strings.Contains(name, query) {
				want = append(want, int32(i))
			}
		}
		sorted := slices.Clone(got)
		slices.Sort(sorted)
		if !slices.Equal(sorted, want) {
			t.Fatalf("%q in %q finds %v, want %v", query, names, sorted, want)
		}
		rank := func(node int32) int {
			switch name := names[node]; {
			case name == query:
				return 0
			case strings.HasPrefix(name, query):
				return 1
			}
			return 2
		}
		for i := 1; i < len(got); i++ {
			a, b := got[i-1], got[i]
			if rank(a) > rank(b) || rank(a) == rank(b) && all[a].Level > all[b].Level {
				t.Fatalf("%q: %q stands before %q", query, names[a], names[b])
			}
		}
	})
}

func FuzzFind(f *testing.F) {
	found := finder.New(entries)
	for _, q := range []string{"新村", "fl xc", "\n", "500102\x00", strings.Repeat("新 ", 50)} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		got := found.Find(query, 3)
		if len(got) > 3 {
			t.Errorf("%q finds %d", query, len(got))
		}
	})
}
