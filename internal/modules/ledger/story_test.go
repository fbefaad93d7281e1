package ledger

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/record"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// told is a voucher as the naive model knows it.
type told struct {
	Voucher
	lines    []book.Posting
	held     bool
	reversed bool
	gone     bool
}

// model is the books as somebody would keep them on paper: a list of vouchers, added up each time.
type model struct {
	w      *world
	b      Book
	pick   func(n int) int
	all    []*told
	closed int // months
	log    []string

	wanders bool                // the story goes on over the year's end
	keys    map[string]answered // what was answered under a key
}

// sum is what stands on an account by a day over everything posted.
func (m *model) sum(account string, day period.Date) money.Fen {
	var sum money.Fen
	for _, v := range m.all {
		if v.Status != Posted || v.Date > day || v.gone {
			continue
		}
		for _, p := range v.lines {
			if p.Account == account {
				sum += p.Amount
			}
		}
	}
	return sum
}

// flow is what lines do to an account.
func flow(lines []book.Posting, account string) (sum money.Fen) {
	for _, p := range lines {
		if p.Account == account {
			sum += p.Amount
		}
	}
	return sum
}

// enough reports whether cash and bank hold out, beside what is held for others.
func (m *model) enough(lines []book.Posting, own *told) bool {
	for _, account := range []string{"101", "102"} {
		free := m.sum(account, "2999-01-01") + flow(lines, account)
		for _, v := range m.all {
			if v.held && v != own && !v.gone && v.Status != Posted && flow(v.lines, account) < 0 {
				free += flow(v.lines, account)
			}
		}
		if flow(lines, account) < 0 && free < 0 {
			return false
		}
	}
	return true
}

// day is one of the first half of 2025, or near the months that are next to be closed.
func (m *model) day() period.Date {
	if m.wanders {
		return m.month(m.closed + 1).First().AddDays(m.pick(80) - 15)
	}
	return period.NewDate(2025, 1, 1).AddDays(m.pick(200))
}

// month is the nth month of the books.
func (m *model) month(n int) period.Period {
	return period.Containing(period.NewDate(2025, 1, 1).AddMonths(n-1), period.Month)
}

// open reports whether a day can be booked.
func (m *model) open(day period.Date) bool {
	return day >= m.month(m.closed+1).First() && record.MonthOf(day) <= record.MonthOf(m.w.Today)
}

// lines is a business of two to four lines.
func (m *model) lines() []book.Posting {
	accounts := []string{"101", "102", "501", "513", "113", "121"}
	var list []book.Posting
	var sum money.Fen
	for range 1 + m.pick(3) {
		p := line(accounts[m.pick(len(accounts))], money.Fen(m.pick(2_001)-900))
		if p.Amount == 0 {
			p.Amount = 1
		}
		if p.Account == "113" {
			p.Counterparty = []string{"张三", "李四"}[m.pick(2)]
		}
		sum += p.Amount
		list = append(list, p)
	}
	if sum != 0 {
		list = append(list, line("301", -sum))
	}
	if len(list) == 1 {
		list = append(list, line("301", -list[0].Amount))
	}
	return list
}

// expect compares a refusal with what the model foresaw.
func (m *model) expect(what string, err error, ok bool) bool {
	m.w.t.Helper()
	m.note(what, err)
	if (err == nil) != ok {
		m.w.t.Fatalf("%s: got %v, the model says %v\n%s", what, err, ok, strings.Join(m.log, "\n"))
	}
	if err != nil && fault.Of(err).Code == fault.Internal {
		m.w.t.Fatal(err)
	}
	return err == nil
}

// note keeps an answer, to be compared between the engines.
func (m *model) note(what string, err error, more ...any) {
	f := fault.Of(err)
	if err == nil {
		f = &fault.Fault{}
	}
	m.log = append(m.log, fmt.Sprint(what, " ", err == nil, f.Code, f.Key, f.Args, f.Findings, more))
}

// any is one of the vouchers there are.
func (m *model) any() *told {
	if len(m.all) == 0 {
		return nil
	}
	if v := m.all[m.pick(len(m.all))]; !v.gone {
		return v
	}
	return nil
}

func (m *model) step() {
	v := m.any()
	switch n := m.pick(12); {
	case n < 4 || v == nil:
		m.enter()
	case n < 7:
		m.check(v)
	case n == 7:
		m.reverse(v)
	case n == 8:
		m.hold(v)
	case n == 9:
		m.change(v)
	case n == 10:
		m.closeNext()
	default:
		m.reopen()
	}
}

func (m *model) enter() {
	d := draft(m.b, m.day(), m.lines()...)
	d.Series = SeriesAll[m.pick(2)]
	foretold, err := store.Read(m.w.ctx, m.w.host.Store, func(v *store.View) (Forecast, error) {
		return m.w.DryRun(v, m.w.maker(), d)
	})
	m.w.must(err)
	m.expect("dry run", foretold.Refusal, m.open(d.Date) && m.enough(d.Postings, nil))
	if foretold.Refusal == nil && foretold.Word != fmt.Sprintf("%s-%d", d.Series, m.count(d)+1) {
		m.w.t.Fatalf("foretold %s", foretold.Word)
	}
	v, err := m.w.Enter(m.w.ctx, m.w.maker(), d, "")
	if m.expect("enter", err, m.open(d.Date)) {
		m.all = append(m.all, &told{Voucher: v, lines: d.Postings})
	}
}

