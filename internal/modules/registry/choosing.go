package registry

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Finder knows the places, and finds the one that a person means.
type Finder interface {
	Heights
	// Find reads what a person typed or picked: a number, a code, a name that is unique.
	Find(ctx context.Context, text string) (int64, error)
}

// Chooser finds which organisation a person means, for a module whose records belong to organisations.
type Chooser struct {
	Host   *manifest.Host
	Places Finder
	Read   access.Permit // of whoever may name an organisation
	Change access.Permit // of whoever may enter something for it
}

// Find reads which organisation a person means: its number as 500102/37, its credit code, or its place.
// What the actor may not read is not found.
func (c Chooser) Find(ctx context.Context, actor access.Actor, text string) (Organisation, error) {
	return store.Read(ctx, c.Host.Store, func(v *store.View) (Organisation, error) {
		o, err := c.meant(ctx, v, text)
		if err == nil {
			err = c.Host.Access.Require(actor, c.Read, o.Place)
		}
		return o, err
	})
}

func (c Chooser) meant(ctx context.Context, v store.Reader, text string) (Organisation, error) {
	if ref, ok := ParseRef(text); ok {
		return Get(v, ref)
	}
	if o, found, err := ByCode(v, strings.ToUpper(strings.TrimSpace(text))); err != nil || found {
		return o, err
	}
	place, err := c.Places.Find(ctx, text)
	if err != nil {
		return Organisation{}, fault.New(fault.NotFound, "registry.not_meant", text).Because(err)
	}
	o, found, err := At(v, place)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "registry.not_meant", text)
	}
	return o, err
}

// In reads which organisation of a county a row of a file means, in the ways of Find. One of another county
// is not found. Whoever sends a file for a county may name any organisation of it.
func (c Chooser) In(r store.Reader, home int64, text string) (o Organisation, found bool, err error) {
	o, err = c.meant(context.Background(), r, text)
	if fault.Is(err, fault.NotFound) {
		return o, false, nil
	}
	return o, err == nil && o.Home == home, err
}

// Chosen is the organisation that the field “organisation” of the address or form names, or that of the
// reader's only post, if the reader may enter something for it.
func (c Chooser) Chosen(r *web.Request) (Organisation, error) {
	text := r.Field("organisation")
	if text == "" {
		return c.own(r)
	}
	o, err := c.Find(r.Context(), r.Actor, text)
	if err == nil {
		err = r.Require(c.Change, o.Place)
	}
	return o, err
}

// own is that of the reader's only post, so that a village accountant need not say where.
func (c Chooser) own(r *web.Request) (Organisation, error) {
	nowhere := fault.New(fault.Invalid, "registry.which")
	place := int64(0)
	for _, post := range r.Actor.Posts {
		if post.Place == 0 || !r.Can(c.Change, post.Place) {
			continue
		}
		if place != 0 && place != post.Place {
			return Organisation{}, nowhere
		}
		place = post.Place
	}
	return store.Read(r.Context(), c.Host.Store, func(v *store.View) (Organisation, error) {
		o, found, err := At(v, place)
		if err == nil && !found {
			err = nowhere
		}
		return o, err
	})
}

// Filter reads the filters “place” and “organisation” of a list: how far it reaches within what the actor may
// see, and whose rows are meant. An organisation outside the place leaves a reach in which nothing is.
func (c Chooser) Filter(ctx context.Context, actor access.Actor, scope access.Scope,
	filter map[string]string) (reach Reach, of Ref, err error) {
	if text := filter["place"]; text != "" {
		place, err := c.Places.Find(ctx, text)
		if err != nil {
			return reach, of, err
		}
		scope = scope.Within(c.Host.Access.Path(place))
	}
	if text := filter["organisation"]; text != "" {
		o, err := c.Find(ctx, actor, text)
		if err != nil || !scope.Contains(c.Host.Access.Path(o.Place)) {
			return reach, of, err
		}
		of = o.Ref()
	}
	return ReachOf(c.Places, scope), of, nil
}

