package banking

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// LinesAsked asks for lines of an account.
type LinesAsked struct {
	From, To  period.Date
	Side      string // in, out; "" both
	Matched   string // yes, no; "" both
	Statement int64  // 0: all
	Text      string // in who and what for
	Sort      string // newest, oldest, amount
	After     string
	Limit     int
}

// sorts of lines; the first is the default.
var lineSorts = []string{"newest", "oldest", "amount"}

// LineFound is a line with whether a match holds it.
type LineFound struct {
	LineOf
	Matched bool
}

// LinesFound is a page of lines with what all of the filter come to.
type LinesFound struct {
	Rows    []LineFound
	Next    string
	Number  int64
	In, Out money.Fen
}

type lineSums struct {
	Number int64     `db:"number"`
	In     money.Fen `db:"came"`
	Out    money.Fen `db:"went"`
}

const matchedText = `EXISTS (SELECT 1 FROM bank_matched m WHERE m.home = bank_line.home
	AND m.member = 'l' || CAST(bank_line.id AS TEXT))`

func (q LinesAsked) where(a Account) *store.Where {
	var w store.Where
	w.And("home = ? AND account = ? AND"+lineHeld, a.Home, a.ID)
	if q.From != "" {
		w.And("day >= ?", q.From)
	}
	if q.To != "" {
		w.And("day <= ?", q.To)
	}
	switch q.Side {
	case "in":
		w.And("amount > 0")
	case "out":
		w.And("amount < 0")
	}
	switch q.Matched {
	case "yes":
		w.And(matchedText)
	case "no":
		w.And("NOT " + matchedText)
	}
	if q.Statement != 0 {
		w.And("statement = ?", q.Statement)
	}
	return &w
}

// order is the order of a sort, and the condition of what follows a cursor.
func (q LinesAsked) order(w *store.Where) (order string, err error) {
	key, id := "", int64(0)
	if q.After != "" {
		if n, err := fmt.Sscan(q.After, &key, &id); n != 2 || err != nil {
			return "", fault.New(fault.Invalid, "web.cursor")
		}
	}
	switch q.Sort {
	case "oldest":
		if key != "" {
			w.And("(day, id) > (?, ?)", key, id)
		}
		return "day, id", nil
	case "amount":
		if size, err := strconv.ParseInt(key, 10, 64); key != "" && err == nil {
			w.And("(abs(amount), id) < (?, ?)", size, id)
		}
		return "abs(amount) DESC, id DESC", nil
	}
	if key != "" {
		w.And("(day, id) < (?, ?)", key, id)
	}
	return "day DESC, id DESC", nil
}

func (q LinesAsked) cursor(l lineRow) string {
	if q.Sort == "amount" {
		return fmt.Sprint(int64(max(l.Amount, -l.Amount)), " ", l.ID)
	}
	return fmt.Sprint(l.Day, " ", l.ID)
}

// LinesOf gives a page of the lines of an account. What a line says is sealed: a filter on it opens each.
func (s *Banking) LinesOf(r store.Reader, a Account, q LinesAsked) (found LinesFound, err error) {
	if err := s.sumLines(r, a, q, &found); err != nil {
		return found, err
	}
	w := q.where(a)
	order, err := q.order(w)
	if err != nil {
		return found, err
	}
	rest, args := w.SQL()+" ORDER BY "+order, w.Args()
	if q.Text == "" {
		rest, args = rest+" LIMIT ?", w.Args(q.Limit+1)
	}
	for row, err := range lines.Each(r, rest, args...) {
		if err != nil {
			return found, err
		}
		l, err := s.open(row)
		if err != nil {
			return found, err
		}
		if !q.says(l.Counterparty, l.Purpose, l.Serial) {
			continue
		}
		if len(found.Rows) == q.Limit {
			last := found.Rows[q.Limit-1]
			found.Next = q.cursor(lineRow{ID: last.ID, Day: last.Date, Amount: last.Amount})
			break
		}
		found.Rows = append(found.Rows, LineFound{LineOf: LineOf{row.ID, row.Statement, l}})
	}
	for i := range found.Rows {
		_, found.Rows[i].Matched, err = matched.First(r, "WHERE home = ? AND member = ?", a.Home,
			lineID(found.Rows[i].ID))
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

// says reports whether one of some texts has what is looked for.
func (q LinesAsked) says(texts ...string) bool {
	if q.Text == "" {
		return true
	}
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), strings.ToLower(q.Text)) {
			return true
		}
	}
	return false
}

