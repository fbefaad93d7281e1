package bookkeeping

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/bookkeeping/months"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Sizes of the pieces of the screen.
const (
	vouchersShown = 12
	latestShown   = 5 // of a month that has none
	draftsShown   = 50
	agedShown     = 12
	claimsMax     = 5000 // postings of an account whose ages are told; of more none are
)

// boardView is the books on one screen.
type boardView struct {
	Books       opened
	Self        string
	Chart       string
	PlaceName   string
	On          period.Date
	Month       string
	Money       []moneyLine // cash and bank
	Figures     figures
	Receivables []agedLine
	Payables    []agedLine
	Vouchers    []ledger.Voucher // of the month; if it has none the latest
	Earlier     bool             // they are the latest before it
	Drafts      []draftLine
	MoreDrafts  bool
	Months      []months.Month
	Statements  []statementLink
	Others      []otherBooks
	Cards       []template.HTML // of the books
	Owner       []template.HTML // of whose books they are: bank accounts
	Due         []template.HTML // what is due to them and from them

	MayEnter, MayCheck, MayClose, MayReopen bool
}

// figures are what a leader looks at first.
type figures struct {
	Cash, Receivable, Payable money.Fen
	Vouchers                  int
	VouchersMore              bool
	Drafts                    int
}

// moneyLine is an account that holds money.
type moneyLine struct {
	Name, Href string
	Amount     money.Fen
	Overdrawn  bool
}

// agedLine is what a counterparty owes or is owed, by age.
type agedLine struct {
	Name, Account, Href string
	Total               money.Fen
	Bands               []bandView // nil: too many postings to tell
	Oldest              period.Date
}

// bandView is what is of one age.
type bandView struct {
	Key    string
	Amount money.Fen
}

// draftLine is a draft that waits.
type draftLine struct {
	ledger.Voucher
	Address, Tone, State string
	MayCheck             bool
}

// otherBooks are books of the same organisation under another chart.
type otherBooks struct{ Address, Title string }

// board shows the books of a village.
func (s *Bookkeeping) board(r *web.Request) (web.Answer, error) {
	o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	v := boardView{Books: o, Self: Address(o.Ref()), Chart: o.chart.Title.In(r.Language),
		PlaceName: s.places.Name(o.Place), On: o.lastDay(r.Today()),
		MayEnter: r.Can(ledger.MayEnter, o.Place) && o.firstDay() < o.Until,
		MayCheck: r.Can(ledger.MayCheck, o.Place),
		MayClose: r.Can(ledger.MayClose, o.Place), MayReopen: r.Can(ledger.MayReopen, o.Place)}
	v.Month = period.Containing(v.On, period.Month).String()
	err = s.host.Store.View(r.Context(), func(w *store.View) error { return s.fillBoard(w, r, &v) })
	if err != nil {
		return nil, err
	}
	for _, one := range statementsOf(o.chart) {
		v.Statements = append(v.Statements, statementLink{one.Title.In(r.Language),
			statementAddress(o.Ref(), one.Key), false})
	}
	v.Months = months.Books{From: o.From, Open: o.firstDay(), Closed: o.Closed}.Until(v.On, r.Today())
	on := web.CardSubject{Home: o.Home, ID: o.ID, Place: o.Place, On: v.On}
	if v.Cards, err = r.Cards("books", on); err != nil {
		return nil, err
	}
	on.ID = o.Organisation
	if v.Owner, err = r.Cards("books-owner", on); err != nil {
		return nil, err
	}
	if o.Until > r.Today() { // what is due is due to the books that run
		if v.Due, err = r.Cards("books-due", on); err != nil {
			return nil, err
		}
	}
	return web.View("bookkeeping/board", web.Page{Title: o.Owner.Name, Data: v, Wide: true, Place: o.Place,
		Trail: trail(r, o)[:1]}), nil
}

// fillBoard reads what the screen shows.
func (s *Bookkeeping) fillBoard(w *store.View, r *web.Request, v *boardView) error {
	balances, err := ledger.Balances(w, v.Books.Ref(), v.On)
	if err != nil {
		return err
	}
	v.Money = v.Books.moneyOf(balances, v.On, r.Language)
	for _, m := range v.Money {
		v.Figures.Cash += m.Amount
	}
	if v.Receivables, v.Payables, err = v.Books.aged(w, balances, v.On, r.Language); err != nil {
		return err
	}
	v.Figures.Receivable, v.Receivables = shorten(v.Receivables, r)
	v.Figures.Payable, v.Payables = shorten(v.Payables, r)
	list, next, err := ledger.Search(w, ledger.Query{Book: v.Books.Ref(), From: v.Month, To: v.Month,
		Limit: ledger.LimitMax})
	if err != nil {
		return err
	}
	v.Figures.Vouchers, v.Figures.VouchersMore = len(list), next != ""
	if v.Earlier = len(list) == 0; v.Earlier {
		if list, _, err = ledger.Search(w, ledger.Query{Book: v.Books.Ref(),
			Limit: latestShown}); err != nil {
			return err
		}
	}
	v.Vouchers = list[:min(len(list), vouchersShown)]
	drafts, next, err := ledger.Search(w, ledger.Query{Book: v.Books.Ref(), Open: true, Limit: draftsShown})
	if err != nil {
		return err
	}
	v.Figures.Drafts, v.MoreDrafts = len(drafts), next != ""
	for _, d := range drafts {
		v.Drafts = append(v.Drafts, draftLine{d, VoucherAddress(d.Ref()), tone(d), stateKey(d),
			v.MayCheck && d.Status == ledger.Drafted && d.Maker != r.Actor.Account})
	}
	return v.others(w, r)
}

