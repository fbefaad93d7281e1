package tree_test

import (
	"slices"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// city is a tree of about 95,000 organisations: a city, 37 counties, 1,031 townships, 9,200 villages
// and 85,000 groups.
func city(b *testing.B) *tree.Tree {
	b.Helper()
	places := []tree.Place{{ID: 1, Level: division.Province}}
	first := 0
	for i, count := range []int{37, 1031, 9200, 85000} {
		parents := places[first:]
		first = len(places)
		for k := range count {
			places = append(places, tree.Place{ID: int64(len(places) + 1),
				Parent: parents[k*len(parents)/count].ID, Level: division.County + division.Level(i)})
		}
	}
	t, err := tree.Build("2026-01-01", places)
	if err != nil {
		b.Fatal(err)
	}
	return t
}

var sink int64

// BenchmarkRollUp rolls 100 figures of 95,000 organisations up, against summing the same slice.
func BenchmarkRollUp(b *testing.B) {
	const width = 100
	t := city(b)
	figures := make([]int64, t.Len()*width)
	for i := range figures {
		figures[i] = int64(i % 1000)
	}
	scratch := slices.Clone(figures)
	best := func(fn func()) time.Duration {
		shortest := time.Hour
		for range 40 {
			copy(scratch, figures)
			start := time.Now()
			fn()
			shortest = min(shortest, time.Since(start))
		}
		return shortest
	}
	plain := best(func() {
		sum := int64(0)
		for _, v := range scratch {
			sum += v
		}
		sink = sum
	})
	ours := best(func() {
		if err := t.RollUp(scratch, width); err != nil {
			b.Fatal(err)
		}
	})
	benchmark.Report(b, benchmark.Figure{Name: "territory/roll-up", Value: ours.Seconds() * 1000,
		Unit:     "ms",
		Baseline: plain.Seconds() * 1000, Target: "≤ 3 ×",
		Against: "a plain pass that sums the same slice"})
}
