package ledger

import (
	"cmp"
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// loadPostings is about how many postings Load enters with one event.
const loadPostings = 20_000

// Loaded is the books of an organisation as they are taken over: with what they began with, what was
// posted, and how far they are closed.
type Loaded struct {
	Organisation registry.Ref
	Place        int64
	Chart        string
	From         period.Date
	Opening      []book.Balance
	Vouchers     []LoadedVoucher // in the order in which they were posted
	Closed       string          // months up to this one are closed; "" none
}

// LoadedVoucher is a posted voucher as it is taken over. Its Book is left out.
type LoadedVoucher struct {
	Draft
	Maker, Checker    int64
	Entered, PostedAt period.Instant // 0: when it is loaded
}

// size is about how many rows books are.
func (d Loaded) size() int {
	n := 10 + len(d.Opening)
	for _, v := range d.Vouchers {
		n += len(v.Postings)
	}
	return n
}

// yearVouchers is more than closing a year posts: income, expense, result and distribution, each in as many
// vouchers as its lines ask for.
const yearVouchers = 20

// years is how many years may be closed.
func (d Loaded) years() int {
	if month, err := period.Parse(d.Closed); err == nil {
		return month.Year() - d.From.Year() + 1
	}
	return 0
}

// Load takes over the books of organisations that have none, for a city that brings its own or builds a
// demonstration. Every voucher is checked for itself as Enter does; that an account was overdrawn is
// taken as it was. Numbers are given in the order of the vouchers. Closed Decembers close their years.
// Books are entered in portions of one home, an event a portion; what a portion entered stays if a later
// one is refused. progress, unless nil, is told how many books are done. The books come in the order
// given. Only the program itself may load.
func (l *Ledger) Load(ctx context.Context, list []Loaded, progress func(done int)) ([]Ref, error) {
	if !access.From(ctx).Program {
		return nil, fault.New(fault.Forbidden, "access.forbidden")
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(list[a].Organisation.Home, list[b].Organisation.Home)
	})
	refs := make([]Ref, len(list))
	for first := 0; first < len(order); {
		end, size := first, 0
		for end < len(order) && (end == first || size < loadPostings) &&
			list[order[end]].Organisation.Home == list[order[first]].Organisation.Home {
			size += list[order[end]].size()
			end++
		}
		if err := l.loadPortion(ctx, list, order[first:end], refs); err != nil {
			return nil, err
		}
		if first = end; progress != nil {
			progress(first)
		}
	}
	return refs, nil
}

// loading is a portion of books on its way.
type loading struct {
	books     []Book
	vouchers  []Voucher
	postings  []PostingRow
	turnovers []turnoverRow
	numbers   []numberRow
	closed    closedRows
}

func (l *Ledger) loadPortion(ctx context.Context, list []Loaded, which []int, refs []Ref) error {
	home := list[which[0]].Organisation.Home
	return l.host.Store.Write(ctx, func(tx *store.Tx) error {
		ids, err := tx.NextIDs(home, "ledger_book", int64(len(which)))
		if err != nil {
			return err
		}
		number := 0
		for _, n := range which {
			number += len(list[n].Vouchers) + yearVouchers*list[n].years()
		}
		vouchers, err := tx.NextIDs(home, "ledger_voucher", int64(number))
		if err != nil {
			return err
		}
		out := loading{}
		files := attachments{}
		gate := make([]gateRow, len(which))
		for i, n := range which {
			ref := Ref{Home: home, ID: ids + int64(i)}
			b := loader{l: l, tx: tx, out: &out, next: vouchers, files: files}
			if err := b.load(list[n], ref); err != nil {
				return err
			}
			vouchers = b.next
			refs[n], gate[i] = ref, gateRow{Home: home, Book: ref.ID}
		}
		if err := gates.Bulk(tx, gate); err != nil {
			return err
		}
		return out.save(tx, l)
	})
}

func (o *loading) save(tx *store.Tx, l *Ledger) error {
	if err := books.Bulk(tx, o.books); err != nil {
		return err
	}
	if err := numbers.Bulk(tx, o.numbers); err != nil {
		return err
	}
	if err := vouchers.Bulk(tx, o.vouchers); err != nil {
		return err
	}
	if err := postings.Bulk(tx, o.postings); err != nil {
		return err
	}
	if err := turnovers.Bulk(tx, o.turnovers); err != nil {
		return err
	}
	if err := l.saveClosed(tx, o.closed); err != nil {
		return err
	}
	first := o.books[0]
	_, err := tx.Record(store.Event{Home: first.Home, Kind: "book.loaded", Subject: bookSubject(first.ID),
		Body: loadedBody{len(o.books), len(o.vouchers), len(o.postings)}})
	return err
}

