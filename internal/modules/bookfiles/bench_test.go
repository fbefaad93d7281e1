package bookfiles

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// benchVouchers is how many vouchers of four postings a file of the benchmark has: a busy
// township's year.
const benchVouchers = 5_000

func benchFile(month string) []byte {
	var text strings.Builder
	text.WriteString(head)
	for i := range benchVouchers {
		fmt.Fprintf(&text, "%s-%02d,记-%d,第%d笔业务,101 库存现金,%d.50,,,,,,,\n,,,内部往来,,%d,农户%d,,,,,\n"+
			",,,501,,0.25,,,,,,\n,,,经营收入,,0.25,,,,,,\n", month, 1+i*27/benchVouchers, i+1, i+1, i+2, i+2,
			i%300)
	}
	return []byte(text.String())
}

// BenchmarkImport: a file of vouchers, staged, checked and applied, against its postings added to
// a bare table.
func BenchmarkImport(b *testing.B) {
	x := build(b, storetest.SQLite(b, parts(), storetest.WithoutReplay))
	const postings = 4 * benchVouchers
	for _, way := range []string{"vouchers", "history"} {
		book := x.openBook(map[string]string{"vouchers": "天台村", "history": "小溪村"}[way], "2024",
			"2025-01-01")
		start := time.Now()
		in, found := x.sendAs(book, way, "a.csv", benchFile("2025-03"))
		checked := time.Since(start)
		if in.Errors != 0 {
			b.Fatal(found[:200])
		}
		if in = x.take(in); in.Applied != in.Rows {
			b.Fatalf("%d of %d rows applied", in.Applied, in.Rows)
		}
		took := time.Since(start)
		b.Logf("%s: checked in %v, applied after %v", way, checked, took)
		benchmark.Report(b, benchmark.Figure{Name: "bookfiles/import/" + way,
			Value: postings / took.Seconds(),
			Unit:  "postings/s", Baseline: bareRows(x, postings), Target: "≥ 10,000/s",
			Against: "the postings added to a bare table, without staging, checks, seals and events"})
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
