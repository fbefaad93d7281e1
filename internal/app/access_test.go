package app_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/inventory"
)

// secret is in the name of everything that belongs to the village that is looked into. A place's own
// page does not say it: names of places are no secret.
const secret = "东岭区青石镇上湾村"

// TestNobodyAndTheNeighbourSeeNothing walks every page that the officials of a county, a township and
// a village can reach by links, and asks for the same addresses as the accountant of the neighbouring
// village and as nobody: no page, list, count, export or file tells them of the village.
func TestNobodyAndTheNeighbourSeeNothing(t *testing.T) {
	c := apptest.OpenCounty(t, apptest.Open(t, t.TempDir()+"/terrace.db"))
	for _, k := range c.Checks() {
		c.Submit(k)
	}
	c.Work()
	addresses := map[string]bool{}
	for _, office := range []string{"county-officer-1", "county-leader-1", "reviewer-3", "accountant-7",
		"head-7"} {
		crawl(t, c.SignIn(office), addresses)
	}
	if len(addresses) < 200 {
		t.Errorf("only %d addresses were found", len(addresses))
	}
	visited(t, c, addresses)
	neighbour, nobody := c.SignIn("accountant-8"), c.Nobody()
	for _, address := range sorted(addresses) {
		if code, body := neighbour.Get(address); code >= 500 || strings.Contains(body, secret) &&
			!open(address) {
			t.Errorf("the neighbour gets %d at %s%s", code, address, told(body))
		}
		code, body := nobody.Get(address)
		if code < 400 && code != http.StatusSeeOther && !open(address) || code >= 500 {
			t.Errorf("nobody gets %d at %s%s", code, address, told(body))
		}
	}
}

// open reports whether an address is meant for everybody: the notice board, static files, the door.
func open(address string) bool {
	for _, p := range []string{"/notices", "/public/", "/static/", "/sign-in", "/verify", "/api", "/log",
		"/health",
		"/language", "/elder",
		"/checkpoint", "/password", "/favicon"} {
		if strings.HasPrefix(address, p) {
			return true
		}
	}
	return false
}

func told(body string) string {
	at := strings.Index(body, secret)
	if at < 0 {
		return ""
	}
	return ": …" + body[max(0, at-200):at+len(secret)] + "…"
}

func sorted(all map[string]bool) []string {
	var list []string
	for a := range all {
		list = append(list, a)
	}
	slices.Sort(list)
	return list
}

var link = regexp.MustCompile(`(?:href|src|hx-get)="(/[^"#]*)"`)

// crawl reads every page that links lead to, a few of each pattern. A page that offers its reader a
// link which refuses him, or has escaped its address twice, is a fault of the page.
func crawl(t *testing.T, s *apptest.Session, found map[string]bool) {
	t.Helper()
	seen, like, from := map[string]bool{}, map[string]int{}, map[string]string{}
	queue := []string{"/"}
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		shape := digits.ReplaceAllString(address, "#")
		if seen[address] || like[shape] >= 4 || strings.HasPrefix(address, "/static/") {
			continue
		}
		seen[address] = true
		like[shape]++
		code, body := s.Get(address)
		if code != http.StatusOK || strings.Contains(address, "%25") {
			t.Errorf("%s leads to %s, which answers %d", from[address], address, code)
			continue
		}
		found[address] = true
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			to := html.UnescapeString(m[1])
			if from[to] == "" {
				from[to] = address
			}
			queue = append(queue, to)
		}
	}
}

var digits = regexp.MustCompile(`\d+`)

// visited tells which pages the walk did not come to; those need objects that the small city lacks.
func visited(t *testing.T, c apptest.County, addresses map[string]bool) {
	t.Helper()
	mux, reached := http.NewServeMux(), map[string]bool{}
	total := 0
	for _, m := range c.Modules() {
		for _, page := range m.Pages {
			if strings.HasPrefix(page.Pattern, "GET ") {
				mux.HandleFunc(page.Pattern, func(http.ResponseWriter, *http.Request) {})
				total++
			}
		}
	}
	for address := range addresses {
		if r, err := http.NewRequest(http.MethodGet, address, nil); err == nil {
			_, pattern := mux.Handler(r)
			reached[pattern] = true
		}
	}
	if len(reached) < total/3 {
		t.Errorf("only %d of %d pages were reached", len(reached), total)
	}
}

// operation is what the description of the interface says of one.
type operation struct {
	OperationID string           `json:"operationId"`
	Parameters  []parameter      `json:"parameters"`
	Body        *json.RawMessage `json:"requestBody"`
}

type parameter struct {
	Name     string          `json:"name"`
	In       string          `json:"in"`
	Required bool            `json:"required"`
	Schema   json.RawMessage `json:"schema"`
}

