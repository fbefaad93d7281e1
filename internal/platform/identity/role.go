package identity

import (
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

const roleFile = "roles.yaml"

// neverTogether are permits that an administrator's kind must not have, lest one person do two
// people's work.
var neverTogether = map[string][]access.Permit{
	systemAdministrator:   {Approve, Audit},
	securityAdministrator: {Change, Propose, Audit},
	auditAdministrator:    {Change, Propose, Approve, End},
	"":                    {Change, Propose, Approve, End, Audit},
}

// ReadRoles reads the roles of a pack and says what is wrong with them.
func ReadRoles(p *pack.Pack) ([]access.Role, []fault.Finding) {
	var roles []access.Role
	var wrong []fault.Finding
	found := map[string]bool{}
	for _, e := range p.Entries(roleFile, "roles") {
		var r access.Role
		if err := e.Decode(&r); err != nil {
			wrong = append(wrong, e.Problem(err))
			continue
		}
		for _, f := range checkRole(r) {
			wrong = append(wrong, e.At(f))
		}
		found[r.Administrator] = true
		roles = append(roles, r)
	}
	for _, kind := range []string{systemAdministrator, securityAdministrator, auditAdministrator} {
		if !found[kind] {
			wrong = append(wrong, fault.Wrong("identity.role.missing", kind).At(roleFile, 0, ""))
		}
	}
	return roles, wrong
}

func checkRole(r access.Role) (wrong []fault.Finding) {
	never, known := neverTogether[r.Administrator]
	if !known {
		wrong = append(wrong, fault.Wrong("identity.role.kind", r.Administrator))
	}
	if !r.Title.Whole() {
		wrong = append(wrong, fault.Wrong("identity.role.title", r.Key))
	}
	if len(r.Permits) == 0 {
		wrong = append(wrong, fault.Wrong("identity.role.empty", r.Key))
	}
	for _, permit := range r.Permits {
		if slices.Contains(never, permit) {
			wrong = append(wrong, fault.Wrong("identity.role.permit", r.Key, string(permit)))
		}
	}
	return wrong
}
