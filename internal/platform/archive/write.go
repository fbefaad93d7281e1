package archive

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Source is the installation to write.
type Source struct {
	Store   *store.Store
	Parts   []store.Part
	Files   *files.Service
	KeyFile string // "": leave the keys out
	Version string
	Origin  string
	Key     string // public half
	// Progress, if not nil, is told how many of how many parts are written.
	Progress func(done, of int)
}

// Written is what Write wrote.
type Written struct {
	Manifest Manifest
	Size     int64
	Hash     string // of the archive itself
}

// Write writes the installation into a new file while it goes on working.
func Write(ctx context.Context, from Source, target string) (Written, error) {
	if _, err := os.Lstat(target); !errors.Is(err, os.ErrNotExist) {
		return Written{}, fault.New(fault.Conflict, "archive.exists", target).Because(err)
	}
	work, err := os.MkdirTemp(filepath.Dir(target), ".terrace-backup-")
	if err != nil {
		return Written{}, fault.New(fault.Unavailable, "archive.write", target).Because(err)
	}
	defer os.RemoveAll(work) //nolint:errcheck // half an archive is of no use
	w := &writer{ctx: ctx, from: from, work: work}
	written, err := w.write()
	if err != nil {
		var f *fault.Fault
		if !errors.As(err, &f) && ctx.Err() == nil {
			err = fault.New(fault.Unavailable, "archive.write", target).Because(err)
		}
		return Written{}, err
	}
	// A link does not replace a file that has come into being meanwhile, as a rename would; but not
	// every disk knows links.
	if err := os.Link(w.path("archive"), target); errors.Is(err, os.ErrExist) {
		return Written{}, fault.New(fault.Conflict, "archive.exists", target).Because(err)
	} else if err != nil {
		if err := os.Rename(w.path("archive"), target); err != nil {
			return Written{}, fault.New(fault.Unavailable, "archive.write", target).Because(err)
		}
	}
	return written, files.SyncFolder(filepath.Dir(target))
}

type writer struct {
	ctx  context.Context
	from Source
	work string
	zip  *zip.Writer
	m    Manifest
}

func (w *writer) path(name string) string { return filepath.Join(w.work, name) }

func (w *writer) write() (Written, error) {
	file, err := os.OpenFile(w.path("archive"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Written{}, err
	}
	defer file.Close()
	sum := sha256.New()
	counted := &counter{w: io.MultiWriter(file, sum)}
	w.zip = zip.NewWriter(counted)
	if err := w.parts(); err != nil {
		return Written{}, err
	}
	if err := w.manifest(); err != nil {
		return Written{}, err
	}
	if err := errors.Join(w.zip.Close(), file.Sync()); err != nil {
		return Written{}, err
	}
	return Written{w.m, counted.n, hex.EncodeToString(sum.Sum(nil))}, nil
}

// parts copies the database, and then what the copy refers to.
func (w *writer) parts() error {
	w.m = Manifest{Format: Format, Version: w.from.Version, At: stamp(w.from.Store.Now()),
		Engine: w.from.Store.Engine(), Origin: w.from.Origin, Key: w.from.Key}
	copied := w.path(databaseName)
	if err := w.from.Store.Backup(w.ctx, copied, w.from.Parts); err != nil {
		return err
	}
	wanted, err := w.describe(copied)
	if err != nil {
		return err
	}
	all := 1 + len(wanted)
	if err := w.add(databaseName, copied, zip.Deflate); err != nil {
		return err
	}
	w.told(1, all)
	for i, f := range wanted {
		path, ok := w.from.Files.Path(f.Hash)
		if !ok {
			return fault.New(fault.Unavailable, "files.lost", f.Home, f.ID)
		}
		err := w.add(filesFolder+f.Hash[:2]+"/"+f.Hash[2:], path, zip.Store)
		if errors.Is(err, os.ErrNotExist) {
			return fault.New(fault.Unavailable, "files.lost", f.Home, f.ID).Because(err)
		}
		if err != nil {
			return err
		}
		if last := w.m.Parts[len(w.m.Parts)-1]; last.Hash != f.Hash {
			return fault.New(fault.Unavailable, "archive.evidence", f.Home, f.ID)
		}
		w.told(2+i, all)
	}
	if w.from.KeyFile == "" {
		return nil
	}
	return w.add(keysName, w.from.KeyFile, zip.Deflate)
}

func (w *writer) told(done, of int) {
	if w.from.Progress != nil {
		w.from.Progress(done, of)
	}
}

// describe reads from the copy what the manifest says of it: never from the running database, which has
// gone on.
func (w *writer) describe(file string) ([]files.Wanted, error) {
	copied, err := store.Open(w.ctx, store.Config{URL: "sqlite:" + file, Readers: 1})
	if err != nil {
		return nil, err
	}
	defer copied.Close()
	if w.m.Schema, err = copied.SchemaVersions(w.ctx, w.from.Parts); err != nil {
		return nil, err
	}
	var wanted []files.Wanted
	err = copied.View(w.ctx, func(v *store.View) (err error) {
		if wanted, err = files.WantedBy(v); err != nil {
			return err
		}
		w.m.Heads, err = store.All[Head](v, `SELECT c.home, c.size, c.note FROM log_checkpoint c
			JOIN log_tree t ON t.home = c.home AND t.size = c.size ORDER BY c.home`)
		return err
	})
	return wanted, err
}

// add copies a file into the archive, hashing what it copies. Evidence is packed already: it is stored.
func (w *writer) add(name, path string, method uint16) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	into, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err != nil {
		return err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(into, sum), file)
	if err != nil {
		return err
	}
	w.m.Parts = append(w.m.Parts, Part{name, size, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (w *writer) manifest() error {
	into, err := w.zip.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate})
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(into)
	encoder.SetIndent("", " ")
	return encoder.Encode(w.m)
}

// counter counts what is written through it.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
