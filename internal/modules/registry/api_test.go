package registry

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/division"
)

// TestOperations: list, read, enter and amend as the description says.
func TestOperations(t *testing.T) {
	each(t, func(x *site) {
		entry := fmt.Sprintf(`{"place":%d,"name":"天台村经济合作社","code":"%s","members":120,"survey_area":6667}`,
			x.place["天台村"], credit(division.Village, 1))
		p, made := x.Call(county, http.MethodPost, "/organisations", entry)
		p.Is(201)
		if p.Header.Get("ETag") != `"1"` || made["level"] != "village" || made["survey_area"] != 6667.0 ||
			made["ended"] != nil {
			t.Errorf("made %v", made)
		}
		p, refused := x.Call(county, http.MethodPost, "/organisations", entry)
		p.Is(409)
		if refused["title"] == nil || refused["rule"] == nil {
			t.Errorf("a refusal says by which rule: %v", refused)
		}
		p, _ = x.Call(neighbour, http.MethodPost, "/organisations", entry)
		p.Is(404)
		p, _ = x.Call(accountant, http.MethodPost, "/organisations", entry)
		p.Is(403)
		p, wrong := x.Call(county, http.MethodPost, "/organisations", fmt.Sprintf(
			`{"place":%d,"name":"","code":"N2500102MF0000013F"}`, x.place["小溪村"]))
		p.Is(422)
		if list, _ := wrong["findings"].([]any); len(list) != 2 {
			t.Errorf("both things wrong are told: %v", wrong)
		}
		at := fmt.Sprintf("/organisations/%v/%v", made["home"], made["id"])
		change := `{"name":"天台村联合社","code":"` + credit(division.Village, 1) + `"}`
		p, _ = x.Call(county, http.MethodPut, at, change)
		p.Is(428)
		p, got := x.Call(county, http.MethodPut, at, change, "If-Match", `"1"`)
		p.Is(200)
		if got["name"] != "天台村联合社" || got["members"] != nil || p.Header.Get("ETag") != `"2"` {
			t.Errorf("amended to %v", got)
		}
		p, _ = x.Call(county, http.MethodPut, at, change, "If-Match", `"1"`)
		p.Is(412)
		p, _ = x.Call(neighbour, http.MethodPut, at, change, "If-Match", `"2"`)
		p.Is(404)
		p, got = x.Call(accountant, http.MethodGet, at, "")
		p.Is(200)
		if got["place_name"] != "天台村" || got["version"] != 2.0 {
			t.Errorf("read %v", got)
		}
		p, _ = x.Call(neighbour, http.MethodGet, at, "")
		p.Is(404)
		p, _ = x.Call("", http.MethodGet, at, "")
		p.Is(401)
	})
}

// TestOperationsOfOfficers: names only for those who may see them, numbers always masked.
func TestOperationsOfOfficers(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		x.must(x.appoint(o.Ref(), Chair, "张三丰", "2025-01-01"))
		at := fmt.Sprintf("/organisations/%d/%d/officers", o.Home, o.ID)
		p, _ := x.Call(accountant, http.MethodGet, at, "")
		p.Is(200, "张三丰", "138****5678", "!13812345678", "!until")
		p, _ = x.Call(reader, http.MethodGet, at, "")
		p.Is(200, `"chair"`, "!张三丰", "!138****")
		p, _ = x.Call(neighbour, http.MethodGet, at, "")
		p.Is(404)
	})
}

// TestListOperation: pages to the end, each row once.
func TestListOperation(t *testing.T) {
	each(t, func(x *site) {
		all := x.crowd()
		seen, next := map[string]bool{}, ""
		for range len(all) {
			p, got := x.Call("city_officer@江城市", http.MethodGet, "/organisations?limit=7&after="+next, "")
			p.Is(200)
			for _, row := range got["rows"].([]any) {
				one := row.(map[string]any)
				seen[fmt.Sprint(one["home"], one["id"])] = true
			}
			if next, _ = got["next"].(string); next == "" {
				break
			}
		}
		if len(seen) != len(all) {
			t.Errorf("%d of %d were listed", len(seen), len(all))
		}
		p, got := x.Call(county, http.MethodGet,
			"/organisations?level=group&place=500102103201&acting=false", "")
		p.Is(200)
		if rows := got["rows"].([]any); len(rows) != 2 {
			t.Errorf("two groups of one village, got %v", rows)
		}
		p, _ = x.Call(county, http.MethodGet, "/organisations?place=nowhere", "")
		p.Is(404)
		p, _ = x.Call(county, http.MethodGet, "/organisations?after=%21", "")
		p.Is(422)
	})
}
