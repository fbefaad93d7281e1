package registry

import (
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
)

// TestAChooserFindsWhatIsMeant: by number, credit code however it is written, and place; what the actor may
// not read is not found.
func TestAChooserFindsWhatIsMeant(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		c := Chooser{Host: x.host, Places: x.places, Read: Read, Change: Change}
		for _, text := range []string{o.Ref().String(), o.Code, " " + strings.ToLower(o.Code) + " ", "天台村",
			"500102103201"} {
			if got, err := c.Find(x.ctx, x.officer(), text); err != nil || got.ID != o.ID {
				t.Errorf("%q means %v, %v", text, got.Ref(), err)
			}
		}
		for _, text := range []string{"无名村", "小溪村", ""} {
			_, err := c.Find(x.ctx, access.Machine, text)
			x.refused(err, "registry.not_meant")
		}
		_, err := c.Find(x.ctx, x.actor("county_officer", "白水区"), o.Code)
		x.refused(err, "access.outside")
	})
}

// TestAFilterReachesNoFurtherThanItsPlace: an organisation outside the place of a filter is none of its rows.
func TestAFilterReachesNoFurtherThanItsPlace(t *testing.T) {
	each(t, func(x *site) {
		o := x.enter("天台村", 1)
		c := Chooser{Host: x.host, Places: x.places, Read: Read}
		scope := x.host.Access.Scope(x.officer(), Read)
		for _, one := range []struct {
			place, organisation string
			nothing             bool
			of                  Ref
		}{
			{"", "", false, Ref{}}, {"白涛镇", "", false, Ref{}}, {"白涛镇", "天台村", false, o.Ref()},
			{"小溪村", "天台村", true, Ref{}}, {"白水区", "", true, Ref{}},
		} {
			reach, of, err := c.Filter(x.ctx, x.officer(), scope, map[string]string{"place": one.place,
				"organisation": one.organisation})
			x.must(err)
			if (!reach.All && len(reach.Homes) == 0 && reach.Below.Empty()) != one.nothing || of != one.of {
				t.Errorf("%s, %s: %v reaches %+v", one.place, one.organisation, of, reach)
			}
		}
		_, _, err := c.Filter(x.ctx, x.officer(), scope, map[string]string{"place": "无名村"})
		if err == nil {
			t.Error("an unknown place is passed over")
		}
	})
}
