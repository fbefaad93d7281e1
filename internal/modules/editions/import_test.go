package editions

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/terrace-project/terrace/internal/modules/placetest"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func TestFirstEditionThenAnother(t *testing.T) {
	each(t, func(f *fixture) {
		first := f.take("2016-07-31", placetest.Sample)
		if first.Counts.Added != 15 || len(first.Findings) != 0 {
			t.Fatalf("%+v, %v", first.Counts, first.Findings)
		}
		county := f.id("500228")
		second := f.take("2020-06-30", placetest.Recoded)
		if c := second.Counts; c.Added != 1 || c.Removed != 3 || c.Recoded != 4 || c.Retyped != 1 ||
			c.Renamed != 1 || c.Respelled != 5 || c.Suggested != 1 {
			t.Errorf("%+v", c)
		}
		if got := f.code("500155", "2020-06-30"); got.ID != county || got.Name != "梁平区" || !got.Stands {
			t.Errorf("the county is not itself any more: %+v", got)
		}
		if got := f.code("500228", "2018-01-01"); got.ID != county || got.Name != "梁平县" {
			t.Errorf("the old code on an old day: %+v", got)
		}
		if got := f.code("500228101202", ""); got.ID == 0 || got.Code != "500155101202" ||
			got.Name != "太阳村村民委员会" {
			t.Errorf("the old code of a village that moved along: %+v", got)
		}
		if got := f.code("500102103203", ""); got.Stands || got.Name != "龙泉村委会" ||
			got.Until != "2020-06-30" {
			t.Errorf("the code of a village that ended: %+v", got)
		}
		was, err := f.places.At(f.ctx, "2019-12-31")
		f.must(err)
		if was.Len() != 15 || f.places.Today().Len() != 13 {
			t.Errorf("%d places in 2019, %d today", was.Len(), f.places.Today().Len())
		}
		f.checkAlong(county)
	})
}

// checkAlong: what moved along with the county tells of the county's act.
func (f *fixture) checkAlong(county int64) {
	f.t.Helper()
	record, err := f.places.Record(f.ctx, f.id("500155101202"), f.today)
	list := record.Events
	if err != nil || len(list) != 2 || list[1].Kind != territory.Retyping || list[1].Place != county {
		f.t.Errorf("the village's history: %+v, %v", list, err)
	}
}

func TestTheSameEditionAgainChangesNothing(t *testing.T) {
	each(t, func(f *fixture) {
		f.take("2016-07-31", placetest.Sample)
		before := f.dump()
		if again := f.take("2016-07-31", placetest.Sample); !again.Again {
			t.Error("the same file is not recognised")
		}
		if got := f.dump(); got != before {
			t.Errorf("%s\nwas\n%s", got, before)
		}
		c := f.take("2018-07-31", strings.Replace(placetest.Sample, "\n", "\r\n", -1)).Counts
		if c.Same != 15 || c.Added+c.Removed != 0 {
			t.Errorf("the same places in another file: %+v", c)
		}
	})
}

func TestADryRunChangesNothing(t *testing.T) {
	f := onSQLite(t)
	f.take("2016-07-31", placetest.Sample)
	before := f.dump()
	got, err := f.Import(f.ctx, Import{Source: source(placetest.Recoded), Scheme: territory.Statistical,
		On: "2020-06-30", DryRun: true})
	f.must(err)
	if got.Counts.Recoded != 4 || f.dump() != before {
		t.Errorf("%+v", got.Counts)
	}
}

