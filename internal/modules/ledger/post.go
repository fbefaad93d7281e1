package ledger

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/query"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// posting is vouchers of one book on their way into it. Everything is read and checked first (add);
// then the gate of the book is passed, and only then anything is written. Who finds that another passed
// the gate meanwhile, which only PostgreSQL lets happen, holds it and begins again: see through.
type posting struct {
	l        *Ledger
	r        store.Reader
	book     Book
	chart    *book.Chart
	today    period.Date
	passed   int64
	numbers  map[numberKey]*numberRow
	sources  map[string]int64 // the voucher that has a source; 0: none
	funds    book.Funds       // of the accounts that must not be overdrawn
	moved    record.Moving
	vouchers []*Voucher
	lines    []PostingRow
	holder   int64 // the voucher whose own holds do not stand against it
	held     bool  // the first voucher has holds of its own
	seen     int64 // version of the first voucher when the gate was read
	loaded   bool  // taken over: nothing is there yet, and funds are as they were
}

type numberKey struct{ month, series string }

// passage is what the first question to a book is answered with.
type passage struct {
	Book
	Passed int64 `db:"passed"`
	Last   int64 `db:"last"` // number given last in the month and series; −1: none yet
	Same   int64 `db:"same"` // voucher with the source; 0: none
	Held   int64 `db:"held"` // holds of the voucher itself
	Seen   int64 `db:"seen"` // its version
}

var passageText = `SELECT b.` + strings.Join(books.Columns(), ", b.") + `, g.posted AS passed,
	coalesce(n.last, -1) AS last,
	coalesce((SELECT v.id FROM ledger_voucher v WHERE v.home = b.home AND v.book = b.id AND v.source = ?
		AND v.source <> ''), 0) AS same,
	(SELECT count(*) FROM ledger_hold h WHERE h.home = b.home AND h.voucher = ?
		AND h.state = 'reserved') AS held,
	coalesce((SELECT v.version FROM ledger_voucher v WHERE v.home = b.home AND v.id = ?), 0) AS seen
	FROM ledger_book b JOIN ledger_gate g ON g.home = b.home AND g.book = b.id
	LEFT JOIN ledger_number n ON n.home = b.home AND n.book = b.id AND n.month = ? AND n.series = ?
	WHERE b.home = ? AND b.id = ?`

// postingInto begins with a book, and reads what the first voucher needs along with it.
func (l *Ledger) postingInto(r store.Reader, ref Ref, first *Voucher) (*posting, error) {
	at, found, err := store.First[passage](r, passageText, first.Source, first.ID, first.ID, first.Month,
		first.Series, ref.Home, ref.ID)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.NotFound, "ledger.no_book")
	}
	chart, err := l.chartOf(at.Book)
	if err != nil {
		return nil, err
	}
	p := &posting{l: l, r: r, book: at.Book, chart: chart, today: l.host.Today(), passed: at.Passed,
		held: at.Held > 0, seen: at.Seen,
		numbers: map[numberKey]*numberRow{}, sources: map[string]int64{},
		funds: book.Funds{Balances: map[string]money.Fen{}, Held: map[string]money.Fen{}}}
	p.numbers[numberKey{first.Month, first.Series}] = record.NumberOf(at.Book, first.Month, first.Series,
		at.Last)
	if first.Source != "" {
		p.sources[first.Source] = at.Same
	}
	return p, nil
}

// add checks a voucher against the book and everything added before it, and gives it its number.
func (p *posting) add(v *Voucher, list []book.Posting) error {
	if err := p.book.Fits(v.Date, p.today); err != nil {
		return err
	}
	entry := book.Entry{Date: v.Date, Summary: v.Summary, Postings: list}
	if findings := book.CheckEntry(p.chart, entry); fault.Stops(findings) {
		return fault.New(fault.Invalid, "ledger.invalid").With(findings)
	}
	if !p.loaded {
		if err := p.watch(list); err != nil {
			return err
		}
	}
	n, err := p.number(v.Month, v.Series)
	if err != nil {
		return err
	}
	n.Last = max(n.Last, 0) + 1
	v.Number, v.Status, v.Content = n.Last, Posted, ""
	lines := record.Rows(v, list, true)
	v.Hash = record.Seal(v, lines)
	closing := p.chart.IsClosing(list)
	for i := range lines {
		a, _ := p.chart.Account(lines[i].Account)
		lines[i].Detailed, lines[i].Closing = a.PerDetail(), closing
	}
	p.vouchers, p.lines = append(p.vouchers, v), append(p.lines, lines...)
	return p.moved.Add(v, lines)
}

