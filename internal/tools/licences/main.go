// Command licences lists the modules that Terrace is built from, with their licences.
//
//	go run ./internal/tools/licences            writes docs/licences.md
//	go run ./internal/tools/licences -texts     prints the text of every licence, as a release carries it
//
// The modules are those go.mod names; the licences are read from their files in the module cache. A
// licence that is not one of those below ends the command: somebody has to read it first. Whether we
// use a module ourselves is seen from the imports of our own files.
package main

import (
	"flag"
	"fmt"
	"os"
)

// page is the document that this command writes.
const page = "docs/licences.md"

func main() {
	texts := flag.Bool("texts", false, "print the text of every licence instead")
	flag.Parse()
	if err := run(*texts); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(texts bool) error {
	all, err := read(".")
	if err != nil {
		return err
	}
	if texts {
		for _, d := range all {
			fmt.Printf("==== %s %s (%s)\n\n%s\n", d.path, d.version, d.licence, d.text)
		}
		return nil
	}
	return os.WriteFile(page, []byte(document(all)), 0o644)
}
