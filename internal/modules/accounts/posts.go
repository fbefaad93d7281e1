package accounts

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// postView is a post as pages show it.
type postView struct {
	identity.PostShown
	RoleName string
	Where    string
	Standing string
	Tone     string
	Last     period.Date // the last day it holds; "" no end
	CanEnd   bool
	Decide   bool // the reader may approve and refuse
	TakeBack bool // the reader proposed it
}

var postTones = map[string]string{"proposed": "waiting", "in_force": "done", "coming": "draft",
	"over": "stopped", "refused": "stopped"}

func (m *Module) postView(r *web.Request, p identity.PostShown) postView {
	standing := p.Standing(r.Today())
	v := postView{PostShown: p, RoleName: m.roleName(r, p.Role), Where: m.whereName(r, p.Place, p.Area),
		Standing: r.T("accounts.standing." + standing), Tone: postTones[standing]}
	if p.Until != period.Open {
		v.Last = p.Until.AddDays(-1)
	}
	end := identity.End
	if role, _ := m.host.Access.Role(p.Role); role.Administrator != "" {
		end = identity.Approve
	}
	v.CanEnd = (standing == "in_force" || standing == "coming") && may(r, p.Post, end)
	if standing == "proposed" {
		v.TakeBack = p.ProposedBy == r.Actor.Account
		v.Decide = !v.TakeBack && p.Account != r.Actor.Account && may(r, p.Post, identity.Approve)
	}
	return v
}

func (m *Module) postViews(r *web.Request, all []identity.PostShown) []postView {
	var views []postView
	for _, p := range all {
		views = append(views, m.postView(r, p))
	}
	return views
}

func (m *Module) posts(r *web.Request) (web.Answer, error) {
	list := m.postList(r, "accounts.posts")
	var standings []web.Option
	for _, s := range identity.Standings() {
		standings = append(standings, web.Option{Value: s, Text: r.T("accounts.standing." + s)})
	}
	list.Filters = []web.Filter{{Key: "state", Kind: web.Choice, Options: standings},
		{Key: "role", Kind: web.Choice, Options: m.roleOptions(r)}, {Key: "place", Kind: web.PlaceFilter}}
	return list.Answer(r)
}

// pending are the posts that wait for approval, to be decided one by one or many at once.
func (m *Module) pending(r *web.Request) (web.Answer, error) {
	list := m.postList(r, "accounts.pending")
	load := list.Load
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[postView], error) {
		q.Filter["state"] = "proposed"
		return load(ctx, q)
	}
	if !r.Scope(identity.Approve).Empty() {
		list.RowID = func(p postView) string {
			return strconv.FormatInt(p.Post.ID, 10) + "-" + strconv.FormatInt(p.Post.Version, 10)
		}
		list.Bulk = []web.Bulk{{Key: "accounts.approve", Action: "/posts/approve"},
			{Key: "accounts.refuse", Action: "/posts/refuse", Reason: true}}
	}
	return list.Answer(r)
}

func (m *Module) postList(r *web.Request, name string) web.List[postView] {
	return web.List[postView]{Name: name, Load: m.loadPosts(r), AboveView: "accounts/posts-above",
		Above: r.URL.Path,
		Columns: []web.Column[postView]{
			{Key: "name", Cell: func(p postView) web.Cell {
				return web.Cell{Text: p.Name, Href: userPath(p.Account)}
			}},
			{Key: "login", Cell: func(p postView) web.Cell { return web.Cell{Text: p.Login} }},
			{Key: "role", Cell: func(p postView) web.Cell { return web.Cell{Text: p.RoleName} }},
			{Key: "where", Cell: func(p postView) web.Cell { return web.Cell{Text: p.Where} }},
			{Key: "since", Cell: func(p postView) web.Cell { return web.Cell{Text: string(p.Since)} }},
			{Key: "last", Cell: func(p postView) web.Cell { return web.Cell{Text: string(p.Last)} }},
			{Key: "document", Cell: func(p postView) web.Cell { return web.Cell{Text: p.Document} }},
			{Key: "standing", Cell: func(p postView) web.Cell {
				return web.Cell{Text: p.Standing, Status: p.Tone}
			}},
			{Key: "proposer", Cell: func(p postView) web.Cell {
				return web.Cell{Text: m.who(r, p.ProposedBy, p.Proposer)}
			}},
			{Key: "decider", Hidden: true, Cell: func(p postView) web.Cell {
				if p.DecidedAt == 0 {
					return web.Cell{}
				}
				return web.Cell{Text: m.who(r, p.DecidedBy, p.Decider)}
			}},
		}}
}

// who is a person's name, or the program.
func (m *Module) who(r *web.Request, account int64, name string) string {
	if account == 0 {
		return r.T("accounts.program")
	}
	return name
}

