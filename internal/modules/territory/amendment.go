package territory

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/restate"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// amendment is what an act changes: the histories of places before and after, and which shares of
// what went where. It is checked as a whole when it is saved.
type amendment struct {
	tx      *store.Tx
	tree    *tree.Tree // of the act's day, before it
	state   treeState
	order   Order
	event   int64
	subject int64
	touched []int64 // places in the order they were touched
	before  map[int64][]history.State
	after   map[int64][]history.State
	stood   map[int64]History // as it stands in the database
	parts   []restate.Part
}

func newAmendment(tx *store.Tx, t *tree.Tree, state treeState, o Order) *amendment {
	return &amendment{tx: tx, tree: t, state: state, order: o, before: map[int64][]history.State{},
		after: map[int64][]history.State{}, stood: map[int64]History{}}
}

// history gives a place's states as the act has left them so far.
func (a *amendment) history(place int64) ([]history.State, error) {
	if s, ok := a.after[place]; ok {
		return s, nil
	}
	rows, err := statesOf(a.tx, place)
	if err != nil {
		return nil, err
	}
	a.take(place, rows)
	return a.after[place], nil
}

// take notes a place's rows as they stand.
func (a *amendment) take(place int64, rows []stateRow) {
	h := historyOf(place, rows)
	a.stood[place], a.before[place], a.after[place] = h, h.States, h.States
	a.touched = append(a.touched, place)
}

// now is what holds of a place on the act's day, as the act has left it so far.
func (a *amendment) now(place int64) (history.Facts, error) {
	list, err := a.history(place)
	if err != nil {
		return history.Facts{}, err
	}
	s, ok := history.At(list, a.order.On)
	if !ok {
		return history.Facts{}, a.explain(history.ErrNotStanding, place)
	}
	return s.Facts, nil
}

// change changes what holds of a place from the act's day on.
func (a *amendment) change(place int64, change func(*history.Facts)) error {
	list, err := a.history(place)
	if err != nil {
		return err
	}
	next, err := history.Amend(list, a.order.On, a.event, change)
	if err != nil {
		return a.explain(err, place)
	}
	a.after[place] = next
	return nil
}

// end lets a place stand no longer from the act's day on.
func (a *amendment) end(place int64) error {
	list, err := a.history(place)
	if err != nil {
		return err
	}
	next, err := history.End(list, a.order.On)
	if err != nil {
		return a.explain(err, place)
	}
	a.after[place] = next
	return nil
}

// begin establishes a new place and returns its id.
func (a *amendment) begin(facts history.Facts) (int64, error) {
	place, err := a.tx.NextID(store.City, "place")
	if err != nil {
		return 0, err
	}
	a.take(place, nil)
	a.after[place] = []history.State{{Since: a.order.On, Until: period.Open, Facts: facts, Event: a.event}}
	return place, nil
}

// pass notes that a share of a place went to another.
func (a *amendment) pass(from, to int64, basis string, share int32) {
	a.parts = append(a.parts, restate.Part{From: from, To: to, Basis: basis, Share: share})
}

// explain puts a contradiction with a history into words.
func (a *amendment) explain(err error, place int64) error {
	name := a.called(place)
	switch {
	case errors.Is(err, history.ErrNotStanding):
		return fault.New(fault.Conflict, "territory.not_standing", name, string(a.order.On))
	case errors.Is(err, history.ErrLater):
		return fault.New(fault.Conflict, "territory.later", name, string(a.order.On))
	}
	return err
}

// called is how a refusal names a place: by its last name.
func (a *amendment) called(place int64) string {
	list := a.after[place]
	if len(list) == 0 {
		list = a.before[place]
	}
	if len(list) > 0 {
		return list[len(list)-1].Name
	}
	if n := a.tree.Find(place); n != tree.None {
		return a.tree.Name(n)
	}
	return "#" + edition.CodeText(place)
}

// children are the places directly below one on the act's day, as they were before it.
func (a *amendment) children(place int64) []int64 {
	n := a.tree.Find(place)
	if n == tree.None {
		return nil
	}
	var all []int64
	for c := range a.tree.Children(n) {
		all = append(all, a.tree.ID(c))
	}
	return all
}

