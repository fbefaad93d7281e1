package book

import (
	"math/bits"

	"github.com/terrace-project/terrace/internal/pure/money"
)

// wide is a sum in 128 bits, two's complement: no sum of a voucher or a sheet can leave it.
type wide struct {
	high int64
	low  uint64
}

func (w *wide) add(f money.Fen) {
	low, carry := bits.Add64(w.low, uint64(f), 0)
	w.low = low
	w.high += int64(f>>63) + int64(carry)
}

func (w *wide) join(o wide) {
	low, carry := bits.Add64(w.low, o.low, 0)
	w.low = low
	w.high += o.high + int64(carry)
}

func (w wide) negated() wide {
	low, borrow := bits.Sub64(0, w.low, 0)
	return wide{high: -w.high - int64(borrow), low: low}
}

func (w wide) zero() bool { return w.high == 0 && w.low == 0 }

func (w wide) negative() bool { return w.high < 0 }

// fen is the sum as an amount, or money.ErrOverflow.
func (w wide) fen() (money.Fen, error) {
	f := int64(w.low)
	if w.high != f>>63 {
		return 0, money.ErrOverflow
	}
	return money.Fen(f), nil
}
