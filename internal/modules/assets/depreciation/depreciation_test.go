package depreciation_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

var pump = depreciation.Plan{Method: depreciation.StraightLine, Cost: 100000, Salvage: 5000, Months: 36,
	Since: "2026-03-15"}

func TestThePumpOfThePackageComment(t *testing.T) {
	for day, want := range map[period.Date]money.Fen{"2026-03-31": 0, "2026-04-01": 2639,
		"2026-12-31": 23750,
		"2029-02-28": 92361, "2029-03-31": 95000, "2040-01-01": 95000, "2026-01-01": 0} {
		if got := pump.Accumulated(day); got != want {
			t.Errorf("by %s: %s, want %s", day, got, want)
		}
	}
	if got := pump.Net("2026-12-31"); got != 76250 {
		t.Errorf("net %s", got)
	}
	gone := pump
	gone.Ended = "2026-06-10"
	if got := gone.Accumulated("2027-01-01"); got != 7917 {
		t.Errorf("disposed of in June it writes off until June: %s", got)
	}
}

func drawPlan(t *rapid.T) depreciation.Plan {
	p := depreciation.Plan{Method: depreciation.StraightLine,
		Cost:   money.Fen(rapid.Int64Range(0, 1e13).Draw(t, "cost")),
		Months: rapid.IntRange(1, depreciation.MonthsMax).Draw(t, "months"),
		Since: period.NewDate(rapid.IntRange(1950, 2050).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t,
			"day"))}
	p.Salvage = money.Fen(rapid.Int64Range(0, int64(p.Cost)).Draw(t, "salvage"))
	return p
}

// TestTheMonthsOfALifeSumToTheWhole: invariants 1 and 2.
func TestTheMonthsOfALifeSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		var sum money.Fen
		m := period.Containing(p.Since, period.Month)
		for range p.Months + 2 {
			part := p.Month(m)
			if part < 0 {
				t.Fatalf("%s writes off %s", m, part)
			}
			sum += part
			if sum != p.Accumulated(m.Last()) {
				t.Fatalf("after %s the months sum to %s, the whole says %s", m, sum,
					p.Accumulated(m.Last()))
			}
			m = m.Next()
		}
		if sum != p.Cost-p.Salvage {
			t.Fatalf("a life writes off %s of %s", sum, p.Cost-p.Salvage)
		}
	})
}

// TestPartsOfASplitSumToTheWhole: invariant 3.
func TestPartsOfASplitSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		day := p.Since.AddMonths(rapid.IntRange(0, 600).Draw(t, "after"))
		shares := rapid.SliceOfN(rapid.Int64Range(1, 1e6), 2, 6).Draw(t, "shares")
		parts, err := p.Split(day, shares)
		if err != nil {
			t.Fatal(err)
		}
		var cost, written money.Fen
		for _, part := range parts {
			if err := part.Check(); err != nil {
				t.Fatalf("%+v: %v", part, err)
			}
			cost += part.Cost
			written += part.Accumulated(day)
		}
		if cost != p.Cost || written != p.Accumulated(day) {
			t.Fatalf("cost %s of %s, written off %s of %s", cost, p.Cost, written, p.Accumulated(day))
		}
	})
}

// TestARevaluationLeavesThePastAlone: invariant 4.
func TestARevaluationLeavesThePastAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		day := p.Since.AddMonths(rapid.IntRange(0, 100).Draw(t, "after"))
		cost := p.Accumulated(day) + money.Fen(rapid.Int64Range(0, 1e12).Draw(t, "more"))
		next, err := p.Revalue(day, cost, 0, rapid.IntRange(1, 600).Draw(t, "months"))
		if err != nil {
			t.Fatal(err)
		}
		if next.Accumulated(day) != p.Accumulated(day) {
			t.Fatalf("the past changed from %s to %s", p.Accumulated(day), next.Accumulated(day))
		}
		if end := next.Accumulated(day.AddMonths(next.Months)); end != next.Cost {
			t.Fatalf("in the end %s of %s", end, next.Cost)
		}
	})
}

func TestUnitsOfWork(t *testing.T) {
	truck := depreciation.Plan{Method: depreciation.Units, Cost: 20000000, Salvage: 1000000,
		Since: "2026-01-01",
		Work:  50000000} // 500,000.00 km
	for done, want := range map[int64]money.Fen{0: 0, -5: 0, 12345678: 4691358, 50000000: 19000000,
		99999999: 19000000} {
		if got := truck.AccumulatedWork(done); got != want {
			t.Errorf("%d: %s, want %s", done, got, want)
		}
	}
}

func TestBadPlansAreRefused(t *testing.T) {
	for name, p := range map[string]depreciation.Plan{
		"negative cost": {Method: depreciation.StraightLine, Cost: -1, Months: 1, Since: "2026-01-01"},
		"salvage above cost": {Method: depreciation.StraightLine, Cost: 1, Salvage: 2, Months: 1,
			Since: "2026-01-01"},
		"no life": {Method: depreciation.StraightLine, Cost: 1, Since: "2026-01-01"},
		"too long a life": {Method: depreciation.StraightLine, Cost: 1, Months: 1201,
			Since: "2026-01-01"},
		"no day":  {Method: depreciation.StraightLine, Cost: 1, Months: 12},
		"no work": {Method: depreciation.Units, Cost: 1, Since: "2026-01-01"},
		"written off before": {Method: depreciation.StraightLine, Cost: 5, Salvage: 1, Base: 5, Months: 1,
			Since: "2026-01-01"},
	} {
		if p.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := pump.Split("2026-06-01", []int64{1}); err == nil {
		t.Error("a split into one part was accepted")
	}
}