// loader takes one book over.
type loader struct {
	l    *Ledger
	tx   *store.Tx
	out  *loading
	next int64 // id of the next voucher
	p    *posting
	// opening is what stood when the first open year began.
	opening []book.Balance
	kept    []*Voucher
	files   attachments
}

func (b *loader) load(d Loaded, ref Ref) error {
	row, err := b.l.newBook(Opening{d.Organisation, d.Chart, d.From})
	if err != nil {
		return err
	}
	row.ID, row.Place = ref.ID, d.Place
	if err := b.l.apart(b.tx, row); err != nil {
		return err
	}
	begins, err := b.l.openingRows(row, d.Opening)
	if err != nil {
		return err
	}
	row.Opening, row.OpeningHash = true, record.SealOpening(begins)
	b.out.closed.openings = append(b.out.closed.openings, begins...)
	chart, err := b.l.chartOf(row)
	if err != nil {
		return err
	}
	b.p = &posting{l: b.l, book: row, chart: chart, today: b.l.host.Today(), loaded: true,
		numbers: map[numberKey]*numberRow{}, sources: map[string]int64{}}
	for _, o := range begins {
		b.opening = append(b.opening, book.Balance{Account: o.Account, Counterparty: o.Counterparty,
			Amount: o.Amount})
	}
	for i := range d.Vouchers {
		if err := b.add(d.Vouchers[i]); err != nil {
			return err
		}
	}
	if err := b.close(&row, d.Closed); err != nil {
		return err
	}
	return b.done(row)
}

// add adds a voucher that was posted.
func (b *loader) add(d LoadedVoucher) error {
	d.Draft = d.Tidy()
	d.Book = b.p.book.Ref()
	if findings := d.Envelope(); fault.Stops(findings) {
		return fault.New(fault.Invalid, "ledger.invalid").With(findings)
	}
	if err := b.files.check(b.tx, d.Draft); err != nil {
		return err
	}
	v, err := d.Voucher()
	if err != nil {
		return err
	}
	if d.Source != "" {
		if b.p.sources[d.Source] != 0 {
			return fault.New(fault.Conflict, "ledger.source_taken", d.Source)
		}
		b.p.sources[d.Source] = -1
	}
	v.ID, v.Maker, v.Checker = b.next, d.Maker, d.Checker
	v.Entered, v.PostedAt = cmp.Or(d.Entered, b.tx.Now()), cmp.Or(d.PostedAt, b.tx.Now())
	b.next++
	b.kept = append(b.kept, &v)
	return b.p.add(&v, d.Postings)
}

// close closes the months up to one, from memory.
func (b *loader) close(row *Book, last string) (err error) {
	for row.Closed < last {
		month := row.NextMonth()
		if month.First() >= row.Until || month.Last() > b.l.host.Today() {
			return fault.New(fault.Conflict, "ledger.month_runs", month.String())
		}
		year := month.Last() == period.OfYear(month.Year()).Last()
		if year {
			if err := b.closeYear(*row, month); err != nil {
				return err
			}
		}
		act := PeriodAct{Home: row.Home, Book: row.ID, Month: month.String(), Act: 1, Kind: MonthClosed,
			At: b.tx.Now(), Hash: record.SealOf(month.String(), b.kept)}
		of := b.yearOf(month)
		if err := b.l.closedBook(&b.out.closed, row, month, act, of); err != nil {
			return err
		}
		if year {
			if b.opening, err = of.Balances(month.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *loader) closeYear(row Book, month period.Period) error {
	balances, err := b.yearOf(month).Balances(month.String())
	if err != nil {
		return err
	}
	drafts, _, err := record.YearEnd(b.p.chart, row, month, 1, balances)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if err := b.add(LoadedVoucher{Draft: d}); err != nil {
			return err
		}
	}
	return nil
}

// yearOf is the year of a month as far as it is loaded.
func (b *loader) yearOf(month period.Period) *vector.Year {
	return &vector.Year{Opening: b.opening, Moved: b.p.moved.Of(month.Year())}
}

// done hands the book's rows over.
func (b *loader) done(row Book) error {
	o := b.out
	if row.Closed == "" {
		o.closed.figures = append(o.closed.figures, b.l.expected(row, row.From.Year())...)
	}
	o.books = append(o.books, row)
	for _, v := range b.kept {
		o.vouchers = append(o.vouchers, *v)
	}
	o.postings = append(o.postings, b.p.lines...)
	o.turnovers = append(o.turnovers, b.p.moved.Rows...)
	for _, n := range b.p.numbers {
		o.numbers = append(o.numbers, *n)
	}
	return nil
}
