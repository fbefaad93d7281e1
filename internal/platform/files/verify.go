package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Wanted is bytes that some row refers to.
type Wanted struct {
	Hash string `db:"hash"`
	Size int64  `db:"size"`
	Home int64  `db:"home"` // of one of the rows
	ID   int64  `db:"id"`
}

// WantedBy lists the bytes that the rows of a database refer to, once each, in the order of their hashes.
func WantedBy(r store.Reader) ([]Wanted, error) {
	return store.All[Wanted](r, `SELECT hash, max(size) AS size, min(home) AS home, min(id) AS id
		FROM file GROUP BY hash ORDER BY hash`)
}

// Verify proves that the bytes of every row are there and have its hash and size, and notes bytes that
// belong to no row.
func (s *Service) Verify(ctx context.Context, report func(fault.Finding)) error {
	wanted, err := store.Read(ctx, s.Store, func(v *store.View) ([]Wanted, error) { return WantedBy(v) })
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, w := range wanted {
		if err := ctx.Err(); err != nil {
			return err
		}
		known[w.Hash] = true
		if f, ok := s.compare(w); !ok {
			report(f)
		}
	}
	orphans, err := s.orphans(known)
	if err == nil && orphans > 0 {
		report(fault.Told("files.orphans", orphans))
	}
	return err
}

// compare reads the bytes of a row again.
func (s *Service) compare(w Wanted) (fault.Finding, bool) {
	if !hashName.MatchString(w.Hash) {
		return fault.Wrong("files.verify.gone", w.Home, w.ID), false
	}
	hash, size, err := HashOf(s.path(w.Hash))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.Wrong("files.verify.gone", w.Home, w.ID), false
	case err != nil || hash != w.Hash || size != w.Size:
		return fault.Wrong("files.verify.altered", w.Home, w.ID), false
	}
	return fault.Finding{}, true
}

var hashName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// HashOf reads a file and gives its SHA-256 in hexadecimal and its size.
func HashOf(path string) (hash string, size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	sum := sha256.New()
	size, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), size, err
}

// orphans counts bytes that no row refers to.
func (s *Service) orphans(known map[string]bool) (int, error) {
	n := 0
	err := filepath.WalkDir(s.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != s.Folder && len(d.Name()) != 2 {
				return fs.SkipDir // what arrives, and copies
			}
			return nil
		}
		hash := filepath.Base(filepath.Dir(path)) + d.Name()
		if hashName.MatchString(hash) && !known[hash] {
			n++
		}
		return nil
	})
	return n, err
}

// Path is where the bytes of a hash lie, for backups; false if it is no hash.
func (s *Service) Path(hash string) (string, bool) {
	if !hashName.MatchString(hash) {
		return "", false
	}
	return s.path(hash), true
}