// TestKilledAnywhereAndRunAgain: an import stopped between any two of its transactions, or in the
// middle of one, and run again gives what one clean run gives. Closures are not replayed here: what is
// undone gives up a block of numbers, and the numbers are compared too.
func TestKilledAnywhereAndRunAgain(t *testing.T) {
	broken := placetest.Recoded + "500102103206,待定,5,500102103000,220\n5.00102E+11,坏,5,500102103000,220\n"
	want := func() string {
		f := onSQLite(t, storetest.WithoutReplay)
		f.take("2016-07-31", placetest.Sample)
		f.take("2020-06-30", broken)
		f.verify()
		return f.dump()
	}()
	dead := errors.New("killed")
	for _, chunk := range []int{1, 2, 5} {
		f := onSQLite(t, storetest.WithoutReplay)
		f.chunk = chunk
		kills := 0
		for i, text := range []string{placetest.Sample, broken} {
			on := []period.Date{"2016-07-31", "2020-06-30"}[i]
			for stop := 1; ; stop++ {
				n := 0
				f.halt = func() error {
					if n++; n > stop%4 {
						kills++
						return dead
					}
					return nil
				}
				_, err := f.try(on, "test.csv", []byte(text))
				if err == nil {
					break
				}
				if !errors.Is(err, dead) {
					t.Fatal(err)
				}
				f.places.Today() // somebody looks in between
			}
		}
		f.halt = nil
		f.verify()
		if kills < 4 {
			t.Errorf("portions of %d: killed only %d times", chunk, kills)
		}
		if got := f.dump(); got != want {
			t.Errorf("portions of %d:\n%s\nwant\n%s", chunk, got, want)
		}
	}
}

// TestAnUnfinishedImportStandsInTheWayOfAnother until it has been finished.
func TestAnUnfinishedImportStandsInTheWayOfAnother(t *testing.T) {
	f := onSQLite(t)
	f.halt = func() error { return errors.New("killed") }
	if _, err := f.try("2016-07-31", "a.csv", []byte(placetest.Sample)); err == nil {
		t.Fatal("not killed")
	}
	f.halt = nil
	_, err := f.try("2020-06-30", "b.csv", []byte(placetest.Recoded))
	if !fault.HasKey(err, "editions.edition.unfinished") {
		t.Errorf("another import: %v", err)
	}
	if got := f.take("2016-07-31", placetest.Sample); !got.Resumed || f.places.Today().Len() != 15 {
		t.Errorf("%+v", got)
	}
}

func TestEncodings(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(placetest.Sample)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(placetest.Sample)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body     []byte
		encoding string
	}{
		"UTF-8":          {[]byte(placetest.Sample), "UTF-8"},
		"with a mark":    {[]byte("\ufeff" + placetest.Sample), "UTF-8"},
		"GB18030":        {[]byte(gb), "GB18030"},
		"UTF-16":         {[]byte(wide), "UTF-16"},
		"packed":         {packed(placetest.Sample), "UTF-8"},
		"packed GB18030": {packed(gb), "GB18030"},
	} {
		f := onSQLite(t)
		got, err := f.try("2016-07-31", name, c.body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Counts.Added != 15 || len(got.Findings) != 0 || got.Edition.Encoding != c.encoding ||
			f.places.Name(f.id("500102")) != "涪陵区" {
			t.Errorf("%s: %+v %v %s", name, got.Counts, got.Findings, got.Edition.Encoding)
		}
	}
	// A byte of one character has been lost on the way: that row is named, the rest is read as it is.
	f := onSQLite(t)
	got := f.take("2016-07-31", strings.Replace(placetest.Sample, "天台", "天\xe5\x8f", 1))
	if len(got.Findings) != 1 || got.Findings[0].Key != "territory.anomaly.name_unreadable" ||
		got.Findings[0].Row != 9 {
		t.Errorf("%v", got.Findings)
	}
}

