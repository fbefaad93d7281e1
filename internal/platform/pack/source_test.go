package pack

import (
	"runtime"
	"testing"

	"github.com/terrace-project/terrace/packs"
)

// TestTreesAreLetGo: what a pack was read from does not stay in memory, and is the same when it is wanted
// again.
func TestTreesAreLetGo(t *testing.T) {
	p, err := NewLibrary(packs.Files).Read("chongqing")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range p.All() {
		texts = append(texts, e.Text())
	}
	runtime.GC()
	for i, e := range p.All() {
		if i == 0 || e.from != p.All()[i-1].from {
			if e.from.tree.Value() != nil {
				t.Errorf("%s: the tree is kept", e.File())
			}
		}
		if e.Text() != texts[i] {
			t.Errorf("%s, line %d: the entry was\n%s\nand is\n%s", e.File(), e.Line, texts[i], e.Text())
		}
	}
}
