package campaign

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// rollUpProcedure is the procedure by which a county's figures go to the city.
const rollUpProcedure = "annual-roll-up"

// handler is what this module adds to the procedure of a county's roll-up.
func (m *Campaigns) handler() procedure.Handler {
	return procedure.Handler{
		Guards: map[string]func(store.Reader, procedure.File) error{
			"all_approved": m.guardAllApproved,
			"sums_equal":   m.guardSumsEqual,
		},
		Ended:   m.ended,
		Address: func(row procedure.Row) string { return address(row.Home, row.Year) },
	}
}

// BeginRollUp opens the county's roll-up: it goes to the city once every check is approved.
func (m *Campaigns) BeginRollUp(ctx context.Context, actor access.Actor, home int64, year int) error {
	return m.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := Get(tx, home, year)
		if err != nil {
			return err
		}
		if err := m.host.Access.Require(actor, inventory.MayRollUp, c.Place); err != nil {
			return err
		}
		if c.State != Open {
			return fault.New(fault.Conflict, "campaign.not_open", year)
		}
		name, in := m.places.Name(c.Place), strconv.Itoa(year)
		file, err := m.host.Procedures.Open(tx, actor, procedure.Opening{Procedure: rollUpProcedure,
			Home:  home,
			Place: c.Place, Subject: subject(year), Year: year,
			Title: words.Words{Chinese: name + " " + in + " 年度清查汇总", English: "Roll-up " + in + " of " +
				name}})
		if err != nil {
			return err
		}
		c.State, c.Case = Compiling, file.ID
		return save(tx, actor, c, "campaign.compiling")
	})
}

// guardAllApproved: children before parents. No check of the county is short of approval.
func (m *Campaigns) guardAllApproved(r store.Reader, f procedure.File) error {
	open, err := inventory.Running(r, f.Home, f.Year)
	if err == nil && len(open) > 0 {
		err = fault.New(fault.Conflict, "campaign.not_all_approved", len(open))
	}
	return err
}

// guardSumsEqual: the stored totals are what the rows give, again, before the city accepts them.
func (m *Campaigns) guardSumsEqual(r store.Reader, f procedure.File) error {
	wrong, err := m.inventory.CompareTotals(r, f.Home, f.Year, nil)
	if err == nil && wrong > 0 {
		err = fault.New(fault.Conflict, "campaign.sums_differ", wrong)
	}
	return err
}

// ended locks the campaign and its checks once the city has accepted it, and orders its figures.
func (m *Campaigns) ended(tx *store.Tx, actor access.Actor, f procedure.File) error {
	c, err := Get(tx, f.Home, f.Year)
	if err != nil {
		return err
	}
	if f.Case.Status != flow.Done {
		c.State, c.Case = Open, 0
		return save(tx, actor, c, "campaign.reopened")
	}
	if err := inventory.Lock(tx, f.Home, f.Year); err != nil {
		return err
	}
	c.State = Locked
	if err := save(tx, actor, c, "campaign.locked"); err != nil {
		return err
	}
	_, err = m.host.Jobs.Enqueue(tx, jobs.Order{Home: c.Home, Kind: figuresKind, Subject: subject(c.Year),
		Place: c.Place,
		Args:  openArgs{c.Year}})
	return err
}
