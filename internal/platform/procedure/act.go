package procedure

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Opening begins a case.
type Opening struct {
	Procedure string
	Home      int64
	Place     int64
	Subject   string // the module's name of what it is about, unique within the home
	Title     words.Words
	Year      int                         // year of reference of dated deadlines
	Holds     func(condition string) bool // nil: no conditional step applies
	Due       period.Date                 // of the first step; "" as the procedure says
}

// Open begins a case inside the module's own transaction. The module has asked for the permit.
func (e *Engine) Open(tx *store.Tx, actor access.Actor, o Opening) (File, error) {
	d, err := e.Definition(o.Procedure)
	if err != nil {
		return File{}, err
	}
	id, err := tx.NextID(o.Home, "procedure_case")
	if err != nil {
		return File{}, err
	}
	holds := o.Holds
	if holds == nil {
		holds = func(string) bool { return false }
	}
	f := File{Row: Row{Home: o.Home, ID: id, Procedure: o.Procedure, Subject: o.Subject, Place: o.Place,
		TitleZh: o.Title.Chinese, TitleEn: o.Title.English, Year: o.Year, Opened: tx.Now()}}
	route, err := e.resolve(d.Route(holds), o.Place, today(tx))
	if err != nil {
		return File{}, err
	}
	if o.Due != "" && len(route) > 0 {
		route = slices.Clone(route)
		route[0].Deadline = flow.Deadline{Day: string(o.Due)[5:], Year: o.Due.Year() - o.Year}
	}
	a := flow.Act{Verb: flow.Open, Actor: actor.Account, At: tx.Now(), Route: route, Year: o.Year,
		Withdraw: d.Withdraw}
	return e.apply(tx, actor, f, a)
}

// Do does an act at the version of the case it was decided at, as a transaction of its own.
func (e *Engine) Do(ctx context.Context, actor access.Actor, ref Ref, version int64, a flow.Act) (File,
	error) {
	var f File
	err := e.store.Write(ctx, func(tx *store.Tx) (err error) {
		f, err = e.DoIn(tx, actor, ref, version, a)
		return err
	})
	return f, err
}

// DoIn is Do inside a transaction of the caller. A version of 0 takes the case as it is: for acts
// that do not depend on what the actor saw (an objection, an urge, the program's own).
func (e *Engine) DoIn(tx *store.Tx, actor access.Actor, ref Ref, version int64, a flow.Act) (File, error) {
	f, err := e.Load(tx, ref)
	if err != nil {
		return f, err
	}
	if version != 0 && version != f.Version {
		return f, fault.New(fault.Stale, "procedure.decided")
	}
	a.Actor, a.At = actor.Account, tx.Now()
	if a.For, err = e.authorise(tx, actor, f, a.Verb); err != nil {
		return f, err
	}
	err = e.prepare(tx, f, &a)
	if err == nil {
		f, err = e.apply(tx, actor, f, a)
	}
	if version != 0 && fault.Is(err, fault.Conflict) {
		err = e.overtaken(tx, ref, version, err)
	}
	return f, err
}