// number is the counter of a month and series.
func (p *posting) number(month, series string) (*numberRow, error) {
	key := numberKey{month, series}
	if n, ok := p.numbers[key]; ok {
		return n, nil
	}
	if p.loaded {
		p.numbers[key] = record.NumberOf(p.book, month, series, 0)
		return p.numbers[key], nil
	}
	n, found, err := numbers.First(p.r, "WHERE home = ? AND book = ? AND month = ? AND series = ?",
		p.book.Home, p.book.ID, month, series)
	if err != nil {
		return nil, err
	}
	if !found {
		n = *record.NumberOf(p.book, month, series, -1)
	}
	p.numbers[key] = &n
	return &n, nil
}

// source tells which voucher of the book has a source already.
func (p *posting) source(text string) (int64, error) {
	if id, ok := p.sources[text]; ok || text == "" {
		return id, nil
	}
	id, err := store.Count(p.r, `SELECT id FROM ledger_voucher
		WHERE home = ? AND book = ? AND source = ? AND source <> ''`, p.book.Home, p.book.ID, text)
	p.sources[text] = id
	return id, err
}

// foresee reads which vouchers of the book have the sources of drafts.
func (p *posting) foresee(drafts []Draft) error {
	var unknown []string
	for _, d := range drafts {
		if _, known := p.sources[d.Source]; !known && d.Source != "" {
			p.sources[d.Source] = 0
			unknown = append(unknown, d.Source)
		}
	}
	taken, err := Taken(p.r, p.book.Ref(), unknown)
	maps.Copy(p.sources, taken)
	return err
}

// watch keeps the accounts that must not be overdrawn. Only an entry that takes from such an account
// is refused: books that came overdrawn can be put right.
func (p *posting) watch(list []book.Posting) error {
	watched := map[string]money.Fen{}
	var missing []string
	for _, line := range list {
		if a, _ := p.chart.Account(line.Account); !a.NoOverdraft && a.Limit == "" {
			continue
		}
		if _, known := p.funds.Balances[line.Account]; !known && !slices.Contains(missing, line.Account) {
			missing = append(missing, line.Account)
		}
		watched[line.Account] += line.Amount // at most PostingsMax of at most AmountMax
	}
	if len(watched) == 0 {
		return nil
	}
	if err := p.read(missing); err != nil {
		return err
	}
	if findings := book.CheckFunds(p.chart, p.funds, list); fault.Stops(findings) {
		return fault.New(fault.Conflict, "ledger.overdrawn").With(findings)
	}
	for code, by := range watched {
		after, err := p.funds.Balances[code].Add(by)
		if err != nil {
			return fault.New(fault.Invalid, "ledger.overflow")
		}
		p.funds.Balances[code] = after
	}
	return nil
}

type fundsRow struct {
	Account string    `db:"account"`
	Amount  money.Fen `db:"amount"`
	Held    money.Fen `db:"held"`
}

// read reads what is on accounts.
func (p *posting) read(accounts []string) error {
	if len(accounts) == 0 {
		return nil
	}
	base := p.book.BaseYear()
	var years []any
	for year := base; year <= max(base, p.today.Year()); year++ {
		years = append(years, year)
	}
	codes := make([]any, len(accounts))
	for i, code := range accounts {
		codes[i], p.funds.Balances[code] = code, 0
	}
	owner := []any{p.book.Home, p.book.ID}
	args := slices.Concat(owner, []any{base}, codes, owner, years, codes, owner, codes,
		[]any{string(p.today), p.holder})
	for row, err := range store.Each[fundsRow](p.r, query.Funds(len(years), len(codes)), args...) {
		if err != nil {
			return err
		}
		p.funds.Balances[row.Account], p.funds.Held[row.Account] = row.Amount, row.Held
	}
	return nil
}

// pass goes through the gate of the book; false: another went through since it was read.
func (p *posting) pass(tx *store.Tx) (bool, error) {
	n, err := tx.Exec("UPDATE ledger_gate SET posted = posted + 1 WHERE home = ? AND book = ? AND posted = ?",
		p.book.Home, p.book.ID, p.passed)
	return n == 1, err
}

