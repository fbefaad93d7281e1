package rating

import (
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/rating/frame"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The limits of a file of figures.
const (
	bytesMax = 1 << 30
	textMax  = 2_000 // characters of a cell
)

// readSheet reads a CSV file or the first sheet of a workbook, row by row as it stands.
func readSheet(name string) (score.Sheet, error) {
	file, err := os.Open(name)
	if err != nil {
		return score.Sheet{}, fault.New(fault.NotFound, "rating.file_unreadable", name).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return score.Sheet{}, fault.New(fault.NotFound, "rating.file_unreadable", name).Because(err)
	}
	return ReadSheet(sheet.Upload{Name: name, Content: file, Size: info.Size()})
}

// ReadSheet is readSheet of what somebody sends.
func ReadSheet(u sheet.Upload) (score.Sheet, error) {
	book, err := sheet.Open(u, sheet.Limits{Bytes: bytesMax, Rows: frame.AreasMax + 1,
		Columns: frame.ColumnsMax + 50, CellText: textMax})
	if err != nil {
		return score.Sheet{}, err
	}
	read := score.Sheet{Name: filepath.Base(u.Name)}
	for row, err := range book.Raw(book.Sheets()[0]) {
		if err != nil {
			return score.Sheet{}, err
		}
		for len(read.Rows) < row.Number-1 {
			read.Rows = append(read.Rows, nil) // rows keep the numbers that people see
		}
		read.Rows = append(read.Rows, textsOf(row))
	}
	return read, nil
}

// textsOf are the texts of a row. A cell without a value is no missing figure: its problem stands there.
func textsOf(row sheet.RawRow) []string {
	var texts []string
	for _, c := range row.Cells {
		for len(texts) < c.Column {
			texts = append(texts, "")
		}
		text := c.Text
		if c.Problem != "" {
			text = "#" + string(c.Problem)
		}
		texts = append(texts, text)
	}
	return texts
}

// readScheme reads a scheme from a file of YAML.
func readScheme(name string) (score.Scheme, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return score.Scheme{}, fault.New(fault.NotFound, "rating.file_unreadable", name).Because(err)
	}
	return ParseScheme(name, body)
}

// ParseScheme reads a scheme from YAML. What it does not know is refused with its line; name is for that.
func ParseScheme(name string, body []byte) (score.Scheme, error) {
	var s score.Scheme
	if err := yaml.UnmarshalWithOptions(body, &s, yaml.Strict()); err != nil {
		return s, fault.New(fault.Invalid, "rating.scheme_unreadable", name, yaml.FormatError(err, false,
			true))
	}
	return s, nil
}

// source are the files of a command: a scheme and data, or the reference package's two tables.
type source struct {
	coin   bool
	files  [2]string
	scheme score.Scheme
	table  score.Table
	notes  []fault.Finding
}

// readScheme reads what says how; read reads the figures too. In the reference package's order the data
// come first.
func (s *source) readScheme() (err error) {
	if !s.coin {
		s.scheme, err = readScheme(s.files[0])
		return err
	}
	meta, err := readSheet(s.files[1])
	if err != nil {
		return err
	}
	s.scheme, s.notes, err = score.ReadMeta(meta)
	return err
}

func (s *source) readData() error {
	name := s.files[1]
	if s.coin {
		name = s.files[0]
	}
	data, err := readSheet(name)
	if err != nil {
		return err
	}
	table, notes, err := score.ReadData(data, s.scheme)
	s.table, s.notes = table.Sorted(), append(s.notes, notes...)
	return err
}
