package accruals

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

func (s *Accruals) pages() []web.Route {
	const one = "/organisations/{home}/{id}/accruals"
	return []web.Route{
		{Pattern: "GET " + one, Access: web.Permitted(ledger.MayRead), Handle: s.show},
		{Pattern: "POST " + one + "/depreciate", Access: web.Permitted(ledger.MayCheck),
			Handle: s.takeDepreciate},
		{Pattern: "POST " + one + "/settle", Access: web.Permitted(ledger.MayCheck), Handle: s.takeSettle},
	}
}

// Address is the page of an organisation's accruals.
func Address(home, id int64) string {
	return fmt.Sprintf("/organisations/%d/%d/accruals", home, id)
}

func (s *Accruals) cards() []web.Card {
	return []web.Card{{On: "organisation", Order: 37, Permit: ledger.MayRead, View: "accruals/card",
		Render: func(_ *web.Request, on web.CardSubject) (any, error) {
			return Address(on.Home, on.ID), nil
		}}}
}

// accrualsView is the page.
type accrualsView struct {
	Self      string
	Owner     Owner
	Year      int
	Earlier   int
	Later     int
	Books     bool
	Months    []Due
	Open      int // months to be posted
	Checked   bool
	Check     inventory.Check
	Booked    *Booked
	Entries   Entries
	Losses    []inventory.Row // whose loss goes through the pending account
	MayBook   bool
	MaySettle bool
	Compared  []comparedView
	Differing int
	Refusal   *locale.Explanation
}

type comparedView struct {
	Compared
	Text string
}

// asked is the organisation of the address, if the reader may do an act there. To others there is none.
func (s *Accruals) asked(r *web.Request, permit access.Permit) (o Owner, err error) {
	home, err := r.ID("home")
	if err != nil {
		return o, err
	}
	id, err := r.ID("id")
	if err != nil {
		return o, err
	}
	return store.Read(r.Context(), s.host.Store, func(v *store.View) (Owner, error) {
		o, err := s.owners(v, home, id)
		if err == nil {
			err = r.Require(permit, o.Place)
		}
		return o, err
	})
}

// yearOf is the year that is asked for; last year if none is.
func yearOf(r *web.Request) int {
	year, err := strconv.Atoi(r.Field("year"))
	if err != nil || year < 2000 || year > r.Today().Year() {
		return r.Today().Year() - 1
	}
	return year
}

func (s *Accruals) show(r *web.Request) (web.Answer, error) {
	o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	return s.page(r, o, nil)
}

// page shows an organisation's accruals of a year, with what was just refused on top.
func (s *Accruals) page(r *web.Request, o Owner, refused error) (web.Answer, error) {
	v := accrualsView{Self: Address(o.Home, o.ID), Owner: o, Year: yearOf(r),
		MayBook: r.Can(ledger.MayCheck, o.Place)}
	v.Earlier = v.Year - 1
	if v.Year < r.Today().Year() {
		v.Later = v.Year + 1
	}
	page := web.Page{Title: r.T("accruals.title", o.Name), Place: o.Place,
		Trail: []web.Crumb{{Text: o.Name, Href: fmt.Sprintf("/organisations/%d/%d", o.Home, o.ID)}}}
	if f := fault.Of(refused); f != nil {
		words := s.host.Dictionary.Explain(r.Language, f)
		v.Refusal, page.Status = &words, web.Status(f)
	}
	err := s.host.Store.View(r.Context(), func(w *store.View) error { return s.read(w, r, &v) })
	if err != nil {
		return nil, err
	}
	page.Data = v
	return web.View("accruals/accruals", page), nil
}

// read fills in what is due, what the check found, and where they differ.
func (s *Accruals) read(w *store.View, r *web.Request, v *accrualsView) error {
	owner := v.Owner.ref()
	books, err := ledger.BooksOf(w, owner)
	if err != nil {
		return err
	}
	v.Months, v.Open, v.Compared = nil, 0, nil
	year := strconv.Itoa(v.Year)
	for _, b := range books {
		list, err := s.due(w, b, r.Today())
		if err != nil {
			return err
		}
		for _, d := range list {
			if strings.HasPrefix(d.Month, year) {
				v.Months = append(v.Months, d)
			}
			if !d.Posted && !d.ByHand {
				v.Open++
			}
		}
		v.Books = true
	}
	if err := s.readCheck(w, owner, v); err != nil {
		return err
	}
	c, found, err := s.Compare(w, owner, v.Year)
	if err != nil || !found {
		return err
	}
	for _, one := range c.Lines {
		v.Compared = append(v.Compared, comparedView{one, one.Title.In(r.Language)})
	}
	v.Differing = c.Differing
	return nil
}

// readCheck fills in what the check of the year changed in the books, or will.
func (s *Accruals) readCheck(w *store.View, owner ownerRef, v *accrualsView) (err error) {
	v.Check, v.Checked, err = checkOf(w, owner, v.Year)
	if err != nil || !v.Checked {
		return err
	}
	row, booked, err := BookedOf(w, v.Check.Ref())
	if err != nil {
		return err
	}
	if booked {
		v.Booked = &row
		return nil
	}
	if v.Check.Stage != inventory.Approved && v.Check.Stage != inventory.Locked {
		return nil
	}
	b, _, err := s.bookFor(w, v.Check)
	if fault.Is(err, fault.Conflict) {
		return nil // there are no books to book it in
	}
	if err != nil {
		return err
	}
	if v.Entries, err = s.readEntries(w, v.Check, b, nil); err != nil {
		return err
	}
	v.MaySettle = v.MayBook
	rows, err := inventory.RowsOf(w, v.Check.Ref())
	v.Losses = nil
	for _, one := range rows {
		if one.Loss > 0 && s.plan.Load().forms[one.Form].Way == wayThing {
			v.Losses = append(v.Losses, one)
		}
	}
	return err
}

