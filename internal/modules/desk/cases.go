package desk

import (
	"context"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// loadInbox reads a page of the inbox; its cursor is the due date, home and number it ended at.
func (d *Desk) loadInbox(r *web.Request) func(context.Context, web.Query) (web.Rows[procedure.Item],
	error) {
	return func(ctx context.Context, q web.Query) (rows web.Rows[procedure.Item], err error) {
		query := procedure.InboxQuery{Procedure: q.Filter["procedure"], Limit: q.Limit + 1}
		if q.After != "" {
			if query.After, err = inboxKey(q.After); err != nil {
				return rows, err
			}
		}
		err = d.host.Store.View(ctx, func(v *store.View) error {
			if rows.Items, err = d.host.Procedures.Inbox(v, r.Actor, query); err != nil {
				return err
			}
			rows.Total.N, err = d.host.Procedures.InboxCount(v, r.Actor)
			return err
		})
		rows.Total.AtLeast = rows.Total.N >= procedure.InboxCountMax
		rows.Total.Unknown = len(q.Filter) > 0
		if len(rows.Items) > q.Limit {
			rows.Items = rows.Items[:q.Limit]
			k := rows.Items[q.Limit-1].Key()
			rows.Next = cursorOf(k)
		}
		return rows, err
	}
}

func inboxKey(cursor string) (procedure.InboxKey, error) {
	var k procedure.InboxKey
	parts := strings.Fields(cursor)
	bad := fault.New(fault.Invalid, "web.cursor")
	if len(parts) != 3 || !period.Date(parts[0]).Valid() && period.Date(parts[0]) != period.Open {
		return k, bad
	}
	k.Due = period.Date(parts[0])
	var err error
	if k.Home, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return k, bad
	}
	if k.ID, err = strconv.ParseInt(parts[2], 10, 64); err != nil {
		return k, bad
	}
	return k, nil
}

// outcomeView is what became of one of many decisions.
type outcomeView struct {
	Title, Address string
	Refusal        *fault.Fault
}

type outcomesView struct {
	Verb     string
	Done     int
	Refused  int
	Outcomes []outcomeView
	Back     string
}

// decideMany does one verb to the chosen cases, each with the reason given, and shows what became
// of each.
func (d *Desk) decideMany(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	verb := flow.Verb(r.URL.Query().Get("verb"))
	if verb != flow.Approve && verb != flow.Return {
		return nil, fault.New(fault.Invalid, "flow.verb", string(verb))
	}
	if len(r.PostForm["row"]) == 0 {
		return nil, fault.New(fault.Invalid, "desk.nothing_chosen")
	}
	decisions, titles, err := d.decisions(r, verb)
	if err != nil {
		return nil, err
	}
	outcomes, err := d.host.Procedures.Bulk(r.Context(), r.Actor, decisions)
	if err != nil {
		return nil, err
	}
	v := outcomesView{Verb: string(verb), Back: web.LocalPath(r.Field("back"))}
	for i, o := range outcomes {
		line := outcomeView{Title: titles[i], Address: procedure.CaseAddress(o.Ref)}
		if o.Err != nil {
			line.Refusal = fault.Of(o.Err)
			v.Refused++
		} else {
			v.Done++
		}
		v.Outcomes = append(v.Outcomes, line)
	}
	return web.View("desk/outcomes", web.Page{Title: r.T("desk.outcomes"), Data: v}), nil
}

// decisions reads the chosen rows. A return goes to the first step the case may be returned to.
func (d *Desk) decisions(r *web.Request, verb flow.Verb) ([]procedure.Decision, []string, error) {
	var list []procedure.Decision
	var titles []string
	err := d.host.Store.View(r.Context(), func(v *store.View) error {
		for _, text := range r.PostForm["row"] {
			ref, version, err := parseRow(text)
			if err != nil {
				return err
			}
			a := flow.Act{Verb: verb, Reason: r.Field("reason")}
			title := text
			if f, err := d.host.Procedures.Load(v, ref); err == nil {
				title = inLanguage(r, f.TitleZh, f.TitleEn)
				if to := f.Case.Step().ReturnTo; verb == flow.Return && len(to) > 0 {
					a.To = to[0]
				}
			}
			list, titles = append(list, procedure.Decision{Ref: ref, Version: version, Act: a}),
				append(titles, title)
		}
		return nil
	})
	return list, titles, err
}

