package territory

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Area is a named, dated set of places that need not be a rung of the tree.
type Area struct {
	ID       int64       `db:"id,key"`
	Version  int64       `db:"version,version"`
	Label    string      `db:"label"` // a key of its own, as packs use it: north-east
	Chinese  string      `db:"name"`
	English  string      `db:"english"`
	Kind     AreaKind    `db:"kind"`
	Since    period.Date `db:"since"`
	Until    period.Date `db:"until"`
	Document string      `db:"document"`
	Note     string      `db:"note"`
	Mark     string      `db:"mark"`
}

// AreaKind is what an area is.
type AreaKind string

// The kinds of area.
const (
	Cluster         AreaKind = "cluster"          // 一区两群 and the like
	Alliance        AreaKind = "alliance"         // 万开云; members may lie outside the city
	StatisticalUnit AreaKind = "statistical_unit" // reports like a county, is no division
	FunctionalZone  AreaKind = "functional_zone"  // a river basin, a demonstration zone
)

// AreaKinds are all kinds.
var AreaKinds = []AreaKind{Cluster, Alliance, StatisticalUnit, FunctionalZone}

// Name is the area's name in a language.
func (a Area) Name(l locale.Language) string {
	return locale.Words{Chinese: a.Chinese, English: a.English}.In(l)
}

// Member is a place that belongs to an area from a day to another.
type Member struct {
	Area    int64       `db:"area,key"`
	Place   int64       `db:"place,key"`
	Since   period.Date `db:"since,key"`
	Until   period.Date `db:"until"`
	Version int64       `db:"version,version"`
	Mark    string      `db:"mark"`
}

var labelForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// Check refuses what cannot be an area.
func (a Area) Check() error {
	switch {
	case !labelForm.MatchString(a.Label):
		return fault.New(fault.Invalid, "territory.area.label", a.Label)
	case strings.TrimSpace(a.Chinese) == "" || strings.TrimSpace(a.English) == "" ||
		len(a.Chinese)+len(a.English) > 4*edition.NameMax:
		return fault.New(fault.Invalid, "territory.area.name", edition.NameMax)
	case !slices.Contains(AreaKinds, a.Kind):
		return fault.New(fault.Invalid, "territory.area.kind", string(a.Kind))
	case !a.Since.Valid() || a.Until != period.Open && (!a.Until.Valid() || a.Until <= a.Since):
		return fault.New(fault.Invalid, "territory.area.span", string(a.Since), string(a.Until))
	}
	return nil
}

// CreateArea enters an area; Until "" is for good. It returns the area's id. Whoever may change the
// top of the tree may do so.
func (s *Service) CreateArea(ctx context.Context, a Area) (int64, error) {
	if a.Until == "" {
		a.Until = period.Open
	}
	if err := a.Check(); err != nil {
		return 0, err
	}
	if err := s.permitTop(ctx); err != nil {
		return 0, err
	}
	err := s.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		row := a
		if _, found, err := areas.First(tx, "WHERE label = ?", a.Label); err != nil || found {
			if err == nil {
				err = fault.New(fault.Conflict, "territory.area.taken", a.Label)
			}
			return err
		}
		if row.ID, err = tx.NextID(store.City, "place_area"); err != nil {
			return err
		}
		if err := areas.Insert(tx, &row); err != nil {
			return err
		}
		a.ID = row.ID
		return recordArea(ctx, tx, "place.area_created", row.ID)
	})
	return a.ID, err
}

// permitTop asks for the permit at the city of the installation; without one known, at the first root
// of today's tree.
func (s *Service) permitTop(ctx context.Context) error {
	t, place := s.Today(), s.City()
	if place == 0 && t.Len() > 0 {
		place = t.ID(0)
	}
	return s.host.Access.Require(access.From(ctx), PermitChange, place)
}

// City is the place of today that the installation serves, by the code in its pack; 0 if it is not
// entered.
func (s *Service) City() int64 {
	t := s.Today()
	if n := s.CityIn(t); n != tree.None {
		return t.ID(n)
	}
	return 0
}

// CityIn is the city of the installation in the tree of a day; None if it does not stand.
func (s *Service) CityIn(t *tree.Tree) tree.Node {
	if s.host.Packs == nil {
		return tree.None
	}
	code, ok := division.FullCode(s.host.Packs.City())
	if !ok {
		return tree.None
	}
	level, err := division.LevelOf(code)
	if err != nil {
		return tree.None
	}
	for n := tree.Node(0); int(n) < t.Len(); {
		switch {
		case t.Code(n) == code:
			return n
		case t.Level(n) >= level:
			n = t.End(n)
		default:
			n++
		}
	}
	return tree.None
}

func recordArea(ctx context.Context, tx *store.Tx, kind string, area int64) error {
	_, err := tx.Record(store.Event{Home: store.City, Kind: kind, Actor: access.From(ctx).Account,
		Subject: "area/" + edition.CodeText(area)})
	return err
}

// Membership is a change of who belongs to an area.
type Membership struct {
	Area    int64
	Places  []int64
	On      period.Date // from this day on
	Leaving bool        // they leave; else they join
	Mark    string
}

