package flow

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Apply does an act to a case and returns the case after it, or why it cannot be. It fills in the
// act's Due and Ends where the act begins them, unless they are set (as when folding). Whether the
// actor holds the permit, and whether the step's guards hold, is asked by package procedure.
func (c Case) Apply(a *Act, cal *period.Calendar) (Case, error) {
	if a.Verb == Open {
		return c.open(a, cal)
	}
	if c.Version == 0 {
		return c, fault.New(fault.Conflict, "flow.not_open")
	}
	if c.Status.Final() {
		return c, fault.New(fault.Conflict, "flow.final")
	}
	if err := checkReason(a); err != nil {
		return c, err
	}
	if c.Status == Suspended && a.Verb != Resume && a.Verb != Withdraw && a.Verb != Urge {
		return c, fault.New(fault.Conflict, "flow.suspended")
	}
	verb, known := verbs[a.Verb]
	if !known {
		return c, fault.New(fault.Invalid, "flow.verb", string(a.Verb))
	}
	if verb.dutiful {
		if err := c.separate(a); err != nil {
			return c, err
		}
	}
	next := c.clone()
	if err := verb.do(&next, a, cal); err != nil {
		return c, err
	}
	next.Version++
	if verb.dutiful {
		next.lastTouched(c, a)
	}
	return next, nil
}

// verb is how one verb changes a case. dutiful verbs are acts upon the step itself: separation of
// duties and transfers bind them, and after one the step before can no longer be recalled.
type verb struct {
	do      func(c *Case, a *Act, cal *period.Calendar) error
	dutiful bool
}

var verbs = map[Verb]verb{
	Submit:    {(*Case).submit, true},
	Approve:   {(*Case).approve, true},
	Return:    {(*Case).giveBack, true},
	Refuse:    {(*Case).refuse, true},
	Recall:    {(*Case).recall, false},
	Withdraw:  {(*Case).takeBack, false},
	Transfer:  {(*Case).transfer, true},
	AddSigner: {(*Case).addSigners, true},
	Drop:      {(*Case).drop, true},
	Suspend:   {(*Case).suspend, true},
	Resume:    {(*Case).resume, false},
	Urge:      {(*Case).urge, false},
	Escalate:  {(*Case).escalate, false},
	Post:      {(*Case).post, true},
	Object:    {(*Case).object, false},
	Answer:    {(*Case).answer, true},
	Close:     {(*Case).close, true},
	Decide:    {(*Case).decide, true},
}

func checkReason(a *Act) error {
	if utf8.RuneCountInString(a.Reason) > ReasonMax {
		return fault.New(fault.Invalid, "flow.reason_long", ReasonMax)
	}
	if needsReason[a.Verb] && strings.TrimSpace(a.Reason) == "" {
		return fault.New(fault.Invalid, "flow.reason")
	}
	return nil
}

// open begins a case at the first step of its route.
func (c Case) open(a *Act, cal *period.Calendar) (Case, error) {
	if c.Version != 0 {
		return c, fault.New(fault.Conflict, "flow.open_twice")
	}
	if len(a.Route) == 0 {
		return c, fault.New(fault.Invalid, "flow.no_route")
	}
	next := Case{Version: 1, Status: Running, Route: a.Route, Round: 1, Year: a.Year, Opener: a.Actor,
		HadBy: map[string][]int64{}, withdraw: a.Withdraw}
	next.enter(0, a, cal)
	return next, nil
}

// enter begins a step: fresh signatures, no notice, no decision, a new deadline.
func (c *Case) enter(index int, a *Act, cal *period.Calendar) {
	c.At, c.Entered, c.Holder, c.Urged, c.Raised = index, a.At, 0, 0, false
	c.Signed, c.Asked, c.AskNeed, c.Notice, c.Decision = nil, nil, 0, nil, nil
	if a.Due == "" {
		a.Due = c.Route[index].due(a.At.Date(), c.Year, cal)
	}
	c.Due = a.Due
}

// separate holds the actor, and whom they act for, to the separation of duties and to a transfer.
func (c Case) separate(a *Act) error {
	step := c.Step()
	if a.Actor == 0 && a.For == 0 {
		if step.Machine || a.Verb == Close {
			return nil
		}
		return fault.New(fault.Forbidden, "flow.machine")
	}
	for _, who := range []int64{a.Actor, a.For} {
		if who == 0 {
			continue
		}
		for _, key := range step.NotBy {
			if slices.Contains(c.HadBy[key], who) {
				return fault.New(fault.Forbidden, "flow.own_work", step.Title)
			}
		}
	}
	asked := slices.Contains(c.Asked, a.Actor)
	if c.Holder != 0 && c.Holder != a.Actor && c.Holder != a.For && !asked {
		return fault.New(fault.Conflict, "flow.held")
	}
	return nil
}

// lastTouched notes who acted at the step and whether the move into it can still be recalled.
func (c *Case) lastTouched(before Case, a *Act) {
	key := before.Step().Key
	for _, who := range []int64{a.Actor, a.For} {
		if who != 0 && !slices.Contains(c.HadBy[key], who) {
			c.HadBy[key] = append(c.HadBy[key], who)
		}
	}
	if c.At == before.At && c.Round == before.Round {
		c.lastMover, c.before = 0, nil // somebody acted here: too late to recall
	}
}

// forward goes to the next step, or to the end.
func (c *Case) forward(a *Act, cal *period.Calendar) {
	before := *c
	if c.At+1 == len(c.Route) {
		c.Status, c.Due = Done, ""
		c.lastMover, c.before = 0, nil
		return
	}
	c.enter(c.At+1, a, cal)
	before.before = nil // one step back, not a whole history
	c.lastMover, c.before = a.Actor, &before
}
