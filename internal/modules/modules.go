// Package modules is the list of all modules and their wiring, written out in one function.
package modules

import (
	"github.com/terrace-project/terrace/internal/modules/accounts"
	"github.com/terrace-project/terrace/internal/modules/accruals"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/banking"
	"github.com/terrace-project/terrace/internal/modules/bookfiles"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping"
	"github.com/terrace-project/terrace/internal/modules/campaign"
	"github.com/terrace-project/terrace/internal/modules/commitments"
	"github.com/terrace-project/terrace/internal/modules/contracts"
	"github.com/terrace-project/terrace/internal/modules/counting"
	"github.com/terrace-project/terrace/internal/modules/desk"
	"github.com/terrace-project/terrace/internal/modules/editions"
	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/gazetteer"
	"github.com/terrace-project/terrace/internal/modules/holdings"
	"github.com/terrace-project/terrace/internal/modules/indicators"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/operations"
	"github.com/terrace-project/terrace/internal/modules/policy"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/returns"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/supervision"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// Services are the modules that the program calls itself: the demo city is built with them.
type Services struct {
	Places      *territory.Service
	Gazetteer   *gazetteer.Gazetteer
	Registry    *registry.Registry
	Assets      *assets.Assets
	Inventory   *inventory.Inventory
	Campaigns   *campaign.Campaigns
	Ledger      *ledger.Ledger
	Supervision *supervision.Supervision
	Contracts   *contracts.Contracts
	Accruals    *accruals.Accruals
	Reporting   *reporting.Reporting
	Commitments *commitments.Commitments
	Statistics  *statistics.Statistics
	Evaluation  *evaluation.Evaluation
	Indicators  *indicators.Indicators
	Banking     *banking.Banking
	Bookkeeping *bookkeeping.Bookkeeping
}

// All makes the modules in the order in which they start: a module stands after those it needs.
func All(h *manifest.Host) (Services, []manifest.Module) {
	places := territory.New(h)
	checks := inventory.New(h, places)
	s := Services{places, gazetteer.New(h, places), registry.New(h, places), assets.New(h, places), checks,
		campaign.New(h, places, checks), ledger.New(h, places),
		nil, nil, nil, nil, nil, nil, nil, nil, nil, nil}
	s.Banking = banking.New(h, places, s.Ledger)
	s.Bookkeeping = bookkeeping.New(h, places, s.Ledger)
	s.Supervision = supervision.New(h, places, s.Ledger)
	s.Contracts = contracts.New(h, places, s.Ledger)
	s.Commitments = commitments.New(h, places, s.Ledger)
	s.Accruals = accruals.New(h, owner, s.Ledger, checks)
	s.Reporting = reporting.New(h, places, statements{s.Ledger})
	s.Statistics = statistics.New(h, places)
	s.Evaluation = evaluation.New(h, places)
	s.Indicators = indicators.New(h, s.Statistics, s.Evaluation)
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
		s.Bookkeeping.Module(),
		bookfiles.New(h, s.Ledger).Module(),
		s.Banking.Module(),
		s.Contracts.Module(),
		s.Commitments.Module(),
		s.Accruals.Module(),
		s.Supervision.Module(),
		s.Reporting.Module(),
		returns.New(h, places, s.Reporting).Module(),
		rating.New(h).Module(),
		s.Statistics.Module(),
		s.Evaluation.Module(),
		s.Indicators.Module(),
		policy.New(h, s.Statistics).Module(),
		accounts.New(h).Module(),
		desk.New(h).Module(),
		operations.New(h).Module(),
	}
}

// owner tells the accruals whose books they are.
func owner(r store.Reader, home, id int64) (accruals.Owner, error) {
	o, err := registry.Get(r, registry.Ref{Home: home, ID: id})
	return accruals.Owner{Home: o.Home, ID: o.ID, Place: o.Place, Name: o.Name}, err
}
