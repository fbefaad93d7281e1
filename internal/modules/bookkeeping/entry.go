package bookkeeping

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// entryView is the page on which a voucher is entered or amended.
type entryView struct {
	opened
	grid.Grid
	Action        string
	Back          string
	Version       int64  // of the draft that is amended; 0: a new one
	Key           string // so that a form sent twice is taken once
	Saved         string // the voucher that was saved just before, when entering one after another
	SeriesOptions []web.Option
	Rows          []grid.Row
	Template      string
	Templates     []templateView
	Copies        []templateView // vouchers to be entered once more
	Accounts      []accountView
	Details       []web.Option
	First         period.Date // of the days that may be booked
	Last          period.Date
	Refused       *web.Refused
	Forecast      *forecastView
}

// templateView is a template of the chart to choose from.
type templateView struct {
	Key, Title, Group string
	Chosen            bool
}

// forecastView is what would happen if the voucher were checked now.
type forecastView struct {
	Word     string // the number it would get
	Balances []balanceLine
	Warnings []string
}

// balanceLine is the balance of an account before and after, with its side.
type balanceLine struct{ Account, Before, After string }

// askEntry shows an empty voucher, or one that a template has begun.
func (s *Bookkeeping) askEntry(r *web.Request) (web.Answer, error) {
	o, err := s.asked(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	g := grid.Grid{Date: r.Field("date"), Series: r.Field("series")}
	if _, err := period.ParseDate(g.Date); err != nil {
		g.Date = string(o.lastDay(r.Today()))
	}
	key := r.Field("template")
	if id, copied := strings.CutPrefix(key, copyPrefix); copied {
		if err := s.copyOf(r, o, id, &g); err != nil {
			return nil, err
		}
	} else if key != "" {
		t, known := o.chart.Template(key)
		if !known {
			return nil, fault.New(fault.NotFound, "books.no_template", key)
		}
		g.Begin(t, o.chart, r.Language)
	}
	v := s.entryView(r, o, g)
	v.Template, v.Saved = key, r.Field("saved")
	if v.Copies, err = s.copies(r, o); err != nil {
		return nil, err
	}
	return s.entryPage(r, v, nil)
}

// copyPrefix stands before the number of a voucher that is to be copied, where a template's key stands.
const copyPrefix = "voucher/"

// copyOf lays out a voucher of the same books once more: its lines and amounts, on a day of its own.
func (s *Bookkeeping) copyOf(r *web.Request, o opened, text string, g *grid.Grid) error {
	id, _ := strconv.ParseInt(text, 10, 64) // none has the number 0
	return s.host.Store.View(r.Context(), func(w *store.View) error {
		v, rows, err := ledger.VoucherOf(w, ledger.VoucherRef{Home: o.Home, ID: id})
		if err == nil && v.BookRef() != o.Ref() {
			err = fault.New(fault.NotFound, "ledger.no_voucher")
		}
		if err == nil {
			d := draftOf(askedVoucher{Voucher: v, opened: o, rows: rows})
			d.Date = period.Date(g.Date)
			*g = grid.Of(d, o.chart, r.Language)
		}
		return err
	})
}

// copiesMax is how many vouchers there are to choose from.
const copiesMax = 20

// copies are the latest vouchers that people entered, one of each summary.
func (s *Bookkeeping) copies(r *web.Request, o opened) (list []templateView, err error) {
	err = s.host.Store.View(r.Context(), func(w *store.View) error {
		list = nil
		all, _, err := ledger.Search(w, ledger.Query{Book: o.Ref(), Limit: ledger.LimitMax})
		for _, v := range all {
			known := slices.ContainsFunc(list, func(t templateView) bool { return t.Group == v.Summary })
			if v.Source == "" && v.Reverses == 0 && !known && len(list) < copiesMax {
				list = append(list, templateView{Key: copyPrefix + strconv.FormatInt(v.ID, 10),
					Title: string(v.Date) + " " + v.Summary + " " + v.Total.String(), Group: v.Summary})
			}
		}
		return err
	})
	return list, err
}

// lastDay is the last day that may be booked: today, or the last day of books that have ended.
func (o opened) lastDay(today period.Date) period.Date {
	if o.Until <= today {
		return o.Until.AddDays(-1)
	}
	return max(today, o.firstDay())
}

// firstDay is the first day of the first open month.
func (o opened) firstDay() period.Date {
	if month, err := period.Parse(o.Closed); err == nil {
		return max(o.From, month.Next().First())
	}
	return o.From
}

func (s *Bookkeeping) entryView(r *web.Request, o opened, g grid.Grid) entryView {
	g.Pad(grid.LinesFirst)
	for i := range g.Lines {
		account, _ := o.chart.Account(accountCode(o.chart, g.Lines[i].Account))
		g.Lines[i].AskDetail = account.PerDetail()
	}
	v := entryView{opened: o, Grid: g, Action: Address(o.Ref()) + "/vouchers/new", Back: Address(o.Ref()),
		Key:      fmt.Sprintf("page/%d/%d", o.ID, r.Now),
		Accounts: accountsOf(o.chart, r.Language), First: o.firstDay(), Last: o.lastDay(r.Today())}
	for _, series := range ledger.SeriesAll {
		v.SeriesOptions = append(v.SeriesOptions, web.Option{Value: series, Text: r.T("books.series." +
			series)})
	}
	for _, t := range o.chart.Templates {
		v.Templates = append(v.Templates, templateView{t.Key, t.Title.In(r.Language), t.Group, false})
	}
	for _, a := range o.chart.Accounts {
		for _, d := range a.Details {
			option := web.Option{Value: d.Name.In(r.Language), Text: d.Code}
			if !slices.Contains(v.Details, option) {
				v.Details = append(v.Details, option)
			}
		}
	}
	return v
}

func (s *Bookkeeping) entryPage(r *web.Request, v entryView, refused error) (web.Answer, error) {
	status := 0
	if refused != nil {
		words, err := r.Refused(refused)
		if err != nil || !mendable(refused) {
			return nil, cmp.Or(err, refused)
		}
		v.Refused, status = words, web.Status(fault.Of(refused))
	} else if len(v.Errors) > 0 {
		status = web.Status(fault.New(fault.Invalid, "web.form"))
	}
	if v.Grid.Series == "" {
		v.Grid.Series = ledger.General
	}
	v.Rows = v.Grid.Rows(r.T)
	for _, list := range [][]templateView{v.Templates, v.Copies} {
		for i := range list {
			list[i].Chosen = list[i].Key == v.Template
		}
	}
	title := r.T("books.enter")
	if v.Version > 0 {
		title = r.T("books.amend")
	}
	return web.View("bookkeeping/entry", web.Page{Title: title, Data: v, Status: status, Place: v.Place,
		Wide: true, Trail: trail(r, v.opened)}), nil
}

// mendable reports whether whoever filled the form in can do something about a refusal.
func mendable(err error) bool {
	f := fault.Of(err)
	return slices.Contains([]fault.Code{fault.Invalid, fault.Conflict, fault.Stale, fault.TooLarge}, f.Code)
}

// takeEntry takes a posted voucher: more lines, a look ahead, or a draft.
func (s *Bookkeeping) takeEntry(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.asked(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	v := s.entryView(r, o, grid.Read(r.PostForm))
	if r.Field("act") == "more" {
		return s.moreLines(r, v)
	}
	d, at, found := s.draftOf(&v)
	if v.tell(r, found, nil); len(found) > 0 {
		return s.entryPage(r, v, nil)
	}
	if r.Field("act") == "preview" {
		return s.preview(r, v, d, at)
	}
	saved, err := s.ledger.Enter(r.Context(), r.Actor, d, r.Field("key"))
	if err != nil {
		return s.refusedEntry(r, v, d, at, err)
	}
	if r.Field("act") == "next" {
		next := url.Values{"date": {string(d.Date)}, "series": {d.Series}, "saved": {saved.Ref().String()}}
		return web.Redirect(Address(o.Ref()) + "/vouchers/new?" + next.Encode()), nil
	}
	return done(VoucherAddress(saved.Ref()), "entered"), nil
}

func (s *Bookkeeping) moreLines(r *web.Request, v entryView) (web.Answer, error) {
	v.Pad(len(v.Lines) + grid.LinesMore)
	return s.entryPage(r, v, nil)
}

// draftOf reads the grid of a page.
func (s *Bookkeeping) draftOf(v *entryView) (ledger.Draft, []int, []fault.Finding) {
	d, at, found := v.Draft(v.chart, func(text string) string { return accountCode(v.chart, text) })
	d.Book = v.Ref()
	return d, at, found
}

// tell puts what was found beside the fields.
func (v *entryView) tell(r *web.Request, found []fault.Finding, at []int) {
	v.Besides(found, at, func(f fault.Finding) string { return r.T(f.Key, f.Args...) },
		func(row int, text string) string { return r.T("books.line_says", row, text) })
}

// ofTheDay are the refusals of the ledger that the day of a voucher can mend.
var ofTheDay = []string{"ledger.day", "ledger.not_in_book", "ledger.month_closed", "ledger.future"}

// refusedEntry shows what the ledger refused: its findings beside the fields.
func (s *Bookkeeping) refusedEntry(r *web.Request, v entryView, d ledger.Draft, at []int,
	err error) (web.Answer, error) {
	if !mendable(err) {
		return nil, err
	}
	f := fault.Of(err)
	if v.tell(r, grid.Placed(f.Findings, d.Postings), at); slices.Contains(ofTheDay, f.Key) {
		if v.Beside == nil {
			v.Beside = map[string]string{}
		}
		v.Beside["date"] = r.T(f.Key, f.Args...)
	}
	return s.entryPage(r, v, err)
}

// preview shows what a check of the voucher would do. Nothing is saved.
func (s *Bookkeeping) preview(r *web.Request, v entryView, d ledger.Draft, at []int) (web.Answer, error) {
	forecast, err := store.Read(r.Context(), s.host.Store, func(w *store.View) (ledger.Forecast, error) {
		return s.ledger.DryRun(w, r.Actor, d)
	})
	if err == nil {
		err = forecast.Refusal
	}
	if err != nil {
		return s.refusedEntry(r, v, d, at, err)
	}
	v.Forecast = s.forecastOf(r, v.opened, d, forecast)
	return s.entryPage(r, v, nil)
}

// askAmend shows a draft as it was entered.
func (s *Bookkeeping) askAmend(r *web.Request) (web.Answer, error) {
	q, err := s.askedVoucher(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	if q.Status == ledger.Posted {
		return nil, fault.New(fault.Conflict, "books.posted")
	}
	v := s.amendView(r, q, grid.Of(draftOf(q), q.chart, r.Language))
	return s.entryPage(r, v, nil)
}

func (s *Bookkeeping) amendView(r *web.Request, q askedVoucher, g grid.Grid) entryView {
	v := s.entryView(r, q.opened, g)
	v.Action, v.Back = VoucherAddress(q.Voucher.Ref())+"/edit", VoucherAddress(q.Voucher.Ref())
	v.Version, v.Templates = q.Voucher.Version, nil
	return v
}

// takeAmend takes an amended draft.
func (s *Bookkeeping) takeAmend(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	q, err := s.askedVoucher(r, ledger.MayEnter)
	if err != nil {
		return nil, err
	}
	version, err := strconv.ParseInt(r.Field("version"), 10, 64)
	if err != nil || version < 1 {
		return nil, fault.New(fault.Stale, "store.stale")
	}
	v := s.amendView(r, q, grid.Read(r.PostForm))
	v.Version = version
	if r.Field("act") == "more" {
		return s.moreLines(r, v)
	}
	d, at, found := s.draftOf(&v)
	d.Source, d.Attachments = q.Source, q.FileHashes()
	if v.tell(r, found, nil); len(found) > 0 {
		return s.entryPage(r, v, nil)
	}
	if r.Field("act") == "preview" {
		return s.preview(r, v, d, at)
	}
	if _, err := s.ledger.Amend(r.Context(), r.Actor, q.Voucher.Ref(), version, d); err != nil {
		return s.refusedEntry(r, v, d, at, err)
	}
	return done(VoucherAddress(q.Voucher.Ref()), "amended"), nil
}
