package main

import (
	"fmt"
	"strings"
)

// embedded are the works of others that lie in our tree and in the program.
const embedded = `
## In our own tree

| Work | Where | Licence |
|---|---|---|
| Apache ECharts 6 | ` + "`internal/platform/web/static/echarts.min.js`" +
	` | Apache-2.0, [text](licences/echarts.txt) |
| htmx 4 | ` + "`internal/platform/web/static/htmx.min.js`" + ` | 0BSD, [text](licences/htmx.txt) |
`

// document writes the page with the dependencies.
func document(all []dependency) string {
	var out strings.Builder
	out.WriteString("# Licences\n\nTerrace is under the Apache License 2.0 (`LICENSE`). " +
		"It is built from the modules below. " +
		"This page is written by\n`go run ./internal/tools/licences`; a test compares it with `go.mod`. " +
		"With `-texts` the command prints the text of every licence,\nwhich a release carries along.\n")
	for _, part := range []struct {
		title string
		own   bool
	}{{"What we use ourselves", true}, {"What these need in turn", false}} {
		fmt.Fprintf(&out, "\n## %s\n\n| Module | Version | Licence | Copyright |\n|---|---|---|---|\n",
			part.title)
		for _, d := range all {
			if d.own == part.own {
				fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", d.path, d.version, d.licence,
					strings.ReplaceAll(d.holder, "|", " "))
			}
		}
	}
	out.WriteString(embedded)
	return out.String()
}
