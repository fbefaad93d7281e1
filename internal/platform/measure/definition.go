package measure

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Part is the table of figures.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "measure", Migrations: root}
}

// Nature is how a measure goes with time.
type Nature string

// The natures.
const (
	Flow       Nature = "flow"       // of a period: income; periods add up
	Stock      Nature = "stock"      // at its end: assets; the last one counts
	Cumulative Nature = "cumulative" // since a beginning: villages reformed; never falls
)

// Direction is which way is good.
type Direction string

// The directions.
const (
	More    Direction = "more"
	Less    Direction = "less"
	Neither Direction = "neither"
)

// Missing is what a gap means.
type Missing string

// The rules for what is missing.
const (
	Partial Missing = "partial" // the sum of what is there, with its coverage
	Zero    Missing = "zero"    // nothing reported is nothing there
	Void    Missing = "void"    // no figure until all have come
)

// Definition is a measure.
type Definition struct {
	Key       string // "assets.checked": the module and what
	Title     locale.Words
	Unit      locale.Words // empty: a plain count
	Nature    Nature
	Direction Direction
	Missing   Missing
	Source    string // the module that publishes it
	Basis     string // the document that defines it
	Mark      pack.Mark
	Decimals  int // its numbers are whole in units of 10^-Decimals: 2 for yuan kept in fen

	// Numerator and Denominator are the measures a ratio is made of; empty for an amount.
	Numerator, Denominator string
	Parts                  bool // a ratio whose figures carry both parts
	// Scale is what a ratio is multiplied by: 100 for per cent, 1 for yuan a head. 0 is 1.
	Scale int64

	// Approved says that its figures are of what an authority has approved, and of nothing that merely
	// stands now: only such measures may be drawn into an index.
	Approved bool
	Page     Page // where its figures can be followed down
}

// Page is where the figures of a measure are shown down to what they are made of: an address with {place}
// and {period}, and who may open it. Empty: nowhere.
type Page struct {
	Address string
	Permit  access.Permit
}

// Of is the address of a place in a period.
func (g Page) Of(place int64, p period.Period) string {
	return strings.NewReplacer("{place}", strconv.FormatInt(place, 10), "{period}",
		p.String()).Replace(g.Address)
}

// Ratio reports whether the measure is a ratio, of whatever kind.
func (d Definition) Ratio() bool { return d.Parts || d.Denominator != "" }

func (d Definition) scale() int64 { return max(d.Scale, 1) }

// decimalsMax bounds what powers of ten are computed with.
const decimalsMax = 6

// check says what is wrong with a definition; catalogue has all of them.
func (d Definition) check(catalogue map[string]Definition) error {
	switch {
	case d.Key == "" || !d.Title.Whole() || d.Source == "" || d.Basis == "":
		return fmt.Errorf("measure: %q lacks a key, title, source or basis", d.Key)
	case d.Unit != (locale.Words{}) && !d.Unit.Whole():
		return fmt.Errorf("measure: the unit of %s lacks a language", d.Key)
	case d.Decimals < 0 || d.Decimals > decimalsMax:
		return fmt.Errorf("measure: %s has %d decimals", d.Key, d.Decimals)
	case d.Nature != Flow && d.Nature != Stock && d.Nature != Cumulative:
		return fmt.Errorf("measure: %s has the nature %q", d.Key, d.Nature)
	case d.Direction != More && d.Direction != Less && d.Direction != Neither:
		return fmt.Errorf("measure: %s has the direction %q", d.Key, d.Direction)
	case d.Missing != Partial && d.Missing != Zero && d.Missing != Void:
		return fmt.Errorf("measure: %s has the rule %q for what is missing", d.Key, d.Missing)
	case (d.Numerator == "") != (d.Denominator == "") || d.Parts && d.Denominator != "":
		return fmt.Errorf("measure: %s is not wholly a ratio", d.Key)
	case d.Ratio() && d.Nature == Cumulative:
		return fmt.Errorf("measure: %s is a ratio and cannot be cumulative", d.Key)
	}
	for _, part := range []string{d.Numerator, d.Denominator} {
		if other, ok := catalogue[part]; part != "" && (!ok || other.Ratio()) {
			return fmt.Errorf("measure: %s is a ratio of %q, which is no amount", d.Key, part)
		}
	}
	return nil
}
