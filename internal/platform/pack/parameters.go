package pack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
)

const parameterFile = "parameters.yaml"

// Kind is what a parameter's values are.
type Kind string

// The kinds.
const (
	Whole     Kind = "whole"     // a whole number
	Fraction  Kind = "fraction"  // an exact share: 5%, 2/3
	Threshold Kind = "threshold" // what a count must reach: >= 2/3, > 1/2
	MonthDay  Kind = "month_day" // a day of every year: 12-31
	Text      Kind = "text"
)

// Mark is how far a value can be relied on.
type Mark string

// The marks.
const (
	Verified   Mark = "verified"   // read in the source it names
	Unverified Mark = "unverified" // to be checked before it is relied on; shown as such
	Config     Mark = "config"     // the source leaves it open; the place decides
)

// Parameter is a figure that rules use.
type Parameter struct {
	Key    string       `yaml:"key"`
	Kind   Kind         `yaml:"kind"`
	Title  locale.Words `yaml:"title"`
	Unit   locale.Words `yaml:"unit"` // of a whole number; empty: a plain count
	Min    *int64       `yaml:"min"`
	Max    *int64       `yaml:"max"`
	Values []DatedValue `yaml:"values"`
	entry  *Entry       // where it stands
}

// DatedValue is a value that holds from a date, everywhere or in a region.
type DatedValue struct {
	From   period.Date `yaml:"from"`
	Region Scalar      `yaml:"region"` // place code; "" everywhere
	Value  Scalar      `yaml:"value"`
	Basis  string      `yaml:"basis"`
	Mark   Mark        `yaml:"mark"`
}

// Value is what holds on a day in a region, and where it comes from.
type Value struct {
	DatedValue
	Key  string
	Kind Kind
	Unit locale.Words
	Pack string
	File string
	Line int
}

// readParameters decodes and checks all parameters.
func (p *Pack) readParameters() []fault.Finding {
	p.parameters = map[string]*Parameter{}
	var findings []fault.Finding
	for _, e := range p.entries {
		if e.Path != parameterFile {
			continue
		}
		if e.List != "parameters" {
			findings = append(findings, e.At(fault.Wrong("pack.list", e.List, "parameters")))
			continue
		}
		q := &Parameter{entry: e}
		if err := e.Decode(q); err != nil {
			findings = append(findings, e.Problem(err))
			continue
		}
		for _, f := range q.check() {
			findings = append(findings, e.At(f))
		}
		p.parameters[q.Key] = q
	}
	return findings
}

func (q *Parameter) check() (findings []fault.Finding) {
	wrong := func(key string, args ...any) { findings = append(findings, fault.Wrong(key, args...)) }
	if !goodKey(q.Key) {
		wrong("pack.key", q.Key)
	}
	if !q.Title.Whole() || q.Unit != (locale.Words{}) && !q.Unit.Whole() {
		wrong("pack.parameter.title", q.Key)
	}
	if len(q.Values) == 0 {
		wrong("pack.parameter.empty", q.Key)
	}
	seen := map[string]bool{}
	for _, v := range q.Values {
		if !v.From.Valid() {
			wrong("pack.parameter.from", q.Key, string(v.From))
		}
		if id := string(v.From) + " " + string(v.Region); seen[id] {
			wrong("pack.parameter.twice", q.Key, string(v.From), string(v.Region))
		} else {
			seen[id] = true
		}
		if strings.Trim(string(v.Region), "0123456789") != "" {
			wrong("pack.parameter.region", q.Key, string(v.Region))
		}
		if v.Basis == "" || v.Mark != Verified && v.Mark != Unverified && v.Mark != Config {
			wrong("pack.parameter.basis", q.Key, string(v.From))
		}
		if !q.takes(string(v.Value)) {
			wrong("pack.parameter.value", q.Key, string(v.Value), locale.Word("pack.kind."+string(q.Kind)))
		}
	}
	return findings
}

// takes reports whether a text is a value of the parameter's kind and within its bounds.
func (q *Parameter) takes(text string) bool {
	var err error
	switch q.Kind {
	case Whole:
		var n int64
		n, err = strconv.ParseInt(text, 10, 64)
		if err == nil && (q.Min != nil && n < *q.Min || q.Max != nil && n > *q.Max) {
			return false
		}
	case Fraction:
		_, err = fraction.Parse(text)
	case Threshold:
		_, err = fraction.ParseThreshold(text)
	case MonthDay:
		_, err = period.ParseDate("2024-" + text)
	case Text:
		return text != ""
	default:
		return false
	}
	return err == nil
}

