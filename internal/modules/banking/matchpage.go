package banking

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/match"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// matchView is the page on which a person confirms.
type matchView struct {
	Account
	Self     string
	On       period.Date
	Found    []proposalView
	Lines    []match.Item
	Postings []match.Item
	Held     []heldView
	MayMatch bool
	MayEnter bool
	Refused  *web.Refused
	Ticked   map[string]bool // what was chosen when it was refused
}

type proposalView struct {
	Value    string // lines/postings
	Lines    []match.Item
	Postings []match.Item
	Amount   money.Fen
	Reasons  string
	Sure     bool
}

type heldView struct {
	Match
	Bank, Books string
}

// said tells what the members of a match are: day, who and what for.
func (w Work) said() func(members string) string {
	items := map[string]match.Item{}
	a := w.account(0, 0)
	for _, i := range slices.Concat(a.Lines, a.Postings) {
		items[i.ID] = i
	}
	return func(members string) string {
		var all []string
		for _, id := range strings.Fields(members) {
			i := items[id]
			all = append(all, strings.Join(strings.Fields(string(i.Date)+" "+i.Counterparty+" "+i.Text),
				" "))
		}
		return strings.Join(all, "; ")
	}
}

func (s *Banking) matching(r *web.Request) (web.Answer, error) { return s.matchingPage(r, nil) }

// matchingPage shows what may be the same money, after a refusal with what was chosen.
func (s *Banking) matchingPage(r *web.Request, refused error) (web.Answer, error) {
	a, o, err := s.asked(r, MayRead)
	if err != nil {
		return nil, err
	}
	on, err := r.Date("on")
	if err != nil {
		return nil, err
	}
	if on == "" {
		on = r.Today()
	}
	p, err := store.Read(r.Context(), s.host.Store, func(v *store.View) (Proposals, error) {
		return s.Propose(v, r.Actor, a.Ref(), on)
	})
	if err != nil {
		return nil, err
	}
	v := matchView{Ticked: map[string]bool{}, Account: a, Self: Address(a.Ref()), On: on, Lines: p.Lines,
		Postings: p.Postings,
		MayMatch: r.Can(MayMatch, a.Place), MayEnter: r.Can(ledger.MayEnter, a.Place)}
	for _, f := range p.Found {
		one := proposalView{Value: strings.Join(f.Lines, " ") + "/" + strings.Join(f.Postings, " "),
			Amount: f.Amount, Sure: !slices.Contains(f.Reasons, match.Ambiguous)}
		for _, id := range f.Lines {
			one.Lines = append(one.Lines, p.Items[id])
		}
		for _, id := range f.Postings {
			one.Postings = append(one.Postings, p.Items[id])
		}
		var reasons []string
		for _, reason := range f.Reasons {
			reasons = append(reasons, r.T("banking.reason."+string(reason)))
		}
		one.Reasons = strings.Join(reasons, r.T("banking.and"))
		v.Found = append(v.Found, one)
	}
	status := 0
	if refused != nil {
		if v.Refused, err = r.Refused(refused); err != nil {
			return nil, err
		}
		status = web.Status(fault.Of(refused))
		for _, value := range slices.Concat(r.PostForm["line"], r.PostForm["posting"]) {
			v.Ticked[value] = true
		}
	}
	said := p.Work.said()
	for _, m := range p.Work.Matches[:min(len(p.Work.Matches), heldShown)] {
		v.Held = append(v.Held, heldView{m, said(m.Lines), said(m.Postings)})
	}
	return web.View("banking/matching", web.Page{Title: r.T("banking.matching"), Place: a.Place, Data: v,
		Wide: true, Trail: trail(r, a, o), Status: status}), nil
}

// heldShown is how many matches that hold the page shows.
const heldShown = 50

