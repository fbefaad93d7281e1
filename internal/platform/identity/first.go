package identity

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// FirstLogin is the login of the account that a new installation begins with.
const FirstLogin = "admin"

// FirstStart makes the first account of an installation without any: a system administrator with a
// one-time password, which is returned once and kept nowhere. made tells whether it did.
func (s *Service) FirstStart(ctx context.Context, name string) (oneTime string, made bool, err error) {
	n, err := store.Read(ctx, s.store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM account`)
	})
	if err != nil || n > 0 {
		return "", false, err
	}
	role, err := s.administrator(systemAdministrator)
	if err != nil {
		return "", false, err
	}
	oneTime, hash, err := s.newOneTime(ctx)
	if err != nil {
		return "", false, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		a, err := s.insert(tx, access.Machine, Entry{Login: FirstLogin, Name: name}, hash)
		if err != nil {
			return err
		}
		_, err = s.propose(tx, access.Machine, Proposal{Account: a.ID, Role: role.Key,
			Since: tx.Now().Date(), Until: period.Open}, role)
		return err
	})
	if fault.Is(err, fault.Conflict) { // another server was first
		return "", false, nil
	}
	return oneTime, err == nil, err
}

// administrator is the role of a kind of administrator.
func (s *Service) administrator(kind string) (access.Role, error) {
	for _, r := range s.access.Roles() {
		if r.Administrator == kind {
			return r, nil
		}
	}
	return access.Role{}, fault.New(fault.Unavailable, "identity.no_role", kind)
}
