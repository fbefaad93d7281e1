package rating

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// tableFile writes a file of figures and answers its path.
func tableFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// related runs a kind on a file, and answers the rows of a table it wrote, by heading.
func related(t *testing.T, table string, args ...string) (rows []map[string]string) {
	t.Helper()
	out := t.TempDir()
	must(t, append([]string{"relation", "--out", out}, args...)...)
	file, err := os.Open(filepath.Join(out, table+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range read[1:] {
		row := map[string]string{}
		for i, heading := range read[0] {
			row[heading] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// has compares cells of a row to a printed vector.
func has(t *testing.T, row map[string]string, want map[string]float64, precision float64) {
	t.Helper()
	for column, figure := range want {
		got, err := strconv.ParseFloat(row[column], 64)
		if err != nil || !(math.Abs(got-figure) <= precision) {
			t.Errorf("%s is %q, want %v", column, row[column], figure)
		}
	}
}

const (
	twoCounties = "area,urban_income,urban_people,rural_income,rural_people,zone\n" +
		"A,48,120,20,80,east\nB,42,60,17,90,west\n"
	fourSides = "area,income,people,side,county\n" +
		"Au,48,120,urban,A\nAr,20,80,rural,A\nBu,42,60,1,B\nBr,17,90,农村,B\n"
	printed = 5.1e-7 // vectors have six decimals
)

// TestDisparityVectors: the worked example, as four rows and as two counties with two sides each.
func TestDisparityVectors(t *testing.T) {
	data := tableFile(t, "four.csv", fourSides)
	said := []string{"disparity", data, "--value", "income", "--weight", "people", "--side", "side",
		"--group",
		"county", "--aversion", "1"}
	m := related(t, "disparity", said...)[0]
	has(t, m, map[string]float64{"areas": 4, "mean": 32.6, "theil_t": .095445, "gini": .227620}, printed)
	atkinson := related(t, "atkinson", said...)[0]
	has(t, atkinson, map[string]float64{"aversion": 1, "atkinson": 1 - math.Exp(-number(t, m["theil_l"]))},
		1e-12)
	sundrum := related(t, "sundrum", said...)[0]
	has(t, sundrum, map[string]float64{"gini": .227620, "urban": .010818, "rural": .005409,
		"between":  .211394,
		"residual": 0, "urban_gini": .028986, "rural_gini": .040594}, printed)
	both := []string{"disparity", tableFile(t, "two.csv", twoCounties), "--urban",
		"urban_income,urban_people",
		"--rural", "rural_income,rural_people", "--group", "zone"}
	for _, rows := range [][]map[string]string{related(t, "theil", said...), related(t, "theil", both...)} {
		found := false
		for _, row := range rows {
			if row["by"] == "by_side" && row["measure"] == "T" {
				found = true
				has(t, row, map[string]float64{"total": .095445, "between": .093147, "within": .002298,
					"between_share": .976}, 5.1e-4)
				has(t, row, map[string]float64{"total": .095445, "between": .093147, "within": .002298},
					printed)
			}
		}
		if !found {
			t.Errorf("no split by sides: %v", rows)
		}
	}
	counties := related(t, "urban_rural", both...)
	has(t, counties[0], map[string]float64{"ratio": 2.4, "theil": .075384, "urban_people": .6}, printed)
	has(t, counties[1], map[string]float64{"ratio": 42. / 17, "theil": .100149, "urban_people": .4},
		printed)
	// Overlapping sides leave a residual.
	over := tableFile(t, "over.csv", strings.Replace(fourSides, "Bu,42", "Bu,18", 1))
	has(t, related(t, "sundrum", "disparity", over, "--value", "income", "--weight", "people", "--side",
		"side")[0], map[string]float64{"gini": .245365, "residual": .005502}, printed)
}

// TestConvergenceVector: four areas, five years apart, in an order of rows of its own each year.
func TestConvergenceVector(t *testing.T) {
	data := tableFile(t, "panel.csv", "area,year,y\nD,2010,30\nA,2010,10\nB,2010,14\nC,2010,20\n"+
		"A,2015,18\nB,2015,23\nC,2015,30\nD,2015,41\n")
	said := []string{"convergence", data, "--value", "y"}
	sigma := related(t, "sigma", said...)
	has(t, sigma[0], map[string]float64{"time": 2010, "variation": .407203, "log_spread": .471972}, printed)
	has(t, sigma[1], map[string]float64{"time": 2015, "variation": .308262, "log_spread": .353676}, printed)
	has(t, related(t, "beta", said...)[0], map[string]float64{"areas": 4, "slope": -.050141,
		"intercept": .232235,
		"speed":     .057724}, printed)
	has(t, related(t, "beta", said...)[0], map[string]float64{"half_life": 12.0079}, 5.1e-5)
	growth := related(t, "growth", said...)
	if growth[0]["area"] != "A" || growth[3]["area"] != "D" {
		t.Errorf("the poorest grew fastest, not %v", growth)
	}
	has(t, growth[0], map[string]float64{"growth": math.Log(1.8) / 5}, 1e-15)
}

func TestCouplingVectors(t *testing.T) {
	data := tableFile(t, "u.csv", "area,u,r,s\nA,.62,.41,.55\nB,.5,.5,.5\n")
	said := []string{"coupling", data, "--systems", "u,r,s"}
	rows := related(t, "coupling_geometric", said...)
	has(t, rows[0], map[string]float64{"u": .62, "coupling": .985470, "level": .526667,
		"coordination": .720427,
		"grade":        8}, printed)
	if rows[0]["grade_name"] != "intermediate_coordination" || rows[0]["type"] != "" {
		t.Errorf("%v", rows[0])
	}
	has(t, related(t, "coupling_wang", append(said, "--modified")...)[0], map[string]float64{
		"coupling": .811596, "coordination": .653789}, printed)
	two := related(t, "coupling_power", "coupling", tableFile(t, "v.csv", "area,u,r\nA,60,40\n"),
		"--systems", "u,r",
		"--full", "100", "--form", "power", "--power", "1")
	has(t, two[0], map[string]float64{"coupling": .96}, 1e-12)
	if two[0]["type"] != "rural_lags" {
		t.Errorf("%v", two[0])
	}
}

// TestObstacleVector: the worked example, by weights said and by those of a run.
func TestObstacleVector(t *testing.T) {
	data := tableFile(t, "z.csv", "area,x1,x2,x3\nA,25,30,25\nD,100,100,100\n")
	want := map[string]float64{"x1": .352352, "x2": .301220, "x3": .346429}
	said := []string{"obstacle", data, "--full", "100", "--columns", "x1,x2,x3", "--weights",
		"0.344930,0.315938,0.339132", "--dimensions", "P,I,P"}
	has(t, related(t, "obstacles", said...)[0], want, 1e-6)
	has(t, related(t, "obstacle_dimensions", said...)[0], map[string]float64{"P": .698781, "I": .301220},
		1e-6)
	if rows := related(t, "largest_obstacles", append(said, "--largest", "2")...); len(rows) != 2 ||
		rows[0]["indicator"] != "x1" || rows[1]["indicator"] != "x3" {
		t.Errorf("%v", rows)
	}
	raw, meta, out := coin(t, "uCode,x1,x2,x3\nA,60,2.8,40\nB,72,2.4,55\nC,50,3.1,30\nD,90,2.1,70\n",
		"iCode,Type,Level,Parent,Direction,Weight\nx1,Indicator,1,P,1,2\nx2,Indicator,1,I,-1,1\n"+
			"x3,Indicator,1,P,1,2\nP,Aggregate,2,T,1,4\nI,Aggregate,2,T,1,1\nT,Aggregate,3,,1,1\n")
	must(t, "run", "--coin", raw, meta, "--out", out, "--normalise", "minmax:0:100", "--aggregate", "amean")
	found := related(t, "obstacle_dimensions", "obstacle", filepath.Join(out, "normalised.csv"), "--run",
		out,
		"--full", "100")
	has(t, found[0], map[string]float64{"P": .8 * .75 / (.8*.75 + .2*.7), "I": .2 * .7 / (.8*.75 + .2*.7)},
		1e-12)
	has(t, found[3], map[string]float64{"P": 0, "I": 0}, 0)
}

func TestContrastByHand(t *testing.T) {
	data := tableFile(t, "s.csv", "area,g1,g2,g3,l1,l2\nA,20,50,30,40,60\n")
	rows := related(t, "contrast", "contrast", data, "--primary-value", "g1", "--other-value", "g2,g3",
		"--primary-labour", "l1", "--other-labour", "l2")
	has(t, rows[0], map[string]float64{"binary_contrast": .375, "dual_contrast": .2}, 1e-15)
}

// TestMoranVector: four areas in a ring, told as pairs and as points, at two times.
func TestMoranVector(t *testing.T) {
	data := tableFile(t, "x.csv",
		"area,year,v,x,y\n1,2020,60,0,0\n2,2020,72,1,0\n3,2020,50,0,1\n4,2020,90,1,1\n"+
			"1,2021,120,0,0\n2,2021,144,1,0\n3,2021,100,0,1\n4,2021,180,1,1\n")
	ring := tableFile(t, "ring.csv", "from,to\n1,2\n1,3\n2,4\n3,4\n")
	ways := [][]string{{"--pairs", ring}, {"--x", "x", "--y", "y", "--metric", "plane", "--within", "1.1"},
		{"--x", "x", "--y", "y", "--metric", "plane", "--nearest", "2"}}
	var first []map[string]string
	for _, way := range ways {
		said := append([]string{"moran", data, "--value", "v", "--permutations", "99", "--seed", "7"},
			way...)
		rows := related(t, "moran", said...)
		for _, row := range rows {
			has(t, row, map[string]float64{"moran": -.220721, "expectation": -1. / 3}, printed)
		}
		local := related(t, "moran_local", said...)
		sum := 0.0
		for _, row := range local[:4] {
			sum += number(t, row["moran"])
		}
		if len(rows) != 2 || len(local) != 8 || math.Abs(sum/4+.220721) > printed {
			t.Errorf("%v: %v, and local figures with the mean %v", way, rows, sum/4)
		}
		if first == nil {
			first = local
		} else if fmt.Sprint(local) != fmt.Sprint(first) {
			t.Errorf("%v: %v, not %v", way, local, first)
		}
	}
}

// chongqing are the figures of its counties, or the test skips.
func chongqing(t *testing.T) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "statistics",
		"chongqing_county_panel_2005_2017.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("needs ../shared/data/statistics beside the repository")
	}
	return path
}

// TestChongqing: the counties' incomes, in the two parts that the survey of 2014 leaves.
func TestChongqing(t *testing.T) {
	data := chongqing(t)
	sides := []string{"disparity", data, "--urban", "urban_income_yuan,urban_pop_10k_src", "--rural",
		"rural_income_yuan,rural_pop_10k_src"}
	for _, row := range related(t, "theil", append(sides, "--present")...) {
		total, parts := number(t, row["total"]), number(t, row["within"])+number(t, row["between"])
		if math.Abs(total-parts) > 1e-12 {
			t.Errorf("%v: the parts add up to %v", row, parts)
		}
	}
	if left := related(t, "left_out", append(sides, "--present", "--to", "2008")...); len(left) < 60 {
		t.Errorf("only %d rows are told that lack a figure", len(left))
	}
	for _, years := range [][2]string{{"2005", "2013"}, {"2014", "2017"}} {
		said := []string{"convergence", data, "--value", "rural_income_yuan", "--from", years[0], "--to",
			years[1]}
		sigma := related(t, "sigma", said...)
		first, last := number(t, sigma[0]["variation"]), number(t, sigma[len(sigma)-1]["variation"])
		beta := related(t, "beta", said...)[0]
		if beta["areas"] != "37" || !(last < first) || !(number(t, beta["slope"]) < 0) {
			t.Errorf("%v: from %v to %v, %v", years, first, last, beta)
		}
	}
}

// TestTheRelationsAreAsDocumented runs the commands of docs/relations.md.
func TestTheRelationsAreAsDocumented(t *testing.T) {
	panel, err := os.ReadFile(chongqing(t))
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "relations.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"chongqing.csv": string(panel),
		"counties.csv": countiesShown} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(string(body), countiesShown) {
		t.Error("the page shows another table of counties")
	}
	ran := 0
	for _, block := range strings.Split(string(body), "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		for _, part := range strings.Split("\n"+strings.ReplaceAll(block, "\\\n", ""), "\n$ ")[1:] {
			said, shown, _ := strings.Cut(part, "\n")
			documented(t, said, strings.TrimSuffix(shown, "\n"))
			ran++
		}
	}
	if ran < 5 {
		t.Errorf("only %d commands were found", ran)
	}
}

// countiesShown are the counties of docs/relations.md.
const countiesShown = "area,urban_income,urban_people,rural_income,rural_people,x,y\nA,48,120,20,80,0,0\n" +
	"B,42,60,17,90,1,0\nC,39,50,21,60,0,1\nD,51,90,24,70,1,1\n"

// TestPartsAddUp: of any figures, within and between are the whole.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, text := rapid.IntRange(2, 12).Draw(rt, "areas"), "area,y,w,g\n"
		for i := range n {
			text += fmt.Sprintf("%d,%v,%v,%s\n", i, rapid.Float64Range(.1, 900).Draw(rt, "y"),
				rapid.Float64Range(.1, 50).Draw(rt, "w"), rapid.SampledFrom([]string{"n", "s",
					"e"}).Draw(rt, "g"))
		}
		var found map[string][]map[string]any
		if err := json.Unmarshal([]byte(must(t, "relation", "disparity", tableFile(t, "y.csv", text),
			"--value", "y",
			"--weight", "w", "--group", "g", "--json")), &found); err != nil {
			rt.Fatal(err)
		}
		for _, row := range append(found["theil"], found["dagum"]...) {
			total, parts := 0.0, 0.0
			for column, x := range row {
				switch column {
				case "total", "gini":
					total = x.(float64)
				case "within", "between", "overlap":
					parts += x.(float64)
				}
			}
			if math.Abs(total-parts) > 1e-12 {
				rt.Fatalf("%v: the parts add up to %v", row, parts)
			}
		}
		if len(found["theil"]) != 2 || len(found["dagum"]) != 1 {
			rt.Fatalf("%v", found)
		}
	})
}

