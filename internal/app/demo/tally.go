package demo

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// tally is what the team of an organisation enters: what differs of the rows of the cards, and the
// balances that stand on no card.
type tally struct {
	draw    *invent.Draw
	level   division.Level
	rows    []inventory.Row      // of the cards, as they will be
	changes []inventory.RowEntry // to those rows
	found   []inventory.RowEntry // beside them
	off     money.Fen            // by which equity is made not to fit
	facts   []any                // of what is wrong
	judge   func(w inventory.Row, e inventory.Entry) (inventory.Row, error)
}

// spoilRows plants a fault. It returns false if the books do not lend themselves to it.
type spoilRows func(*tally) bool

// asBooked is the entry that finds a row as it is in the books.
func asBooked(w inventory.Row) inventory.Entry {
	return inventory.Entry{Verdict: count.Match, Counted: w.Book, CountedArea: w.BookArea,
		UseState: w.UseState,
		LandUse:  w.LandUse, Keeper: w.Keeper}
}

// change enters something else of the first row that fits than what is booked.
func (b *tally) change(fits func(inventory.Row) bool, change func(w inventory.Row,
	e *inventory.Entry)) bool {
	for i, w := range b.rows {
		if !fits(w) {
			continue
		}
		e := asBooked(w)
		change(w, &e)
		after, err := b.judge(w, e)
		if err != nil {
			return false
		}
		b.rows[i], b.facts = after, []any{w.Name}
		b.changes = append(b.changes, inventory.RowEntry{Number: w.Number, Entry: e})
		return true
	}
	return false
}

// ownThing is an asset of its own that nobody disputes.
func ownThing(w inventory.Row) bool {
	return w.Form == "fixed" && w.Title == assets.Clear && w.UseState == "self"
}

func (b *tally) misuse() bool {
	return b.change(ownThing, func(_ inventory.Row, e *inventory.Entry) {
		e.Verdict, e.UseState, e.Remark = count.Misused, "occupied", "被邻近企业占用堆放货物"
	})
}

func (b *tally) loseDocument() bool {
	return b.change(ownThing, func(_ inventory.Row, e *inventory.Entry) {
		e.Verdict, e.Remark = count.NoDocument, "权属资料遗失，待补办"
	})
}

func (b *tally) dispute() bool {
	return b.change(ownThing, func(_ inventory.Row, e *inventory.Entry) {
		e.Title, e.Remark = assets.Unsettled, "与相邻组权属有争议"
	})
}

func (b *tally) letWithoutContract() bool {
	bare := func(w inventory.Row) bool {
		return (ownThing(w) || w.Form == "resource" && w.UseState == "self") &&
			w.Details()["contract"] == ""
	}
	return b.change(bare, func(_ inventory.Row, e *inventory.Entry) {
		e.UseState, e.Remark = "leased", "口头约定出租"
	})
}

// measureMore finds an eighth more arable land than the cards have: above the survey by more than it may.
func (b *tally) measureMore() bool {
	arable := func(w inventory.Row) bool { return w.Kind == "arable" && w.Title == assets.Clear }
	var more area.Area
	for _, w := range b.rows {
		if arable(w) {
			more += w.BookArea / 8
		}
	}
	done := more > 0 && b.change(arable, func(w inventory.Row, e *inventory.Entry) {
		e.Verdict, e.CountedArea, e.Remark = count.Gain, w.BookArea+more, "本次实测"
	})
	b.facts = nil
	return done
}

// unbalance lets the equity be short of what the assets give.
func (b *tally) unbalance() bool {
	b.off = money.Fen(invent.Round(b.draw.Between(8_000, 90_000), 100) * 100)
	b.facts = []any{b.off.String()}
	return true
}

// ordinary is what a count finds without anybody having done wrong: something broken, something nobody
// had entered.
func (b *tally) ordinary() {
	switch n := b.draw.Below(1000); {
	case n < 25:
		b.change(ownThing, func(_ inventory.Row, e *inventory.Entry) {
			e.Verdict, e.Counted, e.Remark = count.Loss, 0, "已报废，实物不存"
		})
	case n < 60:
		value := money.Fen(invent.Round(b.draw.Skewed(600, 9_000), 10) * 100)
		b.found = append(b.found, inventory.RowEntry{Form: "fixed", Name: "喷灌设备", Entry: inventory.Entry{
			Verdict: count.Gain, Counted: value, UseState: "self", Class: assets.Operating, Kind: "tool",
			Quantity: 100, Unit: "套", Remark: "清查时发现，未入账"}})
	}
}

