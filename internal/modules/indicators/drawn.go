package indicators

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/indicators/quotient"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Drawn is how an indicator is computed from measures of the program: numerator × Times ÷ (denominator ×
// Over).
type Drawn struct {
	Numerator   string      `yaml:"numerator"`
	Denominator string      `yaml:"denominator,omitempty"` // empty: the numerator itself
	Times       int64       `yaml:"times,omitempty"`       // 100 for per cent; 0 is 1
	Over        int64       `yaml:"over,omitempty"`        // 10000 for 10,000 yuan; 0 is 1
	Reading     words.Words `yaml:"reading"`               // what is counted, and what is not
	Basis       string      `yaml:"basis"`
	Mark        pack.Mark   `yaml:"mark"`
}

// keys are the measures it is made of.
func (d Drawn) keys() []string {
	if d.Denominator == "" {
		return []string{d.Numerator}
	}
	return []string{d.Numerator, d.Denominator}
}

// whole tells whether everything that it must say is said.
func (d Drawn) whole() bool {
	marked := slices.Contains([]pack.Mark{pack.Verified, pack.Unverified, pack.Config}, d.Mark)
	return d.Numerator != "" && d.Numerator != d.Denominator && d.Reading.Whole() && d.Basis != "" &&
		marked &&
		quotient.Quotient{Times: d.Times, Over: d.Over}.Right()
}

// Part is an indicator at a unit in a year, with the parts it is made of.
type Part struct {
	Known                  bool
	Amount                 int64 // in units of 10^-Decimals of the indicator
	Numerator, Denominator measure.Value
	Covered, Expected      int64          // reports
	At                     period.Instant // when the youngest part was published
}

// quotientOf is the arithmetic of an indicator that is drawn from measures.
func (n *Indicators) quotientOf(one Indicator) (q quotient.Quotient, err error) {
	d := one.Measures
	q = quotient.Quotient{Times: d.Times, Over: d.Over, Places: one.Decimals}
	for i, key := range d.keys() {
		definition, err := n.host.Measures.Definition(key)
		if err != nil {
			return q, err
		}
		if i == 0 {
			q.Numerator = definition.Decimals
		} else {
			q.Denominator = definition.Decimals
		}
	}
	return q, nil
}

// checkMeasures says which indicators name a measure that nobody declares, that is a ratio itself, or whose
// figures nobody has approved: whether it is there is only known when the program is whole.
func (n *Indicators) checkMeasures(l *Library) (found []fault.Finding) {
	if n.host.Measures == nil { // in a program without the whole machinery: tests
		return nil
	}
	for _, one := range l.Indicators {
		if one.Measures == nil {
			continue
		}
		for _, key := range one.Measures.keys() {
			switch d, err := n.host.Measures.Definition(key); {
			case err != nil || d.Ratio():
				found = append(found, fault.Wrong("indicators.check.measure", one.Key, key))
			case !d.Approved:
				found = append(found, fault.Wrong("indicators.check.unapproved", one.Key, key))
			}
		}
		if q, err := n.quotientOf(one); err == nil && !q.Right() {
			found = append(found, fault.Wrong("indicators.check.incomplete", one.Key))
		}
	}
	return found
}

// own is the figures of indicators that are drawn from measures, at the units of an edition.
type own map[string]map[ownCell]Part

type ownCell struct {
	unit int64
	year int
}

// draw reads what indicators drawn from measures are at the units of an edition over years.
func (n *Indicators) draw(r store.Reader, list []Indicator, e statistics.Edition, from, to int) (own,
	error) {
	all, ask := own{}, measure.Ask{}
	for _, one := range list {
		for _, key := range one.Measures.keys() {
			if !slices.Contains(ask.Measures, key) {
				ask.Measures = append(ask.Measures, key)
			}
		}
	}
	if len(list) == 0 {
		return all, nil
	}
	for year := from; year <= to; year++ {
		ask.Periods = append(ask.Periods, period.OfYear(year))
	}
	for _, u := range e.Units {
		ask.Places = append(ask.Places, u.Place)
	}
	table, err := n.host.Measures.AddUpOwn(r, e, ask)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		q, err := n.quotientOf(one)
		if err != nil {
			return nil, err
		}
		all[one.Key] = map[ownCell]Part{}
		for _, u := range e.Units {
			for year := from; year <= to; year++ {
				all[one.Key][ownCell{u.Place, year}] = partOf(table, *one.Measures, q, u.Place, year)
			}
		}
	}
	return all, nil
}

