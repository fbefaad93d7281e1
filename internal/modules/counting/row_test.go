package counting_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/pure/area"
)

// Rows of the village: 1 仓库, 2 村道 (fixed), 3 河坝田, 4 水塘 (resource).

func TestAMatchNeedsNoFigures(t *testing.T) {
	each(t, func(v *village) {
		code, body := v.count(1, "verdict", "match", "keeper", "赵某")
		want(v.t, code, body, 303)
		w := v.row(1)
		if w.Verdict != count.Match || w.Counted != w.Book || w.Verified != w.Book || w.Keeper != "赵某" ||
			w.CountedOn != "2026-01-12" {
			v.t.Errorf("%+v", w)
		}
		// what came since the day of reference is taken off again
		code, body = v.count(2, "verdict", "match", "increases", "1,000.50")
		want(v.t, code, body, 303)
		if w := v.row(2); w.Counted != w.Book+100050 || w.Verified != w.Book {
			v.t.Errorf("%+v", w)
		}
	})
}

// TestAnAreaThatReadsLikeTheBooksIsTheBooks: 66,667.00 m² are 100.00 mu, which are 66,666.67 m².
func TestAnAreaThatReadsLikeTheBooksIsTheBooks(t *testing.T) {
	each(t, func(v *village) {
		book := v.row(3).BookArea
		if exact, err := area.ParseMu(book.PlainMu()); err != nil || exact == book {
			v.t.Fatalf("%d reads %s, which tells nothing", book, book.PlainMu())
		}
		code, body := v.count(3, "verdict", "match", "counted_area", book.PlainMu())
		want(v.t, code, body, 303)
		if w := v.row(3); w.CountedArea != book || w.GainArea != 0 {
			v.t.Errorf("%+v", w)
		}
		code, body = v.count(4, "verdict", "gain", "counted_area", "4.50")
		want(v.t, code, body, 303)
		four := v.row(4)
		if more, _ := area.ParseMu("4.50"); four.VerifiedArea != more ||
			four.GainArea != more-four.BookArea {
			v.t.Errorf("%+v", four)
		}
		// the page shows what was counted, and saved as it is it stays so
		code, body = v.count(4, "verdict", "gain", "counted_area", "4.50", "remark", "复测")
		want(v.t, code, body, 303)
		if again := v.row(4); again.VerifiedArea != four.VerifiedArea {
			v.t.Errorf("%v became %v", four.VerifiedArea, again.VerifiedArea)
		}
	})
}

func TestAVerdictMustFit(t *testing.T) {
	each(t, func(v *village) {
		before := v.row(1)
		for name, fields := range map[string][]string{
			"a match with less":  {"verdict", "match", "counted", "1"},
			"a gain of nothing":  {"verdict", "gain"},
			"a loss of nothing":  {"verdict", "loss", "counted", "250000.00", "remark", "无"},
			"no verdict":         {"counted", "250000.00"},
			"an unknown verdict": {"verdict", "perhaps"},
			"no number":          {"verdict", "loss", "counted", "many", "remark", "无"},
			"half a fen":         {"verdict", "loss", "counted", "1.005", "remark", "无"},
			"less than nothing":  {"verdict", "loss", "counted", "-5", "remark", "无"},
			"rolled back below zero": {"verdict", "loss", "counted", "1", "increases", "5", "remark",
				"无"},
			"a day to come":            {"verdict", "match", "counted_on", "2026-02-01"},
			"half a position":          {"verdict", "match", "latitude", "29.5"},
			"a position off the globe": {"verdict", "match", "latitude", "95", "longitude", "106"},
			"an unknown use":           {"verdict", "match", "use_state", "haunted"},
		} {
			fields = append([]string{"version", "1"}, fields...)
			code, body := v.send(v.address("/rows/1"), nil, fields...)
			if code != 422 || !strings.Contains(body, `class="errors"`) {
				v.t.Errorf("%s: answered %d:\n%s", name, code, plain(body))
			}
		}
		if after := v.row(1); after != before {
			v.t.Errorf("it became %+v", after)
		}
	})
}

func TestTwoCountersAtOneRow(t *testing.T) {
	each(t, func(v *village) {
		code, body := v.send(v.address("/rows/1"), nil, "version", "1", "verdict", "match")
		want(v.t, code, body, 303)
		code, body = v.send(v.address("/rows/1"), nil, "version", "1", "verdict", "loss", "remark", "倒塌")
		want(v.t, code, body, 422, `name="version" value="2"`, "倒塌")
		if w := v.row(1); w.Verdict != count.Match {
			v.t.Errorf("the second won: %+v", w)
		}
		code, _ = v.send(v.address("/rows/1"), nil, "verdict", "match")
		if code != 412 {
			v.t.Errorf("without a version it answers %d", code)
		}
	})
}

// TestALossWithoutARemarkIsAskedAgain: a warning that nobody saw stops it once.
func TestALossWithoutARemarkIsAskedAgain(t *testing.T) {
	each(t, func(v *village) {
		code, body := v.count(1, "verdict", "loss")
		want(v.t, code, body, 422, `name="confirm"`)
		code, body = v.count(1, "verdict", "loss", "confirm", "1")
		want(v.t, code, body, 303)
		if w := v.row(1); w.Verified != 0 || w.Loss != w.Book {
			v.t.Errorf("%+v", w)
		}
	})
}