func TestWhatCannotBeImportedIsRefusedWhole(t *testing.T) {
	bomb := packed(strings.Repeat("0", 40<<20))
	for name, c := range map[string]struct {
		body string
		key  string
	}{
		"nothing":            {"", "territory.edition.headings"},
		"a workbook":         {"PK\x03\x04rest", "editions.file.foreign"},
		"a PDF":              {"%PDF-1.7", "editions.file.foreign"},
		"a web page":         {"<html><body>403</body></html>", "editions.file.foreign"},
		"JSON":               {`[{"code":"500000000000"}]`, "editions.file.foreign"},
		"zeros":              {"code,name\x00\x00\x00", "editions.file.foreign"},
		"noise":              {strings.Repeat("\xff\x80\xfe", 300), "editions.file.encoding"},
		"a cut archive":      {string(packed(placetest.Sample)[:200]), "editions.file.damaged"},
		"an archive's head":  {"\x1f\x8b\x08", "editions.file.damaged"},
		"an archive in one":  {string(packed(string(packed(placetest.Sample)))), "editions.file.foreign"},
		"a bomb":             {string(bomb), "editions.file.bomb"},
		"headings only":      {"code,name\n", "territory.edition.nothing"},
		"only unusable rows": {"code,name\n5.00102E+11,涪陵区\n", "territory.edition.nothing"},
	} {
		f := onSQLite(t)
		before := f.dump()
		_, err := f.try("2016-07-31", name, []byte(c.body))
		if !fault.HasKey(err, c.key) || f.dump() != before {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	f := onSQLite(t)
	for name, c := range map[string]struct {
		ctx    bool
		scheme territory.Scheme
		on     period.Date
		key    string
	}{
		"nobody":         {false, territory.Statistical, "2016-07-31", "access.sign_in"},
		"another scheme": {true, territory.Civil, "2016-07-31", "editions.edition.scheme"},
		"no day":         {true, territory.Statistical, "2016-7-31", "territory.act.date"},
		"tomorrow":       {true, territory.Statistical, "2026-01-06", "editions.edition.future"},
	} {
		ctx := t.Context()
		if c.ctx {
			ctx = f.ctx
		}
		_, err := f.Import(ctx, Import{Source: source(placetest.Sample), Scheme: c.scheme, On: c.on})
		if !fault.HasKey(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	if access.From(t.Context()).SignedIn() {
		t.Error("the test acts as somebody")
	}
}

// TestAnOlderEditionComesTooLate: what a later one made cannot be made one with it any more.
func TestAnOlderEditionComesTooLate(t *testing.T) {
	f := onSQLite(t)
	f.take("2020-06-30", placetest.Recoded)
	_, err := f.try("2016-07-31", "old.csv", []byte(placetest.Sample))
	if !fault.HasKey(err, "editions.edition.later") {
		t.Errorf("%v", err)
	}
	hubei := "code,name,level,parent\n420000000000,湖北省,1,\n420700000000,鄂州市,2,420000000000\n"
	if got := f.take("2016-07-31", hubei); got.Counts.Added != 2 {
		t.Errorf("another province: %+v", got.Counts)
	}
	f.verify()
}

// TestActsAndEditionsGoTogether: a rename entered for a later day stands, and an edition between says
// what held before it.
func TestActsAndEditionsGoTogether(t *testing.T) {
	each(t, func(f *fixture) {
		f.take("2016-07-31", placetest.Sample)
		town := f.id("500102103")
		f.must(f.places.Rename(f.ctx, territory.Rename{Order: territory.Order{On: "2023-01-01",
			Document: "涪府发〔2022〕9号"}, Place: town,
			Name: "白涛新镇"}))
		f.take("2020-06-30", strings.Replace(placetest.Sample, "500102103202,小溪村委会,5,500102103000,220",
			"500102103202,小溪村委会,5,500102103000,122", 1))
		gone := strings.Replace(placetest.Sample, "500102103204,凤山村委会,5,500102103000,220\n", "", 1)
		f.take("2021-06-30", gone)
		for on, want := range map[period.Date]string{"2021-12-31": "白涛镇", "2023-01-01": "白涛新镇"} {
			tr, err := f.places.At(f.ctx, on)
			f.must(err)
			if n := tr.Find(town); n == tree.None || tr.Name(n) != want || tr.ChildCount(n) != 3 {
				t.Errorf("on %s: %s with %d villages", on, tr.Name(n), tr.ChildCount(n))
			}
		}
	})
}

func TestProgressIsTold(t *testing.T) {
	f := onSQLite(t)
	f.chunk = 4
	var told []string
	_, err := f.Import(f.ctx, Import{Source: source(placetest.Sample), Scheme: territory.Statistical,
		On: "2016-07-31",
		Progress: func(stage string, done, total int64) {
			told = append(told, fmt.Sprint(stage, " ", done, "/", total))
		}})
	f.must(err)
	if !slices.Contains(told, "read 3/3") || told[len(told)-1] != "apply 15/15" ||
		!slices.Contains(told, "apply 8/15") {
		t.Errorf("%v", told)
	}
}

// source is a text as ReadFile would give it.
func source(text string) Source { return Source{Text: text, Hash: "test", Encoding: "UTF-8"} }
