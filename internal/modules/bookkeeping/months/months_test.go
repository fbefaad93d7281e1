package months

import "testing"

// TestWhatMayBeDoneToAMonth: the example of the package; nothing before the books began.
func TestWhatMayBeDoneToAMonth(t *testing.T) {
	got := Books{From: "2025-01-01", Open: "2025-03-01", Closed: "2025-02"}.Until("2025-04-03",
		"2025-04-03")
	want := []Month{
		{"2025-04", false, false, false, "waiting", "books.month.open"},
		{"2025-03", false, true, false, "due", "books.month.due"},
		{"2025-02", true, false, true, "done", "books.month.closed"},
		{"2025-01", true, false, false, "done", "books.month.closed"},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	if long := (Books{From: "2015-01-01", Open: "2025-01-01"}).Until("2025-04-03",
		"2025-04-03"); len(long) != shown {
		t.Errorf("%d months are shown", len(long))
	}
}
