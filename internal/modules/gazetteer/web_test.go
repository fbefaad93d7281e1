package gazetteer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/editions"
	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

func (p page) has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			t.Errorf("%d: %q is not on the page:\n%s", p.status, text, p.body)
		}
	}
}

// TestPagesInBothLanguages: every page answers, and shows no key instead of a text.
func TestPagesInBothLanguages(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		area, err := w.places.CreateArea(w.ctx, territory.Area{Label: "one-zone", Chinese: "主城都市区",
			English: "Metropolitan zone", Kind: territory.Cluster, Since: "2020-01-01",
			Mark: territory.Unverified})
		w.must(err)
		w.must(w.places.SetMembers(w.ctx, territory.Membership{Area: area, Places: []int64{w.id("500102")},
			On: "2021-01-01"}))
		county, gone := w.id("500155"), w.code("500102103203", "").ID
		paths := []string{"/places", "/places?q=fuling", "/places?q=没有", "/places?in=0", "/areas",
			"/areas?on=2026-02-01",
			"/areas/new", "/editions", "/suggestions", "/suggestions?state=waiting",
			editions.Address(w.first("place_edition")),
			areaAddress(area), areaAddress(area) + "?on=2026-02-01",
			fmt.Sprintf("/places?in=%d&on=2018-01-01", county), fmt.Sprintf("/places/%d", county),
			fmt.Sprintf("/places/%d?on=2018-01-01", county), fmt.Sprintf("/places/%d", gone)}
		for _, k := range territory.Kinds {
			paths = append(paths, fmt.Sprintf("/places/%d/act?kind=%s", county, k))
		}
		for _, language := range []string{"zh", "en"} {
			for _, path := range paths {
				r := w.request(path)
				r.Header.Set("Accept-Language", language)
				p := w.do("city", r)
				if p.status != http.StatusOK || strings.Contains(p.body, "⟨") || strings.Contains(p.body,
					"%!") {
					t.Errorf("%s %s: %d\n%s", language, path, p.status, p.body)
				}
			}
		}
	})
}

// first is the smallest number in a table: a transaction that ran twice has used up others.
func (w *site) first(table string) int64 {
	w.t.Helper()
	id, err := store.Read(w.t.Context(), w.host.Store, func(v *store.View) (int64, error) {
		id, _, err := store.First[int64](v, "SELECT min(id) FROM "+table)
		return id, err
	})
	w.must(err)
	return id
}

func (w *site) request(path string) *http.Request {
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://site"+path, nil)
	w.must(err)
	return r
}

func TestPlacePageOnAnyDay(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		county := fmt.Sprintf("/places/%d", w.id("500155"))
		w.get("reader", county).has(t, "梁平区", "500155000000", "500228000000", "Change of kind",
			"name: 梁平县 → 梁平区", "kind: county → district", "lies in: 县 → 市辖区")
		before := w.get("reader", county+"?on=2018-01-01")
		before.has(t, "<h1>梁平县</h1>", "stands on 2018-01-01")
		if p := w.get("reader", county+"?on=2010-01-01"); p.status != http.StatusOK {
			t.Errorf("before it stood: %d", p.status)
		} else {
			p.has(t, "does not stand on 2010-01-01")
		}
		if p := w.get("reader", county+"?on=2018-13-01"); p.status != http.StatusUnprocessableEntity &&
			p.status != http.StatusBadRequest {
			t.Errorf("on no day: %d", p.status)
		}
		if p := w.get("reader", "/places/999999"); p.status != http.StatusNotFound {
			t.Errorf("a place nobody entered: %d", p.status)
		}
		if p := w.get("reader", county); strings.Contains(p.body, "/act?kind=") {
			t.Error("a reader is offered acts")
		}
	})
}

