package ledger

import (
	"context"
	"embed"
	"slices"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	MayRead   access.Permit = "ledger.read"
	MayEnter  access.Permit = "ledger.enter"
	MayCheck  access.Permit = "ledger.check" // post what another entered
	MayClose  access.Permit = "ledger.close"
	MayReopen access.Permit = "ledger.reopen"
	MayOpen   access.Permit = "ledger.open" // open and end books
)

// Ledger is the module.
type Ledger struct {
	host   *manifest.Host
	places *territory.Service
	charts atomic.Pointer[book.Charts]
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Ledger {
	return &Ledger{host: h, places: places}
}

// Module is what the ledger adds.
func (l *Ledger) Module() manifest.Module {
	return manifest.Module{
		Name:     "ledger",
		Needs:    []string{"territory", "registry"},
		Part:     part(),
		Tables:   tables(),
		Permits:  []access.Permit{MayRead, MayEnter, MayCheck, MayClose, MayReopen, MayOpen},
		Texts:    texts,
		Sections: sections(),
		Checks:   l.checks(),
		JobKinds: l.jobKinds(),
		Measures: measures(),
		Start:    l.start,
	}
}

// Charts are the charts of the pack in force.
func (l *Ledger) Charts() *book.Charts { return l.charts.Load() }

// chartOf is the chart a book is kept under.
func (l *Ledger) chartOf(b Book) (*book.Chart, error) {
	if chart, ok := l.Charts().Get(b.Chart); ok {
		return chart, nil
	}
	return nil, fault.New(fault.Unavailable, "ledger.no_chart", b.Chart)
}

// sections are the charts as files of a pack.
func sections() []pack.Section {
	return []pack.Section{{Path: chartFiles, Check: func(p *pack.Pack) []fault.Finding {
		_, findings := readCharts(p)
		return findings
	}, Test: func(p *pack.Pack) []fault.Finding {
		charts, _ := readCharts(p)
		return charts.TryExamples()
	}}}
}

// chartFiles are the files of a pack in which charts stand, one a file.
const chartFiles = "charts/*.yaml"

func readCharts(p *pack.Pack) (*book.Charts, []fault.Finding) {
	list, findings := pack.Decode[book.Chart](p, chartFiles, "")
	charts, more := book.NewCharts(list)
	return charts, slices.Concat(findings, more, charts.CheckLimits(func(parameter string) bool {
		return slices.ContainsFunc(p.Parameters(), func(q *pack.Parameter) bool {
			return q.Key == parameter && q.Kind == pack.Whole
		})
	}))
}

// start reads the charts of the pack.
func (l *Ledger) start(context.Context) error {
	charts, findings := readCharts(l.host.Packs)
	if fault.Stops(findings) {
		return fault.New(fault.Unavailable, "ledger.pack").With(findings)
	}
	l.charts.Store(charts)
	return nil
}
