package statement

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/pure/money"
)

// TestAmountsAsPeopleWriteThem: however a fen is written, it is read as the same fen.
func TestAmountsAsPeopleWriteThem(t *testing.T) {
	f := plain()
	wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６",
		"7", "７", "8", "８", "9", "９", ",", "，", ".", "．", "-", "－", "(", "（", ")", "）")
	rapid.Check(t, func(t *rapid.T) {
		fen := money.Fen(rapid.Int64Range(1, 1e15).Draw(t, "fen"))
		text := rapid.SampledFrom([]string{fen.String(), fen.Plain()}).Draw(t, "separators")
		want := fen
		switch rapid.IntRange(0, 4).Draw(t, "sign") {
		case 0:
			text, want = "-"+text, -fen
		case 1:
			text, want = text+"-", -fen
		case 2:
			text, want = "("+text+")", -fen
		case 3:
			text = "+" + text
		}
		switch rapid.IntRange(0, 3).Draw(t, "currency") {
		case 0:
			text = "¥" + text
		case 1:
			text += " 元"
		case 2:
			text = "人民币 " + text
		}
		if rapid.Bool().Draw(t, "wide") {
			text = wide.Replace(text)
		}
		got, s, there, err := f.money(text, false)
		if got != want || s != silent || !there || err != nil {
			t.Fatalf("%q is read as %s %v", text, got, err)
		}
	})
}

// FuzzRead: no table makes the reader panic, and what it reads adds up to lines and findings.
func FuzzRead(f *testing.F) {
	f.Add("交易日期|借方|贷方|余额\n2025-03-01||1,000.00|1,000.00\n合计|0|1,000.00")
	f.Add("户名：张三 账号：\n期初余额|承前页\n交易日期|借方|贷方\n45717|(-1)|--")
	f.Add("İ户名：：账号\n交易日期(|借方[|贷方【|余额/")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		rows := table(strings.Split(text, "\n")...)
		s := Read(plain(), "", rows, Expectation{Holders: []string{"天台村"}, Number: "1234",
			Today: "2026-01-01"})
		if len(s.Lines) > len(rows) {
			t.Fatalf("%d lines of %d rows", len(s.Lines), len(rows))
		}
		for i := 1; i < len(s.Lines); i++ {
			if s.Lines[i].Date < s.Lines[i-1].Date && !s.Stops() {
				t.Fatal("the lines are out of order")
			}
		}
		if len(s.Lines) > 0 && !s.Stops() {
			for _, known := range Known(s.Lines, s.Lines) {
				if !known {
					t.Fatal("the same file again brings a new line")
				}
			}
		}
	})
}
