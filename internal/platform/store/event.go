package store

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// Event says what happened: which kind of act, on what, by whom. It carries no personal data; what
// must be provable about a person goes into Personal, of which only salted commitments are kept.
type Event struct {
	Home     int64
	Kind     string            // "check.counted": the module's subject and a verb in the past
	Subject  string            // "check/37": what it is about, within the home
	Place    int64             // 0: none
	Actor    int64             // account; 0: the program itself
	Body     any               // facts worth proving, encoded as JSON; nil: none
	Personal map[string]string // name → value, kept as commitments
}

// BodyMax is the number of bytes an event's body may have. Lists belong into rows.
const BodyMax = 8 << 10

type pendingEvent struct {
	Event
	id int64
}

// Record adds an event to the transaction and returns its number within its home. All rows of the
// home that the transaction changes are named by the last event recorded for it.
func (tx *Tx) Record(e Event) (int64, error) {
	if tx.maintenance {
		return 0, errors.New("store: maintenance records nothing; use Write")
	}
	id, err := tx.NextID(e.Home, "event")
	if err != nil {
		return 0, err
	}
	tx.events = append(tx.events, pendingEvent{e, id})
	return id, nil
}

// errUnrecorded is the sign of a bug: rows changed and no event says so.
var errUnrecorded = errors.New("store: rows changed, but nothing was recorded in their home")

const insertEvent = `INSERT INTO event
	(home, id, at, actor, place, kind, subject, body, rows, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const insertPending = `INSERT INTO event_pending (home, event) VALUES (?, ?)`

// writeEvents encodes and adds the recorded events at the end of the transaction.
func (tx *Tx) writeEvents() error {
	changes := map[int64][]change{}
	for _, c := range tx.changes {
		changes[c.home] = append(changes[c.home], c)
	}
	last := map[int64]int{}
	for i, e := range tx.events {
		last[e.Home] = i
	}
	for home, list := range changes {
		if _, ok := last[home]; !ok {
			return fmt.Errorf("%w: %s/%s in home %d", errUnrecorded, list[0].table, list[0].key, home)
		}
	}
	for i, e := range tx.events {
		var named []change
		if last[e.Home] == i {
			named = changes[e.Home]
		}
		if err := tx.writeEvent(e, named); err != nil {
			return err
		}
	}
	return nil
}

// saltOf is the salt of the event that will name the rows of a home: its last one.
func (tx *Tx) saltOf(home int64) []byte {
	if tx.salts[home] == nil {
		if tx.salts == nil {
			tx.salts = map[int64][]byte{}
		}
		tx.salts[home] = tx.newSalt()
	}
	return tx.salts[home]
}

func (tx *Tx) newSalt() []byte {
	salt := make([]byte, SaltSize)
	tx.Random(salt)
	return salt
}

func (tx *Tx) writeEvent(e pendingEvent, named []change) error {
	salt := tx.newSalt()
	if named != nil {
		salt = tx.saltOf(e.Home)
	}
	body, err := encodeBody(salt, e.Event)
	if err != nil {
		return err
	}
	args := []any{e.Home, e.id, int64(tx.now), e.Actor, e.Place, e.Kind, e.Subject, body,
		encodeChanges(salt, named), salt}
	if err := tx.queue(insertEvent, args, anyCount); err != nil {
		return err
	}
	return tx.queue(insertPending, []any{e.Home, e.id}, anyCount)
}

// encodeBody writes the body with the commitments of personal values under "commitments".
func encodeBody(salt []byte, e Event) (string, error) {
	body := "{}"
	if e.Body != nil {
		b, err := json.Marshal(e.Body)
		if err != nil {
			return "", fmt.Errorf("store: the body of %s cannot be encoded: %w", e.Kind, err)
		}
		body = string(b)
	}
	if len(e.Personal) > 0 {
		hidden := map[string]string{}
		for name, value := range e.Personal {
			sum := Commitment(salt, name, value)
			hidden[name] = base64.StdEncoding.EncodeToString(sum[:])
		}
		b, err := json.Marshal(struct {
			Body        json.RawMessage   `json:"body"`
			Commitments map[string]string `json:"commitments"`
		}{json.RawMessage(body), hidden})
		if err != nil {
			return "", err
		}
		body = string(b)
	}
	if len(body) > BodyMax {
		return "", fmt.Errorf("store: the body of %s has %d bytes, more than %d", e.Kind, len(body),
			BodyMax)
	}
	return body, nil
}

func (tx *Tx) homes() []int64 {
	var homes []int64
	for _, e := range tx.events {
		if !slices.Contains(homes, e.Home) {
			homes = append(homes, e.Home)
		}
	}
	return homes
}

// StoredEvent is an event as it stands in the database.
type StoredEvent struct {
	Home    int64          `db:"home" json:"home"`
	ID      int64          `db:"id" json:"id"`
	At      period.Instant `db:"at" json:"at"`
	Actor   int64          `db:"actor" json:"actor"`
	Place   int64          `db:"place" json:"place"`
	Kind    string         `db:"kind" json:"kind"`
	Subject string         `db:"subject" json:"subject"`
	Body    string         `db:"body" json:"body"`
	Rows    []byte         `db:"rows" json:"rows"`
	Salt    []byte         `db:"salt" json:"-"`
}

// EventColumns are the columns of StoredEvent, for queries.
const EventColumns = "home, id, at, actor, place, kind, subject, body, rows, salt"

// Leaf is the event as the Merkle log hashes it: its JSON without the salt, fields in the order of
// the struct. It can be published.
func (e StoredEvent) Leaf() []byte {
	if e.Rows == nil {
		e.Rows = []byte{} // one engine's driver gives an empty blob as nil; a leaf is the same on both
	}
	b, err := json.Marshal(e)
	if err != nil {
		panic("store: an event cannot be encoded: " + err.Error()) // its fields are plain
	}
	return b
}
