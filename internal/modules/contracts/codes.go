package contracts

import (
	"fmt"
	"maps"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The form of a contract in the pack, and the file that says how kinds of contracts are booked.
const (
	contractForm = "contracts.contract"
	kindsFile    = "contracts.yaml"
)

// roleOtherExpense is the chart's role of the account that bears what is written off.
const roleOtherExpense = "other_expense"

// listOf says from which code list a field is.
var listOf = map[string]string{"kind": "contract_kind", "party_kind": "contract_party",
	"manner": "letting_manner", "decision_body": "contract_body", "price_class": "price_class",
	"every": "fee_interval"}

// contractFields are the fields of the form that the module cannot do without.
var contractFields = map[string]form.Kind{"number": form.Code, "name": form.Text, "kind": form.Choice,
	"party": form.Text, "party_kind": form.Choice, "party_code": form.Code, "related": form.Flag,
	"begins": form.Date, "ends": form.Date, "signed": form.Date, "area": form.AreaMu,
	"price_class": form.Choice, "objects": form.Text, "amount": form.Money, "every": form.Choice,
	"first_due": form.Date, "step_years": form.Integer, "step_percent": form.Percent,
	"prepaid": form.Integer, "deposit": form.Money, "manner": form.Choice, "project": form.Code,
	"decision": form.Text, "decision_body": form.Choice, "decided": form.Date, "decision_valid": form.Flag,
	"decision_share": form.Percent, "approval": form.Text, "approved": form.Date,
	"household_end": form.Date, "buy_back": form.Flag, "paper": form.Flag, "claims_from": form.Date,
	"owed": form.Money, "document": form.Text, "note": form.Long}

// Booking is how a kind of contract is booked.
type Booking = record.Booking

// codes are the form, the code lists and the bookings of the pack in force.
type codes struct {
	form.Lists
	form  *form.Definition
	kinds map[string]Booking
}

// sections are the files of a pack that this module owns.
func sections() []pack.Section {
	return []pack.Section{{Path: kindsFile, Check: func(p *pack.Pack) []fault.Finding {
		_, findings := readKinds(p)
		return findings
	}}}
}

// readKinds reads how kinds of contracts are booked.
func readKinds(p *pack.Pack) (map[string]Booking, []fault.Finding) {
	list, findings := pack.Decode[Booking](p, kindsFile, "kinds")
	library, _ := form.Load(p.FS()) // what is wrong with forms and codes is told where they are checked
	known, _ := library.Codes(listOf["kind"])
	kinds := map[string]Booking{}
	for _, b := range list {
		named := false
		if known != nil {
			_, named = known.Entry(b.Key, "")
		}
		if !b.Whole() || !named {
			findings = append(findings, fault.Wrong("contracts.pack_kind", b.Key).At(kindsFile, 0, ""))
		}
		kinds[b.Key] = b
	}
	return kinds, findings
}

// readCodes takes what the module needs out of a pack.
func readCodes(p *pack.Pack) (*codes, error) {
	library, _ := form.Load(p.FS())
	var c codes
	var ok bool
	if c.form, ok = library.Form(contractForm); !ok {
		return nil, fmt.Errorf("contracts: the pack has no form %s", contractForm)
	}
	if missing := c.form.Offers(contractFields); len(missing) > 0 {
		return nil, fmt.Errorf("contracts: the form %s lacks fields: %v", contractForm, missing)
	}
	var err error
	if c.Lists, err = library.Lists(slices.Sorted(maps.Values(listOf))...); err != nil {
		return nil, fmt.Errorf("contracts: %w", err)
	}
	var findings []fault.Finding
	if c.kinds, findings = readKinds(p); fault.Stops(findings) {
		return nil, fault.New(fault.Unavailable, "contracts.pack").With(findings)
	}
	return &c, nil
}