// count is how many vouchers a month and series has.
func (m *model) count(d Draft) (n int64) {
	for _, v := range m.all {
		if !v.gone && v.Status == Posted && v.Series == d.Series && v.Month == record.MonthOf(d.Date) {
			n++
		}
	}
	return n
}

func (m *model) check(v *told) {
	ok := v.Status == Drafted && m.open(v.Date) && m.enough(v.lines, v)
	var of *told
	if v.Reverses != 0 {
		of = m.find(v.Reverses)
		ok = ok && !of.reversed
	}
	number := m.count(Draft{Series: v.Series, Date: v.Date}) + 1
	done, err := m.w.Check(m.w.ctx, m.w.checker(), v.Ref(), v.Version)
	if !m.expect("check", err, ok) {
		return
	}
	if done.Number != number {
		m.w.t.Fatalf("number %d, the model says %d", done.Number, number)
	}
	v.Voucher, v.held = done, false
	if of != nil {
		of.reversed = true
		of.Version++
	}
}

func (m *model) find(id int64) *told {
	for _, v := range m.all {
		if v.ID == id {
			return v
		}
	}
	return nil
}

func (m *model) reverse(v *told) {
	on := m.day()
	waits := slices.ContainsFunc(m.all, func(o *told) bool { return !o.gone && o.Reverses == v.ID })
	ok := v.Status == Posted && !v.reversed && v.Reverses == 0 && !waits && m.open(on) && !v.ClosesYear()
	red, err := m.w.Reverse(m.w.ctx, m.w.maker(), v.Ref(), on, "有误")
	if m.expect("reverse", err, ok) {
		m.all = append(m.all, &told{Voucher: red, lines: book.Reverse(v.lines)})
	}
}

func (m *model) hold(v *told) {
	if v.held {
		err := m.w.Release(m.w.ctx, m.w.maker(), v.Ref())
		m.expect("release", err, v.Status != Posted)
		v.held = false
		return
	}
	out := flow(v.lines, "101") < 0 || flow(v.lines, "102") < 0
	ok := v.Status != Posted && out && m.enough(v.lines, v)
	_, err := m.w.Reserve(m.w.ctx, m.w.maker(), v.Ref(), v.Version, m.w.Today.AddDays(10))
	v.held = m.expect("reserve", err, ok)
}

func (m *model) change(v *told) {
	switch m.pick(3) {
	case 0:
		if m.expect("discard", m.w.Discard(m.w.ctx, m.w.maker(), v.Ref(), v.Version), v.Status != Posted) {
			v.gone = true
		}
	case 1:
		done, err := m.w.Return(m.w.ctx, m.w.checker(), v.Ref(), v.Version, "不清")
		if m.expect("return", err, v.Status == Drafted) {
			v.Voucher = done
		}
	default:
		d := draft(m.b, m.day(), m.lines()...)
		done, err := m.w.Amend(m.w.ctx, m.w.maker(), v.Ref(), v.Version, d)
		if m.expect("amend", err, v.Status != Posted && !v.held && m.open(d.Date)) {
			v.Voucher = done
			if v.Reverses == 0 {
				v.lines = d.Postings
			}
		}
	}
}

func (m *model) closeNext() {
	month := m.month(m.closed + 1)
	waits := slices.ContainsFunc(m.all, func(v *told) bool {
		return !v.gone && v.Status != Posted && v.Date <= month.Last()
	})
	done, err := m.w.Close(m.w.ctx, m.w.checker(), m.b.Ref(), month.String())
	if !m.expect("close", err, !waits && month.Last() <= m.w.Today) {
		return
	}
	if m.closed++; m.closed%12 == 0 {
		m.note("year", nil, done.Findings)
		m.yearClosed(month)
	}
}

func (m *model) reopen() {
	month := m.month(m.closed)
	_, err := m.w.Reopen(m.w.ctx, m.w.leader(), m.b.Ref(), Reopening{month.String(), "漏记", "3号"})
	if m.expect("reopen", err, m.closed > 0) {
		m.closed--
	}
}

