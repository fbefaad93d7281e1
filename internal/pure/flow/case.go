package flow

import (
	"slices"

	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Status is where a case as a whole stands.
type Status string

// The statuses; the last three are final.
const (
	Running   Status = "running"
	Suspended Status = "suspended"
	Done      Status = "done"
	Refused   Status = "refused"
	Withdrawn Status = "withdrawn"
)

// Final reports whether no act can follow.
func (s Status) Final() bool { return s == Done || s == Refused || s == Withdrawn }

// Case is the state of one run of a procedure. It is a value: Apply returns a new one.
type Case struct {
	Version  int // number of acts
	Status   Status
	Route    []Step
	At       int // index of the current step
	Round    int // 1, and one more after each return
	Year     int
	Opener   int64
	Entered  period.Instant // when the current step began
	Due      period.Date    // "" never
	Holder   int64          // the person the step was handed to; 0 anybody with the permit
	Signed   []int64        // who approved the current step in this round
	Asked    []int64        // signers added to the current step
	AskNeed  int            // how many of Asked must sign
	Notice   *NoticeState
	Decision *DecisionState
	Urged    int
	Raised   bool // a higher level was told of the current step
	// HadBy holds who acted at each step, in any round: for separation of duties.
	HadBy map[string][]int64

	stoppedOn period.Date // when the clock was stopped
	lastMover int64       // who moved the case to the current step; 0 if it cannot be recalled
	before    *Case       // the case before that move, for a recall
	withdraw  []string
}

// NoticeState is a notice that is up.
type NoticeState struct {
	PostedOn   period.Date
	Ends       period.Date // the last day
	Objections []ObjectionState
}

// ObjectionState is an objection by its number.
type ObjectionState struct {
	Number   int
	On       period.Date
	Due      period.Date // to be answered by
	Answered bool
	Upheld   bool
}

// DecisionState is what a meeting decided.
type DecisionState struct {
	Record  decision.Record
	Rule    decision.Rule
	Verdict decision.Verdict
}

// Step is the current step. A final case stays at the step it ended in.
func (c Case) Step() Step { return c.Route[c.At] }

// Index finds a step of the route by its key; -1 if it is not part of it.
func (c Case) Index(key string) int {
	return slices.IndexFunc(c.Route, func(s Step) bool { return s.Key == key })
}

// Passed reports whether the case has gone beyond a step in the present round.
func (c Case) Passed(key string) bool {
	i := c.Index(key)
	return i >= 0 && (c.At > i || c.Status == Done)
}

// Overdue reports whether the current step should have been done before today.
func (c Case) Overdue(today period.Date) bool {
	return c.Status == Running && c.Due != "" && c.Due < today
}

// clone copies what Apply may change.
func (c Case) clone() Case {
	c.Signed = slices.Clone(c.Signed)
	c.Asked = slices.Clone(c.Asked)
	if c.Notice != nil {
		n := *c.Notice
		n.Objections = slices.Clone(n.Objections)
		c.Notice = &n
	}
	had := make(map[string][]int64, len(c.HadBy))
	for step, who := range c.HadBy {
		had[step] = slices.Clone(who)
	}
	c.HadBy = had
	return c
}

// Fold computes a case from its acts. The acts were accepted once; one that does not apply now is
// an error: the record was altered.
func Fold(acts []Act, cal *period.Calendar) (Case, error) {
	var c Case
	for i := range acts {
		a := acts[i]
		next, err := c.Apply(&a, cal)
		if err != nil {
			return c, err
		}
		c = next
	}
	return c, nil
}
