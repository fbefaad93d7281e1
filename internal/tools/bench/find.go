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
	folder string // relative to the root, with slashes
	// figures are the places of its text that name a figure; a benchmark that names none is there
	// with no subject.
	figures []figure
}

// figure is a name of a figure in the text of a package.
type figure struct {
	subject   string // what stands before the slash
	benchmark string // the function that holds the name; empty when it is not a benchmark itself
}

// subjects lists what a package measures, each once.
func (t target) subjects() []string {
	var names []string
	for _, f := range t.figures {
		if f.subject != "" {
			names = append(names, f.subject)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// pattern matches the benchmarks that measure a subject, as go test -bench takes it: those that name
// it, or all of the package when a function that several may call does.
func (t target) pattern(subject string) string {
	var names []string
	for _, f := range t.figures {
		if f.subject != subject {
			continue
		}
		if f.benchmark == "" {
			return "."
		}
		names = append(names, f.benchmark)
	}
	if subject == "" || len(names) == 0 {
		return "."
	}
	slices.Sort(names)
	return "^(" + strings.Join(slices.Compact(names), "|") + ")$"
}

// figureName is how a name of a figure begins: store/group-commit.
var figureName = regexp.MustCompile(`^([a-z][a-z-]*)/(?:[a-z]|$)`)

// find lists the packages under root that have benchmarks, with their subjects.
func find(root string) ([]target, error) {
	found := map[string][]figure{}
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
		figures, err := look(path)
		if err != nil || len(figures) == 0 {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		found[folder] = append(found[folder], figures...)
		return nil
	})
	var all []target
	for folder, figures := range found {
		if slices.ContainsFunc(figures, func(f figure) bool { return f.benchmark != "" }) {
			all = append(all, target{folder, figures})
		}
	}
	slices.SortFunc(all, func(a, b target) int { return cmp.Compare(a.folder, b.folder) })
	return all, err
}

// look reads a test file: its benchmarks, and where it names figures.
func look(path string) (figures []figure, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, declared := range file.Decls {
		benchmark := ""
		f, isFunc := declared.(*ast.FuncDecl)
		if isFunc && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Benchmark") {
			benchmark = f.Name.Name
			figures = append(figures, figure{benchmark: benchmark})
		}
		ast.Inspect(declared, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "Name" {
				for _, subject := range subjectsIn(pair.Value) {
					figures = append(figures, figure{subject, benchmark})
				}
			}
			return true
		})
	}
	return figures, nil
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
		return !slices.Contains(t.subjects(), only)
	})
}

// subjects lists what there is to choose from.
func subjects(all []target) []string {
	var names []string
	for _, t := range all {
		names = append(names, t.subjects()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
