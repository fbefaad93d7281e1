package procedure

import (
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Places is what the engine needs of the territory.
type Places interface {
	// Ancestor is the nearest place at or above one whose level is not below the given: the village
	// of a group, the place itself if it already lies that high. Grouping nodes without a government
	// (5001, 5002) are passed over, so that "prefecture" is the city in Chongqing as in Ezhou. 0 if
	// the place is unknown.
	Ancestor(place int64, level division.Level) int64
	// Codes are the codes of the place and of what it lies in, nearest first: for parameters that
	// differ by region.
	Codes(place int64) []string
}

// Directory is what the engine needs of the accounts.
type Directory interface {
	// Person gives an account with its posts in force on a day.
	Person(r store.Reader, account int64, on period.Date) (access.Actor, error)
	// Colleagues are the accounts with a post exactly at the place whose role has the permit; with
	// no permit, all who have a post there.
	Colleagues(r store.Reader, permit access.Permit, place int64, on period.Date) ([]access.Actor, error)
}

// Handler is what a module adds to a procedure. Every field may be left out.
type Handler struct {
	// Guards are the conditions that steps name. A refusal keeps the case where it is.
	Guards map[string]func(r store.Reader, f File) error
	// Entered runs when a step begins, in the same transaction.
	Entered func(tx *store.Tx, actor access.Actor, f File) error
	// Ended runs when the case is done, refused or withdrawn, in the same transaction.
	Ended func(tx *store.Tx, actor access.Actor, f File) error
	// Notice is what the notice of the current step says.
	Notice func(r store.Reader, f File) (Content, error)
	// Eligible is who may vote on the matter: how many, and what else the minutes are prefilled with.
	Eligible func(r store.Reader, f File) (decision.Record, error)
	// Address is the page of the subject.
	Address func(row Row) string
}

// Engine runs procedures. Its services are set while the program starts; then it is safe for
// concurrent use.
type Engine struct {
	store       *store.Store
	access      *access.Service
	keys        *keys.Ring
	places      Places
	directory   Directory
	days        atomic.Pointer[period.Calendar]
	pack        atomic.Pointer[pack.Pack]
	mu          sync.RWMutex
	handlers    map[string]Handler
	definitions map[string]flow.Definition
	rules       map[string][]decision.Rule
}

// New makes an engine without procedures.
func New(s *store.Store, a *access.Service, k *keys.Ring) *Engine {
	e := &Engine{store: s, access: a, keys: k, handlers: map[string]Handler{},
		definitions: map[string]flow.Definition{}, rules: map[string][]decision.Rule{}}
	empty, err := period.NewCalendar()
	if err != nil {
		panic(err) // nothing can be wrong with nothing
	}
	e.days.Store(empty)
	return e
}

// SetPlaces, SetDirectory, SetCalendar and SetRules lend the engine what it needs.
func (e *Engine) SetPlaces(p Places) { e.places = p }

// SetDirectory lends the accounts.
func (e *Engine) SetDirectory(d Directory) { e.directory = d }

// SetCalendar lends the working days.
func (e *Engine) SetCalendar(c *period.Calendar) { e.days.Store(c) }

func (e *Engine) calendar() *period.Calendar { return e.days.Load() }

// Calendar is the working days in force.
func (e *Engine) Calendar() *period.Calendar { return e.calendar() }

// SetRules fixes the rules of collective decisions by matter, instead of the pack's.
func (e *Engine) SetRules(rules map[string][]decision.Rule) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rules = rules
}

// Define takes a procedure from the pack. Cases that run keep the route they opened with.
func (e *Engine) Define(d flow.Definition) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.definitions[d.Key] = d
}

// Register takes a module's handler of a procedure.
func (e *Engine) Register(procedure string, h Handler) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.handlers[procedure] = h
}

// Definition is a procedure as it is now.
func (e *Engine) Definition(procedure string) (flow.Definition, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	d, ok := e.definitions[procedure]
	if !ok {
		return d, fault.New(fault.NotFound, "procedure.unknown", procedure)
	}
	return d, nil
}

// Definitions lists all procedures.
func (e *Engine) Definitions() []flow.Definition {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var all []flow.Definition
	for _, d := range e.definitions {
		all = append(all, d)
	}
	return all
}

func (e *Engine) handler(procedure string) Handler {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.handlers[procedure]
}

// Address is the page of a case's subject; the case's own page if its module has none.
func (e *Engine) Address(row Row) string {
	if h := e.handler(row.Procedure); h.Address != nil {
		return h.Address(row)
	}
	return CaseAddress(row.Ref())
}