// balances are the sums of money, claims and debts that stand on no card, by level: yuan, about.
var balances = []struct {
	form, name  string
	detail      map[string]string
	chance      int // of a thousand
	group, more [2]int64
}{
	{"money", "银行存款（基本账户）", map[string]string{"account": "农商行基本账户"}, 1000, [2]int64{900, 96_000},
		[2]int64{24_000, 980_000}},
	{"money", "库存现金", nil, 520, [2]int64{40, 900}, [2]int64{200, 5_000}},
	{"receivable", "应收租金", map[string]string{"debtor": "outsider", "cause": "lease", "recoverable": "yes"},
		480,
		[2]int64{600, 18_000}, [2]int64{3_000, 190_000}},
	{"receivable", "内部往来（成员）", map[string]string{"debtor": "member", "cause": "advance",
		"recoverable": "unknown"}, 260, [2]int64{200, 6_000}, [2]int64{900, 36_000}},
	{"payable", "应付工程款", map[string]string{"debtor": "outsider", "cause": "other"}, 420,
		[2]int64{1_000, 36_000}, [2]int64{9_000, 460_000}},
	{"welfare", "应付劳务费", nil, 300, [2]int64{300, 5_000}, [2]int64{1_200, 46_000}},
	{"special", "项目专项资金", map[string]string{"purpose": "产业项目"}, 150, [2]int64{2_000, 40_000},
		[2]int64{20_000, 600_000}},
}

// enterBalances makes up the rows of forms without cards.
func (b *tally) enterBalances() {
	for _, one := range balances {
		within := one.more
		if b.level == division.Group {
			within = one.group
		}
		if !b.draw.PerMille(one.chance) {
			continue
		}
		amount := money.Fen(b.draw.Skewed(within[0], within[1])*100 + b.draw.Between(0, 99))
		b.found = append(b.found, inventory.RowEntry{Form: one.form, Name: one.name, Book: amount,
			Entry: inventory.Entry{Verdict: count.Match, Counted: amount, Detail: one.detail}})
	}
}

// close enters the equity that makes the balance hold, but for what was planted. What was gained or lost
// is gained or lost by it.
func (b *tally) close(balance func([]inventory.Row) (inventory.Balance, error)) error {
	all := append([]inventory.Row(nil), b.rows...)
	for _, e := range b.found {
		w, err := b.judge(inventory.Row{Form: e.Form, Name: e.Name, Title: assets.Clear, Book: e.Book},
			e.Entry)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		all = append(all, w)
	}
	after, err := balance(all)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Counted, all[i].CountedArea = all[i].Book, all[i].BookArea
	}
	before, err := balance(all)
	if err != nil {
		return err
	}
	e := inventory.Entry{Verdict: count.Match, Counted: after.Difference - b.off}
	switch gained := after.Difference - before.Difference; {
	case gained > 0:
		e.Verdict = count.Gain
	case gained < 0:
		e.Verdict = count.Loss
	}
	b.found = append(b.found, inventory.RowEntry{Form: "equity", Name: "公积公益金",
		Book: before.Difference - b.off, Entry: e})
	return nil
}

// prove gives photo and position to what differs from the books, where its form asks for them.
func (b *tally) prove(photos []files.Blob, at point, asks func(form string) bool) {
	forms := map[int64]string{}
	for _, w := range b.rows {
		forms[w.Number] = w.Form
	}
	show := func(e *inventory.RowEntry, form string) {
		if e.Photo != nil || e.Verdict == count.Match || e.Verdict == count.Loss || !asks(form) {
			return
		}
		where := at.near(b.draw, 4_000)
		e.Photo, e.Latitude, e.Longitude = &photos[b.draw.Below(len(photos))], where.latitude, where.longitude
	}
	for i := range b.changes {
		show(&b.changes[i], forms[b.changes[i].Number])
	}
	for i := range b.found {
		show(&b.found[i], b.found[i].Form)
	}
}

// photograph enters every row of a form that asks for it with photo and position; some only: every
// other one.
func (b *tally) photograph(photos []files.Blob, at point, some bool, asks func(form string) bool) {
	for i, w := range b.rows {
		if some && i%2 == 1 {
			continue
		}
		e := asBooked(w)
		if asks(w.Form) {
			where := at.near(b.draw, 4_000)
			e.Photo, e.Latitude, e.Longitude = &photos[b.draw.Below(len(photos))], where.latitude,
				where.longitude
		}
		b.changes = append(b.changes, inventory.RowEntry{Number: w.Number, Entry: e})
	}
}
