package identifier_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/identifier"
)

func TestResidentVectors(t *testing.T) {
	for number, want := range map[string]struct {
		err    error
		female bool
	}{
		"500102190001010013":   {},
		"420704190001010027":   {female: true},
		"50023519000101018X":   {female: true},
		" 50023519000101018x ": {female: true},
		"５００１０２１９０００１０１００１３": {},
		"500102000101001":    {}, // fifteen digits
		"500235190002290013": {err: identifier.ErrDate},
		"500102190001010012": {err: identifier.ErrCheck},
		"50010219000101001":  {err: identifier.ErrLength},
		"5001021900O1010013": {err: identifier.ErrAlphabet},
		"500102203001010013": {err: identifier.ErrDate},
	} {
		r, err := identifier.ParseResident(number, "2026-11-23")
		if !errors.Is(err, want.err) || err == nil && r.Female() != want.female {
			t.Errorf("%q: %q female=%v, %v; want %+v", number, r, err == nil && r.Female(), err, want)
		}
	}
	r, _ := identifier.ParseResident("500102000101001", "2026-11-23")
	if r != "500102190001010013" || r.Birth() != "1900-01-01" || r.Masked() != "500102********0013" {
		t.Errorf("fifteen digits widened to %s, born %s, shown %s", r, r.Birth(), r.Masked())
	}
}

func TestCreditVectors(t *testing.T) {
	for code, want := range map[string]error{
		"N2500102MF0000013E":  nil,
		"N1500102MF0000128P":  nil,
		"n3420704mf0000128y ": nil,
		"N2500102MF0000013F":  identifier.ErrCheck,
		"N2500102MF000O013E":  identifier.ErrAlphabet,
		"N2500102MF0000023E":  identifier.ErrInnerCheck,
		"N25001":              identifier.ErrLength,
	} {
		if c, err := identifier.ParseCredit(code); !errors.Is(err, want) {
			t.Errorf("%q: %q, %v; want %v", code, c, err, want)
		}
	}
	if c := identifier.NewCredit('N', identifier.VillageCollective, "500102",
		"MF000001"); c != "N2500102MF0000013E" {
		t.Errorf("NewCredit = %s", c)
	}
}

// TestOneWrongCharacterIsNoticed: both codes promise to notice any single slip.
func TestOneWrongCharacterIsNoticed(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	rapid.Check(t, func(t *rapid.T) {
		code := "N2500102MF0000013E"
		at := rapid.IntRange(0, 17).Draw(t, "at")
		to := rapid.SampledFrom(strings.Split(alphabet, "")).Draw(t, "to")
		wrong := code[:at] + to + code[at+1:]
		if _, err := identifier.ParseCredit(wrong); wrong != code && err == nil {
			t.Fatalf("%s accepted", wrong)
		}
	})
}
