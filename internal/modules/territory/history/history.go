// Package history is the arithmetic of one place's dated states.
//
// A place's history is a list of states, each with what held from a day on: parent, level, kind, name,
// code, category. States are half-open stretches of days [Since, Until) in order.
//
// # Invariants
//
//  1. States of one place never overlap. A gap is a time in which it did not stand.
//  2. Amend changes what holds from a day on. A later state that says the same as before the change
//     takes it over; one that says something else was changed on purpose and stays. So an act may be
//     entered after the fact and before its date, in any order, with one result.
//  3. End lets nothing stand from a day on, and refuses when a later state began by an act of its
//     own: that would lose history.
//
// Example: a village named A since 2016 moved to another town in 2020. In 2026 somebody enters that
// it was renamed B in 2018. It is A until 2018, B until 2020, and B in the other town since.
package history

import (
	"errors"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// State is what holds of a place from a day to another.
type State struct {
	Since, Until period.Date // half-open; Until is period.Open while it holds
	Facts
	Event int64 // what began it
}

// Facts are what a state says.
type Facts struct {
	Parent   int64
	Level    division.Level
	Kind     division.Kind
	Name     string
	Code     string
	Category division.Category
}

// The ways an act can contradict a history.
var (
	ErrNotStanding = errors.New("history: the place does not stand that day")
	ErrLater       = errors.New("history: the place has later acts")
	ErrOverlap     = errors.New("history: states overlap or are out of order")
)

// At is the state that holds on a day.
func At(states []State, on period.Date) (State, bool) {
	for _, s := range states {
		if s.Since <= on && on < s.Until {
			return s, true
		}
	}
	return State{}, false
}

// Check reports whether the states are a history.
func Check(states []State) error {
	for i, s := range states {
		if s.Since >= s.Until || i > 0 && s.Since < states[i-1].Until {
			return ErrOverlap
		}
	}
	return nil
}

// Amend changes what holds from a day on. The given states stay as they are.
func Amend(states []State, on period.Date, event int64, change func(*Facts)) ([]State, error) {
	at := slices.IndexFunc(states, func(s State) bool { return s.Since <= on && on < s.Until })
	if at < 0 {
		return nil, ErrNotStanding
	}
	before := states[at].Facts
	after := before
	change(&after)
	if after == before {
		return slices.Clone(states), nil
	}
	out := slices.Clone(states)
	if out[at].Since < on {
		out = slices.Insert(out, at+1, out[at])
		out[at].Until, out[at+1].Since = on, on
		at++
	}
	out[at].Facts, out[at].Event = after, event
	carry(out[at+1:], before, after)
	return out, nil
}

// carry takes each changed fact over into later states for as long as they say what it was before.
func carry(later []State, before, after Facts) {
	until := func(same func(*Facts) bool, set func(*Facts)) {
		for i := range later {
			if !same(&later[i].Facts) {
				return
			}
			set(&later[i].Facts)
		}
	}
	if after.Parent != before.Parent {
		until(func(f *Facts) bool { return f.Parent == before.Parent },
			func(f *Facts) { f.Parent = after.Parent })
	}
	if after.Level != before.Level {
		until(func(f *Facts) bool { return f.Level == before.Level },
			func(f *Facts) { f.Level = after.Level })
	}
	if after.Kind != before.Kind {
		until(func(f *Facts) bool { return f.Kind == before.Kind }, func(f *Facts) { f.Kind = after.Kind })
	}
	if after.Name != before.Name {
		until(func(f *Facts) bool { return f.Name == before.Name }, func(f *Facts) { f.Name = after.Name })
	}
	if after.Code != before.Code {
		until(func(f *Facts) bool { return f.Code == before.Code }, func(f *Facts) { f.Code = after.Code })
	}
	if after.Category != before.Category {
		until(func(f *Facts) bool { return f.Category == before.Category },
			func(f *Facts) { f.Category = after.Category })
	}
}

// End lets the place stand no longer from a day on.
func End(states []State, on period.Date) ([]State, error) {
	at := slices.IndexFunc(states, func(s State) bool { return s.Since <= on && on < s.Until })
	switch {
	case at < 0:
		return nil, ErrNotStanding
	case at < len(states)-1:
		return nil, ErrLater
	}
	out := slices.Clone(states)
	if out[at].Since == on {
		return out[:at], nil // it stood for no day at all
	}
	out[at].Until = on
	return out, nil
}

// Edit says which rows turn one history into another: states are told apart by their first day.
type Edit struct {
	Add, Change, Drop []State // Change and Drop as they are to be and as they were
}

// Difference finds the edit.
func Difference(before, after []State) Edit {
	var e Edit
	for _, s := range after {
		at := slices.IndexFunc(before, func(o State) bool { return o.Since == s.Since })
		switch {
		case at < 0:
			e.Add = append(e.Add, s)
		case before[at] != s:
			e.Change = append(e.Change, s)
		}
	}
	for _, s := range before {
		if !slices.ContainsFunc(after, func(o State) bool { return o.Since == s.Since }) {
			e.Drop = append(e.Drop, s)
		}
	}
	return e
}
