package reporting

import (
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// The measures of what the city has accepted of the annual statistics, of the collectives of villages alone:
// the form of the pack says of which cells (publishes).
var acceptedMeasures = []measure.Definition{
	ofAccepted("village_net_income", words.Words{Chinese: "村级集体经营收益（年报核定）",
		English: "Net operating income of village collectives, as accepted"},
		words.Words{Chinese: "元", English: "yuan"}, measure.More, form.Money.Decimals()),
	ofAccepted("villages", words.Words{Chinese: "报送年报的村级集体经济组织（年报核定）",
		English: "Village collectives that reported, as accepted"},
		words.Words{Chinese: "个", English: "collectives"}, measure.Neither, form.Count.Decimals()),
	ofAccepted("villages_below_100k", words.Words{Chinese: "经营收益10万元以下的村级集体经济组织（年报核定）",
		English: "Village collectives with net operating income under 100,000, as accepted"},
		words.Words{Chinese: "个", English: "collectives"}, measure.Less, form.Count.Decimals()),
}

// sumsPage is where the sums of a form can be followed down to the reports.
const sumsPage = "/reports/sums?form=collective-economy&period={period}&place={place}"

func ofAccepted(key string, title, unit locale.Words, good measure.Direction,
	decimals int) measure.Definition {
	return measure.Definition{Key: "reporting." + key, Title: title, Unit: unit, Nature: measure.Flow,
		Direction: good, Missing: measure.Void, Source: "reporting", Basis: statisticsBasis,
		Mark: pack.Unverified, Decimals: decimals, Approved: true,
		Page: measure.Page{Address: sumsPage, Permit: MayRead}}
}

// checkPublications says what is wrong with what forms of the pack publish: that no module declares the
// measure, or that it counts something else.
func (g *Reporting) checkPublications(l *library) (found []fault.Finding) {
	if g.host.Measures == nil { // in a program without the whole machinery: tests
		return nil
	}
	for _, f := range l.forms {
		for _, p := range f.Publishes {
			d, err := g.host.Measures.Definition(p.Measure)
			if err != nil || d.Source != "reporting" || !d.Approved || d.Ratio() ||
				d.Decimals != f.Decimals(p) {
				found = append(found, fault.Wrong("reporting.check.publishes", f.Key, p.Measure))
			}
		}
	}
	return found
}

// expect publishes what is due of a unit and has not been accepted.
func (g *Reporting) expect(tx *store.Tx, p Report, f *Form) error {
	for _, one := range f.Publishes {
		if one.Level != p.Level {
			continue
		}
		err := g.host.Measures.Publish(tx, measure.Figure{Home: p.Home, Measure: one.Measure,
			Place: p.Place, Period: p.Period, Expected: 1, Source: subject("report", p.ID)})
		if err != nil {
			return err
		}
	}
	return nil
}

// excuse takes back what was due of a unit that need not report.
func (g *Reporting) excuse(tx *store.Tx, p Report) error {
	f, err := g.Form(tx, p.Form)
	if err != nil || len(f.Publishes) == 0 {
		return err
	}
	at, err := periodOf(f, p.Period)
	if err != nil {
		return err
	}
	for _, one := range f.Publishes {
		if one.Level != p.Level {
			continue
		}
		if err := g.host.Measures.Withdraw(tx, p.Home, one.Measure, p.Place, at); err != nil {
			return err
		}
	}
	return nil
}

// accept publishes what a form publishes of reports that the city has accepted with their county.
func (g *Reporting) accept(tx *store.Tx, f *Form, one RollUp, list []Report) error {
	figures, err := acceptedFigures(f, one, list)
	if err != nil {
		return err
	}
	return g.host.Measures.Publish(tx, figures...)
}

// acceptedFigures are the figures that follow from accepted reports: one a measure and place, in their
// order. Two collectives of one village are added up.
func acceptedFigures(f *Form, one RollUp, list []Report) ([]measure.Figure, error) {
	var all []measure.Figure
	for _, publication := range f.Publishes {
		of := map[int64]int{}
		for _, p := range list {
			if p.Level != publication.Level {
				continue
			}
			row, err := rowOf(f.Definition, p.Cells)
			if err != nil {
				return nil, added(err)
			}
			i, had := of[p.Place]
			if !had {
				i, of[p.Place] = len(all), len(all)
				all = append(all, measure.Figure{Home: p.Home, Measure: publication.Measure, Place: p.Place,
					Period: p.Period, Source: subject("roll-up", one.ID)})
			}
			v := f.Published(publication, row)
			all[i].Expected++
			if !v.Known {
				continue
			}
			sum, fits := decimal.Add(all[i].Numerator, v.Amount)
			if !fits {
				return nil, added(form.ErrRange)
			}
			all[i].Numerator, all[i].Covered = sum, all[i].Covered+1
		}
	}
	return all, nil
}

// checkAccepted: what is published of accepted reports is what they give, and nothing is of any other.
func (g *Reporting) checkAccepted(v *store.View, report func(fault.Finding)) error {
	if g.host.Measures == nil {
		return nil
	}
	due := map[Ref]map[figureKey]measure.Figure{} // by roll-up
	for _, d := range acceptedMeasures {
		list, err := g.host.Measures.Own(v, d.Key)
		if err != nil {
			return err
		}
		for _, f := range list {
			if f.Covered == 0 {
				continue // expected, and not accepted yet
			}
			var ref Ref
			if ref, err = refOf(f.Home, f.Source); err == nil && due[ref] == nil {
				due[ref], err = g.acceptedIn(v, ref)
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			want, is := due[ref][figureKey{f.Measure, f.Place, f.Period}]
			if !is || f.Numerator != want.Numerator || f.Covered != want.Covered ||
				f.Expected != want.Expected {
				report(fault.Wrong("reporting.verify.published", f.Measure, f.Place, f.Period))
			}
		}
	}
	return nil
}

// figureKey names a figure.
type figureKey struct {
	measure string
	place   int64
	period  string
}

// acceptedIn are the figures that an accepted roll-up of a county gives; none of any other.
func (g *Reporting) acceptedIn(r store.Reader, ref Ref) (map[figureKey]measure.Figure, error) {
	all := map[figureKey]measure.Figure{}
	one, err := RollUpByRef(r, ref)
	if err != nil || one.Stage != Accepted || one.Level != division.County {
		return all, err
	}
	f, err := g.Form(r, one.Form)
	if err != nil {
		return all, err
	}
	list, err := reports.All(r, "WHERE home = ? AND form = ? AND period = ? AND stage = ? ORDER BY id",
		one.Home, one.Form, one.Period, Locked)
	if err != nil {
		return all, err
	}
	figures, err := acceptedFigures(f, one, list)
	for _, figure := range figures {
		all[figureKey{figure.Measure, figure.Place, figure.Period}] = figure
	}
	return all, err
}
