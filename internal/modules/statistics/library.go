package statistics

import (
	"regexp"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// packFiles are the files of a pack that say which series there are and how files are read.
const packFiles = "statistics/*.yaml"

// ByYear says that the codes of a file are those of each row's year.
const ByYear = "year"

// Mapping says how a file of somebody else's is read.
type Mapping struct {
	Key     string         `yaml:"key"`
	Title   words.Words    `yaml:"title"`
	Code    string         `yaml:"code"`           // column of place codes
	Name    string         `yaml:"name,omitempty"` // column of place names, compared
	Year    string         `yaml:"year,omitempty"` // column of years
	OfYear  int            `yaml:"of_year,omitempty"`
	Codes   string         `yaml:"codes"` // the day whose codes the file has: 2017-12-31; or "year"
	Columns []MappedColumn `yaml:"columns"`
	Ignore  []string       `yaml:"ignore,omitempty"` // columns that are no figures, or that are not wanted
	Empty   []string       `yaml:"empty,omitempty"`  // texts that stand for no figure
	Basis   string         `yaml:"basis"`
	Mark    string         `yaml:"mark"`
}

// MappedColumn is a column of a file and the series it has.
type MappedColumn struct {
	Column string `yaml:"column"`
	Series string `yaml:"series"`
	Shift  int    `yaml:"shift,omitempty"` // the file's figure times 10^shift is the series': km² to m² is 6
}

// Library is what a pack says of statistics.
type Library struct {
	Book     series.Book
	Order    []string // keys of series as the pack lists them
	Mappings []Mapping
}

// Mapping finds a mapping.
func (l *Library) Mapping(key string) (Mapping, error) {
	for _, m := range l.Mappings {
		if m.Key == key {
			return m, nil
		}
	}
	return Mapping{}, fault.New(fault.NotFound, "statistics.no_mapping", key)
}

// section is the files of a pack that this module owns.
func section() pack.Section {
	return pack.Section{Path: packFiles, Check: func(p *pack.Pack) []fault.Finding {
		_, found := ReadLibrary(p)
		return found
	}}
}

// keyPattern is how a series is called: it stands in addresses.
var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// ReadLibrary reads series and mappings of a pack, and says what is wrong with them.
func ReadLibrary(p *pack.Pack) (*Library, []fault.Finding) {
	l := &Library{Book: series.Book{}}
	var found []fault.Finding
	for _, e := range p.Entries(packFiles, "series") {
		var d series.Definition
		if err := e.Decode(&d); err != nil {
			found = append(found, e.Problem(err))
			continue
		}
		for _, wrong := range d.Check() {
			found = append(found, e.At(wrong))
		}
		if _, twice := l.Book[d.Key]; twice || !keyPattern.MatchString(d.Key) {
			found = append(found, e.At(fault.Wrong("statistics.check.key", d.Key)))
			continue
		}
		l.Book[d.Key] = d
		l.Order = append(l.Order, d.Key)
	}
	found = append(found, l.Book.Check()...)
	for _, e := range p.Entries(packFiles, "mappings") {
		var m Mapping
		if err := e.Decode(&m); err != nil {
			found = append(found, e.Problem(err))
			continue
		}
		for _, wrong := range l.checkMapping(m) {
			found = append(found, e.At(wrong))
		}
		l.Mappings = append(l.Mappings, m)
	}
	return l, found
}

// shiftMax bounds powers of ten between units.
const shiftMax = 9

func (l *Library) checkMapping(m Mapping) []fault.Finding {
	var found []fault.Finding
	wrong := func(what string, args ...any) {
		found = append(found, fault.Wrong("statistics.mapping."+what, append([]any{m.Key}, args...)...))
	}
	if !m.Title.Whole() || m.Basis == "" || m.Mark == "" || m.Code == "" || len(m.Columns) == 0 {
		wrong("incomplete")
	}
	if (m.Year == "") == (m.OfYear == 0) {
		wrong("year")
	}
	if m.Codes != ByYear && !period.Date(m.Codes).Valid() {
		wrong("codes", m.Codes)
	}
	seen := map[string]bool{m.Code: true, m.Name: true, m.Year: true}
	for _, c := range m.Columns {
		d, known := l.Book[c.Series]
		switch {
		case !known || d.Derived():
			wrong("series", c.Column, c.Series)
		case seen[c.Column] || slices.Contains(m.Ignore, c.Column) || c.Shift < -shiftMax ||
			c.Shift > shiftMax ||
			d.Decimals+c.Shift < 0:
			wrong("column", c.Column)
		}
		seen[c.Column] = true
	}
	return found
}
