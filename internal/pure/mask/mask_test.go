package mask_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/mask"
)

func TestMasks(t *testing.T) {
	for _, c := range []struct {
		name        string
		mask        func(string) string
		value, want string
	}{
		{"two characters", mask.Name, "张三", "张*"},
		{"three characters", mask.Name, "王小明", "王*明"},
		{"a double surname", mask.Name, "欧阳建国", "欧**国"},
		{"a name with a point", mask.Name, "阿依·买买提", "阿****提"},
		{"a character beyond the first plane", mask.Name, "𠮷田", "𠮷*"},
		{"one character", mask.Name, "王", "*"},
		{"no name", mask.Name, "", ""},
		{"an identity number", mask.Resident, "500102199001011234", "500102********1234"},
		{"an old identity number", mask.Resident, "500102900101123", "500102*****1123"},
		{"half an identity number", mask.Resident, "5001021990", "**********"},
		{"outside", mask.ResidentOutside, "500102199001011234", "5****************4"},
		{"half a number outside", mask.ResidentOutside, "50010", "*****"},
		{"a mobile", mask.Phone, "13812345678", "138****5678"},
		{"a landline", mask.Phone, "68881234", "****1234"},
		{"a short number", mask.Phone, "12345", "*****"},
		{"a bank account", mask.BankAccount, "6222020200012345678", "**** 5678"},
		{"a short account", mask.BankAccount, "1234567", "****"},
		{"no account", mask.BankAccount, "", ""},
	} {
		if got := c.mask(c.value); got != c.want {
			t.Errorf("%s: %q is shown as %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

// TestMasksHideTheGreaterPart: whatever comes in, at most ten characters are shown, never all of
// them, and what is shown stood at that place.
func TestMasksHideTheGreaterPart(t *testing.T) {
	masks := map[string]func(string) string{"name": mask.Name, "resident": mask.Resident,
		"outside": mask.ResidentOutside, "phone": mask.Phone}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[0-9a-zX张王·]{0,24}`).Draw(t, "value")
		for name, m := range masks {
			shown := m(value)
			if utf8.RuneCountInString(shown) != utf8.RuneCountInString(value) {
				t.Fatalf("%s: %q became %q", name, value, shown)
			}
			if value != "" && !strings.Contains(shown, "*") {
				t.Fatalf("%s: %q is shown whole", name, value)
			}
			before := []rune(value)
			for i, r := range []rune(shown) {
				if r != '*' && r != before[i] {
					t.Fatalf("%s: %q became %q", name, value, shown)
				}
			}
			if utf8.RuneCountInString(strings.ReplaceAll(shown, "*", "")) > 10 {
				t.Fatalf("%s: %q shows too much: %q", name, value, shown)
			}
		}
	})
}
