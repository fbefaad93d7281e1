package setting

import (
	"context"
	"encoding/json"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Mark is what the log of a demo city says of itself.
type Mark struct {
	Scale  string `json:"scale"`
	Seed   int64  `json:"seed"`
	Pack   string `json:"pack"`
	Format int    `json:"format"`
}

// format rises when the builder builds another city from the same seed.
const format = 3

// The kinds of the events by which a city is known: the first of its log, and the last.
const (
	BegunKind = "demo.begun"
	BuiltKind = "demo.built"
)

// State is what a database is to the builder.
type State int

// The states.
const (
	Empty      State = iota // nothing has happened in it
	Foreign                 // it is something else's
	Unfinished              // a city whose building was interrupted
	Built                   // a city
)

// Look tells what a database is, and which city it holds. It only reads: one without a log, be it empty
// or another program's, counts as Empty.
func Look(ctx context.Context, s *store.Store) (state State, m Mark, err error) {
	err = s.View(ctx, func(v *store.View) error {
		n, err := store.Count(v, `SELECT count(*) FROM (SELECT id FROM event LIMIT 1) e`)
		if err != nil || n == 0 {
			return ctx.Err() // there is no such table
		}
		state = Foreign
		body, found, err := marked(v, BegunKind)
		if err != nil || !found {
			return err
		}
		state = Unfinished
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			return err
		}
		if _, found, err = marked(v, BuiltKind); found {
			state = Built
		}
		return err
	})
	return state, m, err
}

func marked(v *store.View, kind string) (body string, found bool, err error) {
	return store.First[string](v, `SELECT body FROM event WHERE home = ? AND subject = ? AND kind = ?
		ORDER BY id LIMIT 1`, store.City, "demo", kind)
}

// Fits refuses a database that holds anything but the city that is asked for. name is how the database
// is called.
func Fits(state State, found, wanted Mark, name string) error {
	switch {
	case state == Foreign:
		return fault.New(fault.Conflict, "demo.foreign", name)
	case state == Unfinished:
		return fault.New(fault.Conflict, "demo.unfinished", name)
	case state == Built && found != wanted:
		return fault.New(fault.Conflict, "demo.other", name, found.Scale, found.Seed, found.Pack)
	}
	return nil
}

// Wanted is the mark of the city of a scale, seed and pack.
func Wanted(scale Scale, seed int64, pack string) Mark { return Mark{scale.Name, seed, pack, format} }