// pickView asks whose it shall be.
type pickView struct{ Action, Value, Refusal string }

// Pick asks for the organisation where Chosen refused; what the reader cannot mend is refused again.
func (c Chooser) Pick(r *web.Request, title, action string, refused error) (web.Answer, error) {
	f := fault.Of(refused)
	if f.Code != fault.Invalid && f.Code != fault.NotFound && f.Code != fault.Conflict {
		return nil, refused
	}
	v, page := pickView{Action: action, Value: r.Field("organisation")}, web.Page{Title: title}
	if v.Value != "" {
		v.Refusal, page.Status = r.Explain(f), web.Status(f)
	}
	page.Data = v
	return web.View("registry/pick", page), nil
}

// intakesOf begins the subject of files that are taken in for an organisation.
const intakesOf = "organisation/"

// Intakes is an organisation as whose files are taken in; OfIntake reads it back.
func (o Organisation) Intakes() intakepage.Subject {
	return intakepage.Subject{Home: o.Home, Place: o.Place, Key: intakesOf + strconv.FormatInt(o.ID, 10),
		Ref: o.Ref().String(), Name: o.Name}
}

// OfIntake reads whose file an intake is.
func OfIntake(r store.Reader, in intake.Intake) (Organisation, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(in.Subject, intakesOf), 10, 64)
	if err != nil {
		return Organisation{}, err // the subject is ours
	}
	return Get(r, Ref{in.Home, id})
}

// FilesFor completes what a module declares of files that are sent for an organisation: how the organisation
// is named by a reader, in a command and by a program, and the pages. They are sent from AT/import; list
// is the address of what they are entered into, which may narrow a longer list by its query. Besides those
// of package intakepage the texts are TEXTS.menu, TEXTS.import.apply and TEXTS.card.all.
func (c Chooser) FilesFor(at, list string, f intakepage.Files) *intakepage.Files {
	f.Host, f.Flag, f.Tag = c.Host, "organisation", f.Texts
	f.About = func(r store.Reader, in intake.Intake) (intakepage.Subject, error) {
		o, err := OfIntake(r, in)
		return o.Intakes(), err
	}
	f.Chosen = func(r *web.Request) (intakepage.Subject, error) {
		o, err := c.Chosen(r)
		return o.Intakes(), err
	}
	f.Named = func(ctx context.Context, text string) (intakepage.Subject, error) {
		o, err := c.Find(ctx, access.Machine, text)
		return o.Intakes(), err
	}
	f.Of = func(ctx context.Context, actor access.Actor, home, id int64) (intakepage.Subject, error) {
		o, err := c.Find(ctx, actor, Ref{home, id}.String())
		return o.Intakes(), err
	}
	of := func(address string, o intakepage.Subject) string {
		mark := "?"
		if strings.Contains(address, mark) {
			mark = "&"
		}
		return address + mark + "organisation=" + o.Ref
	}
	f.Frame = func(r *web.Request, _ intake.Intake, o intakepage.Subject) (intakepage.Frame, error) {
		return intakepage.Frame{About: o.Name, Apply: r.T(f.Texts + ".import.apply"),
			Trail: []web.Crumb{{Text: r.T(f.Texts + ".menu"), Href: list},
				{Text: r.T(f.Texts + ".import"), Href: of(at+"/import", o)}},
			Links: []intakepage.Link{{Text: r.T(f.Texts + ".card.all"), Href: of(list, o)}}}, nil
	}
	f.Page = &intakepage.Page{Address: at + "/import", Template: at + "/template",
		Query: "organisation",
		Trail: func(r *web.Request, o intakepage.Subject) []web.Crumb {
			return []web.Crumb{{Text: r.T(f.Texts + ".menu"), Href: list}, {Text: o.Name, Href: of(list,
				o)}}
		},
		Pick: func(r *web.Request, refused error) (web.Answer, error) {
			return c.Pick(r, r.T(f.Texts+".import"), at+"/import", refused)
		}}
	return &f
}
