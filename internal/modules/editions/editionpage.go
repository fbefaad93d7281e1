package editions

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory"
	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Address is the page of an edition.
func Address(id int64) string { return "/editions/" + strconv.FormatInt(id, 10) }

// stateTones are how the states of editions and suggestions look.
var stateTones = map[string]string{Applying: "due", Done: "done", Waiting: "waiting", Confirmed: "done",
	Rejected: "stopped"}

// editions lists the editions that were taken over, the latest first.
func (g *Editions) editions(r *web.Request) (web.Answer, error) {
	number := func(key string, of func(Edition) int64) web.Column[Edition] {
		return web.Column[Edition]{Key: key, Number: true, Cell: func(e Edition) web.Cell {
			return web.Cell{Text: decimal.Grouped(of(e), 0), Value: of(e)}
		}}
	}
	counted := func(key string, of func(edition.Counts) int) web.Column[Edition] {
		return number(key, func(e Edition) int64 { return int64(of(e.Counts())) })
	}
	list := web.List[Edition]{
		Name: "editions.editions",
		Columns: []web.Column[Edition]{
			{Key: "effective", Cell: func(e Edition) web.Cell {
				return web.Cell{Text: string(e.Effective), Href: Address(e.ID)}
			}},
			{Key: "file", Cell: func(e Edition) web.Cell { return web.Cell{Text: e.File} }},
			{Key: "state", Cell: func(e Edition) web.Cell {
				return web.Cell{Text: r.T("editions.edition.state." + e.State),
					Status: stateTones[e.State]}
			}},
			number("lines", func(e Edition) int64 { return e.Lines }),
			counted("added", func(c edition.Counts) int { return c.Added }),
			counted("removed", func(c edition.Counts) int { return c.Removed }),
			counted("renamed", func(c edition.Counts) int { return c.Renamed }),
			number("errors", func(e Edition) int64 { return e.Errors }),
			number("warnings", func(e Edition) int64 { return e.Warnings }),
			{Key: "recorded",
				Cell: func(e Edition) web.Cell { return web.Cell{Text: e.Recorded.String()} }},
		},
		Load: g.loadEditions,
	}
	return list.Answer(r)
}

func (g *Editions) loadEditions(ctx context.Context, q web.Query) (web.Rows[Edition], error) {
	var rows web.Rows[Edition]
	list, next, err := g.editionsFrom(ctx, q.After, q.Limit)
	if err != nil {
		return rows, err
	}
	rows.Items, rows.Next = list, next
	err = g.host.Store.View(ctx, func(v *store.View) error {
		rows.Total.N, err = store.Count(v, `SELECT count(*) FROM place_edition`)
		return err
	})
	return rows, err
}

// editionsFrom are editions by number, the latest first.
func (g *Editions) editionsFrom(ctx context.Context, after string, limit int) (list []Edition, next string,
	err error) {
	before := int64(1) << 62
	if after != "" {
		if before, err = strconv.ParseInt(after, 10, 64); err != nil {
			return nil, "", fault.New(fault.Invalid, "web.cursor")
		}
	}
	err = g.host.Store.View(ctx, func(v *store.View) error {
		list, err = editions.All(v, "WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit+1)
		return err
	})
	if len(list) > limit {
		list = list[:limit]
		next = strconv.FormatInt(list[limit-1].ID, 10)
	}
	return list, next, err
}

// oneEdition is an edition by its number.
func (g *Editions) oneEdition(ctx context.Context, id int64) (e Edition, err error) {
	err = g.host.Store.View(ctx, func(v *store.View) error {
		var found bool
		e, found, err = editions.First(v, "WHERE id = ?", id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "editions.edition.absent", id)
		}
		return err
	})
	return e, err
}

// Anomaly is something odd about a row of an edition.
type Anomaly struct {
	Number int64
	fault.Finding
}