// takes reports whether an operation has a parameter.
func (o operation) takes(name string) bool {
	return slices.ContainsFunc(o.Parameters, func(p parameter) bool { return p.Name == name })
}

// asks reports whether an operation answers only when it is told something in the query.
func (o operation) asks() bool {
	return slices.ContainsFunc(o.Parameters, func(p parameter) bool { return p.In == "query" && p.Required })
}

func operations(t *testing.T, s *apptest.Session) map[string]map[string]operation {
	t.Helper()
	_, body := s.Get("/api/openapi.json")
	var document struct {
		Paths map[string]map[string]operation `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Paths) < 30 {
		t.Fatalf("the description has %d paths", len(document.Paths))
	}
	return document.Paths
}

// TestTheInterfaceTellsTheNeighbourNothing asks every reading operation for the village's things.
func TestTheInterfaceTellsTheNeighbourNothing(t *testing.T) {
	c := apptest.OpenCounty(t, apptest.Open(t, t.TempDir()+"/terrace.db"))
	k := c.Checks()[0]
	c.Submit(k)
	neighbour, own, nobody := c.SignIn("accountant-8"), c.SignIn("county-officer-1"), c.Nobody()
	told, asked := 0, 0
	for path, methods := range operations(t, own) {
		if _, reads := methods["get"]; !reads || strings.HasPrefix(path, "/notices") ||
			strings.HasPrefix(path, "/api/v1/notices") {
			continue
		}
		address := "/api/v1" + strings.TrimPrefix(fill(path, k), "/api/v1")
		asked++
		if _, body := own.Get(address); strings.Contains(body, secret) {
			told++
		}
		if code, body := neighbour.Get(address); code >= 500 || strings.Contains(body, secret) {
			t.Errorf("the neighbour gets %d at %s: %.300s", code, address, body)
		}
		if code, body := nobody.Get(address); code < 400 && strings.Contains(body, secret) || code >= 500 {
			t.Errorf("nobody gets %d at %s: %.300s", code, address, body)
		}
	}
	if asked < 20 || told < 5 {
		t.Errorf("%d operations were asked and %d told their owner: the test sees little", asked, told)
	}
}

// fill puts the numbers of a check and its organisation into a path.
func fill(path string, k inventory.Check) string {
	values := map[string]string{"home": fmt.Sprint(k.Home), "id": fmt.Sprint(k.ID), "year": "2025",
		"number": "1",
		"place":  fmt.Sprint(k.Place), "organisation": fmt.Sprint(k.Organisation), "code": "500101100200",
		"scheme": "nbs"}
	return regexp.MustCompile(`\{(\w+)\}`).ReplaceAllStringFunc(path, func(name string) string {
		if v, known := values[strings.Trim(name, "{}")]; known {
			return url.PathEscape(v)
		}
		return "1"
	})
}

// TestListsLeadFromPageToPage: the Link of every list of the interface, a row a page, leads through all
// its rows once and keeps the filters.
func TestListsLeadFromPageToPage(t *testing.T) {
	c := apptest.OpenCounty(t, apptest.Open(t, t.TempDir()+"/terrace.db"))
	for _, k := range c.Checks() {
		c.Submit(k)
	}
	k := c.Checks()[0]
	own, walked := c.SignIn("county-officer-1"), 0
	for path, methods := range operations(t, own) {
		get, reads := methods["get"]
		if !reads || !get.takes("after") || get.asks() {
			continue
		}
		address := "/api/v1" + strings.TrimPrefix(fill(path, k), "/api/v1")
		filter := ""
		if get.takes("place") {
			filter = fmt.Sprintf("&place=%d", k.Place)
		}
		code, body := own.Get(address + "?limit=500" + filter)
		if code == http.StatusForbidden || code == http.StatusNotFound {
			continue // accounts are administrators' business; no edition was imported
		}
		whole := rowsIn(t, body)
		var single []string
		next := address + "?limit=1" + filter
		for next != "" && len(single) <= len(whole) {
			if !strings.Contains(next, filter) {
				t.Errorf("%s forgot its filter: %s", path, next)
			}
			code, body, following := own.Page(next)
			if code != http.StatusOK {
				t.Fatalf("%s answers %d: %.300s", next, code, body)
			}
			single, next = append(single, rowsIn(t, body)...), following
		}
		if !slices.Equal(single, whole) {
			t.Errorf("%s has %d rows, page by page %d", path, len(whole), len(single))
		}
		if len(whole) > 1 {
			walked++
		}
	}
	if walked < 6 {
		t.Errorf("only %d lists had more than a row: the test sees little", walked)
	}
}

// rowsIn are the rows of a page of a list.
func rowsIn(t *testing.T, body string) []string {
	t.Helper()
	var page struct {
		Rows []json.RawMessage `json:"rows"`
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(page.Rows))
	for i, r := range page.Rows {
		texts[i] = string(r)
	}
	return texts
}
