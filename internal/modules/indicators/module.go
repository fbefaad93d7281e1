package indicators

import (
	"context"
	"embed"
	"io/fs"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Indicators is the module.
type Indicators struct {
	host        *manifest.Host
	figures     *statistics.Statistics
	evaluations *evaluation.Evaluation
	pack        atomic.Pointer[Library]
}

// New makes the module, and lets evaluation draw the schemes of the pack with it.
func New(h *manifest.Host, figures *statistics.Statistics, evaluations *evaluation.Evaluation) *Indicators {
	n := &Indicators{host: h, figures: figures, evaluations: evaluations}
	evaluations.UsePack(n.FromPack)
	return n
}

// Module is what indicators adds.
func (n *Indicators) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:     "indicators",
		Needs:    []string{"statistics", "evaluation", "rating"},
		Texts:    texts,
		Views:    root,
		Sections: []pack.Section{section()},
		Pages: []web.Route{
			{Pattern: "GET /evaluations/pack", Access: web.Permitted(evaluation.Compute), Handle: n.page},
			{Pattern: "POST /evaluations/pack", Access: web.Permitted(evaluation.Compute), Handle: n.sent},
			{Pattern: "GET /evaluations/indicators", Access: web.Permitted(evaluation.Read),
				Handle: n.list},
			{Pattern: "GET /evaluations/indicators/{key}", Access: web.Permitted(evaluation.Read),
				Handle: n.indicator},
		},
		Endpoints: n.endpoints,
		Checks:    []manifest.Check{{Name: "indicators.check", Run: n.checkAll}},
		Start:     n.start,
	}
}

// start reads the indicator systems of the pack.
func (n *Indicators) start(context.Context) error {
	l, found := ReadLibrary(n.host.Packs)
	found = append(found, n.checkMeasures(l)...)
	if fault.Stops(found) {
		return fault.New(fault.Unavailable, "indicators.pack").With(found)
	}
	n.pack.Store(l)
	return nil
}

func (n *Indicators) library() *Library { return n.pack.Load() }
