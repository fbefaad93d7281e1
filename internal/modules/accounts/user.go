package accounts

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/mask"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// userView is the page of one user.
type userView struct {
	Account   identity.Account
	State     string // tone
	Place     string
	Phone     string // masked, unless asked for with a reason
	Unmasked  bool
	LockedTo  period.Instant
	Posts     []postView
	SignIns   []audit.SignIn
	Entry     []web.Field
	Proposal  []web.Field
	Self      bool
	CanChange bool
	Provider  bool
	Refusal   *web.Refused
}

func (m *Module) user(r *web.Request) (web.Answer, error) { return m.showUser(r, userView{}, nil) }

// showUser shows the page, with what a form on it has led to.
func (m *Module) showUser(r *web.Request, v userView, refused error) (web.Answer, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	ctx, s := r.Context(), m.host.Identity
	if v.Account, err = s.Account(ctx, r.Actor, id); err != nil {
		return nil, err
	}
	if v.LockedTo, err = s.LockedUntil(ctx, v.Account); err != nil {
		return nil, err
	}
	held, _, err := s.Posts(ctx, r.Actor, identity.PostQuery{Account: id, Limit: 100})
	if err != nil {
		return nil, err
	}
	v.Posts = m.postViews(r, held)
	if r.Can(identity.Audit, v.Account.Place) {
		v.SignIns, _, err = m.host.Audit.SignIns(ctx, r.Actor, audit.SignInQuery{Account: id, Limit: 20})
		if err != nil {
			return nil, err
		}
	}
	if err := m.userForms(r, &v); err != nil {
		return nil, err
	}
	if v.Refusal, err = r.Refused(refused); err != nil {
		return nil, err
	}
	r.ErrorsBeside(refused, v.Entry)
	return web.View("accounts/user", web.Page{Title: v.Account.Name, Data: v, Status: web.StatusOf(refused),
		Trail: usersTrail(r, v.Account.Name)}), nil
}

// userForms fills in what can be changed on the page.
func (m *Module) userForms(r *web.Request, v *userView) error {
	a := v.Account
	phone, err := m.host.Identity.Phone(a)
	if err != nil {
		return err
	}
	if v.Phone = mask.Phone(phone); v.Unmasked {
		v.Phone = phone
	}
	v.State, v.Place = stateTones[a.State], m.whereName(r, a.Place, 0)
	v.Self = a.ID == r.Actor.Account
	v.CanChange = r.Can(identity.Change, a.Place) && a.State != identity.Closed
	v.Provider = m.host.Identity.HasProvider()
	if v.CanChange {
		place := ""
		if a.Place != 0 {
			place = strconv.FormatInt(a.Place, 10)
		}
		v.Entry = m.entryFields(r, identity.Entry{Name: a.Name, Language: a.Language}, place)[1:]
		v.Entry[1].Help = r.T("accounts.phone.keep", mask.Phone(phone))
	}
	if !v.Self && a.State != identity.Closed && !r.Scope(identity.Propose).Empty() {
		v.Proposal, err = m.proposalFields(r)
	}
	return err
}

func (m *Module) amendUser(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	entry, err := m.entry(r)
	if err == nil {
		err = m.host.Identity.Amend(r.Context(), r.Actor, identity.Amendment{ID: id, Version: version,
			Entry: entry, NoPhone: entry.Phone == "" && r.Field("no_phone") == ""})
	}
	if fault.Is(err, fault.Invalid) {
		return m.showUser(r, userView{}, err)
	}
	if err != nil {
		return nil, err
	}
	return withDone(userPath(id), "saved"), nil
}

// unmaskPhone shows the whole phone once, for a reason.
func (m *Module) unmaskPhone(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	a, err := m.host.Identity.Account(r.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	err = m.host.Audit.Unmask(r.Context(), r.Actor, audit.Unmasking{Home: store.City, Place: a.Place,
		Permit: identity.Read, Subject: "account/" + strconv.FormatInt(id, 10), Field: "phone",
		Reason: r.Field("reason")})
	if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Limited) {
		return nil, err
	}
	return m.showUser(r, userView{Unmasked: err == nil}, err)
}

// proposalFields are the fields of a post to propose.
func (m *Module) proposalFields(r *web.Request) ([]web.Field, error) {
	areas, err := m.host.Identity.Places().Areas(r.Context(), r.Today())
	if err != nil {
		return nil, err
	}
	var areaOptions []web.Option
	for _, a := range areas {
		areaOptions = append(areaOptions, web.Option{Value: strconv.FormatInt(a.ID, 10), Text: a.Name})
	}
	since := r.Field("since")
	if since == "" {
		since = string(r.Today())
	}
	fields := []web.Field{
		{Name: "role", Label: r.T("accounts.post.role"), Kind: "choice", Value: r.Field("role"),
			Required: true,
			Options:  m.proposable(r)},
		{Name: "at", Label: r.T("accounts.post.place"), Kind: "text", Value: r.Field("at"),
			Help: r.T("accounts.post.place.help"), Suggest: "/places/suggest"},
	}
	if len(areaOptions) > 0 {
		fields = append(fields, web.Field{Name: "area", Label: r.T("accounts.post.area"), Kind: "choice",
			Value: r.Field("area"), Options: areaOptions})
	}
	return append(fields,
		web.Field{Name: "since", Label: r.T("accounts.post.since"), Kind: "date", Value: since,
			Required: true},
		web.Field{Name: "last", Label: r.T("accounts.post.last"), Kind: "date", Value: r.Field("last"),
			Help: r.T("accounts.post.last.help")},
		web.Field{Name: "document", Label: r.T("accounts.post.document"), Kind: "text",
			Value: r.Field("document"), Required: true}), nil
}

// proposable are the roles, with the level at which each is held.
func (m *Module) proposable(r *web.Request) []web.Option {
	all := []web.Option{{}} // nothing is chosen for the administrator
	for _, role := range m.host.Access.Roles() {
		text := role.Title.In(r.Language)
		if role.Level != 0 {
			text += "（" + r.T("accounts.level."+role.Level.String()) + "）"
		}
		all = append(all, web.Option{Value: role.Key, Text: text})
	}
	return all
}

func (m *Module) propose(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	p, err := m.proposal(r)
	p.Account = id
	var post identity.Post
	if err == nil {
		post, err = m.host.Identity.Propose(r.Context(), r.Actor, p)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return m.showUser(r, userView{}, err)
	}
	if err != nil {
		return nil, err
	}
	if post.State == identity.Approved {
		return withDone(userPath(id), "first_security"), nil
	}
	return withDone(userPath(id), "proposed"), nil
}

// proposal reads the form. People name the last day; a post keeps the first day after it.
func (m *Module) proposal(r *web.Request) (identity.Proposal, error) {
	p := identity.Proposal{Role: r.Field("role"), Document: r.Field("document")}
	var err error
	if p.Place, err = m.placeOf(r.Context(), r.Field("at")); err != nil {
		return p, err
	}
	if p.Area, err = r.Number("area"); err != nil {
		return p, err
	}
	if p.Since, err = r.Date("since"); err != nil {
		return p, err
	}
	last, err := r.Date("last")
	if err == nil && last != "" {
		p.Until = last.AddDays(1)
	}
	return p, err
}

// may reports whether the actor could decide about a proposed post at all.
func may(r *web.Request, p identity.Post, permit access.Permit) bool {
	return r.Can(permit, p.Place)
}
