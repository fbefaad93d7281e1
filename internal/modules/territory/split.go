package territory

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Split is the act of dividing a place. If one of the pieces is the place itself it goes on with what
// is left to it; else it is abolished.
type Split struct {
	Order
	From int64
	Into []Piece
}

// Piece is one part of a place that is split.
type Piece struct {
	Place    int64 // a standing place, or From itself; 0: New
	New      NewPlace
	Children []int64          // what of From goes there; what nobody is given stays with From
	Shares   map[string]int32 // basis → share in 0.0001
}

// Split divides a place and returns its pieces. A list of what lies in it decides better than any
// share (territory.md 2): if children are given, the shares in villages are counted.
func (s *Service) Split(ctx context.Context, d Split) (pieces []int64, err error) {
	if len(d.Into) < 2 {
		return nil, fault.New(fault.Invalid, "territory.split.pieces")
	}
	var others []int64
	for _, p := range d.Into {
		others = append(others, p.Place)
	}
	_, err = s.act(ctx, d.Order, deed{kind: Splitting, place: d.From, places: others,
		do: func(a *amendment) error {
			pieces, err = a.split(d)
			return err
		}})
	return pieces, err
}

func (a *amendment) split(d Split) ([]int64, error) {
	if _, err := a.now(d.From); err != nil {
		return nil, err
	}
	children := a.children(d.From)
	pieces := make([]int64, len(d.Into))
	var given []int64
	remains := -1
	for i, p := range d.Into {
		var err error
		if pieces[i], err = a.target(p.Place, d.From, p.New); err != nil {
			return nil, err
		}
		if pieces[i] == d.From {
			remains = i
		}
		given = append(given, p.Children...)
		if err := a.giveChildren(d.From, pieces[i], p.Children, children); err != nil {
			return nil, err
		}
	}
	if repeated(given) || repeated(pieces) {
		return nil, fault.New(fault.Invalid, "territory.split.twice")
	}
	if remains < 0 && len(given) < len(children) {
		return nil, fault.New(fault.Conflict, "territory.split.left", len(children)-len(given))
	}
	a.share(d, pieces, remains)
	if len(a.parts) == 0 {
		return nil, fault.New(fault.Invalid, "territory.split.shares")
	}
	if remains < 0 {
		return pieces, a.end(d.From)
	}
	return pieces, nil
}

func (a *amendment) giveChildren(from, to int64, given, children []int64) error {
	for _, child := range given {
		if !slices.Contains(children, child) {
			return fault.New(fault.Invalid, "territory.split.child", a.called(child), a.called(from))
		}
		if to == from {
			continue
		}
		if err := a.change(child, func(f *history.Facts) { f.Parent = to }); err != nil {
			return err
		}
	}
	return nil
}

// share notes the stated shares, and those counted in villages if children were given.
func (a *amendment) share(d Split, pieces []int64, remains int) {
	bases := map[string]bool{}
	weights := make([]int64, len(pieces))
	counted := int64(0)
	for i, p := range d.Into {
		for basis := range p.Shares {
			bases[basis] = true
		}
		for _, child := range p.Children {
			weights[i] += a.villages(child)
		}
		counted += weights[i]
	}
	for _, basis := range Bases {
		if !bases[basis] {
			continue
		}
		for i, p := range d.Into {
			a.pass(d.From, pieces[i], basis, p.Shares[basis])
		}
	}
	if counted == 0 || bases[edition.BasisVillages] {
		return
	}
	if remains >= 0 {
		weights[remains] += a.villages(d.From) - counted
	}
	for i, share := range edition.Shares(weights) {
		a.pass(d.From, pieces[i], edition.BasisVillages, share)
	}
}

// villages counts the villages in a place, itself included, before the act.
func (a *amendment) villages(place int64) int64 {
	n := a.tree.Find(place)
	if n == tree.None {
		return 0
	}
	return int64(a.tree.Leaves(n, division.Village))
}

// Boundary is the act of moving a part of a place to another, while both go on.
type Boundary struct {
	Order
	From, To int64
	Shares   map[string]int32 // basis → share in 0.0001 that moves
}

// MoveBoundary notes that a part of a place now belongs to another. Nothing of the tree changes: what
// moves whole is a transfer.
func (s *Service) MoveBoundary(ctx context.Context, b Boundary) error {
	if b.From == b.To || len(b.Shares) == 0 {
		return fault.New(fault.Invalid, "territory.boundary")
	}
	_, err := s.act(ctx, b.Order, deed{kind: Bounding, place: b.From, places: []int64{b.To},
		do: func(a *amendment) error {
			if _, err := a.now(b.From); err != nil {
				return err
			}
			for _, basis := range Bases {
				if share, ok := b.Shares[basis]; ok && basis != restate.All {
					a.pass(b.From, b.To, basis, share)
					a.pass(b.From, b.From, basis, restate.Whole-share)
				}
			}
			if len(a.parts) == 0 {
				return fault.New(fault.Invalid, "territory.boundary")
			}
			return nil
		}})
	return err
}
