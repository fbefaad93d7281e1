package edition_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// before is a county of two towns beside a neighbour, with a grouping above.
const before = heading + `500000000000,重庆市,1,,
500100000000,市辖区,2,500000000000,
500200000000,县,2,500000000000,
500102000000,涪陵区,3,500100000000,
500102001000,敦仁街道办事处,4,500102000000,
500102001001,兴华居委会,5,500102001000,111
500102001002,滨江居委会,5,500102001000,111
500102103000,白涛镇,4,500102000000,
500102103201,天台村委会,5,500102103000,220
500102103202,小溪村委会,5,500102103000,220
500102103203,龙泉村委会,5,500102103000,220
500102103204,凤山村委会,5,500102103000,220
500228000000,梁平县,3,500200000000,
500228001000,梁平县梁山街道办事处,4,500228000000,
500228001001,石马居委会,5,500228001000,121
500228101000,云龙镇,4,500228000000,
500228101201,三清村委会,5,500228101000,220
500228101202,太阳村委会,5,500228101000,220
500228102000,金带镇,4,500228000000,
500228102201,双桂村委会,5,500228102000,220
`

// standing makes the tree of an edition; place ids are the rows' numbers from 1.
func standing(t *testing.T, text string) *tree.Tree {
	t.Helper()
	f := parse(t, text)
	var places []tree.Place
	for i, r := range f.Rows {
		places = append(places, tree.Place{ID: int64(i + 1), Parent: int64(r.Parent + 1), Level: r.Level,
			Kind: r.Kind, Name: r.Name, Code: edition.CodeText(r.Code), Category: r.Category})
	}
	tr, err := tree.Build("2016-07-31", places)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// told lists a plan's steps: what became of whom.
func told(f *edition.File, tr *tree.Tree, p *edition.Plan) []string {
	var all []string
	for _, s := range p.Steps {
		text := string(s.Act)
		if text == "" {
			text = "quiet"
		}
		if s.Place != 0 {
			n := tr.Find(s.Place)
			text += " " + tr.Code(n) + tr.Name(n)
		}
		if s.Row != edition.NoRow {
			text += fmt.Sprintf(" > %d%s", f.Rows[s.Row].Code, f.Rows[s.Row].Name)
		}
		all = append(all, text)
	}
	return all
}

func suggested(f *edition.File, tr *tree.Tree, p *edition.Plan) []string {
	var all []string
	for _, s := range p.Suggestions {
		text := string(s.Act) + " " + s.Reason
		for _, part := range s.Parts {
			text += fmt.Sprintf(" %s>%s:%s%d", tr.Name(tr.Find(part.From)), f.Rows[part.ToRow].Name,
				part.Basis, part.Share)
		}
		all = append(all, text)
	}
	return all
}

// edit replaces rows of the first edition: each change is old row → new row ("" takes it out).
func edit(changes ...string) string {
	text := before
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(text, changes[i]) {
			panic("no such text: " + changes[i])
		}
		text = strings.ReplaceAll(text, changes[i], changes[i+1])
	}
	return text
}

// recoded turns the county of 500228 into the district 500155 and its rows with it.
var recoded = []string{"500228", "500155", "梁平县梁山街道办事处", "梁山街道", "梁平县", "梁平区",
	"3,500200000000", "3,500100000000"}

