// Package tally makes up what the team of a made-up collective enters in the annual check: what differs
// of the rows of its cards, what it found beside them, and the balances that stand on no card. A fault
// that is planted is one change of it.
package tally

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/landscape"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Tally is what the team of an organisation enters: what differs of the rows of the cards, and the
// balances that stand on no card.
type Tally struct {
	Draw    *invent.Draw
	Level   division.Level
	Rows    []inventory.Row      // of the cards, as they will be
	Changes []inventory.RowEntry // to those rows
	Found   []inventory.RowEntry // beside them
	Off     money.Fen            // by which equity is made not to fit
	Facts   []any                // of what is wrong
	Judge   func(w inventory.Row, e inventory.Entry) (inventory.Row, error)
}

// Spoil plants a fault. It returns false if the books do not lend themselves to it.
type Spoil func(*Tally) bool

// asBooked is the entry that finds a row as it is in the books.
func asBooked(w inventory.Row) inventory.Entry {
	return inventory.Entry{Verdict: count.Match, Counted: w.Book, CountedArea: w.BookArea,
		UseState: w.UseState,
		LandUse:  w.LandUse, Keeper: w.Keeper}
}

// change enters something else of the first row that fits than what is booked.
func (b *Tally) change(fits func(inventory.Row) bool, change func(w inventory.Row,
	e *inventory.Entry)) bool {
	for i, w := range b.Rows {
		if !fits(w) {
			continue
		}
		e := asBooked(w)
		change(w, &e)
		after, err := b.Judge(w, e)
		if err != nil {
			return false
		}
		b.Rows[i], b.Facts = after, []any{w.Name}
		b.Changes = append(b.Changes, inventory.RowEntry{Number: w.Number, Entry: e})
		return true
	}
	return false
}

// OwnThing is an asset of its own that nobody disputes.
func OwnThing(w inventory.Row) bool {
	return w.Form == "fixed" && w.Title == assets.Clear && w.UseState == "self"
}

func (b *Tally) Misuse() bool {
	return b.change(OwnThing, func(_ inventory.Row, e *inventory.Entry) {
		e.Verdict, e.UseState, e.Remark = count.Misused, "occupied", "被邻近企业占用堆放货物"
	})
}

func (b *Tally) LoseDocument() bool {
	return b.change(OwnThing, func(_ inventory.Row, e *inventory.Entry) {
		e.Verdict, e.Remark = count.NoDocument, "权属资料遗失，待补办"
	})
}

func (b *Tally) Dispute() bool {
	return b.change(OwnThing, func(_ inventory.Row, e *inventory.Entry) {
		e.Title, e.Remark = assets.Unsettled, "与相邻组权属有争议"
	})
}

func (b *Tally) LetWithoutContract() bool {
	bare := func(w inventory.Row) bool {
		return (OwnThing(w) || w.Form == "resource" && w.UseState == "self") &&
			w.Details()["contract"] == ""
	}
	return b.change(bare, func(_ inventory.Row, e *inventory.Entry) {
		e.UseState, e.Remark = "leased", "口头约定出租"
	})
}

// MeasureMore finds an eighth more arable land than the cards have: above the survey by more than it may.
func (b *Tally) MeasureMore() bool {
	arable := func(w inventory.Row) bool { return w.Kind == "arable" && w.Title == assets.Clear }
	var more area.Area
	for _, w := range b.Rows {
		if arable(w) {
			more += w.BookArea / 8
		}
	}
	done := more > 0 && b.change(arable, func(w inventory.Row, e *inventory.Entry) {
		e.Verdict, e.CountedArea, e.Remark = count.Gain, w.BookArea+more, "本次实测"
	})
	b.Facts = nil
	return done
}

// Unbalance lets the equity be short of what the assets give.
func (b *Tally) Unbalance() bool {
	b.Off = money.Fen(invent.Round(b.Draw.Between(8_000, 90_000), 100) * 100)
	b.Facts = []any{b.Off.String()}
	return true
}

// Ordinary is what a count finds without anybody having done wrong: something broken, something nobody
// had entered.
func (b *Tally) Ordinary() {
	switch n := b.Draw.Below(1000); {
	case n < 25:
		b.change(OwnThing, func(_ inventory.Row, e *inventory.Entry) {
			e.Verdict, e.Counted, e.Remark = count.Loss, 0, "已报废，实物不存"
		})
	case n < 60:
		value := money.Fen(invent.Round(b.Draw.Skewed(600, 9_000), 10) * 100)
		b.Found = append(b.Found, inventory.RowEntry{Form: "fixed", Name: "喷灌设备", Entry: inventory.Entry{
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

// EnterBalances makes up the rows of forms without cards.
func (b *Tally) EnterBalances() {
	for _, one := range balances {
		within := one.more
		if b.Level == division.Group {
			within = one.group
		}
		if !b.Draw.PerMille(one.chance) {
			continue
		}
		amount := money.Fen(b.Draw.Skewed(within[0], within[1])*100 + b.Draw.Between(0, 99))
		b.Found = append(b.Found, inventory.RowEntry{Form: one.form, Name: one.name, Book: amount,
			Entry: inventory.Entry{Verdict: count.Match, Counted: amount, Detail: one.detail}})
	}
}

// Close enters the equity that makes the balance hold, but for what was planted. What was gained or lost
// is gained or lost by it.
func (b *Tally) Close(balance func([]inventory.Row) (inventory.Balance, error)) error {
	all := append([]inventory.Row(nil), b.Rows...)
	for _, e := range b.Found {
		w, err := b.Judge(inventory.Row{Form: e.Form, Name: e.Name, Title: assets.Clear, Book: e.Book},
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
	e := inventory.Entry{Verdict: count.Match, Counted: after.Difference - b.Off}
	switch gained := after.Difference - before.Difference; {
	case gained > 0:
		e.Verdict = count.Gain
	case gained < 0:
		e.Verdict = count.Loss
	}
	b.Found = append(b.Found, inventory.RowEntry{Form: "equity", Name: "公积公益金",
		Book: before.Difference - b.Off, Entry: e})
	return nil
}

// Prove gives photo and position to what differs from the books, where its form asks for them.
func (b *Tally) Prove(photos []files.Blob, at landscape.Point, asks func(form string) bool) {
	forms := map[int64]string{}
	for _, w := range b.Rows {
		forms[w.Number] = w.Form
	}
	show := func(e *inventory.RowEntry, form string) {
		if e.Photo != nil || e.Verdict == count.Match || e.Verdict == count.Loss || !asks(form) {
			return
		}
		where := at.Near(b.Draw, 4_000)
		e.Photo, e.Latitude, e.Longitude = &photos[b.Draw.Below(len(photos))], where.Latitude,
			where.Longitude
	}
	for i := range b.Changes {
		show(&b.Changes[i], forms[b.Changes[i].Number])
	}
	for i := range b.Found {
		show(&b.Found[i], b.Found[i].Form)
	}
}

// Photograph enters every row of a form that asks for it with photo and position; some only: every
// other one.
func (b *Tally) Photograph(photos []files.Blob, at landscape.Point, some bool,
	asks func(form string) bool) {
	for i, w := range b.Rows {
		if some && i%2 == 1 {
			continue
		}
		e := asBooked(w)
		if asks(w.Form) {
			where := at.Near(b.Draw, 4_000)
			e.Photo, e.Latitude, e.Longitude = &photos[b.Draw.Below(len(photos))], where.Latitude,
				where.Longitude
		}
		b.Changes = append(b.Changes, inventory.RowEntry{Number: w.Number, Entry: e})
	}
}
