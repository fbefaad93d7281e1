package terrace_test

import (
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/terrace-project/terrace/"

// sourceFile is a Go file with its folder and imports.
type sourceFile struct {
	path    string // relative to the root
	folder  string
	imports []string
	test    bool
}

// sources reads the imports of every Go file of the project.
func sources(t *testing.T) []sourceFile {
	t.Helper()
	var all []sourceFile
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := sourceFile{path: filepath.ToSlash(path), folder: filepath.ToSlash(filepath.Dir(path)),
			test: strings.HasSuffix(path, "_test.go")}
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, name)
		}
		all = append(all, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// floors from the bottom up; a package imports its own floor and those below.
var floors = []string{"internal/pure", "internal/platform", "internal/modules", "internal/app", "cmd"}

func floorOf(folder string) int {
	return slices.IndexFunc(
		floors,
		func(f string) bool { return folder == f || strings.HasPrefix(folder, f+"/") },
	)
}

func TestFloors(t *testing.T) {
	looked := 0
	for _, f := range sources(t) {
		at := floorOf(f.folder)
		if at < 0 {
			continue // the root's own tests, packs
		}
		for _, name := range f.imports {
			target, ours := strings.CutPrefix(name, module)
			if !ours {
				continue
			}
			looked++
			to := floorOf(target)
			if to > at && !(f.test && target == "internal/app/apptest") {
				t.Errorf("%s imports %s, which is a floor above", f.path, target)
			}
		}
	}
	if looked < 50 {
		t.Errorf("only %d imports were looked at: the test does not see the project", looked)
	}
}

// forbidden lists what pure code must not import: anything with which it could do I/O, ask the
// time or draw a random number.
var forbidden = []string{"os", "io/fs", "net", "net/http", "database/sql", "math/rand", "math/rand/v2",
	"crypto/rand", "context", "log", "log/slog", "os/exec", "syscall", "embed"}

// pureFolder reports whether a folder holds arithmetic only: pure/* and every modules/x/y.
func pureFolder(folder string) bool {
	if strings.HasPrefix(folder, "internal/pure/") {
		return true
	}
	rest, ok := strings.CutPrefix(folder, "internal/modules/")
	return ok && strings.Count(rest, "/") == 1
}

func TestPureCodeIsPure(t *testing.T) {
	looked := 0
	for _, f := range sources(t) {
		if !pureFolder(f.folder) || f.test {
			continue
		}
		looked++
		for _, name := range f.imports {
			if slices.Contains(forbidden, name) {
				t.Errorf("%s is pure and imports %s", f.path, name)
			}
			target, ours := strings.CutPrefix(name, module)
			if ours && !pureFolder(target) {
				t.Errorf("%s is pure and imports %s", f.path, target)
			}
			if !ours && strings.Contains(name, ".") {
				t.Errorf("%s is pure and depends on %s", f.path, name)
			}
		}
		if body, err := os.ReadFile(f.path); err != nil || strings.Contains(string(body), "time.Now(") {
			t.Errorf("%s asks the time (%v)", f.path, err)
		}
	}
	if looked < 10 {
		t.Errorf("only %d pure files were looked at", looked)
	}
}

// siblings are the imports between modules: a module imports a sibling only if its manifest's Needs
// names it.
func TestModulesImportOnlyWhatTheyNeed(t *testing.T) {
	looked := 0
	for _, f := range sources(t) {
		rest, ok := strings.CutPrefix(f.folder+"/", "internal/modules/")
		if !ok || rest == "" {
			continue
		}
		own, _, _ := strings.Cut(rest, "/")
		if testPackage(f.folder) {
			continue // no module, and nothing of it is in the program
		}
		looked++
		for _, name := range f.imports {
			target, ours := strings.CutPrefix(name, module+"internal/modules/")
			if !ours || f.test {
				continue
			}
			other, _, _ := strings.Cut(target, "/")
			if other != own && !slices.Contains(needsOf(t, own), other) {
				t.Errorf(
					"%s imports the module %s, which the manifest of %s does not name in Needs",
					f.path,
					other,
					own,
				)
			}
		}
	}
	if entries, err := os.ReadDir("internal/modules"); err != nil || len(entries) > 1 && looked == 0 {
		t.Errorf("no module was looked at (%v)", err)
	}
}

// testPackage reports whether a folder holds what tests share: storetest, hosttest, moduletest …
func testPackage(folder string) bool { return strings.HasSuffix(folder, "test") }

// TestWhatTestsShareIsOnlyForTests: only tests and what they share import a test package.
func TestWhatTestsShareIsOnlyForTests(t *testing.T) {
	looked := 0
	for _, f := range sources(t) {
		for _, name := range f.imports {
			target, ours := strings.CutPrefix(name, module)
			if !ours || !testPackage(target) {
				continue
			}
			looked++
			if !f.test && !testPackage(f.folder) {
				t.Errorf("%s is in the program and imports %s", f.path, target)
			}
		}
	}
	if looked < 20 {
		t.Errorf("only %d imports of test packages were looked at", looked)
	}
}

// needsOf reads the Needs of a module from its module.go, as text: the list is a literal there.
func needsOf(t *testing.T, name string) []string {
	t.Helper()
	body, err := os.ReadFile("internal/modules/" + name + "/module.go")
	if err != nil {
		t.Fatalf("the module %s has no module.go: %v", name, err)
	}
	_, rest, found := strings.Cut(string(body), "Needs:")
	if !found {
		return nil
	}
	list, _, _ := strings.Cut(rest, "}")
	var needs []string
	for i, part := range strings.Split(list, `"`) {
		if i%2 == 1 {
			needs = append(needs, part)
		}
	}
	if len(needs) > 3 {
		t.Errorf("the module %s needs %d siblings; three are the limit", name, len(needs))
	}
	return needs
}

// TestNothingHappensOnImport: no init function anywhere.
func TestNothingHappensOnImport(t *testing.T) {
	looked := 0
	for _, f := range sources(t) {
		body, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		looked++
		if strings.Contains(string(body), "\nfunc init() {") {
			t.Errorf("%s has an init function", f.path)
		}
	}
	if looked < 30 {
		t.Errorf("only %d files were looked at", looked)
	}
}

// TestNoCgo: the program builds without a C compiler.
func TestNoCgo(t *testing.T) {
	looked := 0
	for _, f := range sources(t) {
		looked++
		if slices.Contains(f.imports, "C") {
			t.Errorf("%s uses cgo", f.path)
		}
	}
	if looked == 0 || build.Default.GOROOT == "" {
		t.Error("nothing was looked at")
	}
}
