package frame

import (
	"math"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The limits of one frame: a city's villages by the indicators of a large system.
const (
	AreasMax   = 1_000_000
	ColumnsMax = 2_000
)

// Frame is a table of figures, column by column. Values[c][a] is the figure of column c for area a; NaN
// is missing. The zero Frame is an empty table.
type Frame struct {
	Areas   []string // codes of the areas, unique
	Columns []string // codes of the columns, unique
	Values  [][]float64
}

// Missing is the value of a missing cell.
func Missing() float64 { return math.NaN() }

// IsMissing tells a missing cell from a figure.
func IsMissing(x float64) bool { return x != x }

// New makes a frame and checks it: shape, unique codes, finite figures. The slices are kept, not copied.
func New(areas, columns []string, values [][]float64) (Frame, error) {
	f := Frame{Areas: areas, Columns: columns, Values: values}
	return f, f.Check()
}

// Check refuses a frame that breaks invariants 1 or 2, and names the column and area at fault.
func (f Frame) Check() error {
	if len(f.Areas) > AreasMax || len(f.Columns) > ColumnsMax {
		return fault.New(fault.TooLarge, "rating.frame_too_large", len(f.Areas), len(f.Columns), AreasMax,
			ColumnsMax)
	}
	if len(f.Values) != len(f.Columns) {
		return fault.New(fault.Invalid, "rating.frame_columns", len(f.Values), len(f.Columns))
	}
	if code, bad := repeated(f.Areas); bad {
		return fault.New(fault.Invalid, "rating.area_repeated", code)
	}
	if code, bad := repeated(f.Columns); bad {
		return fault.New(fault.Invalid, "rating.column_repeated", code)
	}
	for c, column := range f.Values {
		if len(column) != len(f.Areas) {
			return fault.New(fault.Invalid, "rating.frame_rows", f.Columns[c], len(column), len(f.Areas))
		}
		for a, x := range column {
			if math.IsInf(x, 0) {
				return fault.New(fault.Invalid, "rating.cell_infinite", f.Columns[c], f.Areas[a])
			}
		}
	}
	return nil
}

// repeated finds a code that is empty or stands twice.
func repeated(codes []string) (string, bool) {
	seen := make(map[string]struct{}, len(codes))
	for _, code := range codes {
		if _, twice := seen[code]; twice || code == "" {
			return code, true
		}
		seen[code] = struct{}{}
	}
	return "", false
}

// Index answers where a column stands, or -1.
func (f Frame) Index(column string) int { return slices.Index(f.Columns, column) }

// Area answers where an area stands, or -1.
func (f Frame) Area(code string) int { return slices.Index(f.Areas, code) }

// Column answers the figures of a column, nil where there is none of that code. The slice is the frame's.
func (f Frame) Column(code string) []float64 {
	if c := f.Index(code); c >= 0 {
		return f.Values[c]
	}
	return nil
}

// Row copies the figures of one area, column by column.
func (f Frame) Row(area int) []float64 {
	row := make([]float64, len(f.Columns))
	for c := range f.Columns {
		row[c] = f.Values[c][area]
	}
	return row
}

// Clone copies the frame with all its cells in one block of memory.
func (f Frame) Clone() Frame {
	g := Like(f)
	for c, column := range f.Values {
		copy(g.Values[c], column)
	}
	return g
}

// Like makes a frame of the same areas and columns whose cells are all 0, in one block of memory.
func Like(f Frame) Frame { return Sized(f.Areas, f.Columns) }

// Sized makes a frame whose cells are all 0, in one block of memory.
func Sized(areas, columns []string) Frame {
	block := make([]float64, len(areas)*len(columns))
	values := make([][]float64, len(columns))
	for c := range values {
		values[c] = block[c*len(areas) : (c+1)*len(areas) : (c+1)*len(areas)]
	}
	return Frame{Areas: areas, Columns: columns, Values: values}
}

// Select answers the frame of some columns, in the order asked; the columns are shared, not copied. A code
// that is not there is refused by name.
func (f Frame) Select(columns []string) (Frame, error) {
	g := Frame{Areas: f.Areas, Columns: columns, Values: make([][]float64, len(columns))}
	at := make(map[string]int, len(f.Columns))
	for c, code := range f.Columns {
		at[code] = c
	}
	for i, code := range columns {
		c, there := at[code]
		if !there {
			return Frame{}, fault.New(fault.Invalid, "rating.column_unknown", code)
		}
		g.Values[i] = f.Values[c]
	}
	return g, nil
}

// Take answers the frame of some areas, by their positions and in that order; the cells are copied.
func (f Frame) Take(areas []int) Frame {
	codes := make([]string, len(areas))
	for i, a := range areas {
		codes[i] = f.Areas[a]
	}
	g := Sized(codes, f.Columns)
	for c, column := range f.Values {
		for i, a := range areas {
			g.Values[c][i] = column[a]
		}
	}
	return g
}

// Present counts the cells of a column that are not missing.
func Present(column []float64) int {
	n := 0
	for _, x := range column {
		if x == x {
			n++
		}
	}
	return n
}
