package evaluation

import (
	"strings"
	"testing"
)

// TestPagesOfARun: what analysts, the city's leader and a county see of a draft, a published and a
// withdrawn run.
func TestPagesOfARun(t *testing.T) {
	each(t, func(x *site) {
		const analyst, leader, county = "city_analyst@江城市", "city_leader@江城市", "county_officer@青山区"
		run := x.made()
		at := run.Ref().Address()
		x.See(county, at).Is(404)
		x.See(county, at+"/areas/A").Is(404)
		x.See(county, at+"/files/figures").Is(404)
		x.See(county, "/evaluations").Is(200)
		if page := x.See(county, "/evaluations"); strings.Contains(page.Body, run.Title) {
			t.Error("a county's list has the draft")
		}
		x.See(analyst, "/evaluations").Is(200, run.Title, "Draft")
		x.See(analyst, at).Is(200, "丙县", "100.00", "▲ 2", "▼ 1", run.ResultHash)
		x.See(analyst, at+"?time=2023&node=R").Is(200, "甲区", "收入比")
		x.See(analyst, at+"/areas/A?time=2024").Is(200, "甲区", "Obstacle degree", "自来水", "Over time")
		x.See(analyst, at+"/areas/Z").Is(404)
		x.Post(analyst, at, "act", "publish", "version", "1").Is(403)
		x.See(leader, at).Is(200, "A published run is frozen")
		x.Post(leader, at, "act", "publish", "version", "9").Is(412)
		x.Post(leader, at, "act", "publish", "version", "1").Is(303)
		x.See(county, at).Is(200, "Published", "Certificate")
		x.See(county, at+"/files/figures").Is(200, figuresText)
		x.See(county, at+"/files/other").Is(404)
		x.Post(leader, at, "act", "withdraw", "version", "2", "reason", "错").Is(422, "fewer than")
		x.Post(leader, at, "act", "withdraw", "version", "2", "reason", "数据年份有误").Is(303)
		x.See(county, at).Is(200, "Withdrawn", "数据年份有误")
		x.See("village_accountant@天台村", at).Is(403)
	})
}

// TestTheFormOfANewRun refuses on the page, with what was wrong.
func TestTheFormOfANewRun(t *testing.T) {
	each(t, func(x *site) {
		const analyst = "city_analyst@江城市"
		x.See(analyst, "/evaluations/new").Is(200, "Seed")
		x.See("county_officer@青山区", "/evaluations/new").Is(403)
		x.Post(analyst, "/evaluations/new", "title", "试算", "seed", "1", "replications", "10").Is(422,
			"No file was chosen")
	})
}
