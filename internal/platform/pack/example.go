package pack

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// parameterExample says what a parameter is on a day in a region. With "of", what is expected is the
// count that a share or a threshold of so many comes to. Expecting "" means: it is not set.
type parameterExample struct {
	Key       string      `yaml:"key"`
	Parameter string      `yaml:"parameter"`
	On        period.Date `yaml:"on"`
	Region    []string    `yaml:"region"`
	Of        int64       `yaml:"of"`
	Expect    Scalar      `yaml:"expect"`
}

func tryParameter(p *Pack, e *Entry) []fault.Finding {
	var x parameterExample
	if err := e.Decode(&x); err != nil {
		return []fault.Finding{e.Problem(err)}
	}
	v, err := p.Value(x.Parameter, x.On, x.Region...)
	got := string(v.Value)
	if err != nil {
		got = ""
	} else if x.Of != 0 {
		got = countOf(v, x.Of)
	}
	return compare(e, got, string(x.Expect))
}

// countOf is what a share or a threshold of so many comes to.
func countOf(v Value, of int64) string {
	if t, err := fraction.ParseThreshold(string(v.Value)); err == nil {
		return strconv.FormatInt(t.Needed(of), 10)
	}
	if f, err := fraction.Parse(string(v.Value)); err == nil {
		return strconv.FormatInt(f.Of(of), 10)
	}
	return string(v.Value)
}

func compare(e *Entry, got, want string) []fault.Finding {
	if got == want {
		return nil
	}
	return []fault.Finding{e.At(fault.Wrong("pack.example.differs", e.Key, got, want))}
}

// calendarExample says which day is so many working days, or the last day of a notice of so many
// calendar days, after another.
type calendarExample struct {
	Key         string      `yaml:"key"`
	From        period.Date `yaml:"from"`
	WorkingDays int         `yaml:"working_days"`
	Days        int         `yaml:"days"`
	Expect      period.Date `yaml:"expect"`
}

func tryCalendar(p *Pack, e *Entry) []fault.Finding {
	var x calendarExample
	if err := e.Decode(&x); err != nil {
		return []fault.Finding{e.Problem(err)}
	}
	n := max(x.WorkingDays, x.Days)
	if !x.From.Valid() || n < 1 || n > 500 || x.WorkingDays > 0 && x.Days > 0 {
		return []fault.Finding{e.At(fault.Wrong("pack.example.calendar", e.Key))}
	}
	got := p.Calendar().NoticeEnd(x.From, n, x.WorkingDays > 0)
	return compare(e, string(got), string(x.Expect))
}
