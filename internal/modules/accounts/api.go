package accounts

import (
	"context"
	"net/http"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/mask"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// endpoints are the operations. What administrators do needs the session of a signed-in person: an
// API token never carries an administrator's permits.
func (m *Module) endpoints(a *api.API) {
	mine, read, change := web.SignedIn(), web.Permitted(identity.Read), web.Permitted(identity.Change)
	op := func(method, path, id, summary string, need web.Access) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: "accounts",
			Access: need}
	}
	get, post := http.MethodGet, http.MethodPost
	api.Add(a, op(get, "/me", "getMe", "Who you are, your posts and what they permit.", mine), m.apiMe)
	api.Add(a, op(get, "/me/sessions", "listMySessions", "Your sign-ins that have not ended.", mine),
		m.apiSessions)
	api.Add(a, op(http.MethodDelete, "/me/sessions/{id}", "endMySession", "End one of your sign-ins.",
		mine),
		m.apiEndSession)
	api.Add(a, op(get, "/users", "listUsers", "Accounts you look after, by login.", read), m.apiUsers)
	api.Add(a, op(get, "/users/{id}", "getUser", "An account.", read), m.apiUser)
	create := op(post, "/users", "createUser", "Create an account with a one-time password.", change)
	create.Status = http.StatusCreated
	api.Add(a, create, m.apiCreate)
	api.Add(a, op(post, "/users/{id}/acts", "actOnUser", "Lock, unlock, close or reset an account.",
		change),
		m.apiActOnUser)
	api.Add(a, op(get, "/posts", "listPosts", "Posts at your places, newest first.", read), m.apiPosts)
	propose := op(post, "/posts", "proposePost", "Propose a post; another person approves it.",
		web.Permitted(identity.Propose))
	propose.Status = http.StatusCreated
	api.Add(a, propose, m.apiPropose)
	api.Add(a, op(post, "/posts/{id}/acts", "actOnPost", "Approve, refuse or end a post.", read),
		m.apiActOnPost)
}

// userBody is an account as programs see it. The phone is masked.
type userBody struct {
	ID         int64  `json:"id"`
	Version    int64  `json:"version"`
	Login      string `json:"login"`
	Name       string `json:"name"`
	Phone      string `json:"phone,omitempty" doc:"Masked."`
	Place      int64  `json:"place" doc:"Whose administrators look after it; 0: the installation's."`
	State      string `json:"state" enum:"active,locked,closed"`
	MustChange bool   `json:"must_change_password"`
	Created    string `json:"created" doc:"RFC 3339."`
}

func (m *Module) userBody(a identity.Account) (userBody, error) {
	phone, err := m.host.Identity.Phone(a)
	return userBody{a.ID, a.Version, a.Login, a.Name, mask.Phone(phone), a.Place, string(a.State),
		a.MustChange, rfc3339(a.Created)}, err
}

func rfc3339(at period.Instant) string { return at.Time().Format("2006-01-02T15:04:05Z07:00") }

// postBody is a post as programs see it.
type postBody struct {
	ID       int64       `json:"id"`
	Version  int64       `json:"version"`
	Account  int64       `json:"account"`
	Role     string      `json:"role"`
	Place    int64       `json:"place,omitempty"`
	Area     int64       `json:"area,omitempty"`
	Since    period.Date `json:"since"`
	Until    period.Date `json:"until,omitempty" doc:"The first day it no longer holds; absent: no end."`
	Document string      `json:"document,omitempty"`
	Standing string      `json:"standing" enum:"proposed,in_force,coming,over,refused"`
}

func (m *Module) postBody(p identity.Post) postBody {
	b := postBody{p.ID, p.Version, p.Account, p.Role, p.Place, p.Area, p.Since, p.Until, p.Document,
		p.Standing(m.host.Today())}
	if p.Until == period.Open {
		b.Until = ""
	}
	return b
}

type meBody struct {
	Account int64           `json:"account"`
	Login   string          `json:"login"`
	Name    string          `json:"name"`
	Token   bool            `json:"token" doc:"You act with an API token."`
	Posts   []mePost        `json:"posts"`
	Permits []access.Permit `json:"permits" doc:"What you may do somewhere."`
}

