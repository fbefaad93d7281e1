package banking

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Where a pack keeps the formats of banks, one a file, and the templates of vouchers.
const (
	formatFiles   = "banks/*.yaml"
	templateFile  = "bank_vouchers.yaml"
	templateList  = "bank_vouchers"
	rowsAtOnceMax = statement.LinesMax + 2_000
)

// Template makes a voucher of a line that says certain words.
type Template struct {
	Key       string            `yaml:"key"`
	Title     words.Words       `yaml:"title"`
	Words     []string          `yaml:"words"`     // any of them in the purpose or the name; none: every line
	Direction string            `yaml:"direction"` // in, out; "" both
	Accounts  map[string]string `yaml:"accounts"`  // of the other side, by chart
	Keeps     bool              `yaml:"keeps"`     // the counterparty stands on the other side
	Mark      string            `yaml:"mark"`
}

func sections() []pack.Section {
	return []pack.Section{
		{Path: formatFiles, Check: checkFormats, Test: tryFormats},
		{Path: templateFile, Check: checkTemplates},
	}
}

// formatsOf are the formats of a pack by key.
func formatsOf(p *pack.Pack) ([]*statement.Format, []fault.Finding) {
	list, findings := pack.Decode[statement.Format](p, formatFiles, "")
	var all []*statement.Format
	for i := range list {
		all = append(all, &list[i])
	}
	slices.SortFunc(all, func(a, b *statement.Format) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return all, findings
}

func checkFormats(p *pack.Pack) []fault.Finding {
	all, findings := formatsOf(p)
	for _, f := range all {
		for _, problem := range f.Check() {
			findings = append(findings, problemOf(f, problem))
		}
	}
	return findings
}

func problemOf(f *statement.Format, p statement.Problem) fault.Finding {
	at := "banks/" + f.Key + ".yaml"
	switch p.Key {
	case "banking.format.title":
		return fault.Wrong("banking.format.title").At(at, 0, "")
	case "banking.format.lacks":
		return fault.Wrong("banking.format.lacks", p.What).At(at, 0, "")
	case "banking.format.word":
		return fault.Wrong("banking.format.word", p.What).At(at, 0, "")
	}
	return fault.Wrong("banking.format.example", p.What).At(at, 0, "")
}

func tryFormats(p *pack.Pack) []fault.Finding {
	all, _ := formatsOf(p)
	var findings []fault.Finding
	for _, f := range all {
		for _, problem := range f.Try() {
			findings = append(findings, problemOf(f, problem))
		}
	}
	return findings
}

func checkTemplates(p *pack.Pack) []fault.Finding {
	list, findings := pack.Decode[Template](p, templateFile, templateList)
	for _, t := range list {
		if !t.Title.Whole() || len(t.Accounts) == 0 || !slices.Contains([]string{"", "in", "out"},
			t.Direction) {
			findings = append(findings, fault.Wrong("banking.template", t.Key).At(templateFile, 0, ""))
		}
	}
	return findings
}

// Formats are the formats of the pack in force.
func (s *Banking) Formats() []*statement.Format { return s.formats }

// format finds a format by its key, or makes one of columns that somebody named.
func (s *Banking) format(key string) (*statement.Format, error) {
	if strings.HasPrefix(key, statement.ByColumnsPrefix) {
		return s.byColumns(key)
	}
	for _, f := range s.formats {
		if f.Key == key {
			return f, nil
		}
	}
	return nil, fault.New(fault.Invalid, "banking.no_format", key)
}

// byColumns is the general format of the pack with columns that somebody named.
func (s *Banking) byColumns(key string) (*statement.Format, error) {
	general := statement.Format{}
	for _, f := range s.formats {
		if f.Fallback {
			general = *f
		}
	}
	f, ok := general.WithColumns(key)
	if !ok {
		return nil, fault.New(fault.Invalid, "banking.mapping", key)
	}
	f.Title = s.host.Dictionary.Words("banking.columns")
	return &f, nil
}

// Reading is a file read as a statement.
type Reading struct {
	statement.Statement
	Guessed bool
}

// Read reads a file in a format, or in the one whose headings fit best.
func (s *Banking) Read(u sheet.Upload, key string, want statement.Expectation) (Reading, error) {
	formats := s.formats
	if key != "" {
		f, err := s.format(key)
		if err != nil {
			return Reading{}, err
		}
		formats = []*statement.Format{f}
	}
	book, err := sheet.Open(u, sheet.Limits{Rows: rowsAtOnceMax})
	if err != nil {
		return Reading{}, err
	}
	best, rows, err := choose(book, formats, key != "")
	if other, there := book.InOtherEncoding(); there && (err == nil || fault.HasKey(err,
		"banking.no_fit")) {
		second, more, wrong := choose(other, formats, key != "")
		decided := err == nil && second.Score == best.Score &&
			strings.EqualFold(best.Format.Encoding, other.Encoding)
		if wrong == nil && (err != nil || second.Score > best.Score || decided) {
			best, rows, err = second, more, nil
			book = other
		}
	}
	if err != nil {
		return Reading{}, err
	}
	r := Reading{Statement: statement.Read(best.Format, best.Sheet, rows, want), Guessed: key == ""}
	if book.Encoding != "" && book.Encoding != "UTF-8" {
		r.Findings = append(r.Findings, fault.Told("sheet.encoded", book.Encoding).At(best.Sheet, 0, ""))
	}
	return r, nil
}

// Told is everything to be said of a reading: the format it was read in, if nobody named it, first.
func (s *Banking) Told(r Reading) []fault.Finding {
	f, err := s.format(r.Format)
	if err != nil || !r.Guessed {
		return r.Findings
	}
	return append([]fault.Finding{fault.Told("banking.guessed", f.Title).At(r.Sheet, 0, "")}, r.Findings...)
}

// choose finds the sheet and the format whose headings fit best. A general format that reads the same money
// and more of what is said of it is taken before that of a bank which the file does not name. Of two formats
// that fit alike and read other lines the general one decides, and without it nobody can say which is meant;
// nor of two sheets.
func choose(book *sheet.Book, formats []*statement.Format, named bool) (statement.Fit, []statement.Row,
	error) {
	rows := map[string][]statement.Row{}
	var fits []statement.Fit
	for _, name := range book.Sheets() {
		list, err := rowsOf(book, name)
		if err != nil {
			return statement.Fit{}, nil, err
		}
		rows[name] = list
		for _, f := range formats {
			if named && len(f.Positions) > 0 && len(list) > 0 {
				fits = append(fits, statement.Fit{Format: f, Sheet: name})
			}
			if fit, found := statement.FitOf(f, name, list); found {
				fits = append(fits, fit)
			}
		}
	}
	best, equals, found := statement.Best(fits)
	if !found {
		return best, nil, unfit(book.Sheets(), formats, rows)
	}
	for _, other := range equals {
		if other.Sheet != best.Sheet {
			return best, nil, fault.New(fault.Conflict, "banking.two_sheets", best.Sheet, other.Sheet)
		}
	}
	fit, err := settle(fits, best, equals, rows[best.Sheet])
	return fit, rows[best.Sheet], err
}

// settle decides between formats that fit a sheet.
func settle(fits []statement.Fit, best statement.Fit, equals []statement.Fit,
	rows []statement.Row) (statement.Fit, error) {
	read := func(f statement.Fit) statement.Statement {
		return statement.Read(f.Format, f.Sheet, rows, statement.Expectation{})
	}
	own := read(best)
	wide, there := general(fits, best)
	if there {
		if w := read(wide); own.Stops() && !w.Stops() || !own.Stops() && sameMoney(own.Lines, w.Lines) {
			return wide, nil
		}
	}
	for _, other := range equals {
		if slices.Equal(own.Lines, read(other).Lines) {
			continue
		}
		if there {
			return wide, nil
		}
		return best, fault.New(fault.Conflict, "banking.two_fit", best.Format.Title, other.Format.Title)
	}
	return best, nil
}

// general is a general format that reads at least as many columns of the same sheet as one that is made for
// a bank whose name the file does not say.
func general(fits []statement.Fit, own statement.Fit) (statement.Fit, bool) {
	for _, f := range fits {
		if f.Format.Fallback && !own.Format.Fallback && !own.Named && f.Sheet == own.Sheet &&
			f.Score >= own.Score {
			return f, true
		}
	}
	return statement.Fit{}, false
}

// sameMoney reports whether two readings have the same days and amounts, whatever they say of them.
func sameMoney(a, b []statement.Line) bool {
	return slices.EqualFunc(a, b, func(a, b statement.Line) bool {
		return a.Row == b.Row && a.Date == b.Date && a.Amount == b.Amount && a.Balance == b.Balance
	})
}

// unfit is the refusal of a file that no format fits: what of the likeliest headings is known, what is
// missing, and at which columns nothing was recognised.
func unfit(sheets []string, formats []*statement.Format, rows map[string][]statement.Row) error {
	best, at, found := statement.Head{}, "", false
	for _, name := range sheets {
		if h, there := statement.Closest(formats, rows[name]); there && (!found ||
			len(h.Columns) > len(best.Columns)) {
			best, at, found = h, name, true
		}
	}
	if !found {
		return fault.New(fault.Invalid, "banking.no_fit")
	}
	var known []string
	for _, c := range best.Columns {
		known = append(known, c.Letter+" "+c.Heading)
	}
	var lacks []any
	for _, p := range best.Lacks() {
		lacks = append(lacks, locale.Word("banking.part."+string(p)))
	}
	var findings []fault.Finding
	for _, c := range best.Unknown {
		findings = append(findings, fault.Told("banking.read.unknown_column").At(at, best.Row,
			c.Letter).Saw(c.Heading))
	}
	return fault.New(fault.Invalid, "banking.no_fit_row", best.Row, strings.Join(known, ", "),
		lacks[0]).With(findings)
}

// rowsOf reads the rows of a sheet as the format's reader wants them.
func rowsOf(book *sheet.Book, name string) ([]statement.Row, error) {
	var all []statement.Row
	for raw, err := range book.Raw(name) {
		if err != nil {
			return nil, err
		}
		row := statement.Row{Number: raw.Number, Hidden: raw.Hidden}
		for _, c := range raw.Cells {
			row.Cells = append(row.Cells, statement.Cell{Column: c.Column, Text: c.Text, Number: c.Number,
				Lost: c.Inexact, Empty: c.Problem != "", Day: c.Day, Serial: c.Serial, Merged: c.Merged})
		}
		all = append(all, row)
	}
	return all, nil
}
