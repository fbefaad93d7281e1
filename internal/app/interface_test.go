package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
)

// schema is as much of JSON Schema as the description uses.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"` // a name, or a list of names
	Enum       []any             `json:"enum"`
	Minimum    *float64          `json:"minimum"`
	Maximum    *float64          `json:"maximum"`
	MaxLength  int               `json:"maxLength"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Items      *schema           `json:"items"`
}

type described struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name     string `json:"name"`
			In       string `json:"in"`
			Required bool   `json:"required"`
			Schema   schema `json:"schema"`
		} `json:"parameters"`
		Body *struct {
			Content map[string]struct {
				Schema schema `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

// drawing draws requests from the description, mostly valid, often at the edge, sometimes nonsense.
type drawing struct {
	*rand.Rand
	described
	home int64 // of the county
}

// TestTheInterfaceNeverBreaks draws requests from the description of the interface, as an officer, as a
// village accountant and as nobody, and never gets an answer that blames the program.
func TestTheInterfaceNeverBreaks(t *testing.T) {
	c := apptest.OpenCounty(t, apptest.Open(t, t.TempDir()+"/terrace.db"))
	sessions := []*apptest.Session{c.SignIn("county-officer-1"), c.SignIn("city-officer-0"),
		c.SignIn("accountant-7")}
	sessions = append(append(sessions, sessions...), c.Nobody()) // who is refused everywhere asks less often
	_, body := sessions[0].Get("/api/openapi.json")
	d := drawing{Rand: rand.New(rand.NewPCG(1, 2)), home: c.Home}
	if err := json.Unmarshal([]byte(body), &d.described); err != nil {
		t.Fatal(err)
	}
	sent, taken := 0, 0
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		if strings.Contains(path, "/me/sessions") { // it would end the sessions of the test itself
			continue
		}
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			for range 25 {
				r := d.request(t, sessions[0].Base(), method, path)
				code, answer := sessions[d.IntN(len(sessions))].Do(r)
				sent++
				if code < 300 {
					taken++
				}
				if code >= 500 {
					t.Errorf("%s %s answers %d: %.400s", method, r.URL, code, answer)
				}
			}
		}
	}
	if sent < 1000 || taken < sent/20 {
		t.Errorf("of %d requests %d were taken: the test sees little", sent, taken)
	}
}

// request draws one request of an operation.
func (d drawing) request(t *testing.T, base, method, path string) *http.Request {
	t.Helper()
	operation := d.Paths[path][method]
	query, header := url.Values{}, http.Header{}
	few := 4 + 12*d.IntN(2) // one of how many fields is given that need not be
	for _, p := range operation.Parameters {
		value := d.text(p.Schema)
		switch p.In {
		case "path":
			if p.Schema.kind() == "integer" && d.IntN(4) > 0 { // mostly something that is there
				value = fmt.Sprint(1 + d.IntN(3))
				if p.Name == "home" && d.IntN(4) > 0 {
					value = fmt.Sprint(d.home)
				}
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case "query":
			if p.Required || d.IntN(few) == 0 {
				query.Set(p.Name, value)
			}
		case "header":
			header.Set(p.Name, []string{`"1"`, `"2"`, "*", "x", ""}[d.IntN(5)])
		}
	}
	var body string
	if operation.Body != nil {
		for kind, content := range operation.Body.Content {
			value, err := json.Marshal(d.value(content.Schema, 0))
			if err != nil {
				t.Fatal(err)
			}
			if body = string(value); d.IntN(12) == 0 {
				body = body[:d.IntN(len(body))] // cut off
			}
			header.Set("Content-Type", kind)
		}
	}
	address := base + "/api/v1" + strings.TrimPrefix(path, "/api/v1") + "?" + query.Encode()
	r, err := http.NewRequest(strings.ToUpper(method), address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	header.Set("Origin", base)
	r.Header = header
	return r
}

var nonsense = []any{nil, "", "\u0000", "村' OR 1=1 --", strings.Repeat("长", 5000), -1, 1 << 62, 0.5, true,
	[]any{}, map[string]any{"a": 1},
	"2025-02-30", "9999-12-31", "１２"}

// value draws a value of a schema.
func (d drawing) value(s schema, depth int) any {
	if s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	if d.IntN(14) == 0 {
		return nonsense[d.IntN(len(nonsense))]
	}
	if len(s.Enum) > 0 {
		return s.Enum[d.IntN(len(s.Enum))]
	}
	switch s.kind() {
	case "object":
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			property := s.Properties[name]
			if depth < 5 && name != "$schema" && (d.IntN(4) > 0 || strings.Contains(fmt.Sprint(s.Required),
				name)) {
				object[name] = d.value(property, depth+1)
			}
		}
		return object
	case "array":
		list := []any{}
		for range d.IntN(3) {
			list = append(list, d.value(*s.Items, depth+1))
		}
		return list
	case "boolean":
		return d.IntN(2) == 0
	case "integer", "number":
		return d.number(s)
	}
	return []string{"2025-12-31", "500101100200", "上湾村", "a", "match", "1", "00100", "x@y"}[d.IntN(8)]
}

func (s schema) kind() string {
	switch t := s.Type.(type) {
	case string:
		return t
	case []any:
		return fmt.Sprint(t[0])
	}
	return ""
}

func (d drawing) number(s schema) int64 {
	small := int64(d.IntN(15))
	switch {
	case d.IntN(8) == 0 && s.Minimum != nil:
		return int64(*s.Minimum)
	case d.IntN(8) == 0 && s.Maximum != nil && *s.Maximum < 1<<53:
		return int64(*s.Maximum)
	case d.IntN(8) == 0:
		return 1<<53 - 1
	}
	return small
}

// text is a drawn value as a parameter has it.
func (d drawing) text(s schema) string {
	value := d.value(s, 0)
	switch v := value.(type) {
	case string:
		return v
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}
