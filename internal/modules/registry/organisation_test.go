package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestCreditCodes: the vectors of the domain's file, each with the check that failed.
func TestCreditCodes(t *testing.T) {
	each(t, func(x *site) {
		for _, c := range []struct {
			place, code string
			acting      bool
			want        string // key of the finding
		}{
			{"天台村", "N2500102MF0000013F", false, "registry.wrong.code_check"},
			{"天台村", "N2500102MF000O013E", false, "registry.wrong.code_alphabet"},
			{"天台村", "N2500102MF0000023E", false, "registry.wrong.code_inner"},
			{"天台村", "N2500102MF000001", false, "registry.wrong.code_length"},
			{"天台村", "", false, "registry.wrong.code_missing"},
			{"天台村一组", "N2500102MF0000013E", false, "registry.wrong.code_level"},
			{"天台村", "N1500102MF0000128P", false, "registry.wrong.code_level"},
			{"天台村", "N2500102MF0000013F", true, "registry.wrong.code_check"},
			{"天台村", " n2500102mf0000013e ", false, ""},
			{"天台村一组", "N1500102MF0000128P", false, ""},
			{"白涛镇", "N3420704MF0000128Y", false, ""},
			{"小溪村", "", true, ""},
		} {
			o := x.entry(c.place, c.place+"经济合作社", c.code)
			if o.Acting = c.acting; c.acting {
				o.ActingBody = "村民委员会"
			}
			made, err := x.Create(x.ctx, x.officer(), o)
			if c.want == "" {
				x.must(err)
				if c.code != "" && made.Code != strings.ToUpper(strings.TrimSpace(c.code)) {
					t.Errorf("%q was kept as %q", c.code, made.Code)
				}
				continue
			}
			if f := fault.Of(err); f == nil || len(f.Findings) != 1 || f.Findings[0].Key != c.want ||
				f.Findings[0].Column != "code" {
				t.Errorf("%s with %q: %v, want %s", c.place, c.code, err, c.want)
			}
		}
	})
}

// TestEntriesAreChecked: every limit, and nothing is written by a refusal.
func TestEntriesAreChecked(t *testing.T) {
	each(t, func(x *site) {
		good := x.entry("天台村", "天台村股份经济合作联合社", credit(division.Village, 1))
		for column, spoil := range map[string]func(*Organisation){
			"name":            func(o *Organisation) { o.Name = "  " },
			"place":           func(o *Organisation) { o.Place = x.place["白涛镇"] },
			"level":           func(o *Organisation) { o.Place, o.Level = x.place["青山区"], division.County },
			"acting_body":     func(o *Organisation) { o.Acting = true },
			"established":     func(o *Organisation) { o.Established = "2025-02-29" },
			"members":         func(o *Organisation) { o.Members, o.Representatives = 20, 21 },
			"survey_area":     func(o *Organisation) { o.SurveyArea = -1 },
			"note":            func(o *Organisation) { o.Note = strings.Repeat("地", noteMax+1) },
			"representatives": nil,
		} {
			if spoil == nil {
				continue
			}
			o := good
			spoil(&o)
			_, err := x.Create(x.ctx, access.Machine, o)
			f := fault.Of(err)
			if f == nil || !slices.ContainsFunc(f.Findings,
				func(w fault.Finding) bool { return w.Column == column }) {
				t.Errorf("a wrong %s: %v", column, err)
			}
		}
		good.Established = today.AddDays(1)
		_, err := x.Create(x.ctx, x.officer(), good)
		x.refused(err, "registry.invalid")
		good.Established, good.Representatives = "2026-01-02", 20
		if got := x.check(&good); len(got) != 2 || fault.Stops(got) {
			t.Errorf("twenty representatives and a name without the words are doubts: %v", got)
		}
		n, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (int64, error) {
			return store.Count(v, "SELECT count(*) FROM organisation")
		})
		x.must(err)
		if n != 0 {
			t.Errorf("%d organisations were written by refusals", n)
		}
	})
}

