package form

import (
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Publication is a measure that the form publishes of units of a level once the city has accepted them with
// their county: the sum of some cells, or, without any, that the unit reported.
type Publication struct {
	Measure string         `yaml:"measure"`
	Level   division.Level `yaml:"level"`
	Cells   []string       `yaml:"cells"`
}

// Published is what a unit's row publishes: known if all cells are.
func (d Definition) Published(p Publication, row Row) Value {
	if len(p.Cells) == 0 {
		return Value{Known: true, Amount: 1}
	}
	v, err := d.sumOf(Cell{Terms: p.Cells}, row)
	if err != nil {
		return Value{}
	}
	return v
}

// Decimals are those of what is published.
func (d Definition) Decimals(p Publication) int {
	if len(p.Cells) == 0 {
		return Count.Decimals()
	}
	return d.Cells[d.Index(p.Cells[0])].Kind.Decimals()
}

// publications: what is published is made of cells of one kind that add up, of units that fill the form.
func (c *checker) publications() {
	seen := map[string]bool{}
	for _, p := range c.d.Publishes {
		wrong := p.Measure == "" || seen[p.Measure] || !c.d.Concerns(p.Level)
		seen[p.Measure] = true
		for i, name := range p.Cells {
			at := c.d.Index(name)
			if at < 0 || c.d.Cells[at].Kind == Ratio || c.d.Cells[at].RollUp == Alone ||
				i > 0 && c.d.Cells[at].Kind != c.d.Cells[max(c.d.Index(p.Cells[0]), 0)].Kind {
				wrong = true
			}
		}
		if wrong {
			c.found = append(c.found, fault.Wrong("reporting.check.publishes", c.d.Key, p.Measure))
		}
	}
}
