package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Where a pack keeps rules.
const (
	rulesPath = "rules/*.yaml"
	rulesList = "rules"
)

// Severity is how grave a hit is.
type Severity string

// The severities, the mildest first.
const (
	Blue   Severity = "blue"
	Yellow Severity = "yellow"
	Orange Severity = "orange"
	Red    Severity = "red"
)

// Severities lists them, the mildest first.
var Severities = []Severity{Blue, Yellow, Orange, Red}

// Rank is 1 for the mildest; 0 for what is no severity.
func (s Severity) Rank() int { return slices.Index(Severities, s) + 1 }

// Definition is a rule of a pack: what it is about, on what it rests, and its versions.
type Definition struct {
	Key      string      `yaml:"key"`
	Title    words.Words `yaml:"title"`
	Subject  string      `yaml:"subject"`
	Basis    string      `yaml:"basis"`
	Mark     pack.Mark   `yaml:"mark"`
	Versions []*Version  `yaml:"versions"`
	File     string      `yaml:"-"` // where it stands
	Line     int         `yaml:"-"`
}

// Version is a rule as it holds from a day on, until the day before another begins or until it ends.
type Version struct {
	Number   int         `yaml:"version"`
	From     period.Date `yaml:"from"`
	Until    period.Date `yaml:"until"` // the first day on which it no longer holds; "" without end
	Severity Severity    `yaml:"severity"`
	When     string      `yaml:"when"`
	// Explain says in words why it hit: {name} is a variable, {days name} the days from a day to today,
	// {param key} a parameter.
	Explain  words.Words `yaml:"explain"`
	Cooldown int         `yaml:"cooldown_days"` // after a finding was closed, for that long it is not raised
	Examples []Example   `yaml:"examples"`
	rule     *Rule
	subject  *Subject
	shown    []string // variables of Explain
}

// Example is a record and whether the rule must hit it.
type Example struct {
	Title  string                 `yaml:"title"`
	On     period.Date            `yaml:"on"`
	Region []string               `yaml:"region"`
	Record map[string]pack.Scalar `yaml:"record"`
	Hit    bool                   `yaml:"hit"`
}

// Rule is the compiled condition.
func (v *Version) Rule() *Rule { return v.rule }

// Question is the version with the parameters with which it is asked; the answer carries what Explain
// shows.
func (v *Version) Question(p Parameters) Question {
	return Question{Rule: v.rule, Parameters: p, Also: v.shown}
}

