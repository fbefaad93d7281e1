package assets

import (
	"hash/fnv"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// totalRow is how many cards of a profile a home has. It makes the counts and sums of whole counties
// and of the city a matter of some hundred rows, and tells a list where there is anything to find.
type totalRow struct {
	Home     int64     `db:"home"`
	Profile  int64     `db:"profile,key"`
	Form     string    `db:"form"`
	Kind     string    `db:"kind"`
	Class    Class     `db:"class"`
	Origin   string    `db:"origin"`
	Title    Title     `db:"title"`
	UseState string    `db:"use_state"`
	State    State     `db:"state"`
	Number   int64     `db:"number"`
	Cost     money.Fen `db:"cost"`
	Area     area.Area `db:"area"`
}

var totalTable = store.NewTable[totalRow]("asset_total").Unsealed()

// profileOf names the combination of everything a list filters by: a hash of 64 bits, so that no
// table of combinations has to be agreed on between homes.
func profileOf(a *Asset) int64 {
	h := fnv.New64a()
	for _, part := range [...]string{a.Form, a.Kind, string(a.Class), a.Origin, string(a.Title), a.UseState,
		string(a.State)} {
		h.Write([]byte(part)) //nolint:errcheck // a hash takes everything
		h.Write([]byte{0})    //nolint:errcheck // a hash takes everything
	}
	return int64(h.Sum64())
}

func totalOf(a *Asset) totalRow {
	return totalRow{a.Home, a.Profile, a.Form, a.Kind, a.Class, a.Origin, a.Title, a.UseState, a.State, 1,
		a.Cost, a.Area}
}

// less is the total with its amounts taken away instead of added.
func (t totalRow) less() totalRow {
	t.Number, t.Cost, t.Area = -t.Number, -t.Cost, -t.Area
	return t
}

const addTotal = `INSERT INTO asset_total
	(home, profile, form, kind, class, origin, title, use_state, state, number, cost, area)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (home, profile) DO UPDATE SET number = asset_total.number + excluded.number,
		cost = asset_total.cost + excluded.cost, area = asset_total.area + excluded.area`

func (t totalRow) add(tx *store.Tx) error {
	_, err := tx.Exec(addTotal, t.Home, t.Profile, t.Form, t.Kind, t.Class, t.Origin, t.Title, t.UseState,
		t.State, t.Number, t.Cost, t.Area)
	return err
}

// enter adds a card. Everything that adds one goes through here or Load.
func enter(tx *store.Tx, a *Asset) error {
	a.Profile = profileOf(a)
	if err := assetTable.Insert(tx, a); err != nil {
		return err
	}
	return totalOf(a).add(tx)
}

// save writes a changed card. Everything that changes one goes through here.
func save(tx *store.Tx, before Asset, a *Asset) error {
	a.Profile = profileOf(a)
	if err := assetTable.Update(tx, a); err != nil {
		return err
	}
	was, is := totalOf(&before), totalOf(a)
	if was == is {
		return nil
	}
	if err := was.less().add(tx); err != nil {
		return err
	}
	return is.add(tx)
}

// numberOf is the number of a card that was given none.
func numberOf(id int64) string {
	text := strconv.FormatInt(id, 10)
	for len(text) < 6 {
		text = "0" + text
	}
	return "K" + text
}
