package audit

import (
	"math"
	"math/bits"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestDirectionNumbersAreWhatTheMethodNeeds: odd and small enough, of polynomials that are primitive and
// different, as many as promised.
func TestDirectionNumbersAreWhatTheMethodNeeds(t *testing.T) {
	all := directions()
	if len(all) != dimensionsMax {
		t.Fatalf("%d dimensions, want %d", len(all), dimensionsMax)
	}
	for d, v := range all {
		for i, x := range v {
			if m := x >> (directionBits - 1 - i); m&1 == 0 || bits.Len32(m) > i+1 {
				t.Errorf("dimension %d: direction number %d is %d", d, i, m)
			}
		}
	}
	seen := map[uint64]bool{}
	for line := range strings.Lines(directionTable) {
		var s, a uint64
		for i, field := range strings.Fields(line)[:2] {
			var n uint64
			for _, c := range field {
				n = n*10 + uint64(c-'0')
			}
			if i == 0 {
				s = n
			} else {
				a = n
			}
		}
		polynomial := 1<<s | a<<1 | 1
		if seen[polynomial] || !primitive(polynomial, s) {
			t.Errorf("the polynomial %b of degree %d is repeated or not primitive", polynomial, s)
		}
		seen[polynomial] = true
	}
}

// primitive multiplies by x until 1 comes back: the order of a primitive polynomial is 2^s − 1.
func primitive(polynomial, s uint64) bool {
	x := uint64(1)
	for n := uint64(1); ; n++ {
		if x <<= 1; x>>s&1 == 1 {
			x ^= polynomial
		}
		if x == 1 {
			return n == 1<<s-1
		}
		if n >= 1<<s {
			return false
		}
	}
}

// TestEveryDimensionIsEven: of 2^k points one lies in each of 2^k intervals, whatever the shift.
func TestEveryDimensionIsEven(t *testing.T) {
	const points = 256
	s, err := NewSequence(dimensionsMax, 7)
	if err != nil {
		t.Fatal(err)
	}
	counts := make([][points]int, dimensionsMax)
	point := make([]float64, dimensionsMax)
	for i := range uint32(points) {
		s.At(i+points, point)
		for d, x := range point {
			if x <= 0 || x >= 1 {
				t.Fatalf("point %d has the coordinate %v", i, x)
			}
			counts[d][int(x*points)]++
		}
	}
	for d, c := range counts {
		for i, n := range c {
			if n != 1 {
				t.Fatalf("dimension %d: %d points in interval %d", d, n, i)
			}
		}
	}
}

// TestPointsFillThePlane: the first points of neighbouring dimensions integrate a product better than
// drawn ones do; a table with a wrong line would not.
func TestPointsFillThePlane(t *testing.T) {
	const points = 4096
	s, err := NewSequence(64, 3)
	if err != nil {
		t.Fatal(err)
	}
	sums := make([]float64, 64)
	point := make([]float64, 64)
	for i := range uint32(points) {
		s.At(i, point)
		for d := range 63 {
			sums[d] += (point[d] - 0.5) * (point[d+1] - 0.5)
		}
	}
	const drawn = 1.0 / 12 / 64 // the standard error of as many drawn points
	for d, sum := range sums[:63] {
		if err := math.Abs(sum / points); err > drawn {
			t.Errorf("dimensions %d and %d: the integral is off by %.5f, more than drawn points (%.5f)", d,
				d+1,
				err, drawn)
		}
	}
}

func TestASeedGivesTheSamePoints(t *testing.T) {
	a, b, c := make([]float64, 3), make([]float64, 3), make([]float64, 3)
	for i, into := range [][]float64{a, b, c} {
		s, err := NewSequence(3, uint64(1+i/2))
		if err != nil {
			t.Fatal(err)
		}
		s.At(9, into)
	}
	for d := range a {
		if a[d] != b[d] || a[d] == c[d] {
			t.Errorf("coordinate %d: %v %v with one seed, %v with another", d, a[d], b[d], c[d])
		}
	}
	for _, n := range []int{0, dimensionsMax + 1} {
		if _, err := NewSequence(n, 1); fault.Of(err).Key != "rating.audit_dimensions" {
			t.Errorf("%d dimensions: %v", n, err)
		}
	}
}
