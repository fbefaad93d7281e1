package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
)

// timeMax is the longest a package's benchmarks may take.
const timeMax = "60m"

// runner runs benchmarks.
type runner struct {
	root string    // of the project
	only string    // a subject; empty: all
	file string    // for the figures
	out  io.Writer // for the table
}

func (r runner) run(ctx context.Context) error {
	all, err := find(r.root)
	if err != nil {
		return err
	}
	chosen := choose(all, r.only)
	if len(chosen) == 0 {
		return fmt.Errorf("no benchmark of %q; there are: %s", r.only, strings.Join(subjects(all), ", "))
	}
	if err := os.WriteFile(r.file, nil, 0o644); err != nil {
		return err
	}
	head(r.out)
	failed := 0
	for _, t := range chosen {
		if err := r.measure(ctx, t); err != nil {
			failed++
			fmt.Fprintf(r.out, "FAILED %s: %v\n", t.folder, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d packages failed", failed, len(chosen))
	}
	return nil
}

// measure runs the benchmarks of a package. Each runs once: it takes its time by itself, and package
// testing would otherwise repeat those that end quickly.
func (r runner) measure(ctx context.Context, t target) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "figures.jsonl")
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", t.pattern(r.only),
		"-benchtime", "1x", "-timeout", timeMax, "-v", "./"+t.folder)
	command.Dir = r.root
	command.Env = append(os.Environ(), benchmark.Variable+"="+name)
	command.WaitDelay = 10 * time.Second
	printed, failure := command.CombinedOutput()
	figures, err := collect(name)
	if err != nil {
		return err
	}
	for _, f := range figures {
		if r.only == "" || strings.HasPrefix(f.Name, r.only+"/") {
			row(r.out, f)
		}
	}
	skipped := skips(printed)
	for _, line := range skipped {
		fmt.Fprintln(r.out, line)
	}
	if failure != nil {
		return fmt.Errorf("%w\n%s", failure, printed)
	}
	if len(figures) == 0 && len(skipped) == 0 {
		return errors.New("its benchmarks told no figure")
	}
	return r.keep(figures)
}

// collect reads the figures that benchmarks have appended to a file; none is no error.
func collect(name string) ([]benchmark.Figure, error) {
	body, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var figures []benchmark.Figure
	for line := range bytes.Lines(body) {
		var f benchmark.Figure
		if err := json.Unmarshal(line, &f); err != nil {
			return nil, fmt.Errorf("a figure cannot be read: %w: %s", err, line)
		}
		figures = append(figures, f)
	}
	return figures, err
}

// keep appends figures to the runner's file.
func (r runner) keep(figures []benchmark.Figure) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for _, f := range figures {
		if r.only != "" && !strings.HasPrefix(f.Name, r.only+"/") {
			continue
		}
		if err := encoder.Encode(f); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(r.file, os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(out.Bytes())
	return errors.Join(err, file.Close())
}

// skipLine is how go test -v tells of a benchmark that was left out: the reason stands before it.
var skipLine = regexp.MustCompile(`(?m)^ *(?:\S+_test\.go:[0-9]+: )?(.*)\n *--- SKIP: (\S+)`)

// skips lists benchmarks that were left out, each with its reason.
func skips(printed []byte) (lines []string) {
	for _, m := range skipLine.FindAllSubmatch(printed, -1) {
		lines = append(lines, fmt.Sprintf("skipped %s: %s", m[2], m[1]))
	}
	return lines
}