// AnomalyQuery is which anomalies of an edition are asked for.
type AnomalyQuery struct {
	Edition  int64
	Subject  string // the finding's key; "" all
	Severity string // "" all
	After    int64  // the number of the last one seen
	Limit    int
}

// Anomalies are what was odd about an edition, in the order of its rows.
func (g *Editions) Anomalies(ctx context.Context, q AnomalyQuery) ([]Anomaly, error) {
	var all []Anomaly
	err := g.host.Store.View(ctx, func(v *store.View) error {
		rows, err := findings.All(v, `WHERE edition = ? AND number > ? AND (? = '' OR subject = ?)
			AND (? = '' OR severity = ?) ORDER BY number LIMIT ?`, q.Edition, q.After, q.Subject, q.Subject,
			q.Severity, q.Severity, q.Limit)
		for _, row := range rows {
			all = append(all, row.anomaly())
		}
		return err
	})
	return all, err
}

func (f findingRow) anomaly() Anomaly {
	a := Anomaly{f.Number, fault.Finding{Severity: fault.Severity(f.Severity), Key: f.Subject,
		Row: int(f.Line), Column: f.Field, Value: f.Value}}
	d := json.NewDecoder(bytes.NewReader([]byte(f.Args)))
	d.UseNumber()
	if d.Decode(&a.Args) != nil {
		a.Args = nil // the column is ours; the text stands without its figures
	}
	territory.InWords([]fault.Finding{a.Finding})
	return a
}

// subjectCount is how often something is odd about an edition.
type subjectCount struct {
	Subject string `db:"subject"`
	Count   int64  `db:"n"`
}

func (g *Editions) subjects(ctx context.Context, id int64) ([]subjectCount, error) {
	return store.Read(ctx, g.host.Store, func(v *store.View) ([]subjectCount, error) {
		return store.All[subjectCount](v, `SELECT subject, count(*) AS n FROM place_edition_finding
			WHERE edition = ? GROUP BY subject ORDER BY count(*) DESC, subject`, id)
	})
}

var severityTones = map[fault.Severity]string{fault.Error: "overdue", fault.Warning: "due",
	fault.Note: "draft"}

// editionView stands above the anomalies of an edition.
type editionView struct {
	Edition
	Tone, StateText string
	Scheme          string
	Facts           []fact
	Suggestions     string // address, if there are some
}

type fact struct{ Label, Text string }

// edition shows an edition: what it changed, and every anomaly with its row.
func (g *Editions) edition(r *web.Request) (web.Answer, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	e, err := g.oneEdition(r.Context(), id)
	if err != nil {
		return nil, err
	}
	subjects, err := g.subjects(r.Context(), id)
	if err != nil {
		return nil, err
	}
	title := r.T("editions.edition.of", string(e.Effective))
	list := web.List[Anomaly]{
		Name:  "editions.anomalies",
		Title: title,
		Columns: []web.Column[Anomaly]{
			{Key: "row", Number: true, Cell: func(a Anomaly) web.Cell {
				return web.Cell{Text: strconv.Itoa(a.Row), Value: int64(a.Row)}
			}},
			{Key: "column", Cell: func(a Anomaly) web.Cell { return web.Cell{Text: a.Column} }},
			{Key: "severity", Cell: func(a Anomaly) web.Cell {
				return web.Cell{Text: r.T("severity." + string(a.Severity)),
					Status: severityTones[a.Severity]}
			}},
			{Key: "finding", Cell: func(a Anomaly) web.Cell {
				return web.Cell{Text: r.T(a.Key,
					a.Args...)}
			}},
			{Key: "value", Cell: func(a Anomaly) web.Cell { return web.Cell{Text: a.Value} }},
		},
		Filters: []web.Filter{{Key: "subject", Kind: web.Choice, Options: subjectOptions(r, subjects)},
			{Key: "severity", Kind: web.Choice, Options: severityOptions(r)}},
		AboveView: "editions/edition-above",
		Above:     g.editionFacts(r, e),
		Trail: []web.Crumb{{Text: r.T("editions.menu.editions"), Href: "/editions"},
			{Text: title}},
		Load: g.loadAnomalies(e, subjects),
	}
	return list.Answer(r)
}

