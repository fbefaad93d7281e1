package record

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Limits of texts and amounts. An amount is far below what 64 bits hold, so that sums over a county fit.
const (
	NameMax     = 100
	NumberMax   = 50
	DocumentMax = 100
	PledgeMax   = 200
	TextMax     = 500
	NoteMax     = 1000
	AmountMax   = money.Fen(1_000_000_000_000) // ten thousand million yuan
	RateMax     = 10_000                       // a hundred percent a year
)

// The code lists.
const (
	Lenders   = "lender_class"
	Obligors  = "obligor_kind"
	Purposes  = "loan_purpose"
	Bodies    = "contract_body"
	Subsidies = "subsidy_kind"
)

// PartyList is the code list of the other side of a kind.
func PartyList(k Kind) string {
	if k == Loan {
		return Lenders
	}
	return Obligors
}

// Entry is a commitment to be entered. Settled is what had been repaid before; Due may be "".
type Entry struct {
	Commitment
	Document string
}

// Checker is what entries are held against: the day, and whether a code list has a code.
type Checker struct {
	Today period.Date
	Has   func(list, code string) bool
}

// Entry normalises an entry and finds everything wrong with it. Columns are fields of the form.
func (k Checker) Entry(e *Entry) []fault.Finding {
	found := CheckTexts([]Text{{"number", &e.Number, NumberMax, false}, {"party", &e.Party, NameMax, true},
		{"creditor", &e.Creditor, NameMax, e.Kind == Guarantee}, {"pledge", &e.Pledge, PledgeMax, false},
		{"decision", &e.Decision, DocumentMax, false}, {"document", &e.Document, DocumentMax, false},
		{"note", &e.Note, NoteMax, false}})
	tell := func(field string, f fault.Finding) { found = append(found, f.At("", 0, field)) }
	if !slices.Contains(Kinds, e.Kind) {
		tell("kind", fault.Wrong("commitments.code").Saw(string(e.Kind)))
		return found
	}
	if e.Kind != Loan {
		e.Purpose = ""
	}
	for _, one := range []struct {
		field, list, code string
		must              bool
	}{{"party_kind", PartyList(e.Kind), e.PartyKind, true}, {"purpose", Purposes, e.Purpose, e.Kind == Loan},
		{"decision_body", Bodies, e.DecisionBody, false}} {
		if (one.code != "" || one.must) && !k.Has(one.list, one.code) {
			tell(one.field, fault.Wrong("commitments.code").Saw(one.code))
		}
	}
	if !e.Day.Valid() || e.Day > k.Today {
		tell("day", fault.Wrong("commitments.day"))
	}
	if e.Decided != "" && (!e.Decided.Valid() || e.Decided > k.Today) {
		tell("decided", fault.Wrong("commitments.day"))
	}
	switch {
	case e.Due == "":
		e.Due = period.Open
	case !e.Due.Valid() || e.Due < e.Day:
		tell("due", fault.Wrong("commitments.due"))
	}
	return append(append(found, e.checkAmounts()...), e.doubts()...)
}

// checkAmounts finds what is wrong with amounts and the rate.
func (e *Entry) checkAmounts() []fault.Finding {
	var found []fault.Finding
	if e.Amount <= 0 || e.Amount > AmountMax {
		found = append(found, fault.Wrong("commitments.amount").At("", 0, "amount"))
	}
	if e.Rate < 0 || e.Rate > RateMax {
		found = append(found, fault.Wrong("commitments.rate").At("", 0, "rate"))
	}
	if e.Settled < 0 || e.Settled > e.Amount || e.Settled > 0 && e.Kind == Guarantee {
		found = append(found, fault.Wrong("commitments.settled", e.Amount.String()).At("", 0, "settled"))
	}
	return found
}

// doubts are what may be so, and what whoever enters it should know.
func (e *Entry) doubts() []fault.Finding {
	var found []fault.Finding
	if e.Kind == Guarantee {
		found = append(found, fault.Doubt("commitments.void").At("", 0, "party"))
	}
	if e.Kind == Loan && !e.Voted() {
		found = append(found, fault.Doubt("commitments.unvoted").At("", 0, "decision"))
	}
	if e.Kind == Lending && IsRelated(e.PartyKind) {
		found = append(found, fault.Doubt("commitments.to_officer").At("", 0, "party_kind"))
	}
	return found
}

// IsRelated reports whether a kind of borrower or debtor is an officer or a near relative.
func IsRelated(kind string) bool { return kind == "officer" || kind == "relative" }

// Transfer normalises a transfer and finds everything wrong with it. Columns are fields of the form.
func (k Checker) Transfer(t *Transfer) []fault.Finding {
	found := CheckTexts([]Text{{"document", &t.Document, DocumentMax, true},
		{"project", &t.Project, NameMax, false}, {"note", &t.Note, NoteMax, false}})
	if !k.Has(Subsidies, t.Kind) {
		found = append(found, fault.Wrong("commitments.code").Saw(t.Kind).At("", 0, "kind"))
	}
	if t.Amount <= 0 || t.Amount > AmountMax {
		found = append(found, fault.Wrong("commitments.amount").At("", 0, "amount"))
	}
	if !t.Day.Valid() || t.Day > k.Today {
		found = append(found, fault.Wrong("commitments.day").At("", 0, "day"))
	}
	return found
}

// Text is an entered text with its limit.
type Text struct {
	Field string
	Text  *string
	Most  int
	Must  bool
}

// CheckTexts trims texts and finds those missing or too long.
func CheckTexts(texts []Text) []fault.Finding {
	var found []fault.Finding
	for _, t := range texts {
		*t.Text = strings.TrimSpace(*t.Text)
		switch {
		case *t.Text == "" && t.Must:
			found = append(found, fault.Wrong("commitments.missing").At("", 0, t.Field))
		case utf8.RuneCountInString(*t.Text) > t.Most:
			found = append(found, fault.Wrong("commitments.too_long", t.Most).At("", 0, t.Field))
		}
	}
	return found
}

// Balance sets the state of a loan or lending by what was repaid, on the latest of the days of the
// repayments. A guarantee, and what was withdrawn, it leaves alone.
func (c *Commitment) Balance(repaid []Repayment) {
	if c.Kind == Guarantee || c.State == Withdrawn {
		return
	}
	c.State, c.Ended = Standing, period.Open
	if c.Settled < c.Amount {
		return
	}
	c.State, c.Ended = Settled, c.Day
	for _, p := range repaid {
		c.Ended = max(c.Ended, p.Day)
	}
}
