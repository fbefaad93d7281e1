package commitments

import (
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// rolesFile says on which accounts loans, lendings and transfers stand.
const rolesFile = "commitments.yaml"

// transferForm is the form of a transfer; those of commitments have formOf.
const transferForm = "commitments.transfer"

// formOf is the form of a kind.
func formOf(k Kind) string { return "commitments." + string(k) }

// The keys of the file of roles: which accounts a repayment or a transfer moves.
const (
	roleLoan     = "loan"
	roleLending  = "lending"
	roleTransfer = "transfer"
)

// The fields of the forms that the module cannot do without.
var (
	commonFields = map[string]form.Kind{"number": form.Code, "party": form.Text, "party_kind": form.Choice,
		"amount": form.Money, "day": form.Date, "due": form.Date, "pledge": form.Text, "note": form.Long,
		"decision": form.Text, "decision_body": form.Choice, "decided": form.Date,
		"decision_valid": form.Flag, "document": form.Text}
	fieldsOf = map[Kind]map[string]form.Kind{
		Loan:      {"purpose": form.Choice, "rate": form.Percent, "settled": form.Money},
		Lending:   {"rate": form.Percent, "settled": form.Money},
		Guarantee: {"creditor": form.Text},
	}
	transferFields = map[string]form.Kind{"organisation": form.Code, "document": form.Text,
		"kind": form.Choice, "project": form.Text, "amount": form.Money, "day": form.Date,
		"note": form.Long}
)

// roles says which roles of the chart a key stands for.
type roles struct {
	Key   string   `yaml:"key"`
	Roles []string `yaml:"roles"`
	Basis string   `yaml:"basis"`
	Mark  string   `yaml:"mark"`
}

// codes are the forms, code lists and roles of the pack in force.
type codes struct {
	form.Lists
	forms    map[Kind]*form.Definition
	transfer *form.Definition
	roles    map[string][]string // of the chart, by roleLoan …
}

// sections are the files of a pack that this module owns.
func sections() []pack.Section {
	return []pack.Section{{Path: rolesFile, Check: func(p *pack.Pack) []fault.Finding {
		_, findings := readRoles(p)
		return findings
	}}}
}

// readRoles reads the file of roles. Whether a chart has them is the chart's: one without books nothing
// here.
func readRoles(p *pack.Pack) (map[string][]string, []fault.Finding) {
	list, findings := pack.Decode[roles](p, rolesFile, "roles")
	read := map[string][]string{}
	for _, one := range list {
		if !slices.Contains([]string{roleLoan, roleLending, roleTransfer}, one.Key) ||
			len(one.Roles) == 0 || one.Basis == "" || one.Mark == "" {
			findings = append(findings, fault.Wrong("commitments.pack_role", one.Key).At(rolesFile, 0, ""))
		}
		read[one.Key] = one.Roles
	}
	return read, findings
}

// readCodes takes what the module needs out of a pack.
func readCodes(p *pack.Pack) (*codes, error) {
	library, _ := form.Load(p.FS()) // what is wrong with forms and codes is told where they are checked
	c := &codes{forms: map[Kind]*form.Definition{}}
	read := func(key string, wanted ...map[string]form.Kind) (*form.Definition, error) {
		d, ok := library.Form(key)
		if !ok {
			return nil, fmt.Errorf("commitments: the pack has no form %s", key)
		}
		for _, fields := range wanted {
			if missing := d.Offers(fields); len(missing) > 0 {
				return nil, fmt.Errorf("commitments: the form %s lacks fields: %v", key, missing)
			}
		}
		return d, nil
	}
	var err error
	for kind, fields := range fieldsOf {
		if c.forms[kind], err = read(formOf(kind), commonFields, fields); err != nil {
			return nil, err
		}
	}
	if c.transfer, err = read(transferForm, transferFields); err != nil {
		return nil, err
	}
	if c.Lists, err = library.Lists(record.Lenders, record.Obligors, record.Purposes, record.Bodies,
		record.Subsidies); err != nil {
		return nil, fmt.Errorf("commitments: %w", err)
	}
	var findings []fault.Finding
	if c.roles, findings = readRoles(p); fault.Stops(findings) {
		return nil, fault.New(fault.Unavailable, "commitments.pack").With(findings)
	}
	return c, nil
}
