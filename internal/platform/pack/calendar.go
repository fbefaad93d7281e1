package pack

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

const calendarFile = "calendar.yaml"

// CalendarYear is the published calendar of one year.
type CalendarYear struct {
	Key       Scalar    `yaml:"key"` // the year
	Basis     string    `yaml:"basis"`
	Mark      Mark      `yaml:"mark"`
	Statutory int       `yaml:"statutory"` // days off that the law gives
	Holidays  []Holiday `yaml:"holidays"`
}

// Holiday is a stretch of days off, weekends within it included, and the weekend days worked for it.
type Holiday struct {
	Name    locale.Words  `yaml:"name"`
	From    period.Date   `yaml:"from"`
	To      period.Date   `yaml:"to"`
	MakeUps []period.Date `yaml:"make_ups"`
}

// holidayMax is the longest holiday in days.
const holidayMax = 20

// readCalendar joins the years of the chain into one calendar.
func (p *Pack) readCalendar() []fault.Finding {
	p.calendar, _ = period.NewCalendar()
	var years []period.YearDays
	var findings []fault.Finding
	for _, e := range p.entries {
		if e.Path != calendarFile {
			continue
		}
		if e.List != "years" {
			findings = append(findings, e.At(fault.Wrong("pack.list", e.List, "years")))
			continue
		}
		days, f := readYear(e)
		findings = append(findings, f...)
		if len(f) == 0 {
			years = append(years, days)
		}
	}
	calendar, err := period.NewCalendar(years...)
	if err != nil {
		return append(findings, fault.Wrong("pack.syntax", err.Error()).At(calendarFile, 0, ""))
	}
	p.calendar = calendar
	return findings
}

// readYear decodes one year and checks that it agrees with itself.
func readYear(e *Entry) (period.YearDays, []fault.Finding) {
	var y CalendarYear
	if err := e.Decode(&y); err != nil {
		return period.YearDays{}, []fault.Finding{e.Problem(err)}
	}
	year, err := strconv.Atoi(string(y.Key))
	if err != nil || y.Basis == "" || y.Mark != Verified && y.Mark != Unverified {
		return period.YearDays{}, []fault.Finding{e.At(fault.Wrong("pack.calendar.year", string(y.Key)))}
	}
	days := period.YearDays{Year: year, Basis: y.Basis}
	for _, h := range y.Holidays {
		if !h.From.Valid() || !h.To.Valid() || h.To < h.From || h.From.Until(h.To) > holidayMax ||
			!h.Name.Whole() {
			return days, []fault.Finding{e.At(fault.Wrong("pack.calendar.holiday", string(h.From),
				string(h.To)))}
		}
		for d := h.From; d <= h.To; d = d.AddDays(1) {
			days.Holidays = append(days.Holidays, d)
		}
		days.MakeUps = append(days.MakeUps, h.MakeUps...)
	}
	return days, balance(e, days, y.Statutory)
}

// balance holds the year against the law: what holidays take from the week is made up for, except
// the statutory days. A date mistyped anywhere breaks it.
func balance(e *Entry, days period.YearDays, statutory int) []fault.Finding {
	one, err := period.NewCalendar(days)
	if err != nil {
		return []fault.Finding{e.At(fault.Wrong("pack.syntax", err.Error()))}
	}
	plain, _ := period.NewCalendar()
	off := 0
	for d := period.NewDate(days.Year, 1, 1); d.Year() == days.Year; d = d.AddDays(1) {
		if plain.Working(d) {
			off++
		}
		if one.Working(d) {
			off--
		}
	}
	if off != statutory {
		return []fault.Finding{e.At(fault.Wrong("pack.calendar.balance", days.Year, off, statutory))}
	}
	return nil
}

// Calendar is the working-day calendar of all years the pack knows.
func (p *Pack) Calendar() *period.Calendar { return p.calendar }
