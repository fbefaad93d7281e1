package procedure

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Why tells why a case is in somebody's inbox.
type Why string

// The reasons.
const (
	MyPost    Why = "post"      // a post of mine must act
	MyOwn     Why = "own"       // it was handed to me
	MySign    Why = "sign"      // I am asked to sign
	MyLevel   Why = "escalated" // it is overdue and was raised to me
	MyAbsence Why = "delegated" // somebody who delegated to me must act
)

// Item is a case that waits for a person.
type Item struct {
	Row
	Why Why
}

// InboxQuery narrows an inbox. Zero fields do not.
type InboxQuery struct {
	Procedure string
	Place     access.Path // only cases about places in this subtree
	After     InboxKey
	Limit     int
}

// InboxKey is where a page of an inbox ended.
type InboxKey struct {
	Due      period.Date
	Home, ID int64
}

// duty is a place and the permits that posts there give.
type duty struct {
	place   int64
	permits []any
}

// duties are where the persons' posts put them: a case waits for a post exactly at its place, so
// that a county officer is not flooded with what villages have to do.
func (e *Engine) duties(persons []access.Actor, areas func(area int64) []int64) []duty {
	byPlace := map[int64][]any{}
	for _, p := range persons {
		for _, post := range p.Posts {
			role, ok := e.access.Role(post.Role)
			if !ok {
				continue
			}
			places := []int64{post.Place}
			if post.Area != 0 {
				places = areas(post.Area)
			}
			for _, place := range places {
				for _, permit := range role.Permits {
					byPlace[place] = append(byPlace[place], string(permit))
				}
			}
		}
	}
	var all []duty
	for place, permits := range byPlace {
		if place != 0 {
			all = append(all, duty{place, permits})
		}
	}
	slices.SortFunc(all, func(a, b duty) int { return int(a.place - b.place) })
	return all
}

// condition is a piece of SQL with its arguments.
type condition struct {
	text string
	args []any
}

// waits is the condition under which a case waits for somebody with these duties: at a place of
// theirs (column task_place, or raised_place for what was escalated) with a permit of theirs.
func waits(column string, duties []duty) condition {
	if len(duties) == 0 {
		return condition{"1 = 0", nil}
	}
	var terms []string
	var args []any
	for _, d := range duties {
		terms = append(terms, "c."+column+" = ? AND c.permit IN ("+marks(len(d.permits))+")")
		args = append(append(args, d.place), d.permits...)
	}
	return condition{"(" + strings.Join(terms, " OR ") + ")", args}
}

// marks is n placeholders.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

const caseColumns = `c.home, c.id, c.version, c.procedure, c.subject, c.place, c.title_zh, c.title_en, c.year,
	c.status, c.step, c.step_index, c.steps, c.round, c.task_place, c.permit, c.holder, c.opener, c.opened,
	c.entered, c.ended, c.due, c.notice_ends, c.urged, c.raised_place`

// source is one reason for being in the inbox, as a condition on running cases. Each is asked for itself,
// so that an index answers it.
type source struct {
	why  Why
	from string
	condition
}

const (
	fromCases   = "procedure_case c"
	fromSigners = "procedure_signer s CROSS JOIN procedure_case c"
)

// sources lists the conditions under which a case is in the actor's inbox, strongest reason first.
func (e *Engine) sources(r store.Reader, actor access.Actor, on period.Date) ([]source, error) {
	givers, err := e.givers(r, actor.Account, "", on)
	if err != nil {
		return nil, err
	}
	areas := e.access.AreaMembers
	mine := waits("task_place", e.duties([]access.Actor{actor}, areas))
	raised := waits("raised_place", e.duties([]access.Actor{actor}, areas))
	theirs := waits("task_place", e.duties(givers, areas))
	return []source{
		{MyOwn, fromCases, condition{"c.holder = ?", []any{actor.Account}}},
		{MySign, fromSigners, condition{"s.account = ? AND c.home = s.home AND c.id = s.kase",
			[]any{actor.Account}}},
		// The plus keeps SQLite from walking all cases that nobody holds by the index of holders.
		{MyPost, fromCases, condition{"+c.holder = 0 AND " + mine.text, mine.args}},
		{MyAbsence, fromCases, condition{"+c.holder = 0 AND " + theirs.text, theirs.args}},
		{MyLevel, fromCases, condition{"c.raised_place <> 0 AND " + raised.text, raised.args}},
	}, nil
}

