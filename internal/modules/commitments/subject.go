package commitments

import (
	"fmt"

	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// subjects are what rules of the pack may ask of the register: what A16, A17 and A22 need. What was
// withdrawn is not asked; what was settled is, with nothing outstanding.
func subjects() []rule.Subject {
	return []rule.Subject{loanSubject(), lendingSubject(), guaranteeSubject(), transferSubject()}
}

func variable(name string, kind rule.Kind, unit rule.Unit, zh, en string) rule.Variable {
	return rule.Variable{Name: name, Kind: kind, Unit: unit, Title: words.Words{Chinese: zh, English: en}}
}

// voteVariables are what is known of the decision on a commitment.
func voteVariables() []rule.Variable {
	return []rule.Variable{
		variable("decision", rule.Text, rule.Plain, "民主决策文号", "Decision of the members"),
		variable("decision_body", rule.Text, rule.Plain, "决策机构", "Deciding body"),
		variable("decided", rule.Text, rule.Day, "决策日期", "Decided on"),
		variable("decision_valid", rule.Bool, rule.Plain, "表决有效", "The vote is valid"),
		variable("attachments", rule.Int, rule.Plain, "附件数", "Files"),
	}
}

// selected is the SELECT of a kind, with the names that its variables have for party, kind, due and
// end.
func selected(kind Kind, party, partyKind, due, ended string) string {
	return `SELECT c.home AS home, c.organisation AS organisation, c.place AS place, c.id AS key,
		c.number AS number, c.party AS ` + party + `, c.party_kind AS ` + partyKind + `, c.related AS related,
		c.creditor AS creditor, c.purpose AS purpose, c.pledge AS pledge, c.amount AS amount,
		CASE c.state WHEN 'standing' THEN c.amount - c.settled ELSE 0 END AS outstanding, c.rate AS rate,
		c.day AS day, CASE c.due WHEN '9999-12-31' THEN '' ELSE c.due END AS ` + due + `,
		CASE c.ended WHEN '9999-12-31' THEN '' ELSE c.ended END AS ` + ended + `, c.decision AS decision,
		c.decision_body AS decision_body, c.decided AS decided, c.decision_valid AS decision_valid,
		c.attachments AS attachments
		FROM commitment c WHERE c.home = {home} AND c.kind = '` + string(kind) + `' AND c.state <> 'withdrawn'
			AND {organisations c.organisation}`
}

func commitmentAddress(home int64, key string) string {
	return fmt.Sprintf("/commitments/%d/%s", home, key)
}

func loanSubject() rule.Subject {
	return rule.Subject{Name: "loan", Title: words.Words{Chinese: "集体借款", English: "Loan"},
		Variables: append([]rule.Variable{
			variable("number", rule.Text, rule.Plain, "合同编号", "Number"),
			variable("lender", rule.Text, rule.Plain, "出借方", "Lender"),
			variable("lender_class", rule.Text, rule.Plain, "出借方类别", "Class of lender"),
			variable("purpose", rule.Text, rule.Plain, "用途", "Purpose"),
			variable("pledge", rule.Text, rule.Plain, "抵押财产", "What is pledged"),
			variable("amount", rule.Int, rule.Fen, "借款金额", "Amount"),
			variable("outstanding", rule.Int, rule.Fen, "未还余额", "Outstanding"),
			variable("rate", rule.Int, rule.Plain, "年利率（万分之）", "Rate a year (of 10,000)"),
			variable("day", rule.Text, rule.Day, "借款日期", "Taken on"),
			variable("due", rule.Text, rule.Day, "到期日期", "Due on"),
			variable("settled", rule.Text, rule.Day, "还清日期", "Repaid in full on"),
		}, voteVariables()...),
		SQL:     selected(Loan, "lender", "lender_class", "due", "settled"),
		Address: commitmentAddress}
}

func lendingSubject() rule.Subject {
	return rule.Subject{Name: "lending", Title: words.Words{Chinese: "集体出借资金", English: "Money lent"},
		Variables: append([]rule.Variable{
			variable("number", rule.Text, rule.Plain, "借据编号", "Number"),
			variable("borrower", rule.Text, rule.Plain, "借款人", "Borrower"),
			variable("borrower_kind", rule.Text, rule.Plain, "借款人类别", "Kind of borrower"),
			variable("related", rule.Bool, rule.Plain, "管理人员或近亲属", "An officer or a near relative"),
			variable("amount", rule.Int, rule.Fen, "出借金额", "Amount"),
			variable("outstanding", rule.Int, rule.Fen, "未收回余额", "Outstanding"),
			variable("rate", rule.Int, rule.Plain, "年利率（万分之）", "Rate a year (of 10,000)"),
			variable("day", rule.Text, rule.Day, "出借日期", "Lent on"),
			variable("due", rule.Text, rule.Day, "到期日期", "Due on"),
			variable("settled", rule.Text, rule.Day, "收回日期", "Repaid in full on"),
		}, voteVariables()...),
		SQL:     selected(Lending, "borrower", "borrower_kind", "due", "settled"),
		Address: commitmentAddress}
}

func guaranteeSubject() rule.Subject {
	return rule.Subject{Name: "guarantee", Title: words.Words{Chinese: "对外担保",
		English: "Guarantee for others"},
		Variables: append([]rule.Variable{
			variable("number", rule.Text, rule.Plain, "担保合同编号", "Number"),
			variable("debtor", rule.Text, rule.Plain, "被担保人", "For whose debt"),
			variable("debtor_kind", rule.Text, rule.Plain, "被担保人类别", "Kind of debtor"),
			variable("related", rule.Bool, rule.Plain, "管理人员或近亲属", "An officer or a near relative"),
			variable("creditor", rule.Text, rule.Plain, "债权人", "Creditor"),
			variable("pledge", rule.Text, rule.Plain, "抵押（质押）财产", "What is pledged"),
			variable("amount", rule.Int, rule.Fen, "担保金额", "Amount"),
			variable("day", rule.Text, rule.Day, "担保日期", "Given on"),
			variable("until", rule.Text, rule.Day, "担保至", "Until"),
			variable("released", rule.Text, rule.Day, "解除日期", "Released on"),
		}, voteVariables()...),
		SQL:     selected(Guarantee, "debtor", "debtor_kind", "until", "released"),
		Address: commitmentAddress}
}

func transferSubject() rule.Subject {
	return rule.Subject{Name: "transfer", Title: words.Words{Chinese: "转移支付", English: "Transfer"},
		Variables: []rule.Variable{
			variable("document", rule.Text, rule.Plain, "下达文号", "Document"),
			variable("kind", rule.Text, rule.Plain, "补助种类", "Kind of subsidy"),
			variable("project", rule.Text, rule.Plain, "项目名称", "Project"),
			variable("amount", rule.Int, rule.Fen, "金额", "Amount"),
			variable("day", rule.Text, rule.Day, "拨付日期", "Paid on"),
			variable("booked", rule.Text, rule.Day, "入账日期", "Booked on"),
		},
		SQL: `SELECT t.home AS home, t.organisation AS organisation, t.place AS place, t.id AS key,
			t.document AS document, t.kind AS kind, t.project AS project, t.amount AS amount, t.day AS day,
			t.booked AS booked FROM commitment_transfer t
			WHERE t.home = {home} AND t.course <> 'withdrawn' AND {organisations t.organisation}`,
		Address: func(home int64, key string) string { return fmt.Sprintf("/transfers/%d/%s", home, key) }}
}
