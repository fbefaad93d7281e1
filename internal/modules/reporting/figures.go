package reporting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// figuresKind is the job that adds up the figures of a form and period.
const figuresKind = "reporting.figures"

const statisticsBasis = "农村集体经济统计（年报）口径"

// measures are the figures that come of approved reports: what a report asks and nobody else keeps. What a
// cell draws from a source that source publishes itself, so that no indicator is published twice.
var measures = []measure.Definition{
	asked("employed", "本集体就业成员数", "Members employed by the collective", "人", "persons"),
	asked("dividend_households", "参加收益分配户数", "Households that took part in the distribution", "户",
		"households"),
}

func asked(cell, zh, en, unit, units string) measure.Definition {
	return measure.Definition{Key: "reporting." + cell, Title: locale.Words{Chinese: zh, English: en},
		Unit: locale.Words{Chinese: unit, English: units}, Nature: measure.Flow, Direction: measure.More,
		Missing: measure.Partial, Source: "reporting", Basis: statisticsBasis, Mark: pack.Config,
		Page: measure.Page{Address: sumsPage, Permit: MayRead}}
}

// published is the measure that an asked cell becomes when its report is approved.
func published(c form.Cell) (string, bool) {
	for _, d := range measures {
		if d.Key == "reporting."+c.Key && c.Tag == form.Asked && c.Kind.Decimals() == d.Decimals {
			return d.Key, true
		}
	}
	return "", false
}

// publish writes the figures of an approved report.
func (g *Reporting) publish(tx *store.Tx, p Report, f *Form, row form.Row) error {
	for i, c := range f.Cells {
		key, is := published(c)
		if !is || !row[i].Known {
			continue
		}
		err := g.host.Measures.Publish(tx, measure.Figure{Home: p.Home, Measure: key, Place: p.Place,
			Period: p.Period, Numerator: row[i].Amount, Covered: 1, Expected: 1, Source: subject("report",
				p.ID)})
		if err != nil {
			return err
		}
	}
	return nil
}

// withdrawTotal takes the total and the figures of a report back.
func (g *Reporting) withdrawTotal(tx *store.Tx, p Report, f *Form) error {
	if _, err := tx.Exec("DELETE FROM report_total WHERE home = ? AND report = ?", p.Home,
		p.ID); err != nil {
		return err
	}
	at, err := period.Parse(p.Period)
	if err != nil {
		return err
	}
	for _, c := range f.Cells {
		if key, is := published(c); is {
			if err := g.host.Measures.Withdraw(tx, p.Home, key, p.Place, at); err != nil {
				return err
			}
		}
	}
	return nil
}

type figuresArgs struct {
	Form   string `json:"form"`
	Period string `json:"period"`
}

// figuresJob adds the figures of a form up over the whole city.
func (g *Reporting) figuresJob(ctx context.Context, run *jobs.Run) error {
	var args figuresArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	f, err := store.Read(ctx, g.host.Store, func(v *store.View) (*Form, error) {
		return g.Form(v,
			args.Form)
	})
	if err != nil {
		return err
	}
	at, err := periodOf(f, args.Period)
	if err != nil {
		return err
	}
	var keys []string
	for _, c := range f.Cells {
		if key, is := published(c); is {
			keys = append(keys, key)
		}
	}
	for _, one := range f.Publishes {
		keys = append(keys, one.Measure)
	}
	for _, key := range keys {
		if _, err := g.host.Measures.RollUp(ctx, today{g.places.Today()}, key, at); err != nil {
			return err
		}
	}
	return run.Tell(ctx, jobs.Progress{Step: "done", Done: 1, Total: 1})
}

// today is the tree of places as the roll-up of measures asks for it.
type today struct{ *tree.Tree }

func (t today) Place(n int) int64 { return t.ID(tree.Node(n)) }
func (t today) Parent(n int) int  { return int(t.Tree.Parent(tree.Node(n))) }
func (t today) Home(n int) int64  { return t.HomeOf(t.Place(n)) }

// LayoutKey names the cells of a form's totals: totals of another layout are not added to these.
func LayoutKey(f *Form) string {
	sum := sha256.Sum256([]byte(f.Layout()))
	return hex.EncodeToString(sum[:8])
}
