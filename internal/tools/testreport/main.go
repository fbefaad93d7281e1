// Command testreport reads the output of go test -json and fails when a test failed or was skipped:
// a run with PostgreSQL and Chromium present has no reason to skip any.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

type event struct {
	Action, Package, Test, Output string
}

func main() {
	passed, bad, err := report(os.Stdin, os.Stdout)
	fmt.Printf("%d tests passed, %d failed or skipped\n", passed, bad)
	if bad > 0 || passed == 0 || err != nil {
		os.Exit(1)
	}
}

// report counts the tests that passed, and prints and counts those that did not, and what does not
// build, each with its output.
func report(in io.Reader, out io.Writer) (passed, bad int, err error) {
	output := map[string][]string{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text()) // a build error
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			output[key] = append(output[key], e.Output)
		case "pass":
			if e.Test != "" {
				passed++
			}
			delete(output, key)
		case "skip":
			if e.Test == "" {
				break // a package without tests
			}
			bad++
			tell(out, "SKIPPED", key, output)
		case "fail", "build-fail":
			bad++
			tell(out, "FAILED", key, output)
		}
	}
	return passed, bad, lines.Err()
}

func tell(out io.Writer, what, key string, output map[string][]string) {
	fmt.Fprintln(out, what, key)
	for _, line := range output[key] {
		fmt.Fprint(out, "    ", line)
	}
}
