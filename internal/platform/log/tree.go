package log

import (
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// hasher is RFC 6962 with SHA-256.
var hasher = rfc6962.DefaultHasher

var ranges = compact.RangeFactory{Hash: hasher.HashChildren}

// nodeStep: hashes of whole subtrees are kept at levels 8, 16, 24 …; others are computed from at
// most 256 rows below.
const nodeStep = 8

func encodeBase64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func decodeBase64(s string) ([]byte, error) { return base64.StdEncoding.Strict().DecodeString(s) }

// parseSize reads a decimal without leading zeros.
func parseSize(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, fmt.Errorf("log: %q is not a size", s)
	}
	return n, nil
}

// treeRow is the growing edge of a home's tree.
type treeRow struct {
	Home   int64  `db:"home"`
	Size   int64  `db:"size"`
	Hashes []byte `db:"hashes"`
}

// edge rebuilds the compact range of the tree.
func (t treeRow) edge() (*compact.Range, error) {
	if len(t.Hashes)%hasher.Size() != 0 {
		return nil, fmt.Errorf("log: the tree of home %d has a broken edge", t.Home)
	}
	var hashes [][]byte
	for i := 0; i < len(t.Hashes); i += hasher.Size() {
		hashes = append(hashes, t.Hashes[i:i+hasher.Size()])
	}
	return ranges.NewRange(0, uint64(t.Size), hashes)
}

func root(edge *compact.Range) ([]byte, error) {
	if edge.End() == 0 {
		return hasher.EmptyRoot(), nil
	}
	return edge.GetRootHash(nil)
}

// node is a hash of a whole subtree.
type node struct {
	id   compact.NodeID
	hash []byte
}

// nodeHash reads or computes the hash of a whole subtree.
func nodeHash(r store.Reader, home int64, id compact.NodeID) ([]byte, error) {
	if id.Level == 0 {
		return hashAt(r, `SELECT hash FROM log_leaf WHERE home = ? AND seq = ?`, home, int64(id.Index))
	}
	if id.Level%nodeStep == 0 {
		return hashAt(r, `SELECT hash FROM log_node WHERE home = ? AND level = ? AND pos = ?`,
			home, int64(id.Level), int64(id.Index))
	}
	base := id.Level / nodeStep * nodeStep
	first := id.Index << (id.Level - base)
	last := (id.Index + 1) << (id.Level - base)
	hashes, err := rowOfHashes(r, home, base, first, last)
	if err != nil {
		return nil, err
	}
	if uint64(len(hashes)) != last-first {
		return nil, fmt.Errorf("log: home %d lacks hashes %d–%d of level %d", home, first, last, base)
	}
	for len(hashes) > 1 {
		for i := 0; i < len(hashes); i += 2 {
			hashes[i/2] = hasher.HashChildren(hashes[i], hashes[i+1])
		}
		hashes = hashes[:len(hashes)/2]
	}
	return hashes[0], nil
}

func rowOfHashes(r store.Reader, home int64, level uint, first, last uint64) ([][]byte, error) {
	if level == 0 {
		return store.All[[]byte](r, `SELECT hash FROM log_leaf
			WHERE home = ? AND seq >= ? AND seq < ? ORDER BY seq`, home, int64(first), int64(last))
	}
	return store.All[[]byte](r, `SELECT hash FROM log_node
		WHERE home = ? AND level = ? AND pos >= ? AND pos < ? ORDER BY pos`,
		home, int64(level), int64(first), int64(last))
}

func hashAt(r store.Reader, sql string, args ...any) ([]byte, error) {
	hash, found, err := store.First[[]byte](r, sql, args...)
	if err == nil && !found {
		err = fmt.Errorf("log: a hash is missing: %v", args)
	}
	return hash, err
}

// hashesOf reads the hashes of a proof.
func hashesOf(r store.Reader, home int64, nodes proof.Nodes) ([][]byte, error) {
	var hashes [][]byte
	for _, id := range nodes.IDs {
		hash, err := nodeHash(r, home, id)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return nodes.Rehash(hashes, hasher.HashChildren)
}
