package procedure

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// CaseAddress is the page of a case.
func CaseAddress(ref Ref) string { return fmt.Sprintf("/cases/%d/%d", ref.Home, ref.ID) }

// Panel is a case as its page shows it: where it stands, what the reader can do, and what was done.
// It fills the blocks of web/views/_procedure.html.
type Panel struct {
	Row
	Address    string // of the case
	Back       string // where forms lead back to
	Steps      []PanelStep
	Now        flow.Step
	Tone       string // status mark: waiting, due, overdue, done, stopped
	DaysLeft   int    // working days until due
	DaysOver   int    // working days since it was due
	Dated      bool   // whether there is a deadline at all
	Calendar   bool   // whether the calendar of the deadline's year has been published
	Actions    []Action
	Blocked    *fault.Fault // why the step cannot go forward yet, if a guard says so
	Timeline   []TimelineEntry
	Notices    []NoticeRow
	Objections []PanelObjection
	Decision   *flow.DecisionState
	Meeting    *PanelMeeting
	NeedOwn    int // signatures missing of the step's own signers
	NeedAdded  int // and of those added
	HolderName string
	Colleagues []access.Actor // to whom the step can be handed, or who can be asked to sign
}

// PanelStep is a step of the route in the bar on top.
type PanelStep struct {
	flow.Step
	State string // past, now, ahead
}

// Action is something the reader can do, as a button or a form.
type Action struct {
	Verb     flow.Verb
	Reason   bool     // needs a reason
	Main     bool     // the next step as one button
	ReturnTo []Option // for a return
}

// Option is a choice with a text in both languages.
type Option struct {
	Value string
	Text  words.Words
}

// TimelineEntry is an act in words.
type TimelineEntry struct {
	ActRow
	Who      string
	For      string
	StepName words.Words
	ToName   words.Words
	Detail   flow.Act
}

// PanelObjection is an objection; name and contact are open only to those who may answer.
type PanelObjection struct {
	ObjectionRow
	Name, Contact string
	MayAnswer     bool
}

// PanelMeeting is the form of a meeting's record.
type PanelMeeting struct {
	Record decision.Record // prefilled
	Rules  []decision.Rule
}

// Panel builds the view of a case for a reader.
func (e *Engine) Panel(r store.Reader, actor access.Actor, f File) (Panel, error) {
	on := e.store.Now().Date()
	p := Panel{Row: f.Row, Address: CaseAddress(f.Ref()), Back: e.Address(f.Row), Now: f.Case.Step()}
	p.Decision = f.Case.Decision
	for i, s := range f.Case.Route {
		state := "ahead"
		if i < f.Case.At || f.Case.Status == flow.Done {
			state = "past"
		} else if i == f.Case.At && !f.Case.Status.Final() {
			state = "now"
		}
		p.Steps = append(p.Steps, PanelStep{s, state})
	}
	p.Tone, p.DaysLeft, p.Dated = e.Tone(f.Row, on)
	p.DaysOver = max(0, -p.DaysLeft)
	p.Calendar = !p.Dated || e.calendar().Known(f.Due)
	p.NeedOwn, p.NeedAdded = f.Case.Waiting()
	var err error
	if p.Actions, p.Blocked, err = e.actions(r, actor, f); err != nil {
		return p, err
	}
	if p.Timeline, err = e.timeline(r, f, on); err != nil {
		return p, err
	}
	if p.Notices, err = e.Notices(r, f.Ref()); err != nil {
		return p, err
	}
	if p.Objections, err = e.panelObjections(r, actor, f); err != nil {
		return p, err
	}
	if p.HolderName, err = e.nameOf(r, f.Holder, on); err != nil {
		return p, err
	}
	if len(p.Actions) > 0 {
		if p.Colleagues, err = e.colleagues(r, actor, f, on); err != nil {
			return p, err
		}
	}
	return p, e.meeting(r, f, &p)
}

// colleagues are the others who hold the step's permit at its place.
func (e *Engine) colleagues(r store.Reader, actor access.Actor, f File, on period.Date) ([]access.Actor,
	error) {
	all, err := e.directory.Colleagues(r, access.Permit(f.Permit), f.TaskPlace, on)
	return slices.DeleteFunc(all, func(a access.Actor) bool { return a.Account == actor.Account }), err
}

// Tone is the status mark of a case, the working days left until it is due, and whether it is
// dated at all.
func (e *Engine) Tone(row Row, on period.Date) (tone string, left int, dated bool) {
	switch {
	case row.Status == flow.Done:
		return "done", 0, false
	case row.Status != flow.Running:
		return "stopped", 0, false
	case row.Due == period.Open:
		return "waiting", 0, false
	}
	left = e.calendar().WorkingDaysBetween(on, row.Due)
	switch {
	case row.Due < on:
		return "overdue", left, true
	case left <= dueSoon:
		return "due", left, true
	}
	return "waiting", left, true
}

// dueSoon is how many working days before its deadline a case is marked as due.
const dueSoon = 3

// offered lists the verbs of each kind of step, in the order of their buttons.
var offered = map[flow.Kind][]flow.Verb{
	flow.Work:    {flow.Submit},
	flow.Review:  {flow.Approve},
	flow.Notice:  {flow.Post, flow.Close},
	flow.Meeting: {flow.Decide},
}

