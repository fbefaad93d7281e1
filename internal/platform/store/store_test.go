package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// note is a row of every kind of column the store knows.
type note struct {
	Home    int64       `db:"home"`
	ID      int64       `db:"id,key"`
	Version int64       `db:"version,version"`
	Body    string      `db:"body"`
	Done    bool        `db:"done"`
	Due     period.Date `db:"due"`
	Level   int8        `db:"level"`
	Raw     []byte      `db:"raw"`
}

var notes = store.NewTable[note]("note")

var parts = []store.Part{{Name: "note", Migrations: fstest.MapFS{"0001_note.sql": {Data: []byte(`-- +goose Up
CREATE TABLE note (
    home BIGINT NOT NULL, id BIGINT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
    done BOOLEAN NOT NULL, due TEXT NOT NULL, level SMALLINT NOT NULL, raw BYTEA NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX note_body ON note (home, body);
CREATE TABLE tally (home BIGINT NOT NULL, name TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (home, name));
`)}}}}

func each(t *testing.T, fn func(*testing.T, *store.Store), options ...storetest.Option) {
	storetest.Each(t, parts, func(t *testing.T, s *store.Store) {
		s.Seal(notes)
		fn(t, s)
	}, options...)
}

// add writes a note with its event and returns it.
func add(ctx context.Context, s *store.Store, home int64, body string) (n note, err error) {
	err = s.Write(ctx, func(tx *store.Tx) error {
		id, err := tx.NextID(home, "note")
		if err != nil {
			return err
		}
		n = note{Home: home, ID: id, Body: body, Due: "2026-02-28", Level: 5, Raw: []byte{0, 1}, Done: true}
		if err := notes.Insert(tx, &n); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: home, Kind: "note.added", Subject: fmt.Sprintf("note/%d", id)})
		return err
	})
	return n, err
}

func count(t *testing.T, s *store.Store, sql string, args ...any) int64 {
	t.Helper()
	n, err := store.Read(t.Context(), s, func(v *store.View) (int64, error) {
		return store.Count(v, sql,
			args...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func onlyEvent(t *testing.T, s *store.Store) (store.StoredEvent, error) {
	t.Helper()
	return store.Read(t.Context(), s, func(v *store.View) (store.StoredEvent, error) {
		e, _, err := store.First[store.StoredEvent](v, "SELECT "+store.EventColumns+" FROM event")
		return e, err
	})
}

func TestRowsComeBackAsWritten(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want, err := add(t.Context(), s, 7, "一块田 'with' ? -- marks")
		if err != nil {
			t.Fatal(err)
		}
		got, err := store.Read(t.Context(), s, func(v *store.View) (note, error) {
			return notes.Get(v, 7,
				want.ID)
		})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || got.Version != 1 {
			t.Errorf("read %+v, %v; wrote %+v", got, err, want)
		}
		if n := count(t, s, "SELECT count(*) FROM note WHERE body = ? AND '?' = '?' -- ?",
			want.Body); n != 1 {
			t.Error("a quoted question mark broke the statement")
		}
		_, err = store.Read(t.Context(), s, func(v *store.View) (note, error) {
			return notes.Get(v, 8,
				want.ID)
		})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("another home's row: %v, want not found", err)
		}
	})
}

func TestUnrecordedChangeDoesNotCommit(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			n := note{Home: 1, ID: 1, Body: "silent"}
			if _, err := tx.Record(store.Event{Home: 2, Kind: "note.added",
				Subject: "note/1"}); err != nil {
				return err
			}
			return notes.Insert(tx, &n)
		})
		if err == nil || count(t, s, "SELECT count(*) FROM note") != 0 || count(t, s,
			"SELECT count(*) FROM event") != 0 {
			t.Errorf("a change without an event in its home was committed (%v)", err)
		}
		err = s.Maintain(t.Context(), func(tx *store.Tx) error {
			n := note{Home: 1, ID: 1, Body: "silent"}
			return notes.Insert(tx, &n)
		})
		if err == nil || count(t, s, "SELECT count(*) FROM note") != 0 {
			t.Errorf("maintenance changed a sealed row (%v)", err)
		}
	})
}

