package reporting

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// textMax is the number of characters of a reason, a document or an explanation.
const textMax = 500

type reportBody struct {
	Form   string      `json:"form"`
	Period string      `json:"period"`
	Stage  Stage       `json:"stage"`
	Round  int         `json:"round"`
	Due    period.Date `json:"due"`
	Reason string      `json:"reason,omitempty"`
}

func tell(tx *store.Tx, actor access.Actor, p Report, kind, reason string) error {
	_, err := tx.Record(store.Event{Home: p.Home, Kind: kind, Subject: subject("report", p.ID),
		Place: p.Place,
		Actor: actor.Account, Body: reportBody{p.Form, p.Period, p.Stage, p.Round, p.Due, reason}})
	return err
}

// Save keeps what was typed into the asked cells of a report, by key; a cell that is not named keeps what
// it has, one given as nil becomes blank. A cell that a source answers cannot be typed over.
func (g *Reporting) Save(ctx context.Context, actor access.Actor, ref Ref, version int64,
	values map[string]*int64) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		return g.SaveIn(tx, actor, ref, version, values)
	})
}

// SaveIn is Save inside a transaction of the caller.
func (g *Reporting) SaveIn(tx *store.Tx, actor access.Actor, ref Ref, version int64,
	values map[string]*int64) error {
	p, err := g.fillable(tx, actor, ref, version)
	if err != nil {
		return err
	}
	f, err := g.Fill(tx, p)
	if err != nil {
		return err
	}
	typed := decodeAmounts(p.Typed)
	for key, v := range values {
		i := f.Form.Index(key)
		switch {
		case i < 0 || !f.Asks(i):
			return fault.New(fault.Invalid, "reporting.not_asked", key)
		case v == nil:
			delete(typed, key)
		default:
			typed[key] = *v
		}
	}
	if p.Typed, err = typed.encode(); err != nil {
		return err
	}
	if err := reports.Update(tx, &p); err != nil {
		return err
	}
	return tell(tx, actor, p, "report.saved", "")
}

// fillable reads a report that the actor may fill in now, at the version it was read at (0: any).
func (g *Reporting) fillable(r store.Reader, actor access.Actor, ref Ref, version int64) (Report, error) {
	p, err := Get(r, ref)
	if err != nil {
		return p, err
	}
	if err := g.host.Access.Require(actor, MayFill, p.Place); err != nil {
		return p, err
	}
	switch {
	case p.Stage != Filling:
		return p, fault.New(fault.Conflict, "reporting.not_filling")
	case version != 0 && version != p.Version:
		return p, fault.New(fault.Stale, "store.stale")
	}
	return p, g.inTime(p)
}

// inTime refuses what is locked by its day.
func (g *Reporting) inTime(p Report) error {
	if today := g.host.Today(); today > p.Locks {
		return fault.New(fault.Conflict, "reporting.locked", p.Locks)
	}
	return nil
}

// Explain says why a figure that was warned of is right all the same.
func (g *Reporting) Explain(ctx context.Context, actor access.Actor, ref Ref, number int64,
	text string) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		return g.ExplainIn(tx, actor, ref, number, text)
	})
}

// ExplainIn is Explain inside a transaction of the caller.
func (g *Reporting) ExplainIn(tx *store.Tx, actor access.Actor, ref Ref, number int64, text string) error {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > textMax {
		return fault.New(fault.Invalid, "reporting.text", textMax)
	}
	p, err := Get(tx, ref)
	if err != nil {
		return err
	}
	if g.host.Access.Require(actor, MayReview, p.Place) != nil {
		if err := g.host.Access.Require(actor, MayFill, p.Place); err != nil {
			return err
		}
	}
	one, found, err := findings.First(tx, "WHERE home = ? AND report = ? AND number = ?", p.Home, p.ID,
		number)
	switch {
	case err != nil:
		return err
	case !found || one.Round != p.Round:
		return fault.New(fault.NotFound, "reporting.no_finding")
	case p.Stage != InReview:
		return fault.New(fault.Conflict, "reporting.not_in_review")
	}
	one.Explanation, one.Explained = text, max(actor.Account, 1)
	if err := findings.Update(tx, &one); err != nil {
		return err
	}
	return tell(tx, actor, p, "report.explained", "")
}