// TestOldCodesLeadToThePlace: with a day, and to what the code meant last.
func TestOldCodesLeadToThePlace(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		county := fmt.Sprintf("/places/%d", w.id("500155"))
		gone := fmt.Sprintf("/places/%d?on=2020-06-29", w.code("500102103203", "").ID)
		for path, want := range map[string]string{"/places/code/nbs/500228": county,
			"/places/code/nbs/500228?on=2018-01-01": county + "?on=2018-01-01",
			"/places/code/nbs/500102103203":         gone} {
			p := w.get("reader", path)
			if p.status != http.StatusSeeOther || p.header.Get("Location") != want {
				t.Errorf("%s leads to %d %s, want %s", path, p.status, p.header.Get("Location"), want)
			}
		}
		if p := w.get("reader", "/places/code/nbs/999999"); p.status != http.StatusNotFound {
			t.Errorf("an unknown code: %d", p.status)
		}
	})
}

func TestSuggestAndChildren(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		for query, want := range map[string]string{"fuling": "涪陵区", "fl": "涪陵区", "500102": "涪陵区",
			"白涛":    "白涛镇",
			"涪陵 天台": "天台村村民委员会"} {
			var got offers
			w.must(json.Unmarshal([]byte(w.get("idle", "/places/suggest?q="+url.QueryEscape(query)).body),
				&got))
			if len(got.Places) == 0 || got.Places[0].Name != want || got.Places[0].Href == "" {
				t.Errorf("%s finds %+v", query, got.Places)
			}
		}
		var list childList
		path := fmt.Sprintf("/places/%d/children.json", w.id("500102103"))
		p := w.get("idle", path)
		w.must(json.Unmarshal([]byte(p.body), &list))
		if len(list.Children) != 3 || list.Next != 0 {
			t.Errorf("%+v", list)
		}
		w.must(json.Unmarshal([]byte(w.get("idle", path+"?after=2").body), &list))
		if len(list.Children) != 1 {
			t.Errorf("behind two: %+v", list)
		}
		r := w.request(path)
		r.Header.Set("If-None-Match", p.header.Get("ETag"))
		if again := w.do("idle", r); again.status != http.StatusNotModified {
			t.Errorf("unchanged children: %d", again.status)
		}
	})
}

// TestNobodyAndNeighbours: names are for everybody with an account, records for readers, acts for
// officers of the place, and what lies outside their duties looks like nothing.
func TestNobodyAndNeighbours(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		county := w.id("500155")
		act := fmt.Sprintf("/places/%d/act?kind=rename", county)
		for _, c := range []struct {
			as, path string
			want     int
		}{
			{"", "/places", http.StatusSeeOther}, {"", "/areas", http.StatusSeeOther}, // to the door
			{"idle", "/places", http.StatusOK}, {"idle", fmt.Sprintf("/places/%d", county),
				http.StatusForbidden},
			{"idle", "/areas", http.StatusForbidden}, {"reader", "/areas", http.StatusOK},
			{"reader", act, http.StatusForbidden}, {"fuling", act, http.StatusNotFound},
			{"city", act, http.StatusOK}, {"fuling", "/areas/new", http.StatusNotFound},
		} {
			if p := w.get(c.as, c.path); p.status != c.want {
				t.Errorf("%s asks for %s: %d, want %d", c.as, c.path, p.status, c.want)
			}
		}
		before := w.dump()
		for _, as := range []string{"", "idle", "reader", "fuling"} {
			w.post(as, act, "name", "新名区", "on", "2025-01-01")
			w.post(as, "/areas", "zh", "片", "en", "Area", "label", "x", "kind", "cluster", "since",
				"2025-01-01")
			if as != "fuling" { // whose suggestion it is
				w.post(as, "/suggestions/reject", "row", "1", "reason", "不符")
			}
			w.send(as, fmt.Sprintf("/places/%d/acts", county), `"4"`, enterBody{Kind: "rename",
				On:   "2025-01-01",
				Name: "新名区"})
		}
		if w.dump() != before {
			t.Error("somebody without the permit changed something")
		}
	})
}

