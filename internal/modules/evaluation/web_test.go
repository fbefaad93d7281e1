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

// TestTheLaboratory: another weight moves ranks, keeps nothing unless told to, and a wrong one is refused.
func TestTheLaboratory(t *testing.T) {
	each(t, func(x *site) {
		const analyst = "city_analyst@江城市"
		at := x.made().Ref().Address() + "/laboratory"
		x.See(analyst, at).Is(200, "0 areas change their rank")
		x.See(analyst, at+"?time=2023&w-U=0&w-x2=0").Is(200, "0 areas change their rank")
		// the income ratio alone, from 3.1 to 2.3 over both years
		x.See(analyst, at+"?time=2024&w-U=0&w-x3=0").Is(200, "100.00", "75.000", "50.000")
		x.See(analyst, at+"?time=2024&normalise=rank&aggregate=gmean&weights=equal").Is(200, "丙县")
		x.See(analyst, at+"?aggregate=gmean&weights=equal").Is(200,
			`/laboratory?aggregate=gmean&amp;weights=equal"`)
		x.See(analyst, at+"?w-U=much").Is(200, "is no number")
		x.See(analyst, at+"?aggregate=nonsense").Is(200, "errors")
		x.Post(analyst, at+"?w-U=0", "title", " ").Is(200, "The title is empty")
		x.Post(analyst, at+"?w-U=3", "title", "重农村").Is(303)
		x.See(analyst, "/evaluations").Is(200, "重农村")
		x.See(analyst, x.made().Ref().Address()+"/weights").Is(200, "Each ring", "50.0", "25.0",
			// the second of two halves goes on to where the circle began
			"1 -0.00 -99.00L")
		x.Post("county_officer@青山区", at+"?w-U=3", "title", "重农村").Is(403)
	})
}
