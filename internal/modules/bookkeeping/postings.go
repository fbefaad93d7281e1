package bookkeeping

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/bookkeeping/grid"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// linesAsked is what a list of postings is asked for.
type linesAsked struct {
	Accounts     []string
	From, To     period.Date
	Counterparty string
}

// postingsAddress is the list of the postings of accounts in a span of days.
func postingsAddress(ref ledger.Ref, q linesAsked) string {
	values := url.Values{"account": {strings.Join(q.Accounts, ",")}, "from": {string(q.From)},
		"to": {string(q.To)}}
	if q.Counterparty != "" {
		values.Set("counterparty", q.Counterparty)
	}
	return Address(ref) + "/postings?" + values.Encode()
}

// readLines reads what the address asks for. Without days it is the year until now.
func (o opened) readLines(r *web.Request) (q linesAsked, err error) {
	if q.From, err = r.Date("from"); err != nil {
		return q, err
	}
	if q.To, err = r.Date("to"); err != nil {
		return q, err
	}
	if q.To == "" {
		q.To = o.lastDay(r.Today())
	}
	if q.From == "" {
		q.From = max(yearOf(q.To), o.From)
	}
	if q.From > q.To {
		return q, fault.New(fault.Invalid, "books.days", string(q.From), string(q.To))
	}
	q.Counterparty = r.Field("counterparty")
	for _, text := range strings.Split(r.Field("account"), ",") {
		code := strings.TrimSpace(text)
		if _, known := o.chart.Account(code); !known && code != "" {
			code = accountCode(o.chart, code)
		}
		if _, known := o.chart.Account(code); known {
			q.Accounts = append(q.Accounts, code)
		} else if code != "" {
			return q, fault.New(fault.NotFound, "books.no_account", text)
		}
	}
	q.Accounts = grid.Expanded(o.chart, q.Accounts)
	return q, nil
}

// postingRow is a posting in the list of one account, with the balance after it.
type postingRow struct {
	ledger.PostingLine
	After money.Fen
}

// accountsView is the sums of several accounts, each leading to its own list.
type accountsView struct {
	Books    opened
	From, To period.Date
	Account  string // as the field shows it
	Lines    []accountLine
	Total    accountLine
	Choices  []accountView
}

// accountLine is an account, or one counterparty on it: what stood before, what moved, what stands.
type accountLine struct {
	Name, Href                      string
	Opening, Debit, Credit, Closing money.Fen
}

// postings lists the postings of one account, or the sums of several.
func (s *Bookkeeping) postings(r *web.Request) (web.Answer, error) {
	o, err := s.asked(r, ledger.MayRead)
	if err != nil {
		return nil, err
	}
	q, err := o.readLines(r)
	if err != nil {
		return nil, err
	}
	if len(q.Accounts) != 1 {
		return s.accounts(r, o, q)
	}
	return s.account(r, o, q)
}

// accounts shows the sums of several accounts; of all of them if none is named.
func (s *Bookkeeping) accounts(r *web.Request, o opened, q linesAsked) (web.Answer, error) {
	if len(q.Accounts) == 0 {
		for _, a := range o.chart.Accounts {
			if o.chart.Bookable(a.Code) {
				q.Accounts = append(q.Accounts, a.Code)
			}
		}
	}
	v := accountsView{Books: o, From: q.From, To: q.To, Choices: accountsOf(o.chart, r.Language)}
	sums, err := store.Read(r.Context(), s.host.Store, func(w *store.View) (map[string]*accountLine,
		error) {
		return sumsOf(w, o, q, func(b book.Balance) string { return b.Account })
	})
	if err != nil {
		return nil, err
	}
	v.Total.Name = r.T("books.total")
	for _, code := range q.Accounts {
		line, moved := sums[code]
		if !moved {
			continue
		}
		line.Name = grid.AccountText(o.chart, code, r.Language)
		line.Href = postingsAddress(o.Ref(), linesAsked{Accounts: []string{code}, From: q.From, To: q.To,
			Counterparty: q.Counterparty})
		v.Lines = append(v.Lines, *line)
		v.Total.add(*line)
	}
	return web.View("bookkeeping/accounts", web.Page{Title: r.T("books.postings.title"), Data: v,
		Wide:  true,
		Place: o.Place, Trail: trail(r, o)}), nil
}

