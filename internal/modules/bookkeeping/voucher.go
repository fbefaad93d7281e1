package bookkeeping

import (
	"html/template"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// askedVoucher is a voucher somebody has asked for, with its lines and its books.
type askedVoucher struct {
	ledger.Voucher
	opened
	rows []ledger.PostingRow
}

// askedVoucher is the voucher of the address, if the reader may do an act at the place of its books. To
// others there is none.
func (s *Bookkeeping) askedVoucher(r *web.Request, permit access.Permit) (askedVoucher, error) {
	home, id, err := refOf(r)
	if err != nil {
		return askedVoucher{}, err
	}
	return store.Read(r.Context(), s.host.Store, func(v *store.View) (askedVoucher, error) {
		return s.voucherIn(v, r.Actor, permit, ledger.VoucherRef{Home: home, ID: id})
	})
}

func (s *Bookkeeping) voucherIn(v store.Reader, actor access.Actor, permit access.Permit,
	ref ledger.VoucherRef) (q askedVoucher, err error) {
	if q.Voucher, q.rows, err = ledger.VoucherOf(v, ref); err != nil {
		return q, err
	}
	q.opened, err = s.openedIn(v, actor, permit, q.Voucher.BookRef())
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "ledger.no_voucher").Because(err)
	}
	return q, err
}

// voucherView is the page of a voucher.
type voucherView struct {
	ledger.Voucher
	Books     opened
	Self      string
	Tone      string
	Lines     []postingView
	Totals    grid.Totals
	Timeline  []momentView
	Other     *otherView // the voucher that it reverses, or that reverses it
	Pictures  []files.File
	Documents []files.File
	Forecast  *forecastView
	Obstacle  string // why it cannot be checked now
	Cards     []template.HTML
	PlaceName string
	Today     period.Date
	Last      period.Date

	MayCheck, MayAmend, MayReverse, MayAttach, MaySee, MayEnter bool
}

// Origin is the word for what made the voucher, if it was not a person; "": nobody has named it.
func (v voucherView) Origin() string {
	kind, _, _ := strings.Cut(v.Source, "/")
	if slices.Contains([]string{"close", "depreciation", "check", "contract", "file", "bank"}, kind) {
		return "books.source." + kind
	}
	return ""
}

// Word is its number, or that it has none.
func (v voucherView) Word() string { return v.Voucher.Word() }

// postingView is a line of a voucher with its account in words.
type postingView struct {
	ledger.PostingRow
	Name          string
	Debit, Credit string
	Detail        string // the counterparty, or a named detail in words
	Link          string // the postings of its account
}

// momentView is a line of the timeline.
type momentView struct {
	What, Who, At, Reason string
}

// otherView is a voucher that belongs to this one.
type otherView struct {
	Address, Word, Date string
	Reverses            bool // this one takes the other back
}

// tone is the mark of a voucher's status.
func tone(v ledger.Voucher) string {
	switch {
	case v.Status == ledger.Returned:
		return "due"
	case v.Status != ledger.Posted:
		return "waiting"
	case v.ReversedBy != 0:
		return "stopped"
	}
	return "done"
}

// stateKey is the word of a voucher's status.
func stateKey(v ledger.Voucher) string {
	if v.Status == ledger.Posted && v.ReversedBy != 0 {
		return "books.status.reversed"
	}
	return "books.status." + string(v.Status)
}

// State is the word of the status.
func (v voucherView) State() string { return stateKey(v.Voucher) }

