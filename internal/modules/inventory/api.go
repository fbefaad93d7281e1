package inventory

import (
	"context"
	"net/http"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Tag is the tag of the operations of the annual check.
const Tag = "inventory"

// CheckInput names a check. It is exported because embedded fields are filled only so.
type CheckInput struct {
	Home int64 `path:"home" minimum:"1"`
	ID   int64 `path:"id" minimum:"1"`
}

// Ref is the check it names.
func (in CheckInput) Ref() Ref { return Ref(in) }

// checkBody is a check as programs see it.
type checkBody struct {
	Home         int64       `json:"home"`
	ID           int64       `json:"id"`
	Version      int64       `json:"version"`
	Year         int         `json:"year"`
	Organisation int64       `json:"organisation"`
	Place        int64       `json:"place"`
	Name         string      `json:"name" doc:"Of the organisation, as it was."`
	Reference    period.Date `json:"reference" doc:"Day of reference."`
	Case         int64       `json:"case" doc:"The case to act on."`
	Stage        Stage       `json:"stage" doc:"As the filter of the list names them."`
	Carried      bool        `json:"carried"`
	Sample       Sample      `json:"sample" doc:"drawn, spared, late; empty: not drawn yet."`
	Recheck      string      `json:"recheck,omitempty"`
	Rows         int64       `json:"rows"`
	Counted      int64       `json:"counted"`
}

func bodyOf(c Check) checkBody {
	return checkBody{c.Home, c.ID, c.Version, c.Year, c.Organisation, c.Place, c.Name, c.Reference, c.Case,
		c.Stage,
		c.Carried, c.Sample, c.Recheck, c.Rows, c.Counted}
}

type checkOutput struct {
	ETag string `header:"ETag"`
	Body checkBody
}

func (n *Inventory) endpoints(a *api.API) {
	get, post := http.MethodGet, http.MethodPost
	read, counting := web.Permitted(MayRead), web.Permitted(MayCount)
	op := func(method, path, id, summary string, need web.Access) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: Tag, Access: need}
	}
	api.Add(a, op(get, "/checks", "listChecks", "Checks of your places, by county and number.", read),
		n.apiList)
	api.Add(a, op(get, "/checks/{home}/{id}", "getCheck", "The check of an organisation.", read),
		n.apiCheck)
	api.Add(a, op(get, "/checks/{home}/{id}/totals", "getCheckTotals", "A check's sums, form by form.",
		read),
		n.apiTotals)
	api.Add(a, op(get, "/checks/{home}/{id}/findings", "listFindings", "What the cross-checks found.",
		read),
		n.apiFindings)
	api.Add(a, op(post, "/checks/{home}/{id}/findings/{number}", "explainFinding", "Explain a finding.",
		read),
		n.apiExplain)
	api.Add(a, op(post, "/checks/{home}/{id}/carry", "carryCheck", "Nothing changed: every row as booked.",
		counting),
		n.apiCarry)
	api.Add(a, op(post, "/checks/{home}/{id}/team", "setTeam", "Say who counts, instead of who did.",
		counting),
		n.apiTeam)
	api.Add(a, op(post, "/checks/{home}/{id}/recheck", "recheckCheck",
		"What the second count of a sampled check found.",
		web.Permitted(MaySample)), n.apiRecheck)
}

type listInput struct {
	api.Paged
	Year  int   `query:"year" minimum:"0" maximum:"9999" doc:"0: any."`
	Stage Stage `query:"stage" enum:"counting,notice,confirmation,township,county,approved,locked,ended"`
	Place int64 `query:"place" minimum:"0" doc:"Only those in it; 0: all of yours."`
	Late  bool  `query:"late" doc:"Only those overdue."`
}

func (n *Inventory) apiList(ctx context.Context, in *listInput) (*api.List[checkBody], error) {
	q := listQuery{scope: n.host.Access.Scope(access.From(ctx), MayRead), year: in.Year,
		stage: string(in.Stage),
		late:  in.Late, limit: in.Limit + 1}
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	if q.after.Home, q.after.ID, err = web.ParseKeyCursor(after); err != nil {
		return nil, err
	}
	if in.Place != 0 {
		q.scope = q.scope.Within(n.host.Access.Path(in.Place))
	}
	list, err := store.Read(ctx, n.host.Store, func(v *store.View) ([]listRow, error) {
		return n.search(v,
			q)
	})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = web.KeyCursor(list[in.Limit-1].Home, list[in.Limit-1].ID)
	}
	bodies := make([]checkBody, len(list))
	for i, c := range list {
		bodies[i] = bodyOf(c.Check)
	}
	return api.Listed(in.Paged, bodies, next), nil
}

