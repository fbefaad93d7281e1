package demo

import (
	"context"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/landscape"
	"github.com/terrace-project/terrace/internal/app/demo/tally"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// count is when the teams count: all but those who are late.
func (k *checking) count(ctx context.Context) error {
	list := k.those(func(t *task) bool { return !t.late && t.key != untouched.key })
	k.chooseForPhotos(list)
	return k.inPortions(ctx, list, k.countOne)
}

// countLate is when the last count, and finished counties report.
func (k *checking) countLate(ctx context.Context) error {
	list := k.those(func(t *task) bool { return t.late })
	if err := k.inPortions(ctx, list, k.countOne); err != nil {
		return err
	}
	return k.report(ctx)
}

// chooseForPhotos says whose rows are counted with photos, as long as there are any left.
func (k *checking) chooseForPhotos(list []*task) {
	for _, t := range list {
		if t.key != "photographed" && t.key != begun.key || k.taken+int(t.Rows) > photosMax {
			continue
		}
		t.photo = true
		k.taken += int(t.Rows)
	}
}

var teamRoles = []string{"cadre", "accountant", "supervisor", "member", "member", "member"}

// team is five or six people of the place.
func (k *checking) team(t *task) []inventory.Member {
	d := k.lot("team", t)
	team := make([]inventory.Member, 5+d.Below(2))
	for i := range team {
		team[i] = inventory.Member{Role: teamRoles[i], Name: invent.NewPerson(d).Name}
	}
	return team
}

// countOne counts an organisation as far as its plan says, and posts the result.
func (k *checking) countOne(tx *store.Tx, t *task) error {
	if t.key == untouched.key {
		return nil
	}
	accountant := k.who("village_accountant", t)
	if err := k.Modules.Inventory.SetTeamIn(tx, accountant, t.Ref(), k.team(t)); err != nil {
		return err
	}
	entries, whole, err := k.entries(tx, t)
	if err != nil {
		return err
	}
	if err := k.Modules.Inventory.SetRows(tx, accountant.Account, t.Ref(), entries); err != nil {
		return err
	}
	if t.key == begun.key {
		return nil
	}
	if !whole {
		if err := k.Modules.Inventory.CarryForwardIn(tx, accountant, t.Ref(), 0); err != nil {
			return err
		}
	}
	if t.key == counted.key {
		return nil
	}
	return k.handIn(tx, t)
}

// handIn submits the count and posts the result.
func (k *checking) handIn(tx *store.Tx, t *task) error {
	accountant := k.who("village_accountant", t)
	if err := k.act(tx, t, accountant, flow.Act{Verb: flow.Submit}); err != nil || t.key == "unposted" {
		return err
	}
	return k.act(tx, t, accountant, flow.Act{Verb: flow.Post})
}

// entries are what the team of an organisation enters; whole if every row is among them.
func (k *checking) entries(tx *store.Tx, t *task) (list []inventory.RowEntry, whole bool, err error) {
	rows, err := inventory.RowsOf(tx, t.Ref())
	if err != nil {
		return nil, false, err
	}
	today, by := tx.Now().Date(), k.who("village_accountant", t).Account
	b := &tally.Tally{Draw: k.lot("book", t), Level: t.Level, Rows: rows,
		Judge: func(w inventory.Row, e inventory.Entry) (inventory.Row, error) {
			return k.Modules.Inventory.Judge(w, e, by, today)
		}}
	for i := range rows {
		rows[i].Counted, rows[i].CountedArea = rows[i].Book, rows[i].BookArea
	}
	switch {
	case t.spoil != nil && !t.spoil(b):
		t.plan = clean
	case t.photo:
		b.Photograph(k.photos, k.where(t), t.key == begun.key, k.asksPhoto)
	case t.plan.key == smooth.key:
		b.Ordinary()
	}
	if t.spoil != nil {
		t.facts = b.Facts
	}
	b.EnterBalances()
	if t.key == begun.key {
		return append(b.Changes, b.Found[:1]...), false, nil
	}
	if err := b.Close(k.Modules.Inventory.BalanceOf); err != nil {
		return nil, false, err
	}
	b.Prove(k.photos, k.where(t), k.asksPhoto)
	return append(b.Changes, b.Found...), t.photo, nil
}

// asksPhoto reports whether the rows of a form are counted with photo and position.
func (k *checking) asksPhoto(key string) bool {
	f, ok := k.Modules.Inventory.Forms().Form(key)
	return ok && f.Evidence
}

// where is about where an organisation lies.
func (k *checking) where(t *task) landscape.Point {
	at := k.position("")
	for _, code := range k.Modules.Places.Codes(t.Home) {
		if len(code) >= 6 {
			at = k.position(code[:6])
			break
		}
	}
	return at.Near(k.lot("place", t), 120_000)
}
