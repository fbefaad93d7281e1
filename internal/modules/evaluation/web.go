package evaluation

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (e *Evaluation) pages() []web.Route {
	const one = "/evaluations/{home}/{id}"
	return []web.Route{
		{Pattern: "GET /evaluations", Access: web.Permitted(Read), Handle: e.list},
		{Pattern: "GET /evaluations/new", Access: web.Permitted(Compute), Handle: e.blank},
		{Pattern: "POST /evaluations/new", Access: web.Permitted(Compute), BodyMax: 2 * SizeMax,
			Handle: e.make},
		{Pattern: "GET " + one, Access: web.Permitted(Read), Handle: e.show},
		{Pattern: "POST " + one, Access: web.Permitted(Release), Handle: e.decide},
		{Pattern: "GET " + one + "/areas/{area}", Access: web.Permitted(Read), Handle: e.area},
		{Pattern: "GET " + one + trendTab, Access: web.Permitted(Read), Handle: e.trend},
		{Pattern: "GET " + one + groupsTab, Access: web.Permitted(Read), Handle: e.groups},
		{Pattern: "GET " + one + mapTab, Access: web.Permitted(Read), Handle: e.onMap},
		{Pattern: "GET " + one + relationsTab, Access: web.Permitted(Read), Handle: e.relations},
		{Pattern: "GET " + one + auditTab, Access: web.Permitted(Read), Handle: e.audit},
		{Pattern: "POST " + one + auditTab, Access: web.Permitted(Compute), Handle: e.orderAudit},
		{Pattern: "GET " + one + changesTab, Access: web.Permitted(Read), Handle: e.changes},
		{Pattern: "GET " + one + compareTab, Access: web.Permitted(Read), Handle: e.compare},
		{Pattern: "GET " + one + "/export/{form}", Access: web.Permitted(Read), Handle: e.export},
		{Pattern: "GET " + one + "/weights", Access: web.Permitted(Read), Handle: e.weights},
		{Pattern: "GET " + one + "/laboratory", Access: web.Permitted(Read), Handle: e.laboratory},
		{Pattern: "POST " + one + "/laboratory", Access: web.Permitted(Compute), Handle: e.keepTried},
		{Pattern: "GET " + one + "/files/{part}", Access: web.Permitted(Read), Handle: e.file},
		{Pattern: "GET " + one + "/certificate", Access: web.Permitted(Read), Handle: e.certificate},
	}
}

func number(n int64) web.Cell { return web.Cell{Text: strconv.FormatInt(n, 10), Value: n} }

// asked is the run of the address, if it is the reader's to see.
func (e *Evaluation) asked(r *web.Request) (Run, error) {
	home, err := r.ID("home")
	if err != nil {
		return Run{}, err
	}
	id, err := r.ID("id")
	if err != nil {
		return Run{}, err
	}
	return store.Read(r.Context(), e.host.Store, func(v *store.View) (Run, error) {
		return e.Seen(v, r.Actor, Ref{home, id})
	})
}

// outcome is the run of the address with its result.
func (e *Evaluation) outcome(r *web.Request) (Run, result.Result, error) {
	run, err := e.asked(r)
	if err != nil {
		return run, result.Result{}, err
	}
	text, err := store.Read(r.Context(), e.host.Store, func(v *store.View) (string, error) {
		return ResultText(v, run.Ref())
	})
	if err != nil {
		return run, result.Result{}, err
	}
	out, err := result.Read(text)
	return run, out, err
}

// trail leads from the list to a run.
func trail(r *web.Request, run Run) []web.Crumb {
	return []web.Crumb{{Text: r.T("evaluation.runs.title"), Href: "/evaluations"},
		{Text: run.Title, Href: run.Ref().Address()}}
}

// blankView is the form of a new run.
type blankView struct {
	Title        web.Field
	Replications web.Field
	Seed         web.Field
	Refused      *web.Refused
}

func (e *Evaluation) blank(r *web.Request) (web.Answer, error) { return e.form(r, nil) }

