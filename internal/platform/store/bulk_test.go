package store_test

import (
	"fmt"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

var doneNotes = notes.Only("done")

// manyNotes are more than one portion of a bulk, in two homes, and no multiple of a statement's rows.
func manyNotes() []note {
	list := make([]note, 6_507)
	for i := range list {
		home := int64(1 + i/4_000)
		list[i] = note{Home: home, ID: int64(i + 1), Body: fmt.Sprint("note ", i), Due: "2026-02-28",
			Raw: []byte{byte(i), 0}}
	}
	return list
}

// inBulk writes many rows with an event for each home.
func inBulk(t *testing.T, s *store.Store, fn func(*store.Tx) error) error {
	t.Helper()
	return s.Write(t.Context(), func(tx *store.Tx) error {
		for home := range int64(2) {
			if _, err := tx.Record(store.Event{Home: home + 1, Kind: "note.changed"}); err != nil {
				return err
			}
		}
		return fn(tx)
	})
}

// checkNamed proves that the last event about each row has the digest of the row as it stands.
func checkNamed(t *testing.T, s *store.Store, want int) {
	t.Helper()
	named := 0
	for home := range int64(2) {
		digests, salts := map[string]store.Digest{}, map[string][]byte{}
		events, err := store.Read(t.Context(), s, func(v *store.View) ([]store.StoredEvent, error) {
			return store.All[store.StoredEvent](v, "SELECT "+store.EventColumns+
				" FROM event WHERE home = ? ORDER BY id", home+1)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			changes, err := store.DecodeChanges(e.Rows)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				digests[c.Key], salts[c.Key] = c.Digest, e.Salt
			}
		}
		err = notes.Rows(t.Context(), s, home+1, func(key string, values []any) error {
			named++
			if digests[key] != store.RowDigest(salts[key], "note", key, values) {
				t.Errorf("home %d: the event says something else of %s", home+1, key)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if named != want {
		t.Errorf("%d rows are there, not %d", named, want)
	}
}

func TestBulk(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		list := manyNotes()
		add := func(tx *store.Tx) error { return notes.Bulk(tx, list) }
		if err := inBulk(t, s, add); err != nil {
			t.Fatal(err)
		}
		checkNamed(t, s, len(list))
		if err := inBulk(t, s, add); !fault.Is(err, fault.Conflict) {
			t.Error("the same rows again:", err)
		}
		some := list[3_900:4_100]
		if err := inBulk(t, s, func(tx *store.Tx) error {
			copied := append([]note(nil), some...) // the closure may run again
			for i := range copied {
				copied[i].Body += " again"
			}
			if err := notes.BulkUpdate(tx, copied); err != nil {
				return err
			}
			copied[0].Done = true
			return doneNotes.Update(tx, &copied[0])
		}); err != nil {
			t.Fatal(err)
		}
		checkNamed(t, s, len(list))
		if n := count(t, s,
			"SELECT count(*) FROM note WHERE body LIKE '% again' AND version >= 2"); n != 200 {
			t.Error(n, "rows were changed")
		}
		if n := count(t, s, "SELECT count(*) FROM note WHERE done AND version = 3"); n != 1 {
			t.Error(n, "rows are done")
		}
	})
}

func TestBulkIsRefusedWhole(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		list := manyNotes()[:300]
		bad := manyNotes()[:300]
		bad[299].Body = "a\x00b"
		if err := inBulk(t, s, func(tx *store.Tx) error { return notes.Bulk(tx, bad) }); !fault.HasKey(err,
			"store.characters") {
			t.Error("a zero character:", err)
		}
		if n := count(t, s, "SELECT count(*) FROM note"); n != 0 {
			t.Error(n, "rows are left of what was refused")
		}
		if err := inBulk(t, s, func(tx *store.Tx) error { return notes.Bulk(tx, list) }); err != nil {
			t.Fatal(err)
		}
		list[150].Version = 7
		err := inBulk(t, s, func(tx *store.Tx) error {
			copied := append([]note(nil), list...)
			for i := range copied {
				copied[i].Done = true
			}
			return doneNotes.BulkUpdate(tx, copied)
		})
		if !fault.Is(err, fault.Stale) {
			t.Error("a row of another version:", err)
		}
		if n := count(t, s, "SELECT count(*) FROM note WHERE done OR version <> 1"); n != 0 {
			t.Error(n, "rows are changed by what was refused")
		}
		checkNamed(t, s, len(list))
	})
}

func TestOnlyKnowsItsColumns(t *testing.T) {
	for _, columns := range [][]string{{"nothing"}, {"done", "id"}, {"home"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("declared:", columns)
				}
			}()
			notes.Only(columns...)
		}()
	}
}