// TestRelationsRefuse: each with its key, what it names, and the text of what to do, in both languages.
func TestRelationsRefuse(t *testing.T) {
	four, two := tableFile(t, "four.csv", fourSides), tableFile(t, "two.csv", twoCounties)
	bad := tableFile(t, "bad.csv",
		"area,year,y,s,w\nA,2010,5,town,1\nB,2010,,urban,-1\nA,2011,4,rural,1\nC,x,1,1,1\n")
	pairs := tableFile(t, "pairs.csv", "a,b\nAu,Ar\nBu,Moon\n")
	for _, c := range []struct{ said, key, names string }{
		{"disparity " + four, "rating.relation_columns", "--help"},
		{"disparity " + four + " --value moon", "rating.sheet", "moon"},
		{"disparity " + four + " --value income --group moon", "rating.column_unknown", "moon"},
		{"disparity " + four + " --value income --aversion 0", "rating.disparity_aversion", "0"},
		{"disparity " + four + " --value income --aversion x", "rating.flag_unreadable", "--aversion"},
		{"disparity " + four + " --value income --from 2010", "rating.relation_no_time", "--from"},
		{"disparity " + bad + " --value y", "rating.disparity_missing", "B 2010"},
		{"disparity " + bad + " --value y --weight w --to 2010", "rating.disparity_missing", "B"},
		{"disparity " + bad + " --value w --from 2010 --to 2011", "rating.disparity_negative", "B 2010"},
		{"disparity " + bad + " --value y --present --side s", "rating.relation_side", "A 2010"},
		{"disparity " + bad + " --value y --from 2030 --to 2031", "rating.relation_no_rows", "2030"},
		{"disparity " + two + " --urban urban_income --rural a,b", "rating.sheet", "a"},
		{"disparity " + two + " --urban urban_income --rural rural_income", "rating.relation_side_columns",
			"--urban"},
		{"disparity " + two +
			" --urban urban_income,urban_people --rural rural_income,rural_people --value zone",
			"rating.sheet", "zone"},
		{"disparity " + two +
			" --urban urban_income,urban_people --rural rural_income,rural_people --value " +
			"rural_people", "rating.relation_sides", "--value"},
		{"convergence " + four + " --value income", "rating.relation_one_time", "income"},
		{"convergence " + bad + " --value w --to 2011", "rating.relation_area_times", "B"},
		{"coupling " + four + " --systems income,people", "rating.relation_outside", "Au"},
		{"coupling " + four + " --systems income", "rating.relation_systems", "One"},
		{"coupling " + four + " --systems income,income", "rating.column_repeated", "income"},
		{"coupling " + four + " --systems income,people --full 0", "rating.flag_unreadable", "--full"},
		{"coupling " + four + " --systems income,people --full Inf", "rating.flag_unreadable", "--full"},
		{"disparity " + four + " --value income --aversion 1,Inf", "rating.flag_unreadable", "1,Inf"},
		{"coupling " + four + " --systems income,people --form sum", "rating.relation_form", "sum"},
		{"coupling " + four + " --systems income,people --form power --modified", "rating.flag_unreadable",
			"--form"},
		{"obstacle " + four + " --columns income,people --full 1000 --weights 1", "rating.relation_weights",
			"2"},
		{"obstacle " + four + " --columns income --run moon", "rating.file_unreadable", "weights.csv"},
		{"contrast " + four + " --primary-value income", "rating.relation_columns", "--value"},
		{"contrast " + bad + " --primary-value y --other-value w --primary-labour w --other-labour w",
			"rating.relation_sector", "y of B 2010"},
		{"moran " + four + " --value income", "rating.relation_matrix", "0"},
		{"moran " + four + " --value income --nearest 2", "rating.relation_points", "--x"},
		{"moran " + four + " --value income --pairs " + pairs, "rating.space_area", "Moon"},
		{"moran " + four + " --value income --pairs " + pairs + " --islands sink", "rating.flag_unreadable",
			"sink"},
	} {
		for _, language := range locale.Languages {
			out, err := command(t, language, append([]string{"relation"}, strings.Fields(c.said)...)...)
			f := fault.Of(err)
			if f == nil || f.Key != c.key {
				t.Errorf("%s: %v, want %s", c.said, err, c.key)
			} else if language == locale.English && !strings.Contains(out, c.names) ||
				strings.Contains(out, "rating.") || strings.Contains(out, "%!") {
				t.Errorf("%s: %s", c.said, out)
			}
		}
	}
}

