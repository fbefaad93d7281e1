package store_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// family has what Citus cares about: a reference table, two homed ones, a foreign key between them.
var family = []store.Part{{Name: "family", Migrations: fstest.MapFS{
	"0001_family.sql": {Data: []byte(`-- +goose Up
CREATE TABLE place (id BIGINT NOT NULL, PRIMARY KEY (id));
CREATE TABLE parent (home BIGINT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (home, id));
CREATE TABLE child (home BIGINT NOT NULL, id BIGINT NOT NULL, parent BIGINT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (home, id), FOREIGN KEY (home, parent) REFERENCES parent (home, id));
CREATE UNIQUE INDEX child_name ON child (name, home);
CREATE INDEX child_any ON child (name);
`)}}}}

func TestWhatCitusWouldNotTakeIsNamed(t *testing.T) {
	shapes, err := storetest.SQLite(t, family).Shapes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	problems := map[string]string{}
	for _, s := range shapes {
		if err := s.Distributable(nil); err != nil {
			problems[s.Name] = err.Error()
		}
	}
	if !strings.Contains(problems["place"], "reference") || !strings.Contains(problems["child"],
		"begins with name") ||
		len(problems) != 2 {
		t.Errorf("%v", problems)
	}
	place := shapes[slices.IndexFunc(shapes, func(s store.Shape) bool { return s.Name == "place" })]
	if err := place.Distributable([]string{"place"}); err != nil {
		t.Errorf("a declared reference table: %v", err)
	}
}

// TestTheOrderOfDistribution: keys away, references, the rest beside one another, keys back. The foreign
// keys are those of a real PostgreSQL; the statements are Citus's and cannot be run without it.
func TestTheOrderOfDistribution(t *testing.T) {
	shapes, err := storetest.SQLite(t, family).Shapes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := storetest.Postgres(t, family).ForeignKeys(t.Context())
	if err != nil || len(keys) != 1 || keys[0].Table != "child" {
		t.Fatalf("%+v, %v", keys, err)
	}
	text := strings.Join(store.CitusText(shapes, keys), "\n")
	at := -1
	for _, want := range []string{"CREATE EXTENSION IF NOT EXISTS citus",
		"DROP FUNCTION IF EXISTS terrace_append_only",
		"ALTER TABLE child DROP CONSTRAINT child_home_parent_fkey", "create_reference_table('place')",
		"create_distributed_table('sequence', 'home', colocate_with => 'none')",
		"create_distributed_table('parent', 'home', colocate_with => 'sequence')",
		"create_distributed_table('child', 'home', colocate_with => 'sequence')",
		"ALTER TABLE child ADD CONSTRAINT child_home_parent_fkey FOREIGN KEY (home, parent) " +
			"REFERENCES parent(home, id)"} {
		next := strings.Index(text, want)
		if next <= at {
			t.Errorf("%q does not follow in\n%s", want, text)
		}
		at = next
	}
}

func TestStatsCount(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		before := s.Stats()
		for _, body := range []string{"a", "b", "a"} {
			add(t.Context(), s, 1, body) //nolint:errcheck // the third is refused
		}
		now := s.Stats()
		if now.Writes-before.Writes != 2 || now.Failures-before.Failures != 1 ||
			now.Transactions-before.Transactions < 2 {
			t.Errorf("from %+v to %+v", before, now)
		}
	}, storetest.WithoutReplay)
}

func TestSchemaVersions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		versions, err := s.SchemaVersions(t.Context(), append([]store.Part{store.Own()}, parts...))
		if err != nil || versions["note"] != 1 || versions["store"] < 1 {
			t.Errorf("%v, %v", versions, err)
		}
		if _, err := s.SchemaVersions(t.Context(), family); err == nil {
			t.Error("a part that was never migrated has a version")
		}
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
