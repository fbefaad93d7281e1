package statement

import (
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// plain is a format as a test would write one.
func plain() *Format {
	return &Format{Key: "plain", Columns: map[Part][]string{
		Date: {"交易日期", "Date"}, Outflow: {"借方", "支出金额"}, Inflow: {"贷方", "收入金额"}, BalanceColumn: {"余额"},
		Counterparty: {"对方户名"}, Purpose: {"摘要", "用途"}, Serial: {"流水号"}, Currency: {"币种"},
		CounterpartyAccount: {"对方账号"}, Outcome: {"状态"}},
		Facts: map[Part][]string{Holder: {"户名", "账户名称"}, AccountNumber: {"账号"},
			OpeningBalance: {"期初余额"}, ClosingBalance: {"期末余额"}},
		In: []string{"贷"}, Out: []string{"借"}, Totals: []string{"合计"}, Skip: []string{"打印", "经办"},
		OpeningRows: []string{"承前页", "期初余额"}, Failed: []string{"失败"}}
}

func table(rows ...string) []Row { return Example{Rows: rows}.table() }

// lines are the lines as examples write them.
func lines(s Statement) string {
	var all []string
	for _, l := range s.Lines {
		all = append(all, l.String())
	}
	return strings.Join(all, "; ")
}

// finds are the keys of findings that are no notes, with row and column.
func finds(s Statement, least fault.Severity) string {
	var all []string
	for _, f := range s.Findings {
		if f.Severity == fault.Note && least != fault.Note {
			continue
		}
		all = append(all, strings.TrimPrefix(f.Key, "banking.read.")+"@"+f.Column+
			string(rune('0'+f.Row/10))+string(rune('0'+f.Row%10)))
	}
	return strings.Join(all, " ")
}

func TestDirtyTables(t *testing.T) {
	for _, c := range []struct {
		name         string
		rows         []string
		lines, found string
		least        fault.Severity
		change       func(*Format)
		want         Expectation
	}{
		{name: "full width, blanks, 元, minus behind, brackets", rows: []string{"交易日期|借方|贷方|余额|摘要",
			"２０２５－０３－０１||１，２３４．５０ 元|1,234.50|租金", "2025/3/2| ¥ 1 000.00||234.50|电费",
			"2025.3.3|34.50-||269.00|冲正", "2025年3月4日|(31.00)||300.00|冲正"},
			lines: "2025-03-01 1234.50 1234.50 租金; 2025-03-02 -1000.00 234.50 电费; " +
				"2025-03-03 34.50 269.00 冲正; 2025-03-04 31.00 300.00 冲正"},
		{name: "headings in two rows", rows: []string{"天台村股份经济合作联合社对账单", "交易日期|发生额||余额", "|借方|贷方|",
			"2025-03-01||5.00|5.00"}, lines: "2025-03-01 5.00 5.00",
			change: func(f *Format) {
				f.Columns[Outflow], f.Columns[Inflow] = []string{"发生额借方", "借方"}, []string{"发生额贷方"}
			}},
		{name: "totals, head again, signatures, failed, carried", rows: []string{"交易日期|借方|贷方|余额|摘要|状态",
			"承前页|||100.00", "2025-03-01||5.00|105.00||成功", "2025-03-01||5.00|105.00||失败",
			"交易日期|借方|贷方|余额|摘要|状态",
			"2025-03-02|7.00||98.00||成功", "合计|7.00|5.00", "经办：某  打印时间：2025-04-01"},
			lines: "2025-03-01 5.00 105.00; 2025-03-02 -7.00 98.00", least: fault.Note,
			found: "carried@02 failed@04 head_again@05 skipped@08 total@07"},
		{name: "a total that differs", rows: []string{"交易日期|借方|贷方|余额", "2025-03-01||5.00|5.00",
			"合计|0.00|6.00"},
			lines: "2025-03-01 5.00 5.00", found: "total_differs@C03"},
		{name: "newest first", rows: []string{"交易日期|借方|贷方|余额", "2025-03-02|7.00||98.00",
			"2025-03-01||5.00|105.00"},
			lines: "2025-03-01 5.00 105.00; 2025-03-02 -7.00 98.00"},
		{name: "one day in another order", rows: []string{"期初余额：100.00", "交易日期|借方|贷方|余额",
			"2025-03-01|7.00||98.00", "2025-03-01||5.00|105.00"},
			lines: "2025-03-01 5.00 105.00; 2025-03-01 -7.00 98.00"},
		{name: "breaks", rows: []string{"期初余额：100.00  期末余额：90.00", "交易日期|借方|贷方|余额",
			"2025-03-01||5.00|106.00",
			"2025-03-02|7.00||98.00"}, lines: "2025-03-01 5.00 106.00; 2025-03-02 -7.00 98.00",
			found: "break@D03 break@D04 closing@01"},
		{name: "what cannot be read", rows: []string{"交易日期|借方|贷方|余额|币种", "2025-02-30||5.00|5.00",
			"2025-03-01|3|5.00|5.00",
			"2025-03-01||5.001|5.00", "2025-03-01||5,00|5.00", "2025-03-01||abc|5.00", "2025-03-01|||5.00",
			"|  |5.00|5.00",
			"2025-03-01||5.00|5.00|美元", "2025-03-01||1-2|5"},
			found: "date@A02 both@B03 precise@C04 amount@C05 amount@C06 no_amount@C07 no_date@A08 " +
				"currency@E09 amount@C10 no_lines@00"},
		{name: "a row of text", rows: []string{"交易日期|借方|贷方", "2025-03-01||5.00", "莫名其妙的一行"},
			lines: "2025-03-01 5.00", found: "no_line@03"},
		{name: "nothing moved", rows: []string{"交易日期|借方|贷方", "2025-03-01|0.00|0.00", "2025-03-01||5.00"},
			lines: "2025-03-01 5.00", found: "nothing_moved@02", least: fault.Note},
		{name: "no headings", rows: []string{"甲|乙|丙", "2025-03-01||5.00"}, found: "no_head@00"},
		{name: "two columns of one kind", rows: []string{"交易日期|借方|贷方|贷方", "2025-03-01||5.00|6.00"},
			lines: "2025-03-01 5.00", found: "column_twice@D01"},
		{name: "another unit", rows: []string{"交易日期|借方（万元）|贷方（万元）", "2025-03-01||5.00"},
			lines: "2025-03-01 5.00",
			found: "unit@B01 unit@C01"},
		{name: "a day to come", rows: []string{"交易日期|借方|贷方", "2025-03-09||5.00"},
			want:  Expectation{Today: "2025-03-08"},
			found: "future@A02 no_lines@00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := plain()
			if c.change != nil {
				c.change(f)
			}
			s := Read(f, "", table(c.rows...), c.want)
			if got := lines(s); got != c.lines {
				t.Errorf("lines:\n got %s\nwant %s", got, c.lines)
			}
			if got := finds(s, c.least); got != c.found {
				t.Errorf("findings:\n got %s\nwant %s", got, c.found)
			}
		})
	}
}

