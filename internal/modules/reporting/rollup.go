package reporting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The procedures by which sums go up.
const (
	townshipRollUp = "report-roll-up-township"
	countyRollUp   = "report-roll-up-county"
	stepCompiling  = "compiling"
	stepAccepting  = "accepting"
)

// Sum is the total of a place: of the approved reports in its subtree, each once, and how many of how many.
type Sum struct {
	Place    int64
	Total    form.Total
	Approved int64
	Of       int64
	Late     int64
}

// SumsOf adds up a place and each of its children over a form and period, in one pass.
func (g *Reporting) SumsOf(r store.Reader, f *Form, period string, place int64) (whole Sum, parts []Sum,
	err error) {
	index := map[int64]int{}
	for i, child := range g.places.Children(place) {
		parts = append(parts, Sum{Place: child, Total: form.NewTotal(f.Definition)})
		index[child] = i
	}
	whole = Sum{Place: place, Total: form.NewTotal(f.Definition)}
	layout := LayoutKey(f)
	inside, args := access.Under(g.host.Access.Path(place)).SQL("p.path")
	for t, err := range store.Each[totalRow](r, `SELECT t.home, t.report, t.form, t.period, t.place,
		t.layout, t.figures FROM report_total t JOIN place_path p ON p.place = t.place
		WHERE t.form = ? AND t.period = ? AND `+inside,
		append([]any{f.Key, period}, args...)...) {
		if err == nil && t.Layout != layout {
			err = fault.New(fault.Conflict, "reporting.layout", f.Title, period)
		}
		if err == nil {
			err = added(whole.Total.AddEncoded(t.Figures))
		}
		if i, ok := index[g.places.ChildTowards(place, t.Place)]; ok && err == nil {
			err = added(parts[i].Total.AddEncoded(t.Figures))
		}
		if err != nil {
			return whole, nil, err
		}
	}
	return whole, parts, g.coverage(r, f, period, &whole, parts)
}

// added makes a sum that does not fit a refusal.
func added(err error) error {
	switch {
	case errors.Is(err, form.ErrRange):
		return fault.New(fault.Conflict, "reporting.too_large")
	case err != nil:
		return fault.New(fault.Internal, "fault.internal").Because(err)
	}
	return nil
}

type coverageRow struct {
	Place int64 `db:"place"`
	Of    int64 `db:"n"`
	Done  int64 `db:"done"`
	Late  int64 `db:"late"`
}

// coverage counts the reports of the whole and of each part: those that are due, and those approved.
func (g *Reporting) coverage(r store.Reader, f *Form, period string, whole *Sum, parts []Sum) error {
	index := map[int64]int{}
	for i, p := range parts {
		index[p.Place] = i
	}
	inside, args := access.Under(g.host.Access.Path(whole.Place)).SQL("p.path")
	for c, err := range store.Each[coverageRow](r, `SELECT c.place AS place, count(*) AS n,
		sum(CASE WHEN c.stage IN ('approved', 'locked') THEN 1 ELSE 0 END) AS done,
		sum(CASE WHEN c.submitted > c.due OR c.submitted = '' AND c.due < ? THEN 1 ELSE 0 END) AS late
		FROM report c JOIN place_path p ON p.place = c.place
		WHERE c.form = ? AND c.period = ? AND c.stage <> 'excused' AND `+inside+` GROUP BY c.place`,
		append([]any{g.host.Today(), f.Key, period}, args...)...) {
		if err != nil {
			return err
		}
		whole.Of, whole.Approved, whole.Late = whole.Of+c.Of, whole.Approved+c.Done, whole.Late+c.Late
		if i, ok := index[g.places.ChildTowards(whole.Place, c.Place)]; ok {
			parts[i].Of, parts[i].Approved, parts[i].Late = parts[i].Of+c.Of, parts[i].Approved+c.Done,
				parts[i].Late+c.Late
		}
	}
	return nil
}

// RollUpOf reads the roll-up of a place.
func RollUpOf(r store.Reader, home int64, form, period string, place int64) (RollUp, bool, error) {
	return rollUps.First(r, "WHERE home = ? AND form = ? AND period = ? AND place = ?", home, form, period,
		place)
}

