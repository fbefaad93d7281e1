package terrace_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// documents are the texts for people, from the root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, path := range tidyFiles(t, ".md") {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.ToSlash(path)] = string(body)
	}
	for _, name := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md",
		"CHANGELOG.md",
		"docs/glossary.md", "docs/licences.md", "docs/operations.md", "packs/README.md",
		"deploy/README.md"} {
		if all[name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
	return all
}

func TestReadmeIsShort(t *testing.T) {
	if n := strings.Count(documents(t)["README.md"], "\n"); n > readmeLinesMax {
		t.Errorf("README.md has %d lines, more than %d", n, readmeLinesMax)
	}
}

var (
	quotedName = regexp.MustCompile("`([^`\n]+)`")
	// ownPath is a path of ours: it begins with one of our folders. NAME stands for any.
	ownPath = regexp.MustCompile(`^(\./)?(internal|packs|docs|deploy|cmd|\.ci)/[A-Za-z0-9_./*-]+$`)
	link    = regexp.MustCompile(`[^!]\[[^\]]*\]\(([^)#:"]+)\)`)
)

// TestDocumentsNameWhatIsThere: paths in quotes and links in all documents lead somewhere.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	looked := 0
	for name, body := range documents(t) {
		for _, m := range quotedName.FindAllStringSubmatch(body, -1) {
			if ownPath.MatchString(m[1]) && !strings.Contains(m[1], "NAME") {
				looked++
				exists(t, name, m[1])
			}
		}
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			looked++
			exists(t, name, filepath.Join(filepath.Dir(name), m[1]))
		}
	}
	if looked < 30 {
		t.Errorf("only %d paths and links were looked at", looked)
	}
}

func exists(t *testing.T, document, path string) {
	t.Helper()
	if found, err := filepath.Glob(filepath.FromSlash(path)); err != nil || len(found) == 0 {
		t.Errorf("%s names %s, which is not there (%v)", document, path, err)
	}
}

// TestReadmeShowsTheTree: every package folder of the upper floors stands in the map.
func TestReadmeShowsTheTree(t *testing.T) {
	readme, looked := documents(t)["README.md"], 0
	for _, floor := range []string{"internal/modules", "internal/platform"} {
		entries, err := os.ReadDir(floor)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !e.IsDir() {
				continue
			}
			looked++
			if !strings.Contains(readme, e.Name()+"/") {
				t.Errorf("the map of README.md does not show %s/%s", floor, e.Name())
			}
		}
	}
	if looked < 20 {
		t.Errorf("only %d folders were looked at", looked)
	}
}

// explanation is a line of the table of dependencies.
var explanation = regexp.MustCompile("(?m)^\\| `([a-z][a-z.]+/[^`]+)` \\|")

// TestDependenciesAreExplained: ARCHITECTURE.md gives each module that we import a line, and no other.
func TestDependenciesAreExplained(t *testing.T) {
	body, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", body, nil)
	if err != nil {
		t.Fatal(err)
	}
	var required, explained []string
	for _, r := range file.Require {
		required = append(required, r.Mod.Path)
	}
	architecture := documents(t)["ARCHITECTURE.md"]
	for _, m := range explanation.FindAllStringSubmatch(architecture, -1) {
		explained = append(explained, m[1])
		if !slices.Contains(required, m[1]) {
			t.Errorf("ARCHITECTURE.md explains %s, which go.mod does not name", m[1])
		}
	}
	imported := map[string]bool{}
	for _, f := range sources(t) {
		for _, name := range f.imports {
			imported[moduleOf(required, name)] = true
		}
	}
	delete(imported, "")
	for path := range imported {
		if !slices.Contains(explained, path) {
			t.Errorf("ARCHITECTURE.md does not say why we depend on %s", path)
		}
	}
	if len(imported) < 15 {
		t.Errorf("only %d modules were looked at", len(imported))
	}
}

// moduleOf is the longest of the modules in which a package lies; empty if none.
func moduleOf(modules []string, name string) (path string) {
	for _, m := range modules {
		if (name == m || strings.HasPrefix(name, m+"/")) && len(m) > len(path) {
			path = m
		}
	}
	return path
}
