package bookkeeping

import (
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/sheets"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// publicSeconds is how long a cache may keep a public page.
const publicSeconds = 300

// publishedBody is what the event of a published statement says.
type publishedBody struct {
	Statement string `json:"statement"`
	Period    string `json:"period"`
	Hash      string `json:"hash"`
}

// PublicAddress is where the public sees a statement.
func PublicAddress(p Publication) string {
	return fmt.Sprintf("/public/books/%d/%d?period=%s&statement=%s", p.Home, p.Book, p.Period, p.Statement)
}

// publish shows a statement of a closed period to the public (permit ledger.publish).
func (s *Bookkeeping) publish(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.asked(r, MayPublish)
	if err != nil {
		return nil, err
	}
	p, err := o.periodAsked(r)
	if err != nil {
		return nil, err
	}
	if _, err := s.Publish(r.Context(), r.Actor, o.Ref(), r.Field("statement"), p); err != nil {
		return nil, err
	}
	return web.Redirect(statementAddress(o.Ref(), r.Field("statement")) + "?period=" + p.String() + "&" +
		web.DoneField + "=books.published"), nil
}

// Publish shows a statement of a closed period to the public, with the figures it has now. Published
// again it shows those of now.
func (s *Bookkeeping) Publish(ctx context.Context, actor access.Actor, ref ledger.Ref, key string,
	p period.Period) (Publication, error) {
	var done Publication
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		o, err := s.openedIn(tx, actor, MayPublish, ref)
		if err != nil {
			return err
		}
		if _, known := o.chart.Statement(key); !known || !publishable(key) {
			return fault.New(fault.Invalid, "books.not_publishable", key)
		}
		if !o.closed(p) {
			return fault.New(fault.Conflict, "books.not_closed", p.String())
		}
		sheet, err := s.ledger.Statement(tx, ref, key, p)
		if err != nil {
			return err
		}
		row, found, err := publicationOf(tx, ref, key, p.String())
		if err != nil {
			return err
		}
		row.Home, row.Book, row.Place, row.Statement, row.Period = ref.Home, ref.ID, o.Place, key,
			p.String()
		row.Hash, row.Actor, row.At, row.Withdrawn = sheets.Hash(sheet), actor.Account, tx.Now(), 0
		if done, err = keepPublication(tx, row, found); err != nil {
			return err
		}
		return recordPublication(tx, actor, done, "book.published")
	})
	return done, err
}

func keepPublication(tx *store.Tx, row Publication, found bool) (Publication, error) {
	if found {
		return row, publications.Update(tx, &row)
	}
	id, err := tx.NextID(row.Home, "ledger_publication")
	if err != nil {
		return row, err
	}
	row.ID = id
	return row, publications.Insert(tx, &row)
}

func recordPublication(tx *store.Tx, actor access.Actor, p Publication, kind string) error {
	_, err := tx.Record(store.Event{Home: p.Home, Kind: kind, Subject: fmt.Sprint("book/", p.Book),
		Place: p.Place, Actor: actor.Account, Body: publishedBody{p.Statement, p.Period, p.Hash}})
	return err
}

// publishable are the statements that the public may see: the sheet for the villagers and the statements of
// the year; never lists by person.
func publishable(key string) bool {
	switch key {
	case book.PublicSheet, book.BalanceSheet, book.IncomeStatement, book.ReceiptsAndPayments:
		return true
	}
	return false
}

// withdraw takes a published statement back.
func (s *Bookkeeping) withdraw(r *web.Request) (web.Answer, error) {
	if err := r.Posted(); err != nil {
		return nil, err
	}
	o, err := s.asked(r, MayPublish)
	if err != nil {
		return nil, err
	}
	p, err := o.periodAsked(r)
	if err != nil {
		return nil, err
	}
	key := r.Field("statement")
	err = s.host.Store.Write(r.Context(), func(tx *store.Tx) error {
		row, found, err := publicationOf(tx, o.Ref(), key, p.String())
		if err == nil && (!found || row.Withdrawn != 0) {
			err = fault.New(fault.NotFound, "books.not_published", p.String())
		}
		if err != nil {
			return err
		}
		row.Withdrawn = tx.Now()
		if err := publications.Update(tx, &row); err != nil {
			return err
		}
		return recordPublication(tx, r.Actor, row, "book.withdrawn")
	})
	if err != nil {
		return nil, err
	}
	return web.Redirect(statementAddress(o.Ref(), key) + "?period=" + p.String() + "&" + web.DoneField +
		"=books.withdrawn"), nil
}

// publicRow is a published statement in the list for everybody.
type publicRow struct {
	Publication
	Owner, Title string
}