// visible refuses a case to those who have nothing to do with it: a reader of cases at its place,
// whoever acted on it, whoever must act, and whoever it was delegated to may see it.
func (d *Desk) visible(v *store.View, actor access.Actor, f procedure.File) error {
	if d.host.Access.Can(actor, ReadCases, f.Place) ||
		d.host.Access.Can(actor, access.Permit(f.Permit), f.TaskPlace) {
		return nil
	}
	for _, a := range f.Acts {
		if a.Actor == actor.Account || a.Behalf == actor.Account {
			return nil
		}
	}
	items, err := d.host.Procedures.Inbox(v, actor, procedure.InboxQuery{Procedure: f.Procedure})
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.Ref() == f.Ref() {
			return nil
		}
	}
	return fault.New(fault.NotFound, "procedure.no_case")
}

type caseView struct {
	procedure.Panel
	Name    string
	Subject string // address of what it is about
}

func (d *Desk) showCase(r *web.Request) (web.Answer, error) {
	ref, err := caseRef(r)
	if err != nil {
		return nil, err
	}
	var view caseView
	err = d.host.Store.View(r.Context(), func(v *store.View) error {
		f, err := d.host.Procedures.Load(v, ref)
		if err != nil {
			return err
		}
		if err := d.visible(v, r.Actor, f); err != nil {
			return err
		}
		view.Name, view.Subject = d.procedureName(r, f.Procedure), d.host.Procedures.Address(f.Row)
		view.Panel, err = d.host.Procedures.Panel(v, r.Actor, f)
		view.Back = procedure.CaseAddress(ref)
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.View("desk/case", web.Page{Title: inLanguage(r, view.TitleZh, view.TitleEn), Data: view,
		Place: view.Place,
		Trail: []web.Crumb{{Text: r.T("desk.menu.inbox"), Href: "/inbox"}, {Text: view.Name}}}), nil
}

// act does what a button or form of a case's page asks.
func (d *Desk) act(r *web.Request) (web.Answer, error) {
	ref, err := caseRef(r)
	if err != nil {
		return nil, err
	}
	if err := r.Posted(); err != nil {
		return nil, err
	}
	version, err := r.Number("version")
	if err != nil {
		return nil, err
	}
	if version == 0 {
		return nil, fault.New(fault.Stale, "procedure.decided")
	}
	a, err := readAct(r)
	if err != nil {
		return nil, err
	}
	if _, err := d.host.Procedures.Do(r.Context(), r.Actor, ref, version, a); err != nil {
		return nil, err
	}
	return web.Redirect(withDone(web.LocalPath(r.Field("back")), "desk."+string(a.Verb))), nil
}

// withDone adds what just happened to an address.
func withDone(address, what string) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + web.DoneField + "=" + what
}

func readAct(r *web.Request) (flow.Act, error) {
	a := flow.Act{Verb: flow.Verb(r.Field("verb")), Reason: r.Field("reason"), To: r.Field("to")}
	for _, text := range r.PostForm["account"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return a, fault.New(fault.Invalid, "procedure.person")
		}
		a.Accounts = append(a.Accounts, id)
	}
	need, err := r.Number("need")
	if err != nil {
		return a, err
	}
	a.Need = int(min(need, flow.SignersMax+1))
	if a.Verb == flow.Decide {
		a.Record, err = readRecord(r)
	}
	return a, err
}

func readRecord(r *web.Request) (*decision.Record, error) {
	record := &decision.Record{Body: decision.Body(r.Field("body"))}
	var err error
	if record.CalledOn, err = r.Date("called_on"); err != nil {
		return nil, err
	}
	if record.HeldOn, err = r.Date("held_on"); err != nil {
		return nil, err
	}
	for _, f := range []struct {
		name string
		into *int
	}{{"eligible", &record.Eligible}, {"on_site", &record.OnSite}, {"online", &record.Online},
		{"proxy", &record.Proxy}, {"yes", &record.Yes}, {"no", &record.No}, {"abstain", &record.Abstain}} {
		n, err := r.Number(f.name)
		if err != nil {
			return nil, err
		}
		*f.into = int(min(n, decision.CountMax+1))
	}
	return record, nil
}

