package holdings

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (s *Holdings) endpoints(a *api.API) {
	const one = "/assets/{home}/{id}"
	read, change := web.Permitted(assets.Read), web.Permitted(assets.Change)
	operation := func(method, path, id, summary string, need web.Access) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: "assets",
			Access: need}
	}
	made := operation(http.MethodPost, "/assets", "createAsset", "Enter the card of an asset.", change)
	made.Status = http.StatusCreated
	api.Add(a, operation(http.MethodGet, "/assets", "listAssets", "Cards of assets and resources.", read),
		s.apiList)
	api.Add(a, operation(http.MethodGet, one, "getAsset", "A card with its value on a day.", read),
		s.apiGet)
	api.Add(a, made, s.apiCreate)
	api.Add(a, operation(http.MethodPut, one, "amendAsset", "Set the description of a card right.", change),
		s.apiAmend)
	api.Add(a, operation(http.MethodGet, one+"/history", "listAssetChanges",
		"What happened to a card, newest first.",
		read), s.apiHistory)
	api.Add(a, operation(http.MethodPost, one+"/split", "splitAsset", "Divide a card into parts.", change),
		s.apiSplit)
	api.Add(a, operation(http.MethodPost, one+"/dispose", "disposeOfAsset", "Write an asset off the books.",
		web.Permitted(assets.Dispose)), s.apiDispose)
	api.Add(a, operation(http.MethodPost, one+"/transfer", "transferAsset",
		"Move a card to another organisation.",
		web.Permitted(assets.Transfer)), s.apiTransfer)
	s.files.Endpoints(a)
}

// cardBody is a card as programs see it. Amounts are whole fen, areas 0.01 m².
type cardBody struct {
	Home    int64        `json:"home"`
	ID      int64        `json:"id"`
	Version int64        `json:"version"`
	Place   int64        `json:"place"`
	State   assets.State `json:"state"`
	Written money.Fen    `json:"written_off_fen" doc:"By the end of this month."`
	Book    money.Fen    `json:"book_fen"`
	FactsBody
}

// FactsBody is what a card says of an asset. Amounts are whole fen, areas 0.01 m².
type FactsBody struct {
	Organisation int64        `json:"organisation" doc:"Number of the owner within the home."`
	Form         string       `json:"form" maxLength:"40"`
	Kind         string       `json:"kind,omitempty" maxLength:"40"`
	Class        assets.Class `json:"class" maxLength:"40"`
	Origin       string       `json:"origin" maxLength:"40"`
	Title        assets.Title `json:"title" maxLength:"40"`
	UseState     string       `json:"use_state" maxLength:"40"`
	LandUse      string       `json:"land_use,omitempty" maxLength:"40"`
	Acquired     string       `json:"acquired,omitempty" maxLength:"10"`
	Cost         money.Fen    `json:"cost_fen"`
	Area         area.Area    `json:"area,omitempty" doc:"0.01 m²"`
	FloorArea    area.Area    `json:"floor_area,omitempty" doc:"0.01 m²"`
	Method       string       `json:"method,omitempty" maxLength:"40"`
	Months       int          `json:"months,omitempty" minimum:"0" maximum:"1200"`
	Salvage      money.Fen    `json:"salvage_fen,omitempty"`
	InUse        string       `json:"in_use,omitempty" maxLength:"10"`
	Base         money.Fen    `json:"written_off_before_fen,omitempty"`
	Contract     string       `json:"contract,omitempty" maxLength:"64"`
	TermFrom     string       `json:"term_from,omitempty" maxLength:"10"`
	TermTo       string       `json:"term_to,omitempty" maxLength:"10"`
	AnnualFee    money.Fen    `json:"annual_fee_fen,omitempty"`
	Arrears      money.Fen    `json:"arrears_fen,omitempty"`
	DescriptionBody
}

// DescriptionBody is what may be set right on a card without a document.
type DescriptionBody struct {
	Number      string `json:"number,omitempty" maxLength:"64"`
	Name        string `json:"name" maxLength:"100"`
	Category    string `json:"category" maxLength:"40"`
	Certificate string `json:"certificate,omitempty" maxLength:"64"`
	Parcel      string `json:"parcel,omitempty" maxLength:"64"`
	Custodian   string `json:"custodian,omitempty" maxLength:"50"`
	Location    string `json:"location,omitempty" maxLength:"200"`
	Latitude    int64  `json:"latitude,omitempty" doc:"Micro-degrees."`
	Longitude   int64  `json:"longitude,omitempty" doc:"Micro-degrees."`
	Quantity    int64  `json:"quantity,omitempty" doc:"Hundredths of the unit."`
	Unit        string `json:"unit,omitempty" maxLength:"20"`
	Boundary    string `json:"boundary,omitempty" maxLength:"200"`
	Note        string `json:"note,omitempty" maxLength:"1000"`
}

