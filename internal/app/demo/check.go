package demo

import (
	"context"
	"time"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// checkYear is the year whose annual check the city goes through.
const checkYear = 2025

// The days of the check. Notices are up for seven days, assemblies are called ten days before, and what
// falls due is told to the level above by the last day.
const (
	opensOn      period.Date = "2025-12-01"
	countsOn     period.Date = "2026-01-08" // the teams have counted, the results are posted
	objectionsOn period.Date = "2026-01-12"
	closesOn     period.Date = "2026-01-16"
	drawsOn      period.Date = "2026-01-20"
	opensLateOn  period.Date = "2026-01-27" // what the adjustment has moved
	votesOn      period.Date = "2026-01-30"
	reviewsOn    period.Date = "2026-02-05"
	recountsOn   period.Date = "2026-02-06"
	approvesOn   period.Date = "2026-02-12"
	votesAgainOn period.Date = "2026-02-25"
	latestOn     period.Date = "2026-03-02" // the last are posted; finished counties report
	acceptsOn    period.Date = "2026-03-04"
	lastDay      period.Date = "2026-03-06"
)

// phases is how often the bar counts a collective: entered, opened, counted, closed, confirmed, reviewed,
// approved, its books taken over.
const phases = 8

// task is the check of one organisation on its way.
type task struct {
	inventory.Check
	plan
	facts []any // of its answer
	photo bool  // its rows are counted with photos
	moved bool  // opened late, where the adjustment has put it
}

// checking is the annual check of the whole city.
type checking struct {
	*City
	homes  []int64 // counties, in the order in which their campaigns opened
	tasks  map[int64][]*task
	paces  map[int64]pace
	people map[post]access.Actor
	next   int // of the courses
	draws  int // of the samples
	photos []files.Blob
	taken  int // rows that are given a photo
}

func newChecking() *checking {
	return &checking{tasks: map[int64][]*task{}, paces: map[int64]pace{}, people: map[post]access.Actor{}}
}

// checkEpisodes are the days of the annual check.
func checkEpisodes(k *checking) []Episode {
	day := func(on period.Date, run func(*checking, context.Context) error) Episode {
		return Episode{on, func(ctx context.Context, c *City) error {
			k.City = c
			return run(k, ctx)
		}}
	}
	return []Episode{day(opensOn, (*checking).open), day(countsOn, (*checking).count),
		day(objectionsOn, (*checking).object), day(closesOn, (*checking).close), day(drawsOn,
			(*checking).draw),
		day(opensLateOn, (*checking).openLate), day(votesOn, (*checking).vote), day(reviewsOn,
			(*checking).review),
		day(recountsOn, (*checking).recount), day(approvesOn, (*checking).approve),
		day(votesAgainOn, (*checking).voteAgain), day(latestOn, (*checking).countLate),
		day(acceptsOn, (*checking).accept), day(lastDay, (*checking).end)}
}

// open opens the campaign of every county that has collectives.
func (k *checking) open(ctx context.Context) error {
	t := k.Modules.Places.Today()
	has := map[int64]bool{}
	for _, one := range k.Ledger {
		has[one.Home] = true
	}
	for _, county := range k.CountiesOf(t) {
		if home := t.ID(county); has[home] {
			k.homes = append(k.homes, home)
		}
	}
	for number, home := range k.homes {
		if err := k.begin(ctx, home); err != nil {
			return err
		}
		if err := k.openChecks(ctx, home); err != nil {
			return err
		}
		k.paces[home] = paceOf(number, len(k.homes))
		k.assign(number, k.tasks[home])
	}
	return k.picture(ctx)
}

func (k *checking) begin(ctx context.Context, home int64) error {
	officer, err := k.As(ctx, "county_officer", home)
	if err == nil {
		_, err = k.Modules.Campaigns.Begin(ctx, officer, home, checkYear, "")
	}
	return err
}

// openChecks opens those a county lacks, and takes them up.
func (k *checking) openChecks(ctx context.Context, home int64) error {
	officer, err := k.As(ctx, "county_officer", home)
	if err != nil {
		return err
	}
	count, err := k.Modules.Campaigns.OpenChecks(ctx, officer, home, checkYear, nil)
	if err != nil {
		return err
	}
	all, err := store.Read(ctx, k.Host.Store, func(v *store.View) ([]inventory.Check, error) {
		return inventory.OfYear(v, home, checkYear)
	})
	for _, c := range all[min(len(k.tasks[home]), len(all)):] {
		k.tasks[home] = append(k.tasks[home], &task{Check: c})
	}
	k.step(count)
	return err
}

// openLate opens the checks of what the adjustment has moved, where it is now. They are behind.
func (k *checking) openLate(ctx context.Context) error {
	known := map[registry.Ref]bool{}
	for _, t := range k.those(func(*task) bool { return true }) {
		known[t.organisation()] = true
	}
	late := map[int64]bool{}
	for _, one := range k.Ledger {
		if late[one.Home] || known[one.Ref] {
			continue
		}
		late[one.Home] = true
		if len(k.tasks[one.Home]) == 0 {
			if err := k.begin(ctx, one.Home); err != nil {
				return err
			}
			k.homes = append(k.homes, one.Home)
		}
		before := len(k.tasks[one.Home])
		if err := k.openChecks(ctx, one.Home); err != nil {
			return err
		}
		fresh := k.tasks[one.Home][before:]
		for i, t := range fresh {
			t.moved, t.plan = true, []plan{untouched, begun, counted, onNotice}[i%4]
		}
		k.answerCounty("late", one.Home, len(fresh))
	}
	return k.inPortions(ctx, k.those(func(t *task) bool { return t.moved && !t.late }), k.countOne)
}

// those are the checks of the city that are wanted, county by county.
func (k *checking) those(wanted func(*task) bool) (list []*task) {
	for _, home := range k.homes {
		for _, t := range k.tasks[home] {
			if wanted(t) {
				list = append(list, t)
			}
		}
	}
	return list
}

// portion is how many checks a transaction moves.
const portion = 80

// inPortions moves checks, some of one county in a transaction. Between them time goes by. move may run
// twice for a check, as any closure of a transaction.
func (k *checking) inPortions(ctx context.Context, list []*task, move func(*store.Tx, *task) error) error {
	for len(list) > 0 {
		n := 1
		for n < min(portion, len(list)) && list[n].Home == list[0].Home {
			n++
		}
		for _, t := range list[:n] {
			if err := k.acquaint(ctx, t); err != nil {
				return err
			}
		}
		err := k.Host.Store.Write(ctx, func(tx *store.Tx) error {
			for _, t := range list[:n] {
				if err := move(tx, t); err != nil {
					return fault.Of(err).Because(err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		list = list[n:]
		k.step(n)
		k.Clock.Pass(11 * time.Second)
	}
	return nil
}

// post is who does a duty for an organisation. A township's own collective has its books and its head at
// the township.
func (k *checking) post(duty string, t *task) post {
	level := division.Village
	switch {
	case duty == "township_reviewer":
		level = division.Township
	case duty == "county_leader" || duty == "county_auditor":
		return post{duty, t.Home}
	case t.Level == division.Township:
		level = division.Township
		duty = map[string]string{"village_accountant": "delegated_bookkeeper",
			"village_head": "township_head"}[duty]
	}
	return post{duty, k.Modules.Places.Ancestor(t.Place, level)}
}

var duties = []string{"village_accountant", "village_head", "township_reviewer", "county_leader",
	"county_auditor"}

// acquaint looks up who deals with a check, before a transaction needs them.
func (k *checking) acquaint(ctx context.Context, t *task) error {
	for _, duty := range duties {
		p := k.post(duty, t)
		if _, known := k.people[p]; known {
			continue
		}
		actor, err := k.As(ctx, p.role, p.place)
		if err != nil {
			return err
		}
		k.people[p] = actor
	}
	return nil
}

func (k *checking) who(duty string, t *task) access.Actor { return k.people[k.post(duty, t)] }

func (t *task) caseRef() procedure.Ref { return procedure.Ref{Home: t.Home, ID: t.Case} }

// act acts on the case of a check.
func (k *checking) act(tx *store.Tx, t *task, actor access.Actor, a flow.Act) error {
	_, err := k.Host.Procedures.DoIn(tx, actor, t.caseRef(), 0, a)
	return err
}

// flawed are the organisations whose books have a fault that the check finds, with the plan of their check.
func (k *checking) flawed() map[registry.Ref]flawedOne {
	all := map[registry.Ref]flawedOne{}
	for _, a := range k.Answers {
		p, ok := ofBooks[a.Rule]
		if !ok {
			continue
		}
		one := flawedOne{plan: p}
		if p.key != "arable" {
			one.facts = a.Facts[:1] // the parcel, the certificate, the thing that is let
		}
		all[a.Organisation] = one
	}
	return all
}

type flawedOne struct {
	plan
	facts []any
}

// organisation names the one a check is about.
func (t *task) organisation() registry.Ref { return registry.Ref{Home: t.Home, ID: t.Organisation} }

// lot is chance of its own for each check.
func (k *checking) lot(subject string, t *task) *invent.Draw {
	return invent.NewDraw(k.Seed, "check "+subject, t.Home<<32|t.Organisation)
}
