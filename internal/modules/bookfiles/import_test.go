package bookfiles

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func uploaded(name string, content []byte) sheet.Upload {
	return sheet.Upload{Name: name, Content: bytes.NewReader(content), Size: int64(len(content))}
}

// sendFor sends a file into a book.
func (x *site) sendFor(a access.Actor, b ledger.Book, way string, u sheet.Upload) (intake.Intake, error) {
	x.t.Helper()
	of, err := x.files.Named(x.ctx, b.Ref().String())
	x.must(err)
	in, _, err := x.files.Send(x.ctx, intakepage.Sending{Actor: a, About: of, Way: way, Upload: u})
	return in, err
}

// sendAs sends a file into a book as the bookkeeper, and tells what was found: KEY@row, in the
// order of the file.
func (x *site) sendAs(b ledger.Book, way, name string, content []byte) (intake.Intake, string) {
	x.t.Helper()
	in, err := x.sendFor(x.actor("delegated_bookkeeper", "白涛镇"), b, way, uploaded(name, content))
	x.must(err)
	var found []string
	for f, err := range x.host.Intake.All(x.ctx, access.Machine, in, intake.Filter{}) {
		x.must(err)
		if f.Severity != fault.Note || strings.HasPrefix(f.Key, "bookfiles.") {
			found = append(found, fmt.Sprintf("%s@%d%s", strings.TrimPrefix(f.Key, "bookfiles."), f.Row,
				f.Column))
		}
		if text := x.host.Dictionary.Text("en", f.Key, f.Args...); strings.Contains(text, "%!") {
			x.t.Errorf("%s reads %q", f.Key, text)
		}
	}
	return in, strings.Join(found, " ")
}

// take lets a file take effect.
func (x *site) take(in intake.Intake) intake.Intake {
	x.t.Helper()
	in, err := x.host.Intake.Apply(x.ctx, intake.Order{Actor: x.actor("delegated_bookkeeper", "白涛镇"),
		Home:        in.Home,
		ID:          in.ID,
		Explanation: "列不全"})
	x.must(err)
	return in
}

// waiting are the drafts of a book; postedIn the vouchers of a month, as day, word, total and
// lines.
func (x *site) waiting(b ledger.Book) []ledger.Voucher {
	return x.search(ledger.Query{Book: b.Ref(), Open: true})
}

func (x *site) search(q ledger.Query) (list []ledger.Voucher) {
	x.t.Helper()
	q.Limit = 1000
	x.must(x.host.Store.View(x.ctx, func(v *store.View) (err error) {
		list, _, err = ledger.Search(v, q)
		return err
	}))
	return list
}

func (x *site) linesOf(v ledger.Voucher) string {
	x.t.Helper()
	var all []string
	x.must(x.host.Store.View(x.ctx, func(w *store.View) error {
		_, lines, err := ledger.VoucherOf(w, v.Ref())
		for _, l := range lines {
			red := ""
			if l.Red {
				red = "red"
			}
			all = append(all, strings.TrimSpace(fmt.Sprint(l.Account, " ", l.Amount, " ", l.Counterparty,
				" ", red)))
		}
		return err
	}))
	return strings.Join(all, "; ")
}

const head = "日期,凭证字号,摘要,会计科目,借方金额,贷方金额,往来单位或个人,成员,项目,资金来源,资产卡片,备注\n"

// good is two vouchers: one whose rows go on without day and number, one with a red line.
const good = head +
	"2025-03-05,记-1,收鱼塘租金,101 库存现金,\"3,000.00\",,,,,,,\n" +
	",,,内部往来,,3000,王五,,,,,押金\n" +
	"2025-03-06,记-2,存入银行,yhck,１０００.00,,,,,,,\n" +
	"2025-03-06,记-2,存入银行,库存现金,,¥1000,,,,,,\n" +
	"2025-03-07,记-3,更正,113-王五,,(500.00),,,,,,\n" +
	"2025-03-07,记-3,更正,101,红字500,,,,,,,\n" +
	"本月合计,,,,4000,4000,,,,,,\n"

