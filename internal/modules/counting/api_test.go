package counting_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// call asks the API; tag is an If-Match or "".
func (v *village) call(method, path, tag, body string) (int, string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.Base()+"/api/v1"+path,
		strings.NewReader(body))
	v.must(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", v.Base())
	r.Header.Set("Accept-Language", "en")
	if tag != "" {
		r.Header.Set("If-Match", tag)
	}
	return v.Do(r)
}

func TestCountingByProgram(t *testing.T) {
	each(t, func(v *village) {
		code, body := v.call("GET", v.address("/rows?limit=3&form=fixed"), "", "")
		want(v.t, code, body, 200, "仓库", "村道")
		if strings.Contains(body, "河坝田") || strings.Contains(body, `"next"`) {
			v.t.Errorf("%s", body)
		}
		code, body = v.call("GET", v.address("/rows?limit=3"), "", "")
		want(v.t, code, body, 200)
		var page struct {
			Rows []struct{ Number int }
			Next string
		}
		v.must(json.Unmarshal([]byte(body), &page))
		code, body = v.call("GET", v.address("/rows?limit=3&after=%s", page.Next), "", "")
		if want(v.t, code, body, 200, "水塘"); len(page.Rows) != 3 || strings.Contains(body, "河坝田") {
			v.t.Errorf("%s", body)
		}
		for _, c := range []struct {
			tag, body string
			want      int
			text      string
		}{
			{"", `{"verdict":"match"}`, 428, ""},
			{`"9"`, `{"verdict":"match"}`, 412, ""},
			{`"1"`, `{"verdict":"perhaps"}`, 422, ""},
			{`"1"`, `{"verdict":"gain","counted_fen":1}`, 422, "verdict"},
			{`"1"`, `{"verdict":"match","counted_on":"2026-13-01"}`, 422, ""},
			{`"1"`, `{"verdict":"match","detail":{"castle":"1"}}`, 422, "castle"},
			{`"1"`, `{"verdict":"match","detail":{"floor_area":"large"}}`, 422, ""},
			{`"1"`, `{"verdict":"loss","counted_fen":0,"detail":{"floor_area":"0.00"},"remark":"gone"}`,
				200, `"loss_fen":25000000`},
			{`"1"`, `{"verdict":"match"}`, 412, ""},
			{`"2"`, `{"verdict":"match","increases_fen":500}`, 200, `"verified_fen":25000000`},
		} {
			code, body := v.call("PUT", v.address("/rows/1"), c.tag, c.body)
			if code != c.want || !strings.Contains(body, c.text) {
				v.t.Errorf("%s with %s answers %d: %s", c.body, c.tag, code, body)
			}
		}
		code, body = v.call("POST", v.address("/rows"), "",
			`{"form":"resource","name":"坡地","kind":"forest","verdict":"gain","counted_area":123456,`+
				`"land_use":"retained"}`)
		want(v.t, code, body, 201, `"number":5`, `"gain_area":123456`, `"class":"resource"`)
		code, body = v.call("POST", v.address("/rows"), "",
			`{"form":"castle","name":"x","verdict":"gain","counted_fen":1}`)
		want(v.t, code, body, 422)
		code, body = v.call("GET", v.address("/rows/99"), "", "")
		want(v.t, code, body, 404)
		own := v.Session
		v.Session = v.SignIn("accountant-" + strconv.Itoa(v.index+1))
		for method, body := range map[string]string{"GET": "", "PUT": `{"verdict":"match"}`} {
			if code, answer := v.call(method, v.address("/rows/1"), `"3"`, body); code != 404 {
				v.t.Errorf("a neighbour's %s answers %d: %s", method, code, answer)
			}
		}
		v.Session = own
	})
}
