package territory

import (
	"embed"
	"io/fs"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Part is the module's part of the database.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: Name, Migrations: root, AppendOnly: []string{"place_event", "place_event_part"}}
}

// stateRow is a row of place_state.
type stateRow struct {
	Place    int64             `db:"place,key"`
	Since    period.Date       `db:"since,key"`
	Until    period.Date       `db:"until"`
	Version  int64             `db:"version,version"`
	Parent   int64             `db:"parent"`
	Level    division.Level    `db:"level"`
	Kind     division.Kind     `db:"kind"`
	Name     string            `db:"name"`
	Code     string            `db:"code"`
	Category division.Category `db:"category"`
	Event    int64             `db:"event"`
}

func (r stateRow) state() history.State {
	return history.State{Since: r.Since, Until: r.Until, Event: r.Event, Facts: history.Facts{
		Parent: r.Parent, Level: r.Level, Kind: r.Kind, Name: r.Name, Code: r.Code, Category: r.Category}}
}

func rowOf(place int64, s history.State, version int64) stateRow {
	return stateRow{Place: place, Since: s.Since, Until: s.Until, Version: version, Parent: s.Parent,
		Level: s.Level, Kind: s.Kind, Name: s.Name, Code: s.Code, Category: s.Category, Event: s.Event}
}

// CodeSpan is a code of another scheme than the statistical one, from a day to another.
type CodeSpan struct {
	Scheme  Scheme      `db:"scheme,key"`
	Code    string      `db:"code,key"`
	Since   period.Date `db:"since,key"`
	Until   period.Date `db:"until"`
	Version int64       `db:"version,version"`
	Place   int64       `db:"place"`
	Event   int64       `db:"event"`
}

// Event is an act as it stands in the history of places.
type Event struct {
	ID        int64          `db:"id,key"`
	Kind      Kind           `db:"kind"`
	Place     int64          `db:"place"`
	Effective period.Date    `db:"effective"`
	Document  string         `db:"document"`
	Note      string         `db:"note"`
	Mark      string         `db:"mark"`
	Origin    string         `db:"origin"`
	Edition   int64          `db:"edition"`
	Actor     int64          `db:"actor"`
	Recorded  period.Instant `db:"recorded"`
}

type partRow struct {
	Event  int64  `db:"event,key"`
	Number int64  `db:"number,key"`
	From   int64  `db:"from_place"`
	To     int64  `db:"to_place"`
	Basis  string `db:"basis"`
	Share  int64  `db:"share"`
}

type pathRow struct {
	Place int64          `db:"place,key"`
	Path  []byte         `db:"path"`
	Home  int64          `db:"home,plain"`
	Level division.Level `db:"level"`
}

var (
	states     = store.NewTable[stateRow]("place_state")
	codes      = store.NewTable[CodeSpan]("place_code")
	events     = store.NewTable[Event]("place_event")
	eventParts = store.NewTable[partRow]("place_event_part")
	areas      = store.NewTable[Area]("place_area")
	members    = store.NewTable[Member]("place_area_member")
	paths      = store.NewTable[pathRow]("place_path").Unsealed().Reference()
	shownTree  = store.NewTable[treeState]("place_tree").Unsealed()

	stateEnds = states.Only("until") // an edition ends hundreds of thousands, and the code has an index
)

// Tables are all tables of the module that are kept by rows.
func Tables() []store.Sealed {
	return []store.Sealed{states, codes, events, eventParts, areas, members, paths, shownTree}
}

// treeState is the row of place_tree.
type treeState struct {
	ID      int64       `db:"id,key"` // always 1
	Changes int64       `db:"changes"`
	Shown   int64       `db:"shown"`
	ShownOn period.Date `db:"shown_on"`
}

func readTreeState(r store.Reader) (treeState, error) {
	t, _, err := store.First[treeState](r, `SELECT id, changes, shown, shown_on FROM place_tree WHERE id = 1`)
	return t, err
}

// touch counts a change of the places. It is the first statement of every transaction that makes
// one: on PostgreSQL the row's lock lets them pass one by one.
func touch(tx *store.Tx) (treeState, error) {
	t, _, err := store.First[treeState](tx, `UPDATE place_tree SET changes = changes + 1 WHERE id = 1
		RETURNING id, changes, shown, shown_on`)
	return t, err
}

// show notes which change and day place_path shows.
func show(tx *store.Tx, changes int64, on period.Date) error {
	_, err := tx.Exec(`UPDATE place_tree SET shown = ?, shown_on = ? WHERE id = 1`, changes, string(on))
	return err
}

// placesRoom is for how many places room is made before they are read.
const placesRoom = 2_000_000