func (s *Accruals) takeDepreciate(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.asked(r, ledger.MayCheck)
	if err != nil {
		return nil, err
	}
	books, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]ledger.Book, error) {
		return ledger.BooksOf(v, o.ref())
	})
	if err != nil {
		return nil, err
	}
	for i := len(books) - 1; i >= 0; i-- { // the oldest first
		if _, err := s.Depreciate(r.Context(), r.Actor, books[i].Ref()); err != nil {
			return s.page(r, o, err)
		}
	}
	return web.Redirect(Address(o.Home, o.ID) + "?year=" + strconv.Itoa(yearOf(r)) + "&" + web.DoneField +
		"=accruals.depreciated"), nil
}

// takeSettle books the check of the year, with what those responsible make good.
func (s *Accruals) takeSettle(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.asked(r, ledger.MayCheck)
	if err != nil {
		return nil, err
	}
	year := yearOf(r)
	c, err := store.Read(r.Context(), s.host.Store, func(v *store.View) (inventory.Check, error) {
		c, found, err := checkOf(v, o.ref(), year)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "inventory.no_check")
		}
		return c, err
	})
	if err != nil {
		return nil, err
	}
	q := Deciding{Check: c.Ref(), Decision: r.Field("decision"), Document: r.Field("document")}
	for key := range r.PostForm {
		number, ok := strings.CutPrefix(key, "amount-")
		text := strings.TrimSpace(r.Field(key))
		if !ok || text == "" {
			continue
		}
		row, wrong := strconv.ParseInt(number, 10, 64)
		amount, err := money.Parse(text)
		if wrong != nil || err != nil {
			return s.page(r, o, fault.New(fault.Invalid, "accruals.claim", number))
		}
		q.Claims = append(q.Claims, Claim{Row: row, Amount: amount, Party: r.Field("party-" + number),
			Member: r.Field("member-"+number) != ""})
	}
	if _, err := s.Settle(r.Context(), r.Actor, q); err != nil {
		return s.page(r, o, err)
	}
	return web.Redirect(Address(o.Home, o.ID) + "?year=" + strconv.Itoa(year) + "&" + web.DoneField +
		"=accruals.settled"), nil
}

// comparisonBody is a comparison as programs see it.
type comparisonBody struct {
	Year      int            `json:"year"`
	Differing int            `json:"differing"`
	Lines     []comparedBody `json:"lines"`
}

type comparedBody struct {
	Key        string    `json:"key"`
	Books      money.Fen `json:"books"`
	Check      money.Fen `json:"check"`
	Difference money.Fen `json:"difference"`
	Rows       []int64   `json:"rows,omitempty" doc:"Of the check, where they differ."`
}

func (s *Accruals) endpoints(a *api.API) {
	api.Add(a, api.Operation{Method: http.MethodGet, Path: "/organisations/{home}/{id}/comparison/{year}",
		ID: "compareBooks", Tag: "ledger", Access: web.Permitted(ledger.MayRead),
		Summary: "The books at the end of a year against the annual check, line by line, in fen."},
		s.apiCompare)
}

func (s *Accruals) apiCompare(ctx context.Context, in *struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
	Year int   `path:"year" minimum:"2000" maximum:"2200"`
}) (*struct{ Body comparisonBody }, error) {
	out := &struct{ Body comparisonBody }{}
	return out, s.host.Store.View(ctx, func(v *store.View) error {
		o, err := s.owners(v, in.Home, in.ID)
		if err == nil {
			err = s.host.Access.Require(access.From(ctx), ledger.MayRead, o.Place)
		}
		if err != nil {
			return err
		}
		c, found, err := s.Compare(v, o.ref(), in.Year)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "accruals.nothing_to_compare", in.Year)
		}
		out.Body = comparisonBody{Year: in.Year, Differing: c.Differing}
		for _, l := range c.Lines {
			one := comparedBody{Key: l.Key, Books: l.Books, Check: l.Check, Difference: l.Difference}
			for _, w := range l.Rows {
				one.Rows = append(one.Rows, w.Number)
			}
			out.Body.Lines = append(out.Body.Lines, one)
		}
		return err
	})
}

// commands are terrace depreciate: the month's run at once, for all counties.
func (s *Accruals) commands() []*cobra.Command {
	c := s.host.Console
	return []*cobra.Command{{Use: "depreciate", Short: c.T("accruals.command"), Args: cobra.NoArgs,
		RunE: s.host.Opened(func(ctx context.Context, _ []string) error {
			homes, err := s.homes(ctx)
			if err != nil {
				return err
			}
			all := 0
			for _, home := range homes {
				done := 0
				if err := s.DepreciateHome(ctx, home, func(n int) { done = n }); err != nil {
					return err
				}
				all += done
			}
			c.Say("accruals.command.done", all)
			return nil
		})}}
}