// Inbox lists what waits for the actor, soonest due first. A case stands in it once.
func (e *Engine) Inbox(r store.Reader, actor access.Actor, q InboxQuery) ([]Item, error) {
	sources, err := e.sources(r, actor, e.store.Now().Date())
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, s := range sources {
		rows, err := e.waiting(r, s, q)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			known := func(i Item) bool { return i.Ref() == row.Ref() }
			if !slices.ContainsFunc(items, known) {
				items = append(items, Item{row, s.why})
			}
		}
	}
	slices.SortFunc(items, func(a, b Item) int { return compareKeys(keyOf(a.Row), keyOf(b.Row)) })
	if q.Limit > 0 && len(items) > q.Limit {
		items = items[:q.Limit]
	}
	return items, nil
}

func keyOf(r Row) InboxKey { return InboxKey{r.Due, r.Home, r.ID} }

// Key is where a page that ends with this item ends.
func (i Item) Key() InboxKey { return keyOf(i.Row) }

func compareKeys(a, b InboxKey) int {
	if c := strings.Compare(string(a.Due), string(b.Due)); c != 0 {
		return c
	}
	if a.Home != b.Home {
		return int(a.Home - b.Home)
	}
	return int(a.ID - b.ID)
}

// waiting reads one source's cases: one page, in order.
func (e *Engine) waiting(r store.Reader, s source, q InboxQuery) ([]Row, error) {
	text := "SELECT " + caseColumns + " FROM " + s.from
	where := " WHERE c.status = ? AND " + s.text
	args := append([]any{string(flow.Running)}, s.args...)
	if q.Procedure != "" {
		where, args = where+" AND c.procedure = ?", append(args, q.Procedure)
	}
	if len(q.Place) > 0 {
		text += " JOIN place_path p ON p.place = c.place"
		inside, more := access.Under(q.Place).SQL("p.path")
		where, args = where+" AND "+inside, append(args, more...)
	}
	if q.After.Due != "" {
		where += " AND (c.due > ? OR c.due = ? AND (c.home > ? OR c.home = ? AND c.id > ?))"
		args = append(args, q.After.Due, q.After.Due, q.After.Home, q.After.Home, q.After.ID)
	}
	where += " ORDER BY c.due, c.home, c.id"
	if q.Limit > 0 {
		where, args = where+" LIMIT ?", append(args, q.Limit)
	}
	return store.All[Row](r, text+where, args...)
}

// InboxCountMax is where counting an inbox stops.
const InboxCountMax = 999

// InboxCount is how much waits for the actor, counted up to InboxCountMax for each reason.
func (e *Engine) InboxCount(r store.Reader, actor access.Actor) (int64, error) {
	sources, err := e.sources(r, actor, e.store.Now().Date())
	if err != nil {
		return 0, err
	}
	var terms []string
	var args []any
	for _, s := range sources {
		terms = append(terms, "SELECT c.home, c.id FROM "+s.from+" WHERE c.status = ? AND "+s.text)
		args = append(append(args, string(flow.Running)), s.args...)
	}
	return store.Count(r, "SELECT count(*) FROM (SELECT home, id FROM ("+strings.Join(terms, " UNION ")+
		") AS cases LIMIT ?) AS waiting", append(args, InboxCountMax)...)
}

// CaseQuery asks for cases by what they are about.
type CaseQuery struct {
	Scope     access.Scope
	Procedure string
	Year      int
	Status    flow.Status
	Step      string
	Overdue   period.Date // only those due before
	After     Ref
	Limit     int
}

// Cases lists cases by number, for boards and lists of officers.
func (e *Engine) Cases(r store.Reader, q CaseQuery) ([]Row, error) {
	inside, args := q.Scope.SQL("p.path")
	where := "WHERE " + inside
	add := func(text string, values ...any) {
		where, args = where+" AND "+text, append(args, values...)
	}
	if q.Procedure != "" {
		add("c.procedure = ?", q.Procedure)
	}
	if q.Year != 0 {
		add("c.year = ?", q.Year)
	}
	if q.Status != "" {
		add("c.status = ?", q.Status)
	}
	if q.Step != "" {
		add("c.step = ?", q.Step)
	}
	if q.Overdue != "" {
		add("c.status = ? AND c.due < ?", flow.Running, q.Overdue)
	}
	add("(c.home > ? OR c.home = ? AND c.id > ?)", q.After.Home, q.After.Home, q.After.ID)
	return store.All[Row](r,
		"SELECT "+caseColumns+" FROM procedure_case c JOIN place_path p ON p.place = c.place "+
			where+" ORDER BY c.home, c.id LIMIT ?", append(args, q.Limit)...)
}
