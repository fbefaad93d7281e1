package inventory

import (
	"fmt"
	"html/template"

	"github.com/terrace-project/terrace/internal/modules/inventory/statement"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

func (n *Inventory) pages() []web.Route {
	read, count := web.Permitted(MayRead), web.Permitted(MayCount)
	return []web.Route{
		{Pattern: "GET /checks", Access: read, Handle: n.list},
		{Pattern: "GET /checks/{home}/{id}", Access: read, Handle: n.checkPage},
		{Pattern: "GET /checks/{home}/{id}/forms", Access: read, Handle: n.formsPage},
		{Pattern: "GET /checks/{home}/{id}/forms.xlsx", Access: read, Handle: n.formsBook},
		{Pattern: "POST /checks/{home}/{id}/carry", Access: count, Handle: n.carryPosted},
		{Pattern: "POST /checks/{home}/{id}/team", Access: count, Handle: n.teamPosted},
		{Pattern: "POST /checks/{home}/{id}/findings/{number}", Access: read, Handle: n.explainPosted},
		{Pattern: "POST /checks/{home}/{id}/recheck", Access: web.Permitted(MaySample),
			Handle: n.recheckPosted},
		{Pattern: "POST /checks/{home}/{id}/adjust", Access: web.Permitted(MayAdjust),
			Handle: n.adjustPosted},
	}
}

// RefOf reads the check of the address.
func RefOf(r *web.Request) (Ref, error) {
	home, err := r.ID("home")
	if err != nil {
		return Ref{}, err
	}
	id, err := r.ID("id")
	return Ref{home, id}, err
}

// Readable reads the check of the address, within the reader's places.
func (n *Inventory) Readable(v *store.View, r *web.Request) (Check, error) {
	ref, err := RefOf(r)
	if err != nil {
		return Check{}, err
	}
	c, err := getCheck(v, ref)
	if err != nil {
		return c, err
	}
	return c, r.Require(MayRead, c.Place)
}

// Tone is the status mark of a stage.
func (s Stage) Tone() string {
	switch s {
	case Approved, Locked:
		return "done"
	case Ended:
		return "stopped"
	case Counting:
		return "draft"
	}
	return "waiting"
}

// checkView is the page of a check.
type checkView struct {
	Check
	Panel      procedure.Panel
	PlaceName  string
	Forms      []formLine
	Team       []Member
	TeamForm   []memberField
	Roles      []web.Option
	Findings   []findingView
	Balance    statement.Balance
	Figures    bool
	MayCount   bool // now: the check is at the counting step
	MayExplain bool
	MayRecheck bool
	MayAdjust  bool
	Cards      []template.HTML
	TeamLeast  int64
}

// formLine is a form of the check in the overview.
type formLine struct {
	*Form
	Title   string
	Rows    int64
	Counted int64
	figures
}

// figures are the amounts of a form, or of a line of a list.
type figures struct {
	Book, Verified, Gain, Loss string
}

// memberField is a line of the form in which the team is entered.
type memberField struct {
	Number int
	Member
}

// teamForm has a line for each member and some more.
func teamForm(team []Member, least int) []memberField {
	lines := make([]memberField, min(max(len(team), least)+2, teamMax))
	for i := range lines {
		lines[i].Number = i + 1
		if i < len(team) {
			lines[i].Member = team[i]
		}
	}
	return lines
}

// findingView is a finding in words.
type findingView struct {
	Finding
	Text string
	Tone string
}

func (n *Inventory) checkPage(r *web.Request) (web.Answer, error) {
	var view checkView
	err := n.host.Store.View(r.Context(), func(v *store.View) (err error) {
		if view.Check, err = n.Readable(v, r); err != nil {
			return err
		}
		file, err := n.host.Procedures.Load(v, procedure.Ref{Home: view.Home, ID: view.Case})
		if err != nil {
			return err
		}
		if view.Panel, err = n.host.Procedures.Panel(v, r.Actor, file); err != nil {
			return err
		}
		view.Panel.Back = view.Address()
		return n.fill(v, r, &view)
	})
	if err != nil {
		return nil, err
	}
	view.Cards, err = r.Cards("check", web.CardSubject{Home: view.Home, ID: view.ID, Place: view.Place,
		On: r.Today()})
	if err != nil {
		return nil, err
	}
	return web.View("inventory/check", web.Page{Title: view.Name + " " + yearText(view.Year), Data: view,
		Place: view.Place,
		Trail: n.Trail(r, view.Check)}), nil
}

// Trail leads from the list of checks over the place to a check.
func (n *Inventory) Trail(r *web.Request, c Check) []web.Crumb {
	return []web.Crumb{{Text: r.T("inventory.menu.checks"), Href: "/checks"},
		{Text: n.places.Name(c.Place), Href: fmt.Sprintf("/places/%d", c.Place)},
		{Text: c.Name, Href: c.Address()}}
}

// fill reads what stands around the panel.
func (n *Inventory) fill(v *store.View, r *web.Request, view *checkView) error {
	view.PlaceName = n.places.Name(view.Place)
	list, err := RowsOf(v, view.Ref())
	if err != nil {
		return err
	}
	if err := n.fillForms(r, view, list); err != nil {
		return err
	}
	if view.Team, err = n.Team(v, view.Ref()); err != nil {
		return err
	}
	found, err := FindingsOf(v, view.Ref())
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Round == view.Panel.Round {
			view.Findings = append(view.Findings, findingInWords(r, f))
		}
	}
	view.Roles = n.Options(r, "team_role")
	view.TeamLeast, err = n.host.Packs.Int("check.team_least", r.Today(), n.places.Codes(view.Place)...)
	view.TeamForm = teamForm(view.Team, int(view.TeamLeast))
	counting := view.Stage == Counting && !view.Panel.Status.Final()
	open := !view.Stage.Final()
	view.MayCount = counting && r.Can(MayCount, view.Place)
	view.MayExplain = open && (r.Can(MayCount, view.Place) || r.Can(MayReview, view.Place))
	view.MayRecheck = open && view.Sample == Drawn && r.Can(MaySample, view.Place)
	view.MayAdjust = view.Stage == Locked && r.Can(MayAdjust, view.Place)
	return err
}

