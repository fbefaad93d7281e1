package counting

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// sheetView is the page on which a sheet is taken and sent.
type sheetView struct {
	Check    inventory.Check
	Address  string
	Forms    []web.Option // that have rows
	Sent     []sentView
	Refused  *locale.Explanation
	MayCount bool
}

// sentView is a sheet that was sent.
type sentView struct {
	Name, At, State, Tone, Href string
}

// countable reads the check of the address for whoever counts in it.
func (g *Counting) countable(r *web.Request) (inventory.Check, error) {
	c, err := store.Read(r.Context(), g.host.Store, func(v *store.View) (inventory.Check, error) {
		return g.inventory.Readable(v, r)
	})
	if err == nil {
		err = r.Require(inventory.MayCount, c.Place)
	}
	return c, err
}

func (g *Counting) sheetPage(r *web.Request) (web.Answer, error) {
	c, err := g.countable(r)
	if err != nil {
		return nil, err
	}
	return g.showSheet(r, c, nil)
}

// showSheet shows the page, with why a file was refused.
func (g *Counting) showSheet(r *web.Request, c inventory.Check, refused *fault.Fault) (web.Answer, error) {
	v := sheetView{Check: c, Address: c.Address(), MayCount: g.actorMay(r.Actor, c)}
	with, err := store.Read(r.Context(), g.host.Store, func(v *store.View) ([]string, error) {
		return store.All[string](v,
			"SELECT DISTINCT form FROM inventory_row WHERE home = ? AND inventory = ?", c.Home,
			c.ID)
	})
	if err != nil {
		return nil, err
	}
	for _, o := range g.formOptions(r) {
		if slices.Contains(with, o.Value) {
			v.Forms = append(v.Forms, o)
		}
	}
	sent, err := g.host.Intake.Of(r.Context(), r.Actor, c.Home, subjectOf(c.Ref()))
	if err != nil {
		return nil, err
	}
	for _, in := range sent {
		v.Sent = append(v.Sent, sentView{in.Name, in.Created.String(), r.T("intake.state." +
			string(in.State)),
			sentTone(in), sheetAddress(c.Ref(), in.ID)})
	}
	page := web.Page{Title: r.T("counting.sheet"), Data: v, Place: c.Place, Trail: g.inventory.Trail(r, c)}
	if refused != nil {
		words := g.host.Dictionary.Explain(r.Language, refused)
		v.Refused, page.Status = &words, web.Status(refused)
		page.Data = v
	}
	return web.View("counting/sheet", page), nil
}

func sentTone(in intake.Intake) string {
	switch {
	case in.State == intake.Refused, in.State == intake.Checked && in.Errors > 0:
		return "overdue"
	case in.State == intake.Cut, in.State == intake.Done && in.Failed > 0:
		return "due"
	case in.State == intake.Done:
		return "done"
	case in.State == intake.Cancelled:
		return "stopped"
	}
	return "waiting"
}

func sheetAddress(ref inventory.Ref, id int64) string {
	return fmt.Sprintf("%s/sheet/%d", ref.Address(), id)
}

// sheetPosted takes a file in and checks it; nothing is taken over yet.
func (g *Counting) sheetPosted(r *web.Request) (web.Answer, error) {
	file, header, err := r.Upload("sheet")
	if err != nil {
		return nil, err
	}
	if file != nil {
		defer file.Close()
	}
	c, err := g.countable(r)
	if err != nil {
		return nil, err
	}
	if c.Stage != inventory.Counting {
		return nil, fault.New(fault.Conflict, "inventory.not_counting")
	}
	in, err := g.take(r, c, file, header)
	if err != nil {
		f := fault.Of(err)
		if f.Code == fault.Internal || f.Code == fault.Unavailable {
			return nil, err
		}
		return g.showSheet(r, c, f)
	}
	return web.Redirect(sheetAddress(c.Ref(), in.ID)), nil
}

// take stages and checks a file, and keeps it for the marked copy.
func (g *Counting) take(r *web.Request, c inventory.Check, file multipart.File,
	header *multipart.FileHeader) (in intake.Intake, err error) {
	if file == nil {
		return in, fault.New(fault.Invalid, "counting.no_file")
	}
	u := sheet.Upload{Name: header.Filename, Content: file, Size: header.Size}
	kind, err := g.kindOfFile(u)
	if err != nil {
		return in, err
	}
	in, _, err = g.host.Intake.Stage(r.Context(), intake.Request{Actor: r.Actor, Kind: kind, Home: c.Home,
		Subject: subjectOf(c.Ref()), Place: c.Place, Upload: u})
	if err != nil {
		return in, err
	}
	if err = g.keepSheet(r, c, u); err != nil {
		return in, err
	}
	if in.State == intake.Staged {
		in, err = g.host.Intake.Check(r.Context(), r.Actor, in.Home, in.ID)
	}
	return in, err
}

// keepSheet keeps the file as evidence of the count, once.
func (g *Counting) keepSheet(r *web.Request, c inventory.Check, u sheet.Upload) error {
	blob, err := g.host.Files.Put(r.Context(), u.Name, io.NewSectionReader(u.Content, 0, u.Size))
	if err != nil {
		return err
	}
	return g.host.Store.Write(r.Context(), func(tx *store.Tx) error {
		_, found, err := sentFile(tx, c.Ref(), blob.Hash)
		if err != nil || found {
			return err
		}
		_, err = g.host.Files.Attach(tx, blob, files.Belongs{Home: c.Home, Subject: subjectOf(c.Ref()),
			Place:   c.Place,
			Purpose: "sheet", Actor: r.Actor.Account})
		if err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: c.Home, Kind: "sheet.sent", Subject: subjectOf(c.Ref()),
			Place: c.Place,
			Actor: r.Actor.Account, Body: sentBody{c.ID, blob.Hash}})
		return err
	})
}

