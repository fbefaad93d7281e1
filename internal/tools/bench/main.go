// Command bench runs the project's benchmarks and collects their figures.
//
//	go run ./internal/tools/bench                   all of them
//	go run ./internal/tools/bench -only store       those of one subject
//
// A benchmark tells its figures to package benchmark, which appends them to the file named by
// TERRACE_BENCH. This command finds the packages that have benchmarks, runs them one after the
// other, prints each figure beside its baseline and target as soon as its package is done, and
// writes all of them to bench.jsonl, one line a figure.
//
// The lists are measured over the demo city at its true size. It is built for them in a quarter of an
// hour and 3 GB; TERRACE_BENCH_CITY names one that is there already.
//
// A target that is missed is shown and does not fail the run: on a busy machine it means little, and
// the load stands beside every figure. What fails it is a benchmark that fails, one that tells no
// figure, and a subject that nobody measures. Benchmarks that need PostgreSQL say so in one line.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	only := flag.String("only", "",
		"run the benchmarks of one subject: the part of a figure's name before the slash")
	out := flag.String("out", "bench.jsonl", "file for the figures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r := runner{root: ".", only: *only, file: *out, out: os.Stdout}
	if err := r.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}
