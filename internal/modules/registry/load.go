package registry

import (
	"context"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// How many rows Load and LoadOfficers write with one event.
const (
	loadOrganisations = 1000
	loadOfficers      = 5000
)

// Load enters many organisations and returns their numbers in the same order. It is for building a
// city from data that is right by construction: only the program itself may call it. Each is checked
// as Create checks it; those of one county are written in portions of a thousand, one event each, and
// what is written before a refusal stays. progress, unless nil, is told how many are done.
func (g *Registry) Load(ctx context.Context, all []Organisation, progress func(done int)) ([]Ref, error) {
	if !access.From(ctx).Program {
		return nil, fault.New(fault.Forbidden, "access.forbidden")
	}
	refs := make([]Ref, len(all))
	byHome := map[int64][]int{}
	for i := range all {
		o := &all[i]
		if findings := g.check(o); fault.Stops(findings) {
			for n := range findings {
				findings[n].Row = i + 1
			}
			return nil, fault.New(fault.Invalid, "registry.invalid").With(findings)
		}
		o.Home, o.Version, o.Status, o.Ended = g.places.Home(o.Place), 1, Active, period.Open
		byHome[o.Home] = append(byHome[o.Home], i)
	}
	done := 0
	for _, home := range sorted(byHome) {
		for some := range slices.Chunk(byHome[home], loadOrganisations) {
			if err := g.loadSome(ctx, home, all, some); err != nil {
				return nil, err
			}
			for _, i := range some {
				refs[i] = all[i].Ref()
			}
			if done += len(some); progress != nil {
				progress(done)
			}
		}
	}
	return refs, nil
}

func sorted(byHome map[int64][]int) []int64 {
	homes := make([]int64, 0, len(byHome))
	for home := range byHome {
		homes = append(homes, home)
	}
	slices.Sort(homes)
	return homes
}

type loadedBody struct {
	Number int   `json:"number"`
	First  int64 `json:"first"`
	Home   int64 `json:"organisation_home,omitempty"`
}

// loadSome writes the organisations at the positions of one home.
func (g *Registry) loadSome(ctx context.Context, home int64, all []Organisation, positions []int) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		first, err := tx.NextIDs(home, "organisation", int64(len(positions)))
		if err != nil {
			return err
		}
		rows := make([]Organisation, len(positions))
		var taken []codeRow
		for n, i := range positions {
			all[i].ID = first + int64(n)
			rows[n] = all[i]
			if all[i].Code != "" {
				taken = append(taken, codeRow{Home: store.City, Code: all[i].Code, Version: 1,
					OwnerHome: home, Organisation: all[i].ID})
			}
		}
		if err := organisations.Bulk(tx, rows); err != nil {
			return err
		}
		subject := "organisations/" + strconv.FormatInt(first, 10)
		if _, err := tx.Record(store.Event{Home: home, Kind: "organisation.loaded", Subject: subject,
			Body: loadedBody{Number: len(rows), First: first}}); err != nil || len(taken) == 0 {
			return err
		}
		if err := codes.Bulk(tx, taken); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: store.City, Kind: "organisation.coded", Subject: subject,
			Body: loadedBody{Number: len(taken), First: first, Home: home}})
		return err
	})
}

// LoadOfficers puts many people into offices of organisations that have no officers yet, and returns
// their numbers in the same order. Like Load it is for the program itself; offices are kept apart as
// Appoint does.
func (g *Registry) LoadOfficers(ctx context.Context, all []Appointment, progress func(done int)) ([]int64,
	error) {
	if !access.From(ctx).Program {
		return nil, fault.New(fault.Forbidden, "access.forbidden")
	}
	byHome := map[int64][]int{}
	byOrganisation := map[Ref][]int{}
	for i := range all {
		a := &all[i]
		if !a.tidy() {
			return nil, fault.New(fault.Invalid, "registry.appointment")
		}
		for _, other := range byOrganisation[a.Organisation] {
			if err := a.apartFrom(all[other]); err != nil {
				return nil, err
			}
		}
		byOrganisation[a.Organisation] = append(byOrganisation[a.Organisation], i)
		byHome[a.Organisation.Home] = append(byHome[a.Organisation.Home], i)
	}
	ids := make([]int64, len(all))
	done := 0
	for _, home := range sorted(byHome) {
		for some := range slices.Chunk(byHome[home], loadOfficers) {
			if err := g.loadOfficers(ctx, home, all, some, ids); err != nil {
				return nil, err
			}
			if done += len(some); progress != nil {
				progress(done)
			}
		}
	}
	return ids, nil
}

// apartFrom refuses two appointments to one organisation that exclude each other.
func (a Appointment) apartFrom(other Appointment) error {
	switch {
	case a.Office == Chair && other.Office == Chair:
		return fault.New(fault.Conflict, "registry.chair_taken")
	case a.Name != other.Name:
		return nil
	case a.Office == other.Office:
		return fault.New(fault.Conflict, "registry.office_twice")
	case keptApart(a.Office, other.Office):
		return fault.New(fault.Conflict, "registry.offices_apart")
	}
	return nil
}

func (g *Registry) loadOfficers(ctx context.Context, home int64, all []Appointment, positions []int,
	ids []int64) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		first, err := tx.NextIDs(home, "officer", int64(len(positions)))
		if err != nil {
			return err
		}
		rows := make([]Officer, len(positions))
		for n, i := range positions {
			if rows[n], err = g.seal(tx, all[i]); err != nil {
				return err
			}
			rows[n].ID = first + int64(n)
			ids[i] = rows[n].ID
		}
		if err := officers.Bulk(tx, rows); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: home, Kind: "officer.loaded",
			Subject: "officers/" + strconv.FormatInt(first, 10),
			Body:    loadedBody{Number: len(rows), First: first}})
		return err
	})
}
