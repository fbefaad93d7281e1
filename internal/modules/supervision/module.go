package supervision

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	MayRead   access.Permit = "supervision.read"
	MayAnswer access.Permit = "supervision.answer"
	MayVerify access.Permit = "supervision.verify" // also hands a finding to discipline inspection
	MayRun    access.Permit = "supervision.run"    // also tries a rule before it holds
)

// Supervision is the module.
type Supervision struct {
	host     *manifest.Host
	places   *territory.Service
	books    Books
	library  *rule.Library
	codes    *form.Library // in which values are written
	expenses []Expense
}

// Books is what supervision needs of the ledger.
type Books interface{ Charts() *book.Charts }

// New makes the module.
func New(h *manifest.Host, places *territory.Service, books Books) *Supervision {
	return &Supervision{host: h, places: places, books: books, library: &rule.Library{}}
}

// Module is what supervision adds.
func (m *Supervision) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:    "supervision",
		Needs:   []string{"territory", "registry", "ledger"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{MayRead, MayAnswer, MayVerify, MayRun},
		Texts:   texts,
		Views:   root,
		Menu: []web.MenuEntry{{Key: "supervision.menu", Href: "/supervision", Permit: MayRead,
			Order: 60}},
		Pages:     m.pages(),
		Cards:     m.cards(),
		Endpoints: m.endpoints,
		Commands:  m.commands,
		Subjects:  m.subjects(),
		Sections: []pack.Section{expenseSection(),
			rule.Section(func() *rule.Subjects { return m.host.Subjects })},
		JobKinds: []jobs.Kind{
			{Key: runKind, Run: m.runJob, Schedule: &jobs.Schedule{Slot: jobs.Nightly(1, 0),
				Homes: m.homes}},
			{Key: incrementalKind, Run: m.incrementalJob,
				Schedule: &jobs.Schedule{Slot: jobs.Each(time.Hour),
					Homes: m.homes}}},
		Checks: []manifest.Check{{Name: "supervision.check", Run: m.check}},
		Start:  m.start,
	}
}

func (m *Supervision) start(context.Context) error {
	library, findings := rule.Read(m.host.Packs, m.host.Subjects)
	if fault.Stops(findings) {
		return fault.New(fault.Invalid, "pack.broken", m.host.Packs.Key()).With(findings)
	}
	m.library = library
	m.codes, _ = form.Load(m.host.Packs.FS()) // what is wrong with codes is told where they are checked
	if m.expenses, findings = ReadExpenses(m.host.Packs); fault.Stops(findings) {
		return fault.New(fault.Invalid, "pack.broken", m.host.Packs.Key()).With(findings)
	}
	m.host.Procedures.Register(Procedure, m.handler())
	if m.host.Files != nil {
		m.host.Files.Own("finding", m.mayFile)
	}
	return nil
}
