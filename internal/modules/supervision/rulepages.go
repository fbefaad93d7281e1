package supervision

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func ruleAddress(key string) string { return "/supervision/rules/" + url.PathEscape(key) }

// rulesView is the list of all rules.
type rulesView struct{ Rules []ruleRow }

type ruleRow struct {
	*rule.Definition
	Now       *rule.Version // nil: none in force
	Next      *rule.Version // begins later; nil: none
	Tone      string
	Address   string
	About     string
	Precision string
}

func (m *Supervision) rulesPage(r *web.Request) (web.Answer, error) {
	precision, err := m.precisions(r, "")
	if err != nil {
		return nil, err
	}
	var view rulesView
	for _, d := range m.library.All {
		view.Rules = append(view.Rules, m.ruleRow(r, d, precision))
	}
	return web.View("supervision/rules", web.Page{Title: r.T("supervision.rules"), Data: view, Wide: true,
		Trail: []web.Crumb{{Text: r.T("supervision.menu"), Href: "/supervision"}}}), nil
}

func (m *Supervision) ruleRow(r *web.Request, d *rule.Definition, precision []Precision) ruleRow {
	row := ruleRow{Definition: d, Now: d.InForce(r.Today()), Address: ruleAddress(d.Key), Precision: "–",
		About: m.host.Subjects.Find(d.Subject).Title.In(r.Language)}
	if row.Now != nil {
		row.Tone = tones[row.Now.Severity]
	}
	for _, v := range d.Versions {
		if v.From > r.Today() && row.Next == nil {
			row.Next = v
		}
	}
	var all Precision
	for _, p := range precision {
		if p.Rule == d.Key {
			all.Ended, all.Confirmed = all.Ended+p.Ended, all.Confirmed+p.Confirmed
		}
	}
	if share, ok := all.Share(); ok {
		row.Precision = shareText(r, share, all)
	}
	return row
}

func shareText(r *web.Request, share int64, p Precision) string {
	return r.T("supervision.precision.text", share, p.Confirmed, p.Ended)
}

// precisions count what the reader may see: the counties of their scope.
func (m *Supervision) precisions(r *web.Request, key string) ([]Precision, error) {
	return store.Read(r.Context(), m.host.Store, func(v *store.View) ([]Precision, error) {
		scope := r.Scope(MayRead)
		if scope.All() {
			return precisionOf(v, key, nil)
		}
		inside, args := scope.SQL("p.path")
		homes, err := store.All[int64](v, `SELECT DISTINCT p.home FROM place_path p WHERE `+inside, args...)
		if err != nil {
			return nil, err
		}
		return precisionOf(v, key, append(homes, 0))
	})
}

// ruleDetail is the page of a rule.
type ruleDetail struct {
	ruleRow
	Versions   []versionView
	Parameters []parameterView
	File       string
	ByVersion  []precisionView
	Trial      trialView
	MayTry     bool
}

type versionView struct {
	*rule.Version
	Tone   string
	Pushed bool
	State  string // in force, past, future
	Rows   []exampleView
}

type exampleView struct {
	rule.Example
	Values []valueView
}

type parameterView struct {
	pack.Value
	Title string
	Unset bool
}

type precisionView struct {
	Precision
	Text string
}

// trialView is the form of a trial and what it came to.
type trialView struct {
	Home       int64
	Counties   []web.Option
	Version    int
	When       string
	Parameters string
	On         period.Date
	Result     *Forecast
}

func (m *Supervision) rulePage(r *web.Request) (web.Answer, error) {
	d := m.library.Find(r.PathValue("key"))
	if d == nil {
		return nil, fault.New(fault.NotFound, "supervision.no_rule", r.PathValue("key"))
	}
	precision, err := m.precisions(r, d.Key)
	if err != nil {
		return nil, err
	}
	view := ruleDetail{ruleRow: m.ruleRow(r, d, precision), MayTry: !r.Scope(MayRun).Empty(),
		File: d.File + ":" + strconv.Itoa(d.Line)}
	for _, p := range precision {
		if share, ok := p.Share(); ok {
			view.ByVersion = append(view.ByVersion, precisionView{p, shareText(r, share, p)})
		}
	}
	m.describeVersions(r, d, &view)
	if view.MayTry {
		if view.Trial, err = m.trial(r, d); err != nil {
			return nil, err
		}
	}
	return web.View("supervision/rule", web.Page{Title: d.Key + " " + d.Title.In(r.Language), Data: view,
		Trail: []web.Crumb{{Text: r.T("supervision.rules"), Href: "/supervision/rules"}}}), nil
}

