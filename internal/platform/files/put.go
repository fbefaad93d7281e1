package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/pure/exif"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Blob is bytes that are safe on disk, and what they say of themselves.
type Blob struct {
	Hash     string
	Kind     string
	Size     int64
	Name     string // as a person may see and save it
	Taken    period.Instant
	Position exif.Position
}

// Put reads a file, makes sure that it is what it may be, and keeps its bytes. Nothing refers to them
// yet: see Attach. A refusal leaves nothing behind.
func (s *Service) Put(ctx context.Context, name string, r io.Reader) (Blob, error) {
	file, err := os.CreateTemp(filepath.Join(s.Folder, arriving), "upload-*")
	if err != nil {
		return Blob{}, fault.New(fault.Unavailable, "files.write").Because(err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // it has been renamed, or it goes
	defer file.Close()
	blob, err := s.receive(ctx, name, file, r)
	if err != nil {
		return Blob{}, err
	}
	if err := s.scan(ctx, file.Name()); err != nil {
		return Blob{}, err
	}
	if err := s.keep(file, s.path(blob.Hash)); err != nil {
		return Blob{}, fault.New(fault.Unavailable, "files.write").Because(err)
	}
	return blob, nil
}

// receive copies the upload to disk, hashing it, and finds out what it is.
func (s *Service) receive(ctx context.Context, name string, file *os.File, r io.Reader) (Blob, error) {
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, sum), &limited{r: r, left: SizeMax, ctx: ctx})
	if err != nil {
		return Blob{}, uploadFault(err)
	}
	head := make([]byte, min(size, headSize))
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return Blob{}, fault.New(fault.Unavailable, "files.write").Because(err)
	}
	blob := Blob{Hash: hex.EncodeToString(sum.Sum(nil)), Size: size}
	if blob.Kind, err = kindOf(name, head, size, file); err != nil {
		return Blob{}, err
	}
	if most := sizesMax[blob.Kind]; size > most {
		return Blob{}, fault.New(fault.TooLarge, "files.size", most>>20)
	}
	blob.Name = SafeName(name, blob.Kind)
	if !IsPicture(blob.Kind) {
		return blob, nil
	}
	// A picture that cannot be shown is found out now, while whoever took it still stands there.
	info := exif.Read(head)
	blob.Taken, blob.Position = info.Taken, info.Position
	return blob, s.derive(ctx, file, blob.Hash, Thumbnail)
}

// limited reads at most so many bytes, and stops when the context ends.
type limited struct {
	r    io.Reader
	left int64
	ctx  context.Context
}

var errTooLarge = errors.New("files: too large")

func (l *limited) Read(b []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := l.r.Read(b)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// uploadFault tells an upload that is too large from one that broke off and from a full disk.
func uploadFault(err error) error {
	var path *os.PathError
	var f *fault.Fault
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, errTooLarge):
		return fault.New(fault.TooLarge, "files.size", SizeMax>>20)
	case errors.As(err, &path):
		return fault.New(fault.Unavailable, "files.write").Because(err)
	}
	return fault.New(fault.Invalid, "files.broken_off").Because(err)
}

// keep forces a file to disk and gives it its final name. Bytes that are there already stay.
func (s *Service) keep(file *os.File, path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	if err := SyncFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(filepath.Dir(path)))
}

// SyncFolder forces a folder's entries to disk, where the system knows how (Windows does not need it).
func SyncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil && !errors.Is(err, os.ErrInvalid) && !errors.Is(err,
		os.ErrPermission) {
		return err
	}
	return nil
}

// path is where the bytes of a hash lie.
func (s *Service) path(hash string) string { return filepath.Join(s.Folder, hash[:2], hash[2:]) }

// scanTime is how long the virus scanner may take.
const scanTime = time.Minute

// scan has a new file looked at. A scanner that cannot be run lets nothing through.
func (s *Service) scan(ctx context.Context, path string) error {
	if len(s.Scan) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	defer cancel()
	err := exec.CommandContext(ctx, s.Scan[0], append(slices.Clone(s.Scan[1:]), path)...).Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return fault.New(fault.Invalid, "files.virus")
	}
	return fault.New(fault.Unavailable, "files.scan").Because(err)
}

// nameMax is how many characters a name may have.
const nameMax = 100

// SafeName is a name as it may be shown and saved: without folders, control characters and what
// systems refuse, and with the ending of its kind.
func SafeName(name, kind string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`<>:"|?*`, r) || isDirectional(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(name, " .")
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = strings.TrimRight(name[:i], " .")
	}
	runes := []rune(name)
	if len(runes) > nameMax {
		runes = runes[:nameMax]
	}
	if len(runes) == 0 {
		runes = []rune("file")
	}
	return string(runes) + endings[kind]
}

// isDirectional: characters that turn the direction of writing can make gpj.exe read exe.jpg.
func isDirectional(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }
