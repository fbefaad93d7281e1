package setting

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// Clock is the time in a city that is being built: it stands still until it is moved.
type Clock struct{ now atomic.Int64 }

// NewClock begins in the morning of a day.
func NewClock(on period.Date) *Clock {
	c := &Clock{}
	c.Move(on, 9*time.Hour)
	return c
}

// Now is the clock for the host.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.now.Load()).In(period.Beijing) }

// Today is the civil day.
func (c *Clock) Today() period.Date { return period.At(c.Now()).Date() }

// Move sets the clock to a time of a day in Beijing. It never goes back: an earlier moment leaves it
// where it is.
func (c *Clock) Move(on period.Date, at time.Duration) {
	if to := int64(on.Start().Add(at)); to > c.now.Load() {
		c.now.Store(to)
	}
}

// Pass lets time go by.
func (c *Clock) Pass(d time.Duration) { c.now.Add(d.Microseconds()) }

// stream is bytes that follow from a name: AES-CTR over zeros.
type stream struct{ cipher.Stream }

// Random is randomness that follows from scale and seed: for a city that can be built again, and for
// nothing that must stay secret.
func Random(scale string, seed int64) io.Reader {
	key := sha256.Sum256(fmt.Appendf(nil, "terrace demo %s %d", scale, seed))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has the right length
	}
	return stream{cipher.NewCTR(block, make([]byte, aes.BlockSize))}
}

// Read fills b.
func (s stream) Read(b []byte) (int, error) {
	clear(b)
	s.XORKeyStream(b, b)
	return len(b), nil
}
