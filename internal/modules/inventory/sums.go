package inventory

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/modules/inventory/statement"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// CompareTotals adds the rows of every approved check up again and counts those whose stored total
// differs; report, if given, is told of each.
func (n *Inventory) CompareTotals(r store.Reader, home int64, year int, report func(Check)) (wrong int,
	err error) {
	approved, err := checks.All(r, "WHERE home = ? AND year = ? AND stage IN (?, ?) ORDER BY id", home,
		year,
		Approved, Locked)
	if err != nil {
		return 0, err
	}
	for _, c := range approved {
		list, err := RowsOf(r, c.Ref())
		if err != nil {
			return wrong, err
		}
		figures, err := n.total(list)
		if err != nil {
			return wrong, err
		}
		figures[n.Forms().Layout.Check(count.CheckDone)] = 1
		row, found, err := totals.First(r, "WHERE home = ? AND year = ? AND inventory = ?", home, year,
			c.ID)
		if err != nil {
			return wrong, err
		}
		stored, decodeErr := count.Decode(row.Figures, n.Forms().Layout.Size())
		if !found || decodeErr != nil || !slices.Equal(stored, figures) {
			wrong++
			if report != nil {
				report(c)
			}
		}
	}
	return wrong, nil
}

// Sum is the total of a place: of the approved checks in its subtree, each once, and how many there
// are of how many.
type Sum struct {
	Place    int64
	Figures  []int64
	Approved int64
	Of       int64
}

// SumsOf adds up a place and each of its children, in one pass over the totals below it.
func (n *Inventory) SumsOf(r store.Reader, place int64, year int) (whole Sum, parts []Sum, err error) {
	size := n.Forms().Layout.Size()
	children := n.places.Children(place)
	index := map[int64]int{}
	for i, child := range children {
		parts = append(parts, Sum{Place: child, Figures: make([]int64, size)})
		index[child] = i
	}
	whole = Sum{Place: place, Figures: make([]int64, size)}
	inside, args := access.Under(n.host.Access.Path(place)).SQL("p.path")
	for t, err := range store.Each[totalRow](r, `SELECT t.home, t.year, t.inventory, t.place,
		t.layout, t.figures
		FROM inventory_total t JOIN place_path p ON p.place = t.place WHERE t.year = ? AND `+inside,
		append([]any{year}, args...)...) {
		if err != nil {
			return whole, nil, err
		}
		figures, err := n.decode(t)
		if err != nil {
			return whole, nil, err
		}
		if err := count.Add(whole.Figures, figures); err != nil {
			return whole, nil, err
		}
		if i, ok := index[n.places.ChildTowards(place, t.Place)]; ok {
			if err := count.Add(parts[i].Figures, figures); err != nil {
				return whole, nil, err
			}
		}
	}
	return whole, parts, n.coverage(r, year, &whole, parts)
}

