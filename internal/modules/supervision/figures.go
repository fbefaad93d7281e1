package supervision

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Colours counts organisations by the colour of their worst open finding, and the findings themselves.
type Colours struct {
	Place         int64
	Organisations int64   // active ones
	By            []int64 // by severity, the mildest first
	Open          int64   // findings
	Gone          int64   // of those, no longer hit
}

// Coloured is how many organisations have an open finding.
func (c Colours) Coloured() int64 {
	var n int64
	for _, of := range c.By {
		n += of
	}
	return n
}

// RuleCount is what is open of a rule.
type RuleCount struct {
	Rule string
	Rank int
	Open int64
}

// Board is the state of a place: itself, its parts, and by rule.
type Board struct {
	Whole Colours
	Parts []Colours
	Rules []RuleCount
}

// boardOf adds up the open findings below a place.
func (m *Supervision) boardOf(v store.Reader, place int64) (Board, error) {
	b := Board{Whole: Colours{Place: place, By: make([]int64, len(rule.Severities))}}
	parts := map[int64]*Colours{}
	for _, child := range m.places.Children(place) {
		parts[child] = &Colours{Place: child, By: make([]int64, len(rule.Severities))}
	}
	if err := m.countOrganisations(v, &b, parts); err != nil {
		return b, err
	}
	if err := m.countFindings(v, &b, parts); err != nil {
		return b, err
	}
	for _, child := range m.places.Children(place) {
		if c := parts[child]; c.Organisations > 0 || c.Open > 0 {
			b.Parts = append(b.Parts, *c)
		}
	}
	slices.SortFunc(b.Rules, func(x, y RuleCount) int {
		return cmp.Or(cmp.Compare(y.Rank, x.Rank), cmp.Compare(y.Open, x.Open), strings.Compare(x.Rule,
			y.Rule))
	})
	return b, nil
}

// within narrows a table t to the subtree of a place, and names the column to count by: whole counties are
// asked by home, which indexes answer, what lies below a county by its places.
func (m *Supervision) within(place int64) (by, text string, args []any) {
	reach := registry.ReachOf(m.places, m.host.Access.Subtree(place))
	for _, home := range reach.Homes {
		args = append(args, home)
	}
	by, text = "place", "t.home IN (0"+repeated(len(args))+")"
	if m.places.Level(place) < division.County {
		by = "home"
	}
	if !reach.Within() {
		inside, more := reach.Below.Places("t.place")
		text, args = "t.home = ? AND "+inside, append([]any{m.places.Home(place)}, more...)
	}
	return by, text, args
}

// placed is a count of a place or of what is at home there.
type placed struct {
	Place int64 `db:"place"`
	Worst int   `db:"worst"`
	N     int64 `db:"n"`
}

func (m *Supervision) countOrganisations(v store.Reader, b *Board, parts map[int64]*Colours) error {
	by, inside, args := m.within(b.Whole.Place)
	for r, err := range store.Each[placed](v, "SELECT t."+by+` AS place, count(*) AS n FROM organisation t
		WHERE t.status = 'active' AND `+inside+" GROUP BY t."+by, args...) {
		if err != nil {
			return err
		}
		b.Whole.Organisations += r.N
		if c := parts[m.places.ChildTowards(b.Whole.Place, r.Place)]; c != nil {
			c.Organisations += r.N
		}
	}
	return nil
}

// countFindings counts the organisations by their worst finding, then the findings by rule.
func (m *Supervision) countFindings(v store.Reader, b *Board, parts map[int64]*Colours) error {
	by, inside, args := m.within(b.Whole.Place)
	for r, err := range store.Each[placed](v, `SELECT place, worst, count(*) AS n FROM (
		SELECT max(t.`+by+`) AS place, max(t.severity_rank) AS worst FROM finding t
		WHERE t.state = 'open' AND `+inside+` GROUP BY t.home, t.organisation) each_one
		GROUP BY place, worst`, args...) {
		if err != nil {
			return err
		}
		for _, c := range []*Colours{&b.Whole, parts[m.places.ChildTowards(b.Whole.Place, r.Place)]} {
			if c != nil && r.Worst > 0 {
				c.By[r.Worst-1] += r.N
			}
		}
	}
	type row struct {
		placed
		Rule string `db:"rule"`
		Gone int64  `db:"gone"`
	}
	byRule := map[string]*RuleCount{}
	for r, err := range store.Each[row](v, "SELECT t."+by+` AS place, t.rule, max(t.severity_rank) AS worst,
		count(*) AS n, sum(CASE t.gone WHEN '' THEN 0 ELSE 1 END) AS gone
		FROM finding t WHERE t.state = 'open' AND `+inside+" GROUP BY t."+by+", t.rule", args...) {
		if err != nil {
			return err
		}
		count := byRule[r.Rule]
		if count == nil {
			count = &RuleCount{Rule: r.Rule}
			byRule[r.Rule] = count
		}
		count.Open, count.Rank = count.Open+r.N, max(count.Rank, r.Worst)
		for _, c := range []*Colours{&b.Whole, parts[m.places.ChildTowards(b.Whole.Place, r.Place)]} {
			if c != nil {
				c.Open, c.Gone = c.Open+r.N, c.Gone+r.Gone
			}
		}
	}
	for _, count := range byRule {
		b.Rules = append(b.Rules, *count)
	}
	return nil
}

