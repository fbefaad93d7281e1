package tree_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// drawPlaces draws a forest whose ids, order and levels are arbitrary but whose parents make sense.
func drawPlaces(t *rapid.T) []tree.Place {
	n := rapid.IntRange(0, 80).Draw(t, "places")
	spread := rapid.SampledFrom([]int64{1, 3, 1_000_000}).Draw(t, "spread")
	places := make([]tree.Place, n)
	for i := range places {
		places[i] = tree.Place{ID: int64(i+1) * spread, Name: fmt.Sprint("地", i),
			Level: division.Level(rapid.IntRange(0, 3).Draw(t, "level"))}
		if rapid.Bool().Draw(t, "coded") {
			places[i].Code = fmt.Sprintf("%012d", rapid.IntRange(1, 30).Draw(t, "code"))
		}
		if i > 0 && rapid.IntRange(0, 5).Draw(t, "rooted") > 0 {
			parent := places[rapid.IntRange(0, i-1).Draw(t, "parent")]
			places[i].Parent = parent.ID
			places[i].Level = min(parent.Level+1, division.Group)
		}
	}
	return rapid.Permutation(places).Draw(t, "order")
}

// TestTreeAgreesWithWalkingTheParents: every question to the tree has the answer that following the
// parents one by one gives.
func TestTreeAgreesWithWalkingTheParents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := drawPlaces(t)
		tr, err := tree.Build("2026-01-01", places)
		if err != nil {
			t.Fatal(err)
		}
		byID := map[int64]tree.Place{}
		for _, p := range places {
			byID[p.ID] = p
		}
		if tr.Len() != len(places) {
			t.Fatalf("%d places became %d nodes", len(places), tr.Len())
		}
		for _, p := range places {
			n := tr.Find(p.ID)
			if n == tree.None || tr.Name(n) != p.Name || tr.Code(n) != p.Code || tr.Level(n) != p.Level {
				t.Fatalf("place %d is at node %d as %q", p.ID, n, tr.Name(n))
			}
			var above []int64
			for at := p.ID; at != 0; at = byID[at].Parent {
				above = append(above, at)
			}
			checkPosition(t, tr, places, p, above)
		}
	})
}

func checkPosition(t *rapid.T, tr *tree.Tree, places []tree.Place, p tree.Place, above []int64) {
	n := tr.Find(p.ID)
	var path []byte
	for _, id := range slices.Backward(above) {
		path = binary.BigEndian.AppendUint32(path, uint32(id))
	}
	if !slices.Equal(path, tr.Path(p.ID)) {
		t.Fatalf("place %d has the path %v, want %v", p.ID, tr.Path(p.ID), path)
	}
	children := 0
	for _, q := range places {
		if q.Parent == p.ID {
			children++
		}
		if want := slices.Contains(above, q.ID); tr.Inside(n, tr.Find(q.ID)) != want {
			t.Fatalf("%d inside %d: want %v", p.ID, q.ID, want)
		}
	}
	if tr.ChildCount(n) != children {
		t.Fatalf("%d has %d children, want %d", p.ID, tr.ChildCount(n), children)
	}
	last := ""
	for c := range tr.Children(n) {
		if tr.Parent(c) != n || tr.Code(c) != "" && tr.Code(c) < last {
			t.Fatalf("child %d of %d is out of place", tr.ID(c), p.ID)
		}
		last = tr.Code(c)
	}
}

// TestRollUpIsTheSumOfTheSubtree for random forests and figures.
func TestRollUpIsTheSumOfTheSubtree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr, err := tree.Build("2026-01-01", drawPlaces(t))
		if err != nil {
			t.Fatal(err)
		}
		width := rapid.IntRange(0, 3).Draw(t, "width")
		figures := make([]int64, tr.Len()*width)
		for i := range figures {
			figures[i] = rapid.Int64Range(-1000, 1000).Draw(t, "figure")
		}
		before := slices.Clone(figures)
		if err := tr.RollUp(figures, width); err != nil {
			t.Fatal(err)
		}
		for n := range tree.Node(tr.Len()) {
			for f := range width {
				want := int64(0)
				for m := n; m < tr.End(n); m++ {
					want += before[int(m)*width+f]
				}
				if got := figures[int(n)*width+f]; got != want {
					t.Fatalf("node %d figure %d is %d, want %d", n, f, got, want)
				}
			}
		}
	})
}

func TestRollUpRefusesWhatDoesNotFit(t *testing.T) {
	tr, err := tree.Build("2026-01-01", []tree.Place{{ID: 1}, {ID: 2, Parent: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.RollUp([]int64{math.MaxInt64, 1}, 1); !errors.Is(err, tree.ErrOverflow) {
		t.Errorf("an overflow gives %v", err)
	}
	if err := tr.RollUp([]int64{1}, 1); err == nil {
		t.Error("a row too few is taken")
	}
}

func TestBuildRefusesWhatIsNoTree(t *testing.T) {
	for name, places := range map[string][]tree.Place{
		"a circle":      {{ID: 1, Parent: 2}, {ID: 2, Parent: 1}, {ID: 3}},
		"one's own":     {{ID: 1, Parent: 1}},
		"twice":         {{ID: 1}, {ID: 1}},
		"no id":         {{ID: 0}},
		"beyond a path": {{ID: 1 << 32}},
		"twice, sparse": {{ID: 1 << 30}, {ID: 1 << 30}},
	} {
		if _, err := tree.Build("2026-01-01", places); err == nil {
			t.Errorf("%s is taken for a tree", name)
		}
	}
}

// TestHomes: the county is home to all below it, nothing above it has one, and a town directly under
// a prefecture city is at home in that city.
func TestHomes(t *testing.T) {
	tr, err := tree.Build("2026-01-01", []tree.Place{
		{ID: 1, Level: division.Province}, {ID: 2, Parent: 1, Level: division.Prefecture},
		{ID: 3, Parent: 2, Level: division.County}, {ID: 4, Parent: 3, Level: division.Township},
		{ID: 5, Parent: 4, Level: division.Village},
		{ID: 6, Parent: 1, Level: division.Prefecture}, {ID: 7, Parent: 6, Level: division.Township},
		{ID: 8, Parent: 7, Level: division.Village},
	})
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[int64]int64{1: 0, 2: 0, 3: 3, 4: 3, 5: 3, 6: 0, 7: 6, 8: 6, 99: 0} {
		if got := tr.HomeOf(place); got != want {
			t.Errorf("the home of %d is %d, want %d", place, got, want)
		}
	}
	if got := tr.Leaves(tr.Find(1), division.Village); got != 2 {
		t.Errorf("%d villages, want 2", got)
	}
}
