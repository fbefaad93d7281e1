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

// Office is what somebody does in an organisation.
type Office string

// The offices.
const (
	Chair      Office = "chair"      // 理事长, legal representative
	Council    Office = "council"    // 理事
	Supervisor Office = "supervisor" // 监事
	Accountant Office = "accountant" // 会计
	Cashier    Office = "cashier"    // 出纳
	Keeper     Office = "keeper"     // 资产管理员
)

// Offices lists them for forms.
var Offices = []Office{Chair, Council, Supervisor, Accountant, Cashier, Keeper}

// needed are the offices that every organisation has (Art. 29, 32; the cash is kept apart from the books).
var needed = []Office{Chair, Supervisor, Accountant, Cashier}

// Lengths of what is known of an officer, in characters.
const (
	personMax = 50
	phoneMax  = 30
)

// apart lists offices that one person may not hold at the same time in one organisation: those who
// decide or handle money are not those who supervise, and who keeps the books does not keep the cash.
var apart = [][2]Office{{Chair, Supervisor}, {Council, Supervisor}, {Accountant, Supervisor},
	{Cashier, Supervisor}, {Accountant, Cashier}}

// Columns under which officers' data is sealed and found.
const (
	nameColumn  = "officer.name"
	phoneColumn = "officer.phone"
)

// Person is an officer in clear, for those who may see.
type Person struct {
	Officer
	ClearName, ClearPhone string
}

// Appointment puts somebody into an office.
type Appointment struct {
	Organisation Ref
	Office       Office
	Name, Phone  string
	Since        period.Date
}

// tidy trims an appointment and reports whether it can be one.
func (a *Appointment) tidy() bool {
	a.Name, a.Phone = strings.TrimSpace(a.Name), strings.TrimSpace(a.Phone)
	return slices.Contains(Offices, a.Office) && a.Name != "" && a.Since.Valid() &&
		utf8.RuneCountInString(a.Name) <= personMax && utf8.RuneCountInString(a.Phone) <= phoneMax
}

// Appoint records who holds an office from a day on.
func (g *Registry) Appoint(ctx context.Context, actor access.Actor, a Appointment) error {
	if !a.tidy() {
		return fault.New(fault.Invalid, "registry.appointment")
	}
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		o, err := Get(tx, a.Organisation)
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, Change, o.Place); err != nil {
			return err
		}
		if o.Status != Active {
			return fault.New(fault.Conflict, "registry.ended")
		}
		row, err := g.seal(tx, a)
		if err != nil {
			return err
		}
		if row.ID, err = tx.NextID(row.Home, "officer"); err != nil {
			return err
		}
		if err := checkApart(tx, row); err != nil {
			return err
		}
		// Of two who appoint at once the second finds another version and looks again: otherwise both
		// could pass what is kept apart.
		if err := organisations.Update(tx, &o); err != nil {
			return err
		}
		if err := officers.Insert(tx, &row); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: o.Home, Kind: "officer.appointed", Subject: subject(o.ID),
			Place: o.Place,
			Actor: actor.Account, Body: officeBody{a.Office, a.Since},
			Personal: map[string]string{"name": a.Name}})
		return err
	})
}

type officeBody struct {
	Office Office      `json:"office"`
	On     period.Date `json:"on"`
}

// seal makes the row of an appointment, without its number.
func (g *Registry) seal(tx *store.Tx, a Appointment) (Officer, error) {
	row := Officer{Home: a.Organisation.Home, Organisation: a.Organisation.ID, Office: a.Office,
		Since: a.Since,
		Until: period.Open, NameFind: NameFind(g.host.Keys, a.Name)}
	var err error
	if row.Name, err = g.host.Keys.Seal(tx.Randomness(), nameColumn, a.Name); err != nil {
		return row, err
	}
	row.Phone, err = g.host.Keys.Seal(tx.Randomness(), phoneColumn, a.Phone)
	return row, err
}

// checkApart holds the separation of offices: the same name in the same organisation at the same
// time. Two people of one name are told apart by the county's agriculture office.
func checkApart(tx *store.Tx, row Officer) error {
	if row.Office == Chair {
		n, err := store.Count(tx, `SELECT count(*) FROM officer WHERE home = ? AND organisation = ? AND
			office = ? AND until > ?`, row.Home, row.Organisation, Chair, row.Since)
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "registry.chair_taken")
		}
	}
	same, err := officers.All(tx, "WHERE home = ? AND organisation = ? AND name_find = ? AND until > ?",
		row.Home, row.Organisation, row.NameFind, row.Since)
	if err != nil {
		return err
	}
	for _, other := range same {
		if other.Office == row.Office {
			return fault.New(fault.Conflict, "registry.office_twice")
		}
		if keptApart(row.Office, other.Office) {
			return fault.New(fault.Conflict, "registry.offices_apart")
		}
	}
	return nil
}

// keptApart reports whether one person may not hold both offices.
func keptApart(a, b Office) bool {
	return slices.Contains(apart, [2]Office{a, b}) || slices.Contains(apart, [2]Office{b, a})
}

// Leave ends an office on a day.
func (g *Registry) Leave(ctx context.Context, actor access.Actor, home, id int64, on period.Date) error {
	return g.host.Store.Write(ctx, func(tx *store.Tx) error {
		row, err := getOfficer(tx, home, id)
		if err != nil {
			return err
		}
		o, err := Get(tx, Ref{home, row.Organisation})
		if err != nil {
			return err
		}
		if err := g.host.Access.Require(actor, Change, o.Place); err != nil {
			return err
		}
		if !on.Valid() || on < row.Since || row.Until != period.Open {
			return fault.New(fault.Invalid, "registry.leave_day")
		}
		row.Until = on
		if err := officers.Update(tx, &row); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: home, Kind: "officer.left", Subject: subject(o.ID),
			Place: o.Place,
			Actor: actor.Account, Body: officeBody{row.Office, on}})
		return err
	})
}

// Officers lists an organisation's officers in clear, for readers of its registry.
func (g *Registry) Officers(r store.Reader, ref Ref) ([]Person, error) {
	rows, err := OfficersOf(r, ref)
	if err != nil {
		return nil, err
	}
	people := make([]Person, len(rows))
	for i, row := range rows {
		people[i].Officer = row
		if people[i].ClearName, err = g.host.Keys.Open(nameColumn, row.Name); err != nil {
			return nil, err
		}
		if people[i].ClearPhone, err = g.host.Keys.Open(phoneColumn, row.Phone); err != nil {
			return nil, err
		}
	}
	return people, nil
}
