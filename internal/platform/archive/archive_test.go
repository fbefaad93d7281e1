package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/archive"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

var parts = []store.Part{store.Own(), log.Part(), files.Part()}

// installation is a small one: evidence in two homes, sequenced and signed.
type installation struct {
	store  *store.Store
	files  *files.Service
	log    *log.Log
	keys   *keys.Ring
	folder string
}

func open(t testing.TB, s *store.Store, ring *keys.Ring, folder string) installation {
	t.Helper()
	s.Seal(files.Tables()...)
	signer, err := log.NewSigner("terrace.test", ring.Log())
	if err != nil {
		t.Fatal(err)
	}
	f, err := files.New(files.Config{Folder: filepath.Join(folder, "files"), Store: s, Keys: ring})
	if err != nil {
		t.Fatal(err)
	}
	return installation{s, f, log.New(s, signer), ring, folder}
}

func fresh(t testing.TB, s *store.Store) installation {
	t.Helper()
	ring, err := keys.New(storetest.Random(3))
	if err != nil {
		t.Fatal(err)
	}
	i := open(t, s, ring, t.TempDir())
	if err := ring.Save(filepath.Join(i.folder, "keys")); err != nil {
		t.Fatal(err)
	}
	for n := range 12 {
		i.add(t, int64(n%2+1), fmt.Sprintf("证据 %d", n/2))
	}
	if err := i.log.Anchor(t.Context()); err != nil {
		t.Fatal(err)
	}
	return i
}

