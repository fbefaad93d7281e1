package registry

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/mask"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// organisationBody is an organisation as programs see it.
type organisationBody struct {
	Home      int64       `json:"home"`
	ID        int64       `json:"id"`
	Version   int64       `json:"version"`
	Place     int64       `json:"place"`
	PlaceName string      `json:"place_name,omitempty"`
	Level     string      `json:"level"`
	Status    Status      `json:"status"`
	Ended     period.Date `json:"ended,omitempty"`
	EntryBody
}

// EntryBody is what is entered of an organisation beside its place. It is exported because embedded
// fields are described only so.
type EntryBody struct {
	Name            string      `json:"name" maxLength:"200"`
	Code            string      `json:"code,omitempty" maxLength:"50" doc:"Unified social credit code."`
	Acting          bool        `json:"acting,omitempty" doc:"A body acts in the organisation's place."`
	ActingBody      string      `json:"acting_body,omitempty" maxLength:"200"`
	Established     period.Date `json:"established,omitempty" maxLength:"10" doc:"2020-06-30"`
	Members         int64       `json:"members,omitempty" doc:"With full civil capacity."`
	Representatives int64       `json:"representatives,omitempty"`
	SurveyArea      int64       `json:"survey_area,omitempty" doc:"Surveyed arable land, in 0.01 m²."`
	Note            string      `json:"note,omitempty" maxLength:"4000"`
}

func (b EntryBody) organisation() Organisation {
	return Organisation{Name: b.Name, Code: b.Code, Acting: b.Acting, ActingBody: b.ActingBody,
		Established: b.Established, Members: b.Members, Representatives: b.Representatives,
		SurveyArea: area.Area(b.SurveyArea), Note: b.Note}
}

func (g *Registry) body(o Organisation) organisationBody {
	b := organisationBody{Home: o.Home, ID: o.ID, Version: o.Version, Place: o.Place,
		PlaceName: g.places.Name(o.Place), Level: o.Level.String(), Status: o.Status, Ended: o.Ended,
		EntryBody: EntryBody{o.Name, o.Code, o.Acting, o.ActingBody, o.Established, o.Members,
			o.Representatives, int64(o.SurveyArea), o.Note}}
	if o.Ended == period.Open {
		b.Ended = ""
	}
	return b
}

// OrganisationInput names an organisation. It is exported because embedded fields are filled only so.
type OrganisationInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

type organisationOutput struct {
	ETag string `header:"ETag"`
	Body organisationBody
}

func (g *Registry) output(o Organisation) *organisationOutput {
	return &organisationOutput{ETag: api.ETag(o.Version), Body: g.body(o)}
}

func (g *Registry) endpoints(a *api.API) {
	const one = "/organisations/{home}/{id}"
	operation := func(method, path, id, summary string, permit access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Tag: "registry", Summary: summary,
			Access: web.Permitted(permit)}
	}
	api.Add(a, operation(http.MethodGet, "/organisations", "listOrganisations",
		"Collective economic organisations of your places.", Read), g.apiList)
	api.Add(a, operation(http.MethodGet, one, "getOrganisation", "An organisation.", Read), g.apiGet)
	create := operation(http.MethodPost, "/organisations", "createOrganisation",
		"Enter the organisation of a place.", Change)
	create.Status = http.StatusCreated
	api.Add(a, create, g.apiCreate)
	api.Add(a, operation(http.MethodPut, one, "amendOrganisation",
		"Replace what is entered of an organisation, at the version you read.", Change), g.apiAmend)
	api.Add(a, operation(http.MethodGet, one+"/officers", "listOfficers",
		"Offices of an organisation; names only for those who may see them.", Read), g.apiOfficers)
}

