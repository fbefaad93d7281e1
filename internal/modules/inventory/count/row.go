package count

import (
	"errors"
	"math"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Verdict is what the counters found of a row.
type Verdict string

// The verdicts.
const (
	Uncounted  Verdict = ""
	Match      Verdict = "match"       // 相符
	Gain       Verdict = "gain"        // 盘盈
	Loss       Verdict = "loss"        // 盘亏
	Damaged    Verdict = "damaged"     // 毁损
	Unused     Verdict = "unused"      // 闲置
	Misused    Verdict = "misused"     // 被占用、挪作他用
	NoDocument Verdict = "no_document" // 缺少权证或合同
)

// Verdicts lists what a counter can choose.
var Verdicts = []Verdict{Match, Gain, Loss, Damaged, Unused, Misused, NoDocument}

// Quantity is an amount in fen or an area in 0.01 m²: the arithmetic is the same.
type Quantity struct {
	Book      int64 // as the ledger has it
	Counted   int64 // as found on the day of the count
	Increases int64 // between the day of reference and the count
	Decreases int64
}

// ErrRange says that an amount does not fit, or is below zero where it cannot be.
var ErrRange = errors.New("count: an amount is out of range")

// Result is what follows from a count.
type Result struct {
	Book, Verified, Gain, Loss int64
}

// Verify rolls the count back to the day of reference and tells gain or loss.
func (q Quantity) Verify() (Result, error) {
	r := Result{Book: q.Book}
	if q.Increases < 0 || q.Decreases < 0 {
		return r, ErrRange
	}
	less, ok := decimal.Add(q.Counted, -q.Increases)
	if !ok {
		return r, ErrRange
	}
	if r.Verified, ok = decimal.Add(less, q.Decreases); !ok {
		return r, ErrRange
	}
	difference, ok := decimal.Add(r.Verified, -r.Book)
	if !ok || r.Book == math.MinInt64 || difference == math.MinInt64 {
		return r, ErrRange
	}
	if difference > 0 {
		r.Gain = difference
	} else {
		r.Loss = -difference
	}
	return r, nil
}

// Fits reports whether a verdict can stand beside a result: what differs is no match, and a gain is
// not called a loss.
func (v Verdict) Fits(amount, area Result) bool {
	gain, loss := amount.Gain > 0 || area.Gain > 0, amount.Loss > 0 || area.Loss > 0
	switch v {
	case Match, Unused, Misused, NoDocument:
		return !gain && !loss
	case Gain:
		return gain && amount.Loss == 0 && area.Loss == 0
	case Loss, Damaged:
		return loss && amount.Gain == 0 && area.Gain == 0
	}
	return false
}
