package form

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Tag says where a cell's value comes from.
type Tag string

// The tags.
const (
	Derived Tag = "derived" // computed, or drawn from what the program holds
	Feed    Tag = "feed"    // from another system, through a measure
	Asked   Tag = "asked"   // typed by whoever reports
)

// Kind is what a cell holds.
type Kind string

// The kinds.
const (
	Money    Kind = "money"    // fen
	Count    Kind = "count"    // a whole number of things or persons
	Area     Kind = "area"     // 0.01 m²
	Quantity Kind = "quantity" // hundredths
	Ratio    Kind = "ratio"    // of two other cells
)

// Decimals is the number of decimal places people see.
func (k Kind) Decimals() int {
	if k == Count {
		return 0
	}
	return 2
}

// Nature is how a cell goes with time.
type Nature string

// The natures.
const (
	Flow       Nature = "flow"
	Stock      Nature = "stock"
	Cumulative Nature = "cumulative"
)

// RollUp is what becomes of a cell in the total of a place.
type RollUp string

// The rules. A ratio has none of its own: its parts are added up.
const (
	Summed RollUp = "sum"
	Alone  RollUp = "none" // means something for one unit only
)

// Range bounds a cell for units of a level, in the cell's smallest unit.
type Range struct {
	Level division.Level `yaml:"level"`
	Min   *int64         `yaml:"min"`
	Max   *int64         `yaml:"max"`
}

// Band makes a cell 1 for a unit whose other cell lies in [From, To), else 0: its total counts units.
type Band struct {
	Of   string `yaml:"of"`
	From *int64 `yaml:"from"` // nil: no lower end
	To   *int64 `yaml:"to"`   // nil: no upper end
}

// Cell is one thing a form holds.
type Cell struct {
	Key     string      `yaml:"key"`
	Element string      `yaml:"element"` // what it means, in the catalogue of data elements
	Title   words.Words `yaml:"title"`
	Kind    Kind        `yaml:"kind"`
	Nature  Nature      `yaml:"nature"`
	Tag     Tag         `yaml:"tag"`
	RollUp  RollUp      `yaml:"roll_up"` // "" is sum

	// Where it comes from: one of these, or none if it is asked.
	Measure   string   `yaml:"measure"`
	Statement string   `yaml:"statement"`
	Line      string   `yaml:"line"`     // of the statement
	Column    int      `yaml:"column"`   // of the statement, from 0
	Register  string   `yaml:"register"` // what the register of organisations knows of the unit
	Terms     []string `yaml:"terms"`    // other cells: a, -b
	Band      *Band    `yaml:"band"`

	// Of a ratio.
	Numerator   string `yaml:"numerator"`
	Denominator string `yaml:"denominator"`
	Scale       int64  `yaml:"scale"` // 100 for per cent; 0 is 1

	Min      *int64  `yaml:"min"`
	Max      *int64  `yaml:"max"`
	Ranges   []Range `yaml:"ranges"`
	Outlier  bool    `yaml:"outlier"`  // held against its own history and its peers
	Optional bool    `yaml:"optional"` // may be left blank
	Seconds  int     `yaml:"seconds"`  // to find and type it, if it is asked
	Basis    string  `yaml:"basis"`
	Mark     string  `yaml:"mark"`
}

// Computed reports whether the cell follows from others of the same form.
func (c Cell) Computed() bool { return len(c.Terms) > 0 || c.Band != nil || c.Kind == Ratio }

// Rule is a rule across cells, with the same unit's earlier periods if it looks back.
type Rule struct {
	Key      string         `yaml:"key"`
	When     string         `yaml:"when"` // asked only where this holds
	Expr     string         `yaml:"expr"` // must hold; prev.x is cell x one period earlier, prev2.x two
	Back     int            `yaml:"back"` // how many periods it looks back
	Cells    []string       `yaml:"cells"`
	Severity fault.Severity `yaml:"severity"` // "" is error
	Text     words.Words    `yaml:"text"`
	Basis    string         `yaml:"basis"`
}

