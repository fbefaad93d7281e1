package series

import "math/big"

// Look answers the own figure of a series in a year, in units of 10^-Decimals; false if there is none.
type Look func(key string, year int) (amount int64, known bool)

// Part is a figure that a value was computed from.
type Part struct {
	Key    string
	Year   int
	Amount int64
	Known  bool
}

// The reasons why a value is not known.
const (
	Missing   = "missing" // a figure it needs is not there
	AtBreak   = "break"   // growth from one definition to another
	NoDivisor = "zero"    // it would be divided by zero
	TooLarge  = "large"   // it does not fit
)

// Value is a figure of a series in a year.
type Value struct {
	Known  bool
	Amount int64 // in units of 10^-Decimals, rounded half away from zero
	Why    string
	Parts  []Part // own figures it follows from
}

// Value computes a series in a year at a place with a code.
func (b Book) Value(key, code string, year int, look Look) Value {
	e := evaluation{book: b, code: code, look: look}
	r := e.of(key, year)
	v := Value{Why: e.why, Parts: e.parts}
	if r == nil {
		return v
	}
	amount, fits := rounded(r, b[key].Decimals)
	if !fits {
		v.Why = TooLarge
		return v
	}
	v.Known, v.Amount, v.Why = true, amount, ""
	return v
}

type evaluation struct {
	book  Book
	code  string
	look  Look
	parts []Part
	why   string
}

// refuse notes the first reason why there is no figure.
func (e *evaluation) refuse(why string) *big.Rat {
	if e.why == "" {
		e.why = why
	}
	return nil
}

func (e *evaluation) of(key string, year int) *big.Rat {
	d, declared := e.book[key]
	if !declared {
		return e.refuse(Missing)
	}
	if !d.Derived() {
		amount, known := e.look(key, year)
		e.parts = append(e.parts, Part{key, year, amount, known})
		if !known {
			return e.refuse(Missing)
		}
		return big.NewRat(amount, power(d.Decimals))
	}
	if d.Formula == Growth {
		return e.growth(d.Of[0], year)
	}
	values := make([]*big.Rat, len(d.Of))
	for i, part := range d.Of {
		values[i] = e.of(part, year) // all of them, so that every missing part is named
	}
	for _, v := range values {
		if v == nil {
			return nil
		}
	}
	return e.join(d, values)
}

func (e *evaluation) join(d Definition, values []*big.Rat) *big.Rat {
	total := new(big.Rat).Set(values[0])
	switch d.Formula {
	case Ratio:
		if values[1].Sign() == 0 {
			return e.refuse(NoDivisor)
		}
		total.Quo(total, values[1])
		return total.Mul(total, big.NewRat(max(d.Scale, 1), 1))
	case Contrast:
		if values[1].Sign() == 0 || values[2].Sign() == 0 || values[3].Sign() == 0 {
			return e.refuse(NoDivisor)
		}
		total.Quo(total, values[1])
		return total.Quo(total, new(big.Rat).Quo(values[2], values[3]))
	}
	for _, v := range values[1:] {
		if d.Formula == Difference {
			total.Sub(total, v)
		} else {
			total.Add(total, v)
		}
	}
	return total
}

// growth compares with the year before, unless the definition changed between the two.
func (e *evaluation) growth(key string, year int) *big.Rat {
	now, before := e.of(key, year), e.of(key, year-1)
	if now == nil || before == nil {
		return nil
	}
	if len(Within(e.book.Breaks(key, e.code), year-1, year)) > 0 {
		return e.refuse(AtBreak)
	}
	if before.Sign() == 0 {
		return e.refuse(NoDivisor)
	}
	r := new(big.Rat).Quo(now, before)
	r.Sub(r, big.NewRat(1, 1))
	return r.Mul(r, big.NewRat(100, 1))
}

// power is 10^n.
func power(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// rounded brings a number to units of 10^-decimals, half away from zero.
func rounded(r *big.Rat, decimals int) (int64, bool) {
	scaled := new(big.Rat).Mul(r, big.NewRat(power(decimals), 1))
	twice := new(big.Int).Mul(new(big.Int).Abs(scaled.Num()), big.NewInt(2))
	twice.Add(twice, scaled.Denom())
	twice.Quo(twice, new(big.Int).Mul(scaled.Denom(), big.NewInt(2)))
	if scaled.Sign() < 0 {
		twice.Neg(twice)
	}
	return twice.Int64(), twice.IsInt64()
}
