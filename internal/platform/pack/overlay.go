package pack

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// FS is the files of the chain as one file system, for those who read whole files: of files of the same
// path the nearer pack's is seen.
func (p *Pack) FS() fs.FS {
	layers := make(overlay, len(p.layers))
	for i, l := range p.layers {
		layers[i] = l.files
	}
	return layers
}

// overlay is file systems laid over one another, the nearest first.
type overlay []fs.FS

// Open opens the nearest file of a name.
func (o overlay) Open(name string) (fs.File, error) {
	var failed error = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	for _, layer := range o {
		file, err := layer.Open(name)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			failed = err
		}
	}
	return nil, failed
}

// ReadDir lists the names that any layer has in a folder.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	found, seen := false, map[string]bool{}
	for _, layer := range o {
		entries, err := fs.ReadDir(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = true
		for _, e := range entries {
			if !seen[e.Name()] {
				seen[e.Name()] = true
				all = append(all, e)
			}
		}
	}
	if !found {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
}
