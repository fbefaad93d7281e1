package browsing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// TestEvaluationsInTheBrowser computes a run from two files, looks at all of its pages, tries a method and
// keeps it, publishes by another hand, checks the certificate and withdraws, in a real browser, in both
// languages, at a desk and on a phone.
func TestEvaluationsInTheBrowser(t *testing.T) {
	eachScreen(t, func(t *testing.T, city *apptest.City, _ string, screen func() *apptest.Screen) {
		w := evaluationWalk{City: city, t: t, s: screen(),
			dir: t.TempDir()}
		w.compute()
		w.look()
		w.try()
		w.audit()
		w.publish()
		w.mapped()
		w.Proven()
	})
}

// evaluationWalk is people's way through an evaluation.
type evaluationWalk struct {
	*apptest.City
	t   *testing.T
	s   *apptest.Screen
	dir string
	at  string // page of the run
}

func (w *evaluationWalk) shot(name string) { w.t.Helper(); shot(w.s, name) }

func (w *evaluationWalk) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *evaluationWalk) as(office string, index int) {
	w.t.Helper()
	w.s.SignOut()
	w.s.SignIn(apptest.Login(office, index))
}

func (w *evaluationWalk) file(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	w.must(os.WriteFile(path, []byte(text), 0o600))
	return path
}

// walkScheme is an index of six indicators in two parts.
const walkScheme = `key: integration
title: {zh: 城乡融合指数, en: Integration index}
groups: [{code: zone, name: 片区}]
indicators:
  - {code: urban, name: 常住人口城镇化率, parent: level}
  - {code: income, name: 农村居民人均可支配收入, parent: level}
  - {code: water, name: 农村自来水普及率, parent: level}
  - {code: ratio, name: 城乡居民收入比, parent: gap, direction: cost}
  - {code: doctors, name: 城乡每千人医师数之比, parent: gap, direction: cost}
  - {code: spending, name: 城乡居民消费支出比, parent: gap, direction: cost}
aggregates:
  - {code: level, name: 发展水平, parent: index}
  - {code: gap, name: 城乡差距, parent: index}
  - {code: index, name: 城乡融合指数}
impute: {method: previous}
treat: {}
normalise: {method: minmax, low: 1, high: 100}
aggregate: [{method: amean}]
`

// walkAreas are counties of the tile map.
var walkAreas = [][2]string{{"500101", "万州区"}, {"500106", "沙坪坝区"}, {"500109", "北碚区"}, {"500115", "长寿区"},
	{"500117", "合川区"}, {"500151", "铜梁区"}, {"500152", "潼南区"}, {"500154", "开州区"}, {"500229", "城口县"},
	{"500235", "云阳县"}, {"500236", "奉节县"}, {"500237", "巫山县"}, {"500240", "石柱县"}}

// walkFigures are invented: areas differ and draw together over four years. One figure is missing.
func walkFigures() string {
	var b strings.Builder
	b.WriteString("uCode,uName,Time,zone,urban,income,water,ratio,doctors,spending\n")
	for year := range 4 {
		for i, area := range walkAreas {
			zone := []string{"主城都市区", "渝东北", "渝东南"}[i*3/len(walkAreas)]
			water := fmt.Sprint(70 + (i*13+year*7)%29)
			if i == 4 && year == 2 {
				water = ""
			}
			fmt.Fprintf(&b, "%s,%s,%d,%s,%.1f,%d,%s,%.2f,%.2f,%.2f\n", area[0], area[1], 2021+year, zone,
				82-float64(i*(17-2*year)%41), 13_000+(i*2_700%9_000)+year*(1_200+i*60), water,
				2.05+float64(i*7%11)/10-float64(year)*float64(4+i%3)/100, 1.4+float64(i*5%9)/6,
				1.5+float64((i*3+year)%8)/9)
		}
	}
	return b.String()
}

// compute is the button of the form of a new run.
const compute = `form[enctype] button.main`

// compute uploads what is wrong, is told where, and then what is right.
func (w *evaluationWalk) compute() {
	w.t.Helper()
	s := w.s
	w.as("city-analyst", 0)
	s.Open("/evaluations")
	w.shot("01-empty")
	s.Press(`main a[href="/evaluations/new"]`)
	w.shot("02-form")
	w.send(w.file("figures.csv", strings.Replace(walkFigures(), "2021,主城都市区,82.0", "2021,主城都市区,八十二", 1)))
	s.Run(chromedp.Click(chromedp.CSS(compute)), chromedp.WaitVisible(chromedp.CSS(".errors")))
	s.Sees("figures.csv", "八十二")
	w.shot("03-a-mistake")
	w.send(w.file("figures.csv", walkFigures()))
	s.Press(compute)
	s.Sees("巫山县", "2024")
	w.shot("04-run")
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) error {
		found, err := w.Evaluation.Find(v, w.As("city-analyst", 0), evaluation.Search{Limit: 1})
		w.at = found.Runs[0].Ref().Address()
		return err
	}))
}