// Parameters lists all parameters by key.
func (p *Pack) Parameters() []*Parameter {
	all := make([]*Parameter, 0, len(p.parameters))
	for _, q := range p.parameters {
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b *Parameter) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// Value is what a parameter is on a day in a region, given as place codes from the nearest upward.
// What is not set is an error.
func (p *Pack) Value(key string, on period.Date, region ...string) (Value, error) {
	q, ok := p.parameters[key]
	if !ok {
		return Value{}, fault.New(fault.Unavailable, "pack.unset", key, string(on))
	}
	for _, code := range append(slices.Clone(region), "") {
		if v, ok := q.latest(on, code); ok {
			return Value{DatedValue: v, Key: q.Key, Kind: q.Kind, Unit: q.Unit, Pack: q.entry.Pack,
				File: q.entry.File(), Line: q.entry.Line}, nil
		}
	}
	return Value{}, fault.New(fault.Unavailable, "pack.unset", key, string(on))
}

// latest is the newest value of exactly this region that holds on the day.
func (q *Parameter) latest(on period.Date, region string) (found DatedValue, ok bool) {
	for _, v := range q.Values {
		if string(v.Region) == region && v.From <= on && (!ok || v.From > found.From) {
			found, ok = v, true
		}
	}
	return found, ok
}

// Regions are the place codes for which a parameter has a value of its own, on whatever day.
func (p *Pack) Regions(key string) []string {
	q, ok := p.parameters[key]
	if !ok {
		return nil
	}
	var all []string
	for _, v := range q.Values {
		if code := string(v.Region); code != "" && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}

// Int is a parameter that is a whole number.
func (p *Pack) Int(key string, on period.Date, region ...string) (int64, error) {
	v, err := p.typed(Whole, key, on, region)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(string(v.Value), 10, 64)
}

// Fraction is a parameter that is an exact share.
func (p *Pack) Fraction(key string, on period.Date, region ...string) (fraction.Fraction, error) {
	v, err := p.typed(Fraction, key, on, region)
	if err != nil {
		return fraction.Fraction{}, err
	}
	return fraction.Parse(string(v.Value))
}

// Threshold is a parameter that says what a count must reach.
func (p *Pack) Threshold(key string, on period.Date, region ...string) (fraction.Threshold, error) {
	v, err := p.typed(Threshold, key, on, region)
	if err != nil {
		return fraction.Threshold{}, err
	}
	return fraction.ParseThreshold(string(v.Value))
}

// DayOf is a parameter that is a day of every year, in the year given. on is the day on which it is
// looked up; 02-29 in a common year is 03-01.
func (p *Pack) DayOf(year int, key string, on period.Date, region ...string) (period.Date, error) {
	v, err := p.typed(MonthDay, key, on, region)
	if err != nil {
		return "", err
	}
	leap, err := period.ParseDate("2024-" + string(v.Value))
	if err != nil {
		return "", err
	}
	return period.NewDate(year, leap.Month(), leap.Day()), nil
}

// Text is a parameter that is a text.
func (p *Pack) Text(key string, on period.Date, region ...string) (string, error) {
	v, err := p.typed(Text, key, on, region)
	return string(v.Value), err
}

// typed looks a value up and refuses one of another kind: a rule that asks for it is wrong.
func (p *Pack) typed(kind Kind, key string, on period.Date, region []string) (Value, error) {
	v, err := p.Value(key, on, region...)
	if err == nil && v.Kind != kind {
		err = fault.New(fault.Internal, "pack.kind", key, locale.Word("pack.kind."+string(v.Kind)),
			locale.Word("pack.kind."+string(kind)))
	}
	return v, err
}

// Day is the parameters as they hold on a day in a region, for rules.
type Day struct {
	pack   *Pack
	on     period.Date
	region []string
}

// On gives the parameters of a day in a region.
func (p *Pack) On(day period.Date, region ...string) Day { return Day{p, day, region} }

// Int is a parameter that is a whole number.
func (d Day) Int(key string) (int64, error) { return d.pack.Int(key, d.on, d.region...) }
