package supervision

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// inquiry is all rules in force on one subject, with the parameters of a county; a rule stands in it again
// for each part of the county where a parameter is otherwise.
type inquiry struct {
	subject   string
	rules     []*rule.Definition
	versions  []*rule.Version
	questions []rule.Question
}

// inquiries are what is asked of a county on a day. A rule of which a parameter is not set is left out,
// and told.
func (m *Supervision) inquiries(home int64, today period.Date) []inquiry {
	day := m.host.Packs.On(today, m.places.Codes(home)...)
	bySubject := map[string]*inquiry{}
	var names []string
	for _, d := range m.library.All {
		v := d.InForce(today)
		if v == nil {
			continue
		}
		if unset := slices.ContainsFunc(v.Keys(), func(key string) bool {
			_, err := day.Int(key)
			return err != nil
		}); unset {
			slog.Warn("a rule has a parameter that is not set", "rule", d.Key, "county", home)
			continue
		}
		q := bySubject[d.Subject]
		if q == nil {
			q = &inquiry{subject: d.Subject}
			bySubject[d.Subject], names = q, append(names, d.Subject)
		}
		for _, question := range m.split(v.Question(nil), v.Keys(), home, today) {
			q.rules, q.versions = append(q.rules, d), append(q.versions, v)
			q.questions = append(q.questions, question)
		}
	}
	slices.Sort(names)
	all := make([]inquiry, len(names))
	for i, name := range names {
		all[i] = *bySubject[name]
	}
	return all
}

// hit is a rule that holds on a thing.
type hit struct {
	rule    *rule.Definition
	version *rule.Version
	answer  rule.Answer
	content string
}

func (h hit) name() string { return h.rule.Key + " " + h.answer.Key }

// outcome of an inquiry: what was hit, and on which records a rule had no result.
type asked struct {
	hits   map[string]hit
	failed map[string]bool
}

// ask puts an inquiry to the database.
func (m *Supervision) ask(v store.Reader, q inquiry, scope rule.Scope) (asked, error) {
	out := asked{map[string]hit{}, map[string]bool{}}
	for answer, err := range m.host.Subjects.Ask(v, q.subject, scope, q.questions) {
		if err != nil {
			return out, err
		}
		for _, i := range answer.Holds {
			h := hit{q.rules[i], q.versions[i], answer, contentOf(answer.Row, q.questions[i])}
			out.hits[h.name()] = h
		}
		for _, i := range answer.Failed {
			out.failed[q.rules[i].Key+" "+answer.Key] = true
		}
	}
	return out, nil
}

// keptValue is a value as a finding keeps it.
type keptValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// contentOf are the values that a rule reads or shows.
func contentOf(row rule.Row, q rule.Question) string {
	var kept []keptValue
	texts := row.Texts()
	for i, v := range row.Variables() {
		if slices.Contains(q.Rule.Uses(), v.Name) || slices.Contains(q.Also, v.Name) {
			kept = append(kept, keptValue{v.Name, texts[i]})
		}
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return "[]" // texts only: cannot happen
	}
	return string(b)
}

// change is what a run does to one finding. Exactly one of hit and gone is set.
type change struct {
	hit  *hit
	gone *Finding
}

// changes compares what was hit with what is known.
func (m *Supervision) changes(v store.Reader, q inquiry, scope rule.Scope, got asked) ([]change, error) {
	keys := make([]any, 0, len(q.rules)+2)
	keys = append(keys, scope.Home, q.subject)
	for _, d := range q.rules {
		keys = append(keys, d.Key)
	}
	known := map[string]bool{}
	var all []change
	for f, err := range findings.Each(v, "WHERE home = ? AND subject = ? AND rule IN (?"+
		strings.Repeat(", ?", len(q.rules)-1)+") ORDER BY id", keys...) {
		if err != nil {
			return nil, err
		}
		if scope.Organisations != nil && !slices.Contains(scope.Organisations, f.Organisation) {
			continue
		}
		name := f.Rule + " " + f.SubjectKey
		known[name] = true
		h, still := got.hits[name]
		switch {
		case still && m.differs(f, h, scope.Today):
			all = append(all, change{hit: &h})
		case !still && f.State == Open && f.Gone == "" && !got.failed[name]:
			all = append(all, change{gone: &f})
		}
	}
	var fresh []change
	for name, h := range got.hits {
		if !known[name] {
			fresh = append(fresh, change{hit: &h})
		}
	}
	slices.SortFunc(fresh, func(a, b change) int { return strings.Compare(a.hit.name(), b.hit.name()) })
	return append(all, fresh...), nil
}

