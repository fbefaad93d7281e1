package form

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Library is a set of forms with the code lists they use. It does not change once it is made.
type Library struct {
	forms map[string][]*Definition // by key; versions ascending
	codes map[string]*CodeList
	order []*Definition
}

// Load reads forms/*.yaml and codes/*.yaml. The library holds what could be used; with an error
// among the findings it must not be.
func Load(files fs.FS) (*Library, []fault.Finding) {
	var codes []CodeList
	var forms []Definition
	var findings []fault.Finding
	for _, name := range matching(files, "codes/*.yaml") {
		var list CodeList
		if found := read(files, name, &list); len(found) > 0 {
			findings = append(findings, found...)
			continue
		}
		list.File = name
		codes = append(codes, list)
	}
	for _, name := range matching(files, "forms/*.yaml") {
		var form Definition
		if found := read(files, name, &form); len(found) > 0 {
			findings = append(findings, found...)
			continue
		}
		form.File = name
		forms = append(forms, form)
	}
	library, found := NewLibrary(codes, forms)
	return library, append(findings, found...)
}

func matching(files fs.FS, pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err) // the patterns are literals
	}
	return names
}

// read decodes a file; keys nobody knows are refused.
func read(files fs.FS, name string, into any) []fault.Finding {
	text, err := fs.ReadFile(files, name)
	if err == nil {
		err = yaml.UnmarshalWithOptions(text, into, yaml.Strict())
	}
	if err == nil {
		return nil
	}
	line, message := 0, err.Error()
	if e, ok := err.(yaml.Error); ok {
		message = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	return []fault.Finding{fault.Wrong("form.yaml", message).At(name, line, "")}
}

// NewLibrary puts forms and code lists together and compiles every rule. Findings carry the file
// (Sheet), the line (Row) and the part of the form (Column).
func NewLibrary(codes []CodeList, forms []Definition) (*Library, []fault.Finding) {
	l := &Library{forms: map[string][]*Definition{}, codes: map[string]*CodeList{}}
	var findings []fault.Finding
	for i := range codes {
		findings = append(findings, l.addCodes(&codes[i])...)
	}
	var usable []*Definition
	for i := range forms {
		d := &forms[i]
		found := d.compileFields(l.codes)
		findings = append(findings, found...)
		if !fault.Stops(found) {
			usable = append(usable, d)
			findings = append(findings, l.addForm(d)...)
		}
	}
	for _, d := range usable {
		findings = append(findings, d.compileChecks(l)...)
	}
	return l, findings
}

func (l *Library) addCodes(c *CodeList) []fault.Finding {
	findings := c.compile()
	if _, twice := l.codes[c.Key]; twice {
		findings = append(findings, fault.Wrong("form.twice", c.Key).At(c.File, 0, "key"))
	}
	l.codes[c.Key] = c
	return findings
}

func (l *Library) addForm(d *Definition) []fault.Finding {
	versions := l.forms[d.Key]
	at, twice := slices.BinarySearchFunc(versions, d.Version,
		func(d *Definition, version int) int { return d.Version - version })
	if twice {
		return []fault.Finding{fault.Wrong("form.twice", d.Key).At(d.File, 0, "version")}
	}
	l.forms[d.Key] = slices.Insert(versions, at, d)
	l.order = append(l.order, d)
	return nil
}

// Form finds the latest version of a form.
func (l *Library) Form(key string) (*Definition, bool) {
	versions := l.forms[key]
	if len(versions) == 0 {
		return nil, false
	}
	return versions[len(versions)-1], true
}

// Version finds one version of a form.
func (l *Library) Version(key string, version int) (*Definition, bool) {
	for _, d := range l.forms[key] {
		if d.Version == version {
			return d, true
		}
	}
	return nil, false
}

// Forms are all forms, in the order in which they were added.
func (l *Library) Forms() []*Definition { return l.order }

// Codes finds a code list.
func (l *Library) Codes(key string) (*CodeList, bool) {
	c, ok := l.codes[key]
	return c, ok
}

// validKey: words of lower-case letters, digits and underscores, joined by dots.
func validKey(key string) bool {
	return key != "" && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_.") == "" &&
		!strings.HasPrefix(key, ".") && !strings.HasSuffix(key, ".") && !strings.Contains(key, "..")
}

// With is a library of the same code lists with other forms: those a module derives from what it read.
func (l *Library) With(forms []Definition) (*Library, []fault.Finding) {
	var codes []CodeList
	for _, key := range slices.Sorted(maps.Keys(l.codes)) {
		codes = append(codes, *l.codes[key])
	}
	return NewLibrary(codes, forms)
}
