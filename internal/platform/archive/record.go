package archive

import (
	"context"
	"embed"
	"io/fs"
	"path/filepath"
	"strconv"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Tables is the record of backups as the log verifies it.
func Tables() []store.Sealed { return []store.Sealed{backups} }

// OwnPart is the record of backups.
func OwnPart() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "archive", Migrations: root}
}

// Backup is a backup that was made.
type Backup struct {
	Home  int64          `db:"home"`
	ID    int64          `db:"id,key"`
	At    period.Instant `db:"at"`
	Name  string         `db:"name"`
	Size  int64          `db:"size"`
	Hash  string         `db:"hash"`
	Parts int64          `db:"parts"`
	Keyed bool           `db:"keyed"`
}

var backups = store.NewTable[Backup]("backup")

// recorded is the body of the event: whoever holds the file can prove that it is this one.
type recorded struct {
	Hash string `json:"sha256"`
	Size int64  `json:"size"`
}

// Record writes down in the city's log that a backup was made.
func Record(ctx context.Context, s *store.Store, file string, w Written) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		id, err := tx.NextID(store.City, "backup")
		if err != nil {
			return err
		}
		b := Backup{Home: store.City, ID: id, At: tx.Now(), Name: filepath.Base(file), Size: w.Size,
			Hash: w.Hash, Parts: int64(len(w.Manifest.Parts)), Keyed: w.Manifest.HasKeys()}
		if err := backups.Insert(tx, &b); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: store.City, Kind: "archive.written",
			Subject: "backup/" + strconv.FormatInt(id, 10), Body: recorded{w.Hash, w.Size}})
		return err
	})
}

// Newest lists the newest backups.
func Newest(r store.Reader, most int) ([]Backup, error) {
	return backups.All(r, `WHERE home = ? ORDER BY id DESC LIMIT ?`, store.City, most)
}
