package accounts

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// userRow is a line of the list of users.
type userRow struct {
	identity.AccountShown
	posts []identity.Post
}

var stateTones = map[identity.State]string{identity.Active: "done", identity.Locked: "due",
	identity.Closed: "stopped"}

func (m *Module) users(r *web.Request) (web.Answer, error) {
	list := web.List[userRow]{
		Name: "accounts.users",
		Columns: []web.Column[userRow]{
			{Key: "login", Cell: func(u userRow) web.Cell {
				return web.Cell{Text: u.Login, Href: userPath(u.ID)}
			}},
			{Key: "name", Cell: func(u userRow) web.Cell { return web.Cell{Text: u.Name} }},
			{Key: "state", Cell: func(u userRow) web.Cell {
				return web.Cell{Text: r.T("accounts.state." + string(u.State)), Status: stateTones[u.State]}
			}},
			{Key: "posts", Cell: func(u userRow) web.Cell {
				var all []string
				for _, p := range u.posts {
					all = append(all, m.roleName(r, p.Role)+" · "+m.whereName(r, p.Place, p.Area))
				}
				return web.Cell{Text: strings.Join(all, r.T("finding.separator"))}
			}},
			{Key: "place", Cell: func(u userRow) web.Cell {
				return web.Cell{Text: m.whereName(r, u.Place, 0)}
			}},
			{Key: "signed_in",
				Cell: func(u userRow) web.Cell { return web.Cell{Text: u.SignedIn.String()} }},
			{Key: "created", Hidden: true, Cell: func(u userRow) web.Cell {
				return web.Cell{Text: u.Created.String()}
			}},
		},
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter},
			{Key: "state", Kind: web.Choice, Options: stateOptions(r)},
			{Key: "role", Kind: web.Choice, Options: m.roleOptions(r)},
			{Key: "place", Kind: web.PlaceFilter}},
		Sorts:     []string{"login", "newest"},
		AboveView: "accounts/users-above",
		Above:     r.Scope(identity.Change).Empty(),
		Load:      m.loadUsers(r),
	}
	return list.Answer(r)
}

func (m *Module) loadUsers(r *web.Request) func(context.Context, web.Query) (web.Rows[userRow], error) {
	return func(ctx context.Context, q web.Query) (web.Rows[userRow], error) {
		var rows web.Rows[userRow]
		ask := identity.AccountQuery{Text: q.Filter["q"], State: identity.State(q.Filter["state"]),
			Role: q.Filter["role"], Newest: q.Sort == "newest", After: q.After, Limit: q.Limit}
		var err error
		if ask.Place, err = m.placeOf(ctx, q.Filter["place"]); err != nil {
			return rows, err
		}
		list, total, err := m.host.Identity.Accounts(ctx, r.Actor, ask)
		if err != nil {
			return rows, err
		}
		ids := make([]int64, len(list))
		for i, a := range list {
			ids[i] = a.ID
		}
		held, err := m.host.Identity.HeldBy(ctx, ids)
		for _, a := range list {
			rows.Items = append(rows.Items, userRow{a, held[a.ID]})
		}
		rows.Total.N = total
		if n := len(list); n == q.Limit {
			rows.Next = list[n-1].Login
			if ask.Newest {
				rows.Next = strconv.FormatInt(list[n-1].ID, 10)
			}
		}
		return rows, err
	}
}

func stateOptions(r *web.Request) []web.Option {
	var all []web.Option
	for _, s := range []identity.State{identity.Active, identity.Locked, identity.Closed} {
		all = append(all, web.Option{Value: string(s), Text: r.T("accounts.state." + string(s))})
	}
	return all
}

func (m *Module) roleOptions(r *web.Request) []web.Option {
	var all []web.Option
	for _, role := range m.host.Access.Roles() {
		all = append(all, web.Option{Value: role.Key, Text: role.Title.In(r.Language)})
	}
	return all
}

// roleName is a role in words; of one the pack no longer has, the key.
func (m *Module) roleName(r *web.Request, key string) string {
	if role, known := m.host.Access.Role(key); known {
		return role.Title.In(r.Language)
	}
	return key
}

// whereName is a place, an area, or the installation.
func (m *Module) whereName(r *web.Request, place, area int64) string {
	switch {
	case area != 0:
		areas, err := m.host.Identity.Places().Areas(r.Context(), r.Today())
		for _, a := range areas {
			if err == nil && a.ID == area {
				return a.Name
			}
		}
		return r.T("accounts.area", area)
	case place == 0:
		return r.T("accounts.installation")
	}
	if name := m.host.Identity.Places().Name(place); name != "" {
		return name
	}
	return r.T("accounts.place", place)
}

// placeOf is the place that a person means; nothing entered is none.
func (m *Module) placeOf(ctx context.Context, text string) (int64, error) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, nil
	}
	return m.host.Identity.Places().Find(ctx, text)
}

// userForm is the page on which a user is created.
type userForm struct {
	Fields  []web.Field
	Refusal *web.Refused
}

func (m *Module) newUserPage(r *web.Request) (web.Answer, error) {
	return m.showUserForm(r, m.ownPlace(r), nil)
}

