package browsing_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/inventory"
)

// TestACheckInTheBrowser walks one check through the four levels in a real browser, once in each
// language: the county opens it at a desk, the village counts on a phone, the township and the county
// decide at a desk, the city accepts. Pictures of every page are kept.
func TestACheckInTheBrowser(t *testing.T) {
	for _, language := range []string{"zh", "en"} {
		t.Run(language, func(t *testing.T) {
			city := apptest.Open(t, t.TempDir()+"/terrace.db").Populate()
			city.Clock.Set("2025-12-01")
			city.Work()
			walk := walk{apptest.County{City: city, Home: city.Counties[0], Year: 2025}, t, language,
				city.NewScreen(t, apptest.Desk, language)}
			walk.open()
			k := walk.Checks()[0]
			walk.count(k)
			walk.others(k)
			walk.confirm(k)
			walk.review(k)
			walk.approve(k)
			walk.accept()
		})
	}
}

// walk is one check on its way.
type walk struct {
	apptest.County
	t        *testing.T
	language string
	desk     *apptest.Screen
}

// at signs somebody in at the desk.
func (w walk) at(office string, index int) *apptest.Screen {
	w.t.Helper()
	w.desk.SignOut()
	w.desk.SignIn(apptest.Login(office, index))
	return w.desk
}

// shot keeps a picture of a page that fits the screen.
func shot(s *apptest.Screen, name string) {
	s.Fits()
	s.Picture(name)
}

func (w walk) open() {
	w.t.Helper()
	s := w.at("county-officer", 1)
	shot(s, "01-county-home")
	s.Open("/inventory")
	shot(s, "02-board-empty")
	s.Press(`a[href^="/inventory/open"]`)
	s.Fill("year", "2025")
	shot(s, "03-open")
	s.Press(`form[action="/inventory/open"] button.main`)
	for range 100 {
		if len(w.Checks()) == 12 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.Open("/inventory")
	shot(s, "04-board")
	s.Open(fmt.Sprintf("/inventory/%d/2025", w.Home))
	shot(s, "05-campaign")
	s.Open(fmt.Sprintf("/places/%d", w.Home))
	shot(s, "06-place")
	s.Open("/checks")
	shot(s, "07-checks")
}

func (w walk) count(k inventory.Check) {
	w.t.Helper()
	phone := w.NewScreen(w.t, apptest.Phone, w.language)
	phone.SignIn(apptest.Login("accountant", w.Village(k)))
	shot(phone, "10-phone-home")
	phone.Open(k.Address())
	shot(phone, "11-phone-check")
	phone.Unfold(`[name="name"]`)
	for i, name := range []string{"甲某", "乙某", "丙某", "丁某", "戊某"} {
		phone.FillAt(fmt.Sprintf("#m%d", i+1), name)
	}
	phone.Press(`form[action$="/team"] button.main`)
	phone.Open(k.Address() + "/count")
	shot(phone, "12-phone-count")
	phone.Choose("verdict", "match")
	phone.Fill("latitude", "29.562849")
	phone.Fill("longitude", "106.551643")
	phone.Press(`form button.main`)
	shot(phone, "13-phone-next")
	phone.Open(k.Address() + "/rows")
	shot(phone, "14-phone-rows")
	phone.Open(k.Address())
	phone.Press(`form[action$="/carry"] button`)
	phone.Press(`button[name="verb"][value="submit"]`)
	shot(phone, "15-phone-submitted")
	phone.Press(`button[name="verb"][value="post"]`)
	shot(phone, "16-phone-on-notice")
	if stage := w.Check(k.ID).Stage; stage != inventory.OnNotice {
		w.t.Fatalf("the check is at %s", stage)
	}
}

// others are brought on without a browser.
func (w walk) others(k inventory.Check) {
	w.t.Helper()
	for _, o := range w.Checks() {
		if o.ID != k.ID {
			w.Submit(o)
		}
	}
	nobody := w.NewScreen(w.t, apptest.Phone, w.language)
	nobody.Open("/notices")
	shot(nobody, "20-notices")
	nobody.Press(`main a[href^="/notices/"]`)
	shot(nobody, "21-notice")
	w.Pass("2026-01-05")
	s := w.at("county-auditor", 1)
	s.Open(fmt.Sprintf("/inventory/%d/2025", w.Home))
	s.Press(`form[action$="/sample"] button`)
	shot(s, "22-sample")
}

func (w walk) confirm(k inventory.Check) {
	w.t.Helper()
	s := w.at("head", w.Village(k))
	s.Open("/inbox")
	shot(s, "30-inbox")
	s.Open(k.Address())
	for name, value := range map[string]string{"called_on": "2025-12-28", "held_on": "2026-01-05",
		"on_site": "25",
		"yes":     "24", "no": "1"} {
		s.Fill(name, value)
	}
	shot(s, "31-minutes")
	s.Press(`form:has(input[value="decide"]) button.main`)
	shot(s, "32-confirmed")
}

func (w walk) review(k inventory.Check) {
	w.t.Helper()
	s := w.at("reviewer", w.Drafts[w.Village(k)].Parent)
	s.Open(k.Address())
	shot(s, "40-review")
	for s.Has(`form[action*="/findings/"]`) {
		s.Fill("explanation", "已核对")
		s.Press(`form[action*="/findings/"] button`)
	}
	s.Press(`button[name="verb"][value="approve"]`)
	shot(s, "41-reviewed")
	s.Open(k.Address() + "/forms")
	shot(s, "42-forms")
}

func (w walk) approve(k inventory.Check) {
	w.t.Helper()
	for _, o := range w.Checks() {
		if o.ID != k.ID {
			w.Confirm(o)
			w.Explain(o)
			w.Approve(o)
		}
	}
	if w.Check(k.ID).Sample == inventory.Drawn {
		w.Must(w.Inventory.Recheck(w.t.Context(), w.As("county-auditor", 1), k.Ref(), "match", "同账面"))
	}
	s := w.at("county-leader", 1)
	s.Open("/inbox")
	shot(s, "50-county-inbox")
	s.Open(k.Address())
	s.Press(`button[name="verb"][value="approve"]`)
	shot(s, "51-approved")
}

func (w walk) accept() {
	w.t.Helper()
	s := w.at("county-officer", 1)
	s.Open(fmt.Sprintf("/inventory/%d/2025", w.Home))
	s.Press(`form[action$="/roll-up"] button`)
	s.Press(`button[name="verb"][value="submit"]`)
	shot(s, "60-rolled-up")
	s = w.at("city-leader", 0)
	shot(s, "61-city-home")
	s.Open("/inbox")
	shot(s, "62-city-inbox")
	s.Open(fmt.Sprintf("/inventory/%d/2025", w.Home))
	s.Press(`button[name="verb"][value="approve"]`)
	shot(s, "63-accepted")
	s.Open("/inventory")
	shot(s, "64-city-board")
	s.Open("/inventory/summary")
	shot(s, "65-city-summary")
	if text := s.Text("main"); !strings.Contains(text, "8,760,000.00") { // 12 × 730,000 yuan
		w.t.Errorf("the city's sum is not there:\n%.900s", text)
	}
	for _, k := range w.Checks() {
		if k.Stage != inventory.Locked {
			w.t.Errorf("%s is %s", k.Name, k.Stage)
		}
	}
}
