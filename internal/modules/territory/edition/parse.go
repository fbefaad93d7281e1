package edition

import (
	"slices"

	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// File is an edition as far as it could be taken.
type File struct {
	Rows     []Row // in pre-order: parents before children, siblings by code
	Findings []fault.Finding
	Lines    int // records with something in them, without the headings
	Refused  int // records not taken
	Deepest  division.Level
}

// Standing is what is known of the places that stand already. A nil Standing knows none.
type Standing func(code int64) (division.Level, bool)

// Parse reads a table of places. text is UTF-8 without a byte order mark. The error is a fault that
// refuses the whole: the text is no table of places, is too long, or has no usable row.
func Parse(text string, standing Standing) (*File, error) {
	t := table{text: text}
	c, err := t.begin()
	if err != nil {
		return nil, err
	}
	r := reader{columns: c, byCode: make(map[int64]int32, len(text)/64)}
	r.drafts = make([]draft, 0, len(text)/64)
	for {
		fields, p, more := t.next()
		if !more {
			break
		}
		if r.rows >= RowsMax {
			return nil, fault.New(fault.TooLarge, "territory.edition.rows", RowsMax)
		}
		r.record(fields, p, t.row)
	}
	if standing == nil {
		standing = func(int64) (division.Level, bool) { return 0, false }
	}
	k := checker{reader: &r, standing: standing}
	k.columns()
	k.levels()
	k.parents()
	f := k.file()
	if len(f.Rows) == 0 {
		return nil, fault.New(fault.Invalid, "territory.edition.nothing", f.Lines).With(f.Findings)
	}
	return f, nil
}

// file puts the rows that are left into pre-order.
func (k *checker) file() *File {
	r := k.reader
	f := &File{Findings: r.findings, Lines: r.rows, Refused: r.refused}
	order := k.order()
	at := make([]int32, len(r.drafts))
	for i := range at {
		at[i] = NoRow
	}
	f.Rows = make([]Row, 0, len(order))
	for _, i := range order {
		d := &r.drafts[i]
		if d.refused {
			continue
		}
		at[i] = int32(len(f.Rows))
		row := d.Row
		if row.Parent != NoRow {
			row.Parent = at[row.Parent]
		}
		row.Kind = division.KindFrom(CodeText(row.Code), row.Name, row.Level)
		f.Deepest = max(f.Deepest, row.Level)
		f.Rows = append(f.Rows, row)
	}
	slices.SortStableFunc(f.Findings, func(a, b fault.Finding) int { return a.Row - b.Row })
	return f
}

// order is the pre-order of the drafts; refused ones are in it, for they may still have children
// that were read before them.
func (k *checker) order() []tree.Node {
	drafts := k.reader.drafts
	parents := make([]tree.Node, len(drafts))
	for i := range drafts {
		parents[i] = tree.Node(drafts[i].Parent)
	}
	return tree.Order(parents, func(a, b tree.Node) int {
		return compareCodes(drafts[a].Code, drafts[b].Code)
	})
}

// compareCodes orders codes as texts: a group's stands behind its village's.
func compareCodes(a, b int64) int {
	const full = 1_000_000_000_000
	x, y := a, b
	for x >= full {
		x /= 10
	}
	for y >= full {
		y /= 10
	}
	if x != y {
		a, b = x, y
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
