package territory

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terrace-project/terrace/internal/modules/territory/finder"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Name is the module's name.
const Name = "territory"

// The permits. What is public inside the government needs only an account: the names of places.
const (
	PermitRead   access.Permit = "territory.read"
	PermitChange access.Permit = "territory.change"
	PermitImport access.Permit = "territory.import"
)

// Service answers for places. It is safe for concurrent use.
type Service struct {
	host *manifest.Host

	current atomic.Pointer[moment]
	stale   atomic.Bool // somebody changed places: look again before answering for today
	loading sync.Mutex  // one reads the tree at a time
	showing sync.Mutex  // and one writes place_path

	past pastTrees
}

// New makes the service. The host's store is not open yet.
func New(h *manifest.Host) *Service { return &Service{host: h} }

// moment is today's tree and what goes with it.
type moment struct {
	tree    *tree.Tree
	changes int64
	behind  atomic.Bool       // place_path does not show the tree yet
	members map[int64][]int64 // area → places today
	finder  func() *finder.Finder
}

var nowhere = &moment{tree: emptyTree(), finder: sync.OnceValue(func() *finder.Finder {
	return finder.New(nil)
})}

func emptyTree() *tree.Tree {
	t, err := tree.Build("", nil)
	if err != nil {
		panic(err) // nothing is always a tree
	}
	return t
}

// Start mends place_path where the program stopped before it was done or a day has passed. Today's tree
// is read when it is first asked for: a command about one place does not wait for the whole country.
func (s *Service) Start(ctx context.Context) error {
	s.host.Access.SetPlaces(places{s})
	if s.host.Procedures != nil { // a program without the whole machinery: tests
		s.host.Procedures.SetPlaces(s)
	}
	if s.host.Identity != nil {
		s.host.Identity.SetPlaces(directory{s})
	}
	s.current.Store(nil)
	return s.Settle(ctx)
}

// pollEvery is how often a serving program asks whether another one changed the places.
const pollEvery = 5 * time.Second

// Run reads today's tree at once, and notices changes made by other programs on the same database, and
// midnight.
func (s *Service) Run(ctx context.Context) {
	s.notice(ctx)
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.notice(ctx)
		}
	}
}

// notice looks whether what is remembered still holds, and warms what is to be searched.
func (s *Service) notice(ctx context.Context) {
	state, err := store.Read(ctx, s.host.Store, func(v *store.View) (treeState, error) {
		return readTreeState(v)
	})
	if err == nil {
		if m := s.current.Load(); m != nil && m.changes != state.Changes {
			s.stale.Store(true)
		}
		err = s.Settle(ctx)
	}
	if err != nil && ctx.Err() == nil {
		slog.Error("territory: the places could not be read", "cause", err)
		return
	}
	s.moment().finder()
}

// moment is what holds today. If the database does not answer, it is what held last. It only reads: it
// is asked in the middle of transactions, where waiting for another one would never end.
func (s *Service) moment() *moment {
	m := s.current.Load()
	if m != nil && !s.stale.Load() && m.tree.On() == s.host.Today() {
		return m
	}
	if s.host.Store == nil {
		return nowhere
	}
	fresh, err := s.remember(context.Background())
	if err == nil {
		return fresh
	}
	slog.Error("territory: the places could not be read", "cause", err)
	if m == nil {
		return nowhere
	}
	return m
}

// remember reads today's tree if it is not the one remembered.
func (s *Service) remember(ctx context.Context) (*moment, error) {
	s.loading.Lock()
	defer s.loading.Unlock()
	today := s.host.Today()
	if m := s.current.Load(); m != nil && !s.stale.Load() && m.tree.On() == today {
		return m, nil
	}
	s.stale.Store(false)
	m, state, err := s.read(ctx, today)
	if err != nil {
		s.stale.Store(true)
		return nil, err
	}
	m.behind.Store(state.Shown != state.Changes || state.ShownOn != today)
	s.current.Store(m)
	return m, nil
}

