package holdings

import (
	"fmt"
	"net/http"
	"testing"
)

// TestOperations: create, read, amend, split, transfer, dispose and history, each as the page does it.
func TestOperations(t *testing.T) {
	each(t, func(x *site) {
		o := x.own["天台村"]
		entry := fmt.Sprintf(`{"organisation":%d,"name":"抽水泵","form":"fixed","kind":"machine",
			"class":"operating","category":"production","origin":"own","title":"clear",
			"use_state":"self","cost_fen":100001,"acquired":"2025-03-31"}`, o.ID)
		at := fmt.Sprint("/assets?home=", o.Home, "&document=D1")
		p, made := x.Call(accountant, http.MethodPost, at, entry)
		p.Is(201)
		if p.Header.Get("ETag") != `"1"` || made["method"] != "straight_line" || made["months"] != 120.0 {
			t.Errorf("made %v", made)
		}
		p, _ = x.Call(neighbour, http.MethodPost, at, entry)
		p.Is(404)
		p, wrong := x.Call(accountant, http.MethodPost, at, fmt.Sprintf(`{"organisation":%d,"name":"",
			"form":"x","class":"y","category":"z","origin":"own","title":"clear","use_state":"self",
			"cost_fen":-1}`, o.ID))
		p.Is(422)
		if list, _ := wrong["findings"].([]any); len(list) < 4 || wrong["rule"] == nil {
			t.Errorf("everything wrong is told: %v", wrong)
		}
		one := fmt.Sprintf("/assets/%v/%v", made["home"], made["id"])
		change := `{"name":"大泵","category":"production"}`
		p, _ = x.Call(accountant, http.MethodPut, one, change)
		p.Is(428)
		p, got := x.Call(accountant, http.MethodPut, one, change, "If-Match", `"1"`)
		p.Is(200)
		if got["name"] != "大泵" || got["number"] != made["number"] || got["cost_fen"] != 100001.0 {
			t.Errorf("amended to %v", got)
		}
		p, _ = x.Call(accountant, http.MethodPut, one, change, "If-Match", `"1"`)
		p.Is(412)
		p, _ = x.Call(neighbour, http.MethodGet, one, "")
		p.Is(404)
		p, _ = x.Call("", http.MethodGet, one, "")
		p.Is(401)
		p, got = x.Call(accountant, http.MethodPost, one+"/split",
			`{"on":"2026-01-04","document":"D2","parts":[{"name":"甲","share":1},{"name":"乙","share":2}]}`,
			"If-Match", `"2"`)
		p.Is(200)
		rows := got["rows"].([]any)
		first, second := rows[0].(map[string]any), rows[1].(map[string]any)
		if first["cost_fen"].(float64)+second["cost_fen"].(float64) != 100001 {
			t.Errorf("parts %v", rows)
		}
		part := fmt.Sprintf("/assets/%v/%v", first["home"], first["id"])
		act := fmt.Sprintf(`{"on":"2026-01-05","document":"D3","to_home":%d,"to_organisation":%d}`,
			x.own["小溪村"].Home,
			x.own["小溪村"].ID)
		p, _ = x.Call(accountant, http.MethodPost, part+"/transfer", act, "If-Match", `"1"`)
		p.Is(403)
		p, got = x.Call(county, http.MethodPost, part+"/transfer", act, "If-Match", `"1"`)
		p.Is(200)
		if got["organisation"] != float64(x.own["小溪村"].ID) {
			t.Errorf("received %v", got)
		}
		part = fmt.Sprintf("/assets/%v/%v", second["home"], second["id"])
		p, got = x.Call(county, http.MethodPost, part+"/dispose",
			`{"on":"2026-01-05","document":"D4","manner":"sale","proceeds_fen":77}`, "If-Match", `"1"`)
		p.Is(200)
		if got["state"] != "disposed" {
			t.Errorf("disposed of %v", got)
		}
		p, got = x.Call(county, http.MethodGet, part+"/history", "")
		p.Is(200)
		if rows := got["rows"].([]any); len(rows) != 2 || rows[0].(map[string]any)["amount_fen"] != 77.0 {
			t.Errorf("history %v", got)
		}
		p, got = x.Call(county, http.MethodGet, "/assets?state=live", "")
		p.Is(200)
		if rows := got["rows"].([]any); len(rows) != 1 {
			t.Errorf("live: %v", rows)
		}
		p, _ = x.Call(county, http.MethodGet, "/assets?after=%21", "")
		p.Is(422)
	})
}