// SetMembers lets places join or leave an area from a day on. Who is in and joins, or out and
// leaves, stays as it is.
func (s *Service) SetMembers(ctx context.Context, m Membership) error {
	if !m.On.Valid() {
		return fault.New(fault.Invalid, "territory.act.date", string(m.On))
	}
	if err := s.permitTop(ctx); err != nil {
		return err
	}
	t, err := s.At(ctx, m.On)
	if err != nil {
		return err
	}
	for _, place := range m.Places {
		if !m.Leaving && !t.Has(place) {
			return fault.New(fault.NotFound, "territory.absent", edition.CodeText(place), string(m.On))
		}
	}
	err = s.host.Store.Write(ctx, func(tx *store.Tx) error {
		state, err := touch(tx)
		if err != nil {
			return err
		}
		a, found, err := areas.First(tx, "WHERE id = ?", m.Area)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "territory.area.absent")
		}
		if err != nil {
			return err
		}
		for _, place := range m.Places {
			if err := setMember(tx, a, place, m); err != nil {
				return err
			}
		}
		if state.Shown == state.Changes-1 { // no place has moved
			if err := show(tx, state.Changes, state.ShownOn); err != nil {
				return err
			}
		}
		return recordArea(ctx, tx, "place.area_changed", m.Area)
	})
	s.stale.Store(true)
	return err
}

// setMember writes one membership. A row is never removed, for its key would be used again: one that
// lasted no day ends on the day it began.
func setMember(tx *store.Tx, a Area, place int64, m Membership) error {
	rows, err := members.All(tx, "WHERE area = ? AND place = ? ORDER BY since", a.ID, place)
	if err != nil {
		return err
	}
	until, same := a.Until, -1
	for i, r := range rows {
		switch {
		case r.Since <= m.On && m.On < r.Until:
			if m.Leaving {
				rows[i].Until = m.On
				return members.Update(tx, &rows[i])
			}
			return nil
		case r.Since == m.On:
			same = i
		case r.Since > m.On && r.Until > r.Since:
			until = min(until, r.Since) // it joins earlier than was known
		}
	}
	switch {
	case m.Leaving:
		return nil
	case same >= 0:
		rows[same].Until, rows[same].Mark = until, m.Mark
		return members.Update(tx, &rows[same])
	}
	return members.Insert(tx, &Member{Area: a.ID, Place: place, Since: m.On, Until: until, Mark: m.Mark})
}

// Areas are the areas in force on a day, by label.
func (s *Service) Areas(ctx context.Context, on period.Date) ([]Area, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) ([]Area, error) {
		return areas.All(v, "WHERE since <= ? AND until > ? ORDER BY label", string(on), string(on))
	})
}

// Area is an area and who belongs to it on a day.
func (s *Service) Area(ctx context.Context, id int64, on period.Date) (a Area, list []Member, err error) {
	err = s.host.Store.View(ctx, func(v *store.View) error {
		var found bool
		a, found, err = areas.First(v, "WHERE id = ?", id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "territory.area.absent")
		}
		if err == nil {
			list, err = members.All(v, "WHERE area = ? AND since <= ? AND until > ? ORDER BY place", id,
				string(on), string(on))
		}
		return err
	})
	return a, list, err
}

// AreaLabelled finds an area by its label.
func (s *Service) AreaLabelled(ctx context.Context, label string) (a Area, found bool, err error) {
	err = s.host.Store.View(ctx, func(v *store.View) error {
		a, found, err = areas.First(v, "WHERE label = ?", label)
		return err
	})
	return a, found, err
}

// EverMember reports whether a place belongs, belonged or will belong to an area.
func (s *Service) EverMember(ctx context.Context, area, place int64) (bool, error) {
	n, err := store.Read(ctx, s.host.Store, func(v *store.View) (int64, error) {
		return store.Count(v, `SELECT count(*) FROM place_area_member WHERE area = ? AND place = ?`, area,
			place)
	})
	return n > 0, err
}

// areasOf are the areas a place belongs to on a day.
func areasOf(r store.Reader, place int64, on period.Date) ([]Area, error) {
	return areas.All(r, `WHERE id IN (SELECT area FROM place_area_member WHERE place = ? AND since <= ?
		AND until > ?) ORDER BY label`, place, string(on), string(on))
}

// MemberCounts counts the members of each area on a day.
func (s *Service) MemberCounts(ctx context.Context, on period.Date) (map[int64]int, error) {
	type count struct {
		Area    int64 `db:"area"`
		Members int64 `db:"members"`
	}
	list, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]count, error) {
		return store.All[count](v, `SELECT area, count(*) AS members FROM place_area_member
			WHERE since <= ? AND until > ? GROUP BY area`, string(on), string(on))
	})
	counts := make(map[int64]int, len(list))
	for _, c := range list {
		counts[c.Area] = int(c.Members)
	}
	return counts, err
}

// MayTop asks whether the actor may change what concerns the whole tree: areas.
func (s *Service) MayTop(ctx context.Context) error { return s.permitTop(ctx) }
