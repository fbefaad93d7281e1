package depreciation_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// straight is a plan of 1,200.00 yuan over twelve months, 100.00 a month.
func straight(since period.Date) depreciation.Plan {
	return depreciation.Plan{Method: depreciation.StraightLine, Cost: 120_000, Months: 12, Since: since}
}

// TestEdges holds the cases in which other systems' depreciation went wrong: ends of months, leap
// years, disposal in the first month, nothing to write off, plans that begin later than the act.
func TestEdges(t *testing.T) {
	ended := func(p depreciation.Plan, on period.Date) depreciation.Plan {
		p.Ended = on
		return p
	}
	for name, c := range map[string]struct {
		plan depreciation.Plan
		on   period.Date
		want money.Fen
	}{
		"the month it is put into use writes nothing off": {straight("2026-01-31"), "2026-01-31", 0},
		"from the last of January, February is a month":   {straight("2026-01-31"), "2026-02-28", 10_000},
		"a leap day is in February":                       {straight("2024-01-31"), "2024-02-29", 10_000},
		"put into use on a leap day":                      {straight("2024-02-29"), "2025-02-28", 120_000},
		"a day earlier it is a month less":                {straight("2024-02-29"), "2025-01-31", 110_000},
		"the first of a month counts like its last":       {straight("2026-01-01"), "2026-02-01", 10_000},
		"before it is in use":                             {straight("2026-03-01"), "2026-02-28", 0},
		"after its life":                                  {straight("2026-01-31"), "2099-12-31", 120_000},
		"disposed of in the first month": {ended(straight("2026-01-10"), "2026-01-20"),
			"2030-01-01", 0},
		"disposed of in the second, which still counts": {ended(straight("2026-01-10"), "2026-02-01"),
			"2030-01-01", 10_000},
		"disposed of after its life": {ended(straight("2026-01-10"), "2040-02-01"),
			"2050-01-01", 120_000},
		"salvage is the cost": {depreciation.Plan{Method: depreciation.StraightLine, Cost: 500,
			Salvage: 500, Months: 3,
			Since: "2026-01-01"}, "2030-01-01", 0},
		"a life of one month": {depreciation.Plan{Method: depreciation.StraightLine, Cost: 7, Months: 1,
			Since: "2026-01-31"}, "2026-02-01", 7},
	} {
		if got := c.plan.Accumulated(c.on); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if err := c.plan.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	none := straight("2026-01-01")
	none.Months = 0
	if none.Check() == nil {
		t.Error("a life of no months is taken")
	}
}

// TestRevaluedTwiceAndSplitBeforeUse: the past stays, and an asset that is not yet in use does not begin
// sooner because something was done to it.
func TestRevaluedTwiceAndSplitBeforeUse(t *testing.T) {
	p := straight("2026-01-31")
	q, err := p.Revalue("2026-04-30", 200_000, 0, 10) // three months, 300.00, are past
	if err != nil || q.Accumulated("2026-04-30") != 30_000 || q.Accumulated("2026-05-31") != 47_000 {
		t.Errorf("revalued: %+v %v", q, err)
	}
	r, err := q.Revalue("2026-05-31", 47_000, 0, 1) // written down to what was written off
	if err != nil || r.Accumulated("2030-01-01") != 47_000 || r.Net("2030-01-01") != 0 {
		t.Errorf("revalued again: %+v %v", r, err)
	}
	if _, err := q.Revalue("2026-05-31", 46_999, 0, 1); err == nil {
		t.Error("less than what was written off is taken")
	}
	later := straight("2026-12-31")
	s, err := later.Revalue("2026-01-31", 240_000, 0, 12)
	if err != nil || s.Accumulated("2026-12-31") != 0 || s.Accumulated("2027-01-31") != 20_000 {
		t.Errorf("revalued before use: %+v %v", s, err)
	}
	parts, err := later.Split("2026-01-31", []int64{1, 2})
	if err != nil || parts[0].Accumulated("2026-12-31") != 0 ||
		parts[1].Accumulated("2027-12-31") != 80_000 {
		t.Errorf("split before use: %+v %v", parts, err)
	}
	parts[0].Ended = "2027-03-31" // split, then disposed of
	if got := parts[0].Accumulated("2030-01-01"); got != 10_000 {
		t.Errorf("a part that was disposed of wrote off %v", got)
	}
}
