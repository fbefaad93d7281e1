package reporting

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// portionUsual is how many units a transaction opens reports for.
const portionUsual = 40

// unit is who reports.
type unit struct {
	key          int64 // by which the walk goes on
	organisation int64
	place        int64
	level        division.Level
	name         string
}

// openJob opens the reports of a round: its step is the last unit it came to.
func (g *Reporting) openJob(ctx context.Context, run *jobs.Run) error {
	var args roundArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	actor := access.Actor{Account: run.Job.Actor}
	for over := false; !over; {
		err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			after, err := strconv.ParseInt("0"+at.Step, 10, 64)
			if err != nil {
				return err
			}
			last, done, err := g.openPortion(tx, actor, Ref{run.Job.Home, args.Round}, after)
			at.Step, at.Done, over = strconv.FormatInt(last, 10), at.Done+done, last == after
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// OpenReports opens the reports of a round at once, as its job does.
func (g *Reporting) OpenReports(ctx context.Context, actor access.Actor, ref Ref) error {
	for after, last := int64(-1), int64(0); last != after; {
		after = last
		err := g.host.Store.Write(ctx, func(tx *store.Tx) error {
			round, err := RoundOf(tx, ref)
			if err != nil {
				return err
			}
			if err := g.host.Access.Require(actor, MayOrder, round.Place); err != nil {
				return err
			}
			if round.State == Waiting {
				return fault.New(fault.Conflict, "reporting.waiting")
			}
			last, _, err = g.openPortion(tx, actor, ref, after)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// openPortion opens the reports of the units after one; a portion that came no further ends the opening.
func (g *Reporting) openPortion(tx *store.Tx, actor access.Actor, ref Ref, after int64) (last, done int64,
	err error) {
	round, err := RoundOf(tx, ref)
	if err != nil {
		return after, 0, err
	}
	f, err := g.Form(tx, round.Form)
	if err != nil {
		return after, 0, err
	}
	units, last, err := g.units(tx, f, round, after)
	if err != nil {
		return after, 0, err
	}
	for _, u := range units {
		made, held, err := g.open(tx, f, round, u)
		if err != nil {
			return after, 0, fmt.Errorf("%s: %w", u.name, err)
		}
		if made {
			round.Units++
			done++
		}
		if held {
			round.Held++
		}
	}
	if last == after {
		round.State = Open
	}
	if err := rounds.Update(tx, &round); err != nil {
		return after, 0, err
	}
	return last, done, g.tellRound(tx, actor, round, "report.opened")
}

// units are the next organisations or places that the form concerns.
func (g *Reporting) units(r store.Reader, f *Form, round Round, after int64) (all []unit, last int64,
	err error) {
	last = after
	if f.Unit == form.OfPlaces {
		all = g.placesAfter(f, round.Home, after)
		if len(all) > 0 {
			last = all[len(all)-1].key
		}
		return all, last, nil
	}
	list, err := registry.InHome(r, round.Home, after, g.portion)
	for _, o := range list {
		if last = o.ID; f.Concerns(o.Level) {
			all = append(all, unit{o.ID, o.ID, o.Place, o.Level, o.Name})
		}
	}
	return all, last, err
}

func (g *Reporting) placesAfter(f *Form, home, after int64) []unit {
	today := g.places.Today()
	var all []unit
	if !today.Has(home) {
		return nil
	}
	for n := today.Find(home); n < today.End(today.Find(home)); n++ {
		if id := today.ID(n); id > after && f.Concerns(today.Level(n)) && !grouping(today, n) {
			all = append(all, unit{id, 0, id, today.Level(n), today.Name(n)})
		}
	}
	slices.SortFunc(all, func(a, b unit) int { return int(a.key - b.key) })
	return all[:min(len(all), g.portion)]
}

func grouping(t *tree.Tree, n tree.Node) bool { return division.IsGrouping(t.Name(n), t.Level(n)) }

// open opens the report of a unit, unless it has one or its village had its number of asks this month.
func (g *Reporting) open(tx *store.Tx, f *Form, round Round, u unit) (made, held bool, err error) {
	_, found, err := reports.First(tx,
		"WHERE home = ? AND form = ? AND period = ? AND organisation = ? AND place = ?",
		round.Home, round.Form, round.Period, u.organisation, u.place)
	if err != nil || found {
		return false, false, err
	}
	burden := g.BurdenOf(f)
	p := Report{Home: round.Home, Form: f.Key, Edition: f.Version, Period: round.Period,
		Organisation: u.organisation,
		Place:        u.place, Village: g.places.Ancestor(u.place, division.Village), Level: u.level,
		Name:  u.name,
		Month: string(g.host.Today())[:7],
		Opens: round.Opens, Due: round.Due, Locks: round.Locks, Stage: Filling, Round: 1,
		Asked:   burden.Asked,
		Seconds: burden.Seconds, Typed: "{}"}
	if burden.Asked > 0 && !round.Emergency {
		full, err := g.full(tx, p)
		if err != nil || full {
			return false, full, err
		}
	}
	if p.ID, err = tx.NextID(p.Home, "report"); err != nil {
		return false, false, err
	}
	if p.Case, err = g.openCase(tx, f, p); err != nil {
		return false, false, err
	}
	if err := reports.Insert(tx, &p); err != nil {
		return false, false, err
	}
	return true, false, g.expect(tx, p, f)
}

// openCase opens the case of a report. The program opens it, so that it can end it for an excused unit.
func (g *Reporting) openCase(tx *store.Tx, f *Form, p Report) (int64, error) {
	at, err := periodOf(f, p.Period)
	if err != nil {
		return 0, err
	}
	file, err := g.host.Procedures.Open(tx, access.Machine, procedure.Opening{Procedure: f.Procedure,
		Home:  p.Home,
		Place: p.Place, Subject: subject("report", p.ID), Year: at.Year(), Due: p.Due, Title: words.Words{
			Chinese: p.Name + " " + p.Period + " " + f.Title.Chinese,
			English: f.Title.English + " " + p.Period + ": " + p.Name}})
	return file.ID, err
}

// full reports whether the village of a report has been asked as many forms this month as it may be.
func (g *Reporting) full(r store.Reader, p Report) (bool, error) {
	most, err := g.host.Packs.Int("report.asks_max", g.host.Today(), g.places.Codes(p.Place)...)
	if err != nil {
		return false, err
	}
	had, err := store.Count(r, `SELECT count(*) FROM (SELECT DISTINCT form, period FROM report
		WHERE home = ? AND month = ? AND village = ? AND asked > 0
		AND NOT (form = ? AND period = ?)) AS asks`,
		p.Home, p.Month, p.Village, p.Form, p.Period)
	return had >= most, err
}