type sentBody struct {
	Check int64  `json:"check"`
	File  string `json:"file"`
}

// sentFile finds a sheet that was sent by its content.
func sentFile(r store.Reader, ref inventory.Ref, hash string) (files.File, bool, error) {
	all, err := files.Of(r, ref.Home, subjectOf(ref))
	at := slices.IndexFunc(all, func(f files.File) bool { return f.Hash == hash })
	if err != nil || at < 0 {
		return files.File{}, false, err
	}
	return all[at], true, nil
}

// intakeView is the page of a sheet that was sent.
type intakeView struct {
	intake.View
	Address string
	Check   inventory.Check
}

// sent reads the check and the sheet of the address.
func (g *Counting) sent(r *web.Request) (c inventory.Check, in intake.Intake, err error) {
	if c, err = g.countable(r); err != nil {
		return c, in, err
	}
	id, err := r.ID("intake")
	if err != nil {
		return c, in, err
	}
	in, err = g.host.Intake.Get(r.Context(), r.Actor, c.Home, id)
	if err == nil && in.Subject != subjectOf(c.Ref()) {
		err = fault.New(fault.NotFound, "intake.absent")
	}
	return c, in, err
}

func (g *Counting) intakePage(r *web.Request) (web.Answer, error) {
	c, in, err := g.sent(r)
	if err != nil {
		return nil, err
	}
	address := sheetAddress(c.Ref(), in.ID)
	viewer := intake.Viewer{Dictionary: g.host.Dictionary, Language: r.Language, Address: address,
		Marked: true}
	filter := intake.Filter{Severity: fault.Severity(r.Field("severity")), After: r.Field("after")}
	switch format := r.Field("format"); format {
	case "":
	case "xlsx", "csv":
		return g.findings(r, in, viewer, filter, format)
	case "marked":
		return g.marked(r, c, in)
	default:
		return nil, fault.New(fault.Unsupported, "web.format", format)
	}
	view, err := g.host.Intake.View(r.Context(), r.Actor, in, viewer, filter)
	if err != nil {
		return nil, err
	}
	page := web.Page{Title: in.Name, Data: intakeView{view, address, c}, Place: c.Place,
		Trail: append(g.inventory.Trail(r, c), web.Crumb{Text: r.T("counting.sheet"), Href: c.Address() +
			"/sheet"})}
	return web.View("counting/intake", page), nil
}

// findings answers with everything that was found in a sheet, as a file.
func (g *Counting) findings(r *web.Request, in intake.Intake, v intake.Viewer, f intake.Filter,
	format string) (web.Answer, error) {
	t := g.host.Intake.Table(r.Context(), r.Actor, in, v, f)
	kind, write := xlsxKind, sheet.WriteXLSX
	if format == "csv" {
		kind, write = csvKind, sheet.WriteCSV
	}
	return written(in.Name, kind, func(w io.Writer) (int, error) { return write(w, t) })
}

// marked answers with a copy of the sheet in which what was found stands in its cells.
func (g *Counting) marked(r *web.Request, c inventory.Check, in intake.Intake) (web.Answer, error) {
	f, err := store.Read(r.Context(), g.host.Store, func(v *store.View) (files.File, error) {
		f, found, err := sentFile(v, c.Ref(), in.File)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "files.absent")
		}
		return f, err
	})
	if err != nil {
		return nil, err
	}
	body, err := g.host.Files.Open(f)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, sheetMax))
	if err != nil {
		return nil, err
	}
	marking := sheet.Marking{Dictionary: g.host.Dictionary, Language: r.Language}
	for found, err := range g.host.Intake.All(r.Context(), r.Actor, in, intake.Filter{}) {
		if err != nil {
			return nil, err
		}
		marking.Findings = append(marking.Findings, found)
	}
	return written(r.T("counting.marked", in.Name), xlsxKind, func(w io.Writer) (int, error) {
		return len(marking.Findings), marking.Write(w, uploadOf(in, content))
	})
}

// intakePosted goes on with a sheet that was sent: looks again, takes it over, or lets it go.
func (g *Counting) intakePosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	c, in, err := g.sent(r)
	if err != nil {
		return nil, err
	}
	act := r.Field("act")
	if act == "apply" && c.Stage != inventory.Counting {
		return nil, fault.New(fault.Conflict, "inventory.not_counting")
	}
	s := g.host.Intake
	done := ""
	switch act {
	case "check":
		_, err = s.Check(r.Context(), r.Actor, in.Home, in.ID)
	case "apply":
		_, err = s.Apply(r.Context(), intake.Order{Actor: r.Actor, Home: in.Home, ID: in.ID,
			Explanation: r.Field("explanation")})
		done = "?" + web.DoneField + "=counting.applied"
	case "cancel":
		_, err = s.Cancel(r.Context(), r.Actor, in.Home, in.ID)
	default:
		err = fault.New(fault.Invalid, "web.form")
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect(sheetAddress(c.Ref(), in.ID) + done), nil
}

func uploadOf(in intake.Intake, content []byte) sheet.Upload {
	return sheet.Upload{Name: in.Name, Content: bytes.NewReader(content), Size: int64(len(content))}
}