func bodyOf(a assets.Asset, on period.Date) cardBody {
	return cardBody{Home: a.Home, ID: a.ID, Version: a.Version, Place: a.Place, State: a.State,
		Written: a.Accumulated(on), Book: a.Book(on),
		FactsBody: FactsBody{Organisation: a.Organisation, Form: a.Form, Kind: a.Kind, Class: a.Class,
			Origin: a.Origin, Title: a.Title, UseState: a.UseState, LandUse: a.LandUse,
			Acquired: string(a.Acquired), Cost: a.Cost, Area: a.Area, FloorArea: a.FloorArea,
			Method: string(a.Method), Months: a.Months, Salvage: a.Salvage, InUse: string(a.InUse),
			Base: a.Base, Contract: a.Contract, TermFrom: string(a.TermFrom), TermTo: string(a.TermTo),
			AnnualFee: a.AnnualFee, Arrears: a.Arrears, DescriptionBody: DescriptionBody(a.Description())}}
}

// asset is the card a program wants to be entered.
func (b FactsBody) asset(home int64) assets.Asset {
	a := assets.Asset{Home: home, Organisation: b.Organisation, Form: b.Form, Kind: b.Kind, Class: b.Class,
		Origin: b.Origin, Title: b.Title, UseState: b.UseState, LandUse: b.LandUse,
		Acquired: period.Date(b.Acquired), Cost: b.Cost, Area: b.Area, FloorArea: b.FloorArea,
		Method: depreciation.Method(b.Method), Months: b.Months, Salvage: b.Salvage,
		InUse: period.Date(b.InUse), Base: b.Base, Contract: b.Contract, TermFrom: period.Date(b.TermFrom),
		TermTo: period.Date(b.TermTo), AnnualFee: b.AnnualFee, Arrears: b.Arrears}
	a.Describe(assets.Description(b.DescriptionBody))
	return a
}

// CardInput names a card. It is exported because embedded fields are filled only so.
type CardInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

func (c CardInput) ref() assets.Ref { return assets.Ref{Home: c.Home, ID: c.ID} }

type cardOutput struct {
	ETag string `header:"ETag"`
	Body cardBody
}

func (s *Holdings) output(a assets.Asset) *cardOutput {
	return &cardOutput{ETag: api.ETag(a.Version), Body: bodyOf(a, s.host.Today())}
}

func (s *Holdings) apiList(ctx context.Context, in *struct {
	api.Paged
	Place        string `query:"place" maxLength:"100"`
	Organisation string `query:"organisation" maxLength:"100" doc:"HOME/NUMBER, credit code, or place."`
	Form         string `query:"form" maxLength:"40"`
	Kind         string `query:"kind" maxLength:"40"`
	Class        string `query:"class" maxLength:"40"`
	Origin       string `query:"origin" maxLength:"40"`
	Title        string `query:"title" maxLength:"40"`
	Use          string `query:"use" maxLength:"40"`
	State        string `query:"state" maxLength:"40"`
	Text         string `query:"q" maxLength:"100"`
	Sort         string `query:"sort" enum:"number,value" default:"number"`
}) (*api.List[cardBody], error) {
	actor := access.From(ctx)
	q, err := s.query(ctx, s.host.Access.Scope(actor, assets.Read), actor,
		map[string]string{"place": in.Place,
			"organisation": in.Organisation, "form": in.Form, "kind": in.Kind, "class": in.Class,
			"origin": in.Origin,
			"title":  in.Title, "use": in.Use, "state": in.State, "q": in.Text})
	if err != nil {
		return nil, err
	}
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	if q.After, err = readKey(after); err != nil {
		return nil, err
	}
	q.Order, q.Limit = assets.Order(in.Sort), in.Limit
	found, err := store.Read(ctx, s.host.Store, func(v *store.View) (assets.Found,
		error) {
		return assets.Search(v, q)
	})
	if err != nil {
		return nil, err
	}
	var rows []cardBody
	for _, a := range found.Rows {
		rows = append(rows, bodyOf(a, s.host.Today()))
	}
	return api.Listed(in.Paged, rows, writeKey(found.Next)), nil
}

// visible reads a card for a program's actor.
func (s *Holdings) visible(v store.Reader, actor access.Actor, ref assets.Ref) (assets.Asset, error) {
	a, err := assets.Get(v, ref)
	if err == nil {
		err = s.host.Access.Require(actor, assets.Read, a.Place)
	}
	return a, err
}

func (s *Holdings) apiGet(ctx context.Context, in *CardInput) (*cardOutput, error) {
	a, err := store.Read(ctx, s.host.Store, func(v *store.View) (assets.Asset, error) {
		return s.visible(v, access.From(ctx), in.ref())
	})
	if err != nil {
		return nil, err
	}
	return s.output(a), nil
}

func (s *Holdings) apiCreate(ctx context.Context, in *struct {
	Home     int64  `query:"home" required:"true" minimum:"0"`
	Document string `query:"document" maxLength:"100"`
	Body     FactsBody
}) (*cardOutput, error) {
	a, err := s.assets.Acquire(ctx, access.From(ctx), assets.Acquisition{Card: in.Body.asset(in.Home),
		Document: in.Document})
	if err != nil {
		return nil, err
	}
	return s.output(a), nil
}