func (d *Desk) answer(r *web.Request) (web.Answer, error) {
	ref, err := caseRef(r)
	if err != nil {
		return nil, err
	}
	if err := r.Posted(); err != nil {
		return nil, err
	}
	number, err := r.Number("number")
	if err != nil {
		return nil, err
	}
	err = d.host.Procedures.AnswerObjection(r.Context(), r.Actor, ref, procedure.Answering{Number: number,
		Body: r.Field("answer"), Upheld: r.Field("upheld") == "1"})
	if err != nil {
		return nil, err
	}
	return web.Redirect(withDone(web.LocalPath(r.Field("back")), "desk.answer")), nil
}

// cases lists all cases within the reader's places.
func (d *Desk) cases(r *web.Request) (web.Answer, error) {
	var statuses []web.Option
	for _, s := range []flow.Status{flow.Running, flow.Suspended, flow.Done, flow.Refused, flow.Withdrawn} {
		statuses = append(statuses, web.Option{Value: string(s), Text: r.T("flow.status." + string(s))})
	}
	return web.List[procedure.Row]{
		Name: "desk.cases",
		Columns: []web.Column[procedure.Row]{
			{Key: "title", Cell: func(c procedure.Row) web.Cell {
				return web.Cell{Text: inLanguage(r, c.TitleZh, c.TitleEn),
					Href: d.host.Procedures.Address(c)}
			}},
			{Key: "procedure", Cell: func(c procedure.Row) web.Cell {
				return web.Cell{Text: d.procedureName(r, c.Procedure)}
			}},
			{Key: "year", Number: true,
				Cell: func(c procedure.Row) web.Cell { return web.Cell{Text: strconv.Itoa(c.Year)} }},
			{Key: "status", Cell: func(c procedure.Row) web.Cell {
				tone, _, _ := d.host.Procedures.Tone(c, r.Today())
				return web.Cell{Text: r.T("flow.status." + string(c.Status)), Status: tone}
			}},
			{Key: "step", Cell: func(c procedure.Row) web.Cell { return web.Cell{Text: d.stepName(r, c)} }},
			{Key: "due", Cell: func(c procedure.Row) web.Cell { return d.dueCell(r, c) }},
			{Key: "round", Number: true, Cell: func(c procedure.Row) web.Cell {
				return web.Cell{Text: strconv.Itoa(c.Round), Value: int64(c.Round)}
			}},
		},
		Filters: []web.Filter{{Key: "procedure", Kind: web.Choice, Options: d.procedureOptions(r)},
			{Key: "status", Kind: web.Choice, Options: statuses}, {Key: "year", Kind: web.TextFilter},
			{Key: "late", Kind: web.Choice, Options: []web.Option{{Value: "1",
				Text: r.T("desk.cases.late")}}}},
		Load: d.loadCases(r),
	}.Answer(r)
}

func (d *Desk) loadCases(r *web.Request) func(context.Context, web.Query) (web.Rows[procedure.Row], error) {
	return func(ctx context.Context, q web.Query) (rows web.Rows[procedure.Row], err error) {
		query := procedure.CaseQuery{Scope: r.Scope(ReadCases), Procedure: q.Filter["procedure"],
			Status: flow.Status(q.Filter["status"]), Limit: q.Limit + 1}
		if q.Filter["year"] != "" {
			if query.Year, err = strconv.Atoi(q.Filter["year"]); err != nil {
				return rows, fault.New(fault.Invalid, "web.number", r.T("desk.cases.filter.year"))
			}
		}
		if q.Filter["late"] != "" {
			query.Overdue = r.Today()
		}
		if query.After.Home, query.After.ID, err = web.ParseKeyCursor(q.After); err != nil {
			return rows, err
		}
		rows.Items, err = store.Read(ctx, d.host.Store, func(v *store.View) ([]procedure.Row, error) {
			return d.host.Procedures.Cases(v, query)
		})
		rows.Total.Unknown = true
		if len(rows.Items) > q.Limit {
			rows.Items = rows.Items[:q.Limit]
			last := rows.Items[q.Limit-1]
			rows.Next = web.KeyCursor(last.Home, last.ID)
		}
		return rows, err
	}
}
