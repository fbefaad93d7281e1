package reporting

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Progress is how complete and how timely the reports of a place are.
type Progress struct {
	Place    int64
	Of       int64 // that are due, without excused ones
	ByStage  map[Stage]int64
	OnTime   int64 // submitted by their due day
	Late     int64 // submitted after it
	Missing  int64 // not submitted, and past it
	Returned int64 // went back at least once
	Asked    int64 // cells that had to be typed
}

// Complete is the approved share in whole percent, rounded down: 100 is all.
func (p Progress) Complete() int64 { return percent(p.ByStage[Approved]+p.ByStage[Locked], p.Of) }

// Timely is the share submitted on time among those whose day has passed or that came.
func (p Progress) Timely() int64 { return percent(p.OnTime, p.OnTime+p.Late+p.Missing) }

func percent(part, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	return part * 100 / whole
}

func (p *Progress) add(o progressRow, n int64) {
	if p.ByStage == nil {
		p.ByStage = map[Stage]int64{}
	}
	p.ByStage[o.Stage] += n
	if o.Stage != Excused {
		p.Of += n
	}
	p.OnTime, p.Late, p.Missing = p.OnTime+o.OnTime, p.Late+o.Late, p.Missing+o.Missing
	p.Returned, p.Asked = p.Returned+o.Returned, p.Asked+o.Asked
}

type progressRow struct {
	Place    int64 `db:"place"`
	Stage    Stage `db:"stage"`
	N        int64 `db:"n"`
	OnTime   int64 `db:"on_time"`
	Late     int64 `db:"late"`
	Missing  int64 `db:"missing"`
	Returned int64 `db:"returned"`
	Asked    int64 `db:"asked"`
}

// ProgressOf counts the reports of a form and period in a place and in each of its children.
func (g *Reporting) ProgressOf(r store.Reader, f *Form, period string, place int64) (whole Progress,
	parts []Progress, err error) {
	whole.Place = place
	index := map[int64]int{}
	for i, child := range g.places.Children(place) {
		index[child] = i
		parts = append(parts, Progress{Place: child})
	}
	by, where, args := g.reach(place)
	for one, err := range store.Each[progressRow](r, "SELECT "+by+` AS place, stage, count(*) AS n,
		sum(CASE WHEN submitted <> '' AND submitted <= due AND stage <> 'excused' THEN 1 ELSE 0 END)
			AS on_time,
		sum(CASE WHEN submitted > due AND stage <> 'excused' THEN 1 ELSE 0 END) AS late,
		sum(CASE WHEN submitted = '' AND due < ? AND stage <> 'excused' THEN 1 ELSE 0 END) AS missing,
		sum(CASE WHEN round > 1 THEN 1 ELSE 0 END) AS returned, sum(asked) AS asked
		FROM report WHERE form = ? AND period = ? AND `+where+" GROUP BY "+by+", stage",
		append([]any{g.host.Today(), f.Key, period}, args...)...) {
		if err != nil {
			return whole, nil, err
		}
		whole.add(one, one.N)
		if i, ok := index[g.places.ChildTowards(place, one.Place)]; ok {
			parts[i].add(one, one.N)
		}
	}
	kept := parts[:0]
	for _, p := range parts {
		if len(p.ByStage) > 0 {
			kept = append(kept, p)
		}
	}
	return whole, kept, nil
}

// reach is the condition on rows of a place: by home above the county, within it by place.
func (g *Reporting) reach(place int64) (by, where string, args []any) {
	if g.places.Level(place) < division.County {
		homes := registry.ReachOf(g.places, access.Under(g.host.Access.Path(place))).Homes
		if len(homes) == 0 {
			return "home", "home < 0", nil
		}
		for _, home := range homes {
			args = append(args, home)
		}
		return "home", "home IN (?" + strings.Repeat(", ?", len(homes)-1) + ")", args
	}
	inside, more := access.Under(g.host.Access.Path(place)).SQL("p.path")
	return "place", "home = ? AND place IN (SELECT p.place FROM place_path p WHERE " + inside + ")",
		append([]any{g.places.Home(place)}, more...)
}

