package campaign

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Named names a campaign. It is exported because embedded fields are filled only so.
type Named struct {
	Home int64 `path:"home" minimum:"1"`
	Year int   `path:"year" minimum:"1" maximum:"9999"`
}

// campaignOut is a campaign as programs see it.
type campaignOut struct {
	Home        int64       `json:"home" doc:"The county."`
	Year        int         `json:"year"`
	Version     int64       `json:"version"`
	Reference   period.Date `json:"reference" doc:"Day of reference."`
	Opened      period.Date `json:"opened"`
	State       State       `json:"state" enum:"opening,open,compiling,locked"`
	Case        int64       `json:"case,omitempty" doc:"Of the roll-up, once it has begun."`
	SampleShare int64       `json:"sample_share" doc:"In 0.0001."`
	SampleSeed  string      `json:"sample_seed,omitempty" doc:"Hexadecimal; absent while nothing is drawn."`
	Sampled     period.Date `json:"sampled,omitempty"`
	Note        string      `json:"note,omitempty"`
}

func outOf(c Campaign) campaignOut {
	return campaignOut{c.Home, c.Year, c.Version, c.Reference, c.Opened, c.State, c.Case, c.SampleShare,
		c.SampleSeed,
		c.Sampled, c.Note}
}

type campaignAnswer struct {
	ETag string `header:"ETag"`
	Body campaignOut
}

func (m *Campaigns) endpoints(a *api.API) {
	get, post := http.MethodGet, http.MethodPost
	op := func(method, path, id, summary string, need access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: inventory.Tag,
			Access: web.Permitted(need)}
	}
	api.Add(a, op(get, "/campaigns", "listCampaigns", "Campaigns of your places, by county and year.",
		inventory.MayRead), m.apiList)
	api.Add(a, op(get, "/campaigns/{home}/{year}", "getCampaign", "The campaign of a county and year.",
		inventory.MayRead), m.apiGet)
	api.Add(a, op(post, "/campaigns", "openCampaign",
		"Open a county's check of a year and order its checks.",
		inventory.MayOpen), m.apiOpen)
	api.Add(a, op(post, "/campaigns/{home}/{year}/sample", "drawSample",
		"Draw the sample that is counted again.",
		inventory.MaySample), m.apiSample)
	api.Add(a, op(post, "/campaigns/{home}/{year}/roll-up", "beginRollUp", "Begin to compile for the city.",
		inventory.MayRollUp), m.apiRollUp)
	api.Add(a, op(get, "/progress/{place}/{year}", "getProgress", "How far the checks of a place are.",
		inventory.MayRead), m.apiProgress)
	api.Add(a, op(get, "/sums/{place}/{year}", "getSums",
		"Sums of the approved checks of a place and its parts.",
		inventory.MayRead), m.apiSums)
}

// seen reads a campaign for whoever asks; what they may not see looks as if it were not there.
func (m *Campaigns) seen(ctx context.Context, n Named) (Campaign, error) {
	c, err := store.Read(ctx, m.host.Store, func(v *store.View) (Campaign, error) {
		return Get(v, n.Home,
			n.Year)
	})
	if err == nil && !m.host.Access.Can(access.From(ctx), inventory.MayRead, c.Place) {
		err = fault.New(fault.NotFound, "campaign.none", n.Year)
	}
	return c, err
}

func (m *Campaigns) answer(ctx context.Context, n Named) (*campaignAnswer, error) {
	c, err := m.seen(ctx, n)
	if err != nil {
		return nil, err
	}
	return &campaignAnswer{api.ETag(c.Version), outOf(c)}, nil
}

func (m *Campaigns) apiGet(ctx context.Context, in *Named) (*campaignAnswer, error) {
	return m.answer(ctx, *in)
}

type listIn struct {
	api.Paged
}

func (m *Campaigns) apiList(ctx context.Context, in *listIn) (*api.List[campaignOut], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	home, year, err := web.ParseKeyCursor(after)
	if err != nil {
		return nil, err
	}
	inside, args := m.host.Access.Scope(access.From(ctx), inventory.MayRead).SQL("p.path")
	list, err := store.Read(ctx, m.host.Store, func(v *store.View) ([]Campaign, error) {
		return campaigns.All(v, `WHERE place IN (SELECT p.place FROM place_path p WHERE `+inside+`)
			AND (home > ? OR home = ? AND year > ?) ORDER BY home, year LIMIT ?`,
			append(args, home, home, year, in.Limit+1)...)
	})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = web.KeyCursor(list[in.Limit-1].Home, int64(list[in.Limit-1].Year))
	}
	out := make([]campaignOut, len(list))
	for i, c := range list {
		out[i] = outOf(c)
	}
	return api.Listed(in.Paged, out, next), nil
}

