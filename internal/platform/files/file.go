package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/exif"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// ReadPermit lets somebody see the evidence of a place; guards ask for it.
const ReadPermit access.Permit = "files.read"

// File is what bytes are evidence of.
type File struct {
	Home      int64          `db:"home"`
	ID        int64          `db:"id,key"`
	Version   int64          `db:"version,version"`
	Subject   string         `db:"subject"` // what it belongs to: asset/12
	Place     int64          `db:"place"`
	Name      string         `db:"name"`
	Kind      string         `db:"kind"`
	Size      int64          `db:"size"` // bytes
	Hash      string         `db:"hash"` // SHA-256, hexadecimal
	TakenAt   period.Instant `db:"taken_at"`
	Position  []byte         `db:"position"` // encrypted; see Service.Position
	Actor     int64          `db:"actor"`    // account that put it there
	At        period.Instant `db:"at"`
	Purpose   string         `db:"purpose"`
	Published bool           `db:"published"`
}

var table = store.NewTable[File]("file")

// positionColumn is what a sealed position is bound to.
const positionColumn = "file.position"

// Belongs says what a new file belongs to.
type Belongs struct {
	Home    int64
	Subject string
	Place   int64
	Purpose string // a word of the owner's: photo, contract, minutes
	Actor   int64
}

// Attach makes bytes that were put evidence of something, in the transaction of what they belong to.
// The caller records the event, in the same home.
func (s *Service) Attach(tx *store.Tx, b Blob, to Belongs) (File, error) {
	if _, err := os.Stat(s.path(b.Hash)); err != nil {
		return File{}, fault.New(fault.Unavailable, "files.lost", to.Home, 0).Because(err)
	}
	id, err := tx.NextID(to.Home, "file")
	if err != nil {
		return File{}, err
	}
	position, err := s.sealed(tx, b.Position)
	if err != nil {
		return File{}, err
	}
	f := File{Home: to.Home, ID: id, Subject: to.Subject, Place: to.Place, Name: b.Name, Kind: b.Kind,
		Size: b.Size, Hash: b.Hash, TakenAt: b.Taken, Position: position, Actor: to.Actor, At: tx.Now(),
		Purpose: to.Purpose}
	return f, table.Insert(tx, &f)
}

func (s *Service) sealed(tx *store.Tx, p exif.Position) ([]byte, error) {
	if !p.Known {
		return []byte{}, nil
	}
	return s.Keys.Seal(tx.Randomness(), positionColumn, fmt.Sprintf("%d,%d", p.Latitude, p.Longitude))
}

// PositionOf opens where a file was taken. It is sensitive (class S3): the caller has asked for a reason.
func (s *Service) PositionOf(f File) (exif.Position, error) {
	text, err := s.Keys.Open(positionColumn, f.Position)
	if err != nil || text == "" {
		return exif.Position{}, err
	}
	p := exif.Position{Known: true}
	_, err = fmt.Sscanf(text, "%d,%d", &p.Latitude, &p.Longitude)
	return p, err
}

// SetPublished lets the public see a picture's stripped copy, or no longer. The caller records the event.
func (s *Service) SetPublished(tx *store.Tx, f File, published bool) (File, error) {
	if published && !IsPicture(f.Kind) {
		return f, fault.New(fault.Unsupported, "files.publish")
	}
	f.Published = published
	return f, table.Update(tx, &f)
}

// Get reads a file's row. It asks nobody's permission: see See.
func Get(r store.Reader, home, id int64) (File, error) {
	f, found, err := table.First(r, `WHERE home = ? AND id = ?`, home, id)
	if err == nil && !found {
		return f, fault.New(fault.NotFound, "files.absent")
	}
	return f, err
}

// OfMax is how many files of one subject are listed.
const OfMax = 500

// Of lists the files of a subject, the oldest first. The caller has asked for permission.
func Of(r store.Reader, home int64, subject string) ([]File, error) {
	return table.All(r, `WHERE home = ? AND subject = ? ORDER BY id LIMIT ?`, home, subject, OfMax)
}

// Kept tells which hashes are those of files of a home.
func Kept(r store.Reader, home int64, hashes []string) (map[string]bool, error) {
	kept := make(map[string]bool, len(hashes))
	for some := range slices.Chunk(hashes, OfMax) {
		args := make([]any, 0, len(some)+1)
		args = append(args, home)
		for _, hash := range some {
			args = append(args, hash)
		}
		for hash, err := range store.Each[string](r,
			`SELECT DISTINCT hash FROM file WHERE home = ? AND hash IN (`+
				strings.TrimSuffix(strings.Repeat("?, ", len(some)), ", ")+")", args...) {
			if err != nil {
				return nil, err
			}
			kept[hash] = true
		}
	}
	return kept, nil
}

// See reads a file's row for whoever asks. What they may not see looks as if it were not there.
func (s *Service) See(ctx context.Context, home, id int64) (File, error) {
	f, err := store.Read(ctx, s.Store, func(v *store.View) (File, error) { return Get(v, home, id) })
	if err != nil {
		return File{}, err
	}
	if err := s.May(ctx, access.From(ctx), f); err != nil {
		if fault.Is(err, fault.Forbidden) {
			err = fault.New(fault.NotFound, "files.absent").Because(err)
		}
		return File{}, err
	}
	return f, nil
}

// Open gives a file's bytes. The caller closes them.
func (s *Service) Open(f File) (io.ReadSeekCloser, error) { return s.open(f) }

func (s *Service) open(f File) (*os.File, error) {
	file, err := os.Open(s.path(f.Hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.Unavailable, "files.lost", f.Home, f.ID).Because(err)
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "files.write").Because(err)
	}
	return file, nil
}

// OpenDerived gives a copy of a picture, made now if it is not there. The caller closes it.
func (s *Service) OpenDerived(ctx context.Context, f File, d Derived) (io.ReadSeekCloser, error) {
	if !IsPicture(f.Kind) {
		return nil, fault.New(fault.NotFound, "files.absent")
	}
	if _, err := os.Stat(s.derivedPath(f.Hash, d)); err != nil {
		original, err := s.open(f)
		if err != nil {
			return nil, err
		}
		defer original.Close()
		if err := s.derive(ctx, original, f.Hash, d); err != nil {
			return nil, err
		}
	}
	return os.Open(s.derivedPath(f.Hash, d))
}