func TestSealedTablesRefuseRawStatements(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for _, sql := range []string{"UPDATE note SET body = 'x'", "DELETE FROM note",
			"insert  into note (home) values (1)",
			"INSERT OR REPLACE INTO note (home) VALUES (1)"} {
			err := s.Maintain(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(sql)
				return err
			})
			if err == nil {
				t.Errorf("%q went through", sql)
			}
		}
		err := s.Maintain(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec("INSERT INTO tally (home, name, n) VALUES (1, 'notes', 0)")
			return err
		})
		if err != nil {
			t.Errorf("an unsealed table was refused: %v", err)
		}
	})
}

func TestUpdateOnlyAtTheVersionRead(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n, err := add(t.Context(), s, 1, "first")
		if err != nil {
			t.Fatal(err)
		}
		change := func(row note, body string) error {
			return s.Write(t.Context(), func(tx *store.Tx) error {
				row := row // a closure may run twice
				row.Body = body
				if err := notes.Update(tx, &row); err != nil {
					return err
				}
				_, err := tx.Record(store.Event{Home: 1, Kind: "note.changed", Subject: "note/1"})
				return err
			})
		}
		if err := change(n, "second"); err != nil {
			t.Fatal(err)
		}
		if err := change(n, "third"); !fault.Is(err, fault.Stale) {
			t.Errorf("an update at an old version: %v, want stale", err)
		}
		if got := count(t, s, "SELECT count(*) FROM note WHERE body = 'second' AND version = 2"); got != 1 {
			t.Error("the refused update changed something")
		}
		if got := count(t, s, "SELECT count(*) FROM event"); got != 2 {
			t.Errorf("%d events, want 2: a refused act left one behind", got)
		}
	})
}

func TestDuplicateIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if _, err := add(t.Context(), s, 1, "same"); err != nil {
			t.Fatal(err)
		}
		if _, err := add(t.Context(), s, 1, "same"); !fault.HasKey(err, "store.duplicate") {
			t.Errorf("a duplicate: %v", err)
		}
		if _, err := add(t.Context(), s, 2, "same"); err != nil {
			t.Errorf("the same in another home: %v", err)
		}
	})
}