// ByPlace lists, for a county and year, each place at which an organisation has a check: the sums of
// those approved, and how many are.
func (n *Inventory) ByPlace(r store.Reader, home int64, year int) ([]Sum, error) {
	counts, err := store.All[stageCount](r, `SELECT place, stage, count(*) AS n FROM inventory_check
		WHERE home = ? AND year = ? AND stage <> ? GROUP BY place, stage ORDER BY place`, home, year, Ended)
	if err != nil {
		return nil, err
	}
	var all []Sum
	at := map[int64]int{}
	for _, c := range counts {
		if _, known := at[c.Place]; !known {
			at[c.Place] = len(all)
			all = append(all, Sum{Place: c.Place, Figures: make([]int64, n.Forms().Layout.Size())})
		}
		all[at[c.Place]].add(c)
	}
	stored, err := totals.All(r, "WHERE home = ? AND year = ? ORDER BY inventory", home, year)
	if err != nil {
		return nil, err
	}
	for _, t := range stored {
		figures, err := n.decode(t)
		if err != nil {
			return nil, err
		}
		if i, known := at[t.Place]; known {
			if err := count.Add(all[i].Figures, figures); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// HeadlineOf picks out of a vector what a line of a table has room for.
func (n *Inventory) HeadlineOf(v []int64) statement.Headline { return n.plan().Headline(v) }

func (n *Inventory) decode(t totalRow) ([]int64, error) {
	if t.Layout != n.Forms().LayoutKey() {
		return nil, fault.New(fault.Conflict, "inventory.layout", t.Year)
	}
	figures, err := count.Decode(t.Figures, n.Forms().Layout.Size())
	if err != nil {
		return nil, fault.New(fault.Internal, "fault.internal").Because(err)
	}
	return figures, nil
}

// stageCount is how many checks of a place stand at a stage.
type stageCount struct {
	Place int64 `db:"place"`
	Stage Stage `db:"stage"`
	N     int64 `db:"n"`
}

// coverage counts the checks of the whole and of each part, and how many are approved.
func (n *Inventory) coverage(r store.Reader, year int, whole *Sum, parts []Sum) error {
	index := map[int64]int{}
	for i, p := range parts {
		index[p.Place] = i
	}
	inside, args := access.Under(n.host.Access.Path(whole.Place)).SQL("p.path")
	for c, err := range store.Each[stageCount](r, `SELECT c.place AS place, c.stage AS stage, count(*) AS n
		FROM inventory_check c JOIN place_path p ON p.place = c.place
		WHERE c.year = ? AND c.stage <> ? AND `+inside+
		` GROUP BY c.place, c.stage`, append([]any{year, Ended}, args...)...) {
		if err != nil {
			return err
		}
		whole.add(c)
		if i, ok := index[n.places.ChildTowards(whole.Place, c.Place)]; ok {
			parts[i].add(c)
		}
	}
	return nil
}

func (s *Sum) add(c stageCount) {
	s.Of += c.N
	if c.Stage == Approved || c.Stage == Locked {
		s.Approved += c.N
	}
}

// Progress is how far the checks of a place are: how many stand at each stage, how many are late,
// returned or drawn for a second count.
type Progress struct {
	Place    int64
	ByStage  map[Stage]int64
	Of       int64
	Late     int64
	Returned int64
	Sampled  int64
}

// Share is the approved share in whole percent, rounded down: 100 is all.
func (p Progress) Share() int64 {
	if p.Of == 0 {
		return 0
	}
	return p.Approved() * 100 / p.Of
}

// Approved is how many are approved, locked ones among them.
func (p Progress) Approved() int64 { return p.ByStage[Approved] + p.ByStage[Locked] }

func (p *Progress) add(o Progress) {
	if p.ByStage == nil {
		p.ByStage = map[Stage]int64{}
	}
	for s, n := range o.ByStage {
		p.ByStage[s] += n
	}
	p.Of += o.Of
	p.Late += o.Late
	p.Returned += o.Returned
	p.Sampled += o.Sampled
}

// progressRow is a group of checks as the database counts them.
type progressRow struct {
	Place   int64 `db:"place"`
	Stage   Stage `db:"stage"`
	N       int64 `db:"n"`
	Sampled int64 `db:"sampled"`
}

// lateRow is how many running cases of a place are late or were returned.
type lateRow struct {
	Place    int64 `db:"place"`
	Late     int64 `db:"late"`
	Returned int64 `db:"returned"`
}

// ProgressOf counts the checks of a place and of each of its children. Above the county it counts by
// home, within a county by place; checks and cases each by an index that holds all that is counted.
func (n *Inventory) ProgressOf(r store.Reader, place int64, year int) (whole Progress, parts []Progress,
	err error) {
	by, where, args := "place", "place IN (SELECT p.place FROM place_path p WHERE ", []any(nil)
	if n.places.Level(place) < division.County {
		homes := registry.ReachOf(n.places, access.Under(n.host.Access.Path(place))).Homes
		if len(homes) == 0 {
			return Progress{Place: place}, nil, nil
		}
		by, where = "home", "home IN (?"+strings.Repeat(", ?", len(homes)-1)+")"
		for _, home := range homes {
			args = append(args, home)
		}
	} else {
		inside, more := access.Under(n.host.Access.Path(place)).SQL("p.path")
		where, args = "home = ? AND "+where+inside+")", append([]any{n.places.Home(place)}, more...)
	}
	whole.Place = place
	index := map[int64]int{}
	for _, child := range n.places.Children(place) {
		index[child] = len(parts)
		parts = append(parts, Progress{Place: child})
	}
	add := func(at int64, one Progress) {
		whole.add(one)
		if i, ok := index[n.places.ChildTowards(place, at)]; ok {
			parts[i].add(one)
		}
	}
	for g, err := range store.Each[progressRow](r, "SELECT "+by+` AS place, stage, count(*) AS n,
		sum(CASE WHEN sample = 'drawn' THEN 1 ELSE 0 END) AS sampled FROM inventory_check
		WHERE year = ? AND stage <> ? AND `+where+" GROUP BY "+by+", stage",
		append([]any{year, Ended}, args...)...) {
		if err != nil {
			return whole, nil, err
		}
		add(g.Place, Progress{ByStage: map[Stage]int64{g.Stage: g.N}, Of: g.N, Sampled: g.Sampled})
	}
	for g, err := range store.Each[lateRow](r, "SELECT "+by+` AS place,
		sum(CASE WHEN due < ? THEN 1 ELSE 0 END) AS late,
		sum(CASE WHEN round > 1 THEN 1 ELSE 0 END) AS returned
		FROM procedure_case WHERE procedure = ? AND year = ? AND status = 'running'
		AND `+where+" GROUP BY "+by,
		append([]any{n.host.Today(), Procedure, year}, args...)...) {
		if err != nil {
			return whole, nil, err
		}
		add(g.Place, Progress{Late: g.Late, Returned: g.Returned})
	}
	parts = slices.DeleteFunc(parts, func(p Progress) bool { return p.Of == 0 })
	return whole, parts, nil
}
