package terrace_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// The hard limits of style. There is no list of exemptions.
const (
	functionLinesMax   = 70
	parametersMax      = 5
	nestingMax         = 4
	fileLinesMax       = 600
	testFileLinesMax   = 1000
	packageLinesMax    = 4000
	columnsMax         = 110
	interfaceMax       = 7
	templateLinesMax   = 200
	readmeLinesMax     = 150
	filesLookedAtLeast = 30
)

// tidyFiles lists the files with an ending, from the root, outside hidden folders and testdata.
func tidyFiles(t *testing.T, ending string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ending) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSizesOfGoCode(t *testing.T) {
	files := tidyFiles(t, ".go")
	if len(files) < filesLookedAtLeast {
		t.Fatalf("only %d files: the test does not see the project", len(files))
	}
	functions, perPackage := 0, map[string]int{}
	for _, path := range files {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		isTest := strings.HasSuffix(path, "_test.go")
		lines := strings.Split(string(body), "\n")
		checkLines(t, path, lines, isTest)
		if !isTest {
			perPackage[filepath.Dir(path)] += len(lines)
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, path, body, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		functions += checkDeclarations(t, set, parsed, isTest)
	}
	for folder, n := range perPackage {
		if n > packageLinesMax {
			t.Errorf("%s: the package has %d lines, more than %d", folder, n, packageLinesMax)
		}
	}
	if functions < 100 {
		t.Errorf("only %d functions were looked at", functions)
	}
}

func checkLines(t *testing.T, path string, lines []string, isTest bool) {
	t.Helper()
	limit := fileLinesMax
	if isTest {
		limit = testFileLinesMax
	}
	if len(lines) > limit {
		t.Errorf("%s has %d lines, more than %d", path, len(lines), limit)
	}
	for i, line := range lines {
		if n := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    ")); n > columnsMax {
			t.Errorf("%s:%d has %d columns, more than %d", path, i+1, n, columnsMax)
		}
	}
}

func checkDeclarations(t *testing.T, set *token.FileSet, file *ast.File, isTest bool) int {
	t.Helper()
	functions := 0
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			functions++
			at := set.Position(n.Pos())
			length := set.Position(n.End()).Line - at.Line + 1
			if length > functionLinesMax && !isTest {
				t.Errorf("%s: %s has %d lines, more than %d", at, n.Name.Name, length, functionLinesMax)
			}
			if p := n.Type.Params.NumFields(); p > parametersMax {
				t.Errorf("%s: %s has %d parameters, more than %d", at, n.Name.Name, p, parametersMax)
			}
			if depth := nesting(n.Body); depth > nestingMax && !isTest {
				t.Errorf("%s: %s is nested %d deep, more than %d", at, n.Name.Name, depth, nestingMax)
			}
		case *ast.InterfaceType:
			if n.Methods.NumFields() > interfaceMax {
				t.Errorf("%s: an interface of %d methods, more than %d", set.Position(n.Pos()),
					n.Methods.NumFields(), interfaceMax)
			}
		}
		return true
	})
	return functions
}

// nesting is how deep blocks lie within blocks; a function literal begins anew.
func nesting(body *ast.BlockStmt) int {
	deepest := 0
	var walk func(n ast.Node, depth int)
	walk = func(n ast.Node, depth int) {
		deepest = max(deepest, depth)
		ast.Inspect(n, func(c ast.Node) bool {
			if c == nil || c == n {
				return c == n
			}
			switch c := c.(type) {
			case *ast.FuncLit:
				walk(c.Body, 0)
				return false
			case *ast.IfStmt:
				walk(c.Body, depth+1)
				if c.Else != nil {
					walk(c.Else, depth)
				}
				return false
			case *ast.ForStmt:
				walk(c.Body, depth+1)
				return false
			case *ast.RangeStmt:
				walk(c.Body, depth+1)
				return false
			case *ast.SwitchStmt:
				walk(c.Body, depth+1)
				return false
			case *ast.TypeSwitchStmt:
				walk(c.Body, depth+1)
				return false
			case *ast.SelectStmt:
				walk(c.Body, depth+1)
				return false
			}
			return true
		})
	}
	if body != nil {
		walk(body, 0)
	}
	return deepest
}

func TestSizesOfTemplates(t *testing.T) {
	looked := 0
	for _, path := range tidyFiles(t, ".html") {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		looked++
		if n := strings.Count(string(body), "\n"); n > templateLinesMax {
			t.Errorf("%s has %d lines, more than %d", path, n, templateLinesMax)
		}
		if strings.Contains(string(body), "http://") || strings.Contains(string(body), "https://") {
			t.Errorf("%s loads or links something from elsewhere", path)
		}
	}
	if looked < 3 {
		t.Errorf("only %d templates were looked at", looked)
	}
}

// words that mark something unfinished, or a package that says nothing by its name.
var (
	unfinished = regexp.MustCompile(`(?i)\b(TODO|FIXME|XXX|not implemented|unimplemented|coming soon)\b`)
	shapeless  = regexp.MustCompile(`^package (util|utils|common|helper|helpers|misc|shared|base)$`)
	sprintfSQL = regexp.MustCompile("Sprintf\\(\\s*[\"`](SELECT|INSERT|UPDATE|DELETE)\\b")
)

func TestWordsWeRefuse(t *testing.T) {
	looked := 0
	for _, ending := range []string{".go", ".html", ".sql", ".yaml", ".md"} {
		for _, path := range tidyFiles(t, ending) {
			if path == "tidy_test.go" {
				continue
			}
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			looked++
			for i, line := range strings.Split(string(body), "\n") {
				place := fmt.Sprintf("%s:%d", path, i+1)
				if word := unfinished.FindString(line); word != "" {
					t.Errorf("%s says %q", place, word)
				}
				if ending == ".go" && shapeless.MatchString(line) {
					t.Errorf("%s: a package named so explains nothing", place)
				}
				if sprintfSQL.MatchString(line) {
					t.Errorf("%s puts SQL together with Sprintf", place)
				}
			}
		}
	}
	if looked < filesLookedAtLeast {
		t.Errorf("only %d files were looked at", looked)
	}
}

// TestPackagesHaveAComment: the package comment is the specification of the package.
func TestPackagesHaveAComment(t *testing.T) {
	documented, folders := map[string]bool{}, map[string]bool{}
	for _, path := range tidyFiles(t, ".go") {
		folder := filepath.Dir(path)
		if folder == "." || strings.HasSuffix(path, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(
			token.NewFileSet(),
			path,
			nil,
			parser.ParseComments|parser.PackageClauseOnly,
		)
		if err != nil {
			t.Fatal(err)
		}
		folders[folder] = true
		if parsed.Doc != nil {
			documented[folder] = true
		}
	}
	if len(folders) < 10 {
		t.Errorf("only %d packages were looked at", len(folders))
	}
	for folder := range folders {
		if !documented[folder] {
			t.Errorf("%s has no package comment", folder)
		}
	}
}
