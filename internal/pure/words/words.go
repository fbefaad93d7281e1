// Package words holds texts in every language of the program, for what packs and modules name
// themselves: steps of procedures, parameters, measures, roles, the headings of a form. Texts of
// pages stand in the dictionary instead.
package words

// Language is a language of the program.
type Language string

// The languages. A third is a third column in every dictionary file, a line here and a field below.
const (
	Chinese Language = "zh"
	English Language = "en"
)

// Languages lists them in the order of the dictionary's columns; the first is the default.
var Languages = []Language{Chinese, English}

// Tag is the BCP 47 tag for the lang attribute of a page.
func (l Language) Tag() string {
	if l == Chinese {
		return "zh-CN"
	}
	return string(l)
}

// Words is a text in every language.
type Words struct {
	Chinese string `yaml:"zh" json:"zh"`
	English string `yaml:"en" json:"en"`
}

// In is the text in a language.
func (w Words) In(l Language) string {
	if l == English {
		return w.English
	}
	return w.Chinese
}

// Whole reports whether no language is missing.
func (w Words) Whole() bool { return w.Chinese != "" && w.English != "" }

// Each makes a text for each language.
func Each(text func(Language) string) Words {
	return Words{Chinese: text(Chinese), English: text(English)}
}

// Plain is a text that is the same in every language: a figure, the name of a thing.
func Plain(text string) Words { return Words{Chinese: text, English: text} }

// Table is a table of a notice, a print or a workbook.
type Table struct {
	Title   Words     `json:"title"`
	Note    Words     `json:"note,omitzero"`
	Heading []Words   `json:"heading"`
	Number  []bool    `json:"number,omitempty"` // which columns are figures
	Rows    [][]Words `json:"rows"`
	Bold    []int     `json:"bold,omitempty"` // rows of totals
}

// IsNumber reports whether a column holds figures.
func (t Table) IsNumber(column int) bool { return column < len(t.Number) && t.Number[column] }
