package counting_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/intake"
)

// book is a workbook that is being filled in: cells by row and by the key of the field.
type book struct {
	t       *testing.T
	file    *excelize.File
	sheet   string
	columns map[string]string
}

// The rows of a template: the keys of the fields, and the first row of the ledger.
const (
	keysRow  = 4
	firstRow = 6
)

func (v *village) book(path string) *book {
	v.t.Helper()
	code, body := v.Get(v.address("%s", path))
	if code != 200 {
		v.t.Fatalf("%s answers %d", path, code)
	}
	f, err := excelize.OpenReader(strings.NewReader(body))
	v.must(err)
	b := &book{v.t, f, f.GetSheetName(0), map[string]string{}}
	rows, err := f.GetRows(b.sheet)
	v.must(err)
	for i, key := range rows[keysRow-1] {
		b.columns[key], err = excelize.ColumnNumberToName(i + 1)
		v.must(err)
	}
	return b
}

// set fills in cells of a row: key, value, key, value …
func (b *book) set(row int, cells ...string) *book {
	b.t.Helper()
	for i := 0; i+1 < len(cells); i += 2 {
		column, known := b.columns[cells[i]]
		if !known {
			b.t.Fatalf("the sheet has no column %s", cells[i])
		}
		if err := b.file.SetCellStr(b.sheet, column+strconv.Itoa(row), cells[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	return b
}

func (b *book) at(row int, key string) string {
	b.t.Helper()
	text, err := b.file.GetCellValue(b.sheet, b.columns[key]+strconv.Itoa(row))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

func (b *book) bytes() []byte {
	b.t.Helper()
	var out bytes.Buffer
	if err := b.file.Write(&out); err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

var sentAt = regexp.MustCompile(`/sheet/(\d+)"`)

// give sends a sheet and returns the address of its page.
func (v *village) give(name string, content []byte) string {
	v.t.Helper()
	code, body := v.send(v.address("/sheet"), &upload{"sheet", name, content})
	want(v.t, code, body, 303)
	_, body = v.Get(v.address("/sheet"))
	found := sentAt.FindStringSubmatch(body) // the newest
	if found == nil {
		v.t.Fatalf("the sheet is not listed: %s", plain(body))
	}
	return v.address("/sheet/%s", found[1])
}

// act goes on with a sheet that was sent.
func (v *village) act(page, act, explanation string) (int, string) {
	v.t.Helper()
	return v.Post(page, url.Values{"act": {act}, "explanation": {explanation}})
}

// TestAWorkbookComesBack: taken with the ledger in it, filled in by meaning and by code, sent, read,
// taken over; something found is added below; sent twice it takes effect once.
func TestAWorkbookComesBack(t *testing.T) {
	each(t, func(v *village) {
		b := v.book("/sheet.xlsx")
		if b.at(firstRow, "name") != "仓库" || b.at(firstRow, "kind") == "" || b.at(firstRow+2,
			"book_area") == "" {
			v.t.Fatalf("the ledger is not in it: %s, %s", b.at(firstRow, "name"), b.at(firstRow, "kind"))
		}
		b.set(firstRow, "verdict", "相符", "keeper", "赵某").
			set(firstRow+1, "verdict", "毁损", "counted", "100000", "remark", "水毁").
			set(firstRow+2, "verdict", "match", "counted_on", "2026-01-10", "latitude", "29.562849",
				"longitude", "106.55").
			set(firstRow+5, "form", "固定资产", "name", "晒坝", "kind", "建筑物", "verdict", "盘盈", "counted",
				"12000.50",
				"class", "经营性", "use_state", "自用")
		content := b.bytes()
		page := v.give("清点表.xlsx", content)
		code, body := v.Get(page)
		want(v.t, code, body, 200, `value="apply"`)
		if w := v.row(1); w.Verdict != count.Uncounted {
			v.t.Fatalf("it was taken over unasked: %+v", w)
		}
		code, body = v.act(page, "apply", "")
		want(v.t, code, body, 303)
		one, two, three, five := v.row(1), v.row(2), v.row(3), v.row(5)
		if one.Verdict != count.Match || one.Keeper != "赵某" || one.Verified != one.Book {
			v.t.Errorf("%+v", one)
		}
		if two.Verdict != count.Damaged || two.Loss != two.Book-100_000_00 || two.Remark != "水毁" {
			v.t.Errorf("%+v", two)
		}
		if three.CountedOn != "2026-01-10" || three.Latitude != 29_562_849 ||
			three.VerifiedArea != three.BookArea {
			v.t.Errorf("%+v", three)
		}
		if v.row(4).Verdict != count.Uncounted {
			v.t.Errorf("a row without a verdict was counted: %+v", v.row(4))
		}
		if five.Name != "晒坝" || five.Kind != "building" || five.Gain != 12_000_50 ||
			five.Class != "operating" {
			v.t.Errorf("%+v", five)
		}
		if again := v.give("清点表.xlsx", content); again != page || len(v.all()) != 5 {
			v.t.Errorf("sent again it is %s and leaves %d rows", again, len(v.all()))
		}
	})
}

// csvSheet is the CSV template as records: what it is, headings, rows.
func (v *village) csvSheet(path string) [][]string {
	v.t.Helper()
	code, body := v.Get(v.address("%s", path))
	if code != 200 {
		v.t.Fatalf("%s answers %d", path, code)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff")))
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	v.must(err)
	return records
}

func csvBytes(records [][]string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(records); err != nil {
		panic(err) // in memory
	}
	return out.Bytes()
}

// column finds a heading.
func column(records [][]string, heading string) int {
	return slices.IndexFunc(records[1], func(h string) bool { return strings.HasPrefix(h, heading) })
}

// TestTheSheetOfOneForm has the form's own columns and refuses another check.
func TestTheSheetOfOneForm(t *testing.T) {
	each(t, func(v *village) {
		records := v.csvSheet("/sheet.csv?form=resource")
		if len(records) != 4 || column(records, "所属表") >= 0 || column(records, "四至") < 0 {
			v.t.Fatalf("%v", records)
		}
		records[2][column(records, "清查结论")] = "闲置"
		records[2][column(records, "四至")] = "东至河，西至路"
		records[2][column(records, "使用状况")] = "闲置"
		code, body := v.act(v.give("资源.csv", csvBytes(records)), "apply", "")
		want(v.t, code, body, 303)
		if w := v.row(3); w.Verdict != count.Unused || w.Details()["boundary"] != "东至河，西至路" ||
			w.UseState != "idle" {
			v.t.Errorf("%+v", w)
		}
		neighbour := *v
		neighbour.Session = v.SignIn("accountant-" + strconv.Itoa(v.index+1))
		neighbour.check.ID = v.otherCheck()
		code, body = neighbour.send(neighbour.address("/sheet"), &upload{"sheet", "资源.csv",
			csvBytes(records)})
		want(v.t, code, body, 409, v.check.Name)
	})
}

// TestADirtySheetChangesNothing: everything wrong is named with row and column.
func TestADirtySheetChangesNothing(t *testing.T) {
	each(t, func(v *village) {
		before := v.all()
		b := v.book("/sheet.xlsx").
			set(firstRow, "verdict", "大概相符").
			set(firstRow+1, "verdict", "盘亏", "counted", "十万").
			set(firstRow+2, "verdict", "相符", "counted_area", "1").
			set(firstRow+3, "book_area", "999", "verdict", "相符").
			set(firstRow+5, "form", "固定资产", "name", "晒坝", "kind", "城堡", "verdict", "盘盈", "counted", "5").
			set(firstRow+6, "form", "固定资产", "name", "粮仓").
			set(firstRow+7, "number", "77", "form", "固定资产", "name", "鸡舍", "verdict", "相符").
			set(firstRow+8, "form", "固定资产", "name", "棚", "kind", "房屋", "verdict", "盘盈", "counted", "5",
				"latitude", "29")
		page := v.give("乱.xlsx", b.bytes())
		code, body := v.Get(page)
		want(v.t, code, body, 200, "锁定")
		for row, key := range map[int]string{firstRow: "verdict", firstRow + 1: "counted", firstRow +
			2: "verdict",
			firstRow + 5: "kind", firstRow + 6: "verdict", firstRow + 7: "name", firstRow + 8: "latitude"} {
			if place := fmt.Sprintf("第%d行，“%s”列", row, b.columns[key]); !strings.Contains(body, place) {
				v.t.Errorf("nothing is said about %s:\n%s", place, plain(body))
			}
		}
		if code, _ = v.act(page, "apply", "照写"); code < 400 {
			v.t.Errorf("it was taken over: %d", code)
		}
		if after := v.all(); !slices.Equal(before, after) {
			v.t.Error("it changed something")
		}
		code, marked := v.Get(page + "?format=marked")
		if f, err := excelize.OpenReader(strings.NewReader(marked)); code != 200 || err != nil {
			v.t.Errorf("no marked copy: %d, %v", code, err)
		} else if notes, err := f.GetComments(b.sheet); err != nil || len(notes) < 5 {
			v.t.Errorf("%d cells are marked (%v)", len(notes), err)
		}
		if code, list := v.Get(page + "?format=csv"); code != 200 || !strings.Contains(list, "城堡") {
			v.t.Errorf("the list of findings answers %d: %s", code, list)
		}
		code, body = v.act(page, "cancel", "")
		want(v.t, code, body, 303)
		for name, content := range map[string]string{"照片.jpg": "\xff\xd8\xff\xe0", "空.csv": "",
			"别的.csv": "a,b\n1,2\n"} {
			if code, body := v.send(v.address("/sheet"), &upload{"sheet", name,
				[]byte(content)}); code < 400 || code > 499 {
				v.t.Errorf("%s answers %d: %s", name, code, plain(body))
			}
		}
		if code, _ := v.send(v.address("/sheet"), nil); code != 422 {
			v.t.Errorf("no file answers %d", code)
		}
	})
}

// TestWhatWasCountedSinceIsNotOverwrittenUnseen: it is a warning, and taken over with an explanation.
func TestWhatWasCountedSinceIsNotOverwrittenUnseen(t *testing.T) {
	each(t, func(v *village) {
		b := v.book("/sheet.xlsx").set(firstRow, "verdict", "闲置").set(firstRow+1, "verdict", "相符").
			set(firstRow+5, "form", "固定资产", "name", "村道", "kind", "道路桥梁", "verdict", "盘盈", "counted", "5")
		code, body := v.count(1, "verdict", "match")
		want(v.t, code, body, 303)
		page := v.give("旧表.xlsx", b.bytes())
		code, body = v.Get(page)
		want(v.t, code, body, 200, "仓库", "同名", `name="explanation"`)
		if code, _ = v.act(page, "apply", ""); code != 422 {
			v.t.Errorf("without an explanation it answers %d", code)
		}
		if w := v.row(1); w.Verdict != count.Match {
			v.t.Errorf("%+v", w)
		}
		code, body = v.act(page, "apply", "复核后以此表为准")
		want(v.t, code, body, 303)
		if one, two := v.row(1), v.row(2); one.Verdict != count.Unused || two.Verdict != count.Match ||
			len(v.all()) != 5 {
			v.t.Errorf("%+v\n%+v", one, two)
		}
	})
}

// TestASheetThatWasStopped goes on where it was, and every row takes effect once.
func TestASheetThatWasStopped(t *testing.T) {
	each(t, func(v *village) {
		records := v.csvSheet("/sheet.csv?form=fixed")
		name, kind, verdict := column(records, "名称"), column(records, "类别"), column(records, "清查结论")
		records[2][verdict] = "相符"
		for i := range 1050 {
			line := make([]string, len(records[1]))
			line[name], line[kind], line[verdict] = "路灯"+strconv.Itoa(i+1), "其他", "盘盈"
			line[column(records, "盘点数")] = "800"
			records = append(records, line)
		}
		page := v.give("路灯.csv", csvBytes(records))
		id, err := strconv.ParseInt(page[strings.LastIndex(page, "/")+1:], 10, 64)
		v.must(err)
		stopped := errors.New("the machine was switched off")
		_, err = v.Host.Intake.Apply(v.t.Context(), intake.Order{Actor: v.As("accountant", v.index),
			Home: v.check.Home,
			ID:   id, Progress: func(int64, int64) error { return stopped }})
		if !errors.Is(err, stopped) ||
			len(v.all()) != 4+998 { // a portion is a thousand rows, two of the ledger
			v.t.Fatalf("%v, %d rows", err, len(v.all()))
		}
		code, body := v.Get(page)
		want(v.t, code, body, 200, `value="apply"`)
		for range 2 {
			code, body = v.act(page, "apply", "")
			want(v.t, code, body, 303)
		}
		list := v.all()
		if len(list) != 4+1050 || list[1053].Name != "路灯1050" || v.row(1).Verdict != count.Match {
			v.t.Errorf("%d rows, the last %s", len(list), list[len(list)-1].Name)
		}
	})
}
