package ledger

import (
	"embed"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
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
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Ledger {
	return &Ledger{host: h, places: places}
}

// Module is what the ledger adds.
func (l *Ledger) Module() manifest.Module {
	return manifest.Module{
		Name:    "ledger",
		Needs:   []string{"territory", "registry"},
		Part:    part(),
		Tables:  tables(),
		Permits: []access.Permit{MayRead, MayEnter, MayCheck, MayClose, MayReopen, MayOpen},
		Texts:   texts,
	}
}