// Except gives one unit other days, or excuses it, with a reason and a document.
func (g *Reporting) Except(ctx context.Context, actor access.Actor, ref Ref, e Exception) error {
	e.Reason, e.Document = strings.TrimSpace(e.Reason), strings.TrimSpace(e.Document)
	if e.Reason == "" || utf8.RuneCountInString(e.Reason+e.Document) > textMax {
		return fault.New(fault.Invalid, "reporting.text", textMax)
	}
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		p, err := Get(tx, ref)
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, MayOrder, p.Home); err != nil {
			return err
		}
		if p.Stage != Filling {
			return fault.New(fault.Conflict, "reporting.not_filling")
		}
		if e.Due != "" {
			p.Due = e.Due
		}
		if e.Locks != "" {
			p.Locks = e.Locks
		}
		if p.Due < p.Opens || p.Locks < p.Due || !p.Due.Valid() || !p.Locks.Valid() {
			return fault.New(fault.Invalid, "reporting.dates")
		}
		e.Home, e.Report, e.Entered = p.Home, p.ID, g.host.Today()
		if e.ID, err = tx.NextID(p.Home, "report_exception"); err != nil {
			return err
		}
		if err := exceptions.Insert(tx, &e); err != nil {
			return err
		}
		ended, err := g.excepted(tx, &p, e)
		if err != nil {
			return err
		}
		if err := reports.Update(tx, &p); err != nil {
			return err
		}
		if err := tell(tx, actor, p, "report.excepted", e.Reason); err != nil || ended == 0 {
			return err
		}
		return g.endCase(tx, p, ended, e.Reason)
	})
}

// excepted lets a report follow its exception: the case of an excused one ends, and so does that of one
// with another day, after a new one that is due then has taken its place. ended is the case to be ended.
func (g *Reporting) excepted(tx *store.Tx, p *Report, e Exception) (ended int64, err error) {
	switch {
	case e.Excused:
		p.Stage, ended = Excused, p.Case
		return ended, g.excuse(tx, *p)
	case e.Due != "":
		f, err := g.Form(tx, p.Form)
		if err != nil {
			return 0, err
		}
		ended = p.Case
		if p.Case, err = g.openCase(tx, f, *p); err != nil {
			return 0, err
		}
	}
	return ended, nil
}

// Reopen takes an approved report back to whoever filled it in, with a reason, as long as no roll-up
// above it is on its way or accepted.
func (g *Reporting) Reopen(ctx context.Context, actor access.Actor, ref Ref, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > textMax {
		return fault.New(fault.Invalid, "reporting.text", textMax)
	}
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		p, err := Get(tx, ref)
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, MayReview, p.Place); err != nil {
			return err
		}
		if p.Stage != Approved {
			return fault.New(fault.Conflict, "reporting.not_approved")
		}
		if above, found, err := g.above(tx, p); err != nil || found {
			if err == nil {
				err = fault.New(fault.Conflict, "reporting.rolled_up", g.places.Name(above.Place))
			}
			return err
		}
		f, err := g.Form(tx, p.Form)
		if err != nil {
			return err
		}
		p.Stage, p.Round, p.Cells, p.Approved = Filling, p.Round+1, "", ""
		if p.Case, err = g.openCase(tx, f, p); err != nil {
			return err
		}
		if err := g.withdrawTotal(tx, p, f); err != nil {
			return err
		}
		if err := reports.Update(tx, &p); err != nil {
			return err
		}
		return tell(tx, actor, p, "report.reopened", reason)
	})
}

// above finds a roll-up that a report is part of and that is on its way up or accepted.
func (g *Reporting) above(r store.Reader, p Report) (RollUp, bool, error) {
	list, err := rollUps.All(r, "WHERE home = ? AND form = ? AND period = ? AND stage <> ?", p.Home, p.Form,
		p.Period, Ended)
	if err != nil {
		return RollUp{}, false, err
	}
	path := g.host.Access.Path(p.Place)
	for _, one := range list {
		if path.Inside(g.host.Access.Path(one.Place)) {
			return one, true, nil
		}
	}
	return RollUp{}, false, nil
}
