package reporting

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/fraction"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// How much of the past and of the neighbourhood a figure is held against.
const (
	historyMax = 36
	peersMax   = 300
)

// Validate holds a report against its form, its own past and its peers: three layers; the fourth, of the
// form itself, was asked when the form was read.
func (g *Reporting) Validate(r store.Reader, f Filled) ([]form.Finding, error) {
	found := f.Form.Ranges(f.Row, f.Level)
	past, err := g.history(r, f)
	if err != nil {
		return nil, err
	}
	across, err := g.across(f, past, found)
	if err != nil {
		return nil, err
	}
	found = append(found, across...)
	deviations, least, err := g.outlierMarks(f)
	if err != nil {
		return nil, err
	}
	peers, err := g.peers(r, f)
	if err != nil {
		return nil, err
	}
	var own []form.Row
	for _, one := range past {
		own = append(own, one)
	}
	return append(found, f.Form.Unusual(f.Row, own, peers, deviations, least)...), nil
}

func (g *Reporting) outlierMarks(f Filled) (fraction.Fraction, int, error) {
	region := g.places.Codes(f.Place)
	deviations, err := g.host.Packs.Fraction("report.outlier_deviations", g.host.Today(), region...)
	if err != nil {
		return deviations, 0, err
	}
	least, err := g.host.Packs.Int("report.outlier_least", g.host.Today(), region...)
	return deviations, int(least), err
}

// history are the unit's approved reports of earlier periods.
func (g *Reporting) history(r store.Reader, f Filled) (map[string]form.Row, error) {
	list, err := reports.All(r, `WHERE home = ? AND form = ? AND organisation = ? AND place = ? AND period < ?
		AND stage IN (?, ?) ORDER BY period DESC LIMIT ?`, f.Home, f.Report.Form, f.Organisation,
		f.Place, f.Period,
		Approved, Locked, historyMax)
	return decodeRows(f.Form, list, err)
}

// peers are approved reports of other units of the level in the county, of the same round.
func (g *Reporting) peers(r store.Reader, f Filled) ([]form.Row, error) {
	list, err := reports.All(r, `WHERE home = ? AND form = ? AND period = ? AND level = ? AND id <> ?
		AND stage IN (?, ?) ORDER BY id LIMIT ?`, f.Home, f.Report.Form, f.Period, f.Level, f.ID, Approved,
		Locked, peersMax)
	if err != nil {
		return nil, err
	}
	all := make([]form.Row, 0, len(list))
	for _, p := range list {
		row, err := rowOf(f.Form.Definition, p.Cells)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

func decodeRows(f *Form, list []Report, err error) (map[string]form.Row, error) {
	all := map[string]form.Row{}
	for _, p := range list {
		row, wrong := rowOf(f.Definition, p.Cells)
		if wrong != nil {
			return nil, wrong
		}
		all[p.Period] = row
	}
	return all, err
}

// record is a row as rules read it.
type record struct {
	d    form.Definition
	row  form.Row
	back map[string]record
}

// Value gives a cell, or an earlier period.
func (e record) Value(name string) rule.Value {
	if earlier, ok := e.back[name]; ok {
		if earlier.row == nil {
			return rule.Value{}
		}
		return rule.RecordOf(earlier)
	}
	if i := e.d.Index(name); i >= 0 && e.row != nil && e.row[i].Known {
		return rule.IntOf(e.row[i].Amount)
	}
	return rule.Value{}
}

// across asks the rules between cells. A rule about a cell that is missing is left out: it could only add
// noise. One that looks back further than there are reports is left out too.
func (g *Reporting) across(f Filled, past map[string]form.Row, missing []form.Finding) ([]form.Finding,
	error) {
	now := record{d: f.Form.Definition, row: f.Row, back: map[string]record{}}
	at, err := period.Parse(f.Period)
	if err != nil {
		return nil, err
	}
	steps := 0
	for n := 1; n <= form.LookBackMax; n++ {
		at = at.Previous()
		row := past[at.String()]
		now.back[backName(n)] = record{d: f.Form.Definition, row: row}
		if row != nil && steps == n-1 {
			steps = n
		}
	}
	parameters := g.host.Packs.On(g.host.Today(), g.places.Codes(f.Place)...)
	var found []form.Finding
	for _, r := range f.Form.rules {
		if r.Back > steps || slices.ContainsFunc(missing, func(m form.Finding) bool {
			return m.Rule == "missing" && slices.Contains(r.Cells, m.Cell)
		}) {
			continue
		}
		if r.when != nil {
			asked, err := r.when.Holds(now, parameters)
			if err != nil {
				return nil, err
			}
			if !asked {
				continue
			}
		}
		holds, err := r.holds.Holds(now, parameters)
		if err != nil {
			return nil, err
		}
		if !holds {
			found = append(found, form.Finding{Layer: form.AcrossOf, Rule: r.Key, Severity: r.Severity,
				Cell: first(r.Cells), Facts: g.facts(f, r.Rule)})
		}
	}
	return found, nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// facts are the values of the cells a rule speaks of.
func (g *Reporting) facts(f Filled, r form.Rule) []string {
	var all []string
	for _, name := range r.Cells {
		i := f.Form.Index(name)
		all = append(all, f.Form.Text(i, f.Row[i]))
	}
	return all
}

// keepFindings writes what was found in a round, after what was found in earlier ones.
func keepFindings(tx *store.Tx, p Report, found []form.Finding) error {
	number, err := store.Count(tx, "SELECT count(*) FROM report_finding WHERE home = ? AND report = ?",
		p.Home, p.ID)
	if err != nil {
		return err
	}
	for _, one := range found {
		number++
		facts, err := json.Marshal(one.Facts)
		if err != nil {
			return err
		}
		row := Finding{Home: p.Home, Report: p.ID, Number: number, Round: p.Round, Layer: one.Layer,
			Rule:     one.Rule,
			Severity: one.Severity, Cell: one.Cell, Facts: string(facts)}
		if err := findings.Insert(tx, &row); err != nil {
			return err
		}
	}
	return nil
}

// Told makes findings such as a refusal lists: by cell, in words.
func (g *Reporting) Told(f Filled, found []form.Finding) []fault.Finding {
	var all []fault.Finding
	for i, one := range found {
		args := []any{""}
		if at := f.Form.Index(one.Cell); at >= 0 {
			args[0] = f.Form.Cells[at].Title
		}
		for _, fact := range one.Facts {
			args = append(args, fact)
		}
		key := "reporting.found." + one.Rule
		if one.Layer == form.AcrossOf {
			key = "reporting.found.cross"
			args = []any{f.Form.ruleText(one.Rule, one.Facts), strconv.Itoa(i + 1)}
		}
		all = append(all, fault.Finding{Severity: one.Severity, Key: key, Args: args, Column: one.Cell})
	}
	return all
}