// always lists the verbs that any step may offer.
var always = []flow.Verb{flow.Return, flow.Refuse, flow.Transfer, flow.AddSigner, flow.Recall,
	flow.Withdraw,
	flow.Suspend, flow.Resume, flow.Urge}

// actions are the acts the reader could do now: those authority and machine allow, tried on a copy.
func (e *Engine) actions(r store.Reader, actor access.Actor, f File) ([]Action, *fault.Fault, error) {
	if f.Case.Status.Final() || !actor.SignedIn() {
		return nil, nil, nil
	}
	var list []Action
	var blocked *fault.Fault
	step := f.Case.Step()
	for _, v := range slices.Concat(offered[step.Kind], always) {
		behalf, err := e.authorise(r, actor, f, v)
		if err != nil {
			if fault.Is(err, fault.Internal) {
				return nil, nil, err
			}
			continue
		}
		if !e.possible(f.Case, v, actor.Account, behalf) || v == flow.Urge && len(list) > 0 && list[0].Main {
			continue // nobody urges themselves
		}
		a := Action{Verb: v, Reason: v == flow.Return || v == flow.Refuse || v == flow.Recall ||
			v == flow.Withdraw ||
			v == flow.Suspend || v == flow.Transfer, Main: slices.Contains(offered[step.Kind], v)}
		if v == flow.Return {
			for _, key := range step.ReturnTo {
				if i := f.Case.Index(key); i >= 0 && i < f.Case.At {
					a.ReturnTo = append(a.ReturnTo, Option{key, f.Case.Route[i].Title})
				}
			}
		}
		if slices.Contains(forward, v) && blocked == nil {
			blocked = fault.Of(e.guards(r, f))
		}
		list = append(list, a)
	}
	return list, blocked, nil
}

// possible tries a verb on a copy of the case.
func (e *Engine) possible(c flow.Case, v flow.Verb, account, behalf int64) bool {
	a := flow.Act{Verb: v, Actor: account, For: behalf, At: e.store.Now(), Reason: "-"}
	switch v {
	case flow.Return:
		return len(c.Step().ReturnTo) > 0 && e.returnable(c, a)
	case flow.Decide:
		return c.Step().Kind == flow.Meeting && c.Status == flow.Running
	case flow.Transfer, flow.AddSigner:
		a.Accounts = []int64{1 << 62} // somebody else, whoever it may be
	}
	_, err := c.Apply(&a, e.calendar())
	return err == nil
}

// returnable reports whether any of the allowed steps can be returned to.
func (e *Engine) returnable(c flow.Case, a flow.Act) bool {
	for _, to := range c.Step().ReturnTo {
		try := a
		try.To = to
		if _, err := c.Apply(&try, e.calendar()); err == nil {
			return true
		}
	}
	return false
}

func (e *Engine) timeline(r store.Reader, f File, on period.Date) ([]TimelineEntry, error) {
	var list []TimelineEntry
	names := map[int64]string{}
	name := func(account int64) (string, error) {
		if known, ok := names[account]; ok {
			return known, nil
		}
		n, err := e.nameOf(r, account, on)
		names[account] = n
		return n, err
	}
	for _, row := range f.Acts {
		entry := TimelineEntry{ActRow: row}
		var err error
		if entry.Who, err = name(row.Actor); err != nil {
			return nil, err
		}
		if entry.For, err = name(row.Behalf); err != nil {
			return nil, err
		}
		if i := f.Case.Index(row.Step); i >= 0 {
			entry.StepName = f.Case.Route[i].Title
		}
		if entry.Detail, err = decodeAct(row); err != nil {
			return nil, err
		}
		if i := f.Case.Index(entry.Detail.To); i >= 0 {
			entry.ToName = f.Case.Route[i].Title
		}
		entry.Detail.Route = nil
		list = append(list, entry)
	}
	slices.Reverse(list)
	return list, nil
}

// nameOf is a person's name; "" for the program.
func (e *Engine) nameOf(r store.Reader, account int64, on period.Date) (string, error) {
	if account == 0 {
		return "", nil
	}
	person, err := e.directory.Person(r, account, on)
	if fault.Is(err, fault.NotFound) {
		return fmt.Sprintf("#%d", account), nil
	}
	return person.Name, err
}

func (e *Engine) panelObjections(r store.Reader, actor access.Actor, f File) ([]PanelObjection, error) {
	rows, err := e.Objections(r, f.Ref())
	if err != nil {
		return nil, err
	}
	_, refused := e.authorise(r, actor, f, flow.Answer)
	var list []PanelObjection
	for _, row := range rows {
		o := PanelObjection{ObjectionRow: row, MayAnswer: refused == nil && row.AnsweredAt == 0}
		if refused == nil {
			if o.Name, o.Contact, err = e.Objector(row); err != nil {
				return nil, err
			}
		}
		list = append(list, o)
	}
	return list, nil
}

// meeting prefills the form of a meeting's record.
func (e *Engine) meeting(r store.Reader, f File, p *Panel) error {
	if f.Case.Step().Kind != flow.Meeting || f.Case.Status.Final() {
		return nil
	}
	rules, err := e.Rules(f.Case.Step().Matter, f.Place, e.store.Now().Date())
	if err != nil {
		return err
	}
	p.Meeting = &PanelMeeting{Rules: rules}
	if h := e.handler(f.Procedure); h.Eligible != nil {
		p.Meeting.Record, err = h.Eligible(r, f)
		return err
	}
	return nil
}