func (g *Editions) editionFacts(r *web.Request, e Edition) editionView {
	v := editionView{Edition: e, Tone: stateTones[e.State], StateText: r.T("editions.edition.state." +
		e.State),
		Scheme: r.T("territory.scheme." + string(e.Scheme))}
	c := e.Counts()
	for _, n := range countsOf(c) {
		v.Facts = append(v.Facts, fact{r.T("editions.counts." + n.key), decimal.Grouped(int64(n.count), 0)})
	}
	if c.Suggested > 0 {
		v.Suggestions = "/suggestions?edition=" + strconv.FormatInt(e.ID, 10)
	}
	return v
}

// counted is one figure of a comparison; its label is gazetteer.counts.KEY.
type counted struct {
	key   string
	count int
}

// countsOf are the figures of a comparison in the order they are shown.
func countsOf(c edition.Counts) []counted {
	return []counted{{"rows", c.Rows}, {"refused", c.Refused}, {"same", c.Same}, {"added", c.Added},
		{"removed", c.Removed}, {"renamed", c.Renamed}, {"respelled", c.Respelled}, {"recoded", c.Recoded},
		{"along", c.Along}, {"retyped", c.Retyped}, {"transferred", c.Transferred},
		{"categories", c.Categories}, {"suggested", c.Suggested}}
}

// anomalyName is what a kind of anomaly is called in a choice: its key says it in a word or two.
func anomalyName(t func(string, ...any) string, subject string) string {
	return t("editions.subject." + strings.TrimPrefix(subject, "territory.anomaly."))
}

func subjectOptions(r *web.Request, list []subjectCount) []web.Option {
	var all []web.Option
	for _, s := range list {
		all = append(all, web.Option{Value: s.Subject,
			Text: anomalyName(r.T, s.Subject) + " (" + decimal.Grouped(s.Count, 0) + ")"})
	}
	return all
}

func severityOptions(r *web.Request) []web.Option {
	var all []web.Option
	for _, s := range []fault.Severity{fault.Error, fault.Warning, fault.Note} {
		all = append(all, web.Option{Value: string(s), Text: r.T("severity." + string(s))})
	}
	return all
}

func (g *Editions) loadAnomalies(e Edition, subjects []subjectCount) func(context.Context,
	web.Query) (web.Rows[Anomaly], error) {
	return func(ctx context.Context, q web.Query) (web.Rows[Anomaly], error) {
		var rows web.Rows[Anomaly]
		ask := AnomalyQuery{Edition: e.ID, Subject: q.Filter["subject"], Severity: q.Filter["severity"],
			Limit: q.Limit + 1}
		var err error
		if ask.After, err = web.Number("after", q.After); err != nil {
			return rows, err
		}
		list, err := g.Anomalies(ctx, ask)
		if len(list) > q.Limit {
			list = list[:q.Limit]
			rows.Next = strconv.FormatInt(list[q.Limit-1].Number, 10)
		}
		rows.Items = list
		rows.Total = totalOf(e, subjects, ask)
		return rows, err
	}
}

// totalOf counts without looking: the edition knows its findings by severity and by subject.
func totalOf(e Edition, subjects []subjectCount, q AnomalyQuery) web.Total {
	bySeverity := map[string]int64{"": e.Errors + e.Warnings + e.Notes, string(fault.Error): e.Errors,
		string(fault.Warning): e.Warnings, string(fault.Note): e.Notes}
	if q.Subject == "" {
		return web.Total{N: bySeverity[q.Severity]}
	}
	for _, s := range subjects {
		if s.Subject == q.Subject && q.Severity == "" {
			return web.Total{N: s.Count}
		}
	}
	return web.Total{Unknown: true}
}
