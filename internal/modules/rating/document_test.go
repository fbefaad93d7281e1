package rating

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestTheDocumentIsAsItRuns runs the commands of docs/asem.md on the reference's data, in their order: what
// the page shows is what they print.
func TestTheDocumentIsAsItRuns(t *testing.T) {
	data, meta := asem(t, "iData.csv"), asem(t, "iMeta.csv")
	body, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "asem.md"))
	if err != nil {
		t.Fatal(err)
	}
	folder, ran := t.TempDir(), 0
	for path, name := range map[string]string{data: "iData.csv", meta: "iMeta.csv"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	for i, block := range strings.Split(string(body), "```console\n") {
		if i == 0 {
			continue
		}
		block, _, _ = strings.Cut(block, "```")
		for _, part := range strings.Split("\n"+strings.ReplaceAll(block, "\\\n", ""), "\n$ ")[1:] {
			said, shown, _ := strings.Cut(part, "\n")
			if strings.HasPrefix(said, "terrace rating ") {
				ran++
				documented(t, said, strings.TrimSuffix(shown, "\n"))
			}
		}
	}
	if ran < 7 {
		t.Errorf("only %d commands were found", ran)
	}
}

// documented runs a line of the page: a command, into a file or cut off by head.
func documented(t *testing.T, line, shown string) {
	t.Helper()
	line, file, toFile := strings.Cut(line, " > ")
	line, most, headed := strings.Cut(line, " | head -n ")
	var kept []string
	said := strings.TrimSuffix(must(t, strings.Fields(line)[2:]...), "\n")
	for _, printed := range strings.Split(said, "\n") {
		if !strings.HasPrefix(printed, "rebuilding") && !strings.HasPrefix(printed, "\r") {
			kept = append(kept, strings.TrimRight(printed, " "))
		}
	}
	if toFile {
		if err := os.WriteFile(file, []byte(strings.Join(kept, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if n, err := strconv.Atoi(most); headed && err == nil {
		kept = kept[:n]
	}
	if got := strings.Join(kept, "\n"); shown != "" && got != shown {
		t.Errorf("%s prints\n%s\nand the page shows\n%s", line, got, shown)
	}
}