// others are the books of the same organisation under another chart.
func (v *boardView) others(w *store.View, r *web.Request) error {
	list, err := ledger.BooksOf(w, ownerOf(v.Books.Book))
	for _, b := range list {
		if b.ID != v.Books.ID {
			v.Others = append(v.Others, otherBooks{Address(b.Ref()),
				r.T("books.other", b.Chart, string(b.From))})
		}
	}
	return err
}

// moneyOf are the accounts that hold money, with what is on them.
func (o opened) moneyOf(balances []book.Balance, on period.Date, l locale.Language) []moneyLine {
	var list []moneyLine
	for _, code := range o.chart.Cash() {
		sum := money.Fen(0)
		for _, b := range balances {
			if b.Account == code {
				sum += b.Amount
			}
		}
		list = append(list, moneyLine{grid.AccountText(o.chart, code, l), postingsAddress(o.Ref(),
			linesAsked{Accounts: []string{code}, From: max(yearOf(on), o.From), To: on}), sum, sum < 0})
	}
	return list
}

// aged are the details of the accounts that are kept per counterparty, by the side on which each stands:
// what is owed to the organisation, and what it owes.
func (o opened) aged(r store.Reader, balances []book.Balance, on period.Date,
	l locale.Language) (receivables, payables []agedLine, err error) {
	accounts := map[string][]book.Balance{}
	for _, b := range balances {
		a, _ := o.chart.Account(b.Account)
		if a.Detail && (a.Class == book.Asset || a.Class == book.Liability) {
			accounts[b.Account] = append(accounts[b.Account], b)
		}
	}
	for _, a := range o.chart.Accounts {
		list := accounts[a.Code]
		if len(list) == 0 {
			continue
		}
		in, out, err := o.agesOf(r, a.Code, on)
		if err != nil {
			return nil, nil, err
		}
		for _, b := range list {
			line := agedLine{Name: cmp.Or(o.chart.DetailName(b.Account, b.Counterparty).In(l), "–"),
				Account: grid.AccountText(o.chart, b.Account, l), Total: abs(b.Amount),
				Href: postingsAddress(o.Ref(), linesAsked{Accounts: []string{b.Account},
					From: max(yearOf(on), o.From), To: on, Counterparty: b.Counterparty})}
			if b.Amount > 0 {
				line.age(in[b.Counterparty])
				receivables = append(receivables, line)
			} else {
				line.age(out[b.Counterparty])
				payables = append(payables, line)
			}
		}
	}
	return receivables, payables, nil
}

// age puts the ages in, if they are of the same total.
func (l *agedLine) age(a book.Aged) {
	if a.Total == l.Total {
		for i, amount := range a.Bands {
			l.Bands = append(l.Bands, bandView{"books.age." + strconv.Itoa(i+1), amount})
		}
		l.Oldest = a.Oldest
	}
}

// agesOf tells the ages of the details of an account from all its postings: of what is owed to us, and of
// what we owe. What stood there when the books began is as old as they are.
func (o opened) agesOf(r store.Reader, account string, on period.Date) (in, out map[string]book.Aged,
	err error) {
	var claims []book.Claim
	opening, err := ledger.Balances(r, o.Ref(), o.From.AddDays(-1))
	if err != nil {
		return nil, nil, err
	}
	for _, b := range opening {
		if b.Account == account {
			claims = append(claims, book.Claim{Counterparty: b.Counterparty, Date: o.From,
				Amount: b.Amount})
		}
	}
	after := ""
	for {
		list, next, err := ledger.PostingsOf(r, ledger.Lines{Book: o.Ref(), Account: account, To: on,
			After: after, Limit: ledger.LimitMax})
		if err != nil {
			return nil, nil, err
		}
		for _, p := range list {
			claims = append(claims, book.Claim{Counterparty: p.Counterparty, Date: p.Date,
				Amount: p.Amount, Red: p.Red})
		}
		if len(claims) > claimsMax {
			return nil, nil, nil
		}
		if after = next; next == "" {
			break
		}
	}
	if in, err = agedBy(claims, on); err != nil {
		return nil, nil, err
	}
	for i := range claims {
		claims[i].Amount = -claims[i].Amount
	}
	out, err = agedBy(claims, on)
	return in, out, err
}

