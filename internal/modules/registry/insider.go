package registry

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// NameFind is the keyed hash under which the name of a person is found among officers and their relatives:
// what else holds names of people keeps it beside a sealed name.
func NameFind(ring *keys.Ring, name string) []byte {
	return ring.Find(nameColumn, strings.TrimSpace(name))
}

// Insider is an officer or a near relative of one, known by the hash of the name.
type Insider struct {
	Organisation int64       `db:"organisation"`
	NameFind     []byte      `db:"name_find"`
	Office       Office      `db:"office"`
	Relative     bool        `db:"relative"`
	Since        period.Date `db:"since"` // of the office
	Until        period.Date `db:"until"`
}

// InsidersSQL selects the insiders of a county with the columns of Insider: for statements that join them by
// name_find. home is the placeholder of the county's number; it stands there twice.
func InsidersSQL(home string) string {
	return `SELECT f.organisation, f.name_find, f.office, FALSE AS relative, f.since, f.until FROM officer f
		WHERE f.home = ` + home + `
	UNION ALL SELECT f.organisation, r.name_find, f.office, TRUE AS relative, f.since, f.until
		FROM officer_relative r JOIN officer f ON f.home = r.home AND f.id = r.officer WHERE r.home = ` + home
}

// Named is a name that an organisation deals with.
type Named struct {
	Organisation int64  `db:"organisation"`
	Name         string `db:"name"`
}

// InsidersColumns is the number of columns of a row of AmongInsiders.
const InsidersColumns = 6

// AmongInsiders gives, of names that organisations of a county deal with, those that are an insider's of the
// same organisation: organisation, name, office, "1" for a relative, since, until. A name is compared by
// its hash; two people may have the same.
func AmongInsiders(r store.Reader, ring *keys.Ring, home int64, names []Named) ([][]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	known := map[nameAt][]Insider{}
	for one, err := range insidersOf(r, home, names) {
		if err != nil {
			return nil, err
		}
		key := nameAt{one.Organisation, string(one.NameFind)}
		known[key] = append(known[key], one)
	}
	var rows [][]string
	for _, n := range names {
		for _, one := range known[nameAt{n.Organisation, string(NameFind(ring, n.Name))}] {
			relative := "0"
			if one.Relative {
				relative = "1"
			}
			rows = append(rows, []string{strconv.FormatInt(n.Organisation, 10), n.Name, string(one.Office),
				relative, string(one.Since), string(one.Until)})
		}
	}
	slices.SortFunc(rows, slices.Compare)
	return rows, nil
}

// nameAt is a hash of a name at an organisation.
type nameAt struct {
	organisation int64
	hash         string
}

// organisationsMax is how many organisations are named in a statement; of more the whole county is read.
const organisationsMax = 500

// insidersOf reads the insiders of the organisations that names are of.
func insidersOf(r store.Reader, home int64, names []Named) iter.Seq2[Insider, error] {
	var asked []any
	seen := map[int64]bool{}
	for _, n := range names {
		if !seen[n.Organisation] && len(asked) <= organisationsMax {
			seen[n.Organisation] = true
			asked = append(asked, n.Organisation)
		}
	}
	text, args := InsidersSQL("?"), []any{home, home}
	if len(asked) <= organisationsMax {
		text = "SELECT i.* FROM (" + text + ") i WHERE i.organisation IN (?" +
			strings.Repeat(", ?", len(asked)-1) + ")"
		args = append(args, asked...)
	}
	return store.Each[Insider](r, text, args...)
}
