package counting

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
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
	Sent     []intakepage.Earlier
	Refused  *locale.Explanation
	MayCount bool
}

// sheets declares the counting sheets that come back.
func (g *Counting) sheets() *intakepage.Files {
	return &intakepage.Files{Host: g.host, Permit: inventory.MayCount, Field: "sheet",
		At: "/checks/{home}/{id}/sheet/{intake}",
		Address: func(in intake.Intake) string {
			ref, _ := checkOf(in) // the subject is ours
			return fmt.Sprintf("%s/sheet/%d", ref.Address(), in.ID)
		},
		Ours:   func(kind string) bool { return kind == g.sheetKey(kind) },
		KindOf: func(_ string, u sheet.Upload) (string, error) { return g.kindOfFile(u) },
		Chosen: func(r *web.Request) (intakepage.Subject, error) {
			c, err := g.countable(r)
			if err == nil && c.Stage != inventory.Counting {
				err = fault.New(fault.Conflict, "inventory.not_counting")
			}
			return subject(c), err
		},
		Frame: func(r *web.Request, _ intake.Intake, _ intakepage.Subject) (intakepage.Frame, error) {
			c, err := g.countable(r)
			page := c.Address() + "/sheet"
			return intakepage.Frame{About: fmt.Sprint(c.Name, " ", c.Year), Apply: r.T("counting.apply"),
				Trail: append(g.inventory.Trail(r, c), web.Crumb{Text: r.T("counting.sheet"), Href: page}),
				Links: []intakepage.Link{{Text: r.T("counting.to_rows"), Href: c.Address() + "/rows"},
					{Text: r.T("counting.send_another"), Href: page}}}, err
		},
		Keep: &intakepage.Keeping{Event: "sheet.sent",
			Subject: func(in intake.Intake) string { return in.Subject },
			Body: func(in intake.Intake) any {
				ref, _ := checkOf(in)
				return sentBody{ref.ID, in.File}
			}}}
}

// subject is a check as whose sheets are taken in.
func subject(c inventory.Check) intakepage.Subject {
	return intakepage.Subject{Home: c.Home, Place: c.Place, Key: subjectOf(c.Ref()), Ref: reference(c),
		Name: c.Name}
}

type sentBody struct {
	Check int64  `json:"check"`
	File  string `json:"file"`
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
	if v.Sent, err = g.files.Earlier(r, subject(c)); err != nil {
		return nil, err
	}
	page := web.Page{Title: r.T("counting.sheet"), Data: v, Place: c.Place, Trail: g.inventory.Trail(r, c)}
	if refused != nil {
		words := g.host.Dictionary.Explain(r.Language, refused)
		v.Refused, page.Status = &words, web.Status(refused)
		page.Data = v
	}
	return web.View("counting/sheet", page), nil
}

// sheetPosted takes a file in and checks it; nothing is taken over yet. A file that is refused is told of
// on the page it was sent from.
func (g *Counting) sheetPosted(r *web.Request) (web.Answer, error) {
	address, err := g.files.Receive(r)
	if err == nil {
		return web.Redirect(address), nil
	}
	c, other := g.countable(r)
	f := fault.Of(err)
	if other != nil || c.Stage != inventory.Counting || f.Code == fault.Internal ||
		f.Code == fault.Unavailable {
		return nil, err
	}
	return g.showSheet(r, c, f)
}