func TestCompareFindsWhatChanged(t *testing.T) {
	tr := standing(t, before)
	for _, c := range []struct {
		name      string
		text      string
		steps     []string
		suggested []string
	}{
		{name: "nothing", text: before},
		{name: "a spelling", text: edit("敦仁街道办事处", "敦仁街道", "天台村委会", "天台村村民委员会"),
			steps: []string{"quiet 500102001000敦仁街道办事处 > 500102001000敦仁街道",
				"quiet 500102103201天台村委会 > 500102103201天台村村民委员会"}},
		{name: "a rename", text: edit("白涛镇", "白涛新镇"),
			steps: []string{"rename 500102103000白涛镇 > 500102103000白涛新镇"}},
		{name: "a name that lost a character", text: edit("天台村委会", "天?村委会")},
		{name: "a category", text: edit("天台村委会,5,500102103000,220", "天台村委会,5,500102103000,122"),
			steps: []string{"quiet 500102103201天台村委会 > 500102103201天台村委会"}},
		{name: "a new village", text: before + "500102103205,新妙村委会,5,500102103000,220\n",
			steps: []string{"establish > 500102103205新妙村委会"}},
		{name: "a new town with villages", text: before +
			"500102104000,新妙镇,4,500102000000,\n500102104201,两汇村委会,5,500102104000,220\n",
			steps: []string{"establish > 500102104000新妙镇", "quiet > 500102104201两汇村委会"}},
		{name: "a village gone", text: edit("500102103201,天台村委会,5,500102103000,220\n", ""),
			steps: []string{"abolish 500102103201天台村委会"}},
		{name: "a village that became a community",
			text:  edit("500102103201,天台村委会", "500102103001,天台社区居委会"),
			steps: []string{"retype 500102103201天台村委会 > 500102103001天台社区居委会"}},
		{name: "a town that became a sub-district",
			text: edit("500102103000,白涛镇", "500102004000,白涛街道", "500102103", "500102004"),
			steps: []string{"retype 500102103000白涛镇 > 500102004000白涛街道",
				"quiet 500102103201天台村委会 > 500102004201天台村委会",
				"quiet 500102103202小溪村委会 > 500102004202小溪村委会",
				"quiet 500102103203龙泉村委会 > 500102004203龙泉村委会",
				"quiet 500102103204凤山村委会 > 500102004204凤山村委会"}},
		{name: "a county that became a district", text: edit(recoded...),
			steps: []string{"retype 500228000000梁平县 > 500155000000梁平区",
				"quiet 500228001000梁平县梁山街道办事处 > 500155001000梁山街道",
				"quiet 500228001001石马居委会 > 500155001001石马居委会",
				"quiet 500228101000云龙镇 > 500155101000云龙镇",
				"quiet 500228101201三清村委会 > 500155101201三清村委会",
				"quiet 500228101202太阳村委会 > 500155101202太阳村委会",
				"quiet 500228102000金带镇 > 500155102000金带镇",
				"quiet 500228102201双桂村委会 > 500155102201双桂村委会"}},
		{name: "a village in another town",
			text:      edit("500102103204,凤山村委会,5,500102103000", "500102001204,凤山村委会,5,500102001000"),
			steps:     []string{"transfer 500102103204凤山村委会 > 500102001204凤山村委会"},
			suggested: []string{"boundary villages_moved 白涛镇>敦仁街道办事处:villages2500 白涛镇>白涛镇:villages7500"}},
		{name: "two villages merged under both their names",
			text: edit("500102103203,龙泉村委会,5,500102103000,220\n500102103204,凤山村委会,5,500102103000,220\n",
				"500102103205,龙凤村委会,5,500102103000,220\n500102103206,新妙村委会,5,500102103000,220\n"),
			steps: []string{"establish > 500102103205龙凤村委会", "establish > 500102103206新妙村委会",
				"abolish 500102103204凤山村委会", "abolish 500102103203龙泉村委会"},
			suggested: []string{"merge composed_name 龙泉村委会>龙凤村委会:all10000 凤山村委会>龙凤村委会:all10000"}},
		{name: "two codes exchanged",
			text: edit("500102103201,天台", "x", "500102103202,小溪", "500102103201,小溪", "x",
				"500102103202,天台"),
			steps: []string{"recode 500102103202小溪村委会 > 500102103201小溪村委会",
				"recode 500102103201天台村委会 > 500102103202天台村委会"}},
	} {
		f := parse(t, c.text)
		p := edition.Compare(f, tr)
		if got := told(f, tr, p); !slices.Equal(got, c.steps) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.steps, "\n"))
		}
		if got := suggested(f, tr, p); !slices.Equal(got, c.suggested) {
			t.Errorf("%s suggests\n%s\nwant\n%s", c.name, strings.Join(got, "\n"),
				strings.Join(c.suggested, "\n"))
		}
	}
}

