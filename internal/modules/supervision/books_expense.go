package supervision

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// ExpenseFile and ExpenseList are where a pack says which expenses are watched.
const (
	ExpenseFile = "expenses.yaml"
	ExpenseList = "expenses"
)

// The kinds of expenses that are watched.
const (
	Entertainment = "entertainment" // 招待费
	Newspapers    = "newspapers"    // 报刊费
)

// Expense says how a kind of expense is told in the books of a chart: by a sub-account of its own, or by
// words in the summary, note or counterparty of what stands on an account.
type Expense struct {
	Key     string      `yaml:"key"`
	Kind    string      `yaml:"kind"`
	Title   words.Words `yaml:"title"`
	Chart   string      `yaml:"chart"`
	Account string      `yaml:"account"` // with everything under it
	Words   []string    `yaml:"words"`   // left out: all that stands there
	Basis   string      `yaml:"basis"`
	Mark    pack.Mark   `yaml:"mark"`
}

// expenseSection is the file of the pack.
func expenseSection() pack.Section {
	return pack.Section{Path: ExpenseFile, Check: func(p *pack.Pack) []fault.Finding {
		_, findings := ReadExpenses(p)
		return findings
	}}
}

// ReadExpenses reads which expenses are watched.
func ReadExpenses(p *pack.Pack) ([]Expense, []fault.Finding) {
	all, findings := pack.Decode[Expense](p, ExpenseFile, ExpenseList)
	for _, e := range all {
		if e.Kind != Entertainment && e.Kind != Newspapers || e.Chart == "" || e.Account == "" ||
			!e.Title.Whole() || e.Basis == "" || slices.Contains(e.Words, "") {
			findings = append(findings, fault.Wrong("supervision.expense", e.Key).At(ExpenseFile, 0, ""))
		}
	}
	return all, findings
}

// expenseColumns is the number of columns of a row of expenseRows.
const expenseColumns = 4

// expenseRows are the expenses by account and word: chart, account, kind, word; "" is every posting.
func expenseRows(charts *book.Charts, all []Expense) [][]string {
	var rows [][]string
	for _, e := range all {
		if charts == nil {
			break
		}
		chart, ok := charts.Get(e.Chart)
		if !ok {
			continue
		}
		said := e.Words
		if len(said) == 0 {
			said = []string{""}
		}
		for _, leaf := range chart.Leaves(e.Account) {
			for _, word := range said {
				rows = append(rows, []string{chart.Key, leaf, e.Kind, word})
			}
		}
	}
	return rows
}
