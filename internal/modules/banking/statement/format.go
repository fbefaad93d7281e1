package statement

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/words"
)

// Part is what a column of a statement holds.
type Part string

// The parts. A format names the headings of those its bank has.
const (
	Date                Part = "date"
	Amount              Part = "amount"    // one column for both directions
	Outflow             Part = "outflow"   // what left the account: the bank's debit (借)
	Inflow              Part = "inflow"    // what came in: the bank's credit (贷)
	Direction           Part = "direction" // in words, of Amount
	BalanceColumn       Part = "balance"
	BalanceSide         Part = "balance_side"
	Counterparty        Part = "counterparty"
	CounterpartyAccount Part = "counterparty_account"
	Purpose             Part = "purpose" // several columns may be one: they are joined
	Serial              Part = "serial"  // the bank's own number of the transaction
	Currency            Part = "currency"
	AccountNumber       Part = "account"
	Holder              Part = "holder"
	Outcome             Part = "outcome" // whether the transaction was carried out
	OpeningBalance      Part = "opening" // facts that stand outside the table
	ClosingBalance      Part = "closing"
)

// columnParts are the parts that columns hold, in the order in which headings are tried.
var columnParts = []Part{Date, Outflow, Inflow, Direction, Amount, BalanceColumn, BalanceSide, Counterparty,
	CounterpartyAccount, Purpose, Serial, Currency, AccountNumber, Holder, Outcome}

// factParts are the parts that stand in lines of their own: 户名：天台村股份经济合作社.
var factParts = []Part{AccountNumber, Holder, Currency, OpeningBalance, ClosingBalance}

// Rule is how the amounts of a format say whether money came in.
type Rule string

// The rules; empty follows from the columns there are.
const (
	Signed    Rule = "signed"    // minus left the account
	Inverted  Rule = "inverted"  // plus left the account
	ByWord    Rule = "direction" // the column of directions says so
	ByColumns Rule = "columns"   // two columns
)

// Format is how a bank writes its statements: a file of the pack.
type Format struct {
	Key   string      `yaml:"key"`
	Title words.Words `yaml:"title"`
	Bank  words.Words `yaml:"bank"`
	Basis string      `yaml:"basis"`
	Mark  string      `yaml:"mark"`
	// Fallback: taken only where no other format fits as well.
	Fallback bool `yaml:"fallback"`
	// Encoding of text files whose bytes fit two: utf-8 or gb18030. Else it is told by the content.
	Encoding string `yaml:"encoding"`
	// HeadRows is how far down the headings are looked for; 0: 40.
	HeadRows int `yaml:"head_rows"`
	// Columns are the headings of each part, in any language the bank uses.
	Columns map[Part][]string `yaml:"columns"`
	// Positions name columns by letter where a file has no headings: {date: A, amount: C}. The lines
	// then begin at FirstRow.
	Positions map[Part]string `yaml:"positions"`
	FirstRow  int             `yaml:"first_row"`
	// Dates are patterns like yyyy-MM-dd, d/M/yyyy, dd-MMM-yy; the time of day may follow. Empty: the
	// patterns of defaultDates.
	Dates     []string `yaml:"dates"`
	Amounts   Rule     `yaml:"amounts"`
	Decimal   string   `yaml:"decimal"`   // "." if not said
	Thousands string   `yaml:"thousands"` // "," if not said, or "." where the decimal sign is ","
	Unit      string   `yaml:"unit"`      // yuan if not said, fen, ten_thousand
	In        []string `yaml:"in"`        // words of the column of directions, and of amounts
	Out       []string `yaml:"out"`
	// Facts are the labels of what stands outside the table.
	Facts map[Part][]string `yaml:"facts"`
	// Totals begin rows that add others up and are compared with them; Skip begins rows that are left
	// out; OpeningRows and ClosingRows begin rows that carry a balance and move nothing.
	Totals      []string `yaml:"totals"`
	Skip        []string `yaml:"skip"`
	OpeningRows []string `yaml:"opening_rows"`
	ClosingRows []string `yaml:"closing_rows"`
	// Failed are the outcomes of transactions that moved nothing.
	Failed []string `yaml:"failed"`
	// Yuan are the ways the bank writes the currency that is read; every other is refused.
	Yuan []string `yaml:"yuan"`
	// Examples are tables with what is read from them: terrace pack test tries them.
	Examples []Example `yaml:"examples"`
}

