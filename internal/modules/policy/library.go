package policy

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

const packFiles = "targets/*.yaml"

// Target is an aim of the pack.
type Target struct {
	Key    string      `yaml:"key"`
	Title  words.Words `yaml:"title"`
	Series string      `yaml:"series"`
	Place  string      `yaml:"place,omitempty"` // code of a county unit; empty: the city
	From   int         `yaml:"from"`            // year of the baseline
	To     int         `yaml:"to"`
	Aim    string      `yaml:"aim"`
	Shape  path.Shape  `yaml:"shape"`
	Better path.Better `yaml:"better,omitempty"`
	// Urban to RuralPeople are the series of a ratio of incomes, for what it takes and who moves it;
	// empty: no such ratio.
	Urban       string      `yaml:"urban,omitempty"`
	Rural       string      `yaml:"rural,omitempty"`
	UrbanPeople string      `yaml:"urban_people,omitempty"`
	RuralPeople string      `yaml:"rural_people,omitempty"`
	Document    words.Words `yaml:"document"` // that sets it
	Basis       string      `yaml:"basis"`
	Mark        string      `yaml:"mark"`
}

func (t Target) aim() float64 {
	aim, _ := strconv.ParseFloat(t.Aim, 64) // a target that does not parse is none: check
	return aim
}

func section() pack.Section {
	return pack.Section{Path: packFiles, Check: func(p *pack.Pack) []fault.Finding {
		_, found := ReadTargets(p)
		return found
	}}
}

// ReadTargets reads the targets of a pack, and says what is wrong with them.
func ReadTargets(p *pack.Pack) (all []Target, found []fault.Finding) {
	figures, wrong := statistics.ReadLibrary(p)
	if fault.Stops(wrong) {
		return nil, nil // its own section tells
	}
	for _, e := range p.Entries(packFiles, "targets") {
		var t Target
		if err := e.Decode(&t); err != nil {
			found = append(found, e.Problem(err))
			continue
		}
		for _, key := range []string{t.Series, t.Urban, t.Rural, t.UrbanPeople, t.RuralPeople} {
			if _, known := figures.Book[key]; key != "" && !known {
				found = append(found, e.At(fault.Wrong("policy.check.series", t.Key, key)))
			}
		}
		if !t.whole() {
			found = append(found, e.At(fault.Wrong("policy.check.target", t.Key)))
		}
		if slices.ContainsFunc(all, func(o Target) bool { return o.Key == t.Key }) {
			found = append(found, e.At(fault.Wrong("policy.check.twice", t.Key)))
		}
		all = append(all, t)
	}
	return all, found
}

// keyPattern is how a target is called: it stands in addresses.
var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// whole tells whether a target says all that it must, in words that are known.
func (t Target) whole() bool {
	aim, err := strconv.ParseFloat(t.Aim, 64)
	return err == nil && !math.IsNaN(aim) && !math.IsInf(aim, 0) && (t.Shape == path.Linear ||
		t.Shape == path.Geometric && aim > 0) && keyPattern.MatchString(t.Key) && t.Series != "" &&
		t.To > t.From && t.From >= series.YearMin && t.To <= series.YearMax &&
		t.Title.Whole() && t.Document.Whole() && t.Basis != "" &&
		slices.Contains([]string{series.Verified, series.Unverified, series.Config}, t.Mark) &&
		slices.Contains([]path.Better{"", path.Less, path.More}, t.Better)
}