// All are the lines with their sum.
func (v accountsView) All() []accountLine { return append(v.Lines, v.Total) }

func (l *accountLine) add(o accountLine) {
	l.Opening, l.Debit = l.Opening+o.Opening, l.Debit+o.Debit
	l.Credit, l.Closing = l.Credit+o.Credit, l.Closing+o.Closing
}

// sumsOf adds up what stood before a span and moved in it, by a key of one's own.
func sumsOf(r store.Reader, o opened, q linesAsked, key func(book.Balance) string) (map[string]*accountLine,
	error) {
	wanted := map[string]bool{}
	for _, code := range q.Accounts {
		wanted[code] = true
	}
	sums := map[string]*accountLine{}
	line := func(b book.Balance) *accountLine {
		if !wanted[b.Account] || q.Counterparty != "" && b.Counterparty != q.Counterparty {
			return &accountLine{} // of no interest
		}
		k := key(b)
		if sums[k] == nil {
			sums[k] = &accountLine{}
		}
		return sums[k]
	}
	before, err := ledger.Balances(r, o.Ref(), q.From.AddDays(-1))
	if err != nil {
		return nil, err
	}
	for _, b := range before {
		l := line(b)
		l.Opening, l.Closing = l.Opening+b.Amount, l.Closing+b.Amount
	}
	moved, err := ledger.Turnover(r, o.Ref(), q.From, q.To)
	if err != nil {
		return nil, err
	}
	for _, t := range moved {
		l := line(book.Balance{Account: t.Account, Counterparty: t.Counterparty})
		l.Debit, l.Credit = l.Debit+t.Debit, l.Credit+t.Credit
		l.Closing += t.Debit - t.Credit
	}
	return sums, nil
}

// accountHead stands over the list of an account.
type accountHead struct {
	Books          opened
	Account        string
	Counterparty   string
	From, To       period.Date
	Sum            accountLine
	Counterparties []accountLine
	Choices        []accountView
}

// counterpartiesMax is how many counterparties stand over the list of an account.
const counterpartiesMax = 200

