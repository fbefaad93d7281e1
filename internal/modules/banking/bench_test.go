package banking

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// benchLines is a year of a busy account.
const benchLines = 10_000

// benchStatement is the statement of a year, in the words of a village.
func benchStatement() string {
	var b strings.Builder
	b.WriteString("户名：天台村股份经济合作联合社\n" + head + "\n")
	balance := money.Fen(0)
	for i := range benchLines {
		amount := benchAmount(i)
		balance += amount
		in, out := amount.Plain(), ""
		if amount < 0 {
			in, out = "", (-amount).Plain()
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,租户%d,租金%d,S%06d\n", benchDay(i), out, in, balance.Plain(), i%300, i, i)
	}
	return b.String()
}

func benchDay(i int) period.Date { return period.Date("2025-01-01").AddDays(i * 365 / benchLines) }

func benchAmount(i int) money.Fen {
	amount := money.Fen(100_00 + i*7%90_000)
	if i%3 == 2 {
		return -amount / 2
	}
	return amount
}

// benchBook books nine of ten lines, some a few days later than the bank.
func benchBook(x *site) Account {
	b, a := x.Open("天台村", "2024", "2025-01-01"), x.account("天台村")
	var drafts []ledger.Draft
	for i := range benchLines {
		if i%10 == 9 {
			continue
		}
		amount := benchAmount(i)
		drafts = append(drafts, ledger.Draft{Book: b.Ref(), Date: min(benchDay(i).AddDays(i%4),
			"2025-12-31"),
			Summary: fmt.Sprint("收租金", i), Source: fmt.Sprint("bench/", i),
			Postings: []book.Posting{{Account: "102", Amount: amount,
				Dimensions: book.Dimensions{Counterparty: fmt.Sprint("租户", i%300)}},
				{Account: "501", Amount: -amount}}})
	}
	for len(drafts) > 0 {
		n := min(500, len(drafts))
		x.must(x.host.Store.Write(x.ctx, func(tx *store.Tx) error {
			for _, d := range drafts[:n] {
				if _, _, err := x.ledger.PostFor(tx, access.Machine, d); err != nil {
					return err
				}
			}
			return nil
		}))
		drafts = drafts[n:]
	}
	return a
}

// BenchmarkStatement: a year's statement of 10,000 lines read, staged and taken, its lines matched with 9,000
// postings, and a page of its lines.
func BenchmarkStatement(b *testing.B) {
	x := build(b, storetest.SQLite(b, parts(), storetest.WithoutReplay))
	a := benchBook(x)
	text := benchStatement()
	start := time.Now()
	w, err := x.Stage(x.ctx, access.Machine, a.Ref(), sheet.Upload{Name: "year.csv",
		Content: strings.NewReader(text), Size: int64(len(text))}, "")
	x.must(err)
	if len(w.Reading.Lines) != benchLines || w.Reading.Stops() {
		b.Fatal(len(w.Reading.Lines), w.Reading.Findings)
	}
	_, err = x.Take(x.ctx, access.Machine, a.Ref(), w.ID, "基准")
	x.must(err)
	benchmark.Report(b, benchmark.Figure{Name: "banking/import",
		Value: benchLines / time.Since(start).Seconds(), Unit: "1/s", Baseline: bareLines(x, text),
		Target: "none", Against: "the file read by encoding/csv and the same bytes added to a bare table"})
	start = time.Now()
	p := x.proposals(a)
	took := time.Since(start)
	if len(p.Found) < benchLines*9/10 {
		b.Fatalf("%d proposals", len(p.Found))
	}
	start = time.Now()
	x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
		_, err := x.work(v, a, "2025-12-31")
		return err
	}))
	benchmark.Report(b, benchmark.Figure{Name: "banking/match", Value: took.Seconds() * 1000, Unit: "ms",
		Baseline: time.Since(start).Seconds() * 1000, Target: "≤ 2 s for a year of 10,000 lines",
		Against: "reading and opening the same lines and postings"})
	var times []time.Duration
	for range 20 {
		start = time.Now()
		x.See("village_accountant@天台村", Address(a.Ref())+"/lines?matched=no&sort=amount").Is(200)
		times = append(times, time.Since(start))
	}
	benchmark.Report(b, benchmark.Figure{Name: "banking/lines", Value: benchmark.Percentile(times, 95),
		Unit: "ms", Baseline: bareLook(x, a), Target: "≤ 100 ms",
		Against: "50 lines read by key and opened"})
}

// bareLines adds the same rows without seal, event, ids or checks, and gives rows a second.
func bareLines(x *site, text string) float64 {
	x.t.Helper()
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TABLE bare_line (day TEXT, amount TEXT, balance TEXT, who TEXT, what TEXT)")
		return err
	}))
	start, n := time.Now(), 0
	in := csv.NewReader(bytes.NewReader([]byte(text)))
	in.FieldsPerRecord = -1
	records, err := in.ReadAll()
	x.must(err)
	x.must(x.host.Store.Maintain(x.ctx, func(tx *store.Tx) error {
		n = 0
		for _, r := range records {
			if len(r) < 6 {
				continue
			}
			if _, err := tx.Exec("INSERT INTO bare_line VALUES (?, ?, ?, ?, ?)", r[0], r[1]+r[2], r[3],
				r[4],
				r[5]); err != nil {
				return err
			}
			n++
		}
		return nil
	}))
	return float64(n) / time.Since(start).Seconds()
}

// bareLook reads fifty lines by their key and opens them, in ms.
func bareLook(x *site, a Account) float64 {
	x.t.Helper()
	start := time.Now()
	x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
		for id := range int64(50) {
			row, found, err := lines.First(v, "WHERE home = ? AND id = ?", a.Home, id+1)
			if err != nil || !found {
				return err
			}
			if _, err := x.open(row); err != nil {
				return err
			}
		}
		return nil
	}))
	return time.Since(start).Seconds() * 1000
}
