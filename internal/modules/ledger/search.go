package ledger

import (
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// LimitMax is the largest page of a list.
const LimitMax = 1000

// VoucherOf reads a voucher with its lines, a draft's too.
func VoucherOf(r store.Reader, ref VoucherRef) (Voucher, []PostingRow, error) {
	v, err := getVoucher(r, ref)
	if err != nil {
		return v, nil, err
	}
	if v.Status != Posted {
		d, err := v.AsDraft()
		return v, record.Rows(&v, d.Postings, false), err
	}
	lines, err := postings.All(r, "WHERE home = ? AND voucher = ? ORDER BY line", v.Home, v.ID)
	for i := range lines {
		lines[i].Posted = true
	}
	return v, lines, err
}

// BySource finds the voucher of a book that something in the program made.
func BySource(r store.Reader, ref Ref, source string) (Voucher, bool, error) {
	return vouchers.First(r, bySource, ref.Home, ref.ID, source)
}

// Query asks for vouchers of a book: the posted ones by month, series and number, the latest first, or
// those that wait.
type Query struct {
	Book     Ref
	Open     bool   // drafts and returned ones instead of posted ones
	From, To string // months; "" open
	Series   string // "" all
	Text     string // in the summary
	Least    money.Fen
	Most     money.Fen // 0: no end
	After    string    // Next of the page before
	Limit    int
}

// Search gives a page of vouchers and where the next one begins; "" is the last page.
func Search(r store.Reader, q Query) (list []Voucher, next string, err error) {
	limit := min(max(q.Limit, 1), LimitMax)
	var w store.Where
	w.And("home = ? AND book = ?", q.Book.Home, q.Book.ID)
	order := " ORDER BY month DESC, series DESC, number DESC LIMIT ?"
	if q.Open {
		w.And("status <> 'posted'")
		order = " ORDER BY date DESC, id DESC LIMIT ?"
	} else {
		w.And("number > 0")
	}
	if q.From != "" {
		w.And("month >= ?", q.From)
	}
	if q.To != "" {
		w.And("month <= ?", q.To)
	}
	if q.Series != "" {
		w.And("series = ?", q.Series)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		w.And(`lower(summary) LIKE ? ESCAPE '\'`, store.Like(text))
	}
	if q.Least != 0 {
		w.And("total >= ?", q.Least)
	}
	if q.Most != 0 {
		w.And("total <= ?", q.Most)
	}
	if err := q.after(&w); err != nil {
		return nil, "", err
	}
	list, err = vouchers.All(r, w.SQL()+order, w.Args(limit+1)...)
	if err == nil && len(list) > limit {
		list = list[:limit]
		next = q.cursor(list[limit-1])
	}
	return list, next, err
}

// cursor is where the page after a voucher begins.
func (q Query) cursor(v Voucher) string {
	if q.Open {
		return string(v.Date) + "|" + strconv.FormatInt(v.ID, 10)
	}
	return v.Month + "|" + strconv.FormatInt(v.Number, 10) + "|" + v.Series
}

// after begins behind a cursor.
func (q Query) after(w *store.Where) error {
	if q.After == "" {
		return nil
	}
	parts := strings.Split(q.After, "|")
	if len(parts) < 2 {
		return fault.New(fault.Invalid, "ledger.cursor")
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	switch {
	case err != nil || q.Open != (len(parts) == 2):
		return fault.New(fault.Invalid, "ledger.cursor")
	case q.Open:
		w.And("(date, id) < (?, ?)", parts[0], n)
	default:
		w.And("(month, series, number) < (?, ?, ?)", parts[0], parts[2], n)
	}
	return nil
}

// Lines asks for the postings of a book behind a figure: of an account, or of all that begin with it.
type Lines struct {
	Book         Ref
	Account      string
	From, To     period.Date
	Counterparty string // "" all
	Member       string // "" all
	After        string // Next of the page before
	Limit        int
}

// PostingLine is a posting with what its voucher says.
type PostingLine struct {
	PostingRow
	Month   string `db:"month"`
	Series  string `db:"series"`
	Number  int64  `db:"number"`
	Summary string `db:"summary"`
}

// Word is the number of the line's voucher.
func (p PostingLine) Word() string { return p.Series + "-" + strconv.FormatInt(p.Number, 10) }

// PostingsOf gives a page of posted lines of an account by day, and where the next one begins.
func PostingsOf(r store.Reader, q Lines) (list []PostingLine, next string, err error) {
	limit := min(max(q.Limit, 1), LimitMax)
	var w store.Where
	w.And("v.home = p.home AND v.id = p.voucher")
	w.And("p.home = ? AND p.book = ? AND p.account = ?", q.Book.Home, q.Book.ID, q.Account)
	if q.From != "" {
		w.And("p.date >= ?", q.From)
	}
	if q.To != "" {
		w.And("p.date <= ?", q.To)
	}
	if q.Counterparty != "" {
		w.And("p.counterparty = ?", q.Counterparty)
	}
	if q.Member != "" {
		w.And("p.member = ?", q.Member)
	}
	if q.After != "" {
		parts := strings.Split(q.After, "|")
		if len(parts) != 3 {
			return nil, "", fault.New(fault.Invalid, "ledger.cursor")
		}
		voucher, wrong := strconv.ParseInt(parts[1], 10, 64)
		line, wrongLine := strconv.ParseInt(parts[2], 10, 64)
		if wrong != nil || wrongLine != nil {
			return nil, "", fault.New(fault.Invalid, "ledger.cursor")
		}
		w.And("(p.date, p.voucher, p.line) > (?, ?, ?)", parts[0], voucher, line)
	}
	list, err = store.All[PostingLine](r, linesText+w.SQL()+" ORDER BY p.date, p.voucher, p.line LIMIT ?",
		w.Args(limit+1)...)
	for i := range list {
		list[i].Posted = true
	}
	if err == nil && len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = string(last.Date) + "|" + strconv.FormatInt(last.Voucher, 10) + "|" + strconv.Itoa(last.Line)
	}
	return list, next, err
}

var linesText = "SELECT p." + strings.Join(postings.Columns(), ", p.") + `,
	v.month AS month, v.series AS series, v.number AS number, v.summary AS summary FROM ledger_posting p
	CROSS JOIN ledger_voucher v`