// Settle reads today's tree and makes place_path show it: at the start, after an edition, at midnight.
// It writes, and must not be called in a transaction.
func (s *Service) Settle(ctx context.Context) error {
	state, err := store.Read(ctx, s.host.Store, func(v *store.View) (treeState, error) {
		return readTreeState(v)
	})
	if err != nil || state.Shown == state.Changes && state.ShownOn == s.host.Today() {
		return err // it does: the tree need not be read for that
	}
	m, err := s.remember(ctx)
	if err != nil || !m.behind.Load() {
		return err
	}
	s.showing.Lock()
	defer s.showing.Unlock()
	if !m.behind.Load() {
		return nil
	}
	if err := s.showTree(ctx, m.tree, m.changes); err != nil {
		return err
	}
	m.behind.Store(false)
	return nil
}

func (s *Service) read(ctx context.Context, on period.Date) (m *moment, state treeState, err error) {
	m = &moment{members: map[int64][]int64{}}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		if state, err = readTreeState(v); err != nil {
			return err
		}
		m.changes = state.Changes
		list, err := placesOn(v, on)
		if err != nil {
			return err
		}
		if m.tree, err = tree.Build(on, list); err != nil {
			return err
		}
		all, err := members.All(v, "WHERE since <= ? AND until > ? ORDER BY area, place", string(on),
			string(on))
		for _, one := range all {
			m.members[one.Area] = append(m.members[one.Area], one.Place)
		}
		return err
	})
	m.finder = sync.OnceValue(func() *finder.Finder { return newFinder(m.tree) })
	return m, state, err
}

// Today is the tree of today. It is never nil; before any place is known it is empty.
func (s *Service) Today() *tree.Tree { return s.moment().tree }

// At is the tree of a day: as published, for reports of that day.
func (s *Service) At(ctx context.Context, on period.Date) (*tree.Tree, error) {
	t, _, err := s.at(ctx, on)
	return t, err
}

// at gives the tree of a day and the count of changes it holds for.
func (s *Service) at(ctx context.Context, on period.Date) (*tree.Tree, int64, error) {
	if on == s.host.Today() { // another day's needs no tree of today
		if m := s.moment(); m.tree.On() == on {
			return m.tree, m.changes, nil
		}
	}
	return s.past.get(ctx, s.host.Store, on)
}

// Changed says that a batch has changed places: the next question reads them anew.
func (s *Service) Changed() { s.stale.Store(true) }

// Home is the county-level place where matters of a place are at home today; 0 for what lies above a
// county and for what does not stand.
func (s *Service) Home(place int64) int64 { return s.Today().HomeOf(place) }

// Name is the place's name today, or "" if it does not stand.
func (s *Service) Name(place int64) string {
	t := s.Today()
	if n := t.Find(place); n != tree.None {
		return t.Name(n)
	}
	return ""
}

// places gives access what it needs.
type places struct{ *Service }

// Path is the place's position today; nil if it does not stand.
func (p places) Path(place int64) access.Path { return p.Today().Path(place) }

// Members are the places that form an area today.
func (s *Service) Members(area int64) []int64 { return s.moment().members[area] }

// pastTrees remembers a few trees of other days, until something changes.
type pastTrees struct {
	mu      sync.Mutex
	changes int64
	trees   []*tree.Tree // most recently asked first
	size    int
}

// Limits of what is remembered. A national tree counts 713,035 places and some 60 MB.
const (
	pastTreesMax  = 12
	pastPlacesMax = 1_500_000
)

func (p *pastTrees) get(ctx context.Context, s *store.Store, on period.Date) (t *tree.Tree, changes int64,
	err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	err = s.View(ctx, func(v *store.View) error {
		state, err := readTreeState(v)
		if err != nil {
			return err
		}
		changes = state.Changes
		if t = p.known(on, changes); t != nil {
			return nil
		}
		list, err := placesOn(v, on)
		if err == nil {
			t, err = tree.Build(on, list)
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	p.keep(t)
	return t, changes, nil
}

func (p *pastTrees) known(on period.Date, changes int64) *tree.Tree {
	if p.changes != changes {
		p.trees, p.size, p.changes = nil, 0, changes
	}
	for _, t := range p.trees {
		if t.On() == on {
			return t
		}
	}
	return nil
}

// keep puts a tree first and forgets the last ones beyond the limits.
func (p *pastTrees) keep(t *tree.Tree) {
	kept := []*tree.Tree{t}
	p.size = t.Len()
	for _, old := range p.trees {
		if old != t && len(kept) < pastTreesMax && p.size+old.Len() <= pastPlacesMax {
			kept = append(kept, old)
			p.size += old.Len()
		}
	}
	p.trees = kept
}