// Compile begins the roll-up of a township or county: it goes up once everything below is approved.
func (g *Reporting) Compile(ctx context.Context, actor access.Actor, key, period string,
	place int64) error {
	if err := g.host.Access.Require(actor, MayCompile, place); err != nil {
		return err
	}
	name, level := townshipRollUp, g.places.Level(place)
	switch level {
	case division.County:
		name = countyRollUp
	case division.Township:
	default:
		return fault.New(fault.Invalid, "reporting.compile_level")
	}
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := g.Form(tx, key)
		if err != nil {
			return err
		}
		at, err := periodOf(f, period)
		if err != nil {
			return err
		}
		one, found, err := RollUpOf(tx, g.places.Home(place), f.Key, at.String(), place)
		if err != nil {
			return err
		}
		if found && one.Stage != Ended {
			return fault.New(fault.Conflict, "reporting.compiled", g.places.Name(place))
		}
		if !found {
			one = RollUp{Home: g.places.Home(place), Form: f.Key, Period: at.String(), Place: place,
				Level: level}
			if one.ID, err = tx.NextID(one.Home, "report_roll_up"); err != nil {
				return err
			}
		}
		in := g.places.Name(place)
		file, err := g.host.Procedures.Open(tx, actor, procedure.Opening{Procedure: name, Home: one.Home,
			Place:   place,
			Subject: subject("roll-up", one.ID), Year: at.Year(), Title: words.Words{
				Chinese: in + " " + at.String() + " " + f.Title.Chinese + "汇总",
				English: "Roll-up " + at.String() + " of " + in + ": " + f.Title.English}})
		if err != nil {
			return err
		}
		one.Stage, one.Case, one.Hash = Compiling, file.ID, ""
		if !found {
			err = rollUps.Insert(tx, &one)
		} else {
			err = rollUps.Update(tx, &one)
		}
		if err != nil {
			return err
		}
		return tellRollUp(tx, actor, one, "report.compiling")
	})
}

type rollUpBody struct {
	Form   string `json:"form"`
	Period string `json:"period"`
	Stage  Stage  `json:"stage"`
	Units  int64  `json:"units"`
	Hash   string `json:"hash,omitempty"`
}

func tellRollUp(tx *store.Tx, actor access.Actor, one RollUp, kind string) error {
	_, err := tx.Record(store.Event{Home: one.Home, Kind: kind, Subject: subject("roll-up", one.ID),
		Place: one.Place,
		Actor: actor.Account, Body: rollUpBody{one.Form, one.Period, one.Stage, one.Units, one.Hash}})
	return err
}

// rollUpHandler is what this module adds to the procedures of roll-ups.
func (g *Reporting) rollUpHandler() procedure.Handler {
	return procedure.Handler{
		Guards: map[string]func(store.Reader, procedure.File) error{
			"children_approved": g.guardChildren,
			"sums_equal":        g.guardSums,
		},
		Entered: g.rollUpEntered,
		Ended:   g.rollUpEnded,
		Address: func(row procedure.Row) string { return "/report-roll-ups/" + homeAndID(row) },
	}
}

// RollUpByRef reads a roll-up by its number.
func RollUpByRef(r store.Reader, ref Ref) (RollUp, error) {
	one, found, err := rollUps.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "reporting.no_roll_up")
	}
	return one, err
}

func rollUpOfCase(r store.Reader, f procedure.File) (RollUp, error) {
	ref, err := subjectRef(f)
	if err != nil {
		return RollUp{}, err
	}
	return RollUpByRef(r, ref)
}

// guardChildren: children before parents. Every report below is approved or excused, and every place
// below that rolls up is accepted.
func (g *Reporting) guardChildren(r store.Reader, f procedure.File) error {
	one, err := rollUpOfCase(r, f)
	if err != nil {
		return err
	}
	inside, args := access.Under(g.host.Access.Path(one.Place)).SQL("p.path")
	open, err := store.Count(r, `SELECT count(*) FROM report c JOIN place_path p ON p.place = c.place
		WHERE c.home = ? AND c.form = ? AND c.period = ? AND c.stage IN (?, ?) AND `+inside,
		append([]any{one.Home, one.Form, one.Period, Filling, InReview}, args...)...)
	if err == nil && open > 0 {
		err = fault.New(fault.Conflict, "reporting.children", open)
	}
	if err != nil || one.Level != division.County {
		return err
	}
	missing, err := g.notAccepted(r, one)
	if err == nil && missing > 0 {
		err = fault.New(fault.Conflict, "reporting.townships", missing)
	}
	return err
}

