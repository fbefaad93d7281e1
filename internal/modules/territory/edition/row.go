package edition

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Row is one place of an edition.
type Row struct {
	Line     int32 // in the file, as a spreadsheet counts
	Parent   int32 // index of the row above; NoRow: see Outside
	Outside  int64 // code of a standing place above that the file does not hold; 0: at the top
	Code     int64 // full: 12 digits, groups 14 or 15
	Level    division.Level
	Kind     division.Kind
	Category division.Category
	Name     string
}

// NoRow is no index of a row.
const NoRow int32 = -1

// CodeText writes a code.
func CodeText(code int64) string {
	if code == 0 {
		return ""
	}
	return strconv.FormatInt(code, 10)
}

// NameMax is the number of characters of a name that passes without a word.
const NameMax = 50

// unset marks a level that was not stated.
const unset division.Level = -1

// draft is a row while it is being checked.
type draft struct {
	Row
	parent  int64 // as stated; 0: none
	digits  division.Level
	stated  division.Level // unset: not stated
	refused bool
}

// reader turns records into drafts and findings.
type reader struct {
	columns  columns
	drafts   []draft
	findings []fault.Finding
	byCode   map[int64]int32
	rows     int // records with something in them
	refused  int
}

// add notes a finding at a row.
func (r *reader) add(f fault.Finding, line int, column, value string) {
	r.findings = append(r.findings, f.At("", line, column).Saw(value))
}

// refuse notes why a row is not taken.
func (r *reader) refuse(f fault.Finding, line int, column, value string) {
	r.add(f, line, column, value)
	r.refused++
}

func cell(fields []string, column int) string {
	if column < 0 || column >= len(fields) {
		return ""
	}
	return fields[column]
}

// record takes one record.
func (r *reader) record(fields []string, p problem, line int) {
	if p == sound && blank(fields) {
		return
	}
	r.rows++
	switch p {
	case tooLong:
		r.refuse(fault.Wrong("territory.anomaly.row_long", RecordBytesMax), line, "", "")
		return
	case tooWide:
		r.refuse(fault.Wrong("territory.anomaly.row_wide", FieldsMax), line, "", "")
		return
	case openQuote:
		r.add(fault.Doubt("territory.anomaly.row_quote"), line, "", strings.Join(fields, ","))
	}
	d := draft{Row: Row{Line: int32(line), Parent: NoRow}, stated: unset}
	if !r.code(&d, cell(fields, r.columns.code)) || !r.name(&d, cell(fields, r.columns.name)) {
		return
	}
	if len(fields) > r.columns.width {
		r.add(fault.Told("territory.anomaly.row_more", r.columns.width, len(fields)), line, "", "")
	}
	r.level(&d, cell(fields, r.columns.level))
	r.above(&d, cell(fields, r.columns.parent))
	r.category(&d, cell(fields, r.columns.category))
	r.keep(d)
}

func blank(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}

// keep adds the draft unless its code was there before.
func (r *reader) keep(d draft) {
	first, twice := r.byCode[d.Code]
	if !twice {
		r.byCode[d.Code] = int32(len(r.drafts))
		r.drafts = append(r.drafts, d)
		return
	}
	before := &r.drafts[first]
	if before.Name == d.Name && before.parent == d.parent && before.stated == d.stated {
		r.refuse(fault.Doubt("territory.anomaly.row_twice", before.Line), int(d.Line), "code",
			CodeText(d.Code))
		return
	}
	r.refuse(fault.Wrong("territory.anomaly.code_twice", before.Line, before.Name), int(d.Line), "code",
		CodeText(d.Code)+" "+d.Name)
}

// bare takes off what spreadsheets put around a code: apostrophes, ="…", spaces, full width.
func bare(text string) string {
	s := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.In(c, unicode.Cf) {
			return -1
		}
		return c
	}, decimal.Normal(text))
	s = strings.TrimPrefix(s, "=")
	return strings.Trim(s, `'"`)
}

// code reads the row's code; false: the row is refused.
func (r *reader) code(d *draft, text string) bool {
	code, digits, finding := parseCode(text)
	if finding.Key != "" {
		if finding.Severity == fault.Error {
			r.refuse(finding, int(d.Line), "code", text)
			return false
		}
		r.add(finding, int(d.Line), "code", text)
	}
	d.Code, d.digits = code, digits
	return true
}

