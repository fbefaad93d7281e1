// Command testreport reads the output of go test -json and fails when a test failed or was skipped:
// a run with PostgreSQL and Chromium present has no reason to skip any.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type event struct {
	Action, Package, Test, Output string
}

func main() {
	passed, bad := 0, 0
	output := map[string][]string{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text()) // a build error
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
			report("SKIPPED", key, output)
		case "fail", "build-fail":
			bad++
			report("FAILED", key, output)
		}
	}
	fmt.Printf("%d tests passed, %d failed or skipped\n", passed, bad)
	if bad > 0 || passed == 0 || lines.Err() != nil {
		os.Exit(1)
	}
}

func report(what, key string, output map[string][]string) {
	fmt.Println(what, key)
	for _, line := range output[key] {
		fmt.Print("    ", line)
	}
}
