package edition_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

const heading = "code,name,level,parent,ur_code\n"

const small = `500000000000,重庆市,1,100000000000,
500100000000,市辖区,2,500000000000,
500102000000,涪陵区,3,500100000000,
500102006000,敦仁街道,4,500102000000,
500102006001,兴华中路社区居委会,5,500102006000,111
500102103000,白涛镇,4,500102000000,
500102103203,天台村村委会,5,500102103000,220
`

// keysAt lists the findings of a file as line:key.
func keysAt(findings []fault.Finding) []string {
	var keys []string
	for _, f := range findings {
		keys = append(keys, fmt.Sprintf("%d:%s", f.Row, strings.TrimPrefix(f.Key, "territory.anomaly.")))
	}
	return keys
}

// codesOf lists the rows as code<parent, in their order.
func codesOf(f *edition.File) []string {
	var all []string
	for _, r := range f.Rows {
		parent := r.Outside
		if r.Parent != edition.NoRow {
			parent = f.Rows[r.Parent].Code
		}
		all = append(all, fmt.Sprintf("%d<%d", r.Code, parent))
	}
	return all
}

func parse(t *testing.T, text string) *edition.File {
	t.Helper()
	f, err := edition.Parse(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEveryAnomalyNamesItsRow: one bad thing at a time in an otherwise good file.
func TestEveryAnomalyNamesItsRow(t *testing.T) {
	for _, c := range []struct {
		name, row string
		rows      int // taken of the 7 good ones and this
		want      []string
	}{
		{"short code", "500103,渝中区,3,500100000000,", 8, []string{"9:code_short"}},
		{"eleven digits", "50010300000,渝中区,3,500100000000,", 7, []string{"9:code_length"}},
		{"thirteen digits", "5001030000000,渝中区,3,500100000000,", 7, []string{"9:code_length"}},
		{"scientific", "5.00103E+11,渝中区,3,500100000000,", 7, []string{"9:code_scientific"}},
		{"a float", "500103000000.0,渝中区,3,500100000000,", 8, []string{"9:code_fraction"}},
		{"full width", "５００１０３００００００,渝中区,3,500100000000,", 8, []string{"9:code_dressed"}},
		{"apostrophe", "'500103000000,渝中区,3,500100000000,", 8, []string{"9:code_dressed"}},
		{"a letter", "50010300000O,渝中区,3,500100000000,", 7, []string{"9:code_digits"}},
		{"a leading zero", "050010300000,渝中区,3,500100000000,", 7, []string{"9:code_zero"}},
		{"no code", ",渝中区,3,500100000000,", 7, []string{"9:code_empty"}},
		{"a total", "合计,7,,,", 7, []string{"9:code_digits"}},
		{"code twice", "500102006000,荔枝街道,4,500102000000,", 7, []string{"9:code_twice"}},
		{"row twice", "500102006000,敦仁街道,4,500102000000,", 7, []string{"9:row_twice"}},
		{"no name", "500103000000, ,3,500100000000,", 7, []string{"9:name_empty"}},
		{"spaces", "500103000000, 渝中区 ,3,500100000000,", 8, []string{"9:name_space"}},
		{"question mark", "500103000000,渝?区,3,500100000000,", 8, []string{"9:name_unreadable"}},
		{"private use", "500103000000,渝\ue000区,3,500100000000,", 8, []string{"9:name_unreadable"}},
		{"replacement", "500103000000,渝\ufffd区,3,500100000000,", 8, []string{"9:name_unreadable"}},
		{"dummy", "500102103498,白涛虚拟社区,5,500102103000,121", 8, []string{"9:name_placeholder"}},
		{"undecided", "500102103204,待定,5,500102103000,220", 8, []string{"9:name_placeholder"}},
		{"digits only", "500102103204,123,5,500102103000,220", 8, []string{"9:name_placeholder"}},
		{"a long name", "500102103204," + strings.Repeat("长", 60) + ",5,500102103000,220", 8,
			[]string{"9:name_long"}},
		{"grouping node", "500200000000,县,2,500000000000,", 8, nil},
		{"level in words", "500103000000,渝中区,县级,500100000000,", 8, nil},
		{"no level", "500103000000,渝中区,,500100000000,", 8, []string{"9:level_missing"}},
		{"nonsense level", "500103000000,渝中区,九,500100000000,", 8, []string{"9:level_unknown"}},
		{"level against digits", "500102103001,三岔口镇,4,500102000000,", 8, []string{"9:level_digits"}},
		{"level above its parent", "500102103204,新村村委会,3,500102103000,220", 8,
			[]string{"9:level_parent"}},
		{"no parent", "500102103204,新村村委会,5,,220", 8, []string{"9:parent_derived"}},
		{"missing parent", "500102104204,新村村委会,5,500102104000,220", 8, []string{"9:parent_missing"}},
		{"missing chain", "510102104204,新村村委会,5,510102104000,220", 7, []string{"9:parent_none"}},
		{"own parent", "500102103204,新村村委会,5,500102103204,220", 8, []string{"9:parent_self"}},
		{"parent of its level", "500102103204,新村村委会,5,500102103203,220", 8, []string{"9:parent_level"}},
		{"parent unreadable", "500102103204,新村村委会,5,白涛镇,220", 8,
			[]string{"9:parent_unreadable", "9:parent_derived"}},
		{"skips a level", "500102103204,新村村委会,5,500102000000,220", 8, []string{"9:parent_skips"}},
		{"parent of other digits", "500109008000,水土街道,4,500102000000,", 8, []string{"9:parent_digits"}},
		{"unknown category", "500102103204,新村村委会,5,500102103000,999", 8, []string{"9:category"}},
		{"roll-up category", "500102103204,新村村委会,5,500102103000,100", 8, []string{"9:category"}},
		{"too many fields", "500103000000,渝中区,3,500100000000,,x,y", 8, []string{"9:row_more"}},
		{"too few fields", "500103000000,渝中区", 8, []string{"9:level_missing", "9:parent_derived"}},
		{"only a code", "500103000000", 7, []string{"9:name_empty"}},
		{"an open quote", `500103000000,"渝中区,3,500100000000,`, 8, []string{"9:row_quote"}},
		{"a record too long", "500103000000," + strings.Repeat("长", 9000), 7, []string{"9:row_long"}},
		{"too wide", strings.Repeat("500103000000,", 80), 7, []string{"9:row_wide"}},
		{"a blank row", ",,,,", 7, nil},
	} {
		f := parse(t, heading+small+c.row+"\n")
		if got := keysAt(f.Findings); !slices.Equal(got, c.want) {
			t.Errorf("%s: findings %v, want %v", c.name, got, c.want)
		}
		if len(f.Rows) != c.rows {
			t.Errorf("%s: %d rows taken, want %d", c.name, len(f.Rows), c.rows)
		}
		for _, finding := range f.Findings {
			if finding.Severity == fault.Error && len(f.Rows) == 8 {
				t.Errorf("%s: an error, and yet the row is taken", c.name)
			}
		}
	}
}

// TestRowsUnderRefusedOnesAreKept: they hang under the nearest place that is there.
func TestRowsUnderRefusedOnesAreKept(t *testing.T) {
	f := parse(t, heading+small+
		"510105000000,,3,510100000000,\n"+ // no name, and nothing above it
		"500105000000,,3,500100000000,\n"+ // no name
		"500105001000,华新街街道,4,500105000000,\n"+
		"500105001001,桥北村社区居委会,5,500105001000,111\n"+
		"510105001000,跳伞塔街道,4,510105000000,\n"+
		"510105001001,棕北社区居委会,5,510105001000,111\n")
	want := []string{"9:name_empty", "10:name_empty", "11:parent_missing", "13:parent_none",
		"14:parent_none"}
	if got := keysAt(f.Findings); !slices.Equal(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
	if codes := codesOf(f); !slices.Contains(codes, "500105001000<500100000000") ||
		!slices.Contains(codes, "500105001001<500105001000") {
		t.Errorf("rows under a refused one are lost: %v", codes)
	}
	if f.Refused != 4 || f.Lines != 13 {
		t.Errorf("%d of %d refused", f.Refused, f.Lines)
	}
}

func TestCirclesAreBroken(t *testing.T) {
	f := parse(t, heading+small+
		"500103000000,渝中区,3,500104000000,\n500104000000,大渡口区,2,500103000000,\n")
	if len(f.Rows) != 9 {
		t.Errorf("%d rows: %v", len(f.Rows), codesOf(f))
	}
	if keys := keysAt(f.Findings); len(keys) == 0 {
		t.Error("a circle is not named")
	}
}

// TestOrderAndFormOfTheFileDoNotMatter: shuffled rows, children before parents, other line ends,
// quotes, tabs, further columns, other headings.
func TestOrderAndFormOfTheFileDoNotMatter(t *testing.T) {
	want := codesOf(parse(t, heading+small))
	lines := strings.Split(strings.TrimSpace(small), "\n")
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines), func(i, j int) {
		lines[i], lines[j] = lines[j],
			lines[i]
	})
	shuffled := strings.Join(lines, "\n") + "\n"
	quoted := `"` + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(small), ",", `","`), "\n",
		"\"\n\"") + `"`
	var wide strings.Builder
	for _, l := range strings.Split(strings.TrimSpace(small), "\n") {
		wide.WriteString("x," + l + ",106.55,29.56\n")
	}
	for name, text := range map[string]string{
		"shuffled":        heading + shuffled,
		"CRLF":            strings.ReplaceAll(heading+small, "\n", "\r\n"),
		"CR":              strings.ReplaceAll(heading+small, "\n", "\r"),
		"no last break":   heading + strings.TrimSpace(small),
		"quoted":          heading + quoted,
		"tabs":            strings.ReplaceAll(heading+small, ",", "\t"),
		"semicolons":      strings.ReplaceAll(heading+small, ",", ";"),
		"Chinese":         "代码,名称,级别,上级代码,城乡分类代码\n" + small,
		"title above":     "2020年统计用区划代码,,,,\n,,,,\n" + heading + small,
		"further columns": "extra,code,name,level,parent,ur_code,lon_gcj02,lat_gcj02\n" + wide.String(),
	} {
		f := parse(t, text)
		if got := codesOf(f); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if len(f.Findings) != 0 {
			t.Errorf("%s: findings %v", name, keysAt(f.Findings))
		}
	}
	bare := parse(t, "code,name\n"+strings.Join(func() (out []string) {
		for _, l := range lines {
			out = append(out, strings.Join(strings.Split(l, ",")[:2], ","))
		}
		return out
	}(), "\n"))
	if got := keysAt(bare.Findings); !slices.Equal(got, []string{"1:column_level", "1:column_parent"}) {
		t.Errorf("without level and parent: %v", got)
	}
	if len(bare.Rows) != 7 || bare.Rows[6].Level != division.Village || bare.Rows[6].Parent != 5 {
		t.Errorf("without level and parent: %v", codesOf(bare))
	}
}

