package registry

import (
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/mask"
)

// relativeView is a near relative as the page of an organisation shows one.
type relativeView struct {
	Home, ID int64
	Relation Relation
	Name     string // masked for those who may not read officers
}

// relativeViews are the relatives of an organisation's officers, by officer.
func (g *Registry) relativeViews(v store.Reader, ref Ref, whole bool) (map[int64][]relativeView, error) {
	rows, err := RelativesOf(v, ref)
	if err != nil {
		return nil, err
	}
	near := map[int64][]relativeView{}
	for _, row := range rows {
		name, err := g.host.Keys.Open(relativeColumn, row.Name)
		if err != nil {
			return nil, err
		}
		if !whole {
			name = mask.Name(name)
		}
		near[row.Officer] = append(near[row.Officer], relativeView{row.Home, row.ID, row.Relation, name})
	}
	return near, nil
}

func (g *Registry) relativePage(r *web.Request, row Officer, o Organisation) (formpage.Page, error) {
	name, err := g.host.Keys.Open(nameColumn, row.Name)
	if err != nil {
		return formpage.Page{}, err
	}
	office := r.T("registry.office." + string(row.Office))
	return formpage.Page{Title: r.T("registry.relative.title"),
		Lead:   r.T("registry.relative.lead", o.Name, office, name),
		Button: r.T("registry.relative.button"), Action: officerAddress(row) + "/relative",
		Back: Address(o.Ref()), Place: o.Place, Trail: g.trail(r, o)}, nil
}

// relativeAsked is the officer of the address, for somebody who may change the organisation.
func (g *Registry) relativeAsked(r *web.Request) (Officer, Organisation, formpage.Page, error) {
	row, o, err := g.officerAsked(r)
	if err == nil {
		err = r.Require(Change, o.Place)
	}
	if err != nil {
		return row, o, formpage.Page{}, err
	}
	page, err := g.relativePage(r, row, o)
	return row, o, page, err
}

func (g *Registry) askRelative(r *web.Request) (web.Answer, error) {
	_, _, page, err := g.relativeAsked(r)
	if err != nil {
		return nil, err
	}
	return page.Of(filled(g.forms.relative, nil), nil).Answer(r, g.host.Dictionary)
}

func (g *Registry) relative(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	row, o, page, err := g.relativeAsked(r)
	if err != nil {
		return nil, err
	}
	record, found := formpage.Read(r, g.forms.relative, "")
	if page = page.Of(record, found); fault.Stops(found) {
		return page.Answer(r, g.host.Dictionary)
	}
	err = g.Declare(r.Context(), r.Actor, Declaration{row.Home, row.ID, Relation(record.Text("relation")),
		record.Text("name")})
	if err != nil {
		return page.After(err).Answer(r, g.host.Dictionary)
	}
	return done(o.Ref(), "relative"), nil
}

func (g *Registry) withdraw(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	row, err := store.Read(r.Context(), g.host.Store, func(v *store.View) (Relative, error) {
		row, _, err := relatives.First(v, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
		return row, err
	})
	if err != nil {
		return nil, err
	}
	if err := g.Withdraw(r.Context(), r.Actor, ref.Home, ref.ID); err != nil {
		return nil, err
	}
	return done(Ref{row.Home, row.Organisation}, "withdrawn"), nil
}
