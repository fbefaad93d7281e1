package bookfiles

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestUnseenWorkbooks are workbooks of kinds that testdata/dirty does not hold: each is read rightly or named
// by its cell, and no book moves.
func TestUnseenWorkbooks(t *testing.T) {
	titles := []any{"日期", "凭证字号", "摘要", "会计科目", "借方金额", "贷方金额"}
	rent := func(debit, credit any) [][]any {
		return [][]any{titles, {"2025-03-05", "记-1", "收租金", "101", debit, nil},
			{nil, nil, nil, "501", nil, credit}}
	}
	cases := map[string]struct {
		rows [][]any
		make func(f *excelize.File) error
		want []string // parts of what becomes of it
	}{
		"characters without width": {rows: [][]any{titles,
			{"2025-03-05\u200b", "记\u200d-1", "收租金", "\ufeff101\u00a0库存现金", "\u00a03,000.00\u200b", nil},
			{nil, nil, nil, "501\u2060", nil, "３，０００．００"}},
			want: []string{"2 rows, 0 errors", "2025-03-05 记-1 收租金", "101 3,000.00", "501 -3,000.00"}},
		"blanks within a day": {rows: [][]any{titles, {"2025 年 3 月 5 日", "记-1", "收租金", "101", 5, nil},
			{"2025 - 03 - 05", "记-1", nil, "501", nil, 5}},
			want: []string{"2 rows, 0 errors", "2025-03-05 记-1"}},
		"a ticked box for an amount": {rows: rent(true, 1),
			want: []string{"bookfiles.no_number E2 \"TRUE\""}},
		"a hidden column": {rows: rent(7, 7),
			make: func(f *excelize.File) error { return f.SetColVisible("Sheet1", "F", false) },
			want: []string{"0 errors", "sheet.hidden_column F1", "501 -7.00"}},
		"说明 for 摘要": {rows: [][]any{{"业务日期", "凭证号", "说明", "科目", "借方", "贷方"},
			{"2025-03-05", "记1", "收租金", "101", 5, nil}, {"2025-03-05", "记1", "收租金", "501", nil, 5}},
			want: []string{"0 errors", "bookfiles.summary_note", "2025-03-05 记-1 收租金"}},
	}
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		before := fmt.Sprint(x.Balances(b))
		n := 0
		for name, c := range cases {
			f := excelize.NewFile()
			for i, row := range c.rows {
				x.must(f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row))
			}
			if c.make != nil {
				x.must(c.make(f))
			}
			body, err := f.WriteToBuffer()
			x.must(err)
			n++
			got := x.outcome(b, fmt.Sprint("unseen-", n, ".xlsx"), body.Bytes())
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%s: no %q in\n%s", name, want, got)
				}
			}
		}
		if after := fmt.Sprint(x.Balances(b)); after != before {
			t.Errorf("balances moved from %s to %s", before, after)
		}
	})
}
