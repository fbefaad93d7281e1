package reporting

import (
	"context"
	"embed"
	"slices"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	MayRead    access.Permit = "reporting.read"
	MayFill    access.Permit = "reporting.fill"
	MayReview  access.Permit = "reporting.review"
	MayCompile access.Permit = "reporting.compile"
	MayAccept  access.Permit = "reporting.accept"
	MayOrder   access.Permit = "reporting.order"     // rounds and exceptions
	MayHurry   access.Permit = "reporting.emergency" // say yes to an emergency
	MayPropose access.Permit = "reporting.propose"   // a form
	MayAdmit   access.Permit = "reporting.admit"     // a form
)

// Tag groups the operations of the interface.
const Tag = "reporting"

// Reporting is the module.
type Reporting struct {
	host       *manifest.Host
	places     *territory.Service
	statements Statements // nil: nobody keeps books here
	portion    int        // units that a transaction opens reports for
	pack       atomic.Pointer[library]
	admitted   admitted
}

// New makes the module. statements is nil where no books are kept.
func New(h *manifest.Host, places *territory.Service, statements Statements) *Reporting {
	return &Reporting{host: h, places: places, statements: statements, portion: portionUsual}
}

// Module is what the module adds.
func (g *Reporting) Module() manifest.Module {
	return manifest.Module{
		Name:   "reporting",
		Needs:  []string{"territory", "registry"},
		Part:   part(),
		Tables: tables(),
		Permits: []access.Permit{MayRead, MayFill, MayReview, MayCompile, MayAccept, MayOrder, MayHurry,
			MayPropose, MayAdmit},
		Texts:    texts,
		Sections: g.sections(),
		Measures: slices.Concat(measures, acceptedMeasures),
		JobKinds: []jobs.Kind{{Key: openKind, Run: g.openJob},
			{Key: nextKind, Run: g.nextJob, Schedule: &jobs.Schedule{Slot: jobs.Nightly(1, 30),
				Homes: g.homes}},
			{Key: figuresKind, Run: g.figuresJob}},
		Checks: []manifest.Check{{Name: "reporting.check", Run: g.checkAll}},
		Start:  g.start,
	}
}

// start reads the forms of the pack and registers the procedures.
func (g *Reporting) start(context.Context) error {
	l, found := readLibrary(g.host.Packs)
	found = append(found, g.checkPublications(l)...)
	if fault.Stops(found) {
		return fault.New(fault.Unavailable, "reporting.pack").With(found)
	}
	g.pack.Store(l)
	for _, f := range l.forms {
		g.host.Procedures.Register(f.Procedure, g.reportHandler())
	}
	for _, name := range []string{townshipRollUp, countyRollUp} {
		g.host.Procedures.Register(name, g.rollUpHandler())
	}
	g.host.Procedures.Register(admission, g.admissionHandler())
	return nil
}
