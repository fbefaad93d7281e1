package accruals

import (
	"cmp"
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/assets/depreciation"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/query"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// pair is the accounts that depreciation moves between.
type pair struct{ expense, accumulated string }

// Due is a month that has ended and is not depreciated yet, or one that is.
type Due struct {
	Month    string
	Amount   money.Fen
	Cards    int64
	Posted   bool
	ByHand   bool // by vouchers that people entered or sent in files, before the program began
	Voucher  int64
	postings []book.Posting
}

// cardsMax bounds the cards of one organisation, as the annual check does.
const cardsMax = 20_000

// cardsOf are the cards of an organisation that write something off, ended ones too.
func cardsOf(r store.Reader, owner ownerRef) ([]assets.Asset, error) {
	var list []assets.Asset
	q := assets.Query{Organisation: owner, Limit: 500}
	for read := 0; read < cardsMax; {
		found, err := assets.Search(r, q)
		if err != nil {
			return nil, err
		}
		for _, a := range found.Rows {
			if a.Method == depreciation.StraightLine && a.Title == assets.Clear {
				list = append(list, a)
			}
		}
		if read += len(found.Rows); !found.Next.Begun {
			break
		}
		q.After = found.Next
	}
	return list, nil
}

// due computes what the months from a book's first that have ended write off, and tells those that are
// posted.
func (s *Accruals) due(r store.Reader, b ledger.Book, today period.Date) ([]Due, error) {
	chart, known := s.books.Charts().Get(b.Chart)
	if !known {
		return nil, fault.New(fault.Unavailable, "accruals.no_chart", b.Chart)
	}
	done, err := MonthsOf(r, b.Ref())
	if err != nil {
		return nil, err
	}
	posted := map[string]Month{}
	for _, m := range done {
		posted[m.Month] = m
	}
	hand, err := byHand(r, chart, b)
	if err != nil {
		return nil, err
	}
	if len(done) > 0 && done[0].Month <= hand {
		hand = period.Containing(period.Date(done[0].Month+"-01"), period.Month).Previous().String()
	}
	var list []Due
	var cards []assets.Asset
	read := false
	for m := period.Containing(b.From, period.Month); m.Last() < today &&
		m.First() < b.Until; m = m.Next() {
		if row, ok := posted[m.String()]; ok {
			list = append(list, Due{Month: row.Month, Amount: row.Amount, Cards: row.Cards, Posted: true,
				Voucher: row.Voucher})
			continue
		}
		if m.String() <= hand {
			list = append(list, Due{Month: m.String(), ByHand: true})
			continue
		}
		if !read {
			read = true
			if cards, err = cardsOf(r, ownerRef{b.Home, b.Organisation}); err != nil {
				return nil, err
			}
		}
		d, err := monthOf(chart, cards, m)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// byHand is the last month for which people booked depreciation themselves – a voucher that debits an
// expense of depreciation and credits what is written off – "" if they never did. Who takes books over whose
// months were depreciated by hand or came in files must not write the same wear off once more.
func byHand(r store.Reader, chart *book.Chart, b ledger.Book) (string, error) {
	var expenses, accumulated []string
	for _, a := range chart.Assets {
		if a.Accumulated != "" && a.Expense != "" {
			expenses, accumulated = append(expenses, a.Expense), append(accumulated, a.Accumulated)
		}
	}
	if len(accumulated) == 0 {
		return "", nil
	}
	var w store.Where
	w.And("v.home = p.home AND v.id = p.voucher AND p.home = ? AND p.book = ? AND p.amount < 0", b.Home,
		b.ID)
	w.And("v.source NOT LIKE 'depreciation/%' AND v.source NOT LIKE 'check/%'")
	w.And("v.reverses = 0 AND v.reversed_by = 0")
	in, args := query.Among("p.account", accumulated)
	w.And(in, args...)
	in, args = query.Among("e.account", expenses)
	w.And(`EXISTS (SELECT 1 FROM ledger_posting e WHERE e.home = p.home AND e.voucher = p.voucher
		AND e.amount > 0 AND `+in+")", args...)
	last, _, err := store.First[handed](r, `SELECT COALESCE(max(v.month), '') AS month FROM ledger_posting p
		CROSS JOIN ledger_voucher v`+w.SQL(), w.Args()...)
	return last.Month, err
}

// handed is a month that people depreciated.
type handed struct {
	Month string `db:"month"`
}

// monthOf adds up what the cards write off in a month, account by account.
func monthOf(chart *book.Chart, cards []assets.Asset, m period.Period) (Due, error) {
	d := Due{Month: m.String()}
	sums := map[pair]money.Fen{}
	for _, a := range cards {
		amount := a.Plan().Month(m)
		on, known := chart.AssetAccounts(a.Form, string(a.Class))
		if amount == 0 || !known || on.Accumulated == "" || on.Expense == "" {
			continue
		}
		key := pair{on.Expense, on.Accumulated}
		sum, err := sums[key].Add(amount)
		if err != nil {
			return d, err
		}
		sums[key] = sum
		if d.Amount, err = d.Amount.Add(amount); err != nil {
			return d, err
		}
		d.Cards++
	}
	pairs := make([]pair, 0, len(sums))
	for key := range sums {
		pairs = append(pairs, key)
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.expense, b.expense), cmp.Compare(a.accumulated, b.accumulated))
	})
	for _, key := range pairs {
		d.postings = append(d.postings, book.Posting{Account: key.expense, Amount: sums[key]},
			book.Posting{Account: key.accumulated, Amount: -sums[key]})
	}
	return d, nil
}

