package evaluation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestOperations: a program computes a run, another person's publishes it at the version that was read,
// everybody verifies it; drafts are not there for a county, and refusals say why.
func TestOperations(t *testing.T) {
	each(t, func(x *site) {
		const analyst, leader, county = "city_analyst@江城市", "city_leader@江城市", "county_officer@青山区"
		const all = "/evaluations"
		body := func(figures string) string {
			text, err := json.Marshal(map[string]any{"title": "接口试算", "scheme": schemeText,
				"figures": figures, "seed": 7, "replications": 50})
			x.Must(err)
			return string(text)
		}
		page, _ := x.Call(county, "POST", all, body(figuresText))
		page.Is(403)
		page, _ = x.Call(analyst, "POST", all, body(strings.Replace(figuresText, "60,2.8", "sixty,2.8", 1)))
		page.Is(422, "figures.csv", "row 2", "x1")
		page, _ = x.Call(analyst, "POST", all, `{"title":"x"}`)
		page.Is(422)
		page, run := x.Call(analyst, "POST", all, body(figuresText))
		page.Is(201)
		if run["state"] != "draft" || run["areas"] != 3.0 || page.Header.Get("ETag") != `"1"` {
			t.Errorf("%v", run)
		}
		one := fmt.Sprintf("%s/%v/%v", all, run["home"], run["id"])
		for _, path := range []string{"", "/scheme", "/figures", "/result"} {
			page, _ = x.Call(county, "GET", one+path, "")
			page.Is(404)
		}
		page, _ = x.Call(analyst, "POST", one+"/publish", "", "If-Match", `"1"`)
		page.Is(403)
		page, _ = x.Call(leader, "POST", one+"/publish", "")
		page.Is(428)
		page, _ = x.Call(leader, "POST", one+"/publish", "", "If-Match", `"2"`)
		page.Is(412)
		page, _ = x.Call(leader, "POST", one+"/withdraw", `{"reason":"数据年份有误"}`, "If-Match", `"1"`)
		page.Is(409)
		page, run = x.Call(leader, "POST", one+"/publish", "", "If-Match", `"1"`)
		page.Is(200)
		if run["state"] != "published" || page.Header.Get("ETag") != `"2"` {
			t.Errorf("%v", run)
		}
		x.read(county, one, run)
		page, _ = x.Call(leader, "POST", one+"/withdraw", `{"reason":"数据年份有误"}`, "If-Match", `"2"`)
		page.Is(200, "withdrawn")
	})
}

// read is what a county reads of a published run.
func (x *site) read(county, one string, run map[string]any) {
	x.T.Helper()
	page, list := x.Call(county, "GET", "/evaluations?state=published", "")
	page.Is(200)
	if rows, _ := list["rows"].([]any); len(rows) != 1 {
		x.T.Errorf("%v", list)
	}
	page, figures := x.Call(county, "GET", one+"/figures", "")
	page.Is(200)
	if figures["content"] != figuresText || figures["sha256"] != run["figures_sha256"] {
		x.T.Errorf("%v", figures)
	}
	page, out := x.Call(county, "GET", one+"/result", "")
	page.Is(200)
	nodes, _ := out["nodes"].([]any)
	if len(nodes) != 6 || out["sha256"] != run["result_sha256"] {
		x.T.Fatalf("%v", out)
	}
	top, _ := nodes[5].(map[string]any)
	if text := fmt.Sprint(top["ranks"]); text != "[2 1 3 3 2 1]" {
		x.T.Error(text)
	}
	page, answer := x.Call(county, "POST", one+"/verify", "")
	page.Is(200)
	if answer["agrees"] != true {
		x.T.Errorf("%v", answer)
	}
}

// TestBrokenUploads: whatever is wrong with a file is refused with what, row and column, and nothing is kept.
func TestBrokenUploads(t *testing.T) {
	each(t, func(x *site) {
		const analyst = "city_analyst@江城市"
		for name, c := range map[string]struct {
			scheme, file, figures string
			status                int
			words                 string
		}{
			"no table":      {schemeText, "figures.docx", "\x50\x4b\x03\x04nothing", 422, "errors"},
			"a picture":     {schemeText, "figures.png", "\x89PNG\r\n\x1a\n\x00\x00", 422, "errors"},
			"an empty file": {schemeText, "figures.csv", "", 422, "errors"},
			"no scheme":     {"\x89PNG", "figures.csv", figuresText, 422, "errors"},
			"a column lacks": {schemeText, "figures.csv", strings.ReplaceAll(figuresText, ",x3", ",x9"),
				422, "x3"},
			"no number": {schemeText, "figures.csv", strings.Replace(figuresText, "2.4", "2.4倍", 1),
				422, "2.4倍"},
			"an area twice": {schemeText, "figures.csv", figuresText + "A,甲区,2024,1,2,3\n", 422,
				"errors"},
			"too large a set": {schemeText + strings.Repeat("# \n", schemeMax/2), "figures.csv",
				figuresText, 413, "errors"},
		} {
			page := x.upload(analyst, c.scheme, c.file, c.figures)
			if page.Status != c.status && page.Status != 415 || !strings.Contains(page.Body, c.words) ||
				!strings.Contains(page.Body, `role="alert"`) {
				t.Errorf("%s answers %d: %.900s", name, page.Status, page.Body[max(strings.Index(page.Body,
					"<h1"), 0):])
			}
		}
		if page := x.See(analyst, "/evaluations"); strings.Contains(page.Body, "试算") {
			t.Error("a run was kept")
		}
		if page := x.upload(analyst, schemeText, "figures.csv", figuresText); page.Status != 303 {
			t.Errorf("a sound upload answers %d", page.Status)
		} else {
			x.See(analyst, page.Header.Get("Location")).Is(200, "seed 1, replications 10")
		}
	})
}
