package invent_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/pure/division"
)

func owner(l division.Level) invent.Owner {
	return invent.Owner{Place: 7, Level: l, Name: "天台村", County: "涪陵区", Code: "500102103201",
		Latitude:  29_700_000,
		Longitude: 107_400_000, Until: "2024-01-02"}
}

// TestTheSameSeedGivesTheSame: and another seed or number gives something else.
func TestTheSameSeedGivesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, number := rapid.Int64().Draw(t, "seed"), rapid.Int64Range(1, 1<<40).Draw(t, "number")
		one := invent.Holding(seed, number, owner(division.Group))
		if !reflect.DeepEqual(one, invent.Holding(seed, number, owner(division.Group))) {
			t.Fatal("the same seed gave two holdings")
		}
		if reflect.DeepEqual(one, invent.Holding(seed+1, number, owner(division.Group))) ||
			reflect.DeepEqual(one, invent.Holding(seed, number+1, owner(division.Group))) {
			t.Fatal("another seed or number gave the same holding")
		}
	})
}

// TestHoldingsAreSound: what is made up would pass as entered by hand.
func TestHoldingsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.SampledFrom([]division.Level{division.Township, division.Village, division.Group}).
			Draw(t, "level")
		cards := invent.Holding(rapid.Int64().Draw(t, "seed"), rapid.Int64().Draw(t, "number"),
			owner(level))
		numbers, parcels := map[string]bool{}, map[string]bool{}
		for _, c := range cards {
			if c.Name == "" || c.Unit == "" || c.Quantity <= 0 || c.Category == "" || numbers[c.Number] {
				t.Fatalf("%+v", c)
			}
			if err := c.Plan().Check(); err != nil {
				t.Fatalf("%+v: %v", c, err)
			}
			if land := c.Form == "resource"; land != (c.Area > 0) || land != (c.Class == assets.Resource) ||
				land == (c.Cost > 0) || land && parcels[c.Parcel] {
				t.Fatalf("%+v", c)
			}
			if c.TermTo != "" && c.TermTo <= c.TermFrom || c.Acquired > "2024-01-02" {
				t.Fatalf("%+v", c)
			}
			numbers[c.Number], parcels[c.Parcel] = true, true
		}
	})
}

// TestHowMuchCollectivesHave: about sixteen cards an organisation at the true proportions, so that the
// city has 1.5 million.
func TestHowMuchCollectivesHave(t *testing.T) {
	count := func(l division.Level) (n int) {
		for i := range int64(2000) {
			n += len(invent.Holding(1, i, owner(l)))
		}
		return n / 2
	}
	groups, villages := count(division.Group), count(division.Village) // of a thousand
	if city := groups*85 + villages*9_200/1000; city < 1_500_000 || city > 1_900_000 {
		t.Errorf("a city would have %d cards: %d a thousand groups, %d a thousand villages", city, groups,
			villages)
	}
}

// TestSpreadIsExact: nobody is left out and nothing is lost.
func TestSpreadIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.IntRange(1, 100), 1, 50).Draw(t, "weights")
		total := rapid.IntRange(len(weights), 10_000).Draw(t, "total")
		sum := 0
		for _, n := range invent.Spread(total, weights) {
			if n < 1 {
				t.Fatal("one got nothing")
			}
			sum += n
		}
		if sum != total {
			t.Fatalf("%d of %d were given", sum, total)
		}
	})
}

// TestNamesAreUnique: even where a parent has very many.
func TestNamesAreUnique(t *testing.T) {
	names, seen := invent.NewNames(invent.NewDraw(1, "names", 1), "石桥镇"), map[string]bool{"石桥镇": true}
	for range 1500 {
		name := names.Next("镇")
		if seen[name] {
			t.Fatalf("%s twice", name)
		}
		seen[name] = true
	}
}

// TestSkewed keeps to its bounds and draws small ones as often as large ones of twice the size.
func TestSkewed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Int64Range(1, 1_000_000).Draw(t, "low")
		high := rapid.Int64Range(low, 1<<40).Draw(t, "high")
		d := invent.NewDraw(rapid.Int64().Draw(t, "seed"), "skewed", 1)
		for range 50 {
			if n := d.Skewed(low, high); n < low || n > high {
				t.Fatalf("%d is outside %d–%d", n, low, high)
			}
		}
	})
}
