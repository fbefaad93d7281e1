// Package placetest is what tests of places share: a small official list in two editions, the files beside
// the repository, and the rows that make up the places. Nothing of it is in the program.
package placetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// Sample is an official list with places of every level.
const Sample = `code,name,level,parent,ur_code
500000000000,重庆市,1,100000000000,
500100000000,市辖区,2,500000000000,
500200000000,县,2,500000000000,
500102000000,涪陵区,3,500100000000,
500102001000,敦仁街道办事处,4,500102000000,
500102001001,兴华居委会,5,500102001000,111
500102103000,白涛镇,4,500102000000,
500102103201,天台村委会,5,500102103000,220
500102103202,小溪村委会,5,500102103000,220
500102103203,龙泉村委会,5,500102103000,220
500102103204,凤山村委会,5,500102103000,220
500228000000,梁平县,3,500200000000,
500228101000,云龙镇,4,500228000000,
500228101201,三清村委会,5,500228101000,220
500228101202,太阳村委会,5,500228101000,220
`

// Recoded is the sample four years later: a county has become a district under another grouping and
// code, two villages have merged, spellings have changed.
var Recoded = strings.NewReplacer("500228", "500155", "梁平县", "梁平区", "3,500200000000",
	"3,500100000000", "500200000000,县,2,500000000000,\n", "", "敦仁街道办事处", "敦仁街道", "村委会", "村村民委员会",
	"500102103203,龙泉村委会,5,500102103000,220\n500102103204,凤山村委会,5,500102103000,220\n",
	"500102103205,龙凤村村民委员会,5,500102103000,220\n").Replace(Sample)

// File reads a file of the folder beside the repository, or skips.
func File(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", "places", name))
	if err != nil {
		t.Skip("needs ../shared/data/places beside the repository")
	}
	return body
}

// Dump writes the rows that make up the places and what editions left, without versions and times.
func Dump(t testing.TB, s *store.Store) string {
	t.Helper()
	var b strings.Builder
	for _, query := range []string{
		`SELECT place, since, until, parent, level, kind, name, code, category, event FROM place_state
			ORDER BY place, since`,
		`SELECT id, kind, place, effective, note, edition FROM place_event ORDER BY id`,
		`SELECT event, number, from_place, to_place, basis, share FROM place_event_part
			ORDER BY event, number`,
		`SELECT id, state, event FROM place_suggestion ORDER BY id`,
		`SELECT suggestion, number, from_place, to_place, basis, share FROM place_suggestion_part
			ORDER BY suggestion, number`,
		`SELECT edition, number, line, field, severity, subject, args, value FROM place_edition_finding
			ORDER BY edition, number`,
		`SELECT id, label, since, until FROM place_area ORDER BY id`,
		`SELECT place, path, home, level FROM place_path ORDER BY path`,
	} {
		err := s.View(t.Context(), func(v *store.View) error {
			for row, err := range store.Each[dumped](v, query) {
				if err != nil {
					return err
				}
				fmt.Fprintf(&b, "%+v\n", row)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// dumped has every column of the dump.
type dumped struct {
	Place      int64  `db:"place"`
	Since      string `db:"since"`
	Until      string `db:"until"`
	Parent     int64  `db:"parent"`
	Level      int64  `db:"level"`
	Kind       string `db:"kind"`
	Name       string `db:"name"`
	Code       string `db:"code"`
	Category   int64  `db:"category"`
	Event      int64  `db:"event"`
	ID         int64  `db:"id"`
	Effective  string `db:"effective"`
	Note       string `db:"note"`
	Edition    int64  `db:"edition"`
	Number     int64  `db:"number"`
	From       int64  `db:"from_place"`
	To         int64  `db:"to_place"`
	Basis      string `db:"basis"`
	Share      int64  `db:"share"`
	State      string `db:"state"`
	Label      string `db:"label"`
	Suggestion int64  `db:"suggestion"`
	Line       int64  `db:"line"`
	Field      string `db:"field"`
	Severity   string `db:"severity"`
	Subject    string `db:"subject"`
	Args       string `db:"args"`
	Value      string `db:"value"`
	Path       []byte `db:"path"`
	Home       int64  `db:"home,plain"`
}
