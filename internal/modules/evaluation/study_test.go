package evaluation

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// grouped is the small index with a column of groups.
func (x *site) grouped() Run {
	x.T.Helper()
	o := x.order()
	o.Scheme = strings.Replace(schemeText, "aggregates:", "groups: [{code: zone, name: 片区}]\naggregates:",
		1)
	var text strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(figuresText), "\n") {
		zone := map[bool]string{true: "主城", false: "新区"}[strings.HasPrefix(line, "B")]
		if i == 0 {
			zone = "zone"
		}
		text.WriteString(line + "," + zone + "\n")
	}
	o.Figures, o.Title = rowsOf(text.String()), "分组"
	run, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), o)
	x.Must(err)
	return run
}

// single is the small index of one year.
func (x *site) single() Run {
	x.T.Helper()
	o := x.order()
	o.Figures, o.Title = rowsOf("uCode,uName,x1,x2,x3\nA,甲区,60,2.8,40\nB,乙区,72,2.4,55\nC,丙县,50,3.1,30\n"),
		"一年"
	run, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), o)
	x.Must(err)
	return run
}

// TestPagesOfAStudy: trend, convergence, relations, groups, changes and comparison say what the figures say.
func TestPagesOfAStudy(t *testing.T) {
	each(t, func(x *site) {
		const analyst, county = "city_analyst@江城市", "county_officer@青山区"
		run := x.grouped()
		at := run.Ref().Address()
		// C begins at 0: no logarithm, so no β, and the cell is named
		x.See(analyst, at+"/trend").Is(200, "丙县", "100.00", "σ-convergence", "errors")
		// x1: 60 72 50 to 62 73 74; variation .1480 to .0787
		x.See(analyst, at+"/trend?node=x1&area=A").Is(200, "0.1482", "0.0780", "drew together", "!乙区</a>")
		x.See(analyst, x.single().Ref().Address()+"/trend").Is(200, "one time only")
		x.See(analyst, at+"/relations?time=2024").Is(200, "3 areas: Pearson", "城市", "in step", "Gini")
		x.See(analyst, at+"/relations?time=2024&form=wang&system=x1&system=x2&system=x3").Is(200, "Level T")
		x.See(analyst, at+"/relations?system=U").Is(200, "two subsystems at least")
		x.See(analyst, at+"/relations?group=zone").Is(200, "between", ">片区<")
		x.See(analyst, at+"/groups?time=2024").Is(200, ">片区<", "主城", "新区", "1 / 2", "1 / 1")
		// A against C, the other of its zone, and against B, which is the best of 2023
		x.See(analyst, at+"/areas/A?time=2023").Is(200, "Mean of 新区", "Best of the time", "19.271",
			"88.542")
		x.See(analyst, at+"/map").Is(404)
		x.See(analyst, at+"/changes").Is(200, "Changed figures")
		x.See(analyst, at+"/changes?format=csv").Is(200)
		other := x.made()
		x.See(analyst, other.Ref().Address()+"/groups").Is(404)
		with := fmt.Sprintf("/compare?with=%d-%d", run.Home, run.ID)
		x.See(analyst, other.Ref().Address()+with).Is(200, "The schemes differ", "The figures differ",
			"Spearman 1.000")
		x.See(analyst, other.Ref().Address()+"/compare?with=1-99").Is(200, "no other run")
		for _, page := range []string{"/trend", "/relations", "/groups", "/changes", "/compare", "/audit",
			"/export/ranking.csv", "/export/report.html"} {
			x.See(county, at+page).Is(404)
		}
	})
}

// TestChangedFiguresHaveTheirNames: an area's page names the indicator of a figure that was filled in.
func TestChangedFiguresHaveTheirNames(t *testing.T) {
	each(t, func(x *site) {
		order := x.order()
		order.Scheme = schemeText + "impute: {method: mean}\n"
		order.Figures = rowsOf(strings.Replace(figuresText, "2.7,45", "2.7,", 1))
		run, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), order)
		x.Must(err)
		x.See("city_analyst@江城市", run.Ref().Address()+"/areas/A?time=2024").Is(200, "<td>自来水</td>",
			"!<td>x3</td>")
	})
}

