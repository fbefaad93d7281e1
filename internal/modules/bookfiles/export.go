package bookfiles

import (
	"context"
	"io"
	"iter"

	"github.com/terrace-project/terrace/internal/modules/bookfiles/plaintext"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Export is an order for the journal of a book's year in plain text.
type Export struct {
	Book     ledger.Ref
	Year     int // 0: all years of the book, from its opening
	Format   plaintext.Format
	Language locale.Language
}

// exported is a book and the days of a journal.
type exported struct {
	book         ledger.Book
	organisation registry.Organisation
	chart        *book.Chart
	from, to     period.Date
}

// prepare reads what stands at the head of a journal, for somebody who may read the book.
func (s *Bookfiles) prepare(r store.Reader, actor access.Actor, e Export) (x exported, err error) {
	if x.book, err = ledger.Get(r, e.Book); err != nil {
		return x, err
	}
	if err = s.host.Access.Require(actor, ledger.MayRead, x.book.Place); err != nil {
		return x, err
	}
	if e.Format != plaintext.Hledger && e.Format != plaintext.Beancount {
		return x, fault.New(fault.Unsupported, "bookfiles.format", string(e.Format))
	}
	if x.organisation, err = registry.Get(r, ownerOf(x.book)); err != nil {
		return x, err
	}
	if x.chart, err = s.chartOf(x.book); err != nil {
		return x, err
	}
	x.from, x.to = x.book.From, min(lastDay(x.book), s.host.Today())
	if e.Year != 0 {
		year := period.OfYear(e.Year)
		x.from, x.to = max(x.from, year.First()), min(lastDay(x.book), year.Last())
	}
	if x.from > x.to {
		return x, fault.New(fault.NotFound, "bookfiles.no_year", e.Year, string(x.book.From),
			string(lastDay(x.book)))
	}
	return x, nil
}

// WriteJournal writes what was posted in a book, and nothing of its drafts. The same books give
// the same
// bytes.
func (s *Bookfiles) WriteJournal(ctx context.Context, actor access.Actor, e Export, w io.Writer) error {
	return s.host.Store.View(ctx, func(v *store.View) error {
		x, err := s.prepare(v, actor, e)
		if err != nil {
			return err
		}
		opening, err := ledger.Balances(v, e.Book, x.from.AddDays(-1))
		if err != nil {
			return err
		}
		return e.Format.Write(w, plaintext.Journal{Language: e.Language, Organisation: x.organisation.Name,
			Chart: x.chart.Title.In(e.Language), From: x.from, To: x.to, Accounts: x.chart.Accounts,
			Opening: opening, Vouchers: x.vouchers(v)})
	})
}

// journalLine is a posting with its voucher.
type journalLine struct {
	Voucher      int64       `db:"voucher"`
	Date         period.Date `db:"date"`
	Series       string      `db:"series"`
	Number       int64       `db:"number"`
	Summary      string      `db:"summary"`
	Source       string      `db:"source"`
	BackMonth    string      `db:"back_month"` // of the voucher it takes back
	BackSeries   string      `db:"back_series"`
	BackNumber   int64       `db:"back_number"`
	Account      string      `db:"account"`
	Amount       money.Fen   `db:"amount"`
	Counterparty string      `db:"counterparty"`
	Member       string      `db:"member"`
	Asset        string      `db:"asset"`
	Project      string      `db:"project"`
	Fund         string      `db:"fund"`
	Note         string      `db:"note"`
}

const journalText = `SELECT p.voucher, v.date, v.series, v.number, v.summary, v.source,
	coalesce(o.month, '') AS back_month, coalesce(o.series, '') AS back_series,
	coalesce(o.number, 0) AS back_number, p.account, p.amount, p.counterparty, p.member,
	p.asset, p.project, p.fund, p.note
	FROM ledger_voucher v JOIN ledger_posting p ON p.home = v.home AND p.voucher = v.id
	LEFT JOIN ledger_voucher o ON o.home = v.home AND o.id = v.reverses AND v.reverses > 0
	WHERE v.home = ? AND v.book = ? AND v.month BETWEEN ? AND ? AND v.number > 0 AND v.date BETWEEN ? AND ?
	ORDER BY v.date, v.series, v.number, p.line`

// vouchers streams what was posted, by day, series and number.
func (x exported) vouchers(r store.Reader) iter.Seq2[plaintext.Voucher, error] {
	return func(yield func(plaintext.Voucher, error) bool) {
		var v plaintext.Voucher
		var id int64
		for line, err := range store.Each[journalLine](r, journalText, x.book.Home, x.book.ID,
			month(x.from),
			month(x.to), x.from, x.to) {
			if err != nil {
				yield(v, err)
				return
			}
			if line.Voucher != id {
				if id != 0 && !yield(v, nil) {
					return
				}
				id, v = line.Voucher, line.head()
			}
			v.Postings = append(v.Postings, book.Posting{Account: line.Account, Amount: line.Amount,
				Note: line.Note, Dimensions: book.Dimensions{Counterparty: line.Counterparty,
					Member: line.Member, Asset: line.Asset, Project: line.Project, Fund: line.Fund}})
		}
		if id != 0 {
			yield(v, nil)
		}
	}
}

// head is the voucher of a line, without its postings.
func (l journalLine) head() plaintext.Voucher {
	v := plaintext.Voucher{Date: l.Date, Number: l.Series + "-" + whole(l.Number), Summary: l.Summary,
		Source: l.Source}
	if l.BackNumber != 0 {
		v.Reverses = l.BackMonth + " " + l.BackSeries + "-" + whole(l.BackNumber)
	}
	return v
}
