package book_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// oracle keeps books the naive way: a map of big numbers, an entry at a time.
type oracle struct {
	chart         *book.Chart
	balances      map[[2]string]*big.Int
	debit, credit map[[3]string]*big.Int
	income        *big.Int // earned and not closed, credit above zero
}

func newOracle(c *book.Chart) *oracle {
	return &oracle{chart: c, balances: map[[2]string]*big.Int{}, debit: map[[3]string]*big.Int{},
		credit: map[[3]string]*big.Int{}, income: new(big.Int)}
}

func plus[K comparable](m map[K]*big.Int, key K, amount money.Fen) {
	if m[key] == nil {
		m[key] = new(big.Int)
	}
	m[key].Add(m[key], big.NewInt(int64(amount)))
}

func (o *oracle) add(postings []book.Posting) {
	closing := ""
	for _, p := range postings {
		if p.Account == o.chart.Close.Result {
			closing = "closing"
		}
	}
	if !slices.ContainsFunc(postings,
		func(p book.Posting) bool { return p.Account != o.chart.Close.Distribution }) {
		closing = "closing"
	}
	for _, p := range postings {
		a, _ := o.chart.Account(p.Account)
		detail := ""
		if a.Detail || len(a.Details) > 0 {
			detail = p.Counterparty
		}
		plus(o.balances, [2]string{p.Account, detail}, p.Amount)
		debit := p.Amount > 0
		if p.Red {
			debit = !debit
		}
		if debit {
			plus(o.debit, [3]string{p.Account, detail, closing}, p.Amount)
		} else {
			plus(o.credit, [3]string{p.Account, detail, closing}, -p.Amount)
		}
		if closing == "" && (a.Class == book.Income || a.Class == book.Expense) {
			o.income.Sub(o.income, big.NewInt(int64(p.Amount)))
		}
	}
}

// side sums the details of accounts that stand on a side, above zero.
func (o *oracle) side(debit bool, accounts ...string) *big.Int {
	sum := new(big.Int)
	for at, amount := range o.balances {
		if !slices.Contains(accounts, at[0]) {
			continue
		}
		if debit && amount.Sign() > 0 {
			sum.Add(sum, amount)
		}
		if !debit && amount.Sign() < 0 {
			sum.Sub(sum, amount)
		}
	}
	return sum
}

func (o *oracle) net(accounts ...string) *big.Int {
	return new(big.Int).Sub(o.side(true, accounts...), o.side(false, accounts...))
}

// drawEntry draws an entry that may be booked: any accounts, counterparties from a few, amounts that
// sum to zero.
func drawEntry(t *rapid.T, c *book.Chart) []book.Posting {
	n := rapid.IntRange(2, 6).Draw(t, "lines")
	postings := make([]book.Posting, 0, n)
	sum := money.Fen(0)
	red := rapid.IntRange(0, 9).Draw(t, "red") == 0
	for i := range n {
		var a book.Account
		for {
			a = c.Accounts[rapid.IntRange(0, len(c.Accounts)-1).Draw(t, "account")]
			if a.Code != c.Close.Result && c.Bookable(a.Code) {
				break
			}
		}
		amount := money.Fen(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "amount"))
		if i == n-1 {
			amount = -sum
		}
		if amount == 0 {
			amount, sum = 1, sum+1
			postings = append(postings, drawn(t, a, 1, red))
			continue
		}
		sum += amount
		postings = append(postings, drawn(t, a, amount, red))
	}
	if sum != 0 {
		postings = append(postings, book.Posting{Account: c.Cash()[0], Amount: -sum, Red: red})
	}
	return postings
}

func drawn(t *rapid.T, a book.Account, amount money.Fen, red bool) book.Posting {
	p := book.Posting{Account: a.Code, Amount: amount, Red: red}
	switch {
	case len(a.Details) > 0:
		p.Counterparty = a.Details[rapid.IntRange(0, len(a.Details)-1).Draw(t, "part")].Code
	case a.Detail, rapid.Bool().Draw(t, "named"):
		p.Counterparty = rapid.SampledFrom([]string{"甲", "乙", "丙"}).Draw(t, "counterparty")
	}
	return p
}

