package files

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Part is the table of files.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "files", Migrations: root}
}

// Tables are the tables of this package.
func Tables() []store.Sealed { return []store.Sealed{table} }

// Config is what the program lends the service.
type Config struct {
	Folder string // where the bytes lie; made if it is not there
	Store  *store.Store
	Keys   *keys.Ring
	// Scan is a command that looks at a new file for viruses, with its arguments; the file's path is
	// added. It ends with 0 if the file is clean and with 1 if it is not. Empty: none.
	Scan []string
}

// Service keeps files. It is safe for concurrent use.
type Service struct {
	Config
	decoding *semaphore.Weighted // bounds the memory of what is decoded at the same time

	mu     sync.RWMutex
	guards map[string]Guard
}

// Guard says whether an actor may see a file: nil if so. It belongs to the owner of the subject.
type Guard func(ctx context.Context, actor access.Actor, f File) error

// New opens the service, and the folder if it is not there.
func New(config Config) (*Service, error) {
	for _, folder := range []string{config.Folder, filepath.Join(config.Folder, arriving)} {
		// The files hold personal data: nobody but the service's own account reads them.
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fault.New(fault.Unavailable, "files.folder", config.Folder).Because(err)
		}
	}
	s := &Service{Config: config, decoding: semaphore.NewWeighted(DecodeMax), guards: map[string]Guard{}}
	return s, s.sweep()
}

// Own registers who judges the files whose subject begins with a word: Own("asset", …) for asset/12.
func (s *Service) Own(subject string, g Guard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guards[subject] = g
}

// May reports as an error that an actor may not see a file. What nobody judges, nobody sees.
func (s *Service) May(ctx context.Context, actor access.Actor, f File) error {
	word, _, _ := strings.Cut(f.Subject, "/")
	s.mu.RLock()
	guard := s.guards[word]
	s.mu.RUnlock()
	if guard == nil {
		return fault.New(fault.NotFound, "files.absent")
	}
	return guard(ctx, actor, f)
}

// arriving is the folder in which files are written until they are whole.
const arriving = "arriving"

// leftOver is how old a half-written file is that nobody writes any more.
const leftOver = 24 * time.Hour

// sweep removes what a crash left half written. Another process may be serving from the same folder, so
// only what is old goes; what is old is judged by the disk's own clock.
func (s *Service) sweep() error {
	probe, err := os.CreateTemp(filepath.Join(s.Folder, arriving), "probe-*")
	if err != nil {
		return fault.New(fault.Unavailable, "files.folder", s.Folder).Because(err)
	}
	defer os.Remove(probe.Name()) //nolint:errcheck // an empty file of no use
	defer probe.Close()
	now, err := probe.Stat()
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(s.Folder, arriving))
	if err != nil {
		return err
	}
	var failed error
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && now.ModTime().Sub(info.ModTime()) > leftOver {
			failed = errors.Join(failed, os.Remove(filepath.Join(s.Folder, arriving, e.Name())))
		}
	}
	return failed
}
