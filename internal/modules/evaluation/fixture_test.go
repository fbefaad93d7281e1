package evaluation

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/webtest"
)

// site is the evaluation over a small city, with a server.
type site struct {
	*Evaluation
	*hosttest.Site
	places *territory.Service
}

func (x *site) build(h *manifest.Host) []manifest.Module {
	x.places = territory.New(h)
	x.Evaluation = New(h, x.places)
	return []manifest.Module{x.places.Module(), rating.New(h).Module(), x.Evaluation.Module()}
}

// each runs fn on both engines; what is left is proved afterwards.
func each(t *testing.T, fn func(*site)) {
	t.Helper()
	storetest.Each(t, hosttest.Parts((&site{}).build), func(t *testing.T, s *store.Store) {
		x := &site{}
		x.Site = hosttest.Open(t, s, x.build)
		x.Accounts = map[string]int64{"city_analyst": 11, "city_leader": 12, "city_officer": 13}
		moduletest.Settle(x.Site, x.places, moduletest.Places)
		x.Serve()
		fn(x)
		x.Verify()
	})
}

// schemeText is an index of three indicators in two pillars; figuresText its areas in two years.
const schemeText = `key: small
title: {zh: 小指数, en: Small index}
indicators:
  - {code: x1, name: 城镇化率, parent: U}
  - {code: x2, name: 收入比, parent: R, direction: cost}
  - {code: x3, name: 自来水, parent: R}
aggregates:
  - {code: U, name: 城市, parent: I}
  - {code: R, name: 农村, parent: I}
  - {code: I, name: 总指数}
normalise: {method: minmax, low: 0, high: 100}
aggregate: [{method: amean}]
`

const figuresText = `uCode,uName,Time,x1,x2,x3
A,甲区,2023,60,2.8,40
B,乙区,2023,72,2.4,55
C,丙县,2023,50,3.1,30
A,甲区,2024,62,2.7,45
B,乙区,2024,73,2.5,54
C,丙县,2024,74,2.3,60
`

// order asks for the small index.
func (x *site) order() Order {
	return Order{Place: x.Place["江城市"], Title: "二〇二四年试算", Scheme: schemeText, Figures: rowsOf(figuresText),
		Source: "figures.csv", Seed: 7, Replications: 200}
}

func rowsOf(text string) score.Sheet {
	s := score.Sheet{Name: "figures.csv"}
	for line := range strings.Lines(text) {
		s.Rows = append(s.Rows, strings.Split(strings.TrimSpace(line), ","))
	}
	return s
}

// made is a draft of an analyst.
func (x *site) made() Run {
	x.T.Helper()
	run, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), x.order())
	x.Must(err)
	return run
}

// published is a run that the city's leader published.
func (x *site) published() Run {
	x.T.Helper()
	run := x.made()
	run, err := x.Publish(x.Ctx, x.Actor("city_leader", "江城市"), run.Ref(), run.Version)
	x.Must(err)
	return run
}

// upload sends the form of a new run with both files.
func (x *site) upload(who, scheme, name, figures string) webtest.Page {
	x.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range [][2]string{{"title", "试算"}, {"seed", "1"}, {"replications", "10"}} {
		x.Must(form.WriteField(f[0], f[1]))
	}
	for _, f := range [][3]string{{"scheme", "scheme.yaml", scheme}, {"figures", name, figures}} {
		part, err := form.CreateFormFile(f[0], f[1])
		x.Must(err)
		_, err = part.Write([]byte(f[2]))
		x.Must(err)
	}
	x.Must(form.Close())
	return x.Ask(who, "POST", "/evaluations/new", &body, "Content-Type", form.FormDataContentType())
}
