package territory

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Rename is the act of giving a place another name.
type Rename struct {
	Order
	Place int64
	Name  string
}

// Rename gives a place another name.
func (s *Service) Rename(ctx context.Context, r Rename) error {
	name := strings.TrimSpace(r.Name)
	return s.alter(ctx, r.Order, deed{kind: Renaming, place: r.Place}, func(_ *amendment,
		f *history.Facts) error {
		f.Name = name
		return nil
	})
}

// Retype is the act of turning a place into another kind of body: a county into a district, a town
// into a sub-district. It often takes another name, code and grouping with it.
type Retype struct {
	Order
	Place  int64
	Kind   division.Kind
	Name   string // "": as it was
	Code   string // "": as it was
	Parent int64  // 0: as it was; else another grouping or the like
}

// Retype turns a place into another kind of body.
func (s *Service) Retype(ctx context.Context, r Retype) error {
	d := deed{kind: Retyping, place: r.Place, places: []int64{r.Parent}}
	return s.alter(ctx, r.Order, d, func(_ *amendment, f *history.Facts) error {
		f.Kind = r.Kind
		if r.Name != "" {
			f.Name = strings.TrimSpace(r.Name)
		}
		if r.Code != "" {
			f.Code = division.Widen(r.Code, f.Level)
		}
		if r.Parent != 0 {
			f.Parent = r.Parent
		}
		return nil
	})
}

// alter changes the facts of one place and refuses a change that changes nothing.
func (s *Service) alter(ctx context.Context, o Order, d deed,
	change func(*amendment, *history.Facts) error) error {
	d.do = func(a *amendment) error {
		before, err := a.now(d.place)
		if err != nil {
			return err
		}
		next := before
		if err := change(a, &next); err != nil {
			return err
		}
		if next == before {
			return fault.New(fault.Conflict, "territory.same", before.Name)
		}
		if err := a.fits(next); err != nil {
			return err
		}
		return a.change(d.place, func(f *history.Facts) { *f = next })
	}
	_, err := s.act(ctx, o, d)
	return err
}
