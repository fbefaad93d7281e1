package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// line is an answer as it is written: in both languages, with names instead of numbers.
type line struct {
	Rule         string       `json:"rule"`
	Wrong        locale.Words `json:"wrong"`
	Basis        locale.Words `json:"basis"`
	Found        locale.Words `json:"found"`
	Place        int64        `json:"place"`
	PlaceName    string       `json:"place_name"`
	Organisation string       `json:"organisation"`
	Name         string       `json:"organisation_name"`
	Page         string       `json:"page"`
}

// sheet is the answer key as JSON.
type sheet struct {
	setting.Mark
	Password string   `json:"password"`
	Accounts []person `json:"accounts"`
	Answers  []line   `json:"answers"`
}

type person struct {
	Login   string `json:"login"`
	Role    string `json:"role"`
	Place   string `json:"place"`
	Example bool   `json:"example,omitempty"`
}

// KeyName is the name of the answer key of a database, without its ending: beside a SQLite file, else
// in the working folder.
func KeyName(url string) string {
	if store.IsPostgres(url) {
		return "terrace-demo.answers"
	}
	return strings.TrimSuffix(store.SQLitePath(url), ".db") + ".answers"
}

// WriteKey writes the answer key: for people as text in both languages, for programs as JSON. It is
// written as name.md and name.json.
func (c *City) WriteKey(name string) error {
	s := c.sheet()
	body, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(name+".json", append(body, '\n'), 0o600),
		os.WriteFile(name+".md", []byte(c.page(s)), 0o600))
}

func (c *City) sheet() sheet {
	s := sheet{Mark: c.markOf(), Password: c.Cast.Password}
	for _, m := range c.Cast.Members {
		s.Accounts = append(s.Accounts, person{m.Login, m.Role, c.placeName(m.Place), m.Example})
	}
	words := c.Host.Dictionary.Words
	for _, a := range c.Answers {
		s.Answers = append(s.Answers, line{Rule: a.Rule, Wrong: words("demo.fault."+a.Rule, a.Facts...),
			Basis: words("demo.fault." + a.Rule + ".rule"), Found: words("demo.fault." + a.Rule + ".found"),
			Place: a.Place, PlaceName: c.placeName(a.Place), Organisation: a.organisation(),
			Name: a.Name, Page: a.Page})
	}
	return s
}

// organisation is the number of the one it is about, if it is about one.
func (a Answer) organisation() string {
	if a.Organisation.ID == 0 {
		return ""
	}
	return a.Organisation.String()
}

func (c *City) placeName(place int64) string {
	if place == 0 {
		return "–"
	}
	t := c.Modules.Places.Today()
	if n := t.Find(place); n >= 0 {
		return c.trail(n)
	}
	return c.Host.Identity.Places().Name(place) // abolished
}

// page is the answer key for people.
func (c *City) page(s sheet) string {
	var b strings.Builder
	for _, l := range locale.Languages {
		t := func(key string, args ...any) string { return c.Host.Dictionary.Text(l, key, args...) }
		fmt.Fprintf(&b, "# %s\n\n%s\n\n", t("demo.key.title", s.Scale, s.Seed, s.Pack), t("demo.key.about"))
		fmt.Fprintf(&b, "%s\n\n", t("demo.password", s.Password))
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n|---|---|---|---|---|---|\n",
			t("demo.key.number"),
			t("demo.key.wrong"), t("demo.key.organisation"), t("demo.key.basis"), t("demo.key.found"),
			t("demo.key.page"))
		for i, a := range s.Answers {
			fmt.Fprintf(&b, "| %d | %s | %s | %s | %s | `%s` |\n", i+1, a.Wrong.In(l), a.Name,
				a.Basis.In(l),
				a.Found.In(l), a.Page)
		}
		b.WriteString("\n")
	}
	return b.String()
}
