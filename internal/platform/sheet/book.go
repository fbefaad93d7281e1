package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/sheet/markup"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Book is a file opened for reading: a workbook with its sheets, or a CSV file as a workbook of one.
// It is not safe for concurrent use.
type Book struct {
	Encoding string // of a CSV file: UTF-8, UTF-16 or GB18030; "" for a workbook

	upload  Upload
	limits  Limits
	sheets  []part
	date    dateSystem
	parts   map[string]*zip.File // by name in lower case
	strings *stringTable
	styles  []style
	text    *textFile
	hides   []span // columns that the sheet read last does not show
}

// part is a sheet of a workbook.
type part struct {
	name   string
	hidden bool
	file   string
}

// Open looks at a file and refuses what cannot be read: what is no table, by what it is; what is too
// large; what is damaged. Nothing but the list of sheets, the shared texts and the styles is read.
func Open(u Upload, l Limits) (*Book, error) {
	b := &Book{upload: u, limits: l.orDefault()}
	if u.Size == 0 {
		return nil, fault.New(fault.Invalid, "sheet.nothing", u.Name)
	}
	if u.Size > b.limits.Bytes {
		return nil, fault.New(fault.TooLarge, "sheet.too_large", u.Name, b.limits.Bytes>>20)
	}
	kind, err := u.kind()
	if err != nil {
		return nil, err
	}
	switch kind {
	case "zip":
		return b, b.openZip()
	case "text":
		b.text, err = openText(u, b.limits)
		if err == nil {
			b.Encoding = b.text.encoding.name
			b.sheets = []part{{name: path.Base(strings.ReplaceAll(u.Name, `\`, "/"))}}
		}
		return b, err
	}
	return nil, u.notATable(kind)
}

// Sheets are the names of the sheets that are not hidden.
func (b *Book) Sheets() []string {
	var names []string
	for _, s := range b.sheets {
		if !s.hidden {
			names = append(names, s.name)
		}
	}
	return names
}

func (b *Book) find(name string) (part, bool) {
	for _, s := range b.sheets {
		if s.name == name {
			return s, true
		}
	}
	return part{}, false
}

func (b *Book) openZip() error {
	z, err := zip.NewReader(b.upload.Content, b.upload.Size)
	if err != nil {
		return b.broken(err)
	}
	if kind := zipKind(z.File); kind != "workbook" {
		return b.upload.notATable(kind)
	}
	if len(z.File) > entriesMax {
		return fault.New(fault.TooLarge, "sheet.unzipped", b.upload.Name, b.limits.Unzipped>>20)
	}
	b.parts = map[string]*zip.File{}
	var unzipped uint64
	for _, f := range z.File {
		unzipped += min(f.UncompressedSize64, 1<<50)
		b.parts[partName(f.Name)] = f
	}
	// What a part claims is only a claim, but package zip breaks off where a part has more.
	if unzipped > uint64(b.limits.Unzipped) {
		return fault.New(fault.TooLarge, "sheet.unzipped", b.upload.Name, b.limits.Unzipped>>20)
	}
	if err := b.readWorkbook(); err != nil {
		return err
	}
	if b.strings, err = b.readStrings(); err != nil {
		return err
	}
	b.styles, err = b.readStyles()
	return err
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// broken is the refusal of a damaged file.
func (b *Book) broken(err error) error {
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		return err
	}
	if errors.Is(err, markup.ErrPiece) {
		return fault.New(fault.TooLarge, "sheet.piece", b.upload.Name, markup.PieceMax>>20)
	}
	return fault.New(fault.Invalid, "sheet.broken", b.upload.Name).Because(err)
}

// each reads a part of the workbook, tag by tag. A part that is not there has none.
func (b *Book) each(name string, most int64, visit func(m *markup.Reader, kind markup.Token) error) error {
	f, ok := b.parts[partName(name)]
	if !ok {
		return nil
	}
	if f.UncompressedSize64 > uint64(most) {
		return fault.New(fault.TooLarge, "sheet.unzipped", b.upload.Name, most>>20)
	}
	content, err := f.Open()
	if err != nil {
		return b.broken(err)
	}
	defer content.Close()
	m := markup.New(content)
	for {
		kind, err := m.Next()
		if err == nil && kind != markup.Finished {
			err = visit(m, kind)
		}
		if err == errEnough {
			return nil
		}
		if err != nil {
			return b.broken(err)
		}
		if kind == markup.Finished {
			return nil
		}
	}
}

// errEnough ends each early.
var errEnough = errors.New("sheet: enough")

// readWorkbook reads the list of sheets and the date system.
func (b *Book) readWorkbook() error {
	targets := map[string]string{}
	err := b.each("xl/_rels/workbook.xml.rels", partMax, func(m *markup.Reader, kind markup.Token) error {
		if kind == markup.Start && string(m.Name()) == "Relationship" {
			id, _ := m.Attribute("Id")
			targets[id], _ = m.Attribute("Target")
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = b.each("xl/workbook.xml", partMax, func(m *markup.Reader, kind markup.Token) error {
		if kind != markup.Start {
			return nil
		}
		switch string(m.Name()) {
		case "workbookPr":
			v, _ := m.Attribute("date1904")
			b.date.from1904 = v == "1" || v == "true"
		case "sheet":
			return b.addSheet(m, targets)
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		return b.broken(errors.New("sheet: the workbook has no sheets"))
	}
	return err
}

func (b *Book) addSheet(m *markup.Reader, targets map[string]string) error {
	if len(b.sheets) == b.limits.Sheets {
		return fault.New(fault.TooLarge, "sheet.sheets", b.upload.Name, b.limits.Sheets)
	}
	name, _ := m.Attribute("name")
	state, _ := m.Attribute("state")
	id, _ := m.Attribute("id") // r:id stands after sheetId, whose local name is another
	target := targets[id]
	if !strings.HasPrefix(target, "/") {
		target = "xl/" + target
	}
	file := path.Clean("/" + target)
	if b.parts[partName(file)] == nil {
		return fmt.Errorf("sheet: the part of the sheet %q is missing", name)
	}
	b.sheets = append(b.sheets, part{name: name, hidden: state != "" && state != "visible", file: file})
	return nil
}

// stringTable holds the texts that cells share, one after another.
type stringTable struct {
	bytes []byte
	ends  []int
}

func (t *stringTable) at(i int) (string, bool) {
	if i < 0 || i >= len(t.ends) {
		return "", false
	}
	begin := 0
	if i > 0 {
		begin = t.ends[i-1]
	}
	return string(t.bytes[begin:t.ends[i]]), true
}

// readStrings reads the shared texts. Of a text in several formats the pieces are joined; the reading
// aids of East Asian texts (phonetic runs) are left out.
func (b *Book) readStrings() (*stringTable, error) {
	t := &stringTable{}
	phonetic, inText := 0, false
	err := b.each("xl/sharedStrings.xml", b.limits.Unzipped, func(m *markup.Reader,
		kind markup.Token) error {
		switch name := string(m.Name()); {
		case kind == markup.Text:
			if inText && phonetic == 0 {
				t.bytes = append(t.bytes, m.Text()...)
			}
		case name == "t":
			inText = kind == markup.Start
		case name == "rPh" && kind == markup.Start:
			phonetic++
		case name == "rPh":
			phonetic--
		case name == "si" && kind == markup.End:
			t.ends = append(t.ends, len(t.bytes))
		}
		if int64(len(t.bytes)+8*len(t.ends)) > b.limits.SharedStrings {
			return fault.New(fault.TooLarge, "sheet.shared", b.upload.Name, b.limits.SharedStrings>>20)
		}
		return nil
	})
	return t, err
}

// readAll is for small parts of text.
func readAll(r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(text)) > most {
		err = markup.ErrPiece
	}
	return text, err
}
