package returns_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// office is a city whose first county has ordered the annual statistics.
type office struct {
	*apptest.City
	t    *testing.T
	list []reporting.Report
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// accountant is who fills a report in.
func (o *office) accountant(p reporting.Report) string {
	return apptest.Login("accountant", o.index(p.Place, division.Village))
}

func (o *office) index(place int64, level division.Level) int {
	i := slices.Index(o.IDs, place)
	for o.Drafts[i].Level > level {
		i = o.Drafts[i].Parent
	}
	return i
}

// call asks an operation of the API: method and path in one.
func (o *office) call(s *apptest.Session, what, body string, status int, header ...string) map[string]any {
	o.t.Helper()
	value := map[string]any{}
	text := o.ask(s, what, body, status, header...)
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		o.t.Fatalf("%s answers %s", what, text)
	}
	return value
}

func (o *office) ask(s *apptest.Session, what, body string, status int, header ...string) string {
	o.t.Helper()
	method, path, _ := strings.Cut(what, " ")
	r, err := http.NewRequest(method, s.Base()+"/api/v1"+path, strings.NewReader(body))
	o.must(err)
	r.Header.Set("Origin", s.Base())
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	code, text := s.Do(r)
	if code != status {
		o.t.Errorf("%s answers %d, want %d: %.600s", what, code, status, text)
	}
	return text
}

// statedBy are the cells of a report as a unit types them.
func statedBy(employed int) string {
	return fmt.Sprintf(`{"cells":{"operating_revenue":42000000,"investment_income":3000000,
		"operating_expenditure":18000000,"taxes":600000,"admin_expense":6000000,"subsidy_income":0,
		"to_members":0,"total_assets":90000000,"total_liabilities":100,"employed":%d,
		"dividend_households":0}}`, employed)
}

// TestOperations: a program reads forms and reports, types cells at the version it read, is told what is
// wrong, orders a round, and reads sums and the published table; the neighbour finds nothing.
func TestOperations(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		o := &office{city, t, open(t, city)}
		p := o.list[0]
		accountant, officer := o.SignIn(o.accountant(p)), o.SignIn(apptest.Login("county-officer", 1))
		neighbour, stranger := o.SignIn(apptest.Login("county-officer", 2)),
			o.SignIn(o.accountant(o.list[len(o.list)-1]))
		forms := o.call(officer, "GET /report-forms", "", 200)["forms"].([]any)
		if len(forms) != 5 || forms[1].(map[string]any)["asked"] != 2.0 {
			t.Errorf("%v", forms)
		}
		page := o.call(officer, "GET /reports?limit=5&form="+statistics, "", 200)
		if rows := page["rows"].([]any); len(rows) != 5 || page["next"] == "" {
			t.Errorf("%v", page)
		}
		one := fmt.Sprintf("/reports/%d/%d", p.Home, p.ID)
		o.call(neighbour, "GET "+one, "", 404)
		o.call(stranger, "PUT "+one+"/cells", statedBy(1), 404, "If-Match", `"1"`)
		o.call(officer, "PUT "+one+"/cells", statedBy(1), 403, "If-Match", `"1"`)
		o.call(accountant, "PUT "+one+"/cells", statedBy(1), 428)
		before := o.call(accountant, "GET "+one, "", 200)
		saved := o.call(accountant, "PUT "+one+"/cells", statedBy(4), 200, "If-Match", `"1"`)
		o.call(accountant, "PUT "+one+"/cells", statedBy(5), 412, "If-Match", `"1"`)
		if cellOf(before, "employed")["origin"] != "blank" || cellOf(saved, "employed")["amount"] != 4.0 ||
			cellOf(saved, "gross_operating_income")["amount"] != 45000000.0 {
			t.Errorf("%v", saved)
		}
		o.call(accountant, "PUT "+one+"/cells", `{"cells":{"members":1}}`, 422, "If-Match", `"2"`)
		o.ordered(officer, neighbour)
		o.published(officer, neighbour)
	})
}

func cellOf(report map[string]any, key string) map[string]any {
	for _, c := range report["cells"].([]any) {
		if cell := c.(map[string]any); cell["key"] == key {
			return cell
		}
	}
	return nil
}

