package store_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// TestDamagedTextIsRefused: the same on both engines, asked for or to be kept.
func TestDamagedTextIsRefused(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		for _, damaged := range []string{"\x00", "天\x00台", "\xff", "天\xe5"} {
			err := s.View(t.Context(), func(v *store.View) error {
				_, err := store.Count(v, "SELECT count(*) FROM event WHERE kind = ?", damaged)
				return err
			})
			if !fault.HasKey(err, "store.characters") {
				t.Errorf("asking for %q: %v", damaged, err)
			}
			err = s.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Record(store.Event{Kind: "test.done", Subject: damaged})
				return err
			})
			if !fault.HasKey(err, "store.characters") {
				t.Errorf("keeping %q: %v", damaged, err)
			}
		}
	})
}