func (m *Supervision) describeVersions(r *web.Request, d *rule.Definition, view *ruleDetail) {
	subject := m.host.Subjects.Find(d.Subject)
	seen := map[string]bool{}
	for _, v := range d.Versions {
		one := versionView{Version: v, Tone: tones[v.Severity], Pushed: m.host.Subjects.Pushed(d.Subject,
			v.Rule()),
			State: "past"}
		switch {
		case v == view.Now:
			one.State = "now"
		case v.From > r.Today():
			one.State = "future"
		}
		for _, x := range v.Examples {
			row := exampleView{Example: x}
			for _, variable := range subject.Variables {
				if text, ok := x.Record[variable.Name]; ok {
					row.Values = append(row.Values, valueView{variable.Title.In(r.Language),
						written(subject, variable,
							string(text))})
				}
			}
			one.Rows = append(one.Rows, row)
		}
		view.Versions = append(view.Versions, one)
		for _, key := range v.Keys() {
			if !seen[key] {
				seen[key] = true
				view.Parameters = append(view.Parameters, m.parameter(r, key))
			}
		}
	}
}

func written(s *rule.Subject, v rule.Variable, text string) string {
	value, err := rule.ValueOf(v.Kind, text)
	if err != nil {
		return text
	}
	return s.Written(v.Name, value)
}

// parameter is one as it holds today for the reader's place.
func (m *Supervision) parameter(r *web.Request, key string) parameterView {
	var region []string
	for _, post := range r.Actor.Posts {
		if post.Place != 0 && region == nil {
			region = m.places.Codes(post.Place)
		}
	}
	view := parameterView{Title: key}
	for _, p := range m.host.Packs.Parameters() {
		if p.Key == key {
			view.Title = p.Title.In(r.Language)
		}
	}
	value, err := m.host.Packs.Value(key, r.Today(), region...)
	view.Value, view.Unset = value, err != nil
	view.Key = key
	return view
}

// trial reads the form of a trial and runs it if one was asked for.
func (m *Supervision) trial(r *web.Request, d *rule.Definition) (trialView, error) {
	v := trialView{When: r.Field("when"), Parameters: r.Field("parameters"), On: r.Today()}
	for _, county := range m.counties(r) {
		v.Counties = append(v.Counties, web.Option{Value: number(county), Text: m.places.Name(county)})
	}
	home, err := r.Number("home")
	if err != nil {
		return v, err
	}
	version, err := r.Number("version")
	if err != nil {
		return v, err
	}
	v.Home, v.Version = home, int(min(version, 1_000_000))
	if home == 0 {
		return v, nil
	}
	if on, err := r.Date("on"); err != nil {
		return v, err
	} else if on != "" {
		v.On = on
	}
	if err := r.Require(MayRun, home); err != nil {
		return v, err
	}
	set, err := settings(v.Parameters)
	if err != nil {
		return v, err
	}
	result, err := m.Try(r.Context(), Trial{Rule: d.Key, Version: v.Version, When: v.When, Parameters: set,
		On:   v.On,
		Home: home})
	v.Result = &result
	return v, err
}

// counties are those in which the reader may try a rule.
func (m *Supervision) counties(r *web.Request) []int64 {
	homes, err := m.homes(r.Context())
	if err != nil {
		return nil
	}
	var mine []int64
	for _, home := range homes {
		if m.places.Level(home) == division.County && r.Can(MayRun, home) {
			mine = append(mine, home)
		}
	}
	return mine
}

// settings reads lines "key = value".
func settings(text string) (map[string]int64, error) {
	set := map[string]int64{}
	for line := range strings.SplitSeq(text, "\n") {
		key, value, ok := strings.Cut(line, "=")
		if strings.TrimSpace(line) == "" {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if !ok || err != nil {
			return nil, fault.New(fault.Invalid, "supervision.setting", strings.TrimSpace(line))
		}
		set[strings.TrimSpace(key)] = n
	}
	return set, nil
}
