package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// textFile is a CSV file: comma, semicolon or tab between the cells.
type textFile struct {
	upload    Upload
	encoding  textEncoding
	other     *textEncoding // the file fits this one too
	separator rune
}

func openText(u Upload, _ Limits) (*textFile, error) {
	fit, err := encodingOf(u)
	if err != nil {
		return nil, err
	}
	t := &textFile{upload: u, encoding: fit[0]}
	if len(fit) > 1 {
		t.other = &fit[1]
	}
	t.separator = separatorOf(t.encoding.open(u))
	return t, nil
}

// separatorOf counts the possible separators in the first lines, outside quotes. Excel writes tabs
// into “Unicode text” and semicolons where the comma is the decimal sign; banks write bars.
func separatorOf(r io.Reader) rune {
	counts := map[rune]int{}
	in := bufio.NewReader(io.LimitReader(r, sniffed))
	quoted := false
	for {
		c, _, err := in.ReadRune()
		if err != nil {
			break
		}
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[c]++
		}
	}
	best := ','
	for _, c := range []rune{'\t', ';', '|'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// rows streams the records. A row's number is the one a spreadsheet program shows: blank lines count,
// and a line break within quotes does not.
func (t *textFile) rows(b *Book) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		plain := &lineEnds{in: bufio.NewReaderSize(t.encoding.open(t.upload), 64<<10)}
		in := csv.NewReader(&shielded{in: bufio.NewReaderSize(plain, 64<<10), separator: t.separator})
		in.Comma = t.separator
		in.FieldsPerRecord = -1
		in.ReuseRecord = true
		var r row
		next, seen := 1, 0 // next: the line at which the next row begins
		for {
			record, err := in.Read()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(row{}, t.broken(err))
				return
			}
			line, _ := in.FieldPos(0)
			r.number += 1 + line - next
			next = line + 1
			r.cells = r.cells[:0]
			for i, text := range record {
				next += strings.Count(text, "\n")
				if text = strings.TrimPrefix(text, "\ufeff"); strings.TrimSpace(text) == "" {
					continue
				}
				if err := b.addCell(&r, cell{column: i, text: harmful(text)}); err != nil {
					yield(row{}, err)
					return
				}
			}
			if r.blank() {
				continue
			}
			if seen++; seen > b.limits.Rows {
				yield(row{}, fault.New(fault.TooLarge, "sheet.rows", t.upload.Name, b.limits.Rows))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (t *textFile) broken(err error) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return fault.New(fault.Invalid, "sheet.csv", t.upload.Name, wrong.Line).Because(err)
	}
	return fault.New(fault.Invalid, "sheet.broken", t.upload.Name).Because(err)
}

// harmful takes off what keeps a spreadsheet program from reading a text as a formula or a number: the
// apostrophe of Harmless, and ="0012".
func harmful(text string) string {
	if inner := strings.TrimLeft(text, "'"); inner != text && inner != "" &&
		strings.IndexByte("=+-@\t\r", inner[0]) >= 0 {
		return text[1:]
	}
	if inner, ok := strings.CutPrefix(text, `="`); ok && strings.HasSuffix(inner, `"`) &&
		!strings.Contains(inner[:len(inner)-1], `"`) {
		return inner[:len(inner)-1]
	}
	return text
}

// shielded drops the equals sign from ="0012" at the beginning of a cell: what banks write so that a
// spreadsheet program leaves a number alone, and what RFC 4180 has no place for.
type shielded struct {
	in        *bufio.Reader
	separator rune
	inside    bool // of a cell: its first byte was read
	quotes    bool // the cell began with a quotation mark
	open      bool // its quotation is not closed: what a separator or an equals sign is here, is text
}

// Read fills p.
func (s *shielded) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if n > 0 && s.in.Buffered() == 0 {
			return n, nil
		}
		c, err := s.in.ReadByte()
		if err != nil {
			return n, err
		}
		if c == '=' && !s.inside {
			if following, err := s.in.Peek(1); err == nil && following[0] == '"' {
				continue
			}
		}
		s.see(c)
		p[n] = c
		n++
	}
	return n, nil
}

// see follows where in a cell the next byte stands. A doubled quotation mark closes and opens again.
func (s *shielded) see(c byte) {
	switch {
	case c == '"' && !s.inside:
		s.quotes, s.open = true, true
	case c == '"' && s.quotes:
		s.open = !s.open
	}
	s.inside = s.open || c != '\n' && rune(c) != s.separator
	s.quotes = s.quotes && s.inside
}

// lineEnds turns the line ends of old Macs, a carriage return alone, into line feeds.
type lineEnds struct{ in *bufio.Reader }

// Read fills p.
func (l *lineEnds) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for i := range n {
		if p[i] != '\r' {
			continue
		}
		if i+1 < n && p[i+1] == '\n' {
			continue
		}
		if i+1 == n {
			if following, err := l.in.Peek(1); err == nil && following[0] == '\n' {
				continue
			}
		}
		p[i] = '\n'
	}
	return n, err
}
