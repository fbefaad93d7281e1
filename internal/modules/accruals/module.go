package accruals

import (
	"context"
	"embed"
	"io/fs"
	"strconv"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Owner is the organisation whose books they are, as far as this module needs it.
type Owner struct {
	Home, ID, Place int64
	Name            string
}

func (o Owner) ref() ownerRef { return ownerRef{o.Home, o.ID} }

// ownerRef names an organisation: what the registry's Ref is made of.
type ownerRef = struct{ Home, ID int64 }

// Owners reads an organisation: the registry does.
type Owners func(r store.Reader, home, id int64) (Owner, error)

// Accruals is the module.
type Accruals struct {
	host   *manifest.Host
	owners Owners
	books  *ledger.Ledger
	checks *inventory.Inventory
	plan   atomic.Pointer[plan]
}

// New makes the module.
func New(h *manifest.Host, owners Owners, books *ledger.Ledger, checks *inventory.Inventory) *Accruals {
	return &Accruals{host: h, owners: owners, books: books, checks: checks}
}

// Module is what the accruals add.
func (s *Accruals) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:      "accruals",
		Needs:     []string{"assets", "inventory", "ledger"},
		Part:      part(),
		Tables:    tables(),
		Texts:     texts,
		Views:     root,
		Pages:     s.pages(),
		Cards:     s.cards(),
		Endpoints: s.endpoints,
		Commands:  s.commands,
		Sections:  sections(),
		JobKinds: []jobs.Kind{{Key: depreciateJob, Run: s.runDepreciate,
			Schedule: &jobs.Schedule{Slot: monthly, Homes: s.homes}}},
		Checks: []manifest.Check{{Name: "accruals.check", Run: s.checkAll}},
		Start:  s.start,
	}
}

// monthly is a slot of a month: it begins at two in the morning of its first day.
func monthly(now period.Instant) string {
	return string(now.Add(-hoursIntoMonth).Date())[:len("2025-03")]
}

// start reads the file of the pack.
func (s *Accruals) start(context.Context) error {
	read, findings := readPlan(s.host.Packs)
	if fault.Stops(findings) {
		return fault.New(fault.Unavailable, "accruals.pack").With(findings)
	}
	s.plan.Store(read)
	return nil
}

// subject names a month of a book in events.
func subject(bookID int64, month string) string {
	return "book/" + strconv.FormatInt(bookID, 10) + "/" + month
}