// parseCode reads a code. The finding has no key if there is nothing to say.
func parseCode(text string) (code int64, l division.Level, f fault.Finding) {
	if plainDigits(text) && len(text) == division.CodeDigits { // nearly every one
		return finishCode(text, f)
	}
	s := bare(text)
	if s != text {
		f = fault.Told("territory.anomaly.code_dressed")
	}
	if whole, zeros, ok := strings.Cut(s, "."); ok && plainDigits(whole) && strings.Trim(zeros, "0") == "" {
		s, f = whole, fault.Doubt("territory.anomaly.code_fraction")
	}
	switch {
	case s == "":
		return 0, 0, fault.Wrong("territory.anomaly.code_empty")
	case scientific(s):
		return 0, 0, fault.Wrong("territory.anomaly.code_scientific")
	case !plainDigits(s):
		return 0, 0, fault.Wrong("territory.anomaly.code_digits")
	}
	switch len(s) {
	case 2, 4, 6, 9:
		f = fault.Told("territory.anomaly.code_short", len(s))
		s = division.Pad(s)
	case division.CodeDigits, division.GroupDigits, division.GroupDigits + 1:
	default:
		return 0, 0, fault.Wrong("territory.anomaly.code_length", len(s))
	}
	return finishCode(s, f)
}

func finishCode(s string, f fault.Finding) (int64, division.Level, fault.Finding) {
	if s[0] == '0' {
		return 0, 0, fault.Wrong("territory.anomaly.code_zero")
	}
	code, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, 0, fault.Wrong("territory.anomaly.code_digits")
	}
	if len(s) > division.CodeDigits {
		return code, division.Group, f
	}
	l, err := division.LevelOf(s)
	if err != nil {
		return 0, 0, fault.Wrong("territory.anomaly.code_digits")
	}
	return code, l, f
}

func plainDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// scientific reports whether a spreadsheet has turned a code into 5.00102E+11.
func scientific(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E")
	return ok && plainDigits(strings.Replace(mantissa, ".", "", 1)) &&
		plainDigits(strings.TrimLeft(exponent, "+-"))
}

// name reads the row's name; false: the row is refused.
func (r *reader) name(d *draft, text string) bool {
	if plainName(text) { // nearly every one
		d.Name = text
		return true
	}
	name := strings.TrimFunc(text, func(c rune) bool {
		return unicode.IsSpace(c) || unicode.In(c, unicode.Cf)
	})
	line := int(d.Line)
	if name == "" {
		r.refuse(fault.Wrong("territory.anomaly.name_empty"), line, "name", CodeText(d.Code))
		return false
	}
	if name != text || strings.ContainsFunc(name, unicode.IsSpace) {
		r.add(fault.Told("territory.anomaly.name_space"), line, "name", text)
	}
	if Unreadable(name) {
		r.add(fault.Doubt("territory.anomaly.name_unreadable", CodeText(d.Code)), line, "name", name)
	}
	if placeholder(name) {
		r.add(fault.Doubt("territory.anomaly.name_placeholder", CodeText(d.Code)), line, "name", name)
	}
	if utf8.RuneCountInString(name) > NameMax {
		r.add(fault.Doubt("territory.anomaly.name_long", NameMax), line, "name", name)
		name = string([]rune(name)[:NameMax])
	}
	d.Name = strings.ToValidUTF8(name, "\ufffd")
	return true
}

// plainName reports whether a name is a few ideographs none of which begins a placeholder.
func plainName(text string) bool {
	count := 0
	for _, r := range text {
		switch r {
		case '虚', '待', '暂', '未', '无', '模', '空', '其', '测':
			return false
		}
		if r < 0x4e00 || r > 0x9fff {
			return false
		}
		count++
	}
	return count > 0 && count <= NameMax
}

// placeholders are parts of names that stand for a place which is not there.
var placeholders = []string{"虚拟", "待定", "暂定", "未定", "未命名", "无名称", "暂无", "模拟", "虚镇", "空白"}

// nothings are whole names that say nothing.
var nothings = []string{"无", "空", "-", "--", "—", "/", "\\", ".", "0", "NULL", "NONE", "NIL", "NA", "N/A",
	"#N/A",
	"NAN", "未知", "其他", "测试", "***", "*"}

// placeholder reports whether a name stands for none. Grouping nodes (市辖区, 县) are no placeholders.
func placeholder(name string) bool {
	folded := Fold(name)
	for _, p := range placeholders {
		if strings.Contains(folded, p) {
			return true
		}
	}
	if slices.Contains(nothings, folded) || len(folded) > 1 && strings.Trim(folded, "X") == "" {
		return true // 无, N/A, a row of crosses …
	}
	return !strings.ContainsFunc(folded, func(c rune) bool { return unicode.IsLetter(c) || unreadable(c) })
}
