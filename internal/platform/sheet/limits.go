package sheet

// Limits bound what reading a file may cost. A zero field takes the value of DefaultLimits.
type Limits struct {
	Bytes         int64 // of the file
	Unzipped      int64 // bytes of all parts of a workbook together, unzipped
	SharedStrings int64 // bytes of the table of shared texts, which is held in memory
	Rows          int   // with content, of one sheet
	Columns       int
	CellText      int // characters of one cell
	Sheets        int
	Merges        int // merged areas of one sheet
}

// DefaultLimits are wide enough for the largest list that a county sends and narrow enough for a small
// machine: reading holds the shared texts and one row, never a whole sheet.
func DefaultLimits() Limits {
	return Limits{
		Bytes:         64 << 20,
		Unzipped:      1 << 30,
		SharedStrings: 64 << 20,
		Rows:          200_000,
		Columns:       300,
		CellText:      8_000,
		Sheets:        100,
		Merges:        10_000,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	setDefault(&l.Bytes, d.Bytes)
	setDefault(&l.Unzipped, d.Unzipped)
	setDefault(&l.SharedStrings, d.SharedStrings)
	setDefault(&l.Rows, d.Rows)
	setDefault(&l.Columns, d.Columns)
	setDefault(&l.CellText, d.CellText)
	setDefault(&l.Sheets, d.Sheets)
	setDefault(&l.Merges, d.Merges)
	return l
}

func setDefault[T int | int64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// partMax bounds the small parts of a workbook (the list of sheets, the styles), in bytes.
const partMax = 16 << 20

// entriesMax is the number of parts a workbook may have.
const entriesMax = 5_000
