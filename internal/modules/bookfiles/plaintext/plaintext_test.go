package plaintext

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

var accounts = []book.Account{
	{Code: "101", Name: words.Words{Chinese: "库存现金", English: "Cash on hand"}, Class: book.Asset},
	{Code: "113", Name: words.Words{Chinese: "内部往来", English: "Internal dealings"}, Class: book.Asset,
		Detail: true},
	{Code: "301", Name: words.Words{Chinese: "资本", English: "Capital"}, Class: book.Equity},
	{Code: "401", Name: words.Words{Chinese: "生产（劳务）成本", English: "Production (labour) cost"},
		Class: book.Cost},
	{Code: "501", Name: words.Words{Chinese: "经营收入", English: "Operating revenue"}, Class: book.Income},
}

func journal(list ...Voucher) Journal {
	return Journal{Language: words.Chinese, Organisation: "天台村股份经济合作社", Chart: "2024", From: "2025-01-01",
		To: "2025-12-31", Accounts: accounts, Opening: []book.Balance{{Account: "301", Amount: -120_000},
			{Account: "101", Amount: 120_000}}, Vouchers: func(yield func(Voucher, error) bool) {
			for _, v := range list {
				if !yield(v, nil) {
					return
				}
			}
		}}
}

func written(t testing.TB, f Format, j Journal) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, j); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func line(code string, amount money.Fen, who string) book.Posting {
	return book.Posting{Account: code, Amount: amount, Dimensions: book.Dimensions{Counterparty: who}}
}

func TestAJournalReadsAsTheSpecificationSays(t *testing.T) {
	v := Voucher{Date: "2025-03-05", Number: "记-12", Summary: "收鱼塘租金", Source: "contract/12/2025-03",
		Postings: []book.Posting{line("101", 300_000, ""), line("113", -300_000, "王五")}}
	v.Postings[1].Member = "王五"
	want := map[Format][]string{
		Hledger: {"account 资产:101 库存现金  ; type: A\n", "account 资产:113 内部往来  ; type: A\n",
			"account 成本:401 生产（劳务）成本  ; type: A\n", "account 收入:501 经营收入  ; type: R\n",
			"\n2025-01-01 * (期初) 期初余额\n    资产:101 库存现金  1200.00 CNY\n    所有者权益:301 资本  -1200.00 CNY\n",
			"\n2025-03-05 * (记-12) 收鱼塘租金\n    ; source: contract/12/2025-03\n    资产:101 库存现金  3000.00 CNY\n" +
				"    资产:113 内部往来:王五  -3000.00 CNY  ; member: 王五\n"},
		Beancount: {"2025-01-01 open Assets:101-库存现金 CNY\n", "2025-01-01 open Assets:401-生产-劳务-成本 CNY\n",
			"\n2025-03-05 * \"收鱼塘租金\"\n  number: \"记-12\"\n  source: \"contract/12/2025-03\"\n" +
				"  Assets:101-库存现金  3000.00 CNY\n  Assets:113-内部往来  -3000.00 CNY\n" +
				"    counterparty: \"王五\"\n    member: \"王五\"\n"},
	}
	for f, pieces := range want {
		got := written(t, f, journal(v))
		for _, piece := range pieces {
			if !strings.Contains(got, piece) {
				t.Errorf("%s lacks\n%s\n\nin\n%s", f, piece, got)
			}
		}
		if again := written(t, f, journal(v)); again != got {
			t.Errorf("%s: the same journal gave other bytes", f)
		}
	}
}

func TestWhatDoesNotSumToZeroIsNotWritten(t *testing.T) {
	v := Voucher{Date: "2025-03-05", Number: "记-1", Postings: []book.Posting{line("101", 1, "")}}
	j := journal()
	j.Opening = j.Opening[:1]
	for _, f := range Formats {
		if err := f.Write(&bytes.Buffer{}, journal(v)); err == nil {
			t.Errorf("%s wrote a voucher that does not balance", f)
		}
		if err := f.Write(&bytes.Buffer{}, j); err == nil {
			t.Errorf("%s wrote an opening that does not balance", f)
		}
	}
	broken := errors.New("broken")
	j = journal()
	j.Vouchers = func(yield func(Voucher, error) bool) { yield(Voucher{}, broken) }
	for _, f := range Formats {
		if err := f.Write(&bytes.Buffer{}, j); !errors.Is(err, broken) {
			t.Errorf("%s hid that reading failed: %v", f, err)
		}
	}
}