// Depreciate posts every month of an organisation's books that has ended and is not posted yet (permit
// ledger.check), and says how many it posted.
func (s *Accruals) Depreciate(ctx context.Context, actor access.Actor, ref ledger.Ref) (int, error) {
	posted := 0
	err := s.host.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := ledger.Get(tx, ref)
		if err != nil {
			return err
		}
		if err := s.host.Access.Require(actor, ledger.MayCheck, b.Place); err != nil {
			return err
		}
		posted, err = s.depreciate(tx, actor, b)
		return err
	})
	return posted, err
}

// depreciate posts what is due of a book.
func (s *Accruals) depreciate(tx *store.Tx, actor access.Actor, b ledger.Book) (int, error) {
	today := s.host.Today()
	list, err := s.due(tx, b, today)
	if err != nil {
		return 0, err
	}
	posted := 0
	for _, d := range list {
		if d.Posted || d.ByHand {
			continue
		}
		day, open := firstOpen(b, period.Date(d.Month+"-01").AddMonths(1).AddDays(-1))
		if !open || day.AddDays(1-day.Day()) > today {
			break // the months after it are closed, too
		}
		row := Month{Home: b.Home, Book: b.ID, Month: d.Month, Organisation: b.Organisation, Cards: d.Cards,
			Amount: d.Amount}
		if d.Amount > 0 {
			v, _, err := s.books.PostFor(tx, actor, ledger.Draft{Book: b.Ref(), Date: day,
				Summary: "计提" + d.Month + "折旧", Source: "depreciation/" + d.Month, Postings: d.postings})
			if err != nil {
				return posted, err
			}
			row.Voucher = v.ID
		}
		if err := monthTable.Insert(tx, &row); err != nil {
			return posted, err
		}
		if _, err := tx.Record(store.Event{Home: b.Home, Kind: "depreciation.posted",
			Subject: subject(b.ID, d.Month), Place: b.Place, Actor: actor.Account,
			Body: monthBody{d.Month, d.Cards, d.Amount}}); err != nil {
			return posted, err
		}
		posted++
	}
	return posted, nil
}

type monthBody struct {
	Month  string    `json:"month"`
	Cards  int64     `json:"cards"`
	Amount money.Fen `json:"amount_fen"`
}

// firstOpen is the first day not before one whose month is open in the books; a month's last day stays
// one.
func firstOpen(b ledger.Book, day period.Date) (period.Date, bool) {
	if b.Closed != "" && string(day)[:len(b.Closed)] <= b.Closed {
		day = period.Date(b.Closed + "-01").AddMonths(2).AddDays(-1)
	}
	return day, day < b.Until
}
