package book_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/platform/pack"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/packs"
)

// decoded are the charts that come with the program, read once as the program reads them.
var decoded = sync.OnceValues(func() ([]book.Chart, error) {
	read, err := pack.NewLibrary(packs.Files).Read("national")
	if err != nil {
		return nil, err
	}
	all, findings := pack.Decode[book.Chart](read, "charts/*.yaml", "")
	if len(findings) > 0 {
		return nil, fmt.Errorf("charts of the pack: %v", findings)
	}
	return all, nil
})

// national are the charts that come with the program.
func national(t testing.TB) *book.Charts {
	t.Helper()
	all, err := decoded()
	if err != nil {
		t.Fatal(err)
	}
	charts, findings := book.NewCharts(all)
	if len(findings) > 0 {
		t.Fatalf("charts of the pack: %v", findings)
	}
	return charts
}

// beside are the charts of the pack and another's text.
func beside(t testing.TB, text string) (*book.Charts, []fault.Finding) {
	t.Helper()
	all, err := decoded()
	if err != nil {
		t.Fatal(err)
	}
	var c book.Chart
	if err := yaml.UnmarshalWithOptions([]byte(text), &c, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return book.NewCharts(append(slices.Clone(all), c))
}

func chart(t testing.TB, key string) *book.Chart {
	t.Helper()
	c, ok := national(t).Get(key)
	if !ok {
		t.Fatalf("there is no chart %s", key)
	}
	return c
}

// folder writes a pack into a folder and reads its charts, as a city with a chart of its own has them.
func folder(t testing.TB, files map[string]string) (*book.Charts, []fault.Finding) {
	t.Helper()
	root := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("pack.yaml", "key: trial\nparent: national\ntitle: {zh: 试, en: Trial}\nversion: 1\ncity: \"\"\n")
	for name, text := range files {
		write(name, text)
	}
	read, err := pack.NewLibrary(packs.Files).Read(root)
	if err != nil {
		t.Fatal(err)
	}
	decoded, findings := pack.Decode[book.Chart](read, "charts/*.yaml", "")
	if len(findings) > 0 {
		t.Fatalf("charts of the folder: %v", findings)
	}
	return book.NewCharts(decoded)
}

// shared opens a file of the shared data folder, or skips.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "..", "shared", "data", "accounting", name)
	body, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skip("needs ../shared/data/accounting beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func yuan(t testing.TB, text string) money.Fen {
	t.Helper()
	f, err := money.Parse(strings.ReplaceAll(text, ",", ""))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

// keys are the dictionary keys of findings, sorted, each once.
func keys(findings []fault.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Key)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// cell is a cell of a sheet by line and column.
func cell(t testing.TB, s book.Sheet, line string, column int) money.Fen {
	t.Helper()
	for _, l := range s.Lines {
		if l.Key == line {
			return l.Cells[column]
		}
	}
	t.Fatalf("%s has no line %s", s.Key, line)
	return 0
}

func evaluate(t testing.TB, c *book.Chart, key string, f book.Figures) book.Sheet {
	t.Helper()
	s, ok := c.Statement(key)
	if !ok {
		t.Fatalf("chart %s has no statement %s", c.Key, key)
	}
	sheet, err := book.Evaluate(s, f)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}
