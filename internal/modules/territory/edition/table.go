package edition

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Limits of a table.
const (
	RowsMax        = 2_000_000
	RecordBytesMax = 16 << 10
	FieldsMax      = 64
	headingRowsMax = 10 // rows above the headings: a title, a date
)

// table reads records of a separated text. It takes what spreadsheets write: any line end, quoted
// fields with doubled quotes and line breaks in them. A quote that is never closed spoils its own
// line only.
type table struct {
	text      string
	position  int
	row       int // of the record read last; counts from 1 as a spreadsheet shows it
	separator byte
	fields    []string
}

// problem is what is wrong with a record as such.
type problem int

const (
	sound problem = iota
	openQuote
	tooLong
	tooWide
)

// next reads a record; the fields are valid until the following call.
func (t *table) next() (fields []string, p problem, ok bool) {
	if t.position >= len(t.text) {
		return nil, sound, false
	}
	t.row++
	begin := t.position
	t.fields = t.fields[:0]
	for {
		field, more, p := t.field(begin)
		if p != sound {
			t.position = begin
			t.fields = t.plainLine(t.fields[:0])
			return t.fields, p, true
		}
		if len(t.fields) == FieldsMax {
			t.position = begin
			t.plainLine(nil)
			return t.fields, tooWide, true
		}
		t.fields = append(t.fields, field)
		if !more {
			return t.fields, sound, true
		}
	}
}

// field reads one field and what ends it; more is false at the end of the record.
func (t *table) field(begin int) (field string, more bool, p problem) {
	rest := t.text[t.position:min(len(t.text), begin+RecordBytesMax)]
	if strings.HasPrefix(rest, `"`) {
		return t.quoted(rest)
	}
	end := 0
	for end < len(rest) && rest[end] != t.separator && rest[end] != '\n' && rest[end] != '\r' {
		end++
	}
	if end == len(rest) {
		if t.position+len(rest) < len(t.text) {
			return "", false, tooLong
		}
		t.position = len(t.text)
		return rest, false, sound
	}
	t.position += end
	return rest[:end], t.end(), sound
}

// quoted reads a field that begins with a quote.
func (t *table) quoted(rest string) (field string, more bool, p problem) {
	var b strings.Builder
	at := 1
	for {
		end := strings.IndexByte(rest[at:], '"')
		if end < 0 {
			return "", false, openQuote
		}
		b.WriteString(rest[at : at+end])
		at += end + 1
		if at < len(rest) && rest[at] == '"' {
			b.WriteByte('"')
			at++
			continue
		}
		break
	}
	after := strings.IndexAny(rest[at:], string(rune(t.separator))+"\r\n")
	if after < 0 {
		after = len(rest) - at
	}
	b.WriteString(rest[at : at+after]) // what stands behind a closing quote belongs to the field
	t.position += at + after
	return b.String(), t.end(), sound
}

// end steps over what ends a field and tells whether the record goes on.
func (t *table) end() (more bool) {
	if t.position >= len(t.text) {
		return false
	}
	c := t.text[t.position]
	t.position++
	if c == t.separator {
		return true
	}
	if c == '\r' && t.position < len(t.text) && t.text[t.position] == '\n' {
		t.position++
	}
	return false
}

// plainLine splits the line at the position without regard to quotes and steps over it.
func (t *table) plainLine(fields []string) []string {
	line := t.text[t.position:]
	if end := strings.IndexAny(line, "\r\n"); end >= 0 {
		line = line[:end]
	}
	t.position += len(line)
	t.end()
	if len(line) > RecordBytesMax {
		return fields
	}
	for _, f := range strings.SplitN(line, string(rune(t.separator)), FieldsMax) {
		fields = append(fields, strings.Trim(f, `"`))
	}
	return fields
}

// columns says in which column what stands; -1: nowhere.
type columns struct {
	code, name, level, parent, category int
	width                               int
	row                                 int // of the headings
}

// headings are the names a column goes by, folded to lower case without spaces and underscores.
var headings = map[string][]string{
	"code": {"code", "代码", "编码", "区划代码", "统计用区划代码", "行政区划代码", "行政代码", "地区代码", "区划编码",
		"divisioncode", "areacode"},
	"name":  {"name", "名称", "地名", "区划名称", "行政区划名称", "地区名称", "单位名称", "全称", "divisionname"},
	"level": {"level", "级别", "层级", "级次", "行政级别", "区划级别"},
	"parent": {"parent", "parentcode", "pcode", "上级", "上级代码", "父级代码", "父代码", "父级", "上级区划代码",
		"上级编码"},
	"category": {"urcode", "category", "城乡分类", "城乡分类代码", "城乡代码", "城乡属性", "classification"},
}

// findColumns reads headings; ok is false if code and name are not both there.
func findColumns(fields []string) (c columns, ok bool) {
	c = columns{-1, -1, -1, -1, -1, len(fields), 0}
	targets := map[string]*int{"code": &c.code, "name": &c.name, "level": &c.level, "parent": &c.parent,
		"category": &c.category}
	for i, f := range fields {
		heading := strings.ToLower(Fold(strings.Trim(f, "\ufeff\"' ")))
		heading = strings.NewReplacer("_", "", "-", "").Replace(heading)
		for what, names := range headings {
			for _, name := range names {
				if heading == name && *targets[what] < 0 {
					*targets[what] = i
				}
			}
		}
	}
	return c, c.code >= 0 && c.name >= 0
}

// begin finds separator and headings, or says why the text is no table of places.
func (t *table) begin() (columns, error) {
	for _, separator := range []byte{',', '\t', ';'} {
		*t = table{text: t.text, separator: separator}
		for range headingRowsMax {
			fields, _, more := t.next()
			if !more {
				break
			}
			if c, ok := findColumns(fields); ok {
				c.row = t.row
				return c, nil
			}
		}
	}
	*t = table{text: t.text, separator: ','}
	fields, _, _ := t.next()
	shown := strings.Join(fields, ",")
	return columns{}, fault.New(fault.Unsupported, "territory.edition.headings",
		fault.Finding{}.Saw(shown).Value)
}
