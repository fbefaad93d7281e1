package sheet

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// stacked reads two rows as one heading: 金额 over 借方 and 贷方, 日期 reaching down beside them. The text of
// the upper row counts for the columns right of it that have a text below and none above, as merged cells
// look. Where both rows say something, only both together name a field: 借方 under 本期发生额 is no balance.
func stacked(upper, lower *scored, find func(text string) int) *scored {
	s := &scored{number: lower.number, top: upper.number}
	seen := map[int]bool{}
	group := ""
	for column := range max(width(upper), width(lower)) {
		above, below := upper.text(column), lower.text(column)
		switch {
		case above != "":
			group = above
		case below == "":
			group = ""
		}
		if below == "" {
			group = ""
		} else if above == "" {
			above = group
		}
		if above+below == "" {
			continue
		}
		text, field := together(above, below, find)
		s.cells = append(s.cells, cell{column: column, text: text})
		s.fields = append(s.fields, field)
		if field >= 0 {
			seen[field] = true
		}
	}
	s.matched = len(seen)
	return s
}

// together puts two texts of a heading together: 金额（元） over 借方 is 金额借方（元）, which is as good as 借方金额（元）.
func together(above, below string, find func(text string) int) (text string, field int) {
	above, unit := decimal.Normal(above), ""
	if at := strings.LastIndexByte(above, '('); at > 0 && below != "" && strings.HasSuffix(above, ")") {
		above, unit = above[:at], above[at:]
	}
	text = above + below + unit
	if field = find(text); field < 0 {
		field = find(below + above + unit)
	}
	return text, field
}

func width(s *scored) int {
	if len(s.cells) == 0 {
		return 0
	}
	return s.cells[len(s.cells)-1].column + 1
}

// text is what stands in a column of the row.
func (s *scored) text(column int) string {
	for _, c := range s.cells {
		if c.column == column {
			return c.text
		}
	}
	return ""
}

// unitsAbove finds lines above the headings that say the amounts are counted in more than yuan. They would
// be wrong by orders of magnitude, and nobody would notice.
func unitsAbove(sheet string, d *form.Definition, rows []*scored, top int) []fault.Finding {
	if !slices.ContainsFunc(d.Fields, func(f form.Field) bool { return unitOf(&f).English == "yuan" }) {
		return nil
	}
	var all []fault.Finding
	for _, s := range rows {
		if s.number >= top {
			break
		}
		for _, c := range s.cells {
			if unit := form.UnitAbove(c.text); unit != "" {
				all = append(all, fault.Wrong("sheet.unit_above", unit).At(sheet, s.number,
					letters(c.column)))
			}
		}
	}
	return all
}
