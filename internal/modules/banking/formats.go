package banking

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/banking/drafts"
	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Where a pack keeps the formats of banks, one a file, and the templates of vouchers.
const (
	formatFiles  = "banks/*.yaml"
	templateFile = "bank_vouchers.yaml"
	templateList = "bank_vouchers"
)

func sections() []pack.Section {
	return []pack.Section{
		{Path: formatFiles, Check: checkFormats, Test: tryFormats},
		{Path: templateFile, Check: checkTemplates},
	}
}

// formatsOf are the formats of a pack by key.
func formatsOf(p *pack.Pack) ([]*statement.Format, []fault.Finding) {
	list, findings := pack.Decode[statement.Format](p, formatFiles, "")
	var all []*statement.Format
	for i := range list {
		all = append(all, &list[i])
	}
	slices.SortFunc(all, func(a, b *statement.Format) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return all, findings
}

func checkFormats(p *pack.Pack) []fault.Finding {
	all, findings := formatsOf(p)
	for _, f := range all {
		for _, problem := range f.Check() {
			findings = append(findings, problemOf(f, problem))
		}
	}
	return findings
}

func problemOf(f *statement.Format, p statement.Problem) fault.Finding {
	at := "banks/" + f.Key + ".yaml"
	if p.Key == "banking.format.title" {
		return fault.Wrong(p.Key).At(at, 0, "")
	}
	return fault.Wrong(p.Key, p.What).At(at, 0, "")
}

func tryFormats(p *pack.Pack) []fault.Finding {
	all, _ := formatsOf(p)
	var findings []fault.Finding
	for _, f := range all {
		for _, problem := range f.Try() {
			findings = append(findings, problemOf(f, problem))
		}
	}
	return findings
}

func checkTemplates(p *pack.Pack) []fault.Finding {
	list, findings := pack.Decode[drafts.Template](p, templateFile, templateList)
	for _, t := range list {
		if !t.Whole() {
			findings = append(findings, fault.Wrong("banking.template", t.Key).At(templateFile, 0, ""))
		}
	}
	return findings
}