// Example is a small table and the lines it must give: "2025-03-01 -12.50 100.00 text".
type Example struct {
	Name   string   `yaml:"name"`
	Rows   []string `yaml:"rows"` // cells parted by |
	Expect []string `yaml:"expect"`
	// Finds are the keys of what must be found, without notes.
	Finds []string `yaml:"finds"`
}

// Problem is something wrong with a format: a key of the dictionary and what it is about.
type Problem struct {
	Key  string
	What string
}

// What a format may say where it chooses.
var (
	rules     = []Rule{"", Signed, Inverted, ByWord, ByColumns}
	units     = []string{"", "yuan", "fen", "ten_thousand"}
	encodings = []string{"", "utf-8", "gb18030"}
)

// Check says what is wrong with a format: nothing of it is guessed later.
func (f *Format) Check() []Problem {
	var all []Problem
	tell := func(wrong bool, key, what string) {
		if wrong {
			all = append(all, Problem{key, what})
		}
	}
	has := func(p Part) bool { return len(f.Columns[p]) > 0 || f.Positions[p] != "" }
	tell(!f.Title.Whole() || !f.Bank.Whole(), "banking.format.title", f.Key)
	tell(!has(Date), "banking.format.lacks", string(Date))
	tell(!has(Amount) && (!has(Inflow) || !has(Outflow)), "banking.format.lacks", string(Amount))
	tell(!slices.Contains(rules, f.Amounts), "banking.format.word", "amounts: "+string(f.Amounts))
	tell(f.Amounts == ByWord && (!has(Direction) || !has(Amount)), "banking.format.lacks",
		string(Direction))
	tell(f.Amounts == ByColumns && (!has(Inflow) || !has(Outflow)), "banking.format.lacks", string(Inflow))
	tell(has(Direction) && (len(f.In) == 0 || len(f.Out) == 0), "banking.format.lacks", "in, out")
	tell(!slices.Contains(units, f.Unit), "banking.format.word", "unit: "+f.Unit)
	tell(!slices.Contains(encodings, f.Encoding), "banking.format.word", "encoding: "+f.Encoding)
	tell(f.HeadRows < 0 || f.FirstRow < 0, "banking.format.word", "head_rows, first_row")
	tell(len([]rune(f.Decimal)) > 1 || f.decimal() == f.thousands(), "banking.format.word",
		"decimal, thousands")
	for p := range f.Columns {
		tell(!slices.Contains(columnParts, p), "banking.format.word", "columns: "+string(p))
	}
	for p, letter := range f.Positions {
		tell(!slices.Contains(columnParts, p) || columnOf(letter) < 0, "banking.format.word",
			"positions: "+string(p))
	}
	for p := range f.Facts {
		tell(!slices.Contains(factParts, p), "banking.format.word", "facts: "+string(p))
	}
	for _, pattern := range f.Dates {
		tell(!validPattern(pattern), "banking.format.word", "dates: "+pattern)
	}
	slices.SortStableFunc(all, func(a, b Problem) int {
		return strings.Compare(a.Key+a.What,
			b.Key+b.What)
	})
	return all
}

func (f *Format) decimal() string {
	if f.Decimal == "" {
		return "."
	}
	return f.Decimal
}

func (f *Format) thousands() string {
	switch {
	case f.Thousands != "":
		return f.Thousands
	case f.Decimal == ",":
		return "."
	}
	return ","
}

func (f *Format) headRows() int {
	if f.HeadRows == 0 {
		return 40
	}
	return f.HeadRows
}

// columnOf reads the letters of a column: C is 2; -1 if they are none.
func columnOf(letters string) int {
	column := 0
	for _, r := range strings.ToUpper(letters) {
		if r < 'A' || r > 'Z' || column > 1<<10 {
			return -1
		}
		column = column*26 + int(r-'A') + 1
	}
	return column - 1
}

// columnName is the letters of a column.
func columnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