// ordered: a round by the API, once.
func (o *office) ordered(officer, neighbour *apptest.Session) {
	o.t.Helper()
	body := fmt.Sprintf(`{"county":%d,"form":"receipts-payments","period":"2025-12"}`, o.Counties[0])
	o.call(neighbour, "POST /report-rounds", body, 404)
	round := o.call(officer, "POST /report-rounds", body, 200)
	if round["state"] != "opening" || round["due"] != "2026-01-15" {
		o.t.Errorf("%v", round)
	}
	o.call(officer, "POST /report-rounds", body, 409)
}

// approve files all reports of the county with their numbers of employed members, and approves them.
func (o *office) approve(employed []int64) {
	o.t.Helper()
	ctx := o.t.Context()
	for i, p := range o.list {
		n, zero, rest := employed[i%len(employed)], int64(0), int64(100_00)
		values := map[string]*int64{"employed": &n}
		for _, key := range []string{"operating_revenue", "investment_income", "operating_expenditure",
			"taxes", "admin_expense", "subsidy_income", "to_members", "total_liabilities",
			"dividend_households"} {
			values[key] = &zero
		}
		values["total_assets"] = &rest
		by := o.As("accountant", o.index(p.Place, division.Village))
		o.must(o.Reporting.Save(ctx, by, p.Ref(), 0, values))
		o.must(o.Host.Store.Write(ctx, func(tx *store.Tx) error {
			if err := o.act(tx, p, by, flow.Act{Verb: flow.Submit}); err != nil {
				return err
			}
			found, err := reporting.FindingsOf(tx, p.Ref())
			if err != nil {
				return err
			}
			for _, f := range found {
				if err := o.Reporting.ExplainIn(tx, by, p.Ref(), f.Number, "属实"); err != nil {
					return err
				}
			}
			return o.act(tx, p, o.As("reviewer", o.index(p.Place, division.Township)),
				flow.Act{Verb: flow.Approve})
		}))
	}
}

// act acts on the case of a report.
func (o *office) act(tx *store.Tx, p reporting.Report, actor access.Actor, a flow.Act) error {
	_, err := o.Host.Procedures.DoIn(tx, actor, procedure.Ref{Home: p.Home, ID: p.Case}, 0, a)
	return err
}

// published: what the sums say is what the reports say; what the table suppresses is in no answer, page or
// file, and the tables of a county and of its townships do not give each other away.
func (o *office) published(officer, neighbour *apptest.Session) {
	o.t.Helper()
	o.approve([]int64{0, 1, 0, 9, 8, 7})
	key := fmt.Sprintf("/%d/%s/2025", o.Counties[0], statistics)
	sums := o.call(officer, "GET /report-sums"+key, "", 200)["whole"].(map[string]any)
	if cellOf(sums, "employed")["numerator"] != 50.0 || sums["approved"] != 12.0 {
		o.t.Errorf("%v", sums)
	}
	o.call(neighbour, "GET /report-tables"+key, "", 404)
	county := o.call(officer, "GET /report-tables"+key, "", 200)
	hidden := o.suppressed(officer, o.Counties[0], county)
	for i, township := range o.Places.Children(o.Counties[0]) {
		table := o.call(officer, fmt.Sprintf("GET /report-tables/%d/%s/2025", township, statistics), "",
			200)
		above := county["parts"].([]any)[i].(map[string]any)["counts"].(map[string]any)
		for cell, n := range table["whole"].(map[string]any)["counts"].(map[string]any) {
			if above[cell] == nil && n != nil {
				o.t.Errorf("the county hides %s, the township shows %v", cell, n)
			}
		}
		hidden += o.suppressed(officer, township, table)
	}
	if hidden == 0 {
		o.t.Error("nothing is suppressed: the test sees nothing")
	}
}

// suppressed: page and workbook show no more than the API does.
func (o *office) suppressed(officer *apptest.Session, place int64, table map[string]any) (hidden int) {
	o.t.Helper()
	for _, p := range append(table["parts"].([]any), table["whole"]) {
		for _, n := range p.(map[string]any)["counts"].(map[string]any) {
			if n == nil {
				hidden++
			} else if v := n.(float64); v > 0 && v < 3 {
				o.t.Errorf("%v is shown", v)
			}
		}
	}
	address := fmt.Sprintf("/reports/published?form=%s&period=2025&place=%d", statistics, place)
	if _, body := officer.Get(address); strings.Count(body, ">*</td>") != hidden {
		o.t.Errorf("the page hides %d, not %d", strings.Count(body, ">*</td>"), hidden)
	}
	return hidden
}

