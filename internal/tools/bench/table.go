package main

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/benchmark"
)

const layout = "%-34s %12s %-5s %12s %8s %6s  %s\n"

func head(out io.Writer) {
	fmt.Fprintf(out, layout, "name", "value", "unit", "baseline", "ratio", "load", "target")
}

// row prints a figure, whether it met its target, and what its baseline is.
func row(out io.Writer, f benchmark.Figure) {
	baseline, ratio, load := "-", "-", "-"
	if f.Baseline != 0 {
		baseline, ratio = number(f.Baseline), quotient(f.Ratio)
	}
	if f.Load >= 0 {
		load = strconv.FormatFloat(f.Load, 'f', 2, 64)
	}
	target := f.Target
	switch judge(f) {
	case met:
		target += "  met"
	case missed:
		target += "  MISSED"
	}
	line := fmt.Sprintf(layout, f.Name, number(f.Value), f.Unit, baseline, ratio, load, target)
	fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	if f.Against != "" {
		fmt.Fprintf(out, "    against: %s\n", f.Against)
	}
}

// number writes three digits or more, and no fraction that says nothing.
func number(v float64) string {
	switch {
	case v >= 100 || v <= -100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 1 || v <= -1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// quotient writes two decimals, or two digits of what is smaller than a hundredth.
func quotient(v float64) string {
	if v > -0.01 && v < 0.01 {
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// verdict is what can be said of a figure and its target.
type verdict int

const (
	open verdict = iota // there is no target, or it speaks of something else
	met
	missed
)

// bound is one condition of a target: ≥ 8 ×, ≥ 8,000/s, p95 ≤ 20 ms.
var bound = regexp.MustCompile(`(≥|≤|>|<) ?([0-9][0-9,]*(?:\.[0-9]+)?) ?(×|/s|ms|s|B|KB|MB)(?:[^A-Za-z]|$)`)

// judge compares a figure with each condition of its target that speaks of it: × of the ratio, any
// other unit of the value, if it is the figure's own.
func judge(f benchmark.Figure) verdict {
	result := open
	for _, m := range bound.FindAllStringSubmatch(f.Target, -1) {
		limit, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", ""), 64)
		if err != nil {
			continue
		}
		value := f.Value
		switch unit := m[3]; {
		case unit == "×" && f.Baseline != 0:
			value = f.Ratio
		case unit != f.Unit && "1"+unit != f.Unit:
			continue
		}
		if !within(value, m[1], limit) {
			return missed
		}
		result = met
	}
	return result
}

func within(value float64, relation string, limit float64) bool {
	switch relation {
	case "≥":
		return value >= limit
	case "≤":
		return value <= limit
	case ">":
		return value > limit
	}
	return value < limit
}