// See reads a check for whoever asks; what they may not see looks as if it were not there.
func (n *Inventory) See(ctx context.Context, r store.Reader, ref Ref) (Check, error) {
	c, err := getCheck(r, ref)
	if err == nil && !n.host.Access.Can(access.From(ctx), MayRead, c.Place) {
		err = fault.New(fault.NotFound, "inventory.no_check")
	}
	return c, err
}

func (n *Inventory) seen(ctx context.Context, ref Ref) (Check, error) {
	return store.Read(ctx, n.host.Store, func(v *store.View) (Check, error) { return n.See(ctx, v, ref) })
}

func (n *Inventory) answer(ctx context.Context, ref Ref) (*checkOutput, error) {
	c, err := n.seen(ctx, ref)
	if err != nil {
		return nil, err
	}
	return &checkOutput{api.ETag(c.Version), bodyOf(c)}, nil
}

func (n *Inventory) apiCheck(ctx context.Context, in *CheckInput) (*checkOutput, error) {
	return n.answer(ctx, in.Ref())
}

// FormTotal are the sums of a form; amounts in fen.
type FormTotal struct {
	Form     string    `json:"form"`
	Number   string    `json:"number"`
	Rows     int64     `json:"rows"`
	Book     money.Fen `json:"book_fen"`
	Verified money.Fen `json:"verified_fen"`
	Gain     money.Fen `json:"gain_fen"`
	Loss     money.Fen `json:"loss_fen"`
}

// LandTotal are the sums of a class of land; areas in 0.01 m².
type LandTotal struct {
	Class      string    `json:"class"`
	Parcels    int64     `json:"parcels"`
	Book       area.Area `json:"book"`
	Verified   area.Area `json:"verified"`
	Gain       area.Area `json:"gain"`
	Loss       area.Area `json:"loss"`
	Contracted area.Area `json:"contracted"`
}

// Totals are the sums of rows, form by form and class by class.
type Totals struct {
	Forms      []FormTotal `json:"forms"`
	Land       []LandTotal `json:"land"`
	Assets     money.Fen   `json:"net_assets_fen"`
	Claims     money.Fen   `json:"claims_fen" doc:"Liabilities and equity."`
	WrittenOff money.Fen   `json:"written_off_fen"`
}

// TotalsOf names the figures of a vector.
func (n *Inventory) TotalsOf(v []int64) Totals {
	layout := n.Forms().Layout
	b := n.plan().Balance(v)
	t := Totals{Forms: []FormTotal{}, Land: []LandTotal{}, Assets: b.Assets, Claims: b.Claims,
		WrittenOff: money.Fen(v[layout.Check(count.CheckWrittenOff)])}
	for _, f := range n.Forms().All {
		at := func(figure int) int64 { return v[layout.Form(f.Key, figure)] }
		t.Forms = append(t.Forms, FormTotal{f.Key, f.Number, at(count.FormRows),
			money.Fen(at(count.FormBook)),
			money.Fen(at(count.FormVerified)), money.Fen(at(count.FormGain)),
			money.Fen(at(count.FormLoss))})
	}
	for _, class := range layout.Land {
		at := func(figure int) int64 { return v[layout.LandAt(class, figure)] }
		t.Land = append(t.Land, LandTotal{class, at(count.LandParcels), area.Area(at(count.LandBook)),
			area.Area(at(count.LandVerified)), area.Area(at(count.LandGain)), area.Area(at(count.LandLoss)),
			area.Area(at(count.LandContracted))})
	}
	return t
}

type totalsOutput struct{ Body Totals }

func (n *Inventory) apiTotals(ctx context.Context, in *CheckInput) (*totalsOutput, error) {
	return store.Read(ctx, n.host.Store, func(v *store.View) (*totalsOutput, error) {
		c, err := n.See(ctx, v, in.Ref())
		if err != nil {
			return nil, err
		}
		list, err := RowsOf(v, c.Ref())
		if err != nil {
			return nil, err
		}
		figures, err := n.total(list)
		if err != nil {
			return nil, err
		}
		return &totalsOutput{n.TotalsOf(figures)}, nil
	})
}