func (i installation) add(t testing.TB, home int64, text string) {
	t.Helper()
	blob, err := i.files.Put(t.Context(), "a.txt", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := i.store.Write(t.Context(), func(tx *store.Tx) error {
		if _, err := i.files.Attach(tx, blob, files.Belongs{Home: home, Subject: "asset/1"}); err != nil {
			return err
		}
		_, err := tx.Record(store.Event{Home: home, Kind: "test.attached", Subject: "asset/1"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func (i installation) write(t testing.TB, withKeys bool) (string, archive.Written) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "backup.terrace")
	source := archive.Source{Store: i.store, Parts: parts, Files: i.files, Version: "1.2.3",
		Origin: "terrace.test", Key: i.log.PublicKey()}
	if withKeys {
		source.KeyFile = filepath.Join(i.folder, "keys")
	}
	written, err := archive.Write(t.Context(), source, name)
	if err != nil {
		t.Fatal(err)
	}
	return name, written
}

// verify proves everything again and returns the number of rows looked at.
func (i installation) verify(t testing.TB) int {
	t.Helper()
	report, err := i.log.Verify(t.Context(), files.Tables(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.files.Verify(t.Context(), func(f fault.Finding) {
		report.Findings = append(report.Findings,
			f)
	}); err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		t.Errorf("verify: %s", f)
	}
	return report.Rows
}

// target is an empty place of either engine.
func target(t testing.TB, engine string) archive.Target {
	t.Helper()
	folder := t.TempDir()
	url := "sqlite:" + filepath.Join(folder, "restored.db")
	if engine == "postgres" {
		url = storetest.PostgresURL(t)
	}
	return archive.Target{Database: store.Config{URL: url}, Parts: parts,
		Folder: filepath.Join(folder, "files"), KeyFile: filepath.Join(folder, "keys")}
}

// TestThereAndBack from each engine to each, with everything proven afterwards.
func TestThereAndBack(t *testing.T) {
	for from, opened := range map[string]func(testing.TB, []store.Part, ...storetest.Option) *store.Store{
		"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		for _, to := range []string{"sqlite", "postgres"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				old := fresh(t, opened(t, parts[1:]))
				rows := old.verify(t)
				name, written := old.write(t, true)
				if len(written.Manifest.Heads) != 3 || written.Manifest.Engine != from || rows != 12 {
					t.Errorf("%d rows, manifest %+v", rows, written.Manifest)
				}
				into := target(t, to)
				m, err := archive.Restore(t.Context(), name, into)
				if err != nil || !m.HasKeys() {
					t.Fatal(err)
				}
				ring, err := keys.Load(into.KeyFile)
				if err != nil {
					t.Fatal(err)
				}
				s, err := store.Open(t.Context(), into.Database)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				restored := open(t, s, ring, filepath.Dir(into.Folder))
				if got := restored.verify(t); got != rows {
					t.Errorf("%d rows were restored of %d", got, rows)
				}
				restored.add(t, 1, "后来的证据") // ids go on where they were
				if err := restored.log.Anchor(t.Context()); err != nil {
					t.Fatal(err)
				}
				restored.verify(t)
			})
		}
	}
}

// TestWhileServing: writers go on while the backup is taken; what it holds is one moment.
func TestWhileServing(t *testing.T) {
	storetest.Each(t, parts[1:], func(t *testing.T, s *store.Store) {
		old := fresh(t, s)
		ctx, stop := context.WithCancel(t.Context())
		var writing sync.WaitGroup
		writing.Go(func() {
			for n := 0; ctx.Err() == nil && n < 2000; n++ {
				old.add(t, 1, fmt.Sprint("während ", n))
			}
		})
		name, _ := old.write(t, true)
		stop()
		writing.Wait()
		into := target(t, "sqlite")
		if _, err := archive.Restore(t.Context(), name, into); err != nil {
			t.Fatal(err)
		}
		r, err := store.Open(t.Context(), into.Database)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		open(t, r, old.keys, filepath.Dir(into.Folder)).verify(t)
	}, storetest.WithoutReplay)
}

func TestWithoutKeys(t *testing.T) {
	old := fresh(t, storetest.SQLite(t, parts[1:]))
	name, _ := old.write(t, false)
	into := target(t, "sqlite")
	m, err := archive.Restore(t.Context(), name, into)
	if err != nil || m.HasKeys() {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := os.Stat(into.KeyFile); err == nil {
		t.Error("keys have come from somewhere")
	}
	body, err := os.ReadFile(name)
	if err != nil || bytes.Contains(body, []byte("log_seed")) {
		t.Errorf("the archive holds keys (%v)", err)
	}
}

// TestDamageIsNamedAndChangesNothing flips a byte in every part, cuts the file at many places, and looks
// what is left.
func TestDamageIsNamedAndChangesNothing(t *testing.T) {
	old := fresh(t, storetest.SQLite(t, parts[1:]))
	name, _ := old.write(t, true)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	damaged := map[string][]byte{"empty": {}, "no zip": []byte("hello")}
	for _, f := range r.File {
		at, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		b := bytes.Clone(whole)
		b[at+int64(f.CompressedSize64/2)] ^= 0x40
		damaged["a byte of "+f.Name] = b
	}
	for n := 1; n < 8; n++ {
		damaged[fmt.Sprint("cut at ", n, "/8")] = whole[:len(whole)*n/8]
	}
	for what, body := range damaged {
		refused(t, what, body, "archive.damaged")
	}
}

// refused tries an archive and makes sure that nothing of it has arrived.
func refused(t *testing.T, what string, body []byte, key string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "bad.terrace")
	if err := os.WriteFile(name, body, 0o600); err != nil {
		t.Fatal(err)
	}
	into := target(t, "sqlite")
	if _, err := archive.Restore(t.Context(), name, into); !fault.HasKey(err, key) {
		t.Errorf("%s: %v, want %s", what, err, key)
	}
	left, err := os.ReadDir(filepath.Dir(into.Folder))
	if err != nil || len(left) > 0 {
		t.Errorf("%s: %v is left behind (%v)", what, left, err)
	}
}

// rewritten is an archive with its manifest, and perhaps its parts, changed.
func rewritten(t *testing.T, name string, change func(*archive.Manifest, map[string][]byte)) []byte {
	t.Helper()
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	bodies := map[string][]byte{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if bodies[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
		in.Close()
	}
	var m archive.Manifest
	if err := json.Unmarshal(bodies["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	change(&m, bodies)
	if bodies["manifest.json"], err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range bodies {
		into, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := into.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestStrangeArchivesAreRefused(t *testing.T) {
	old := fresh(t, storetest.SQLite(t, parts[1:]))
	name, _ := old.write(t, true)
	for what, c := range map[string]struct {
		key    string
		change func(*archive.Manifest, map[string][]byte)
	}{
		"a newer format": {"archive.newer", func(m *archive.Manifest, _ map[string][]byte) { m.Format++ }},
		"a newer schema": {"archive.newer", func(m *archive.Manifest,
			_ map[string][]byte) {
			m.Schema["log"] = 99
		}},
		"an unknown part": {"archive.newer", func(m *archive.Manifest,
			_ map[string][]byte) {
			m.Schema["later"] = 1
		}},
		"an older schema": {"archive.older", func(m *archive.Manifest,
			_ map[string][]byte) {
			m.Schema["log"] = 0
		}},
		"a way out": {"archive.damaged", func(m *archive.Manifest, b map[string][]byte) {
			m.Parts = append(m.Parts, archive.Part{Name: "files/../../../etc/x"})
			b["files/../../../etc/x"] = nil
		}},
		"a stranger": {"archive.damaged", func(_ *archive.Manifest,
			b map[string][]byte) {
			b["stranger"] = []byte("x")
		}},
		"a missing part": {"archive.damaged", func(_ *archive.Manifest, b map[string][]byte) {
			delete(b, "keys.json")
		}},
		"another hash": {"archive.damaged", func(m *archive.Manifest, _ map[string][]byte) {
			m.Parts[0].Hash = strings.Repeat("0", 64)
		}},
		"a part twice": {"archive.damaged", func(m *archive.Manifest, _ map[string][]byte) {
			m.Parts = append(m.Parts, m.Parts[0])
		}},
		"no database": {"archive.damaged", func(m *archive.Manifest, b map[string][]byte) {
			m.Parts = m.Parts[1:]
			delete(b, "database.db")
		}},
	} {
		refused(t, what, rewritten(t, name, c.change), c.key)
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	old := fresh(t, storetest.SQLite(t, parts[1:]))
	name, _ := old.write(t, true)
	source := archive.Source{Store: old.store, Parts: parts, Files: old.files}
	if _, err := archive.Write(t.Context(), source, name); !fault.HasKey(err, "archive.exists") {
		t.Errorf("a backup over another: %v", err)
	}
	for what, occupy := range map[string]func(archive.Target) string{
		"database": func(to archive.Target) string { return store.SQLitePath(to.Database.URL) },
		"files":    func(to archive.Target) string { return filepath.Join(to.Folder, "ab", "x") },
		"keys":     func(to archive.Target) string { return to.KeyFile },
	} {
		into := target(t, "sqlite")
		path := occupy(into)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Restore(t.Context(), name, into); !fault.HasKey(err, "archive.used") {
			t.Errorf("over a %s: %v", what, err)
		}
		if body, err := os.ReadFile(path); err != nil || string(body) != "mine" {
			t.Errorf("the %s is %q, %v", what, body, err)
		}
	}
	into := target(t, "postgres")
	for _, want := range []string{"", "store.restore.used"} {
		_, err := archive.Restore(t.Context(), name, into)
		if want == "" && err != nil || want != "" && !fault.HasKey(err, want) {
			t.Errorf("into PostgreSQL: %v, want %q", err, want)
		}
		into.Folder, into.KeyFile = into.Folder+"2", into.KeyFile+"2"
	}
}

// TestLostOrAlteredEvidenceIsNamed: a backup without it would only seem whole.
func TestLostOrAlteredEvidenceIsNamed(t *testing.T) {
	for key, change := range map[string]func(string) error{
		"files.lost":       os.Remove,
		"archive.evidence": func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
	} {
		old := fresh(t, storetest.SQLite(t, parts[1:]))
		f, err := store.Read(t.Context(), old.store, func(v *store.View) (files.File, error) {
			return files.Get(v, 1, 1)
		})
		if err != nil {
			t.Fatal(err)
		}
		path, _ := old.files.Path(f.Hash)
		if err := change(path); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "backup.terrace")
		_, err = archive.Write(t.Context(), archive.Source{Store: old.store, Parts: parts,
			Files: old.files}, name)
		if !fault.HasKey(err, key) {
			t.Errorf("%v, want %s", err, key)
		}
		if left, err := os.ReadDir(filepath.Dir(name)); err != nil || len(left) > 0 {
			t.Errorf("%v is left behind (%v)", left, err)
		}
	}
}
