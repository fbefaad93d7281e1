package banking

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Where a pack keeps the formats of banks, one a file, and the templates of vouchers.
const (
	formatFiles  = "banks/*.yaml"
	templateFile = "bank_vouchers.yaml"
	templateList = "bank_vouchers"
)

// Template makes a voucher of a line that says certain words.
type Template struct {
	Key       string            `yaml:"key"`
	Title     words.Words       `yaml:"title"`
	Words     []string          `yaml:"words"`     // any of them in the purpose or the name; none: every line
	Direction string            `yaml:"direction"` // in, out; "" both
	Accounts  map[string]string `yaml:"accounts"`  // of the other side, by chart
	Keeps     bool              `yaml:"keeps"`     // the counterparty stands on the other side
	Mark      string            `yaml:"mark"`
}

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
	switch p.Key {
	case "banking.format.title":
		return fault.Wrong("banking.format.title").At(at, 0, "")
	case "banking.format.lacks":
		return fault.Wrong("banking.format.lacks", p.What).At(at, 0, "")
	case "banking.format.word":
		return fault.Wrong("banking.format.word", p.What).At(at, 0, "")
	}
	return fault.Wrong("banking.format.example", p.What).At(at, 0, "")
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
	list, findings := pack.Decode[Template](p, templateFile, templateList)
	for _, t := range list {
		if !t.Title.Whole() || len(t.Accounts) == 0 || !slices.Contains([]string{"", "in", "out"},
			t.Direction) {
			findings = append(findings, fault.Wrong("banking.template", t.Key).At(templateFile, 0, ""))
		}
	}
	return findings
}