// TestEveryActByItsForm enters each kind of act as a browser sends it.
func TestEveryActByItsForm(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		enter := func(code, kind string, fields ...string) {
			t.Helper()
			fields = append(fields, "on", "2025-03-01", "document", "渝府〔2025〕1号")
			p := w.post("city", fmt.Sprintf("/places/%d/act?kind=%s", w.id(code), kind), fields...)
			if p.status != http.StatusSeeOther || !strings.Contains(p.header.Get("Location"),
				"done=gazetteer.act") {
				t.Fatalf("%s: %d\n%s", kind, p.status, p.body)
			}
		}
		baitao := w.id("500102103")
		enter("500102", "establish", "name", "新桥镇", "type", "township/town", "code", "500102150")
		enter("500102150", "establish", "name", "一村村民委员会", "type", "village/village_committee", "code",
			"500102150201", "category", "220")
		enter("500102150201", "rename", "name", "第一村村民委员会")
		enter("500102150", "retype", "type", "township/subdistrict", "name", "新桥街道")
		enter("500102150", "recode", "code", "500102050", "scheme", "nbs", "descendants", "1")
		enter("500102050", "recode", "code", "500102050999", "scheme", "agri")
		enter("500102103201", "transfer", "parent", "500102050")
		enter("500102103202", "boundary", "to", "500102050201", "share", "12.5", "basis", "area")
		enter("500102050201", "merge", "places", "500102103201\r\n")
		pieces := []string{"name1", "东镇", "type1", "township/town", "name2", "西镇", "type2", "township/town"}
		for n := range w.places.Today().Children(w.places.Today().Find(baitao)) {
			pieces = append(pieces, fmt.Sprintf("child%d", w.places.Today().ID(n)), "1")
		}
		enter("500102103", "split", pieces...)
		enter("500102050201", "abolish", "to1", fmt.Sprintf("#%d", w.id("500102001001")))
		names := map[string]bool{}
		tr := w.places.Today()
		for n := range tr.Children(tr.Find(w.id("500102"))) {
			names[tr.Name(n)] = true
		}
		if !names["新桥街道"] || !names["东镇"] || !names["西镇"] || names["白涛镇"] || tr.Has(baitao) {
			t.Errorf("in Fuling there are %v", names)
		}
		heirs, err := w.places.Successors(w.ctx, w.code("500102103201", "").ID, w.today)
		if err != nil || len(heirs) != 1 || heirs[0].Name != "兴华居委会" {
			t.Errorf("the village that merged and ended passes to %+v, %v", heirs, err)
		}
	})
}

// TestRefusedActsKeepWhatWasEntered: the form comes back with what was refused and why.
func TestRefusedActsKeepWhatWasEntered(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		before := w.dump()
		act := func(code, kind string, fields ...string) page {
			return w.post("city", fmt.Sprintf("/places/%d/act?kind=%s", w.id(code), kind), fields...)
		}
		for _, c := range []struct {
			page page
			says string
		}{
			{act("500102", "rename", "name", "涪陵区", "on", "2025-01-01"), "is so already"},
			{act("500102", "rename", "name", "?", "on", "2025-01-01"), "cannot be read"},
			{act("500102", "rename", "name", "新", "on", "2025-02-30"), "is not a date"},
			{act("500102", "rename", "name", "新", "on", "2010-01-01"), "does not stand"},
			{act("500102103", "abolish", "on", "2025-01-01"), "names either what succeeds"},
			{act("500102103", "abolish", "none", "1", "on", "2025-01-01"), "still lie in"},
			{act("500102103", "transfer", "parent", "没有这个地方", "on", "2025-01-01"), "There is no place"},
			{act("500102103201", "split", "name1", "甲村", "name2", "乙村", "on", "2025-01-01"),
				"Nothing lies in the place"},
			{act("500102103", "establish", "name", "丙村", "type", "county/district", "on", "2025-01-01"),
				"not of a higher level"},
			{act("500102103202", "boundary", "to", "500102103201", "share", "120", "basis", "area", "on",
				"2025-01-01"),
				"is no share"},
		} {
			if c.page.status < 400 || c.page.status >= 500 || !strings.Contains(c.page.body, c.says) ||
				!strings.Contains(c.page.body, "<form") {
				t.Errorf("%d, want %q:\n%s", c.page.status, c.says, c.page.body)
			}
		}
		act("500102", "rename", "name", "新", "on", "2010-01-01", "document", "文〔9〕").has(t, `value="新"`,
			`value="文〔9〕"`)
		if p := act("500102", "marry"); p.status < 400 || p.status >= 500 {
			t.Errorf("an act there is not: %d", p.status)
		}
		if w.dump() != before {
			t.Error("a refused act changed something")
		}
	})
}