func (s *Holdings) apiAmend(ctx context.Context, in *struct {
	CardInput
	api.Matching
	Body DescriptionBody
}) (*cardOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	a, err := s.assets.Amend(ctx, access.From(ctx), assets.Act{Ref: in.ref(), Version: version,
		On: s.host.Today()},
		assets.Description(in.Body))
	if err != nil {
		return nil, err
	}
	return s.output(a), nil
}

// ActBody is what every act on a card says.
type ActBody struct {
	On       string `json:"on" format:"date"`
	Document string `json:"document" maxLength:"100"`
	Reason   string `json:"reason,omitempty" maxLength:"200"`
	Decision string `json:"decision,omitempty" maxLength:"100"`
}

func (b ActBody) act(c CardInput, m api.Matching) (assets.Act, error) {
	version, err := m.Version()
	return assets.Act{Ref: c.ref(), Version: version, On: period.Date(b.On), Document: b.Document,
		Reason: b.Reason, Decision: b.Decision}, err
}

type cardsOutput struct {
	Body struct {
		Rows []cardBody `json:"rows"`
	}
}

func (s *Holdings) apiSplit(ctx context.Context, in *struct {
	CardInput
	api.Matching
	Body struct {
		ActBody
		Parts []struct {
			Name   string `json:"name" maxLength:"100"`
			Number string `json:"number,omitempty" maxLength:"64"`
			Share  int64  `json:"share" minimum:"1" maximum:"1000000000" doc:"Weight of the part."`
		} `json:"parts" minItems:"2" maxItems:"20"`
	}
}) (*cardsOutput, error) {
	q, err := in.Body.act(in.CardInput, in.Matching)
	if err != nil {
		return nil, err
	}
	parts := make([]assets.Part, len(in.Body.Parts))
	for i, p := range in.Body.Parts {
		parts[i] = assets.Part{Name: p.Name, Number: p.Number, Share: p.Share}
	}
	made, err := s.assets.Divide(ctx, access.From(ctx), assets.Split{Act: q, Parts: parts})
	if err != nil {
		return nil, err
	}
	out := &cardsOutput{}
	for _, a := range made {
		out.Body.Rows = append(out.Body.Rows, bodyOf(a, s.host.Today()))
	}
	return out, nil
}

func (s *Holdings) apiDispose(ctx context.Context, in *struct {
	CardInput
	api.Matching
	Body struct {
		ActBody
		Manner   string    `json:"manner" maxLength:"40"`
		Proceeds money.Fen `json:"proceeds_fen,omitempty"`
	}
}) (*cardOutput, error) {
	q, err := in.Body.act(in.CardInput, in.Matching)
	if err != nil {
		return nil, err
	}
	a, err := s.assets.End(ctx, access.From(ctx), assets.Disposal{Act: q, Manner: in.Body.Manner,
		Proceeds: in.Body.Proceeds})
	if err != nil {
		return nil, err
	}
	return s.output(a), nil
}

func (s *Holdings) apiTransfer(ctx context.Context, in *struct {
	CardInput
	api.Matching
	Body struct {
		ActBody
		ToHome         int64 `json:"to_home" minimum:"0"`
		ToOrganisation int64 `json:"to_organisation" minimum:"1"`
	}
}) (*cardOutput, error) {
	q, err := in.Body.act(in.CardInput, in.Matching)
	if err != nil {
		return nil, err
	}
	a, err := s.assets.MoveTo(ctx, access.From(ctx), assets.Move{Act: q,
		To: registry.Ref{Home: in.Body.ToHome,
			ID: in.Body.ToOrganisation}})
	if err != nil {
		return nil, err
	}
	return s.output(a), nil
}

// changeBody is a line of a card's history.
type changeBody struct {
	Version  int64       `json:"version"`
	Kind     string      `json:"kind"`
	On       period.Date `json:"on"`
	Amount   money.Fen   `json:"amount_fen"`
	Document string      `json:"document,omitempty"`
	Detail   string      `json:"detail,omitempty"`
	Decision string      `json:"decision,omitempty"`
	Event    int64       `json:"event" doc:"Number of the event within the home, which proves it."`
}

type historyOutput struct {
	Body struct {
		Rows []changeBody `json:"rows"`
	}
}

func (s *Holdings) apiHistory(ctx context.Context, in *CardInput) (*historyOutput, error) {
	list, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]assets.ChangeRow, error) {
		if _, err := s.visible(v, access.From(ctx), in.ref()); err != nil {
			return nil, err
		}
		return assets.History(v, in.ref())
	})
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Rows = []changeBody{}
	for _, c := range list {
		out.Body.Rows = append(out.Body.Rows, changeBody{c.Number, c.Kind, c.Happened, c.Amount, c.Document,
			c.Detail,
			c.Decision, c.Event})
	}
	return out, nil
}