// save checks the whole and writes it: rows, event, shares, and the positions of today.
func (a *amendment) save(kind Kind, actor int64, today period.Date) error {
	if err := a.check(); err != nil {
		return err
	}
	if err := a.write(); err != nil {
		return err
	}
	row := Event{ID: a.event, Kind: kind, Place: a.subject, Effective: a.order.On,
		Document: a.order.Document, Note: a.order.Note, Mark: a.order.Mark, Origin: a.order.Origin,
		Actor: actor, Recorded: a.tx.Now()}
	if err := events.Insert(a.tx, &row); err != nil {
		return err
	}
	for i, p := range a.parts {
		if err := eventParts.Insert(a.tx, &partRow{Event: a.event, Number: int64(i + 1), From: p.From,
			To: p.To, Basis: p.Basis, Share: int64(p.Share)}); err != nil {
			return err
		}
	}
	if err := a.settlePaths(today); err != nil {
		return err
	}
	_, err := a.tx.Record(store.Event{Home: store.City, Kind: "place." + past[kind], Place: a.subject,
		Subject: "place/" + edition.CodeText(a.subject), Actor: actor, Body: actBody{a.event,
			string(a.order.On), a.order.Document, len(a.changed())}})
	return err
}

// actBody is what the log keeps of an act beside its rows.
type actBody struct {
	Event     int64  `json:"event"`
	Effective string `json:"effective"`
	Document  string `json:"document"`
	Places    int    `json:"places"`
}

// past are the verbs of events in the log.
var past = map[Kind]string{Establishing: "established", Abolishing: "abolished", Renaming: "renamed",
	Retyping: "retyped", Recoding: "recoded", Merging: "merged", Splitting: "split",
	Transferring: "transferred", Bounding: "bounded", Publishing: "published"}

// changed are the places whose history the act changes, in the order of their ids.
func (a *amendment) changed() []int64 {
	var all []int64
	for _, place := range a.touched {
		if !slices.Equal(a.before[place], a.after[place]) {
			all = append(all, place)
		}
	}
	slices.Sort(all)
	return all
}

// write turns the old histories into the new ones.
func (a *amendment) write() error {
	var e edits
	for _, place := range a.changed() {
		e.add(a.stood[place], a.after[place])
	}
	return e.write(a.tx)
}

// check proves that what the act leaves is a tree on every day from its own on.
func (a *amendment) check() error {
	for _, place := range a.changed() {
		if err := history.Check(a.after[place]); err != nil {
			return err
		}
		if err := a.checkCodes(place); err != nil {
			return err
		}
		for _, s := range a.after[place] {
			if s.Until > a.order.On {
				if err := a.checkParent(place, s); err != nil {
					return err
				}
			}
		}
	}
	changed := a.changed()
	for _, place := range changed {
		if err := a.checkHeld(place, changed); err != nil {
			return err
		}
	}
	return a.checkShares()
}

// checkCodes: a code means one place at a time.
func (a *amendment) checkCodes(place int64) error {
	for _, s := range a.after[place] {
		if s.Code == "" || slices.ContainsFunc(a.before[place],
			func(o history.State) bool {
				return o.Code == s.Code && o.Since == s.Since &&
					o.Until == s.Until
			}) {
			continue
		}
		others, err := holders(a.tx, s.Code)
		if err != nil {
			return err
		}
		for _, o := range others {
			if o.Place == place || a.touchedBy(o.Place) {
				continue
			}
			if o.Since < s.Until && s.Since < o.Until {
				return fault.New(fault.Conflict, "territory.code_taken", s.Code, o.Name, string(o.Since))
			}
		}
		for _, other := range a.touched {
			for _, o := range a.after[other] {
				if other != place && o.Code == s.Code && o.Since < s.Until && s.Since < o.Until {
					return fault.New(fault.Conflict, "territory.code_taken", s.Code, o.Name,
						string(o.Since))
				}
			}
		}
	}
	return nil
}

func (a *amendment) touchedBy(place int64) bool {
	_, ok := a.after[place]
	return ok
}

// checkParent: what a state hangs under stands all the while, is higher, and does not hang below it.
func (a *amendment) checkParent(place int64, s history.State) error {
	if s.Parent == 0 {
		return nil
	}
	if s.Parent == place {
		return fault.New(fault.Conflict, "territory.parent.self", s.Name)
	}
	above, err := a.history(s.Parent)
	if err != nil {
		return err
	}
	from := max(s.Since, a.order.On)
	for from < s.Until {
		p, ok := history.At(above, from)
		if !ok {
			return fault.New(fault.Conflict, "territory.parent.stands", a.called(s.Parent), s.Name,
				string(from))
		}
		if p.Level >= s.Level {
			return fault.New(fault.Conflict, "territory.parent.level", p.Name, s.Name)
		}
		from = p.Until
	}
	return nil
}

