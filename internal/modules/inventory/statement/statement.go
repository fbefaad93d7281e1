// Package statement makes statements out of the totals of a check or a place: the summaries and the
// balance sheet of the annual check, as plain tables in both languages. Amounts are fen, areas 0.01 m².
//
// Basis: 农经发〔2017〕11号 and its forms (农清明细, 农清汇总); numbers and order of the forms are the pack's.
package statement

import (
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Side is where a form stands on the balance sheet.
type Side string

// The sides. Resources are registered by area and stand beside the balance sheet.
const (
	AssetSide     Side = "asset"
	LiabilitySide Side = "liability"
	EquitySide    Side = "equity"
	ResourceSide  Side = "resource"
)

// Form is a detail form as the statements need it.
type Form struct {
	Key    string
	Number string
	Title  words.Words
	Side   Side
	Line   string // of the balance sheet
}

// Line is a line of the balance sheet (农清明细19-1).
type Line struct {
	Key   string
	Title words.Words
}

// Plan is how forms and classes of land add up.
type Plan struct {
	Layout count.Layout // of the totals
	Forms  []Form
	Lines  []Line
	Land   func(class string) words.Words
}

// Balance is the balance of an organisation's or a place's totals.
type Balance struct {
	Assets     money.Fen // net of what was written off
	Claims     money.Fen // liabilities and equity
	Difference money.Fen
}

// Balance adds up the sides of the balance sheet.
func (p Plan) Balance(figures []int64) Balance {
	var b Balance
	for _, f := range p.Forms {
		verified := money.Fen(figures[p.Layout.Form(f.Key, count.FormVerified)])
		switch f.Side {
		case AssetSide:
			b.Assets += verified
		case LiabilitySide, EquitySide:
			b.Claims += verified
		}
	}
	b.Assets -= money.Fen(figures[p.Layout.Check(count.CheckWrittenOff)])
	b.Difference = b.Assets - b.Claims
	return b
}

// Headline are the figures of a sum that a line of a table has room for: fen, and 0.01 m² of land.
type Headline struct {
	Verified, Gain, Loss, Operating, Idle, Land int64
}

// Headline picks the headline out of a vector.
func (p Plan) Headline(v []int64) Headline {
	layout := p.Layout
	h := Headline{Idle: v[layout.Check(count.CheckIdle)]}
	for _, f := range p.Forms {
		if f.Side != AssetSide {
			continue
		}
		h.Verified += v[layout.Form(f.Key, count.FormVerified)]
		h.Gain += v[layout.Form(f.Key, count.FormGain)]
		h.Loss += v[layout.Form(f.Key, count.FormLoss)]
		h.Operating += v[layout.Form(f.Key, count.FormOperating)]
	}
	for _, class := range layout.Land {
		h.Land += v[layout.LandAt(class, count.LandVerified)]
	}
	return h
}

func both(zh, en string) words.Words { return words.Words{Chinese: zh, English: en} }

func yuan(fen int64) words.Words { return words.Plain(money.Fen(fen).String()) }

func mu(units int64) words.Words { return words.Plain(area.Area(units).Mu()) }

func number(n int64) words.Words { return words.Plain(strconv.FormatInt(n, 10)) }

var amountHeadings = []words.Words{both("账面数（元）", "Book (yuan)"), both("核实数（元）", "Verified (yuan)"),
	both("盘盈（元）", "Gain (yuan)"), both("盘亏（元）", "Loss (yuan)")}

var sideTotals = map[Side]words.Words{
	AssetSide:     both("资产合计（原值）", "Assets (at cost)"),
	LiabilitySide: both("负债合计", "Liabilities"),
	EquitySide:    both("所有者权益合计", "Equity"),
}

// Summaries are the summary forms of totals: assets and liabilities, the balance sheet, resources.
func (p Plan) Summaries(figures []int64) []words.Table {
	return []words.Table{p.Summary(figures), p.BalanceSheet(figures), p.Resources(figures)}
}

// Summary is the summary of all forms with amounts (农清汇总01): a line a form, and the total of
// each side.
func (p Plan) Summary(figures []int64) words.Table {
	t := words.Table{Title: both("资产负债清查汇总表", "Summary of assets and liabilities"),
		Heading: append([]words.Words{both("表号", "Form"), both("项目", "Item"), both("笔数", "Rows")},
			amountHeadings...),
		Number: []bool{false, false, true, true, true, true, true}}
	layout := p.Layout
	for _, side := range []Side{AssetSide, LiabilitySide, EquitySide} {
		var sum [5]int64
		for _, f := range p.Forms {
			if f.Side != side {
				continue
			}
			var line [5]int64
			for i, figure := range []int{count.FormRows, count.FormBook, count.FormVerified, count.FormGain,
				count.FormLoss} {
				line[i] = figures[layout.Form(f.Key, figure)]
				sum[i] += line[i]
			}
			t.Rows = append(t.Rows, amountLine(words.Plain(f.Number), f.Title, line))
		}
		t.Bold = append(t.Bold, len(t.Rows))
		t.Rows = append(t.Rows, amountLine(words.Words{}, sideTotals[side], sum))
	}
	return t
}

func amountLine(form, name words.Words, v [5]int64) []words.Words {
	return []words.Words{form, name, number(v[0]), yuan(v[1]), yuan(v[2]), yuan(v[3]), yuan(v[4])}
}

// Resources is the summary of resources (农清汇总02, form 20): a line a class of land, in mu.
func (p Plan) Resources(figures []int64) words.Table {
	t := words.Table{Title: both("资源性资产清查汇总表（亩）", "Summary of resources (mu)"),
		Heading: []words.Words{both("类别", "Class"), both("宗数", "Parcels"), both("账面面积", "Book"),
			both("核实面积", "Verified"), both("盘盈", "Gain"), both("盘亏", "Loss"),
			both("承包到户", "Contracted to households"), both("未承包到户", "Not contracted"), both("有争议",
				"In dispute")},
		Number: []bool{false, true, true, true, true, true, true, true, true}}
	layout := p.Layout
	var sum [8]int64
	for _, class := range layout.Land {
		var line [8]int64
		for i := range line {
			line[i] = figures[layout.LandAt(class, i)]
			sum[i] += line[i]
		}
		t.Rows = append(t.Rows, landLine(p.Land(class), line))
	}
	t.Bold = []int{len(t.Rows)}
	t.Rows = append(t.Rows, landLine(both("合计", "Total"), sum))
	return t
}

func landLine(name words.Words, v [8]int64) []words.Words {
	line := []words.Words{name, number(v[count.LandParcels])}
	for _, figure := range []int{count.LandBook, count.LandVerified, count.LandGain, count.LandLoss,
		count.LandContracted,
		count.LandRetained, count.LandDisputed} {
		line = append(line, mu(v[figure]))
	}
	return line
}

// BalanceSheet is form 19: a line of the balance sheet each, the sum of its detail forms, less what
// was written off, and whether the sides agree.
func (p Plan) BalanceSheet(figures []int64) words.Table {
	t := words.Table{Title: both("资产负债表（农清明细19-1）", "Balance sheet (form 19-1)"),
		Heading: []words.Words{both("项目", "Item"), both("账面数（元）", "Book (yuan)"), both("核实数（元）",
			"Verified (yuan)")},
		Number: []bool{false, true, true}}
	layout := p.Layout
	for _, l := range p.Lines {
		var book, verified int64
		for _, f := range p.Forms {
			if f.Line == l.Key {
				book += figures[layout.Form(f.Key, count.FormBook)]
				verified += figures[layout.Form(f.Key, count.FormVerified)]
			}
		}
		t.Rows = append(t.Rows, []words.Words{l.Title, yuan(book), yuan(verified)})
	}
	b := p.Balance(figures)
	written := figures[layout.Check(count.CheckWrittenOff)]
	t.Bold = []int{len(t.Rows) + 1, len(t.Rows) + 2, len(t.Rows) + 3}
	t.Rows = append(t.Rows,
		[]words.Words{both("减：累计折旧", "Less accumulated depreciation"), {}, yuan(written)},
		[]words.Words{both("资产总计（净值）", "Total assets (net)"), {}, yuan(int64(b.Assets))},
		[]words.Words{both("负债和所有者权益总计", "Total liabilities and equity"), {}, yuan(int64(b.Claims))},
		[]words.Words{both("差额", "Difference"), {}, yuan(int64(b.Difference))})
	return t
}

// WithoutEmpty leaves out the lines in which every figure is zero: a villager reads a notice on a phone.
func WithoutEmpty(t words.Table) words.Table {
	rows, bold := t.Rows, t.Bold
	t.Rows, t.Bold = nil, nil
	for i, line := range rows {
		total := slices.Contains(bold, i)
		empty := true
		for j, cell := range line {
			empty = empty && (!t.IsNumber(j) || cell.Chinese == "0" || cell.Chinese == "0.00")
		}
		if empty && !total {
			continue
		}
		if total {
			t.Bold = append(t.Bold, len(t.Rows))
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}