// confirm takes the proposals that were ticked, or the lines and postings chosen by hand.
func (s *Banking) confirm(r *web.Request) (web.Answer, error) {
	ref, _, err := posted(r, "")
	if err != nil {
		return nil, err
	}
	var groups []Group
	for _, value := range r.PostForm["proposal"] {
		bank, books, _ := strings.Cut(value, "/")
		groups = append(groups, Group{strings.Fields(bank), strings.Fields(books)})
	}
	if bank, books := r.PostForm["line"], r.PostForm["posting"]; len(bank)+len(books) > 0 {
		groups = append(groups, Group{bank, books})
	}
	err = s.Confirm(r.Context(), r.Actor, ref, groups)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.matchingPage(r, err)
	}
	if err != nil {
		return nil, err
	}
	return done(Address(ref)+"/matching", "banking.confirmed"), nil
}

func (s *Banking) undo(r *web.Request) (web.Answer, error) {
	ref, id, err := posted(r, "match")
	if err == nil {
		err = s.Undo(r.Context(), r.Actor, ref, id, r.Field("reason"))
	}
	if err != nil {
		return nil, err
	}
	return done(Address(ref)+"/matching", "banking.undone"), nil
}

// draftLine makes the draft of a voucher from a line and leads to it.
func (s *Banking) draftLine(r *web.Request) (web.Answer, error) {
	ref, line, err := posted(r, "line")
	if err != nil {
		return nil, err
	}
	v, err := s.Enter(r.Context(), r.Actor, ref, line)
	if err != nil {
		return nil, err
	}
	return web.Redirect(fmt.Sprintf("/vouchers/%d/%d", v.Home, v.ID)), nil
}

// reconciliationView is the reconciliation of a day.
type reconciliationView struct {
	Account
	Self     string
	Holder   string
	On       period.Date
	Result   match.Reconciliation
	Table    web.TableView
	Gaps     int
	Asserted *Assertion
	MayMatch bool
	Book     string // the workbook
}

func (s *Banking) reconciliation(r *web.Request) (web.Answer, error) {
	a, o, err := s.asked(r, MayRead)
	if err != nil {
		return nil, err
	}
	on, err := dayOf(r)
	if err != nil {
		return nil, err
	}
	v := reconciliationView{Account: a, Self: Address(a.Ref()), Holder: o.Name, On: on,
		MayMatch: r.Can(MayMatch, a.Place),
		Book:     Address(a.Ref()) + "/reconciliation?format=xlsx&on=" + string(on)}
	err = s.host.Store.View(r.Context(), func(w *store.View) error {
		rec, work, err := s.reconcile(w, a, on)
		if err != nil {
			return err
		}
		v.Result, v.Gaps = rec, len(work.Gaps)
		row, found, err := assertions.First(w, "WHERE home = ? AND account = ? AND day = ?", a.Home, a.ID,
			on)
		if found {
			v.Asserted = &row
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	table := v.Result.Table(s.say, s.say("banking.table.note", o.Name, a.Masked(), string(on)))
	switch r.Field("format") {
	case "xlsx":
		return web.Book(r, r.T("banking.reconciliation")+" "+web.FileDate(on), []words.Table{table})
	case "":
	default:
		return nil, fault.New(fault.Unsupported, "web.format", r.Field("format"))
	}
	v.Table = web.TableIn(r.Language, table)
	v.Table.Title, v.Table.Note = v.Table.Note, "" // the page has the title itself
	return web.View("banking/reconciliation", web.Page{Title: r.T("banking.reconciliation"), Place: a.Place,
		Data: v, Trail: trail(r, a, o)}), nil
}

// say is a text of the dictionary in all languages.
func (s *Banking) say(key string, args ...any) words.Words {
	return words.Each(func(l words.Language) string { return s.host.Dictionary.Text(l, key, args...) })
}

func (s *Banking) assert(r *web.Request) (web.Answer, error) {
	ref, _, err := posted(r, "")
	if err != nil {
		return nil, err
	}
	on, err := r.Date("on")
	if err == nil {
		_, err = s.Assert(r.Context(), r.Actor, ref, on, r.Field("explanation"))
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect(Address(ref) + "/reconciliation?on=" + string(on) + "&" + web.DoneField +
		"=banking.asserted"), nil
}
