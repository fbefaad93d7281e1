package bookfiles

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/intake"
)

func TestProgramsImportExportAndConvert(t *testing.T) {
	each(t, func(x *site) {
		const maker, checker = "delegated_bookkeeper@白涛镇", "township_reviewer@白涛镇"
		b := x.Open("天台村", "2024", "2025-01-01")
		at := fmt.Sprintf("/books/%d/%d", b.Home, b.ID)
		file := base64.StdEncoding.EncodeToString([]byte(good))
		p, in := x.Call(maker, http.MethodPost, at+"/imports",
			`{"name":"三月.csv","kind":"vouchers","file":"`+file+`"}`)
		p.Is(http.StatusCreated)
		if in["state"] != "checked" || in["errors"] != 0.0 || in["rows"] != 6.0 && in["rows"] != 7.0 {
			t.Fatalf("sent: %v", in)
		}
		taken := fmt.Sprintf("/book-imports/%d/%.0f", b.Home, in["id"])
		x.Call("village_accountant@小溪村", http.MethodGet, taken, "")
		p, in = x.Call(maker, http.MethodPost, taken+"/apply", `{"explanation":"-"}`)
		p.Is(http.StatusOK)
		if in["state"] != "done" || in["failed"] != 0.0 || len(x.waiting(b)) != 3 {
			t.Errorf("applied: %v, %d drafts", in, len(x.waiting(b)))
		}
		p, _ = x.Call(maker, http.MethodPost, at+"/imports",
			`{"name":"a.csv","kind":"opening","file":"AAAA"}`)
		if p.Status < 400 {
			t.Errorf("nonsense was taken: %s", p.Body)
		}
		journal := x.Ask(maker, http.MethodGet, "/api/v1"+at+"/journal?format=beancount&language=en", nil)
		journal.Is(http.StatusOK, `option "operating_currency" "CNY"`, "open Assets:101-Cash-on-hand CNY")
		x.Ask("village_accountant@小溪村", http.MethodGet, "/api/v1"+at+"/journal",
			nil).Is(http.StatusNotFound)
		old := x.oldBook("小溪村", "2023-12")
		p, run := x.Call(maker, http.MethodPost, fmt.Sprintf("/books/%d/%d/conversion", old.Home, old.ID),
			"")
		p.Is(http.StatusCreated)
		to := fmt.Sprintf("/conversions/%d/%.0f", old.Home, run["id"])
		p, run = x.Call(maker, http.MethodPost, to+"/decide", `{"decisions":[
			{"account":"131","parts":[{"account":"131","amount_fen":300000}]},
			{"account":"212","parts":[{"account":"211","detail":"村干部","amount_fen":-15000}]}]}`, "If-Match",
			p.Header.Get("ETag"))
		p.Is(http.StatusOK)
		if run["ready"] != true {
			t.Fatalf("decided: %v", run)
		}
		p, _ = x.Call(maker, http.MethodPost, to+"/submit", "", "If-Match", p.Header.Get("ETag"))
		p.Is(http.StatusOK)
		refused, _ := x.Call(maker, http.MethodPost, to+"/approve", "", "If-Match", p.Header.Get("ETag"))
		refused.Is(http.StatusForbidden)
		p, run = x.Call(checker, http.MethodPost, to+"/approve", "", "If-Match", p.Header.Get("ETag"))
		p.Is(http.StatusOK)
		if run["state"] != "done" || len(run["differences"].([]any)) != 8 {
			t.Errorf("approved: %v", run)
		}
	})
}

func TestTheCommandExports(t *testing.T) {
	each(t, func(x *site) {
		b := x.opened("天台村")
		var out bytes.Buffer
		x.host.Console = &cli.Console{Out: &out, Err: &out, Dictionary: x.host.Dictionary, Language: "zh"}
		x.host.Open = func(ctx context.Context) (func(), error) { return func() {}, nil }
		for _, c := range x.commands() {
			c.SetArgs([]string{"export", "--format", "hledger", "--book", b.Ref().String(), "--year",
				"2025"})
			x.must(c.ExecuteContext(x.ctx))
		}
		if text := out.String(); !strings.Contains(text, "* (期初) 期初余额") {
			t.Errorf("the command wrote %s", text)
		}
	})
}

// TestAKilledImportGoesOn stops an import after each portion; run again, it ends as if it had run
// once.
func TestAKilledImportGoesOn(t *testing.T) {
	each(t, func(x *site) {
		for _, way := range []string{"vouchers", "history"} {
			b := x.Open(map[string]string{"vouchers": "天台村", "history": "小溪村"}[way], "2024",
				"2025-01-01")
			var text strings.Builder
			text.WriteString(head)
			for i := range 120 { // more rows than a portion, and a voucher across its end
				fmt.Fprintf(&text,
					"2025-03-05,记-%d,第%d笔,101,%d,,,,,,,\n,,,301,,%d,,,,,,\n,,,501,,1,,,,,,\n", i+1, i+1,
					i+2, i+1)
			}
			in, found := x.sendAs(b, way, "a.csv", []byte(text.String()))
			if found != "" {
				t.Fatalf("found %s", found)
			}
			actor := x.actor("delegated_bookkeeper", "白涛镇")
			for range 10 {
				var err error
				in, err = x.host.Intake.Apply(x.ctx, intake.Order{Actor: actor, Home: in.Home, ID: in.ID,
					Progress: func(int64, int64) error { return context.Canceled }})
				if err == nil {
					break
				}
				if !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				clear(x.plans) // as after a restart
				in, err = x.host.Intake.Get(x.ctx, access.Machine, in.Home, in.ID)
				x.must(err)
			}
			if in.State != intake.Done || in.Applied != 360 {
				t.Fatalf("%s: %s, %d rows", way, in.State, in.Applied)
			}
			if n := len(x.waiting(b)) + len(x.search(ledger.Query{Book: b.Ref()})); n != 120 {
				t.Errorf("%s: the book has %d vouchers, want 120", way, n)
			}
		}
	})
}
