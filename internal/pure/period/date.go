package period

import (
	"fmt"
	"time"
)

// Date is a civil day, written 2026-11-23. The zero value "" means no date; Open means no end.
type Date string

// Open is the end of what has no end; it sorts after every real date.
const Open Date = "9999-12-31"

const layout = "2006-01-02"

// Beijing is the zone of every civil date and deadline: UTC+8, no summer time.
var Beijing = time.FixedZone("UTC+8", 8*60*60)

// ParseDate reads 2026-11-23. It refuses days that do not exist and years outside 1900–2999.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(layout, text)
	if err != nil || len(text) != len(layout) {
		return "", fmt.Errorf("period: %q is not a date like 2026-11-23", text)
	}
	if t.Year() < 1900 || t.Year() > 2999 {
		return "", fmt.Errorf("period: the year of %q is outside 1900–2999", text)
	}
	return Date(text), nil
}

// NewDate makes a date; months and days outside their range carry over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(layout))
}

// Valid reports whether d is a real day.
func (d Date) Valid() bool {
	_, err := ParseDate(string(d))
	return err == nil
}

func (d Date) time() time.Time {
	t, err := time.Parse(layout, string(d))
	if err != nil {
		panic("period: invalid date " + string(d)) // only a bug makes a Date without ParseDate
	}
	return t
}

// AddDays returns the date n calendar days later.
func (d Date) AddDays(n int) Date { return Date(d.time().AddDate(0, 0, n).Format(layout)) }

// AddMonths returns the same day n months later, or the last day of that month if it is shorter.
func (d Date) AddMonths(n int) Date {
	t := d.time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return NewDate(first.Year(), first.Month(), min(t.Day(), last))
}

// Until returns the calendar days from d to e; negative when e is earlier.
func (d Date) Until(e Date) int { return int(e.time().Sub(d.time()).Hours()) / 24 }

// Year, Month and Day take the date apart.
func (d Date) Year() int             { return d.time().Year() }
func (d Date) Month() time.Month     { return d.time().Month() }
func (d Date) Day() int              { return d.time().Day() }
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }

// Start is the instant the day begins in Beijing.
func (d Date) Start() Instant {
	t := d.time()
	return At(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, Beijing))
}

// End is the instant the day is over: 24:00 Beijing time.
func (d Date) End() Instant { return d.AddDays(1).Start() }

// Span is a half-open stretch of days [From, To).
type Span struct{ From, To Date }

// Contains reports whether the day lies in the span.
func (s Span) Contains(d Date) bool { return s.From <= d && d < s.To }

// Overlaps reports whether two spans share a day.
func (s Span) Overlaps(o Span) bool { return s.From < o.To && o.From < s.To }

// Instant is a moment in microseconds since 1970-01-01 UTC; 0 means never.
type Instant int64

// At converts a time.
func At(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time gives the moment in Beijing time, for showing.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).In(Beijing) }

// Date is the civil day in Beijing at that moment.
func (i Instant) Date() Date { return Date(i.Time().Format(layout)) }

// Add returns the instant later by d.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Microseconds()) }

// String writes the moment to the minute as people in the office read it.
func (i Instant) String() string {
	if i == 0 {
		return ""
	}
	return i.Time().Format("2006-01-02 15:04")
}
