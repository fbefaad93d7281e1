package contracts

import (
	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/formpage"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// forms are the forms of the acts on a contract. Their labels are dictionary entries: contracts.extend.to.
type forms struct {
	sign, reprice, extend, terminate, giveBack, receive, writeOff *form.Definition
	depositReceive, depositRefund, depositKeep                    *form.Definition
}

// The fields acts end with.
var (
	onField       = form.Field{Key: "on", Kind: form.Date, Required: true}
	documentField = form.Field{Key: "document", Kind: form.Text, Required: true, MaxLength: DocumentMax}
	plainDocument = form.Field{Key: "document", Kind: form.Text, MaxLength: DocumentMax}
	reasonField   = form.Field{Key: "reason", Kind: form.Long, MaxLength: TextMax}
)

// feeFields are a fee as forms ask it.
var feeFields = []form.Field{
	{Key: "amount", Kind: form.Money, Required: true, Min: "0"},
	{Key: "every", Kind: form.Choice, Codes: "fee_interval", Required: true},
	{Key: "first_due", Kind: form.Date},
	{Key: "step_years", Kind: form.Integer, Min: "1", Max: "50"},
	{Key: "step_percent", Kind: form.Percent},
	{Key: "prepaid", Kind: form.Integer, Min: "0", Max: "100"},
}

// makeForms makes the forms of the acts; the dictionary is read by now.
func (s *Contracts) makeForms(c *codes) error {
	var err error
	define := func(into **form.Definition, key string, fields ...form.Field) {
		if err == nil {
			*into, err = formpage.Define(s.host.Dictionary, key, []form.CodeList{*c.Lists["fee_interval"]},
				fields...)
		}
	}
	f := &s.forms
	define(&f.sign, "contracts.sign", onField, documentField, reasonField)
	define(&f.terminate, "contracts.terminate", onField, documentField, reasonField)
	define(&f.giveBack, "contracts.return", onField, plainDocument, reasonField)
	fee := append([]form.Field{{Key: "from", Kind: form.Date, Required: true}}, feeFields...)
	define(&f.reprice, "contracts.reprice", append(fee, onField, documentField, reasonField)...)
	fee = append([]form.Field{{Key: "to", Kind: form.Date, Required: true}}, feeFields...)
	define(&f.extend, "contracts.extend", append(fee, onField, documentField, reasonField)...)
	define(&f.receive, "contracts.receive", form.Field{Key: "amount", Kind: form.Money, Required: true},
		form.Field{Key: "cash", Kind: form.Flag}, form.Field{Key: "voucher", Kind: form.Code}, onField,
		plainDocument, reasonField)
	amount := form.Field{Key: "amount", Kind: form.Money, Required: true}
	cash := form.Field{Key: "cash", Kind: form.Flag}
	define(&f.depositReceive, "contracts.deposit_received", amount, cash, onField, plainDocument,
		reasonField)
	define(&f.depositRefund, "contracts.deposit_refunded", amount, cash, onField, plainDocument,
		reasonField)
	define(&f.depositKeep, "contracts.deposit_kept", amount, onField, documentField, reasonField)
	define(&f.writeOff, "contracts.write_off", form.Field{Key: "due", Kind: form.Integer, Required: true},
		form.Field{Key: "amount", Kind: form.Money, Required: true},
		form.Field{Key: "decision", Kind: form.Text, Required: true, MaxLength: DocumentMax},
		form.Field{Key: "approval", Kind: form.Text, Required: true, MaxLength: DocumentMax}, onField,
		documentField, reasonField)
	return err
}

// feeOf reads a fee. A step every so many years becomes the steps of a hundred years, as far as the
// schedule takes them.
func feeOf(r form.Record) schedule.Fee {
	f := schedule.Fee{Amount: r.Money("amount"), Every: schedule.Every(r.Text("every")),
		First: r.Date("first_due"), Prepaid: int(r.Int("prepaid"))}
	return f.Stepped(int(r.Int("step_years")), r.Hundredths("step_percent"))
}

// entryOf reads a filled-in form contracts.contract. What else is wrong with it Check finds.
func entryOf(r form.Record) (Entry, []fault.Finding) {
	var found []fault.Finding
	objects, readable := record.ReadObjects(r.Text("objects"))
	if !readable {
		found = append(found, fault.Wrong("contracts.objects", ObjectsMax).At("", 0, "objects"))
	}
	fee := feeOf(r)
	fee.Deposit = r.Money("deposit")
	c := Contract{Number: r.Text("number"), Name: r.Text("name"), Kind: r.Text("kind"),
		Party: r.Text("party"), PartyKind: r.Text("party_kind"), PartyCode: r.Text("party_code"),
		Related: r.Flag("related"), Signed: r.Date("signed"), Area: r.Area("area"),
		PriceClass: r.Text("price_class"), Manner: r.Text("manner"), Project: r.Text("project"),
		Decision: r.Text("decision"), DecisionBody: r.Text("decision_body"), Decided: r.Date("decided"),
		DecisionValid: r.Flag("decision_valid"), DecisionShare: r.Hundredths("decision_share"),
		Approval: r.Text("approval"), Approved: r.Date("approved"), HouseholdEnd: r.Date("household_end"),
		BuyBack: r.Flag("buy_back"), Paper: r.Flag("paper"), ClaimsFrom: r.Date("claims_from"),
		Note: r.Text("note")}
	return Entry{Contract: c, Objects: objects, Owed: r.Money("owed"), Document: r.Text("document"),
		Schedule: []schedule.Phase{{From: r.Date("begins"), To: r.Date("ends"), Fee: fee}}}, found
}

// valuesOf is a contract as its form holds it.
func valuesOf(c Contract, objects []Object) map[string]string {
	values := map[string]string{"number": c.Number, "name": c.Name, "kind": c.Kind, "party": c.Party,
		"party_kind": c.PartyKind, "party_code": c.PartyCode, "begins": string(c.Begins),
		"ends": string(c.Ends), "signed": string(c.Signed), "area": c.Area.PlainMu(),
		"price_class": c.PriceClass, "objects": record.WriteObjects(objects), "manner": c.Manner,
		"project": c.Project, "decision": c.Decision, "decision_body": c.DecisionBody,
		"decided": string(c.Decided), "decision_share": decimal.Format(c.DecisionShare, 2),
		"approval": c.Approval, "approved": string(c.Approved), "household_end": string(c.HouseholdEnd),
		"claims_from": string(c.ClaimsFrom), "note": c.Note}
	for key, set := range map[string]bool{"related": c.Related, "decision_valid": c.DecisionValid,
		"buy_back": c.BuyBack, "paper": c.Paper} {
		if set {
			values[key] = "1"
		}
	}
	if phases := c.Phases(); len(phases) > 0 {
		for key, text := range phases[len(phases)-1].Fee.Values() {
			values[key] = text
		}
	}
	return values
}

// filled is a record of a form with values as they would be entered. They need not be right.
func filled(d *form.Definition, values map[string]string) form.Record {
	record, _ := d.ParseForm(func(key string) string { return values[key] }, d.Blank(), form.Context{})
	return record
}
