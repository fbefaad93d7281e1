package ledger

import (
	"context"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The measures of the books.
const (
	GrossIncome = vector.GrossIncome
	NetIncome   = vector.NetIncome
	TotalAssets = vector.TotalAssets
	Liabilities = vector.Liabilities
	Equity      = vector.Equity
)

const basis = "财会〔2023〕14号"

func measures() []measure.Definition {
	amount := func(key, zh, en string, nature measure.Nature, good measure.Direction) measure.Definition {
		return measure.Definition{Key: key, Title: words.Words{Chinese: zh, English: en},
			Unit: words.Words{Chinese: "元", English: "yuan"}, Nature: nature, Direction: good,
			Missing: measure.Partial, Source: "ledger", Basis: basis, Mark: pack.Unverified, Decimals: 2}
	}
	return []measure.Definition{
		amount(GrossIncome, "集体经营性收入", "Collective operating income, gross", measure.Flow, measure.More),
		amount(NetIncome, "集体经营收益", "Collective operating income, net", measure.Flow, measure.More),
		amount(TotalAssets, "集体账面资产", "Assets in the books", measure.Stock, measure.More),
		amount(Liabilities, "集体账面负债", "Liabilities in the books", measure.Stock, measure.Less),
		amount(Equity, "集体账面所有者权益", "Equity in the books", measure.Stock, measure.More),
	}
}

// sheetOf evaluates the statements of a month that is closed.
func (l *Ledger) sheetOf(b Book, month period.Period, m *vector.Year) (sheetRow, []measure.Figure, error) {
	row := sheetRow{Home: b.Home, Month: month.String(), Book: b.ID, Place: b.Place}
	chart, err := l.chartOf(b)
	if err != nil {
		return row, nil, err
	}
	figures, err := m.Figures(month)
	if err != nil {
		return row, nil, err
	}
	row.Chart = chart.Key
	var values map[string]int64
	if row.Cells, values, err = vector.Cells(chart, figures); err != nil {
		return row, nil, err
	}
	var list []measure.Figure
	for _, f := range vector.Figures {
		list = append(list, measure.Figure{Home: b.Home, Measure: f.Measure, Place: b.Place,
			Period: strconv.Itoa(month.Year()), Numerator: values[f.Measure], Covered: 1, Expected: 1,
			Source: bookSubject(b.ID)})
	}
	return row, list, nil
}

// expected are the figures that are due of a year of which nothing is closed yet.
func (l *Ledger) expected(b Book, year int) []measure.Figure {
	var list []measure.Figure
	for _, f := range vector.Figures {
		list = append(list, measure.Figure{Home: b.Home, Measure: f.Measure, Place: b.Place,
			Period: strconv.Itoa(year), Expected: 1, Source: bookSubject(b.ID)})
	}
	return list
}

// rollUpFigures adds the measures of a year up the tree of today.
func (l *Ledger) rollUpFigures(ctx context.Context, year int) error {
	if l.host.Measures == nil {
		return nil
	}
	today := today{l.places.Today()}
	for _, d := range measures() {
		if _, err := l.host.Measures.RollUp(ctx, today, d.Key, period.OfYear(year)); err != nil {
			return err
		}
	}
	return nil
}

// today is the tree of places as the roll-up of measures asks for it.
type today struct{ *tree.Tree }

func (t today) Place(n int) int64 { return t.ID(tree.Node(n)) }
func (t today) Parent(n int) int  { return int(t.Tree.Parent(tree.Node(n))) }
func (t today) Home(n int) int64  { return t.HomeOf(t.Place(n)) }
