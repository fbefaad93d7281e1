package contracts

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/intake"
	"github.com/terrace-project/terrace/internal/platform/intakepage"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

var update = flag.Bool("update", false, "write what is read of testdata/dirty anew")

// outcome writes what becomes of a file: the refusal, or what is found with its cell and which contracts
// were entered.
func (x *site) outcome(name string, body []byte) string {
	x.t.Helper()
	var out strings.Builder
	in, _, err := x.files.Send(x.ctx, intakepage.Sending{Actor: access.Machine, About: x.own["天台村"].Intakes(),
		Upload: sheet.Upload{Name: name, Content: bytes.NewReader(body), Size: int64(len(body))}})
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		fmt.Fprintln(&out, "refused:", x.host.Dictionary.Explain("zh", f).What)
		return out.String()
	}
	x.must(err)
	fmt.Fprintf(&out, "%d rows, %d errors, %d warnings\n", in.Rows, in.Errors, in.Warnings)
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
		out.WriteString(x.entered(in))
	}
	return out.String()
}

// entered lets a file take effect and writes what it entered.
func (x *site) entered(in intake.Intake) string {
	x.t.Helper()
	var out strings.Builder
	known := map[int64]bool{}
	for _, c := range x.all() {
		known[c.ID] = true
	}
	in, err := x.host.Intake.Apply(x.ctx, orderOf(in))
	x.must(err)
	fmt.Fprintf(&out, "applied %d, failed %d\n", in.Applied, in.Failed)
	for _, c := range x.all() {
		if known[c.ID] {
			continue
		}
		objects, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]Object, error) {
			return ObjectsOf(v, c.Ref())
		})
		x.must(err)
		fmt.Fprintf(&out, "%s %q %s %q %s %s %s to %s signed %q, %s in all, %s, paper %t, on %q",
			strings.Replace(
				c.Number, fmt.Sprint(c.ID), "N", 1), c.Name, c.Kind, c.Party, c.PartyKind, c.State, c.Begins,
			c.Ends,
			c.Signed, c.Total, c.Area.Mu(), c.Paper, record.WriteObjects(objects))
		for _, d := range x.dues(c.Ref()) {
			fmt.Fprintf(&out, "; %s %s", d.Day, d.Amount)
		}
		fmt.Fprintln(&out)
	}
	return out.String()
}

// all are the contracts of the village, in the order they were entered.
func (x *site) all() []Contract {
	x.t.Helper()
	list, err := store.Read(x.ctx, x.host.Store, func(v *store.View) ([]Contract, error) {
		o := x.own["天台村"]
		return store.All[Contract](v,
			`SELECT * FROM contract WHERE home = ? AND organisation = ? ORDER BY id`,
			o.Home, o.ID)
	})
	x.must(err)
	return list
}

// TestDirtyFiles sends every file of testdata/dirty as it came, and applies what nothing is wrong with.
// NAME.want says what is found in which cell, and what was entered.
func TestDirtyFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/dirty/*")
	if err != nil || len(names) < 28 {
		t.Fatal(len(names), err)
	}
	each(t, func(x *site) {
		known := shop()
		known.Number = "旧-1"
		x.enter("天台村", known)
		for _, name := range names {
			if filepath.Ext(name) == ".want" {
				continue
			}
			body, err := os.ReadFile(name)
			x.must(err)
			got := x.outcome(filepath.Base(name), body)
			if *update {
				x.must(os.WriteFile(name+".want", []byte(got), 0o600))
			}
			want, err := os.ReadFile(name + ".want")
			if err != nil || got != string(want) {
				t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, want)
			}
		}
	})
}

// TestWhatIsWrongIsToldInOneOrder: an entry that breaks many rules is told of all, in the order of the form,
// whatever way it came; what a draft claims and whom nobody masked is refused.
func TestWhatIsWrongIsToldInOneOrder(t *testing.T) {
	each(t, func(x *site) {
		e := shop()
		e.Kind, e.PartyKind, e.Manner, e.DecisionBody, e.PriceClass = "a", "b", "c", "d", "e"
		e.Signed, e.Decided, e.Approved = "2999-01-01", "2999-01-01", "2999-01-01"
		e.Area, e.Owed, e.PartyCode = -1, -1, "11010519491231002X"
		for range 20 {
			_, err := x.Enter(x.ctx, access.Machine, x.own["天台村"].Ref(), e)
			var got []string
			for _, f := range fault.Of(err).Findings {
				got = append(got, f.Column)
			}
			if text := strings.Join(got, " "); text != "kind party_kind manner decision_body price_class "+
				"party_code signed decided approved area owed signed" {
				t.Fatal(text)
			}
		}
		e = shop()
		e.Signed, e.Owed = "", 100
		_, err := x.Enter(x.ctx, access.Machine, x.own["天台村"].Ref(), e)
		x.refused(err, "contracts.invalid")
		if f := fault.Of(err).Findings; len(f) != 1 || f[0].Key != "contracts.owed_draft" {
			t.Error(f)
		}
	})
}