// TestAFailureUndoesWhatReturned: a statement with RETURNING changes rows too, and keeps away from
// sealed tables.
func TestAFailureUndoesWhatReturned(t *testing.T) {
	for _, option := range []storetest.Option{storetest.WithoutReplay, func(*store.Config) {}} {
		each(t, func(t *testing.T, s *store.Store) {
			errNo := errors.New("no")
			const bump = `INSERT INTO sequence (home, name, next) VALUES (7, 'test', 1)
				ON CONFLICT (home, name) DO UPDATE SET next = sequence.next + 1 RETURNING next`
			for range 2 {
				err := s.Maintain(t.Context(), func(tx *store.Tx) error {
					if _, _, err := store.First[int64](tx, bump); err != nil {
						return err
					}
					return errNo
				})
				if !errors.Is(err, errNo) {
					t.Fatal(err)
				}
			}
			left, err := store.Read(t.Context(), s, func(v *store.View) (int64, error) {
				return store.Count(v, `SELECT count(*) FROM sequence WHERE home = 7`)
			})
			if err != nil || left != 0 {
				t.Errorf("%d rows are left of what failed, %v", left, err)
			}
			err = s.Maintain(t.Context(), func(tx *store.Tx) error {
				_, _, err := store.First[int64](tx, `UPDATE note SET body = 'x' RETURNING id`)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "sealed") {
				t.Errorf("a sealed table was changed: %v", err)
			}
		}, option)
	}
}

// TestOneFailureLeavesTheGroupAlone: closures that fail after writing share a transaction with
// many that succeed; exactly the latter are there afterwards.
func TestOneFailureLeavesTheGroupAlone(t *testing.T) {
	for _, option := range []storetest.Option{storetest.WithoutReplay, func(*store.Config) {}} {
		each(t, func(t *testing.T, s *store.Store) {
			errNo := errors.New("no")
			var wg sync.WaitGroup
			errs := make([]error, 120)
			for i := range errs {
				wg.Go(func() {
					errs[i] = s.Write(t.Context(), func(tx *store.Tx) error {
						id, err := tx.NextID(1, "note")
						if err != nil {
							return err
						}
						n := note{Home: 1, ID: id, Body: fmt.Sprint("note ", i)}
						if err := notes.Insert(tx, &n); err != nil {
							return err
						}
						if i%3 == 0 {
							return errNo
						}
						if i%40 == 1 {
							panic("a bug in a module")
						}
						_, err = tx.Record(store.Event{Home: 1, Kind: "note.added", Subject: "note"})
						return err
					})
				})
			}
			wg.Wait()
			good := 0
			for i, err := range errs {
				switch {
				case i%3 == 0:
					if !errors.Is(err, errNo) {
						t.Errorf("%d: %v, want its own error", i, err)
					}
				case i%40 == 1:
					if !fault.Is(err, fault.Internal) {
						t.Errorf("%d: %v, want the panic as an internal fault", i, err)
					}
				case err != nil:
					t.Errorf("%d: %v", i, err)
				default:
					good++
				}
			}
			if n := count(t, s, "SELECT count(*) FROM note"); n != int64(good) {
				t.Errorf("%d notes, want %d", n, good)
			}
			if n := count(t, s, "SELECT count(*) FROM event"); n != int64(good) {
				t.Errorf("%d events, want %d", n, good)
			}
		}, option)
	}
}

func TestIDsRiseAndNeverRepeat(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var mu sync.Mutex
		var all []int64
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				n, err := add(t.Context(), s, 1, fmt.Sprint(i))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				all = append(all, n.ID)
				mu.Unlock()
			})
		}
		wg.Wait()
		slices.Sort(all)
		if len(slices.Compact(all)) != 200 || all[0] < 1 {
			t.Errorf("ids repeat or are missing: %v", all)
		}
	})
}

// TestConcurrentIncrementsLoseNothing: read-modify-write under version checks, with retries by the
// caller, as use cases do it.
func TestConcurrentIncrementsLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n, err := add(t.Context(), s, 1, "0")
		if err != nil {
			t.Fatal(err)
		}
		increment := func() error {
			return s.Write(t.Context(), func(tx *store.Tx) error {
				row, err := notes.Get(tx, 1, n.ID)
				if err != nil {
					return err
				}
				var value int
				fmt.Sscan(row.Body, &value)
				row.Body = fmt.Sprint(value + 1)
				if err := notes.Update(tx, &row); err != nil {
					return err
				}
				_, err = tx.Record(store.Event{Home: 1, Kind: "note.changed", Subject: "note"})
				return err
			})
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for done := 0; done < 10; {
					switch err := increment(); {
					case err == nil:
						done++
					case !fault.Is(err, fault.Stale):
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if got := count(t, s, "SELECT count(*) FROM note WHERE body = '80' AND version = 81"); got != 1 {
			t.Error("an increment was lost")
		}
	})
}

