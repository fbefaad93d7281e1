package accounts

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

var resultTones = map[audit.Result]string{audit.Done: "done", audit.Half: "draft",
	audit.LockedOut: "overdue", audit.TooMany: "overdue"}

func tone(result audit.Result) string {
	if t, known := resultTones[result]; known {
		return t
	}
	return "due"
}

func (m *Module) signIns(r *web.Request) (web.Answer, error) {
	type shown = signInShown
	list := web.List[shown]{
		Name: "accounts.sign_ins",
		Columns: []web.Column[shown]{
			{Key: "at", Cell: func(s shown) web.Cell { return web.Cell{Text: stamp(s.At)} }},
			{Key: "who", Cell: func(s shown) web.Cell {
				if s.Account == 0 {
					return web.Cell{Text: r.T("accounts.unknown")}
				}
				return web.Cell{Text: s.Name.Login + " " + s.Name.Name, Href: userPath(s.Account)}
			}},
			{Key: "result", Cell: func(s shown) web.Cell {
				return web.Cell{Text: r.T("accounts.result." + string(s.Result)), Status: tone(s.Result)}
			}},
			{Key: "method", Cell: func(s shown) web.Cell {
				return web.Cell{Text: r.T("accounts.method." + string(s.Method))}
			}},
			{Key: "address", Cell: func(s shown) web.Cell { return web.Cell{Text: s.Address} }},
			{Key: "agent", Hidden: true, Cell: func(s shown) web.Cell { return web.Cell{Text: s.Agent} }},
		},
		Filters: []web.Filter{{Key: "login", Kind: web.TextFilter}, {Key: "address", Kind: web.TextFilter},
			{Key: "result", Kind: web.Choice, Options: []web.Option{{Value: "failures",
				Text: r.T("accounts.failures")}}},
			{Key: "from", Kind: web.DateFilter}, {Key: "to", Kind: web.DateFilter}},
	}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[shown], error) {
		var rows web.Rows[shown]
		ask := audit.SignInQuery{Login: q.Filter["login"], Address: q.Filter["address"],
			Failures: q.Filter["result"] == "failures", Limit: q.Limit}
		var err error
		if ask.From, ask.To, err = days(q); err != nil {
			return rows, err
		}
		if ask.After, err = cursorNumber(q.After); err != nil {
			return rows, err
		}
		list, total, err := m.host.Audit.SignIns(ctx, r.Actor, ask)
		if err != nil {
			return rows, err
		}
		rows.Total = counted(total)
		rows.Items, err = m.signInsShown(ctx, list)
		if n := len(rows.Items); n == q.Limit {
			rows.Next = strconv.FormatInt(rows.Items[n-1].ID, 10)
		}
		return rows, err
	}
	return list.Answer(r)
}

// signInShown is an attempt with the name of its account.
type signInShown struct {
	audit.SignIn
	identity.Name
}

func (m *Module) signInsShown(ctx context.Context, list []audit.SignIn) ([]signInShown, error) {
	ids := make([]int64, len(list))
	for i, s := range list {
		ids[i] = s.Account
	}
	names, err := m.host.Identity.Names(ctx, ids)
	shown := make([]signInShown, len(list))
	for i, s := range list {
		shown[i] = signInShown{s, names[s.Account]}
	}
	return shown, err
}

// eventShown is an event with the name of who acted.
type eventShown struct {
	store.StoredEvent
	identity.Name
}

func (m *Module) eventsShown(ctx context.Context, list []store.StoredEvent) ([]eventShown, error) {
	ids := make([]int64, len(list))
	for i, e := range list {
		ids[i] = e.Actor
	}
	names, err := m.host.Identity.Names(ctx, ids)
	shown := make([]eventShown, len(list))
	for i, e := range list {
		shown[i] = eventShown{e, names[e.Actor]}
	}
	return shown, err
}

// stamp is a moment to the second: auditors compare it with other logs.
func stamp(at period.Instant) string { return at.Time().Format("2006-01-02 15:04:05") }

// counted marks a count that stopped at its limit.
func counted(total int64) web.Total {
	if total > audit.CountMax {
		return web.Total{N: audit.CountMax, AtLeast: true}
	}
	return web.Total{N: total}
}

// days reads the two dates of a filter.
func days(q web.Query) (from, to period.Date, err error) {
	read := func(key string, into *period.Date) {
		text := q.Filter[key]
		if text == "" || err != nil {
			return
		}
		if *into, err = period.ParseDate(text); err != nil {
			err = fault.New(fault.Invalid, "web.date", text)
		}
	}
	read("from", &from)
	read("to", &to)
	return from, to, err
}

func (m *Module) auditLog(r *web.Request) (web.Answer, error) {
	type shown = eventShown
	list := web.List[shown]{
		Name: "accounts.audit",
		Columns: []web.Column[shown]{
			{Key: "at", Cell: func(e shown) web.Cell {
				return web.Cell{Text: stamp(e.At), Href: fmt.Sprintf("/events/%d/%d", e.Home, e.ID)}
			}},
			{Key: "kind", Cell: func(e shown) web.Cell { return web.Cell{Text: m.kindName(r, e.Kind)} }},
			{Key: "subject", Cell: func(e shown) web.Cell { return web.Cell{Text: e.Subject} }},
			{Key: "who", Cell: func(e shown) web.Cell {
				return web.Cell{Text: strings.TrimSpace(e.Name.Login + " " + m.who(r, e.Actor,
					e.Name.Name))}
			}},
			{Key: "place", Cell: func(e shown) web.Cell { return web.Cell{Text: m.placeCell(r, e.Place)} }},
			{Key: "home", Hidden: true, Number: true, Cell: func(e shown) web.Cell {
				return web.Cell{Text: strconv.FormatInt(e.Home, 10), Value: e.Home}
			}},
			{Key: "body", Hidden: true, Cell: func(e shown) web.Cell { return web.Cell{Text: e.Body} }},
		},
		Filters: []web.Filter{{Key: "kind", Kind: web.TextFilter}, {Key: "who", Kind: web.TextFilter},
			{Key: "subject", Kind: web.TextFilter}, {Key: "place", Kind: web.PlaceFilter},
			{Key: "from", Kind: web.DateFilter}, {Key: "to", Kind: web.DateFilter}},
		Load: m.loadEvents(r),
	}
	return list.Answer(r)
}

