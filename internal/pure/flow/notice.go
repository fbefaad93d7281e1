package flow

import (
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// post puts the notice up. Posting again, because the text changed, begins the time anew.
func (c *Case) post(a *Act, cal *period.Calendar) error {
	rule := c.Step().Notice
	if c.Step().Kind != Notice {
		return wrongKind(c)
	}
	posted := a.At.Date()
	if a.Ends == "" {
		a.Ends = cal.NoticeEnd(posted, rule.Days, rule.Working)
	}
	state := &NoticeState{PostedOn: posted, Ends: a.Ends}
	if c.Notice != nil {
		state.Objections = c.Notice.Objections
	}
	c.Notice = state
	if c.Due != "" && c.Due < a.Ends {
		c.Due = a.Ends // a notice cannot be due before it may end
	}
	return nil
}

// object registers an objection. Anybody may object while the notice is up.
func (c *Case) object(a *Act, cal *period.Calendar) error {
	if c.Step().Kind != Notice || c.Notice == nil {
		return fault.New(fault.Conflict, "flow.not_posted")
	}
	if a.At.Date() > c.Notice.Ends {
		return fault.New(fault.Conflict, "flow.notice_over", string(c.Notice.Ends))
	}
	number := len(c.Notice.Objections) + 1
	if a.Objection == 0 {
		a.Objection = number
	}
	if a.Objection != number {
		return fault.New(fault.Stale, "store.stale")
	}
	if a.Due == "" {
		a.Due = cal.AddWorkingDays(a.At.Date(), max(1, c.Step().Notice.AnswerDays))
	}
	c.Notice.Objections = append(c.Notice.Objections, ObjectionState{Number: number, On: a.At.Date(),
		Due: a.Due})
	return nil
}

// answer records the answer to an objection, once.
func (c *Case) answer(a *Act, _ *period.Calendar) error {
	if c.Notice == nil {
		return fault.New(fault.Conflict, "flow.not_posted")
	}
	i := slices.IndexFunc(c.Notice.Objections,
		func(o ObjectionState) bool { return o.Number == a.Objection })
	if i < 0 {
		return fault.New(fault.NotFound, "flow.no_objection", a.Objection)
	}
	if c.Notice.Objections[i].Answered {
		return fault.New(fault.Conflict, "flow.answered", a.Objection)
	}
	c.Notice.Objections[i].Answered, c.Notice.Objections[i].Upheld = true, a.Upheld
	return nil
}

// close ends the notice and goes forward, if it ran its time and no objection stands in the way.
func (c *Case) close(a *Act, cal *period.Calendar) error {
	if c.Step().Kind != Notice {
		return wrongKind(c)
	}
	if c.Notice == nil {
		return fault.New(fault.Conflict, "flow.not_posted")
	}
	if a.At.Date() <= c.Notice.Ends {
		return fault.New(fault.Conflict, "flow.notice_runs", string(c.Notice.Ends))
	}
	for _, o := range c.Notice.Objections {
		if !o.Answered {
			return fault.New(fault.Conflict, "flow.objection_open", o.Number)
		}
		if o.Upheld {
			return fault.New(fault.Conflict, "flow.objection_upheld", o.Number)
		}
	}
	c.forward(a, cal)
	return nil
}

// Closable reports whether the notice can be closed on a day.
func (c Case) Closable(on period.Date) bool {
	return c.Status == Running && c.Step().Kind == Notice && c.Notice != nil && on > c.Notice.Ends &&
		!slices.ContainsFunc(c.Notice.Objections, func(o ObjectionState) bool {
			return !o.Answered ||
				o.Upheld
		})
}

// OpenObjections counts those that wait for an answer.
func (c Case) OpenObjections() int {
	n := 0
	if c.Notice != nil {
		for _, o := range c.Notice.Objections {
			if !o.Answered {
				n++
			}
		}
	}
	return n
}
