package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// DigestSize is the length of a row's digest in bytes: SHA-256 cut to 128 bits, enough against a
// second row with the same digest.
const DigestSize = 16

// SaltSize is the length of an event's salt in bytes.
const SaltSize = 16

// Digest is the salted digest of one row's content. The zero digest says that the row is gone.
type Digest [DigestSize]byte

// RowDigest computes the digest of a row: SHA-256 over the event's salt, the table, the key and
// the plain values, each with its kind and length. The salt keeps values that have few
// possibilities from being guessed from a published log.
func RowDigest(salt []byte, table, key string, values []any) Digest {
	if values == nil {
		return Digest{}
	}
	digest, _ := rowDigest(make([]byte, 0, 256), salt, table, key, values)
	return digest
}

// rowDigest is RowDigest with room to write in, which it gives back.
func rowDigest[K []byte | string](b, salt []byte, table string, key K, values []any) (Digest, []byte) {
	b = append(b, salt...)
	b = appendText(b, 's', table)
	b = appendText(b, 's', key)
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case string:
			b = appendText(b, 's', v)
		case bool:
			b = append(b, 't', 0)
			if v {
				b[len(b)-1] = 1
			}
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		case []byte:
			b = appendText(b, 'b', v)
		default:
			panic(fmt.Sprintf("store: a value of type %T cannot be sealed", v))
		}
	}
	sum := sha256.Sum256(b)
	return Digest(sum[:DigestSize]), b
}

func appendText[K []byte | string](b []byte, kind byte, s K) []byte {
	b = binary.AppendUvarint(append(b, kind), uint64(len(s)))
	return append(b, s...)
}

// Commitment hides a personal value in an event: SHA-256 over the salt, its name and the value.
// Whoever is shown salt and value can check it; nobody can guess it from the log.
func Commitment(salt []byte, name, value string) [sha256.Size]byte {
	b := append([]byte(nil), salt...)
	return sha256.Sum256(appendText(appendText(b, 'n', name), 's', value))
}

// RowChange is one row that an event changed, as the event names it.
type RowChange struct {
	Table   string
	Key     string
	Version int64 // of the row; orders the changes of one row even when events are sequenced otherwise
	Digest  Digest
}

// change is a row changed in a running transaction, or many rows that are sealed already.
type change struct {
	table   string
	home    int64
	key     string // of the row, or of the first
	version int64
	values  []any  // nil: deleted
	packed  []byte // many rows: what the event says of them, with the salt of the home's last event
	count   int    // of the packed rows; 0: one row, not packed
}

// rows is how many rows were changed.
func (c *change) rows() int { return max(1, c.count) }

// encodeChanges packs the changes of one event, grouped by table in the order of first change.
func encodeChanges(salt []byte, changes []change) []byte {
	var tables []string
	rows, size := map[string]int{}, 0
	for i := range changes {
		c := &changes[i]
		if rows[c.table] == 0 {
			tables = append(tables, c.table)
		}
		rows[c.table] += c.rows()
		size += max(len(c.packed), 48)
	}
	b := make([]byte, 0, size+32*len(tables)) // not nil: the column is never NULL
	for _, table := range tables {
		b = appendText(b, 'T', table)
		b = binary.AppendUvarint(b, uint64(rows[table]))
		for i := range changes {
			if c := &changes[i]; c.table == table {
				b = c.append(b, salt)
			}
		}
	}
	return b
}

// append writes what the event says of the change.
func (c *change) append(b, salt []byte) []byte {
	if c.count > 0 {
		return append(b, c.packed...)
	}
	return appendChange(b, c.key, c.version, RowDigest(salt, c.table, c.key, c.values))
}

var errChanges = errors.New("store: the list of changed rows cannot be read")

// DecodeChanges unpacks what an event says of the rows it changed.
func DecodeChanges(b []byte) ([]RowChange, error) {
	var all []RowChange
	r := reader{rest: b}
	for len(r.rest) > 0 && r.err == nil {
		table := r.text('T')
		for n := r.number(); n > 0 && r.err == nil; n-- {
			c := RowChange{Table: table, Key: r.text('k'), Version: int64(r.number())}
			copy(c.Digest[:], r.take(DigestSize))
			all = append(all, c)
		}
	}
	return all, r.err
}

type reader struct {
	rest []byte
	err  error
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.err, r.rest = errChanges, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) take(n uint64) []byte {
	if uint64(len(r.rest)) < n {
		r.err, r.rest = errChanges, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) text(kind byte) string {
	if k := r.take(1); len(k) == 0 || k[0] != kind {
		r.err, r.rest = errChanges, nil
		return ""
	}
	return string(r.take(r.number()))
}

// sealedTables knows which tables may not be touched by raw statements.
type sealedTables struct {
	mu      sync.RWMutex
	byName  map[string]bool
	allowed map[string]bool // statements already looked at
}

// Seal tells the store which tables are sealed. The program does so once, from all modules.
func (s *Store) Seal(tables ...Sealed) {
	s.sealed.mu.Lock()
	defer s.sealed.mu.Unlock()
	for _, t := range tables {
		if t.Sealed() {
			s.sealed.byName[t.Name()] = true
		}
	}
	s.sealed.allowed = map[string]bool{}
}

// refuse returns an error if the statement changes a sealed table.
func (s *sealedTables) refuse(sql string) error {
	s.mu.RLock()
	known := s.allowed[sql]
	s.mu.RUnlock()
	if known {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if table := changedTable(sql); s.byName[table] {
		return fmt.Errorf("store: %s is sealed; change it through its Table", table)
	}
	if s.allowed == nil {
		s.allowed = map[string]bool{}
	}
	s.allowed[sql] = true
	return nil
}

// changedTable finds which table an INSERT, UPDATE or DELETE changes.
func changedTable(sql string) string {
	words := strings.FieldsFunc(strings.ToLower(sql), func(r rune) bool {
		return r == ' ' || r == '\n' || r == '\t' || r == '('
	})
	for _, verb := range []string{"into", "update", "from"} {
		if i := slices.Index(words, verb); i >= 0 && i <= 3 && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}
