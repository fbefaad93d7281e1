package registry

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Relation is what a near relative is to an officer.
type Relation string

// The relations: near relatives of the Civil Code, Art. 1045.
const (
	Spouse     Relation = "spouse"
	Parent     Relation = "parent"
	Child      Relation = "child"
	Sibling    Relation = "sibling"
	Grandchild Relation = "grand"    // grandparents and grandchildren
	ByMarriage Relation = "marriage" // near ones of the spouse
)

// Relations lists them for forms.
var Relations = []Relation{Spouse, Parent, Child, Sibling, Grandchild, ByMarriage}

// relativesMax is how many an officer may declare.
const relativesMax = 30

// relativeColumn is the column under which names of relatives are sealed. They are found as officers'
// names are: one name is one hash, whoever has it.
const relativeColumn = "officer_relative.name"

// Relative is a near relative of an officer.
type Relative struct {
	Home         int64    `db:"home"`
	ID           int64    `db:"id,key"`
	Version      int64    `db:"version,version"`
	Organisation int64    `db:"organisation"`
	Officer      int64    `db:"officer"`
	Relation     Relation `db:"relation"`
	Name         []byte   `db:"name"`      // sealed
	NameFind     []byte   `db:"name_find"` // keyed hash
}

var relatives = store.NewTable[Relative]("officer_relative")

// RelativesOf lists the relatives that the officers of an organisation declared.
func RelativesOf(r store.Reader, ref Ref) ([]Relative, error) {
	return relatives.All(r, "WHERE home = ? AND organisation = ? ORDER BY officer, id", ref.Home, ref.ID)
}

// Declaration is a near relative of an officer to be recorded.
type Declaration struct {
	Home, Officer int64
	Relation      Relation
	Name          string
}

// Declare records a near relative of somebody in office (permit registry.change at the organisation).
func (g *Registry) Declare(ctx context.Context, actor access.Actor, d Declaration) error {
	d.Name = strings.TrimSpace(d.Name)
	if !slices.Contains(Relations, d.Relation) || d.Name == "" ||
		utf8.RuneCountInString(d.Name) > personMax {
		return fault.New(fault.Invalid, "registry.relative")
	}
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		f, o, err := g.ofOfficer(tx, actor, d.Home, d.Officer)
		if err != nil {
			return err
		}
		if f.Until != period.Open {
			return fault.New(fault.Conflict, "registry.relative_left")
		}
		return g.declare(tx, actor, o, d)
	})
}

// declare enters a relative.
func (g *Registry) declare(tx *store.Tx, actor access.Actor, o Organisation, d Declaration) (err error) {
	row := Relative{Home: d.Home, Organisation: o.ID, Officer: d.Officer, Relation: d.Relation,
		NameFind: NameFind(g.host.Keys, d.Name)}
	known, err := relatives.All(tx, "WHERE home = ? AND organisation = ? AND officer = ?", d.Home,
		o.ID, d.Officer)
	if err != nil {
		return err
	}
	twice := slices.ContainsFunc(known, func(r Relative) bool {
		return r.Relation == d.Relation && slices.Equal(r.NameFind, row.NameFind)
	})
	switch {
	case twice:
		return fault.New(fault.Conflict, "registry.relative_twice")
	case len(known) >= relativesMax:
		return fault.New(fault.Limited, "registry.relatives_max", relativesMax)
	}
	if row.Name, err = g.host.Keys.Seal(tx.Randomness(), relativeColumn, d.Name); err != nil {
		return err
	}
	if row.ID, err = tx.NextID(row.Home, "officer_relative"); err != nil {
		return err
	}
	if err := relatives.Insert(tx, &row); err != nil {
		return err
	}
	_, err = tx.Record(store.Event{Home: o.Home, Kind: "officer.relative", Subject: subject(o.ID),
		Place: o.Place, Actor: actor.Account, Body: relativeBody{d.Officer, d.Relation, true},
		Personal: map[string]string{"name": d.Name}})
	return err
}

type relativeBody struct {
	Officer  int64    `json:"officer"`
	Relation Relation `json:"relation"`
	Entered  bool     `json:"entered"` // false: taken out
}

// ofOfficer reads an officer and the organisation, for somebody who may change it.
func (g *Registry) ofOfficer(tx *store.Tx, actor access.Actor, home, id int64) (Officer, Organisation,
	error) {
	f, err := getOfficer(tx, home, id)
	if err != nil {
		return f, Organisation{}, err
	}
	o, err := Get(tx, Ref{home, f.Organisation})
	if err == nil {
		err = g.host.Access.Require(actor, Change, o.Place)
	}
	return f, o, err
}

// Withdraw takes a relative out that was entered by mistake or is one no longer.
func (g *Registry) Withdraw(ctx context.Context, actor access.Actor, home, id int64) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		row, found, err := relatives.First(tx, "WHERE home = ? AND id = ?", home, id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "access.outside")
		}
		if err != nil {
			return err
		}
		_, o, err := g.ofOfficer(tx, actor, home, row.Officer)
		if err != nil {
			return err
		}
		if err := relatives.Delete(tx, &row); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: o.Home, Kind: "officer.relative", Subject: subject(o.ID),
			Place: o.Place, Actor: actor.Account, Body: relativeBody{row.Officer, row.Relation, false}})
		return err
	})
}
