package frame

import (
	"math"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

func TestCheckNamesTheCellAtFault(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		areas, columns []string
		values         [][]float64
		key            string
		args           []any
	}{
		"infinite": {[]string{"A", "B"}, []string{"x", "y"}, [][]float64{{1, 2}, {3, inf}},
			"rating.cell_infinite", []any{"y", "B"}},
		"short column": {[]string{"A", "B"}, []string{"x"}, [][]float64{{1}}, "rating.frame_rows",
			[]any{"x", 1, 2}},
		"area twice": {[]string{"A", "A"}, []string{"x"}, [][]float64{{1, 2}}, "rating.area_repeated",
			[]any{"A"}},
		"column unnamed": {[]string{"A"}, []string{""}, [][]float64{{1}}, "rating.column_repeated",
			[]any{""}},
		"column lacking": {[]string{"A"}, []string{"x", "y"}, [][]float64{{1}}, "rating.frame_columns",
			[]any{1, 2}},
	} {
		_, err := New(c.areas, c.columns, c.values)
		f := fault.Of(err)
		if f == nil || f.Key != c.key || !slices.Equal(f.Args, c.args) {
			t.Errorf("%s: %v, want %s %v", name, err, c.key, c.args)
		}
	}
	if _, err := New([]string{"A"}, []string{"x"}, [][]float64{{Missing()}}); err != nil {
		t.Errorf("a missing cell was refused: %v", err)
	}
}

func TestSelectionsKeepWhatTheySay(t *testing.T) {
	f, err := New([]string{"A", "B", "C"}, []string{"x", "y"}, [][]float64{{1, 2, 3}, {4, Missing(), 6}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Select([]string{"y", "x"})
	if err != nil || s.Values[0][0] != 4 || s.Column("x")[2] != 3 {
		t.Errorf("selected %v, %v", s, err)
	}
	if _, err := f.Select([]string{"z"}); fault.Of(err).Key != "rating.column_unknown" {
		t.Errorf("an unknown column: %v", err)
	}
	taken := f.Take([]int{2, 0})
	if !slices.Equal(taken.Areas, []string{"C", "A"}) || !slices.Equal(taken.Row(0), []float64{3, 6}) {
		t.Errorf("taken %v", taken)
	}
	copied := f.Clone()
	copied.Values[0][0] = 9
	if f.Values[0][0] != 1 || Present(f.Values[1]) != 2 || f.Area("B") != 1 {
		t.Errorf("the original changed, or is read wrongly: %v", f)
	}
}
