package banking

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// uploadMax is how many bytes a posted file and its form may have.
const uploadMax = 32 << 20

func (s *Banking) pages() []web.Route {
	const one = "/bank-accounts/{home}/{id}"
	read, change := web.Permitted(MayRead), web.Permitted(MayMatch)
	return []web.Route{
		{Pattern: "GET /bank-accounts", Access: read, Handle: s.list},
		{Pattern: "GET /bank-accounts/new", Access: change, Handle: s.askAccount},
		{Pattern: "POST /bank-accounts/new", Access: change, Handle: s.takeAccount},
		{Pattern: "GET " + one, Access: read, Handle: s.show},
		{Pattern: "POST " + one + "/end", Access: change, Handle: s.end},
		{Pattern: "POST " + one + "/statements", Access: change, BodyMax: uploadMax, Handle: s.upload},
		{Pattern: "GET " + one + "/staged/{staged}", Access: change, Handle: s.stagedPage},
		{Pattern: "POST " + one + "/staged/{staged}/take", Access: change, Handle: s.takeStaged},
		{Pattern: "POST " + one + "/staged/{staged}/cancel", Access: change, Handle: s.cancelStaged},
		{Pattern: "GET " + one + "/lines", Access: read, Handle: s.linesPage},
		{Pattern: "POST " + one + "/taken/{statement}/withdraw", Access: change, Handle: s.withdraw},
		{Pattern: "GET " + one + "/matching", Access: read, Handle: s.matching},
		{Pattern: "POST " + one + "/matching", Access: change, Handle: s.confirm},
		{Pattern: "POST " + one + "/matches/{match}/undo", Access: change, Handle: s.undo},
		{Pattern: "POST " + one + "/lines/{line}/draft", Access: change, Handle: s.draftLine},
		{Pattern: "GET " + one + "/reconciliation", Access: read, Handle: s.reconciliation},
		{Pattern: "POST " + one + "/reconciliation", Access: change, Handle: s.assert},
	}
}

// Address is an account's page.
func Address(ref Ref) string { return fmt.Sprintf("/bank-accounts/%d/%d", ref.Home, ref.ID) }

// refOf reads the account of the address.
func refOf(r *web.Request) (Ref, error) {
	home, err := r.ID("home")
	if err != nil {
		return Ref{}, err
	}
	id, err := r.ID("id")
	return Ref{home, id}, err
}

// posted reads the account of a posted form's address, and the number in it that has a name.
func posted(r *web.Request, name string) (ref Ref, id int64, err error) {
	if err = r.Posted(); err != nil {
		return ref, 0, err
	}
	if ref, err = refOf(r); err == nil && name != "" {
		id, err = r.ID(name)
	}
	return ref, id, err
}

// asked is the account of the address, if the reader may do an act at its place.
func (s *Banking) asked(r *web.Request, permit access.Permit) (a Account, o registry.Organisation,
	err error) {
	ref, err := refOf(r)
	if err != nil {
		return a, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		if a, err = s.mine(v, r.Actor, permit, ref); err != nil {
			return err
		}
		o, err = registry.Get(v, a.Owner())
		return err
	})
	return a, o, err
}

func trail(r *web.Request, a Account, o registry.Organisation) []web.Crumb {
	return []web.Crumb{{Text: r.T("banking.menu"), Href: "/bank-accounts"},
		{Text: o.Name, Href: registry.Address(o.Ref())}, {Text: a.Masked(), Href: Address(a.Ref())}}
}

// done leads to a page with a word of what just happened.
func done(address, what string) web.Answer {
	return web.Redirect(address + "?" + web.DoneField + "=" + what)
}

// dayOf is the day the address asks for; without one it is the last of the month before.
func dayOf(r *web.Request) (period.Date, error) {
	on, err := r.Date("on")
	if err == nil && on == "" {
		today := r.Today()
		on = period.NewDate(today.Year(), today.Month(), 1).AddDays(-1)
	}
	return on, err
}

// organisation reads which organisation a person means whose accounts the actor may match.
func (s *Banking) organisation(ctx context.Context, actor access.Actor,
	text string) (registry.Organisation, error) {
	return registry.Chooser{Host: s.host, Places: s.places, Read: MayMatch}.Find(ctx, actor, text)
}

// accountBody is an account in a list, for people and for programs.
type accountBody struct {
	Home         int64       `json:"home" db:"home"`
	ID           int64       `json:"id" db:"id"`
	Organisation int64       `json:"organisation" db:"organisation"`
	Owner        string      `json:"owner,omitempty" db:"owner"`
	Bank         string      `json:"bank" db:"bank"`
	Tail         string      `json:"tail" db:"tail" doc:"Last digits of its number."`
	Lines        int64       `json:"lines" db:"lines"`
	Last         period.Date `json:"last,omitempty" db:"last_day" doc:"Of the statements."`
	Asserted     period.Date `json:"asserted,omitempty" db:"asserted"`
	Ended        period.Date `json:"ended,omitempty" db:"ended"`
}

func (a accountBody) account() Account {
	return Account{Home: a.Home, ID: a.ID, Organisation: a.Organisation, Bank: a.Bank, Tail: a.Tail,
		Ended: a.Ended}
}

