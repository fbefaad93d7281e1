package period

import (
	"fmt"
	"slices"
	"time"
)

// Calendar holds the published holidays and make-up working days of some years (State Council
// notice of each year; shipped as pack data). It never guesses: a date in a year it does not hold
// is counted by plain weekdays and Known says so.
type Calendar struct {
	years    map[int]bool
	holidays map[Date]bool // weekdays that are off
	makeUps  map[Date]bool // weekend days that are worked
}

// YearDays is the published calendar of one year.
type YearDays struct {
	Year     int    `yaml:"year"`
	Holidays []Date `yaml:"holidays"` // days off, whether or not they fall on a weekend
	MakeUps  []Date `yaml:"make_ups"` // weekend days that are worked
	Basis    string `yaml:"basis"`    // the notice that set it
}

// NewCalendar checks and joins years: every day must lie in its year, a make-up day must be a
// Saturday or Sunday, none may be both.
func NewCalendar(years ...YearDays) (*Calendar, error) {
	c := &Calendar{map[int]bool{}, map[Date]bool{}, map[Date]bool{}}
	for _, y := range years {
		if c.years[y.Year] {
			return nil, fmt.Errorf("period: the calendar of %d is given twice", y.Year)
		}
		c.years[y.Year] = true
		for _, d := range slices.Concat(y.Holidays, y.MakeUps) {
			if !d.Valid() || d.Year() != y.Year {
				return nil, fmt.Errorf("period: %q does not lie in the calendar's year %d", d, y.Year)
			}
		}
		for _, d := range y.Holidays {
			c.holidays[d] = true
		}
		for _, d := range y.MakeUps {
			if !weekend(d) || c.holidays[d] {
				return nil, fmt.Errorf("period: %s cannot be a make-up day", d)
			}
			c.makeUps[d] = true
		}
	}
	return c, nil
}

func weekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Known reports whether the calendar of the day's year has been published to it.
func (c *Calendar) Known(d Date) bool { return c.years[d.Year()] }

// Working reports whether the day is worked.
func (c *Calendar) Working(d Date) bool {
	if weekend(d) {
		return c.makeUps[d]
	}
	return !c.holidays[d]
}

// AddWorkingDays returns the n-th working day after d. Day 1 is the first working day after d;
// n must not be negative; n = 0 gives d itself.
func (c *Calendar) AddWorkingDays(d Date, n int) Date {
	for n > 0 {
		d = d.AddDays(1)
		if c.Working(d) {
			n--
		}
	}
	return d
}

// WorkingDaysBetween counts the working days in (from, to]; negative when to is earlier.
func (c *Calendar) WorkingDaysBetween(from, to Date) int {
	if to < from {
		return -c.WorkingDaysBetween(to, from)
	}
	n := 0
	for d := from.AddDays(1); d <= to; d = d.AddDays(1) {
		if c.Working(d) {
			n++
		}
	}
	return n
}

// OnOrAfter returns d if it is worked, else the next working day. A notice must end on one.
func (c *Calendar) OnOrAfter(d Date) Date {
	for !c.Working(d) {
		d = d.AddDays(1)
	}
	return d
}

// NoticeEnd is the last day of a public notice posted on a day: day 1 is the day after posting,
// days counts calendar or working days, and the last day is always a working day.
func (c *Calendar) NoticeEnd(posted Date, days int, working bool) Date {
	if working {
		return c.AddWorkingDays(posted, days)
	}
	return c.OnOrAfter(posted.AddDays(days))
}