// Keys are the parameters that the condition and the explanation read.
func (v *Version) Keys() []string {
	keys := slices.Clone(v.rule.Parameters())
	for _, m := range slices.Concat(shownPattern.FindAllStringSubmatch(v.Explain.Chinese, -1),
		shownPattern.FindAllStringSubmatch(v.Explain.English, -1)) {
		if m[1] == "param" && !slices.Contains(keys, m[2]) {
			keys = append(keys, m[2])
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// InForce is the version that holds on a day; nil if none does.
func (d *Definition) InForce(on period.Date) *Version {
	var found *Version
	for _, v := range d.Versions {
		if v.From <= on && (found == nil || v.From > found.From) {
			found = v
		}
	}
	if found != nil && found.Until != "" && on >= found.Until {
		return nil
	}
	return found
}

// Version is one by its number; nil if there is none.
func (d *Definition) Version(number int) *Version {
	for _, v := range d.Versions {
		if v.Number == number {
			return v
		}
	}
	return nil
}

// Library is all rules of a pack, compiled.
type Library struct {
	All      []*Definition // by key
	subjects *Subjects
}

// Find is a rule by its key; nil if there is none.
func (l *Library) Find(key string) *Definition {
	i, found := slices.BinarySearchFunc(l.All, key, func(d *Definition, k string) int {
		return strings.Compare(d.Key, k)
	})
	if !found {
		return nil
	}
	return l.All[i]
}

// Read compiles the rules of a pack. A rule with a finding is left out.
func Read(p *pack.Pack, subjects *Subjects) (*Library, []fault.Finding) {
	l := &Library{subjects: subjects}
	var findings []fault.Finding
	for _, e := range p.Entries(rulesPath, rulesList) {
		d := &Definition{File: e.File(), Line: e.Line}
		if err := e.Decode(d); err != nil {
			findings = append(findings, e.Problem(err))
			continue
		}
		wrong := d.check(subjects, p)
		for _, f := range wrong {
			findings = append(findings, e.At(f))
		}
		if len(wrong) == 0 {
			l.All = append(l.All, d)
		}
	}
	slices.SortFunc(l.All, func(a, b *Definition) int { return strings.Compare(a.Key, b.Key) })
	for i := 1; i < len(l.All); i++ {
		if l.All[i].Key == l.All[i-1].Key {
			findings = append(findings, fault.Wrong("rule.twice", l.All[i].Key).At(l.All[i].File,
				l.All[i].Line, ""))
		}
	}
	return l, findings
}

// Section is the kind of pack file that rules are; subjects are asked for when a pack is checked.
func Section(subjects func() *Subjects) pack.Section {
	return pack.Section{Path: rulesPath,
		Check: func(p *pack.Pack) []fault.Finding {
			_, findings := Read(p, subjects())
			return findings
		},
		Test: func(p *pack.Pack) []fault.Finding {
			l, findings := Read(p, subjects())
			if fault.Stops(findings) {
				return nil // told by the check
			}
			return l.Test(p)
		}}
}

// check compiles the versions and says what is wrong.
func (d *Definition) check(subjects *Subjects, p *pack.Pack) (findings []fault.Finding) {
	wrong := func(key string, args ...any) { findings = append(findings, fault.Wrong(key, args...)) }
	subject := subjects.Find(d.Subject)
	if subject == nil { // of a module that this program does not have
		return []fault.Finding{fault.Doubt("rule.subject", d.Key, d.Subject)}
	}
	if !d.Title.Whole() || d.Basis == "" || d.Mark != pack.Verified && d.Mark != pack.Unverified &&
		d.Mark != pack.Config {
		wrong("rule.about", d.Key)
	}
	if len(d.Versions) == 0 {
		wrong("rule.no_version", d.Key)
	}
	environment := subjects.Environment(d.Subject)
	for i, v := range d.Versions {
		last := i == 0 || d.Versions[i-1].Number < v.Number && d.Versions[i-1].From < v.From
		if !last || v.Number < 1 || !v.From.Valid() || v.Until != "" && v.Until <= v.From ||
			v.Severity.Rank() == 0 || v.Cooldown < 0 || v.Cooldown > cooldownMax {
			wrong("rule.version", d.Key, v.Number)
		}
		findings = append(findings, v.compile(d.Key, subject, environment, p)...)
	}
	return findings
}

const cooldownMax = 3660 // days

func (v *Version) compile(key string, subject *Subject, environment *Environment,
	p *pack.Pack) (findings []fault.Finding) {
	r, err := environment.Compile(v.When)
	if err != nil {
		f := fault.Of(err)
		return append([]fault.Finding{fault.Wrong(f.Key, f.Args...)}, f.Findings...)
	}
	v.rule, v.subject = r, subject
	wrong := func(key string, args ...any) { findings = append(findings, fault.Wrong(key, args...)) }
	if !v.Explain.Whole() {
		wrong("rule.explain", key, v.Number)
	}
	for _, m := range slices.Concat(shownPattern.FindAllStringSubmatch(v.Explain.Chinese, -1),
		shownPattern.FindAllStringSubmatch(v.Explain.English, -1)) {
		if m[1] == "param" {
			continue
		}
		if subject.variable(m[2]) == nil && m[2] != todayName || m[1] != "" && m[1] != "days" {
			wrong("rule.explain.unknown", key, m[0])
			continue
		}
		v.shown = append(v.shown, m[2])
	}
	for _, parameter := range v.Keys() {
		if !slices.ContainsFunc(p.Parameters(),
			func(q *pack.Parameter) bool { return q.Key == parameter }) {
			wrong("rule.parameter", key, parameter)
		}
	}
	hits := 0
	for _, x := range v.Examples {
		if x.Hit {
			hits++
		}
	}
	if hits == 0 || hits == len(v.Examples) {
		wrong("rule.examples", key, v.Number)
	}
	return findings
}

// Test tries the examples of every version with the parameters of the pack.
func (l *Library) Test(p *pack.Pack) (findings []fault.Finding) {
	for _, d := range l.All {
		for _, v := range d.Versions {
			for i, x := range v.Examples {
				if f, ok := v.try(p, d.Key, i+1, x); !ok {
					findings = append(findings, f.At(d.File, d.Line, ""))
				}
			}
		}
	}
	return findings
}

func (v *Version) try(p *pack.Pack, key string, number int, x Example) (fault.Finding, bool) {
	row, err := x.Row(v.subject)
	if err != nil {
		return fault.Wrong("rule.example", key, v.Number, number, err.Error()), false
	}
	on := p.On(x.On, x.Region...)
	hit, err := v.rule.Holds(row, on)
	if err != nil {
		return fault.Wrong("rule.example", key, v.Number, number, err.Error()), false
	}
	if hit != x.Hit {
		return fault.Wrong("rule.example.differs", key, v.Number, number, strconv.FormatBool(hit)), false
	}
	if _, err := v.Words(row, on); hit && err != nil {
		return fault.Wrong("rule.example", key, v.Number, number, err.Error()), false
	}
	return fault.Finding{}, true
}

// Row is the example as a record.
func (x Example) Row(s *Subject) (Row, error) {
	row := Row{variables: s.Variables, values: make([]string, len(s.Variables)), today: x.On}
	if !x.On.Valid() {
		return row, fmt.Errorf("on: %q", string(x.On))
	}
	known := 0
	for i, v := range s.Variables {
		text, ok := x.Record[v.Name]
		if ok {
			known++
		} else if v.Kind == Int {
			text = "0"
		}
		if _, err := ValueOf(v.Kind, string(text)); err != nil {
			return row, err
		}
		row.values[i] = string(text)
	}
	if known != len(x.Record) {
		return row, fmt.Errorf("%d of %d fields are of %s", known, len(x.Record), s.Name)
	}
	return row, nil
}

var shownPattern = regexp.MustCompile(`\{(?:([a-z]+) )?([a-z][a-z0-9_.]*)\}`)

// Words is why the rule hit a row, in words.
func (v *Version) Words(row Row, p Parameters) (words.Words, error) {
	var failed error
	written := words.Each(func(l words.Language) string {
		return shownPattern.ReplaceAllStringFunc(v.Explain.In(l), func(text string) string {
			m := shownPattern.FindStringSubmatch(text)
			switch m[1] {
			case "param":
				n, err := p.Int(m[2])
				if err != nil {
					failed = err
				}
				return strconv.FormatInt(n, 10)
			case "days":
				day := period.Date(row.Value(m[2]).Text())
				if !day.Valid() {
					return "–"
				}
				return strconv.Itoa(day.Until(row.today))
			}
			return v.subject.Written(m[2], row.Value(m[2]))
		})
	})
	return written, failed
}

// Written is a value of a variable for people.
func (s *Subject) Written(name string, value Value) string {
	unit, kind := Plain, Kind(0)
	if v := s.variable(name); v != nil {
		unit, kind = v.Unit, v.Kind
	}
	switch {
	case unit == Fen:
		return money.Fen(value.Int()).String()
	case unit == Area:
		return area.Area(value.Int()).String()
	case kind == Int:
		return strconv.FormatInt(value.Int(), 10)
	case !value.Given():
		return "–"
	case kind == Bool:
		return "✓"
	}
	return value.Text()
}
