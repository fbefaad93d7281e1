package book

import (
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// Example is a book in small, counted by hand, that stands in the chart's file: what stood, what was
// booked, and what must come out. `terrace pack test` tries it.
type Example struct {
	Key      string          `yaml:"key"`
	Opening  []ExampleAmount `yaml:"opening"`
	Postings []ExampleAmount `yaml:"postings"` // of one entry
	Expect   []ExampleCell   `yaml:"expect"`
}

// ExampleAmount is an amount on an account, in yuan, debit above zero.
type ExampleAmount struct {
	Account      string `yaml:"account"`
	Counterparty string `yaml:"counterparty"`
	Amount       string `yaml:"amount"`
}

// ExampleCell is what a cell of a statement must be, in yuan. All columns speak of the same span.
type ExampleCell struct {
	Statement string `yaml:"statement"`
	Line      string `yaml:"line"`
	Column    string `yaml:"column"`
	Amount    string `yaml:"amount"`
}

// TryExamples makes the statements of the chart's examples and tells what does not come out, and how
// many cells were looked at.
func (c *Chart) TryExamples() (findings []fault.Finding, tried int) {
	for _, e := range c.Examples {
		place := "examples/" + e.Key
		m, found := e.movement(c)
		for _, cell := range e.Expect {
			tried++
			if len(found) == 0 {
				found = append(found, cell.try(c, m)...)
			}
		}
		for _, f := range found {
			findings = append(findings, f.At(c.Key+"/"+place, 0, place))
		}
	}
	return findings, tried
}

// TryExamples tries the examples of all charts.
func (c *Charts) TryExamples() (findings []fault.Finding) {
	for _, chart := range c.list {
		found, _ := chart.TryExamples()
		findings = append(findings, found...)
	}
	return findings
}

func (e Example) movement(c *Chart) (Movement, []fault.Finding) {
	var findings []fault.Finding
	amount := func(a ExampleAmount) money.Fen {
		fen, err := money.Parse(a.Amount)
		if err != nil {
			findings = append(findings, fault.Wrong("book.example_amount").Saw(a.Amount))
		}
		return fen
	}
	var m Movement
	for _, a := range e.Opening {
		m.Opening = append(m.Opening, Balance{a.Account, a.Counterparty, amount(a)})
	}
	var postings []Posting
	for _, a := range e.Postings {
		postings = append(postings, Posting{Account: a.Account, Amount: amount(a),
			Dimensions: Dimensions{Counterparty: a.Counterparty}})
	}
	findings = append(findings, checkSum(postings)...)
	for i, p := range postings {
		findings = append(findings, c.checkPosting(p, i+1)...)
	}
	fold := NewFold(c)
	if !fault.Stops(findings) && fold.Add(postings) != nil {
		findings = append(findings, fault.Wrong("book.overflow"))
	}
	m.Turnovers = fold.Turnovers()
	return m, findings
}

func (x ExampleCell) try(c *Chart, m Movement) []fault.Finding {
	want, err := money.Parse(x.Amount)
	if err != nil {
		return []fault.Finding{fault.Wrong("book.example_amount").Saw(x.Amount)}
	}
	s, ok := c.Statement(x.Statement)
	if !ok {
		return []fault.Finding{fault.Wrong("book.statement_missing", x.Statement)}
	}
	sheet, err := Evaluate(s, Figures{SpanPeriod: m, SpanYear: m, SpanLastYear: m})
	if err != nil {
		return []fault.Finding{fault.Wrong("book.overflow")}
	}
	for i, column := range s.Columns {
		for _, l := range sheet.Lines {
			if column.Key != x.Column || l.Key != x.Line || i >= len(l.Cells) {
				continue
			}
			if l.Cells[i] != want {
				return []fault.Finding{fault.Wrong("book.example", s.Title, l.Title, l.Cells[i], want)}
			}
			return sheet.Findings
		}
	}
	return []fault.Finding{fault.Wrong("book.line_unknown", x.Line+" / "+x.Column).Saw(x.Line)}
}
