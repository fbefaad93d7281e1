package procedure

import (
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// Where a pack keeps procedures and the rules of collective decisions.
const (
	proceduresPath = "procedures/*.yaml"
	decisionsPath  = "decisions.yaml"
	decisionsList  = "decisions"
)

// Matter is what a body may decide, and under which marks.
type Matter struct {
	Key   string          `yaml:"key"`
	Title flow.Text       `yaml:"title"`
	Rules []decision.Rule `yaml:"rules"`
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
	matters, _ := pack.Decode[Matter](p, decisionsPath, decisionsList)
	rules := map[string][]decision.Rule{}
	for _, m := range matters {
		rules[m.Key] = m.Rules
	}
	e.SetRules(rules)
	e.SetCalendar(p.Calendar())
}

// checkProcedures says what is wrong with the procedures of a pack.
func checkProcedures(p *pack.Pack) []fault.Finding {
	definitions, findings := pack.Decode[flow.Definition](p, proceduresPath, "")
	matters, _ := pack.Decode[Matter](p, decisionsPath, decisionsList)
	known := map[string]bool{}
	for _, m := range matters {
		known[m.Key] = true
	}
	for _, d := range definitions {
		for _, problem := range d.Check() {
			findings = append(findings, fault.Wrong("procedure.pack.definition", problem.Error()))
		}
		for _, s := range d.Steps {
			if s.Matter != "" && !known[s.Matter] {
				findings = append(findings, fault.Wrong("procedure.pack.matter", d.Key, s.Key, s.Matter))
			}
		}
	}
	return findings
}

// checkMatters: every share is a fraction, and every rule says on what it rests.
func checkMatters(p *pack.Pack) []fault.Finding {
	matters, findings := pack.Decode[Matter](p, decisionsPath, decisionsList)
	for _, m := range matters {
		for _, r := range m.Rules {
			if !r.Attend.Valid() || !r.Pass.Valid() || r.Pass.Of(3) == 0 || r.Basis == "" || r.NoticeDays < 0 {
				findings = append(findings, fault.Wrong("procedure.pack.rule", m.Key, string(r.Body)))
			}
		}
	}
	return findings
}