func (g *Registry) apiList(ctx context.Context, in *struct {
	api.Paged
	Place  string `query:"place" maxLength:"100" doc:"Only in this place: #id, code or whole name."`
	Level  string `query:"level" enum:"township,village,group"`
	Status string `query:"status" enum:"active,merged,divided,cancelled"`
	Acting bool   `query:"acting" doc:"Only bodies acting in an organisation's place."`
	Text   string `query:"text" maxLength:"100" doc:"Part of the name or credit code."`
}) (*api.List[organisationBody], error) {
	filter := map[string]string{"place": in.Place, "level": in.Level, "status": in.Status, "q": in.Text}
	if in.Acting {
		filter["acting"] = "1"
	}
	q, err := g.query(ctx, g.host.Access.Scope(access.From(ctx), Read), filter)
	if err != nil {
		return nil, err
	}
	after, err := web.DecodeCursor(in.After)
	if err == nil {
		q.After, _, err = parseCursor(after)
	}
	if err != nil {
		return nil, err
	}
	q.Limit = in.Limit
	found, err := store.Read(ctx, g.host.Store, func(v *store.View) (Found, error) { return Search(v, q) })
	if err != nil {
		return nil, err
	}
	rows := make([]organisationBody, len(found.Rows))
	for i, o := range found.Rows {
		rows[i] = g.body(o)
	}
	next := ""
	if found.Next != (Ref{}) {
		next = cursor(found.Next, 0)
	}
	return api.Listed(in.Paged, rows, next), nil
}

// readable reads an organisation that the caller may see.
func (g *Registry) readable(ctx context.Context, v *store.View, in OrganisationInput) (Organisation,
	error) {
	o, err := Get(v, Ref(in))
	if err == nil {
		err = g.host.Access.Require(access.From(ctx), Read, o.Place)
	}
	return o, err
}

func (g *Registry) apiGet(ctx context.Context, in *OrganisationInput) (*organisationOutput, error) {
	o, err := store.Read(ctx, g.host.Store, func(v *store.View) (Organisation, error) {
		return g.readable(ctx, v, *in)
	})
	if err != nil {
		return nil, err
	}
	return g.output(o), nil
}

// createBody is a new organisation with its place, which gives it its level.
type createBody struct {
	Place int64 `json:"place" minimum:"1"`
	EntryBody
}

func (g *Registry) apiCreate(ctx context.Context, in *struct{ Body createBody }) (*organisationOutput,
	error) {
	o := in.Body.organisation()
	o.Place, o.Level = in.Body.Place, g.places.Level(in.Body.Place)
	o, err := g.Create(ctx, access.From(ctx), o)
	if err != nil {
		return nil, err
	}
	return g.output(o), nil
}

func (g *Registry) apiAmend(ctx context.Context, in *struct {
	OrganisationInput
	api.Matching
	Body EntryBody
}) (*organisationOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	o := in.Body.organisation()
	o.Home, o.ID, o.Version = in.Home, in.ID, version
	if o, err = g.Amend(ctx, access.From(ctx), o); err != nil {
		return nil, err
	}
	return g.output(o), nil
}

// officerBody is an office as programs see it. Telephones stay masked: to see one whole takes a reason.
type officerBody struct {
	ID     int64       `json:"id"`
	Office Office      `json:"office"`
	Name   string      `json:"name,omitempty" doc:"Only for those who may see it."`
	Phone  string      `json:"phone,omitempty" doc:"Masked."`
	Since  period.Date `json:"since"`
	Until  period.Date `json:"until,omitempty" doc:"First day no longer in office."`
}

type officersOutput struct {
	Body struct {
		Rows []officerBody `json:"rows"`
	}
}

func (g *Registry) apiOfficers(ctx context.Context, in *OrganisationInput) (*officersOutput, error) {
	out := &officersOutput{}
	out.Body.Rows = []officerBody{}
	err := g.host.Store.View(ctx, func(v *store.View) error {
		o, err := g.readable(ctx, v, *in)
		if err != nil {
			return err
		}
		named := g.host.Access.Can(access.From(ctx), ReadOfficers, o.Place)
		people, err := g.Officers(v, o.Ref())
		for _, p := range people {
			b := officerBody{ID: p.ID, Office: p.Office, Since: p.Since, Until: p.Until}
			if p.Until == period.Open {
				b.Until = ""
			}
			if named {
				b.Name, b.Phone = p.ClearName, mask.Phone(p.ClearPhone)
			}
			out.Body.Rows = append(out.Body.Rows, b)
		}
		return err
	})
	return out, err
}
