package demo

import (
	"context"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// compile is when the counties that are done add their annual statistics up: in one of them the townships
// are still at it, the others send theirs to the city.
func (m *returning) compile(ctx context.Context) error {
	for _, list := range m.annual[1:] {
		home := list[0].Home
		if err := m.townships(ctx, home); err != nil || m.paces[home] == compiling {
			if err != nil {
				return err
			}
			continue
		}
		officer, err := m.As(ctx, "county_officer", home)
		if err == nil {
			err = m.rollUpReports(ctx, home, officer, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// townships are the roll-ups of those in a county. Where the county is not so far, the first of them only
// begins and the second waits for the county.
func (m *returning) townships(ctx context.Context, home int64) error {
	accepts, err := m.As(ctx, "county_leader", home)
	if err != nil {
		return err
	}
	n := 0
	for _, place := range m.Modules.Places.Children(home) {
		if m.Modules.Places.Level(place) != division.Township {
			continue
		}
		leader, err := m.As(ctx, "township_leader", place)
		if err != nil {
			return err
		}
		behind := m.paces[home] == compiling
		switch {
		case behind && n == 0:
			err = m.Modules.Reporting.Compile(ctx, leader, annualForm, "2025", place)
		case behind && n == 1:
			err = m.rollUpReports(ctx, place, leader, nil)
		default:
			err = m.rollUpReports(ctx, place, leader, &accepts)
		}
		if err != nil {
			return err
		}
		n++
	}
	return nil
}

// rollUpReports compiles the annual statistics of a place, sends them up, and lets somebody accept them.
func (m *returning) rollUpReports(ctx context.Context, place int64, by access.Actor,
	accepts *access.Actor) error {
	if err := m.Modules.Reporting.Compile(ctx, by, annualForm, "2025", place); err != nil {
		return err
	}
	if err := m.onRollUp(ctx, place, by, flow.Submit); err != nil || accepts == nil {
		return err
	}
	return m.onRollUp(ctx, place, *accepts, flow.Approve)
}

// onRollUp acts on the roll-up of a place.
func (m *returning) onRollUp(ctx context.Context, place int64, actor access.Actor, verb flow.Verb) error {
	home := m.Modules.Places.Home(place)
	return m.Host.Store.Write(ctx, func(tx *store.Tx) error {
		one, _, err := reporting.RollUpOf(tx, home, annualForm, "2025", place)
		if err != nil {
			return err
		}
		_, err = m.Host.Procedures.DoIn(tx, actor, procedure.Ref{Home: home, ID: one.Case}, 0,
			flow.Act{Verb: verb})
		return err
	})
}

// acceptCounties is when the city accepts the counties that are done: their reports are locked.
func (m *returning) acceptCounties(ctx context.Context) error {
	leader, err := m.As(ctx, "city_leader", m.city())
	if err != nil {
		return err
	}
	for _, list := range m.annual[1:] {
		if home := list[0].Home; m.paces[home] == locked || m.prompt[home] {
			if err := m.onRollUp(ctx, home, leader, flow.Approve); err != nil {
				return err
			}
		}
	}
	return nil
}
