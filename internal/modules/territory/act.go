package territory

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Kind is what an act does.
type Kind string

// The kinds of act. An edition is the act of taking over a list of codes.
const (
	Establishing Kind = "establish"
	Abolishing   Kind = "abolish"
	Renaming     Kind = "rename"
	Retyping     Kind = "retype"
	Recoding     Kind = "recode"
	Merging      Kind = "merge"
	Splitting    Kind = "split"
	Transferring Kind = "transfer"
	Bounding     Kind = "boundary"
	Publishing   Kind = "edition"
)

// Kinds are those that an officer can enter.
var Kinds = []Kind{Establishing, Abolishing, Renaming, Retyping, Recoding, Merging, Splitting, Transferring,
	Bounding}

// Order is what every act has in common.
type Order struct {
	On       period.Date // effective from this day
	Document string      // number of the document that ordered it
	Note     string
	Mark     string // Unverified, or "" for what has been checked
	Origin   string // key of the act in a pack; "" for what was entered by hand
}

// Unverified marks what is stated from memory and not checked against a source.
const Unverified = "unverified"

// Limits of texts, in characters.
const (
	DocumentMax = 100
	NoteMax     = 1000
)

func (o Order) check() error {
	switch {
	case !o.On.Valid():
		return fault.New(fault.Invalid, "territory.act.date", string(o.On))
	case utf8.RuneCountInString(o.Document) > DocumentMax:
		return fault.New(fault.TooLarge, "territory.act.document", DocumentMax)
	case utf8.RuneCountInString(o.Note) > NoteMax:
		return fault.New(fault.TooLarge, "territory.act.note", NoteMax)
	}
	return nil
}

// deed is an act being done: which kind, about which place, and what it changes.
type deed struct {
	kind   Kind
	place  int64 // what it is about; 0: the place it establishes
	places []int64
	do     func(*amendment) error
}

// triesMax is how often an act is tried on a tree that somebody changes meanwhile.
const triesMax = 8

// act checks the order and the actor's permit at all places concerned, and does the deed in one
// transaction on the tree of its day. It returns the number of the event.
func (s *Service) act(ctx context.Context, o Order, d deed) (int64, error) {
	o.Document, o.Note = strings.TrimSpace(o.Document), strings.TrimSpace(o.Note)
	if err := o.check(); err != nil {
		return 0, err
	}
	for try := 0; ; try++ {
		t, changes, err := s.at(ctx, o.On)
		if err != nil {
			return 0, err
		}
		if err := s.permit(ctx, t, append(d.places, d.place)...); err != nil {
			return 0, err
		}
		event, err := s.amend(ctx, t, changes, o, d)
		s.stale.Store(true)
		if fault.HasKey(err, "territory.changed") && try < triesMax {
			continue
		}
		return event, err
	}
}

// permit asks whether the actor may change the places. One that does not stand today is judged by
// the nearest above it that does.
func (s *Service) permit(ctx context.Context, t *tree.Tree, places ...int64) error {
	actor := access.From(ctx)
	for _, place := range places {
		if place == 0 {
			continue
		}
		at := place
		for n := t.Find(place); n != tree.None && !s.Today().Has(at); {
			if n = t.Parent(n); n != tree.None {
				at = t.ID(n)
			}
		}
		if err := s.host.Access.Require(actor, PermitChange, at); err != nil {
			return err
		}
	}
	return nil
}

// May asks whether the actor may change a place as it stood on a day.
func (s *Service) May(ctx context.Context, on period.Date, place int64) error {
	t, err := s.At(ctx, on)
	if err != nil {
		return err
	}
	return s.permit(ctx, t, place)
}

func (s *Service) amend(ctx context.Context, t *tree.Tree, changes int64, o Order, d deed) (event int64,
	err error) {
	err = s.host.Store.Write(ctx, func(tx *store.Tx) error {
		state, err := touch(tx)
		if err != nil {
			return err
		}
		if state.Changes != changes+1 {
			return fault.New(fault.Stale, "territory.changed")
		}
		a := newAmendment(tx, t, state, o)
		if a.event, err = tx.NextID(store.City, "place_event"); err != nil {
			return err
		}
		a.subject = d.place
		if err := d.do(a); err != nil {
			return err
		}
		event = a.event
		return a.save(d.kind, access.From(ctx).Account, s.host.Today())
	})
	return event, err
}

// topOnlyByProgram refuses a person who would put something at the top of the tree: nobody's duties
// reach there.
func (s *Service) topOnlyByProgram(ctx context.Context, parent int64) error {
	if parent == 0 && !access.From(ctx).Program {
		return fault.New(fault.Invalid, "territory.parent.none")
	}
	return nil
}
