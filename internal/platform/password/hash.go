package password

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Cost is what one password hash costs.
type Cost struct {
	Memory uint32 // KiB
	Time   uint32 // passes
}

// DefaultCost takes about 60 ms of one core and 32 MiB. RFC 9106, section 4, names 64 MiB and three
// passes as its second choice; half the memory lets two run at once on a small machine.
var DefaultCost = Cost{Memory: 32 << 10, Time: 3}

// Limits of a hash that is read: a row altered by hand must not take the machine's memory.
const (
	memoryMax  = 256 << 10 // KiB
	timeMax    = 16
	waitingMax = 256 // people waiting for a hash
	saltSize   = 16
	keySize    = 32
)

// Hasher runs argon2id, as many at once as the machine has cores.
type Hasher struct {
	cost    Cost
	random  func([]byte)
	slots   chan struct{}
	waiting atomic.Int64
	work    atomic.Int64 // hashes computed
}

// NewHasher makes a hasher; a zero cost is DefaultCost.
func NewHasher(cost Cost, random func([]byte)) *Hasher {
	if cost == (Cost{}) {
		cost = DefaultCost
	}
	return &Hasher{cost: cost, random: random, slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)))}
}

// Work is how many hashes have been computed.
func (h *Hasher) Work() int64 { return h.work.Load() }

// key computes argon2id when it is its turn. More than waitingMax people are turned away: they
// would wait for longer than a browser does.
func (h *Hasher) key(ctx context.Context, password string, salt []byte, cost Cost) ([]byte, error) {
	if h.waiting.Add(1) > waitingMax {
		h.waiting.Add(-1)
		return nil, fault.New(fault.Unavailable, "password.crowded")
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	h.work.Add(1)
	// The same characters typed in full width or in another composition are the same password.
	plain := norm.NFKC.String(password)
	return argon2.IDKey([]byte(plain), salt, cost.Time, cost.Memory, 1, keySize), nil
}

var phcEncoding = base64.RawStdEncoding

// Hash makes the PHC string of a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	h.random(salt)
	key, err := h.key(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	return phc(h.cost, salt, key), nil
}

func phc(c Cost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, c.Memory, c.Time,
		phcEncoding.EncodeToString(salt), phcEncoding.EncodeToString(key))
}

// Nobody is the hash of a password that nobody has: all zeros is the key of nothing known.
func (h *Hasher) Nobody() string {
	return phc(h.cost, make([]byte, saltSize), make([]byte, keySize))
}

// Verify reports whether the password has the hash. A hash that cannot be read costs the same work
// and is the hash of nothing.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (bool, error) {
	cost, salt, want, ok := parsePHC(stored)
	if !ok {
		cost, salt, want, _ = parsePHC(h.Nobody())
	}
	got, err := h.key(ctx, password, salt, cost)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && ok, nil
}

func parsePHC(text string) (c Cost, salt, key []byte, ok bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &c.Memory, &c.Time); n != 2 || err != nil {
		return c, nil, nil, false
	}
	salt, saltErr := phcEncoding.DecodeString(parts[4])
	key, keyErr := phcEncoding.DecodeString(parts[5])
	ok = saltErr == nil && keyErr == nil && len(key) == keySize && len(salt) >= saltSize &&
		c.Memory >= 8 && c.Memory <= memoryMax && c.Time >= 1 && c.Time <= timeMax
	return c, salt, key, ok
}
