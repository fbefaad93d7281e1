package identity

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Person is an account with its posts in force on a day, for whoever acts for or asks about somebody
// who is not signed in. A locked or closed account has none.
func (s *Service) Person(r store.Reader, account int64, on period.Date) (access.Actor, error) {
	a, found, err := accounts.First(r, "WHERE id = ?", account)
	if err == nil && !found {
		err = noAccount()
	}
	if err != nil {
		return noActor, err
	}
	actor := access.Actor{Account: a.ID, Login: a.Login, Name: a.Name}
	if a.State != Active {
		return actor, nil
	}
	held, err := posts.All(r, `WHERE account = ? AND state = ? AND since <= ? AND until > ? ORDER BY id`,
		account, Approved, on, on)
	for _, p := range held {
		actor.Posts = append(actor.Posts, p.access())
	}
	return actor, err
}

// colleaguesMax is how many people are looked at for one place.
const colleaguesMax = 500

// Colleagues are the active accounts with a post exactly at the place whose role has the permit;
// with no permit, all who have a post there. They are ordered by number.
func (s *Service) Colleagues(r store.Reader, permit access.Permit, place int64, on period.Date) (
	[]access.Actor, error) {
	held, err := posts.All(r, `WHERE place = ? AND state = ? AND since <= ? AND until > ?
		ORDER BY account, id LIMIT ?`, place, Approved, on, on, colleaguesMax)
	if err != nil {
		return nil, err
	}
	var all []access.Actor
	for _, p := range held {
		role, known := s.access.Role(p.Role)
		if !known || permit != "" && !slices.Contains(role.Permits, permit) ||
			len(all) > 0 && all[len(all)-1].Account == p.Account {
			continue
		}
		person, err := s.Person(r, p.Account, on)
		if err != nil {
			return nil, err
		}
		if len(person.Posts) > 0 {
			all = append(all, person)
		}
	}
	return all, nil
}

// Actor is a person with their posts of today.
func (s *Service) Actor(ctx context.Context, account int64) (access.Actor, error) {
	return store.Read(ctx, s.store, func(v *store.View) (access.Actor, error) {
		return s.Person(v, account, s.today())
	})
}