func (w *evaluationWalk) send(figures string) {
	w.t.Helper()
	w.s.Fill("title", "二〇二四年试算")
	w.s.Fill("replications", "100")
	w.s.Run(chromedp.SetUploadFiles(chromedp.CSS(`input[name="scheme"]`),
		[]string{w.file("scheme.yaml", walkScheme)}),
		chromedp.SetUploadFiles(chromedp.CSS(`input[name="figures"]`), []string{figures}))
}

// look opens every page of the run.
func (w *evaluationWalk) look() {
	w.t.Helper()
	for i, page := range []string{"/trend", "/trend?node=ratio&area=500101&area=500229", "/groups",
		"/weights",
		"/relations", "/relations?system=urban&system=water&system=ratio&form=wang&group=zone",
		"/areas/500229", "/changes", "/compare"} {
		w.s.Open(w.at + page)
		w.shot(fmt.Sprintf("1%d%s", i, strings.NewReplacer("/", "-", "?", "-", "&", "-", "=", "-").Replace(
			strings.SplitN(page, "?", 2)[0])))
	}
}

// try changes a method and keeps it as another draft.
func (w *evaluationWalk) try() {
	w.t.Helper()
	s := w.s
	s.Open(w.at + "/laboratory")
	w.shot("20-laboratory")
	s.Open(w.at + "/laboratory?aggregate=gmean&weights=entropy")
	w.shot("21-tried")
	s.Fill("title", "几何平均与熵权")
	s.Press(`main form.after button`)
	s.Sees("几何平均与熵权")
	s.Open(w.at + "/compare")
	s.Sees("几何平均与熵权")
	w.shot("22-compared")
}

// audit orders an audit and reads its answer.
func (w *evaluationWalk) audit() {
	w.t.Helper()
	s := w.s
	s.Open(w.at + "/audit")
	w.shot("30-no-audit")
	s.Fill("design", "32")
	s.Press(`main form.after button`)
	w.must(w.Host.Jobs.Drain(apptest.Machine(w.t.Context())))
	s.Open(w.at + "/audit")
	w.shot("31-audited")
	if s.Has(`.errors`) {
		w.t.Error("the audit was refused")
	}
}

// publish is the leader's; a county officer sees it, checks the certificate, and sees it withdrawn.
func (w *evaluationWalk) publish() {
	w.t.Helper()
	s := w.s
	w.as("city-leader", 0)
	s.Open(w.at)
	w.shot("40-leader")
	s.Press(`button[value="publish"]`)
	w.shot("41-published")
	w.as("county-officer", 1)
	s.Open("/evaluations")
	w.shot("42-county-list")
	if s.Has(`a[href="` + w.at[:strings.LastIndex(w.at, "/")] + `/2"]`) {
		w.t.Error("a county sees a draft")
	}
	s.Open(w.at)
	w.shot("43-county")
	w.certified()
	w.as("city-leader", 0)
	s.Open(w.at)
	s.Unfold(`button[value="withdraw"]`)
	s.Fill("reason", "数据年份有误，另行计算")
	s.Press(`button[value="withdraw"]`)
	s.Sees("数据年份有误")
	w.shot("45-withdrawn")
}

// certified hands the certificate in at /verify.
func (w *evaluationWalk) certified() {
	w.t.Helper()
	w.must(w.Host.Log.Sequence(apptest.Machine(w.t.Context())))
	code, proof := w.SignIn(apptest.Login("county-officer", 1)).Get(w.at + "/certificate")
	if code != 200 {
		w.t.Fatalf("the certificate answers %d", code)
	}
	w.s.Open("/verify")
	w.s.Fill("certificate", proof)
	w.s.Press(`main form button.main, main form button`)
	w.shot("44-verified")
	if w.s.Has(`.errors`) {
		w.t.Error("the certificate is refused")
	}
}

// mapped is a run on places of the tree: it has a map.
func (w *evaluationWalk) mapped() {
	w.t.Helper()
	figures := score.Sheet{Name: "figures.csv"}
	for line := range strings.Lines(walkFigures()) {
		figures.Rows = append(figures.Rows, strings.Split(strings.TrimSpace(line), ","))
	}
	run, err := w.Evaluation.Make(w.t.Context(), w.As("city-analyst", 0), evaluation.Order{Place: w.Top,
		Title: "区县城乡融合指数", Scheme: walkScheme, Figures: figures, Source: evaluation.FromMeasures,
		Edition: "2024-12-31", Seed: 1})
	w.must(err)
	w.as("city-analyst", 0)
	w.s.Open(run.Ref().Address() + "/map")
	if !w.s.Has(`.tilemap .tile`) {
		w.t.Error("nothing is on the map")
	}
	w.shot("50-map")
	w.must(w.Host.Store.View(w.t.Context(), func(v *store.View) error {
		wrong, err := evaluation.Proof(v, run)
		if len(wrong) > 0 {
			w.t.Error(wrong)
		}
		return err
	}))
}