// publicList lists what was published, the latest first.
func (s *Bookkeeping) publicList(r *web.Request) (web.Answer, error) {
	list := web.List[publicRow]{Name: "books.public", Filters: []web.Filter{{Key: "q",
		Kind: web.TextFilter}}, Columns: []web.Column[publicRow]{
		{Key: "owner", Cell: func(p publicRow) web.Cell {
			return web.Cell{Text: p.Owner, Href: PublicAddress(p.Publication)}
		}},
		{Key: "statement", Cell: func(p publicRow) web.Cell { return web.Cell{Text: p.Title} }},
		{Key: "period", Cell: func(p publicRow) web.Cell { return web.Cell{Text: p.Period} }},
		{Key: "at", Cell: func(p publicRow) web.Cell { return web.Cell{Text: string(p.At.Date())} }},
	}}
	list.Load = func(ctx context.Context, q web.Query) (web.Rows[publicRow], error) {
		return s.loadPublic(ctx, r, q)
	}
	return list.Answer(r)
}

func (s *Bookkeeping) loadPublic(ctx context.Context, r *web.Request, q web.Query) (
	rows web.Rows[publicRow], err error) {
	last := Publication{At: 1 << 62}
	if q.After != "" {
		if n, err := fmt.Sscan(q.After, &last.At, &last.Home, &last.ID); n != 3 || err != nil {
			return rows, fault.New(fault.Invalid, "web.cursor")
		}
	}
	err = s.host.Store.View(ctx, func(v *store.View) error {
		list, err := publishedBefore(v, last, q.Filter["q"], q.Limit)
		if err != nil {
			return err
		}
		for _, p := range list {
			b, err := ledger.Get(v, p.BookRef())
			if err != nil {
				return err
			}
			owner, err := registry.Get(v, ownerOf(b))
			if err != nil {
				return err
			}
			rows.Items = append(rows.Items, publicRow{p, owner.Name, s.titleOf(r, b, p.Statement)})
		}
		if len(list) == q.Limit {
			end := list[len(list)-1]
			rows.Next = fmt.Sprint(int64(end.At), " ", end.Home, " ", end.ID)
		}
		return nil
	})
	rows.Total.Unknown = true
	return rows, err
}

// titleOf is the title of a statement of books.
func (s *Bookkeeping) titleOf(r *web.Request, b ledger.Book, key string) string {
	chart, err := s.chartOf(b)
	if err != nil {
		return key
	}
	one, known := chart.Statement(key)
	if !known {
		return key
	}
	return one.Title.In(r.Language)
}

// publicView is a published statement as everybody sees it.
type publicView struct {
	Owner, PlaceName string
	Publication      Publication
	Sheet            book.Sheet
	Lines            []sheetLineView
	Others           []Publication
	Titles           map[string]string
}

// publicSheet shows a published statement to everybody, as long as its figures are those that were
// published.
func (s *Bookkeeping) publicSheet(r *web.Request) (web.Answer, error) {
	home, id, err := refOf(r)
	if err != nil {
		return nil, err
	}
	ref, key := ledger.Ref{Home: home, ID: id}, r.Field("statement")
	if key == "" {
		key = book.PublicSheet
	}
	none := fault.New(fault.NotFound, "books.nothing_public")
	v := publicView{Titles: map[string]string{}}
	err = s.host.Store.View(r.Context(), func(w *store.View) (err error) {
		if v.Others, err = publishedOf(w, ref, periodsMax); err != nil {
			return err
		}
		for _, p := range v.Others {
			if p.Statement == key && (r.Field("period") == "" || r.Field("period") == p.Period) {
				v.Publication = p
				return s.fillPublic(w, r, &v)
			}
		}
		return none
	})
	if err != nil {
		return nil, err
	}
	title := v.Sheet.Title.In(r.Language) + " " + v.Publication.Period
	return web.PublicFor(publicSeconds, web.View("bookkeeping/public", web.Page{Title: title, Data: v})),
		nil
}

func (s *Bookkeeping) fillPublic(w *store.View, r *web.Request, v *publicView) error {
	b, err := ledger.Get(w, v.Publication.BookRef())
	if err != nil {
		return err
	}
	owner, err := registry.Get(w, ownerOf(b))
	if err != nil {
		return err
	}
	o := opened{Book: b, Owner: owner}
	if o.chart, err = s.chartOf(b); err != nil {
		return err
	}
	p, err := period.Parse(v.Publication.Period)
	if err != nil {
		return err
	}
	if v.Sheet, err = s.ledger.Statement(w, b.Ref(), v.Publication.Statement, p); err != nil {
		return err
	}
	if !o.closed(p) || sheets.Hash(v.Sheet) != v.Publication.Hash {
		return fault.New(fault.NotFound, "books.public_changed", v.Publication.Period)
	}
	v.Owner, v.PlaceName = owner.Name, s.places.Name(b.Place)
	v.Lines = linesOfSheet(o, v.Sheet, nil, p)
	for _, other := range v.Others {
		v.Titles[other.Statement] = s.titleOf(r, b, other.Statement)
	}
	return nil
}

// Address is where the public sees it.
func (p Publication) Address() string { return PublicAddress(p) }
