package inventory

import (
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory/statement"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The forms as plain tables: one source for page, print, workbook and public notice.

func both(zh, en string) words.Words { return words.Words{Chinese: zh, English: en} }

func yearText(year int) string { return strconv.Itoa(year) }

func yuan(fen int64) words.Words { return words.Plain(money.Fen(fen).String()) }

func mu(units int64) words.Words { return words.Plain(area.Area(units).Mu()) }

func number(n int64) words.Words { return words.Plain(strconv.FormatInt(n, 10)) }

var amountHeadings = []words.Words{both("账面数（元）", "Book (yuan)"), both("核实数（元）", "Verified (yuan)"),
	both("盘盈（元）", "Gain (yuan)"), both("盘亏（元）", "Loss (yuan)")}

// plan is how the forms of the pack add up to statements.
func (n *Inventory) plan() statement.Plan {
	forms := n.Forms()
	p := statement.Plan{Layout: forms.Layout,
		Land: func(class string) words.Words { return n.CodeText("land_class", class) }}
	for _, f := range forms.All {
		p.Forms = append(p.Forms, statement.Form{Key: f.Key, Number: f.Number, Title: f.Title, Side: f.Side,
			Line: f.Line})
	}
	for _, l := range forms.Lines {
		p.Lines = append(p.Lines, statement.Line{Key: l.Key, Title: l.Title})
	}
	return p
}

// Summaries are the summary forms of totals: assets and liabilities, the balance sheet, resources.
func (n *Inventory) Summaries(figures []int64) []words.Table { return n.plan().Summaries(figures) }

// CodeText is the meaning of a code in both languages.
func (n *Inventory) CodeText(list, code string) words.Words {
	if codes, ok := n.Forms().Codes(list); ok {
		if e, ok := codes.Entry(code, ""); ok {
			return e.Words()
		}
	}
	return words.Plain(code)
}

// detailTable is a detail form with the rows given. public leaves out what a notice must not show:
// who keeps and who uses a thing.
func (n *Inventory) detailTable(f *Form, list []Row, public bool) words.Table {
	t := words.Table{Title: both("农清明细"+f.Number+" "+f.Title.Chinese,
		"Form "+f.Number+": "+f.Title.English)}
	if f.Mark == form.Unverified {
		t.Note = both("（表样未核实）", "(layout unverified)")
	}
	columns := n.detailColumns(f, public)
	for _, c := range columns {
		t.Heading = append(t.Heading, c.heading)
		t.Number = append(t.Number, c.number)
	}
	for _, w := range list {
		line := make([]words.Words, len(columns))
		for i, c := range columns {
			line[i] = c.cell(w)
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

// column is a column of a detail form.
type column struct {
	heading words.Words
	number  bool
	cell    func(Row) words.Words
}

func (n *Inventory) detailColumns(f *Form, public bool) []column {
	columns := []column{
		{both("序号", "No."), true, func(w Row) words.Words { return number(w.Number) }},
		{both("名称", "Name"), false, func(w Row) words.Words { return words.Plain(w.Name) }},
	}
	if f.Land {
		columns = append(columns,
			column{both("类别", "Class"), false, func(w Row) words.Words {
				return n.CodeText("land_class",
					w.Kind)
			}},
			column{both("账面面积（亩）", "Book (mu)"), true,
				func(w Row) words.Words { return mu(int64(w.BookArea)) }},
			column{both("核实面积（亩）", "Verified (mu)"), true,
				func(w Row) words.Words { return mu(int64(w.VerifiedArea)) }},
			column{both("盘盈（亩）", "Gain (mu)"), true,
				func(w Row) words.Words { return mu(int64(w.GainArea)) }},
			column{both("盘亏（亩）", "Loss (mu)"), true,
				func(w Row) words.Words { return mu(int64(w.LossArea)) }})
	}
	columns = append(columns,
		column{amountHeadings[0], true, func(w Row) words.Words { return yuan(int64(w.Book)) }},
		column{amountHeadings[1], true, func(w Row) words.Words { return yuan(int64(w.Verified)) }},
		column{amountHeadings[2], true, func(w Row) words.Words { return yuan(int64(w.Gain)) }},
		column{amountHeadings[3], true, func(w Row) words.Words { return yuan(int64(w.Loss)) }},
		column{both("清查结论", "Verdict"), false, func(w Row) words.Words {
			return n.CodeText("verdict",
				string(w.Verdict))
		}})
	if f.Side == statement.AssetSide || f.Side == statement.ResourceSide {
		columns = append(columns,
			column{both("性质", "Class"), false, func(w Row) words.Words {
				return n.CodeText("asset_class",
					string(w.Class))
			}},
			column{both("使用状况", "Use"), false, func(w Row) words.Words {
				return n.CodeText("use_state",
					w.UseState)
			}})
	}
	if public {
		return columns
	}
	for _, field := range f.Fields {
		columns = append(columns, column{field.Label, field.Kind == form.Money,
			func(w Row) words.Words { return n.detailText(field, w.Details()[field.Key]) }})
	}
	return append(columns,
		column{both("保管人", "Keeper"), false, func(w Row) words.Words { return words.Plain(w.Keeper) }},
		column{both("备注", "Remark"), false, func(w Row) words.Words { return words.Plain(w.Remark) }})
}

func (n *Inventory) detailText(f form.Field, value string) words.Words {
	if f.Codes != "" {
		return n.CodeText(f.Codes, value)
	}
	return words.Plain(value)
}

// noticeContent is what the public notice of a check says: the summaries, and every gain and loss.
func (n *Inventory) noticeContent(r store.Reader, f procedure.File) (procedure.Content, error) {
	c, err := ofCase(r, f)
	if err != nil {
		return procedure.Content{}, err
	}
	list, err := RowsOf(r, c.Ref())
	if err != nil {
		return procedure.Content{}, err
	}
	figures, err := n.total(list)
	if err != nil {
		return procedure.Content{}, err
	}
	year, plan := yearText(c.Year), n.plan()
	content := procedure.Content{Title: both(c.Name+" "+year+" 年度资产清查结果公示",
		"Result of the inventory check "+year+": "+c.Name),
		Lead: both("登记时点为 "+string(c.Reference)+"。公示期内，如有异议请在本页或向清查小组提出。",
			"As of "+string(c.Reference)+". Whoever objects may do so on this page "+
				"or with the team while the notice is up."),
		Tables: []words.Table{statement.WithoutEmpty(plan.Summary(figures)),
			statement.WithoutEmpty(plan.Resources(figures))}}
	for _, f := range n.Forms().All {
		var differing []Row
		for _, w := range list {
			if w.Form == f.Key && (w.Gain != 0 || w.Loss != 0 || w.GainArea != 0 || w.LossArea != 0) {
				differing = append(differing, w)
			}
		}
		if len(differing) > 0 {
			t := n.detailTable(f, differing, true)
			t.Title = both("盘盈盘亏："+f.Title.Chinese, "Gains and losses: "+f.Title.English)
			content.Tables = append(content.Tables, t)
		}
	}
	return content, nil
}

// unsettledTable is the form of what is not settled: out of every total.
func (n *Inventory) unsettledTable(list []Row) words.Table {
	t := words.Table{Title: both("待界定资产登记表", "Assets whose title is not settled"),
		Heading: []words.Words{both("序号", "No."), both("名称", "Name"), both("表", "Form"), both("核实数（元）",
			"Verified (yuan)"),
			both("核实面积（亩）", "Verified (mu)"), both("备注", "Remark")}, Number: []bool{true, false, false,
			true, true, false}}
	for _, w := range list {
		if w.Title != assets.Unsettled {
			continue
		}
		name := words.Plain(w.Form)
		if f, ok := n.Forms().Form(w.Form); ok {
			name = f.Title
		}
		t.Rows = append(t.Rows, []words.Words{number(w.Number), words.Plain(w.Name), name,
			yuan(int64(w.Verified)),
			mu(int64(w.VerifiedArea)), words.Plain(w.Remark)})
	}
	return t
}