func TestSuggestionsAreDecidedInBulk(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		p := w.get("city", "/suggestions?state=waiting")
		p.has(t, "龙泉村委会", "凤山村委会", "龙凤村村民委员会", "a name put together")
		row := regexp.MustCompile(`name="row" value="(\d+)"`).FindStringSubmatch(p.body)
		if row == nil {
			t.Fatal("no box to tick")
		}
		if p := w.post("city", "/suggestions/reject", "row", row[1]); !strings.Contains(p.body,
			"for a reason") {
			t.Errorf("rejected without a reason:\n%s", p.body)
		}
		w.post("fuling", "/suggestions/confirm", "row", row[1], "reason", "涪府发〔2019〕3号").has(t, "1 done")
		w.post("city", "/suggestions/confirm", "row", row[1]).has(t, "1 not done", "has been decided")
		heirs, err := w.places.Successors(w.ctx, w.code("500102103203", "").ID, w.today)
		if err != nil || len(heirs) != 1 || heirs[0].Name != "龙凤村村民委员会" {
			t.Errorf("%+v, %v", heirs, err)
		}
		if p := w.post("city", "/suggestions/confirm"); p.status < 400 {
			t.Errorf("nothing chosen: %d", p.status)
		}
	})
}

// TestAreasByTheirForms enters an area and its members, one of them from a later day.
func TestAreasByTheirForms(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		p := w.post("city", "/areas", "zh", "沿江片区", "en", "Along the river", "label", "river", "kind",
			"cluster",
			"since", "2021-01-01", "last", "2025-12-31")
		where, _, _ := strings.Cut(p.header.Get("Location"), "?")
		if p.status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", p.status, p.body)
		}
		if p := w.post("city", where+"/members", "places", "500102\n梁平区", "since",
			"2021-01-01"); p.status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", p.status, p.body)
		}
		w.post("city", where+"/members", "places", "500155", "since", "2024-01-01", "leaving", "1")
		w.get("reader", where+"?on=2023-01-01").has(t, "2 members", "梁平区", "涪陵区")
		w.get("reader", where+"?on=2025-01-01").has(t, "one member", "涪陵区")
		w.post("city", "/areas", "zh", "又一个", "en", "Again", "label", "river", "kind", "cluster", "since",
			"2021-01-01").has(t, "is taken")
		w.post("city", where+"/members", "places", "无此地", "since", "2021-01-01").has(t, "There is no place")
	})
}

// TestAnomaliesCanBeTakenAway: the list of an edition filters and exports.
func TestAnomaliesCanBeTakenAway(t *testing.T) {
	f := onSQLite(t)
	w := newSite(t, f.host.Store)
	got := w.take("2016-07-31",
		placetest.Sample+"500102103209,待定,5,500102103000,220\n5.00102E+11,坏,5,500102103000,220\n")
	w.appoint()
	address := editions.Address(got.Edition.ID)
	w.get("reader", address).has(t, "2 in all", "is a placeholder", "scientific notation",
		"5.00102E&#43;11")
	only := w.get("reader", address+"?severity=error&format=csv")
	if lines := strings.Count(strings.TrimSpace(only.body), "\n"); lines != 1 { // under the headings
		t.Errorf("%d lines:\n%s", lines, only.body)
	}
	if p := w.get("reader", "/editions/99999"); p.status != http.StatusNotFound {
		t.Errorf("an edition there is not: %d", p.status)
	}
	if access.From(t.Context()).SignedIn() {
		t.Error("the test acts as somebody")
	}
}
