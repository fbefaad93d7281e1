package identity

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// Stranded is a post in force at a place that has been abolished. It gives nothing; an
// administrator says what becomes of it.
type Stranded struct {
	PostShown
	Successors []int64 // places of today
}

// Succession lists the stranded posts that the actor may deal with: those of places with a successor
// within reach; of places without one those who reach everything.
func (s *Service) Succession(ctx context.Context, actor access.Actor) ([]Stranded, error) {
	scope := s.access.Scope(actor, Read)
	if scope.Empty() {
		return nil, s.access.Require(actor, Read, 0)
	}
	today := s.today()
	places, err := store.Read(ctx, s.store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, `SELECT DISTINCT place FROM post
			WHERE state = ? AND since <= ? AND until > ? AND place <> 0 ORDER BY place`, Approved, today,
			today)
	})
	if err != nil {
		return nil, err
	}
	var all []Stranded
	for _, place := range places {
		if len(s.access.Path(place)) > 0 {
			continue
		}
		successors, err := s.Places().Successors(ctx, place, today)
		if err != nil {
			return nil, err
		}
		if !s.reaches(scope, successors) {
			continue
		}
		list, _, err := s.listPosts(ctx, postsAt(place, today))
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			all = append(all, Stranded{p, successors})
		}
	}
	return all, nil
}

// reaches reports whether any of the places lies in the scope.
func (s *Service) reaches(scope access.Scope, places []int64) bool {
	if scope.All() {
		return true
	}
	for _, p := range places {
		if scope.Contains(s.access.Path(p)) {
			return true
		}
	}
	return false
}

// Succeed proposes that a stranded post continues at another place. The proposal needs approval like
// any other; that ends the old post.
func (s *Service) Succeed(ctx context.Context, actor access.Actor, post, place int64,
	document string) error {
	old, err := s.Post(ctx, post)
	if err != nil {
		return err
	}
	_, err = s.Propose(ctx, actor, Proposal{Account: old.Account, Role: old.Role, Place: place,
		Since: s.today(), Until: old.Until, Document: document, Former: old.ID})
	return err
}