// notAccepted counts the townships of a county with reports whose roll-up is not accepted.
func (g *Reporting) notAccepted(r store.Reader, one RollUp) (int, error) {
	list, err := store.All[int64](r, `SELECT DISTINCT place FROM report WHERE home = ? AND form = ?
		AND period = ? AND stage <> ?`, one.Home, one.Form, one.Period, Excused)
	if err != nil {
		return 0, err
	}
	done, err := store.All[int64](r, `SELECT place FROM report_roll_up WHERE home = ? AND form = ?
		AND period = ? AND stage = ?`, one.Home, one.Form, one.Period, Accepted)
	if err != nil {
		return 0, err
	}
	open := map[int64]bool{}
	for _, place := range list {
		if township := g.places.Ancestor(place,
			division.Township); g.places.Level(township) == division.Township {
			open[township] = true
		}
	}
	for _, place := range done {
		delete(open, place)
	}
	return len(open), nil
}

// guardSums: the stored totals are what the reports' own cells give, counted again, and what the place
// sent up.
func (g *Reporting) guardSums(r store.Reader, f procedure.File) error {
	one, err := rollUpOfCase(r, f)
	if err != nil {
		return err
	}
	_, hash, wrong, err := g.recount(r, one)
	if err == nil && (wrong > 0 || hash != one.Hash) {
		err = fault.New(fault.Conflict, "reporting.sums_differ", wrong)
	}
	return err
}

// recount adds the cells of every approved report below a place up again, and counts those whose stored
// total differs.
func (g *Reporting) recount(r store.Reader, one RollUp) (units int64, hash string, wrong int, err error) {
	f, err := g.Form(r, one.Form)
	if err != nil {
		return 0, "", 0, err
	}
	whole, _, err := g.SumsOf(r, f, one.Period, one.Place)
	if err != nil {
		return 0, "", 0, err
	}
	again := form.NewTotal(f.Definition)
	inside, args := access.Under(g.host.Access.Path(one.Place)).SQL("p.path")
	for cells, err := range store.Each[string](r, `SELECT c.cells FROM report c
		JOIN place_path p ON p.place = c.place WHERE c.home = ? AND c.form = ? AND c.period = ?
		AND c.stage IN (?, ?) AND `+inside,
		append([]any{one.Home, one.Form, one.Period, Approved, Locked}, args...)...) {
		if err != nil {
			return 0, "", 0, err
		}
		row, err := rowOf(f.Definition, cells)
		if err == nil {
			err = again.Add(f.Of(row))
		}
		if err != nil {
			return 0, "", 0, added(err)
		}
	}
	sum := sha256.Sum256(again.Encode())
	if string(again.Encode()) != string(whole.Total.Encode()) {
		wrong++
	}
	return again.Rows, hex.EncodeToString(sum[:]), wrong, nil
}

// rollUpEntered follows the case: when a roll-up goes up its sum is noted.
func (g *Reporting) rollUpEntered(tx *store.Tx, _ access.Actor, f procedure.File) error {
	if f.Case.Version == 1 {
		return nil
	}
	one, err := rollUpOfCase(tx, f)
	if err != nil {
		return err
	}
	one.Stage = Compiling
	if f.Step == stepAccepting {
		one.Stage = GoneUp
		var wrong int
		if one.Units, one.Hash, wrong, err = g.recount(tx, one); err != nil {
			return err
		}
		if wrong > 0 {
			return fault.New(fault.Conflict, "reporting.sums_differ", wrong)
		}
	}
	return rollUps.Update(tx, &one)
}

// rollUpEnded takes note of an acceptance; a county's locks its reports and orders its figures.
func (g *Reporting) rollUpEnded(tx *store.Tx, actor access.Actor, f procedure.File) error {
	one, err := rollUpOfCase(tx, f)
	if err != nil {
		return err
	}
	one.Stage = Ended
	if f.Case.Status == flow.Done {
		one.Stage = Accepted
	}
	if err := rollUps.Update(tx, &one); err != nil || one.Stage != Accepted ||
		one.Level != division.County {
		return err
	}
	list, err := reports.All(tx, "WHERE home = ? AND form = ? AND period = ? AND stage = ? ORDER BY id",
		one.Home,
		one.Form, one.Period, Approved)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Stage = Locked
	}
	if err := reports.BulkUpdate(tx, list); err != nil {
		return err
	}
	d, err := g.Form(tx, one.Form)
	if err == nil {
		err = g.accept(tx, d, one, list)
	}
	if err != nil {
		return err
	}
	_, err = g.host.Jobs.Enqueue(tx, jobs.Order{Home: one.Home, Kind: figuresKind, Place: one.Place,
		Subject: subject("roll-up", one.ID), Actor: actor.Account, Args: figuresArgs{one.Form, one.Period}})
	return err
}
