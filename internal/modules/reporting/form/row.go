package form

import (
	"encoding/binary"
	"errors"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Value is one cell of a row. Per is the denominator of a ratio and 0 elsewhere.
type Value struct {
	Known  bool
	Amount int64
	Per    int64
}

// Row is the cells of one unit in one period, in the order of the form.
type Row []Value

// ErrRange says that a figure would not fit into 64 bits.
var ErrRange = errors.New("form: a figure is too large")

// Compute fills what follows from other cells: terms first, as often as they build on one another, then
// bands and ratios. A computed cell is known if everything it is made of is.
func (d Definition) Compute(row Row) error {
	for i, c := range d.Cells {
		if c.Computed() {
			row[i] = Value{}
		}
	}
	for done := false; !done; {
		done = true
		for i, c := range d.Cells {
			if len(c.Terms) == 0 || row[i].Known {
				continue
			}
			v, err := d.sumOf(c, row)
			if err != nil {
				return err
			}
			if v.Known {
				row[i], done = v, false
			}
		}
	}
	for i, c := range d.Cells {
		switch {
		case c.Band != nil:
			row[i] = c.Band.in(row[d.Index(c.Band.Of)])
		case c.Kind == Ratio:
			n, m := row[d.Index(c.Numerator)], row[d.Index(c.Denominator)]
			if n.Known && m.Known {
				row[i] = Value{true, n.Amount, m.Amount}
			}
		}
	}
	return nil
}

func (d Definition) sumOf(c Cell, row Row) (Value, error) {
	sum := Value{Known: true}
	for _, text := range c.Terms {
		sign, key := term(text)
		part := row[d.Index(key)]
		if !part.Known {
			return Value{}, nil
		}
		total, ok := decimal.Add(sum.Amount, sign*part.Amount)
		if !ok {
			return Value{}, ErrRange
		}
		sum.Amount = total
	}
	return sum, nil
}

// in is 1 if a value lies in the band.
func (b Band) in(v Value) Value {
	if !v.Known {
		return Value{}
	}
	if b.From != nil && v.Amount < *b.From || b.To != nil && v.Amount >= *b.To {
		return Value{Known: true}
	}
	return Value{Known: true, Amount: 1}
}

// Text writes the value of a cell as people read it, without its unit; "" if it is not known.
func (d Definition) Text(i int, v Value) string {
	amount, known := d.Shown(i, v)
	if !known {
		return ""
	}
	return decimal.Grouped(amount, d.Cells[i].Kind.Decimals())
}

// Shown is the value in units of 10^-Decimals: of a ratio the quotient, rounded half up, unknown if
// nothing is divided by.
func (d Definition) Shown(i int, v Value) (int64, bool) {
	c := d.Cells[i]
	if !v.Known || c.Kind != Ratio {
		return v.Amount, v.Known
	}
	if v.Per == 0 {
		return 0, false
	}
	top, bottom := d.Cells[d.Index(c.Numerator)].Kind, d.Cells[d.Index(c.Denominator)].Kind
	scale := max(c.Scale, 1)
	for range c.Kind.Decimals() + bottom.Decimals() - top.Decimals() {
		scale *= 10
	}
	return decimal.MulDiv(v.Amount, scale, v.Per, decimal.HalfUp)
}

// Total is what rows add up to: for each cell the sum of its amounts and denominators, and of how many
// rows. Rows is how many were added at all.
type Total struct {
	Rows  int64
	Cells []Sum
}

// Sum is a cell of a total.
type Sum struct{ Amount, Per, Covered int64 }

// NewTotal is an empty total of a form.
func NewTotal(d Definition) Total { return Total{Cells: make([]Sum, len(d.Cells))} }

// Of is the row as a total of itself alone.
func (d Definition) Of(row Row) Total {
	t := Total{Rows: 1, Cells: make([]Sum, len(d.Cells))}
	for i, v := range row {
		if v.Known && d.Cells[i].RollUp != Alone {
			t.Cells[i] = Sum{v.Amount, v.Per, 1}
		}
	}
	return t
}

// Add adds another total. On an overflow the total is left as it was.
func (t *Total) Add(o Total) error {
	if len(t.Cells) != len(o.Cells) {
		return errLayout
	}
	for i, c := range o.Cells {
		if _, ok := decimal.Add(t.Cells[i].Amount, c.Amount); !ok {
			return ErrRange
		}
		if _, ok := decimal.Add(t.Cells[i].Per, c.Per); !ok {
			return ErrRange
		}
	}
	t.Rows += o.Rows
	for i, c := range o.Cells {
		sum := &t.Cells[i]
		sum.Amount, sum.Per, sum.Covered = sum.Amount+c.Amount, sum.Per+c.Per, sum.Covered+c.Covered
	}
	return nil
}

// Value is a cell of the total; known if any row had it.
func (t Total) Value(i int) Value {
	c := t.Cells[i]
	return Value{c.Covered > 0, c.Amount, c.Per}
}

// Minus is what is left of a total when another is taken away: a place's own share.
func (t Total) Minus(o Total) Total {
	left := Total{Rows: t.Rows - o.Rows, Cells: make([]Sum, len(t.Cells))}
	for i, c := range t.Cells {
		left.Cells[i] = Sum{c.Amount - o.Cells[i].Amount, c.Per - o.Cells[i].Per,
			c.Covered - o.Cells[i].Covered}
	}
	return left
}

var errLayout = errors.New("form: totals of different forms")

// Encode packs a total: what was not reported takes one byte.
func (t Total) Encode() []byte {
	b := binary.AppendVarint(nil, t.Rows)
	for _, c := range t.Cells {
		b = binary.AppendVarint(b, c.Covered)
		if c.Covered != 0 {
			b = binary.AppendVarint(binary.AppendVarint(b, c.Amount), c.Per)
		}
	}
	return b
}

// AddEncoded adds a packed total without unpacking it first: a roll-up adds very many.
func (t *Total) AddEncoded(b []byte) error {
	next := func() (v int64) {
		v, n := binary.Varint(b)
		if n <= 0 {
			b = nil
			return 0
		}
		b = b[n:]
		return v
	}
	t.Rows += next()
	for i := range t.Cells {
		if b == nil {
			return errLayout
		}
		covered := next()
		if covered == 0 {
			continue
		}
		sum := &t.Cells[i]
		amount, ok := decimal.Add(sum.Amount, next())
		per, also := decimal.Add(sum.Per, next())
		if !ok || !also {
			return ErrRange
		}
		sum.Amount, sum.Per, sum.Covered = amount, per, sum.Covered+covered
	}
	if b == nil || len(b) > 0 {
		return errLayout
	}
	return nil
}
