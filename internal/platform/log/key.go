package log

import (
	"crypto/ed25519"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Signer signs the checkpoints of all homes of an installation.
type Signer struct {
	origin string
	key    ed25519.PrivateKey
}

// NewSigner makes a signer. origin is a name like a URL without scheme: no spaces, no plus sign.
func NewSigner(origin string, key ed25519.PrivateKey) (*Signer, error) {
	if origin == "" || strings.ContainsAny(origin, " +\t\n") {
		return nil, fault.New(fault.Invalid, "log.origin", origin)
	}
	return &Signer{origin, key}, nil
}

// PublicKey is what to publish: a note verifier key under the installation's origin.
func (s *Signer) PublicKey() string {
	key, err := note.NewEd25519VerifierKey(s.origin, s.key.Public().(ed25519.PublicKey))
	if err != nil {
		panic(err) // NewSigner checked the name
	}
	return key
}

// Origin is the name of a home's log.
func (s *Signer) Origin(home int64) string { return s.origin + "/" + strconv.FormatInt(home, 10) }

// sign makes the checkpoint of a home's tree head.
func (s *Signer) sign(home int64, size uint64, root []byte) (string, error) {
	origin := s.Origin(home)
	verifier, err := verifierNamed(origin, s.key.Public().(ed25519.PublicKey))
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: checkpointText(origin, size, root)},
		homeSigner{origin, verifier.KeyHash(), s.key})
	return string(signed), err
}

func verifierNamed(origin string, key ed25519.PublicKey) (note.Verifier, error) {
	text, err := note.NewEd25519VerifierKey(origin, key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// homeSigner is the installation's key under a home's name.
type homeSigner struct {
	name string
	hash uint32
	key  ed25519.PrivateKey
}

func (s homeSigner) Name() string                        { return s.name }
func (s homeSigner) KeyHash() uint32                     { return s.hash }
func (s homeSigner) Sign(message []byte) ([]byte, error) { return ed25519.Sign(s.key, message), nil }

// PublicKey checks checkpoints of any home of one installation.
type PublicKey struct {
	origin string
	key    ed25519.PublicKey
}

// ParsePublicKey reads a note verifier key: origin+hash+base64.
func ParsePublicKey(text string) (PublicKey, error) {
	text = strings.TrimSpace(text)
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return PublicKey{}, fault.New(fault.Invalid, "log.key").Because(err)
	}
	_, rest, _ := strings.Cut(text, "+") // name+hash+key, where the key may itself contain +
	_, encoded, _ := strings.Cut(rest, "+")
	raw, err := decodeBase64(encoded)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return PublicKey{}, fault.New(fault.Invalid, "log.key").Because(err)
	}
	return PublicKey{verifier.Name(), raw[1:]}, nil // the first byte is the algorithm
}

// Open checks the signature of a checkpoint and returns what it says.
func (k PublicKey) Open(signed string) (Checkpoint, error) {
	origin, _, _ := strings.Cut(signed, "\n")
	if !strings.HasPrefix(origin, k.origin+"/") {
		return Checkpoint{}, fault.New(fault.Invalid, "log.certificate.origin", origin, k.origin)
	}
	verifier, err := verifierNamed(origin, k.key)
	if err != nil {
		return Checkpoint{}, fault.New(fault.Invalid, "log.certificate.signature").Because(err)
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, fault.New(fault.Invalid, "log.certificate.signature").Because(err)
	}
	return parseCheckpoint(opened.Text)
}

func checkpointText(origin string, size uint64, root []byte) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, encodeBase64(root))
}

// Checkpoint is a tree head: a log's name, its size and its root hash.
type Checkpoint struct {
	Origin string
	Size   uint64
	Root   []byte
}

func parseCheckpoint(text string) (Checkpoint, error) {
	fail := fault.New(fault.Invalid, "log.certificate.checkpoint")
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return Checkpoint{}, fail
	}
	size, err := parseSize(lines[1])
	if err != nil {
		return Checkpoint{}, fail.Because(err)
	}
	root, err := decodeBase64(lines[2])
	if err != nil || len(root) != hasher.Size() {
		return Checkpoint{}, fail.Because(err)
	}
	return Checkpoint{lines[0], size, root}, nil
}
