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
