package flow

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Definition is a procedure as data.
type Definition struct {
	Key     string      `yaml:"key"     json:"key"`
	Version int         `yaml:"version" json:"version"`
	Title   words.Words `yaml:"title"   json:"title"`
	Basis   string      `yaml:"basis"   json:"basis"`
	Mark    string      `yaml:"mark"    json:"mark,omitempty"`
	Steps   []Step      `yaml:"steps"   json:"steps"`
	// Withdraw lists the steps during which whoever opened the case may withdraw it.
	Withdraw []string `yaml:"withdraw" json:"withdraw,omitempty"`
}

// Kind is what is done at a step.
type Kind string

// The kinds of step.
const (
	Work    Kind = "work"
	Review  Kind = "review"
	Notice  Kind = "notice"
	Meeting Kind = "meeting"
)

// Step is one station of a procedure.
type Step struct {
	Key      string         `yaml:"key"       json:"key"`
	Title    words.Words    `yaml:"title"     json:"title"`
	Kind     Kind           `yaml:"kind"      json:"kind"`
	Level    division.Level `yaml:"level"     json:"level"` // whose post acts: the nearest at or above
	Permit   string         `yaml:"permit"    json:"permit"`
	Signers  int            `yaml:"signers"   json:"signers,omitempty"` // persons who must approve; 0 means 1
	Deadline Deadline       `yaml:"deadline"  json:"deadline,omitzero"`
	Notice   NoticeRule     `yaml:"notice"    json:"notice,omitzero"`
	Matter   string         `yaml:"matter"    json:"matter,omitempty"` // of a meeting: names its rules
	Guards   []string       `yaml:"guards"    json:"guards,omitempty"` // must hold before going forward
	NotBy    []string       `yaml:"not_by"    json:"not_by,omitempty"` // whoever acted there may not act here
	ReturnTo []string       `yaml:"return_to" json:"return_to,omitempty"`
	Refuse   bool           `yaml:"refuse"    json:"refuse,omitempty"`  // may end the case with a refusal
	When     string         `yaml:"when"      json:"when,omitempty"`    // else the step is left out
	Machine  bool           `yaml:"machine"   json:"machine,omitempty"` // the program goes forward by itself
	Escalate Escalation     `yaml:"escalate"  json:"escalate,omitzero"`
	Basis    string         `yaml:"basis"     json:"basis,omitempty"` // what the law demands here
	Mark     string         `yaml:"mark"      json:"mark,omitempty"`
}

// Deadline is when a step is due: so many working days after it begins, or a day of the year. Both
// unset means never.
type Deadline struct {
	WorkingDays int    `yaml:"working_days" json:"working_days,omitempty"`
	Day         string `yaml:"day"          json:"day,omitempty"`  // month-day: 02-28
	Year        int    `yaml:"year"         json:"year,omitempty"` // added to the case's year of reference
	// Parameter names the day in the pack instead; it is looked up when a case opens (Resolve).
	Parameter string `yaml:"parameter" json:"parameter,omitempty"`
}

// NoticeRule is how long a step is on public notice.
type NoticeRule struct {
	Days       int  `yaml:"days"        json:"days,omitempty"`
	Working    bool `yaml:"working"     json:"working,omitempty"`     // working days, else calendar days
	AnswerDays int  `yaml:"answer_days" json:"answer_days,omitempty"` // working days to answer an objection
	// Parameter and Answers name the days in the pack instead, as above.
	Parameter string `yaml:"parameter" json:"parameter,omitempty"`
	Answers   string `yaml:"answers"   json:"answers,omitempty"`
}

// Escalation tells a higher level of a step that stays overdue.
type Escalation struct {
	WorkingDays int            `yaml:"working_days" json:"working_days,omitempty"` // after the deadline
	Level       division.Level `yaml:"level"        json:"level,omitempty"`
}

// SignersMax is the largest number of signers of a step, declared and added.
const SignersMax = 20

