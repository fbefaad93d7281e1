package ledger

import (
	"context"
	"strconv"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
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

// RollUpFigures adds what the books publish of a year up the tree of today: after months were closed.
func (l *Ledger) RollUpFigures(ctx context.Context, year int) error {
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

// figuresKind is the job that adds the measures of a year up the tree of places.
const figuresKind = "ledger.figures"

// figuresPause is for how long changes are gathered before a year is added up again.
const figuresPause = 10 * time.Minute

type figuresArgs struct {
	Year int `json:"year"`
}

func (l *Ledger) figuresJob(ctx context.Context, run *jobs.Run) error {
	var args figuresArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	return l.RollUpFigures(ctx, args.Year)
}

// orderFigures orders that a year is added up again: once for all that books of the home publish meanwhile.
func (l *Ledger) orderFigures(tx *store.Tx, home int64, year int) error {
	if l.host.Measures == nil || l.host.Jobs == nil { // a program without the whole machinery: tests
		return nil
	}
	pause := figuresPause.Microseconds()
	slot := int64(tx.Now())/pause + 1
	_, err := l.host.Jobs.Enqueue(tx, jobs.Order{Home: home, Kind: figuresKind, Place: home,
		Subject: "year/" + strconv.Itoa(year), Slot: strconv.Itoa(year) + "/" + strconv.FormatInt(slot, 10),
		After: period.Instant(slot * pause), Args: figuresArgs{year}})
	return err
}

// restate publishes of a year of a book what its last closed month says, or that nothing of it is closed.
func (l *Ledger) restate(tx *store.Tx, b Book, year int) error {
	if l.host.Measures == nil {
		return nil
	}
	list := l.expected(b, year)
	if last, err := period.Parse(b.Closed); err == nil && last.Year() == year {
		moved, err := yearsOf(tx, b.Home, year, []Book{b})
		if err != nil {
			return err
		}
		if _, list, err = l.sheetOf(b, last, moved[b.ID]); err != nil {
			return err
		}
	}
	if err := l.host.Measures.Publish(tx, list...); err != nil {
		return err
	}
	return l.orderFigures(tx, b.Home, year)
}

// today is the tree of places as the roll-up of measures asks for it.
type today struct{ *tree.Tree }

func (t today) Place(n int) int64 { return t.ID(tree.Node(n)) }
func (t today) Parent(n int) int  { return int(t.Tree.Parent(tree.Node(n))) }
func (t today) Home(n int) int64  { return t.HomeOf(t.Place(n)) }
