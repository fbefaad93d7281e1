package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestAClosedFileIsWhole: after closing, the file alone holds everything and nobody is served from it.
func TestAClosedFileIsWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	all := append([]store.Part{store.Own()}, parts...)
	s, err := store.Open(t.Context(), store.Config{URL: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Migrate(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	s.Seal(notes)
	if _, err := add(t.Context(), s, 1, "kept"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); !fault.HasKey(err, "store.closed") {
		t.Errorf("reading after closing: %v", err)
	}
	moved := filepath.Join(t.TempDir(), "b.db")
	if err := os.Rename(file, moved); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(t.Context(), store.Config{URL: moved})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := count(t, again, "SELECT count(*) FROM note"); n != 1 {
		t.Errorf("%d notes are in the file alone", n)
	}
}

// TestEmptyBlobsComeBack from a backup into either engine: an event that names no row has one.
func TestEmptyBlobsComeBack(t *testing.T) {
	all := append([]store.Part{store.Own()}, parts...)
	each(t, func(t *testing.T, s *store.Store) {
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Record(store.Event{Home: 1, Kind: "test.nothing", Subject: "x"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "backup.db")
		if err := s.Backup(t.Context(), file, all); err != nil {
			t.Fatal(err)
		}
		for name, to := range map[string]*store.Store{"sqlite": storetest.SQLite(t, parts),
			"postgres": storetest.Postgres(t, parts)} {
			if err := to.Restore(t.Context(), file, all); err != nil {
				t.Errorf("into %s: %v", name, err)
			}
		}
	})
}

// TestALeafIsTheSameOnBothEngines, although their drivers read an empty blob differently.
func TestALeafIsTheSameOnBothEngines(t *testing.T) {
	e := store.StoredEvent{Home: 1, ID: 2, Kind: "a", Subject: "b", Body: "{}"}
	with := e
	with.Rows = []byte{}
	if string(e.Leaf()) != string(with.Leaf()) {
		t.Errorf("%s is not %s", e.Leaf(), with.Leaf())
	}
}
