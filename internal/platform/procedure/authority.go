package procedure

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// authorise decides whether the actor may do the verb on the case, and on whose behalf: 0 for
// themselves. It refuses unless something says yes.
func (e *Engine) authorise(r store.Reader, actor access.Actor, f File, v flow.Verb) (int64, error) {
	step := f.Case.Step()
	permit := access.Permit(step.Permit)
	switch {
	case actor.Program:
		return 0, nil // what the program does is bounded by package flow
	case v == flow.Object:
		return 0, nil // anybody may object
	case !actor.SignedIn():
		return 0, fault.New(fault.Unauthenticated, "access.sign_in")
	case v == flow.Recall || v == flow.Withdraw:
		return 0, nil // package flow holds these to the person
	case v == flow.Urge:
		return 0, e.mayUrge(actor, f, permit)
	case v == flow.Escalate:
		return 0, fault.New(fault.Forbidden, "flow.machine")
	case v == flow.Approve && slices.Contains(f.Case.Asked, actor.Account):
		return 0, nil
	}
	refused := e.access.Require(actor, permit, f.TaskPlace)
	if refused == nil {
		return 0, nil
	}
	giver, err := e.giverFor(r, actor, f, permit)
	if err != nil || giver != 0 {
		return giver, err
	}
	return 0, refused
}

// mayUrge: whoever opened the case, acted on it, or holds the step's permit above its place.
func (e *Engine) mayUrge(actor access.Actor, f File, permit access.Permit) error {
	if actor.Account == f.Opener || e.access.Can(actor, permit, f.TaskPlace) {
		return nil
	}
	for _, who := range f.Case.HadBy {
		if slices.Contains(who, actor.Account) {
			return nil
		}
	}
	return fault.New(fault.NotFound, "access.outside")
}

// giverFor finds somebody who delegated to the actor and may act on the step; 0 if nobody.
func (e *Engine) giverFor(r store.Reader, actor access.Actor, f File, permit access.Permit) (int64, error) {
	on := e.store.Now().Date()
	givers, err := e.givers(r, actor.Account, f.Procedure, on)
	if err != nil {
		return 0, err
	}
	for _, giver := range givers {
		if e.access.Can(giver, permit, f.TaskPlace) {
			return giver.Account, nil
		}
	}
	return 0, nil
}

// givers are the persons who have delegated a procedure ("" any) to an account on a day.
func (e *Engine) givers(r store.Reader, taker int64, procedure string, on period.Date) ([]access.Actor,
	error) {
	rows, err := delegations.All(r, `WHERE taker = ? AND until > ? AND since <= ? ORDER BY id`, taker, on,
		on)
	if err != nil {
		return nil, err
	}
	var givers []access.Actor
	for _, d := range rows {
		if d.Procedure != "" && procedure != "" && d.Procedure != procedure {
			continue
		}
		giver, err := e.directory.Person(r, d.Giver, on)
		if err != nil {
			return nil, err
		}
		givers = append(givers, giver)
	}
	return givers, nil
}

// DelegationDaysMax is the longest time duties can be delegated for at once.
const DelegationDaysMax = 366

// Delegate lets another do the actor's duties from since up to, not including, until.
func (e *Engine) Delegate(ctx context.Context, actor access.Actor, d Delegation) error {
	if !actor.SignedIn() {
		return fault.New(fault.Unauthenticated, "access.sign_in")
	}
	d.Home, d.Giver = store.City, actor.Account
	if !d.Since.Valid() || !d.Until.Valid() || d.Until <= d.Since ||
		d.Since.Until(d.Until) > DelegationDaysMax {
		return fault.New(fault.Invalid, "procedure.delegation_time", DelegationDaysMax)
	}
	return e.store.Write(ctx, func(tx *store.Tx) error {
		row := d
		taker, err := e.directory.Person(tx, d.Taker, today(tx))
		if err != nil {
			return err
		}
		if d.Taker == actor.Account || len(taker.Posts) == 0 {
			return fault.New(fault.Invalid, "procedure.person")
		}
		if row.ID, err = tx.NextID(store.City, "procedure_delegation"); err != nil {
			return err
		}
		if err := delegations.Insert(tx, &row); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: store.City, Kind: "delegation.given", Actor: actor.Account,
			Subject: subject("delegation", row.ID), Body: delegationBody{d.Giver, d.Taker, d.Since, d.Until,
				d.Procedure}})
		return err
	})
}

type delegationBody struct {
	Giver     int64       `json:"giver"`
	Taker     int64       `json:"taker"`
	Since     period.Date `json:"since"`
	Until     period.Date `json:"until"`
	Procedure string      `json:"procedure,omitempty"`
}

// EndDelegation ends one of the actor's own delegations today.
func (e *Engine) EndDelegation(ctx context.Context, actor access.Actor, id int64) error {
	return e.store.Write(ctx, func(tx *store.Tx) error {
		row, found, err := delegations.First(tx, "WHERE home = ? AND id = ? AND giver = ?", store.City, id,
			actor.Account)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "access.outside")
		}
		row.Until = max(row.Since, today(tx))
		if err := delegations.Update(tx, &row); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: store.City, Kind: "delegation.ended", Actor: actor.Account,
			Subject: subject("delegation", id)})
		return err
	})
}

// Delegations lists those an account gave or took that have not ended.
func (e *Engine) Delegations(r store.Reader, account int64, on period.Date) ([]Delegation, error) {
	return delegations.All(r, `WHERE (giver = ? OR taker = ?) AND until > ? ORDER BY since, id`, account,
		account, on)
}

// NameOf is a person's name, for showing.
func (e *Engine) NameOf(r store.Reader, account int64) (string, error) {
	return e.nameOf(r, account, e.store.Now().Date())
}

// ColleaguesOf are the persons who hold a post at a place of the actor's: to whom duties can be
// delegated.
func (e *Engine) ColleaguesOf(r store.Reader, actor access.Actor) ([]access.Actor, error) {
	var all []access.Actor
	seen := map[int64]bool{actor.Account: true}
	for _, post := range actor.Posts {
		if post.Place == 0 {
			continue
		}
		here, err := e.directory.Colleagues(r, "", post.Place, e.store.Now().Date())
		if err != nil {
			return nil, err
		}
		for _, person := range here {
			if !seen[person.Account] {
				seen[person.Account] = true
				all = append(all, person)
			}
		}
	}
	return all, nil
}
