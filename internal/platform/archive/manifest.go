package archive

import (
	"embed"
	"encoding/json"
	"io"
	"regexp"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Format is the number of the layout of archives; a reader refuses larger ones.
const Format = 1

// The names of the parts.
const (
	databaseName = "database.db"
	keysName     = "keys.json"
	manifestName = "manifest.json"
	filesFolder  = "files/"
)

// Manifest says what an archive holds.
type Manifest struct {
	Format  int              `json:"format"`
	Version string           `json:"version"` // of the program that wrote it
	At      string           `json:"at"`      // when the database was copied, RFC 3339
	Engine  string           `json:"engine"`
	Origin  string           `json:"origin"` // name of the installation's log
	Key     string           `json:"key"`    // public half of the key that signs it
	Schema  map[string]int64 `json:"schema"` // part → steps taken
	Heads   []Head           `json:"heads"`  // of the log, as signed
	Parts   []Part           `json:"parts"`
}

// Head is the newest signed checkpoint of a home.
type Head struct {
	Home int64  `db:"home" json:"home"`
	Size int64  `db:"size" json:"size"`
	Note string `db:"note" json:"note"`
}

// Part is one file of an archive.
type Part struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Hash string `json:"sha256"`
}

// manifestMax is how many bytes a manifest may have: some hundred for each piece of evidence.
const manifestMax = 512 << 20

// readManifest reads and judges a manifest.
func readManifest(r io.Reader, archive string) (Manifest, error) {
	var m Manifest
	text, err := io.ReadAll(io.LimitReader(r, manifestMax)) // to the end, where the checksum is looked at
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return m, fault.New(fault.Invalid, "archive.damaged", archive, manifestName).Because(err)
	}
	if m.Format > Format {
		return m, fault.New(fault.Unsupported, "archive.newer", archive, m.Version)
	}
	seen := map[string]bool{}
	for _, p := range m.Parts {
		if !partName.MatchString(p.Name) || seen[p.Name] || p.Size < 0 {
			return m, fault.New(fault.Invalid, "archive.damaged", archive, p.Name)
		}
		seen[p.Name] = true
	}
	if m.Format < 1 || !seen[databaseName] {
		return m, fault.New(fault.Invalid, "archive.damaged", archive, manifestName)
	}
	return m, nil
}

// partName is what a part may be called: nothing that leads out of the folder it is unpacked into.
var partName = regexp.MustCompile(`^(database\.db|keys\.json|files/[0-9a-f]{2}/[0-9a-f]{62})$`)

// HasKeys reports whether the archive brings the keys.
func (m Manifest) HasKeys() bool {
	return slices.ContainsFunc(m.Parts, func(p Part) bool { return p.Name == keysName })
}

// fits refuses an archive whose schema is not that of the program.
func (m Manifest) fits(archive string, parts []store.Part) error {
	names := map[string]bool{}
	for _, p := range parts {
		names[p.Name] = true
		if m.Schema[p.Name] > p.Latest() {
			return fault.New(fault.Unsupported, "archive.newer", archive, m.Version)
		}
		if m.Schema[p.Name] < p.Latest() {
			return fault.New(fault.Conflict, "archive.older", archive, m.Version)
		}
	}
	for name := range m.Schema {
		if !names[name] {
			return fault.New(fault.Unsupported, "archive.newer", archive, m.Version)
		}
	}
	return nil
}

// stamp is a moment as a manifest writes it.
func stamp(at period.Instant) string { return at.Time().Format("2006-01-02T15:04:05Z07:00") }