// differs reports whether a hit changes a finding that is known.
func (m *Supervision) differs(f Finding, h hit, today period.Date) bool {
	switch f.State {
	case Transferred:
		return false // it is with the discipline inspection
	case Open:
		return f.Gone != "" || f.Content != h.content || f.RuleVersion != int64(h.version.Number)
	}
	return !cooling(f, h.version, today)
}

// cooling reports whether a closed finding is still let alone.
func cooling(f Finding, v *rule.Version, today period.Date) bool {
	return f.Closed.AddDays(v.Cooldown) > today
}

// Tally is what a run did.
type Tally struct{ Hits, Raised, Reopened, Gone, Failed int64 }

func (t Tally) plus(u Tally) Tally {
	return Tally{t.Hits + u.Hits, t.Raised + u.Raised, t.Reopened + u.Reopened, t.Gone + u.Gone, t.Failed +
		u.Failed}
}

// portion is how many findings a transaction changes.
const portion = 100

// saver runs a transaction: of a job's portion, or of its own. done is how many inquiries are over.
type saver func(ctx context.Context, done, of int, fn func(*store.Tx) error) error

// sweep asks the rules of some organisations of a county, or of all (nil), from an inquiry on. Inquiries are
// asked by as many as there are processors, and what they found is made in their order.
func (m *Supervision) sweep(ctx context.Context, scope rule.Scope, from int, save saver) (Tally, error) {
	var total Tally
	all := m.inquiries(scope.Home, scope.Today)
	if from >= len(all) {
		return total, nil
	}
	found, done := m.examineAll(ctx, all[from:], scope)
	defer done()
	for i, one := range found {
		c := <-one
		if c.panicked != nil {
			panic(c.panicked)
		}
		if c.err != nil {
			return total, fmt.Errorf("subject %s: %w", all[from+i].subject, c.err)
		}
		total = total.plus(c.tally)
		for chunk := range slices.Chunk(c.list, portion) {
			var did Tally
			err := save(ctx, from+i, len(all), func(tx *store.Tx) (err error) {
				did, err = m.apply(tx, scope, chunk)
				return err
			})
			if err != nil {
				return total, err
			}
			total = total.plus(did)
		}
		if err := save(ctx, from+i+1, len(all), func(*store.Tx) error { return nil }); err != nil {
			return total, err
		}
	}
	return total, nil
}

// examined is what an inquiry comes to.
type examined struct {
	list  []change
	tally Tally
	err   error

	panicked any // to be told where the run can be told of it
}

// examineAll puts inquiries to the database, each in a snapshot of its own: what is changed in the meantime
// is read again before it is changed. done ends those that nobody waits for.
func (m *Supervision) examineAll(ctx context.Context, all []inquiry, scope rule.Scope) (
	found []chan examined, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	found = make([]chan examined, len(all))
	for i := range found {
		found[i] = make(chan examined, 1)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(all)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				found[i] <- m.examine(ctx, all[i], scope)
			}
		})
	}
	return found, func() { cancel(); workers.Wait() }
}

func (m *Supervision) examine(ctx context.Context, q inquiry, scope rule.Scope) (c examined) {
	defer func() { c.panicked = recover() }()
	c.err = m.host.Store.View(ctx, func(v *store.View) error {
		got, err := m.ask(v, q, scope)
		if err != nil {
			return err
		}
		c.tally = Tally{Hits: int64(len(got.hits)), Failed: int64(len(got.failed))}
		c.list, err = m.changes(v, q, scope, got)
		return err
	})
	return c
}

