package supervision

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// findingView is the page of a finding.
type findingView struct {
	itemView
	Name      string
	Owner     string
	Thing     string // page of what was hit
	ThingIs   string
	Basis     string
	Mark      string
	RulePage  string
	Values    []valueView
	Panel     procedure.Panel
	Ends      []end
	MayAnswer bool
	When      string
	Files     []fileView
}

// fileView is a file of a finding as its page shows it.
type fileView struct {
	files.File
	Picture bool
	Day     period.Date
}

// evidenceBytes is how large a posted form with a file may be.
const evidenceBytes = 25 << 20

type valueView struct{ Name, Text string }

func (m *Supervision) findingPage(r *web.Request) (web.Answer, error) {
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	var view findingView
	err = m.host.Store.View(r.Context(), func(v *store.View) error {
		f, err := m.seen(v, r.Actor, ref)
		if err != nil {
			return err
		}
		view.itemView = m.item(f)
		if view.Ends, err = ends.All(v, "WHERE home = ? AND finding = ? ORDER BY number", f.Home,
			f.ID); err != nil {
			return err
		}
		file, err := m.host.Procedures.Load(v, procedure.Ref{Home: f.Home, ID: f.Case})
		if err != nil {
			return err
		}
		view.Panel, err = m.host.Procedures.Panel(v, r.Actor, file)
		view.Panel.Back = view.Address
		all, wrong := files.Of(v, f.Home, subjectOf(f.ID))
		for _, one := range all {
			view.Files = append(view.Files, fileView{one, files.IsPicture(one.Kind), one.At.Date()})
		}
		err = errors.Join(err, wrong)
		view.MayAnswer = f.State == Open && file.Step == answering && r.Can(MayAnswer, f.Place)
		return err
	})
	if err != nil {
		return nil, err
	}
	m.describe(r, &view)
	return web.View("supervision/finding", web.Page{Title: view.Rule + " " + view.Name, Data: view,
		Place: view.Place,
		Trail: []web.Crumb{{Text: r.T("supervision.menu"), Href: boardAddress(view.Place)}}}), nil
}

// describe fills in what is known of the thing and the rule.
func (m *Supervision) describe(r *web.Request, view *findingView) {
	view.Name = m.places.Name(view.Place)
	view.Owner = registry.Address(registry.Ref{Home: view.Home, ID: view.Organisation})
	view.RulePage = ruleAddress(view.Rule)
	subject := m.host.Subjects.Find(view.Subject)
	if subject == nil {
		return // the module that knew it is no longer there
	}
	view.Thing, view.ThingIs = subject.Address(view.Home, view.SubjectKey), subject.Title.In(r.Language)
	for _, one := range valuesOf(view.Finding) {
		value := valueView{Name: one.Name, Text: one.Value}
		for _, v := range subject.Variables {
			if v.Name == one.Name {
				read, err := rule.ValueOf(v.Kind, one.Value)
				if err == nil {
					value.Text = cmp.Or(m.codeWord(r, v.Name, one.Value), subject.Written(v.Name, read))
				}
				value.Name = v.Title.In(r.Language)
			}
		}
		view.Values = append(view.Values, value)
	}
	if d := m.library.Find(view.Rule); d != nil {
		view.Basis, view.Mark = d.Basis, string(d.Mark)
		if v := d.Version(int(view.RuleVersion)); v != nil {
			view.When = v.When
		}
	}
}

// codesOf are the code lists of the pack that variables of subjects are written in.
var codesOf = map[string]string{"use_state": "use_state", "land_use": "land_use", "form": "card_form",
	"class": "asset_class", "origin": "asset_origin", "title": "title_state", "kind": "contract_kind",
	"party_kind": "contract_party", "manner": "letting_manner", "price_class": "price_class"}

// codeWord is a value in words where a list of the pack or the dictionary has it; "" where none does.
func (m *Supervision) codeWord(r *web.Request, variable, value string) string {
	if variable == "office" && value != "" {
		return r.T("registry.office." + value)
	}
	list, known := m.codes.Codes(codesOf[variable])
	if !known {
		return ""
	}
	entry, found := list.Entry(value, r.Today())
	if !found {
		return ""
	}
	return words.Words{Chinese: entry.Chinese, English: entry.English}.In(r.Language)
}

// valuesOf are the values that a finding keeps.
func valuesOf(f Finding) []keptValue {
	var kept []keptValue
	if err := json.Unmarshal([]byte(f.Content), &kept); err != nil {
		return nil
	}
	return kept
}

func refOf(r *web.Request) (ref Ref, err error) {
	if ref.Home, err = r.ID("home"); err != nil {
		return ref, err
	}
	ref.ID, err = r.ID("id")
	return ref, err
}

// evidencePosted keeps a posted file on a finding.
func (m *Supervision) evidencePosted(r *web.Request) (web.Answer, error) {
	file, header, err := r.RequireUpload("file")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	if _, err := m.Attach(r.Context(), r.Actor, ref, header.Filename, file); err != nil {
		return nil, err
	}
	return web.Redirect(fmt.Sprintf("%s?%s=supervision.attached#evidence", Address(ref), web.DoneField)),
		nil
}

func (m *Supervision) answerPosted(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	ref, err := refOf(r)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	err = m.Answer(r.Context(), r.Actor, ref, version, Answering{Outcome: Outcome(r.Field("outcome")),
		Answer: r.Field("answer"), Evidence: r.Field("evidence")})
	if err != nil {
		return nil, err
	}
	return web.Redirect(fmt.Sprintf("%s?%s=supervision.answered", Address(ref), web.DoneField)), nil
}