func TestViewSeesOneMoment(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		err := s.View(t.Context(), func(v *store.View) error {
			before, err := store.Count(v, "SELECT count(*) FROM note")
			if err != nil {
				return err
			}
			if _, err := add(context.Background(), s, 1, "meanwhile"); err != nil {
				return err
			}
			after, err := store.Count(v, "SELECT count(*) FROM note")
			if before != after {
				t.Errorf("the view saw %d, then %d", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAppendOnlyIsGuarded(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if _, err := add(t.Context(), s, 1, "x"); err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{"UPDATE event SET body = '{}'", "DELETE FROM event"} {
			err := s.Maintain(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(sql)
				return err
			})
			if err == nil {
				t.Errorf("%q went through", sql)
			}
		}
	})
}

func TestEventNamesItsRows(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n, err := add(t.Context(), s, 3, "sealed")
		if err != nil {
			t.Fatal(err)
		}
		e, err := onlyEvent(t, s)
		if err != nil {
			t.Fatal(err)
		}
		changes, err := store.DecodeChanges(e.Rows)
		if err != nil || len(changes) != 1 || changes[0].Table != "note" ||
			changes[0].Key != fmt.Sprint(n.ID) {
			t.Fatalf("the event names %v, %v", changes, err)
		}
		err = notes.Rows(t.Context(), s, 3, func(key string, values []any) error {
			if store.RowDigest(e.Salt, "note", key, values) != changes[0].Digest {
				t.Error("the row read back has another digest than the one recorded")
			}
			values[3] = "altered"
			if store.RowDigest(e.Salt, "note", key, values) == changes[0].Digest {
				t.Error("an altered row has the same digest")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestPersonalValuesStayOutOfTheLeaf(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Record(store.Event{Home: 1, Kind: "person.entered", Subject: "person/1",
				Body: map[string]any{"n": 1}, Personal: map[string]string{"phone": "13812345678"}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		e, err := onlyEvent(t, s)
		if err != nil || bytes.Contains(e.Leaf(), []byte("13812345678")) ||
			!bytes.Contains(e.Leaf(), []byte("commitments")) {
			t.Errorf("leaf %s, %v", e.Leaf(), err)
		}
	})
}

// TestBackupAndRestoreAcrossEngines: either engine's backup restores into either.
func TestBackupAndRestoreAcrossEngines(t *testing.T) {
	all := append([]store.Part{store.Own()}, parts...)
	each(t, func(t *testing.T, s *store.Store) {
		for i := range 50 {
			if _, err := add(t.Context(), s, int64(i%3), fmt.Sprint("note ", i)); err != nil {
				t.Fatal(err)
			}
		}
		file := filepath.Join(t.TempDir(), "backup.db")
		if err := s.Backup(t.Context(), file, all); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(t.Context(), file, all); !fault.HasKey(err, "store.backup.exists") {
			t.Errorf("overwriting a backup: %v", err)
		}
		each(t, func(t *testing.T, target *store.Store) {
			if err := target.Restore(t.Context(), file, all); err != nil {
				t.Fatal(err)
			}
			if n := count(t, target, "SELECT count(*) FROM note WHERE done AND level = 5"); n != 50 {
				t.Errorf("%d notes came back of 50", n)
			}
			if err := target.Restore(t.Context(), file, all); !fault.HasKey(err, "store.restore.used") {
				t.Errorf("restoring over data: %v", err)
			}
			if n, err := add(t.Context(), target, 0, "new"); err != nil || n.ID <= 50/3 {
				t.Errorf("after a restore ids go on at %d, %v", n.ID, err)
			}
		})
	})
}

func TestCancelledWriteDidNotHappen(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Write(ctx, func(tx *store.Tx) error {
			n := note{Home: 1, ID: 1, Body: "x"}
			if err := notes.Insert(tx, &n); err != nil {
				return err
			}
			cancel()
			_, err := tx.Record(store.Event{Home: 1, Kind: "note.added", Subject: "note/1"})
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled write: %v", err)
		}
		if n := count(t, s, "SELECT count(*) FROM note"); n != 0 {
			t.Error("a cancelled write left a row")
		}
		if _, err := add(t.Context(), s, 1, "next"); err != nil {
			t.Errorf("the next write: %v", err)
		}
	})
}

func TestClockIsTheHosts(t *testing.T) {
	at := time.Date(2026, 2, 28, 15, 59, 59, 0, time.UTC)
	each(t, func(t *testing.T, s *store.Store) {
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if tx.Now() != period.At(at) {
				t.Errorf("now = %s", tx.Now())
			}
			_, err := tx.Record(store.Event{Home: 1, Kind: "tick", Subject: "x"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, storetest.WithClock(func() time.Time { return at }))
}

func TestRedacted(t *testing.T) {
	if got := store.Redacted("postgres://ann:se:cr@t@db/terrace"); got != "postgres://ann:…@db/terrace" {
		t.Errorf("redacted to %s", got)
	}
}