// placesOn reads all places that stand on a day.
func placesOn(r store.Reader, on period.Date) ([]tree.Place, error) {
	last, err := store.Count(r, `SELECT COALESCE(max(place), 0) FROM place_state`)
	if err != nil {
		return nil, err
	}
	places := make([]tree.Place, 0, min(last, placesRoom)) // ids begin at 1: there are no more than that
	for s, err := range store.Each[slimState](r, `SELECT place, parent, level, kind, name, code, category
		FROM place_state WHERE since <= ? AND until > ?`, string(on), string(on)) {
		if err != nil {
			return nil, err
		}
		places = append(places, tree.Place{ID: s.Place, Parent: s.Parent, Level: s.Level, Kind: s.Kind,
			Name: s.Name, Code: s.Code, Category: s.Category})
	}
	return places, nil
}

type slimState struct {
	Place    int64             `db:"place"`
	Parent   int64             `db:"parent"`
	Level    division.Level    `db:"level"`
	Kind     division.Kind     `db:"kind"`
	Name     string            `db:"name"`
	Code     string            `db:"code"`
	Category division.Category `db:"category"`
}

func statesOf(r store.Reader, place int64) ([]stateRow, error) {
	return states.All(r, "WHERE place = ? ORDER BY since", place)
}

// statesAtOnce is how many places someStates asks for in one statement.
const statesAtOnce = 20

// statesOfMany reads the states of many places, place by place: in one go if they lie close together, as
// those of an edition do.
func statesOfMany(r store.Reader, places []int64) ([]stateRow, error) {
	if len(places) == 0 {
		return nil, nil
	}
	wanted := slices.Clone(places)
	slices.Sort(wanted)
	first, last := wanted[0], wanted[len(wanted)-1]
	if last-first > 4*int64(len(wanted)) {
		return someStates(r, slices.Compact(wanted))
	}
	found, at := make([]stateRow, 0, len(wanted)), 0
	for row, err := range states.Each(r, "WHERE place >= ? AND place <= ? ORDER BY place, since", first,
		last) {
		if err != nil {
			return nil, err
		}
		for wanted[at] < row.Place {
			at++
		}
		if wanted[at] == row.Place {
			found = append(found, row)
		}
	}
	return found, nil
}

// someStates reads the states of places that lie far apart. Its statement has a fixed number of places,
// the last given again where there are fewer.
func someStates(r store.Reader, places []int64) (found []stateRow, err error) {
	for some := range slices.Chunk(places, statesAtOnce) {
		args := make([]any, statesAtOnce)
		for i := range args {
			args[i] = some[min(i, len(some)-1)]
		}
		rows, err := states.All(r, `WHERE place IN
			(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ORDER BY place, since`, args...)
		if err != nil {
			return nil, err
		}
		found = append(found, rows...)
	}
	return found, nil
}

// holders are the states that have or had a statistical code, latest last.
func holders(r store.Reader, code string) ([]stateRow, error) {
	return states.All(r, "WHERE code = ? ORDER BY since, place", code)
}

// heldUntil reads the states of other places that hang under a place at some time from a day on.
func heldUntil(r store.Reader, place int64, on period.Date) ([]stateRow, error) {
	return states.All(r, "WHERE parent = ? AND until > ? ORDER BY place, since", place, string(on))
}

func eventsOf(r store.Reader, place int64) ([]Event, error) {
	return events.All(r, `WHERE place = ? OR id IN (SELECT event FROM place_state WHERE place = ?)
		OR id IN (SELECT event FROM place_event_part WHERE from_place = ?)
		OR id IN (SELECT event FROM place_event_part WHERE to_place = ?)
		ORDER BY effective, id`, place, place, place, place)
}

func partsOf(r store.Reader, event int64) ([]partRow, error) {
	return eventParts.All(r, "WHERE event = ? ORDER BY number", event)
}

// datedPart is a part with its event's day.
type datedPart struct {
	partRow
	Effective period.Date `db:"effective"`
}

// partsBetween reads the parts of events after one day up to another, by day and event.
func partsBetween(r store.Reader, from, to period.Date) ([]datedPart, error) {
	return store.All[datedPart](r, `SELECT p.event, p.number, p.from_place, p.to_place, p.basis, p.share,
		e.effective FROM place_event_part p JOIN place_event e ON e.id = p.event
		WHERE e.effective > ? AND e.effective <= ? ORDER BY e.effective, p.event, p.number`,
		string(from), string(to))
}

// pathsUnder reads the path rows of a subtree, the top first.
func pathsUnder(r store.Reader, from, to []byte) ([]pathRow, error) {
	return paths.All(r, "WHERE path >= ? AND path < ? ORDER BY path", from, to)
}
