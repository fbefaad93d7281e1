package match

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Table is the reconciliation as it is printed: the books on one side, the bank on the other. What is taken
// off stands under its heading as it is read, above zero. say gives the texts banking.table.WHAT.
func (r Reconciliation) Table(say func(key string, args ...any) words.Words, note words.Words) words.Table {
	yuan := func(f money.Fen) words.Words { return words.Plain(f.String()) }
	t := words.Table{Title: say("banking.reconciliation"), Number: []bool{false, true, false, true},
		Note: note,
		Heading: []words.Words{say("banking.table.books"), say("banking.table.amount"),
			say("banking.table.bank"), say("banking.table.amount")}}
	t.Rows = append(t.Rows, []words.Words{say("banking.table.books_balance"), yuan(r.BooksBalance),
		say("banking.table.bank_balance"), yuan(r.BankBalance)})
	for _, part := range []struct {
		left, right     string
		onLeft, onRight []Item
		sign            money.Fen
	}{
		{"banking.table.bank_received", "banking.table.books_received", r.BankReceived, r.BooksReceived, 1},
		{"banking.table.bank_paid", "banking.table.books_paid", r.BankPaid, r.BooksPaid, -1},
	} {
		t.Bold = append(t.Bold, len(t.Rows))
		t.Rows = append(t.Rows, []words.Words{say(part.left), {}, say(part.right), {}})
		for i := range max(len(part.onLeft), len(part.onRight)) {
			row := make([]words.Words, 4)
			for side, list := range [][]Item{part.onLeft, part.onRight} {
				if i < len(list) {
					row[2*side] = words.Plain(strings.Join(strings.Fields(string(list[i].Date)+" "+
						list[i].Counterparty+" "+list[i].Text), " "))
					row[2*side+1] = yuan(part.sign * list[i].Amount)
				}
			}
			t.Rows = append(t.Rows, row)
		}
	}
	t.Bold = append(t.Bold, len(t.Rows), len(t.Rows)+1)
	t.Rows = append(t.Rows, []words.Words{say("banking.table.adjusted"), yuan(r.BooksAdjusted),
		say("banking.table.adjusted"), yuan(r.BankAdjusted)},
		[]words.Words{say("banking.table.difference"), yuan(r.Difference), {}, {}})
	return t
}
