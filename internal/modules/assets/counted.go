package assets

import (
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Counted is what an approved annual check found of a card: the cards follow the check, so that next
// year opens with what this year verified.
type Counted struct {
	Ref      Ref
	On       period.Date // day of reference
	Cost     money.Fen   // verified
	Area     area.Area   // verified
	UseState string
	LandUse  string
	Keeper   string
	Gone     bool // verified as no longer there
	Document string
}

// ApplyCounted brings a card in line with an approved check, in the transaction that approves it.
// Nothing is written if nothing differs.
func ApplyCounted(tx *store.Tx, actor access.Actor, c Counted) error {
	a, err := Get(tx, c.Ref)
	if err != nil {
		return err
	}
	return a.follow(tx, actor, c)
}

// ApplyAllCounted is ApplyCounted for many cards of one organisation, which are read at once.
func ApplyAllCounted(tx *store.Tx, actor access.Actor, home, organisation int64, all []Counted) error {
	cards := map[int64]Asset{}
	for a, err := range liveOf(tx, home, organisation) {
		if err != nil {
			return err
		}
		cards[a.ID] = a
	}
	for _, c := range all {
		a, live := cards[c.Ref.ID]
		if !live { // disposed of since it was counted
			if err := ApplyCounted(tx, actor, c); err != nil {
				return err
			}
			continue
		}
		if err := a.follow(tx, actor, c); err != nil {
			return err
		}
	}
	return nil
}

// follow brings the card in line with what was counted.
func (a Asset) follow(tx *store.Tx, actor access.Actor, c Counted) error {
	before := a
	if c.Cost != a.Cost && !c.Gone {
		a.continueFrom(c.On) // what is past keeps what was written off
	}
	a.Cost, a.Area, a.UseState, a.LandUse, a.Custodian = c.Cost, c.Area, c.UseState, c.LandUse, c.Keeper
	a.Salvage = min(a.Salvage, a.Cost)
	a.Base = min(a.Base, a.Cost-a.Salvage)
	if c.Gone {
		a.State, a.Ended = Disposed, c.On
		a.Cost, a.Area, a.Salvage, a.Base = before.Cost, before.Area, before.Salvage,
			before.Base // it was worth that
	}
	if a == before {
		return nil
	}
	if err := save(tx, before, &a); err != nil {
		return err
	}
	kind := "counted"
	if c.Gone {
		kind = "lost"
	}
	return record(tx, actor, a, Happening{Kind: kind, On: c.On, Amount: a.Cost - before.Cost,
		Document: c.Document})
}

// EnterFound makes the card of something an approved check found that stood on none.
func EnterFound(tx *store.Tx, actor access.Actor, a Asset, document string) (Asset, error) {
	var err error
	if a.ID, err = tx.NextID(a.Home, "asset"); err != nil {
		return a, err
	}
	a.State, a.Ended = Live, period.Open
	if a.Number == "" {
		a.Number = numberOf(a.ID)
	}
	if a.Method == "" {
		a.Method = depreciation.None
	}
	if err := enter(tx, &a); err != nil {
		return a, err
	}
	return a, record(tx, actor, a, Happening{Kind: "found", On: a.Acquired, Amount: a.Cost,
		Document: document})
}
