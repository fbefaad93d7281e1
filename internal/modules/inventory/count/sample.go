package count

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Sample draws from a set of organisations those whose check is counted again: of each its number
// is hashed under the seed, and the smallest hashes are taken. The seed is drawn at random, stored
// and published, so that anybody can draw the same sample again, and nobody could know it before.
// shareOf10000 is the share in hundredths of a percent; at least one is drawn from a set that is
// not empty.
func Sample(seed []byte, organisations []int64, shareOf10000 int64) []int64 {
	if len(organisations) == 0 || shareOf10000 <= 0 {
		return nil
	}
	type drawn struct {
		hash []byte
		id   int64
	}
	all := make([]drawn, len(organisations))
	for i, id := range organisations {
		mac := hmac.New(sha256.New, seed)
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(id)))
		all[i] = drawn{mac.Sum(nil), id}
	}
	slices.SortFunc(all, func(a, b drawn) int { return bytes.Compare(a.hash, b.hash) })
	n, _ := decimal.MulDiv(int64(len(all)), shareOf10000, 10_000, decimal.HalfUp)
	n = min(max(n, 1), int64(len(all)))
	sample := make([]int64, n)
	for i := range sample {
		sample[i] = all[i].id
	}
	slices.Sort(sample)
	return sample
}
