package registry

import (
	"testing"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// insiders are the rows of names that the organisation deals with.
func (x *site) insiders(ref Ref, names ...string) [][]string {
	x.t.Helper()
	var asked []Named
	for _, name := range names {
		asked = append(asked, Named{ref.ID, name})
	}
	rows, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([][]string, error) {
		return AmongInsiders(v, x.host.Keys, ref.Home, asked)
	})
	x.must(err)
	return rows
}

// TestInsidersAreFoundByName: officers and what relatives they declared, of the same organisation only, and
// no longer once taken out.
func TestInsidersAreFoundByName(t *testing.T) {
	each(t, func(x *site) {
		o, other := x.enter("天台村", 1), x.enter("小溪村", 2)
		x.must(x.appoint(o.Ref(), Chair, "王福全", "2020-01-01"))
		chair := x.people(o.Ref())[0]
		x.must(x.Declare(x.ctx, x.officer(), Declaration{Home: chair.Home, Officer: chair.ID,
			Relation: Spouse, Name: " 李秀兰 "}))
		x.refused(x.Declare(x.ctx, x.officer(), Declaration{Home: chair.Home, Officer: chair.ID,
			Relation: Spouse, Name: "李秀兰"}),
			"registry.relative_twice")
		x.refused(x.Declare(x.ctx, x.officer(), Declaration{Home: chair.Home, Officer: chair.ID,
			Relation: "friend", Name: "李秀兰"}), "registry.relative")
		if err := x.Declare(x.ctx, access.Actor{}, Declaration{Home: chair.Home, Officer: chair.ID,
			Relation: Child, Name: "王小全"}); err == nil {
			x.t.Error("nobody declared a relative")
		}
		found := x.insiders(o.Ref(), "李秀兰", "王福全", "某商行", "")
		if len(found) != 2 || found[0][1] != "李秀兰" || found[0][3] != "1" || found[0][2] != "chair" ||
			found[1][1] != "王福全" || found[1][3] != "0" || found[1][4] != "2020-01-01" {
			x.t.Fatalf("found %v", found)
		}
		if found := x.insiders(other.Ref(), "李秀兰", "王福全"); len(found) != 0 {
			x.t.Errorf("found elsewhere: %v", found)
		}
		near, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]Relative, error) {
			return RelativesOf(v, o.Ref())
		})
		x.must(err)
		x.must(x.Withdraw(x.ctx, x.officer(), near[0].Home, near[0].ID))
		if found := x.insiders(o.Ref(), "李秀兰"); len(found) != 0 {
			x.t.Errorf("found after it was taken out: %v", found)
		}
		x.must(x.Leave(x.ctx, x.officer(), chair.Home, chair.ID, "2025-01-01"))
		x.refused(x.Declare(x.ctx, x.officer(), Declaration{Home: chair.Home, Officer: chair.ID,
			Relation: Child, Name: "王小全"}),
			"registry.relative_left")
	})
}