type mePost struct {
	ID    int64  `json:"id"`
	Role  string `json:"role"`
	Place int64  `json:"place,omitempty"`
	Area  int64  `json:"area,omitempty"`
}

type meOutput struct{ Body meBody }

func (m *Module) apiMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	actor := access.From(ctx)
	b := meBody{Account: actor.Account, Login: actor.Login, Name: actor.Name, Token: actor.Token != 0,
		Posts: []mePost{}, Permits: []access.Permit{}}
	seen := map[access.Permit]bool{}
	for _, p := range actor.Posts {
		b.Posts = append(b.Posts, mePost{p.ID, p.Role, p.Place, p.Area})
		role, _ := m.host.Access.Role(p.Role)
		for _, permit := range role.Permits {
			if !seen[permit] && m.host.Access.CanSomewhere(actor, permit) {
				seen[permit] = true
				b.Permits = append(b.Permits, permit)
			}
		}
	}
	return &meOutput{b}, nil
}

type sessionBody struct {
	ID      int64  `json:"id"`
	Current bool   `json:"current"`
	Created string `json:"created"`
	Seen    string `json:"seen" doc:"To the minute."`
	Address string `json:"address"`
	Agent   string `json:"agent"`
}

func (m *Module) apiSessions(ctx context.Context, _ *struct{}) (*api.List[sessionBody], error) {
	actor := access.From(ctx)
	all, err := m.host.Identity.Sessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	var rows []sessionBody
	for _, s := range all {
		rows = append(rows, sessionBody{s.ID, s.ID == actor.Session, rfc3339(s.Created), rfc3339(s.Seen),
			s.Address, s.Agent})
	}
	return api.Listed(api.Paged{}, rows, ""), nil
}

// Numbered is the number in a path. It is exported because embedded fields are filled only so.
type Numbered struct {
	ID int64 `path:"id" minimum:"1"`
}

func (m *Module) apiEndSession(ctx context.Context, in *Numbered) (*struct{}, error) {
	actor := access.From(ctx)
	if actor.Session == 0 {
		return nil, fault.New(fault.Forbidden, "identity.not_by_token")
	}
	return nil, m.host.Identity.EndSession(ctx, actor, in.ID)
}

