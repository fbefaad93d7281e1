package accounts

import (
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/mask"
)

// own is a person's page about themselves.
type own struct {
	Account   identity.Account
	Phone     string // masked
	Posts     []postView
	Sessions  []sessionView
	SignIns   []audit.SignIn
	Tokens    []identity.Token
	Grantable []access.Permit
	HasFactor bool
	NeedsOne  bool
	TokenDay  string
}

type sessionView struct {
	identity.Session
	Current bool
}

func (m *Module) account(r *web.Request) (web.Answer, error) {
	ctx, s := r.Context(), m.host.Identity
	v := own{Grantable: s.Grantable(r.Actor), TokenDay: string(r.Today().AddDays(90))}
	var err error
	if v.Account, err = s.Self(ctx, r.Actor); err != nil {
		return nil, err
	}
	phone, err := s.Phone(v.Account)
	if err != nil {
		return nil, err
	}
	v.Phone = mask.Phone(phone)
	held, _, err := s.Posts(ctx, r.Actor, identity.PostQuery{Account: r.Actor.Account, Limit: 50})
	if err != nil {
		return nil, err
	}
	v.Posts = m.postViews(r, held)
	open, err := s.Sessions(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	for _, one := range open {
		v.Sessions = append(v.Sessions, sessionView{one, one.ID == r.Actor.Session})
	}
	if v.SignIns, _, err = m.host.Audit.SignIns(ctx, r.Actor, audit.SignInQuery{Account: r.Actor.Account,
		Limit: 10}); err != nil {
		return nil, err
	}
	if v.Tokens, err = s.Tokens(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.HasFactor, v.NeedsOne, err = s.Second(ctx, r.Actor); err != nil {
		return nil, err
	}
	return web.View("accounts/account", web.Page{Title: r.T("web.account"), Data: v}), nil
}

// passwordForm is the page on which one changes one's password.
type passwordForm struct {
	Fields  []web.Field
	Forced  bool
	Policy  identity.Policy
	Refusal *web.Refused
}

func (m *Module) passwordPage(r *web.Request) (web.Answer, error) { return m.showPassword(r, nil) }

func (m *Module) showPassword(r *web.Request, refused error) (web.Answer, error) {
	a, err := m.host.Identity.Self(r.Context(), r.Actor)
	if err != nil {
		return nil, err
	}
	refusal, err := r.Refused(refused)
	if err != nil {
		return nil, err
	}
	v := passwordForm{Forced: a.MustChange, Policy: m.host.Identity.Policy(), Refusal: refusal,
		Fields: []web.Field{
			{Name: "old", Label: r.T("accounts.password.old"), Kind: "password", Required: true,
				Complete: "current-password"},
			{Name: "new", Label: r.T("accounts.password.new"), Kind: "password", Required: true,
				Complete: "new-password"},
			{Name: "again", Label: r.T("accounts.password.again"), Kind: "password", Required: true,
				Complete: "new-password"},
		}}
	return web.View("accounts/password", web.Page{Title: r.T("accounts.password.change"), Data: v,
		Status: web.StatusOf(refused)}), nil
}

func (m *Module) changePassword(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	if r.PostFormValue("new") != r.PostFormValue("again") {
		return m.showPassword(r, differ())
	}
	token, err := m.host.Identity.ChangePassword(r.Context(), r.Actor, identity.PasswordChange{
		Old: r.PostFormValue("old"), New: r.PostFormValue("new"), Client: client(r)})
	if err != nil {
		return m.showPassword(r, err)
	}
	return web.WithCookie(withDone("/account", "password_changed"), m.host.Identity.Cookie(token)), nil
}

func (m *Module) endSession(r *web.Request) (web.Answer, error) {
	id, err := r.ID("id")
	if err == nil {
		err = m.host.Identity.EndSession(r.Context(), r.Actor, id)
	}
	if err != nil {
		return nil, err
	}
	return withDone("/account", "session_ended"), nil
}

func (m *Module) endOthers(r *web.Request) (web.Answer, error) {
	if err := m.host.Identity.EndOtherSessions(r.Context(), r.Actor); err != nil {
		return nil, err
	}
	return withDone("/account", "session_ended"), nil
}

// secretView is a page that shows something once.
type secretView struct {
	Lead  string
	Lines []string
	Next  string // address
}

func showSecret(r *web.Request, title string, v secretView) web.Answer {
	return web.View("accounts/secret", web.Page{Title: title, Data: v})
}

func (m *Module) createToken(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	n := identity.NewToken{Name: r.Field("name")}
	last, err := r.Date("last")
	if err != nil {
		return nil, err
	}
	if last != "" {
		n.Until = last.AddDays(1)
	}
	for _, p := range r.PostForm["permit"] {
		n.Permits = append(n.Permits, access.Permit(p))
	}
	token, err := m.host.Identity.CreateToken(r.Context(), r.Actor, n)
	if err != nil {
		return nil, err
	}
	return showSecret(r, r.T("accounts.token.made"), secretView{r.T("accounts.token.once"), []string{token},
		"/account"}), nil
}

func (m *Module) revokeToken(r *web.Request) (web.Answer, error) {
	id, err := r.ID("id")
	if err == nil {
		err = m.host.Identity.RevokeToken(r.Context(), r.Actor, id)
	}
	if err != nil {
		return nil, err
	}
	return withDone("/account", "token_revoked"), nil
}
