package statistic

import "math/bits"

// Stream draws numbers by their index: number 7 is the same whether or not 0 to 6 were drawn, so that
// replications can run in any order and on any number of processors. It is Philox 2×64 with ten rounds
// (Salmon, Moraes, Dror and Shaw 2011), its counter being (index, stream) and its key the seed.
type Stream struct{ seed, number uint64 }

// NewStream is the stream of a seed with a number. Streams of one seed are independent of each other.
func NewStream(seed, number uint64) Stream { return Stream{seed, number} }

const (
	philoxMultiplier = 0xD2B74407B1CE6E93
	philoxWeyl       = 0x9E3779B97F4A7C15
	philoxRounds     = 10
)

// Words are the two numbers of an index.
func (s Stream) Words(index uint64) (uint64, uint64) {
	left, right, key := index, s.number, s.seed
	for range philoxRounds {
		high, low := bits.Mul64(philoxMultiplier, left)
		left, right = high^key^right, low
		key += philoxWeyl
	}
	return left, right
}

// Uniform is a number between 0 and 1, both excluded, with 52 random bits.
func (s Stream) Uniform(index uint64) float64 {
	word, _ := s.Words(index)
	return (float64(word>>12) + 0.5) / (1 << 52)
}

// Normal is a number of the standard normal distribution.
func (s Stream) Normal(index uint64) float64 { return NormalQuantile(s.Uniform(index)) }

// Below is a whole number from 0 to n−1, without the bias of a remainder beyond n/2⁶⁴.
func (s Stream) Below(index uint64, n int) int {
	word, _ := s.Words(index)
	high, _ := bits.Mul64(word, uint64(n))
	return int(high)
}

// Sub is a stream of its own for an index: all the numbers of one replication.
func (s Stream) Sub(index uint64) Stream {
	seed, number := s.Words(index)
	return Stream{seed, number}
}

// Permute shuffles 0 to len(order)−1 into order: the permutation of an index (Fisher and Yates).
func (s Stream) Permute(index uint64, order []int) {
	for i := range order {
		order[i] = i
	}
	own := s.Sub(index)
	for i := len(order) - 1; i > 0; i-- {
		j := own.Below(uint64(i), i+1)
		order[i], order[j] = order[j], order[i]
	}
}