type findingOut struct {
	Number      int64          `json:"number"`
	Round       int            `json:"round"`
	Rule        string         `json:"rule"`
	Severity    fault.Severity `json:"severity"`
	Row         int64          `json:"row,omitempty" doc:"Absent: the check as a whole."`
	Facts       []string       `json:"facts"`
	Explanation string         `json:"explanation,omitempty"`
}

type findingsInput struct {
	CheckInput
	api.Paged
}

func (n *Inventory) apiFindings(ctx context.Context, in *findingsInput) (*api.List[findingOut], error) {
	after := int64(0)
	text, err := web.DecodeCursor(in.After)
	if err == nil && text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil {
			err = fault.New(fault.Invalid, "web.cursor")
		}
	}
	if err != nil {
		return nil, err
	}
	list, err := store.Read(ctx, n.host.Store, func(v *store.View) ([]Finding, error) {
		c, err := n.See(ctx, v, in.Ref())
		if err != nil {
			return nil, err
		}
		return findings.All(v, "WHERE home = ? AND inventory = ? AND number > ? ORDER BY number LIMIT ?",
			c.Home, c.ID,
			after, in.Limit+1)
	})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = strconv.FormatInt(list[in.Limit-1].Number, 10)
	}
	out := make([]findingOut, len(list))
	for i, f := range list {
		out[i] = findingOut{f.Number, f.Round, f.Rule, f.Severity, f.Row, decodeFacts(f.Facts),
			f.Explanation}
	}
	return api.Listed(in.Paged, out, next), nil
}

type explainInput struct {
	CheckInput
	Number int64 `path:"number" minimum:"1"`
	Body   struct {
		Explanation string `json:"explanation" minLength:"1" maxLength:"500"`
	}
}

func (n *Inventory) apiExplain(ctx context.Context, in *explainInput) (*checkOutput, error) {
	if _, err := n.seen(ctx, in.Ref()); err != nil {
		return nil, err
	}
	if err := n.Explain(ctx, access.From(ctx), in.Ref(), in.Number, in.Body.Explanation); err != nil {
		return nil, err
	}
	return n.answer(ctx, in.Ref())
}

type carryInput struct {
	CheckInput
	api.Matching
}

func (n *Inventory) apiCarry(ctx context.Context, in *carryInput) (*checkOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, err := n.seen(ctx, in.Ref()); err != nil {
		return nil, err
	}
	if err := n.CarryForward(ctx, access.From(ctx), in.Ref(), version); err != nil {
		return nil, err
	}
	return n.answer(ctx, in.Ref())
}

type teamInput struct {
	CheckInput
	Body struct {
		Members []TeamMember `json:"members" maxItems:"50"`
	}
}

// TeamMember is somebody of a team, as programs name them.
type TeamMember struct {
	Role string `json:"role" maxLength:"50" doc:"Code of the list team_role."`
	Name string `json:"name" maxLength:"50"`
}

func (n *Inventory) apiTeam(ctx context.Context, in *teamInput) (*checkOutput, error) {
	if _, err := n.seen(ctx, in.Ref()); err != nil {
		return nil, err
	}
	var team []Member
	for _, m := range in.Body.Members {
		team = append(team, Member(m))
	}
	if err := n.SetTeam(ctx, access.From(ctx), in.Ref(), team); err != nil {
		return nil, err
	}
	return n.answer(ctx, in.Ref())
}

type recheckInput struct {
	CheckInput
	Body struct {
		Result string `json:"result" enum:"match,differs"`
		Note   string `json:"note" minLength:"1" maxLength:"500"`
	}
}

func (n *Inventory) apiRecheck(ctx context.Context, in *recheckInput) (*checkOutput, error) {
	if _, err := n.seen(ctx, in.Ref()); err != nil {
		return nil, err
	}
	if err := n.Recheck(ctx, access.From(ctx), in.Ref(), in.Body.Result, in.Body.Note); err != nil {
		return nil, err
	}
	return n.answer(ctx, in.Ref())
}