func agedBy(claims []book.Claim, on period.Date) (map[string]book.Aged, error) {
	list, err := book.Age(claims, on)
	all := make(map[string]book.Aged, len(list))
	for _, a := range list {
		all[a.Counterparty] = a
	}
	return all, err
}

// shorten keeps the largest, and adds up all.
func shorten(lines []agedLine, r *web.Request) (total money.Fen, shown []agedLine) {
	slices.SortStableFunc(lines, func(a, b agedLine) int { return cmp.Compare(b.Total, a.Total) })
	for _, l := range lines {
		total += l.Total
	}
	if len(lines) <= agedShown {
		return total, lines
	}
	rest := agedLine{Name: r.T("books.others", len(lines)-agedShown)}
	for _, l := range lines[agedShown:] {
		rest.Total += l.Total
	}
	return total, append(lines[:agedShown:agedShown], rest)
}

// waiting are the drafts of books that wait to be checked.
func (s *Bookkeeping) waiting(ctx context.Context, o opened, limit int) ([]ledger.Voucher, error) {
	list, err := store.Read(ctx, s.host.Store, func(w *store.View) ([]ledger.Voucher, error) {
		list, _, err := ledger.Search(w, ledger.Query{Book: o.Ref(), Open: true, Limit: ledger.LimitMax})
		return list, err
	})
	list = slices.DeleteFunc(list, func(v ledger.Voucher) bool { return v.Status != ledger.Drafted })
	return list[:min(len(list), limit)], err
}

// cards are what the pages of places and organisations show of their books.
func (s *Bookkeeping) cards() []web.Card {
	return []web.Card{
		{On: "place", Order: 45, Permit: ledger.MayRead, View: "bookkeeping/card", Render: s.placeCard},
		{On: "organisation", Order: 45, Permit: ledger.MayRead, View: "bookkeeping/card",
			Render: s.organisationCard},
		{On: "pulse", Order: 4, Permit: ledger.MayCheck, View: "bookkeeping/waiting",
			Render: s.waitingCard},
		{On: "pulse", Order: 5, Permit: ledger.MayRead, View: "bookkeeping/card", Render: s.placeCard},
	}
}

// cardView is the key figures of books.
type cardView struct {
	Address, Closed, Enter string
	Cash                   money.Fen
	Receivable, Payable    money.Fen
	Drafts                 int
	DraftsMore             bool
}

// placeCard is of the organisation right at the place.
func (s *Bookkeeping) placeCard(r *web.Request, on web.CardSubject) (any, error) {
	o, err := store.Read(r.Context(), s.host.Store, func(w *store.View) (registry.Organisation, error) {
		o, _, err := registry.At(w, on.ID)
		return o, err
	})
	if err != nil || o.ID == 0 {
		return nil, err
	}
	return s.bookCard(r, o.Ref(), on.On)
}

func (s *Bookkeeping) organisationCard(r *web.Request, on web.CardSubject) (any, error) {
	return s.bookCard(r, registry.Ref{Home: on.Home, ID: on.ID}, on.On)
}

// bookCard reads the card of the books that run on a day.
func (s *Bookkeeping) bookCard(r *web.Request, ref registry.Ref, on period.Date) (any, error) {
	var v *cardView
	err := s.host.Store.View(r.Context(), func(w *store.View) error {
		b, found, err := ledger.Of(w, ref, on)
		if err != nil || !found {
			return err
		}
		chart, err := s.chartOf(b)
		if err != nil {
			return err
		}
		o := opened{Book: b, chart: chart}
		v = &cardView{Address: Address(b.Ref()), Closed: b.Closed}
		if r.Can(ledger.MayEnter, b.Place) {
			v.Enter = Address(b.Ref()) + "/vouchers/new"
		}
		balances, err := ledger.Balances(w, b.Ref(), on)
		if err != nil {
			return err
		}
		v.fill(o, balances)
		drafts, next, err := ledger.Search(w, ledger.Query{Book: b.Ref(), Open: true, Limit: draftsShown})
		v.Drafts, v.DraftsMore = len(drafts), next != ""
		return err
	})
	if err != nil || v == nil {
		return nil, err
	}
	return v, nil
}

func (v *cardView) fill(o opened, balances []book.Balance) {
	cash := o.chart.Cash()
	for _, b := range balances {
		a, _ := o.chart.Account(b.Account)
		switch {
		case slices.Contains(cash, b.Account):
			v.Cash += b.Amount
		case !a.Detail || a.Class != book.Asset && a.Class != book.Liability:
		case b.Amount > 0:
			v.Receivable += b.Amount
		default:
			v.Payable -= b.Amount
		}
	}
}
