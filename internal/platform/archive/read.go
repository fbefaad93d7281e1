package archive

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Target is where an archive is restored to.
type Target struct {
	Database store.Config // of an empty database; a SQLite file must not be there
	Parts    []store.Part
	Folder   string // of evidence; must not be there, or be empty
	KeyFile  string
	// Progress, if not nil, is told how many of how many steps are done.
	Progress func(done, of int)
}

// opened is an archive whose every part has been read and found whole.
type opened struct {
	name     string
	zip      *zip.ReadCloser
	entries  map[string]*zip.File
	manifest Manifest
}

// open reads the manifest and every part. progress is told of each.
func open(ctx context.Context, name string, parts []store.Part, progress func(int, int)) (*opened, error) {
	archive, err := zip.OpenReader(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "archive.missing", name).Because(err)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "archive.damaged", name, filepath.Base(name)).Because(err)
	}
	o := &opened{name: name, zip: archive, entries: map[string]*zip.File{}}
	if err := o.verify(ctx, parts, progress); err != nil {
		archive.Close()
		return nil, err
	}
	return o, nil
}

func (o *opened) verify(ctx context.Context, parts []store.Part, progress func(int, int)) error {
	for _, f := range o.zip.File {
		if o.entries[f.Name] != nil {
			return fault.New(fault.Invalid, "archive.damaged", o.name, f.Name)
		}
		o.entries[f.Name] = f
	}
	entry := o.entries[manifestName]
	if entry == nil {
		return fault.New(fault.Invalid, "archive.damaged", o.name, manifestName)
	}
	r, err := entry.Open()
	if err != nil {
		return fault.New(fault.Invalid, "archive.damaged", o.name, manifestName).Because(err)
	}
	defer r.Close()
	if o.manifest, err = readManifest(r, o.name); err != nil {
		return err
	}
	if err := o.manifest.fits(o.name, parts); err != nil {
		return err
	}
	if len(o.entries) != 1+len(o.manifest.Parts) {
		return fault.New(fault.Invalid, "archive.damaged", o.name, manifestName)
	}
	for i, p := range o.manifest.Parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := o.unpack(p, io.Discard); err != nil {
			return err
		}
		progress(i+1, 2*len(o.manifest.Parts))
	}
	return nil
}

// unpack reads a part to the end and holds it against its size and hash.
func (o *opened) unpack(p Part, into io.Writer) error {
	damaged := fault.New(fault.Invalid, "archive.damaged", o.name, p.Name)
	entry := o.entries[p.Name]
	if entry == nil || entry.UncompressedSize64 != uint64(p.Size) {
		return damaged
	}
	r, err := entry.Open()
	if err != nil {
		return damaged.Because(err)
	}
	defer r.Close()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(into, sum), io.LimitReader(r, p.Size+1))
	var disk *os.PathError
	switch {
	case errors.As(err, &disk):
		return fault.New(fault.Unavailable, "archive.write", disk.Path).Because(err)
	case err != nil:
		return damaged.Because(err)
	case size != p.Size || hex.EncodeToString(sum.Sum(nil)) != p.Hash:
		return damaged
	}
	return nil
}

// Restore makes a new installation from an archive. Everything is read and judged before anything is
// written. What fails afterwards is taken back, but for rows of a PostgreSQL database.
func Restore(ctx context.Context, name string, to Target) (Manifest, error) {
	if to.Progress == nil {
		to.Progress = func(int, int) {}
	}
	if err := to.empty(Manifest{}); err != nil { // before everything is read for nothing
		return Manifest{}, err
	}
	o, err := open(ctx, name, to.Parts, to.Progress)
	if err != nil {
		return Manifest{}, err
	}
	defer o.zip.Close()
	if err := to.empty(o.manifest); err != nil {
		return Manifest{}, err
	}
	r := &restorer{ctx: ctx, from: o, to: to}
	if err := r.run(); err != nil {
		r.undo()
		return Manifest{}, err
	}
	return o.manifest, nil
}

// empty refuses a target that holds anything.
func (t Target) empty(m Manifest) error {
	if !store.IsPostgres(t.Database.URL) {
		path := store.SQLitePath(t.Database.URL)
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			return fault.New(fault.Conflict, "archive.used", path).Because(err)
		}
	}
	if entries, err := os.ReadDir(t.Folder); !errors.Is(err, os.ErrNotExist) && (err != nil ||
		len(entries) > 0) {
		return fault.New(fault.Conflict, "archive.used", t.Folder).Because(err)
	}
	if _, err := os.Lstat(t.KeyFile); m.HasKeys() && !errors.Is(err, os.ErrNotExist) {
		return fault.New(fault.Conflict, "archive.used", t.KeyFile).Because(err)
	}
	return nil
}
