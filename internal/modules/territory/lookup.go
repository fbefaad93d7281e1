package territory

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// What other parts ask of the places of today. A place that does not stand answers with nothing: 0,
// "" or an empty list.

// Level is the place's level today; Nation if it does not stand.
func (s *Service) Level(place int64) division.Level {
	t := s.Today()
	if n := t.Find(place); n != tree.None {
		return t.Level(n)
	}
	return division.Nation
}

// Parent is the place above, grouping nodes passed over.
func (s *Service) Parent(place int64) int64 {
	t := s.Today()
	n := t.Find(place)
	if n == tree.None {
		return 0
	}
	return above(t, n)
}

// above is the nearest place above a node that is no mere grouping.
func above(t *tree.Tree, n tree.Node) int64 {
	for n = t.Parent(n); n != tree.None; n = t.Parent(n) {
		if t.Kind(n) != division.Grouping {
			return t.ID(n)
		}
	}
	return 0
}

// Children are the places directly below, those of grouping nodes in place of the grouping.
func (s *Service) Children(place int64) []int64 {
	t := s.Today()
	n := t.Find(place)
	if n == tree.None {
		return nil
	}
	var all []int64
	var walk func(tree.Node)
	walk = func(n tree.Node) {
		for c := range t.Children(n) {
			if t.Kind(c) == division.Grouping {
				walk(c)
				continue
			}
			all = append(all, t.ID(c))
		}
	}
	walk(n)
	return all
}

// ChildTowards is the child (as Children has them) in which a place lies, or which it is; 0 if it does
// not lie below.
func (s *Service) ChildTowards(place, below int64) int64 {
	t := s.Today()
	root, n := t.Find(place), t.Find(below)
	if root == tree.None || n == tree.None || n == root || !t.Inside(n, root) {
		return 0
	}
	child := tree.None
	for ; n != root; n = t.Parent(n) {
		if t.Kind(n) != division.Grouping {
			child = n
		}
	}
	if child == tree.None {
		return 0
	}
	return t.ID(child)
}

// Codes are the statistical codes of the place and of what it lies in, nearest first: for parameters
// that differ by region.
func (s *Service) Codes(place int64) []string {
	t := s.Today()
	n := t.Find(place)
	if n == tree.None {
		return nil
	}
	var all []string
	for _, a := range slices.Backward(t.Trail(n)) {
		if code := t.Code(a); code != "" {
			all = append(all, code)
		}
	}
	return all
}

// Ancestor is the nearest place at or above one whose level is not below the given. Grouping nodes
// are passed over, so that "prefecture" is the city in Chongqing as in Ezhou.
func (s *Service) Ancestor(place int64, level division.Level) int64 {
	t := s.Today()
	for n := t.Find(place); n != tree.None; n = t.Parent(n) {
		if t.Level(n) <= level && t.Kind(n) != division.Grouping {
			return t.ID(n)
		}
	}
	return 0
}

// Find is the place of today that a person means by #id, a number, a code or a whole name.
func (s *Service) Find(ctx context.Context, text string) (int64, error) {
	p, err := s.Resolve(ctx, text, s.host.Today())
	return p.ID, err
}

// directory is what accounts ask of places.
type directory struct{ *Service }

// Level is the place's level today; false if it does not stand.
func (d directory) Level(place int64) (division.Level, bool) {
	return d.Service.Level(place), d.Today().Has(place)
}

// Name is what the place is called, or was called last.
func (d directory) Name(place int64) string {
	if name := d.Service.Name(place); name != "" {
		return name
	}
	p, err := d.Place(context.Background(), place, d.host.Today())
	if err != nil {
		return ""
	}
	return p.Name
}

// Successors are the places of a day that follow an abolished one.
func (d directory) Successors(ctx context.Context, place int64, on period.Date) ([]int64, error) {
	list, err := d.Service.Successors(ctx, place, on)
	ids := make([]int64, len(list))
	for i, one := range list {
		ids[i] = one.Place
	}
	return ids, err
}

// Areas are the areas in which a post can be held on a day.
func (d directory) Areas(ctx context.Context, on period.Date) ([]identity.Area, error) {
	list, err := d.Service.Areas(ctx, on)
	all := make([]identity.Area, len(list))
	for i, a := range list {
		all[i] = identity.Area{ID: a.ID, Name: a.Chinese}
	}
	return all, err
}
