// Package moduletest is the small city of the tests of modules: made-up places and organisations, on a host
// of package hosttest. Nothing of it is in the program.
package moduletest

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/identifier"
)

// Places are the places of the small city.
var Places = []territory.Draft{
	{Parent: -1, Level: division.Province, Name: "江城市", Code: "500000000000"},
	{Parent: 0, Level: division.County, Name: "青山区", Code: "500102000000"},
	{Parent: 1, Level: division.Township, Name: "白涛镇", Code: "500102103000"},
	{Parent: 2, Level: division.Village, Name: "天台村", Code: "500102103201"},
	{Parent: 2, Level: division.Village, Name: "小溪村", Code: "500102103202"},
	{Parent: 2, Level: division.Village, Name: "龙泉村", Code: "500102103203"},
	{Parent: 3, Level: division.Group, Name: "天台村一组", Code: "50010210320101"},
	{Parent: 3, Level: division.Group, Name: "天台村二组", Code: "50010210320102"},
	{Parent: 0, Level: division.County, Name: "白水区", Code: "500155000000"},
	{Parent: 8, Level: division.Township, Name: "云龙镇", Code: "500155101000"},
	{Parent: 9, Level: division.Village, Name: "三清村", Code: "500155101201"},
}

// Settle takes places in and returns their numbers.
func Settle(x *hosttest.Site, s *territory.Service, drafts []territory.Draft) []int64 {
	x.T.Helper()
	ids, err := s.Load(x.Ctx, "2020-01-01", "test", slices.Clone(drafts))
	x.Must(err)
	for i, d := range drafts {
		x.Place[d.Name] = ids[i]
	}
	return ids
}

// Credit makes the nth credit code of a level. Codes of tests are nobody's.
func Credit(l division.Level, n int) string {
	kind := map[division.Level]byte{division.Township: identifier.TownshipCollective,
		division.Village: identifier.VillageCollective, division.Group: identifier.GroupCollective}[l]
	return string(identifier.NewCredit('N', kind, "500102", fmt.Sprintf("MF%06d", n)))
}

// Owned are the villages that have an organisation.
var Owned = []string{"天台村", "小溪村", "三清村"}

// Owners lets create make an organisation in each of the villages Owned: package registry is not imported,
// so that its own tests can use this one.
func Owners[O any](x *hosttest.Site, create func(place int64, name, code string) (O, error)) map[string]O {
	x.T.Helper()
	all := map[string]O{}
	for i, village := range Owned {
		o, err := create(x.Place[village], village+"股份经济合作联合社", Credit(division.Village, i+1))
		x.Must(err)
		all[village] = o
	}
	return all
}