func TestVouchersEnterAsDraftsOnce(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		in, found := x.sendAs(b, "vouchers", "三月.csv", []byte(good))
		if in.Errors != 0 || found != "read_as@4D sum_row@8" {
			t.Fatalf("found %d errors: %s", in.Errors, found)
		}
		if n := len(x.waiting(b)); n != 0 {
			t.Fatalf("checking entered %d drafts", n)
		}
		in = x.take(in)
		if in.State != intake.Done || in.Applied != in.Rows || in.Failed != 0 {
			t.Fatalf("applied %d of %d rows, %d failed: %s", in.Applied, in.Rows, in.Failed, in.State)
		}
		got := map[string]string{}
		for _, v := range x.waiting(b) {
			got[string(v.Date)] = v.Summary + " " + v.Total.Plain() + ": " + x.linesOf(v)
			if v.Maker != accounts["delegated_bookkeeper"] || v.Status != ledger.Drafted ||
				v.Attachments != 1 {
				t.Errorf("%s is of %d, %s with %d files", v.Date, v.Maker, v.Status, v.Attachments)
			}
		}
		for day, want := range map[string]string{
			"2025-03-05": "收鱼塘租金 3000.00: 101 3,000.00; 113 -3,000.00 王五",
			"2025-03-06": "存入银行 1000.00: 102 1,000.00; 101 -1,000.00",
			"2025-03-07": "更正 -500.00: 113 500.00 王五 red; 101 -500.00  red"} {
			if got[day] != want {
				t.Errorf("%s is %q, want %q", day, got[day], want)
			}
		}
		// the same file again is the same intake; another file with the same vouchers leaves them
		// as they are
		if again, _ := x.sendAs(b, "vouchers", "again.csv", []byte(good)); again.ID != in.ID {
			t.Error("the same file made another intake")
		}
		other, found := x.sendAs(b, "vouchers", "other.csv",
			[]byte(good+"2025-03-08,记-4,提现,101,7,,,,,,,\n,,,102,,7,,,,,,\n"))
		if want := "there_already@2B there_already@4B there_already@6B read_as@4D sum_row@8"; found != want ||
			other.Errors != 0 {
			t.Errorf("found %s, want %s", found, want)
		}
		if x.take(other); len(x.waiting(b)) != 4 {
			t.Errorf("the book has %d drafts, want 4", len(x.waiting(b)))
		}
	})
}

func TestEveryFaultOfAFileIsToldAtItsPlace(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		for _, c := range []struct{ rows, want string }{
			{"2025-03-05,记-1,甲,999,1,,,,,,,\n,,,102,,1,,,,,,\n", "unknown_account@2D"},
			{"2025-03-05,记-1,甲,101,100,,,,,,,\n,,,102,,99.99,,,,,,\n", "unbalanced@2E"},
			{"2024-12-31,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n", "outside@2A"},
			{"2026-02-01,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n", "future@2A"},
			{"2025-03-05,记-1,甲,101,1,1,,,,,,\n,,,102,,1,,,,,,\n", "both_sides@2F"},
			{"2025-03-05,记-1,甲,101,0,,,,,,,\n,,,102,,1,,,,,,\n", "zero_line@2E"},
			{"2025-03-05,记-1,甲,101,一百,,,,,,,\n,,,102,,1.005,,,,,,\n", "no_number@2E places@3F"},
			{"2025-03-05,记-1,甲,113,1,,,,,,,\n,,,102,,1,,,,,,\n", "book.counterparty@2G"},
			{"2025-03-05,记-1,甲,101,1,,,,,,,\n2025-03-06,记-1,,102,,1,,,,,,\n", "two_dates@3A"},
			{"2025-03-05,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n" +
				"2025-03-05,记-2,乙,101,2,,,,,,,\n,,,102,,2,,,,,,\n" +
				"2025-03-05,记-1,丙,101,3,,,,,,,\n,,,102,,3,,,,,,\n", "number_twice@6B"},
			{"2025-03-05,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n" +
				"2025-03-05,记-2,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n",
				"same_twice@4"},
			{",,甲,101,1,,,,,,,\n", "no_date@2A"},
			{"2025-03-05,记-1,,101,1,,,,,,,\n,,,102,,1,,,,,,\n", "no_summary@2C"},
			{"2025-02-30,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n", "no_day@2A"},
			{"2025-03-05,记-1,甲,101,1,,,,,,,\n,,,102,,1,,,,,,\n,,说明,,,,,,,,,\n,,甲,本页小计,1,1,,,,,,\n",
				"text_row@4 sum_row@5"},
			{"2025-03-05,,甲,101,1,,,,,,,\n2025-03-05,,,102,,1,,,,,,\n" +
				"2025-03-05,,乙,101,2,,,,,,,\n2025-03-05,,,102,,2,,,,,,\n", ""},
		} {
			in, found := x.sendAs(b, "vouchers", "a.csv", []byte(head+c.rows))
			if found != c.want {
				t.Errorf("%s\nfound %s\nwant  %s", c.rows, found, c.want)
			}
			if in.Errors > 0 {
				_, err := x.host.Intake.Apply(x.ctx, intake.Order{Actor: access.Machine, Home: in.Home,
					ID:          in.ID,
					Explanation: "x"})
				x.refused(err, "intake.errors")
			}
		}
		if n := len(x.waiting(b)); n != 0 {
			t.Errorf("files with faults entered %d drafts", n)
		}
	})
}

