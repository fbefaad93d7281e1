package match

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// items draws one side: small amounts, so that many fit.
func items(t *rapid.T, prefix string) []Item {
	var all []Item
	for i := range rapid.IntRange(0, 9).Draw(t, prefix) {
		all = append(all, Item{ID: fmt.Sprintf("%s%d", prefix, i),
			Date:         period.Date("2025-03-01").AddDays(rapid.IntRange(0, 8).Draw(t, "day")),
			Amount:       money.Fen(rapid.IntRange(-6, 6).Draw(t, "amount")),
			Counterparty: rapid.SampledFrom([]string{"", "王某", "供电公司"}).Draw(t, "who"),
			Text:         rapid.SampledFrom([]string{"", "付供电公司电费", "HT20250001"}).Draw(t, "text"),
			References:   rapid.SampledFrom([][]string{nil, {"HT20250001"}}).Draw(t, "references")})
	}
	return all
}

// TestProposals proves invariants 1 to 4 on whatever is drawn.
func TestProposals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, postings := items(t, "l"), items(t, "p")
		limits := Limits{Days: rapid.IntRange(0, 5).Draw(t, "days"), Group: rapid.IntRange(0, 4).Draw(t,
			"group")}
		found := Propose(lines, postings, limits)
		by := map[string]Item{}
		for _, i := range slices.Concat(lines, postings) {
			by[i.ID] = i
		}
		used := map[string]bool{}
		for _, p := range found {
			for _, side := range [][]string{p.Lines, p.Postings} {
				sum := money.Fen(0)
				for _, id := range side {
					if used[id] {
						t.Fatalf("%s is in two proposals", id)
					}
					used[id] = true
					sum += by[id].Amount
					if (by[id].Amount > 0) != (p.Amount > 0) || by[id].Amount == 0 {
						t.Fatalf("%s goes the other way", id)
					}
				}
				if sum != p.Amount {
					t.Fatalf("%v adds up to %d", p, sum)
				}
			}
			if len(p.Lines) > 1 && len(p.Postings) > 1 || max(len(p.Lines), len(p.Postings)) > max(1,
				limits.Group) {
				t.Fatalf("a group too large: %v", p)
			}
			for _, a := range p.Lines {
				for _, b := range p.Postings {
					if days := by[a].Date.Until(by[b].Date); max(days, -days) > limits.Days {
						t.Fatalf("%v lies %d days apart", p, days)
					}
				}
			}
		}
		slices.Reverse(lines)
		slices.Reverse(postings)
		if again := Propose(lines, postings, limits); !reflect.DeepEqual(found, again) {
			t.Fatalf("the order counts: %v, %v", found, again)
		}
		for _, l := range lines { // no pair is left that could have been proposed
			for _, p := range postings {
				if days := l.Date.Until(p.Date); !used[l.ID] && !used[p.ID] && l.Amount == p.Amount &&
					l.Amount != 0 &&
					max(days, -days) <= limits.Days {
					t.Fatalf("%s and %s are left", l.ID, p.ID)
				}
			}
		}
	})
}

func item(id, day string, amount money.Fen, who string) Item {
	return Item{ID: id, Date: period.Date("2025-03-" + day), Amount: amount, Counterparty: who}
}

func TestWordsBeforeDays(t *testing.T) {
	found := Propose([]Item{item("l1", "05", 100, "王某"), item("l2", "05", 100, "李某")},
		[]Item{item("p1", "05", 100, "李某"), item("p2", "03", 100, "王某")}, Limits{Days: 5})
	want := []Proposal{{[]string{"l2"}, []string{"p1"}, 100, 0, []Reason{SameAmount, SameDay,
		SameCounterparty}},
		{[]string{"l1"}, []string{"p2"}, 100, 2, []Reason{SameAmount, NearDay, SameCounterparty}}}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("%+v", found)
	}
	found = Propose([]Item{item("l1", "05", 100, "")}, []Item{item("p1", "05", 100, ""), item("p2", "05",
		100, "")},
		Limits{Days: 5})
	if len(found) != 1 || !slices.Contains(found[0].Reasons, Ambiguous) {
		t.Errorf("another would do as well: %+v", found)
	}
}

func TestGroups(t *testing.T) {
	deposit := []Item{item("l1", "05", 1000, "")}
	receipts := []Item{item("p1", "04", 300, ""), item("p2", "05", 700, ""), item("p3", "05", 250, "")}
	found := Propose(deposit, receipts, Limits{Days: 3, Group: 5})
	if len(found) != 1 || !slices.Equal(found[0].Postings, []string{"p1", "p2"}) {
		t.Errorf("one to many: %+v", found)
	}
	found = Propose(receipts, deposit, Limits{Days: 3, Group: 5})
	if len(found) != 1 || !slices.Equal(found[0].Lines, []string{"p1", "p2"}) {
		t.Errorf("many to one: %+v", found)
	}
	two := append(receipts, item("p4", "05", 300, ""))
	if found = Propose(deposit, two, Limits{Days: 3, Group: 5}); len(found) != 0 {
		t.Errorf("two groups add up, one was chosen: %+v", found)
	}
	if found = Propose(deposit, receipts, Limits{Days: 0, Group: 5}); len(found) != 0 {
		t.Errorf("too far apart: %+v", found)
	}
}

// TestReconciliation: the two balances of an account whose lines and postings are drawn agree once every
// item is either settled or under way, and whatever was never recorded is the difference.
func TestReconciliation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, postings := items(t, "l"), items(t, "p")
		a := Account{On: period.Date("2025-03-01").AddDays(rapid.IntRange(0, 8).Draw(t, "on")),
			Lines:    lines,
			Postings: postings}
		for _, p := range Propose(lines, postings, Limits{Days: 5, Group: 3}) {
			a.Settled = append(a.Settled, Settled{p.Lines, p.Postings})
		}
		opening := money.Fen(rapid.IntRange(-5, 5).Draw(t, "unexplained"))
		a.BankBalance = opening
		for _, l := range lines {
			if l.Date <= a.On {
				a.BankBalance += l.Amount
			}
		}
		for _, p := range postings {
			if p.Date <= a.On {
				a.BooksBalance += p.Amount
			}
		}
		r, err := Reconcile(a)
		if err != nil || r.Difference != opening || r.Agrees() != (opening == 0) {
			t.Fatalf("%+v %v, want a difference of %d", r, err, opening)
		}
	})
}

// TestWorkedExample is the one of the package comment.
func TestWorkedExample(t *testing.T) {
	r, err := Reconcile(Account{On: "2025-03-31", BankBalance: 130000, BooksBalance: 115000,
		Lines: []Item{item("interest", "21", 5000, "")}, Postings: []Item{item("payment", "30", -10000,
			"")}})
	if err != nil || !r.Agrees() || r.Exact() || r.BankAdjusted != 120000 || len(r.BankReceived) != 1 ||
		len(r.BooksPaid) != 1 {
		t.Errorf("%+v %v", r, err)
	}
}