// partOf is an indicator at a unit in a year: known only if both measures are, each by its own rule for what
// is missing.
func partOf(t measure.Table, d Drawn, q quotient.Quotient, unit int64, year int) Part {
	n := t.Value(d.Numerator, unit, period.OfYear(year))
	p := Part{Numerator: n, Covered: n.Covered, Expected: n.Expected, At: n.At, Known: n.Known}
	below := int64(1)
	if d.Denominator != "" {
		m := t.Value(d.Denominator, unit, period.OfYear(year))
		p.Denominator, below, p.Known = m, m.Amount, n.Known && m.Known
		p.Covered, p.Expected, p.At = min(n.Covered, m.Covered), max(n.Expected, m.Expected), max(n.At,
			m.At)
	}
	amount, is := q.Of(n.Amount, below)
	if p.Known = p.Known && is; p.Known {
		p.Amount = amount
	}
	return p
}

// known tells whether an indicator has a figure anywhere in some years.
func (o own) known(key string, from, to int) bool {
	for at, p := range o[key] {
		if p.Known && at.year >= from && at.year <= to {
			return true
		}
	}
	return false
}

// originParts is how many columns stand beside a figure (score.OriginColumns).
const originParts = 4

// cells are what the sheet of a run has of an indicator at a unit in a year: the figure, and its parts.
func (p Part) cells(decimals int) []string {
	if p.Expected == 0 && !p.Known {
		return make([]string, 1+originParts)
	}
	figure, numerator, denominator := "", "", ""
	if p.Known {
		figure = decimal.Format(p.Amount, decimals)
		numerator, denominator = p.Numerator.Plain(), p.Denominator.Plain()
	}
	return []string{figure, numerator, denominator, strconv.FormatInt(p.Covered, 10),
		strconv.FormatInt(p.Expected, 10)}
}

// origin is what the scheme of a run says of an indicator that is drawn from measures.
func (n *Indicators) origin(one Indicator, o own) (*score.Origin, error) {
	q, err := n.quotientOf(one)
	if err != nil {
		return nil, err
	}
	d, latest := one.Measures, period.Instant(0)
	for _, p := range o[one.Key] {
		if p.Known {
			latest = max(latest, p.At)
		}
	}
	return &score.Origin{Numerator: d.Numerator, Denominator: d.Denominator, Times: d.Times, Over: d.Over,
		Places: []int{q.Numerator, q.Denominator, q.Places}, Basis: d.Basis, Mark: string(d.Mark),
		Published: string(latest.Date())}, nil
}

// sources says of a run what was drawn from the program's own measures: which indicators, at how many
// units over how many reports, when the youngest was published, and the hash of the parts as its version.
func (d drawing) sources(from, to int) string {
	var codes []string
	for _, b := range d.held {
		if b.Indicator.Measures != nil {
			codes = append(codes, b.Code)
		}
	}
	if len(codes) == 0 {
		return ""
	}
	units, reports, latest := map[int64]bool{}, map[ownCell]int64{}, period.Instant(0)
	for _, code := range codes {
		for at, p := range d.own[code] {
			if p.Known && at.year >= from && at.year <= to {
				units[at.unit], reports[at], latest = true, max(reports[at], p.Covered), max(latest, p.At)
			}
		}
	}
	total := int64(0)
	for _, came := range reports {
		total += came
	}
	day := "–"
	if latest > 0 {
		day = string(latest.Date())
	}
	return fmt.Sprintf("; 本系统核定数 / own approved figures: %s, 单元 / units %d, 报表 / reports %d, 截至 / as of %s, "+
		"版本 / version %s", strings.Join(codes, " "), len(units), total, day, d.version(codes, from, to))
}

// versionDigits are the digits of the hash that a run names its version by.
const versionDigits = 16

// version is the hash of all parts of some indicators over years, in the order of codes, units and years.
func (d drawing) version(codes []string, from, to int) string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	for _, code := range codes {
		one, _ := d.library.Indicator(code)
		for _, u := range d.edition.Units {
			for year := from; year <= to; year++ {
				p := d.own[code][ownCell{u.Place, year}]
				// A strings.Builder refuses nothing.
				_ = w.Write(append([]string{code, u.Code, strconv.Itoa(year), strconv.FormatInt(int64(p.At),
					10)}, p.cells(one.Decimals)...))
			}
		}
	}
	w.Flush()
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])[:versionDigits]
}
