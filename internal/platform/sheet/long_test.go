package sheet

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A city has more cards than a worksheet has lines (1,048,576): none is lost, and each sheet has the
// heading. The limit is lowered here.
func TestATableLongerThanASheetGoesOnOnTheNext(t *testing.T) {
	rows := func(yield func([]any, error) bool) {
		for i := range int64(7) {
			if !yield([]any{i}, nil) {
				return
			}
		}
	}
	var b bytes.Buffer
	n, err := writeBook(&b, []Table{{Title: "资产", Heading: []string{"编号"}, Rows: rows,
		Notes: []string{"共 7 行"}}}, 4)
	if err != nil || n != 7 {
		t.Fatal(n, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, want := f.GetSheetList(), []string{"资产", "资产 2", "资产 3"}; !slices.Equal(got, want) {
		t.Fatalf("sheets %q, want %q", got, want)
	}
	for name, want := range map[string][]string{"资产": {"编号", "0", "1", "2"},
		"资产 2": {"编号", "3", "4", "5"}, "资产 3": {"编号", "6", "", "共 7 行"}} {
		lines, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, cells := range lines {
			got = append(got, append(cells, "")[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
