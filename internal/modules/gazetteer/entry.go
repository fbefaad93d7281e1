package gazetteer

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Entry is an act as a form, a program or a command states it. Which fields count depends on the kind.
type Entry struct {
	Kind  territory.Kind
	Place int64 // what it is about; establish: what the new place lies in
	territory.Order
	Level       division.Level // establish
	Type        division.Kind  // establish, retype; "": as it was
	Name        string         // establish, rename, retype
	Code        string         // establish, retype, recode, transfer
	Scheme      territory.Scheme
	Category    division.Category
	Descendants bool    // recode: what lies in it follows
	None        bool    // abolish: nothing succeeds it
	Parent      int64   // retype, transfer
	Places      []int64 // merge: those merged; transfer: those that move along
	Into        []Target
	Basis       string // of the shares in Into
}

// Target is a place that something passes to: abolish, boundary, split; and what merges become.
type Target struct {
	Place    int64 // 0: New
	New      territory.NewPlace
	Children []int64
	Share    int32 // 0.0001
}

// IntoMax is how many targets an entry may have.
const IntoMax = 20

// entering are the ways to enter an act, by its kind.
var entering = map[territory.Kind]func(*Gazetteer, context.Context, Entry) (int64, error){
	territory.Establishing: (*Gazetteer).establish,
	territory.Abolishing:   (*Gazetteer).abolish,
	territory.Renaming:     (*Gazetteer).rename,
	territory.Retyping:     (*Gazetteer).retype,
	territory.Recoding:     (*Gazetteer).recode,
	territory.Merging:      (*Gazetteer).merge,
	territory.Splitting:    (*Gazetteer).split,
	territory.Transferring: (*Gazetteer).transfer,
	territory.Bounding:     (*Gazetteer).bound,
}

// Enter enters an act and returns the place whose page tells of it.
func (g *Gazetteer) Enter(ctx context.Context, e Entry) (int64, error) {
	enter, known := entering[e.Kind]
	switch {
	case !known:
		return 0, fault.New(fault.Invalid, "gazetteer.act.kind", string(e.Kind))
	case e.Place == 0:
		return 0, fault.New(fault.Invalid, "gazetteer.act.place")
	case len(e.Into) > IntoMax:
		return 0, fault.New(fault.TooLarge, "gazetteer.act.into", IntoMax)
	}
	return enter(g, ctx, e)
}

func (g *Gazetteer) establish(ctx context.Context, e Entry) (int64, error) {
	return g.places.Establish(ctx, territory.Establishment{Order: e.Order, Parent: e.Place, Level: e.Level,
		Kind: e.Type, Name: e.Name, Code: e.Code, Category: e.Category})
}

// abolish passes the whole to one successor, or shares of it to several.
func (g *Gazetteer) abolish(ctx context.Context, e Entry) (int64, error) {
	a := territory.Abolition{Order: e.Order, Place: e.Place, None: e.None}
	for _, t := range e.Into {
		s := territory.Succession{To: t.Place, Basis: e.Basis, Share: t.Share}
		if len(e.Into) == 1 && t.Share == 0 {
			s.Basis, s.Share = restate.All, restate.Whole
		}
		a.Successors = append(a.Successors, s)
	}
	return e.Place, g.places.Abolish(ctx, a)
}

func (g *Gazetteer) rename(ctx context.Context, e Entry) (int64, error) {
	return e.Place, g.places.Rename(ctx, territory.Rename{Order: e.Order, Place: e.Place, Name: e.Name})
}

func (g *Gazetteer) retype(ctx context.Context, e Entry) (int64, error) {
	return e.Place, g.places.Retype(ctx, territory.Retype{Order: e.Order, Place: e.Place, Kind: e.Type,
		Name: e.Name, Code: e.Code, Parent: e.Parent})
}

func (g *Gazetteer) recode(ctx context.Context, e Entry) (int64, error) {
	return e.Place, g.places.Recode(ctx, territory.Recode{Order: e.Order, Place: e.Place, Scheme: e.Scheme,
		Code: e.Code, Descendants: e.Descendants})
}

// merge merges the place and others into itself, or into the one target, standing or new.
func (g *Gazetteer) merge(ctx context.Context, e Entry) (int64, error) {
	m := territory.Merge{Order: e.Order, From: e.Places, Into: e.Place}
	if len(e.Into) > 0 {
		m.Into, m.New = e.Into[0].Place, e.Into[0].New
		m.From = append([]int64{e.Place}, e.Places...)
	}
	return g.places.Merge(ctx, m)
}

func (g *Gazetteer) split(ctx context.Context, e Entry) (int64, error) {
	s := territory.Split{Order: e.Order, From: e.Place}
	for _, t := range e.Into {
		piece := territory.Piece{Place: t.Place, New: t.New, Children: t.Children}
		if e.Basis != "" {
			piece.Shares = map[string]int32{e.Basis: t.Share}
		}
		s.Into = append(s.Into, piece)
	}
	_, err := g.places.Split(ctx, s)
	return e.Place, err
}

func (g *Gazetteer) transfer(ctx context.Context, e Entry) (int64, error) {
	t := territory.Transfer{Order: e.Order, Places: append([]int64{e.Place}, e.Places...), Parent: e.Parent}
	if e.Code != "" {
		t.Codes = map[int64]string{e.Place: e.Code}
	}
	if slices.Contains(e.Places, e.Place) {
		t.Places = e.Places
	}
	return e.Place, g.places.Transfer(ctx, t)
}

func (g *Gazetteer) bound(ctx context.Context, e Entry) (int64, error) {
	b := territory.Boundary{Order: e.Order, From: e.Place}
	if len(e.Into) == 1 && e.Basis != "" {
		b.To, b.Shares = e.Into[0].Place, map[string]int32{e.Basis: e.Into[0].Share}
	}
	return e.Place, g.places.MoveBoundary(ctx, b)
}