// TestOnThePhone walks the check row by row, then comes back for the photos.
func TestOnThePhone(t *testing.T) {
	each(t, func(v *village) {
		next := v.address("/count")
		for number := int64(1); number <= 4; number++ {
			code, body := v.Get(next)
			want(v.t, code, body, 200, v.row(number).Name, `name="phone" value="1"`, `type="radio"`)
			code, body = v.send(v.address("/rows/%d", number), nil, "version", "1", "phone", "1", "verdict",
				"match",
				"use_state", "self")
			want(v.t, code, body, 303)
			next = v.address("/count?after=%d", number)
		}
		for number := int64(1); number <= 4; number++ {
			code, body := v.Get(next)
			want(v.t, code, body, 200, v.row(number).Name, "notice due")
			code, body = v.send(v.address("/rows/%d", number), &upload{"photo", "IMG.jpg", photo(v.t)},
				"version", "2",
				"phone", "1", "verdict", "match", "use_state", "self", "latitude", "29.562849", "longitude",
				"106.551643")
			want(v.t, code, body, 303)
			next = v.address("/count?after=%d", number)
		}
		if w := v.row(2); w.Photo == 0 || w.Latitude != 29_562_849 || w.Longitude != 106_551_643 {
			v.t.Errorf("%+v", w)
		}
		code, body := v.Get(v.address("/rows/2"))
		want(v.t, code, body, 200, "/thumbnail", "29.562849, 106.551643")
		code, body = v.Get(next)
		want(v.t, code, body, 303, "counting.all")
		code, body = v.send(v.address("/rows/1"), &upload{"photo", "IMG.jpg", []byte("%PDF-1.4\n")},
			"version", "3",
			"verdict", "match")
		if code != 422 {
			v.t.Errorf("a PDF as photo answers %d: %s", code, plain(body))
		}
	})
}

func TestSomethingFound(t *testing.T) {
	each(t, func(v *village) {
		code, body := v.Get(v.address("/rows/new?form=resource"))
		want(v.t, code, body, 200, "耕地", `name="counted_area"`)
		code, body = v.send(v.address("/rows"), &upload{"photo", "IMG.jpg", photo(v.t)}, "form", "resource",
			"name", "屋后坡地",
			"verdict", "gain", "kind", "garden", "counted_area", "2.30", "land_use", "retained",
			"use_state", "self",
			"latitude", "29.1", "longitude", "106.2", "boundary", "东至路")
		want(v.t, code, body, 303)
		w := v.row(5)
		if w.Name != "屋后坡地" || w.Kind != "garden" || w.Class != "resource" || w.Book != 0 ||
			w.GainArea == 0 ||
			w.Photo == 0 || w.Details()["boundary"] != "东至路" {
			v.t.Errorf("%+v", w)
		}
		for name, fields := range map[string][]string{
			"no name":            {"form", "fixed", "kind", "house", "counted", "5"},
			"nothing":            {"form", "fixed", "name", "棚", "kind", "house"},
			"no class of land":   {"form", "resource", "name", "坡", "counted_area", "2"},
			"an unknown kind":    {"form", "fixed", "name", "棚", "kind", "castle", "counted", "5"},
			"a field it has not": {"form", "resource", "name", "坡", "kind", "sea", "counted_area", "2"},
		} {
			code, body := v.send(v.address("/rows"), nil, append(fields, "verdict", "gain")...)
			if code != 422 || !strings.Contains(body, `class="errors"`) {
				v.t.Errorf("%s: answered %d:\n%s", name, code, plain(body))
			}
		}
		if code, _ := v.Get(v.address("/rows/new?form=castle")); code != 422 {
			v.t.Errorf("an unknown form answers %d", code)
		}
	})
}

func TestTheListOfRows(t *testing.T) {
	each(t, func(v *village) {
		code, body := v.count(1, "verdict", "match")
		want(v.t, code, body, 303)
		for path, expected := range map[string][]bool{
			"/rows": {true, true, true, true}, "/rows?form=resource": {false, false, true, true},
			"/rows?verdict=open": {false, true, true, true}, "/rows?verdict=bare": {true, false, false,
				false},
			"/rows?verdict=match&format=csv": {true, false, false, false},
			"/rows?verdict=loss":             {false, false, false, false},
		} {
			code, body := v.Get(v.address("%s", path))
			want(v.t, code, body, 200)
			for i, name := range []string{"仓库", "村道", "河坝田", "水塘"} {
				if strings.Contains(body, name) != expected[i] {
					v.t.Errorf("%s: %s", path, name)
				}
			}
		}
	})
}

// TestNeighboursSeeNothing: every page and act of a check as an accountant of the next village.
func TestNeighboursSeeNothing(t *testing.T) {
	each(t, func(v *village) {
		neighbour := v.SignIn("accountant-" + strconv.Itoa(v.index+1))
		own := v.Session
		v.Session = neighbour
		for _, path := range []string{"/rows", "/rows/1", "/rows/new", "/count", "/sheet.xlsx",
			"/sheet.csv", "/sheet"} {
			if code, body := v.Get(v.address("%s", path)); code < 400 || strings.Contains(body, "仓库") {
				v.t.Errorf("GET %s answers %d", path, code)
			}
		}
		for _, path := range []string{"/rows/1", "/rows"} {
			if code, _ := v.send(v.address("%s", path), nil, "version", "1", "verdict", "match", "form",
				"fixed", "name",
				"棚", "kind", "house", "counted", "5"); code < 400 {
				v.t.Errorf("POST %s answers %d", path, code)
			}
		}
		if code, _ := v.send(v.address("/sheet"), &upload{"sheet", "a.csv",
			[]byte("序号,名称\n1,仓库\n")}); code < 400 {
			v.t.Errorf("a neighbour's sheet is taken: %d", code)
		}
		v.Session = own
	})
}