func (e *Evaluation) form(r *web.Request, refused error) (web.Answer, error) {
	why, err := r.Refused(refused)
	if err != nil {
		return nil, err
	}
	field := func(name, kind, usual string) web.Field {
		value := r.Field(name)
		if value == "" {
			value = usual
		}
		return web.Field{Name: name, Label: r.T("evaluation.new." + name), Kind: kind, Value: value,
			Required: true, Help: r.T("evaluation.new." + name + ".help")}
	}
	page := web.Page{Title: r.T("evaluation.new"), Place: e.places.City(),
		Trail: []web.Crumb{{Text: r.T("evaluation.runs.title"), Href: "/evaluations"}},
		Data: blankView{field("title", "text", ""), field("replications", "number", "1000"),
			field("seed", "number", "1"), why}}
	if refused != nil {
		page.Status = web.Status(fault.Of(refused))
	}
	return web.View("evaluation/new", page), nil
}

// make computes a run from the files of the form.
func (e *Evaluation) make(r *web.Request) (web.Answer, error) {
	run, err := e.sent(r)
	if err != nil {
		return e.form(r, err)
	}
	return web.Redirect(run.Ref().Address()), nil
}

func (e *Evaluation) sent(r *web.Request) (Run, error) {
	if err := r.Posted(); err != nil {
		return Run{}, err
	}
	file, _, err := r.RequireUpload("scheme")
	if err != nil {
		return Run{}, err
	}
	defer file.Close()
	// the fields of a form with files are there once it was parsed
	replications, err := r.Number("replications")
	if err != nil {
		return Run{}, err
	}
	seed, err := r.Number("seed")
	if err != nil {
		return Run{}, err
	}
	scheme, err := io.ReadAll(io.LimitReader(file, schemeMax+1))
	if err != nil {
		return Run{}, err
	}
	if len(scheme) > schemeMax {
		return Run{}, fault.New(fault.TooLarge, "evaluation.scheme_too_large", schemeMax>>20)
	}
	figures, head, err := r.RequireUpload("figures")
	if err != nil {
		return Run{}, err
	}
	defer figures.Close()
	rows, err := Sheet(sheet.Upload{Name: head.Filename, Content: figures, Size: head.Size})
	if err != nil {
		return Run{}, err
	}
	return e.Make(r.Context(), r.Actor, Order{Place: e.evaluated(r.Actor), Title: r.Field("title"),
		Scheme: string(scheme), Figures: rows, Source: head.Filename, Seed: seed,
		Replications: int(replications)})
}

// schemeMax is the largest scheme, in bytes.
const schemeMax = 1 << 20

// decide publishes or withdraws.
func (e *Evaluation) decide(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	run, err := e.asked(r)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	switch r.Field("act") {
	case "publish":
		_, err = e.Publish(r.Context(), r.Actor, run.Ref(), version)
	case "withdraw":
		_, err = e.Withdraw(r.Context(), r.Actor, run.Ref(), version, r.Field("reason"))
	default:
		err = fault.New(fault.Invalid, "web.form")
	}
	if err != nil {
		return e.page(r, err)
	}
	return web.Redirect(run.Ref().Address()), nil
}

// parts are the files of a run: name and kind.
var parts = map[string][2]string{
	schemePart:  {"scheme.yaml", "application/yaml; charset=utf-8"},
	figuresPart: {"figures.csv", "text/csv; charset=utf-8"},
	resultPart:  {"result.json", "application/json"},
}

// file gives away a part of a run as it is kept, byte by byte: its hash is the published one.
func (e *Evaluation) file(r *web.Request) (web.Answer, error) {
	run, err := e.asked(r)
	if err != nil {
		return nil, err
	}
	part := r.PathValue("part")
	kind, known := parts[part]
	if !known {
		return nil, fault.New(fault.NotFound, "evaluation.absent")
	}
	text, err := store.Read(r.Context(), e.host.Store, func(v *store.View) (string, error) {
		return text(v, run.Ref(), part)
	})
	if err != nil {
		return nil, err
	}
	return web.File(fmt.Sprintf("evaluation-%d-%s", run.ID, kind[0]), kind[1], strings.NewReader(text)), nil
}

func (e *Evaluation) certificate(r *web.Request) (web.Answer, error) {
	run, err := e.asked(r)
	if err != nil {
		return nil, err
	}
	text, err := e.Certificate(r.Context(), run)
	if err != nil {
		return nil, err
	}
	return web.File(fmt.Sprintf("evaluation-%d.tlog-proof", run.ID), "text/plain; charset=utf-8",
		strings.NewReader(text)), nil
}
