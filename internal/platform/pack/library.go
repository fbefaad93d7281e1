package pack

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Manifest is what a pack says of itself: its pack.yaml.
type Manifest struct {
	Key     string       `yaml:"key"`
	Parent  string       `yaml:"parent"`
	Title   locale.Words `yaml:"title"`
	Version Scalar       `yaml:"version"`
	City    Scalar       `yaml:"city"` // place code; "" for a pack of the whole country
}

const manifestFile = "pack.yaml"

// Library knows where packs are found: those that come with the program, and folders on disk.
type Library struct{ builtIn fs.FS }

// NewLibrary makes a library of the packs in the folders of a file system.
func NewLibrary(builtIn fs.FS) Library { return Library{builtIn} }

// List gives the manifests of the packs that come with the program, by key.
func (l Library) List() ([]Manifest, error) {
	folders, err := fs.ReadDir(l.builtIn, ".")
	if err != nil {
		return nil, err
	}
	var all []Manifest
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		found, err := l.find(folder.Name(), "")
		if err != nil {
			return nil, err
		}
		all = append(all, found.Manifest)
	}
	return all, nil
}

// layer is one pack as it lies in a folder.
type layer struct {
	Manifest
	files  fs.FS
	folder string // on disk; "" for one that comes with the program
}

// ParentsMax is how many packs may lie under one another.
const ParentsMax = 8

// Read reads the pack of a key, or of a folder on disk, with all its parents. Findings about its
// content are kept in the pack: see Check.
func (l Library) Read(nameOrFolder string) (*Pack, error) {
	var layers []layer
	name, beside := nameOrFolder, ""
	for name != "" {
		next, err := l.find(name, beside)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(layers, func(other layer) bool { return other.Key == next.Key }) ||
			len(layers) == ParentsMax {
			return nil, fault.New(fault.Invalid, "pack.circle", next.Key)
		}
		layers = append(layers, next)
		name = next.Parent
		if next.folder != "" {
			beside = filepath.Dir(next.folder)
		}
	}
	if len(layers) == 0 {
		return nil, fault.New(fault.NotFound, "pack.missing", nameOrFolder)
	}
	return assemble(layers)
}

// find opens one pack: one that comes with the program by its key, else a folder on disk, else a
// folder of that name beside the pack that has it as its parent.
func (l Library) find(name, beside string) (layer, error) {
	if !strings.ContainsAny(name, `/\.`) {
		if sub, err := fs.Sub(l.builtIn, name); err == nil && isPack(sub) {
			return openLayer(name, sub, "")
		}
	}
	folders := []string{name}
	if beside != "" {
		folders = []string{filepath.Join(beside, name)}
	}
	for _, folder := range folders {
		if absolute, err := filepath.Abs(folder); err == nil && isPack(os.DirFS(absolute)) {
			return l.own(name, absolute)
		}
	}
	return layer{}, fault.New(fault.NotFound, "pack.missing", name)
}

// own opens a pack on disk. Its key must not be that of one that comes with the program: nobody could
// tell which of the two a value comes from.
func (l Library) own(name, folder string) (layer, error) {
	found, err := openLayer(name, os.DirFS(folder), folder)
	if err != nil {
		return found, err
	}
	if _, err := fs.Stat(l.builtIn, found.Key); !errors.Is(err, fs.ErrNotExist) {
		return found, fault.New(fault.Conflict, "pack.taken", found.Key, folder)
	}
	return found, nil
}

func isPack(files fs.FS) bool {
	_, err := fs.Stat(files, manifestFile)
	return err == nil
}

func openLayer(name string, files fs.FS, folder string) (layer, error) {
	found := layer{files: files, folder: folder}
	text, err := fs.ReadFile(files, manifestFile)
	if err != nil {
		return found, fault.New(fault.NotFound, "pack.missing", name).Because(err)
	}
	if err := decodeText(text, &found.Manifest); err != nil {
		return found, fault.New(fault.Invalid, "pack.manifest", name).
			With([]fault.Finding{finding(err).At(name+"/"+manifestFile, lineOf(err), "")})
	}
	if !goodKey(found.Key) || !found.Title.Whole() || found.Version == "" {
		return found, fault.New(fault.Invalid, "pack.manifest", name)
	}
	return found, nil
}

// goodKey: lower-case letters, digits, dots, dashes and underscores.
func goodKey(key string) bool {
	return key != "" && len(key) <= 80 && strings.Trim(key,
		"abcdefghijklmnopqrstuvwxyz0123456789._-") == "" &&
		key[0] != '.'
}
