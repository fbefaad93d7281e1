package app_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/money"
)

// killedVariable turns the test program into one that works without end: what it does, database, folder, and
// what it works on, separated by bars.
const killedVariable = "TERRACE_KILLED"

func TestMain(m *testing.M) {
	if where := os.Getenv(killedVariable); where != "" {
		what, rest, _ := strings.Cut(where, "|")
		if err := map[string]func(where []string) error{"count": countForEver,
			"books": bookForEver}[what](strings.Split(rest, "|")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// countForEver enters one found thing after another and tells each only once it is acknowledged: database,
// folder, account, home, check.
func countForEver(where []string) error {
	program, clock, err := apptest.Assemble(where[0], where[1])
	if err != nil {
		return err
	}
	clock.Set("2025-12-02")
	ctx := context.Background()
	if _, err := program.Open(ctx); err != nil {
		return err
	}
	go program.Host().Log.Run(ctx) // the log is sequenced meanwhile
	var n [3]int64
	for i := range n {
		if n[i], err = strconv.ParseInt(where[2+i], 10, 64); err != nil {
			return err
		}
	}
	actor, err := program.Host().Identity.Actor(ctx, n[0])
	if err != nil {
		return err
	}
	return foundForEver(ctx, program.Services().Inventory, actor, inventory.Ref{Home: n[1], ID: n[2]})
}

func foundForEver(ctx context.Context, checks *inventory.Inventory, actor access.Actor,
	ref inventory.Ref) error {
	for amount := money.Fen(1); ; amount++ {
		e := inventory.RowEntry{Form: "stock", Name: fmt.Sprintf("化肥 %d", amount),
			Entry: inventory.Entry{Verdict: count.Gain, Counted: amount}}
		w, err := checks.Add(ctx, actor, ref, e)
		if err != nil {
			return err
		}
		fmt.Println(w.Number, int64(w.Verified))
	}
}

// TestKilledAtAnyMoment: the whole program is killed again and again while somebody enters rows. Whatever
// it acknowledged is there afterwards, once and as it was told, and every invariant holds.
func TestKilledAtAnyMoment(t *testing.T) {
	for engine, db := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "terrace.db") },
		"postgres": func(t *testing.T) string { return storetest.PostgresURL(t) }} {
		t.Run(engine, func(t *testing.T) {
			url, dir := db(t), t.TempDir()
			c := apptest.OpenCounty(t, apptest.OpenIn(t, url, dir))
			k := c.Checks()[0]
			account := c.As("accountant", c.Village(k)).Account
			where := fmt.Sprintf("count|%s|%s|%d|%d|%d", url, dir, account, k.Home, k.ID)
			r := rand.New(rand.NewPCG(3, 4))
			told := map[string]string{}
			for range 6 {
				killed(t, where, time.Duration(300+r.IntN(700))*time.Millisecond, func(line string) {
					number, amount, whole := strings.Cut(line, " ")
					if whole {
						told[number] = amount
					}
				})
			}
			if len(told) < 10 {
				t.Fatalf("only %d rows were acknowledged: the test sees little", len(told))
			}
			t.Logf("%d rows were acknowledged", len(told))
			kept(t, c, k, told)
		})
	}
}

// killed runs the working program for a while, kills it, and hands on the lines with which it acknowledged.
// One that was cut off is not among them.
func killed(t *testing.T, where string, after time.Duration, told func(line string)) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killedVariable+"="+where)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(after+15*time.Second, func() { _ = cmd.Process.Kill() }).Stop()
	lines := bufio.NewReader(out)
	for first := true; ; first = false {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		if first { // it works: now its time begins
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		told(strings.TrimSuffix(line, "\n"))
	}
	_ = cmd.Wait() // it was killed
}

// kept holds what is in the database against what was acknowledged, and proves every invariant.
func kept(t *testing.T, c apptest.County, k inventory.Check, told map[string]string) {
	t.Helper()
	rows, err := store.Read(t.Context(), c.Host.Store, func(v *store.View) ([]inventory.Row, error) {
		return inventory.RowsOf(v, k.Ref())
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, w := range rows {
		found[strconv.FormatInt(w.Number, 10)] = strconv.FormatInt(int64(w.Verified), 10)
	}
	for number, amount := range told {
		if found[number] != amount {
			t.Errorf("row %s was acknowledged with %s and is %q", number, amount, found[number])
		}
	}
	if after := c.Check(k.ID); int(after.Rows) != len(rows) {
		t.Errorf("the check says %d rows and has %d", after.Rows, len(rows))
	}
	c.Proven()
}
