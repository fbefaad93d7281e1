package gazetteer

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/editions"
	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// childrenBytesMax is what the children of any place may have, whatever they are called.
const childrenBytesMax = 50 << 10

// largestChildren is the size of the largest answer about children in a tree.
func (f *fixture) largestChildren(t *tree.Tree) int {
	f.t.Helper()
	largest := 0
	for n := range tree.Node(t.Len()) {
		if t.End(n) == n+1 {
			continue
		}
		body, err := json.Marshal(f.childrenOf(t, t.Children(n), 0, childrenMax))
		f.must(err)
		largest = max(largest, len(body))
	}
	return largest
}

// TestChildrenStaySmall: thousands of places with the longest names below one are given by parts.
func TestChildrenStaySmall(t *testing.T) {
	places := []tree.Place{{ID: 1, Level: division.Township, Kind: division.Town, Name: "镇"}}
	for i := range 3000 {
		places = append(places, tree.Place{ID: int64(i) + 4_000_000, Parent: 1, Level: division.Village,
			Kind: division.ResidentCommittee, Code: "500102103201", Name: strings.Repeat("社",
				edition.NameMax)})
	}
	tr, err := tree.Build("2016-07-31", places)
	if err != nil {
		t.Fatal(err)
	}
	if got := onSQLite(t).largestChildren(tr); got > childrenBytesMax || got < 10_000 {
		t.Errorf("%d bytes", got)
	}
}

// BenchmarkChildren finds the largest answer about the children of any place of the nation.
func BenchmarkChildren(b *testing.B) {
	source, err := editions.ReadFile(bytes.NewReader(placetest.File(b, "national_2016_5level_urcode.csv.gz")))
	if err != nil {
		b.Fatal(err)
	}
	file, err := edition.Parse(source.Text, nil)
	if err != nil {
		b.Fatal(err)
	}
	places := make([]tree.Place, len(file.Rows))
	for i, r := range file.Rows {
		places[i] = tree.Place{ID: int64(i + 1), Level: r.Level, Kind: r.Kind, Name: r.Name,
			Code: edition.CodeText(r.Code)}
		if r.Parent != edition.NoRow {
			places[i].Parent = int64(r.Parent) + 1
		}
	}
	t, err := tree.Build("2016-07-31", places)
	if err != nil {
		b.Fatal(err)
	}
	benchmark.Report(b, benchmark.Figure{Name: "territory/children",
		Value: float64(onSQLite(b).largestChildren(t)),
		Unit:  "bytes", Baseline: childrenBytesMax, Target: "≤ 50 KB",
		Against: "the target; 713,035 places"})
}