// Month is what was raised and ended in a month, and how much of what ended was confirmed.
type Month struct {
	Month                    string
	Raised, Ended, Confirmed int64
}

// trendMonths is how far back a trend goes.
const trendMonths = 12

// trendOf counts by month what was first raised and what ended below a place.
func (m *Supervision) trendOf(v store.Reader, place int64, today period.Date) ([]Month, error) {
	type row struct {
		Month     string `db:"month"`
		N         int64  `db:"n"`
		Confirmed int64  `db:"confirmed"`
	}
	first := string(today.AddMonths(1 - trendMonths))[:7]
	months := make([]Month, trendMonths)
	for i := range months {
		months[i].Month = string(period.Date(first + "-01").AddMonths(i))[:7]
	}
	_, inside, args := m.within(place)
	args = append([]any{first}, args...)
	from, also := "finding_end e", strings.ReplaceAll(inside, "t.", "e.")
	if m.places.Level(place) > division.County { // an end does not know its place
		from, also = "finding t CROSS JOIN "+from, "e.home = t.home AND e.finding = t.id AND "+inside
	}
	for i, text := range []string{`SELECT substr(t.first_hit, 1, 7) AS month, count(*) AS n,
			CAST(0 AS BIGINT) AS confirmed FROM finding t
			WHERE substr(t.first_hit, 1, 7) >= ? AND ` + inside +
		" GROUP BY t.home, substr(t.first_hit, 1, 7)",
		`SELECT substr(e.ended, 1, 7) AS month, count(*) AS n,
			sum(CASE e.outcome WHEN 'explained' THEN 0 ELSE 1 END) AS confirmed
			FROM ` + from + " WHERE substr(e.ended, 1, 7) >= ? AND " + also +
			" GROUP BY e.home, substr(e.ended, 1, 7)"} {
		for r, err := range store.Each[row](v, text, args...) {
			if err != nil {
				return nil, err
			}
			at := slices.IndexFunc(months, func(month Month) bool { return month.Month == r.Month })
			switch {
			case at < 0:
			case i == 0:
				months[at].Raised += r.N
			default:
				months[at].Ended += r.N
				months[at].Confirmed += r.Confirmed
			}
		}
	}
	return months, nil
}

// Share is confirmed of what ended in the month, in percent, rounded down; "" if nothing has ended.
func (m Month) Share() string {
	if m.Ended == 0 {
		return ""
	}
	return number(m.Confirmed*100/m.Ended) + "%"
}

// Precision is how often a version of a rule was right.
type Precision struct {
	Rule      string `db:"rule"`
	Version   int64  `db:"rule_version"`
	Ended     int64  `db:"ended"`
	Confirmed int64  `db:"confirmed"`
}

// Share is confirmed of all that ended, in percent, rounded down; false if nothing has ended.
func (p Precision) Share() (int64, bool) {
	if p.Ended == 0 {
		return 0, false
	}
	return p.Confirmed * 100 / p.Ended, true
}

// precisionOf counts the ends of a rule's findings ("" all rules) in counties (nil: all).
func precisionOf(r store.Reader, key string, homes []int64) ([]Precision, error) {
	var where store.Where
	if key != "" {
		where.And("e.rule = ?", key)
	}
	if homes != nil {
		args := make([]any, len(homes))
		for i, h := range homes {
			args[i] = h
		}
		where.And("e.home IN (0"+repeated(len(homes))+")", args...)
	}
	return store.All[Precision](r, `SELECT e.rule, e.rule_version, count(*) AS ended,
		sum(CASE e.outcome WHEN 'explained' THEN 0 ELSE 1 END) AS confirmed FROM finding_end e`+where.SQL()+
		` GROUP BY e.rule, e.rule_version ORDER BY e.rule, e.rule_version`, where.Args()...)
}
