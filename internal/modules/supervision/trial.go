package supervision

import (
	"context"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Trial asks what a rule would hit before it holds: a version of the pack, or an expression that somebody
// wrote, and parameters set otherwise. Nothing is saved.
type Trial struct {
	Rule       string
	Version    int    // of the pack; 0 with When
	When       string // instead of a version
	Parameters map[string]int64
	On         period.Date
	Home       int64 // a county
}

// Forecast is what a trial came to, beside the version in force.
type Forecast struct {
	Now, Then int64 // hits of the version in force and of the one on trial
	NowIs     int   // number of the version in force; 0 none
	Both      int64
	Failed    int64 // records on which the one on trial has no result
	Added     []Sample
	Dropped   []Sample
	Pushed    bool // answered by SQL
}

// Sample is a thing that is hit by one of the two only.
type Sample struct {
	Organisation, Place int64
	Name                string // of the place
	Key, Address        string
	Text                words.Words
}

// samplesMax is how many things of each sort a forecast shows.
const samplesMax = 20

// otherwise is the county's parameters with some set otherwise.
type otherwise struct {
	rule.Parameters
	set map[string]int64
}

func (o otherwise) Int(key string) (int64, error) {
	if n, ok := o.set[key]; ok {
		return n, nil
	}
	return o.Parameters.Int(key)
}

// Try runs a trial.
func (m *Supervision) Try(ctx context.Context, t Trial) (Forecast, error) {
	var f Forecast
	d := m.library.Find(t.Rule)
	if d == nil {
		return f, fault.New(fault.NotFound, "supervision.no_rule", t.Rule)
	}
	if !t.On.Valid() {
		return f, fault.New(fault.Invalid, "web.date", string(t.On))
	}
	var shown *rule.Version
	var then rule.Question
	var keys []string
	switch {
	case strings.TrimSpace(t.When) != "":
		r, err := m.host.Subjects.Environment(d.Subject).Compile(t.When)
		if err != nil {
			return f, err
		}
		then, keys = rule.Question{Rule: r}, r.Parameters()
	case d.Version(t.Version) == nil:
		return f, fault.New(fault.NotFound, "supervision.no_version", t.Rule, t.Version)
	default:
		shown = d.Version(t.Version)
		then, keys = shown.Question(nil), shown.Keys()
	}
	f.Pushed = m.host.Subjects.Pushed(d.Subject, then.Rule)
	questions := m.split(then, keys, t.Home, t.On)
	for i := range questions {
		questions[i].Parameters = otherwise{questions[i].Parameters, t.Parameters}
	}
	try := trying{Trial: t, rule: d, shown: shown, inForce: d.InForce(t.On), questions: questions,
		onTrial: len(questions)}
	if now := d.InForce(t.On); now != nil {
		f.NowIs = now.Number
		try.questions = append(try.questions, m.split(now.Question(nil), now.Keys(), t.Home, t.On)...)
	}
	err := m.host.Store.View(ctx, func(v *store.View) error { return m.compare(v, try, &f) })
	return f, err
}

// trying is a trial that was understood.
type trying struct {
	Trial
	rule      *rule.Definition
	shown     *rule.Version // whose words what is newly hit has; nil: none
	inForce   *rule.Version // whose words what is no longer hit has
	questions []rule.Question
	onTrial   int // of the questions, the first so many; the others are of the version in force
}

func (t trying) tries(i int) bool { return i < t.onTrial }
func (t trying) now(i int) bool   { return i >= t.onTrial }

func (m *Supervision) compare(v store.Reader, t trying, f *Forecast) error {
	type both struct {
		answer    rule.Answer
		now, then bool
	}
	all := map[string]*both{}
	var order []string
	for answer, err := range m.host.Subjects.Ask(v, t.rule.Subject, rule.Scope{Home: t.Home, Today: t.On},
		t.questions) {
		if err != nil {
			return err
		}
		if slices.ContainsFunc(answer.Failed, t.tries) {
			f.Failed++
		}
		one := all[answer.Key]
		if one == nil {
			one = &both{answer: answer}
			all[answer.Key], order = one, append(order, answer.Key)
		}
		one.then = one.then || slices.ContainsFunc(answer.Holds, t.tries)
		one.now = one.now || slices.ContainsFunc(answer.Holds, t.now)
	}
	slices.Sort(order)
	for _, key := range order {
		one := all[key]
		switch {
		case one.now && one.then:
			f.Now, f.Then, f.Both = f.Now+1, f.Then+1, f.Both+1
		case one.then:
			f.Then++
			f.Added = m.sample(f.Added, t, t.shown, one.answer)
		case one.now:
			f.Now++
			f.Dropped = m.sample(f.Dropped, t, t.inForce, one.answer)
		}
	}
	return nil
}

func (m *Supervision) sample(list []Sample, t trying, shown *rule.Version, a rule.Answer) []Sample {
	if len(list) >= samplesMax {
		return list
	}
	s := Sample{Organisation: a.Organisation, Place: a.Place, Key: a.Key,
		Name: m.places.Name(a.Place), Address: m.host.Subjects.Find(t.rule.Subject).Address(a.Home, a.Key)}
	if shown != nil {
		set := otherwise{m.parametersAt(t.Home, a.Place, t.On), t.Parameters}
		if text, err := shown.Words(a.Row, set); err == nil {
			s.Text = text
		}
	}
	return append(list, s)
}
