package supervision

import (
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// subjects are what this module itself lets rules look at: organisations of the registry, and the cards of
// assets as they stand, and the books.
func (m *Supervision) subjects() []rule.Subject {
	return append(bookSubjects(Sources{Charts: m.books.Charts,
		Expenses: func() []Expense { return m.expenses },
		Keys:     func() *keys.Ring { return m.host.Keys }}), organisation(), card())
}

func say(zh, en string) words.Words { return words.Words{Chinese: zh, English: en} }

func organisation() rule.Subject {
	number := func(name, zh, en string) rule.Variable {
		return rule.Variable{Name: name, Kind: rule.Int, Title: say(zh, en)}
	}
	return rule.Subject{
		Name:  "organisation",
		Title: say("集体经济组织", "Collective"),
		Variables: []rule.Variable{
			{Name: "name", Kind: rule.Text, Title: say("名称", "Name")},
			{Name: "level", Kind: rule.Text, Title: say("层级", "Level")},
			{Name: "code", Kind: rule.Text, Title: say("统一社会信用代码", "Credit code")},
			{Name: "acting", Kind: rule.Bool, Title: say("由村民委员会等代行", "A body acts in its place")},
			{Name: "established", Kind: rule.Text, Unit: rule.Day, Title: say("成立日期", "Established")},
			number("members", "成员人数", "Members"),
			number("representatives", "成员代表人数", "Representatives"),
			{Name: "survey_area", Kind: rule.Int, Unit: rule.Area, Title: say("确权耕地面积（亩）",
				"Surveyed arable (mu)")},
			number("chairs", "在任理事长人数", "Chairs in office"),
			number("supervisors", "在任监事人数", "Supervisors in office"),
			number("accountants", "在任会计人数", "Accountants in office"),
			number("cashiers", "在任出纳人数", "Cashiers in office"),
		},
		SQL: `SELECT o.home, o.id AS organisation, o.place, o.id AS key, o.name, o.code, o.acting,
			o.established,
			CASE o.level WHEN 4 THEN 'township' WHEN 5 THEN 'village'
				WHEN 6 THEN 'group' ELSE '' END AS level,
			o.members, o.representatives, o.survey_area,
			coalesce(f.chairs, 0) AS chairs, coalesce(f.supervisors, 0) AS supervisors,
			coalesce(f.accountants, 0) AS accountants, coalesce(f.cashiers, 0) AS cashiers
			FROM organisation o LEFT JOIN (SELECT w.organisation,
				sum(CASE w.office WHEN 'chair' THEN 1 ELSE 0 END) AS chairs,
				sum(CASE w.office WHEN 'supervisor' THEN 1 ELSE 0 END) AS supervisors,
				sum(CASE w.office WHEN 'accountant' THEN 1 ELSE 0 END) AS accountants,
				sum(CASE w.office WHEN 'cashier' THEN 1 ELSE 0 END) AS cashiers
				FROM officer w WHERE w.home = {home} AND w.until > {today} AND {organisations w.organisation}
				GROUP BY w.organisation) f
				ON f.organisation = o.id
			WHERE o.home = {home} AND o.status = 'active' AND {organisations o.id}`,
		Address: func(home int64, key string) string {
			id, err := strconv.ParseInt(key, 10, 64)
			if err != nil {
				return ""
			}
			return registry.Address(registry.Ref{Home: home, ID: id})
		},
	}
}

func card() rule.Subject {
	plain := func(name, zh, en string) rule.Variable {
		return rule.Variable{Name: name, Kind: rule.Text, Title: say(zh, en)}
	}
	day := func(name, zh, en string) rule.Variable {
		return rule.Variable{Name: name, Kind: rule.Text, Unit: rule.Day, Title: say(zh, en)}
	}
	yuan := func(name, zh, en string) rule.Variable {
		return rule.Variable{Name: name, Kind: rule.Int, Unit: rule.Fen, Title: say(zh, en)}
	}
	return rule.Subject{
		Name:  "asset_card",
		Title: say("资产卡片", "Card of an asset"),
		Variables: []rule.Variable{
			plain("number", "卡片编号", "Number"), plain("name", "名称", "Name"), plain("form", "所属表", "Form"),
			plain("kind", "种类", "Kind"), plain("class", "资产类别", "Class"), plain("origin", "来源", "Origin"),
			plain("title", "权属状况", "Title"), plain("use_state", "使用状况", "Use"),
			plain("land_use", "土地经营方式", "How land is held"), plain("user_name", "使用人", "User"),
			plain("contract", "合同编号", "Contract"), plain("certificate", "权证号", "Certificate"),
			plain("parcel", "地块代码", "Parcel"),
			day("term_from", "合同起始日期", "Term from"), day("term_to", "合同到期日期", "Term to"),
			day("acquired", "取得日期", "Acquired"), day("use_since", "现用途起始日期", "Used so since"),
			yuan("annual_fee", "年费用", "Fee of a year"), yuan("arrears", "拖欠", "Arrears"), yuan("cost", "原值",
				"Cost"),
			{Name: "area", Kind: rule.Int, Unit: rule.Area, Title: say("面积（亩）", "Area (mu)")},
		},
		SQL: `SELECT a.home, a.organisation, a.place, a.id AS key, a.number, a.name, a.form, a.kind,
			a.class, a.origin, a.title, a.use_state, a.land_use, a.user_name, a.contract, a.certificate,
			a.parcel, a.term_from, a.term_to, a.acquired, a.annual_fee, a.arrears, a.cost, a.area,
			CASE WHEN a.use_state <> 'idle' THEN '' ELSE coalesce((SELECT max(c.happened) FROM asset_change c
				WHERE c.home = a.home AND c.asset = a.id AND c.kind = 'used'
				AND c.detail = 'idle'), a.acquired) END AS use_since
			FROM asset a WHERE a.home = {home} AND a.state = 'live' AND {organisations a.organisation}`,
		Address: func(home int64, key string) string { return fmt.Sprintf("/assets/%d/%s", home, key) },
	}
}
