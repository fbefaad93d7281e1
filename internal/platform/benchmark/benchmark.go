// Package benchmark reports figures of speed, each beside a bare baseline from the same run.
//
// A benchmark measures its subject and its baseline and calls Report. `make bench` collects the
// figures of all packages in bench.jsonl, one line a figure, and prints them as a table. Only a
// ratio is a claim: an absolute figure says as much about the machine as about the program.
package benchmark

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Variable names the environment variable with the file to which figures are appended.
const Variable = "TERRACE_BENCH"

// Figure is one measured number.
type Figure struct {
	Name     string  `json:"name"` // subject/what: store/group-commit
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"` // 1/s, ms, B
	Baseline float64 `json:"baseline"`
	Ratio    float64 `json:"ratio"`  // value over baseline
	Load     float64 `json:"load"`   // the machine's load average over a minute; -1 unknown
	Target   string  `json:"target"` // what was aimed at, in words
	Against  string  `json:"against"`
}

// Report adds a figure. against says in words what the baseline is.
func Report(b *testing.B, f Figure) {
	b.Helper()
	if f.Baseline != 0 {
		f.Ratio = f.Value / f.Baseline
	}
	f.Load = load()
	b.ReportMetric(0, "ns/op") // the time of the whole benchmark says nothing
	b.ReportMetric(f.Value, f.Unit)
	b.ReportMetric(f.Ratio, "ratio")
	name := os.Getenv(Variable)
	if name == "" {
		return
	}
	line, err := json.Marshal(f)
	if err != nil {
		b.Fatal(err)
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Write(append(line, '\n')); err != nil {
		b.Fatal(err)
	}
}

func load() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return -1
	}
	first, _, _ := strings.Cut(string(text), " ")
	n, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return -1
	}
	return n
}

// Rate runs fn for at least the duration in the number of workers and returns calls a second.
func Rate(workers int, d time.Duration, fn func(worker, n int) error) (float64, error) {
	type result struct {
		calls int
		err   error
	}
	results := make(chan result, workers)
	start := time.Now()
	for w := range workers {
		go func() {
			n := 0
			for time.Since(start) < d {
				if err := fn(w, n); err != nil {
					results <- result{n, err}
					return
				}
				n++
			}
			results <- result{n, nil}
		}()
	}
	total := 0
	var failed error
	for range workers {
		r := <-results
		total += r.calls
		if r.err != nil {
			failed = r.err
		}
	}
	return float64(total) / time.Since(start).Seconds(), failed
}

// Percentile returns the p-th percentile (0–100) of sorted durations in milliseconds.
func Percentile(sorted []time.Duration, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[min(len(sorted)-1, len(sorted)*p/100)].Microseconds()) / 1000
}
