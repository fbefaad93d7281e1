package period_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/period"
)

func TestDates(t *testing.T) {
	for _, bad := range []string{"", "2026-2-3", "2026-02-29", "1900-02-29", "2026/02/03", "20260203",
		"2026-13-01", "1899-12-31", "2026-02-03 "} {
		if d, err := period.ParseDate(bad); err == nil {
			t.Errorf("ParseDate(%q) = %s, want a refusal", bad, d)
		}
	}
	if got := period.Date("2024-01-31").AddMonths(1); got != "2024-02-29" {
		t.Errorf("a month after 31 January 2024 = %s", got)
	}
	if got := period.Date("2025-12-31").Until("2026-03-01"); got != 60 {
		t.Errorf("days = %d", got)
	}
	if period.Open <= "2999-12-31" {
		t.Error("Open sorts before a real date")
	}
}

// TestDeadlineEndsAtMidnightInBeijing: a deadline of 28 February holds until 16:00 UTC.
func TestDeadlineEndsAtMidnightInBeijing(t *testing.T) {
	end := period.Date("2026-02-28").End()
	if want := time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC); !end.Time().Equal(want) {
		t.Errorf("ends at %s, want %s", end.Time().UTC(), want)
	}
	if d := (end - 1).Date(); d != "2026-02-28" {
		t.Errorf("the last microsecond lies on %s", d)
	}
	if d := end.Date(); d != "2026-03-01" {
		t.Errorf("24:00 lies on %s", d)
	}
}

func TestPeriodsReadAndWrite(t *testing.T) {
	for text, want := range map[string][2]period.Date{
		"2026":    {"2026-01-01", "2026-12-31"},
		"2026H2":  {"2026-07-01", "2026-12-31"},
		"2026Q1":  {"2026-01-01", "2026-03-31"},
		"2024-02": {"2024-02-01", "2024-02-29"},
	} {
		p, err := period.Parse(text)
		if err != nil || p.First() != want[0] || p.Last() != want[1] || p.String() != text {
			t.Errorf("%s: %s to %s (%s), %v", text, p.First(), p.Last(), p, err)
		}
	}
	for _, bad := range []string{"", "26", "2026Q5", "2026H3", "2026-13", "2026-00", "2026-1", "2026q1",
		"-026", "2026Q1x"} {
		if p, err := period.Parse(bad); err == nil {
			t.Errorf("Parse(%q) = %s, want a refusal", bad, p)
		}
	}
}

func TestPeriodsTileTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := period.NewDate(rapid.IntRange(1901, 2998).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t,
			"day"))
		kind := rapid.SampledFrom([]period.Kind{period.Year, period.Half, period.Quarter,
			period.Month}).Draw(t, "kind")
		p := period.Containing(d, kind)
		if !p.Span().Contains(d) {
			t.Fatalf("%s is not in %s", d, p)
		}
		if p.Next().First() != p.Last().AddDays(1) || p.Next().Previous() != p {
			t.Fatalf("%s leaves a gap before %s", p, p.Next())
		}
		if back, err := period.Parse(p.String()); err != nil || back != p {
			t.Fatalf("%s reads back as %s, %v", p, back, err)
		}
	})
}

// spring2026 is the Spring Festival of 2026 as an example: off 15–23 February, worked 14 and 28.
func spring2026(t *testing.T) *period.Calendar {
	t.Helper()
	c, err := period.NewCalendar(period.YearDays{Year: 2026,
		Holidays: []period.Date{"2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
			"2026-02-23"},
		MakeUps: []period.Date{"2026-02-14", "2026-02-28"}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWorkingDaysSkipHolidaysAndCountMakeUps(t *testing.T) {
	c := spring2026(t)
	if got := c.AddWorkingDays("2026-02-13", 2); got != "2026-02-24" {
		t.Errorf("two working days after Friday 13 = %s, want 14 (made up) and 24", got)
	}
	if got := c.WorkingDaysBetween("2026-02-13", "2026-02-24"); got != 2 {
		t.Errorf("between = %d", got)
	}
	if got := c.NoticeEnd("2026-02-10", 7, false); got != "2026-02-24" {
		t.Errorf("a notice of 7 days from the 10th ends on %s, want a working day after the 17th", got)
	}
	if !c.Known("2026-05-01") || c.Known("2027-01-01") {
		t.Error("Known misjudges")
	}
}

func TestCalendarRefusesNonsense(t *testing.T) {
	for name, y := range map[string]period.YearDays{
		"make-up on a weekday": {Year: 2026, MakeUps: []period.Date{"2026-02-11"}},
		"day of another year":  {Year: 2026, Holidays: []period.Date{"2025-12-31"}},
		"no date":              {Year: 2026, Holidays: []period.Date{"soon"}},
		"both": {Year: 2026, Holidays: []period.Date{"2026-02-14"},
			MakeUps: []period.Date{"2026-02-14"}},
	} {
		if _, err := period.NewCalendar(y); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestAddAndBetweenAgree(t *testing.T) {
	c := spring2026(t)
	rapid.Check(t, func(t *rapid.T) {
		d := period.NewDate(2026, 1, rapid.IntRange(1, 120).Draw(t, "day"))
		n := rapid.IntRange(0, 40).Draw(t, "n")
		if got := c.WorkingDaysBetween(d, c.AddWorkingDays(d, n)); got != n {
			t.Fatalf("%d working days after %s is %s, which counts back as %d", n, d, c.AddWorkingDays(d,
				n), got)
		}
	})
}
