package commitments

import (
	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// forms are the forms of the acts. Their labels are dictionary entries: commitments.repay.amount.
type forms struct {
	repay, takeBack, release, withdraw *form.Definition // on a commitment
	match, unmatch, cancel             *form.Definition // on a transfer
	announce                           *form.Definition
}

// The fields acts end with.
var (
	onField       = form.Field{Key: "on", Kind: form.Date, Required: true}
	documentField = form.Field{Key: "document", Kind: form.Text, Required: true, MaxLength: DocumentMax}
	plainDocument = form.Field{Key: "document", Kind: form.Text, MaxLength: DocumentMax}
	whyField      = form.Field{Key: "reason", Kind: form.Long, Required: true, MaxLength: TextMax}
	reasonField   = form.Field{Key: "reason", Kind: form.Long, MaxLength: TextMax}
)

// makeForms makes the forms of the acts; the dictionary is read by now.
func (s *Commitments) makeForms() error {
	var err error
	define := func(into **form.Definition, key string, fields ...form.Field) {
		if err == nil {
			*into, err = formpage.Define(s.host.Dictionary, key, nil, fields...)
		}
	}
	f := &s.forms
	define(&f.repay, "commitments.repay", form.Field{Key: "amount", Kind: form.Money, Required: true},
		onField, form.Field{Key: "voucher", Kind: form.Code}, plainDocument, reasonField)
	define(&f.takeBack, "commitments.take_back", form.Field{Key: "repayment", Kind: form.Integer,
		Required: true, Min: "1"}, onField, whyField)
	define(&f.release, "commitments.release", onField, documentField, reasonField)
	define(&f.withdraw, "commitments.withdraw", onField, whyField)
	define(&f.match, "commitments.match", form.Field{Key: "voucher", Kind: form.Code, Required: true},
		onField, reasonField)
	define(&f.unmatch, "commitments.unmatch", onField, whyField)
	define(&f.cancel, "commitments.cancel", onField, whyField)
	if err == nil {
		f.announce, err = formpage.Part(s.codes.Load().transfer, "commitments.announce",
			func(string) bool { return true })
	}
	return err
}

// entryOf reads a filled-in form of a kind. What else is wrong with it Check finds.
func entryOf(kind Kind, r form.Record) Entry {
	c := Commitment{Kind: kind, Number: r.Text("number"), Party: r.Text("party"),
		PartyKind: r.Text("party_kind"), Pledge: r.Text("pledge"), Amount: r.Money("amount"),
		Day: r.Date("day"), Due: r.Date("due"), Decision: r.Text("decision"),
		DecisionBody: r.Text("decision_body"), Decided: r.Date("decided"),
		DecisionValid: r.Flag("decision_valid"), Note: r.Text("note")}
	switch kind {
	case Loan:
		c.Purpose, c.Rate, c.Settled = r.Text("purpose"), r.Hundredths("rate"), r.Money("settled")
	case Lending:
		c.Rate, c.Settled = r.Hundredths("rate"), r.Money("settled")
	case Guarantee:
		c.Creditor = r.Text("creditor")
	}
	return Entry{Commitment: c, Document: r.Text("document")}
}

// valuesOf is a commitment as its form holds it.
func valuesOf(c Commitment) map[string]string {
	values := map[string]string{"number": c.Number, "party": c.Party, "party_kind": c.PartyKind,
		"creditor": c.Creditor, "purpose": c.Purpose, "pledge": c.Pledge, "amount": c.Amount.Plain(),
		"day": string(c.Day), "decision": c.Decision, "decision_body": c.DecisionBody,
		"decided": string(c.Decided), "note": c.Note}
	if c.Due != period.Open {
		values["due"] = string(c.Due)
	}
	if c.Rate != 0 {
		values["rate"] = decimal.Format(c.Rate, 2)
	}
	if c.DecisionValid {
		values["decision_valid"] = "1"
	}
	return values
}

// transferOf reads a filled-in form of a transfer.
func transferOf(r form.Record) Transfer {
	return Transfer{Document: r.Text("document"), Kind: r.Text("kind"), Project: r.Text("project"),
		Amount: r.Money("amount"), Day: r.Date("day"), Note: r.Text("note")}
}

// filled is a record of a form with values as they would be entered. They need not be right.
func filled(d *form.Definition, values map[string]string) form.Record {
	r, _ := d.ParseForm(func(key string) string { return values[key] }, d.Blank(), form.Context{})
	return r
}

// amendable is the form of a kind without what only its first entry says.
func (s *Commitments) amendable(kind record.Kind) (*form.Definition, error) {
	return formpage.Part(s.codes.Load().forms[kind], formOf(kind), func(field string) bool {
		return field != "settled"
	})
}