// TestOtherConventions: decimal commas, a unit of fen, inverted signs, positions without headings,
// months in words, words beside amounts.
func TestOtherConventions(t *testing.T) {
	base := map[Part][]string{Date: {"Date"}, Amount: {"Amount"}, BalanceColumn: {"Balance"},
		Direction: {"D/C"}}
	signed := map[Part][]string{Date: {"Date"}, Amount: {"Amount"}, BalanceColumn: {"Balance"}}
	for _, c := range []struct {
		name   string
		format Format
		rows   []string
		want   string
	}{
		{"decimal comma", Format{Columns: signed, Decimal: ",", Dates: []string{"dd.MM.yyyy"}},
			[]string{"Date|Amount|Balance", "01.03.2025|1.234,50|1.234,50"}, "2025-03-01 1234.50 1234.50"},
		{"fen", Format{Columns: signed, Unit: "fen"}, []string{"Date|Amount|Balance",
			"20250301|12345|12345"},
			"2025-03-01 123.45 123.45"},
		{"ten thousand", Format{Columns: signed, Unit: "ten_thousand"},
			[]string{"Date|Amount", "20250301|1.2345"}, "2025-03-01 12345.00"},
		{"inverted", Format{Columns: signed, Amounts: Inverted}, []string{"Date|Amount", "20250301|5"},
			"2025-03-01 -5.00"},
		{"positions", Format{Positions: map[Part]string{Date: "B", Amount: "A"}, FirstRow: 2},
			[]string{"whatever", "7.00|2025-03-01"}, "2025-03-01 7.00"},
		{"months in words", Format{Columns: signed, Dates: []string{"d-MMM-yy"}},
			[]string{"Date|Amount", "1-Mar-25|5"}, "2025-03-01 5.00"},
		{"time behind the day", Format{Columns: signed}, []string{"Date|Amount", "20250301120501|5",
			"2025-03-01 12:05:01|6"}, "2025-03-01 5.00; 2025-03-01 6.00"},
		{"words of directions", Format{Columns: base, In: []string{"C", "贷"}, Out: []string{"D", "借"}},
			[]string{"Date|Amount|D/C", "20250301|5|c", "20250301|6|借", "20250301|DR 7|"},
			"2025-03-01 5.00; 2025-03-01 -6.00; 2025-03-01 -7.00"},
	} {
		if s := Read(&c.format, "", table(c.rows...), Expectation{}); lines(s) != c.want || s.Stops() {
			t.Errorf("%s: %s %v", c.name, lines(s), s.Findings)
		}
	}
}

