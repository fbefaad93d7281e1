package form

import (
	"regexp"
	"strings"
	"sync"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/rule"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Kind is what a field holds and how it is written.
type Kind string

// The kinds.
const (
	Text         Kind = "text"
	Long         Kind = "long"          // text of several lines
	Integer      Kind = "integer"       // a count
	Money        Kind = "money"         // yuan with two places, held in fen
	AreaMu       Kind = "area_mu"       // mu with two places, held in 0.01 m²
	AreaM2       Kind = "area_m2"       // m² with two places, held in 0.01 m²
	Quantity     Kind = "quantity"      // two places, held in hundredths
	Percent      Kind = "percent"       // two places, held in hundredths of a percent
	Date         Kind = "date"          // a civil day
	Choice       Kind = "choice"        // a code of a code list
	Flag         Kind = "check"         // yes or no
	PlaceCode    Kind = "place"         // a place's code or name; the module looks it up
	Code         Kind = "code"          // an identifier: certificate, contract, parcel
	CreditCode   Kind = "credit_code"   // unified social credit code
	ResidentCode Kind = "resident_code" // resident identity number
)

// kindOf is what there is to know of a kind.
type kindOf struct {
	rule   rule.Kind
	input  string // the block "field" shows it as
	places int
	unit   string // dictionary key
	length int    // most characters, of a text
	// read makes a value of trimmed text that is not empty; problem is "" or what is wrong.
	read  func(f *Field, text string, c *Context) (v value, problem string)
	plain func(v value) string // as files and input fields hold it
	shown func(v value) string // as people read it; nil: plain
}

// Lengths of texts in characters.
const (
	textLength   = 200
	longLength   = 4000
	codeLength   = 64
	numberLength = 64
)

func number(places int, unit string) *kindOf {
	return &kindOf{rule: rule.Int, input: "text", places: places, unit: unit,
		length: numberLength, read: readNumber,
		plain: func(v value) string { return decimal.Format(v.number, places) },
		shown: func(v value) string { return decimal.Grouped(v.number, places) }}
}

func text(input string, length int, read func(*Field, string, *Context) (value, string)) *kindOf {
	return &kindOf{rule: rule.Text, input: input, length: length, read: read,
		plain: func(v value) string { return v.text }}
}

var kinds = sync.OnceValue(func() map[Kind]*kindOf {
	mu := number(2, "form.unit.mu")
	mu.read = readMu
	mu.plain = func(v value) string { return area.Area(v.number).PlainMu() }
	mu.shown = func(v value) string { return area.Area(v.number).Mu() }
	return map[Kind]*kindOf{
		Text:         text("text", textLength, readText),
		Long:         text("long", longLength, readText),
		Integer:      number(0, ""),
		Money:        number(2, "form.unit.yuan"),
		AreaMu:       mu,
		AreaM2:       number(2, "form.unit.m2"),
		Quantity:     number(2, ""),
		Percent:      number(2, "form.unit.percent"),
		Date:         text("date", codeLength, readDate),
		Choice:       text("choice", textLength, readChoice),
		PlaceCode:    text("text", textLength, readText),
		Code:         text("text", codeLength, readText),
		CreditCode:   text("text", codeLength, readCredit),
		ResidentCode: text("text", codeLength, readResident),
		Flag: {rule: rule.Bool, input: "check", length: codeLength, read: readFlag,
			plain: func(v value) string { return [2]string{"0", "1"}[v.number&1] }},
	}
})

// readNumber reads a number of the kind's places. The field's own unit may stand behind it.
func readNumber(f *Field, text string, _ *Context) (value, string) {
	n, err := decimal.Parse(withoutUnit(f, text), f.kind.places)
	return value{state: given, number: n}, numberProblem(err)
}

func readMu(f *Field, text string, _ *Context) (value, string) {
	a, err := area.ParseMu(withoutUnit(f, text))
	return value{state: given, number: int64(a)}, numberProblem(err)
}

func numberProblem(err error) string {
	switch err {
	case nil:
		return ""
	case decimal.ErrPrecise:
		return "places"
	case decimal.ErrRange:
		return "range"
	}
	return "number"
}

// withoutUnit takes the field's own unit off: "12.5亩" in a field of mu, and the sign of yuan before an
// amount. Any other unit stays and is refused as no number: nobody converts 万元 silently.
func withoutUnit(f *Field, text string) string {
	s := decimal.Normal(text)
	if f.Kind == Money {
		s = strings.TrimSpace(strings.TrimLeft(s, "¥￥"))
	}
	unit := f.unit()
	for _, u := range []string{unit.Chinese, unit.English} {
		if u != "" && len(s) > len(u) && strings.HasSuffix(s, u) {
			return strings.TrimSpace(strings.TrimSuffix(s, u))
		}
	}
	return s
}

func readText(_ *Field, text string, _ *Context) (value, string) {
	if strings.ContainsFunc(text, unreadable) {
		return value{}, "characters"
	}
	return value{state: given, text: text}, ""
}

// unreadable are characters that stand for damage: the replacement character and control codes.
func unreadable(r rune) bool {
	return r == '\ufffd' || r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f
}

func readCredit(_ *Field, text string, _ *Context) (value, string) {
	code, err := identifier.ParseCredit(text)
	if err != nil {
		return value{}, "credit_code"
	}
	return value{state: given, text: string(code)}, ""
}

func readResident(_ *Field, text string, c *Context) (value, string) {
	today := c.On
	if today == "" {
		today = period.Open.AddDays(-1)
	}
	number, err := identifier.ParseResident(text, today)
	if err != nil {
		return value{}, "resident_code"
	}
	return value{state: given, text: string(number)}, ""
}

func readChoice(f *Field, text string, c *Context) (value, string) {
	e, ok := f.codes.Find(text, c.On)
	if !ok {
		return value{}, "choice"
	}
	return value{state: given, text: string(e.Code)}, ""
}

// dateSeparators are the ways people write a day; all mean year, month, day.
var dateSeparators = strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-", " ", "")

// dayTime is the time of day that programs write behind a day.
var dayTime = regexp.MustCompile(`[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$`)

func readDate(_ *Field, text string, _ *Context) (value, string) {
	s := dateSeparators.Replace(dayTime.ReplaceAllString(decimal.Normal(text), ""))
	if len(s) == 8 && !strings.Contains(s, "-") {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	parts := strings.Split(s, "-")
	if len(parts) != 3 || len(parts[0]) != 4 {
		return value{}, "date"
	}
	for i := 1; i < 3; i++ {
		if len(parts[i]) == 1 {
			parts[i] = "0" + parts[i]
		}
	}
	day, err := period.ParseDate(strings.Join(parts, "-"))
	if err != nil {
		return value{}, "date"
	}
	return value{state: given, text: string(day)}, ""
}

var flags = map[string]int64{"1": 1, "是": 1, "有": 1, "对": 1, "√": 1, "✓": 1, "✔": 1, "y": 1, "yes": 1,
	"true": 1, "on": 1, "0": 0, "否": 0, "无": 0, "没有": 0, "不是": 0, "×": 0, "✗": 0, "n": 0, "no": 0,
	"false": 0, "off": 0}

func readFlag(_ *Field, text string, _ *Context) (value, string) {
	n, ok := flags[Fold(text)]
	if !ok {
		return value{}, "check"
	}
	return value{state: given, number: n}, ""
}

// word gives an entry of this package's own texts in every language.
func word(key string) locale.Words { return words().Words(key) }

var words = sync.OnceValue(func() *locale.Dictionary {
	d, err := locale.Load(Texts)
	if err != nil {
		panic(err) // the file is embedded and a test reads it
	}
	return d
})