// TestWhoMayEnter: only in one's own county, and only with the permit.
func TestWhoMayEnter(t *testing.T) {
	each(t, func(x *site) {
		o := x.entry("天台村", "天台村经济合作社", credit(division.Village, 1))
		_, err := x.Create(x.ctx, x.actor("county_officer", "白水区"), o)
		x.refused(err, "access.outside")
		_, err = x.Create(x.ctx, x.actor("village_accountant", "天台村"), o)
		x.refused(err, "access.forbidden")
		_, err = x.Create(x.ctx, access.Actor{}, o)
		x.refused(err, "access.sign_in")
		made, err := x.Create(x.ctx, x.officer(), o)
		x.must(err)
		made.Name = "天台村新名"
		_, err = x.Amend(x.ctx, x.actor("county_officer", "白水区"), made)
		x.refused(err, "access.outside")
	})
}

// TestOneAtAPlace: one is active there, also when two are entered at once; a code stands once.
func TestOneAtAPlace(t *testing.T) {
	each(t, func(x *site) {
		x.enter("天台村", 1)
		_, err := x.Create(x.ctx, x.officer(), x.entry("天台村", "又一个", credit(division.Village, 2)))
		x.refused(err, "registry.place_taken")
		_, err = x.Create(x.ctx, x.officer(), x.entry("小溪村", "小溪村", credit(division.Village, 1)))
		x.refused(err, "registry.code_taken")
		results := make(chan error, 4)
		for n := range 4 {
			go func() {
				_, err := x.Create(x.ctx, x.officer(), x.entry("龙泉村", "龙泉村", credit(division.Village,
					10+n)))
				results <- err
			}()
		}
		won := 0
		for range 4 {
			if err := <-results; err == nil {
				won++
			} else if !fault.Is(err, fault.Conflict) {
				t.Errorf("the losers are refused: %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d of 4 were entered at one place", won)
		}
	})
}

// TestAmend: at the version read; place, level and status stay; a code that is given up can be taken.
func TestAmend(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		first, change := o.Code, o
		change.Name, change.Code = "天台村股份经济合作社", credit(division.Village, 2)
		change.Place, change.Level, change.Status = x.place["三清村"], division.Group, Cancelled
		got, err := x.Amend(x.ctx, x.officer(), change)
		x.must(err)
		kept := x.get(o.Ref())
		if kept.Place != o.Place || kept.Level != o.Level || kept.Status != Active ||
			kept.Name != change.Name ||
			kept.Code != change.Code || kept.Version != o.Version+1 || got.Version != kept.Version {
			t.Errorf("amended to %+v", kept)
		}
		_, err = x.Amend(x.ctx, x.officer(), change)
		if !fault.Is(err, fault.Stale) {
			t.Errorf("an old version: %v", err)
		}
		other := x.entry("小溪村", "小溪村", first)
		taken, err := x.Create(x.ctx, x.officer(), other)
		x.must(err)
		found, ok, err := byCode(x, first)
		if x.must(err); !ok || found.ID != taken.ID {
			t.Errorf("the code leads to %+v", found)
		}
		kept.Code = first
		_, err = x.Amend(x.ctx, x.officer(), kept)
		x.refused(err, "registry.code_taken")
	})
}

func byCode(x *site, code string) (o Organisation, found bool, err error) {
	err = x.host.Store.View(x.ctx, func(v *store.View) (err error) {
		o, found, err = ByCode(v, code)
		return err
	})
	return o, found, err
}

// TestRef: what an address names is read as it was written, and nothing else.
func TestRef(t *testing.T) {
	for text, want := range map[string]Ref{"500102/37": {500102, 37}, " 0/1 ": {0, 1}} {
		if got, ok := ParseRef(text); !ok || got != want {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "37", "1/", "/1", "1/0", "-1/1", "1/2/3", "a/1",
		"1/99999999999999999999"} {
		if got, ok := ParseRef(text); ok {
			t.Errorf("%q is no organisation, got %v", text, got)
		}
	}
}
