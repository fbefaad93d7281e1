package sheet

import (
	"iter"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Reading is a file being read for a form.
type Reading struct {
	Sheet    string
	Meta     Meta
	Template bool     // the file says what it is: Meta
	Columns  []Column // of the fields that are there
	Findings []fault.Finding

	book   *Book
	wanted Wanted
	part   part
	head   head
	merges []merge
	notes  notes
}

// Line is one row of the file as texts that the form can read.
type Line struct {
	Row      int      // as a spreadsheet program shows it
	Ref      string   // of a prefilled row; "" for one that was added
	Cells    []string // in the order of the form's fields
	Told     []int    // positions of the fields whose cell has a finding already
	Findings []fault.Finding
}

// Meta is what the file says of itself; false if it was not made as a template.
func (b *Book) Meta() (Meta, bool, error) { return b.readMeta() }

// Read finds the sheet and the columns. A file of something else is refused; what is wrong with the
// columns is in Findings, and with an error among them there is no use in reading rows.
func (b *Book) Read(w Wanted) (*Reading, error) {
	r := &Reading{book: b, wanted: w}
	var err error
	if r.Meta, r.Template, err = b.readMeta(); err != nil {
		return nil, err
	}
	if r.Template {
		err = w.accept(r.Meta)
	} else if w.TemplateOnly {
		err = fault.New(fault.Conflict, "sheet.no_template", w.Form.Title)
	}
	if err != nil {
		return nil, err
	}
	if err := r.choose(); err != nil {
		return nil, err
	}
	if r.merges, err = b.merges(r.part); err != nil {
		return nil, err
	}
	r.Sheet = r.part.name
	for _, f := range r.head.findings {
		if r.Template && strings.HasPrefix(f.Key,
			"sheet.missing") { // a template has every column: it was removed
			f.Severity = fault.Error
		}
		r.Findings = append(r.Findings, f)
	}
	for _, c := range r.head.columns {
		if c.Index >= 0 {
			r.Columns = append(r.Columns, c)
		}
	}
	if b.text != nil && b.Encoding != "UTF-8" {
		r.Findings = append(r.Findings, fault.Told("sheet.encoded", b.Encoding).At(r.Sheet, 0, ""))
	}
	return r, nil
}

// choose finds the sheet whose head fits the form. Two that fit are refused: nobody can tell which
// one is meant.
func (r *Reading) choose() error {
	b, d := r.book, r.wanted.Form
	var fits []part
	for _, p := range b.sheets {
		if p.name == foundSheet || r.wanted.Sheet != "" && p.name != r.wanted.Sheet {
			continue
		}
		h, err := b.readHeadAnyEncoding(p, d)
		if err != nil {
			return err
		}
		if p.hidden {
			if h.matched > 0 {
				r.Findings = append(r.Findings, fault.Doubt("sheet.hidden_sheet", p.name).At(p.name, 0, ""))
			}
			continue
		}
		if h.matched == 0 {
			r.Findings = append(r.Findings, fault.Told("sheet.not_read", p.name).At(p.name, 0, ""))
			continue
		}
		if len(fits) > 0 {
			return fault.New(fault.Conflict, "sheet.two_fit", fits[0].name, p.name, d.Title)
		}
		fits = append(fits, p)
		r.part, r.head = p, h
	}
	if len(fits) == 0 {
		return fault.New(fault.Invalid, "sheet.no_head", b.upload.Name, d.Title, d.Fields[0].Label)
	}
	return nil
}

// readHeadAnyEncoding decides by the headings where a text file fits two encodings. Headings that
// read alike in both decide nothing: then the file is refused rather than read into nonsense.
func (b *Book) readHeadAnyEncoding(p part, d *form.Definition) (head, error) {
	first, err := b.readHead(p, d)
	if err != nil || b.text == nil || b.text.other == nil {
		return first, err
	}
	one := b.text.encoding
	b.text.encoding, b.text.other = *b.text.other, nil
	second, err := b.readHead(p, d)
	switch {
	case err != nil:
		return second, err
	case second.matched == first.matched && first.matched > 0:
		return first, fault.New(fault.Invalid, "sheet.encoding", b.upload.Name)
	case second.matched > first.matched:
		b.Encoding = b.text.encoding.name
		return second, nil
	}
	b.text.encoding = one
	return first, nil
}

// Lines streams the rows. Blank rows, totals and signatures are left out and told of by Notes. An
// error means that the file cannot be read on; nothing of it must be used then.
func (r *Reading) Lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		r.notes = notes{sheet: r.Sheet, last: r.head.from}
		l := &liner{reading: r, label: r.wanted.Form.Finder(), fills: map[int]cell{},
			refs: map[string]int{}}
		for row, err := range r.book.rows(r.part) {
			if err != nil {
				yield(Line{}, err)
				return
			}
			if row.number <= r.head.from || l.skips(row) {
				continue
			}
			if !yield(l.line(row), nil) {
				return
			}
		}
	}
}

// Notes tell what was left out or filled in, once the lines have been read.
func (r *Reading) Notes() []fault.Finding { return r.notes.findings() }

// Entry is a line read as a record.
type Entry struct {
	Line
	Record form.Record
}

// Records streams the lines as records; all that was found in a line, in its cells and by the checks
// of the form, is in its Findings with sheet, row and column.
func (r *Reading) Records(c form.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for line, err := range r.Lines() {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			record, findings := r.wanted.Form.ParseKnowing(line.Cells, line.Told, c)
			for _, f := range findings {
				line.Findings = append(line.Findings, r.Place(f, line.Row))
			}
			if !yield(Entry{line, record}, nil) {
				return
			}
		}
	}
}

// Place gives a finding about a record its place in the file.
func (r *Reading) Place(f form.Finding, row int) fault.Finding {
	column := ""
	if len(f.Fields) > 0 {
		if i := r.wanted.Form.Position(f.Fields[0]); i >= 0 {
			column = r.head.columns[i].Letter
		}
	}
	return f.At(r.Sheet, row, column)
}