func (s *Banking) list(r *web.Request) (web.Answer, error) {
	l := web.List[accountBody]{Name: "banking.list", AboveView: "banking/above",
		Above: !r.Scope(MayMatch).Empty(),
		Columns: []web.Column[accountBody]{
			{Key: "account", Cell: func(a accountBody) web.Cell {
				return web.Cell{Text: a.account().Masked(), Href: Address(Ref{a.Home, a.ID})}
			}},
			{Key: "owner", Cell: func(a accountBody) web.Cell {
				return web.Cell{Text: a.Owner, Href: registry.Address(a.account().Owner())}
			}},
			{Key: "lines", Number: true, Cell: func(a accountBody) web.Cell {
				return web.Cell{Text: strconv.FormatInt(a.Lines, 10), Value: a.Lines}
			}},
			{Key: "last", Cell: func(a accountBody) web.Cell { return web.Cell{Text: string(a.Last)} }},
			{Key: "asserted",
				Cell: func(a accountBody) web.Cell { return web.Cell{Text: string(a.Asserted)} }},
			{Key: "ended", Hidden: true, Cell: func(a accountBody) web.Cell {
				if a.Ended == period.Open {
					return web.Cell{}
				}
				return web.Cell{Text: string(a.Ended)}
			}},
		},
		Filters: []web.Filter{{Key: "organisation", Kind: web.TextFilter}}}
	l.Load = func(ctx context.Context, q web.Query) (web.Rows[accountBody], error) {
		return s.load(ctx, r.Scope(MayRead), q)
	}
	return l.Answer(r)
}

// listText reads accounts with what a list says of them.
const listText = `SELECT a.home AS home, a.id AS id, a.organisation AS organisation, a.bank AS bank,
	a.tail AS tail, a.ended AS ended, o.name AS owner,
	(SELECT count(*) FROM bank_line WHERE home = a.home AND account = a.id AND` + lineHeld + `) AS lines,
	COALESCE((SELECT max(ends) FROM bank_statement WHERE home = a.home AND account = a.id
		AND` + statementHeld + `), '') AS last_day,
	COALESCE((SELECT max(x.day) FROM bank_assertion x WHERE x.home = a.home AND x.account = a.id), '')
	AS asserted FROM `

const listFrom = "bank_account a JOIN organisation o ON o.home = a.home AND o.id = a.organisation"

// within is what a list is read from: whole counties by home, what lies below by its places first.
func (s *Banking) within(scope access.Scope, w *store.Where) string {
	reach := registry.ReachOf(s.places, scope)
	if reach.All {
		return listFrom
	}
	if !reach.Within() {
		inside, args := scope.SQL("p.path")
		w.And("a.place = p.place AND "+inside, args...)
		return "place_path p CROSS JOIN " + listFrom
	}
	homes := make([]any, len(reach.Homes))
	for i, home := range reach.Homes {
		homes[i] = home
	}
	w.And("a.home IN (?"+strings.Repeat(", ?", len(homes)-1)+")", homes...)
	return listFrom
}

func (s *Banking) load(ctx context.Context, scope access.Scope, q web.Query) (page web.Rows[accountBody],
	err error) {
	var w store.Where
	from := s.within(scope, &w)
	home, id, err := web.ParseKeyCursor(q.After)
	if err != nil {
		return page, err
	}
	w.And("(a.home, a.id) > (?, ?)", home, id)
	if text := q.Filter["organisation"]; text != "" {
		if ref, ok := registry.ParseRef(text); ok {
			w.And("a.home = ? AND a.organisation = ?", ref.Home, ref.ID)
		} else {
			w.And(`lower(o.name) LIKE ? ESCAPE '\'`, store.Like(text))
		}
	}
	rows, err := store.Read(ctx, s.host.Store, func(v *store.View) ([]accountBody, error) {
		return store.All[accountBody](v, listText+from+w.SQL()+" ORDER BY a.home, a.id LIMIT ?",
			w.Args(q.Limit+1)...)
	})
	page.Total.Unknown = true
	for i, row := range rows {
		if i == q.Limit {
			last := rows[i-1]
			page.Next = web.KeyCursor(last.Home, last.ID)
			break
		}
		page.Items = append(page.Items, row)
	}
	return page, err
}

// cardView is what the page of an organisation shows of its accounts.
type cardView struct {
	Accounts []Account
	Add      string
}

// Address is an account's page, for views.
func (a Account) Address() string { return Address(a.Ref()) }

func (s *Banking) cards() []web.Card {
	return []web.Card{
		{On: "organisation", Order: 36, Permit: MayRead, View: "banking/card", Render: s.card},
		{On: "books-owner", Order: 36, Permit: MayRead, View: "banking/card", Render: s.card},
	}
}

// card shows the accounts of an organisation, on its own page and on that of its books.
func (s *Banking) card(r *web.Request, on web.CardSubject) (any, error) {
	v := cardView{}
	var err error
	owner := registry.Ref{Home: on.Home, ID: on.ID}
	v.Accounts, err = store.Read(r.Context(), s.host.Store, func(w *store.View) ([]Account, error) {
		return AccountsOf(w, owner)
	})
	if r.Can(MayMatch, on.Place) {
		v.Add = "/bank-accounts/new?organisation=" + owner.String()
	}
	if len(v.Accounts) == 0 && v.Add == "" {
		return nil, err
	}
	return v, err
}