// apply makes changes: what another transaction did in between is read again.
func (m *Supervision) apply(tx *store.Tx, scope rule.Scope, list []change) (did Tally, err error) {
	for _, c := range list {
		if c.gone != nil {
			err = m.vanish(tx, *c.gone, scope.Today, &did)
		} else {
			err = m.raise(tx, *c.hit, scope, &did)
		}
		if err != nil {
			return did, err
		}
	}
	return did, nil
}

func (m *Supervision) vanish(tx *store.Tx, known Finding, today period.Date, did *Tally) error {
	f, err := Get(tx, known.Ref())
	if err != nil || f.State != Open || f.Gone != "" {
		return err
	}
	f.Gone = today
	did.Gone++
	return m.keep(tx, access.Machine, f, "finding.gone")
}

// raise makes a finding, opens it again, or notes that its values are others.
func (m *Supervision) raise(tx *store.Tx, h hit, scope rule.Scope, did *Tally) error {
	f, found, err := findings.First(tx, "WHERE home = ? AND rule = ? AND subject = ? AND subject_key = ?",
		scope.Home, h.rule.Key, h.rule.Subject, h.answer.Key)
	if err != nil || found && !m.differs(f, h, scope.Today) {
		return err
	}
	text, err := h.version.Words(h.answer.Row, m.parametersAt(scope.Home, h.answer.Place, scope.Today))
	if err != nil {
		return err
	}
	was := f
	f.Organisation, f.Place, f.RuleVersion = h.answer.Organisation, h.answer.Place, int64(h.version.Number)
	f.Severity, f.Rank = h.version.Severity, h.version.Severity.Rank()
	f.LastHit, f.Gone, f.Content, f.TextZh, f.TextEn = scope.Today, "", h.content, text.Chinese,
		text.English
	switch {
	case found && was.State == Open:
		return m.keep(tx, access.Machine, f, "finding.changed")
	case found:
		did.Reopened++
		f.State, f.Closed, f.Outcome, f.Answer, f.Evidence = Open, "", "", "", ""
		f.Times++
		return m.assign(tx, f, h.rule.Title, "finding.reopened")
	}
	did.Raised++
	if f.ID, err = tx.NextID(scope.Home, "finding"); err != nil {
		return err
	}
	f.Home, f.Rule, f.Subject, f.SubjectKey = scope.Home, h.rule.Key, h.rule.Subject, h.answer.Key
	f.State, f.FirstHit, f.Times = Open, scope.Today, 1
	return m.assign(tx, f, h.rule.Title, "finding.raised")
}

// assign opens the case: the township answers.
func (m *Supervision) assign(tx *store.Tx, f Finding, title words.Words, kind string) error {
	name := m.places.Name(f.Place)
	file, err := m.host.Procedures.Open(tx, access.Machine, procedure.Opening{Procedure: Procedure,
		Home:  f.Home,
		Place: f.Place, Subject: subjectOf(f.ID), Year: f.LastHit.Year(),
		Title: words.Words{Chinese: name + "：" + f.Rule + " " + title.Chinese,
			English: name + ": " + f.Rule + " " + title.English}})
	if err != nil {
		return err
	}
	f.Case = file.ID
	return m.keep(tx, access.Machine, f, kind)
}

// findingBody is what an event proves of a finding.
type findingBody struct {
	Rule    string  `json:"rule"`
	Version int64   `json:"version"`
	State   State   `json:"state"`
	Outcome Outcome `json:"outcome,omitempty"`
	Times   int64   `json:"times"`
}

// keep saves a finding with its event.
func (m *Supervision) keep(tx *store.Tx, actor access.Actor, f Finding, kind string) error {
	save := findings.Update
	if f.Version == 0 {
		save = findings.Insert
	}
	if err := save(tx, &f); err != nil {
		return err
	}
	_, err := tx.Record(store.Event{Home: f.Home, Kind: kind, Subject: subjectOf(f.ID), Place: f.Place,
		Actor: actor.Account, Body: findingBody{f.Rule, f.RuleVersion, f.State, f.Outcome, f.Times}})
	return err
}