// TestARunIsComparedWithItsLike: without a choice that is the newest run of the same scheme, not of all.
func TestARunIsComparedWithItsLike(t *testing.T) {
	each(t, func(x *site) {
		first, like := x.made(), x.made()
		order := x.order()
		order.Title, order.Scheme = "别的指数", strings.Replace(schemeText, "key: small", "key: other", 1)
		strange, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), order)
		x.Must(err)
		chosen := func(r Run) string { return fmt.Sprintf(`value="%d-%d" selected`, r.Home, r.ID) }
		x.See("city_analyst@江城市", first.Ref().Address()+"/compare").Is(200, chosen(like),
			"!"+chosen(strange))
		x.See("city_analyst@江城市", strange.Ref().Address()+"/compare").Is(200, chosen(like))
	})
}

// TestExports give all digits, and what the command writes.
func TestExports(t *testing.T) {
	each(t, func(x *site) {
		const analyst = "city_analyst@江城市"
		at := x.made().Ref().Address() + "/export/"
		// B 2023: x1 22/24, x2 .7/.8, x3 25/30
		x.See(analyst, at+"ranking.csv").Is(200, "乙区", "91.66666666666666", "85.41666666666666")
		x.See(analyst, at+"report.html").Is(200, "<!DOCTYPE html>", "Small index", "!http://")
		for _, book := range []string{"ranking.xlsx", "index.xlsx"} {
			if page := x.See(analyst, at+book); page.Status != 200 || !strings.HasPrefix(page.Body, "PK") {
				t.Errorf("%s answers %d", book, page.Status)
			}
		}
		x.See(analyst, at+"other.pdf").Is(404)
	})
}

// TestAnAudit is ordered by those who compute, done by a job, kept with its hash, and the same again.
func TestAnAudit(t *testing.T) {
	each(t, func(x *site) {
		const analyst, leader = "city_analyst@江城市", "city_leader@江城市"
		run := x.published()
		at := run.Ref().Address() + "/audit"
		x.See(analyst, at).Is(200, "Begin")
		x.See(leader, at).Is(200, "No audit", "!Begin")
		x.Post(leader, at, "design", "32").Is(http.StatusForbidden)
		x.Post(analyst, at, "design", "7").Is(422, "not between")
		x.Post(analyst, at, "design", "32").Is(303)
		x.Post(analyst, at, "design", "32").Is(409, "under way")
		x.See(leader, at).Is(200, "Computing")
		x.Must(x.Host.Jobs.Drain(x.Ctx))
		x.See(leader, at).Is(200, "Weights", "Total", "收入比", "Geometric mean")
		before := x.audited(run)
		x.Post(analyst, at, "design", "32").Is(303)
		x.Must(x.Host.Jobs.Drain(x.Ctx))
		if after := x.audited(run); after.Hash != before.Hash || after.Job == before.Job {
			t.Errorf("%+v and then %+v", before, after)
		}
		a, err := result.ReadAudit(before.Answer)
		x.Must(err)
		if a.Time != "2024" || len(a.Without) != 3 || a.Rows != 32 || len(a.Inputs) != 3 {
			t.Errorf("%+v", a)
		}
	})
}

func (x *site) audited(run Run) kept {
	x.T.Helper()
	found, err := store.Read(x.Ctx, x.Host.Store, func(v *store.View) (kept, error) {
		k, _, err := auditOf(v, run.Ref())
		return k, err
	})
	x.Must(err)
	if found.Answer == "" || hashOf(found.Answer) != found.Hash {
		x.T.Fatalf("%+v", found)
	}
	return found
}