// hold keeps everybody else at the gate until the transaction ends.
func hold(tx *store.Tx, ref Ref) error {
	_, err := tx.Exec("UPDATE ledger_gate SET posted = posted + 1 WHERE home = ? AND book = ?", ref.Home,
		ref.ID)
	return err
}

// through reads and checks, passes the gate, and leaves the posting to be written. Refusals come before
// the first change, so that a refused voucher costs its neighbours in a group of writes nothing.
func through(tx *store.Tx, ref Ref, ready func() (*posting, error)) (*posting, error) {
	p, err := ready()
	if err != nil || p == nil {
		return nil, err
	}
	passed, err := p.pass(tx)
	if err != nil || passed {
		return p, err
	}
	if err := hold(tx, ref); err != nil {
		return nil, err
	}
	return ready()
}

// write writes the vouchers: new ones that have no version yet, or drafts that are posted.
func (p *posting) write(tx *store.Tx) error {
	for _, n := range p.numbers {
		if err := saveNumber(tx, n, p.vouchers); err != nil {
			return err
		}
	}
	if len(p.vouchers) > insertedSingly {
		fresh := make([]Voucher, len(p.vouchers))
		for i, v := range p.vouchers {
			fresh[i] = *v
		}
		if err := vouchers.Bulk(tx, fresh); err != nil {
			return err
		}
		for i, v := range p.vouchers {
			v.Version = fresh[i].Version
		}
		if err := postings.Bulk(tx, p.lines); err != nil {
			return err
		}
		return addTurnovers(tx, p.moved.Rows)
	}
	for _, v := range p.vouchers {
		var err error
		if v.Version == 0 {
			err = vouchers.Insert(tx, v)
		} else {
			err = vouchers.Update(tx, v)
		}
		if err != nil {
			return err
		}
	}
	for i := range p.lines {
		if err := postings.Insert(tx, &p.lines[i]); err != nil {
			return err
		}
	}
	return addTurnovers(tx, p.moved.Rows)
}

// insertedSingly is how many vouchers are added one by one; more are new and go in bulk.
const insertedSingly = 3

// saveNumber keeps the last number given. The gate is passed: nobody else gives one.
func saveNumber(tx *store.Tx, n *numberRow, given []*Voucher) error {
	var fresh int64
	for _, v := range given {
		if v.Month == n.Month && v.Series == n.Series {
			fresh++
		}
	}
	switch {
	case fresh == 0:
		return nil
	case fresh == n.Last:
		return numbers.Insert(tx, n)
	}
	return numbers.Update(tx, n)
}

// turnoversAtOnce is how many turnovers one statement adds.
const turnoversAtOnce = 16

// addTurnovers adds what moved to what did before.
func addTurnovers(tx *store.Tx, rows []turnoverRow) error {
	for some := range slices.Chunk(rows, turnoversAtOnce) {
		args := make([]any, 0, len(some)*9)
		for _, t := range some {
			args = append(args, t.Home, t.Book, t.Year, t.Account, t.Month, t.Counterparty, t.Closing,
				int64(t.Debit), int64(t.Credit))
		}
		if err := tx.Queue(query.AddTurnovers(len(some)), args...); err != nil {
			return err
		}
	}
	return nil
}

// subject names a voucher in events.
func subject(voucher int64) string { return "voucher/" + strconv.FormatInt(voucher, 10) }

// postedBody is what the event of a posted voucher says.
type postedBody struct {
	Book  int64  `json:"book"`
	Month string `json:"month"`
	Word  string `json:"word"`
	Hash  string `json:"hash"`
}

// tell records that vouchers were posted, one event for all of them.
func (p *posting) tell(tx *store.Tx, actor int64) error {
	first := p.vouchers[0]
	e := store.Event{Home: first.Home, Kind: "voucher.posted", Subject: subject(first.ID),
		Place: p.book.Place,
		Actor: actor, Body: postedBody{first.Book, first.Month, first.Word(), first.Hash}}
	if len(p.vouchers) > 1 {
		e.Kind, e.Subject = "book.loaded", bookSubject(first.Book)
		e.Body = loadedBody{Vouchers: len(p.vouchers), Postings: len(p.lines)}
	}
	_, err := tx.Record(e)
	return err
}

type loadedBody struct {
	Books    int `json:"books,omitempty"`
	Vouchers int `json:"vouchers"`
	Postings int `json:"postings"`
}

func bookSubject(id int64) string { return "book/" + strconv.FormatInt(id, 10) }