func (m *Module) loadEvents(r *web.Request) func(context.Context, web.Query) (
	web.Rows[eventShown], error) {
	return func(ctx context.Context, q web.Query) (web.Rows[eventShown], error) {
		var rows web.Rows[eventShown]
		ask := audit.EventQuery{Kind: m.kindKey(r, q.Filter["kind"]), Subject: q.Filter["subject"],
			After: q.After, Limit: q.Limit}
		var err error
		if ask.From, ask.To, err = days(q); err != nil {
			return rows, err
		}
		if ask.Place, err = m.placeOf(ctx, q.Filter["place"]); err != nil {
			return rows, err
		}
		if login := q.Filter["who"]; login != "" {
			a, err := m.host.Identity.ByLogin(ctx, access.Machine, login)
			if err != nil {
				return rows, err
			}
			ask.Actor = a.ID
		}
		list, total, err := m.host.Audit.Events(ctx, r.Actor, ask)
		if err != nil {
			return rows, err
		}
		rows.Total = counted(total)
		rows.Items, err = m.eventsShown(ctx, list)
		if n := len(rows.Items); n == q.Limit {
			rows.Next = audit.EventKey(rows.Items[n-1].StoredEvent)
		}
		return rows, err
	}
}

// kindName is a kind of event in words, if a module has given them (event.KIND), else its key.
func (m *Module) kindName(r *web.Request, kind string) string {
	if m.host.Dictionary.Has("event." + kind) {
		return r.T("event." + kind)
	}
	return kind
}

// kindKey finds the kind a person means, by its words or by the beginning of its key.
func (m *Module) kindKey(r *web.Request, text string) string {
	if text == "" {
		return ""
	}
	for _, key := range m.host.Dictionary.Keys() {
		if kind, ok := strings.CutPrefix(key, "event."); ok && r.T(key) == text {
			return kind
		}
	}
	return text
}

func (m *Module) placeCell(r *web.Request, place int64) string {
	if place == 0 {
		return ""
	}
	return m.whereName(r, place, 0)
}

// eventView is the page of one event.
type eventView struct {
	eventShown
	KindName, Who, Where, At string
	Body                     string // indented
	Rows                     []rowView
	Proof                    string // "" as long as the event waits for the log
	Certificate              string // address
}

type rowView struct {
	store.RowChange
	Hash string // "" the row is gone
}

func (m *Module) event(r *web.Request) (web.Answer, error) {
	home, id, err := eventRef(r)
	if err != nil {
		return nil, err
	}
	e, rows, err := m.host.Audit.Event(r.Context(), r.Actor, home, id)
	if err != nil {
		return nil, err
	}
	named, err := m.eventsShown(r.Context(), []store.StoredEvent{e})
	if err != nil {
		return nil, err
	}
	v := eventView{eventShown: named[0], KindName: m.kindName(r, e.Kind), At: stamp(e.At),
		Who:         strings.TrimSpace(named[0].Login + " " + m.who(r, e.Actor, named[0].Name.Name)),
		Where:       m.placeCell(r, e.Place),
		Certificate: fmt.Sprintf("/events/%d/%d/certificate", home, id)}
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(e.Body), "", "  "); err != nil {
		return nil, err
	}
	v.Body = indented.String()
	for _, row := range rows {
		one := rowView{RowChange: row}
		if row.Digest != (store.Digest{}) {
			one.Hash = hex.EncodeToString(row.Digest[:])
		}
		v.Rows = append(v.Rows, one)
	}
	proof, err := m.host.Log.Certificate(r.Context(), home, id)
	if err != nil && !fault.HasKey(err, "log.certificate.waiting") {
		return nil, err
	}
	v.Proof = proof
	return web.View("accounts/event", web.Page{Title: v.KindName, Data: v,
		Trail: []web.Crumb{{Text: r.T("accounts.menu.audit"), Href: "/audit"}, {Text: v.KindName}}}), nil
}

func eventRef(r *web.Request) (home, id int64, err error) {
	if home, err = r.ID("home"); err == nil {
		id, err = r.ID("id")
	}
	return home, id, err
}

// certificate gives the proof of an event to keep: anybody can check it offline.
func (m *Module) certificate(r *web.Request) (web.Answer, error) {
	home, id, err := eventRef(r)
	if err != nil {
		return nil, err
	}
	if _, _, err := m.host.Audit.Event(r.Context(), r.Actor, home, id); err != nil {
		return nil, err
	}
	text, err := m.host.Log.Certificate(r.Context(), home, id)
	if err != nil {
		return nil, err
	}
	return web.File(fmt.Sprintf("terrace-event-%d-%d.txt", home, id), "text/plain; charset=utf-8",
		strings.NewReader(text)), nil
}
