package accounts

import (
	"net/http"
	"net/url"

	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// door is the page at which one signs in.
type door struct {
	Fields   []web.Field
	Next     string
	Provider bool
	Over     bool // a session has just run out
	Refusal  *web.Refused
}

func (m *Module) signInPage(r *web.Request) (web.Answer, error) {
	if r.Actor.SignedIn() {
		return web.Redirect(web.LocalPath(r.Field("next"))), nil
	}
	over := identity.TokenOf(r.Request) != ""
	answer, err := m.showDoor(r, door{Over: over}, nil)
	if over && err == nil {
		answer = web.WithCookie(answer, m.host.Identity.NoCookie())
	}
	return answer, err
}

// showDoor shows the page, with the refusal of a former try.
func (m *Module) showDoor(r *web.Request, d door, refused error) (web.Answer, error) {
	refusal, err := r.Refused(refused)
	if err != nil {
		return nil, err
	}
	d.Refusal, d.Provider, d.Next = refusal, m.host.Identity.HasProvider(), web.LocalPath(r.Field("next"))
	d.Fields = []web.Field{
		{Name: "login", Label: r.T("accounts.login"), Kind: "text", Value: r.Field("login"), Required: true,
			Complete: "username"},
		{Name: "password", Label: r.T("accounts.password"), Kind: "password", Required: true,
			Complete: "current-password"},
	}
	return web.View("accounts/sign-in", web.Page{Title: r.T("web.sign_in"), Data: d,
		Status: web.StatusOf(refused)}), nil
}

func (m *Module) signIn(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	signed, err := m.host.Identity.SignIn(r.Context(), identity.Attempt{Login: r.PostFormValue("login"),
		Password: r.PostFormValue("password"), Client: client(r), Before: identity.TokenOf(r.Request)})
	if err != nil {
		return m.showDoor(r, door{}, err)
	}
	return m.arrive(r, signed, web.LocalPath(r.Field("next"))), nil
}

// arrive goes on after a successful step.
func (m *Module) arrive(r *web.Request, signed identity.Signed, next string) web.Answer {
	cookies := []*http.Cookie{m.host.Identity.Cookie(signed.Token)}
	if _, err := r.Cookie(web.LanguageCookie); err != nil && signed.Account.Language != "" {
		cookies = append(cookies, r.LastingCookie(web.LanguageCookie, signed.Account.Language))
	}
	if signed.Waiting {
		next = "/sign-in/second?next=" + url.QueryEscape(next)
	}
	return web.WithCookie(web.Redirect(next), cookies...)
}

// secondStep is the page that asks for the second factor.
type secondStep struct {
	Name    string
	Next    string
	Refusal *web.Refused
}

func (m *Module) secondPage(r *web.Request) (web.Answer, error) { return m.showSecond(r, nil) }

func (m *Module) showSecond(r *web.Request, refused error) (web.Answer, error) {
	a, err := m.host.Identity.WaitingFor(r.Context(), identity.TokenOf(r.Request))
	if fault.HasKey(err, "identity.second.late") {
		if refused == nil {
			refused = err
		}
		return m.showDoor(r, door{}, refused)
	}
	if err != nil {
		return nil, err
	}
	refusal, err := r.Refused(refused)
	if err != nil {
		return nil, err
	}
	return web.View("accounts/second", web.Page{Title: r.T("accounts.second"), Status: web.StatusOf(refused),
		Data: secondStep{a.Name, web.LocalPath(r.Field("next")), refusal}}), nil
}

func (m *Module) second(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	signed, err := m.host.Identity.SecondStep(r.Context(), identity.TokenOf(r.Request),
		r.PostFormValue("code"), client(r))
	if err != nil {
		return m.showSecond(r, err)
	}
	return m.arrive(r, signed, web.LocalPath(r.Field("next"))), nil
}

// callback is the full address to which the provider sends people back.
func (m *Module) callback(r *web.Request) string {
	scheme := "http"
	if m.host.Config.Flag("secure") {
		scheme = "https"
	}
	return scheme + "://" + r.Host + identity.ProviderPath
}

// toProvider is a link and no form: the content policy keeps forms on this site.
func (m *Module) toProvider(r *web.Request) (web.Answer, error) {
	address, cookie, err := m.host.Identity.BeginProvider(m.callback(r), web.LocalPath(r.Field("next")))
	if err != nil {
		return m.showDoor(r, door{}, err)
	}
	return web.WithCookie(web.Redirect(address), cookie), nil
}

func (m *Module) fromProvider(r *web.Request) (web.Answer, error) {
	signed, next, err := m.host.Identity.FinishProvider(r.Context(), identity.Return{Request: r.Request,
		Redirect: m.callback(r), Client: client(r), Before: identity.TokenOf(r.Request)})
	if err != nil {
		answer, shown := m.showDoor(r, door{}, err)
		if shown != nil {
			return nil, shown
		}
		return web.WithCookie(answer, m.host.Identity.NoJourney()), nil
	}
	return web.WithCookie(m.arrive(r, signed, web.LocalPath(next)), m.host.Identity.NoJourney()), nil
}

func (m *Module) signOut(r *web.Request) (web.Answer, error) {
	if err := m.host.Identity.SignOut(r.Context(), identity.TokenOf(r.Request)); err != nil {
		return nil, err
	}
	return web.WithCookie(withDone(web.SignInPath, "signed_out"), m.host.Identity.NoCookie()), nil
}

// taste keeps the language and the size of type in cookies; anybody may choose.
func (m *Module) taste(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	var cookies []*http.Cookie
	if l := locale.Language(r.PostFormValue("language")); l == locale.Chinese || l == locale.English {
		cookies = append(cookies, r.LastingCookie(web.LanguageCookie, string(l)))
	}
	switch r.PostFormValue("elder") {
	case "1":
		cookies = append(cookies, r.LastingCookie(web.ElderCookie, "1"))
	case "0":
		cookies = append(cookies, r.LastingCookie(web.ElderCookie, ""))
	}
	return web.WithCookie(web.Redirect(web.LocalPath(r.Field("back"))), cookies...), nil
}
