package log

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/transparency-dev/merkle/proof"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func lastAnchor(r store.Reader, subject string) (anchored, bool, error) {
	body, found, err := store.First[string](r, `SELECT body FROM event
		WHERE home = ? AND subject = ? ORDER BY id DESC LIMIT 1`, store.City, subject)
	var a anchored
	if err == nil && found {
		err = json.Unmarshal([]byte(body), &a)
	}
	return a, found, err
}

// Certificate proves an event offline: a C2SP tlog-proof whose extra line is the event itself.
// It fails with log.certificate.waiting until the event has been sequenced.
func (l *Log) Certificate(ctx context.Context, home, event int64) (string, error) {
	return store.Read(ctx, l.store, func(v *store.View) (string, error) {
		seq, found, err := store.First[int64](v,
			`SELECT seq FROM log_leaf WHERE home = ? AND event = ?`, home, event)
		if err != nil {
			return "", err
		}
		if !found {
			return "", fault.New(fault.Unavailable, "log.certificate.waiting")
		}
		head, err := lastHead(v, home)
		if err != nil {
			return "", err
		}
		e, _, err := store.First[store.StoredEvent](v,
			"SELECT "+store.EventColumns+" FROM event WHERE home = ? AND id = ?", home, event)
		if err != nil {
			return "", err
		}
		nodes, err := proof.Inclusion(uint64(seq), uint64(head.Size))
		if err != nil {
			return "", err
		}
		hashes, err := hashesOf(v, home, nodes)
		if err != nil {
			return "", err
		}
		return writeCertificate(e.Leaf(), uint64(seq), hashes, head.Note), nil
	})
}

// Head is the newest signed checkpoint of a home.
func (l *Log) Head(ctx context.Context, home int64) (string, error) {
	return store.Read(ctx, l.store, func(v *store.View) (string, error) {
		head, err := lastHead(v, home)
		return head.Note, err
	})
}

// Consistency proves that the tree of an older size is a beginning of the newest one: the hashes
// of RFC 6962, section 2.1.2, and the newest checkpoint.
func (l *Log) Consistency(ctx context.Context, home, size int64) (hashes [][]byte, head string, err error) {
	err = l.store.View(ctx, func(v *store.View) error {
		newest, err := lastHead(v, home)
		if err != nil {
			return err
		}
		if size < 0 || size > newest.Size {
			return fault.New(fault.Invalid, "log.consistency.size", size, newest.Size)
		}
		head = newest.Note
		nodes, err := proof.Consistency(uint64(size), uint64(newest.Size))
		if err != nil {
			return err
		}
		hashes, err = hashesOf(v, home, nodes)
		return err
	})
	return hashes, head, err
}

func lastHead(r store.Reader, home int64) (headRow, error) {
	head, found, err := store.First[headRow](r, `SELECT home, size, at, note FROM log_checkpoint
		WHERE home = ? ORDER BY size DESC LIMIT 1`, home)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "log.empty")
	}
	return head, err
}

const certificateHeader = "c2sp.org/tlog-proof@v1"

func writeCertificate(leaf []byte, index uint64, hashes [][]byte, checkpoint string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nextra %s\nindex %d\n", certificateHeader, encodeBase64(leaf), index)
	for _, h := range hashes {
		b.WriteString(encodeBase64(h) + "\n")
	}
	b.WriteString("\n" + checkpoint)
	return b.String()
}

// Proven is what a certificate proves.
type Proven struct {
	Event      store.StoredEvent
	Index      uint64
	Checkpoint Checkpoint
}

// CertificateMax is the number of bytes of the largest certificate that is read.
const CertificateMax = 256 << 10

// VerifyCertificate checks a certificate against an installation's public key, with nothing else.
func VerifyCertificate(text string, key PublicKey) (Proven, error) {
	bad := fault.New(fault.Invalid, "log.certificate.format")
	head, signed, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if len(text) > CertificateMax || !found || len(lines) < 3 || lines[0] != certificateHeader {
		return Proven{}, bad
	}
	extra, hasExtra := strings.CutPrefix(lines[1], "extra ")
	position, hasIndex := strings.CutPrefix(lines[2], "index ")
	if !hasExtra || !hasIndex {
		return Proven{}, bad
	}
	leaf, err := decodeBase64(extra)
	if err != nil {
		return Proven{}, bad.Because(err)
	}
	index, err := parseSize(position)
	if err != nil {
		return Proven{}, bad.Because(err)
	}
	var hashes [][]byte
	for _, line := range lines[3:] {
		hash, err := decodeBase64(line)
		if err != nil || len(hash) != hasher.Size() {
			return Proven{}, bad.Because(err)
		}
		hashes = append(hashes, hash)
	}
	return verify(leaf, index, hashes, signed, key)
}

func verify(leaf []byte, index uint64, hashes [][]byte, signed string, key PublicKey) (Proven, error) {
	checkpoint, err := key.Open(signed)
	if err != nil {
		return Proven{}, err
	}
	err = proof.VerifyInclusion(hasher, index, checkpoint.Size, hasher.HashLeaf(leaf), hashes,
		checkpoint.Root)
	if err != nil {
		return Proven{}, fault.New(fault.Invalid, "log.certificate.proof").Because(err)
	}
	p := Proven{Index: index, Checkpoint: checkpoint}
	decoder := json.NewDecoder(bytes.NewReader(leaf))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p.Event); err != nil {
		return Proven{}, fault.New(fault.Invalid, "log.certificate.format").Because(err)
	}
	return p, nil
}
