package identity_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/packs"
)

// TestRolesOfThePacks: every pack that comes with the program has the three administrators and
// nobody else with their permits.
func TestRolesOfThePacks(t *testing.T) {
	library := pack.NewLibrary(packs.Files)
	all, err := library.List()
	if err != nil || len(all) < 3 {
		t.Fatalf("packs: %v, %v", all, err)
	}
	for _, m := range all {
		p, err := library.Read(m.Key)
		if err != nil {
			t.Fatal(err)
		}
		roles, wrong := identity.ReadRoles(p)
		if len(roles) < 15 || len(wrong) > 0 {
			t.Errorf("%s: %d roles, %v", m.Key, len(roles), wrong)
		}
	}
}

func TestRolesThatAreRefused(t *testing.T) {
	const three = `  - {key: s, title: {zh: 系, en: s}, administrator: system, permits: [accounts.change]}
  - {key: e, title: {zh: 安, en: e}, administrator: security, permits: [accounts.approve]}
  - {key: a, title: {zh: 审, en: a}, administrator: audit, permits: [accounts.audit]}
`
	for text, want := range map[string]string{
		"": "",
		"  - {key: x, title: {zh: 某, en: x}, permits: [accounts.approve]}\n":                       "permit",
		"  - {key: x, title: {zh: 某, en: x}, permits: []}\n":                                       "empty",
		"  - {key: x, title: {zh: 某, en: ''}, permits: [assets.read]}\n":                           "title",
		"  - {key: x, title: {zh: 某, en: x}, administrator: super, permits: [assets.read]}\n":      "kind",
		"  - {key: x, title: {zh: 某, en: x}, administrator: audit, permits: [accounts.change]}\n":  "permit",
		"  - {key: x, title: {zh: 某, en: x}, administrator: system, permits: [accounts.audit]}\n":  "permit",
		"  - {key: x, title: {zh: 某, en: x}, administrator: security, permits: [accounts.change]}": "permit",
	} {
		if got := rolesIn(t, three+text); want == "" && len(got) > 0 || want != "" &&
			!slices.Equal(got, []string{"identity.role." + want}) {
			t.Errorf("%q is refused for %v, want %q", text, got, want)
		}
	}
	if got := rolesIn(t, "  - {key: x, title: {zh: 某, en: x}, permits: [assets.read]}\n"); len(got) != 3 {
		t.Errorf("without administrators: %v", got)
	}
	if got := rolesIn(t, three+"  - {key: x, levle: county, permits: [assets.read]}\n"); len(got) != 1 {
		t.Errorf("with an unknown field: %v", got)
	}
}

func rolesIn(t *testing.T, text string) []string {
	t.Helper()
	p, err := pack.NewLibrary(fstest.MapFS{
		"x/pack.yaml":  {Data: []byte("key: x\ntitle: {zh: 某, en: x}\nversion: \"1\"\n")},
		"x/roles.yaml": {Data: []byte("roles:\n" + text)}}).Read("x")
	if err != nil {
		t.Fatal(err)
	}
	_, wrong := identity.ReadRoles(p)
	var keys []string
	for _, f := range wrong {
		keys = append(keys, f.Key)
	}
	return keys
}