// ownPlace is where new users are put unless somebody says otherwise: the place of the
// administrator's own post.
func (m *Module) ownPlace(r *web.Request) string {
	for _, p := range r.Actor.Posts {
		if p.Place != 0 && r.Can(identity.Change, p.Place) {
			return strconv.FormatInt(p.Place, 10)
		}
	}
	return ""
}

func (m *Module) showUserForm(r *web.Request, place string, refused error) (web.Answer, error) {
	refusal, err := r.Refused(refused)
	if err != nil {
		return nil, err
	}
	v := userForm{Refusal: refusal, Fields: m.entryFields(r, identity.Entry{Login: r.Field("login"),
		Name: r.Field("name"), Phone: r.Field("phone"), Language: r.Field("language")}, place)}
	r.ErrorsBeside(refused, v.Fields)
	return web.View("accounts/user-new", web.Page{Title: r.T("accounts.users.new"), Data: v,
		Status: web.StatusOf(refused), Trail: usersTrail(r, "")}), nil
}

func usersTrail(r *web.Request, name string) []web.Crumb {
	trail := []web.Crumb{{Text: r.T("accounts.menu.users"), Href: "/users"}}
	if name != "" {
		trail = append(trail, web.Crumb{Text: name})
	}
	return trail
}

// entryFields are the fields of what an administrator enters of a person.
func (m *Module) entryFields(r *web.Request, e identity.Entry, place string) []web.Field {
	return []web.Field{
		{Name: "login", Label: r.T("accounts.login"), Kind: "text", Value: e.Login, Required: true,
			Help: r.T("identity.entry.login"), Complete: "off"},
		{Name: "name", Label: r.T("accounts.name"), Kind: "text", Value: e.Name, Required: true,
			Complete: "off"},
		{Name: "phone", Label: r.T("accounts.phone"), Kind: "tel", Value: e.Phone, Complete: "off"},
		{Name: "place", Label: r.T("accounts.user.place"), Kind: "text", Value: place,
			Help: r.T("accounts.user.place.help"), Suggest: "/places/suggest"},
		{Name: "language", Label: r.T("accounts.language"), Kind: "choice", Value: e.Language,
			Options: []web.Option{{Value: "zh", Text: "中文"}, {Value: "en", Text: "English"}}},
	}
}

// entry reads the form.
func (m *Module) entry(r *web.Request) (identity.Entry, error) {
	place, err := m.placeOf(r.Context(), r.Field("place"))
	return identity.Entry{Login: r.Field("login"), Name: r.Field("name"), Phone: r.Field("phone"),
		Language: r.Field("language"), Place: place}, err
}

func (m *Module) createUser(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	entry, err := m.entry(r)
	if err != nil {
		return m.showUserForm(r, r.Field("place"), err)
	}
	made, oneTime, err := m.host.Identity.Create(r.Context(), r.Actor, entry)
	switch {
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound):
		return m.showUserForm(r, r.Field("place"), err)
	case err != nil:
		return nil, err
	}
	return m.showOneTime(r, made.Login, oneTime, userPath(made.ID)), nil
}

// showOneTime shows a one-time password, this once.
func (m *Module) showOneTime(r *web.Request, login, password, next string) web.Answer {
	hours := int(m.host.Identity.Policy().OneTimeTime.Hours())
	return showSecret(r, r.T("accounts.one_time"), secretView{r.T("accounts.one_time.once", login, hours),
		[]string{password}, next})
}

// act is something done to one account.
type act func(ctx context.Context, actor access.Actor, r *web.Request, id int64) (done string, err error)

// actOn is the answer to a form that does something to an account.
func (m *Module) actOn(do act) func(*web.Request) (web.Answer, error) {
	return func(r *web.Request) (web.Answer, error) {
		if err := r.Posted(); err != nil {
			return nil, err
		}
		id, err := r.ID("id")
		if err != nil {
			return nil, err
		}
		done, err := do(r.Context(), r.Actor, r, id)
		if err != nil {
			return nil, err
		}
		return withDone(userPath(id), done), nil
	}
}

func (m *Module) lock(ctx context.Context, a access.Actor, _ *web.Request, id int64) (string, error) {
	return "locked", m.host.Identity.Lock(ctx, a, id)
}

func (m *Module) unlock(ctx context.Context, a access.Actor, _ *web.Request, id int64) (string, error) {
	return "unlocked", m.host.Identity.Unlock(ctx, a, id)
}

func (m *Module) close(ctx context.Context, a access.Actor, _ *web.Request, id int64) (string, error) {
	return "closed", m.host.Identity.Close(ctx, a, id)
}

func (m *Module) resetFactor(ctx context.Context, a access.Actor, _ *web.Request, id int64) (string,
	error) {
	return "factor_cleared", m.host.Identity.ResetSecond(ctx, a, id)
}

func (m *Module) link(ctx context.Context, a access.Actor, r *web.Request, id int64) (string, error) {
	return "linked", m.host.Identity.Link(ctx, a, id, r.Field("subject"))
}

func (m *Module) resetPassword(r *web.Request) (web.Answer, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	oneTime, err := m.host.Identity.ResetPassword(r.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	a, err := m.host.Identity.Account(r.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	return m.showOneTime(r, a.Login, oneTime, userPath(id)), nil
}