// TestBooksAgainstTheOracle: whatever is booked and whenever a year is closed, balances, turnovers and
// statements are what the naive books say, every check of every statement holds, and nothing is left
// out.
func TestBooksAgainstTheOracle(t *testing.T) {
	charts := national(t)
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(charts.All()).Draw(t, "chart")
		before, after, naive := book.NewFold(c), book.NewFold(c), newOracle(c)
		opening := rapid.IntRange(0, 10).Draw(t, "opening")
		entries := rapid.IntRange(1, 30).Draw(t, "entries")
		var balances []book.Balance
		for i := range opening + entries {
			postings := drawEntry(t, c)
			findings := book.CheckEntry(c, book.Entry{Date: c.From, Summary: "随机", Postings: postings})
			if fault.Stops(findings) {
				t.Fatalf("an entry that may be booked: %v", findings)
			}
			all := [][]book.Posting{postings}
			if rapid.IntRange(0, 7).Draw(t, "close") == 0 {
				all = append(all, closingOf(t, c, naive, postings)...)
			}
			for _, one := range all {
				naive.add(one)
				into := after
				if i < opening {
					into = before
				}
				if err := into.Add(one); err != nil {
					t.Fatal(err)
				}
			}
			if i == opening-1 {
				balances = before.Balances()
				kept := newOracle(c)
				kept.balances = naive.balances
				naive = kept
			}
		}
		m := book.Movement{Opening: balances, Turnovers: after.Turnovers()}
		compareTurnovers(t, naive, m.Turnovers)
		compareSheets(t, c, naive, m)
	})
}

