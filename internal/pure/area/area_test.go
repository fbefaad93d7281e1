package area_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// TestMuComeBackAsEntered: whatever is typed with two places is shown again as typed.
func TestMuComeBackAsEntered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e12, 1e12).Draw(t, "hundredths of mu")
		a, err := area.ParseMu(decimal.Format(n, 2))
		if err != nil || a.HundredthsOfMu() != n {
			t.Fatalf("%s mu became %d, %v", decimal.Format(n, 2), a.HundredthsOfMu(), err)
		}
	})
}

func TestUnits(t *testing.T) {
	a, err := area.ParseMu("15")
	if err != nil || a.SquareMetres() != "10,000.00" || a.Hectares() != "1.00" || a.Mu() != "15.00" {
		t.Errorf("15 mu = %s m² = %s ha, %v", a.SquareMetres(), a.Hectares(), err)
	}
	if b, err := area.ParseSquareMetres("666.67"); err != nil || b.PlainMu() != "1.00" {
		t.Errorf("666.67 m² = %s mu, %v", b.PlainMu(), err)
	}
}
