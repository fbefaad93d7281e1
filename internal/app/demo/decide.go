package demo

import (
	"context"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// rank is the place of a stage in the order of the procedure.
func rank(s inventory.Stage) int {
	for i, one := range inventory.Stages {
		if one == s {
			return i
		}
	}
	return -1
}

// reaches reports whether a check comes to a stage at all, returned later or not.
func (t *task) reaches(stage inventory.Stage) bool {
	if t.moved {
		return false
	}
	switch t.key {
	case "upheld":
		return rank(stage) <= rank(inventory.OnNotice)
	case "sent_back":
		return rank(stage) <= rank(inventory.InReview)
	}
	return !t.late && rank(t.until) >= rank(stage)
}

// raise states an objection, as a villager does on the public page.
func (k *checking) raise(ctx context.Context, t *task, text string) (int64, error) {
	who := invent.NewPerson(k.lot("objector", t))
	return k.Host.Procedures.Object(ctx, access.Actor{}, t.caseRef(), procedure.Objecting{Name: who.Name,
		Contact: who.Phone, Body: text})
}

// answerTo answers an objection.
func (k *checking) answerTo(ctx context.Context, t *task, a procedure.Answering) error {
	if err := k.acquaint(ctx, t); err != nil {
		return err
	}
	return k.Host.Procedures.AnswerObjection(ctx, k.who("village_accountant", t), t.caseRef(), a)
}

func (k *checking) withKey(key string) []*task {
	return k.those(func(t *task) bool { return t.key == key })
}

// object is when villagers object, and some are right: the check is counted anew.
func (k *checking) object(ctx context.Context) error {
	for _, t := range k.withKey("upheld") {
		number, err := k.raise(ctx, t, "公示表中堰塘已于去年填平，不应再列入。")
		if err == nil {
			err = k.answerTo(ctx, t, procedure.Answering{Number: number, Upheld: true,
				Body: "情况属实，退回重新清查。"})
		}
		if err != nil {
			return err
		}
	}
	return k.inPortions(ctx, k.withKey("upheld"), func(tx *store.Tx, t *task) error {
		return k.act(tx, t, k.who("village_accountant", t), flow.Act{Verb: flow.Return, To: "counting",
			Reason: "公示期内异议成立，重新清查登记。"})
	})
}

// closeNotices ends what has been up for its days, as the program does every minute, but many at once.
func (k *checking) closeNotices(ctx context.Context, list []*task) error {
	return k.inPortions(ctx, list, func(tx *store.Tx, t *task) error {
		return k.act(tx, t, access.Machine, flow.Act{Verb: flow.Close})
	})
}

// close is the day after the notices.
func (k *checking) close(ctx context.Context) error {
	return k.closeNotices(ctx, k.those(func(t *task) bool { return t.reaches(inventory.AtVote) }))
}

// draw is when the auditors of the counties draw what is counted again.
func (k *checking) draw(ctx context.Context) error {
	for _, home := range k.homes {
		auditor, err := k.As(ctx, "county_auditor", home)
		if err == nil {
			_, err = k.Modules.Campaigns.DrawSample(ctx, auditor, home, checkYear)
		}
		if err != nil {
			return err
		}
		all, err := store.Read(ctx, k.Host.Store, func(v *store.View) ([]inventory.Check, error) {
			return inventory.OfYear(v, home, checkYear)
		})
		if err != nil {
			return err
		}
		for i, c := range all {
			k.tasks[home][i].Check = c
		}
		k.planSample(home)
	}
	return nil
}

// planSample says what becomes of what was drawn: in counties that are not done, some wait for their
// second count, and some were counted otherwise the second time.
func (k *checking) planSample(home int64) {
	if k.paces[home] != working {
		return
	}
	for _, t := range k.tasks[home] {
		if t.Sample != inventory.Drawn || t.key != smooth.key {
			continue
		}
		t.plan = []plan{sampled, smooth, differs, smooth, smooth, smooth}[k.draws%6]
		k.draws++
	}
}

// vote is when the members confirm.
func (k *checking) vote(ctx context.Context) error {
	list := k.those(func(t *task) bool { return t.reaches(inventory.AtVote) && t.key != called.key })
	return k.inPortions(ctx, list, func(tx *store.Tx, t *task) error { return k.meet(tx, t, closesOn) })
}

// meet holds the meeting of an organisation, called on a day.
func (k *checking) meet(tx *store.Tx, t *task, calledOn period.Date) error {
	o, err := registry.Get(tx, t.organisation())
	if err != nil {
		return err
	}
	d := k.lot("meeting", t)
	r := decision.Record{Body: decision.Assembly, CalledOn: calledOn, HeldOn: tx.Now().Date(),
		Eligible: int(o.Members)}
	if o.Representatives > 20 { // fewer decide nothing: then all members meet
		r.Body, r.Eligible = decision.Representatives, int(o.Representatives)
	}
	share := d.Between(820, 970) // of a thousand who come
	switch t.key {
	case "no_quorum":
		share = d.Between(400, 600)
	case "outvoted":
		share = 900
	}
	r.OnSite = r.Eligible * int(share) / 1000
	r.Online = min(d.Below(3), r.Eligible-r.OnSite)
	r.No = d.Below(1 + r.Eligible/20)
	if t.key == "outvoted" {
		r.No = r.Eligible * 4 / 10
	}
	r.Yes = r.OnSite + r.Online - r.No
	if t.until == inventory.AtVote {
		t.facts = []any{r.OnSite + r.Online, r.Eligible, r.Yes}
	}
	return k.act(tx, t, k.who("village_head", t), flow.Act{Verb: flow.Decide, Record: &r})
}

// review is when the townships review: what was found is explained first; some is sent back.
func (k *checking) review(ctx context.Context) error {
	back := k.those(func(t *task) bool { return t.reaches(inventory.InReview) && t.again })
	err := k.inPortions(ctx, back, func(tx *store.Tx, t *task) error {
		return k.act(tx, t, k.who("township_reviewer", t), flow.Act{Verb: flow.Return, To: "counting",
			Reason: "部分资产与现场不符，请复核后重新报送。"})
	})
	if err != nil {
		return err
	}
	list := k.those(func(t *task) bool { return t.reaches(inventory.AtCounty) })
	if err := k.explain(ctx, list); err != nil {
		return err
	}
	return k.inPortions(ctx, list, func(tx *store.Tx, t *task) error {
		return k.act(tx, t, k.who("township_reviewer", t), flow.Act{Verb: flow.Approve})
	})
}

// explain answers what the cross-checks found of checks.
func (k *checking) explain(ctx context.Context, list []*task) error {
	for _, t := range list {
		found, err := store.Read(ctx, k.Host.Store, func(v *store.View) ([]inventory.Finding, error) {
			return inventory.FindingsOf(v, t.Ref())
		})
		if err != nil {
			return err
		}
		for _, f := range found {
			err := k.Modules.Inventory.Explain(ctx, k.who("village_accountant", t), t.Ref(), f.Number,
				"已到现场核对，情况属实，资料随附。")
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// recount is when what a township sent back is handed in again.
func (k *checking) recount(ctx context.Context) error {
	return k.inPortions(ctx, k.withKey("round_two"), k.handIn)
}

// voteAgain is when the members confirm what was counted again, and the township has it once more.
func (k *checking) voteAgain(ctx context.Context) error {
	list := k.withKey("round_two")
	if err := k.closeNotices(ctx, list); err != nil {
		return err
	}
	return k.inPortions(ctx, list, func(tx *store.Tx, t *task) error {
		return k.meet(tx, t, tx.Now().Date().AddDays(-11))
	})
}

// approve is when the counties approve, after the second counts.
func (k *checking) approve(ctx context.Context) error {
	for _, t := range k.those(func(t *task) bool {
		return t.reaches(inventory.AtCounty) && t.Sample == inventory.Drawn
	}) {
		result, note := "match", "现场复点，与登记一致。"
		switch t.key {
		case sampled.key:
			continue
		case differs.key:
			result, note = "differs", "复点少烘干机一台，与登记不一致。"
		}
		err := k.Modules.Inventory.Recheck(ctx, k.who("county_auditor", t), t.Ref(), result, note)
		if err != nil {
			return err
		}
	}
	list := k.those(func(t *task) bool { return t.reaches(inventory.Approved) })
	return k.inPortions(ctx, list, func(tx *store.Tx, t *task) error {
		return k.act(tx, t, k.who("county_leader", t), flow.Act{Verb: flow.Approve})
	})
}
