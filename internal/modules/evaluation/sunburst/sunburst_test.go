package sunburst

import (
	"math"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
)

// TestPiecesAreAsWideAsTheirWeights: of two pillars 1 : 3, of which the first has an indicator without
// weight.
func TestPiecesAreAsWideAsTheirWeights(t *testing.T) {
	out := result.Result{Nodes: []result.Node{
		{Code: "a", Level: 1, Parent: 2, Weight: 1, Effective: .25},
		{Code: "b", Level: 1, Parent: 2, Weight: 0, Effective: 0},
		{Code: "P", Level: 2, Parent: 4, Weight: 1, Effective: .25},
		{Code: "Q", Level: 2, Parent: 4, Weight: 3, Effective: .75},
		{Code: "I", Level: 3, Parent: -1, Weight: 1, Effective: 1}}}
	arcs := Arcs(out)
	if len(arcs) != 3 || arcs[0].Node != 2 || arcs[1].Node != 0 || arcs[2].Node != 3 {
		t.Fatalf("%+v", arcs)
	}
	if arcs[0].Shade != 0 || arcs[1].Shade != 0 || arcs[2].Shade != 1 {
		t.Errorf("shades: %+v", arcs)
	}
	for i, want := range []string{
		`d="M0.00 -61.00A61.00 61.00 0 0 1 61.00 -0.00L24.00 -0.00A24.00 24.00 0 0 0 0.00 -24.00Z"`,
		`d="M0.00 -99.00A99.00 99.00 0 0 1 99.00 -0.00L62.00 -0.00A62.00 62.00 0 0 0 0.00 -62.00Z"`,
		`A61.00 61.00 0 1 1 -0.00 -61.00L`, // three quarters are more than half a circle
	} {
		if !strings.Contains(string(arcs[i].Path), want) {
			t.Errorf("piece %d: %s, want %s", i, arcs[i].Path, want)
		}
	}
	for i := range out.Nodes {
		out.Nodes[i].Effective = result.Number(math.NaN())
	}
	if arcs := Arcs(out); len(arcs) > 0 {
		t.Errorf("weights that are not known are drawn: %+v", arcs)
	}
}