type openIn struct {
	Body struct {
		County int64  `json:"county" minimum:"1"`
		Year   int    `json:"year" minimum:"1" maximum:"9999"`
		Note   string `json:"note,omitempty" maxLength:"500"`
	}
}

func (m *Campaigns) apiOpen(ctx context.Context, in *openIn) (*campaignAnswer, error) {
	c, err := m.Begin(ctx, access.From(ctx), in.Body.County, in.Body.Year, in.Body.Note)
	if err != nil {
		return nil, err
	}
	if _, err := m.Order(ctx, access.From(ctx), c.Home, c.Year); err != nil {
		return nil, err
	}
	return m.answer(ctx, Named{c.Home, c.Year})
}

func (m *Campaigns) apiSample(ctx context.Context, in *Named) (*campaignAnswer, error) {
	if _, err := m.seen(ctx, *in); err != nil {
		return nil, err
	}
	if _, err := m.DrawSample(ctx, access.From(ctx), in.Home, in.Year); err != nil {
		return nil, err
	}
	return m.answer(ctx, *in)
}

func (m *Campaigns) apiRollUp(ctx context.Context, in *Named) (*campaignAnswer, error) {
	if _, err := m.seen(ctx, *in); err != nil {
		return nil, err
	}
	if err := m.BeginRollUp(ctx, access.From(ctx), in.Home, in.Year); err != nil {
		return nil, err
	}
	return m.answer(ctx, *in)
}

type placeIn struct {
	Place int64 `path:"place" minimum:"1"`
	Year  int   `path:"year" minimum:"1" maximum:"9999"`
}

// readable refuses a place outside the asker's.
func (m *Campaigns) readable(ctx context.Context, place int64) error {
	return m.host.Access.Require(access.From(ctx), inventory.MayRead, place)
}

type progressOut struct {
	Place    int64            `json:"place"`
	Code     string           `json:"code,omitempty"`
	Name     string           `json:"name"`
	Of       int64            `json:"of"`
	Approved int64            `json:"approved" doc:"Locked ones among them."`
	ByStage  map[string]int64 `json:"by_stage"`
	Late     int64            `json:"late"`
	Returned int64            `json:"returned"`
	Sampled  int64            `json:"sampled"`
}

type progressAnswer struct {
	Body struct {
		Whole progressOut   `json:"whole"`
		Parts []progressOut `json:"parts"`
	}
}

func (m *Campaigns) progressOut(p inventory.Progress) progressOut {
	out := progressOut{Place: p.Place, Code: m.code(p.Place), Name: m.places.Name(p.Place), Of: p.Of,
		Approved: p.Approved(), ByStage: map[string]int64{}, Late: p.Late, Returned: p.Returned,
		Sampled: p.Sampled}
	for _, s := range inventory.Stages {
		out.ByStage[string(s)] = p.ByStage[s]
	}
	return out
}

func (m *Campaigns) code(place int64) string {
	t := m.places.Today()
	if !t.Has(place) {
		return ""
	}
	return t.Code(t.Find(place))
}

func (m *Campaigns) apiProgress(ctx context.Context, in *placeIn) (*progressAnswer, error) {
	if err := m.readable(ctx, in.Place); err != nil {
		return nil, err
	}
	answer := &progressAnswer{}
	err := m.host.Store.View(ctx, func(v *store.View) error {
		whole, parts, err := m.inventory.ProgressOf(v, in.Place, in.Year)
		answer.Body.Whole, answer.Body.Parts = m.progressOut(whole), []progressOut{}
		for _, p := range parts {
			answer.Body.Parts = append(answer.Body.Parts, m.progressOut(p))
		}
		return err
	})
	return answer, err
}

type sumOut struct {
	Place    int64            `json:"place"`
	Name     string           `json:"name"`
	Approved int64            `json:"approved"`
	Of       int64            `json:"of"`
	Totals   inventory.Totals `json:"totals"`
}

type sumsAnswer struct {
	Body struct {
		Whole sumOut   `json:"whole"`
		Parts []sumOut `json:"parts"`
	}
}

func (m *Campaigns) apiSums(ctx context.Context, in *placeIn) (*sumsAnswer, error) {
	if err := m.readable(ctx, in.Place); err != nil {
		return nil, err
	}
	out := func(s inventory.Sum) sumOut {
		return sumOut{s.Place, m.places.Name(s.Place), s.Approved, s.Of, m.inventory.TotalsOf(s.Figures)}
	}
	answer := &sumsAnswer{}
	err := m.host.Store.View(ctx, func(v *store.View) error {
		whole, parts, err := m.inventory.SumsOf(v, in.Place, in.Year)
		if err != nil {
			return err
		}
		answer.Body.Whole, answer.Body.Parts = out(whole), []sumOut{}
		for _, p := range parts {
			answer.Body.Parts = append(answer.Body.Parts, out(p))
		}
		return nil
	})
	return answer, err
}
