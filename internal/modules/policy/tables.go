package policy

import (
	"fmt"
	"math"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
	"github.com/terrace-project/terrace/internal/modules/statistics/series"
)

// tableView is a table of a target, for the page and for the command alike.
type tableView struct {
	Title, Lead string
	Heading     []string
	Rows        [][]cellView
	Foot        []cellView // what the rows add up to; empty: nothing
	Wide        bool       // more columns than a telephone shows: the first one stays when others move
}

// cellView is a cell: words or a figure, with something softer beside it, a status, or what it opens.
type cellView struct{ Text, Soft, Tone, Href string }

func plain(texts ...string) (cells []cellView) {
	for _, text := range texts {
		cells = append(cells, cellView{Text: text})
	}
	return cells
}

// tones are the marks of the lights; each has its word too.
var tones = map[path.Light]string{path.Green: "done", path.Amber: "due", path.Red: "overdue"}

// tables are those of a target in their order; what there is nothing of is left out.
func (s *Study) tables(t texter) []tableView {
	var all []tableView
	for _, one := range []tableView{s.pathTable(t), s.forecastTable(t), s.needsTable(t),
		s.movementTable(t)} {
		if len(one.Rows) > 0 {
			all = append(all, one)
		}
	}
	return all
}

// heading are the texts of keys.
func heading(t texter, keys ...string) (all []string) {
	for _, key := range keys {
		all = append(all, t("policy."+key))
	}
	return all
}

func (s *Study) pathTable(t texter) tableView {
	table := tableView{Title: t("policy.path"),
		Lead:    t("policy.path.lead", plainly(path.MarginUsual*100, 1)+"%"),
		Heading: heading(t, "year", "required", "actual", "gap", "light")}
	for _, one := range s.Path {
		row := plain(strconv.Itoa(one.Year), s.shown(one.Required), s.shown(one.Actual), s.shown(one.Gap))
		if row[2].Text != "" {
			row[2].Href = fmt.Sprintf("/statistics/%s/%d/%d", s.Series, s.PlaceID, one.Year)
		}
		light := cellView{}
		switch {
		case one.Light != "":
			light = cellView{Text: t("policy.light." + string(one.Light)), Tone: tones[one.Light]}
		case one.Year == s.From:
			light.Soft = t("policy.baseline")
		}
		table.Rows = append(table.Rows, append(row, light))
	}
	return table
}

func (s *Study) forecastTable(t texter) tableView {
	if len(s.Forecasts) == 0 {
		return tableView{}
	}
	table := tableView{Title: t("policy.forecasts"), Heading: heading(t, "year")}
	for _, f := range s.Forecasts {
		table.Heading = append(table.Heading, t("policy.model."+string(f.Model)))
	}
	for i, y := range s.Forecasts[0].Years {
		row := plain(strconv.Itoa(y.Year))
		for _, f := range s.Forecasts {
			y := f.Years[i]
			row = append(row, cellView{Text: s.shown(y.Median), Soft: s.shown(y.Low) + "–" +
				s.shown(y.High)})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func (s *Study) needsTable(t texter) tableView {
	table := tableView{Title: t("policy.needs"), Lead: t("policy.needs.lead", s.Last, s.To, s.Last-1,
		percent(s.Recent[0]), percent(s.Recent[1])), Heading: heading(t, "urban", "rural", "extra")}
	for _, need := range s.Needs {
		row := plain(percent(need.Urban), percent(need.Rural), points(need.Extra))
		if need.Urban == s.Recent[0] {
			row[0].Soft = t("policy.latest")
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// points shows a difference of shares in percentage points, with its sign.
func points(x float64) string { return fmt.Sprintf("%+.2f", x*100) }

func (s *Study) movementTable(t texter) tableView {
	m := s.Moving
	if m == nil {
		return tableView{}
	}
	table := tableView{Title: t("policy.moving"), Lead: s.movementLead(t), Wide: true,
		Heading: heading(t, "county")}
	if m.Since != 0 {
		table.Heading = append(table.Heading, heading(t, "change", "by_rural", "by_urban", "by_people")...)
	}
	table.Heading = append(table.Heading, heading(t, "level", "own")...)
	var sums [5]float64
	for _, c := range m.Counties {
		parts := [5]float64{c.Effect.Sum, c.Effect.RuralIncome, c.Effect.UrbanIncome, c.People(), c.Sum}
		for i, x := range parts {
			sums[i] += x
		}
		row := m.row(c.Name, parts, c.Ratio)
		row[0].Href = "/statistics/" + s.Series + "?place=" + c.Code
		table.Rows = append(table.Rows, row)
	}
	table.Foot = m.row(t("policy.sum"), sums, m.Now.Ratio)
	return table
}

// row is a county, or their sum: change with its three causes, level, own ratio.
func (m *Movement) row(name string, parts [5]float64, ratio float64) []cellView {
	row := plain(name)
	for i, x := range parts {
		if m.Since != 0 || i == 4 {
			row = append(row, cellView{Text: signed(x)})
		}
	}
	return append(row, cellView{Text: plainly(ratio, places)})
}

// movementLead says what the table is of, and who moved the ratio most either way.
func (s *Study) movementLead(t texter) string {
	m := s.Moving
	text := t("policy.moving.level", m.Till, plainly(m.Now.Ratio, places))
	if m.Published != 0 {
		text = t("policy.moving.beside", m.Till, plainly(m.Now.Ratio, places), s.shown(m.Published))
	}
	if m.Since == 0 {
		return text
	}
	text = joined(t, text, t("policy.moving.change", m.Since, m.Till, plainly(m.Before.Ratio, places),
		plainly(m.Now.Ratio, places)))
	down, up := m.Counties[0], m.Counties[len(m.Counties)-1]
	if down.Effect.Sum < 0 {
		text = joined(t, text, t("policy.moving.down", down.Name, signed(down.Effect.Sum)))
	}
	if up.Effect.Sum > 0 {
		text = joined(t, text, t("policy.moving.up", up.Name, signed(up.Effect.Sum)))
	}
	return text
}

// paces says what the path asks for a year, and what figures did.
func (s *Study) paces(t texter) string {
	var all []string
	if len(s.Path) > 0 {
		all = append(all, t("policy.pace", s.changing(s.Step)))
	}
	if s.Pace != 0 {
		all = append(all, t("policy.pace.actual", s.Years[0], s.Last, s.changing(s.Pace)))
	}
	return joined(t, all...)
}

// words say by which method a forecast was made, on what, and how sure it is.
func (f Leading) words(t texter) string {
	text := t("policy.method."+string(f.Model), f.Since, f.Till, f.Figures, share(f.Level))
	if math.IsNaN(f.Chance) {
		return text
	}
	return joined(t, text, t("policy.chance", f.End.Year, chance(f.Chance)))
}

func (s *Study) methods(t texter) (all []string) {
	for _, f := range s.Forecasts {
		all = append(all, f.words(t))
	}
	return all
}

// unused are the breaks before which no figure is used.
func (s *Study) unused() []series.Break { return series.Within(s.Breaks, series.YearMin, s.Last) }

func (s *Study) lastText(t texter) string {
	if s.Last == 0 {
		return t("policy.none")
	}
	return fmt.Sprintf("%s (%d)", s.shown(s.Actual[s.Last]), s.Last)
}

func (s *Study) lightText(t texter) string {
	if now, known := s.now(); known {
		return t("policy.light." + string(now.Light))
	}
	return t("policy.light.none")
}