// account lists the postings of one account.
func (s *Bookkeeping) account(r *web.Request, o opened, q linesAsked) (web.Answer, error) {
	code := q.Accounts[0]
	head := accountHead{Books: o, Account: grid.AccountText(o.chart, code, r.Language),
		Counterparty: q.Counterparty,
		From:         q.From, To: q.To, Choices: accountsOf(o.chart, r.Language)}
	err := s.host.Store.View(r.Context(), func(w *store.View) error {
		sums, err := sumsOf(w, o, q, func(b book.Balance) string { return b.Counterparty })
		for name, line := range sums {
			head.Sum.add(*line)
			if name == "" || q.Counterparty != "" || len(head.Counterparties) == counterpartiesMax {
				continue
			}
			line.Name = o.chart.DetailName(code, name).In(r.Language)
			line.Href = postingsAddress(o.Ref(), linesAsked{Accounts: q.Accounts, From: q.From, To: q.To,
				Counterparty: name})
			head.Counterparties = append(head.Counterparties, *line)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sortLines(head.Counterparties)
	list := web.List[postingRow]{Name: "books.postings", Columns: postingColumns(r, o, code),
		Filters: []web.Filter{{Key: "account", Kind: web.TextFilter}, {Key: "from", Kind: web.DateFilter},
			{Key: "to", Kind: web.DateFilter}, {Key: "counterparty", Kind: web.TextFilter}},
		AboveView: "bookkeeping/account", Above: head, Place: o.Place, Trail: trail(r, o),
		Title: head.Account}
	list.Load = func(ctx context.Context, page web.Query) (web.Rows[postingRow], error) {
		return s.loadPostings(ctx, o, q, page, head.Sum)
	}
	return list.Answer(r)
}

func postingColumns(r *web.Request, o opened, code string) []web.Column[postingRow] {
	text := func(text string) web.Cell { return web.Cell{Text: text} }
	amount := func(f money.Fen) web.Cell {
		return web.Cell{Text: f.String(), Value: sheet.Number{Text: f.Plain(), Places: money.Places}}
	}
	return []web.Column[postingRow]{
		{Key: "date", Cell: func(p postingRow) web.Cell { return text(string(p.Date)) }},
		{Key: "word", Cell: func(p postingRow) web.Cell {
			return web.Cell{Text: p.Word(), Href: VoucherAddress(ledger.VoucherRef{Home: p.Home,
				ID: p.Voucher})}
		}},
		{Key: "note", Cell: func(p postingRow) web.Cell {
			if p.Note != "" {
				return text(p.Note)
			}
			return text(p.Summary)
		}},
		{Key: "counterparty", Cell: func(p postingRow) web.Cell {
			return text(o.chart.DetailName(code, p.Counterparty).In(r.Language))
		}},
		{Key: "member", Hidden: true, Cell: func(p postingRow) web.Cell { return text(p.Member) }},
		{Key: "asset", Hidden: true, Cell: func(p postingRow) web.Cell { return text(p.Asset) }},
		{Key: "project", Hidden: true, Cell: func(p postingRow) web.Cell { return text(p.Project) }},
		{Key: "fund", Hidden: true, Cell: func(p postingRow) web.Cell { return text(p.Fund) }},
		{Key: "debit", Number: true, Cell: func(p postingRow) web.Cell {
			if (p.Amount > 0) == p.Red {
				return web.Cell{}
			}
			return amount(p.Amount)
		}},
		{Key: "credit", Number: true, Cell: func(p postingRow) web.Cell {
			if (p.Amount > 0) != p.Red {
				return web.Cell{}
			}
			return amount(-p.Amount)
		}},
		{Key: "after", Number: true, Cell: func(p postingRow) web.Cell { return amount(p.After) }},
	}
}

// loadPostings reads a page. The balance after each line goes on from where the page before it ended, which
// the cursor remembers.
func (s *Bookkeeping) loadPostings(ctx context.Context, o opened, q linesAsked, page web.Query,
	sum accountLine) (rows web.Rows[postingRow], err error) {
	after, balance, err := readLineCursor(page.After, sum.Opening)
	if err != nil {
		return rows, err
	}
	lines := ledger.Lines{Book: o.Ref(), Account: q.Accounts[0], From: q.From, To: q.To,
		Counterparty: q.Counterparty, After: after, Limit: page.Limit}
	next := ""
	list, err := store.Read(ctx, s.host.Store, func(w *store.View) (list []ledger.PostingLine, err error) {
		list, next, err = ledger.PostingsOf(w, lines)
		return list, err
	})
	if err != nil {
		return rows, err
	}
	for _, p := range list {
		if balance, err = balance.Add(p.Amount); err != nil {
			return rows, fault.New(fault.Invalid, "books.overflow").Because(err)
		}
		rows.Items = append(rows.Items, postingRow{p, balance})
	}
	rows.Total.Unknown = true
	if next != "" {
		rows.Next = next + "#" + balance.Plain()
	}
	return rows, nil
}

// readLineCursor reads where a page ended and what stood there.
func readLineCursor(text string, opening money.Fen) (after string, balance money.Fen, err error) {
	if text == "" {
		return "", opening, nil
	}
	after, amount, _ := strings.Cut(text, "#")
	if balance, err = money.Parse(amount); err != nil {
		return "", 0, fault.New(fault.Invalid, "web.cursor")
	}
	return after, balance, nil
}

func sortLines(lines []accountLine) {
	slices.SortFunc(lines, func(a, b accountLine) int {
		return cmp.Or(cmp.Compare(abs(b.Closing), abs(a.Closing)), cmp.Compare(a.Name, b.Name))
	})
}

func abs(f money.Fen) money.Fen { return max(f, -f) }
