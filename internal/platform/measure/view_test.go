package measure_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/packs"
)

// view is a page made of both pieces.
var view = fstest.MapFS{"page.html": {Data: []byte(`{{define "content"}}
<div class="pulse">{{range .Data.Tiles}}
{{template "figure-tile" .}}{{end}}</div>{{template "figure-board" .Data.Board}}{{end}}`)}}

type pageView struct {
	Tiles []measure.Tile
	Board measure.Board
}

// names of county units, for a board that looks like the real one.
var names = map[string]string{"500101": "万州", "500102": "涪陵", "500103": "渝中", "500104": "大渡口",
	"500105": "江北", "500106": "沙坪坝", "500107": "九龙坡", "500108": "南岸", "500109": "北碚", "500110": "綦江",
	"500111": "大足", "500112": "渝北", "500113": "巴南", "500114": "黔江", "500115": "长寿", "500116": "江津",
	"500117": "合川", "500118": "永川", "500119": "南川", "500120": "璧山", "500151": "铜梁", "500152": "潼南",
	"500153": "荣昌", "500154": "开州", "500155": "梁平", "500156": "武隆", "500229": "城口", "500230": "丰都",
	"500231": "垫江", "500233": "忠县", "500235": "云阳", "500236": "奉节", "500237": "巫山", "500238": "巫溪",
	"500240": "石柱", "500241": "秀山", "500242": "酉阳", "500243": "彭水"}

// share is a ratio with gaps, as a board shows it.
var share = definition("share", func(d *measure.Definition) {
	d.Title = locale.Words{Chinese: "年度清查完成率", English: "Yearly checks done"}
	d.Unit, d.Decimals, d.Parts, d.Mark = locale.Words{Chinese: "%", English: "%"}, 1, true, pack.Unverified
})

// boardItems are the counties of the map with drawn values; some have not reported.
func boardItems(t testing.TB) []measure.Item {
	t.Helper()
	p, err := pack.NewLibrary(packs.Files).Read("chongqing")
	if err != nil {
		t.Fatal(err)
	}
	var items []measure.Item
	for i, spot := range measure.Spots(p) {
		if spot.Code == "" {
			continue
		}
		v := measure.Value{Definition: share, Period: year, Known: i%9 != 4,
			Amount: int64(1000 - i*i*7%630),
			Sum:    measure.Sum{Covered: int64(8 + i%3), Expected: 10}}
		items = append(items, measure.Item{Place: int64(i + 1), Name: names[string(spot.Code)], Spot: &spot,
			Value: v,
			Href:  "/places/1"})
	}
	return items
}

func values(amounts ...int64) []measure.Value {
	var all []measure.Value
	for i, a := range amounts {
		all = append(all, measure.Value{Definition: definition("organisations",
			func(d *measure.Definition) {
				d.Title = locale.Words{Chinese: "集体经济组织", English: "Collective organisations"}
				d.Unit = locale.Words{Chinese: "个", English: "bodies"}
			}), Period: period.OfYear(2020 + i), Known: a >= 0, Amount: a, Sum: measure.Sum{Covered: 9,
			Expected: 12}})
	}
	return all
}

func page(t testing.TB) http.Handler {
	t.Helper()
	d, err := locale.Load(locale.Own, web.Texts, measure.Texts, pack.Texts)
	if err != nil {
		t.Fatal(err)
	}
	s := web.New(web.Config{Dictionary: d, Access: access.New(), Title: "重庆市"})
	s.AddViews("test", view)
	s.Handle(web.Route{Pattern: "GET /board", Access: web.Public(),
		Handle: func(r *web.Request) (web.Answer, error) {
			series := values(80, 90, -1, 95, 104, 110)
			plain := values(5)
			plain[0].Covered = 12
			return web.View("test/page", web.Page{Title: "Board", Wide: true, Data: pageView{
				Tiles: []measure.Tile{measure.TileOf(r, measure.Series{Values: series, YearAgo: &series[1],
					Href: "/x"}),
					measure.TileOf(r, measure.Series{Values: plain})},
				Board: measure.BoardOf(r, share, "2025", boardItems(t), "/board.csv")}}), nil
		}}, web.Route{Pattern: "GET /board.csv", Access: web.Public(),
		Handle: func(r *web.Request) (web.Answer, error) {
			var b bytes.Buffer
			err := measure.WriteCSV(&b, r, boardItems(t))
			return web.File("board.csv", "text/csv; charset=utf-8", &b), err
		}})
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func fetch(t testing.TB, path, language string) string {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Language", language)
	w := httptest.NewRecorder()
	page(t).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func TestTilesAndBoard(t *testing.T) {
	body := fetch(t, "/board", "en")
	for _, want := range []string{"110 <small>bodies</small>", "&#43;5.8 % since 2024", "(better)",
		"9 of 12 reported",
		`<svg class="spark"`, `aria-label="course from 2020 to 2025"`, "(unverified)",
		`style="grid-row:5;grid-column:3/span 1"`, "heat-5", "heat-0", "Download CSV",
		"Source: test; basis: b"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if n := strings.Count(body, `class="tile heat-`); n != 38 {
		t.Errorf("%d tiles are on the map, want 38", n)
	}
	if n := strings.Count(body, "<tr><td"); n != 38 {
		t.Errorf("%d rows are in the table, want 38", n)
	}
	if !strings.Contains(fetch(t, "/board", "zh-CN"), "已报 9／应报 12") {
		t.Error("the Chinese page does not tell the coverage")
	}
}

// TestTheFileHasWhatTheBoardShows, and an empty field for what is not known.
func TestTheFileHasWhatTheBoardShows(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(fetch(t, "/board.csv", "en")), "\n")
	if len(lines) != 39 {
		t.Errorf("%d lines", len(lines))
	}
	if !strings.HasPrefix(lines[1], "城口,100.0,%,2025,") || !strings.Contains(lines[5], ",,%,2025,") {
		t.Errorf("%q %q", lines[1], lines[5])
	}
}

// TestRanksShareAPlace: equal values have equal ranks and the same step of the scale.
func TestRanksShareAPlace(t *testing.T) {
	var items []measure.Item
	for i, amount := range []int64{7, 9, 9, 3} {
		items = append(items, measure.Item{Name: string(rune('a' + i)), Value: measure.Value{
			Definition: definition("d", nil), Known: true, Amount: amount}})
	}
	for direction, want := range map[measure.Direction]string{measure.More: "b1 c1 a3 d4",
		measure.Less: "d1 a2 b3 c3"} {
		d := definition("d", func(d *measure.Definition) { d.Direction = direction })
		var got []string
		for _, row := range measure.Ranked(d, items) {
			got = append(got, row.Name+row.Rank)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s, want %s", direction, text, want)
		}
	}
}
