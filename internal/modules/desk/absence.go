package desk

import (
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

type absenceView struct {
	Given, Taken []absenceLine
	Colleagues   []access.Actor
	Procedures   []web.Option
	Today        string
}

type absenceLine struct {
	procedure.Delegation
	Who  string
	What string
}

// absence lists whom the reader lets act for them, and for whom they act.
func (d *Desk) absence(r *web.Request) (web.Answer, error) {
	v := absenceView{Today: string(r.Today()), Procedures: d.procedureOptions(r)}
	err := d.host.Store.View(r.Context(), func(s *store.View) error {
		all, err := d.host.Procedures.Delegations(s, r.Actor.Account, r.Today())
		if err != nil {
			return err
		}
		for _, one := range all {
			line := absenceLine{Delegation: one, What: r.T("desk.absence.everything")}
			if one.Procedure != "" {
				line.What = d.procedureName(r, one.Procedure)
			}
			other := one.Taker
			if one.Giver != r.Actor.Account {
				other = one.Giver
			}
			if line.Who, err = d.host.Procedures.NameOf(s, other); err != nil {
				return err
			}
			if one.Giver == r.Actor.Account {
				v.Given = append(v.Given, line)
			} else {
				v.Taken = append(v.Taken, line)
			}
		}
		v.Colleagues, err = d.host.Procedures.ColleaguesOf(s, r.Actor)
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.View("desk/absence", web.Page{Title: r.T("desk.menu.absence"), Data: v}), nil
}

func (d *Desk) delegate(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	one := procedure.Delegation{Procedure: r.Field("procedure"), Reason: r.Field("reason")}
	var err error
	if one.Taker, err = r.Number("taker"); err != nil {
		return nil, err
	}
	if one.Since, err = r.Date("since"); err != nil {
		return nil, err
	}
	last, err := r.Date("last")
	if err != nil {
		return nil, err
	}
	if last == "" {
		return nil, fault.New(fault.Invalid, "procedure.delegation_time", procedure.DelegationDaysMax)
	}
	one.Until = last.AddDays(1) // people name the last day; the row holds the first day after it
	if err := d.host.Procedures.Delegate(r.Context(), r.Actor, one); err != nil {
		return nil, err
	}
	return web.Redirect(withDone("/absence", "desk.delegated")), nil
}

func (d *Desk) endAbsence(r *web.Request) (web.Answer, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	if err := d.host.Procedures.EndDelegation(r.Context(), r.Actor, id); err != nil {
		return nil, err
	}
	return web.Redirect(withDone("/absence", "desk.delegation_ended")), nil
}
