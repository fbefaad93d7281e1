package money_test

import (
	"errors"
	"math"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/money"
)

func TestSumSaysWhenItDoesNotFit(t *testing.T) {
	if got, err := money.Sum(1, 2, 3); err != nil || got != 6 {
		t.Errorf("Sum = %d, %v", got, err)
	}
	if _, err := money.Sum(math.MaxInt64, 1); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("overflow went unnoticed: %v", err)
	}
}

func TestTimesRoundsAsAsked(t *testing.T) {
	up, _ := money.Fen(1005).Times(1, 10, decimal.HalfUp)
	down, _ := money.Fen(1005).Times(1, 10, decimal.Down)
	if up != 101 || down != 100 {
		t.Errorf("10.05 yuan / 10 = %s or %s, want 1.01 or 1.00", up, down)
	}
	if _, err := money.Fen(1).Times(1, 0, decimal.Down); err == nil {
		t.Error("a division by zero went unnoticed")
	}
}

func TestWords(t *testing.T) {
	f := money.Fen(123456789)
	if f.String() != "1,234,567.89" || f.Plain() != "1234567.89" || f.TenThousands() != "123.46" {
		t.Errorf("%s %s %s", f, f.Plain(), f.TenThousands())
	}
}
