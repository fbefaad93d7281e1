package form

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Check is the self-check of a form: everything that can be seen to be wrong with it before anybody
// fills it in. measures tells whether the program has a measure.
func (d Definition) Check(measures func(key string) bool) []fault.Finding {
	c := &checker{d: d}
	c.form()
	c.cells(measures)
	c.rules()
	c.publications()
	if !fault.Stops(c.found) {
		c.circles()
		c.dates()
	}
	return c.found
}

type checker struct {
	d     Definition
	found []fault.Finding
}

func (c *checker) wrong(when bool, f fault.Finding) {
	if when {
		c.found = append(c.found, f)
	}
}

func (c *checker) form() {
	d := c.d
	c.wrong(!key(d.Key) || d.Version < 1, fault.Wrong("reporting.check.key", d.Key))
	c.wrong(!d.Title.Whole() || !d.Purpose.Whole() || !d.Owner.Whole(), fault.Wrong("reporting.check.words",
		d.Key))
	c.wrong(d.Basis == "" || !marked(d.Mark), fault.Wrong("reporting.check.basis", d.Key))
	c.wrong(d.Frequency() == 0, fault.Wrong("reporting.check.every", d.Every))
	c.wrong(d.Unit != OfOrganisations && d.Unit != OfPlaces, fault.Wrong("reporting.check.unit", d.Unit))
	c.wrong(d.Unit == OfPlaces && len(d.Levels) == 0, fault.Wrong("reporting.check.levels", d.Key))
	c.wrong(d.Procedure == "", fault.Wrong("reporting.check.procedure", d.Key))
	c.wrong(!d.From.Valid() || !d.Sunset.Valid() || d.Sunset <= d.From,
		fault.Wrong("reporting.check.sunset", d.Key))
	c.wrong(len(d.Cells) == 0 || len(d.Cells) > CellsMax || len(d.Rules) > RulesMax,
		fault.Wrong("reporting.check.size", d.Key, CellsMax, RulesMax))
}

func marked(mark string) bool {
	return slices.Contains([]string{"verified", "unverified", "config"}, mark)
}

// key reports whether a text can name a form, a cell or a rule.
func key(text string) bool {
	return text != "" && len(text) <= 40 && strings.Trim(text,
		"abcdefghijklmnopqrstuvwxyz0123456789_-") == "" &&
		text[0] >= 'a' && text[0] <= 'z'
}

func (c *checker) cells(measures func(string) bool) {
	seen := map[string]bool{}
	for i, one := range c.d.Cells {
		c.wrong(!key(one.Key) || strings.Contains(one.Key, "-") || seen[one.Key],
			fault.Wrong("reporting.check.cell_key", one.Key))
		seen[one.Key] = true
		for _, language := range []string{one.Title.Chinese, one.Title.English} {
			c.wrong(language == "" || seen["label "+language], fault.Wrong("reporting.check.cell_title",
				one.Key))
			seen["label "+language] = true
		}
		c.wrong(one.Kind.Decimals() != 2 && one.Kind != Count || !slices.Contains(
			[]Kind{Money, Count, Area, Quantity, Ratio}, one.Kind), fault.Wrong("reporting.check.kind",
			one.Key))
		c.wrong(!slices.Contains([]Nature{Flow, Stock, Cumulative}, one.Nature),
			fault.Wrong("reporting.check.nature", one.Key))
		c.wrong(!slices.Contains([]RollUp{"", Summed, Alone}, one.RollUp) ||
			one.Kind == Ratio && one.RollUp != "", fault.Wrong("reporting.check.roll_up", one.Key))
		c.wrong(one.Min != nil && one.Max != nil && *one.Min > *one.Max,
			fault.Wrong("reporting.check.range", one.Key))
		for _, r := range one.Ranges {
			c.wrong(r.Min != nil && r.Max != nil && *r.Min > *r.Max || !c.d.Concerns(r.Level),
				fault.Wrong("reporting.check.range", one.Key))
		}
		c.source(i, measures)
	}
}

