package supervision

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Named names a finding. It is exported because embedded fields are filled only so.
type Named struct {
	Home int64 `path:"home" minimum:"1"`
	ID   int64 `path:"id" minimum:"1"`
}

// findingOut is a finding as programs see it.
type findingOut struct {
	Home         int64       `json:"home"`
	ID           int64       `json:"id"`
	Version      int64       `json:"version"`
	Organisation int64       `json:"organisation"`
	Place        int64       `json:"place"`
	Rule         string      `json:"rule"`
	RuleVersion  int64       `json:"rule_version"`
	Colour       string      `json:"colour" enum:"blue,yellow,orange,red"`
	Subject      string      `json:"subject" doc:"What kind of thing was hit."`
	Key          string      `json:"key" doc:"Which one."`
	State        State       `json:"state" enum:"open,closed,transferred"`
	Outcome      Outcome     `json:"outcome,omitempty"`
	Answer       string      `json:"answer,omitempty"`
	Evidence     string      `json:"evidence,omitempty"`
	Case         int64       `json:"case"`
	FirstHit     period.Date `json:"first_hit"`
	LastHit      period.Date `json:"last_hit"`
	Times        int64       `json:"times" doc:"How often it was opened."`
	Gone         period.Date `json:"gone,omitempty" doc:"Since when the rule no longer hits."`
	Closed       period.Date `json:"closed,omitempty"`
	Text         words.Words `json:"text"`
	Values       []keptValue `json:"values"`
}

func outOf(f Finding) findingOut {
	values := valuesOf(f)
	if values == nil {
		values = []keptValue{}
	}
	return findingOut{f.Home, f.ID, f.Version, f.Organisation, f.Place, f.Rule, f.RuleVersion,
		string(f.Severity),
		f.Subject, f.SubjectKey, f.State, f.Outcome, f.Answer, f.Evidence, f.Case, f.FirstHit, f.LastHit,
		f.Times,
		f.Gone, f.Closed, f.Text(), values}
}

type findingAnswer struct {
	ETag string `header:"ETag"`
	Body findingOut
}

// Tag groups the endpoints.
const tag = "Supervision"

func (m *Supervision) endpoints(a *api.API) {
	op := func(method, path, id, summary string, need access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: tag,
			Access: web.Permitted(need)}
	}
	api.Add(a, op(http.MethodGet, "/findings", "listRuleFindings",
		"Findings of your places, by county and number.",
		MayRead), m.apiList)
	api.Add(a, op(http.MethodGet, "/findings/{home}/{id}", "getRuleFinding",
		"A finding with what made it true.", MayRead),
		m.apiGet)
	api.Add(a, op(http.MethodPost, "/findings/{home}/{id}/answer", "answerRuleFinding",
		"Say what is to be said to a finding, and hand it to whoever verifies.", MayAnswer), m.apiAnswer)
	api.Add(a, op(http.MethodGet, "/rules", "listRules", "The rules of the pack, as they hold today.",
		MayRead),
		m.apiRules)
	api.Add(a, op(http.MethodPost, "/rules/{key}/trial", "tryRule",
		"What a version or an expression would hit, beside the version in force. Nothing is saved.",
		MayRun), m.apiTry)
	api.Add(a, op(http.MethodPost, "/supervision/{home}/run", "runRules", "Order a run of a county.",
		MayRun), m.apiRun)
	api.Add(a, op(http.MethodGet, "/supervision/{place}/board", "getSupervisionBoard",
		"Collectives of a place and its parts by colour.", MayRead), m.apiBoard)
	m.evidenceEndpoints(a)
}

func (m *Supervision) apiGet(ctx context.Context, in *Named) (*findingAnswer, error) {
	f, err := store.Read(ctx, m.host.Store, func(v *store.View) (Finding, error) {
		return m.seen(v, access.From(ctx), Ref{in.Home, in.ID})
	})
	if err != nil {
		return nil, err
	}
	return &findingAnswer{api.ETag(f.Version), outOf(f)}, nil
}

type listIn struct {
	api.Paged
	Place  string `query:"place" maxLength:"100" doc:"Name, code or #number."`
	Rule   string `query:"rule" maxLength:"80"`
	Colour string `query:"colour" maxLength:"10"`
	State  string `query:"state" maxLength:"20"`
}