// Definition is a periodic form.
type Definition struct {
	Key       string           `yaml:"key"`
	Version   int              `yaml:"version"`
	Title     words.Words      `yaml:"title"`
	Purpose   words.Words      `yaml:"purpose"`
	Owner     words.Words      `yaml:"owner"` // the department that answers for it
	Basis     string           `yaml:"basis"`
	Mark      string           `yaml:"mark"`
	Every     string           `yaml:"every"`  // month, quarter, half, year
	Unit      string           `yaml:"unit"`   // organisation or place
	Levels    []division.Level `yaml:"levels"` // of the units; empty: all
	From      period.Date      `yaml:"from"`
	Sunset    period.Date      `yaml:"sunset"` // the first day on which it no longer opens
	Procedure string           `yaml:"procedure"`
	Opens     Moment           `yaml:"opens"`
	Due       Moment           `yaml:"due"`
	Locks     Moment           `yaml:"locks"`
	Cells     []Cell           `yaml:"cells"`
	Rules     []Rule           `yaml:"rules"`
	Publishes []Publication    `yaml:"publishes"`
}

// The units.
const (
	OfOrganisations = "organisation"
	OfPlaces        = "place"
)

// Limits of a form.
const (
	CellsMax    = 150
	RulesMax    = 60
	LookBackMax = 12
)

var kinds = map[string]period.Kind{"month": period.Month, "quarter": period.Quarter, "half": period.Half,
	"year": period.Year}

// Frequency is the kind of period the form is filled for.
func (d Definition) Frequency() period.Kind { return kinds[d.Every] }

// Index is the place of a cell; -1 if there is none.
func (d Definition) Index(key string) int {
	return slices.IndexFunc(d.Cells, func(c Cell) bool { return c.Key == key })
}

// Concerns reports whether units of a level fill the form.
func (d Definition) Concerns(level division.Level) bool {
	return len(d.Levels) == 0 || slices.Contains(d.Levels, level)
}

// Elements are what the form asks or holds, computed cells left out: they ask nobody anything.
func (d Definition) Elements() []string {
	var all []string
	for _, c := range d.Cells {
		if !c.Computed() && c.Element != "" && !slices.Contains(all, c.Element) {
			all = append(all, c.Element)
		}
	}
	slices.Sort(all)
	return all
}

// Layout names the cells of the totals and their order: totals of another layout are not added to these.
func (d Definition) Layout() string {
	keys := make([]string, len(d.Cells))
	for i, c := range d.Cells {
		keys[i] = c.Key
	}
	return strings.Join(keys, ",")
}

// Burden is what a form costs whoever reports.
type Burden struct {
	Cells, Asked int
	Seconds      int
}

// Minutes is the estimated time, rounded up to whole minutes.
func (b Burden) Minutes() int { return (b.Seconds + 59) / 60 }

// PerMille is the asked share of the cells in thousandths, rounded up.
func (b Burden) PerMille() int {
	if b.Cells == 0 {
		return 0
	}
	return (b.Asked*1000 + b.Cells - 1) / b.Cells
}

// BurdenOf counts the cells that must be typed: those that are tagged so, and those whose source does
// not answer. Computed cells count among all cells and are never typed.
func (d Definition) BurdenOf(answers func(Cell) bool) Burden {
	b := Burden{Cells: len(d.Cells)}
	for _, c := range d.Cells {
		if !c.Computed() && (c.Tag == Asked || !answers(c)) {
			b.Asked++
			b.Seconds += c.Seconds
		}
	}
	return b
}

// term splits a term of a computed cell into its sign and the cell it names.
func term(text string) (sign int64, key string) {
	if rest, minus := strings.CutPrefix(text, "-"); minus {
		return -1, rest
	}
	return 1, text
}