// closingOf closes the naive books as they will stand after an entry.
func closingOf(t *rapid.T, c *book.Chart, naive *oracle, postings []book.Posting) (all [][]book.Posting) {
	f := book.NewFold(c)
	for at, amount := range naive.balances {
		if err := f.Open(book.Balance{Account: at[0], Counterparty: at[1],
			Amount: money.Fen(amount.Int64())}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Add(postings); err != nil {
		t.Fatal(err)
	}
	entries, findings := c.CloseYear(f.Balances(), c.From)
	if fault.Stops(findings) {
		t.Fatalf("close: %v", findings)
	}
	for _, e := range entries {
		all = append(all, e.Postings)
		if err := f.Add(e.Postings); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range c.SettleDistribution(f.Balances(), c.From) {
		all = append(all, e.Postings)
		if err := f.Add(e.Postings); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range f.Balances() {
		a, _ := c.Account(b.Account)
		settled := b.Account != c.Close.Distribution || b.Counterparty == c.Close.Undistributed.Detail
		if a.Class == book.Income || a.Class == book.Expense || b.Account == c.Close.Result || !settled {
			t.Fatalf("after the close %v is left", b)
		}
	}
	return all
}

func compareTurnovers(t *rapid.T, naive *oracle, turnovers []book.Turnover) {
	seen := map[[3]string]bool{}
	for _, m := range turnovers {
		closing := ""
		if m.Closing {
			closing = "closing"
		}
		key := [3]string{m.Account, m.Counterparty, closing}
		seen[key] = true
		if !same(naive.debit[key], m.Debit) || !same(naive.credit[key], m.Credit) {
			t.Fatalf("%+v, the oracle has %v and %v", m, naive.debit[key], naive.credit[key])
		}
	}
	for _, m := range []map[[3]string]*big.Int{naive.debit, naive.credit} {
		for key, amount := range m {
			if amount.Sign() != 0 && !seen[key] {
				t.Fatalf("%v with %v is missing", key, amount)
			}
		}
	}
}

func same(want *big.Int, got money.Fen) bool {
	if want == nil {
		return got == 0
	}
	return want.IsInt64() && want.Int64() == int64(got)
}

func compareSheets(t *rapid.T, c *book.Chart, naive *oracle, m book.Movement) {
	figures := book.Figures{book.SpanPeriod: m, book.SpanYear: m}
	sheets := map[string]book.Sheet{}
	for _, key := range append(slices.Clone(book.StandardStatements), book.Indicators) {
		s, _ := c.Statement(key)
		sheet, err := book.Evaluate(s, figures)
		if err != nil {
			t.Fatal(err)
		}
		if len(sheet.Findings) > 0 {
			t.Fatalf("%s: %v", key, sheet.Findings)
		}
		sheets[key] = sheet
	}
	payable := c.Roles["payable"]
	claims := map[string]*big.Int{"2024": naive.side(true, "112", "113"),
		"2004": new(big.Int).Add(naive.net("112"), naive.side(true, "113"))}[c.Key]
	owed := new(big.Int).Neg(naive.net(payable))
	owed.Add(owed, naive.side(false, "113"))
	if c.Key == "2024" {
		owed.Add(owed, naive.side(false, "112"))
	}
	for line, want := range map[string]*big.Int{"receivables": claims, "payables": owed,
		"money": naive.net("101", "102"), "fixed_net": naive.net("151", "152")} {
		if got := cellOf(t, sheets[book.BalanceSheet], line); !same(want, got) {
			t.Fatalf("%s is %s, the oracle has %v", line, got, want)
		}
	}
	if got := cellOf(t, sheets[book.IncomeStatement], "net_income"); !same(naive.income, got) {
		t.Fatalf("net income is %s, the oracle has %v", got, naive.income)
	}
}

func cellOf(t *rapid.T, s book.Sheet, line string) money.Fen {
	for _, l := range s.Lines {
		if l.Key == line {
			return l.Cells[0]
		}
	}
	t.Fatalf("no line %s", line)
	return 0
}

// TestReversalIsExact: an entry and its red-letter entry leave balances and turnovers as they were.
func TestReversalIsExact(t *testing.T) {
	charts := national(t)
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(charts.All()).Draw(t, "chart")
		f := book.NewFold(c)
		for range rapid.IntRange(0, 5).Draw(t, "before") {
			if err := f.Add(drawEntry(t, c)); err != nil {
				t.Fatal(err)
			}
		}
		balances, turnovers := f.Balances(), f.Turnovers()
		postings := drawEntry(t, c)
		for _, one := range [][]book.Posting{postings, book.Reverse(postings)} {
			if err := f.Add(one); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(f.Balances(), balances) || !slices.Equal(f.Turnovers(), turnovers) {
			t.Fatalf("after %v and its reversal the books are changed", postings)
		}
		total, err := book.Total(postings)
		back, err2 := book.Total(book.Reverse(postings))
		if err != nil || err2 != nil || total != -back {
			t.Fatalf("totals %s and %s, %v %v", total, back, err, err2)
		}
	})
}

// TestSumsAgainstBigNumbers: whether an entry sums to zero is said rightly for any amounts at all.
func TestSumsAgainstBigNumbers(t *testing.T) {
	c := chart(t, "2024")
	edges := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MinInt64 + 1, book.AmountMax,
		-book.AmountMax - 1}
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.OneOf(rapid.Int64(), rapid.SampledFrom(edges)), 2, 8).Draw(t,
			"amounts")
		e := book.Entry{Date: c.From, Summary: "数"}
		sum, tooLarge, zero := new(big.Int), false, false
		for _, amount := range amounts {
			e.Postings = append(e.Postings, book.Posting{Account: "102", Amount: money.Fen(amount)})
			sum.Add(sum, big.NewInt(amount))
			tooLarge = tooLarge || amount > book.AmountMax || amount < -book.AmountMax
			zero = zero || amount == 0
		}
		got := keys(book.CheckEntry(c, e))
		unequal := slices.Contains(got, "book.unbalanced") || slices.Contains(got, "book.overflow")
		if sum.Sign() != 0 != unequal && !slices.Contains(got, "book.overflow") {
			t.Fatalf("%v sum to %v: %v", amounts, sum, got)
		}
		if slices.Contains(got, "book.amount_limit") != tooLarge || slices.Contains(got,
			"book.amount_zero") != zero {
			t.Fatalf("%v: %v", amounts, got)
		}
		if !tooLarge && slices.Contains(got, "book.overflow") {
			t.Fatalf("%v are small enough: %v", amounts, got)
		}
	})
}

