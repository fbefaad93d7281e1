package app

import (
	"context"
	"time"

	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/provider"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// openIdentity reads the roles of the pack and makes the service of accounts, posts and sessions.
func (p *Program) openIdentity() error {
	roles, wrong := identity.ReadRoles(p.host.Packs)
	if fault.Stops(wrong) {
		return fault.New(fault.Invalid, "pack.broken", p.host.Packs.Key()).With(wrong)
	}
	p.host.Access.SetRoles(roles)
	c := p.host.Config
	p.host.Audit = audit.New(audit.Config{Store: p.host.Store, Keys: p.host.Keys, Access: p.host.Access})
	p.host.Identity = identity.New(identity.Config{Store: p.host.Store, Keys: p.host.Keys,
		Access: p.host.Access, Audit: p.host.Audit, Secure: c.Flag("secure"), Policy: p.policy,
		Provider: provider.Config{
			Issuer: c.Text("oidc-issuer"), Client: c.Text("oidc-client"), Secret: c.Text("oidc-secret")}})
	return nil
}

// firstStart gives a new installation its first account, and tells the password on the console and
// nowhere else.
func (p *Program) firstStart(ctx context.Context) error {
	s, console := p.host.Identity, p.host.Console
	password, made, err := s.FirstStart(ctx, console.T("app.first_name"))
	if made {
		console.Say("app.first_start", identity.FirstLogin, password,
			int(s.Policy().OneTimeTime/time.Hour))
	}
	return err
}

func validProxies(text string) error {
	_, err := web.ParseProxies(text)
	return err
}