// TestRelationsAreRead: every table has its headings and words in both languages, and no column of times
// where the data have none.
func TestRelationsAreRead(t *testing.T) {
	u := tableFile(t, "u.csv", "area,u,r,s\nA,.62,.41,.55\nB,.5,.5,.5\nC,.1,.9,.3\nD,.2,.1,.4\n")
	ring := tableFile(t, "ring.csv", "from,to\nA,B\nA,C\nB,D\nC,D\n")
	panel := tableFile(t, "p.csv",
		"area,year,y,g,s\nA,1,10,n,1\nB,1,14,n,0\nC,1,20,m,1\nA,2,18,n,1\nB,2,23,n,0\n"+
			"C,2,30,m,1\nD,2,,m,1\n")
	for _, said := range []string{"disparity " + panel + " --value y --group g --side s --present",
		"disparity " + tableFile(t, "two.csv", twoCounties) +
			" --urban urban_income,urban_people --rural " +
			"rural_income,rural_people", "convergence " + panel + " --value y --present",
		"coupling " + u + " --systems u,r", "coupling " + u + " --systems u,r --modified",
		"coupling " + u + " --systems u,r --form power --power 2", "obstacle " + u +
			" --columns u,r,s --dimensions " +
			"a,b,a", "contrast " + u +
			" --primary-value u --other-value r --primary-labour s --other-labour r,s",
		"moran " + u + " --value u --pairs " + ring} {
		for _, language := range locale.Languages {
			out, err := command(t, language, append([]string{"relation"}, strings.Fields(said)...)...)
			if err != nil || strings.Contains(out, "rating.") || strings.Contains(out, "%!") {
				t.Errorf("%s: %v\n%s", said, err, out)
			}
			if timed := strings.Contains(out, "Time") || strings.Contains(out, "时间"); timed !=
				strings.Contains(said, "p.csv") {
				t.Errorf("%s: a column of times\n%s", said, out)
			}
			if language == locale.Chinese && testing.Verbose() {
				t.Log(out)
			}
		}
	}
}
