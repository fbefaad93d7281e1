package archive

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// restorer makes an installation from an archive that was found whole.
type restorer struct {
	ctx  context.Context
	from *opened
	to   Target
	made []string // files and folders to take back
	done int
}

func (r *restorer) run() error {
	if err := r.evidence(); err != nil {
		return err
	}
	beside := r.to.Folder
	if !store.IsPostgres(r.to.Database.URL) {
		beside = store.SQLitePath(r.to.Database.URL) // so that it can be renamed there
	}
	work, err := os.MkdirTemp(filepath.Dir(beside), ".terrace-restore-")
	if err != nil {
		return fault.New(fault.Unavailable, "archive.write", beside).Because(err)
	}
	defer os.RemoveAll(work) //nolint:errcheck // a copy of what the archive holds
	copied := filepath.Join(work, databaseName)
	if err := r.unpack(r.part(databaseName), copied); err != nil {
		return err
	}
	if store.IsPostgres(r.to.Database.URL) {
		err = r.database(r.to.Database, copied)
	} else {
		err = r.sqlite(work, copied)
	}
	if err != nil || !r.from.manifest.HasKeys() {
		return err
	}
	return r.unpack(r.part(keysName), r.to.KeyFile)
}

func (r *restorer) part(name string) Part {
	for _, p := range r.from.manifest.Parts {
		if p.Name == name {
			return p
		}
	}
	return Part{Name: name, Size: -1} // refused as damaged; the manifest was checked for it
}

// evidence puts the files where they belong.
func (r *restorer) evidence() error {
	if err := os.MkdirAll(r.to.Folder, 0o700); err != nil {
		return fault.New(fault.Unavailable, "archive.write", r.to.Folder).Because(err)
	}
	r.made = append(r.made, r.to.Folder)
	for _, p := range r.from.manifest.Parts {
		name, ok := strings.CutPrefix(p.Name, filesFolder)
		if !ok {
			continue
		}
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := r.unpack(p, filepath.Join(r.to.Folder, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// unpack writes a part to a new file and forces it to disk.
func (r *restorer) unpack(p Part, path string) error {
	failed := func(err error) error {
		return fault.New(fault.Unavailable, "archive.write",
			path).Because(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return failed(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return failed(err)
	}
	r.made = append(r.made, path)
	defer file.Close()
	if err := r.from.unpack(p, file); err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), files.SyncFolder(filepath.Dir(path))); err != nil {
		return failed(err)
	}
	r.done++
	r.to.Progress(len(r.from.manifest.Parts)+r.done, 2*len(r.from.manifest.Parts))
	return nil
}

// sqlite fills a new file beside the final one, and gives it its name when it is whole.
func (r *restorer) sqlite(work, copied string) error {
	final := store.SQLitePath(r.to.Database.URL)
	config := r.to.Database
	config.URL = "sqlite:" + filepath.Join(work, "new.db")
	if err := r.database(config, copied); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(work, "new.db"), final); err != nil {
		return fault.New(fault.Unavailable, "archive.write", final).Because(err)
	}
	r.made = append(r.made, final)
	return files.SyncFolder(filepath.Dir(final))
}

// database fills an empty database from the copy.
func (r *restorer) database(config store.Config, copied string) error {
	s, err := store.Open(r.ctx, config)
	if err != nil {
		return err
	}
	_, err = s.Migrate(r.ctx, r.to.Parts)
	if err == nil {
		err = s.Restore(r.ctx, copied, r.to.Parts)
	}
	return errors.Join(err, s.Close())
}

// undo takes back what was written.
func (r *restorer) undo() {
	for _, path := range r.made {
		os.RemoveAll(path) //nolint:errcheck // what is left is found by the next attempt
	}
}