// Check finds what is wrong with a definition: it is called when a pack is loaded or tested.
func (d Definition) Check() []error {
	var all []error
	wrong := func(format string, args ...any) {
		all = append(all, fmt.Errorf("procedure %s: "+format, append([]any{d.Key}, args...)...))
	}
	if d.Key == "" || d.Version < 1 || len(d.Steps) == 0 {
		wrong("needs a key, a version and steps")
	}
	if !d.Title.Whole() {
		wrong("needs a title in both languages")
	}
	var before []string
	for _, s := range d.Steps {
		if slices.Contains(before, s.Key) || s.Key == "" {
			wrong("the step %q stands twice or has no key", s.Key)
		}
		for _, problem := range s.check(before) {
			wrong("step %s: %s", s.Key, problem)
		}
		before = append(before, s.Key)
	}
	for _, key := range d.Withdraw {
		if !slices.Contains(before, key) {
			wrong("withdraw names the step %q, which is not there", key)
		}
	}
	return all
}

func (s Step) check(before []string) []string {
	var problems []string
	add := func(ok bool, problem string) {
		if !ok {
			problems = append(problems, problem)
		}
	}
	add(s.Title.Whole(), "needs a title in both languages")
	add(slices.Contains([]Kind{Work, Review, Notice, Meeting}, s.Kind), "has an unknown kind")
	add(s.Permit != "" || s.Machine, "needs a permit")
	add(s.Signers >= 0 && s.Signers <= SignersMax, "has too many signers")
	add((s.Kind == Notice) == (s.Notice.Days > 0 || s.Notice.Parameter != ""),
		"a notice, and only a notice, has days")
	add((s.Kind == Meeting) == (s.Matter != ""), "a meeting, and only a meeting, has a matter")
	add(s.Deadline.WorkingDays == 0 || s.Deadline.Day == "" && s.Deadline.Parameter == "",
		"has two deadlines")
	if s.Deadline.Day != "" {
		_, err := period.ParseDate("2024-" + s.Deadline.Day) // a leap year: 02-29 is a day
		add(err == nil, "has a deadline that is no day")
	}
	for _, list := range [][]string{s.NotBy, s.ReturnTo} {
		for _, key := range list {
			add(slices.Contains(before, key), "names "+key+", which does not come before it")
		}
	}
	return problems
}

// Route is the steps of a definition that apply: those without a condition and those whose
// condition holds.
func (d Definition) Route(holds func(condition string) bool) []Step {
	var route []Step
	for _, s := range d.Steps {
		if s.When == "" || holds(s.When) {
			route = append(route, s)
		}
	}
	return route
}

// Parameters looks figures of the pack up, for the place of a case on the day it opens.
type Parameters interface {
	Whole(key string) (int, error)
	MonthDay(key string) (string, error) // 02-28
}

// Resolve replaces the names of parameters in a route by what they are now: the route is fixed.
func Resolve(route []Step, p Parameters) ([]Step, error) {
	fixed := slices.Clone(route)
	for i := range fixed {
		s := &fixed[i]
		var err error
		if s.Deadline.Parameter != "" {
			if s.Deadline.Day, err = p.MonthDay(s.Deadline.Parameter); err != nil {
				return nil, err
			}
		}
		if s.Notice.Parameter != "" {
			if s.Notice.Days, err = p.Whole(s.Notice.Parameter); err != nil {
				return nil, err
			}
		}
		if s.Notice.Answers != "" {
			if s.Notice.AnswerDays, err = p.Whole(s.Notice.Answers); err != nil {
				return nil, err
			}
		}
	}
	return fixed, nil
}

// due is the day a step that begins on a day is due; "" means never.
func (s Step) due(began period.Date, year int, cal *period.Calendar) period.Date {
	switch {
	case s.Deadline.WorkingDays > 0:
		return cal.AddWorkingDays(began, s.Deadline.WorkingDays)
	case s.Deadline.Day != "":
		d, err := period.ParseDate(fmt.Sprintf("%04d-%s", year+s.Deadline.Year, s.Deadline.Day))
		if err != nil { // 02-29 in a common year
			return period.Date(fmt.Sprintf("%04d-02-28", year+s.Deadline.Year))
		}
		return d
	}
	return ""
}
