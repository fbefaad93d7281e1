package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app"
	"github.com/terrace-project/terrace/internal/platform/locale"
)

func dictionary(t *testing.T) *locale.Dictionary {
	t.Helper()
	p := app.New(app.Outside{Out: os.Stdout, Err: os.Stderr, Clock: time.Now,
		Environment: func(string) (string, bool) { return "", false }})
	if d := p.Host().Dictionary; d != nil {
		return d
	}
	t.Fatal("the dictionary does not load: run the program for the reason")
	return nil
}

// used is a dictionary key the source names, and where.
type used struct {
	key, place string
	refusal    bool
}

// calls whose string argument at the position is a key.
var keyCalls = map[string]int{"T": 0, "Say": 0, "Text": 1, "Wrong": 0, "Doubt": 0, "Told": 0}

// usedKeys reads every key that stands as a literal in Go code and templates.
func usedKeys(t *testing.T) []used {
	t.Helper()
	var all []used
	inTemplate := regexp.MustCompile(`{{-?\s*(?:\w+ )?\(?t "([^"]+)"`)
	nested := regexp.MustCompile(`\(t "([^"]+)"`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch {
		case strings.HasSuffix(path, ".html"):
			body, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, re := range []*regexp.Regexp{inTemplate, nested} {
				for _, m := range re.FindAllStringSubmatch(string(body), -1) {
					all = append(all, used{key: m[1], place: path})
				}
			}
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			found, err := keysInGo(path)
			all = append(all, found...)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func keysInGo(path string) ([]used, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		return nil, err
	}
	var all []used
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, _ := selector.X.(*ast.Ident)
		refusal := pkg != nil && pkg.Name == "fault" && selector.Sel.Name == "New"
		position, known := keyCalls[selector.Sel.Name]
		if refusal {
			position, known = 1, true
		}
		if !known || len(call.Args) <= position {
			return true
		}
		literal, ok := call.Args[position].(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		key, err := strconv.Unquote(literal.Value)
		if err == nil && strings.Contains(key, ".") && !strings.ContainsAny(key, " /<") {
			all = append(all, used{key, set.Position(call.Pos()).String(), refusal})
		}
		return true
	})
	return all, nil
}

// TestEveryKeyIsInTheDictionary: what a person is shown is never a bare key.
func TestEveryKeyIsInTheDictionary(t *testing.T) {
	d, keys := dictionary(t), usedKeys(t)
	if len(keys) < 100 {
		t.Fatalf("only %d keys were found in the source", len(keys))
	}
	for _, k := range keys {
		if !d.Has(k.key) && !strings.HasSuffix(k.key, ".") {
			t.Errorf("%s: %s is not in the dictionary", k.place, k.key)
		}
	}
}

// TestEveryRefusalIsExplained: what, by which rule, and what to do next.
func TestEveryRefusalIsExplained(t *testing.T) {
	d, looked := dictionary(t), 0
	for _, k := range usedKeys(t) {
		if !k.refusal {
			continue
		}
		looked++
		for _, part := range []string{"", ".rule", ".next"} {
			if !d.Has(k.key + part) {
				t.Errorf("%s: the refusal %s%s is not in the dictionary", k.place, k.key, part)
			}
		}
	}
	if looked < 30 {
		t.Errorf("only %d refusals were looked at", looked)
	}
}
