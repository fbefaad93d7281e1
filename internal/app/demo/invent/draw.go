package invent

import "math/bits"

// Draw is a source of chance: the same numbers for the same seed, subject and number. It is SplitMix64
// (Steele, Lea, Flood 2014), which is plenty for making things up and for nothing else.
type Draw struct{ state uint64 }

const golden = 0x9e3779b97f4a7c15

// NewDraw begins a source of its own for each thing that is made up.
func NewDraw(seed int64, subject string, number int64) *Draw {
	d := &Draw{uint64(seed)}
	for _, b := range []byte(subject) {
		d.state = d.next() ^ uint64(b)
	}
	d.state = d.next() ^ uint64(number)
	d.next()
	return d
}

func (d *Draw) next() uint64 {
	d.state += golden
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Below draws from 0 to n−1.
func (d *Draw) Below(n int) int {
	high, _ := bits.Mul64(d.next(), uint64(n))
	return int(high)
}

// Between draws from low to high, both included.
func (d *Draw) Between(low, high int64) int64 {
	part, _ := bits.Mul64(d.next(), uint64(high-low)+1)
	return low + int64(part)
}

// PerMille is true in so many of a thousand draws.
func (d *Draw) PerMille(n int) bool { return d.Below(1000) < n }

// Skewed draws from low to high so that each doubling is as likely as the next: many small ones and a
// few large ones, as sizes in life are. low is at least 1.
func (d *Draw) Skewed(low, high int64) int64 {
	first, last := bits.Len64(uint64(low)), bits.Len64(uint64(high))
	octave := first + d.Below(last-first+1)
	from, to := int64(1)<<(octave-1), int64(1)<<octave-1
	return d.Between(max(from, low), min(to, high))
}

// Round cuts the last digits off, so that an amount looks as if somebody had agreed on it.
func Round(n, unit int64) int64 { return max(n/unit, 1) * unit }

// Pick draws one of a list.
func Pick[T any](d *Draw, list []T) T { return list[d.Below(len(list))] }

// Weighted draws an index with the likelihood of its weight.
func (d *Draw) Weighted(weights ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := d.Below(total)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return len(weights) - 1
}

// Spread divides total among places in proportion to weights: each gets at least one, and they sum to
// the total exactly. Leftovers go to the first.
func Spread(total int, weights []int) []int {
	parts, sum := make([]int, len(weights)), 0
	for _, w := range weights {
		sum += w
	}
	left := total - len(weights) // one for each
	given := 0
	for i, w := range weights {
		parts[i] = 1 + left*w/sum
		given += left * w / sum
	}
	for i := 0; i < left-given; i++ {
		parts[i%len(parts)]++
	}
	return parts
}
