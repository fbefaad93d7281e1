// Package modules is the list of all modules and their wiring, written out in one function.
package modules

import (
	"github.com/terrace-project/terrace/internal/modules/accounts"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/campaign"
	"github.com/terrace-project/terrace/internal/modules/counting"
	"github.com/terrace-project/terrace/internal/modules/desk"
	"github.com/terrace-project/terrace/internal/modules/editions"
	"github.com/terrace-project/terrace/internal/modules/gazetteer"
	"github.com/terrace-project/terrace/internal/modules/holdings"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/operations"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/manifest"
)

// Services are the modules that the program calls itself: the demo city is built with them.
type Services struct {
	Places    *territory.Service
	Gazetteer *gazetteer.Gazetteer
	Registry  *registry.Registry
	Assets    *assets.Assets
	Inventory *inventory.Inventory
	Campaigns *campaign.Campaigns
	Ledger    *ledger.Ledger
}

// All makes the modules in the order in which they start: a module stands after those it needs.
func All(h *manifest.Host) (Services, []manifest.Module) {
	places := territory.New(h)
	checks := inventory.New(h, places)
	s := Services{places, gazetteer.New(h, places), registry.New(h, places), assets.New(h, places), checks,
		campaign.New(h, places, checks), ledger.New(h, places)}
	return s, []manifest.Module{
		places.Module(),
		editions.New(h, places).Module(),
		s.Gazetteer.Module(),
		s.Registry.Module(),
		s.Assets.Module(),
		holdings.New(h, places, s.Assets).Module(),
		checks.Module(),
		counting.New(h, checks).Module(),
		s.Campaigns.Module(),
		s.Ledger.Module(),
		accounts.New(h).Module(),
		desk.New(h).Module(),
		operations.New(h).Module(),
	}
}