func (s *Bookkeeping) voucher(r *web.Request) (web.Answer, error) {
	q, err := s.askedVoucher(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	return s.voucherPage(r, q)
}

func (s *Bookkeeping) voucherPage(r *web.Request, q askedVoucher) (web.Answer, error) {
	v := voucherView{Voucher: q.Voucher, Books: q.opened, Self: VoucherAddress(q.Voucher.Ref()),
		Tone: tone(q.Voucher), PlaceName: s.places.Name(q.Place), Today: q.lastDay(r.Today()),
		MaySee: r.Can(files.ReadPermit, q.Place)}
	draft := q.Status != ledger.Posted
	enters := r.Can(ledger.MayEnter, q.Place)
	v.MayEnter = enters
	v.MayAmend, v.MayAttach = draft && enters, draft && enters && q.Reverses == 0
	v.MayReverse = !draft && enters && q.ReversedBy == 0 && q.Reverses == 0
	v.MayCheck = q.Status == ledger.Drafted && r.Can(ledger.MayCheck, q.Place) && r.Actor.Account != q.Maker
	v.Lines, v.Totals = linesOf(q, r.Language)
	err := s.host.Store.View(r.Context(), func(w *store.View) error { return s.gather(w, r, q, &v) })
	if err != nil {
		return nil, err
	}
	if v.Timeline, err = s.timeline(r, q.Voucher); err != nil {
		return nil, err
	}
	v.Cards, err = r.Cards("voucher", web.CardSubject{Home: v.Home, ID: v.ID, Place: q.Place,
		On: r.Today()})
	if err != nil {
		return nil, err
	}
	title := r.T("books.voucher") + " " + v.Month + " " + v.Word()
	if draft {
		title = r.T("books.voucher.draft")
	}
	return web.View("bookkeeping/voucher", web.Page{Title: title, Place: q.Place, Data: v,
		Trail: append(trail(r, q.opened), web.Crumb{Text: r.T("books.register.title"),
			Href: Address(q.opened.Ref()) + "/vouchers"})}), nil
}

// linesOf are the lines of a voucher in words, with their sums.
func linesOf(q askedVoucher, l locale.Language) ([]postingView, grid.Totals) {
	var sums grid.Totals
	list := make([]postingView, len(q.rows))
	for i, p := range q.rows {
		one := postingView{PostingRow: p, Name: q.chart.Name(p.Account).In(l),
			Detail: q.chart.DetailName(p.Account, p.Counterparty).In(l),
			Link: postingsAddress(q.opened.Ref(), linesAsked{Accounts: []string{p.Account},
				From: yearOf(q.Voucher.Date), To: q.Voucher.Date, Counterparty: p.Counterparty})}
		if (p.Amount > 0) != p.Red {
			one.Debit, sums.Debit = p.Amount.String(), sums.Debit+p.Amount
		} else {
			one.Credit, sums.Credit = (-p.Amount).String(), sums.Credit-p.Amount
		}
		list[i] = one
	}
	return list, sums
}

// yearOf is the first day of a day's year.
func yearOf(day period.Date) period.Date { return period.NewDate(day.Year(), 1, 1) }

// gather reads what stands beside the voucher.
func (s *Bookkeeping) gather(w *store.View, r *web.Request, q askedVoucher, v *voucherView) error {
	if other := max(q.Reverses, q.ReversedBy); other != 0 {
		one, _, err := ledger.VoucherOf(w, ledger.VoucherRef{Home: q.Voucher.Home, ID: other})
		if err != nil {
			return err
		}
		v.Other = &otherView{VoucherAddress(one.Ref()), one.Word(), string(one.Date), q.Reverses != 0}
	}
	if v.MaySee && q.Files != "" {
		list, err := files.Of(w, q.Voucher.Home, subject(q.Voucher.ID))
		if err != nil {
			return err
		}
		v.Pictures, v.Documents = kept(list, q.FileHashes())
	}
	if q.Status == ledger.Posted {
		return nil
	}
	d := draftOf(q)
	forecast, err := s.ledger.DryRun(w, access.Machine, d)
	if err != nil {
		return err
	}
	if forecast.Refusal != nil {
		v.Obstacle = why(r, forecast.Refusal)
		return nil
	}
	v.Forecast = s.forecastOf(r, q.opened, d, forecast)
	return nil
}

// kept are the files of a voucher's content, once each, pictures apart. Others of the same subject belonged
// to a draft that was amended.
func kept(list []files.File, hashes []string) (pictures, documents []files.File) {
	seen := map[string]bool{}
	for _, f := range list {
		if !slices.Contains(hashes, f.Hash) || seen[f.Hash] {
			continue
		}
		seen[f.Hash] = true
		if files.IsPicture(f.Kind) {
			pictures = append(pictures, f)
		} else {
			documents = append(documents, f)
		}
	}
	return pictures, documents
}

// draftOf is what the voucher says, without what made it.
func draftOf(q askedVoucher) ledger.Draft {
	return ledger.Draft{Book: q.Voucher.BookRef(), Series: q.Series, Date: q.Voucher.Date,
		Summary: q.Summary, Postings: grid.Postings(q.rows), Attachments: q.FileHashes()}
}

// forecastOf shows what checking a draft would do to the accounts it touches.
func (s *Bookkeeping) forecastOf(r *web.Request, o opened, d ledger.Draft,
	f ledger.Forecast) *forecastView {
	moved := map[[2]string]money.Fen{}
	for _, p := range d.Postings {
		moved[[2]string{p.Account, o.chart.Detail(p)}] += p.Amount
	}
	v := &forecastView{Word: f.Word}
	for _, b := range f.Balances {
		name := grid.AccountText(o.chart, b.Account, r.Language)
		if b.Counterparty != "" {
			name += " · " + o.chart.DetailName(b.Account, b.Counterparty).In(r.Language)
		}
		v.Balances = append(v.Balances, balanceLine{name,
			sided(r, b.Amount-moved[[2]string{b.Account, b.Counterparty}]), sided(r, b.Amount)})
	}
	for _, warning := range f.Warnings {
		v.Warnings = append(v.Warnings, r.T(warning.Key, warning.Args...))
	}
	return v
}

// sided is a balance as accountants write it: its side and its amount.
func sided(r *web.Request, amount money.Fen) string {
	switch {
	case amount > 0:
		return r.T("books.side.debit") + " " + amount.String()
	case amount < 0:
		return r.T("books.side.credit") + " " + (-amount).String()
	}
	return r.T("books.side.level")
}

// timeline is what happened to a voucher: entered, returned, checked, reversed.
func (s *Bookkeeping) timeline(r *web.Request, v ledger.Voucher) ([]momentView, error) {
	names, err := s.host.Identity.Names(r.Context(), people(v.Maker, v.Checker))
	if err != nil {
		return nil, err
	}
	who := func(account int64) string {
		if account == 0 {
			return r.T("books.program")
		}
		return names[account].Name
	}
	list := []momentView{{What: r.T("books.moment.entered"), Who: who(v.Maker), At: v.Entered.String()}}
	if v.Reverses != 0 {
		list[0].What, list[0].Reason = r.T("books.moment.reversing"), v.Reason
	}
	switch v.Status {
	case ledger.Returned:
		list = append(list, momentView{What: r.T("books.moment.returned"), Reason: v.Reason})
	case ledger.Posted:
		list = append(list, momentView{What: r.T("books.moment.posted", v.Month, v.Word()),
			Who: who(v.Checker), At: v.PostedAt.String()})
	}
	return list, nil
}

// people are the accounts to be named, each once.
func people(accounts ...int64) []int64 {
	var list []int64
	for _, a := range accounts {
		if a != 0 && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// BooksAddress is the page of its books.
func (v voucherView) BooksAddress() string { return Address(v.Books.Ref()) }
