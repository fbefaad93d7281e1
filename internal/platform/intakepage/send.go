package intakepage

import (
	"bytes"
	"cmp"

	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// Page is where files of one way are sent from. Its texts are those of the module: TEXTS.import,
// TEXTS.import.lead with the name of whose file it is, TEXTS.import.fill and TEXTS.template.name.
type Page struct {
	Address, Template string // both name whose file it is in their field Query
	Query             string // "organisation"
	Trail             func(r *web.Request, s Subject) []web.Crumb
	// Pick asks whose file it is where Chosen refuses to say.
	Pick func(r *web.Request, refused error) (web.Answer, error)
}

// Way is a way to send a file, as the block "intake-send" shows it.
type Way struct {
	Key      string // posted as kind; "": there is one way
	Action   string // address that the file is posted to
	Template string // address of the file to fill in; "&format=csv" is added
	Fill     string // how it is filled in; "" is not said
	Query    string // name and value of a field that is posted too
	Value    string
}

// Earlier is a file that was sent, as the block "intake-earlier" lists it.
type Earlier struct{ Name, Sent, State, Tone, Href string }

// sendView is the page from which files are sent.
type sendView struct {
	Title, Lead string
	Way         Way
	Earlier     []Earlier
}

func (f *Files) sendPage(r *web.Request) (web.Answer, error) {
	about, err := f.Chosen(r)
	if err != nil {
		return f.Page.Pick(r, err)
	}
	v := sendView{Title: r.T(f.Texts + ".import"), Lead: r.T(f.Texts+".import.lead", about.Name),
		Way: Way{Action: f.Page.Address, Template: f.Page.Template + "?" + f.Page.Query + "=" + about.Ref,
			Fill: r.T(f.Texts + ".import.fill"), Query: f.Page.Query, Value: about.Ref}}
	if v.Earlier, err = f.Earlier(r, about); err != nil {
		return nil, err
	}
	return web.View("web/send", web.Page{Title: v.Title, Place: about.Place, Data: v,
		Trail: f.Page.Trail(r, about)}), nil
}

// Earlier lists the files that were sent for a subject, the newest first.
func (f *Files) Earlier(r *web.Request, about Subject) ([]Earlier, error) {
	list, err := f.Host.Intake.Of(r.Context(), r.Actor, about.Home, about.Key)
	var all []Earlier
	for _, in := range list {
		if f.Ours(in.Kind) {
			all = append(all, Earlier{in.Name, in.Created.String(), r.T("intake.state." + string(in.State)),
				intake.Tone(in), f.AddressOf(in)})
		}
	}
	return all, err
}

// Upload takes the posted file in and leads to its page.
func (f *Files) Upload(r *web.Request) (web.Answer, error) {
	address, err := f.Receive(r)
	if err != nil {
		return nil, err
	}
	return web.Redirect(address), nil
}

// Receive stages and checks the posted file and gives the address of its page, which says so if the file was
// sent before; nothing of the module's data changes yet.
func (f *Files) Receive(r *web.Request) (address string, err error) {
	file, header, err := r.RequireUpload(cmp.Or(f.Field, "file"))
	if err != nil {
		return "", err
	}
	defer file.Close()
	about, err := f.Chosen(r)
	if err != nil {
		return "", err
	}
	in, again, err := f.Send(r.Context(), Sending{r.Actor, about, f.way(r.Field("kind")),
		sheet.Upload{Name: header.Filename, Content: file, Size: header.Size}})
	if address = f.AddressOf(in); again {
		address += "?" + web.DoneField + "=intake.again"
	}
	return address, err
}

// templatePage answers with the file to fill in.
func (f *Files) templatePage(r *web.Request) (web.Answer, error) {
	about, err := f.Chosen(r)
	if err != nil {
		return nil, err
	}
	book, err := store.Read(r.Context(), f.Host.Store, func(v *store.View) (Workbook, error) {
		return f.Template(v, r.Language, about, f.way(r.Field("kind")))
	})
	if err != nil {
		return nil, err
	}
	return Blank(r.T(f.Texts+".template.name", about.Name), r.Field("format"), book)
}

// Blank answers with a file to fill in, as CSV or as a workbook. The name has no ending.
func Blank(name, format string, book Workbook) (web.Answer, error) {
	kind, write := files.XLSX, book.WriteXLSX
	if name += "."; format == "csv" {
		kind, write = csvText, book.WriteCSV
		name += "csv"
	} else {
		name += "xlsx"
	}
	var body bytes.Buffer
	if _, err := write(&body); err != nil {
		return nil, err
	}
	return web.File(name, kind, &body), nil
}