// sumLines counts and adds up all lines of a filter.
func (s *Banking) sumLines(r store.Reader, a Account, q LinesAsked, found *LinesFound) error {
	w := q.where(a)
	if q.Text == "" {
		sum, _, err := store.First[lineSums](r, `SELECT count(*) AS number,
			CAST(COALESCE(sum(CASE WHEN amount > 0 THEN amount ELSE 0 END), 0) AS BIGINT) AS came,
			CAST(COALESCE(sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END), 0) AS BIGINT) AS went
			FROM bank_line`+w.SQL(), w.Args()...)
		found.Number, found.In, found.Out = sum.Number, sum.In, sum.Out
		return err
	}
	for row, err := range lines.Each(r, w.SQL(), w.Args()...) {
		if err != nil {
			return err
		}
		l, err := s.open(row)
		if err != nil {
			return err
		}
		if !q.says(l.Counterparty, l.Purpose, l.Serial) {
			continue
		}
		found.Number++
		if l.Amount > 0 {
			found.In += l.Amount
		} else {
			found.Out -= l.Amount
		}
	}
	return nil
}

// linesPage is the page of all lines of an account.
func (s *Banking) linesPage(r *web.Request) (web.Answer, error) {
	a, o, err := s.asked(r, MayRead)
	if err != nil {
		return nil, err
	}
	statements, err := store.Read(r.Context(), s.host.Store, func(v *store.View) ([]Taken, error) {
		return StatementsOf(v, a.Ref())
	})
	if err != nil {
		return nil, err
	}
	var files []web.Option
	for _, t := range statements {
		files = append(files, web.Option{Value: strconv.FormatInt(t.ID, 10), Text: t.Name})
	}
	choice := func(key string, values ...string) web.Filter {
		f := web.Filter{Key: key, Kind: web.Choice}
		for _, value := range values {
			f.Options = append(f.Options, web.Option{Value: value, Text: r.T("banking.lines." + key + "." +
				value)})
		}
		return f
	}
	list := web.List[LineFound]{Name: "banking.lines", Title: r.T("banking.lines.of", a.Masked()),
		Place: a.Place, Trail: trail(r, a, o), Columns: lineColumns(r, a), Sorts: lineSorts,
		Filters: []web.Filter{{Key: "q", Kind: web.TextFilter}, {Key: "from", Kind: web.DateFilter},
			{Key: "to", Kind: web.DateFilter}, choice("side", "in", "out"), choice("matched", "yes", "no"),
			{Key: "statement", Kind: web.Choice, Options: files}},
		Load: func(ctx context.Context, q web.Query) (web.Rows[LineFound], error) {
			return s.loadLines(ctx, r, a, q)
		}}
	return list.Answer(r)
}