// TestCellsOfWorkbooks: days as numbers, merged days, numbers that lost digits.
func TestCellsOfWorkbooks(t *testing.T) {
	rows := table("交易日期|借方|贷方|余额|流水号")
	rows = append(rows,
		Row{Number: 2, Cells: []Cell{{Column: 0, Text: "45717", Number: true, Serial: "2025-03-01"},
			{Column: 2, Text: "5.5", Number: true}, {Column: 4, Text: "20250301000000000000", Number: true,
				Lost: true}}},
		Row{Number: 3, Cells: []Cell{{Column: 0, Text: "45718", Number: true, Day: "2025-03-02"},
			{Column: 1, Text: "2", Number: true}}},
		Row{Number: 4, Cells: []Cell{{Column: 0, Text: "45718", Number: true, Day: "2025-03-02",
			Merged: true},
			{Column: 1, Text: "3", Number: true}}},
		Row{Number: 5, Cells: []Cell{{Column: 0, Text: "2025-03-03"}, {Column: 1, Text: "#REF!",
			Empty: true}}})
	s := Read(plain(), "", rows, Expectation{})
	if got := lines(s); got != "2025-03-01 5.50; 2025-03-02 -2.00; 2025-03-02 -3.00" {
		t.Error(got)
	}
	if got := finds(s, fault.Note); got != "date_number@A02 serial_lost@E02 no_value@B05" {
		t.Error(got)
	}
	if s.Lines[0].Serial != "" {
		t.Error("a number without its last digits was taken")
	}
}

func TestWhoseAccount(t *testing.T) {
	own := []string{"天台村股份经济合作联合社"}
	for _, c := range []struct {
		head, found string
		number      string
	}{
		{"户名：天台村股份经济合作联合社  账号：62220000001234", "", "00001234"},
		{"户名：白涛镇天台村股份经济合作联合社", "", ""},
		{"户名|张三丰", "personal@00", ""},
		{"账户名称: 白涛镇三资代理中心", "other_holder@00", ""},
		{"账号：6222****9999", "other_account@01", "1234"},
	} {
		s := Read(plain(), "", table(c.head, "交易日期|借方|贷方", "2025-03-01||5.00"),
			Expectation{Holders: own, Number: c.number})
		if got := finds(s, fault.Warning); got != c.found {
			t.Errorf("%s: %s", c.head, got)
		}
	}
	for name, person := range map[string]bool{"张三": true, "欧阳某某": true, "天台村": false, "供销社": false,
		"阿不都·热合曼": true, "甲乙丙丁戊": false} {
		if IsPerson(name) != person {
			t.Errorf("%s: %v", name, !person)
		}
	}
}

func TestBestFit(t *testing.T) {
	a, b := plain(), plain()
	b.Key, b.Fallback = "general", true
	b.Columns[Purpose] = append(b.Columns[Purpose], "附言")
	rows := table("交易日期|借方|贷方|余额|附言", "2025-03-01||5.00|5.00")
	var fits []Fit
	for _, f := range []*Format{b, a} {
		fit, found := FitOf(f, "", rows)
		if !found {
			t.Fatal(f.Key)
		}
		fits = append(fits, fit)
	}
	best, equals, _ := Best(fits)
	if best.Format != a || len(equals) != 0 {
		t.Errorf("%s %v", best.Format.Key, equals)
	}
	c := plain()
	c.Key = "twin"
	twin, _ := FitOf(c, "", rows)
	if _, equals, _ = Best(append(fits, twin)); len(equals) != 1 {
		t.Error("two formats that fit alike are not told")
	}
	if _, found := FitOf(a, "", table("甲|乙")); found {
		t.Error("it fits what it is not")
	}
}

func TestFormatCheck(t *testing.T) {
	f := Format{Key: "x", Columns: map[Part][]string{Date: {"d"}, "colour": {"c"}},
		Dates:   []string{"yyyy-MM"},
		Decimal: ",", Thousands: ",", Unit: "ounce"}
	var keys []string
	for _, p := range f.Check() {
		keys = append(keys, p.What)
	}
	for _, want := range []string{"amount", "columns: colour", "dates: yyyy-MM", "decimal, thousands",
		"unit: ounce", "x"} {
		if !slices.Contains(keys, want) {
			t.Errorf("%s is not told: %v", want, keys)
		}
	}
}

// TestTheUnitNamedIsTheSameEachTime: of two units in a heading it is always the same that is told.
func TestTheUnitNamedIsTheSameEachTime(t *testing.T) {
	for range 50 {
		if got := (&Format{}).otherUnit(Column{Part: Amount, Heading: "金额(分)(万元)"}); got != "(分)" {
			t.Fatalf("the unit told is %q", got)
		}
	}
}
