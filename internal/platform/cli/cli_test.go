package cli_test

import (
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/cli"
)

// TestTableKeepsColumnsUnderEachOther: also where a cell is Chinese or a row is shorter.
func TestTableKeepsColumnsUnderEachOther(t *testing.T) {
	var out strings.Builder
	c := cli.Console{Out: &out}
	c.Table([]string{"名称", "代码"}, [][]string{{"涪陵区", "500102"}, {"Fuling", "1"}, {"白涛镇"}})
	want := "名称    代码\n涪陵区  500102\nFuling  1\n白涛镇\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	if cli.Width("Ａ中a") != 5 {
		t.Errorf("width %d", cli.Width("Ａ中a"))
	}
}

// TestProgressInAFile: what is no terminal gets a line for every tenth, and no line twice.
func TestProgressInAFile(t *testing.T) {
	var out strings.Builder
	c := cli.Console{Err: &out}
	tell := c.Progress("reading", 40)
	for _, done := range []int64{0, 3, 4, 5, 22, 22, 40} {
		tell(done)
	}
	want := "reading: 10 % (4/40)\nreading: 50 % (22/40)\nreading: 100 % (40/40)\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
