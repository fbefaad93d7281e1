package gazetteer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/api"
)

func TestPlacesForPrograms(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		var p placeBody
		county := w.id("500155")
		if got := w.ask("idle", fmt.Sprintf("/places/%d?on=2018-01-01", county),
			&p); got.status != http.StatusOK ||
			p.Name != "梁平县" || p.Home != county || p.Level != "county" || p.Until != "2020-06-30" {
			t.Errorf("%d %+v", got.status, p)
		}
		w.ask("idle", "/places/code/nbs/500228", &p)
		if p.ID != county || p.Name != "梁平区" || !p.Stands {
			t.Errorf("by an old code: %+v", p)
		}
		var found api.Page[foundBody]
		w.ask("idle", "/places?q=baitao", &found)
		if len(found.Rows) != 1 || found.Rows[0].Name != "白涛镇" || found.Rows[0].Path != "重庆市 / 涪陵区" {
			t.Errorf("%+v", found)
		}
		var h historyBody
		w.ask("reader", fmt.Sprintf("/places/%d/history", county), &h)
		if len(h.States) != 2 || len(h.Acts) != 2 || h.States[0].Code != "500228000000" {
			t.Errorf("%+v", h)
		}
		for path, want := range map[string]int{"/places/999999": http.StatusNotFound,
			"/places/1?on=2018-02-30":       http.StatusBadRequest,
			"/places/code/nbs/1":            http.StatusNotFound,
			"/places/code/other/500228":     http.StatusUnprocessableEntity,
			"/places/999999/children":       http.StatusNotFound,
			"/places/1/children?after=oops": http.StatusBadRequest,
			"/editions/9":                   http.StatusForbidden, "/areas": http.StatusForbidden} {
			if got := w.ask("idle", path, nil); got.status != want && (got.status < 400 ||
				got.status >= 500) {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
	})
}

// TestChildrenByPages: all come once, in order, over pages of one.
func TestChildrenByPages(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		after, names := "", []string{}
		for range 9 {
			var list api.Page[childBody]
			p := w.ask("idle", fmt.Sprintf("/places/%d/children?limit=1&after=%s", w.id("500102103"),
				after), &list)
			if p.status != http.StatusOK {
				t.Fatal(p.body)
			}
			for _, c := range list.Rows {
				names = append(names, c.Name)
			}
			if after = list.Next; after == "" {
				break
			}
		}
		if got := strings.Join(names, " "); got != "天台村村民委员会 小溪村村民委员会 龙凤村村民委员会" {
			t.Errorf("%s", got)
		}
	})
}

// TestActsNeedTheVersionThatWasRead: two who change a place at once leave one act and one conflict.
func TestActsNeedTheVersionThatWasRead(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		path := fmt.Sprintf("/places/%d", w.id("500102103"))
		tag := w.ask("city", path, nil).header.Get("ETag")
		rename := func(name string) enterBody {
			return enterBody{Kind: "rename", On: "2025-01-01", Name: name, Document: "涪府发〔2024〕9号"}
		}
		if p := w.send("city", path+"/acts", "",
			rename("甲镇")); p.status != http.StatusPreconditionRequired {
			t.Errorf("without a version: %d %s", p.status, p.body)
		}
		if p := w.send("city", path+"/acts", tag, rename("甲镇")); p.status != http.StatusOK ||
			!strings.Contains(p.body, "甲镇") {
			t.Errorf("%d %s", p.status, p.body)
		}
		if p := w.send("city", path+"/acts", tag, rename("乙镇")); p.status != http.StatusPreconditionFailed {
			t.Errorf("with an old version: %d %s", p.status, p.body)
		}
		if p := w.send("fuling", fmt.Sprintf("/places/%d/acts", w.id("500155")), `"3"`,
			rename("丙")); p.status < 400 || p.status >= 500 {
			t.Errorf("outside one's duties: %d %s", p.status, p.body)
		}
	})
}

func TestEditionsAndSuggestionsForPrograms(t *testing.T) {
	eachSite(t, func(t *testing.T, w *site) {
		var list api.Page[editionRow]
		w.ask("reader", "/editions?limit=1", &list)
		if len(list.Rows) != 1 || list.Rows[0].Effective != "2020-06-30" || list.Next == "" ||
			list.Rows[0].Counts.Recoded != 4 {
			t.Errorf("%+v", list)
		}
		w.ask("reader", "/editions?limit=1&after="+list.Next, &list)
		if len(list.Rows) != 1 || list.Rows[0].Effective != "2016-07-31" {
			t.Errorf("the next: %+v", list)
		}
		var found api.Page[suggestionRow]
		w.ask("reader", "/suggestions?state=waiting", &found)
		if len(found.Rows) != 1 || len(found.Rows[0].Parts) != 2 || found.Rows[0].Act != "merge" {
			t.Fatalf("%+v", found)
		}
		path := fmt.Sprintf("/suggestions/%d/decision", found.Rows[0].ID)
		tag := api.ETag(found.Rows[0].Version)
		if p := w.send("city", path, tag, map[string]any{"confirm": false}); p.status < 400 {
			t.Errorf("rejected without a reason: %d", p.status)
		}
		p := w.send("city", path, tag, map[string]any{"confirm": false, "remark": "并非合并"})
		if p.status != http.StatusOK || !strings.Contains(p.body, `"rejected"`) {
			t.Errorf("%d %s", p.status, p.body)
		}
		if p := w.send("city", path, tag,
			map[string]any{"confirm": true}); p.status != http.StatusPreconditionFailed {
			t.Errorf("decided twice: %d %s", p.status, p.body)
		}
	})
}

// editionRow and suggestionRow are what these tests look at.
type editionRow struct {
	Effective string `json:"effective"`
	Counts    struct {
		Recoded int `json:"recoded"`
	} `json:"counts"`
}

type suggestionRow struct {
	ID      int64             `json:"id"`
	Version int64             `json:"version"`
	Act     string            `json:"act"`
	Parts   []json.RawMessage `json:"parts"`
}