// hostile draws texts of the signs that mean something to one of the formats.
func hostile(t *rapid.T, label string) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("ab王五;:|,[]()*!=@#%{}\"'\\~^$ \t\n\r 　0129-/.date")), 0,
		24,
		-1).Draw(t, label)
}

// lines of a journal, by what they may be.
var (
	hledgerLine = regexp.MustCompile(`^(|; .*|decimal-mark \.|commodity 1000\.00 CNY|` +
		`account .+  ; type: [ALERX]|` +
		`\d{4}-\d\d-\d\d \* \([^()]*\)( .*)?|    ; (source|reverses): .*|` +
		`    \S+( \S+)*  -?\d+\.\d\d CNY(  ; .*)?)$`)
	beancountLine = regexp.MustCompile(`^(|; .*|option "[a-z_]+" ".*"|\d{4}-\d\d-\d\d open \S+ CNY|` +
		`\d{4}-\d\d-\d\d \* "(\\.|[^"\\])*"|\s+[a-z]+: "(\\.|[^"\\])*"|  \S+  -?\d+\.\d\d CNY)$`)
)

func TestTextStaysText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := money.Fen(rapid.Int64Range(1, 1_000_000).Draw(t, "amount"))
		v := Voucher{Date: "2025-03-05", Number: hostile(t, "number"), Summary: hostile(t, "summary"),
			Source: hostile(t, "source"), Reverses: hostile(t, "reverses"),
			Postings: []book.Posting{line("101", amount, hostile(t, "who")), line("113", -amount, hostile(t,
				"whom"))}}
		p := &v.Postings[1]
		p.Member, p.Project, p.Fund, p.Note = hostile(t, "member"), hostile(t, "project"), hostile(t,
			"fund"),
			hostile(t, "note")
		for f, shape := range map[Format]*regexp.Regexp{Hledger: hledgerLine, Beancount: beancountLine} {
			var b bytes.Buffer
			if err := f.Write(&b, journal(v)); err != nil {
				t.Fatal(err)
			}
			for _, text := range strings.Split(b.String(), "\n") {
				if !shape.MatchString(text) {
					t.Fatalf("%s wrote %q", f, text)
				}
				if comment := strings.SplitN(text, "  ; ", 2); f == Hledger && len(comment) == 2 {
					for _, tag := range strings.Split(comment[1], ", ") {
						if strings.Count(tag, ":") != 1 || strings.ContainsAny(tag, "[]") ||
							strings.HasPrefix(tag, "date") {
							t.Fatalf("a note became a tag: %q", text)
						}
					}
				}
			}
		}
	})
}

// TestHledgerReadsHostileText lets Debian's hledger read what rapid draws: the balance of every
// account is
// what was given.
func TestHledgerReadsHostileText(t *testing.T) {
	program := os.Getenv("TERRACE_TEST_HLEDGER")
	if program == "" {
		t.Skip("set TERRACE_TEST_HLEDGER to hledger to run this test")
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > 8 { // each starts a process
			return
		}
		want := map[string]money.Fen{"101": 120_000, "301": -120_000}
		var list []Voucher
		for i := range rapid.IntRange(1, 12).Draw(rt, "vouchers") {
			amount := money.Fen(rapid.Int64Range(-1_000_000, 1_000_000).Draw(rt, "amount"))
			v := Voucher{Date: period.NewDate(2025, 1, 1+i), Number: hostile(rt, "number"),
				Summary: hostile(rt, "summary"), Source: hostile(rt, "source"),
				Postings: []book.Posting{line("101", amount, ""), line("113", -amount, hostile(rt, "who"))}}
			v.Postings[0].Note, v.Postings[1].Project = hostile(rt, "note"), hostile(rt, "project")
			want["101"] += amount
			want["113"] -= amount
			list = append(list, v)
		}
		name := filepath.Join(t.TempDir(), fmt.Sprint(n, ".journal"))
		if err := os.WriteFile(name, []byte(written(t, Hledger, journal(list...))), 0o600); err != nil {
			rt.Fatal(err)
		}
		for code, amount := range want {
			out, err := exec.Command(program, "-f", name, "balance", "-N", "--flat", "--depth", "2", "-O",
				"csv",
				":"+code+" ").CombinedOutput()
			if err != nil {
				rt.Fatalf("hledger: %v\n%s", err, out)
			}
			if got := strings.Contains(string(out), `"`+amount.Plain()+" CNY"); got != (amount != 0) {
				rt.Fatalf("hledger has for %s\n%s, want %s", code, out, amount.Plain())
			}
		}
	})
}
