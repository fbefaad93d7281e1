package app

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// sections are all kinds of file a pack may have, each checked by the part that owns it.
func (p *Program) sections() []pack.Section {
	all := slices.Concat(pack.Own(), procedure.Sections(), []pack.Section{measure.Section(), masks(),
		{Path: "roles.yaml", Check: func(read *pack.Pack) []fault.Finding {
			_, findings := identity.ReadRoles(read)
			return findings
		}},
		{Path: "codes/*.yaml"}, // checked together with the forms that use them
		{Path: "forms/*.yaml", Test: p.testForms, Check: func(read *pack.Pack) []fault.Finding {
			_, findings := form.Load(read.FS())
			return findings
		}}})
	for _, m := range p.modules {
		all = append(all, m.Sections...)
	}
	return all
}

// testForms tries the examples of all forms with the pack's own parameters.
func (p *Program) testForms(read *pack.Pack) []fault.Finding {
	library, findings := form.Load(read.FS())
	if fault.Stops(findings) {
		return nil // told by the check
	}
	return library.Test(func(on period.Date) rule.Parameters { return read.On(on) })
}

// mask is how one kind of personal data is shown.
type mask struct {
	Key    string       `yaml:"key"`
	Title  locale.Words `yaml:"title"`
	Class  string       `yaml:"class"`
	Screen string       `yaml:"screen"`
	Notice string       `yaml:"notice"`
	Export string       `yaml:"export"`
	Basis  string       `yaml:"basis"`
	Mark   pack.Mark    `yaml:"mark"`
}

// classes of personal data: public, internal, personal, sensitive, secret (rules-of-data.md §1).
var classes = []string{"S0", "S1", "S2", "S3", "S4"}

// ways are what a mask may leave of a value; packs/national/masks.yaml says what each means.
var ways = []string{"full", "partial", "tail", "group", "band", "purpose", "token", "sealed", "never"}

func masks() pack.Section {
	return pack.Section{Path: "masks.yaml", Check: func(read *pack.Pack) []fault.Finding {
		var findings []fault.Finding
		for _, e := range read.Entries("masks.yaml", "masks") {
			var m mask
			if err := e.Decode(&m); err != nil {
				findings = append(findings, e.Problem(err))
				continue
			}
			known := slices.Contains(classes, m.Class) && m.Title.Whole() && m.Basis != ""
			for _, way := range []string{m.Screen, m.Notice, m.Export} {
				known = known && slices.Contains(ways, way)
			}
			if !known {
				findings = append(findings, e.At(fault.Wrong("pack.mask", m.Key)))
			}
		}
		return findings
	}}
}

// readPack reads a pack and refuses it if anything in it is wrong.
func (p *Program) readPack(name string) (*pack.Pack, error) {
	read, err := pack.NewLibrary(packs.Files).Read(name)
	if err != nil {
		return nil, err
	}
	findings := slices.DeleteFunc(read.Check(p.sections()),
		func(f fault.Finding) bool { return f.Severity != fault.Error })
	if len(findings) > 0 {
		return nil, fault.New(fault.Invalid, "pack.broken", name).With(findings)
	}
	return read, nil
}

// openPack reads the pack in force.
func (p *Program) openPack() (err error) {
	p.host.Packs, err = p.readPack(p.host.Config.Text("pack"))
	return err
}

// openMachinery makes files, measures and jobs, and gives the procedures their pack.
func (p *Program) openMachinery() error {
	p.host.Procedures.LoadPack(p.host.Packs)
	var kinds []jobs.Kind
	var definitions []measure.Definition
	for _, m := range p.modules {
		kinds = append(kinds, m.JobKinds...)
		definitions = append(definitions, m.Measures...)
	}
	var err error
	if p.host.Measures, err = measure.New(p.host.Store, definitions...); err != nil {
		return err
	}
	p.host.Intake = intake.New(p.host.Store, p.host.Access, p.host.Keys)
	p.host.Jobs = jobs.New(p.host.Store, kinds...)
	p.host.Files, err = files.New(files.Config{Folder: p.FilesFolder(), Store: p.host.Store,
		Keys: p.host.Keys, Scan: strings.Fields(p.host.Config.Text("scan-command"))})
	return err
}

// FilesFolder is where evidence is kept: as configured, else beside a SQLite database.
func (p *Program) FilesFolder() string {
	if name := p.host.Config.Text("files"); name != "" {
		return name
	}
	if url := p.host.Config.Text("db"); !store.IsPostgres(url) {
		return store.SQLitePath(url) + ".files"
	}
	return filepath.Join(".", "terrace.files")
}
