package territory

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Place is a place as of a day.
type Place struct {
	ID       int64
	On       period.Date
	Stands   bool // on that day; if not, the facts are those of its nearest state
	Parent   int64
	Level    division.Level
	Kind     division.Kind
	Name     string
	Code     string
	Category division.Category
	Since    period.Date // the state that holds
	Until    period.Date
}

func placeOf(id int64, s history.State, on period.Date) Place {
	return Place{ID: id, On: on, Stands: s.Since <= on && on < s.Until, Parent: s.Parent, Level: s.Level,
		Kind: s.Kind, Name: s.Name, Code: s.Code, Category: s.Category, Since: s.Since, Until: s.Until}
}

// absent is the refusal for a place nobody has entered.
func absent(what string, on period.Date) error {
	return fault.New(fault.NotFound, "territory.absent", what, string(on))
}

// Place looks a place up as of a day. One that does not stand that day is given as it was last before
// it, or first after it, with Stands false; one that never was is NotFound.
func (s *Service) Place(ctx context.Context, id int64, on period.Date) (Place, error) {
	rows, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]stateRow, error) {
		return statesOf(v, id)
	})
	if err != nil {
		return Place{}, err
	}
	if len(rows) == 0 {
		return Place{}, absent("#"+edition.CodeText(id), on)
	}
	best := rows[0]
	for _, r := range rows {
		if r.Since <= on {
			best = r
		}
	}
	return placeOf(id, best.state(), on), nil
}

// ByCode finds the place a code of a scheme means on a day: with on "" or a day on which it means
// none, the place it meant last.
func (s *Service) ByCode(ctx context.Context, scheme Scheme, code string, on period.Date) (Place, error) {
	if scheme == "" || scheme == Statistical {
		full, ok := division.FullCode(code)
		if !ok {
			return Place{}, fault.New(fault.NotFound, "territory.code_unknown", code)
		}
		code = full
	}
	place, err := store.Read(ctx, s.host.Store, func(v *store.View) (int64, error) {
		return meant(v, scheme, code, on)
	})
	if err != nil {
		return Place{}, err
	}
	if place == 0 {
		return Place{}, fault.New(fault.NotFound, "territory.code_unknown", code)
	}
	if on == "" {
		on = s.host.Today()
	}
	return s.Place(ctx, place, on)
}

// meant is the place a code means on a day, or meant last.
func meant(r store.Reader, scheme Scheme, code string, on period.Date) (place int64, err error) {
	var spans []stateRow
	if scheme == "" || scheme == Statistical {
		spans, err = holders(r, code)
	} else {
		var rows []CodeSpan
		rows, err = codes.All(r, "WHERE scheme = ? AND code = ? ORDER BY since", string(scheme), code)
		for _, c := range rows {
			spans = append(spans, stateRow{Place: c.Place, Since: c.Since, Until: c.Until})
		}
	}
	for _, s := range spans {
		place = s.Place
		if s.Since <= on && on < s.Until {
			return s.Place, err
		}
	}
	return place, err
}

// Resolve finds a place by what a person writes: #id, a code of any usual length, or a name. A name
// must be that of one place on the day; if it is of several, the refusal lists them.
func (s *Service) Resolve(ctx context.Context, what string, on period.Date) (Place, error) {
	what = strings.TrimSpace(what)
	if id, ok := strings.CutPrefix(what, "#"); ok {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			return s.Place(ctx, n, on)
		}
		return Place{}, absent(what, on)
	}
	if _, ok := division.FullCode(what); ok {
		place, err := s.ByCode(ctx, Statistical, what, on)
		if !fault.Is(err, fault.NotFound) {
			return place, err
		}
	}
	if n, err := strconv.ParseInt(what, 10, 64); err == nil {
		if place, err := s.Place(ctx, n, on); err == nil {
			return place, nil
		}
	}
	return s.byName(ctx, what, on)
}

// namesakesMax is how many places of a name a refusal lists.
const namesakesMax = 10

func (s *Service) byName(ctx context.Context, name string, on period.Date) (Place, error) {
	t, err := s.At(ctx, on)
	if err != nil {
		return Place{}, err
	}
	var found []tree.Node
	for n := range tree.Node(t.Len()) {
		if t.Name(n) == name {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 0:
		return Place{}, absent(name, on)
	case 1:
		return s.Place(ctx, t.ID(found[0]), on)
	}
	var list []fault.Finding
	for _, n := range found[:min(len(found), namesakesMax)] {
		list = append(list, fault.Told("territory.namesake", TrailText(t, n), t.Code(n), t.ID(n)))
	}
	return Place{}, fault.New(fault.Conflict, "territory.namesakes", name, len(found)).With(list)
}

// TrailText is the way to a node in words, groupings left out: 重庆市 / 涪陵区 / 白涛镇.
func TrailText(t *tree.Tree, n tree.Node) string {
	var names []string
	for _, a := range t.Trail(n) {
		if t.Kind(a) != division.Grouping || a == n {
			names = append(names, t.Name(a))
		}
	}
	return strings.Join(names, " / ")
}

// Above is the way to what a node lies in, in words and groupings left out; "" at the top.
func Above(t *tree.Tree, n tree.Node) string {
	n = t.Parent(n)
	for n != tree.None && t.Kind(n) == division.Grouping {
		n = t.Parent(n)
	}
	if n == tree.None {
		return ""
	}
	return TrailText(t, n)
}

// Origin is the place of an act that a pack has brought before; 0 if it has not, −1 if it is about no
// single place.
func (s *Service) Origin(ctx context.Context, origin string) (int64, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) (int64, error) {
		row, found, err := events.First(v, "WHERE origin = ? ORDER BY id", origin)
		switch {
		case err != nil || !found:
			return 0, err
		case row.Place == 0:
			return -1, nil
		}
		return row.Place, nil
	})
}

// Address is the page of a place (package gazetteer), on a day if that is not today.
func (s *Service) Address(place int64, on period.Date) string {
	a := "/places/" + strconv.FormatInt(place, 10)
	if on != "" && on != s.host.Today() {
		a += "?on=" + string(on)
	}
	return a
}

// Percent writes a share, which is in 0.0001: 12.50%, 100%.
func Percent(share int32) string {
	text := strings.TrimSuffix(decimal.Format(int64(share), 2), "00")
	return strings.TrimSuffix(text, ".") + "%"
}

// InWords lets the dictionary put the levels into words that arithmetic names by their keys.
func InWords(list []fault.Finding) []fault.Finding {
	for i := range list {
		for j, a := range list[i].Args {
			if key, ok := a.(string); ok && strings.HasPrefix(key, "territory.level.") {
				list[i].Args[j] = locale.Word(key)
			}
		}
	}
	return list
}