// checkHeld: nothing is left hanging under a place on a day it does not stand or stands too low.
func (a *amendment) checkHeld(place int64, changed []int64) error {
	ended := !slices.ContainsFunc(a.after[place],
		func(s history.State) bool { return s.Until == period.Open })
	raised := slices.ContainsFunc(a.after[place], func(s history.State) bool {
		before, ok := history.At(a.before[place], s.Since)
		return ok && before.Level != s.Level
	})
	if len(a.before[place]) == 0 || !ended && !raised {
		return nil
	}
	held, err := heldUntil(a.tx, place, a.order.On)
	if err != nil {
		return err
	}
	for _, h := range held {
		if slices.Contains(changed, h.Place) {
			continue // checkParent has seen it as it will be
		}
		if err := a.checkParent(h.Place, h.state()); err != nil {
			return fault.New(fault.Conflict, "territory.held", a.called(place), h.Name, len(held))
		}
	}
	return nil
}

// checkShares: the shares of a place sum to the whole on every basis, and go to what stands.
func (a *amendment) checkShares() error {
	type key struct {
		from  int64
		basis string
	}
	sums := map[key]int32{}
	for _, p := range a.parts {
		if p.Share < 0 || p.Share > restate.Whole {
			return fault.New(fault.Invalid, "territory.share.range", a.called(p.From))
		}
		sums[key{p.From, p.Basis}] += p.Share
		if p.To == 0 {
			continue
		}
		if _, err := a.now(p.To); err != nil {
			return err
		}
	}
	for k, sum := range sums {
		if sum != restate.Whole {
			return fault.New(fault.Invalid, "territory.share.sum", a.called(k.from),
				locale.Word("territory.basis."+k.basis))
		}
	}
	return nil
}

// fits checks a new or changed place: name, code and kind can be ones of its level, and the parent is
// one level up, a grouping, or a place that has nothing of the level between.
func (a *amendment) fits(f history.Facts) error {
	if err := CheckName(f.Name); err != nil {
		return err
	}
	if err := checkCode(f.Code, f.Level); err != nil {
		return err
	}
	if !slices.Contains(division.Kinds(f.Level), f.Kind) {
		return fault.New(fault.Invalid, "territory.kind", f.Name, kindWord(f.Kind),
			locale.Word("territory.level."+f.Level.String()))
	}
	if f.Parent == 0 {
		return nil
	}
	p, err := a.now(f.Parent)
	switch {
	case err != nil:
		return err
	case p.Level >= f.Level:
		return fault.New(fault.Conflict, "territory.parent.level", p.Name, f.Name)
	case p.Level == f.Level-1 || p.Kind == division.Grouping || a.nothingBetween(f.Parent, f.Level):
		return nil
	}
	return fault.New(fault.Conflict, "territory.parent.skips", p.Name, f.Name)
}

// nothingBetween reports whether nothing directly below a place is of a level above the given one.
func (a *amendment) nothingBetween(place int64, l division.Level) bool {
	for _, c := range a.children(place) {
		if a.tree.Level(a.tree.Find(c)) < l {
			return false
		}
	}
	return true
}

// CheckName refuses what cannot be the name of a place.
func CheckName(name string) error {
	switch {
	case strings.TrimSpace(name) != name || name == "" || utf8.RuneCountInString(name) > edition.NameMax ||
		strings.ContainsFunc(name, unicode.IsControl):
		return fault.New(fault.Invalid, "territory.name", edition.NameMax)
	case edition.Unreadable(name):
		return fault.New(fault.Invalid, "territory.name_unreadable", name)
	}
	return nil
}

func checkCode(code string, l division.Level) error {
	if code == "" {
		return nil
	}
	digits, ok := division.FullCode(code)
	if !ok || digits != code || (len(code) > division.CodeDigits) != (l == division.Group) {
		return fault.New(fault.Invalid, "territory.code", code)
	}
	return nil
}

// kindWord is a kind for a refusal: in words if it is one, else as it was written.
func kindWord(k division.Kind) any {
	for l := division.Nation; l <= division.Group; l++ {
		if slices.Contains(division.Kinds(l), k) {
			return locale.Word("territory.kind." + string(k))
		}
	}
	return string(k)
}