// TestBalancesThatDoNotFit: a sum too large is an error, never another number.
func TestBalancesThatDoNotFit(t *testing.T) {
	c := chart(t, "2024")
	f := book.NewFold(c)
	full := book.Balance{Account: "102", Amount: math.MaxInt64}
	if err := f.Open(full); err != nil {
		t.Fatal(err)
	}
	err := f.Add([]book.Posting{{Account: "102", Amount: 1}, {Account: "101", Amount: -1}})
	if !errors.Is(err, money.ErrOverflow) {
		t.Errorf("a balance beyond the largest: %v", err)
	}
	s, _ := c.Statement(book.BalanceSheet)
	m := book.Movement{Opening: []book.Balance{full, {Account: "101", Amount: math.MaxInt64}}}
	if _, err := book.Evaluate(s, book.Figures{book.SpanPeriod: m}); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("a line beyond the largest: %v", err)
	}
	m = book.Movement{Opening: []book.Balance{{Account: "999", Amount: 1}}}
	if _, err := book.Evaluate(s, book.Figures{book.SpanYear: m}); !errors.Is(err, book.ErrAccount) {
		t.Errorf("a balance on no account: %v", err)
	}
	if _, err := book.Evaluate(&book.Statement{}, nil); !errors.Is(err, book.ErrChart) {
		t.Errorf("a statement of no chart: %v", err)
	}
}

// TestCanonicalText: it reads back, and different postings never have the same text.
func TestCanonicalText(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune{'\\', '\t', '\n', '\r', 't',
		'n', 'x'})))
	draw := func(t *rapid.T) []book.Posting {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) book.Posting {
			return book.Posting{Account: text.Draw(t, "account"), Amount: money.Fen(rapid.Int64().Draw(t,
				"amount")),
				Red: rapid.Bool().Draw(t, "red"), Note: text.Draw(t, "note"),
				Dimensions: book.Dimensions{Counterparty: text.Draw(t, "c"), Member: text.Draw(t, "m"),
					Asset: text.Draw(t, "a"), Project: text.Draw(t, "p"), Fund: text.Draw(t, "f")}}
		}), 0, 4).Draw(t, "postings")
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t), draw(t)
		back, err := book.ParseCanonical(book.Canonical(a))
		if err != nil || !slices.Equal(a, back) {
			t.Fatalf("%q read back as %v, %v", book.Canonical(a), back, err)
		}
		if (book.Hash(a) == book.Hash(b)) != slices.Equal(a, b) {
			t.Fatalf("%v and %v", a, b)
		}
	})
}

// TestHashNeverChanges: the hash of a voucher is kept for decades.
func TestHashNeverChanges(t *testing.T) {
	postings := []book.Posting{
		{Account: "102", Amount: 42_000_00, Dimensions: book.Dimensions{Fund: "own"}},
		{Account: "501", Amount: -42_000_00, Note: "一季度\t租金",
			Dimensions: book.Dimensions{Counterparty: "王某"}},
		{Account: "101", Amount: -1, Red: true}}
	const text = "terrace postings 1\n102\t4200000\t\t\t\t\t\town\t\n501\t-4200000\t\t王某\t\t\t\t\t一季度\\t" +
		"租金\n101\t-1\tred\t\t\t\t\t\t\n"
	if got := book.Canonical(postings); got != text {
		t.Errorf("%q", got)
	}
	const hash = "b3672b4dfd013bd3840755815fb042043087f57c98b0288be39f91edf032985d"
	if got := book.Hash(postings); got != hash {
		t.Errorf("the hash is %s", got)
	}
}