// TestDescendantsBelongToTheEventOfTheRecode: they follow the county, whatever else stays quiet.
func TestDescendantsBelongToTheEventOfTheRecode(t *testing.T) {
	tr := standing(t, before)
	p := edition.Compare(parse(t, edit(recoded...)), tr)
	for i, s := range p.Steps[1:] {
		if s.Follows != 0 {
			t.Errorf("step %d follows %d, want the county's", i+1, s.Follows)
		}
	}
	if p.Counts.Recoded != 8 || p.Counts.Along != 7 || p.Counts.Retyped != 1 || p.Counts.Transferred != 0 {
		t.Errorf("counts %+v", p.Counts)
	}
}

// TestACodeIsUsedAgain: 500110 was 万盛区 and is 綦江区, which had another code before (2011).
func TestACodeIsUsedAgain(t *testing.T) {
	old := heading + `500000000000,重庆市,1,,
500100000000,市辖区,2,500000000000,
500200000000,县,2,500000000000,
500110000000,万盛区,3,500100000000,
500110001000,万盛街道,4,500110000000,
500110001001,新田路居委会,5,500110001000,121
500110001002,万新路居委会,5,500110001000,121
500110001003,松林路居委会,5,500110001000,121
500110002000,东林街道,4,500110000000,
500110101000,南桐镇,4,500110000000,
500110101201,民权村委会,5,500110101000,220
500110101202,沙坝村委会,5,500110101000,220
500110101203,温塘村委会,5,500110101000,220
500222000000,綦江县,3,500200000000,
500222001000,古南街道,4,500222000000,
500222101000,石角镇,4,500222000000,
500222102000,东溪镇,4,500222000000,
500222103000,赶水镇,4,500222000000,
`
	now := heading + `500000000000,重庆市,1,,
500100000000,市辖区,2,500000000000,
500110000000,綦江区,3,500100000000,
500110001000,古南街道,4,500110000000,
500110004000,万盛街道,4,500110000000,
500110004001,新田路社区居民委员会,5,500110004000,121
500110004002,万新路社区居民委员会,5,500110004000,121
500110004003,松林路社区居民委员会,5,500110004000,121
500110005000,东林街道,4,500110000000,
500110101000,石角镇,4,500110000000,
500110102000,东溪镇,4,500110000000,
500110103000,赶水镇,4,500110000000,
500110109000,南桐镇,4,500110000000,
500110109200,民权村民委员会,5,500110109000,220
500110109201,沙坝村民委员会,5,500110109000,220
500110109202,温塘村民委员会,5,500110109000,220
`
	tr, f := standing(t, old), parse(t, now)
	p := edition.Compare(f, tr)
	want := []string{
		"retype 500222000000綦江县 > 500110000000綦江区",
		"quiet 500222001000古南街道 > 500110001000古南街道",
		"transfer 500110001000万盛街道 > 500110004000万盛街道",
		"quiet 500110001001新田路居委会 > 500110004001新田路社区居民委员会",
		"quiet 500110001002万新路居委会 > 500110004002万新路社区居民委员会",
		"quiet 500110001003松林路居委会 > 500110004003松林路社区居民委员会",
		"establish > 500110005000东林街道", // without a village nobody can tell whether it is the old one
		"quiet 500222101000石角镇 > 500110101000石角镇",
		"quiet 500222102000东溪镇 > 500110102000东溪镇",
		"quiet 500222103000赶水镇 > 500110103000赶水镇",
		"transfer 500110101000南桐镇 > 500110109000南桐镇",
		"quiet 500110101201民权村委会 > 500110109200民权村民委员会",
		"quiet 500110101202沙坝村委会 > 500110109201沙坝村民委员会",
		"quiet 500110101203温塘村委会 > 500110109202温塘村民委员会",
		"abolish 500200000000县", "abolish 500110002000东林街道", "abolish 500110000000万盛区",
	}
	if got := told(f, tr, p); !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestOnlyWhatTheFileCoversIsRemoved: other provinces, other counties and deeper levels stay.
func TestOnlyWhatTheFileCoversIsRemoved(t *testing.T) {
	tr := standing(t, before+"420000000000,湖北省,1,,\n420700000000,鄂州市,2,420000000000,\n"+
		"420704000000,鄂城区,3,420700000000,\n50010210320101,一组,6,500102103201,\n")
	chain := "500000000000,重庆市,1,,\n500100000000,市辖区,2,500000000000,\n"
	for name, text := range map[string]string{
		"one province": before,
		"one county": heading + chain + before[strings.Index(before, "500102000000"):strings.Index(before,
			"500228000000")],
		"one town": heading + chain + "500102000000,涪陵区,3,500100000000,\n" +
			"500102103000,白涛镇,4,500102000000,\n500102103201,天台村委会,5,500102103000,220\n" +
			"500102103202,小溪村委会,5,500102103000,220\n500102103203,龙泉村委会,5,500102103000,220\n" +
			"500102103204,凤山村委会,5,500102103000,220\n",
		"counties only": heading + chain + "500200000000,县,2,500000000000,\n" +
			"500102000000,涪陵区,3,500100000000,\n500228000000,梁平县,3,500200000000,\n",
	} {
		p := edition.Compare(parse(t, text), tr)
		if p.Counts.Removed != 0 || len(p.Steps) != 0 {
			t.Errorf("%s: %+v", name, p.Counts)
		}
	}
	gone := strings.Replace(before, "500102103201,天台村委会,5,500102103000,220\n", "", 1)
	p := edition.Compare(parse(t, gone), tr)
	if p.Counts.Removed != 0 || len(p.Findings) != 1 {
		t.Errorf("a village that holds a group is taken away: %+v, %v", p.Counts, p.Findings)
	}
}

// TestComparingIsIndifferentToOrder: a shuffled file gives the same plan.
func TestComparingIsIndifferentToOrder(t *testing.T) {
	tr := standing(t, before)
	text := edit(recoded...)
	f := parse(t, text)
	want := told(f, tr, edition.Compare(f, tr))
	lines := strings.Split(strings.TrimSpace(text), "\n")[1:]
	random := rand.New(rand.NewPCG(3, 4))
	for range 5 {
		random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		f := parse(t, heading+strings.Join(lines, "\n"))
		if got := told(f, tr, edition.Compare(f, tr)); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestSharesSumToTheWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		weights := make([]int64, 1+random.IntN(9))
		for i := range weights {
			weights[i] = random.Int64N(50)
		}
		sum := int32(0)
		for _, s := range edition.Shares(weights) {
			sum += s
		}
		if sum != edition.Whole {
			t.Fatalf("%v gives %v", weights, edition.Shares(weights))
		}
	}
}

// TestAKeptPlanIsReadBack, and what is no plan is refused without panic.
func TestAKeptPlanIsReadBack(t *testing.T) {
	tr := standing(t, before)
	for _, text := range []string{before, edit(recoded...), heading +
		"500102104000,新妙镇,4,500102000000,\n"} {
		f, err := edition.Parse(text, func(code int64) (division.Level, bool) {
			return division.County, code == 500102000000
		})
		if err != nil {
			t.Fatal(err)
		}
		p := edition.Compare(f, tr)
		b := p.Encode()
		back, err := edition.DecodePlan(b)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(back.Steps, p.Steps) || !slices.Equal(back.Places, p.Places) ||
			!maps.Equal(back.Outside, p.Outside) || back.First != p.First {
			t.Errorf("%+v, want %+v", back, p)
		}
		for cut := range b {
			if _, err := edition.DecodePlan(b[:cut]); err == nil {
				t.Errorf("%d of %d bytes are a plan", cut, len(b))
			}
		}
	}
}
