package counting

import (
	"context"
	"embed"
	"io/fs"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/web"
)

//go:embed views/*.html
var views embed.FS

//go:embed texts/*.csv
var texts embed.FS

// Counting is the module.
type Counting struct {
	host      *manifest.Host
	inventory *inventory.Inventory
	files     *intakepage.Files
}

// New makes the module.
func New(h *manifest.Host, n *inventory.Inventory) *Counting {
	g := &Counting{host: h, inventory: n}
	g.files = g.sheets()
	return g
}

// Module is what counting adds.
func (g *Counting) Module() manifest.Module {
	root, err := fs.Sub(views, "views")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return manifest.Module{
		Name:      "counting",
		Needs:     []string{"inventory", "assets"},
		Texts:     texts,
		Views:     root,
		Pages:     append(g.files.Routes(), g.pages()...),
		Endpoints: g.endpoints,
		Start:     g.start,
	}
}

// start registers the counting sheets with the intake, and who may see the sheets that were sent.
func (g *Counting) start(context.Context) error {
	forms := g.inventory.Forms()
	sheets := []*form.Definition{forms.Sheet()}
	for _, f := range forms.All {
		sheets = append(sheets, f.Sheet())
	}
	for _, d := range sheets {
		if err := g.host.Intake.Register(g.kind(d)); err != nil {
			return err
		}
	}
	g.host.Files.Own(sheetSubject, func(_ context.Context, actor access.Actor, f files.File) error {
		return g.host.Access.Require(actor, inventory.MayCount, f.Place)
	})
	return nil
}

// Bytes that may be sent: a photo, and a counting sheet.
const (
	photoMax = 21 << 20
	sheetMax = 21 << 20
)

func (g *Counting) pages() []web.Route {
	read, count := web.Permitted(inventory.MayRead), web.Permitted(inventory.MayCount)
	return []web.Route{
		{Pattern: "GET /checks/{home}/{id}/rows", Access: read, Handle: g.list},
		{Pattern: "GET /checks/{home}/{id}/rows/{number}", Access: read, Handle: g.rowPage},
		{Pattern: "POST /checks/{home}/{id}/rows/{number}", Access: count, BodyMax: photoMax,
			Handle: g.countPosted},
		{Pattern: "GET /checks/{home}/{id}/rows/new", Access: count, Handle: g.newPage},
		{Pattern: "POST /checks/{home}/{id}/rows", Access: count, BodyMax: photoMax, Handle: g.newPosted},
		{Pattern: "GET /checks/{home}/{id}/count", Access: count, Handle: g.nextPage},
		{Pattern: "GET /checks/{home}/{id}/sheet.xlsx", Access: read, Handle: g.template},
		{Pattern: "GET /checks/{home}/{id}/sheet.csv", Access: read, Handle: g.template},
		{Pattern: "GET /checks/{home}/{id}/sheet", Access: count, Handle: g.sheetPage},
		{Pattern: "POST /checks/{home}/{id}/sheet", Access: count, BodyMax: sheetMax,
			Handle: g.sheetPosted},
	}
}
