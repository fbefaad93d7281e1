package intakepage

import (
	"bytes"
	"io"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Frame is what the page of a file says around it.
type Frame struct {
	Trail []web.Crumb
	About string // whose file it is, under its name
	Apply string // the button that lets it take effect
	Links []Link // where one goes from here
}

// Link leads somewhere.
type Link struct{ Text, Href string }

// Routes are the page of a file and, with a Page, where files are sent from.
func (f *Files) Routes() []web.Route {
	need := web.Permitted(f.Permit)
	routes := []web.Route{{Pattern: "GET " + f.At, Access: need, Handle: f.show},
		{Pattern: "POST " + f.At, Access: need, Handle: f.posted}}
	if f.Page != nil {
		routes = append(routes, web.Route{Pattern: "GET " + f.Page.Address, Access: need,
			Handle: f.sendPage},
			web.Route{Pattern: "GET " + f.Page.Template, Access: need, Handle: f.templatePage},
			web.Route{Pattern: "POST " + f.Page.Address, Access: need, BodyMax: SizeMax, Handle: f.Upload})
	}
	return routes
}

// number is the name in the pattern At that holds the number of an intake.
func (f *Files) number() string {
	return strings.TrimSuffix(f.At[strings.LastIndex(f.At, "{")+1:], "}")
}

// taken is the intake of the address. It is found at its own address only.
func (f *Files) taken(r *web.Request) (intake.Intake, error) {
	home, err := r.ID("home")
	if err != nil {
		return intake.Intake{}, err
	}
	id, err := r.ID(f.number())
	if err != nil {
		return intake.Intake{}, err
	}
	in, err := f.Get(r.Context(), r.Actor, home, id)
	if err == nil && f.AddressOf(in) != r.URL.Path {
		err = fault.New(fault.NotFound, "intake.absent")
	}
	return in, err
}

// shown is what the page of a file shows.
type shown struct {
	intake.View
	Frame
	Self string
}

// show answers with the page of a file, or with what was found as a file.
func (f *Files) show(r *web.Request) (web.Answer, error) {
	in, err := f.taken(r)
	if err != nil {
		return nil, err
	}
	viewer := intake.Viewer{Dictionary: f.Host.Dictionary, Language: r.Language, Address: f.AddressOf(in),
		Marked: f.Keep != nil}
	filter := intake.Filter{Severity: fault.Severity(r.Field("severity")), After: r.Field("after")}
	if r.Field("format") != "" {
		return f.findings(r, in, viewer, filter)
	}
	about, err := f.about(r.Context(), in)
	if err != nil {
		return nil, err
	}
	frame, err := f.Frame(r, in, about)
	if err != nil {
		return nil, err
	}
	view, err := f.Host.Intake.View(r.Context(), r.Actor, in, viewer, filter)
	if err != nil {
		return nil, err
	}
	page := web.Page{Title: in.Name, Place: in.Place, Trail: frame.Trail,
		Data: shown{view, frame, viewer.Address}}
	ordered := in.State == intake.Checked && r.Field(web.DoneField) != ""
	if f.Job != "" && (view.Running || ordered) {
		page.Fresh = secondsBetween
	}
	return web.View("web/intake", page), nil
}

// secondsBetween is after how many seconds the page of a file that is being taken over loads itself.
const secondsBetween = 2

// findings answers with what was found: as a list, or in the cells of a copy of the file.
func (f *Files) findings(r *web.Request, in intake.Intake, v intake.Viewer,
	filter intake.Filter) (web.Answer, error) {
	table := f.Host.Intake.Table(r.Context(), r.Actor, in, v, filter)
	name, kind := in.Name+".xlsx", files.XLSX
	write := func(w io.Writer) (err error) { _, err = sheet.WriteXLSX(w, table); return err }
	switch format := r.Field("format"); {
	case format == "xlsx":
	case format == "csv":
		name, kind = in.Name+".csv", csvText
		write = func(w io.Writer) (err error) { _, err = sheet.WriteCSV(w, table); return err }
	case format == "marked" && f.Keep != nil:
		name = r.T("intake.marked.name", in.Name) + ".xlsx"
		write = func(w io.Writer) error { return f.mark(r, in, w) }
	default:
		return nil, fault.New(fault.Unsupported, "web.format", format)
	}
	var body bytes.Buffer
	if err := write(&body); err != nil {
		return nil, err
	}
	return web.File(name, kind, &body), nil
}

// csvText says in which characters a CSV is written.
const csvText = files.CSV + "; charset=utf-8"

// posted goes on with a file: looks again, lets it take effect, or lets it go.
func (f *Files) posted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	in, err := f.taken(r)
	if err != nil {
		return nil, err
	}
	done := ""
	switch r.Field("act") {
	case "check":
		_, err = f.Host.Intake.Check(r.Context(), r.Actor, in.Home, in.ID)
	case "apply":
		done, err = f.apply(r, in)
	case "cancel":
		_, err = f.Host.Intake.Cancel(r.Context(), r.Actor, in.Home, in.ID)
	default:
		err = fault.New(fault.Invalid, "web.form")
	}
	if err != nil {
		return nil, err
	}
	if done != "" {
		done = "?" + web.DoneField + "=" + done
	}
	return web.Redirect(f.AddressOf(in) + done), nil
}

// apply lets a file take effect, or orders it, and tells which of the two.
func (f *Files) apply(r *web.Request, in intake.Intake) (done string, err error) {
	explanation := r.Field("explanation")
	if f.Job != "" {
		return "intake.ordered", f.order(r, in, explanation)
	}
	_, err = f.Host.Intake.Apply(r.Context(), intake.Order{Actor: r.Actor, Home: in.Home, ID: in.ID,
		Explanation: explanation})
	return "intake.applied", err
}