func (m *Module) apiUsers(ctx context.Context, in *struct {
	api.Paged
	Text  string `query:"q" maxLength:"100" doc:"In login or name."`
	State string `query:"state" enum:"active,locked,closed"`
	Role  string `query:"role" maxLength:"100" doc:"Held today."`
	Place int64  `query:"place" minimum:"0" doc:"With a post in force there or below."`
}) (*api.List[userBody], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	list, _, err := m.host.Identity.Accounts(ctx, access.From(ctx), identity.AccountQuery{Text: in.Text,
		State: identity.State(in.State), Role: in.Role, Place: in.Place, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = list[in.Limit-1].Login
	}
	var rows []userBody
	for _, a := range list {
		b, err := m.userBody(a.Account)
		if err != nil {
			return nil, err
		}
		rows = append(rows, b)
	}
	return api.Listed(in.Paged, rows, next), nil
}

type userOutput struct {
	ETag string `header:"ETag"`
	Body userBody
}

func (m *Module) apiUser(ctx context.Context, in *Numbered) (*userOutput, error) {
	a, err := m.host.Identity.Account(ctx, access.From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	b, err := m.userBody(a)
	return &userOutput{api.ETag(a.Version), b}, err
}

type userActBody struct {
	User     *userBody `json:"user,omitempty"`
	Password string    `json:"one_time_password,omitempty" doc:"Shown this once."`
}

type userActOutput struct{ Body userActBody }

func (m *Module) apiCreate(ctx context.Context, in *struct {
	Body struct {
		Login    string `json:"login" maxLength:"64"`
		Name     string `json:"name" maxLength:"200"`
		Phone    string `json:"phone,omitempty" maxLength:"40"`
		Place    int64  `json:"place,omitempty" minimum:"0"`
		Language string `json:"language,omitempty" enum:"zh,en"`
	}
}) (*userActOutput, error) {
	b := in.Body
	made, oneTime, err := m.host.Identity.Create(ctx, access.From(ctx), identity.Entry{Login: b.Login,
		Name: b.Name, Phone: b.Phone, Place: b.Place, Language: b.Language})
	if err != nil {
		return nil, err
	}
	user, err := m.userBody(made)
	return &userActOutput{userActBody{&user, oneTime}}, err
}

func (m *Module) apiActOnUser(ctx context.Context, in *struct {
	Numbered
	Body struct {
		Act string `json:"act" enum:"lock,unlock,close,reset_password,reset_second_factor"`
	}
}) (*userActOutput, error) {
	actor, s := access.From(ctx), m.host.Identity
	var out userActOutput
	var err error
	switch in.Body.Act {
	case "lock":
		err = s.Lock(ctx, actor, in.ID)
	case "unlock":
		err = s.Unlock(ctx, actor, in.ID)
	case "close":
		err = s.Close(ctx, actor, in.ID)
	case "reset_password":
		out.Body.Password, err = s.ResetPassword(ctx, actor, in.ID)
	case "reset_second_factor":
		err = s.ResetSecond(ctx, actor, in.ID)
	}
	return &out, err
}

func (m *Module) apiPosts(ctx context.Context, in *struct {
	api.Paged
	Account int64  `query:"account" minimum:"0"`
	State   string `query:"state" enum:"proposed,in_force,coming,over,refused"`
	Role    string `query:"role" maxLength:"100"`
	Place   int64  `query:"place" minimum:"0" doc:"There or below."`
}) (*api.List[postBody], error) {
	cursor, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	after, err := cursorNumber(cursor)
	if err != nil {
		return nil, err
	}
	list, _, err := m.host.Identity.Posts(ctx, access.From(ctx), identity.PostQuery{Account: in.Account,
		State: in.State, Role: in.Role, Place: in.Place, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = strconv.FormatInt(list[in.Limit-1].ID, 10)
	}
	var rows []postBody
	for _, p := range list {
		rows = append(rows, m.postBody(p.Post))
	}
	return api.Listed(in.Paged, rows, next), nil
}

type postOutput struct {
	ETag string `header:"ETag"`
	Body postBody
}

func (m *Module) apiPropose(ctx context.Context, in *struct {
	Body struct {
		Account  int64  `json:"account" minimum:"1"`
		Role     string `json:"role" maxLength:"100"`
		Place    int64  `json:"place,omitempty" minimum:"0"`
		Area     int64  `json:"area,omitempty" minimum:"0"`
		Since    string `json:"since" maxLength:"10" doc:"2026-11-23"`
		Until    string `json:"until,omitempty" maxLength:"10" doc:"The first day it no longer holds."`
		Document string `json:"document" maxLength:"200"`
	}
}) (*postOutput, error) {
	b := in.Body
	p, err := m.host.Identity.Propose(ctx, access.From(ctx), identity.Proposal{Account: b.Account,
		Role: b.Role, Place: b.Place, Area: b.Area, Since: period.Date(b.Since),
		Until:    period.Date(b.Until),
		Document: b.Document})
	if err != nil {
		return nil, err
	}
	return &postOutput{api.ETag(p.Version), m.postBody(p)}, nil
}

func (m *Module) apiActOnPost(ctx context.Context, in *struct {
	Numbered
	api.Matching
	Body struct {
		Act    string `json:"act" enum:"approve,refuse,end"`
		Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Needed for refuse and end."`
		On     string `json:"on,omitempty" maxLength:"10" doc:"end: first day it no longer holds."`
	}
}) (*postOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	do := map[string]decider{"approve": m.approve, "refuse": m.refuse, "end": m.end}[in.Body.Act]
	actor := access.From(ctx)
	if err := do(ctx, actor, identity.Decision{Post: in.ID, Version: version, Reason: in.Body.Reason,
		On: period.Date(in.Body.On)}); err != nil {
		return nil, err
	}
	p, err := m.host.Identity.Post(ctx, in.ID)
	return &postOutput{api.ETag(p.Version), m.postBody(p)}, err
}
