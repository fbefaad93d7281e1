package reporting

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Where the pack has forms and the catalogue of data elements.
const (
	formsFiles   = "reports/*.yaml"
	elementsFile = "elements.yaml"
)

// Form is a form ready for use.
type Form struct {
	form.Definition
	Place int64 // whose own form it is; 0: of the pack, for all
	rules []compiled
}

// compiled is a rule with its expressions.
type compiled struct {
	form.Rule
	when, holds *rule.Rule // when may be nil
}

// Element is a datum of the catalogue: what it means, and who keeps it.
type Element struct {
	Key    string      `yaml:"key"`
	Title  words.Words `yaml:"title"`
	Holder words.Words `yaml:"holder"` // what keeps it at its source; empty: nobody yet
	Owner  words.Words `yaml:"owner"`
	Every  string      `yaml:"every"` // how often it changes
	Class  string      `yaml:"data_class"`
	Basis  string      `yaml:"basis"`
	Mark   string      `yaml:"mark"`
}

// library is the forms and elements of a pack.
type library struct {
	forms    []*Form
	elements []Element
}

// sections are the files of a pack that this module owns.
func (g *Reporting) sections() []pack.Section {
	check := func(p *pack.Pack) []fault.Finding {
		_, found := readLibrary(p)
		return found
	}
	return []pack.Section{{Path: formsFiles, Check: check}, {Path: elementsFile,
		Check: func(p *pack.Pack) []fault.Finding {
			_, found := pack.Decode[Element](p, elementsFile, "elements")
			return found
		}}}
}

// readLibrary reads the forms of a pack and says what is wrong with them. Whether a measure is there is
// only known when the program is whole; a cell whose measure is not is asked.
func readLibrary(p *pack.Pack) (*library, []fault.Finding) {
	l := &library{}
	var found []fault.Finding
	elements, wrong := pack.Decode[Element](p, elementsFile, "elements")
	l.elements, found = elements, append(found, wrong...)
	for _, e := range p.Entries(formsFiles, "") {
		var d form.Definition
		if err := e.Decode(&d); err != nil {
			found = append(found, e.Problem(err))
			continue
		}
		f, wrong := compile(d)
		for _, one := range wrong {
			found = append(found, e.At(one))
		}
		for _, c := range d.Cells {
			if c.Element != "" && !l.has(c.Element) {
				found = append(found, e.At(fault.Wrong("reporting.check.unknown_element", c.Key,
					c.Element)))
			}
		}
		if !fault.Stops(wrong) {
			l.forms = append(l.forms, f)
		}
	}
	return l, found
}

func (l *library) has(element string) bool {
	return slices.ContainsFunc(l.elements, func(e Element) bool { return e.Key == element })
}

// compile checks a definition and makes its rules ready.
func compile(d form.Definition) (*Form, []fault.Finding) {
	found := d.Check(func(string) bool { return true })
	if fault.Stops(found) {
		return nil, found
	}
	environment, err := rule.NewEnvironment(variables(d))
	if err != nil {
		return nil, append(found, fault.Wrong("reporting.check.rule", err.Error()))
	}
	f := &Form{Definition: d}
	for _, r := range d.Rules {
		one := compiled{Rule: r}
		if one.Severity == "" {
			one.Severity = fault.Error
		}
		if one.holds, err = environment.Compile(r.Expr); err == nil && r.When != "" {
			one.when, err = environment.Compile(r.When)
		}
		if err != nil {
			found = append(found, fault.Wrong("reporting.check.expression", r.Key,
				fmt.Sprint(fault.Of(err).Args...)))
			continue
		}
		f.rules = append(f.rules, one)
	}
	return f, found
}

// variables are what the rules of a form may speak of: its cells, and those of earlier periods as prev,
// prev2 … as far as any rule looks back.
func variables(d form.Definition) []rule.Variable {
	var cells []rule.Variable
	for _, c := range d.Cells {
		if c.Kind != form.Ratio {
			cells = append(cells, rule.Variable{Name: c.Key, Kind: rule.Int})
		}
	}
	all, back := slices.Clone(cells), 0
	for _, r := range d.Rules {
		back = max(back, r.Back)
	}
	for n := 1; n <= back; n++ {
		all = append(all, rule.Variable{Name: backName(n), Kind: rule.Record, Fields: cells})
	}
	return all
}

func backName(n int) string {
	if n == 1 {
		return "prev"
	}
	return "prev" + strconv.Itoa(n)
}

// admitted keeps forms of proposals that were compiled, by home, number and version of their row.
type admitted struct {
	mu    sync.Mutex
	forms map[[3]int64]*Form
}

// parseForm reads a proposed form.
func parseForm(text string) (form.Definition, error) {
	var d form.Definition
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)), yaml.Strict())
	if err := decoder.Decode(&d); err != nil {
		return d, fault.New(fault.Invalid, "reporting.unreadable", yaml.FormatError(err, false, false))
	}
	return d, nil
}

func (g *Reporting) admittedForm(p Proposal) (*Form, error) {
	key := [3]int64{p.Home, p.ID, p.Version}
	g.admitted.mu.Lock()
	defer g.admitted.mu.Unlock()
	if f, ok := g.admitted.forms[key]; ok {
		return f, nil
	}
	d, err := parseForm(p.Definition)
	if err != nil {
		return nil, err
	}
	f, found := compile(d)
	if fault.Stops(found) {
		return nil, fault.New(fault.Invalid, "reporting.form_wrong", d.Key).With(found)
	}
	f.Place = p.Place
	if g.admitted.forms == nil {
		g.admitted.forms = map[[3]int64]*Form{}
	}
	g.admitted.forms[key] = f
	return f, nil
}

// Forms lists all forms there are: of the pack by key, then those that were admitted.
func (g *Reporting) Forms(r store.Reader) ([]*Form, error) {
	all := slices.Clone(g.pack.Load().forms)
	own, err := proposals.All(r, "WHERE state = ? ORDER BY home, id", stateAdmitted)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		f, err := g.admittedForm(p)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// Form finds a form.
func (g *Reporting) Form(r store.Reader, key string) (*Form, error) {
	for _, f := range g.pack.Load().forms {
		if f.Key == key {
			return f, nil
		}
	}
	p, found, err := proposals.First(r, "WHERE state = ? AND name = ?", stateAdmitted, key)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.NotFound, "reporting.no_form", key)
	}
	return g.admittedForm(p)
}

// Elements is the catalogue of data elements.
func (g *Reporting) Elements() []Element { return g.pack.Load().elements }

// Answers reports whether the program has the source of a cell at all: its measure in the catalogue,
// somebody who keeps the books.
func (g *Reporting) Answers(c form.Cell) bool {
	switch {
	case c.Measure != "":
		_, err := g.host.Measures.Definition(c.Measure)
		return err == nil
	case c.Statement != "":
		return g.statements != nil
	case c.Register != "":
		_, known := registered(c.Register, registry.Organisation{})
		return known
	}
	return c.Computed()
}

// BurdenOf is what a form costs a unit here: cells without a source count as asked.
func (g *Reporting) BurdenOf(f *Form) form.Burden { return f.BurdenOf(g.Answers) }

// periodOf reads a period of a form.
func periodOf(f *Form, text string) (period.Period, error) {
	p, err := period.Parse(text)
	if err != nil || p.Kind() != f.Frequency() {
		return p, fault.New(fault.Invalid, "reporting.period", text, f.Title)
	}
	return p, nil
}
