package policy

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// TestOperations: programs read the list and a target with the same figures as the page; who may not is
// refused, and what is not there says what to do.
func TestOperations(t *testing.T) {
	each(t, func(x *site) {
		x.take()
		x.grow(map[int]float64{2015: 1, 2019: 1.4})
		const by = "city_analyst@江城市"
		page, list := x.Call(by, "GET", "/targets", "")
		page.Is(200)
		rows, _ := list["rows"].([]any)
		if len(rows) != 1 {
			t.Fatalf("%v", list)
		}
		row, _ := rows[0].(map[string]any)
		if row["key"] != "income_ratio_2027" || row["aim"] != 2.3 || row["baseline"] != 2.507 ||
			row["light"] != nil || row["mark"] != "unverified" {
			t.Errorf("%v", row)
		}
		page, _ = x.Call(by, "GET", "/targets/income_ratio_2027", "")
		page.Is(200)
		var out studyOut
		x.Must(json.Unmarshal([]byte(page.Body), &out))
		x.consistent(out)
		page, _ = x.Call(by, "GET", "/targets/none", "")
		page.Is(404, "There is no target none", "targets/*.yaml", "Choose from the list")
		for _, path := range []string{"/targets", "/targets/income_ratio_2027"} {
			page, _ = x.Call("village_accountant@天台村", "GET", path, "")
			page.Is(403)
			page, _ = x.Call("", "GET", path, "")
			page.Is(401)
		}
	})
}

// consistent compares a target as programs read it with what it must add up to.
func (x *site) consistent(out studyOut) {
	t := x.T
	t.Helper()
	if len(out.Path) != 9 || out.Path[8].Required != 2.3 || out.Path[0].Light != "" || out.Margin != .005 ||
		len(out.Actual) != 6 || out.Target.Last == nil || out.Target.Last.Value != 2.507 ||
		len(out.Breaks) == 0 || len(out.Refused) != 0 {
		t.Errorf("%+v", out)
	}
	for _, f := range out.Forecast {
		if len(f.Years) != 8 || f.Since != 2014 || f.Meets || f.Chance <= 0 || f.Chance >= .5 ||
			!contains(f.Words.English, "80% interval") || !contains(f.Words.Chinese, "区间80%") {
			t.Errorf("%+v", f)
		}
	}
	if len(out.Forecast) != 2 || out.Forecast[0].Method != "trend" || out.Forecast[1].Damping != .9 {
		t.Errorf("%+v", out.Forecast)
	}
	m := out.Movement
	if m == nil || m.Before == nil || m.Since != 2015 || m.Published == nil || *m.Published != 2.507 {
		t.Fatalf("%+v", m)
	}
	level, change := 0.0, 0.0
	for _, c := range m.Counties {
		level += c.Level
		change += c.Change
		if math.Abs(c.UrbanIncome+c.RuralIncome+c.UrbanPeople+c.RuralPeople-c.Change) > 1e-12 ||
			math.Abs(c.Own+c.Mix-c.Level) > 1e-12 || c.Name == "" || len(c.Code) != 6 {
			t.Errorf("%+v", c)
		}
	}
	if math.Abs(level-(m.Ratio-1)) > 1e-12 || math.Abs(change-(m.Ratio-*m.Before)) > 1e-12 {
		t.Errorf("level %v, change %v of %+v", level, change, m)
	}
	if out.Needs == nil || out.Needs.From != 2019 || len(out.Needs.Growth) != 6 {
		t.Errorf("%+v", out.Needs)
	}
}

// TestCommands: the list, a target in words with all its tables, and as JSON the same that the API answers.
func TestCommands(t *testing.T) {
	each(t, func(x *site) {
		x.take()
		out, err := x.run("target", "list")
		x.Must(err)
		for _, want := range []string{"income_ratio_2027", "2.507 (2019)",
			"no figure after the baseline yet"} {
			if !contains(out, want) {
				t.Errorf("%q is not in\n%s", want, out)
			}
		}
		out, err = x.run("target", "show", "income_ratio_2027")
		x.Must(err)
		for _, want := range []string{"2.306 (simple trend) or 2.385 (damped trend)", "2027  2.300",
			"2.306 2.254–2.358", "5.00%", "6.14%", "From 2014", "Damped trend: ",
			"People and incomes of the counties are not there", "Take in statistics of the counties"} {
			if !contains(out, want) {
				t.Errorf("%q is not in\n%s", want, out)
			}
		}
		out, err = x.run("target", "show", "income_ratio_2027", "--json")
		x.Must(err)
		page, _ := x.Call("city_analyst@江城市", "GET", "/targets/income_ratio_2027", "")
		var printed, answered any
		x.Must(json.Unmarshal([]byte(out), &printed))
		x.Must(json.Unmarshal([]byte(page.Body), &answered))
		if a, b := marshalled(printed), marshalled(answered); a != b {
			t.Errorf("printed\n%s\nanswered\n%s", a, b)
		}
		out, err = x.run("target", "list", "--json")
		x.Must(err)
		var rows []targetOut
		x.Must(json.Unmarshal([]byte(out), &rows))
		if len(rows) != 1 || rows[0].Baseline == nil || *rows[0].Baseline != 2.507 {
			t.Errorf("%s", out)
		}
		if _, err = x.run("target", "show", "none"); !fault.HasKey(err, "policy.no_target") {
			t.Errorf("a target that is not there: %v", err)
		}
	})
}

func marshalled(v any) string {
	text, _ := json.Marshal(v) // of what was just read
	return string(text)
}
