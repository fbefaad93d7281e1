package procedure

import (
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Where a pack keeps procedures and who may decide what.
const (
	proceduresPath = "procedures/*.yaml"
	decisionsPath  = "decisions.yaml"
	decisionsList  = "decisions"
)

// matter is what a body may decide; the marks are names of parameters.
type matter struct {
	Key    string      `yaml:"key"`
	Title  words.Words `yaml:"title"`
	Bodies []struct {
		Body       decision.Body `yaml:"body"`
		Attend     string        `yaml:"attend"`
		Pass       string        `yaml:"pass"`
		NoticeDays string        `yaml:"notice_days"`
		SizeMin    string        `yaml:"size_min"`
		NoProxy    bool          `yaml:"no_proxy"`
	} `yaml:"bodies"`
}

// Sections are the kinds of pack file this package reads.
func Sections() []pack.Section {
	return []pack.Section{
		{Path: proceduresPath, Check: checkProcedures},
		{Path: decisionsPath, Check: checkMatters},
	}
}

// LoadPack takes procedures, rules of decisions and the working-day calendar of a pack.
func (e *Engine) LoadPack(p *pack.Pack) {
	definitions, _ := pack.Decode[flow.Definition](p, proceduresPath, "")
	for _, d := range definitions {
		e.Define(d)
	}
	e.pack.Store(p)
	e.SetCalendar(p.Calendar())
}

// parameters looks figures up for a place on a day.
type parameters struct {
	pack   *pack.Pack
	on     period.Date
	region []string
}

func (p parameters) Whole(key string) (int, error) {
	n, err := p.pack.Int(key, p.on, p.region...)
	return int(n), err
}

func (p parameters) MonthDay(key string) (string, error) {
	d, err := p.pack.DayOf(2024, key, p.on, p.region...) // a leap year: 02-29 stays
	if err != nil {
		return "", err
	}
	return string(d)[5:], nil
}

// resolve fixes a route for a place on a day.
func (e *Engine) resolve(route []flow.Step, place int64, on period.Date) ([]flow.Step, error) {
	p := e.pack.Load()
	if p == nil {
		return route, nil // without a pack, definitions carry their own days
	}
	return flow.Resolve(route, parameters{p, on, e.places.Codes(place)})
}

// Rules are the rules in force at a place on a day for each body that may decide a matter.
func (e *Engine) Rules(key string, place int64, on period.Date) ([]decision.Rule, error) {
	e.mu.RLock()
	fixed, ok := e.rules[key]
	e.mu.RUnlock()
	if p := e.pack.Load(); p != nil && !ok {
		return rulesOf(p, key, on, e.places.Codes(place))
	}
	return fixed, nil
}

func rulesOf(p *pack.Pack, key string, on period.Date, region []string) ([]decision.Rule, error) {
	matters, _ := pack.Decode[matter](p, decisionsPath, decisionsList)
	var rules []decision.Rule
	for _, m := range matters {
		if m.Key != key {
			continue
		}
		for _, b := range m.Bodies {
			l := lookup{pack: p, on: on, region: region}
			r := decision.Rule{Body: b.Body, Attend: l.threshold(b.Attend), Pass: l.threshold(b.Pass),
				NoticeDays: l.whole(b.NoticeDays), SizeMin: l.whole(b.SizeMin), NoProxy: b.NoProxy}
			r.Basis, r.Mark = l.basis, string(l.mark)
			if l.err != nil {
				return nil, l.err
			}
			rules = append(rules, r)
		}
	}
	return rules, nil
}

// lookup reads the parameters of a rule and keeps the basis of its pass mark and the weakest mark.
type lookup struct {
	pack   *pack.Pack
	on     period.Date
	region []string
	basis  string
	mark   pack.Mark
	err    error
}

func (l *lookup) note(key string) {
	v, err := l.pack.Value(key, l.on, l.region...)
	if err != nil {
		l.err = err
		return
	}
	l.basis = v.Basis
	if l.mark == "" || v.Mark == pack.Unverified || v.Mark == pack.Config && l.mark == pack.Verified {
		l.mark = v.Mark
	}
}

func (l *lookup) threshold(key string) fraction.Threshold {
	t, err := l.pack.Threshold(key, l.on, l.region...)
	if err != nil {
		l.err = err
		return t
	}
	l.note(key)
	return t
}

func (l *lookup) whole(key string) int {
	if key == "" {
		return 0
	}
	n, err := l.pack.Int(key, l.on, l.region...)
	if err != nil {
		l.err = err
	}
	return int(n)
}

// checkProcedures says what is wrong with the procedures of a pack.
func checkProcedures(p *pack.Pack) []fault.Finding {
	definitions, found := pack.Decode[flow.Definition](p, proceduresPath, "")
	matters, _ := pack.Decode[matter](p, decisionsPath, decisionsList)
	known := map[string]bool{}
	for _, m := range matters {
		known[m.Key] = true
	}
	for _, d := range definitions {
		for _, problem := range d.Check() {
			found = append(found, fault.Wrong("procedure.pack.definition", problem.Error()))
		}
		if _, err := flow.Resolve(d.Steps, parameters{p, checkDay, nil}); err != nil {
			found = append(found, fault.Wrong("procedure.pack.definition", err.Error()))
		}
		for _, s := range d.Steps {
			if s.Matter != "" && !known[s.Matter] {
				found = append(found, fault.Wrong("procedure.pack.matter", d.Key, s.Key, s.Matter))
			}
		}
	}
	return found
}

// checkDay is the day on which a pack is checked: every parameter a procedure names must hold then.
const checkDay period.Date = "2026-01-01"

// checkMatters: every rule can be put together.
func checkMatters(p *pack.Pack) []fault.Finding {
	matters, found := pack.Decode[matter](p, decisionsPath, decisionsList)
	for _, m := range matters {
		rules, err := rulesOf(p, m.Key, checkDay, nil)
		if err != nil || len(rules) == 0 {
			found = append(found, fault.Wrong("procedure.pack.rule", m.Key))
		}
	}
	return found
}
