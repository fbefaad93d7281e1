package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// TestCheckNamesWhatIsWrong: every kind of damage done behind the program's back has its finding.
func TestCheckNamesWhatIsWrong(t *testing.T) {
	for want, damage := range map[string][]string{
		"registry.verify.place": {"UPDATE organisation SET level = 6 WHERE id = 1",
			"UPDATE organisation SET code = 'N1500102MF0000128P' WHERE id = 1"},
		"registry.verify.place_gone": {"UPDATE organisation SET place = 9999 WHERE id = 1"},
		"registry.verify.two_active": {"DROP INDEX organisation_active",
			"UPDATE organisation SET place = (SELECT place FROM organisation WHERE id = 1) WHERE id = 3"},
		"registry.verify.code":         {"UPDATE organisation SET code = 'N2500102MF0000013F' WHERE id = 1"},
		"registry.verify.code_owner":   {"UPDATE organisation_code SET organisation = 2"},
		"registry.verify.ended":        {"UPDATE organisation SET ended = '2025-01-01' WHERE id = 1"},
		"registry.verify.links":        {"UPDATE organisation_link SET share = 9999"},
		"registry.verify.link_lost":    {"UPDATE organisation_link SET target = 999"},
		"registry.verify.officer_lost": {"UPDATE officer SET organisation = 999"},
		"registry.verify.sealed":       {"UPDATE officer SET phone = name WHERE office = 'keeper'"},
		"registry.verify.apart":        {"UPDATE officer SET office = 'supervisor' WHERE office = 'keeper'"},
		"registry.verify.chairs":       {"UPDATE officer SET office = 'chair' WHERE office = 'council'"},
	} {
		t.Run(strings.TrimPrefix(want, "registry.verify."), func(t *testing.T) {
			x := build(t, storetest.SQLite(t, parts(), storetest.WithoutReplay)) // numbers as they come
			into, from := x.enter("天台村", 1), x.enter("小溪村", 2)
			x.enter("龙泉村", 3)
			x.must(x.appoint(into.Ref(), Chair, "张三", "2025-01-01"))
			x.must(x.appoint(into.Ref(), Keeper, "张三", "2025-01-01"))
			x.must(x.appoint(into.Ref(), Council, "李四", "2025-01-01"))
			x.must(x.Merge(x.ctx, x.officer(), into.Ref(), []int64{from.ID}, approval))
			x.Verify()
			for _, sql := range damage {
				tamper(x, sql)
			}
			got := x.findings()
			if !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, want+" ") }) {
				t.Errorf("found %v, want %s", got, want)
			}
		})
	}
}

// tamper changes rows; dropping an index counts no row, which Tamper would take for nothing done.
func tamper(x *site, sql string) {
	x.t.Helper()
	if !strings.HasPrefix(sql, "DROP") {
		storetest.Tamper(x.t, x.host.Store, sql)
		return
	}
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(sql)
		return err
	}))
}
