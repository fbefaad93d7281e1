package reporting

import (
	"context"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Kinds of job.
const (
	openKind = "reporting.open" // opens the reports of a round
	nextKind = "reporting.next" // begins the rounds that are due to open
)

type roundArgs struct {
	Round int64 `json:"round"`
}

type roundBody struct {
	Form      string      `json:"form"`
	Period    string      `json:"period"`
	Opens     period.Date `json:"opens"`
	Due       period.Date `json:"due"`
	Locks     period.Date `json:"locks"`
	Emergency bool        `json:"emergency,omitempty"`
	Approver  int64       `json:"approver,omitempty"`
	State     RoundState  `json:"state"`
}

// Order asks for a round.
type Order struct {
	County int64
	Form   string
	Period string
	// Of an emergency: who must say yes, why, and by when it is due.
	Emergency bool
	Approver  int64
	Reason    string
	Due       period.Date
}

// Begin orders a round: at once, or for an emergency once its approver has said yes.
func (g *Reporting) Begin(ctx context.Context, actor access.Actor, o Order) (round Round, err error) {
	if err := g.host.Access.Require(actor, MayOrder, o.County); err != nil {
		return round, err
	}
	if g.places.Level(o.County) != division.County {
		return round, fault.New(fault.Invalid, "reporting.not_a_county")
	}
	err = g.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		round, err = g.begin(tx, actor, o)
		return err
	})
	return round, err
}

func (g *Reporting) begin(tx *store.Tx, actor access.Actor, o Order) (Round, error) {
	f, err := g.Form(tx, o.Form)
	if err != nil {
		return Round{}, err
	}
	p, err := periodOf(f, o.Period)
	if err != nil {
		return Round{}, err
	}
	round := Round{Home: o.County, Form: f.Key, Period: p.String(), Place: o.County, Opener: actor.Account,
		State: Opening}
	if err := g.dated(f, p, o, &round); err != nil {
		return round, err
	}
	if f.Place != 0 && !g.host.Access.Path(o.County).Inside(g.host.Access.Path(f.Place)) {
		return round, fault.New(fault.NotFound, "reporting.no_form", o.Form)
	}
	_, found, err := rounds.First(tx, "WHERE home = ? AND form = ? AND period = ?", round.Home, round.Form,
		round.Period)
	if err == nil && found {
		err = fault.New(fault.Conflict, "reporting.round_exists", f.Title, round.Period)
	}
	if err != nil {
		return round, err
	}
	if round.ID, err = tx.NextID(round.Home, "report_round"); err != nil {
		return round, err
	}
	if err := rounds.Insert(tx, &round); err != nil {
		return round, err
	}
	if err := g.tellRound(tx, actor, round, "report.ordered"); err != nil || round.State == Waiting {
		return round, err
	}
	return round, g.orderJob(tx, actor, round)
}

// dated gives a round its days and holds it against the guard of asks.
func (g *Reporting) dated(f *Form, p period.Period, o Order, round *Round) error {
	today, calendar := g.host.Today(), g.host.Procedures.Calendar()
	on, err := f.Dates(p, calendar)
	if err != nil {
		return fault.New(fault.Invalid, "reporting.form_wrong", f.Key).Because(err)
	}
	switch {
	case !f.Stands(today):
		return fault.New(fault.Conflict, "reporting.form_ended", f.Title, f.Sunset)
	case on.Opens > today && !o.Emergency:
		return fault.New(fault.Conflict, "reporting.too_early", f.Title, p.String(), on.Opens)
	case on.Locks < today:
		return fault.New(fault.Conflict, "reporting.too_late", f.Title, p.String(), on.Locks)
	}
	if o.Emergency {
		o.Reason = strings.TrimSpace(o.Reason)
		switch {
		case o.Approver == 0 || o.Approver == round.Opener:
			return fault.New(fault.Invalid, "reporting.approver")
		case o.Reason == "" || !o.Due.Valid() || o.Due < today:
			return fault.New(fault.Invalid, "reporting.emergency")
		}
		round.Opens, round.Due, round.Locks = today, o.Due, max(on.Locks, o.Due)
		round.Emergency, round.Approver, round.Reason, round.State = true, o.Approver, o.Reason, Waiting
		return nil
	}
	round.Opens, round.Due, round.Locks = on.Opens, on.Due, on.Locks
	if g.BurdenOf(f).Asked == 0 {
		return nil // nobody is asked anything
	}
	lead, err := g.host.Packs.Int("report.lead_days", today, g.places.Codes(round.Place)...)
	if err != nil {
		return err
	}
	on.Opens = max(on.Opens, today) // what is ordered late leaves less time
	if !calendar.Working(today) && on.Opens == today {
		return fault.New(fault.Conflict, "reporting.guarded", f.Title).With(
			[]fault.Finding{fault.Wrong("reporting.guard.day_off", today)})
	}
	if found := (form.Guard{LeadDays: int(lead)}).Check(on, calendar); len(found) > 0 {
		return fault.New(fault.Conflict, "reporting.guarded", f.Title).With(found)
	}
	return nil
}

