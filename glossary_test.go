package terrace_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	glossary      = "docs/glossary.md"
	termsAtLeast  = 150
	quotedPattern = "`([^`]+)`"
)

// term is a line of the glossary.
var term = regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \| (.*) \|$`)

// TestGlossary: every name in the glossary is in the code or in a pack, and no term stands twice.
func TestGlossary(t *testing.T) {
	body, err := os.ReadFile(glossary)
	if err != nil {
		t.Fatal(err)
	}
	declared, entries := declarations(t), packEntries(t)
	seen, quoted := map[string]bool{}, regexp.MustCompile(quotedPattern)
	for _, m := range term.FindAllStringSubmatch(string(body), -1) {
		if m[1] == "中文" {
			continue
		}
		if seen[m[1]] {
			t.Errorf("%s stands twice", m[1])
		}
		seen[m[1]] = true
		names := quoted.FindAllStringSubmatch(m[3], -1)
		if len(names) == 0 {
			t.Errorf("%s has no name in the code", m[1])
		}
		for _, name := range names {
			if !declared[name[1]] && !entries[name[1]] {
				t.Errorf("%s: there is no %s", m[1], name[1])
			}
		}
	}
	if len(seen) < termsAtLeast {
		t.Errorf("only %d terms were looked at, fewer than %d", len(seen), termsAtLeast)
	}
}

// declarations are the exported names of our packages: package.Name, package.Type.Member.
func declarations(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, path := range tidyFiles(t, ".go") {
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(filepath.ToSlash(path), "internal/") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			for _, name := range declaredBy(d) {
				found[file.Name.Name+"."+name] = true
			}
		}
	}
	return found
}

func declaredBy(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		return []string{receiver(d.Recv.List[0].Type) + "." + d.Name.Name}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
				for _, member := range members(spec.Type) {
					names = append(names, spec.Name.Name+"."+member)
				}
			}
		}
	}
	return names
}

// receiver is the name of a method's type, without pointer and type parameters.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func members(e ast.Expr) (names []string) {
	if s, ok := e.(*ast.StructType); ok {
		for _, f := range s.Fields.List {
			for _, name := range f.Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

// entryKey finds the keys and codes of a pack's file.
var entryKey = regexp.MustCompile(`(?m)^[ {-]*(?:key|code): "?([^ ",}\n]+)`)

// packEntries are the entries of all packs: by key, and as file/entry.
func packEntries(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, path := range tidyFiles(t, ".yaml") {
		if !strings.HasPrefix(filepath.ToSlash(path), "packs/") {
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		for _, m := range entryKey.FindAllStringSubmatch(string(body), -1) {
			found[m[1]], found[name+"/"+m[1]] = true, true
		}
	}
	if len(found) < 100 {
		t.Fatalf("only %d entries of packs were found", len(found))
	}
	return found
}