// yearClosed takes the vouchers that closed a year into the model, and holds them against what it knows:
// income and expense are carried over, each to the fen, and nothing else is touched.
func (m *model) yearClosed(month period.Period) {
	var result money.Fen
	want := map[string]money.Fen{}
	for _, account := range []string{"501", "513"} {
		if sum := m.sum(account, month.Last()); sum != 0 {
			want[account] = -sum
			result += sum
		}
	}
	if result != 0 {
		want["322"] = result
	}
	rows, err := store.Read(m.w.ctx, m.w.host.Store, func(v *store.View) ([]Voucher, error) {
		return vouchers.All(v, "WHERE home = ? AND book = ? AND source LIKE 'close/%' ORDER BY id",
			m.b.Home,
			m.b.ID)
	})
	m.w.must(err)
	got := map[string]money.Fen{}
	for _, row := range rows {
		if m.find(row.ID) != nil {
			continue
		}
		_, lines := m.w.voucher(row.Ref())
		m.all = append(m.all, &told{Voucher: row, lines: record.Postings(lines),
			reversed: row.ReversedBy != 0})
		for _, p := range lines {
			got[p.Account] += p.Amount
		}
	}
	maps.DeleteFunc(got, func(_ string, f money.Fen) bool { return f == 0 })
	if !reflect.DeepEqual(got, want) {
		m.w.t.Fatalf("the year is closed by %v, the model says %v", got, want)
	}
}

// compare holds the balances of some days and the turnovers of a span against the model.
func (m *model) compare() {
	for range 4 {
		day := m.day()
		got := map[string]money.Fen{}
		for _, b := range m.w.balances(m.b.Ref(), day) {
			got[b.Account+b.Counterparty] += b.Amount
		}
		want := map[string]money.Fen{}
		for _, v := range m.all {
			if v.Status == Posted && v.Date <= day {
				for _, p := range v.lines {
					want[p.Account+p.Counterparty] += p.Amount
				}
			}
		}
		maps.DeleteFunc(want, func(_ string, f money.Fen) bool { return f == 0 })
		if !reflect.DeepEqual(got, want) {
			m.w.t.Fatalf("on %s: got %v, want %v", day, got, want)
		}
		m.spans(day)
	}
}

func (m *model) spans(to period.Date) {
	from := m.day()
	got, err := store.Read(m.w.ctx, m.w.host.Store, func(v *store.View) ([]book.Turnover, error) {
		return Turnover(v, m.b.Ref(), from, to)
	})
	m.w.must(err)
	want := map[string][2]money.Fen{}
	for _, v := range m.all {
		if v.Status != Posted || v.Date < from || v.Date > to {
			continue
		}
		for _, p := range v.lines {
			sides := want[p.Account+p.Counterparty]
			if (p.Amount > 0) != p.Red {
				sides[0] += p.Amount
			} else {
				sides[1] -= p.Amount
			}
			want[p.Account+p.Counterparty] = sides
		}
	}
	for _, t := range got {
		if sides := want[t.Account+t.Counterparty]; sides[0] != t.Debit || sides[1] != t.Credit {
			m.w.t.Fatalf("%s to %s: %+v, want %v", from, to, t, sides)
		}
		delete(want, t.Account+t.Counterparty)
	}
	if len(want) > 0 {
		m.w.t.Fatalf("%s to %s: %v are missing", from, to, want)
	}
}

// bare opens books of an organisation that only has a number.
func (w *world) bare(number int64) Book {
	w.t.Helper()
	b := Book{Home: w.own["天台村"].Home, Organisation: number, Place: w.place["天台村"], Chart: "2024",
		From: "2025-01-01", Until: period.Open}
	w.must(w.host.Store.Write(w.ctx, func(tx *store.Tx) (err error) {
		if b.ID, err = tx.NextID(b.Home, "ledger_book"); err != nil {
			return err
		}
		row := b
		if err := books.Insert(tx, &row); err != nil {
			return err
		}
		if err := gates.Insert(tx, &gateRow{Home: b.Home, Book: b.ID}); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: b.Home, Kind: "book.opened", Subject: bookSubject(b.ID)})
		return err
	}))
	b.Version = 1
	return b
}

// TestStory: whatever is done in whatever order, the books are as the model of them, and verify finds
// nothing.
func TestStory(t *testing.T) {
	s := storetest.SQLite(t, parts())
	w := newWorld(t, s)
	w.Today = "2025-07-10"
	w.found()
	number := int64(1_000)
	rapid.Check(t, func(r *rapid.T) {
		number++
		m := &model{w: w, b: w.bare(number), pick: func(n int) int {
			return rapid.IntRange(0, n-1).Draw(r,
				"n")
		}}
		for range 25 {
			m.step()
		}
		m.compare()
	})
	w.Verify()
}

// TestEngines: the same story is told by both engines with the same balances.
func TestEngines(t *testing.T) {
	stories := map[string][]string{}
	storetest.Each(t, parts(), func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.Today = "2025-07-10"
		w.found()
		random := rand.New(rand.NewPCG(3, 5))
		var lines []string
		for n := range 3 {
			m := &model{w: w, b: w.bare(int64(1_000 + n)), pick: random.IntN}
			for range 120 {
				m.step()
			}
			m.compare()
			lines = append(lines, m.log...)
			lines = append(lines, fmt.Sprint(w.balances(m.b.Ref(), "2025-07-31")))
		}
		w.Verify()
		stories[s.Engine()] = lines
	})
	if pg, ok := stories["postgres"]; ok && !slices.Equal(pg, stories["sqlite"]) {
		t.Errorf("the engines tell different stories:\n%v\n%v", stories["sqlite"], pg)
	}
}
