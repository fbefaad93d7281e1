package identity

import (
	"context"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/provider"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Config is what the program lends the service.
type Config struct {
	Store    *store.Store
	Keys     *keys.Ring
	Access   *access.Service
	Audit    *audit.Service
	Policy   Policy          // zero: DefaultPolicy
	Secure   bool            // the site is served over TLS
	Provider provider.Config // its keys, randomness and clock are the service's
	Cost     password.Cost   // of a hash; zero: password.DefaultCost. Only tests set it.
}

// Service knows accounts, posts and sessions. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	keys     *keys.Ring
	access   *access.Service
	audit    *audit.Service
	secure   bool
	policy   Policy
	hasher   *password.Hasher
	cache    *actorCache
	places   atomic.Pointer[Places]
	provider *provider.Client
}

// New makes the service of an open store.
func New(c Config) *Service {
	if c.Policy.LengthMin == 0 {
		c.Policy = DefaultPolicy()
	}
	c.Policy.FailuresMax = max(c.Policy.FailuresMax, 1)
	c.Provider.Keys, c.Provider.Random, c.Provider.Now = c.Keys, c.Store.Randomness(), c.Store.Now
	return &Service{store: c.Store, keys: c.Keys, access: c.Access, audit: c.Audit, secure: c.Secure,
		policy: c.Policy, hasher: password.NewHasher(c.Cost, c.Store.Random), cache: newActorCache(),
		provider: provider.New(c.Provider)}
}

// Policy is the rules in force.
func (s *Service) Policy() Policy { return s.policy }

// Places is what identity needs of the territory. The module that owns places provides it with
// SetPlaces; until then posts can be given at the installation only.
type Places interface {
	// Level is the place's level today; false if it is unknown or abolished.
	Level(place int64) (division.Level, bool)
	// Name is what the place is called, or was called last.
	Name(place int64) string
	// Find is the place of today that a person means by a code, a number or a whole name.
	Find(ctx context.Context, text string) (int64, error)
	// Successors are the places of the day that follow an abolished one.
	Successors(ctx context.Context, place int64, on period.Date) ([]int64, error)
	// Areas are the areas of the day.
	Areas(ctx context.Context, on period.Date) ([]Area, error)
}

// Area is a set of places in which a post can be held.
type Area struct {
	ID   int64
	Name string
}

// SetPlaces gives the service its places.
func (s *Service) SetPlaces(p Places) { s.places.Store(&p) }

// Places is what SetPlaces gave, or a territory without places.
func (s *Service) Places() Places {
	if p := s.places.Load(); p != nil {
		return *p
	}
	return nowhere{}
}

// nowhere is the territory before there is one.
type nowhere struct{}

func (nowhere) Level(int64) (division.Level, bool) { return 0, false }
func (nowhere) Name(int64) string                  { return "" }
func (nowhere) Find(context.Context, string) (int64, error) {
	return 0, noPlace()
}

func (nowhere) Successors(context.Context, int64, period.Date) ([]int64, error) { return nil, nil }
func (nowhere) Areas(context.Context, period.Date) ([]Area, error)              { return nil, nil }

// today is the civil day in Beijing by the host's clock.
func (s *Service) today() period.Date { return s.store.Now().Date() }
