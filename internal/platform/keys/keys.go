// Package keys keeps the secrets of an installation outside its database: the key that signs the
// log, the one that encrypts personal data, and the one under which personal data is found again.
//
// They live in one file that only the service's account may read. Whoever has the database but not
// the file can neither read personal data nor forge a checkpoint. Lose the file and encrypted data
// is gone: it is backed up apart from the database (docs/operations.md).
package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Ring is the secrets of an installation.
type Ring struct {
	log      ed25519.PrivateKey
	personal []byte // AES-256
	lookup   []byte // HMAC-SHA256
}

// file is how the ring is stored: hexadecimal, one line a key.
type file struct {
	Version  int    `json:"version"`
	Log      string `json:"log_seed"`
	Personal string `json:"personal"`
	Lookup   string `json:"lookup"`
}

// New makes fresh keys from a source of randomness.
func New(random io.Reader) (*Ring, error) {
	secrets := make([]byte, 3*32)
	if _, err := io.ReadFull(random, secrets); err != nil {
		return nil, err
	}
	return fromSecrets(secrets[:32], secrets[32:64], secrets[64:]), nil
}

func fromSecrets(log, personal, lookup []byte) *Ring {
	return &Ring{ed25519.NewKeyFromSeed(log), personal, lookup}
}

// Load reads the file of an installation.
func Load(name string) (*Ring, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "keys.missing", name).Because(err)
	}
	var f file
	if err := json.Unmarshal(text, &f); err != nil || f.Version != 1 {
		return nil, fault.New(fault.Unavailable, "keys.broken", name).Because(err)
	}
	var secrets [3][]byte
	for i, s := range []string{f.Log, f.Personal, f.Lookup} {
		if secrets[i], err = hex.DecodeString(s); err != nil || len(secrets[i]) != 32 {
			return nil, fault.New(fault.Unavailable, "keys.broken", name).Because(err)
		}
	}
	return fromSecrets(secrets[0], secrets[1], secrets[2]), nil
}

// Save writes the file, readable by its owner only. It never overwrites one: a lost key cannot be
// made again.
func (r *Ring) Save(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Unavailable, "keys.save", name).Because(err)
	}
	defer f.Close()
	encoder := json.NewEncoder(f)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(file{1, hex.EncodeToString(r.log.Seed()), hex.EncodeToString(r.personal),
		hex.EncodeToString(r.lookup)})
	return errors.Join(err, f.Sync())
}

// Log is the key that signs checkpoints.
func (r *Ring) Log() ed25519.PrivateKey { return r.log }

// Seal encrypts a personal value (AES-256-GCM, random nonce) for one column, so that a value cannot
// be moved to another. An empty value stays empty.
func (r *Ring) Seal(random io.Reader, column, value string) ([]byte, error) {
	if value == "" {
		return []byte{}, nil
	}
	aead, err := r.aead()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, err
	}
	return aead.Seal(append([]byte{1}, nonce...), nonce, []byte(value), []byte(column)), nil
}

var errSealed = errors.New("keys: a sealed value cannot be opened")

// Open decrypts what Seal made for the same column.
func (r *Ring) Open(column string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	aead, err := r.aead()
	if err != nil {
		return "", err
	}
	if sealed[0] != 1 || len(sealed) < 1+aead.NonceSize() {
		return "", errSealed
	}
	nonce, body := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	value, err := aead.Open(nil, nonce, body, []byte(column))
	if err != nil {
		return "", errSealed
	}
	return string(value), nil
}

func (r *Ring) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(r.personal)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Find is the keyed hash under which a normalised value of a column is found again. A plain hash
// would not do: there are few enough identity numbers to try them all.
func (r *Ring) Find(column, value string) []byte {
	if value == "" {
		return []byte{}
	}
	mac := hmac.New(sha256.New, r.lookup)
	mac.Write([]byte(column + "\x00" + value))
	return mac.Sum(nil)
}
