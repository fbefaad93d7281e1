package rule

import (
	"math"
	"math/bits"

	"cel.dev/cel-go/common/operators"
)

// least is the smallest number as SQL: written with a sign alone it would not be a BIGINT.
const (
	least    = "(-9223372036854775807 - 1)"
	greatest = "9223372036854775807"
)

// arithmetic is a guarded operation: what does not fit, and what is divided by zero, is NULL on both
// engines. Left to themselves SQLite would go on in floating point and PostgreSQL would stop.
func arithmetic(operator string, a, b term) (term, error) {
	if a.kind != Int || b.kind != Int {
		return term{}, errNotPushed // texts may be added too
	}
	if a.fixed && b.fixed {
		n, ok := calculate(operator, a.value.Int(), b.value.Int())
		return fixedInt(n, ok && !a.failed && !b.failed), nil
	}
	if a.failed || b.failed {
		return fixedInt(0, false), nil
	}
	switch operator {
	case operators.Add:
		return sum2(a, b), nil
	case operators.Subtract:
		return difference(a, b), nil
	case operators.Multiply:
		return product(a, b), nil
	case operators.Divide:
		return quotient(" / ", a, b), nil
	}
	return quotient(" % ", a, b), nil
}

func sum2(a, b term) term {
	if a.fixed {
		a, b = b, a
	}
	if b.fixed {
		n := b.value.Int()
		if n >= 0 {
			return sql(Int, "CASE WHEN ", a, " <= ", fixedInt(math.MaxInt64-n, true), " THEN ", a, " + ", b,
				" END")
		}
		return sql(Int, "CASE WHEN ", a, " >= ", fixedInt(math.MinInt64-n, true), " THEN ", a, " + ", b,
			" END")
	}
	return sql(Int, "CASE WHEN ", b, " >= 0 THEN CASE WHEN ", a, " <= "+greatest+" - ", b, " THEN ", a,
		" + ", b,
		" END WHEN ", b, " < 0 THEN CASE WHEN ", a, " >= "+least+" - ", b, " THEN ", a, " + ", b,
		" END END")
}

func difference(a, b term) term {
	if b.fixed && b.value.Int() != math.MinInt64 {
		return sum2(a, fixedInt(-b.value.Int(), true))
	}
	return sql(Int, "CASE WHEN ", b, " >= 0 THEN CASE WHEN ", a, " >= "+least+" + ", b, " THEN ", a, " - ",
		b,
		" END WHEN ", b, " < 0 THEN CASE WHEN ", a, " <= "+greatest+" + ", b, " THEN ", a, " - ", b,
		" END END")
}

func product(a, b term) term {
	if a.fixed {
		a, b = b, a
	}
	if !b.fixed {
		return sql(Int, "CASE WHEN ", a, " = 0 THEN ", b, " * 0 WHEN ", b, " = 0 THEN ", a, " * 0 WHEN ", a,
			" > 0 THEN CASE WHEN ", b, " BETWEEN "+least+" / ", a, " AND "+greatest+" / ", a, " THEN ", a,
			" * ", b,
			" END WHEN ", b, " > 0 THEN CASE WHEN ", a, " >= "+least+" / ", b, " THEN ", a, " * ", b,
			" END WHEN ", b, " < 0 THEN CASE WHEN ", a, " >= "+greatest+" / ", b, " THEN ", a, " * ", b,
			" END END")
	}
	n := b.value.Int()
	var low, high int64
	switch {
	case n == 0:
		return sql(Int, a, " * 0")
	case n == -1:
		low, high = -math.MaxInt64, math.MaxInt64
	case n > 0:
		low, high = math.MinInt64/n, math.MaxInt64/n
	default:
		low, high = math.MaxInt64/n, math.MinInt64/n
	}
	return sql(Int, "CASE WHEN ", a, " BETWEEN ", fixedInt(low, true), " AND ", fixedInt(high, true),
		" THEN ", a,
		" * ", b, " END")
}

// quotient is a division or its remainder. The smallest number by -1 does not fit.
func quotient(sign string, a, b term) term {
	if b.fixed {
		switch b.value.Int() {
		case 0:
			return fixedInt(0, false)
		case -1:
			by := " * "
			if sign == " % " {
				by = sign
			}
			return sql(Int, "CASE WHEN ", a, " <> "+least+" THEN ", a, by, b, " END")
		}
		return sql(Int, a, sign, b)
	}
	return sql(Int, "CASE WHEN ", b, " = 0 THEN NULL WHEN ", b, " <> -1 THEN ", a, sign, b, " WHEN ", a,
		" <> "+least+" THEN ", a, sign, b, " END")
}

// calculate is an operation on what is known; false if it has no result.
func calculate(operator string, a, b int64) (int64, bool) {
	switch operator {
	case operators.Add:
		return a + b, (a+b > a) == (b > 0)
	case operators.Subtract:
		return a - b, (a-b < a) == (b > 0)
	case operators.Multiply:
		return times(a, b)
	}
	if b == 0 || a == math.MinInt64 && b == -1 {
		return 0, false
	}
	if operator == operators.Divide {
		return a / b, true
	}
	return a % b, true
}

// times multiplies through 128 bits.
func times(a, b int64) (int64, bool) {
	negative := (a < 0) != (b < 0)
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	if high != 0 || low > limit {
		return 0, false
	}
	if negative {
		return int64(-low), true
	}
	return int64(low), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
