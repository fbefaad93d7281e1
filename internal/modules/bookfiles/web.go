package bookfiles

import (
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
)

func (s *Bookfiles) pages() []web.Route {
	const one, run = "/book-files/{home}/{id}", "/conversions/{home}/{id}"
	read, enter := web.Permitted(ledger.MayRead), web.Permitted(ledger.MayEnter)
	return []web.Route{
		{Pattern: "GET " + one, Access: read, Handle: s.filesPage},
		{Pattern: "GET " + one + "/template", Access: read, Handle: s.templatePage},
		{Pattern: "GET " + one + "/journal", Access: read, Handle: s.journalPage},
		{Pattern: "POST " + one + "/import", Access: read, BodyMax: intakepage.SizeMax,
			Handle: s.files.Upload},
		{Pattern: "POST " + one + "/conversion", Access: enter, Handle: s.openRunPosted},
		{Pattern: "GET " + run, Access: read, Handle: s.runPage},
		{Pattern: "GET " + run + "/report", Access: read, Handle: s.runBook},
		{Pattern: "POST " + run, Access: read, Handle: s.runPosted},
	}
}

// Address is the page of a book's files.
func Address(ref ledger.Ref) string { return fmt.Sprintf("/book-files/%d/%d", ref.Home, ref.ID) }

// RunAddress is the page of a conversion.
func RunAddress(ref RunRef) string { return fmt.Sprintf("/conversions/%d/%d", ref.Home, ref.ID) }

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// ids reads home and number of the address.
func ids(r *web.Request) (home, id int64, err error) {
	if home, err = r.ID("home"); err != nil {
		return 0, 0, err
	}
	id, err = r.ID("id")
	return home, id, err
}

// asked is the book of the address with its owner, if the reader may do an act there. To others
// there is
// none.
func (s *Bookfiles) asked(r *web.Request, permit access.Permit) (b ledger.Book, o registry.Organisation,
	err error) {
	home, id, err := ids(r)
	if err != nil {
		return b, o, err
	}
	err = s.host.Store.View(r.Context(), func(v *store.View) error {
		b, o, err = s.bookFor(v, r.Actor, ledger.Ref{Home: home, ID: id}, permit)
		return err
	})
	return b, o, err
}

// bookFor reads a book with its owner for somebody who may do an act there.
func (s *Bookfiles) bookFor(v store.Reader, actor access.Actor, ref ledger.Ref,
	permit access.Permit) (b ledger.Book, o registry.Organisation, err error) {
	if b, err = ledger.Get(v, ref); err != nil {
		return b, o, err
	}
	if err = s.host.Access.Require(actor, permit, b.Place); err != nil {
		return b, o, err
	}
	o, err = registry.Get(v, ownerOf(b))
	return b, o, err
}

// trail leads from the organisation over its book to a page.
func trail(r *web.Request, b ledger.Book, o registry.Organisation) []web.Crumb {
	return []web.Crumb{{Text: o.Name, Href: registry.Address(o.Ref())},
		{Text: r.T("bookfiles.title"), Href: Address(b.Ref())}}
}

// cards are what the page of a book shows of its files.
func (s *Bookfiles) cards() []web.Card {
	return []web.Card{{On: "books", Order: 80, Permit: ledger.MayRead, View: "bookfiles/card",
		Render: s.card}}
}

// cardView are the ways to the files of a book.
type cardView struct {
	Address   string
	Export    string // of the year
	MayEnter  bool
	Converted string // address of a conversion; "" there is none
}

func (s *Bookfiles) card(r *web.Request, on web.CardSubject) (any, error) {
	ref := ledger.Ref{Home: on.Home, ID: on.ID}
	v := cardView{Address: Address(ref), MayEnter: r.Can(ledger.MayEnter, on.Place)}
	v.Export = v.Address + "/journal?format=hledger&year=" + strconv.Itoa(r.Today().Year())
	err := s.host.Store.View(r.Context(), func(w *store.View) error {
		run, found, err := RunOf(w, ref)
		if found {
			v.Converted = RunAddress(run.Ref())
		}
		return err
	})
	return v, err
}