func TestLevelsOfAnotherNumberingAreNotBelieved(t *testing.T) {
	shifted := strings.NewReplacer(",1,", ",0,", ",2,", ",1,", ",3,", ",2,", ",4,", ",3,", ",5,",
		",4,").Replace(small)
	f := parse(t, heading+shifted)
	if got := keysAt(f.Findings); !slices.Equal(got, []string{"1:column_levels_foreign"}) {
		t.Errorf("findings %v", got)
	}
	if f.Rows[6].Level != division.Village {
		t.Errorf("a village is at %s", f.Rows[6].Level)
	}
}

func TestWhatIsNoPlaceFileIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":          "",
		"headings only":    heading,
		"another table":    "date,amount\n2026-01-01,3\n",
		"no headings":      small,
		"a letter":         "尊敬的领导：\n附件是今年的区划代码。\n",
		"no row usable":    heading + "5.00102E+11,涪陵区,3,,\n5.00103E+11,渝中区,3,,\n",
		"quotes unclosed":  `"` + strings.Repeat("code,name\n", 3),
		"only a separator": ",",
	} {
		if f, err := edition.Parse(text, nil); err == nil {
			t.Errorf("%s is taken: %v", name, codesOf(f))
		} else if fault.Of(err).Code == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStandingPlacesServeAsParents: a file of one town hangs under the county that stands.
func TestStandingPlacesServeAsParents(t *testing.T) {
	standing := func(code int64) (division.Level, bool) { return division.County, code == 500102000000 }
	f, err := edition.Parse(heading+"500102103000,白涛镇,4,500102000000,\n"+
		"500102104201,高峰村村委会,5,500102104000,220\n", standing)
	if err != nil {
		t.Fatal(err)
	}
	if got := codesOf(f); !slices.Equal(got, []string{"500102103000<500102000000",
		"500102104201<500102000000"}) {
		t.Errorf("rows %v", got)
	}
	if got := keysAt(f.Findings); !slices.Equal(got, []string{"3:parent_missing"}) {
		t.Errorf("findings %v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(heading + small)
	f.Add("code\tname\n\"500102000000\"\t\"涪\"\"陵\n区\"\n")
	f.Add(heading + "5.00102E+11,涪?区,九,,\n,,,\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := edition.Parse(text, nil)
		if err != nil {
			return
		}
		seen := map[int64]bool{}
		for i, r := range file.Rows {
			if r.Parent >= int32(i) || r.Parent != edition.NoRow && file.Rows[r.Parent].Level >= r.Level {
				t.Fatalf("row %d hangs under row %d", i, r.Parent)
			}
			if seen[r.Code] || r.Name == "" || r.Line < 1 {
				t.Fatalf("row %d: %+v", i, r)
			}
			seen[r.Code] = true
		}
		if len(file.Rows)+file.Refused != file.Lines {
			t.Fatalf("%d rows taken and %d refused of %d", len(file.Rows), file.Refused, file.Lines)
		}
	})
}