// source: a cell has the source its tag says, and no other.
func (c *checker) source(i int, measures func(string) bool) {
	one := c.d.Cells[i]
	sources := 0
	for _, has := range []bool{one.Measure != "", one.Statement != "", one.Register != "",
		len(one.Terms) > 0, one.Band != nil,
		one.Kind == Ratio} {
		if has {
			sources++
		}
	}
	fits := false
	switch one.Tag {
	case Asked:
		fits = sources == 0
		c.wrong(one.Seconds <= 0, fault.Wrong("reporting.check.seconds", one.Key))
	case Feed:
		fits = sources == 1 && one.Measure != ""
	case Derived:
		fits = sources == 1
	}
	c.wrong(!fits, fault.Wrong("reporting.check.source", one.Key))
	c.wrong(!one.Computed() && one.Element == "", fault.Wrong("reporting.check.element", one.Key))
	c.wrong((one.Statement == "") != (one.Line == "") || one.Column < 0,
		fault.Wrong("reporting.check.source", one.Key))
	c.wrong((one.Statement != "" || one.Register != "") && c.d.Unit != OfOrganisations,
		fault.Wrong("reporting.check.statement",
			one.Key))
	c.wrong(!one.Computed() && one.Tag != Asked && one.Seconds <= 0, fault.Wrong("reporting.check.seconds",
		one.Key))
	if one.Measure != "" && !measures(one.Measure) {
		c.found = append(c.found, fault.Told("reporting.check.measure", one.Key, one.Measure))
	}
	for _, name := range one.parts() {
		at := c.d.Index(name)
		c.wrong(at < 0 || name == one.Key, fault.Wrong("reporting.check.part", one.Key, name))
		if at >= 0 {
			other := c.d.Cells[at]
			c.wrong(other.Kind == Ratio || one.Kind != Ratio && one.Band == nil && other.Kind != one.Kind ||
				other.RollUp == Alone && one.RollUp != Alone, fault.Wrong("reporting.check.part", one.Key,
				name))
		}
	}
	c.wrong(one.Band != nil && one.Kind != Count, fault.Wrong("reporting.check.band", one.Key))
}

// parts are the cells that a computed cell is made of.
func (c Cell) parts() (all []string) {
	for _, text := range c.Terms {
		_, name := term(text)
		all = append(all, name)
	}
	if c.Band != nil {
		all = append(all, c.Band.Of)
	}
	if c.Kind == Ratio {
		all = append(all, c.Numerator, c.Denominator)
	}
	return all
}

func (c *checker) rules() {
	seen := map[string]bool{}
	for _, r := range c.d.Rules {
		c.wrong(!key(r.Key) || seen[r.Key] || r.Expr == "", fault.Wrong("reporting.check.rule", r.Key))
		seen[r.Key] = true
		c.wrong(!r.Text.Whole(), fault.Wrong("reporting.check.words", r.Key))
		c.wrong(r.Back < 0 || r.Back > LookBackMax, fault.Wrong("reporting.check.back", r.Key, LookBackMax))
		c.wrong(!slices.Contains([]fault.Severity{"", fault.Error, fault.Warning, fault.Note}, r.Severity),
			fault.Wrong("reporting.check.rule", r.Key))
		for _, name := range r.Cells {
			c.wrong(c.d.Index(name) < 0, fault.Wrong("reporting.check.part", r.Key, name))
		}
	}
}

// circles: no cell is made of itself through others, and none of a cell that comes after it is a ratio.
func (c *checker) circles() {
	state := make([]int, len(c.d.Cells)) // 1 being looked at, 2 looked at
	var walk func(i int) bool
	walk = func(i int) bool {
		if state[i] != 0 {
			return state[i] == 1
		}
		state[i] = 1
		for _, name := range c.d.Cells[i].parts() {
			if walk(c.d.Index(name)) {
				return true
			}
		}
		state[i] = 2
		return false
	}
	for i, one := range c.d.Cells {
		if walk(i) {
			c.found = append(c.found, fault.Wrong("reporting.check.circle", one.Key))
			return
		}
		if len(one.Terms) == 0 {
			continue
		}
		for _, name := range one.parts() {
			c.wrong(c.d.Cells[c.d.Index(name)].Band != nil, fault.Wrong("reporting.check.part", one.Key,
				name))
		}
	}
}

// dates: the form opens before it is due and is due before it locks, in every period of a year.
func (c *checker) dates() {
	calendar, err := period.NewCalendar()
	if err != nil {
		return
	}
	p := period.Containing(c.d.From, c.d.Frequency())
	for range 12 {
		if _, err := c.d.Dates(p, calendar); err != nil {
			c.found = append(c.found, fault.Wrong("reporting.check.dates", c.d.Key, p.String()))
			return
		}
		p = p.Next()
	}
}