func (m *Module) loadPosts(r *web.Request) func(context.Context, web.Query) (web.Rows[postView], error) {
	return func(ctx context.Context, q web.Query) (web.Rows[postView], error) {
		var rows web.Rows[postView]
		ask := identity.PostQuery{State: q.Filter["state"], Role: q.Filter["role"], Limit: q.Limit}
		var err error
		if ask.Place, err = m.placeOf(ctx, q.Filter["place"]); err != nil {
			return rows, err
		}
		if ask.After, err = cursorNumber(q.After); err != nil {
			return rows, err
		}
		list, total, err := m.host.Identity.Posts(ctx, r.Actor, ask)
		if err != nil {
			return rows, err
		}
		rows.Items, rows.Total.N = m.postViews(r, list), total
		if n := len(list); n == q.Limit {
			rows.Next = strconv.FormatInt(list[n-1].ID, 10)
		}
		return rows, nil
	}
}

// cursorNumber reads the number at which a page ended.
func cursorNumber(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "web.cursor").Because(err)
	}
	return n, nil
}

// decider is one of approving, refusing and ending.
type decider func(context.Context, access.Actor, identity.Decision) error

func (m *Module) approve(ctx context.Context, a access.Actor, d identity.Decision) error {
	return m.host.Identity.ApprovePost(ctx, a, d)
}

func (m *Module) refuse(ctx context.Context, a access.Actor, d identity.Decision) error {
	return m.host.Identity.RefusePost(ctx, a, d)
}

func (m *Module) end(ctx context.Context, a access.Actor, d identity.Decision) error {
	return m.host.Identity.EndPost(ctx, a, d)
}

// decide answers a form about one post, on the page of its user.
func (m *Module) decide(do decider, done string) func(*web.Request) (web.Answer, error) {
	return func(r *web.Request) (web.Answer, error) {
		if err := r.Posted(); err != nil {
			return nil, err
		}
		d := identity.Decision{Reason: r.Field("reason")}
		var err error
		if d.Post, err = r.ID("id"); err != nil {
			return nil, err
		}
		if d.Version, err = r.Number("version"); err != nil {
			return nil, err
		}
		last, err := r.Date("last")
		if err != nil {
			return nil, err
		}
		if last != "" {
			d.On = last.AddDays(1)
		}
		if err := do(r.Context(), r.Actor, d); err != nil {
			return nil, err
		}
		return withDone(web.LocalPath(r.Field("back")), done), nil
	}
}

// decideMany decides the chosen posts one after the other; what is refused stands in the answer.
func (m *Module) decideMany(do decider) func(*web.Request) (web.Answer, error) {
	return func(r *web.Request) (web.Answer, error) {
		if err := r.Posted(); err != nil {
			return nil, err
		}
		if len(r.PostForm["row"]) == 0 {
			return nil, fault.New(fault.Invalid, "accounts.none_chosen")
		}
		v := outcomeView{Back: web.LocalPath(r.Field("back"))}
		for _, row := range r.PostForm["row"] {
			d, err := parseDecision(row)
			if err == nil {
				d.Reason = r.Field("reason")
				err = do(r.Context(), r.Actor, d)
			}
			if err == nil {
				v.Done++
				continue
			}
			refusal, err := r.Refused(err)
			if err != nil {
				return nil, err
			}
			v.Refused = append(v.Refused, outcome{d.Post, refusal})
		}
		return web.View("accounts/outcome", web.Page{Title: r.T("accounts.outcome"), Data: v}), nil
	}
}

// outcomeView is what became of a decision about many.
type outcomeView struct {
	Done    int
	Refused []outcome
	Back    string
}

type outcome struct {
	Post    int64
	Refusal *web.Refused
}

// parseDecision reads "number-version" as the boxes carry it.
func parseDecision(text string) (identity.Decision, error) {
	var d identity.Decision
	bad := fault.New(fault.Invalid, "accounts.none_chosen")
	for i := range len(text) {
		if text[i] != '-' {
			continue
		}
		var err error
		if d.Post, err = strconv.ParseInt(text[:i], 10, 64); err != nil {
			return d, bad
		}
		if d.Version, err = strconv.ParseInt(text[i+1:], 10, 64); err != nil || d.Version < 1 {
			return d, bad
		}
		return d, nil
	}
	return d, bad
}

// strandedView is a post at an abolished place with the places that may follow.
type strandedView struct {
	postView
	Successors []web.Option
}

func (m *Module) abolished(r *web.Request) (web.Answer, error) {
	all, err := m.host.Identity.Succession(r.Context(), r.Actor)
	if err != nil {
		return nil, err
	}
	var views []strandedView
	for _, s := range all {
		v := strandedView{postView: m.postView(r, s.PostShown)}
		for _, place := range s.Successors {
			v.Successors = append(v.Successors, web.Option{Value: strconv.FormatInt(place, 10),
				Text: m.whereName(r, place, 0)})
		}
		views = append(views, v)
	}
	return web.View("accounts/abolished", web.Page{Title: r.T("accounts.abolished"), Data: views,
		Wide: true}), nil
}

func (m *Module) succeed(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	place, err := r.Number("place")
	if err != nil {
		return nil, err
	}
	if err := m.host.Identity.Succeed(r.Context(), r.Actor, id, place, r.Field("document")); err != nil {
		return nil, err
	}
	return withDone("/posts/abolished", "proposed"), nil
}
