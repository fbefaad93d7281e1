package access

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Permit names an act: module.subject.verb.
type Permit string

// Role is a named list of permits, held at one level of the tree.
type Role struct {
	Key     string         `yaml:"key"`
	Title   locale.Words   `yaml:"title"`
	Level   division.Level `yaml:"level"`
	Permits []Permit       `yaml:"permits"`
	// Administrator is system, security or audit for the three roles never held in one hand.
	Administrator string `yaml:"administrator,omitempty"`
}

// Post is a role at a place or in an area, in force now. With neither it is at the installation
// itself, which only administrators' roles can be: it reaches everything.
type Post struct {
	ID    int64
	Role  string
	Place int64 // 0 if the post is in an area or at the installation
	Area  int64 // 0 if the post is at a place or at the installation
}

// AtInstallation reports whether the post is at the installation itself.
func (p Post) AtInstallation() bool { return p.Place == 0 && p.Area == 0 }

// Actor is who acts: an account with its posts in force. The zero Actor is nobody.
type Actor struct {
	Account int64
	Login   string
	Name    string
	Posts   []Post
	// Session is the sign-in in which the person acts; 0 with an API token and for the program.
	Session int64
	// Token is the API token with which a program acts for the person; 0: none.
	Token int64
	// Only, unless nil, narrows what the posts permit to these acts (API tokens).
	Only []Permit
	// Program marks the machinery acting on its own (deadlines, demo data). It may do everything
	// that needs no person, and never passes for one: its Account is 0.
	Program bool
}

// Machine is the program itself.
var Machine = Actor{Program: true}

// SignedIn reports whether the actor is a person with an account.
func (a Actor) SignedIn() bool { return a.Account != 0 }

// Path is the position of a place in today's tree: four bytes for each place from the top down to
// itself. What lies in a subtree has its path as a prefix.
type Path []byte

// Inside reports whether p lies in the subtree of q.
func (p Path) Inside(q Path) bool { return len(q) > 0 && bytes.HasPrefix(p, q) }

// end is the first path after all that begin with p.
func (p Path) end() []byte {
	end := slices.Clone(p)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return bytes.Repeat([]byte{0xff}, len(p)+1)
}

// Places is what access needs of the territory. The module that owns places provides it.
type Places interface {
	// Path is the place's position today; nil if it is unknown or abolished.
	Path(place int64) Path
	// Members are the places that form an area today.
	Members(area int64) []int64
}

// Service decides. It is safe for concurrent use.
type Service struct {
	places atomic.Pointer[Places]
	roles  atomic.Pointer[map[string]Role]
}

// New makes a service that refuses everything until it is told of places and roles.
func New() *Service { return &Service{} }

// SetPlaces gives the service its places.
func (s *Service) SetPlaces(p Places) { s.places.Store(&p) }

// SetRoles replaces the roles.
func (s *Service) SetRoles(roles []Role) {
	byKey := map[string]Role{}
	for _, r := range roles {
		byKey[r.Key] = r
	}
	s.roles.Store(&byKey)
}

// Role looks a role up.
func (s *Service) Role(key string) (Role, bool) {
	roles := s.roles.Load()
	if roles == nil {
		return Role{}, false
	}
	r, ok := (*roles)[key]
	return r, ok
}

// Roles lists all roles by key.
func (s *Service) Roles() []Role {
	roles := s.roles.Load()
	if roles == nil {
		return nil
	}
	var all []Role
	for _, r := range *roles {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Role) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// Can reports whether the actor may do the act at the place.
func (s *Service) Can(a Actor, permit Permit, place int64) bool {
	return s.Scope(a, permit).Contains(s.Path(place))
}

// CanSomewhere reports whether any post gives the permit: whether to show a menu entry at all.
func (s *Service) CanSomewhere(a Actor, permit Permit) bool { return !s.Scope(a, permit).Empty() }

// Path is the place's position today, nil if unknown.
func (s *Service) Path(place int64) Path {
	if p := s.places.Load(); p != nil && place != 0 {
		return (*p).Path(place)
	}
	return nil
}

// AreaMembers are the places that form an area today.
func (s *Service) AreaMembers(area int64) []int64 {
	if p := s.places.Load(); p != nil {
		return (*p).Members(area)
	}
	return nil
}

// Require is Can as an error: Unauthenticated for nobody, Forbidden for somebody without the permit,
// NotFound for somebody who has it elsewhere (what lies outside one's duties is not told apart
// from what does not exist).
func (s *Service) Require(a Actor, permit Permit, place int64) error {
	scope := s.Scope(a, permit)
	switch {
	case scope.Contains(s.Path(place)):
		return nil
	case !a.SignedIn() && !a.Program:
		return fault.New(fault.Unauthenticated, "access.sign_in")
	case scope.Empty():
		return fault.New(fault.Forbidden, "access.forbidden")
	}
	return fault.New(fault.NotFound, "access.outside")
}

type actorKey struct{}

// With puts the actor into a context.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// From takes the actor out of a context; without one it is nobody.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
