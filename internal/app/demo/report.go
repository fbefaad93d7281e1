package demo

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// trail is a place with what it lies in, from the county down.
func (c *City) trail(n tree.Node) string {
	t := c.Modules.Places.Today()
	name := t.Name(n)
	for n = t.Parent(n); n != tree.None && t.Level(n) >= division.County; n = t.Parent(n) {
		name = t.Name(n) + name
	}
	return name
}

// holding is a row of what a city holds.
type holding struct {
	key, query string
}

var counts = []holding{
	{"demo.count.counties", `SELECT count(*) FROM place_path WHERE level = 3 AND home IN
		(SELECT home FROM organisation)`},
	{"demo.count.townships", `SELECT count(*) FROM place_path WHERE level = 4`},
	{"demo.count.villages", `SELECT count(*) FROM place_path WHERE level = 5`},
	{"demo.count.groups", `SELECT count(*) FROM place_path WHERE level = 6`},
	{"demo.count.organisations", `SELECT count(*) FROM organisation`},
	{"demo.count.officers", `SELECT count(*) FROM officer`},
	{"demo.count.assets", `SELECT count(*) FROM asset`},
	{"demo.count.accounts", `SELECT count(*) FROM account`},
	{"demo.count.events", `SELECT count(*) FROM event`},
}

// Report prints what a city holds and the accounts to sign in with. It is read from the database, so
// that it is the same for a city just built and one found.
func Report(ctx context.Context, h *manifest.Host, m setting.Mark) error {
	c := h.Console
	var rows [][]string
	err := h.Store.View(ctx, func(v *store.View) error {
		for _, one := range counts {
			n, err := store.Count(v, one.query)
			if err != nil {
				return err
			}
			rows = append(rows, []string{c.T(one.key), locale.Count(n).String()})
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.Say("demo.holds", m.Scale, m.Seed)
	c.Table(nil, rows)
	if err := reportCheck(ctx, h); err != nil {
		return err
	}
	people, err := store.Read(ctx, h.Store, examples)
	if err != nil {
		return err
	}
	rows = nil
	for _, p := range people {
		role, _ := h.Access.Role(p.Role)
		rows = append(rows, []string{p.Login, role.Title.In(c.Language), h.Identity.Places().Name(p.Place)})
	}
	c.Say("demo.accounts")
	c.Table([]string{c.T("demo.login"), c.T("demo.role"), c.T("demo.place")}, rows)
	c.Say("demo.password", Password(m.Scale, m.Seed))
	return nil
}

// example is an account of the chain that is printed.
type example struct {
	Login string `db:"login"`
	Role  string `db:"role"`
	Place int64  `db:"place"`
}

// examples are the accounts with short logins: those of the others begin with a code.
func examples(v *store.View) ([]example, error) {
	var short []any
	for _, list := range [][]part{installation, parts[division.Prefecture], parts[division.County],
		parts[division.Township], parts[division.Village], parts[division.Group]} {
		for _, p := range list {
			short = append(short, p.short)
		}
	}
	return store.All[example](v, `SELECT a.login AS login, p.role AS role, p.place AS place FROM account a
		JOIN post p ON p.account = a.id WHERE a.login IN (?`+strings.Repeat(", ?", len(short)-1)+`)
		ORDER BY a.id, p.id`, short...)
}

// stage is how many checks stand somewhere.
type stage struct {
	Stage string `db:"stage"`
	N     int64  `db:"n"`
}

// reportCheck prints how far the annual check has come, in one line.
func reportCheck(ctx context.Context, h *manifest.Host) error {
	all, err := store.Read(ctx, h.Store, func(v *store.View) ([]stage, error) {
		return store.All[stage](v,
			`SELECT stage, count(*) AS n FROM inventory_check WHERE year = ? GROUP BY stage`,
			checkYear)
	})
	if err != nil {
		return err
	}
	at := map[string]int64{}
	for _, one := range all {
		at[one.Stage] = one.N
	}
	var parts []string
	for _, s := range inventory.Stages {
		if n := at[string(s)]; n > 0 {
			parts = append(parts, h.Console.T("inventory.stage."+string(s))+" "+locale.Count(n).String())
		}
	}
	h.Console.Say("demo.check", checkYear, strings.Join(parts, " · "))
	return nil
}
