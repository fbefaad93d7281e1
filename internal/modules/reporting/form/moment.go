package form

import (
	"errors"
	"time"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Moment is a day relative to a period: so many working days or days after its last day, or a day of the
// year. Days before the end of the period are negative.
type Moment struct {
	WorkingDays int    `yaml:"working_days"`
	Days        int    `yaml:"days"`
	Day         string `yaml:"day"`  // month-day: 03-31
	Year        int    `yaml:"year"` // added to the period's year, with day
}

// Dates are when a form opens, is due and locks for a period.
type Dates struct{ Opens, Due, Locks period.Date }

var errMoment = errors.New("form: a moment has either working days, days or a day of the year")

// On is the day for a period. What would fall on a day off moves to the next working day.
func (m Moment) On(p period.Period, calendar *period.Calendar) (period.Date, error) {
	given := 0
	for _, is := range []bool{m.WorkingDays != 0, m.Days != 0, m.Day != ""} {
		if is {
			given++
		}
	}
	if given != 1 || m.WorkingDays < 0 {
		return "", errMoment
	}
	switch {
	case m.WorkingDays > 0:
		return calendar.AddWorkingDays(p.Last(), m.WorkingDays), nil
	case m.Days != 0:
		return calendar.OnOrAfter(p.Last().AddDays(m.Days)), nil
	}
	t, err := time.Parse("01-02", m.Day)
	if err != nil {
		return "", errMoment
	}
	return calendar.OnOrAfter(period.NewDate(p.Year()+m.Year, t.Month(), t.Day())), nil
}

// Dates are the days of the form for a period, in order.
func (d Definition) Dates(p period.Period, calendar *period.Calendar) (on Dates, err error) {
	if on.Opens, err = d.Opens.On(p, calendar); err != nil {
		return on, err
	}
	if on.Due, err = d.Due.On(p, calendar); err != nil {
		return on, err
	}
	if on.Locks, err = d.Locks.On(p, calendar); err != nil {
		return on, err
	}
	if on.Opens > on.Due || on.Due > on.Locks {
		return on, errOrder
	}
	return on, nil
}

var errOrder = errors.New("form: it must open before it is due, and be due before it locks")

// Stands reports whether the form may open on a day: after it began, before its sunset.
func (d Definition) Stands(on period.Date) bool {
	return (d.From == "" || on >= d.From) && (d.Sunset == "" || on < d.Sunset)
}

// Occasion is a form in a period with its days.
type Occasion struct {
	Period period.Period
	Dates
}

// Occasions are the periods of the form of which anything – opening, due or locking day – lies from a
// day to another, both included, oldest first. A form past its sunset has none.
func (d Definition) Occasions(from, to period.Date, calendar *period.Calendar) ([]Occasion, error) {
	var all []Occasion
	p := period.Containing(from.AddMonths(-18), d.Frequency())
	for ; p.First() <= to; p = p.Next() {
		on, err := d.Dates(p, calendar)
		if err != nil {
			return nil, err
		}
		if on.Opens <= to && on.Locks >= from && d.Stands(on.Opens) {
			all = append(all, Occasion{p, on})
		}
	}
	return all, nil
}

// Guard is what an ask must keep to, whatever the form.
type Guard struct {
	LeadDays int // working days from opening to due
	AsksMax  int // forms with something to type, per village and month
}

// Check refuses what asks at short notice or on a day off.
func (g Guard) Check(on Dates, calendar *period.Calendar) []fault.Finding {
	var found []fault.Finding
	if lead := calendar.WorkingDaysBetween(on.Opens, on.Due); lead < g.LeadDays {
		found = append(found, fault.Wrong("reporting.guard.lead", lead, g.LeadDays))
	}
	for _, day := range []period.Date{on.Opens, on.Due} {
		if !calendar.Working(day) {
			found = append(found, fault.Wrong("reporting.guard.day_off", day))
		}
	}
	return found
}
