package bookfiles

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

var update = flag.Bool("update", false, "write what is read of testdata/dirty anew")

// outcome writes what becomes of a file: the refusal, or what is found with its cell and what would enter the
// book.
func (x *site) outcome(b ledger.Book, name string, body []byte) string {
	x.t.Helper()
	var out strings.Builder
	way := wayVouchers
	if strings.HasPrefix(name, "opening-") {
		way = wayOpening
	}
	in, err := x.sendFor(x.actor("delegated_bookkeeper", "白涛镇"), b, way, uploaded(name, body))
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		fmt.Fprintln(&out, "refused:", x.host.Dictionary.Explain("zh", f).What)
		return out.String()
	}
	x.must(err)
	fmt.Fprintf(&out, "%s: %d rows, %d errors, %d warnings\n", in.Kind, in.Rows, in.Errors, in.Warnings)
	for f, err := range x.host.Intake.All(x.ctx, access.Machine, in, intake.Filter{}) {
		x.must(err)
		at := f.Column
		if f.Row > 0 {
			at += fmt.Sprint(f.Row)
		}
		fmt.Fprintf(&out, "%s %s %s %q: %s\n", f.Severity, f.Key, at, f.Value,
			x.host.Dictionary.Text("zh", f.Key, f.Args...))
	}
	if in.Errors == 0 {
		out.WriteString(x.planned(in))
	}
	return out.String()
}

// planned writes what a file would enter.
func (x *site) planned(in intake.Intake) string {
	x.t.Helper()
	var out strings.Builder
	x.must(x.host.Store.View(x.ctx, func(v *store.View) error {
		if isOpening(in) {
			p, _, err := x.openingOf(v, in)
			for _, one := range p.balances {
				fmt.Fprintln(&out, strings.TrimSpace(fmt.Sprint(one.Account, " ", one.Amount, " ",
					one.Counterparty)))
			}
			return err
		}
		p, _, err := x.planOf(v, in)
		for _, one := range p.vouchers {
			fmt.Fprintf(&out, "%s %s:", one.name, one.draft.Summary)
			for _, l := range one.draft.Postings {
				fmt.Fprint(&out, " ", strings.TrimSpace(fmt.Sprint(l.Account, " ", l.Amount, " ",
					l.Counterparty)), map[bool]string{true: " red"}[l.Red], ";")
			}
			fmt.Fprintln(&out)
		}
		return err
	}))
	return out.String()
}

// TestDirtyFiles sends every file of testdata/dirty as it came. NAME.want says what is read and what is found
// in which cell; nothing enters the book, whatever a file holds.
func TestDirtyFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/dirty/*")
	if err != nil || len(names) < 130 {
		t.Fatal(len(names), err)
	}
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		closed := x.Open("小溪村", "2024", "2025-01-01")
		_, err := x.ledger.Close(x.ctx, x.actor("delegated_bookkeeper", "白涛镇"), closed.Ref(), "2025-01")
		x.must(err)
		for _, name := range names {
			if filepath.Ext(name) == ".want" {
				continue
			}
			body, err := os.ReadFile(name)
			x.must(err)
			of := b
			if strings.Contains(name, "closed") {
				of = closed
			}
			got := x.outcome(of, filepath.Base(name), body)
			if *update {
				x.must(os.WriteFile(name+".want", []byte(got), 0o600))
			}
			want, err := os.ReadFile(name + ".want")
			if err != nil || got != string(want) {
				t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, want)
			}
		}
		if n := len(x.waiting(b)); n != 0 || len(x.Balances(b)) != 0 {
			t.Errorf("sending files entered %d drafts and %v", n, x.Balances(b))
		}
	})
}

// TestALongFile is read whole.
func TestALongFile(t *testing.T) {
	each(t, func(x *site) {
		b := x.Open("天台村", "2024", "2025-01-01")
		var text strings.Builder
		text.WriteString(head)
		for i := range 2_500 {
			fmt.Fprintf(&text, "2025-%02d-05,记-%d,第%d笔,101,%d.01,,,,,,,\n,,,501,,%d.01,,,,,,\n",
				i/250+1, i%250+1, i, i+1, i+1)
		}
		in, found := x.sendAs(b, wayVouchers, "全年.csv", []byte(text.String()))
		if in.Rows != 5_000 || in.Errors+in.Warnings != 0 {
			t.Errorf("%d rows, found %.200s", in.Rows, found)
		}
	})
}
