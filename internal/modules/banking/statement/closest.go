package statement

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// ClosestOf is the row of a file that comes nearest to being headings, and its sheet. False: none has one.
func ClosestOf(formats []*Format, sheets []Sheet) (best Head, sheet string, found bool) {
	for _, one := range sheets {
		if h, there := Closest(formats, one.Rows); there && (!found || len(h.Columns) > len(best.Columns)) {
			best, sheet, found = h, one.Name, true
		}
	}
	return best, sheet, found
}

// Known are the headings that were recognised, with their columns.
func (h Head) Known() string {
	var known []string
	for _, c := range h.Columns {
		known = append(known, c.Letter+" "+c.Heading)
	}
	return strings.Join(known, ", ")
}

// Strange tells of the headings of a sheet that were not.
func (h Head) Strange(sheet string) (found []fault.Finding) {
	for _, c := range h.Unknown {
		found = append(found, fault.Told("banking.read.unknown_column").At(sheet, h.Row,
			c.Letter).Saw(c.Heading))
	}
	return found
}
