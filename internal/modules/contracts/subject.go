package contracts

import (
	_ "embed" // the SQL of the subject
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// subject is what rules of the pack may ask of a contract: what A01–A11 and A24 need. Contracts that are
// drafts or at an end are not asked. The price of its class is the lower median of what was signed in the
// county in two years. Where the end of the household's contract is not entered, it is that of the contract
// of a household on the same parcel. What is overdue is what others owe: not what the collective has to pay.
func subject(ring func() *keys.Ring) rule.Subject {
	named := func(name string, kind rule.Kind, unit rule.Unit, zh, en string) rule.Variable {
		return rule.Variable{Name: name, Kind: kind, Unit: unit, Title: words.Words{Chinese: zh,
			English: en}}
	}
	return rule.Subject{
		Name:  "contract",
		Title: words.Words{Chinese: "合同", English: "Contract"},
		Variables: []rule.Variable{
			named("number", rule.Text, rule.Plain, "合同编号", "Number"),
			named("name", rule.Text, rule.Plain, "标的", "What it is about"),
			named("kind", rule.Text, rule.Plain, "合同类型", "Kind"),
			named("party", rule.Text, rule.Plain, "对方", "Counterparty"),
			named("party_kind", rule.Text, rule.Plain, "对方类别", "Kind of counterparty"),
			named("related", rule.Bool, rule.Plain, "对方为管理人员或近亲属", "An officer or a near relative"),
			named("insider", rule.Bool, rule.Plain, "对方与管理人员或近亲属同名",
				"Named like an officer or a near relative"),
			named("state", rule.Text, rule.Plain, "状态", "State"),
			named("begins", rule.Text, rule.Day, "起始日期", "From"),
			named("ends", rule.Text, rule.Day, "到期日期", "To"),
			named("signed", rule.Text, rule.Day, "签订日期", "Signed on"),
			named("area", rule.Int, rule.Area, "面积", "Area"),
			named("price_class", rule.Text, rule.Plain, "比价类别", "Class for comparing prices"),
			named("unit_price", rule.Int, rule.Fen, "每亩年单价", "Price of a mu and year"),
			named("median_price", rule.Int, rule.Fen, "同类中位单价", "Median price of its class"),
			named("peers", rule.Int, rule.Plain, "同类合同数", "Contracts of its class"),
			named("yearly", rule.Int, rule.Fen, "年费用", "Fee of a year"),
			named("total", rule.Int, rule.Fen, "合同总额", "Total"),
			named("prepaid", rule.Int, rule.Plain, "预收年数", "Years paid in advance"),
			named("overdue", rule.Int, rule.Fen, "逾期欠款", "Overdue"),
			named("overdue_since", rule.Text, rule.Day, "最早逾期日", "Overdue since"),
			named("manner", rule.Text, rule.Plain, "发包方式", "How it was let"),
			named("project", rule.Text, rule.Plain, "交易项目编号", "Project on the market"),
			named("decision", rule.Text, rule.Plain, "民主决策文号", "Decision of the members"),
			named("decided", rule.Text, rule.Day, "决策日期", "Decided on"),
			named("decision_valid", rule.Bool, rule.Plain, "表决有效", "The vote is valid"),
			named("decision_share", rule.Int, rule.Plain, "同意比例（万分之）", "In favour (of 10,000)"),
			named("approval", rule.Text, rule.Plain, "乡镇批准文号", "Approval of the township"),
			named("approved", rule.Text, rule.Day, "批准日期", "Approved on"),
			named("household_end", rule.Text, rule.Day, "家庭承包到期日", "End of the household's contract"),
			named("buy_back", rule.Bool, rule.Plain, "到期由集体回购", "The collective must buy at the end"),
			named("paper", rule.Bool, rule.Plain, "有书面合同", "There is a signed writing"),
			named("attachments", rule.Int, rule.Plain, "附件数", "Files"),
			named("overlaps", rule.Int, rule.Plain, "同一资产重叠合同数", "Other contracts on the same thing"),
		},
		Tables: map[string]rule.Table{"insiders": {Columns: registry.InsidersColumns,
			Rows: func(r store.Reader, scope rule.Scope) ([][]string, error) {
				return insiders(r, ring(), scope)
			}}},
		SQL:     subjectText,
		Address: func(home int64, key string) string { return fmt.Sprintf("/contracts/%d/%s", home, key) },
	}
}

// insiders are the counterparties that have the name of an officer of the organisation or of a near relative.
func insiders(r store.Reader, ring *keys.Ring, scope rule.Scope) ([][]string, error) {
	text, args := `SELECT DISTINCT organisation, party AS name FROM contract WHERE home = ?
		AND state IN ('in_force', 'expired_in_use') AND party <> ''`, []any{scope.Home}
	if scope.Organisations != nil {
		text += " AND organisation IN (0" + strings.Repeat(", ?", len(scope.Organisations)) + ")"
		for _, id := range scope.Organisations {
			args = append(args, id)
		}
	}
	names, err := store.All[registry.Named](r, text, args...)
	if err != nil {
		return nil, err
	}
	return registry.AmongInsiders(r, ring, scope.Home, names)
}

//go:embed subject.sql
var subjectText string