// Asks is how often a village was asked in a month.
type Asks struct {
	Village int64  `db:"village"`
	Month   string `db:"month"`
	Forms   int64  `db:"forms"` // with something to type
	Reports int64  `db:"reports"`
	Cells   int64  `db:"cells"` // typed
	Seconds int64  `db:"seconds"`
}

// AsksOf counts the asks of the villages of a place in a month, most asked first: the counter board.
func (g *Reporting) AsksOf(r store.Reader, place int64, month period.Period) ([]Asks, error) {
	_, where, args := g.reach(place)
	return store.All[Asks](r, `SELECT village, month, count(DISTINCT form) AS forms, count(*) AS reports,
		sum(asked) AS cells, sum(seconds) AS seconds FROM report WHERE month = ? AND asked > 0 AND `+where+`
		GROUP BY village, month ORDER BY count(DISTINCT form) DESC, sum(seconds) DESC, village LIMIT 500`,
		append([]any{month.String()}, args...)...)
}

// AsksMax is how often a village may be asked in a month.
func (g *Reporting) AsksMax(place int64) (int64, error) {
	return g.host.Packs.Int("report.asks_max", g.host.Today(), g.places.Codes(place)...)
}

// Query asks for reports, in the order of home and number.
type Query struct {
	Scope  access.Scope
	Form   string
	Period string
	Stage  string
	Text   string // part of the unit's name
	Late   period.Date
	After  Ref
	Limit  int
}

// Search lists reports.
func (g *Reporting) Search(r store.Reader, q Query) ([]Report, error) {
	text, args := q.where(g)
	return reports.All(r, text+" AND (home, id) > (?, ?) ORDER BY home, id LIMIT ?",
		append(args, q.After.Home, q.After.ID, q.Limit)...)
}

// Count counts what a query finds, up to a limit.
func (g *Reporting) Count(r store.Reader, q Query, most int) (int64, error) {
	text, args := q.where(g)
	return store.Count(r, "SELECT count(*) FROM (SELECT id FROM report "+text+" LIMIT ?) AS found",
		append(args, most)...)
}

func (q Query) where(g *Reporting) (string, []any) {
	text, args := "WHERE 1 = 1", []any(nil)
	if reach := registry.ReachOf(g.places, q.Scope); reach.Within() {
		text += " AND home IN (?" + strings.Repeat(", ?", len(reach.Homes)-1) + ")"
		for _, home := range reach.Homes {
			args = append(args, home)
		}
	} else if !reach.All {
		inside, more := q.Scope.SQL("p.path")
		text, args = text+" AND place IN (SELECT p.place FROM place_path p WHERE "+inside+")", append(args,
			more...)
	}
	for _, one := range []struct{ column, value string }{{"form", q.Form}, {"period", q.Period}, {"stage",
		q.Stage}} {
		if one.value != "" {
			text, args = text+" AND "+one.column+" = ?", append(args, one.value)
		}
	}
	if q.Late != "" {
		text, args = text+" AND (submitted > due OR submitted = '' AND due < ?) AND stage <> 'excused'",
			append(args, q.Late)
	}
	if q.Text != "" {
		text, args = text+` AND lower(name) LIKE ? ESCAPE '\'`, append(args,
			store.Like(strings.ToLower(q.Text)))
	}
	return text, args
}

// OfPlace lists the latest reports of the units right at a place.
func OfPlace(r store.Reader, place int64, limit int) ([]Report, error) {
	return reports.All(r, "WHERE place = ? ORDER BY opens DESC, id DESC LIMIT ?", place, limit)
}

// Periods lists the periods a form has reports of, the latest first.
func Periods(r store.Reader, form string) ([]string, error) {
	return store.All[string](r,
		"SELECT DISTINCT period FROM report WHERE form = ? ORDER BY period DESC LIMIT 60", form)
}