// fillForms sums up the rows of each form.
func (n *Inventory) fillForms(r *web.Request, view *checkView, list []Row) error {
	sums, err := n.total(list)
	if err != nil {
		return err
	}
	view.Balance = n.plan().Balance(sums)
	rows, counted := map[string]int64{}, map[string]int64{}
	for _, w := range list {
		rows[w.Form]++
		if w.Verdict != "" {
			counted[w.Form]++
		}
	}
	for _, f := range n.Forms().All {
		if rows[f.Key] == 0 {
			continue
		}
		view.Forms = append(view.Forms, formLine{Form: f, Title: f.Title.In(r.Language), Rows: rows[f.Key],
			Counted: counted[f.Key], figures: n.figuresOf(f, sums)})
	}
	return nil
}

// findingInWords puts a finding into the reader's language.
func findingInWords(r *web.Request, f Finding) findingView {
	facts := decodeFacts(f.Facts)
	args := make([]any, len(facts))
	for i, fact := range facts {
		args[i] = fact
	}
	v := findingView{Finding: f, Text: r.T("inventory.found."+f.Rule, args...), Tone: "due"}
	switch {
	case f.Severity == fault.Note:
		v.Tone = "draft"
	case f.Explained != 0:
		v.Tone = "done"
	}
	return v
}

// Options are the entries of a code list as choices.
func (n *Inventory) Options(r *web.Request, list string) []web.Option {
	codes, ok := n.Forms().Codes(list)
	if !ok {
		return nil
	}
	return formpage.Options(r, codes)
}

// done sends the reader back to a check with a word on what happened.
func done(ref Ref, what string) web.Answer {
	return web.Redirect(ref.Address() + "?" + web.DoneField + "=" + what)
}

// posted reads the check of the address and the posted form, for the acts of the page.
func posted(r *web.Request) (Ref, error) {
	ref, err := RefOf(r)
	if err != nil {
		return ref, err
	}
	return ref, r.Posted()
}

func (n *Inventory) carryPosted(r *web.Request) (web.Answer, error) {
	ref, err := posted(r)
	if err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	if err := n.CarryForward(r.Context(), r.Actor, ref, version); err != nil {
		return nil, err
	}
	return done(ref, "inventory.carried"), nil
}

func (n *Inventory) teamPosted(r *web.Request) (web.Answer, error) {
	ref, err := posted(r)
	if err != nil {
		return nil, err
	}
	var team []Member
	roles := r.PostForm["role"]
	for i, name := range r.PostForm["name"] {
		role := ""
		if i < len(roles) {
			role = roles[i]
		}
		team = append(team, Member{Role: role, Name: name})
	}
	if err := n.SetTeam(r.Context(), r.Actor, ref, team); err != nil {
		return nil, err
	}
	return done(ref, "inventory.team"), nil
}

func (n *Inventory) explainPosted(r *web.Request) (web.Answer, error) {
	ref, err := posted(r)
	if err != nil {
		return nil, err
	}
	number, err := r.ID("number")
	if err != nil {
		return nil, err
	}
	if err := n.Explain(r.Context(), r.Actor, ref, number, r.Field("explanation")); err != nil {
		return nil, err
	}
	return done(ref, "inventory.explained"), nil
}

func (n *Inventory) recheckPosted(r *web.Request) (web.Answer, error) {
	ref, err := posted(r)
	if err != nil {
		return nil, err
	}
	if err := n.Recheck(r.Context(), r.Actor, ref, r.Field("result"), r.Field("note")); err != nil {
		return nil, err
	}
	return done(ref, "inventory.rechecked"), nil
}

func (n *Inventory) adjustPosted(r *web.Request) (web.Answer, error) {
	ref, err := posted(r)
	if err != nil {
		return nil, err
	}
	a := Adjustment{Home: ref.Home, Check: ref.ID, Reason: r.Field("reason"), Document: r.Field("document")}
	if a.Row, err = r.Number("row"); err != nil {
		return nil, err
	}
	if text := r.Field("amount"); text != "" {
		if a.Amount, err = money.Parse(text); err != nil {
			return nil, fault.New(fault.Invalid, "inventory.amount", r.T("inventory.adjust.amount"))
		}
	}
	if text := r.Field("area"); text != "" {
		if a.Area, err = area.ParseMu(text); err != nil {
			return nil, fault.New(fault.Invalid, "inventory.amount", r.T("inventory.adjust.area"))
		}
	}
	if err := n.Adjust(r.Context(), r.Actor, a); err != nil {
		return nil, err
	}
	return done(ref, "inventory.adjusted"), nil
}
