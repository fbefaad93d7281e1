package demo

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/app/demo/tally"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// rollUp acts on the roll-up of a county.
func (k *checking) rollUp(ctx context.Context, actor access.Actor, home int64, verb flow.Verb) error {
	return k.Host.Store.Write(ctx, func(tx *store.Tx) error {
		file, found, err := k.Host.Procedures.BySubject(tx, home, "annual-roll-up",
			"campaign/"+strconv.Itoa(checkYear))
		if err != nil || !found {
			return err
		}
		_, err = k.Host.Procedures.DoIn(tx, actor, procedure.Ref{Home: home, ID: file.ID}, 0,
			flow.Act{Verb: verb})
		return err
	})
}

// report is when the counties that are done begin their roll-up, and most send it to the city.
func (k *checking) report(ctx context.Context) error {
	for _, home := range k.homes {
		if k.paces[home] == working {
			continue
		}
		officer, err := k.As(ctx, "county_officer", home)
		if err == nil {
			err = k.Modules.Campaigns.BeginRollUp(ctx, officer, home, checkYear)
		}
		if err == nil && k.paces[home] != compiling {
			err = k.rollUp(ctx, officer, home, flow.Submit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// accept is when the city accepts: the checks of a county are locked and its figures published. A mistake
// found afterwards is corrected in the next year. Villagers object to what was posted last.
func (k *checking) accept(ctx context.Context) error {
	leader, err := k.As(ctx, "city_leader", k.city())
	if err != nil {
		return err
	}
	adjusted := false
	for _, home := range k.homes {
		if k.paces[home] != locked {
			continue
		}
		if err := k.rollUp(ctx, leader, home, flow.Approve); err != nil {
			return err
		}
		if err := k.Modules.Campaigns.Publish(ctx, home, checkYear); err != nil {
			return err
		}
		if !adjusted {
			if adjusted, err = k.adjustOne(ctx, home); err != nil {
				return err
			}
		}
	}
	return k.objectLate(ctx)
}

// city is where the city's own people hold their posts.
func (k *checking) city() int64 {
	for _, m := range k.Cast.Members {
		if m.Role == "city_leader" {
			return m.Place
		}
	}
	return 0
}

// objectLate is when villagers object to what is still on notice: some have been answered already.
func (k *checking) objectLate(ctx context.Context) error {
	for _, t := range k.withKey("objected") {
		if _, err := k.raise(ctx, t, "村集体果园面积与实际不符，请核实。"); err != nil {
			return err
		}
	}
	for _, t := range k.withKey("dismissed") {
		number, err := k.raise(ctx, t, "公示表中没有列出新修的机耕道。")
		if err == nil {
			err = k.answerTo(ctx, t, procedure.Answering{Number: number,
				Body: "该机耕道于2026年1月完工，不属于本年度登记时点的资产，异议不成立。"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// adjustOne corrects a locked check of a county, to take effect in the next year.
func (k *checking) adjustOne(ctx context.Context, home int64) (bool, error) {
	officer, err := k.As(ctx, "county_officer", home)
	if err != nil {
		return false, err
	}
	const omitted = money.Fen(12_600_00)
	for _, t := range k.tasks[home] {
		rows, err := store.Read(ctx, k.Host.Store, func(v *store.View) ([]inventory.Row, error) {
			return inventory.RowsOf(v, t.Ref())
		})
		if err != nil {
			return false, err
		}
		for _, w := range rows {
			if w.Form != "fixed" || !tally.OwnThing(w) || w.Verified == 0 {
				continue
			}
			t.facts = []any{w.Name, omitted.String(), checkYear + 1}
			k.answerCheck("adjusted", t)
			return true, k.Modules.Inventory.Adjust(ctx, officer, inventory.Adjustment{Home: home,
				Check: t.ID,
				Row:   w.Number, Amount: omitted, Reason: "锁定后发现漏记改造支出", Document: "资产清查更正单第1号"})
		}
	}
	return false, nil
}

// end is the last day: what is overdue is told to the level above, and the key is written.
func (k *checking) end(ctx context.Context) error {
	if _, err := k.Host.Procedures.Tick(ctx); err != nil {
		return err
	}
	for _, home := range k.homes {
		for _, t := range k.tasks[home] {
			if t.told {
				k.answerCheck(t.key, t)
			}
		}
		late, err := store.Read(ctx, k.Host.Store, func(v *store.View) (int64, error) {
			p, _, err := k.Modules.Inventory.ProgressOf(v, home, checkYear)
			return p.Late, err
		})
		if err != nil {
			return err
		}
		if late > 0 {
			k.answerCounty("overdue", home, int(late))
		}
	}
	k.step(int(k.total - k.done)) // those who are behind were not moved so often
	return nil
}

// answerCheck notes what is wrong with a check.
func (k *checking) answerCheck(key string, t *task) {
	k.Answers = append(k.Answers, Answer{Rule: "check_" + key, Place: t.Place,
		Organisation: t.organisation(),
		Name:         t.Name, Page: t.Address(), Facts: t.facts})
}

// answerCounty notes what is wrong with the checks of a county.
func (k *checking) answerCounty(key string, home int64, n int) {
	k.Answers = append(k.Answers, Answer{Rule: "check_" + key, Place: home,
		Name: k.Modules.Places.Name(home),
		Page: "/inventory/" + strconv.FormatInt(home, 10) + "/" + strconv.Itoa(checkYear), Facts: []any{n}})
}