func (m *Supervision) apiList(ctx context.Context, in *listIn) (*api.List[findingOut], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	q, err := m.query(ctx, m.host.Access.Scope(access.From(ctx), MayRead),
		map[string]string{"place": in.Place,
			"rule": in.Rule, "colour": in.Colour, "state": in.State})
	if err != nil {
		return nil, err
	}
	if q.After.Home, q.After.ID, err = web.ParseKeyCursor(after); err != nil {
		return nil, err
	}
	q.Limit = in.Limit
	list, err := store.Read(ctx, m.host.Store, func(v *store.View) ([]Finding, error) {
		return Search(v,
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
	out := make([]findingOut, len(list))
	for i, f := range list {
		out[i] = outOf(f)
	}
	return api.Listed(in.Paged, out, next), nil
}

type findingAnswerIn struct {
	Named
	api.Matching
	Body struct {
		Outcome  string `json:"outcome" enum:"explained,rectified"`
		Answer   string `json:"answer" maxLength:"8000"`
		Evidence string `json:"evidence,omitempty" maxLength:"8000"`
	}
}

func (m *Supervision) apiAnswer(ctx context.Context, in *findingAnswerIn) (*findingAnswer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	err = m.Answer(ctx, access.From(ctx), Ref{in.Home, in.ID}, version,
		Answering{Outcome: Outcome(in.Body.Outcome),
			Answer: in.Body.Answer, Evidence: in.Body.Evidence})
	if err != nil {
		return nil, err
	}
	return m.apiGet(ctx, &in.Named)
}

type ruleOut struct {
	Key      string      `json:"key"`
	Title    words.Words `json:"title"`
	Subject  string      `json:"subject"`
	Version  int         `json:"version,omitempty" doc:"In force today; absent: none."`
	Colour   string      `json:"colour,omitempty"`
	When     string      `json:"when,omitempty"`
	Basis    string      `json:"basis"`
	Mark     string      `json:"mark"`
	Cooldown int         `json:"cooldown_days,omitempty"`
}

type rulesAnswer struct {
	Body struct {
		Rules []ruleOut `json:"rules"`
	}
}

func (m *Supervision) apiRules(context.Context, *struct{}) (*rulesAnswer, error) {
	answer := &rulesAnswer{}
	answer.Body.Rules = []ruleOut{}
	for _, d := range m.library.All {
		out := ruleOut{Key: d.Key, Title: d.Title, Subject: d.Subject, Basis: d.Basis, Mark: string(d.Mark)}
		if v := d.InForce(m.host.Today()); v != nil {
			out.Version, out.Colour, out.When, out.Cooldown = v.Number, string(v.Severity), v.When,
				v.Cooldown
		}
		answer.Body.Rules = append(answer.Body.Rules, out)
	}
	return answer, nil
}

type ruleTryIn struct {
	Key  string `path:"key" maxLength:"80"`
	Body struct {
		Home       int64            `json:"home" minimum:"1" doc:"A county."`
		Version    int              `json:"version,omitempty" minimum:"0"`
		When       string           `json:"when,omitempty" maxLength:"4000" doc:"Instead of a version."`
		Parameters map[string]int64 `json:"parameters,omitempty" doc:"Set otherwise than the pack has them."`
		On         period.Date      `json:"on,omitempty" maxLength:"10"`
	}
}

type ruleTryAnswer struct {
	Body struct {
		InForce int             `json:"in_force" doc:"Version in force; 0 none."`
		Now     int64           `json:"now" doc:"Hits of the version in force."`
		Then    int64           `json:"then" doc:"Hits of the one on trial."`
		Both    int64           `json:"both"`
		Failed  int64           `json:"failed" doc:"Records without a result."`
		Pushed  bool            `json:"pushed" doc:"Answered by SQL."`
		Added   []ruleSampleOut `json:"added"`
		Dropped []ruleSampleOut `json:"dropped"`
	}
}

type ruleSampleOut struct {
	Organisation int64       `json:"organisation"`
	Place        int64       `json:"place"`
	Key          string      `json:"key"`
	Text         words.Words `json:"text"`
}

func samplesOut(list []Sample) []ruleSampleOut {
	out := make([]ruleSampleOut, len(list))
	for i, s := range list {
		out[i] = ruleSampleOut{s.Organisation, s.Place, s.Key, s.Text}
	}
	return out
}

func (m *Supervision) apiTry(ctx context.Context, in *ruleTryIn) (*ruleTryAnswer, error) {
	if err := m.host.Access.Require(access.From(ctx), MayRun, in.Body.Home); err != nil {
		return nil, err
	}
	if in.Body.On == "" {
		in.Body.On = m.host.Today()
	}
	f, err := m.Try(ctx, Trial{Rule: in.Key, Version: in.Body.Version, When: in.Body.When,
		Parameters: in.Body.Parameters, On: in.Body.On, Home: in.Body.Home})
	if err != nil {
		return nil, err
	}
	answer := &ruleTryAnswer{}
	b := &answer.Body
	b.InForce, b.Now, b.Then, b.Both, b.Failed, b.Pushed = f.NowIs, f.Now, f.Then, f.Both, f.Failed,
		f.Pushed
	b.Added, b.Dropped = samplesOut(f.Added), samplesOut(f.Dropped)
	return answer, nil
}

type runIn struct {
	Home int64 `path:"home" minimum:"1"`
}

type rulesRunAnswer struct {
	Body struct {
		Job int64 `json:"job"`
	}
}

func (m *Supervision) apiRun(ctx context.Context, in *runIn) (*rulesRunAnswer, error) {
	job, err := m.Order(ctx, access.From(ctx), in.Home)
	answer := &rulesRunAnswer{}
	answer.Body.Job = job
	return answer, err
}

type boardIn struct {
	Place int64 `path:"place" minimum:"1"`
}

type coloursOut struct {
	Place         int64   `json:"place"`
	Name          string  `json:"name"`
	Organisations int64   `json:"organisations"`
	Colours       []int64 `json:"colours" doc:"Collectives by colour, blue to red."`
	Open          int64   `json:"open"`
	Gone          int64   `json:"gone"`
}

type supervisionBoardAnswer struct {
	Body struct {
		Whole coloursOut   `json:"whole"`
		Parts []coloursOut `json:"parts"`
	}
}

func (m *Supervision) apiBoard(ctx context.Context, in *boardIn) (*supervisionBoardAnswer, error) {
	if !m.host.Access.Can(access.From(ctx), MayRead, in.Place) {
		return nil, fault.New(fault.NotFound, "supervision.none")
	}
	board, err := store.Read(ctx, m.host.Store, func(v *store.View) (Board, error) {
		return m.boardOf(v,
			in.Place)
	})
	out := func(c Colours) coloursOut {
		return coloursOut{c.Place, m.places.Name(c.Place), c.Organisations, c.By, c.Open, c.Gone}
	}
	answer := &supervisionBoardAnswer{}
	answer.Body.Whole, answer.Body.Parts = out(board.Whole), []coloursOut{}
	for _, part := range board.Parts {
		answer.Body.Parts = append(answer.Body.Parts, out(part))
	}
	return answer, err
}