// TestFunds: what is held is not there; only what makes it worse is refused; a limit is a doubt.
func TestFunds(t *testing.T) {
	c := chart(t, "2024")
	pay := func(amount money.Fen) []book.Posting {
		return []book.Posting{{Account: "101", Amount: -amount}, {Account: "513", Amount: amount}}
	}
	limits := map[string]money.Fen{"ledger.cash_limit": 500_00}
	for name, of := range map[string]struct {
		stands, held money.Fen
		postings     []book.Posting
		want         string
	}{
		"all of it":             {100_00, 0, pay(100_00), ""},
		"a fen more":            {100_00, 0, pay(100_01), "book.overdraft"},
		"what is held":          {100_00, 30_00, pay(70_01), "book.overdraft"},
		"what is free":          {100_00, 30_00, pay(70_00), ""},
		"better, still below":   {-100_00, 0, pay(-40_00), ""},
		"worse and below":       {-100_00, 0, pay(1), "book.overdraft"},
		"up to the limit":       {100_00, 0, pay(-400_00), ""},
		"over the limit":        {100_00, 0, pay(-400_01), "book.limit"},
		"down, still over":      {900_00, 0, pay(100_00), ""},
		"in and out in one":     {0, 0, append(pay(5_00), pay(-5_00)...), ""},
		"in and more out in it": {0, 0, append(pay(5_01), pay(-5_00)...), "book.overdraft"},
	} {
		funds := book.Funds{Balances: map[string]money.Fen{"101": of.stands},
			Held:   map[string]money.Fen{"101": of.held},
			Limits: limits}
		if got := strings.Join(keys(book.CheckFunds(c, funds, of.postings)), " "); got != of.want {
			t.Errorf("%s: %q, want %q", name, got, of.want)
		}
	}
}

// TestAgeAgainstTheOracle: the oracle keeps every fen as a token with its day.
func TestAgeAgainstTheOracle(t *testing.T) {
	on := period.Date("2025-12-31")
	rapid.Check(t, func(t *rapid.T) {
		var claims []book.Claim
		queue, advance := []period.Date{}, 0
		day := period.Date("2021-06-01")
		for range rapid.IntRange(0, 12).Draw(t, "claims") {
			day = day.AddDays(rapid.IntRange(0, 250).Draw(t, "days"))
			amount := rapid.IntRange(-20, 20).Draw(t, "amount")
			claims = append(claims, book.Claim{Counterparty: "甲", Date: day, Amount: money.Fen(amount)})
			if day > on {
				continue
			}
			for ; amount > 0; amount-- {
				if advance > 0 {
					advance--
				} else {
					queue = append(queue, day)
				}
			}
			for ; amount < 0; amount++ {
				if len(queue) > 0 {
					queue = queue[1:]
				} else {
					advance++
				}
			}
		}
		var bands [book.AgeBands]money.Fen
		for _, arose := range queue {
			bands[min(years(arose, on), book.AgeBands-1)]++
		}
		aged, err := book.Age(claims, on)
		if err != nil {
			t.Fatal(err)
		}
		if len(queue) == 0 && advance == 0 {
			if len(aged) != 0 {
				t.Fatalf("%v", aged)
			}
			return
		}
		a := aged[0]
		if len(aged) != 1 || a.Bands != bands || a.Total != money.Fen(len(queue)) ||
			a.Advance != money.Fen(advance) ||
			len(queue) > 0 && a.Oldest != queue[0] {
			t.Fatalf("%+v, the oracle has %v, %d in advance", aged, bands, advance)
		}
	})
}

// years are the whole years behind a day that lie before another, the anniversary itself not yet.
func years(arose, on period.Date) (n int) {
	for arose.AddMonths(12*(n+1)) < on {
		n++
	}
	return n
}

// TestLimitsAlone: an entry that takes from the bank and puts money into the till is doubted for the till's
// limit alone; what the bank's account holds is not asked, for it is not told.
func TestLimitsAlone(t *testing.T) {
	c := chart(t, "2024")
	list := []book.Posting{{Account: "101", Amount: -1_66}, {Account: "102", Amount: -2_58},
		{Account: "181", Amount: 4_24}}
	most := func(string) (money.Fen, bool) { return 5_00, true }
	if found := book.CheckLimits(c, map[string]money.Fen{"101": 5_34}, list, most); len(found) != 0 {
		t.Errorf("an entry that takes off the till is doubted: %v", found)
	}
	list[0].Amount, list[2].Amount = 1, 2_57
	found := book.CheckLimits(c, map[string]money.Fen{"101": 5_01}, list, most)
	if len(found) != 1 || found[0].Key != "book.limit" {
		t.Errorf("doubted: %v", found)
	}
	if found := book.CheckLimits(c, map[string]money.Fen{"101": 5_00}, list, most); len(found) != 0 {
		t.Errorf("the limit itself is doubted: %v", found)
	}
}