// overtaken tells whoever was refused because somebody else acted between two reads of this transaction
// that it was so, and not that the step was wrong.
func (e *Engine) overtaken(tx *store.Tx, ref Ref, version int64, refusal error) error {
	row, found, err := cases.First(tx, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && found && row.Version != version {
		return fault.New(fault.Stale, "procedure.decided")
	}
	return refusal
}

// forward lists the verbs that carry a case on, for which a step's guards must hold.
var forward = []flow.Verb{flow.Submit, flow.Approve, flow.Close, flow.Decide}

// prepare asks the guards and looks up what the act refers to.
func (e *Engine) prepare(tx *store.Tx, f File, a *flow.Act) error {
	if slices.Contains(forward, a.Verb) {
		if err := e.guards(tx, f); err != nil {
			return err
		}
	}
	switch a.Verb {
	case flow.Decide:
		return e.findRule(f, a)
	case flow.Transfer, flow.AddSigner:
		return e.checkPersons(tx, f, a)
	}
	return nil
}

// guards asks the conditions that the current step names.
func (e *Engine) guards(r store.Reader, f File) error {
	h := e.handler(f.Procedure)
	for _, name := range f.Case.Step().Guards {
		guard, ok := h.Guards[name]
		if !ok { // a condition nobody can check lets nothing through
			return fault.New(fault.Conflict, "procedure.guard", name)
		}
		if err := guard(r, f); err != nil {
			return err
		}
	}
	return nil
}

// findRule sets the rule in force for the body that decided.
func (e *Engine) findRule(f File, a *flow.Act) error {
	if a.Record == nil {
		return fault.New(fault.Invalid, "flow.no_record")
	}
	rules, err := e.Rules(f.Case.Step().Matter, f.Place, a.At.Date())
	if err != nil {
		return err
	}
	for _, r := range rules {
		if r.Body == a.Record.Body {
			a.Rule = &r
			return nil
		}
	}
	return fault.New(fault.Conflict, "procedure.body")
}

// checkPersons: whoever is handed a step must hold its permit there; whoever is asked to sign must
// be somebody with a post.
func (e *Engine) checkPersons(tx *store.Tx, f File, a *flow.Act) error {
	for _, account := range a.Accounts {
		person, err := e.directory.Person(tx, account, tx.Now().Date())
		if err != nil {
			return err
		}
		permit := access.Permit(f.Case.Step().Permit)
		if a.Verb == flow.Transfer && !e.access.Can(person, permit, f.TaskPlace) || len(person.Posts) == 0 {
			return fault.New(fault.Invalid, "procedure.person")
		}
	}
	return nil
}

// apply folds the act in, saves act, case and signers, runs the handler and records the event.
func (e *Engine) apply(tx *store.Tx, actor access.Actor, f File, a flow.Act) (File, error) {
	before := f.Case
	step := flow.Step{}
	if before.Version > 0 {
		step = before.Step()
	}
	next, err := before.Apply(&a, e.calendar())
	if err != nil {
		return f, err
	}
	f.Case = next
	if before.Version == 0 {
		step = next.Step()
	}
	if err := e.save(tx, &f, a, step.Key); err != nil {
		return f, err
	}
	_, err = tx.Record(store.Event{Home: f.Home, Kind: "case." + string(a.Verb), Subject: f.Subject,
		Place: f.Place,
		Actor: a.Actor, Body: actBody{f.Procedure, f.ID, next.Version, step.Key, next.Round, a.For,
			string(next.Status)}})
	if err != nil {
		return f, err
	}
	if err := e.sideEffects(tx, f, before, a); err != nil {
		return f, err
	}
	return f, e.tell(tx, actor, f, before)
}

// actBody is what the event of an act says.
type actBody struct {
	Procedure string `json:"procedure"`
	Case      int64  `json:"case"`
	Number    int    `json:"number"`
	Step      string `json:"step"`
	Round     int    `json:"round"`
	For       int64  `json:"for,omitempty"`
	Status    string `json:"status"`
}

func (e *Engine) save(tx *store.Tx, f *File, a flow.Act, step string) error {
	summary(&f.Row, f.Case, e.taskPlace(f.Place, f.Case))
	if f.Case.Status.Final() {
		f.Ended = tx.Now()
	}
	if a.Verb == flow.Escalate {
		f.Raised = e.places.Ancestor(f.Place, f.Case.Step().Escalate.Level)
	}
	// The case before the act: of two who decide at once, the second must fail as stale.
	save := cases.Update
	if a.Verb == flow.Open {
		save = cases.Insert
	}
	if err := save(tx, &f.Row); err != nil {
		return err
	}
	encoded, err := json.Marshal(a)
	if err != nil {
		return err
	}
	row := ActRow{Home: f.Home, Case: f.ID, Number: int64(f.Case.Version), Verb: a.Verb, Step: step,
		Round: f.Case.Round, Actor: a.Actor, Behalf: a.For, At: a.At, Reason: a.Reason,
		Act: string(encoded)}
	if err := acts.Insert(tx, &row); err != nil {
		return err
	}
	f.Acts = append(slices.Clone(f.Acts), row)
	return saveSigners(tx, f.Ref(), f.Case)
}

// taskPlace is where the post of whoever must act lies.
func (e *Engine) taskPlace(place int64, c flow.Case) int64 {
	return e.places.Ancestor(place, c.Step().Level)
}

// tell runs the module's handler when a step began or the case ended.
func (e *Engine) tell(tx *store.Tx, actor access.Actor, f File, before flow.Case) error {
	h := e.handler(f.Procedure)
	if f.Case.Status.Final() {
		if h.Ended != nil {
			return h.Ended(tx, actor, f)
		}
		return nil
	}
	moved := before.Version == 0 || before.At != f.Case.At || before.Round != f.Case.Round
	if moved && h.Entered != nil {
		return h.Entered(tx, actor, f)
	}
	return nil
}

// Decision is one of many decided at once.
type Decision struct {
	Ref     Ref
	Version int64 // 0: as it is
	Act     flow.Act
}

// Outcome is what became of a decision.
type Outcome struct {
	Ref Ref
	Row Row
	Err error
}

// BulkMax is how many cases can be decided at once.
const BulkMax = 500

// Bulk does many acts, each a transaction of its own with its own reason: one that is refused stops
// none of the others.
func (e *Engine) Bulk(ctx context.Context, actor access.Actor, decisions []Decision) ([]Outcome, error) {
	if len(decisions) > BulkMax {
		return nil, fault.New(fault.TooLarge, "procedure.bulk", BulkMax)
	}
	outcomes := make([]Outcome, len(decisions))
	for i, d := range decisions {
		f, err := e.Do(ctx, actor, d.Ref, d.Version, d.Act)
		outcomes[i] = Outcome{Ref: d.Ref, Row: f.Row, Err: err}
		if ctx.Err() != nil {
			return outcomes[:i+1], ctx.Err()
		}
	}
	return outcomes, nil
}

// today is the civil day of a transaction.
func today(tx *store.Tx) period.Date { return tx.Now().Date() }