func lineColumns(r *web.Request, a Account) []web.Column[LineFound] {
	yuan := func(f money.Fen, shown bool) web.Cell {
		if !shown {
			return web.Cell{}
		}
		return web.Cell{Text: f.String(), Value: sheet.Number{Text: f.Plain(), Places: 2}}
	}
	text := func(get func(LineFound) string) func(LineFound) web.Cell {
		return func(l LineFound) web.Cell { return web.Cell{Text: get(l)} }
	}
	return []web.Column[LineFound]{
		{Key: "day", Cell: text(func(l LineFound) string { return string(l.Date) })},
		{Key: "in", Number: true, Cell: func(l LineFound) web.Cell { return yuan(l.Amount, l.Amount > 0) }},
		{Key: "out", Number: true, Cell: func(l LineFound) web.Cell {
			return yuan(-l.Amount, l.Amount < 0)
		}},
		{Key: "balance", Number: true, Cell: func(l LineFound) web.Cell {
			return yuan(l.Balance, l.HasBalance)
		}},
		{Key: "counterparty", Cell: text(func(l LineFound) string { return l.Counterparty })},
		{Key: "purpose", Cell: text(func(l LineFound) string { return l.Purpose })},
		{Key: "matched", Cell: func(l LineFound) web.Cell {
			if l.Matched {
				return web.Cell{Text: r.T("banking.lines.matched.yes"), Status: "done"}
			}
			return web.Cell{Text: r.T("banking.lines.matched.no"), Status: "due", Href: Address(a.Ref()) +
				"/matching?on=" + string(r.Today())}
		}},
		{Key: "serial", Hidden: true, Cell: text(func(l LineFound) string { return l.Serial })},
		{Key: "tail", Hidden: true, Cell: text(func(l LineFound) string { return l.Tail })},
		{Key: "row", Hidden: true, Number: true, Cell: func(l LineFound) web.Cell {
			return web.Cell{Text: strconv.Itoa(l.Row), Value: int64(l.Row)}
		}},
	}
}

func (s *Banking) loadLines(ctx context.Context, r *web.Request, a Account,
	q web.Query) (rows web.Rows[LineFound], err error) {
	asked := LinesAsked{From: period.Date(q.Filter["from"]), To: period.Date(q.Filter["to"]),
		Side: q.Filter["side"], Matched: q.Filter["matched"], Text: q.Filter["q"], Sort: q.Sort,
		After: q.After, Limit: q.Limit}
	for _, day := range []period.Date{asked.From, asked.To} {
		if day != "" && !day.Valid() {
			return rows, fault.New(fault.Invalid, "web.filter_value", string(day), r.T("banking.part.date"))
		}
	}
	if text := q.Filter["statement"]; text != "" {
		if asked.Statement, err = strconv.ParseInt(text, 10, 64); err != nil {
			return rows, err
		}
	}
	found, err := store.Read(ctx, s.host.Store, func(v *store.View) (LinesFound, error) {
		return s.LinesOf(v, a, asked)
	})
	rows.Items, rows.Next, rows.Total = found.Rows, found.Next, web.Total{N: found.Number}
	rows.Sums = []web.Sum{{Label: r.T("banking.part.inflow"), Text: found.In.String()},
		{Label: r.T("banking.part.outflow"), Text: found.Out.String()}}
	return rows, err
}

// withdraw takes a statement back from its form.
func (s *Banking) withdraw(r *web.Request) (web.Answer, error) {
	ref, id, err := posted(r, "statement")
	if err == nil {
		err = s.Withdraw(r.Context(), r.Actor, ref, id, r.Field("reason"))
	}
	if err != nil {
		return nil, err
	}
	return done(Address(ref), "banking.withdrawn"), nil
}

// lineOutput is a line as programs see it.
type lineBody struct {
	ID           int64       `json:"id"`
	Statement    int64       `json:"statement"`
	Date         period.Date `json:"date"`
	Amount       money.Fen   `json:"amount_fen" doc:"What came in; below zero: what left."`
	Balance      *money.Fen  `json:"balance_fen,omitempty"`
	Counterparty string      `json:"counterparty,omitempty"`
	Purpose      string      `json:"purpose,omitempty"`
	Serial       string      `json:"serial,omitempty"`
	Matched      bool        `json:"matched"`
}

func (l LineFound) body() lineBody {
	b := lineBody{ID: l.ID, Statement: l.Statement, Date: l.Date, Amount: l.Amount,
		Counterparty: l.Counterparty, Purpose: l.Purpose, Serial: l.Serial, Matched: l.Matched}
	if l.HasBalance {
		b.Balance = &l.Balance
	}
	return b
}

// accountFor reads an account for an actor of the API.
func (s *Banking) accountFor(ctx context.Context, permit access.Permit, ref Ref) (Account, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) (Account, error) {
		return s.mine(v, access.From(ctx), permit, ref)
	})
}
