package intakepage

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// SizeMax is how many bytes a file may have that is sent with its form.
const SizeMax = 32 << 20

// Files is what a module declares of the files it takes in. Host, At, Permit, Ours, KindOf, Chosen and
// Frame are needed.
type Files struct {
	Host   *manifest.Host
	Name   string        // of the operations of the API, in the singular: "AssetImport"
	Tag    string        // of the operations
	Texts  string        // begins the keys of the module's own texts: "assets"
	Job    string        // kind of the job that lets a file take effect; "": at once, while one waits
	Permit access.Permit // of whoever opens a page at all; that of its kind is asked where the file belongs
	At     string        // pattern of a file's page; its last name is the file's number
	Field  string        // of the form that holds the file; "": file
	Ways   []string      // names of the ways to send a file, the usual one first; nil: there is one

	// Ours reports whether a kind of intake is the module's.
	Ours func(kind string) bool
	// KindOf is the kind of intake of a file that is sent in a way.
	KindOf func(way string, u sheet.Upload) (string, error)
	// About reads whose file an intake is; nil: only Frame knows.
	About func(r store.Reader, in intake.Intake) (Subject, error)
	// Chosen is whose file the address or the form means, if the reader may send one there.
	Chosen func(r *web.Request) (Subject, error)
	// Frame is what the page of a file says around it.
	Frame func(r *web.Request, in intake.Intake, about Subject) (Frame, error)
	// Address is the page of a file; nil: At with the home and the number of the intake.
	Address func(in intake.Intake) string
	// Template is the file to fill in, in a way.
	Template func(r store.Reader, l locale.Language, s Subject, way string) (Workbook, error)
	// Page is where files are sent from; nil: the module has a page of its own.
	Page *Page
	// Keep keeps the files themselves; nil: they are not kept.
	Keep *Keeping

	// Flag of the commands names whose file it is, and Named reads it: "organisation".
	Flag  string
	Named func(ctx context.Context, text string) (Subject, error)
	// From is the path of the operation that sends a file, with {home} and {id} of whose it is, and Of
	// reads it for somebody who may see it.
	From string
	Of   func(ctx context.Context, actor access.Actor, home, id int64) (Subject, error)
}

// Subject is whose file it is: an organisation, a book, a check.
type Subject struct {
	Home, Place int64
	Key         string // subject of its intakes within the home: "organisation/37"
	Ref         string // as templates and addresses name it: "500102/37"
	Name        string
}

// Workbook is a file to fill in, such as a sheet.Template.
type Workbook interface {
	WriteXLSX(w io.Writer) (rows int, err error)
	WriteCSV(w io.Writer) (rows int, err error)
}

// Sending is a file on its way in.
type Sending struct {
	Actor  access.Actor
	About  Subject
	Way    string // one of Ways
	Upload sheet.Upload
}

// Send stages a file, keeps it, and checks it. Nothing of the module's data changes yet. Of a file that was
// sent before it gives the intake of then, as it stands, and says so.
func (f *Files) Send(ctx context.Context, s Sending) (in intake.Intake, again bool, err error) {
	kind, err := f.KindOf(s.Way, s.Upload)
	if err != nil {
		return in, false, err
	}
	in, again, err = f.Host.Intake.Stage(ctx, intake.Request{Actor: s.Actor, Kind: kind, Home: s.About.Home,
		Subject: s.About.Key, Place: s.About.Place, Upload: s.Upload})
	if err == nil && f.Keep != nil {
		err = f.keep(ctx, in, s)
	}
	if err == nil && (in.State == intake.Staged || in.State == intake.Checked) {
		in, err = f.Host.Intake.Check(ctx, s.Actor, in.Home, in.ID)
	}
	return in, again, err
}

// Get reads an intake of the module for somebody.
func (f *Files) Get(ctx context.Context, actor access.Actor, home, id int64) (intake.Intake, error) {
	in, err := f.Host.Intake.Get(ctx, actor, home, id)
	if err == nil && !f.Ours(in.Kind) {
		err = fault.New(fault.NotFound, "intake.absent")
	}
	return in, err
}

// AddressOf is the page of an intake.
func (f *Files) AddressOf(in intake.Intake) string {
	if f.Address != nil {
		return f.Address(in)
	}
	return strings.NewReplacer("{home}", strconv.FormatInt(in.Home, 10),
		"{id}", strconv.FormatInt(in.ID, 10)).Replace(f.At)
}

// about reads whose file an intake is.
func (f *Files) about(ctx context.Context, in intake.Intake) (Subject, error) {
	if f.About == nil {
		return Subject{}, nil
	}
	return store.Read(ctx, f.Host.Store, func(v *store.View) (Subject, error) { return f.About(v, in) })
}

// Wanted refuses a template that was made for another subject: the Wanted of a kind.
func (f *Files) Wanted(ctx context.Context, in intake.Intake) (sheet.Wanted, error) {
	s, err := f.about(ctx, in)
	return sheet.Wanted{Organisation: s.Ref, OrganisationName: s.Name, On: f.Host.Today()}, err
}

// Context says on which day a file is checked: the Context of a kind.
func (f *Files) Context(context.Context, intake.Intake) (form.Context, error) {
	return form.Context{On: f.Host.Today()}, nil
}

// Sheet is the usual workbook of a form for a subject, empty.
func (f *Files) Sheet(d *form.Definition, l locale.Language, s Subject) sheet.Template {
	return sheet.Template{Form: d, Language: l, Dictionary: f.Host.Dictionary, Organisation: s.Ref,
		OrganisationName: s.Name, On: f.Host.Today()}
}

// way is the way a text names; "" is the usual one.
func (f *Files) way(text string) string {
	if text == "" && len(f.Ways) > 0 {
		return f.Ways[0]
	}
	return text
}
