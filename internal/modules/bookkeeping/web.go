package bookkeeping

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// uploadMax is how many bytes a posted file and its form may have.
const uploadMax = 32 << 20

func (s *Bookkeeping) pages() []web.Route {
	const one = "/books/{home}/{id}"
	const voucher = "/vouchers/{home}/{id}"
	read, enter := web.Permitted(ledger.MayRead), web.Permitted(ledger.MayEnter)
	check := web.Permitted(ledger.MayCheck)
	publish := web.Permitted(MayPublish)
	return []web.Route{
		{Pattern: "GET /books", Access: read, Handle: s.list},
		{Pattern: "POST /books/open", Access: web.Permitted(ledger.MayOpen), Handle: s.open},
		{Pattern: "GET " + one, Access: read, Handle: s.board},
		{Pattern: "GET " + one + "/vouchers", Access: read, Handle: s.register},
		{Pattern: "POST " + one + "/vouchers/check", Access: check, Handle: s.checkMany},
		{Pattern: "POST " + one + "/vouchers/return", Access: check, Handle: s.returnMany},
		{Pattern: "GET " + one + "/vouchers/new", Access: enter, Handle: s.askEntry},
		{Pattern: "POST " + one + "/vouchers/new", Access: enter, Handle: s.takeEntry},
		{Pattern: "GET " + one + "/postings", Access: read, Handle: s.postings},
		{Pattern: "GET " + one + "/statements/{key}", Access: read, Handle: s.statement},
		{Pattern: "POST " + one + "/publish", Access: publish, Handle: s.publish},
		{Pattern: "POST " + one + "/withdraw", Access: publish, Handle: s.withdraw},
		{Pattern: "POST " + one + "/close", Access: web.Permitted(ledger.MayClose), Handle: s.closeMonth},
		{Pattern: "POST " + one + "/reopen", Access: web.Permitted(ledger.MayReopen),
			Handle: s.reopenMonth},
		{Pattern: "GET " + voucher, Access: read, Handle: s.voucher},
		{Pattern: "GET " + voucher + "/edit", Access: enter, Handle: s.askAmend},
		{Pattern: "POST " + voucher + "/edit", Access: enter, Handle: s.takeAmend},
		{Pattern: "POST " + voucher + "/check", Access: check, Handle: s.check},
		{Pattern: "POST " + voucher + "/return", Access: check, Handle: s.giveBack},
		{Pattern: "POST " + voucher + "/discard", Access: enter, Handle: s.discard},
		{Pattern: "POST " + voucher + "/reverse", Access: enter, Handle: s.reverse},
		{Pattern: "POST " + voucher + "/files", Access: enter, BodyMax: uploadMax, Handle: s.attach},
		{Pattern: "GET /public/books", Access: web.Public(), Handle: s.publicList},
		{Pattern: "GET /public/books/{home}/{id}", Access: web.Public(), Handle: s.publicSheet},
	}
}

// Address is the page of books.
func Address(ref ledger.Ref) string { return fmt.Sprintf("/books/%d/%d", ref.Home, ref.ID) }

// VoucherAddress is the page of a voucher.
func VoucherAddress(ref ledger.VoucherRef) string {
	return fmt.Sprintf("/vouchers/%d/%d", ref.Home, ref.ID)
}

// refOf reads what the address names.
func refOf(r *web.Request) (home, id int64, err error) {
	if home, err = r.ID("home"); err != nil {
		return 0, 0, err
	}
	id, err = r.ID("id")
	return home, id, err
}

// opened are books somebody has asked for, with whose they are and their chart.
type opened struct {
	ledger.Book
	Owner registry.Organisation
	chart *book.Chart
}

// asked are the books of the address, if the reader may do an act at their place. To others there are
// none.
func (s *Bookkeeping) asked(r *web.Request, permit access.Permit) (opened, error) {
	home, id, err := refOf(r)
	if err != nil {
		return opened{}, err
	}
	return store.Read(r.Context(), s.host.Store, func(v *store.View) (opened, error) {
		return s.openedIn(v, r.Actor, permit, ledger.Ref{Home: home, ID: id})
	})
}

// openedIn reads books for somebody.
func (s *Bookkeeping) openedIn(v store.Reader, actor access.Actor, permit access.Permit,
	ref ledger.Ref) (o opened, err error) {
	if o.Book, err = ledger.Get(v, ref); err != nil {
		return o, err
	}
	if err = s.host.Access.Require(actor, permit, o.Place); err != nil {
		return o, err
	}
	if o.Owner, err = registry.Get(v, ownerOf(o.Book)); err != nil {
		return o, err
	}
	o.chart, err = s.chartOf(o.Book)
	return o, err
}

// ownerOf is whose books they are.
func ownerOf(b ledger.Book) registry.Ref { return registry.Ref{Home: b.Home, ID: b.Organisation} }

// chartOf is the chart that books are kept by.
func (s *Bookkeeping) chartOf(b ledger.Book) (*book.Chart, error) {
	chart, known := s.ledger.Charts().Get(b.Chart)
	if !known {
		return nil, fault.New(fault.Conflict, "books.no_chart", b.Chart)
	}
	return chart, nil
}

// done leads to a page with a word of what just happened.
func done(address, what string) web.Answer {
	return web.Redirect(address + "?" + web.DoneField + "=books." + what)
}

// trail leads from the list to books.
func trail(r *web.Request, o opened) []web.Crumb {
	return []web.Crumb{{Text: r.T("books.menu"), Href: "/books"},
		{Text: o.Owner.Name, Href: Address(o.Ref())}}
}
