package intake_test

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func dictionary(t testing.TB) *locale.Dictionary {
	t.Helper()
	d, err := locale.Load(intake.Texts, form.Texts, sheet.Texts, locale.Own)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// page renders the block as the pages do.
func page(t testing.TB, v intake.View, l locale.Language) string {
	t.Helper()
	d := dictionary(t)
	funcs := template.FuncMap{
		"t": func(key string, args ...any) string { return d.Text(l, key, args...) },
		"status": func(status, text string) template.HTML {
			return template.HTML(`<span class="status ` + status + `">` + template.HTMLEscapeString(text) +
				`</span>`)
		},
	}
	blocks, err := template.New("").Funcs(funcs).ParseFiles("../web/views/_intake.html")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := blocks.ExecuteTemplate(&b, "intake", v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTheThreeEndsLookDifferent: empty, failed and cut, and none of them like done.
func TestTheThreeEndsLookDifferent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		viewer := intake.Viewer{Dictionary: dictionary(t), Language: locale.English, Address: "/intakes/1",
			Marked: true}
		show := func(in intake.Intake) (intake.View, string) {
			v, err := w.View(t.Context(), officer, in, viewer, intake.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			return v, page(t, v, locale.English)
		}
		in, err := w.run(t.Context(), "名称,金额,电话\n")
		if err != nil {
			t.Fatal(err)
		}
		empty, emptyPage := show(in)
		if empty.Empty == "" || empty.Failed+empty.Cut != "" || !strings.Contains(emptyPage,
			`class="empty"`) {
			t.Errorf("empty: %+v\n%s", empty, emptyPage)
		}
		w.SetLimits(sheet.Limits{Rows: 50})
		if in, _, err = w.Stage(t.Context(), request(list(60))); err == nil {
			t.Fatal("60 rows were taken")
		}
		failed, failedPage := show(in)
		if failed.Failed == "" || failed.Empty+failed.Cut != "" || !strings.Contains(failedPage,
			"more than 50 rows") ||
			!strings.Contains(failedPage, `class="errors"`) {
			t.Errorf("failed: %+v\n%s", failed, failedPage)
		}
		in, _, err = w.Stage(t.Context(), request(list(8)))
		if err == nil {
			in, err = w.Check(t.Context(), officer, in.Home, in.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Apply(t.Context(), intake.Order{Actor: officer, Home: in.Home, ID: in.ID,
			Progress: func(done, total int64) error { return errDown }})
		now, _ := w.Get(t.Context(), officer, in.Home, in.ID)
		running, _ := show(now)
		if !running.Running || running.Done != 2 || running.Total != 8 {
			t.Errorf("running: %+v, %v", running, err)
		}
		if in, err = w.Cancel(t.Context(), officer, in.Home, in.ID); err != nil {
			t.Fatal(err)
		}
		cut, cutPage := show(in)
		if cut.Cut == "" || cut.Empty+cut.Failed != "" || !strings.Contains(cutPage,
			"of 8 rows 2 took effect") {
			t.Errorf("cut: %+v\n%s", cut, cutPage)
		}
		if in, err = w.run(t.Context(), list(5)); err != nil {
			t.Fatal(err)
		}
		done, donePage := show(in)
		if done.Empty+done.Failed+done.Cut != "" || done.Status != "done" || done.Running ||
			!strings.Contains(donePage, "5 applied") || strings.Contains(donePage, "⟨") {
			t.Errorf("done: %+v\n%s", done, donePage)
		}
	})
}

// TestFindingsAreFilteredPagedAndTakenAway in both languages.
func TestFindingsAreFilteredPagedAndTakenAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var b strings.Builder
		b.WriteString("名称,金额,电话\n")
		for i := range 250 {
			fmt.Fprintf(&b, "泵%d,%s,\n", i, []string{"x", "5000"}[i%2])
		}
		in, err := w.run(t.Context(), b.String())
		if !fault.HasKey(err, "intake.errors") || in.Errors != 125 || in.Warnings != 125 {
			t.Fatalf("%+v, %v", in, err)
		}
		viewer := intake.Viewer{Dictionary: dictionary(t), Language: locale.Chinese,
			Address: "/intakes/1?x=1", Marked: true}
		v, err := w.View(t.Context(), officer, in, viewer, intake.Filter{Severity: fault.Warning})
		if err != nil || len(v.Findings) != 125 || v.More != "" || v.CanApply || !v.CanCheck {
			t.Fatalf("%d findings, %+v, %v", len(v.Findings), v.Filters, err)
		}
		html := page(t, v, locale.Chinese)
		for _, piece := range []string{`href="/intakes/1?x=1&amp;severity=error"`, `错误 125`,
			`aria-current="page">提醒 125`,
			`工作表“泵.csv”，第3行，“B”列`, `金额5,000.00偏大`, `format=xlsx&amp;severity=warning`, `format=marked`,
			`<span class="status due">提醒</span>`} {
			if !strings.Contains(html, piece) {
				t.Errorf("the page lacks %s", piece)
			}
		}
		v, err = w.View(t.Context(), officer, in, viewer, intake.Filter{Limit: 100})
		if err != nil || len(v.Findings) != 100 || !strings.Contains(v.More, "after=0.200.2.1") {
			t.Errorf("%d findings, then %s, %v", len(v.Findings), v.More, err)
		}
		seen := 0
		var last fault.Finding
		for f, err := range w.All(t.Context(), officer, in, intake.Filter{Limit: 70}) {
			errorsFirst := last.Severity != fault.Warning || f.Severity == fault.Warning
			if err != nil || !errorsFirst || f.Severity == last.Severity && f.Row <= last.Row {
				t.Fatalf("%v after %v, %v", f, last, err)
			}
			last = f
			seen++
		}
		if seen != 250 {
			t.Errorf("%d findings were streamed", seen)
		}
		var out bytes.Buffer
		n, err := sheet.WriteCSV(&out, w.Table(t.Context(), officer, in, viewer,
			intake.Filter{Severity: fault.Error}))
		if err != nil || n != 125 || !strings.Contains(out.String(), "“金额”应填写数字。（填写的是“x”）") {
			t.Errorf("%d rows, %v", n, err)
		}
		for _, cursor := range []string{"1", "a.b.c.d", "1.2.3", "1.2.3.4.5", "1.2.3.x"} {
			if _, _, err := w.Findings(t.Context(), officer, in,
				intake.Filter{After: cursor}); !fault.HasKey(err,
				"web.cursor") {
				t.Errorf("cursor %q: %v", cursor, err)
			}
		}
	})
}
