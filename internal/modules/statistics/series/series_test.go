package series

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/words"
)

func define(key string, decimals int, formula string, of ...string) Definition {
	return Definition{Key: key, Title: words.Plain(key), Unit: words.Plain("元"), Decimals: decimals,
		Direction: More, Formula: formula, Of: of, Basis: "test", Mark: Config}
}

// book has incomes with a break in 2014, and what follows from them.
func book() Book {
	b := Book{}
	for _, d := range []Definition{define("urban", 2, ""), define("rural", 2, ""),
		define("ratio", 4, Ratio, "urban", "rural"), define("g.urban", 2, Growth, "urban"),
		define("g.rural", 2, Growth, "rural"), define("gap", 2, Difference, "g.rural", "g.urban"),
		define("v1", 0, ""), define("l1", 0, ""), define("v2", 0, ""), define("l2", 0, ""),
		define("contrast", 6, Contrast, "v1", "l1", "v2", "l2")} {
		b[d.Key] = d
	}
	u := b["urban"]
	u.Breaks = []Break{{From: 2014, Title: words.Plain("一体化"), Basis: "x", Mark: Unverified},
		{From: 2011, Title: words.Plain("并区"), Places: []string{"500110"}, Basis: "x", Mark: Unverified}}
	b["urban"] = u
	return b
}

// TestDerivedByHand: the ratio of the two incomes of 2014 and growth of the year after, counted by hand.
func TestDerivedByHand(t *testing.T) {
	b := book()
	figures := map[string]map[int]int64{
		"urban": {2013: 2521613, 2014: 2514720, 2015: 2723880}, "rural": {2013: 833197, 2014: 948980,
			2015: 1050470},
		"v1": {2014: 10}, "l1": {2014: 40}, "v2": {2014: 90}, "l2": {2014: 60}}
	look := func(key string, year int) (int64, bool) { v, ok := figures[key][year]; return v, ok }
	for _, c := range []struct {
		key    string
		year   int
		amount int64
		why    string
	}{
		{"ratio", 2014, 26499, ""},     // 25147.20 / 9489.80 = 2.649919…
		{"g.urban", 2015, 832, ""},     // 8.3174 %
		{"g.rural", 2015, 1069, ""},    // 10.6946 %
		{"gap", 2015, 238, ""},         // 10.6946 − 8.3174 = 2.3772, not 10.69 − 8.32
		{"contrast", 2014, 166667, ""}, // (10/40) / (90/60) = 1/6
		{"g.urban", 2014, 0, AtBreak},  // two definitions
		{"g.rural", 2014, 1390, ""},    // no break is declared of it
		{"gap", 2014, 0, AtBreak},      // through its part
		{"ratio", 2012, 0, Missing},    //
		{"g.urban", 2013, 0, Missing},  // nothing of 2012
		{"contrast", 2015, 0, Missing}, //
	} {
		v := b.Value(c.key, "500101", c.year, look)
		if v.Amount != c.amount || v.Why != c.why || v.Known != (c.why == "") {
			t.Errorf("%s %d: %+v, want %d %q", c.key, c.year, v, c.amount, c.why)
		}
	}
	figures["rural"][2014] = 0
	if v := b.Value("ratio", "", 2014, look); v.Why != NoDivisor {
		t.Errorf("divided by zero: %+v", v)
	}
	if v := b.Value("gap", "", 2012, look); len(v.Parts) != 4 {
		t.Errorf("not all parts are named: %+v", v.Parts)
	}
}

// TestBreaksOfWhatFollows: a derived series has the breaks of its parts, a place those that concern it.
func TestBreaksOfWhatFollows(t *testing.T) {
	b := book()
	if all := b.Breaks("gap", ""); len(all) != 1 || all[0].From != 2014 {
		t.Errorf("of all places: %+v", all)
	}
	if all := b.Breaks("ratio", "500110000000"); len(all) != 2 || all[0].From != 2011 {
		t.Errorf("of the place: %+v", all)
	}
	if got := Within(b.Breaks("ratio", ""), 2014, 2017); len(got) != 0 {
		t.Errorf("a span that begins with the break is parted: %+v", got)
	}
	if got := Within(b.Breaks("ratio", ""), 2013, 2014); len(got) != 1 {
		t.Errorf("a span over the break is whole: %+v", got)
	}
}

// TestCirclesAndStrangers: a series that follows from itself or from nothing is found.
func TestCirclesAndStrangers(t *testing.T) {
	b := book()
	if found := b.Check(); len(found) != 0 {
		t.Fatal(found)
	}
	b["a"], b["b"] = define("a", 0, Sum, "b", "urban"), define("b", 0, Sum, "a", "nobody")
	if found := b.Check(); len(found) != 3 {
		t.Errorf("%v", found)
	}
	for _, d := range []Definition{define("x", 7, ""), define("x", 0, Ratio, "a"), define("x", 0, "power",
		"a"),
		define("x", 0, "", "a"), {Key: "x", Title: words.Plain("x"), Unit: words.Plain("x"),
			Direction: More}} {
		if len(d.Check()) == 0 {
			t.Errorf("%+v was accepted", d)
		}
	}
}

// TestRoundingIsExact: within half a unit of the exact number, for any parts.
func TestRoundingIsExact(t *testing.T) {
	b := book()
	rapid.Check(t, func(t *rapid.T) {
		u, r := rapid.Int64Range(-1e12, 1e12).Draw(t, "u"), rapid.Int64Range(1, 1e12).Draw(t, "r")
		v := b.Value("ratio", "", 2015, func(key string, _ int) (int64, bool) {
			if key == "urban" {
				return u, true
			}
			return r, true
		})
		off := new(big.Rat).Sub(big.NewRat(v.Amount, 10000), big.NewRat(u, r))
		if !v.Known || off.Abs(off).Cmp(big.NewRat(1, 20000)) > 0 {
			t.Fatalf("%d/%d: %+v", u, r, v)
		}
	})
}
