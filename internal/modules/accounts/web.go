package accounts

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
)

func (m *Module) pages() []web.Route {
	var all []web.Route
	all = append(all, m.doorPages()...)
	all = append(all, m.ownPages()...)
	all = append(all, m.userPages()...)
	all = append(all, m.postPages()...)
	return append(all, m.auditPages()...)
}

func (m *Module) doorPages() []web.Route {
	open := web.Public()
	return []web.Route{
		{Pattern: "GET /sign-in", Access: open, Handle: m.signInPage},
		{Pattern: "POST /sign-in", Access: open, Handle: m.signIn},
		{Pattern: "GET /sign-in/second", Access: open, Handle: m.secondPage},
		{Pattern: "POST /sign-in/second", Access: open, Handle: m.second},
		{Pattern: "GET /sign-in/provider/begin", Access: open, Handle: m.toProvider},
		{Pattern: "GET " + identity.ProviderPath, Access: open, Handle: m.fromProvider},
		{Pattern: "POST /sign-out", Access: open, Handle: m.signOut},
		{Pattern: "POST /taste", Access: open, Handle: m.taste},
	}
}

func (m *Module) ownPages() []web.Route {
	mine := web.SignedIn()
	return []web.Route{
		{Pattern: "GET /account", Access: mine, Handle: m.account},
		{Pattern: "GET " + identity.PasswordPath, Access: mine, Handle: m.passwordPage},
		{Pattern: "POST " + identity.PasswordPath, Access: mine, Handle: m.changePassword},
		{Pattern: "GET " + identity.SecondPath, Access: mine, Handle: m.factorPage},
		{Pattern: "POST " + identity.SecondPath, Access: mine, Handle: m.enableFactor},
		{Pattern: "POST " + identity.SecondPath + "/clear", Access: mine, Handle: m.clearFactor},
		{Pattern: "POST /account/sessions/{id}/end", Access: mine, Handle: m.endSession},
		{Pattern: "POST /account/sessions/end-others", Access: mine, Handle: m.endOthers},
		{Pattern: "POST /account/tokens", Access: mine, Handle: m.createToken},
		{Pattern: "POST /account/tokens/{id}/revoke", Access: mine, Handle: m.revokeToken},
	}
}

func (m *Module) userPages() []web.Route {
	read, change := web.Permitted(identity.Read), web.Permitted(identity.Change)
	return []web.Route{
		{Pattern: "GET /users", Access: read, Handle: m.users},
		{Pattern: "GET /users/new", Access: change, Handle: m.newUserPage},
		{Pattern: "POST /users", Access: change, Handle: m.createUser},
		{Pattern: "GET /users/{id}", Access: read, Handle: m.user},
		{Pattern: "POST /users/{id}", Access: change, Handle: m.amendUser},
		{Pattern: "POST /users/{id}/lock", Access: change, Handle: m.actOn(m.lock)},
		{Pattern: "POST /users/{id}/unlock", Access: change, Handle: m.actOn(m.unlock)},
		{Pattern: "POST /users/{id}/close", Access: change, Handle: m.actOn(m.close)},
		{Pattern: "POST /users/{id}/second-factor", Access: change, Handle: m.actOn(m.resetFactor)},
		{Pattern: "POST /users/{id}/link", Access: change, Handle: m.actOn(m.link)},
		{Pattern: "POST /users/{id}/reset", Access: change, Handle: m.resetPassword},
		{Pattern: "POST /users/{id}/phone", Access: read, Handle: m.unmaskPhone},
		{Pattern: "POST /users/{id}/posts", Access: web.Permitted(identity.Propose), Handle: m.propose},
	}
}

func (m *Module) postPages() []web.Route {
	read := web.Permitted(identity.Read)
	return []web.Route{
		{Pattern: "GET /posts", Access: read, Handle: m.posts},
		{Pattern: "GET /posts/pending", Access: read, Handle: m.pending},
		{Pattern: "POST /posts/approve", Access: read, Handle: m.decideMany(m.approve)},
		{Pattern: "POST /posts/refuse", Access: read, Handle: m.decideMany(m.refuse)},
		{Pattern: "POST /posts/{id}/approve", Access: read, Handle: m.decide(m.approve, "approved")},
		{Pattern: "POST /posts/{id}/refuse", Access: read, Handle: m.decide(m.refuse, "refused")},
		{Pattern: "POST /posts/{id}/end", Access: read, Handle: m.decide(m.end, "ended")},
		{Pattern: "GET /posts/abolished", Access: read, Handle: m.abolished},
		{Pattern: "POST /posts/{id}/succeed", Access: web.Permitted(identity.Propose), Handle: m.succeed},
	}
}

func (m *Module) auditPages() []web.Route {
	audit := web.Permitted(identity.Audit)
	return []web.Route{
		{Pattern: "GET /sign-ins", Access: audit, Handle: m.signIns},
		{Pattern: "GET /audit", Access: audit, Handle: m.auditLog},
		{Pattern: "GET /events/{home}/{id}", Access: audit, Handle: m.event},
		{Pattern: "GET /events/{home}/{id}/certificate", Access: audit, Handle: m.certificate},
	}
}

// withDone is an address that says on arrival what has been done.
func withDone(path, what string) web.Answer {
	return web.Redirect(path + "?" + web.DoneField + "=accounts." + what)
}

func userPath(id int64) string { return "/users/" + strconv.FormatInt(id, 10) }

// client is where a request comes from, for the records.
func client(r *web.Request) audit.Client {
	return audit.Client{Address: r.Address, Agent: r.UserAgent()}
}
