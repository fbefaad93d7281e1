package territory

import (
	"context"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// Around is what stands around a place on a day: asked of the rows, for whoever wants to know one place
// and would wait for the tree of the whole country otherwise.
type Around struct {
	Trail    string // the way to it in words, as TrailText
	Children int    // directly below, those of grouping nodes in place of the grouping
	Villages int    // itself among them
}

// Around looks around a place on the day it was asked for. Around one that does not stand then, nothing is.
func (s *Service) Around(ctx context.Context, p Place) (a Around, err error) {
	if !p.Stands {
		return a, nil
	}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		if a.Trail, err = trailOf(v, p); err != nil {
			return err
		}
		levels, err := levelsBelow(v, p)
		if err == nil {
			a.Children, a.Villages = countBelow(p.ID, levels)
			if p.Level == division.Village {
				a.Villages++
			}
		}
		return err
	})
	return a, err
}

// trailOf goes up from a place, from what it hangs under to what that hangs under.
func trailOf(r store.Reader, p Place) (string, error) {
	names := []string{p.Name}
	for above := p.Parent; above != 0; {
		rows, err := statesOf(r, above)
		if err != nil {
			return "", err
		}
		state, stands := history.At(historyOf(above, rows).States, p.On)
		if !stands {
			break
		}
		if state.Kind != division.Grouping {
			names = append(names, state.Name)
		}
		above = state.Parent
	}
	slices.Reverse(names)
	return strings.Join(names, " / "), nil
}

// levelsBelow reads the places of each level below a place's that stand on its day.
func levelsBelow(r store.Reader, p Place) (levels [division.Group + 1][]hanging, err error) {
	for h, err := range store.Each[hanging](r, `SELECT place, parent, level,
		CASE WHEN kind = ? THEN 1 ELSE 0 END AS grouping FROM place_state
		WHERE level > ? AND since <= ? AND until > ?`, string(division.Grouping), int64(p.Level),
		string(p.On), string(p.On)) {
		if err != nil {
			return levels, err
		}
		if h.Level <= division.Group {
			levels[h.Level] = append(levels[h.Level], h)
		}
	}
	return levels, nil
}

// hanging is a place and what it hangs under.
type hanging struct {
	Place    int64          `db:"place"`
	Parent   int64          `db:"parent"`
	Level    division.Level `db:"level"`
	Grouping int64          `db:"grouping"` // 1: it is one
}

// countBelow counts what lies in a place, level by level: what a place hangs under is of a higher one.
func countBelow(root int64, levels [division.Group + 1][]hanging) (children, villages int) {
	inside, near := map[int64]bool{root: true}, map[int64]bool{root: true}
	for level, list := range levels {
		for _, h := range list {
			if !inside[h.Parent] {
				continue
			}
			inside[h.Place] = true
			if division.Level(level) == division.Village {
				villages++
			}
			switch {
			case !near[h.Parent]:
			case h.Grouping == 1:
				near[h.Place] = true
			default:
				children++
			}
		}
	}
	return children, villages
}