func TestAFileOfAnotherProgramIsRead(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		text := "凭证日期,凭证字,凭证号,摘要,科目编码,科目名称,方向,金额,往来单位\n" +
			"2025/3/5,收,0001,收租金,101,库存现金,借,3000.00,\n" +
			"2025/3/5,收,0001,收租金,113,内部往来,贷,3000.00,王五\n"
		gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
		x.must(err)
		in, found := x.sendAs(b, "vouchers", "导出.csv", gb)
		if in.Kind != "bookfiles.voucher.columns" || in.Errors != 0 {
			t.Fatalf("%s: %s", in.Kind, found)
		}
		x.take(in)
		list := x.waiting(b)
		if len(list) != 1 || list[0].Series != "收" ||
			x.linesOf(list[0]) != "101 3,000.00; 113 -3,000.00 王五" {
			t.Errorf("entered %v", list)
		}
	})
}

func TestMergedCellsAndTheTemplate(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		tpl, err := store.Read(x.ctx, x.host.Store, func(v *store.View) (blank, error) {
			return x.template(v, "zh", b, false)
		})
		x.must(err)
		var body bytes.Buffer
		_, err = tpl.WriteXLSX(&body)
		x.must(err)
		file, err := excelize.OpenReader(&body)
		x.must(err)
		defer file.Close()
		name := file.GetSheetName(0)
		rules, err := file.GetDataValidations(name)
		x.must(err)
		offers := 0
		for _, r := range rules {
			if strings.HasPrefix(r.Sqref, "D") {
				offers++
				if r.Formula1 != "accounts!$A$1:$A$42" {
					t.Errorf("the accounts come from %s", r.Formula1)
				}
			}
		}
		if offers != 1 {
			t.Errorf("the column of accounts has %d rules", offers)
		}
		for cell, value := range map[string]any{"A6": "2025-03-05", "B6": "记-1", "C6": "收租金",
			"D6": "101 库存现金",
			"E6": 3000.5, "D7": "501 经营收入", "F7": 3000.5} {
			x.must(file.SetCellValue(name, cell, value))
		}
		for _, column := range []string{"A", "B", "C"} {
			x.must(file.MergeCell(name, column+"6", column+"7"))
		}
		var out bytes.Buffer
		x.must(file.Write(&out))
		in, found := x.sendAs(b, "vouchers", "模板.xlsx", out.Bytes())
		if in.Errors != 0 {
			t.Fatalf("found %s", found)
		}
		x.take(in)
		if list := x.waiting(b); len(list) != 1 || x.linesOf(list[0]) != "101 3,000.50; 501 -3,000.50" {
			t.Errorf("entered %v", list)
		}
		other := x.Open("小溪村", "2024", "2025-01-01")
		_, err = x.sendFor(access.Machine, other, wayVouchers, uploaded("模板.xlsx", out.Bytes()))
		x.refused(err, "sheet.other_organisation")
	})
}
