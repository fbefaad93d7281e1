package audit

import (
	"math/bits"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Sequence is a Sobol' sequence with a digital shift: points that fill the unit cube more evenly than
// drawn ones. Any point can be asked for by itself.
type Sequence struct {
	directions [][directionBits]uint32
	shift      []uint32
}

// NewSequence is the sequence of points with so many coordinates, 1 to 256, shifted by a seed.
func NewSequence(dimensions int, seed uint64) (Sequence, error) {
	if dimensions < 1 || dimensions > dimensionsMax {
		return Sequence{}, fault.New(fault.Invalid, "rating.audit_dimensions", dimensions, dimensionsMax)
	}
	s := Sequence{directions: directions()[:dimensions], shift: make([]uint32, dimensions)}
	stream := statistic.NewStream(seed, shiftStream)
	for i := range s.shift {
		word, _ := stream.Words(uint64(i))
		s.shift[i] = uint32(word >> 32)
	}
	return s, nil
}

// At writes the coordinates of a point, each strictly between 0 and 1.
func (s Sequence) At(index uint32, into []float64) {
	for d := range s.directions {
		x := s.shift[d]
		for gray := index ^ index>>1; gray != 0; gray &= gray - 1 {
			x ^= s.directions[d][bits.TrailingZeros32(gray)]
		}
		into[d] = (float64(x) + 0.5) / (1 << directionBits)
	}
}

// Streams of random numbers, told apart so that one audit's draws do not repeat another's.
const (
	shiftStream uint64 = 1 + iota
	bootstrapStream
	dataStream
)
