package rule_test

import (
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/rule"
)

// BenchmarkEvaluate measures the identity of the annual check on one record after another, against
// the same check written in Go over a struct.
func BenchmarkEvaluate(b *testing.B) {
	r := compile(b, `gain - loss == verified - book && !(gain > 0 && loss > 0)`)
	records := make([]record, 1000)
	plain := make([]amounts, len(records))
	for i := range records {
		n := int64(i)
		plain[i] = amounts{book: n * 100, verified: n*100 + n%7, gain: n % 7}
		records[i] = record{"book": rule.IntOf(n * 100), "verified": rule.IntOf(n*100 + n%7),
			"gain": rule.IntOf(n % 7)}
	}
	ours, err := benchmark.Rate(1, time.Second, func(_, n int) error {
		holds, err := r.Holds(records[n%len(records)], nil)
		if err == nil && !holds {
			b.Fatal("the identity does not hold")
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	rounds := 0.0
	start := time.Now()
	for time.Since(start) < time.Second {
		for i := range plain {
			if !plain[i].balance() {
				b.Fatal("the identity does not hold")
			}
		}
		rounds++
	}
	bare := rounds * float64(len(plain)) / time.Since(start).Seconds()
	benchmark.Report(b, benchmark.Figure{Name: "rule/evaluate", Value: ours, Unit: "1/s", Baseline: bare,
		Against: "the same check in Go over a struct"})
}

type amounts struct{ book, verified, gain, loss int64 }

//go:noinline
func (a *amounts) balance() bool {
	return a.gain-a.loss == a.verified-a.book && !(a.gain > 0 && a.loss > 0)
}
