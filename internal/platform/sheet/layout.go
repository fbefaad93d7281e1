package sheet

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/platform/form"
)

// templateStyles are the styles of a template: of the head, and for entry and locked cells one for
// each number format.
type templateStyles struct {
	title, soft, heading int
	entry, locked        map[string]int // number format → style
}

// The number formats of a template. Everything that is no number is text, so that codes keep their
// zeros.
const (
	textFormat    = "@"
	wholeFormat   = "#,##0"
	decimalFormat = "#,##0.00"
	dateFormat    = "yyyy-mm-dd"
)

func formatOf(f *form.Field) string {
	switch {
	case f.Numeric() && f.Places() == 0:
		return wholeFormat
	case f.Numeric():
		return decimalFormat
	case f.Kind == form.Date:
		return dateFormat
	}
	return textFormat
}

func newTemplateStyles(book *excelize.File) (templateStyles, error) {
	s := templateStyles{entry: map[string]int{}, locked: map[string]int{}}
	var border []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "B9C2BC", Style: 1})
	}
	green := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6EFE9"}}
	grey := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EFEFEF"}}
	locked := &excelize.Protection{Locked: true}
	open := &excelize.Protection{Locked: false}
	type wanted struct {
		into  *int
		style excelize.Style
	}
	all := []wanted{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}}},
		{&s.soft, excelize.Style{Font: &excelize.Font{Color: "6B7479"}}},
		{&s.heading, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: green, Border: border,
			Alignment:  &excelize.Alignment{WrapText: true, Vertical: "center", Horizontal: "center"},
			Protection: locked}},
	}
	for _, w := range all {
		id, err := book.NewStyle(&w.style)
		if err != nil {
			return s, err
		}
		*w.into = id
	}
	for _, format := range []string{textFormat, wholeFormat, decimalFormat, dateFormat} {
		var err error
		if s.entry[format], err = book.NewStyle(&excelize.Style{CustomNumFmt: &format, Border: border,
			Protection: open}); err != nil {
			return s, err
		}
		if s.locked[format], err = book.NewStyle(&excelize.Style{CustomNumFmt: &format, Border: border,
			Fill: grey, Protection: locked}); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s templateStyles) of(f *form.Field, locked bool) int {
	if locked {
		return s.locked[formatOf(f)]
	}
	return s.entry[formatOf(f)]
}

// page sets how the sheet prints – A4, landscape, as wide as the paper, headings on every page – and
// protects its locked cells. There is no password: the lock is against slips, not against people.
func (w *templateWriter) page() error {
	yes, a4, wide, high, landscape := true, 9, 1, 0, "landscape"
	footer := "&L" + strings.ReplaceAll(w.OrganisationName+" "+w.Period, "&", "&&") + "&R&P / &N"
	for _, err := range []error{
		w.book.SetSheetProps(w.sheet, &excelize.SheetPropsOptions{FitToPage: &yes}),
		w.book.SetPageLayout(w.sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape,
			FitToWidth: &wide, FitToHeight: &high}),
		w.book.SetHeaderFooter(w.sheet, &excelize.HeaderFooterOptions{OddFooter: footer}),
		w.book.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: w.sheet,
			RefersTo: fmt.Sprintf("'%s'!$%d:$%d", w.sheet, headingRow, headingRow)}),
		w.book.ProtectSheet(w.sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true,
			SelectUnlockedCells: true, FormatColumns: true, FormatRows: true, InsertRows: true,
			DeleteRows: true, Sort: true, AutoFilter: true}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// columns sets widths and formats; rows that are added below can be filled in and have the formats.
func (w *templateWriter) columns(stream *excelize.StreamWriter) error {
	n := len(w.Form.Fields)
	for i := range w.Form.Fields {
		f := &w.Form.Fields[i]
		if err := stream.SetColWidth(i+1, i+1, widthOf(f, w.headings()[i])); err != nil {
			return err
		}
		if err := stream.SetColStyle(i+1, i+1, w.styles.of(f, false)); err != nil {
			return err
		}
	}
	if err := stream.SetColVisible(n+1, n+2, false); err != nil {
		return err
	}
	return stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: headingRow,
		TopLeftCell: fmt.Sprintf("B%d", firstRow), ActivePane: "bottomRight"})
}

// widths of columns in characters, by kind.
var widths = map[form.Kind]float64{form.Text: 24, form.Long: 36, form.Integer: 10, form.Money: 16,
	form.AreaMu: 12, form.AreaM2: 14, form.Quantity: 12, form.Percent: 10, form.Date: 12, form.Choice: 14,
	form.Flag: 8, form.PlaceCode: 18, form.Code: 20, form.CreditCode: 22, form.ResidentCode: 22}

// widthOf leaves room for the heading in two lines; a Chinese character is two wide.
func widthOf(f *form.Field, heading string) float64 {
	wide := len(heading) - utf8.RuneCountInString(heading) // two bytes more for each Chinese character
	return max(widths[f.Kind], float64(utf8.RuneCountInString(heading)+wide/2)/2+2)
}

// listMax is the number of characters that a drop-down may hold in the sheet itself.
const listMax = 250

// validation gives a column its drop-down, or its bounds.
func (w *templateWriter) validation(i int) error {
	f := &w.Form.Fields[i]
	rule := excelize.NewDataValidation(true)
	rule.SetSqref(fmt.Sprintf("%s%d:%s%d", letters(i), firstRow, letters(i), enteredLast))
	var err error
	switch {
	case f.CodeList() != nil:
		err = w.dropDown(rule, f)
	case f.Kind == form.Flag:
		err = rule.SetDropList([]string{w.text("form.yes"), w.text("form.no")})
		rule.SetError(excelize.DataValidationErrorStyleStop, f.Label.In(w.Language), w.text("form.flag",
			f.Label))
	case f.Numeric():
		err = rule.SetRange(-numberMax, numberMax, excelize.DataValidationTypeDecimal,
			excelize.DataValidationOperatorBetween)
		rule.SetError(excelize.DataValidationErrorStyleStop, f.Label.In(w.Language), w.text("form.number",
			f.Label))
	default:
		if !f.Help.Whole() {
			return nil
		}
	}
	if err != nil {
		return err
	}
	if f.Help.Whole() {
		rule.SetInput(f.Label.In(w.Language), f.Help.In(w.Language))
	}
	return w.book.AddDataValidation(w.sheet, rule)
}

// numberMax bounds what a spreadsheet program lets be typed; the form's own bounds are checked when
// the file is read, with a better explanation.
const numberMax = 1e13

// short reports whether a drop-down can hold the choices itself. A comma would split one in two.
func short(texts []string) bool {
	length := 0
	for _, text := range texts {
		length += utf8.RuneCountInString(text) + 1
		if strings.Contains(text, ",") {
			return false
		}
	}
	return length <= listMax
}

// dropDown offers the choices: in the cell itself if they are short, else from the hidden sheet.
func (w *templateWriter) dropDown(rule *excelize.DataValidation, f *form.Field) error {
	rule.SetError(excelize.DataValidationErrorStyleStop, f.Label.In(w.Language), w.text("sheet.choice",
		f.Label, f.CodeList().Title))
	texts := f.Choices(w.Language, w.On)
	if short(texts) {
		return rule.SetDropList(texts)
	}
	column := letters(w.lists[f.Codes])
	rule.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", codesSheet, column, column, len(texts)))
	return nil
}
