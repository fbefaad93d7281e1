package flow

import (
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func wrongKind(c *Case) error {
	return fault.New(fault.Conflict, "flow.wrong_step", c.Step().Title)
}

func (c *Case) submit(a *Act, cal *period.Calendar) error {
	if c.Step().Kind != Work {
		return wrongKind(c)
	}
	c.forward(a, cal)
	return nil
}

// approve adds a signature and goes forward when all needed are there.
func (c *Case) approve(a *Act, cal *period.Calendar) error {
	if c.Step().Kind != Review {
		return wrongKind(c)
	}
	who := a.Actor
	if a.For != 0 && !slices.Contains(c.Asked, a.Actor) {
		who = a.For // a delegate signs for the one who delegated
	}
	if who != 0 && slices.Contains(c.Signed, who) {
		return fault.New(fault.Conflict, "flow.signed_twice")
	}
	c.Signed = append(c.Signed, who)
	if c.complete() {
		c.forward(a, cal)
	}
	return nil
}

// complete reports whether enough have signed: as many as the step asks besides those added, and of
// those added as many as were asked for.
func (c *Case) complete() bool {
	own, added := 0, 0
	for _, who := range c.Signed {
		if slices.Contains(c.Asked, who) {
			added++
		} else {
			own++
		}
	}
	return own >= max(1, c.Step().Signers) && added >= c.AskNeed
}

// Waiting tells how many signatures are missing: of the step's own signers and of those added.
func (c Case) Waiting() (own, added int) {
	for _, who := range c.Signed {
		if slices.Contains(c.Asked, who) {
			added++
		} else {
			own++
		}
	}
	return max(0, max(1, c.Step().Signers)-own), max(0, c.AskNeed-added)
}

// giveBack returns the case to a step before.
func (c *Case) giveBack(a *Act, cal *period.Calendar) error {
	to := c.Index(a.To)
	if to < 0 || to >= c.At || !slices.Contains(c.Step().ReturnTo, a.To) {
		return fault.New(fault.Invalid, "flow.return_to", a.To)
	}
	c.Round++
	c.enter(to, a, cal)
	c.lastMover, c.before = 0, nil
	return nil
}

func (c *Case) refuse(*Act, *period.Calendar) error {
	if !c.Step().Refuse {
		return fault.New(fault.Conflict, "flow.no_refusal", c.Step().Title)
	}
	c.Status, c.Due = Refused, ""
	return nil
}

// recall takes back the move into the current step, as if it had not been.
func (c *Case) recall(a *Act, _ *period.Calendar) error {
	if c.before == nil || c.lastMover == 0 {
		return fault.New(fault.Conflict, "flow.recall_late")
	}
	if c.lastMover != a.Actor {
		return fault.New(fault.Forbidden, "flow.recall_other")
	}
	version, had := c.Version, c.HadBy
	*c = c.before.clone()
	c.Version, c.HadBy = version, had
	c.Signed = slices.DeleteFunc(c.Signed, func(who int64) bool { return who == a.Actor })
	c.lastMover, c.before = 0, nil
	return nil
}

func (c *Case) takeBack(a *Act, _ *period.Calendar) error {
	if a.Actor != c.Opener {
		return fault.New(fault.Forbidden, "flow.withdraw_other")
	}
	if !slices.Contains(c.withdraw, c.Step().Key) {
		return fault.New(fault.Conflict, "flow.withdraw_late")
	}
	c.Status, c.Due = Withdrawn, ""
	return nil
}

func (c *Case) transfer(a *Act, _ *period.Calendar) error {
	if len(a.Accounts) != 1 || a.Accounts[0] <= 0 || a.Accounts[0] == a.Actor {
		return fault.New(fault.Invalid, "flow.transfer_to")
	}
	c.Holder = a.Accounts[0]
	return nil
}

func (c *Case) addSigners(a *Act, _ *period.Calendar) error {
	if c.Step().Kind != Review {
		return wrongKind(c)
	}
	for _, who := range a.Accounts {
		if who <= 0 || who == a.Actor || slices.Contains(c.Asked, who) || slices.Contains(c.Signed, who) {
			return fault.New(fault.Invalid, "flow.signer")
		}
		c.Asked = append(c.Asked, who)
	}
	if len(a.Accounts) == 0 || len(c.Asked)+c.Step().Signers > SignersMax || a.Need < 0 ||
		a.Need > len(a.Accounts) {
		return fault.New(fault.Invalid, "flow.signers", SignersMax)
	}
	need := a.Need
	if need == 0 {
		need = len(a.Accounts)
	}
	c.AskNeed += need
	return nil
}

// drop stops asking somebody who was added and has not signed.
func (c *Case) drop(a *Act, cal *period.Calendar) error {
	if len(a.Accounts) != 1 || !slices.Contains(c.Asked, a.Accounts[0]) || slices.Contains(c.Signed,
		a.Accounts[0]) {
		return fault.New(fault.Invalid, "flow.signer")
	}
	c.Asked = slices.DeleteFunc(c.Asked, func(who int64) bool { return who == a.Accounts[0] })
	c.AskNeed = min(c.AskNeed, len(c.Asked))
	if len(c.Signed) > 0 && c.complete() {
		c.forward(a, cal)
	}
	return nil
}

func (c *Case) suspend(a *Act, _ *period.Calendar) error {
	c.Status, c.stoppedOn = Suspended, a.At.Date()
	return nil
}

// resume starts the clock again; the working days it stood are added to the deadline.
func (c *Case) resume(a *Act, cal *period.Calendar) error {
	if c.Status != Suspended {
		return fault.New(fault.Conflict, "flow.not_suspended")
	}
	c.Status = Running
	if c.Due != "" {
		if a.Due == "" {
			lost := max(0, cal.WorkingDaysBetween(c.stoppedOn, a.At.Date()))
			a.Due = cal.AddWorkingDays(c.Due, lost)
		}
		c.Due = a.Due
	}
	c.stoppedOn = ""
	return nil
}

func (c *Case) urge(*Act, *period.Calendar) error {
	c.Urged++
	return nil
}

func (c *Case) escalate(a *Act, _ *period.Calendar) error {
	if c.Raised || !c.Overdue(a.At.Date()) {
		return fault.New(fault.Conflict, "flow.escalate")
	}
	c.Raised = true
	return nil
}

// decide takes a meeting's record. A valid vote in favour goes forward; any other is kept, and the
// case waits for a better meeting or a return.
func (c *Case) decide(a *Act, cal *period.Calendar) error {
	if c.Step().Kind != Meeting {
		return wrongKind(c)
	}
	if a.Record == nil || a.Rule == nil {
		return fault.New(fault.Invalid, "flow.no_record")
	}
	if findings := a.Record.Check(); len(findings) > 0 {
		return fault.New(fault.Invalid, "flow.bad_record").With(findings)
	}
	if a.Record.HeldOn > a.At.Date() {
		return fault.New(fault.Invalid, "flow.meeting_ahead")
	}
	verdict := a.Rule.Judge(*a.Record)
	c.Decision = &DecisionState{*a.Record, *a.Rule, verdict}
	if verdict.Passed {
		c.forward(a, cal)
	}
	return nil
}
