package counting_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// submit carries the check forward and hands it in.
func (v *village) submit() {
	v.t.Helper()
	accountant := v.As("accountant", v.index)
	var team []inventory.Member
	for _, role := range []string{"cadre", "accountant", "supervisor", "member", "member"} {
		team = append(team, inventory.Member{Role: role, Name: "某人"})
	}
	v.must(v.Inventory.SetTeam(v.t.Context(), accountant, v.check.Ref(), team))
	v.must(v.Inventory.CarryForward(v.t.Context(), accountant, v.check.Ref(), v.check.Version))
	ref := procedure.Ref{Home: v.check.Home, ID: v.check.Case}
	file, err := store.Read(v.t.Context(), v.Host.Store, func(r *store.View) (procedure.File, error) {
		return v.Host.Procedures.Load(r, ref)
	})
	v.must(err)
	_, err = v.Host.Procedures.Do(v.t.Context(), accountant, ref, file.Version, flow.Act{Verb: flow.Submit})
	v.must(err)
}

// TestASubmittedCheckIsClosed by every way of counting, also for a sheet that was sent before.
func TestASubmittedCheckIsClosed(t *testing.T) {
	each(t, func(v *village) {
		content := v.book("/sheet.xlsx").set(firstRow, "verdict", "相符").bytes()
		page := v.give("清点表.xlsx", content)
		v.submit()
		before := v.row(1)
		for path, fields := range map[string][]string{
			"/rows/1": {"version", "2", "verdict", "unused", "use_state", "idle"},
			"/rows":   {"form", "fixed", "name", "棚", "kind", "house", "verdict", "gain", "counted", "5"},
		} {
			code, body := v.send(v.address("%s", path), nil, fields...)
			want(v.t, code, body, 409, "清查登记环节")
		}
		code, body := v.send(v.address("/sheet"), &upload{"sheet", "又一份.xlsx", content})
		want(v.t, code, body, 409, "清查登记环节")
		code, body = v.act(page, "apply", "")
		want(v.t, code, body, 409, "清查登记环节")
		code, body = v.call("PUT", v.address("/rows/1"), `"2"`, `{"verdict":"unused"}`)
		want(v.t, code, body, 409)
		for _, path := range []string{"/count", "/rows/new"} {
			code, body = v.Get(v.address("%s", path))
			want(v.t, code, body, 409)
		}
		code, body = v.Get(v.address("/rows/1"))
		if want(v.t, code, body, 200, "仓库"); v.row(1) != before {
			v.t.Errorf("it became %+v", v.row(1))
		}
	})
}
