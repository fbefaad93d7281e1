package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// target is a package with benchmarks.
type target struct {
	folder   string   // relative to the root, with slashes
	subjects []string // what its figures are called before the slash
}

// figureName is how a name of a figure begins: store/group-commit.
var figureName = regexp.MustCompile(`^([a-z][a-z-]*)/[a-z]`)

// find lists the packages under root that have benchmarks, with their subjects.
func find(root string) ([]target, error) {
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		subjects, has, err := look(path)
		if err != nil || !has {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		found[folder] = append(found[folder], subjects...)
		return nil
	})
	var all []target
	for folder, subjects := range found {
		slices.Sort(subjects)
		all = append(all, target{folder, slices.Compact(subjects)})
	}
	slices.SortFunc(all, func(a, b target) int { return cmp.Compare(a.folder, b.folder) })
	return all, err
}

// look reads a test file: whether it has a benchmark, and the subjects of the figures it names.
func look(path string) (subjects []string, has bool, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, false, err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false // a path is no name of a figure
		case *ast.FuncDecl:
			has = has || n.Recv == nil && strings.HasPrefix(n.Name.Name, "Benchmark")
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Name" {
				subjects = append(subjects, subjectsIn(n.Value)...)
			}
		}
		return true
	})
	return subjects, has, nil
}

// subjectsIn reads the subject from the text with which a name of a figure begins.
func subjectsIn(name ast.Expr) (subjects []string) {
	ast.Inspect(name, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			return true
		}
		if m := figureName.FindStringSubmatch(text); m != nil {
			subjects = append(subjects, m[1])
		}
		return true
	})
	return subjects
}

// choose keeps the packages of a subject; no subject means all.
func choose(all []target, only string) []target {
	if only == "" {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(t target) bool {
		return !slices.Contains(t.subjects, only)
	})
}

// subjects lists what there is to choose from.
func subjects(all []target) []string {
	var names []string
	for _, t := range all {
		names = append(names, t.subjects...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