// TestFiguresComeBack: what leaves as SDMX-CSV and as SDMX-JSON is read back, and both say what the program
// has: no digit is lost, no observation is missing or told twice.
func TestFiguresComeBack(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		o := &office{city, t, open(t, city)}
		o.approve([]int64{2, 7, 5})
		o.addUp()
		officer := o.SignIn(apptest.Login("county-officer", 1))
		at := fmt.Sprintf("GET /figures.sdmx?from=2024&to=2025&place=%d&measure=%s", o.Counties[0],
			"reporting.employed,ledger.assets")
		fromCSV := csvFigures(t, o.ask(officer, at, "", 200))
		fromJSON := jsonFigures(t, o.ask(officer, at+"&format=json", "", 200))
		if len(fromCSV) == 0 || len(fromCSV) != len(fromJSON) {
			t.Fatalf("%d observations in CSV, %d in JSON", len(fromCSV), len(fromJSON))
		}
		for key, row := range fromCSV {
			if !slices.Equal(row, fromJSON[key]) {
				t.Errorf("%s is %v in CSV and %v in JSON", key, row, fromJSON[key])
			}
		}
		whole := fromCSV["reporting-employed|"+o.Drafts[1].Code+"|2025"]
		if !slices.Equal(whole, []string{"56", "56", "0", "12", "12", "A"}) {
			t.Errorf("the county is %v of %v", whole, fromCSV)
		}
	})
}

// addUp runs the job that adds up the figures of the annual statistics.
func (o *office) addUp() {
	o.t.Helper()
	o.must(o.Host.Store.Write(apptest.Machine(o.t.Context()), func(tx *store.Tx) error {
		_, err := o.Host.Jobs.Enqueue(tx, jobs.Order{Home: o.Counties[0], Kind: "reporting.figures",
			Place: o.Counties[0], Subject: "roll-up/1", Args: map[string]string{"form": statistics,
				"period": "2025"}})
		return err
	}))
	o.must(o.Host.Jobs.Drain(apptest.Machine(o.t.Context())))
}

// csvFigures reads SDMX-CSV by its heading: dimensions as the key, then value and attributes.
func csvFigures(t *testing.T, text string) map[string][]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, line := range lines[1:] {
		at := func(name string) string { return line[slices.Index(lines[0], name)] }
		if at("STRUCTURE") != "dataflow" || at("ACTION") != "I" {
			t.Errorf("%v", line)
		}
		key := at("MEASURE") + "|" + at("REF_AREA") + "|" + at("TIME_PERIOD")
		if all[key] != nil {
			t.Errorf("%s is told twice", key)
		}
		all[key] = []string{at("OBS_VALUE"), at("NUMERATOR"), at("DENOMINATOR"), at("COVERED"),
			at("EXPECTED"), at("OBS_STATUS")}
	}
	return all
}

// sdmxMessage is as much of SDMX-JSON as figures need.
type sdmxMessage struct {
	Data struct {
		DataSets []struct {
			Structure    int
			Observations map[string][]json.RawMessage
		}
		Structures []struct {
			Dimensions, Measures, Attributes map[string][]struct {
				ID          string
				KeyPosition int
				Values      []struct{ ID string }
			}
		}
	}
}

// jsonFigures reads SDMX-JSON through its structure.
func jsonFigures(t *testing.T, text string) map[string][]string {
	t.Helper()
	var m sdmxMessage
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, set := range m.Data.DataSets {
		s := m.Data.Structures[set.Structure]
		for key, values := range set.Observations {
			var names []string
			for n, index := range strings.Split(key, ":") {
				d := s.Dimensions["observation"][n]
				if d.KeyPosition != n {
					t.Errorf("%s stands at %d", d.ID, n)
				}
				var i int
				if _, err := fmt.Sscan(index, &i); err != nil {
					t.Fatal(err)
				}
				names = append(names, d.Values[i].ID)
			}
			row := make([]string, len(values))
			for i, v := range values {
				row[i] = strings.Trim(string(v), `"`)
				if row[i] == "null" {
					row[i] = ""
				}
			}
			status := s.Attributes["observation"][len(values)-2]
			var at int
			if _, err := fmt.Sscan(row[len(row)-1], &at); err != nil || status.ID != "OBS_STATUS" {
				t.Fatalf("%v %s", err, status.ID)
			}
			row[len(row)-1] = status.Values[at].ID
			all[strings.Join(names, "|")] = row
		}
	}
	return all
}
