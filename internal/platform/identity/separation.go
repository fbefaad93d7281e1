package identity

import (
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The three kinds of administrator.
const (
	systemAdministrator   = "system"
	securityAdministrator = "security"
	auditAdministrator    = "audit"
)

// separate refuses a post that would put two of the three administrators into one hand, or give an
// audit administrator anything else, on any day that the posts share. Proposed posts count: whoever
// is proposed for one may not be proposed for the other.
func (s *Service) separate(r store.Reader, p Post) error {
	others, err := posts.All(r, `WHERE account = ? AND state <> ? AND until > ? AND since < ? AND id <> ?`,
		p.Account, Refused, p.Since, p.Until, p.ID)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Since == o.Until {
			continue // ended before it began
		}
		if !s.together(p.Role, o.Role) {
			return fault.New(fault.Conflict, "identity.post.separate")
		}
	}
	return nil
}

// together reports whether one person may hold both roles. A role the packs no longer know gives
// nothing and so hinders nothing.
func (s *Service) together(one, other string) bool {
	a, _ := s.access.Role(one)
	b, _ := s.access.Role(other)
	switch {
	case a.Key == "" || b.Key == "":
		return true
	case a.Administrator == auditAdministrator || b.Administrator == auditAdministrator:
		return a.Administrator == b.Administrator
	case a.Administrator != "" && b.Administrator != "":
		return a.Administrator == b.Administrator
	}
	return true
}
