package bookfiles

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// standing is what is asked of a voucher that is in the book.
type standing struct {
	ID      int64         `db:"id"`
	Series  string        `db:"series"`
	Date    period.Date   `db:"date"`
	Month   string        `db:"month"`
	Number  int64         `db:"number"`
	Status  ledger.Status `db:"status"`
	Total   money.Fen     `db:"total"`
	Source  string        `db:"source"`
	Checker int64         `db:"checker"`
}

func (v standing) word() string {
	if v.Number == 0 {
		return string(v.Date)
	}
	return v.Month + " " + v.Series + "-" + strconv.FormatInt(v.Number, 10)
}

const standingColumns = `SELECT id, series, date, month, number, status, total, source, checker
	FROM ledger_voucher WHERE home = ? AND book = ?`

// known is what the book holds in the months of a portion of rows.
type known struct {
	plan     *plan
	bySource map[string]standing
	byAmount map[string][]standing // day and total
	last     map[string]int64      // number given last, by month and series
	begun    string                // first month in which a person checked a voucher; "" none
	today    string                // month
}

func (s *Bookfiles) known(r store.Reader, b ledger.Book, p *plan, rows []intake.Row) (*known, error) {
	k := &known{plan: p, bySource: map[string]standing{}, byAmount: map[string][]standing{},
		last: map[string]int64{}, today: month(s.host.Today())}
	var err error
	if k.begun, err = begun(r, b); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, row := range rows {
		v := p.of[row.Line]
		if v == nil || v.head != row.Line || seen[month(v.draft.Date)] {
			continue
		}
		m := month(v.draft.Date)
		seen[m] = true
		if err := k.read(r, b, m); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// read reads a month: what was posted, by number, and what waits, by day.
func (k *known) read(r store.Reader, b ledger.Book, month string) error {
	for _, some := range []struct {
		where string
		args  []any
	}{{" AND month = ? AND number > 0", []any{month}},
		{" AND date BETWEEN ? AND ? AND status <> 'posted'", []any{month + "-01", month + "-31"}}} {
		for v, err := range store.Each[standing](r, standingColumns+some.where,
			append([]any{b.Home, b.ID}, some.args...)...) {
			if err != nil {
				return err
			}
			if v.Source != "" {
				k.bySource[v.Source] = v
			}
			key := fmt.Sprint(v.Date, " ", v.Total)
			k.byAmount[key] = append(k.byAmount[key], v)
			series := v.Month + "/" + v.Series
			k.last[series] = max(k.last[series], v.Number)
		}
	}
	return nil
}

// begun is the first month in which a person checked a voucher: from then on the books are kept
// here, and
// nothing is taken over as history.
func begun(r store.Reader, b ledger.Book) (string, error) {
	months, err := store.All[string](r, `SELECT month FROM ledger_voucher
		WHERE home = ? AND book = ? AND number > 0 AND checker <> 0 ORDER BY month LIMIT 1`, b.Home, b.ID)
	if err != nil || len(months) == 0 {
		return "", err
	}
	return months[0], nil
}

// twins tells of vouchers that are in the book already, or look as if they were.
func (k *known) twins(v *planned, tell func(field string, f fault.Finding)) {
	debit, _ := sides(v.draft.Postings)
	if same, ok := k.bySource[v.draft.Source]; ok {
		if same.Total == debit && same.Date == v.draft.Date {
			tell("number", fault.Doubt("bookfiles.there_already", v.name, same.word()))
		} else {
			tell("number", fault.Wrong("bookfiles.there_otherwise", v.name, same.word(), same.Total, debit))
		}
		return
	}
	if like := k.byAmount[fmt.Sprint(v.draft.Date, " ", debit)]; len(like) > 0 && !v.wrong {
		tell("", fault.Doubt("bookfiles.looks_known", v.name, like[0].word(), debit))
	}
}

// missing tells of a number that neither the file nor the book has: the file goes on behind it.
func (k *known) missing(v *planned, tell func(field string, f fault.Finding)) {
	number, err := strconv.Atoi(v.digits())
	if err != nil {
		return
	}
	key := month(v.draft.Date) + "/" + v.draft.Series
	k.plan.series(key)
	all := k.plan.numbers[key]
	at, _ := slices.BinarySearch(all, number)
	source := strings.TrimSuffix(v.draft.Source, v.digits()) + strconv.Itoa(number-1)
	if _, there := k.bySource[source]; at > 0 && all[at-1] < number-1 && !there {
		tell("number", fault.Doubt("bookfiles.number_missing", v.name, all[at-1]+1, number-1))
	}
}

// digits are the number of a voucher without its series.
func (v *planned) digits() string { return strings.TrimPrefix(v.word, v.draft.Series+"-") }

// history holds a voucher of the past against what may be taken over: months before the books were
// kept here,
// numbers without a gap.
func (k *known) history(v *planned, tell func(field string, f fault.Finding)) {
	m := month(v.draft.Date)
	switch {
	case m >= k.today:
		tell("date", fault.Wrong("bookfiles.not_past", v.name).Saw(string(v.draft.Date)))
		return
	case k.begun != "" && m >= k.begun:
		tell("date", fault.Wrong("bookfiles.kept_here", v.name, k.begun).Saw(string(v.draft.Date)))
		return
	}
	if _, there := k.bySource[v.draft.Source]; there || v.word == "" {
		return
	}
	if want := k.expected(v); want != v.word {
		tell("number", fault.Wrong("bookfiles.gap", v.name, want).Saw(v.word))
	}
}

// expected is the number a voucher will get: the next after those in the book and those before it
// in the file.
func (k *known) expected(v *planned) string {
	key := month(v.draft.Date) + "/" + v.draft.Series
	n := k.last[key] + 1
	for _, other := range k.plan.series(key) {
		if other.head >= v.head {
			break
		}
		if _, there := k.bySource[other.draft.Source]; !there {
			n++
		}
	}
	return v.draft.Series + "-" + strconv.FormatInt(n, 10)
}

// series are the vouchers of a month and series in the order of the file.
func (p *plan) series(key string) []*planned {
	p.sorting.Do(func() {
		p.ordered, p.numbers = map[string][]*planned{}, map[string][]int{}
		for _, v := range p.vouchers {
			k := month(v.draft.Date) + "/" + v.draft.Series
			p.ordered[k] = append(p.ordered[k], v)
			if n, err := strconv.Atoi(v.digits()); err == nil {
				p.numbers[k] = append(p.numbers[k], n)
			}
		}
		for _, list := range p.numbers {
			slices.Sort(list)
		}
		for _, list := range p.ordered {
			slices.SortFunc(list, func(a, b *planned) int { return a.head - b.head })
		}
	})
	return p.ordered[key]
}

// lastDay is the last day of a book.
func lastDay(b ledger.Book) period.Date {
	if b.Until == period.Open {
		return period.Open
	}
	return b.Until.AddDays(-1)
}

// isHistory reports whether an intake takes over the past.
func isHistory(in intake.Intake) bool { return strings.HasSuffix(in.Kind, asHistory) }

// isOpening reports whether an intake is of opening balances.
func isOpening(in intake.Intake) bool { return strings.HasPrefix(in.Kind, openingForm) }

// trimHistory is the key of the form of a kind.
func trimHistory(kind string) string { return strings.TrimSuffix(kind, asHistory) }