func (g *Reporting) tellRound(tx *store.Tx, actor access.Actor, round Round, kind string) error {
	_, err := tx.Record(store.Event{Home: round.Home, Kind: kind, Subject: subject("round", round.ID),
		Place: round.Place, Actor: actor.Account, Body: roundBody{round.Form, round.Period, round.Opens,
			round.Due,
			round.Locks, round.Emergency, round.Approver, round.State}})
	return err
}

func (g *Reporting) orderJob(tx *store.Tx, actor access.Actor, round Round) error {
	_, err := g.host.Jobs.Enqueue(tx, jobs.Order{Home: round.Home, Kind: openKind,
		Subject: subject("round", round.ID), Place: round.Place, Actor: actor.Account,
		Args: roundArgs{round.ID}})
	return err
}

// Approve says yes to an emergency: only the person whom it names can.
func (g *Reporting) Approve(ctx context.Context, actor access.Actor, ref Ref) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		round, err := RoundOf(tx, ref)
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, MayHurry, round.Place); err != nil {
			return err
		}
		switch {
		case round.State != Waiting:
			return fault.New(fault.Conflict, "reporting.not_waiting")
		case actor.Account != round.Approver:
			return fault.New(fault.Forbidden, "reporting.not_the_approver")
		}
		round.State = Opening
		if err := rounds.Update(tx, &round); err != nil {
			return err
		}
		if err := g.tellRound(tx, actor, round, "report.approved_emergency"); err != nil {
			return err
		}
		return g.orderJob(tx, actor, round)
	})
}

// More opens the reports of a round that are missing: of units that came later or were held.
func (g *Reporting) More(ctx context.Context, actor access.Actor, ref Ref) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		round, err := RoundOf(tx, ref)
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, MayOrder, round.Place); err != nil {
			return err
		}
		if round.State != Open {
			return fault.New(fault.Conflict, "reporting.not_open")
		}
		round.Held, round.State = 0, Opening
		if err := rounds.Update(tx, &round); err != nil {
			return err
		}
		if err := g.tellRound(tx, actor, round, "report.reordered"); err != nil {
			return err
		}
		return g.orderJob(tx, actor, round)
	})
}

// homes are the counties that have ever ordered a round.
func (g *Reporting) homes(ctx context.Context) ([]int64, error) {
	return store.Read(ctx, g.host.Store, func(v *store.View) ([]int64, error) {
		return store.All[int64](v, "SELECT DISTINCT home FROM report_round ORDER BY home")
	})
}

// nextJob begins, each night, the rounds that are due to open of forms that run in the county: those of
// which it had a round. A form past its sunset begins none; one the guard holds back is left for an officer.
func (g *Reporting) nextJob(ctx context.Context, run *jobs.Run) error {
	return run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
		had, err := store.All[string](tx,
			"SELECT DISTINCT form FROM report_round WHERE home = ? ORDER BY form",
			run.Job.Home)
		if err != nil {
			return err
		}
		all, err := g.Forms(tx)
		if err != nil {
			return err
		}
		today, calendar := g.host.Today(), g.host.Procedures.Calendar()
		for _, f := range all {
			if !slices.Contains(had, f.Key) || !f.Stands(today) {
				continue
			}
			due, err := f.Occasions(today, today, calendar)
			if err != nil {
				return err
			}
			for _, one := range due {
				_, err := g.begin(tx, access.Actor{}, Order{County: run.Job.Home, Form: f.Key,
					Period: one.Period.String()})
				if fault.Is(err, fault.Conflict) {
					continue
				}
				if err != nil {
					return err
				}
				at.Done++
			}
		}
		at.Step = "done"
		return nil
	})
}

// Next orders tonight's work now: the rounds of a county that are due to open.
func (g *Reporting) Next(ctx context.Context, home int64) error {
	return g.host.Store.Maintain(ctx, func(tx *store.Tx) error {
		_, err := g.host.Jobs.Enqueue(tx, jobs.Order{Home: home, Kind: nextKind, Subject: subject("county",
			home),
			Place: home})
		return err
	})
}
