package book_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// story is a book told in a table language, one event a line (testdata/books/*.txt):
//
//	chart 2024
//	opening 102 5,000.00            a balance from before; account/counterparty, debit above zero
//	entry 2025-02-03 收租金          an entry, its lines indented; "red" ends a red-letter line
//	  102 100.00
//	  501 -100.00
//	refused 2025-02-03 book.term    an entry that must have exactly these findings
//	reverse 2                       the red-letter entry of the second entry
//	close 2025-12-31                income and expense into the result, the result into its distribution
//	distribute 2025-12-31           amounts of a distribution: key, account/counterparty, amount
//	settle 2025-12-31
//	balance 322/undistributed -3.00 what must stand there now
//	sheet income 2025-03            what cells must be, by line; a line "finding KEY" for what is told
type story struct {
	t       *testing.T
	chart   *book.Chart
	opening []book.Balance
	entries []book.Entry
}

func TestBooksAsTold(t *testing.T) {
	files, err := filepath.Glob("testdata/books/*.txt")
	if err != nil || len(files) < 4 {
		t.Fatalf("stories: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &story{t: t}
			var block []string
			for i, line := range strings.Split(string(text)+"\nend", "\n") {
				line, _, _ = strings.Cut(line, "#")
				line = strings.TrimRight(line, " ")
				switch {
				case line == "":
				case strings.HasPrefix(line, " "):
					block = append(block, strings.TrimSpace(line))
				default:
					if len(block) > 0 {
						s.event(block)
					}
					if t.Failed() {
						t.Fatalf("%s: before line %d", file, i+1)
					}
					block = []string{line}
				}
			}
		})
	}
}

func (s *story) event(block []string) {
	verb, rest, _ := strings.Cut(block[0], " ")
	fields := strings.Fields(rest)
	switch verb {
	case "chart":
		s.chart = chart(s.t, rest)
	case "opening":
		account, counterparty, _ := strings.Cut(fields[0], "/")
		s.opening = append(s.opening, book.Balance{Account: account, Counterparty: counterparty,
			Amount: yuan(s.t, fields[1])})
	case "entry":
		s.book(s.entry(fields[0], fields[1], block[1:]))
	case "refused":
		got := keys(book.CheckEntry(s.chart, s.entry(fields[0], "refused", block[1:])))
		if !slices.Equal(got, fields[1:]) {
			s.t.Errorf("%s: %v", block[0], got)
		}
	case "reverse":
		var n int
		_, _ = fmt.Sscan(rest, &n)
		e := s.entries[n-1]
		e.Postings = book.Reverse(e.Postings)
		s.book(e)
	case "close":
		entries, findings := s.chart.CloseYear(s.fold("").Balances(), period.Date(rest))
		s.all(entries, findings)
	case "settle":
		s.all(s.chart.SettleDistribution(s.fold("").Balances(), period.Date(rest)), nil)
	case "distribute":
		s.distribute(rest, block[1:])
	case "balance":
		s.balance(fields[0], fields[1])
	case "sheet":
		s.sheet(fields[0], fields[1], block[1:])
	default:
		s.t.Errorf("no such event: %s", block[0])
	}
}

func (s *story) entry(date, summary string, lines []string) book.Entry {
	e := book.Entry{Date: period.Date(date), Summary: summary}
	for _, line := range lines {
		fields := strings.Fields(line)
		account, counterparty, _ := strings.Cut(fields[0], "/")
		e.Postings = append(e.Postings, book.Posting{Account: account, Amount: yuan(s.t, fields[1]),
			Red:        len(fields) > 2 && fields[2] == "red",
			Dimensions: book.Dimensions{Counterparty: counterparty}})
	}
	return e
}

func (s *story) all(entries []book.Entry, findings []fault.Finding) {
	if len(findings) > 0 {
		s.t.Errorf("%v", findings)
	}
	for _, e := range entries {
		s.book(e)
	}
}

func (s *story) book(e book.Entry) {
	if findings := book.CheckEntry(s.chart, e); len(findings) > 0 {
		s.t.Errorf("%s %s: %v", e.Date, e.Summary, findings)
	}
	s.entries = append(s.entries, e)
}

func (s *story) distribute(on string, lines []string) {
	var allotted []book.Allotted
	for _, line := range lines {
		fields := strings.Fields(line)
		account, counterparty, _ := strings.Cut(fields[1], "/")
		allotted = append(allotted, book.Allotted{Key: fields[0], Account: account,
			Counterparty: counterparty,
			Amount:       yuan(s.t, fields[2])})
	}
	entries, findings := s.chart.Distribute(allotted, period.Date(on))
	s.all(entries, findings)
}

// fold adds up everything before a day; "" for everything.
func (s *story) fold(before period.Date) *book.Fold {
	f := book.NewFold(s.chart)
	for _, b := range s.opening {
		if err := f.Open(b); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, e := range s.entries {
		if before == "" || e.Date < before {
			if err := f.Add(e.Postings); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return f
}

func (s *story) balance(at, want string) {
	account, counterparty, _ := strings.Cut(at, "/")
	got := yuan(s.t, "0")
	for _, b := range s.fold("").Balances() {
		if b.Account == account && b.Counterparty == counterparty {
			got = b.Amount
		}
	}
	if got != yuan(s.t, want) {
		s.t.Errorf("on %s stand %s, not %s", at, got, want)
	}
}

// movement is what moved in [from, until).
func (s *story) movement(from, until period.Date) book.Movement {
	f := book.NewFold(s.chart)
	for _, e := range s.entries {
		if from <= e.Date && e.Date < until {
			if err := f.Add(e.Postings); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return book.Movement{Opening: s.fold(from).Balances(), Turnovers: f.Turnovers()}
}

func (s *story) sheet(key, when string, lines []string) {
	p, err := period.Parse(when)
	if err != nil {
		s.t.Fatal(err)
	}
	year := period.OfYear(p.Year())
	last := period.OfYear(p.Year() - 1)
	until := p.Next().First()
	sheet := evaluate(s.t, s.chart, key, book.Figures{
		book.SpanPeriod:   s.movement(p.First(), until),
		book.SpanYear:     s.movement(year.First(), until),
		book.SpanLastYear: s.movement(last.First(), p.SamePeriodLastYear().Next().First()),
	})
	told := keys(sheet.Findings)
	for _, line := range lines {
		fields := strings.Fields(line)
		if fields[0] == "finding" {
			i := slices.Index(told, fields[1])
			if i < 0 {
				s.t.Errorf("%s does not tell %s", key, fields[1])
				continue
			}
			told = slices.Delete(told, i, i+1)
			continue
		}
		for column, want := range fields[1:] {
			if got := cell(s.t, sheet, fields[0], column); want != "-" && got != yuan(s.t, want) {
				s.t.Errorf("%s of %s: %s in column %d is %s, not %s", key, when, fields[0], column, got,
					want)
			}
		}
	}
	if len(told) > 0 {
		s.t.Errorf("%s of %s: %v", key, when, sheet.Findings)
	}
}
