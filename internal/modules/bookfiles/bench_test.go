package bookfiles

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// benchVouchers is how many vouchers of four postings a file of the benchmark has: a busy
// township's year.
const benchVouchers = 5_000

// benchRows are the rows of a file for a month, its headings first.
func benchRows(month string) [][]string {
	rows := [][]string{strings.Split(strings.TrimSpace(head), ",")}
	add := func(cells ...string) {
		rows = append(rows, append(cells, make([]string,
			len(rows[0])-len(cells))...))
	}
	for i := range benchVouchers {
		amount, number := fmt.Sprint(i+2), fmt.Sprint(i+1)
		add(fmt.Sprintf("%s-%02d", month, 1+i*27/benchVouchers), "记-"+number, "第"+number+"笔业务", "101 库存现金",
			amount+".50")
		add("", "", "", "内部往来", "", amount, fmt.Sprint("农户", i%300))
		add("", "", "", "501", "", "0.25")
		add("", "", "", "经营收入", "", "0.25")
	}
	return rows
}

// benchCSV and benchXLSX write rows as files.
func benchCSV(_ *testing.B, rows [][]string) []byte {
	var text strings.Builder
	for _, row := range rows {
		text.WriteString(strings.Join(row, ",") + "\n")
	}
	return []byte(text.String())
}

func benchXLSX(b *testing.B, rows [][]string) []byte {
	b.Helper()
	file := excelize.NewFile()
	stream, err := file.NewStreamWriter("Sheet1")
	for n, row := range rows {
		cells := make([]any, len(row))
		for i, text := range row {
			if cells[i] = text; n > 0 && (i == 4 || i == 5) && text != "" {
				cells[i], _ = strconv.ParseFloat(text, 64) // as spreadsheet programs write numbers
			}
		}
		if err == nil {
			err = stream.SetRow(fmt.Sprint("A", n+1), cells)
		}
	}
	if err == nil {
		err = stream.Flush()
	}
	var out bytes.Buffer
	if err == nil {
		err = file.Write(&out)
	}
	if err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkImport: a file of vouchers, staged, checked and applied, against its postings added to a bare
// table.
func BenchmarkImport(b *testing.B) {
	importOn(b, build(b, storetest.SQLite(b, parts(), storetest.WithoutReplay)), "")
}

// BenchmarkImportPostgres is the same on PostgreSQL.
func BenchmarkImportPostgres(b *testing.B) {
	importOn(b, build(b, storetest.Postgres(b, parts(), storetest.WithoutReplay)), "-postgres")
}

func importOn(b *testing.B, x *site, engine string) {
	b.Helper()
	const postings = 4 * benchVouchers
	for _, way := range []string{"vouchers", "history"} {
		book := x.Open(map[string]string{"vouchers": "天台村", "history": "小溪村"}[way], "2024",
			"2025-01-01")
		for n, write := range []func(*testing.B, [][]string) []byte{benchCSV, benchXLSX} {
			kind := []string{"csv", "xlsx"}[n]
			content := write(b, benchRows(fmt.Sprintf("2025-%02d", 2+n)))
			start := time.Now()
			in, found := x.sendAs(book, way, "a."+kind, content)
			checked := time.Since(start)
			if in.Errors != 0 {
				b.Fatal(found[:200])
			}
			if in = x.take(in); in.Applied != in.Rows {
				b.Fatalf("%d of %d rows applied", in.Applied, in.Rows)
			}
			took := time.Since(start)
			b.Logf("%s of %s: checked in %v, applied after %v: %.0f postings/s", way, kind, checked, took,
				postings/took.Seconds())
			benchmark.Report(b, benchmark.Figure{Name: "bookfiles/import/" + way + "-" + kind + engine,
				Value: postings / took.Seconds(), Unit: "postings/s", Baseline: bareRows(x, postings),
				Target:  "≥ 10,000/s",
				Against: "the postings added to a bare table, without staging, checks, seals and events"})
		}
	}
}

// bareRows adds rows of the shape of postings to a table of their own and gives rows a second.
func bareRows(x *site, rows int) float64 {
	x.t.Helper()
	bare := store.NewTable[ledger.PostingRow]("posting_bare").Unsealed()
	some := make([]ledger.PostingRow, rows)
	for i := range some {
		some[i] = ledger.PostingRow{Home: 2, Voucher: int64(i / 4), Line: i % 4, Book: 1,
			Date:    "2025-03-05",
			Account: "101", Amount: 100}
	}
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("DROP TABLE IF EXISTS posting_bare"); err != nil {
			return err
		}
		_, err := tx.Exec("CREATE TABLE posting_bare AS SELECT * FROM ledger_posting WHERE 1 = 0")
		return err
	}))
	start := time.Now()
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error { return bare.Bulk(tx, some) }))
	return float64(rows) / time.Since(start).Seconds()
}
