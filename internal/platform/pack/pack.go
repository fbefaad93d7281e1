package pack

import (
	"path"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Pack is a pack with its parents laid under it. It does not change once it is read.
type Pack struct {
	layers     []layer // nearest first
	entries    []*Entry
	byID       map[identity]*Entry
	findings   []fault.Finding // of reading
	parameters map[string]*Parameter
	calendar   *period.Calendar
}

// assemble reads the chain, the farthest first, and lays each over what is below it.
func assemble(layers []layer) (*Pack, error) {
	p := &Pack{layers: layers, byID: map[identity]*Entry{}}
	for _, l := range slices.Backward(layers) {
		r := readLayer(l)
		p.findings = append(p.findings, r.findings...)
		for _, e := range r.entries {
			p.lay(e)
		}
	}
	if len(p.entries) > EntriesMax {
		return nil, fault.New(fault.TooLarge, "pack.entries", EntriesMax)
	}
	p.findings = append(p.findings, p.readParameters()...)
	p.findings = append(p.findings, p.readCalendar()...)
	return p, nil
}

// lay puts an entry in the place of the one it overrides, or at the end.
func (p *Pack) lay(e *Entry) {
	id := identity{e.Path, e.List, e.Key}
	below, ok := p.byID[id]
	p.byID[id] = e
	if !ok {
		p.entries = append(p.entries, e)
		return
	}
	if below.Pack == e.Pack {
		return // stands twice in one pack: a finding already
	}
	e.Overrides = below
	p.entries[slices.Index(p.entries, below)] = e
}

// Key is the key of the pack itself.
func (p *Pack) Key() string { return p.layers[0].Key }

// Chain gives the manifests of the pack and its parents, nearest first.
func (p *Pack) Chain() []Manifest {
	chain := make([]Manifest, len(p.layers))
	for i, l := range p.layers {
		chain[i] = l.Manifest
	}
	return chain
}

// City is the place code of the city the pack is for; "" for the national pack.
func (p *Pack) City() string {
	for _, l := range p.layers {
		if l.City != "" {
			return string(l.City)
		}
	}
	return ""
}

// Entries gives the entries of a list in the files a pattern matches, in the order of the packs from
// the farthest to the nearest. Pattern is as in path.Match: "forms/*.yaml"; list is "" for whole files.
func (p *Pack) Entries(pattern, list string) []*Entry {
	var found []*Entry
	for _, e := range p.entries {
		if matched, err := path.Match(pattern, e.Path); err == nil && matched && e.List == list {
			found = append(found, e)
		}
	}
	return found
}

// Find gives all entries of a key, whatever file they stand in: for terrace pack show.
func (p *Pack) Find(key string) []*Entry {
	var found []*Entry
	for _, e := range p.entries {
		if e.Key == key && !isExample(e.Path) {
			found = append(found, e)
		}
	}
	return found
}

// All gives every entry but the examples.
func (p *Pack) All() []*Entry {
	return slices.DeleteFunc(slices.Clone(p.entries), func(e *Entry) bool { return isExample(e.Path) })
}

func isExample(name string) bool { return strings.HasPrefix(name, "tests/") }

// Decode reads all entries of a list as values of one type, with findings for those that are not.
func Decode[T any](p *Pack, pattern, list string) ([]T, []fault.Finding) {
	var values []T
	var findings []fault.Finding
	for _, e := range p.Entries(pattern, list) {
		var v T
		if err := e.Decode(&v); err != nil {
			findings = append(findings, e.Problem(err))
			continue
		}
		values = append(values, v)
	}
	return values, findings
}
