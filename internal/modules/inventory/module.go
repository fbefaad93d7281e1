package inventory

import (
	"context"
	"embed"
	"io/fs"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// The permits of the module.
const (
	MayRead    access.Permit = "inventory.read"
	MayOpen    access.Permit = "inventory.open"
	MayCount   access.Permit = "inventory.count"
	MayConfirm access.Permit = "inventory.confirm"
	MayReview  access.Permit = "inventory.review"
	MayApprove access.Permit = "inventory.approve"
	MaySample  access.Permit = "inventory.sample"
	MayRollUp  access.Permit = "inventory.roll_up"
	MayAccept  access.Permit = "inventory.accept"
	MayAdjust  access.Permit = "inventory.adjust"
)

// Inventory is the module.
type Inventory struct {
	host   *manifest.Host
	places *territory.Service
	read   atomic.Pointer[Forms]
}

// New makes the module.
func New(h *manifest.Host, places *territory.Service) *Inventory {
	return &Inventory{host: h, places: places}
}

// Forms are the forms of the pack in force.
func (n *Inventory) Forms() *Forms { return n.read.Load() }

// Module is what the inventory adds.
func (n *Inventory) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:   "inventory",
		Needs:  []string{"territory", "registry", "assets"},
		Part:   part(),
		Tables: tables(),
		Permits: []access.Permit{MayRead, MayOpen, MayCount, MayConfirm, MayReview, MayApprove, MaySample,
			MayRollUp,
			MayAccept, MayAdjust},
		Texts: texts,
		Views: root,
		Menu: []web.MenuEntry{{Key: "inventory.menu.checks", Href: "/checks", Permit: MayRead,
			Order: 41}},
		Pages:     n.pages(),
		Cards:     n.cards(),
		Endpoints: n.endpoints,
		Sections:  sections(),
		Checks:    []manifest.Check{{Name: "inventory.check", Run: n.checkAll}},
		Start:     n.start,
	}
}

// start reads the forms of the pack and registers the procedures.
func (n *Inventory) start(context.Context) error {
	forms, found := readForms(n.host.Packs)
	if fault.Stops(found) {
		return fault.New(fault.Unavailable, "inventory.pack").With(found)
	}
	n.read.Store(forms)
	n.host.Procedures.Register(Procedure, n.handler())
	n.host.Files.Own("check", n.guardFile)
	return nil
}

func homeAndID(row procedure.Row) string {
	_, id, _ := strings.Cut(row.Subject, "/")
	return strconv.FormatInt(row.Home, 10) + "/" + id
}

// parseSubject reads the number of a check out of a case's subject.
func parseSubject(subject string) (int64, error) {
	text, found := strings.CutPrefix(subject, "check/")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !found {
		return 0, fault.New(fault.NotFound, "inventory.no_check")
	}
	return id, nil
}

// guardFile lets those see the evidence of a check who may see the check.
func (n *Inventory) guardFile(_ context.Context, actor access.Actor, f files.File) error {
	return n.host.Access.Require(actor, MayRead, f.Place)
}

// foundNumber is the card number of something found by a check without a card.
func foundNumber(year int, row int64) string {
	return "F" + strconv.Itoa(year) + "-" + strconv.FormatInt(row, 10)
}
