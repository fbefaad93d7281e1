package pack

import (
	"path"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Section is a kind of file, registered by the part of the program that owns it.
type Section struct {
	Path string // pattern of its files, as in path.Match: forms/*.yaml
	// Check reads everything of the section and says what is wrong with it; nil if any YAML will do.
	Check func(*Pack) []fault.Finding
	// Test is what only terrace pack test asks: examples that stand in the files themselves.
	Test func(*Pack) []fault.Finding
	// Examples is the name of the list in tests/*.yaml whose entries are examples of this section,
	// and Try runs one of them. Both may be left out.
	Examples string
	Try      func(*Pack, *Entry) []fault.Finding
}

// Own are the sections of this package: parameters and the calendar. Their content is checked when
// a pack is read.
func Own() []Section {
	return []Section{
		{Path: parameterFile, Examples: "parameters", Try: tryParameter},
		{Path: calendarFile, Examples: "calendar", Try: tryCalendar},
	}
}

// Check says what is wrong with the pack: what was found when it was read, what each section finds,
// and files that belong to no section.
func (p *Pack) Check(sections []Section) []fault.Finding {
	findings := slices.Clone(p.findings)
	for _, s := range sections {
		if s.Check != nil {
			findings = append(findings, s.Check(p)...)
		}
	}
	seen := map[string]bool{}
	for _, e := range p.entries {
		if seen[e.File()] || isExample(e.Path) || slices.ContainsFunc(sections, e.belongs) {
			continue
		}
		seen[e.File()] = true
		findings = append(findings, fault.Doubt("pack.unowned").At(e.File(), 0, ""))
	}
	return findings
}

func (e *Entry) belongs(s Section) bool {
	matched, err := path.Match(s.Path, e.Path)
	return err == nil && matched
}

// Test checks the pack and tries all its examples. It returns what was found and how many examples
// were tried.
func (p *Pack) Test(sections []Section) (findings []fault.Finding, tried int) {
	findings = p.Check(sections)
	for _, s := range sections {
		if s.Test != nil {
			findings = append(findings, s.Test(p)...)
		}
	}
	for _, e := range p.entries {
		if !isExample(e.Path) {
			continue
		}
		i := slices.IndexFunc(sections, func(s Section) bool {
			return s.Examples == e.List &&
				s.Try != nil
		})
		if i < 0 || e.List == "" {
			findings = append(findings, e.At(fault.Wrong("pack.example.unknown", e.List)))
			continue
		}
		tried++
		findings = append(findings, sections[i].Try(p, e)...)
	}
	return findings, tried
}
